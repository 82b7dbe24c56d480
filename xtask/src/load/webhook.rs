//! Webhooks as Meta would send them, signed, as whole HTTP requests.
//! Shapes are those of the fields `messages` and `user_preferences` of a WhatsApp Business Account.

use super::http;
use super::product::Ready;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// Writes webhooks for one app and one number.
#[derive(Clone)]
pub(crate) struct Webhooks {
    path: String,
    secret: Vec<u8>,
    waba_id: String,
    phone_number_id: String,
}

impl Webhooks {
    /// For the app and the number that the binary printed when it was ready.
    pub(crate) fn new(ready: &Ready) -> Self {
        Self {
            path: format!("/webhooks/whatsapp/{}", ready.app_id),
            secret: ready.app_secret.clone().into_bytes(),
            waba_id: ready.waba_id.clone(),
            phone_number_id: ready.phone_number_id.clone(),
        }
    }

    /// A person (digits of the number) writes a text; `at` in Unix seconds.
    pub(crate) fn text(&self, person: &str, wamid: &str, text: &str, at: u64) -> Vec<u8> {
        self.request("messages", &json!({
            "contacts": [{ "profile": { "name": format!("Customer {person}") }, "wa_id": person }],
            "messages": [{
                "from": person,
                "id": wamid,
                "timestamp": at.to_string(),
                "type": "text",
                "text": { "body": text },
            }],
        }))
    }

    /// Meta reports `status` (`sent`, `delivered`, `read`) of a message of ours; `at` in Unix seconds.
    pub(crate) fn status(&self, wamid: &str, status: &str, person: &str, at: u64) -> Vec<u8> {
        self.request("messages", &json!({
            "statuses": [{
                "id": wamid,
                "status": status,
                "timestamp": at.to_string(),
                "recipient_id": person,
                "conversation": { "id": "6d1f0d3c6a0b", "origin": { "type": "service" } },
                "pricing": { "billable": false, "pricing_model": "PMP", "category": "service", "type": "free_customer_service" },
            }],
        }))
    }

    /// A person has switched marketing messages off in WhatsApp; `at` in Unix seconds.
    pub(crate) fn stop_marketing(&self, person: &str, at: u64) -> Vec<u8> {
        self.request("user_preferences", &json!({
            "contacts": [{ "profile": { "name": format!("Customer {person}") }, "wa_id": person }],
            "user_preferences": [{
                "wa_id": person,
                "detail": "User requested to stop marketing messages",
                "category": "marketing_messages",
                "value": "stop",
                "timestamp": at,
            }],
        }))
    }

    fn request(&self, field: &str, fields: &Value) -> Vec<u8> {
        let mut value = json!({
            "messaging_product": "whatsapp",
            "metadata": {
                "display_phone_number": "15550100200",
                "phone_number_id": self.phone_number_id,
            },
        });
        if let (Some(value), Some(fields)) = (value.as_object_mut(), fields.as_object()) {
            value.extend(fields.clone());
        }
        let body = json!({
            "object": "whatsapp_business_account",
            "entry": [{ "id": self.waba_id, "changes": [{ "value": value, "field": field }] }],
        })
        .to_string();
        let signature = format!("sha256={}", sign(&self.secret, body.as_bytes()));
        http::request(
            "POST",
            &self.path,
            &[("x-hub-signature-256", &signature)],
            body.as_bytes(),
        )
    }
}

/// HMAC-SHA256 in hexadecimal, as in `X-Hub-Signature-256`.
fn sign(secret: &[u8], body: &[u8]) -> String {
    // HMAC takes keys of any length; the branch is there for the type.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
        return String::new();
    };
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_rfc_4231() {
        // RFC 4231, test case 2.
        assert_eq!(
            sign(b"Jefe", b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
