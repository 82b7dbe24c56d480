//! Messages that were sent before this database knew of them, written as they ended. Nothing leaves
//! and nothing is owed: they have no outbox row.

use wigwag_model::id::Id as _;
use wigwag_model::{
    ConversationId, Kind, MediaId, MemberId, MessageId, MessageState, TemplateId, Timestamp,
    WorkspaceId,
};

use crate::ingest::NewMedia;
use crate::{Error, Event, Job, Result, Tx, sql};

/// How often a file is asked for before it is shown as failed.
const FETCH_TRIES: i64 = 8;

/// A message that was sent.
#[derive(Debug, Clone)]
pub struct Past {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its kind.
    pub kind: Kind,
    /// Its content as the API gives it out, JSON.
    pub content: String,
    /// The line that stands for it in lists.
    pub preview: String,
    /// Its file, to be fetched from Meta.
    pub media: Option<NewMedia>,
    /// What made it: `composer`, `api`, …
    pub source: &'static str,
    /// Who wrote it, when a member did.
    pub author: Option<MemberId>,
    /// Meta's id.
    pub wamid: String,
    /// The wamid of the message it replies to.
    pub reply_to: Option<String>,
    /// The template and its category, when it was one.
    pub template: Option<(TemplateId, String)>,
    /// How it ended.
    pub state: MessageState,
    /// Meta's code and the stable reason, when it failed.
    pub failure: Option<(i64, String)>,
    /// When it was sent.
    pub at: Timestamp,
}

/// Writes a message down as it ended; the list shows it when nothing newer is there.
///
/// # Errors
/// [`Error::NotFound`] when the conversation is not of this workspace; [`Error::Conflict`] when the
/// message is known.
pub async fn remember(tx: &mut Tx, workspace: WorkspaceId, past: Past) -> Result<MessageId> {
    let row =
        sql("SELECT contact_id, number_id FROM conversations WHERE workspace_id = $1 AND id = $2")
            .bind(workspace)
            .bind(past.conversation)
            .fetch_optional(tx)
            .await?
            .ok_or(Error::NotFound)?;
    let (contact, number): (wigwag_model::ContactId, wigwag_model::NumberId) =
        (row.id(0)?, row.id(1)?);
    let media = match &past.media {
        Some(media) => Some(file(tx, workspace, number, media).await?),
        None => None,
    };
    let id: MessageId = MessageId::new(past.at, tx.mint().random());
    let seq = tx.seq(workspace).await?;
    let reached = |state: MessageState| {
        (past.state != MessageState::Failed && past.state >= state).then_some(past.at)
    };
    let failed_at = (past.state == MessageState::Failed).then_some(past.at);
    let (code, reason) = past.failure.clone().unzip();
    let (template, category) = past.template.clone().unzip();
    sql("INSERT INTO messages (workspace_id, id, conversation_id, contact_id, number_id, direction, kind, content, media_id,
            source, author_id, wamid, reply_to_wamid, template_id, category, state, failure_code, failure_reason,
            at, seq, idx, accepted_at, sent_at, delivered_at, read_at, failed_at, created_at, changed_seq)
         VALUES ($1, $2, $3, $4, $5, 'out', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 0, 0,
            $18, $19, $20, $21, $22, $18, $23)")
        .bind(workspace)
        .bind(id)
        .bind(past.conversation)
        .bind(contact)
        .bind(number)
        .bind(past.kind.as_str())
        .bind(&past.content)
        .bind(media)
        .bind(past.source)
        .bind(past.author)
        .bind(&past.wamid)
        .bind(past.reply_to.clone())
        .bind(template)
        .bind(category)
        .bind(past.state.rank())
        .bind(code)
        .bind(reason)
        .bind(past.at)
        .bind(reached(MessageState::Sent))
        .bind(reached(MessageState::Delivered))
        .bind(reached(MessageState::Read))
        .bind(failed_at)
        .bind(seq)
        .execute(tx)
        .await?;
    show(tx, workspace, id, seq, &past).await?;
    tx.record(
        workspace,
        Event {
            kind: "message.created",
            subject: id.uuid(),
            conversation: Some(past.conversation),
        },
    );
    Ok(id)
}

/// Makes a file known and asks for it to be fetched.
async fn file(
    tx: &mut Tx,
    workspace: WorkspaceId,
    number: wigwag_model::NumberId,
    media: &NewMedia,
) -> Result<MediaId> {
    let (id, now): (MediaId, _) = (tx.mint().id(), tx.mint().now());
    sql("INSERT INTO media (workspace_id, id, kind, mime_type, filename, sha256, state, number_id, meta_media_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, $8, $9)")
        .bind(workspace)
        .bind(id)
        .bind(media.kind.as_str())
        .bind(&media.mime_type)
        .bind(media.filename.clone())
        .bind(media.sha256.clone())
        .bind(number)
        .bind(&media.meta_media_id)
        .bind(now)
        .execute(tx)
        .await?;
    tx.enqueue(Job {
        kind: "media.fetch",
        workspace: Some(workspace),
        payload: format!("{{\"media_id\":\"{id}\"}}"),
        run_at: now,
        dedupe_key: Some(format!("media.fetch:{}", id.uuid())),
        max_tries: FETCH_TRIES,
    });
    Ok(id)
}

async fn show(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: MessageId,
    seq: i64,
    past: &Past,
) -> Result<()> {
    let newest = sql(
        "UPDATE conversations SET last_message_id = $3, last_direction = 'out', last_kind = $4, last_preview = $5,
            last_state = $6, last_at = $7, activity_at = $7, changed_seq = $9,
            last_author = (SELECT a.name FROM members m JOIN accounts a ON a.id = m.account_id
                           WHERE m.workspace_id = $1 AND m.id = $8)
         WHERE workspace_id = $1 AND id = $2 AND COALESCE(last_at, 0) <= $7",
    )
    .bind(workspace)
    .bind(past.conversation)
    .bind(id)
    .bind(past.kind.as_str())
    .bind(&past.preview)
    .bind(past.state.rank())
    .bind(past.at)
    .bind(past.author)
    .bind(seq)
    .execute(tx)
    .await?;
    if newest > 0 {
        tx.record(
            workspace,
            Event {
                kind: crate::conversations::CHANGED,
                subject: past.conversation.uuid(),
                conversation: Some(past.conversation),
            },
        );
    }
    Ok(())
}
