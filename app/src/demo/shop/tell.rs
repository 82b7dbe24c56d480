//! Telling the story to both sides: the simulator's phones get their threads, the database its
//! contacts, conversations and messages, under the same message ids.

use std::collections::HashMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use wigwag_model::content::preview;
use wigwag_model::{
    ContactId, ConversationId, Kind, MemberId, MessageState, NumberId, Role, Scope, Timestamp,
    WorkspaceId,
};
use wigwag_store::conversations::{self, Status as Stands};
use wigwag_store::ingest::{self, Inbound, Items, Mark, MarkKind};
use wigwag_store::messages::past::{self, Past};
use wigwag_store::templates::{self, Template};
use wigwag_store::{Db, Priority};

use super::orders;
use super::people::{Page, Someone, describe, meet, person};
use super::story::{Line, Status, Thread, Words};
use super::words;
use crate::demo::control::Control;
use crate::failure::{Outcome, failed};

/// Where the story takes place.
pub(super) struct Stage<'s> {
    pub(super) db: &'s Db,
    pub(super) control: Control,
    pub(super) workspace: WorkspaceId,
    pub(super) number: NumberId,
    pub(super) portfolio_id: String,
    /// The members by the first part of their addresses.
    pub(super) members: HashMap<&'static str, MemberId>,
    pub(super) owner: MemberId,
}

#[derive(Deserialize)]
struct PlantedThread {
    messages: Vec<Planted>,
}

/// A message as the simulator planted it.
#[derive(Deserialize)]
struct Planted {
    wamid: String,
    r#type: String,
    object: Value,
}

/// Tells everything: all people become contacts, some have conversations.
///
/// # Errors
/// What the database or the simulator says.
pub(super) async fn tell(stage: &Stage<'_>, story: Vec<Thread>) -> Outcome {
    let people: Page<Someone> = stage.control.get("persons?limit=500").await?;
    let contacts = meet(stage, &people.data).await?;
    let known: HashMap<&str, (&Someone, ContactId)> = people
        .data
        .iter()
        .zip(&contacts)
        .map(|(someone, contact)| (someone.name.as_str(), (someone, *contact)))
        .collect();
    // Somebody else's simulator may have other people: their part of the story is left out.
    let threads: Vec<(Thread, &Someone, ContactId)> = story
        .into_iter()
        .filter_map(|thread| {
            let (someone, contact) = known.get(thread.person.as_str()).copied()?;
            Some((thread, someone, contact))
        })
        .collect();
    let templates = list_templates(stage).await?;
    let now = stage.db.mint().now();
    let mut shown: Vec<Vec<Option<Value>>> = Vec::new();
    let mut conversations = Vec::new();
    for (thread, someone, _) in &threads {
        let (told, contents) = script(thread, now, &templates)?;
        conversations.push(json!({"person": someone.id, "messages": told}));
        shown.push(contents);
    }
    let planted: Page<PlantedThread> = stage
        .control
        .post("history", &json!({"conversations": conversations}))
        .await?;
    let parts = threads.iter().zip(shown).zip(planted.data);
    // At the same time, so that they share the commits.
    let written = parts.map(|(((thread, someone, contact), contents), planted)| {
        let part = Part {
            thread,
            someone,
            contact: *contact,
            contents,
            planted: planted.messages,
            now,
            templates: &templates,
        };
        write(stage, part)
    });
    futures::future::try_join_all(written).await?;
    orders::tell(stage, &contacts, now).await
}

async fn list_templates(stage: &Stage<'_>) -> Outcome<HashMap<(String, String), Template>> {
    let filter = templates::Filter::default();
    let (all, _) = templates::list(stage.db, stage.workspace, &filter, None, 200).await?;
    Ok(all
        .into_iter()
        .map(|row| ((row.name.clone(), row.language.clone()), row))
        .collect())
}

fn at(line: &Line, now: Timestamp) -> Timestamp {
    // Meta tells whole seconds.
    let then = now.minus(Duration::from_mins(line.ago));
    Timestamp::from_seconds(then.as_micros() / 1_000_000)
}

/// A thread for the simulator, and the contents that differ from what it plants.
fn script(
    thread: &Thread,
    now: Timestamp,
    templates: &HashMap<(String, String), Template>,
) -> Outcome<(Vec<Value>, Vec<Option<Value>>)> {
    let first_unread = thread.messages.len() - thread.unread;
    let (mut told, mut contents) = (Vec::new(), Vec::new());
    for (place, line) in thread.messages.iter().enumerate() {
        let inbound = line.r#in.is_some();
        let Some(said) = line.r#in.as_ref().or(line.out.as_ref()) else {
            continue;
        };
        let (message, content) = match said {
            Words::Text(text) => (json!({"type": "text", "text": {"body": text}}), None),
            Words::Message(message) => (message.clone(), None),
            Words::Template {
                template,
                language,
                values,
            } => {
                let row = templates
                    .get(&(template.clone(), language.clone()))
                    .ok_or_else(|| failed(format!("the simulator has no template {template}")))?;
                let (meta, shown) = words::template(row, values);
                (meta, Some(shown))
            }
        };
        let status = match &line.state {
            Some(state) => state.as_str(),
            // The business has it and nobody has looked yet: two grey ticks on the phone.
            None if inbound && place >= first_unread => "delivered",
            None => "read",
        };
        told.push(json!({
            "from": if inbound { "person" } else { "business" },
            "at_us": at(line, now).as_micros(),
            "message": message,
            "status": status,
            "code": line.code,
            "reply_to": line.reply_to,
            "reaction": line.reaction,
        }));
        contents.push(content);
    }
    Ok((told, contents))
}

/// A thread with all that is needed to write it down.
struct Part<'p> {
    thread: &'p Thread,
    someone: &'p Someone,
    contact: ContactId,
    contents: Vec<Option<Value>>,
    planted: Vec<Planted>,
    now: Timestamp,
    templates: &'p HashMap<(String, String), Template>,
}

/// Writes a thread into the database, in the order in which it came to be what it is.
async fn write(stage: &Stage<'_>, part: Part<'_>) -> Outcome {
    let workspace = stage.workspace;
    let (conversation, _) =
        conversations::open(stage.db, workspace, part.contact, stage.number).await?;
    let (mut read, mut unread, mut sent, mut marks) = (
        Items::default(),
        Items::default(),
        Vec::new(),
        Items::default(),
    );
    let first_unread = part.thread.messages.len() - part.thread.unread;
    for (place, line) in part.thread.messages.iter().enumerate() {
        let Some(planted) = part.planted.get(place) else {
            continue;
        };
        let reply_to = line
            .reply_to
            .and_then(|earlier| part.planted.get(earlier))
            .map(|earlier| earlier.wamid.clone());
        if line.out.is_some() {
            let past = past_of(stage, &part, line, place, conversation, reply_to)?;
            sent.push(past);
            if let Some(emoji) = &line.reaction {
                marks.marks.push(Mark {
                    workspace,
                    number: stage.number,
                    wamid: planted.wamid.clone(),
                    at: at(line, part.now),
                    kind: MarkKind::Reaction {
                        emoji: Some(emoji.clone()),
                    },
                });
            }
        } else {
            let items = if place < first_unread {
                &mut read
            } else {
                &mut unread
            };
            items
                .messages
                .push(inbound_of(stage, &part, line, place, reply_to));
        }
    }
    let applied = |items: Items| async move {
        stage
            .db
            .write(Priority::Background, move |tx| {
                Box::pin(async move { ingest::apply_items(tx, items).await })
            })
            .await
    };
    applied(read).await?;
    let written = stage.db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            for past in sent {
                past::remember(tx, workspace, past).await?;
            }
            Ok(())
        })
    });
    written.await?;
    applied(marks).await?;
    let scope = Scope::member(workspace, stage.owner, Role::Owner);
    conversations::mark_read(stage.db, &scope, conversation).await?;
    applied(unread).await?;
    stand(stage, &scope, conversation, part.thread, part.now).await?;
    describe(stage, part.contact, part.thread).await
}

fn inbound_of(
    stage: &Stage<'_>,
    part: &Part<'_>,
    line: &Line,
    place: usize,
    reply_to: Option<String>,
) -> Inbound {
    let planted = &part.planted[place];
    let (kind, content, media) = words::planted(&planted.r#type, &planted.object);
    Inbound {
        workspace: stage.workspace,
        number: stage.number,
        person: person(part.someone, &stage.portfolio_id),
        wamid: planted.wamid.clone(),
        kind,
        preview: preview(kind, &content),
        content: content.to_string(),
        media,
        reply_to,
        referral: None,
        opt: None,
        at: at(line, part.now),
        seq: 0,
        idx: i64::try_from(place).unwrap_or(0),
    }
}

fn past_of(
    stage: &Stage<'_>,
    part: &Part<'_>,
    line: &Line,
    place: usize,
    conversation: ConversationId,
    reply_to: Option<String>,
) -> Outcome<Past> {
    let planted = &part.planted[place];
    let (kind, content, media) = match part.contents.get(place).and_then(Option::as_ref) {
        Some(shown) => (Kind::Template, shown.clone(), None),
        None => words::planted(&planted.r#type, &planted.object),
    };
    let template = match &line.out {
        Some(Words::Template {
            template, language, ..
        }) => part
            .templates
            .get(&(template.clone(), language.clone()))
            .map(|row| (row.id, row.category.clone())),
        _ => None,
    };
    let state = match line.state.as_deref() {
        None | Some("read") => MessageState::Read,
        Some("sent") => MessageState::Sent,
        Some("delivered") => MessageState::Delivered,
        Some("failed") => MessageState::Failed,
        Some(other) => return Err(failed(format!("the demo's story: no state {other}"))),
    };
    let author = line
        .by
        .as_deref()
        .and_then(|name| stage.members.get(name).copied());
    let failure = line.code.map(|code| {
        let reason = wigwag_meta::classify::lookup(code).map_or("meta_refused", |info| info.reason);
        (code, reason.to_owned())
    });
    Ok(Past {
        conversation,
        kind,
        preview: preview(kind, &content),
        content: content.to_string(),
        media,
        source: if author.is_some() { "composer" } else { "api" },
        author,
        wamid: planted.wamid.clone(),
        reply_to,
        template,
        state,
        failure,
        at: at(line, part.now),
    })
}

/// Assigns, closes or snoozes.
async fn stand(
    stage: &Stage<'_>,
    scope: &Scope,
    conversation: ConversationId,
    thread: &Thread,
    now: Timestamp,
) -> Outcome {
    if let Some(name) = &thread.assignee {
        let member = stage.members.get(name.as_str()).copied();
        conversations::assign(stage.db, scope, conversation, member).await?;
    }
    let (status, until) = match thread.status {
        Status::Open => return Ok(()),
        Status::Closed => (Stands::Closed, None),
        Status::Snoozed => {
            let minutes = thread.snoozed_for.unwrap_or(1_440);
            (
                Stands::Snoozed,
                Some(now.plus(Duration::from_mins(minutes))),
            )
        }
    };
    Ok(conversations::set_status(stage.db, scope, conversation, status, until).await?)
}
