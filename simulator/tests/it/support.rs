//! A simulator with a frozen clock, and a sink for its webhooks that checks every signature.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use wigwag_meta::{http, signature};
use wigwag_simulator::{Options, Running, Simulator, VirtualClock};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_mins(1);
/// 1 November 2026, 10:00 UTC.
pub(crate) const START_US: i64 = 1_793_527_200_000_000;

/// What the sink answers with, in order; 200 when nothing is left.
type Script = Arc<std::sync::Mutex<VecDeque<u16>>>;

pub(crate) struct Bench {
    pub(crate) sim: Running,
    pub(crate) http: reqwest::Client,
    pub(crate) hooks: mpsc::UnboundedReceiver<Value>,
    pub(crate) script: Script,
    waiting: VecDeque<Value>,
}

#[derive(Clone)]
struct SinkState {
    secret: String,
    seen: mpsc::UnboundedSender<Value>,
    script: Script,
}

async fn sink(State(state): State<SinkState>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = headers
        .get(signature::HEADER)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    signature::verify(&[state.secret.as_bytes()], header, &body).expect("a valid signature");
    assert!(body.is_ascii(), "webhook bodies are escaped to ASCII");
    let envelope =
        wigwag_meta::webhook::parse(&body).expect("a webhook that our own types can read");
    assert_eq!(envelope.unreadable().count(), 0);
    let status = state.script.lock().unwrap().pop_front().unwrap_or(200);
    state
        .seen
        .send(serde_json::from_slice(&body).unwrap())
        .unwrap();
    StatusCode::from_u16(status).unwrap()
}

impl Bench {
    pub(crate) async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let clock = Arc::new(VirtualClock::frozen_at(START_US));
        let sim = Simulator::start(Options { clock, ..options })
            .await
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/webhook", listener.local_addr().unwrap());
        let (seen, hooks) = mpsc::unbounded_channel();
        let script = Script::default();
        let state = SinkState {
            secret: sim.credentials.app_secret.clone(),
            seen,
            script: Arc::clone(&script),
        };
        let app = Router::new()
            .route("/webhook", post(sink))
            .with_state(state);
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        sim.set_webhook(&url, "verify");
        let http = http::client(&http::Options {
            system_proxy: false,
            ..http::Options::default()
        })
        .unwrap();
        Self {
            sim,
            http,
            hooks,
            script,
            waiting: VecDeque::new(),
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sim.url)
    }

    /// The path of an edge of the number.
    pub(crate) fn number(&self, edge: &str) -> String {
        format!("/v25.0/{}/{edge}", self.sim.credentials.phone_number_id)
    }

    pub(crate) fn waba(&self, edge: &str) -> String {
        format!("/v25.0/{}/{edge}", self.sim.credentials.waba_id)
    }

    async fn read(response: reqwest::Response) -> (u16, Value) {
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (
            status,
            serde_json::from_str(&text).unwrap_or(Value::String(text)),
        )
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        let request = self
            .http
            .get(self.url(path))
            .bearer_auth(&self.sim.credentials.access_token);
        Self::read(request.send().await.unwrap()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> (u16, Value) {
        let request = self
            .http
            .delete(self.url(path))
            .bearer_auth(&self.sim.credentials.access_token);
        Self::read(request.send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self
            .http
            .post(self.url(path))
            .bearer_auth(&self.sim.credentials.access_token);
        Self::read(request.json(body).send().await.unwrap()).await
    }

    /// A GET of the control plane.
    pub(crate) async fn look(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// Asks the control plane until the answer fits. What the answer to a webhook changes is written after
    /// the sink has the webhook.
    pub(crate) async fn eventually(&self, path: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let asking = async {
            loop {
                let body = self.look(path).await;
                if fits(&body) {
                    return body;
                }
                tokio::task::yield_now().await;
            }
        };
        let answer = tokio::time::timeout(PATIENCE, asking).await;
        answer.expect("an answer that fits")
    }

    /// From now on webhooks come one after the other, in the order in which things happened.
    pub(crate) async fn in_order(&self) {
        self.control("/_sim/faults", &json!({"webhook_concurrency": 1}))
            .await;
    }

    /// A POST of the control plane.
    pub(crate) async fn control(&self, path: &str, body: &Value) -> Value {
        let (status, answer) = self.post(path, body).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// Sends a message; `body` without the envelope.
    pub(crate) async fn send(&self, to: &str, body: &Value) -> (u16, Value) {
        let mut message = json!({"messaging_product": "whatsapp", "to": to});
        for (key, value) in body.as_object().unwrap() {
            message[key] = value.clone();
        }
        self.post(&self.number("messages"), &message).await
    }

    /// Sends a message that must be accepted; gives its id.
    pub(crate) async fn accepted(&self, to: &str, body: &Value) -> String {
        let (status, answer) = self.send(to, body).await;
        assert_eq!(status, 200, "{answer}");
        answer["messages"][0]["id"].as_str().unwrap().to_owned()
    }

    /// A person writes, which opens the window; the webhook is taken from the sink.
    pub(crate) async fn writes(&mut self, person: &str) -> Value {
        self.control("/_sim/inbound", &json!({"person": person, "text": "Hello"}))
            .await;
        self.message().await
    }

    pub(crate) async fn advance(&self, by: Duration) {
        self.control("/_sim/clock", &json!({"advance_ms": by.as_millis() as u64}))
            .await;
    }

    /// The next change that was sent, as `{value, field}`.
    pub(crate) async fn change(&mut self) -> Value {
        while self.waiting.is_empty() {
            let next = tokio::time::timeout(PATIENCE, self.hooks.recv()).await;
            let body = next.expect("a webhook").unwrap();
            for entry in body["entry"].as_array().unwrap() {
                self.waiting
                    .extend(entry["changes"].as_array().unwrap().iter().cloned());
            }
        }
        self.waiting.pop_front().unwrap()
    }

    /// The next inbound message's `value`.
    pub(crate) async fn message(&mut self) -> Value {
        loop {
            let change = self.change().await;
            if !change["value"]["messages"].is_null() {
                return change["value"].clone();
            }
        }
    }

    /// The next status, with its whole `value`.
    pub(crate) async fn status(&mut self) -> (Value, Value) {
        loop {
            let change = self.change().await;
            if !change["value"]["statuses"].is_null() {
                return (
                    change["value"]["statuses"][0].clone(),
                    change["value"].clone(),
                );
            }
        }
    }

    /// The next `n` statuses of one message, by name, in any order of arrival.
    pub(crate) async fn statuses(&mut self, wamid: &str, n: usize) -> Vec<String> {
        let mut found = Vec::new();
        while found.len() < n {
            let (status, _) = self.status().await;
            if status["id"] == wamid {
                found.push(status["status"].as_str().unwrap().to_owned());
            }
        }
        found.sort();
        found
    }
}

/// A phone that no seeded person has.
pub(crate) const PHONE: &str = "+919812345678";

pub(crate) fn text(body: &str) -> Value {
    json!({"type": "text", "text": {"body": body}})
}
