//! Tokens and an app's webhook subscription.
//!
//! Graph takes secrets of these calls in the query. They are not logged, and addresses are cut out of errors.

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};

use super::{Client, call};
use crate::error::Error;
use crate::oauth::{AccessToken, Data, TokenInfo};
use crate::response::Success;

impl Client {
    /// Exchanges the code of Embedded Signup, valid for 30 seconds, for a business token.
    pub async fn exchange_code(
        &self,
        app_id: &str,
        app_secret: &SecretString,
        code: &str,
    ) -> Result<AccessToken, Error> {
        let query = [
            ("client_id", app_id),
            ("client_secret", app_secret.expose_secret()),
            ("code", code),
        ];
        call(self.anonymous(Method::GET, &["oauth", "access_token"], &query)).await
    }

    /// A token of the app itself.
    pub async fn app_access_token(
        &self,
        app_id: &str,
        app_secret: &SecretString,
    ) -> Result<AccessToken, Error> {
        let query = [
            ("client_id", app_id),
            ("client_secret", app_secret.expose_secret()),
            ("grant_type", "client_credentials"),
        ];
        call(self.anonymous(Method::GET, &["oauth", "access_token"], &query)).await
    }

    /// What a token is good for. This client's token must be the app's, or one of its own.
    pub async fn debug_token(&self, token: &SecretString) -> Result<TokenInfo, Error> {
        let answer: Data<TokenInfo> = self
            .get(&["debug_token"], &[("input_token", token.expose_secret())])
            .await?;
        Ok(answer.data)
    }

    /// Sets where an app's webhooks go and which fields it gets. Meta calls the address at once to verify it,
    /// so it must be served by then. This client's token must be the app's.
    pub async fn set_app_subscription(
        &self,
        app_id: &str,
        callback_url: &str,
        verify_token: &SecretString,
        fields: &[&str],
    ) -> Result<Success, Error> {
        let fields = fields.join(",");
        let query = [
            ("object", "whatsapp_business_account"),
            ("callback_url", callback_url),
            ("verify_token", verify_token.expose_secret()),
            ("fields", &fields),
        ];
        call(self.request(Method::POST, &[app_id, "subscriptions"], &query)).await
    }
}
