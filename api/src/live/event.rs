//! What an event of the feed says to a client: the row as it is now.
//!
//! An event names a row; its words are read when it is told. Several changes of one row in one
//! batch are therefore told once, with the number of the last.

use std::collections::HashMap;

use serde_json::{Value, json};
use uuid::Uuid;
use wigwag_model::id::Id as _;
use wigwag_model::{
    CampaignId, ContactId, ConversationId, EventId, ImportId, MessageId, NumberId, TemplateId,
};
use wigwag_store::feed::FeedEvent;
use wigwag_store::{conversations, messages};

use crate::Api;
use crate::auth::Caller;
use crate::conversations::Conversation;
use crate::messages::Message;
use crate::problem::Problem;

/// An event in the client's words; `None` when it is about something hidden or gone.
pub(super) async fn words(
    api: &Api,
    caller: &Caller,
    event: &FeedEvent,
) -> Result<Option<Value>, Problem> {
    let kind = event.kind.as_str();
    let found = match kind {
        "conversation.changed" => {
            conversation(api, caller, ConversationId::from_uuid(event.subject)).await
        }
        "message.created" | "message.changed" => message(api, caller, event).await,
        "contact.changed" => {
            Ok(json!({"kind": kind, "contact_id": ContactId::from_uuid(event.subject)}))
        }
        "number.changed" => {
            Ok(json!({"kind": kind, "number_id": NumberId::from_uuid(event.subject)}))
        }
        "template.changed" => {
            Ok(json!({"kind": kind, "template_id": TemplateId::from_uuid(event.subject)}))
        }
        "import.changed" => {
            Ok(json!({"kind": kind, "import_id": ImportId::from_uuid(event.subject)}))
        }
        "campaign.changed" => {
            Ok(json!({"kind": kind, "campaign_id": CampaignId::from_uuid(event.subject)}))
        }
        "event.created" => Ok(json!({"kind": kind, "event_id": EventId::from_uuid(event.subject)})),
        _ => return Ok(None),
    };
    match found {
        Ok(value) => Ok(Some(value)),
        Err(wigwag_store::Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn conversation(
    api: &Api,
    caller: &Caller,
    id: ConversationId,
) -> wigwag_store::Result<Value> {
    let row = conversations::get(api.db(), &caller.scope, id).await?;
    let conversation = Conversation::of(row, api.clock().now());
    Ok(json!({"kind": "conversation.changed", "conversation": conversation}))
}

async fn message(api: &Api, caller: &Caller, event: &FeedEvent) -> wigwag_store::Result<Value> {
    let row = messages::get(
        api.db(),
        caller.scope.workspace,
        MessageId::from_uuid(event.subject),
    )
    .await?;
    conversations::check_visible(api.db(), &caller.scope, row.conversation).await?;
    let (conversation, message) = (row.conversation, Message::of(api, caller, row));
    Ok(json!({"kind": event.kind, "message": message, "conversation_id": conversation}))
}

/// Keeps the last of several changes of one row; a row that is new stays new.
pub(super) fn coalesce(events: Vec<FeedEvent>) -> Vec<FeedEvent> {
    let mut last: HashMap<(String, Uuid), i64> = HashMap::new();
    for event in &events {
        last.insert((noun(&event.kind), event.subject), event.seq);
    }
    let new = |event: &&FeedEvent| event.kind == "message.created";
    let created: Vec<Uuid> = events
        .iter()
        .filter(new)
        .map(|event| event.subject)
        .collect();
    events
        .into_iter()
        .filter(|event| last.get(&(noun(&event.kind), event.subject)) == Some(&event.seq))
        .map(|mut event| {
            if event.kind == "message.changed" && created.contains(&event.subject) {
                "message.created".clone_into(&mut event.kind);
            }
            event
        })
        .collect()
}

fn noun(kind: &str) -> String {
    kind.split('.').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(seq: i64, kind: &str, subject: u128) -> FeedEvent {
        FeedEvent {
            seq,
            kind: kind.to_owned(),
            subject: Uuid::from_u128(subject),
            conversation: None,
        }
    }

    #[test]
    fn one_row_is_told_once_and_a_new_one_as_new() {
        let told = coalesce(vec![
            event(1, "message.created", 7),
            event(2, "conversation.changed", 7),
            event(3, "message.changed", 7),
            event(4, "conversation.changed", 7),
            event(5, "message.changed", 8),
        ]);
        let wanted = [
            event(3, "message.created", 7),
            event(4, "conversation.changed", 7),
            event(5, "message.changed", 8),
        ];
        assert_eq!(told, wanted);
    }
}
