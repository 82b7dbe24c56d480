//! Reactions, edits and revocations: applied to the message they are on, or parked until it is
//! known.

use std::collections::BTreeMap;

use wigwag_model::id::Id as _;
use wigwag_model::{ConversationId, MessageId, Timestamp, WorkspaceId};

use super::items::{Mark, MarkKind};
use super::{locking, parked, seqs as feed_places};
use crate::{Batch, Error, Event, Result, Tx, sql_rows, sql_rows_owned};

/// A mark whose message is known.
pub(super) struct Placed {
    pub(super) workspace: WorkspaceId,
    pub(super) message: MessageId,
    pub(super) conversation: ConversationId,
    pub(super) at: Timestamp,
    pub(super) kind: MarkKind,
}

pub(super) async fn apply(tx: &mut Tx, marks: Vec<Mark>) -> Result<()> {
    if marks.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ids("workspace_id", marks.iter().map(|mark| mark.workspace))
        .ids("number_id", marks.iter().map(|mark| mark.number))
        .texts("wamid", marks.iter().map(|mark| mark.wamid.as_str()));
    let text = "SELECT r.ord, m.id, m.conversation_id FROM {rows} JOIN messages m
           ON m.workspace_id = r.workspace_id AND m.number_id = r.number_id AND m.wamid = r.wamid";
    let known = sql_rows_owned(
        locking(text, tx.dialect(), "m.workspace_id, m.id", "m"),
        rows,
    )
    .fetch_all(tx)
    .await?;
    let known = known
        .iter()
        .map(|row| Ok((row.int(0)?, (row.id(1)?, row.id(2)?))))
        .collect::<Result<BTreeMap<i64, (MessageId, ConversationId)>>>()?;
    let mut placed = Vec::new();
    let mut unplaced: Vec<parked::Waiting> = Vec::new();
    for (at, mark) in (0_i64..).zip(marks) {
        if let Some((message, conversation)) = known.get(&at) {
            let (message, conversation) = (*message, *conversation);
            placed.push(Placed {
                workspace: mark.workspace,
                message,
                conversation,
                at: mark.at,
                kind: mark.kind,
            });
        } else {
            let kind = match &mark.kind {
                MarkKind::Reaction { .. } => "reaction",
                MarkKind::Edit { .. } => "edit",
                MarkKind::Revoke => "revoke",
            };
            let payload = parked::Payload::Mark {
                at: mark.at.as_micros(),
                mark: mark.kind,
            };
            let payload =
                serde_json::to_string(&payload).map_err(|error| Error::Db(Box::new(error)))?;
            let kind = format!("{kind}.{}", mark.at.as_micros());
            unplaced.push((mark.workspace, mark.number, mark.wamid, kind, payload));
        }
    }
    parked::park(tx, unplaced).await?;
    place(tx, placed).await
}

/// Puts marks on their messages. Later ones win; equal ones change nothing.
pub(super) async fn place(tx: &mut Tx, mut placed: Vec<Placed>) -> Result<()> {
    if placed.is_empty() {
        return Ok(());
    }
    placed.sort_by_key(|mark| mark.at);
    reactions(tx, &placed).await?;
    let mut seqs: BTreeMap<MessageId, (WorkspaceId, ConversationId)> = BTreeMap::new();
    let mut edits: BTreeMap<MessageId, (&Placed, Option<&str>)> = BTreeMap::new();
    let mut revokes: BTreeMap<MessageId, &Placed> = BTreeMap::new();
    for mark in &placed {
        seqs.insert(mark.message, (mark.workspace, mark.conversation));
        match &mark.kind {
            MarkKind::Edit { content, .. } => {
                edits.insert(mark.message, (mark, content.as_deref()));
            }
            MarkKind::Revoke => {
                revokes.insert(mark.message, mark);
            }
            MarkKind::Reaction { .. } => {}
        }
    }
    let changed = feed_places(tx, seqs.values().map(|(workspace, _)| *workspace)).await?;
    let edited = |id: &MessageId| edits.get(id).map(|(mark, _)| mark.at);
    let rows = Batch::new()
        .ids(
            "workspace_id",
            seqs.values().map(|(workspace, _)| *workspace),
        )
        .ids("id", seqs.keys().copied())
        .opt_times("edited_at", seqs.keys().map(edited))
        .opt_texts(
            "content",
            seqs.keys()
                .map(|id| edits.get(id).and_then(|(_, content)| *content)),
        )
        .opt_times(
            "revoked_at",
            seqs.keys().map(|id| revokes.get(id).map(|mark| mark.at)),
        )
        .ints("changed_seq", changed);
    sql_rows(
        "UPDATE messages SET changed_seq = r.changed_seq, 
            edited_at = CASE WHEN r.edited_at < messages.edited_at THEN messages.edited_at ELSE COALESCE(r.edited_at, messages.edited_at) END,
            content = CASE WHEN COALESCE(r.edited_at, 0) >= COALESCE(messages.edited_at, 0) THEN COALESCE(r.content, messages.content)
                      ELSE messages.content END,
            revoked_at = COALESCE(messages.revoked_at, r.revoked_at)
         FROM {rows} WHERE messages.workspace_id = r.workspace_id AND messages.id = r.id",
        rows,
    )
    .execute(tx)
    .await?;
    previews(tx, &placed).await?;
    for (message, (workspace, conversation)) in seqs {
        let event = Event {
            kind: "message.changed",
            subject: message.uuid(),
            conversation: Some(conversation),
        };
        tx.record(workspace, event);
    }
    Ok(())
}

async fn reactions(tx: &mut Tx, placed: &[Placed]) -> Result<()> {
    let mut last: BTreeMap<MessageId, (&Placed, &str)> = BTreeMap::new();
    for mark in placed {
        if let MarkKind::Reaction { emoji } = &mark.kind {
            last.insert(mark.message, (mark, emoji.as_deref().unwrap_or_default()));
        }
    }
    if last.is_empty() {
        return Ok(());
    }
    // A reaction taken back stays as an empty one, so that a late older one does not return.
    let rows = Batch::new()
        .ids(
            "workspace_id",
            last.values().map(|(mark, _)| mark.workspace),
        )
        .ids("message_id", last.keys().copied())
        .texts("emoji", last.values().map(|(_, emoji)| *emoji))
        .times("at", last.values().map(|(mark, _)| mark.at));
    sql_rows(
        "INSERT INTO reactions (workspace_id, message_id, author, emoji, at)
         SELECT r.workspace_id, r.message_id, 'contact', r.emoji, r.at FROM {rows} WHERE true
         ON CONFLICT (workspace_id, message_id, author) DO UPDATE SET emoji = excluded.emoji, at = excluded.at
         WHERE reactions.at <= excluded.at",
        rows,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Keeps the list's line in step when the last message was edited or deleted. The messages are
/// changed already: an edit whose words did not become theirs does not become the line either.
async fn previews(tx: &mut Tx, placed: &[Placed]) -> Result<()> {
    let mut lines: BTreeMap<MessageId, (&Placed, &str, bool)> = BTreeMap::new();
    for mark in placed {
        match &mark.kind {
            MarkKind::Edit {
                preview,
                content: Some(_),
            } => {
                let line = lines.entry(mark.message).or_insert((mark, preview, false));
                if !line.2 {
                    *line = (mark, preview, false);
                }
            }
            MarkKind::Revoke => {
                lines.insert(mark.message, (mark, "", true));
            }
            _ => {}
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    let seqs = feed_places(tx, lines.values().map(|(mark, ..)| mark.workspace)).await?;
    let rows = Batch::new()
        .ids(
            "workspace_id",
            lines.values().map(|(mark, ..)| mark.workspace),
        )
        .ids("id", lines.values().map(|(mark, ..)| mark.conversation))
        .ids("message_id", lines.keys().copied())
        .texts("preview", lines.values().map(|(_, line, _)| *line))
        .times("at", lines.values().map(|(mark, ..)| mark.at))
        .ints(
            "revoked",
            lines.values().map(|(.., revoked)| i64::from(*revoked)),
        )
        .ints("changed_seq", seqs);
    let changed = sql_rows(
        "UPDATE conversations SET last_preview = r.preview, changed_seq = r.changed_seq
         FROM {rows} JOIN messages m ON m.workspace_id = r.workspace_id AND m.id = r.message_id
         WHERE conversations.workspace_id = r.workspace_id AND conversations.id = r.id
           AND conversations.last_message_id = r.message_id
           AND (r.revoked = 1 OR (m.revoked_at IS NULL AND m.edited_at = r.at))
         RETURNING conversations.workspace_id, conversations.id",
        rows,
    )
    .fetch_all(tx)
    .await?;
    for row in &changed {
        let (workspace, id): (WorkspaceId, ConversationId) = (row.id(0)?, row.id(1)?);
        let event = Event {
            kind: "conversation.changed",
            subject: id.uuid(),
            conversation: Some(id),
        };
        tx.record(workspace, event);
    }
    Ok(())
}
