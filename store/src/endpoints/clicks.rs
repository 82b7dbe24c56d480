//! Clicks in messages of ours: quick replies of templates and short links that people followed.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;
use wigwag_model::endpoint::Kind;
use wigwag_model::id::Id as _;
use wigwag_model::{MessageId, Timestamp, WorkspaceId};

use super::facts::MessageFacts;
use super::happenings::Happening;
use crate::tx::Subject;
use crate::{Batch, Reader, Result, sql_rows};

/// A click and the message of ours in which it was.
#[derive(Debug, Clone, PartialEq)]
pub struct ClickFacts {
    /// The message.
    pub message: MessageFacts,
    /// What was clicked.
    pub click: Click,
}

/// What was clicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Click {
    /// A quick reply of a template.
    Reply {
        /// Its words.
        text: String,
        /// What the sender gave it to be known by.
        payload: Option<String>,
        /// The message of the contact that it made.
        reply: MessageId,
    },
    /// A short link.
    Link(Followed),
}

/// A short link that was followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followed {
    /// The variable of its button: `button.0.url`.
    pub variable: String,
    /// Where it leads.
    pub url: String,
    /// How often within the moment that was counted together.
    pub count: i64,
}

impl Happening {
    /// A quick reply was pressed, which made this message.
    pub(crate) fn pressed(reply: MessageId, at: Timestamp) -> Self {
        Self {
            at: Some(at),
            ..Self::of(Kind::MessageClicked, reply.uuid())
        }
    }

    /// A short link in a message of ours was followed.
    pub(crate) fn followed(message: MessageId, followed: &Followed, at: Timestamp) -> Self {
        Self {
            detail: serde_json::to_string(followed).ok().map(Into::into),
            at: Some(at),
            ..Self::of(Kind::MessageClicked, message.uuid())
        }
    }
}

/// The messages of ours that these answer: quick replies name theirs by its wamid.
pub(super) async fn answered(
    on: &mut Reader,
    workspace: WorkspaceId,
    replies: Vec<Subject>,
) -> Result<HashMap<Uuid, Uuid>> {
    if replies.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sql_rows(
        "SELECT i.id, m.id FROM {rows} JOIN messages i ON i.workspace_id = {$1} AND i.id = r.id
         JOIN messages m ON m.workspace_id = i.workspace_id AND m.number_id = i.number_id AND m.wamid = i.reply_to_wamid
         WHERE i.direction = 'in' AND m.direction = 'out'",
        Batch::new().ids("id", replies),
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| Ok((row.id::<Subject>(0)?.0, row.id::<Subject>(1)?.0)))
        .collect()
}

/// A click: `subject` is a message of ours with a link, or the answer that a quick reply made.
/// `None` when the message of ours is not known here.
pub(super) fn facts(
    subject: Uuid,
    detail: Option<&str>,
    answered: &HashMap<Uuid, Uuid>,
    message: impl Fn(Uuid) -> Option<MessageFacts>,
) -> Option<ClickFacts> {
    if let Some(detail) = detail {
        return Some(ClickFacts {
            message: message(subject)?,
            click: Click::Link(serde_json::from_str(detail).ok()?),
        });
    }
    let reply = message(subject)?;
    let word = |key: &str| reply.content[key].as_str().map(str::to_owned);
    Some(ClickFacts {
        message: message(*answered.get(&subject)?)?,
        click: Click::Reply {
            text: word("text").unwrap_or_default(),
            payload: word("payload"),
            reply: reply.id,
        },
    })
}

impl ClickFacts {
    /// The words of the button that was clicked, where they are known.
    pub fn button(&self) -> Option<&str> {
        match &self.click {
            Click::Reply { text, .. } => Some(text),
            Click::Link(followed) => shown(&self.message.content, &followed.variable),
        }
    }
}

/// The words of a button of a message, as it was shown; `variable` is that of its address.
fn shown<'c>(content: &'c Value, variable: &str) -> Option<&'c str> {
    let parts: Vec<&str> = variable.split('.').collect();
    let pointer = match parts[..] {
        ["button", button, "url"] => format!("/buttons/{button}/text"),
        ["card", card, "button", button, "url"] => format!("/cards/{card}/buttons/{button}/text"),
        _ => return None,
    };
    content.pointer(&pointer)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_words_of_a_button_are_found_by_its_variable() {
        let content = json!({
            "buttons": [{"text": "Yes"}, {"text": "Shop"}],
            "cards": [{"buttons": [{"text": "Red kite"}]}],
        });
        assert_eq!(shown(&content, "button.1.url"), Some("Shop"));
        assert_eq!(shown(&content, "card.0.button.0.url"), Some("Red kite"));
        for other in ["button.7.url", "body.1", "", "card.1.button.0.url"] {
            assert_eq!(shown(&content, other), None, "{other}");
        }
    }
}
