//! Values for the variables of a template.
//!
//! Texts may hold no line break, tab or more than four spaces in a row (Meta refuses with 132012 or 132018).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Location;
use super::interactive_action::ProductSection;
use super::media::Media;

/// One value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Parameter {
    /// Text; named templates need the name.
    Text {
        /// Name of the variable.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parameter_name: Option<String>,
        /// The text.
        text: String,
    },
    /// An amount (older documentation).
    Currency {
        /// Name of the variable.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parameter_name: Option<String>,
        /// The amount.
        currency: Currency,
    },
    /// A date (older documentation).
    DateTime {
        /// Name of the variable.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parameter_name: Option<String>,
        /// The date.
        date_time: DateTime,
    },
    /// Header image.
    Image {
        /// The image.
        image: Media,
    },
    /// Header video.
    Video {
        /// The video.
        video: Media,
    },
    /// Header GIF, an MP4 of at most 3.5 MB; Marketing Messages API only.
    Gif {
        /// The GIF.
        gif: Media,
    },
    /// Header document, with file name.
    Document {
        /// The document.
        document: Media,
    },
    /// Header location.
    Location {
        /// The location.
        location: Location,
    },
    /// Header product.
    Product {
        /// The product.
        product: Product,
    },
    /// What comes back when a quick reply is tapped.
    Payload {
        /// The string.
        payload: String,
    },
    /// The code that a button copies.
    CouponCode {
        /// The code.
        coupon_code: String,
    },
    /// What a flow, catalogue or product button opens.
    Action {
        /// The action.
        action: ActionParameter,
    },
    /// The end of an offer.
    LimitedTimeOffer {
        /// The offer.
        limited_time_offer: LimitedTimeOffer,
    },
    /// How long a voice call button works.
    TtlMinutes {
        /// Minutes.
        ttl_minutes: u32,
    },
    /// The status of an order (payments), as Meta documents it.
    OrderStatus {
        /// The status.
        order_status: Value,
    },
}

/// An amount, written by Meta in the reader's language, or as the fallback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Currency {
    /// Text if it cannot be written otherwise.
    pub fallback_value: String,
    /// ISO 4217 code.
    pub code: String,
    /// Thousandths of the currency's unit.
    pub amount_1000: i64,
}

/// A date; Meta shows the fallback and ignores everything else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateTime {
    /// The text shown.
    pub fallback_value: String,
}

/// A product of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The seller's id of the product.
    pub product_retailer_id: String,
    /// The catalogue.
    pub catalog_id: String,
}

/// What a flow, catalogue or product button opens.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ActionParameter {
    /// Token of the flow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow_token: Option<String>,
    /// Data for the first screen of the flow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow_action_data: Option<Map<String, Value>>,
    /// The product whose picture is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbnail_product_retailer_id: Option<String>,
    /// The products.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<ProductSection>,
}

/// The end of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitedTimeOffer {
    /// Unix milliseconds.
    pub expiration_time_ms: i64,
}

impl Parameter {
    /// A text by position.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text {
            parameter_name: None,
            text: text.into(),
        }
    }

    /// A text by name.
    pub fn named(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Text {
            parameter_name: Some(name.into()),
            text: text.into(),
        }
    }
}
