//! The simulator as a process of its own, outside what is killed and measured, and its control plane.

use super::api::{Api, json};
use super::http::{self, Client};
use super::product::{Product, address_of};
use crate::postgres::free_port;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use tokio::time::Instant;

/// A running simulator.
pub(crate) struct Simulator {
    client: Client,
    url: String,
    access_token: String,
    _process: Product,
}

impl Simulator {
    /// Start `wigwag simulator` on a free port with its data below `folder`.
    pub(crate) fn start(binary: &Path, folder: &Path) -> Result<Self> {
        let port = free_port()?;
        let data = folder.join("simulator");
        std::fs::create_dir_all(&data)?;
        let arguments = [
            "simulator".to_owned(),
            format!("--port={port}"),
            format!("--data={}", data.display()),
            "--json".to_owned(),
        ];
        let (process, printed): (_, Value) =
            Product::start(binary, &arguments, &folder.join("simulator.log"))?;
        let url = format!("http://127.0.0.1:{port}");
        let access_token = printed["access_token"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        Ok(Self {
            client: Client::new(address_of(&url)?),
            url,
            access_token,
            _process: process,
        })
    }

    /// Its address.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The token for its Graph API.
    pub(crate) fn token(&self) -> &str {
        &self.access_token
    }

    /// Stop nobody for who they are and how many: no pair rate, no limit of people per day.
    pub(crate) async fn lift_limits(&mut self) -> Result<()> {
        let faults = json!({ "no_pair_limit": true, "messaging_limit_code": 0 });
        self.post("faults", &faults).await?;
        let portfolios = self.get("portfolios").await?;
        for portfolio in portfolios["data"].as_array().into_iter().flatten() {
            let id = portfolio["id"].as_str().context("a portfolio without id")?;
            let limit = json!({ "messaging_limit": "TIER_UNLIMITED" });
            self.post(&format!("portfolios/{id}"), &limit).await?;
        }
        Ok(())
    }

    /// Wait until the product has read the number as it is here.
    pub(crate) async fn told(&mut self, api: &mut Api) -> Result<()> {
        api.post("/api/v1/numbers/sync", &json!({})).await?;
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let numbers = api.get("/api/v1/numbers").await?;
            let number = &numbers["data"][0];
            let unlimited = number["messaging_limit"].is_null();
            if number["throughput_per_second"].as_u64() > Some(80) && unlimited {
                return Ok(());
            }
            if Instant::now() > deadline {
                anyhow::bail!("the product did not learn of the raised number: {number}");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// `GET /_sim/…`
    pub(crate) async fn get(&mut self, path: &str) -> Result<Value> {
        let path = format!("/_sim/{path}");
        let reply = self
            .client
            .exchange(&http::request("GET", &path, &[], b""))
            .await
            .with_context(|| path.clone())?;
        json(&path, &reply, &[200])
    }

    /// `POST /_sim/…`
    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Result<Value> {
        let path = format!("/_sim/{path}");
        let request = http::request("POST", &path, &[], body.to_string().as_bytes());
        let reply = self
            .client
            .exchange(&request)
            .await
            .with_context(|| path.clone())?;
        json(&path, &reply, &[200, 201, 202, 204])
    }

    /// Send a message straight to its Graph API, as somebody with the access token could.
    pub(crate) async fn send(&mut self, phone_number_id: &str, body: &Value) -> Result<()> {
        let path = format!("/v23.0/{phone_number_id}/messages");
        let token = format!("Bearer {}", self.access_token);
        let request = http::request(
            "POST",
            &path,
            &[("authorization", &token)],
            body.to_string().as_bytes(),
        );
        let reply = self
            .client
            .exchange(&request)
            .await
            .with_context(|| path.clone())?;
        json(&path, &reply, &[200])?;
        Ok(())
    }

    /// Every entry of the ledger that came after `seq`.
    pub(crate) async fn ledger(&mut self, mut seq: i64) -> Result<Vec<Value>> {
        let mut entries = Vec::new();
        loop {
            let mut page = self
                .get(&format!("ledger?after_seq={seq}&limit=1000"))
                .await?;
            let Value::Array(data) = page["data"].take() else {
                anyhow::bail!("ledger: no data")
            };
            match data.last().and_then(|entry| entry["seq"].as_i64()) {
                Some(last) => seq = last,
                None => return Ok(entries),
            }
            entries.extend(data);
        }
    }

    /// Lift a number's throughput, so that the lane and not the limit is measured.
    pub(crate) async fn raise_throughput(
        &mut self,
        phone_number_id: &str,
        per_second: u32,
    ) -> Result<()> {
        self.post(
            &format!("numbers/{phone_number_id}"),
            &json!({ "throughput_mps": per_second }),
        )
        .await?;
        Ok(())
    }
}
