//! A program that is told: outside the product, with a record of its own. It answers a little late, and
//! now and then refuses what it has read.

use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use rand::rngs::ChaCha12Rng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;
use sha2::Sha256;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;

/// How late it answers.
const DELAY: Duration = Duration::from_millis(10);
/// How often it refuses: one in so many.
const REFUSES: u32 = 200;

/// One arrival, in the order in which they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Arrival {
    /// `webhook-id`.
    pub(super) id: String,
    /// Whether it was answered 200.
    pub(super) taken: bool,
    /// Whether a signature fitted.
    pub(super) signed: bool,
    /// `type`.
    pub(super) kind: String,
    /// The contact, where it is about one.
    pub(super) contact: String,
    /// The message, where it is about one.
    pub(super) message: String,
    /// The state that was reached, of a message's status.
    pub(super) state: String,
}

struct Inner {
    arrivals: Vec<Arrival>,
    unanswered: usize,
    key: Vec<u8>,
    rng: ChaCha12Rng,
}

#[derive(Clone)]
pub(super) struct Receiver {
    inner: Arc<Mutex<Inner>>,
    address: SocketAddr,
}

impl Receiver {
    pub(super) async fn start(seed: u64) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let receiver = Self {
            inner: Arc::new(Mutex::new(Inner {
                arrivals: Vec::new(),
                unanswered: 0,
                key: Vec::new(),
                rng: ChaCha12Rng::seed_from_u64(seed.wrapping_add(1)),
            })),
            address: listener.local_addr()?,
        };
        let router = Router::new().fallback(take).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(receiver)
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/told", self.address)
    }

    /// The secret that deliveries must be signed with.
    pub(super) fn expect(&self, secret: &str) {
        let text = secret.strip_prefix("whsec_").unwrap_or(secret);
        self.with(|inner| inner.key = STANDARD.decode(text).unwrap_or_default());
    }

    pub(super) fn unanswered(&self) -> usize {
        self.with(|inner| inner.unanswered)
    }

    pub(super) fn record(&self) -> Vec<Arrival> {
        self.with(|inner| inner.arrivals.clone())
    }

    /// Forget that a message came: what the proof is there to find.
    pub(super) fn forget_one(&self) {
        self.with(|inner| {
            let last = inner
                .arrivals
                .iter()
                .rev()
                .find(|one| one.kind == "message.received");
            if let Some(id) = last.map(|one| one.id.clone()) {
                inner.arrivals.retain(|one| one.id != id);
            }
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let text = |name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let (id, at) = (text("webhook-id"), text("webhook-timestamp"));
    let refused = receiver.with(|inner| {
        inner.unanswered += 1;
        inner.rng.random_range(0..REFUSES) == 0
    });
    tokio::time::sleep(DELAY).await;
    receiver.with(|inner| {
        inner.unanswered -= 1;
        let told: Value = serde_json::from_slice(&body).unwrap_or_default();
        let word = |pointer: &str| {
            let value = told.pointer(pointer).and_then(Value::as_str);
            value.unwrap_or_default().to_owned()
        };
        let wanted = sign(&inner.key, &id, &at, &body);
        inner.arrivals.push(Arrival {
            signed: text("webhook-signature")
                .split(' ')
                .any(|one| one == wanted),
            taken: !refused,
            kind: word("/type"),
            contact: word("/data/contact/id"),
            message: word("/data/message/id"),
            state: word("/data/status/state"),
            id,
        });
    });
    if refused {
        StatusCode::INTERNAL_SERVER_ERROR
    } else {
        StatusCode::OK
    }
}

/// A signature as Standard Webhooks writes it.
fn sign(key: &[u8], id: &str, at: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length; the branch is there for the type.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return String::new();
    };
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}
