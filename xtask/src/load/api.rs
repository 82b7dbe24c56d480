//! Wigwag's HTTP API as an outside client sees it: JSON in, JSON out, a key in the header.

use super::http::{self, Client, Reply};
use super::product::Ready;
use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::io;

/// One client with one connection.
pub(crate) struct Api {
    client: Client,
    key: String,
}

impl Api {
    /// A client of the console's address with the key that the binary printed.
    pub(crate) fn new(ready: &Ready) -> Result<Self> {
        Ok(Self {
            client: Client::new(ready.address()?),
            key: format!("Bearer {}", ready.api_key),
        })
    }

    /// `GET path`; anything but 200 is an error with the problem's text.
    pub(crate) async fn get(&mut self, path: &str) -> Result<Value> {
        self.get_as(path).await
    }

    /// `GET path`, reading only what `T` wants.
    pub(crate) async fn get_as<T: DeserializeOwned>(&mut self, path: &str) -> Result<T> {
        let request = http::request("GET", path, &[("authorization", &self.key)], b"");
        let reply = match self.client.exchange(&request).await {
            Ok(reply) => reply,
            // The server may have closed the connection, or been killed, since the last request.
            Err(_) => self
                .client
                .exchange(&request)
                .await
                .with_context(|| format!("GET {path}"))?,
        };
        if reply.status != 200 {
            bail!(
                "GET {path}: {} {}",
                reply.status,
                String::from_utf8_lossy(&reply.body)
            );
        }
        serde_json::from_slice(&reply.body).with_context(|| format!("GET {path}: not as expected"))
    }

    /// `POST path`; anything but 200, 201, 202 and 204 is an error with the problem's text.
    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Result<Value> {
        let reply = self
            .try_post(path, body, None)
            .await
            .with_context(|| format!("POST {path}"))?;
        json(&format!("POST {path}"), &reply, &[200, 201, 202, 204])
    }

    /// `PATCH path`; anything but 200 is an error with the problem's text.
    pub(crate) async fn patch(&mut self, path: &str, body: &Value) -> Result<Value> {
        self.change("PATCH", path, body).await
    }

    /// `PUT path`; anything but 200 is an error with the problem's text.
    pub(crate) async fn put(&mut self, path: &str, body: &Value) -> Result<Value> {
        self.change("PUT", path, body).await
    }

    async fn change(&mut self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let headers = [("authorization", self.key.as_str())];
        let request = http::request(method, path, &headers, body.to_string().as_bytes());
        let reply = self.client.exchange(&request).await;
        let reply = reply.with_context(|| format!("{method} {path}"))?;
        json(&format!("{method} {path}"), &reply, &[200])
    }

    /// `POST path` with an idempotency key, and whatever comes back.
    ///
    /// # Errors
    /// No whole reply came: the request may or may not have been carried out.
    pub(crate) async fn try_post(
        &mut self,
        path: &str,
        body: &Value,
        idempotency: Option<&str>,
    ) -> io::Result<Reply> {
        let mut headers = vec![("authorization", self.key.as_str())];
        headers.extend(idempotency.map(|key| ("idempotency-key", key)));
        let request = http::request("POST", path, &headers, body.to_string().as_bytes());
        self.client.exchange(&request).await
    }

    /// All rows of a list, page by page; `path` ends where `limit` and `cursor` can follow.
    pub(crate) async fn list(&mut self, path: &str) -> Result<Vec<Value>> {
        let mut rows = Vec::new();
        let mut page = format!("{path}limit=200");
        loop {
            let mut reply = self.get(&page).await?;
            match reply["data"].take() {
                Value::Array(data) => rows.extend(data),
                _ => bail!("GET {page}: no data"),
            }
            match reply["next_cursor"].as_str() {
                Some(cursor) => page = format!("{path}limit=200&cursor={cursor}"),
                None => return Ok(rows),
            }
        }
    }
}

/// The body of a reply as JSON, when its status is among `wanted`.
pub(crate) fn json(asked: &str, reply: &Reply, wanted: &[u16]) -> Result<Value> {
    if !wanted.contains(&reply.status) {
        bail!(
            "{asked}: {} {}",
            reply.status,
            String::from_utf8_lossy(&reply.body)
        );
    }
    if reply.body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&reply.body).with_context(|| format!("{asked}: no JSON"))
}
