//! Tokens: the answers to the OAuth exchange and to `debug_token`, and an app's webhook subscription.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Answer to the exchange of a code, or of the app's credentials.
#[derive(Debug, Clone, Deserialize)]
pub struct AccessToken {
    /// The token.
    pub access_token: SecretString,
    /// `bearer`.
    #[serde(default)]
    pub token_type: Option<String>,
    /// Seconds until it ends; absent for tokens without end.
    #[serde(default)]
    pub expires_in: Option<i64>,
}

/// What `debug_token` says about a token.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenInfo {
    /// The app that it belongs to.
    pub app_id: String,
    /// `SYSTEM_USER`, `USER`….
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Name of the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// Unix seconds; 0: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// Unix seconds; 0: never. End of access to data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_access_expires_at: Option<i64>,
    /// Whether it works.
    pub is_valid: bool,
    /// Permissions.
    pub scopes: Vec<String>,
    /// Permissions with the objects that they are limited to.
    pub granular_scopes: Vec<GranularScope>,
    /// The user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Fields that this crate does not know.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A permission with the objects that it is limited to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GranularScope {
    /// The permission.
    pub scope: String,
    /// The objects; empty: all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub target_ids: Vec<String>,
}

/// Something wrapped in `data`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Data<T> {
    /// The thing.
    pub data: T,
}
