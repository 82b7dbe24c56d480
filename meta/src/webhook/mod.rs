//! Webhook bodies: the envelope, its changes, and reading that survives whatever Meta sends.
//!
//! [`parse`] reads a body into borrowed types. A field, type or word that is not known is kept raw; an
//! item that cannot be read becomes [`Item::Unreadable`] and the rest of the body is read all the same.
//! Only a body that is not UTF-8, not JSON or not an object is an error. Signatures are checked
//! elsewhere ([`crate::signature`]), over the raw bytes, before anything here runs.
//! Sources: Meta's “Managing webhooks” and each “… webhook reference” page.

#[macro_use]
pub mod lenient;

mod account;
mod card;
mod change;
mod content;
mod envelope;
mod error;
mod escape;
mod message;
mod reply;
mod status;
mod template;
mod user;

pub use account::{
    AccountAlert, AccountAlertInfo, AccountReview, AccountUpdate, AuthInternationalEligibility,
    BanInfo, BusinessCapability, DisconnectionInfo, EligibilityException, PartnerCertification,
    PhoneNumberName, PhoneNumberQuality, Restriction, Security, ViolationInfo, VolumeTier,
    WabaInfo,
};
pub use card::{ContactCard, ContactName, Email, Organisation, Phone, PostalAddress, WebLink};
pub use change::{Change, Field, MessagesValue, Metadata};
pub use content::{Content, ContentKind};
pub use envelope::{Entry, Envelope, Item, ParseError, Unreadable, parse};
pub use error::{ErrorData, WebhookError};
pub use escape::to_ascii_json;
pub use lenient::{Extra, IntId, Raw, Seconds, Text, Timestamp};
pub use message::{
    Context, Edit, EditedMessage, Identity, Location, Media, Message, Reaction, Referral,
    ReferredProduct, RequestWelcome, Revoke, System, TextBody, Unsupported, WelcomeMessage,
};
pub use reply::{
    Button, ButtonReply, CallPermissionReply, InteractiveReply, ListReply, NfmReply, Order,
    ProductItem,
};
pub use status::{
    Conversation, DeliveryStatus, Origin, Pricing, PricingCategory, PricingType, Status,
};
pub use template::{
    DisableInfo, OtherInfo, RejectionInfo, TemplateButtonInfo, TemplateCategoryUpdate,
    TemplateComponents, TemplateQuality, TemplateStatusUpdate,
};
pub use user::{
    Contact, IdChange, Profile, UserIdUpdate, UserIdUpdateValue, UserPreference,
    UserPreferencesValue,
};
