//! A campaign as an outside client drives it: written, sent, paused, resumed, and read back.

use super::api::Api;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// The template that most campaigns of the proofs send: utility, so that nobody needs to have agreed.
pub(crate) const TEMPLATE: &str = "order_confirmed";
/// A marketing template, for what a no must stop.
pub(crate) const OFFER: &str = "festival_offer";

/// One campaign.
#[derive(Debug, Clone)]
pub(crate) struct Campaign {
    /// Its path below `/api/v1`.
    path: String,
}

/// Who gets it, and what became of that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recipient {
    /// Digits of the number.
    pub(crate) wa_id: String,
    /// The state as shown.
    pub(crate) state: String,
    /// Whether there is a reason.
    pub(crate) has_reason: bool,
}

impl Campaign {
    /// A campaign to everybody who was made through the API, from the one number, with neither canary nor brakes, which hold a
    /// campaign that goes wrong: here things go wrong on purpose. `undo` seconds pass before the first
    /// message; `rate` messages leave per second at most, else as many as the number may.
    pub(crate) async fn prepare(
        api: &mut Api,
        name: &str,
        undo: u32,
        rate: Option<u32>,
    ) -> Result<Self> {
        Self::of_template(api, TEMPLATE, name, undo, rate).await
    }

    /// The same with one of the two templates; `name` is what one of its variables says.
    pub(crate) async fn of_template(
        api: &mut Api,
        template: &str,
        name: &str,
        undo: u32,
        rate: Option<u32>,
    ) -> Result<Self> {
        let variables = if template == OFFER {
            json!({
                "body.1": { "from": "field", "key": "name", "fallback": "there" },
                "button.0.code": { "from": "constant", "value": name },
            })
        } else {
            json!({
                "body.1": { "from": "field", "key": "name", "fallback": "there" },
                "body.2": { "from": "constant", "value": name },
                "button.0.url": { "from": "constant", "value": "1042" },
            })
        };
        let numbers = api.get("/api/v1/numbers").await?;
        let number = numbers["data"][0]["id"].as_str().context("no number")?;
        let templates = api.list("/api/v1/templates?").await?;
        let template = templates
            .iter()
            .find(|row| row["name"] == template && row["language"] == "en_US")
            .and_then(|row| row["id"].as_str())
            .context("no template")?;
        let draft = api
            .post("/api/v1/campaigns", &json!({ "name": name }))
            .await?;
        let id = draft["id"].as_str().context("a campaign without id")?;
        let campaign = Self {
            path: format!("/api/v1/campaigns/{id}"),
        };
        let changes = json!({
            "version": draft["version"],
            "number_id": number,
            "template_id": template,
            "audience": { "field": { "name": "source", "is": { "eq": "api" } } },
            "variables": variables,
            "schedule": { "when": "now" },
            "settings": {
                "undo_seconds": undo,
                "canary": null,
                "rate_per_second": rate,
                "brakes": { "failure_percent": null, "opt_out_percent": null, "quality_red": false },
            },
        });
        api.patch(&campaign.path, &changes).await?;
        Ok(campaign)
    }

    /// Send it to as many as the review says are eligible; how many those are.
    pub(crate) async fn send(&self, api: &mut Api) -> Result<u64> {
        let review = api.get(&format!("{}/review", self.path)).await?;
        let eligible = review["eligible"].as_u64().context("no count")?;
        let body = json!({ "confirm_count": eligible });
        api.post(&format!("{}/send", self.path), &body).await?;
        Ok(eligible)
    }

    /// `pause`, `resume`, `stop`.
    pub(crate) async fn tell(&self, api: &mut Api, word: &str) -> Result<Value> {
        api.post(&format!("{}/{word}", self.path), &json!({})).await
    }

    /// The campaign as it is shown.
    pub(crate) async fn show(&self, api: &mut Api) -> Result<Value> {
        api.get(&self.path).await
    }

    /// The counts as they are shown, by state.
    pub(crate) async fn counts(&self, api: &mut Api) -> Result<BTreeMap<String, u64>> {
        Ok(counts(&self.show(api).await?))
    }

    /// Wait until a state is shown.
    pub(crate) async fn until(
        &self,
        api: &mut Api,
        wanted: &[&str],
        within: Duration,
    ) -> Result<Value> {
        let deadline = Instant::now() + within;
        loop {
            let shown = self.show(api).await?;
            if wanted.iter().any(|state| shown["state"] == *state) {
                return Ok(shown);
            }
            if Instant::now() > deadline {
                bail!(
                    "the campaign is still {} and not {wanted:?}: {shown}",
                    shown["state"]
                );
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Everybody, with what became of it.
    pub(crate) async fn recipients(&self, api: &mut Api) -> Result<Vec<Recipient>> {
        let rows = api.list(&format!("{}/recipients?", self.path)).await?;
        Ok(rows.iter().map(Recipient::parse).collect())
    }
}

impl Recipient {
    fn parse(row: &Value) -> Self {
        let phone = row["phone"].as_str().unwrap_or_default();
        Self {
            wa_id: phone.chars().filter(char::is_ascii_digit).collect(),
            state: row["state"].as_str().unwrap_or_default().to_owned(),
            has_reason: row["reason"]
                .as_str()
                .is_some_and(|reason| !reason.is_empty()),
        }
    }
}

/// The counts of a campaign that was read, by state; those beside (replied and the like) left out.
pub(crate) fn counts(shown: &Value) -> BTreeMap<String, u64> {
    let beside = ["replied", "clicked", "converted", "opted_out"];
    shown["counts"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(state, _)| !beside.contains(&state.as_str()))
        .filter_map(|(state, count)| Some((state.clone(), count.as_u64()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipients_and_counts_are_read() {
        let row = json!({"phone": "+91 98123", "state": "failed", "reason": "undeliverable"});
        let read = Recipient::parse(&row);
        assert_eq!((read.wa_id.as_str(), read.has_reason), ("9198123", true));
        let shown = json!({"counts": {"read": 3, "skipped": 1, "replied": 2}});
        let wanted = BTreeMap::from([("read".to_owned(), 3), ("skipped".to_owned(), 1)]);
        assert_eq!(counts(&shown), wanted);
    }
}
