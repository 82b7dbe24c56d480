//! The Meta app: secret, webhook subscription, tokens.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The webhook of an app for `whatsapp_business_account`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Subscription {
    pub(crate) callback_url: String,
    pub(crate) verify_token: String,
    /// Fields in the order in which they were given.
    pub(crate) fields: Vec<String>,
}

/// A Meta app.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct App {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) secret: String,
    /// The verify token that the seeded credentials speak of.
    pub(crate) verify_token: String,
    pub(crate) subscription: Option<Subscription>,
    /// Resumable uploads in progress or done, by session id.
    pub(crate) uploads: BTreeMap<String, Upload>,
}

impl App {
    /// The app token `{id}|{secret}`.
    pub(crate) fn app_token(&self) -> String {
        format!("{}|{}", self.id, self.secret)
    }

    /// Whether the app wants this webhook field.
    pub(crate) fn wants(&self, field: &str) -> bool {
        self.subscription
            .as_ref()
            .is_some_and(|s| s.fields.iter().any(|f| f == field))
    }
}

/// A resumable upload.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Upload {
    pub(crate) file_type: String,
    pub(crate) file_length: u64,
    pub(crate) received: u64,
    pub(crate) handle: Option<String>,
}

/// An access token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) app_id: String,
    /// As `debug_token` tells it: SYSTEM_USER, USER or APP.
    pub(crate) kind: String,
    pub(crate) valid: bool,
    /// Microseconds; 0 = never.
    pub(crate) expires_us: i64,
    pub(crate) issued_us: i64,
    pub(crate) user_id: String,
}

/// All fields of `whatsapp_business_account` that the simulator can send.
pub(crate) const FIELDS: &[&str] = &[
    "messages",
    "message_template_status_update",
    "message_template_quality_update",
    "template_category_update",
    "message_template_components_update",
    "phone_number_quality_update",
    "phone_number_name_update",
    "account_update",
    "account_alerts",
    "account_review_update",
    "business_capability_update",
    "security",
    "user_preferences",
    "user_id_update",
];
