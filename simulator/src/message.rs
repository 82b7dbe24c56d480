//! Messages of both directions, and how the phone page shows them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// Who wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
    FromPerson,
    FromBusiness,
}

/// A message.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about a message"
)]
pub(crate) struct Message {
    pub(crate) wamid: String,
    pub(crate) number_id: String,
    /// Index of the person.
    pub(crate) person: usize,
    pub(crate) direction: Direction,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) at_us: i64,
    /// `accepted`, `sent`, `delivered`, `read`, `played`, `failed`.
    pub(crate) status: String,
    /// The message object: the request body of a send, or the webhook's message object.
    pub(crate) body: Arc<RawValue>,
    /// Index of the ledger entry, for messages of the business.
    pub(crate) ledger: Option<usize>,
    /// Id of the template that was sent.
    pub(crate) template_id: Option<String>,
    /// The category that Meta charges: a template's, or `service`.
    pub(crate) category: String,
    /// The service window was open when it was accepted.
    pub(crate) in_window: bool,
    pub(crate) free_entry: bool,
    /// Delivery is dropped after this.
    pub(crate) expires_us: i64,
    pub(crate) callback_data: Option<String>,
    /// Sent to the business-scoped user id, not to the number.
    pub(crate) by_user_id: bool,
    pub(crate) failed_code: Option<i64>,
    pub(crate) context: Option<String>,
    /// Emoji by who reacted (`person` or `business`).
    pub(crate) reactions: BTreeMap<String, String>,
    pub(crate) deleted: bool,
    pub(crate) edited: bool,
}

impl Message {
    /// The body as a JSON tree.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(self.body.get()).unwrap_or_default()
    }

    /// A line of text for lists and quotes.
    pub(crate) fn preview(&self) -> String {
        if self.deleted {
            return "This message was deleted".into();
        }
        let body = self.json();
        let content = &body[self.kind.as_str()];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let line = match self.kind.as_str() {
            "text" => text(&content["body"]),
            "image" | "video" | "document" | "audio" | "sticker" => {
                let caption = content["caption"].as_str().or(content["filename"].as_str());
                caption.map_or_else(|| title(&self.kind), str::to_owned)
            }
            "location" => content["name"]
                .as_str()
                .map_or_else(|| "Location".into(), str::to_owned),
            "contacts" => text(&content[0]["name"]["formatted_name"]),
            "reaction" => format!("Reacted {}", content["emoji"].as_str().unwrap_or_default()),
            "button" => text(&content["text"]),
            "interactive" => interactive_preview(content),
            "template" => text(&content["name"]),
            other => title(other),
        };
        line.chars().take(120).collect()
    }

    /// Content in the shape of Meta's message object: only the key of the type.
    pub(crate) fn content(&self) -> Value {
        let mut body = self.json();
        json!({ self.kind.as_str(): body[self.kind.as_str()].take() })
    }

    /// Ids of media in the content.
    pub(crate) fn media_id(&self) -> Option<String> {
        let body = self.json();
        let content = &body[self.kind.as_str()];
        let direct = content["id"].as_str();
        let header = &content["header"];
        let in_header = header["type"]
            .as_str()
            .and_then(|kind| header[kind]["id"].as_str());
        match self.kind.as_str() {
            "image" | "video" | "audio" | "document" | "sticker" => direct.map(str::to_owned),
            "interactive" => in_header.map(str::to_owned),
            _ => None,
        }
    }

    /// A link in the content that the phone can show.
    pub(crate) fn media_link(&self) -> Option<String> {
        let body = self.json();
        let content = &body[self.kind.as_str()];
        let header = &content["header"];
        let in_header = header["type"]
            .as_str()
            .and_then(|kind| header[kind]["link"].as_str());
        content["link"].as_str().or(in_header).map(str::to_owned)
    }
}

fn interactive_preview(content: &Value) -> String {
    ["button_reply", "list_reply"]
        .iter()
        .find_map(|key| content[*key]["title"].as_str())
        .or(content["body"]["text"].as_str())
        .or(content["nfm_reply"]["body"].as_str())
        .unwrap_or("Interactive message")
        .to_owned()
}

fn title(kind: &str) -> String {
    let mut chars = kind.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
