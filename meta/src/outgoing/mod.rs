//! Messages that we send: the envelope and one body per type.
//!
//! Written as Meta's `POST /{phone_number_id}/messages` wants them, and readable again, so that a simulator
//! and tests may use the same types. [`Outgoing::check`] holds Meta's published limits against a message
//! before it costs a request. Source: Meta's “Messages API” and each message type page.

mod contact;
mod interactive;
mod interactive_action;
mod media;
mod parameter;
mod receipt;
mod template;

use serde::{Deserialize, Serialize};

pub use contact::{ContactCard, ContactName, Email, Organisation, Phone, PostalAddress, WebLink};
pub use interactive::{Header, HeaderMedia, Interactive, TextBlock};
pub use interactive_action::{
    Action, AddressAction, AddressParameters, ButtonsAction, CallPermissionAction, CardAction,
    CarouselAction, CarouselCard, CatalogAction, CatalogParameters, ContactInfoAction,
    CtaUrlAction, CtaUrlParameters, FlowAction, FlowParameters, FlowPayload, ListAction,
    ListSection, LocationAction, ProductAction, ProductItem, ProductListAction, ProductSection,
    QuickReply, QuickReplyButton, Reply, ReplyButton, Row, VoiceCallAction, VoiceCallParameters,
};
pub use media::{Media, MediaSource};
pub use parameter::{ActionParameter, Currency, DateTime, LimitedTimeOffer, Parameter, Product};
pub use receipt::{MarkRead, TypingIndicator};
pub use template::{Card, Component, Language, SubType, Template};

/// The word that every request carries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessagingProduct {
    /// The only product.
    #[default]
    #[serde(rename = "whatsapp")]
    Whatsapp,
}

/// A person or a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecipientType {
    /// A person.
    #[default]
    Individual,
    /// A group; `to` is its id.
    Group,
}

/// Whom a message goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// Phone number, best as `+` and digits.
    Phone(String),
    /// Business-scoped user id (BSUID); not for authentication templates (131062).
    UserId(String),
    /// Both; Meta sends to the phone number.
    PhoneAndUserId(String, String),
    /// Group id.
    Group(String),
}

/// One message with its envelope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Always `whatsapp`.
    #[serde(default)]
    pub messaging_product: MessagingProduct,
    /// Person or group.
    #[serde(default)]
    pub recipient_type: RecipientType,
    /// Phone number or group id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Business-scoped user id; `to` wins if both are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// The message this one answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<ReplyTo>,
    /// A string that comes back in the statuses; at most 512 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub biz_opaque_callback_data: Option<String>,
    /// Send only while the person's identity key has this hash, else the message fails with 137000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient_identity_key_hash: Option<String>,
    /// The account to be charged, for portfolios with several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messaging_account_id: Option<String>,
    /// Marketing Messages API only: `CLOUD_API_FALLBACK` or `STRICT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_policy: Option<String>,
    /// Marketing Messages API only: whether Meta may learn from the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_activity_sharing: Option<bool>,
    /// Type and content.
    #[serde(flatten)]
    pub body: Body,
}

/// The message that another one answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyTo {
    /// Its wamid.
    pub message_id: String,
}

/// Type and content of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Body {
    /// Text.
    Text {
        /// The text.
        text: Text,
    },
    /// Image, JPEG or PNG.
    Image {
        /// The image.
        image: Media,
    },
    /// Video, MP4 or 3GPP.
    Video {
        /// The video.
        video: Media,
    },
    /// Audio file or voice message.
    Audio {
        /// The audio.
        audio: Media,
    },
    /// Document.
    Document {
        /// The document.
        document: Media,
    },
    /// Sticker, WebP.
    Sticker {
        /// The sticker.
        sticker: Media,
    },
    /// Location.
    Location {
        /// The location.
        location: Location,
    },
    /// Contact cards.
    Contacts {
        /// 1 to 257 cards.
        contacts: Vec<ContactCard>,
    },
    /// Reaction to a message.
    Reaction {
        /// The reaction.
        reaction: Reaction,
    },
    /// Interactive message.
    Interactive {
        /// The message.
        interactive: Box<Interactive>,
    },
    /// Template message.
    Template {
        /// The template with its values.
        template: Box<Template>,
    },
}

/// Body of a text message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Draw a preview of the first link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview_url: Option<bool>,
    /// The text; at most 4,096 characters.
    pub body: String,
}

/// Body of a location message, also a header of templates.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Degrees north.
    #[serde(deserialize_with = "number_or_text")]
    pub latitude: f64,
    /// Degrees east.
    #[serde(deserialize_with = "number_or_text")]
    pub longitude: f64,
    /// Name of the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Address of the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// Body of a reaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// The message reacted to.
    pub message_id: String,
    /// The emoji; empty takes the reaction back.
    pub emoji: String,
}

impl Outgoing {
    /// A message for someone.
    pub fn new(to: To, body: Body) -> Self {
        let (recipient_type, to, recipient) = match to {
            To::Phone(phone) => (RecipientType::Individual, Some(phone), None),
            To::UserId(user) => (RecipientType::Individual, None, Some(user)),
            To::PhoneAndUserId(phone, user) => (RecipientType::Individual, Some(phone), Some(user)),
            To::Group(group) => (RecipientType::Group, Some(group), None),
        };
        Self {
            messaging_product: MessagingProduct::Whatsapp,
            recipient_type,
            to,
            recipient,
            context: None,
            biz_opaque_callback_data: None,
            recipient_identity_key_hash: None,
            messaging_account_id: None,
            product_policy: None,
            message_activity_sharing: None,
            body,
        }
    }

    /// The same message as an answer to another.
    #[must_use]
    pub fn replying_to(mut self, wamid: impl Into<String>) -> Self {
        self.context = Some(ReplyTo {
            message_id: wamid.into(),
        });
        self
    }

    /// The same message with a string that comes back in its statuses.
    #[must_use]
    pub fn with_callback_data(mut self, data: impl Into<String>) -> Self {
        self.biz_opaque_callback_data = Some(data.into());
        self
    }

    /// Meta's word for the type.
    pub fn kind(&self) -> &'static str {
        self.body.kind()
    }
}

impl Body {
    /// A text message; links get a preview.
    pub fn text(body: impl Into<String>) -> Self {
        Self::Text {
            text: Text {
                preview_url: Some(true),
                body: body.into(),
            },
        }
    }

    /// A reaction; an empty emoji takes it back.
    pub fn reaction(wamid: impl Into<String>, emoji: impl Into<String>) -> Self {
        Self::Reaction {
            reaction: Reaction {
                message_id: wamid.into(),
                emoji: emoji.into(),
            },
        }
    }

    /// A template message.
    pub fn template(template: Template) -> Self {
        Self::Template {
            template: Box::new(template),
        }
    }

    /// An interactive message.
    pub fn interactive(interactive: Interactive) -> Self {
        Self::Interactive {
            interactive: Box::new(interactive),
        }
    }

    /// Meta's word for the type.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Image { .. } => "image",
            Self::Video { .. } => "video",
            Self::Audio { .. } => "audio",
            Self::Document { .. } => "document",
            Self::Sticker { .. } => "sticker",
            Self::Location { .. } => "location",
            Self::Contacts { .. } => "contacts",
            Self::Reaction { .. } => "reaction",
            Self::Interactive { .. } => "interactive",
            Self::Template { .. } => "template",
        }
    }
}

/// Reads a number that may be written as a string.
fn number_or_text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(f64),
        Text(String),
    }
    match Either::deserialize(deserializer)? {
        Either::Number(number) => Ok(number),
        Either::Text(text) => text.trim().parse().map_err(serde::de::Error::custom),
    }
}
