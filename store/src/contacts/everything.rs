//! Everything that is known of one person, as one document: for the person, who may ask for it.

use serde_json::{Map, Value, json};
use wigwag_model::id::Id;
use wigwag_model::{
    CampaignId, ContactId, ConversationId, EventId, ListId, MediaId, MessageId, MessageState,
    NumberId, Timestamp, WorkspaceId,
};

use super::read::details;
use crate::blocks::Standing;
use crate::{Db, Executor, Result, Row, consent, sql};

/// Rows that are read at a time.
const ROWS: i64 = 1_000;
/// Words about consent that are told; nobody has said more.
const WORDS: u32 = 10_000;

/// The document of a person. Each list is whole and in the order of time.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn everything(db: &Db, workspace: WorkspaceId, id: ContactId) -> Result<Value> {
    let details = details(db, workspace, id).await?;
    let contact = details.contact;
    let id = contact.id;
    let history = consent::history(db, workspace, id, WORDS).await?;
    let mut on = db.reader().await?;
    Ok(json!({
        "profile": {
            "id": id,
            "name": contact.name,
            "profile_name": contact.profile_name,
            "phone": contact.phone,
            "wa_id": contact.wa_id,
            "user_id": contact.user_id,
            "username": contact.username,
            "email": contact.email,
            "country": contact.country,
            "tags": contact.tags,
            "traits": contact.traits,
            "blocked": contact.blocked,
            "whatsapp_block": details.whatsapp_block.map(Standing::as_str),
            "source": contact.source,
            "created_at": contact.created_at,
            "last_seen_at": contact.last_seen_at,
        },
        "identities": identities(&mut on, workspace, id).await?,
        "consent": details.consent.iter().map(|row| json!({
            "category": row.category.as_str(), "state": row.state.as_str(), "source": row.source, "at": row.at,
        })).collect::<Vec<_>>(),
        "consent_history": history.iter().rev().map(|entry| json!({
            "category": entry.word.category.as_str(), "state": entry.word.state.as_str(), "source": entry.word.source,
            "text": entry.word.text, "at": entry.word.at, "recorded_at": entry.recorded_at,
        })).collect::<Vec<_>>(),
        "lists": lists(&mut on, workspace, id).await?,
        "conversations": conversations(&mut on, workspace, id).await?,
        "messages": messages(db, workspace, id).await?,
        "events": events(db, workspace, id).await?,
        "campaigns": campaigns(&mut on, workspace, id).await?,
        "runs": runs(&mut on, workspace, id).await?,
        "links": links(&mut on, workspace, id).await?,
    }))
}

/// A column that holds JSON, as it is.
fn inner(row: &Row, at: usize) -> Result<Value> {
    let text = row.opt_text(at)?;
    Ok(text.map_or(Value::Null, |text| {
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    }))
}

fn id_of<I: Id>(row: &Row, at: usize) -> Result<Value> {
    let id: Option<I> = row.opt_id(at)?;
    Ok(id.map_or(Value::Null, |id| Value::from(id.to_string())))
}

async fn identities(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    id: ContactId,
) -> Result<Vec<Value>> {
    let rows = sql(
        "SELECT kind, scope, value, created_at FROM contact_identities
                    WHERE workspace_id = $1 AND contact_id = $2 ORDER BY created_at, kind, value",
    )
    .bind(workspace)
    .bind(id)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(json!({
                "kind": row.text(0)?, "scope": row.text(1)?, "value": row.text(2)?, "since": row.time(3)?,
            }))
        })
        .collect()
}

async fn lists(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    id: ContactId,
) -> Result<Vec<Value>> {
    let rows = sql("SELECT l.id, l.name, m.columns FROM audience_list_members m
                    JOIN audience_lists l ON l.workspace_id = m.workspace_id AND l.id = m.list_id
                    WHERE m.workspace_id = $1 AND m.contact_id = $2 ORDER BY l.id")
    .bind(workspace)
    .bind(id)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(json!({
                "id": id_of::<ListId>(row, 0)?, "name": row.text(1)?, "columns": inner(row, 2)?,
            }))
        })
        .collect()
}

async fn conversations(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    id: ContactId,
) -> Result<Vec<Value>> {
    let rows = sql("SELECT c.id, n.display_phone_number, c.status, c.created_at, c.activity_at FROM conversations c
                    LEFT JOIN numbers n ON n.workspace_id = c.workspace_id AND n.id = c.number_id
                    WHERE c.workspace_id = $1 AND c.contact_id = $2 ORDER BY c.id")
        .bind(workspace)
        .bind(id)
        .fetch_all(on)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(json!({
                "id": id_of::<ConversationId>(row, 0)?, "with": row.opt_text(1)?, "status": row.text(2)?,
                "created_at": row.time(3)?, "activity_at": row.time(4)?,
            }))
        })
        .collect()
}

/// The person's messages with everybody of the business, page by page.
async fn messages(db: &Db, workspace: WorkspaceId, id: ContactId) -> Result<Vec<Value>> {
    let mut told = Vec::new();
    let mut after: Option<(Timestamp, MessageId)> = None;
    loop {
        let (at, last) = after.unwrap_or((
            Timestamp::from_micros(i64::MIN),
            MessageId::from_uuid(uuid::Uuid::nil()),
        ));
        let rows = sql(
            "SELECT m.id, m.at, m.conversation_id, m.number_id, m.direction, m.kind, m.content, m.media_id, f.filename, f.mime_type,
                m.source, m.state, m.failure_reason, m.wamid, m.sent_at, m.delivered_at, m.read_at, m.campaign_id, m.referral, m.revoked_at
             FROM conversations v
             JOIN messages m ON m.workspace_id = v.workspace_id AND m.conversation_id = v.id
             LEFT JOIN media f ON f.workspace_id = m.workspace_id AND f.id = m.media_id
             WHERE v.workspace_id = $1 AND v.contact_id = $2 AND (m.at, m.id) > ($3, $4) ORDER BY m.at, m.id LIMIT $5",
        )
        .bind(workspace)
        .bind(id)
        .bind(at)
        .bind(last)
        .bind(ROWS)
        .fetch_all(&mut db.reader().await?)
        .await?;
        for row in &rows {
            after = Some((row.time(1)?, row.id(0)?));
            let state = row.opt_int(11)?.and_then(MessageState::from_rank);
            told.push(json!({
                "id": id_of::<MessageId>(row, 0)?,
                "at": row.time(1)?,
                "conversation_id": id_of::<ConversationId>(row, 2)?,
                "number_id": id_of::<NumberId>(row, 3)?,
                "from": if row.text(4)? == "in" { "contact" } else { "business" },
                "kind": row.text(5)?,
                "content": inner(row, 6)?,
                "file": row.opt_id::<MediaId>(7)?.map(|file| json!({
                    "id": file, "filename": row.opt_text(8).ok().flatten(), "mime_type": row.opt_text(9).ok().flatten(),
                })),
                "source": row.text(10)?,
                "state": state.map(MessageState::as_str),
                "failure_reason": row.opt_text(12)?,
                "wamid": row.opt_text(13)?,
                "sent_at": row.opt_time(14)?,
                "delivered_at": row.opt_time(15)?,
                "read_at": row.opt_time(16)?,
                "campaign_id": id_of::<CampaignId>(row, 17)?,
                "referral": inner(row, 18)?,
                "revoked_at": row.opt_time(19)?,
            }));
        }
        if i64::try_from(rows.len()).unwrap_or(0) < ROWS {
            break;
        }
    }
    reactions(db, workspace, id, &mut told).await?;
    Ok(told)
}

/// Puts reactions to the messages that they are on.
async fn reactions(
    db: &Db,
    workspace: WorkspaceId,
    id: ContactId,
    told: &mut [Value],
) -> Result<()> {
    let rows = sql(
        "SELECT e.message_id, e.author, e.emoji, e.at FROM conversations v
         JOIN messages m ON m.workspace_id = v.workspace_id AND m.conversation_id = v.id
         JOIN reactions e ON e.workspace_id = m.workspace_id AND e.message_id = m.id
         WHERE v.workspace_id = $1 AND v.contact_id = $2 ORDER BY e.at",
    )
    .bind(workspace)
    .bind(id)
    .fetch_all(&mut db.reader().await?)
    .await?;
    let mut by_message: Map<String, Value> = Map::new();
    for row in &rows {
        let message: MessageId = row.id(0)?;
        let reaction = json!({ "from": row.text(1)?, "emoji": row.text(2)?, "at": row.time(3)? });
        let slot = by_message
            .entry(message.to_string())
            .or_insert_with(|| json!([]));
        if let Some(list) = slot.as_array_mut() {
            list.push(reaction);
        }
    }
    for message in told {
        let found = message["id"].as_str().and_then(|id| by_message.remove(id));
        message["reactions"] = found.unwrap_or_else(|| json!([]));
    }
    Ok(())
}

async fn events(db: &Db, workspace: WorkspaceId, id: ContactId) -> Result<Vec<Value>> {
    let mut told = Vec::new();
    let mut after: Option<(Timestamp, EventId)> = None;
    loop {
        let (at, last) = after.unwrap_or((
            Timestamp::from_micros(i64::MIN),
            EventId::from_uuid(uuid::Uuid::nil()),
        ));
        let rows = sql(
            "SELECT id, occurred_at, name, properties, source, created_at FROM events
                        WHERE workspace_id = $1 AND contact_id = $2 AND (occurred_at, id) > ($3, $4)
                        ORDER BY occurred_at, id LIMIT $5",
        )
        .bind(workspace)
        .bind(id)
        .bind(at)
        .bind(last)
        .bind(ROWS)
        .fetch_all(&mut db.reader().await?)
        .await?;
        for row in &rows {
            after = Some((row.time(1)?, row.id(0)?));
            told.push(json!({
                "id": id_of::<EventId>(row, 0)?, "occurred_at": row.time(1)?, "name": row.text(2)?,
                "properties": inner(row, 3)?, "source": row.opt_text(4)?.unwrap_or_else(|| "api".to_owned()),
                "created_at": row.time(5)?,
            }));
        }
        if i64::try_from(rows.len()).unwrap_or(0) < ROWS {
            return Ok(told);
        }
    }
}

async fn campaigns(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    id: ContactId,
) -> Result<Vec<Value>> {
    let rows = sql(
        "SELECT p.campaign_id, c.name, p.round, p.state, p.reason, p.filled, p.fed_at, p.replied_at, p.clicked_at, p.opted_out_at,
            p.converted_at, p.message_id
         FROM campaign_recipients p JOIN campaigns c ON c.workspace_id = p.workspace_id AND c.id = p.campaign_id
         WHERE p.workspace_id = $1 AND p.contact_id = $2 ORDER BY p.campaign_id, p.round",
    )
    .bind(workspace)
    .bind(id)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(json!({
                "id": id_of::<CampaignId>(row, 0)?, "name": row.text(1)?, "round": row.int(2)?, "state": row.text(3)?,
                "reason": row.opt_text(4)?, "values": inner(row, 5)?, "sent_at": row.opt_time(6)?, "replied_at": row.opt_time(7)?,
                "clicked_at": row.opt_time(8)?, "opted_out_at": row.opt_time(9)?, "converted_at": row.opt_time(10)?,
                "message_id": id_of::<MessageId>(row, 11)?,
            }))
        })
        .collect()
}

/// What on-going campaigns began for the person, whether it led to a message or not.
async fn runs(on: &mut impl Executor, workspace: WorkspaceId, id: ContactId) -> Result<Vec<Value>> {
    let rows = sql(
        "SELECT campaign_id, event_id, began_at, due_at, state, reason FROM campaign_runs
                    WHERE workspace_id = $1 AND contact_id = $2 ORDER BY began_at, id",
    )
    .bind(workspace)
    .bind(id)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(json!({
                "campaign_id": id_of::<CampaignId>(row, 0)?, "event_id": id_of::<EventId>(row, 1)?,
                "began_at": row.time(2)?, "due_at": row.time(3)?, "state": row.text(4)?, "reason": row.opt_text(5)?,
            }))
        })
        .collect()
}

async fn links(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    id: ContactId,
) -> Result<Vec<Value>> {
    let rows = sql(
        "SELECT campaign_id, destination, clicks, first_clicked_at, last_clicked_at FROM links
                    WHERE workspace_id = $1 AND contact_id = $2 ORDER BY created_at, slug",
    )
    .bind(workspace)
    .bind(id)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(json!({
                "campaign_id": id_of::<CampaignId>(row, 0)?, "destination": row.text(1)?, "clicks": row.int(2)?,
                "first_clicked_at": row.opt_time(3)?, "last_clicked_at": row.opt_time(4)?,
            }))
        })
        .collect()
}
