//! The nouns and rules of Wigwag.
//!
//! This crate says what things are called and which moves they may make: ids, phone numbers,
//! contacts, conversations, the service window, message states, permissions.
//! It does no I/O, knows no SQL, no async and no clock: time and randomness come in as parameters.

pub mod audience;
pub mod bulk;
pub mod campaign;
pub mod can_send;
pub mod clock;
pub mod confirmation;
pub mod consent;
pub mod content;
pub mod endpoint;
pub mod event;
pub mod failure;
pub mod hook;
pub mod id;
pub mod money;
pub mod opt_out;
pub mod origin;
pub mod permission;
pub mod phone;
pub mod rates;
pub mod scope;
pub mod search;
pub mod state;
pub mod template;
pub mod template_rules;
pub mod template_values;
pub mod time;
pub mod window;
pub mod zone;

pub use clock::{Clock, ManualClock};
pub use content::Kind;
pub use id::{
    AccountId, ApiKeyId, AttemptId, AuditId, BulkId, CallId, CampaignId, ConsentId, ContactId,
    ConversationId, DeadLetterId, DeliveryId, EndpointId, EventId, HookDeliveryId, HookId,
    ImportId, JobId, ListId, MediaId, MemberId, MessageId, NumberId, PortfolioId, RunId, SegmentId,
    TeamId, TemplateId, WabaId, WorkspaceId,
};
pub use money::Currency;
pub use permission::{Permission, Role};
pub use scope::{Actor, Scope, Visibility};
pub use state::MessageState;
pub use time::Timestamp;
pub use zone::{Day, Zone};
