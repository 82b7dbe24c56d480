//! Sending messages, marking as read, typing.
//!
//! [`Client::send_message`] is the only call whose effect matters; it reports the effect with every outcome
//! and never tries twice.

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

use super::gate::Gate;
use super::{Client, collect, failure, transport, unreadable};
use crate::effect::{Effect, SendOutcome};
use crate::error::Error;
use crate::outgoing::{MarkRead, Outgoing};
use crate::response::{SendResponse, Success};

impl Client {
    /// Sends one message. `stop` is asked right before the first byte of the body leaves; if it answers yes,
    /// nothing is sent ([`Error::Stopped`], effect none). It must be quick and must not block.
    pub async fn send_message(
        &self,
        phone_number_id: &str,
        message: &Outgoing,
        stop: impl Fn() -> bool + Send + Sync + Unpin + 'static,
    ) -> SendOutcome {
        self.send(&[phone_number_id, "messages"], message, stop)
            .await
    }

    /// Sends one marketing template through the Marketing Messages API; otherwise like
    /// [`Client::send_message`].
    pub async fn send_marketing_message(
        &self,
        phone_number_id: &str,
        message: &Outgoing,
        stop: impl Fn() -> bool + Send + Sync + Unpin + 'static,
    ) -> SendOutcome {
        self.send(&[phone_number_id, "marketing_messages"], message, stop)
            .await
    }

    async fn send(
        &self,
        segments: &[&str],
        message: &Outgoing,
        stop: impl Fn() -> bool + Send + Sync + Unpin + 'static,
    ) -> SendOutcome {
        let json = match serde_json::to_vec(message) {
            Ok(json) => Bytes::from(json),
            Err(error) => return SendOutcome::failed(Error::NotSent(error.to_string())),
        };
        if stop() {
            // Spares a connection; the gate asks again.
            return SendOutcome::failed(Error::Stopped);
        }
        let (gate, passage) = Gate::new(json, stop);
        let request = self
            .request(Method::POST, segments, &[])
            .header(CONTENT_TYPE, "application/json")
            .body(reqwest::Body::wrap(gate));
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => {
                let error = transport(error);
                return SendOutcome::failed(match error {
                    _ if passage.stopped() => Error::Stopped,
                    // The body is gone: whatever the transport calls it, it may have arrived.
                    Error::NotSent(reason) if passage.left() => Error::Broken(reason),
                    error if passage.left() => error,
                    error => Error::NotSent(error.to_string()),
                });
            }
        };
        let status = response.status();
        let usage_percent = usage(response.headers());
        let body = collect(response).await;
        let outcome = match &body {
            Ok(body) if status.is_success() => accepted(status.as_u16(), body),
            Ok(body) => SendOutcome::failed(failure(status.as_u16(), body)),
            Err(error) => SendOutcome::failed(error.clone()),
        };
        SendOutcome {
            http_status: Some(status.as_u16()),
            usage_percent,
            ..outcome
        }
    }

    /// Marks a message and all before it as read.
    pub async fn mark_read(&self, phone_number_id: &str, wamid: &str) -> Result<Success, Error> {
        self.post(&[phone_number_id, "messages"], &MarkRead::new(wamid))
            .await
    }

    /// Marks as read and shows the typing bubble for up to 25 seconds.
    pub async fn typing(&self, phone_number_id: &str, wamid: &str) -> Result<Success, Error> {
        self.post(&[phone_number_id, "messages"], &MarkRead::typing(wamid))
            .await
    }
}

/// The outcome of an answer with a status of success: accepted if it names the message.
fn accepted(status: u16, body: &[u8]) -> SendOutcome {
    let answer: SendResponse = match serde_json::from_slice(body) {
        Ok(answer) => answer,
        Err(error) => return SendOutcome::failed(unreadable(status, body, &error)),
    };
    let Some(message) = answer
        .messages
        .into_iter()
        .find(|message| !message.id.is_empty())
    else {
        let nameless = || Error::Body {
            status,
            reason: "no message id".to_owned(),
        };
        return SendOutcome::failed(match failure(status, body) {
            graph @ Error::Graph { .. } => graph,
            _ => nameless(),
        });
    };
    let contact = answer.contacts.into_iter().next().unwrap_or_default();
    SendOutcome {
        effect: Effect::Accepted,
        wamid: Some(message.id),
        message_status: message.message_status,
        wa_id: contact.wa_id.filter(|id| !id.is_empty()),
        user_id: contact.user_id.filter(|id| !id.is_empty()),
        error: None,
        http_status: Some(status),
        usage_percent: None,
    }
}

/// The highest share of a call budget in Meta's usage headers, in percent.
fn usage(headers: &HeaderMap) -> Option<u8> {
    fn highest(value: &serde_json::Value) -> f64 {
        match value {
            serde_json::Value::Object(fields) => fields
                .iter()
                .filter(|(name, _)| *name != "estimated_time_to_regain_access")
                .map(|(_, value)| highest(value))
                .fold(0.0, f64::max),
            serde_json::Value::Array(entries) => entries.iter().map(highest).fold(0.0, f64::max),
            other => other.as_f64().unwrap_or(0.0),
        }
    }
    ["x-app-usage", "x-business-use-case-usage"]
        .iter()
        .filter_map(|name| serde_json::from_slice(headers.get(*name)?.as_bytes()).ok())
        .map(|value: serde_json::Value| highest(&value).clamp(0.0, 255.0) as u8)
        .max()
}
