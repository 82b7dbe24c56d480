//! A chat as the phone draws it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Reply, number, person};
use crate::graph::titles::title;
use crate::message::Message;
use crate::state::State as SimState;
use crate::world::World;
use crate::{send, template_send};

/// Query of a thread.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ThreadQuery {
    phone_number_id: Option<String>,
    limit: Option<usize>,
    before: Option<String>,
}

/// `GET /_sim/persons/{id}/thread`.
pub(crate) async fn thread(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    Query(query): Query<ThreadQuery>,
) -> Reply {
    world.with(|state, now_us| {
        let index = person(state, &id)?;
        let number_id = number(state, query.phone_number_id.as_deref(), &world)?;
        let chat = state.chat(&number_id, index).clone();
        let blocked_by_business = state.numbers[&number_id].blocked.contains(&state.people[index].id);
        // Reactions are shown on the message that they are about.
        let shown: Vec<usize> = chat
            .messages
            .iter()
            .copied()
            .filter(|at| visible(&state.messages[*at]))
            .collect();
        let end = match &query.before {
            Some(wamid) => shown.iter().position(|at| state.messages[*at].wamid == *wamid).unwrap_or(shown.len()),
            None => shown.len(),
        };
        let start = end.saturating_sub(query.limit.unwrap_or(100).clamp(1, 1_000));
        let data: Vec<Value> = shown[start..end].iter().map(|at| phone_message(state, *at)).collect();
        Ok(Json(json!({
            "data": data,
            "before": (start > 0).then(|| &state.messages[shown[start]].wamid),
            "window": {"open": chat.open(now_us), "closes_at_us": (chat.service_until_us > 0).then_some(chat.service_until_us)},
            "blocked": chat.blocked || state.people[index].behaviour.blocked,
            "stopped": chat.stopped,
            "blocked_by_business": blocked_by_business,
            "business_read_up_to": chat.business_read_up_to,
        })))
    })
}

/// What the phone draws: reactions, edits and deletions are seen on the message that they are about.
/// What failed is told, with the reason, although it never arrived.
fn visible(message: &Message) -> bool {
    !matches!(
        message.kind.as_str(),
        "reaction" | "edit" | "revoke" | "system"
    )
}

fn media_url(object: &Value) -> Option<String> {
    match object["id"].as_str() {
        Some(id) => Some(format!("/_sim/media/{id}")),
        None => object["link"].as_str().map(str::to_owned),
    }
}

fn phone_message(state: &SimState, at: usize) -> Value {
    let message = &state.messages[at];
    let mut shown = json!({
        "wamid": message.wamid,
        "direction": message.direction,
        "type": message.kind,
        "at_us": message.at_us,
        "status": message.status,
        "content": message.content(),
        "reactions": message.reactions.iter().map(|(from, emoji)| json!({"emoji": emoji, "from": from})).collect::<Vec<_>>(),
        "deleted": message.deleted,
        "edited": message.edited,
    });
    if let Some(template) = send::template_of(state, message) {
        shown["template"] = template_send::render(template, &message.json()["template"], media_url);
    }
    if let Some(code) = message.failed_code {
        shown["error"] = json!({"code": code, "title": title(code).0});
    }
    let media = message
        .media_id()
        .map(|id| format!("/_sim/media/{id}"))
        .or_else(|| message.media_link());
    if let Some(url) = media {
        shown["media_url"] = url.into();
    }
    if let Some(wamid) = &message.context {
        let quoted = state.message(wamid).map(|at| &state.messages[at]);
        shown["context"] = json!({
            "wamid": wamid,
            "preview": quoted.map(|quoted| super::people::preview(state, quoted)),
            "direction": quoted.map(|quoted| quoted.direction),
        });
    }
    shown
}
