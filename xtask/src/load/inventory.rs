//! Everything that the product says it has: all messages of all conversations, read over its API.

use super::api::Api;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;

/// A message as the API shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// The product's id.
    pub(crate) id: String,
    /// Sent by the business.
    pub(crate) outgoing: bool,
    /// The text; empty for other kinds.
    pub(crate) text: String,
    /// The state of an outgoing message.
    pub(crate) state: String,
    /// A failed message says why.
    pub(crate) has_reason: bool,
}

impl Message {
    fn parse(value: &Value) -> Result<Self> {
        Ok(Self {
            id: value["id"]
                .as_str()
                .context("a message without id")?
                .to_owned(),
            outgoing: value["direction"] == "out",
            text: value["content"]["body"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            state: value["state"].as_str().unwrap_or_default().to_owned(),
            has_reason: value["failure"]["reason"]
                .as_str()
                .is_some_and(|reason| !reason.is_empty()),
        })
    }
}

/// Readings of the list that may differ before we give up.
const READINGS: usize = 50;

/// All conversations, whatever their status, each once.
///
/// The list is ordered by activity: whoever writes while it is read moves to the top, past the page
/// that is next. It is therefore read until two readings in a row name the same conversations.
pub(crate) async fn conversations(api: &mut Api) -> Result<Vec<Value>> {
    let mut before = BTreeMap::new();
    for _ in 0..READINGS {
        let mut now = BTreeMap::new();
        for status in ["open", "snoozed", "closed"] {
            let path = format!("/api/v1/conversations?view=all&status={status}&");
            for row in api.list(&path).await? {
                let id = row["id"].as_str().context("a conversation without id")?;
                now.insert(id.to_owned(), row);
            }
        }
        if now.keys().eq(before.keys()) {
            return Ok(now.into_values().collect());
        }
        before = now;
    }
    bail!("the list of conversations did not come to rest in {READINGS} readings")
}

/// All messages of one conversation.
pub(crate) async fn thread(api: &mut Api, conversation: &str) -> Result<Vec<Message>> {
    let path = format!("/api/v1/conversations/{conversation}/messages?limit=200");
    let mut messages = Vec::new();
    let mut page = path.clone();
    loop {
        let reply = api.get(&page).await?;
        let Some(data) = reply["data"].as_array() else {
            bail!("GET {page}: no data")
        };
        for value in data {
            messages.push(Message::parse(value)?);
        }
        match reply["before"].as_str() {
            Some(before) if !data.is_empty() => page = format!("{path}&before={before}"),
            _ => return Ok(messages),
        }
    }
}

/// All messages of all conversations.
pub(crate) async fn messages(api: &mut Api) -> Result<Vec<Message>> {
    let mut messages = Vec::new();
    for conversation in conversations(api).await? {
        let id = conversation["id"]
            .as_str()
            .context("a conversation without id")?;
        messages.extend(thread(api, id).await?);
    }
    Ok(messages)
}
