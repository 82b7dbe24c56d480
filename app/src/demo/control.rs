//! The simulator's control plane, asked by HTTP.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;
use wigwag_meta::http;

use crate::failure::{Outcome, failed};

/// The event stream says something at least every 15 s.
const SILENCE: Duration = Duration::from_secs(45);
/// How long a call may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks the control plane of a simulator.
#[derive(Clone)]
pub(super) struct Control {
    http: reqwest::Client,
    base: String,
}

impl Control {
    /// Of the simulator at `url`.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub(super) fn of(url: &str) -> Outcome<Self> {
        let options = http::Options {
            timeout: None,
            read_timeout: Some(SILENCE),
            system_proxy: false,
            ..http::Options::default()
        };
        Ok(Self {
            http: http::client(&options).map_err(|error| failed(error.to_string()))?,
            base: format!("{}/_sim", url.trim_end_matches('/')),
        })
    }

    /// `GET /_sim/path`.
    ///
    /// # Errors
    /// When nothing answers, or something that is no simulator.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Outcome<T> {
        self.read(self.http.get(self.url(path))).await
    }

    /// `POST /_sim/path`.
    ///
    /// # Errors
    /// When nothing answers, or it refuses.
    pub(super) async fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Outcome<T> {
        self.read(self.http.post(self.url(path)).json(body)).await
    }

    /// Begins a stream of events.
    ///
    /// # Errors
    /// When nothing answers.
    pub(super) async fn stream(&self, path: &str) -> Outcome<reqwest::Response> {
        let request = self.http.get(self.url(path));
        request.send().await.map_err(|error| self.wrong(error))
    }

    fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }

    async fn read<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Outcome<T> {
        let answer = request.timeout(PATIENCE).send().await;
        let answer = answer.map_err(|error| self.wrong(error))?;
        if answer.status().is_client_error() && answer.status().as_u16() != 404 {
            let text = answer.text().await.unwrap_or_default();
            return Err(failed(format!("the simulator refuses: {text}")));
        }
        let answer = answer.error_for_status();
        let answer = answer.map_err(|error| self.wrong(error))?;
        answer.json().await.map_err(|error| self.wrong(error))
    }

    fn wrong(&self, error: reqwest::Error) -> crate::failure::Failure {
        failed(format!(
            "{} does not answer as a wigwag simulator ({}): is `wigwag simulator` running there?",
            self.base,
            error.without_url()
        ))
    }
}
