//! Messages of people.

use std::collections::{BTreeMap, HashSet};

use wigwag_model::id::Id as _;
use wigwag_model::{ConversationId, Kind, MediaId, MessageId, NumberId, WorkspaceId};

use super::conversations::{self, Touch};
use super::items::Inbound;
use super::{opt_out, parked, seqs};
use crate::contacts::{Sighting, find_or_create};
use crate::endpoints::Happening;
use crate::{Batch, Event, Job, Result, Tx, campaigns, sql_rows};

/// How often a file is asked for before it is shown as failed.
const FETCH_TRIES: i64 = 8;

pub(super) async fn apply(tx: &mut Tx, messages: Vec<Inbound>) -> Result<()> {
    let messages = only_new(tx, messages).await?;
    if messages.is_empty() {
        return Ok(());
    }
    let sightings: Vec<Sighting<'_>> = messages
        .iter()
        .map(|message| Sighting {
            workspace: message.workspace,
            person: &message.person,
            seen_at: Some(message.at),
        })
        .collect();
    let found = find_or_create(tx, &sightings, "message").await?;
    let wanted: Vec<_> = messages
        .iter()
        .zip(&found)
        .map(|(message, found)| (message.workspace, found, message.number))
        .collect();
    let threads = conversations::ensure(tx, &wanted).await?;
    let ids: Vec<MessageId> = messages.iter().map(|_| tx.mint().id()).collect();
    let media = media(tx, &messages).await?;
    let seqs = seqs(tx, messages.iter().map(|message| message.workspace)).await?;
    let now = tx.mint().now();
    let rows = Batch::new()
        .ids(
            "workspace_id",
            messages.iter().map(|message| message.workspace),
        )
        .ids("id", ids.iter().copied())
        .ids("conversation_id", threads.iter().copied())
        .ids("contact_id", found.iter().map(|found| found.contact))
        .ids("number_id", messages.iter().map(|message| message.number))
        .texts("kind", messages.iter().map(|message| message.kind.as_str()))
        .texts(
            "content",
            messages.iter().map(|message| message.content.as_str()),
        )
        .opt_ids("media_id", media)
        .texts(
            "wamid",
            messages.iter().map(|message| message.wamid.as_str()),
        )
        .opt_texts(
            "reply_to",
            messages.iter().map(|message| message.reply_to.as_deref()),
        )
        .opt_texts(
            "referral",
            messages.iter().map(|message| message.referral.as_deref()),
        )
        .times("at", messages.iter().map(|message| message.at))
        .ints("seq", messages.iter().map(|message| message.seq))
        .ints("idx", messages.iter().map(|message| message.idx))
        .ints("changed_seq", seqs);
    sql_rows(
        "INSERT INTO messages (workspace_id, id, conversation_id, contact_id, number_id, direction, kind, content, media_id, source,
            wamid, reply_to_wamid, referral, at, seq, idx, created_at, changed_seq)
         SELECT r.workspace_id, r.id, r.conversation_id, r.contact_id, r.number_id, 'in', r.kind, r.content, r.media_id, 'phone',
            r.wamid, r.reply_to, r.referral, r.at, r.seq, r.idx, $1, r.changed_seq FROM {rows}",
        rows,
    )
    .bind(now)
    .execute(tx)
    .await?;
    conversations::touch(tx, touches(&messages, &threads, &ids)).await?;
    // A notice of WhatsApp's is no answer.
    let wrote = messages
        .iter()
        .zip(&found)
        .filter(|(message, _)| message.kind != Kind::System)
        .map(|(message, found)| (message.workspace, found.contact, message.number, message.at));
    campaigns::replied(tx, wrote).await?;
    let taps = messages
        .iter()
        .filter(|message| message.kind == Kind::Button)
        .filter_map(|message| {
            let wamid = message.reply_to.clone()?;
            Some((message.workspace, message.number, wamid, message.at))
        });
    campaigns::tapped(tx, taps).await?;
    let mut by_number: BTreeMap<(WorkspaceId, NumberId), Vec<(String, MessageId)>> =
        BTreeMap::new();
    for ((message, thread), id) in messages.iter().zip(&threads).zip(&ids) {
        let event = Event {
            kind: "message.created",
            subject: id.uuid(),
            conversation: Some(*thread),
        };
        tx.record(message.workspace, event);
        if message.kind == Kind::Button && message.reply_to.is_some() {
            tx.happened(message.workspace, Happening::pressed(*id, message.at));
        }
        by_number
            .entry((message.workspace, message.number))
            .or_default()
            .push((message.wamid.clone(), *id));
    }
    for ((workspace, number), wamids) in by_number {
        parked::apply(tx, workspace, number, &wamids).await?;
    }
    opt_out::apply(tx, &messages, &found, &threads).await
}

/// Drops what is there already and what the batch holds twice.
async fn only_new(tx: &mut Tx, messages: Vec<Inbound>) -> Result<Vec<Inbound>> {
    let mut seen = HashSet::new();
    let messages: Vec<Inbound> = messages
        .into_iter()
        .filter(|message| seen.insert((message.workspace, message.number, message.wamid.clone())))
        .collect();
    if messages.is_empty() {
        return Ok(messages);
    }
    let rows = Batch::new()
        .ids(
            "workspace_id",
            messages.iter().map(|message| message.workspace),
        )
        .ids("number_id", messages.iter().map(|message| message.number))
        .texts(
            "wamid",
            messages.iter().map(|message| message.wamid.as_str()),
        );
    let known = sql_rows(
        "SELECT r.ord FROM {rows} JOIN messages m
           ON m.workspace_id = r.workspace_id AND m.number_id = r.number_id AND m.wamid = r.wamid",
        rows,
    )
    .fetch_all(tx)
    .await?;
    let known = known
        .iter()
        .map(|row| row.int(0))
        .collect::<Result<HashSet<i64>>>()?;
    Ok((0_i64..)
        .zip(messages)
        .filter(|(at, _)| !known.contains(at))
        .map(|(_, message)| message)
        .collect())
}

/// Makes the rows of the files that came along and asks for them to be fetched.
async fn media(tx: &mut Tx, messages: &[Inbound]) -> Result<Vec<Option<MediaId>>> {
    let ids: Vec<Option<MediaId>> = messages
        .iter()
        .map(|message| message.media.as_ref().map(|_| tx.mint().id()))
        .collect();
    let new: Vec<_> = messages
        .iter()
        .zip(&ids)
        .filter_map(|(message, id)| Some((message, message.media.as_ref()?, (*id)?)))
        .collect();
    if new.is_empty() {
        return Ok(ids);
    }
    let now = tx.mint().now();
    let rows = Batch::new()
        .ids(
            "workspace_id",
            new.iter().map(|(message, ..)| message.workspace),
        )
        .ids("id", new.iter().map(|(.., id)| *id))
        .texts("kind", new.iter().map(|(_, media, _)| media.kind.as_str()))
        .texts(
            "mime_type",
            new.iter().map(|(_, media, _)| media.mime_type.as_str()),
        )
        .opt_texts(
            "filename",
            new.iter().map(|(_, media, _)| media.filename.as_deref()),
        )
        .opt_bytes(
            "sha256",
            new.iter().map(|(_, media, _)| media.sha256.clone()),
        )
        .ids("number_id", new.iter().map(|(message, ..)| message.number))
        .texts(
            "meta_media_id",
            new.iter().map(|(_, media, _)| media.meta_media_id.as_str()),
        );
    sql_rows(
        "INSERT INTO media (workspace_id, id, kind, mime_type, filename, sha256, state, number_id, meta_media_id, created_at)
         SELECT r.workspace_id, r.id, r.kind, r.mime_type, r.filename, r.sha256, 'pending', r.number_id, r.meta_media_id, $1 FROM {rows}",
        rows,
    )
    .bind(now)
    .execute(tx)
    .await?;
    for (message, _, id) in new {
        let workspace = message.workspace;
        tx.enqueue(Job {
            kind: "media.fetch",
            workspace: Some(workspace),
            payload: format!("{{\"workspace\":\"{workspace}\",\"media\":\"{id}\"}}"),
            run_at: now,
            dedupe_key: Some(format!("media.fetch:{}", id.uuid())),
            max_tries: FETCH_TRIES,
        });
    }
    Ok(ids)
}

/// Sums up what the messages do to their conversations.
fn touches(
    messages: &[Inbound],
    threads: &[ConversationId],
    ids: &[MessageId],
) -> BTreeMap<ConversationId, Touch> {
    let mut touches: BTreeMap<ConversationId, Touch> = BTreeMap::new();
    for ((message, thread), id) in messages.iter().zip(threads).zip(ids) {
        let order = (message.at, message.seq, message.idx);
        let touch = touches.entry(*thread).or_insert_with(|| Touch {
            workspace: message.workspace,
            count: 0,
            wrote: None,
            last: *id,
            order,
            kind: message.kind,
            preview: message.preview.clone(),
        });
        // A notice of WhatsApp's is nothing that the person wrote: it opens no window and waits
        // for no answer.
        if message.kind != Kind::System {
            touch.count += 1;
            if touch
                .wrote
                .as_ref()
                .is_none_or(|(latest, _)| order >= *latest)
            {
                touch.wrote = Some((order, message.wamid.clone()));
            }
        }
        if order > touch.order {
            touch.last = *id;
            touch.order = order;
            touch.kind = message.kind;
            touch.preview.clone_from(&message.preview);
        }
    }
    touches
}
