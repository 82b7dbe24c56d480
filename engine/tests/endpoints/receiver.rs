//! A program that is told: it keeps what it gets and answers as a test says.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::net::TcpListener;

/// What came.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Got {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// What is answered: a status with `Retry-After`, or nothing at all.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Say {
    Status(u16),
    Later(u16, &'static str),
    Nothing,
}

type Script = dyn Fn(&Got, usize) -> Say + Send + Sync;

#[derive(Clone)]
pub(crate) struct Receiver {
    got: Arc<Mutex<Vec<Got>>>,
    script: Arc<Script>,
    pub(crate) url: String,
}

impl Receiver {
    /// Answers as the script says to what came and how much came before it.
    pub(crate) async fn start(script: impl Fn(&Got, usize) -> Say + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            got: Arc::default(),
            script: Arc::new(script),
            url: format!("http://{}", listener.local_addr().unwrap()),
        };
        let router = Router::new().fallback(take).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        receiver
    }

    /// Takes everything.
    pub(crate) async fn willing() -> Self {
        Self::start(|_, _| Say::Status(200)).await
    }

    pub(crate) fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// The types of what came, in its order.
    pub(crate) fn types(&self) -> Vec<String> {
        self.got()
            .iter()
            .map(|got| got.json()["type"].as_str().unwrap().to_owned())
            .collect()
    }
}

async fn take(
    State(receiver): State<Receiver>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let got = Got {
        path: uri.path().to_owned(),
        headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    let before = {
        let mut all = receiver.got.lock().unwrap();
        all.push(got.clone());
        all.len() - 1
    };
    match (receiver.script)(&got, before) {
        Say::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Say::Later(status, when) => (
            StatusCode::from_u16(status).unwrap(),
            [("retry-after", when)],
        )
            .into_response(),
        Say::Nothing => std::future::pending().await,
    }
}
