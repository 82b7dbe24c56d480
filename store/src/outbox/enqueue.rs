//! Writing a message: the row in the thread and the row in the outbox, in one transaction with
//! the decision that it may leave.

use wigwag_model::can_send::{Purpose, Refusal, can_send};
use wigwag_model::consent::Category;
use wigwag_model::id::Id as _;
use wigwag_model::{
    CampaignId, ConversationId, Kind, MediaId, MemberId, MessageId, MessageState, Scope,
    TemplateId, Timestamp, WorkspaceId,
};

use super::Urgency;
use super::sender::facts_of;
use crate::conversations::check_visible_on;
use crate::{Db, Error, Event, Job, Priority, Result, Tx, campaigns, sql};

/// How often a file is brought to Meta before the message counts as failed.
const UPLOAD_TRIES: i64 = 8;

/// The key under which a client may repeat a request without repeating its effect.
#[derive(Debug, Clone)]
pub struct Idempotency {
    /// The client's key.
    pub key: String,
    /// SHA-256 of the request, so that a key cannot stand for two.
    pub request_hash: Vec<u8>,
}

/// A reaction of the business to a message of the thread.
#[derive(Debug, Clone)]
pub struct OwnReaction {
    /// The message.
    pub message: MessageId,
    /// The emoji; empty takes the reaction back.
    pub emoji: String,
}

/// A message to write.
#[derive(Debug, Clone)]
pub struct New {
    /// The thread.
    pub conversation: ConversationId,
    /// Its kind.
    pub kind: Kind,
    /// What it says, as JSON in the API's shape for the kind.
    pub content: String,
    /// One line of it for the list.
    pub preview: String,
    /// Its file.
    pub media: Option<MediaId>,
    /// Whether the file must still be brought to Meta before the message can go.
    pub prepare: bool,
    /// The template.
    pub template: Option<TemplateId>,
    /// The template's category.
    pub category: Option<Category>,
    /// The wamid of the message that it answers.
    pub reply_to_wamid: Option<String>,
    /// What the client calls it.
    pub client_ref: Option<String>,
    /// What the client gets back with all that is told of it.
    pub callback_data: Option<String>,
    /// The API campaign that counts it.
    pub campaign: Option<CampaignId>,
    /// What made it: `composer`, `api`, …
    pub source: &'static str,
    /// The member who wrote it.
    pub author: Option<MemberId>,
    /// The request to Meta as JSON, without recipient and callback data.
    pub body: String,
    /// Before whom it goes.
    pub urgency: Urgency,
    /// For a reaction: to what.
    pub reaction: Option<OwnReaction>,
    /// The client's key.
    pub idempotency: Option<Idempotency>,
}

/// What became of a wish to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enqueued {
    /// Written; it leaves as soon as its lane gets to it.
    Written(MessageId),
    /// The same request was carried out before, by this message.
    Seen(MessageId),
    /// It may not leave; nothing was written.
    Refused(Refusal),
    /// The key was used for another request.
    KeyReused,
}

/// Writes a message, once per key.
///
/// # Errors
/// [`Error::NotFound`] for a conversation that the scope does not see; [`Error::Conflict`] for a
/// `client_ref` that another message has, and for a campaign that is no API campaign of this workspace.
pub async fn enqueue(db: &Db, scope: &Scope, new: New) -> Result<Enqueued> {
    let scope = scope.clone();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move { write(tx, &scope, new).await })
    })
    .await
}

/// [`enqueue`] in a transaction of the caller's.
pub(crate) async fn write(tx: &mut Tx, scope: &Scope, new: New) -> Result<Enqueued> {
    check_visible_on(tx, scope, new.conversation).await?;
    let workspace = scope.workspace;
    let (id, now): (MessageId, _) = (tx.mint().id(), tx.mint().now());
    if let Some(wish) = &new.idempotency
        && let Some(outcome) = seen(tx, workspace, wish, id, now).await?
    {
        return Ok(outcome);
    }
    let row = sql(facts_of!(
        "conversations v",
        "v.number_id",
        "$3",
        "$4",
        "",
        "WHERE v.workspace_id = $1 AND v.id = $2"
    ))
    .bind(workspace)
    .bind(new.conversation)
    .bind(new.template)
    .bind(new.category.map(Category::as_str))
    .fetch_one(tx)
    .await?;
    let facts = super::sender::read(&row)?;
    let purpose = if new.kind == Kind::Template {
        facts.template(new.category)
    } else {
        Purpose::Session
    };
    if let Err(refusal) = can_send(&facts.at(now, purpose)) {
        // The key stays free: the same request may pass when the window is open again.
        if let Some(wish) = &new.idempotency {
            forget(tx, workspace, wish).await?;
        }
        return Ok(Enqueued::Refused(refusal));
    }
    if let Some(campaign) = new.campaign {
        campaigns::enter(tx, workspace, campaign).await?;
    }
    insert(tx, workspace, id, now, &facts, &new).await?;
    if let Some(reaction) = &new.reaction {
        react(tx, workspace, reaction, now).await?;
    } else {
        touch(tx, workspace, id, now, &new).await?;
        tx.record(
            workspace,
            Event {
                kind: "message.created",
                subject: id.uuid(),
                conversation: Some(new.conversation),
            },
        );
    }
    if new.prepare {
        tx.enqueue(Job {
            kind: "media.upload",
            workspace: Some(workspace),
            payload: format!("{{\"message_id\":\"{id}\"}}"),
            run_at: now,
            dedupe_key: Some(format!("media.upload:{id}")),
            max_tries: UPLOAD_TRIES,
        });
    }
    Ok(Enqueued::Written(id))
}

/// Takes the key for this message; `Some` when it was taken before.
async fn seen(
    tx: &mut Tx,
    workspace: WorkspaceId,
    wish: &Idempotency,
    id: MessageId,
    now: Timestamp,
) -> Result<Option<Enqueued>> {
    let taken = sql("INSERT INTO idempotency (workspace_id, key, request_hash, state, status, body, created_at)
                     VALUES ($1, $2, $3, 'done', 202, $4, $5) ON CONFLICT (workspace_id, key) DO NOTHING")
        .bind(workspace)
        .bind(&wish.key)
        .bind(wish.request_hash.as_slice())
        .bind(id.to_string())
        .bind(now)
        .execute(tx)
        .await?;
    if taken == 1 {
        return Ok(None);
    }
    let row = sql("SELECT request_hash, body FROM idempotency WHERE workspace_id = $1 AND key = $2")
        .bind(workspace)
        .bind(&wish.key)
        .fetch_optional(tx)
        .await?
        // Swept between the two statements: the client's next try finds it free.
        .ok_or(Error::Busy)?;
    if row.bytes(0)? != wish.request_hash {
        return Ok(Some(Enqueued::KeyReused));
    }
    let first = row.opt_text(1)?.and_then(|text| text.parse().ok());
    first
        .map(|id| Some(Enqueued::Seen(id)))
        .ok_or(Error::Inconsistent {
            table: "idempotency",
            column: "body",
        })
}

async fn forget(tx: &mut Tx, workspace: WorkspaceId, wish: &Idempotency) -> Result<()> {
    sql("DELETE FROM idempotency WHERE workspace_id = $1 AND key = $2")
        .bind(workspace)
        .bind(&wish.key)
        .execute(tx)
        .await?;
    Ok(())
}

async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: MessageId,
    now: Timestamp,
    facts: &super::sender::Read,
    new: &New,
) -> Result<()> {
    let seq = tx.seq(workspace).await?;
    sql("INSERT INTO messages (workspace_id, id, conversation_id, contact_id, number_id, direction, kind, content, media_id, source,
            author_id, client_ref, reply_to_wamid, template_id, category, state, at, seq, idx, created_at, changed_seq,
            callback_data, campaign_id, campaign_round)
         VALUES ($1, $2, $3, $4, $5, 'out', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, 0, $16, $17, $18, $19, $20)")
        .bind(workspace)
        .bind(id)
        .bind(new.conversation)
        .bind(facts.contact)
        .bind(facts.number)
        .bind(new.kind.as_str())
        .bind(&new.content)
        .bind(new.media)
        .bind(new.source)
        .bind(new.author)
        .bind(new.client_ref.clone())
        .bind(new.reply_to_wamid.clone())
        .bind(new.template)
        .bind(new.category.map(Category::as_str))
        .bind(MessageState::Queued.rank())
        .bind(now)
        .bind(seq)
        .bind(new.callback_data.clone())
        .bind(new.campaign)
        .bind(new.campaign.map(|_| campaigns::API_ROUND))
        .execute(tx)
        .await?;
    sql("INSERT INTO outbox (workspace_id, message_id, number_id, contact_id, priority, state, due_at, try_no, body, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $7)")
        .bind(workspace)
        .bind(id)
        .bind(facts.number)
        .bind(facts.contact)
        .bind(new.urgency.rank())
        .bind(if new.prepare { "preparing" } else { "queued" })
        .bind(now)
        .bind(&new.body)
        .execute(tx)
        .await?;
    Ok(())
}

/// The list shows the message; a person's answer opens what was put away.
async fn touch(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: MessageId,
    now: Timestamp,
    new: &New,
) -> Result<()> {
    let seq = tx.seq(workspace).await?;
    sql("UPDATE conversations SET last_message_id = $3, last_direction = 'out', last_kind = $4, last_preview = $5, last_state = $6,
            last_author = (SELECT a.name FROM members m JOIN accounts a ON a.id = m.account_id WHERE m.workspace_id = $1 AND m.id = $7),
            last_at = $8, activity_at = $8, changed_seq = $9,
            status = CASE WHEN CAST($10 AS BIGINT) = 1 THEN 'open' ELSE status END,
            snoozed_until = CASE WHEN CAST($10 AS BIGINT) = 1 THEN NULL ELSE snoozed_until END
         WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(new.conversation)
        .bind(id)
        .bind(new.kind.as_str())
        .bind(&new.preview)
        .bind(MessageState::Queued.rank())
        .bind(new.author)
        .bind(now)
        .bind(seq)
        .bind(new.source == "composer")
        .execute(tx)
        .await?;
    tx.record(
        workspace,
        Event {
            kind: crate::conversations::CHANGED,
            subject: new.conversation.uuid(),
            conversation: Some(new.conversation),
        },
    );
    Ok(())
}

/// Shows our reaction on its message at once.
async fn react(
    tx: &mut Tx,
    workspace: WorkspaceId,
    reaction: &OwnReaction,
    now: Timestamp,
) -> Result<()> {
    if reaction.emoji.is_empty() {
        sql("DELETE FROM reactions WHERE workspace_id = $1 AND message_id = $2 AND author = 'business'")
            .bind(workspace)
            .bind(reaction.message)
            .execute(tx)
            .await?;
    } else {
        sql("INSERT INTO reactions (workspace_id, message_id, author, emoji, at) VALUES ($1, $2, 'business', $3, $4)
             ON CONFLICT (workspace_id, message_id, author) DO UPDATE SET emoji = $3, at = $4")
            .bind(workspace)
            .bind(reaction.message)
            .bind(&reaction.emoji)
            .bind(now)
            .execute(tx)
            .await?;
    }
    let seq = tx.seq(workspace).await?;
    let row = sql("UPDATE messages SET changed_seq = $3 WHERE workspace_id = $1 AND id = $2 RETURNING conversation_id")
        .bind(workspace)
        .bind(reaction.message)
        .bind(seq)
        .fetch_one(tx)
        .await?;
    let conversation: ConversationId = row.id(0)?;
    tx.record(
        workspace,
        Event {
            kind: "message.changed",
            subject: reaction.message.uuid(),
            conversation: Some(conversation),
        },
    );
    Ok(())
}
