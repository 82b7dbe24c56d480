//! One change of a webhook body: a field of ours typed, any other kept raw.
//!
//! A value that cannot be read at all becomes [`Change::Unreadable`]; single messages, statuses and contacts
//! that cannot be read are [`Item::Unreadable`] inside their value.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::value::RawValue;

use super::account::{
    AccountAlert, AccountReview, AccountUpdate, BusinessCapability, PhoneNumberName,
    PhoneNumberQuality, Security,
};
use super::envelope::{self, Item};
use super::error::WebhookError;
use super::lenient::{Raw, Text};
use super::message::Message;
use super::status::Status;
use super::template::{
    TemplateCategoryUpdate, TemplateComponents, TemplateQuality, TemplateStatusUpdate,
};
use super::user::{Contact, UserIdUpdateValue, UserPreferencesValue};

open_enum! {
    /// The fields that an app can subscribe to, as named by Meta.
    pub enum Field {
        /// Messages, statuses, errors.
        Messages = "messages",
        /// Messages sent from the WhatsApp Business app.
        SmbMessageEchoes = "smb_message_echoes",
        /// Messages sent by other apps of the business.
        MessageEchoes = "message_echoes",
        /// Contacts of the WhatsApp Business app.
        SmbAppStateSync = "smb_app_state_sync",
        /// Chat history of the WhatsApp Business app.
        History = "history",
        /// Stop and resume of marketing messages.
        UserPreferences = "user_preferences",
        /// A business-scoped user id changed.
        UserIdUpdate = "user_id_update",
        /// A template's status.
        MessageTemplateStatusUpdate = "message_template_status_update",
        /// A template's quality.
        MessageTemplateQualityUpdate = "message_template_quality_update",
        /// A template's category.
        TemplateCategoryUpdate = "template_category_update",
        /// A template's components.
        MessageTemplateComponentsUpdate = "message_template_components_update",
        /// The account.
        AccountUpdate = "account_update",
        /// Alerts.
        AccountAlerts = "account_alerts",
        /// Review of the account.
        AccountReviewUpdate = "account_review_update",
        /// Limits of the business.
        BusinessCapabilityUpdate = "business_capability_update",
        /// Display name of a number.
        PhoneNumberNameUpdate = "phone_number_name_update",
        /// Quality and throughput of a number.
        PhoneNumberQualityUpdate = "phone_number_quality_update",
        /// Two-step PIN.
        Security = "security",
    }
}

/// One change: what is read of it depends on its field.
#[derive(Debug, Clone, PartialEq)]
pub enum Change<'a> {
    /// `messages`.
    Messages(Box<MessagesValue<'a>>),
    /// `smb_message_echoes` and `message_echoes`: messages of ours that this app did not send.
    Echoes {
        /// Which of the two fields it was.
        field: Text<'a>,
        /// The echoes, in `message_echoes`.
        value: Box<MessagesValue<'a>>,
    },
    /// `user_preferences`.
    UserPreferences(Box<UserPreferencesValue<'a>>),
    /// `user_id_update`.
    UserIdUpdate(Box<UserIdUpdateValue<'a>>),
    /// `message_template_status_update`.
    TemplateStatus(Box<TemplateStatusUpdate<'a>>),
    /// `message_template_quality_update`.
    TemplateQuality(Box<TemplateQuality<'a>>),
    /// `template_category_update`.
    TemplateCategory(Box<TemplateCategoryUpdate<'a>>),
    /// `message_template_components_update`.
    TemplateComponents(Box<TemplateComponents<'a>>),
    /// `account_update`.
    AccountUpdate(Box<AccountUpdate<'a>>),
    /// `account_alerts`.
    AccountAlert(Box<AccountAlert<'a>>),
    /// `account_review_update`.
    AccountReview(Box<AccountReview<'a>>),
    /// `business_capability_update`.
    BusinessCapability(Box<BusinessCapability<'a>>),
    /// `phone_number_name_update`.
    PhoneNumberName(Box<PhoneNumberName<'a>>),
    /// `phone_number_quality_update`.
    PhoneNumberQuality(Box<PhoneNumberQuality<'a>>),
    /// `security`.
    Security(Box<Security<'a>>),
    /// A field that is not typed here (history, calls, groups, flows…) or not known at all.
    Other {
        /// The field.
        field: Text<'a>,
        /// Its value.
        raw: Raw<'a>,
    },
    /// A typed field whose value cannot be read.
    Unreadable {
        /// The field.
        field: Text<'a>,
        /// Its value.
        raw: Raw<'a>,
        /// Why, with line and column inside the value.
        error: String,
    },
}

open_struct! {
    /// Value of `messages` and of the echo fields.
    pub struct MessagesValue<'a> {
        /// Always `whatsapp`.
        messaging_product: Option<Text<'a>> = "messaging_product",
        /// The number of ours.
        metadata: Option<Metadata<'a>> = "metadata",
        /// The people of the messages or statuses; may be missing.
        contacts: Vec<Item<'a, Contact<'a>>> = "contacts",
        /// Inbound messages.
        messages: Vec<Item<'a, Message<'a>>> = "messages",
        /// Statuses of messages that we sent.
        statuses: Vec<Item<'a, Status<'a>>> = "statuses",
        /// Messages of ours that this app did not send (echo fields only).
        message_echoes: Vec<Item<'a, Message<'a>>> = "message_echoes",
        /// Errors that belong to no message.
        errors: Vec<Item<'a, WebhookError<'a>>> = "errors",
    }
}

open_struct! {
    /// The number of ours that a change belongs to.
    pub struct Metadata<'a> {
        /// The number, as shown.
        display_phone_number: Option<Text<'a>> = "display_phone_number",
        /// Its id.
        phone_number_id: Option<Text<'a>> = "phone_number_id",
    }
}

impl MessagesValue<'_> {
    /// Id of the number of ours.
    pub fn phone_number_id(&self) -> Option<&str> {
        self.metadata.as_ref()?.phone_number_id.as_deref()
    }
}

impl<'a> Change<'a> {
    /// The field, as named by Meta.
    pub fn field(&self) -> &str {
        match self {
            Self::Messages(_) => "messages",
            Self::UserPreferences(_) => "user_preferences",
            Self::UserIdUpdate(_) => "user_id_update",
            Self::TemplateStatus(_) => "message_template_status_update",
            Self::TemplateQuality(_) => "message_template_quality_update",
            Self::TemplateCategory(_) => "template_category_update",
            Self::TemplateComponents(_) => "message_template_components_update",
            Self::AccountUpdate(_) => "account_update",
            Self::AccountAlert(_) => "account_alerts",
            Self::AccountReview(_) => "account_review_update",
            Self::BusinessCapability(_) => "business_capability_update",
            Self::PhoneNumberName(_) => "phone_number_name_update",
            Self::PhoneNumberQuality(_) => "phone_number_quality_update",
            Self::Security(_) => "security",
            Self::Echoes { field, .. }
            | Self::Other { field, .. }
            | Self::Unreadable { field, .. } => field,
        }
    }

    /// Id of the number of ours that the change belongs to, where it names one.
    pub fn phone_number_id(&self) -> Option<&str> {
        match self {
            Self::Messages(value) | Self::Echoes { value, .. } => value.phone_number_id(),
            Self::UserPreferences(value) => value.metadata.as_ref()?.phone_number_id.as_deref(),
            Self::UserIdUpdate(value) => value.metadata.as_ref()?.phone_number_id.as_deref(),
            _ => None,
        }
    }

    /// Reads the value as its field says. The only table from fields to types.
    fn read<S: Source<'a>>(field: Text<'a>, source: S) -> Result<Self, S::Error> {
        Ok(match field.as_str() {
            "messages" => Self::Messages(source.read()?),
            "smb_message_echoes" | "message_echoes" => Self::Echoes {
                field,
                value: source.read()?,
            },
            "user_preferences" => Self::UserPreferences(source.read()?),
            "user_id_update" => Self::UserIdUpdate(source.read()?),
            "message_template_status_update" => Self::TemplateStatus(source.read()?),
            "message_template_quality_update" => Self::TemplateQuality(source.read()?),
            "template_category_update" => Self::TemplateCategory(source.read()?),
            "message_template_components_update" => Self::TemplateComponents(source.read()?),
            "account_update" => Self::AccountUpdate(source.read()?),
            "account_alerts" => Self::AccountAlert(source.read()?),
            "account_review_update" => Self::AccountReview(source.read()?),
            "business_capability_update" => Self::BusinessCapability(source.read()?),
            "phone_number_name_update" => Self::PhoneNumberName(source.read()?),
            "phone_number_quality_update" => Self::PhoneNumberQuality(source.read()?),
            "security" => Self::Security(source.read()?),
            _ => Self::Other {
                field,
                raw: source.read()?,
            },
        })
    }
}

/// Where a value comes from: the body itself, or a slice of it that was put aside.
trait Source<'de> {
    type Error;
    fn read<T: Deserialize<'de>>(self) -> Result<T, Self::Error>;
}

impl<'de> Source<'de> for &'de RawValue {
    type Error = serde_json::Error;
    fn read<T: Deserialize<'de>>(self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.get())
    }
}

struct Direct<'m, A>(&'m mut A);

impl<'de, A: MapAccess<'de>> Source<'de> for Direct<'_, A> {
    type Error = A::Error;
    fn read<T: Deserialize<'de>>(self) -> Result<T, A::Error> {
        self.0.next_value()
    }
}

struct ChangeVisitor;

impl<'de> Visitor<'de> for ChangeVisitor {
    type Value = Change<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with field and value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Change<'de>, A::Error> {
        let (mut field, mut value, mut change) = (None, None, None);
        while let Some(key) = map.next_key::<Text<'de>>()? {
            match (key.as_str(), field.take()) {
                ("field", _) => field = Some(map.next_value::<Text<'de>>()?),
                // The field is known and nothing is put aside: no second look at the value.
                ("value", Some(known)) if envelope::is_strict() => {
                    change = Some(Change::read(known, Direct(&mut map))?);
                }
                ("value", known) => {
                    value = Some(map.next_value::<&'de RawValue>()?);
                    field = known;
                }
                (_, known) => {
                    map.next_value::<de::IgnoredAny>()?;
                    field = known;
                }
            }
        }
        match (change, field, value) {
            (Some(change), _, _) => Ok(change),
            (None, Some(field), Some(value)) => match Change::read(field.clone(), value) {
                Ok(change) => Ok(change),
                Err(error) if envelope::is_strict() => Err(de::Error::custom(error)),
                Err(error) => Ok(Change::Unreadable {
                    field,
                    raw: value.into(),
                    error: error.to_string(),
                }),
            },
            (None, None, _) => Err(de::Error::missing_field("field")),
            (None, _, None) => Err(de::Error::missing_field("value")),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Change<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ChangeVisitor)
    }
}

impl Serialize for Change<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Change", 2)?;
        out.serialize_field("field", self.field())?;
        match self {
            Self::Messages(value) | Self::Echoes { value, .. } => {
                out.serialize_field("value", value)?;
            }
            Self::UserPreferences(value) => out.serialize_field("value", value)?,
            Self::UserIdUpdate(value) => out.serialize_field("value", value)?,
            Self::TemplateStatus(value) => out.serialize_field("value", value)?,
            Self::TemplateQuality(value) => out.serialize_field("value", value)?,
            Self::TemplateCategory(value) => out.serialize_field("value", value)?,
            Self::TemplateComponents(value) => out.serialize_field("value", value)?,
            Self::AccountUpdate(value) => out.serialize_field("value", value)?,
            Self::AccountAlert(value) => out.serialize_field("value", value)?,
            Self::AccountReview(value) => out.serialize_field("value", value)?,
            Self::BusinessCapability(value) => out.serialize_field("value", value)?,
            Self::PhoneNumberName(value) => out.serialize_field("value", value)?,
            Self::PhoneNumberQuality(value) => out.serialize_field("value", value)?,
            Self::Security(value) => out.serialize_field("value", value)?,
            Self::Other { raw, .. } | Self::Unreadable { raw, .. } => {
                out.serialize_field("value", raw)?;
            }
        }
        out.end()
    }
}
