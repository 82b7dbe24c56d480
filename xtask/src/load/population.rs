//! People with an open service window: each has written once, through the simulator, so that the
//! simulator and the product agree that free text may be sent to them.

use super::api::Api;
use super::inventory;
use super::simulator::Simulator;
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// One person and the thread with the business.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// Digits of the number, as in `from` and `to`.
    pub(crate) wa_id: String,
    /// The product's id of the conversation.
    pub(crate) conversation: String,
}

/// Let `count` people write, and wait until the product shows a conversation with each.
pub(crate) async fn settle(
    simulator: &mut Simulator,
    api: &mut Api,
    count: usize,
) -> Result<Vec<Person>> {
    let wanted: Vec<String> = (0..count)
        .map(|number| format!("9172{number:08}"))
        .collect();
    for wa_id in &wanted {
        let body = json!({ "person": format!("+{wa_id}"), "name": format!("Customer {wa_id}"), "text": "Hello" });
        simulator.post("inbound", &body).await?;
    }
    let deadline = Instant::now() + Duration::from_secs(60 + count as u64 / 20);
    loop {
        let mut found = BTreeMap::new();
        for row in inventory::conversations(api).await? {
            let wa_id = row["contact"]["wa_id"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            found.insert(
                wa_id,
                row["id"]
                    .as_str()
                    .context("a conversation without id")?
                    .to_owned(),
            );
        }
        let people: Vec<Person> = wanted
            .iter()
            .filter_map(|wa_id| {
                Some(Person {
                    wa_id: wa_id.clone(),
                    conversation: found.get(wa_id)?.clone(),
                })
            })
            .collect();
        if people.len() == count {
            return Ok(people);
        }
        if Instant::now() > deadline {
            bail!("only {} of {count} people got a conversation", people.len());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
