//! Template messages: which template, in which language, with which values.
//!
//! Whether the values fit the template is Meta's to say (132000, 132012, 132018); only what holds for every
//! template is known here. An authentication code goes twice: into the body and into the button.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::parameter::Parameter;

/// A template with its values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Template {
    /// Name.
    pub name: String,
    /// Language.
    pub language: Language,
    /// Values, by component; the order is free.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
}

/// Language of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Language {
    /// Code such as `en_US`.
    pub code: String,
    /// `deterministic`, accepted from old clients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
}

open_enum! {
    /// Kind of a template's button; read in any case.
    pub enum SubType {
        /// Quick reply; parameter `payload`.
        QuickReply = "quick_reply",
        /// Link with a variable end; parameter `text`.
        Url = "url",
        /// Copy a coupon code; parameter `coupon_code`.
        CopyCode = "copy_code",
        /// Open a flow; parameter `action`.
        Flow = "flow",
        /// Open the catalogue; parameter `action`.
        Catalog = "catalog",
        /// Open several products; parameter `action`.
        Mpm = "mpm",
        /// Call by WhatsApp; parameters `ttl_minutes`, `payload`.
        VoiceCall = "voice_call",
        /// Pay an order.
        OrderDetails = "order_details",
    }
}

/// Values of one component.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Component {
    /// Header: one text, media, location or product.
    #[serde(alias = "HEADER")]
    Header {
        /// The value.
        #[serde(default)]
        parameters: Vec<Parameter>,
    },
    /// Body: the values in order, or named.
    #[serde(alias = "BODY")]
    Body {
        /// The values.
        #[serde(default)]
        parameters: Vec<Parameter>,
    },
    /// One button.
    #[serde(alias = "BUTTON")]
    Button {
        /// Kind of the button.
        sub_type: SubType,
        /// Position in the template, from 0; absent for voice calls.
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            serialize_with = "index_as_text",
            deserialize_with = "index_from_either"
        )]
        index: Option<u8>,
        /// The value.
        #[serde(default)]
        parameters: Vec<Parameter>,
    },
    /// The cards of a carousel.
    #[serde(alias = "CAROUSEL")]
    Carousel {
        /// 2 to 10 cards.
        cards: Vec<Card>,
    },
    /// The end of a limited-time offer.
    #[serde(alias = "LIMITED_TIME_OFFER")]
    LimitedTimeOffer {
        /// One parameter of the same name.
        parameters: Vec<Parameter>,
    },
    /// The status of an order (payments).
    #[serde(alias = "ORDER_STATUS")]
    OrderStatus {
        /// Parameters.
        parameters: Vec<Parameter>,
    },
    /// Another target for the tap on the message.
    #[serde(alias = "TAP_TARGET_CONFIGURATION")]
    TapTargetConfiguration {
        /// Parameters, as Meta documents them.
        parameters: Vec<Value>,
    },
}

/// Values of one card of a carousel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Position, from 0.
    pub card_index: u8,
    /// Values of header, body and buttons.
    pub components: Vec<Component>,
}

impl Template {
    /// A template without values.
    pub fn new(name: impl Into<String>, language: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            language: Language {
                code: language.into(),
                policy: None,
            },
            components: Vec::new(),
        }
    }

    /// The same with the values of one more component.
    #[must_use]
    pub fn with(mut self, component: Component) -> Self {
        self.components.push(component);
        self
    }
}

#[expect(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serialize_with calls"
)]
fn index_as_text<S: serde::Serializer>(
    index: &Option<u8>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&index.unwrap_or_default())
}

fn index_from_either<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u8),
        Text(String),
    }
    match Option::<Either>::deserialize(deserializer)? {
        None => Ok(None),
        Some(Either::Number(index)) => Ok(Some(index)),
        Some(Either::Text(text)) => text
            .trim()
            .parse()
            .map(Some)
            .map_err(serde::de::Error::custom),
    }
}
