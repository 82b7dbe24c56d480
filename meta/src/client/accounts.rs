//! WABAs and the apps subscribed to them.

use serde_json::{Map, Value};

use super::Client;
use crate::account::{FIELDS, SubscribedApp, Waba};
use crate::error::Error;
use crate::response::Success;

impl Client {
    /// One WABA.
    pub async fn get_waba(&self, waba_id: &str) -> Result<Waba, Error> {
        self.get(&[waba_id], &[("fields", FIELDS)]).await
    }

    /// The apps that get the WABA's webhooks.
    pub async fn list_subscribed_apps(&self, waba_id: &str) -> Result<Vec<SubscribedApp>, Error> {
        self.list(&[waba_id, "subscribed_apps"], &[]).await
    }

    /// Subscribes the token's app. With an override, address and verify token, webhooks go there instead of
    /// the app's address.
    pub async fn subscribe_app(
        &self,
        waba_id: &str,
        over: Option<(&str, &str)>,
    ) -> Result<Success, Error> {
        let mut body = Map::new();
        if let Some((callback, verify_token)) = over {
            body.insert("override_callback_uri".to_owned(), Value::from(callback));
            body.insert("verify_token".to_owned(), Value::from(verify_token));
        }
        self.post(&[waba_id, "subscribed_apps"], &body).await
    }

    /// Ends the subscription of the token's app.
    pub async fn unsubscribe_app(&self, waba_id: &str) -> Result<Success, Error> {
        self.delete(&[waba_id, "subscribed_apps"], &[]).await
    }
}
