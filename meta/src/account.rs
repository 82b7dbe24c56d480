//! WhatsApp Business Accounts (WABA) and the apps subscribed to them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A WABA; which fields are there depends on the fields asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Waba {
    /// Id.
    pub id: String,
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Meta's number of the time zone, as a string.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone_id: Option<String>,
    /// Namespace of templates (older clients).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_template_namespace: Option<String>,
    /// ISO 4217 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Two-letter country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// State.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// `APPROVED`, `PENDING`, `REJECTED`, `DEFERRED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_review_status: Option<String>,
    /// `verified`, `not_verified`, `pending`….
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_verification_status: Option<String>,
    /// `SELF`, `CLIENT_OWNED`….
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ownership_type: Option<String>,
    /// The portfolio that owns it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_business_info: Option<OwnerBusiness>,
    /// Country of the business.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_business_location: Option<String>,
    /// Limit of the portfolio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whatsapp_business_manager_messaging_limit: Option<crate::phone_number::MessagingLimit>,
    /// Whether template insights are on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_enabled_for_insights: Option<bool>,
    /// Whether messages can be sent, with reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health_status: Option<Value>,
    /// Fields that this crate does not know.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The portfolio that owns a WABA.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnerBusiness {
    /// Id of the portfolio.
    pub id: String,
    /// Name of the portfolio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// An app subscribed to a WABA.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SubscribedApp {
    /// The app.
    pub whatsapp_business_api_data: AppData,
    /// Where the WABA's webhooks go instead of the app's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub override_callback_uri: Option<String>,
}

/// An app.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AppData {
    /// Id.
    pub id: String,
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Page of the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// The fields that Wigwag asks for.
pub const FIELDS: &str = "id,name,timezone_id,message_template_namespace,currency,country,status,\
account_review_status,business_verification_status,ownership_type,owner_business_info";
