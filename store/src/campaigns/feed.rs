//! Feeding: planned people whose time has come get their message and its place in the outbox.

use std::collections::HashMap;

use wigwag_model::consent::Category;
use wigwag_model::{
    CampaignId, ContactId, ConversationId, Kind, MediaId, MessageId, MessageState, NumberId,
    TemplateId, Timestamp, WorkspaceId,
};

use super::clicks::{self, NewLink, Owner};
use super::counts::Share;
use crate::outbox::Urgency;
use crate::{
    Batch, Db, Dialect, Error, Priority, Result, Tx, sql, sql_owned, sql_rows, sql_rows_owned,
};

/// A planned person whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRow {
    /// Who.
    pub contact: ContactId,
    /// The round.
    pub round: i64,
    /// The values of the variables, as JSON.
    pub filled: String,
    /// The person's zone, where quiet hours ask for it.
    pub zone: Option<String>,
    /// The version by which the person of an on-going campaign is written to.
    pub definition: Option<i64>,
}

/// The planned people of a campaign that are due, those of the canary or the others, the longest
/// due first.
///
/// # Errors
/// What the database says.
pub async fn due(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
    canary: bool,
    limit: i64,
) -> Result<Vec<DueRow>> {
    let now = db.mint().now();
    let rows = sql("SELECT contact_id, round, COALESCE(filled, '{}'), zone, definition FROM campaign_recipients
         WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'planned' AND canary = $3 AND due_at <= $4
         ORDER BY due_at, contact_id LIMIT $5")
    .bind(workspace)
    .bind(campaign)
    .bind(canary)
    .bind(now)
    .bind(limit)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(DueRow {
                contact: row.id(0)?,
                round: row.int(1)?,
                filled: row.text(2)?,
                zone: row.opt_text(3)?,
                definition: row.opt_int(4)?,
            })
        })
        .collect()
}

/// When the next planned person of a campaign is due; `None` when nobody is planned.
///
/// # Errors
/// What the database says.
pub async fn next_due(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
    canary: bool,
) -> Result<Option<Timestamp>> {
    sql("SELECT MIN(due_at) FROM campaign_recipients
         WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'planned' AND canary = $3")
    .bind(workspace)
    .bind(campaign)
    .bind(canary)
    .fetch_one(&mut db.reader().await?)
    .await?
    .opt_time(0)
}

/// Messages of an urgency that wait in the lane of a number.
///
/// # Errors
/// What the database says.
pub async fn queued(db: &Db, number: NumberId, urgency: Urgency) -> Result<i64> {
    // A few seconds' worth: the feeder keeps no more there.
    sql("SELECT COUNT(*) FROM outbox WHERE number_id = $1 AND state = 'queued' AND priority = $2")
        .bind(number)
        .bind(urgency.rank())
        .fetch_one(&mut db.reader().await?)
        .await?
        .int(0)
}

/// Puts planned people off, whose own night it is.
///
/// # Errors
/// What the database says.
pub async fn put_off(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
    until: Vec<(ContactId, i64, Timestamp)>,
) -> Result<()> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let rows = Batch::new()
                .ids("contact_id", until.iter().map(|row| row.0))
                .ints("round", until.iter().map(|row| row.1))
                .times("due_at", until.iter().map(|row| row.2));
            sql_rows(
                "UPDATE campaign_recipients SET due_at = r.due_at FROM {rows}
                 WHERE campaign_recipients.workspace_id = {$1} AND campaign_recipients.campaign_id = {$2}
                   AND campaign_recipients.round = r.round AND campaign_recipients.contact_id = r.contact_id
                   AND campaign_recipients.state = {$3}",
                rows,
            )
            .bind(workspace)
            .bind(campaign)
            .bind("planned")
            .execute(tx)
            .await?;
            Ok(())
        })
    })
    .await
}

/// A message to hand over.
#[derive(Debug, Clone)]
pub struct Fed {
    /// To whom.
    pub contact: ContactId,
    /// The round.
    pub round: i64,
    /// What the thread shows, as JSON.
    pub content: String,
    /// One line of it.
    pub preview: String,
    /// The request to Meta as JSON, without recipient and callback data.
    pub body: String,
    /// The short links in it.
    pub links: Vec<NewLink>,
}

/// Messages of one campaign to hand over in one transaction.
#[derive(Debug, Clone)]
pub struct Feed {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// The campaign.
    pub campaign: CampaignId,
    /// The number.
    pub number: NumberId,
    /// The template.
    pub template: TemplateId,
    /// Its category.
    pub category: Category,
    /// The header's file, which Meta has.
    pub media: Option<MediaId>,
    /// How urgent they are.
    pub urgency: Urgency,
    /// Until when an answer counts as a reply.
    pub reply_until: Timestamp,
    /// The messages.
    pub rows: Vec<Fed>,
}

/// Who is still to be written to, with what a conversation needs.
struct Ready<'f> {
    fed: &'f Fed,
    name: String,
    phone: Option<String>,
}

/// Hands messages over: each person's row becomes `fed`, gets a message and a place in the outbox,
/// in one transaction. Whoever another process was quicker with, and whoever became another
/// contact meanwhile, is left out. Returns how many were handed over; nought when the campaign
/// does not run.
///
/// # Errors
/// [`Error::Stale`] when a conversation was made meanwhile: try again.
pub async fn feed(db: &Db, wish: Feed) -> Result<usize> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            if !runs(tx, &wish).await? {
                return Ok(0);
            }
            let ready = ready(tx, &wish).await?;
            if ready.is_empty() {
                return Ok(0);
            }
            let ids: Vec<MessageId> = ready.iter().map(|_| tx.mint().id()).collect();
            let threads = threads(tx, &wish, &ready, &ids).await?;
            write(tx, &wish, &ready, &ids, &threads).await?;
            Ok(ready.len())
        })
    })
    .await
}

/// Whether the campaign runs and cannot be taken back any more; a pause waits for our commit.
async fn runs(tx: &mut Tx, wish: &Feed) -> Result<bool> {
    let lock = match tx.dialect() {
        Dialect::Sqlite => "",
        Dialect::Postgres => " FOR SHARE",
    };
    let now = tx.mint().now();
    let row = sql_owned(format!(
        "SELECT 1 FROM campaigns WHERE workspace_id = $1 AND id = $2 AND state = 'running'
           AND (undo_until IS NULL OR undo_until <= $3){lock}"
    ))
    .bind(wish.workspace)
    .bind(wish.campaign)
    .bind(now)
    .fetch_optional(tx)
    .await?;
    Ok(row.is_some())
}

async fn ready<'f>(tx: &mut Tx, wish: &'f Feed) -> Result<Vec<Ready<'f>>> {
    let rows = Batch::new()
        .ids("contact_id", wish.rows.iter().map(|row| row.contact))
        .ints("round", wish.rows.iter().map(|row| row.round));
    let lock = match tx.dialect() {
        Dialect::Sqlite => "",
        Dialect::Postgres => " ORDER BY p.contact_id, p.round FOR UPDATE OF p SKIP LOCKED",
    };
    let found = sql_rows_owned(
        format!(
            "SELECT r.ord, c.name, c.profile_name, c.username, c.phone, c.merged_into FROM {{rows}}
             JOIN campaign_recipients p ON p.workspace_id = {{$1}} AND p.campaign_id = {{$2}} AND p.round = r.round
               AND p.contact_id = r.contact_id AND p.state = {{$3}}
             JOIN contacts c ON c.workspace_id = p.workspace_id AND c.id = p.contact_id{lock}"
        ),
        rows,
    )
    .bind(wish.workspace)
    .bind(wish.campaign)
    .bind("planned")
    .fetch_all(tx)
    .await?;
    let mut ready = Vec::with_capacity(found.len());
    let mut merged = Vec::new();
    for row in &found {
        let fed = &wish.rows[usize::try_from(row.int(0)?).unwrap_or_default()];
        if row.opt_id::<ContactId>(5)?.is_some() {
            merged.push(fed);
            continue;
        }
        let phone = row.opt_text(4)?;
        ready.push(Ready {
            fed,
            name: crate::contacts::display_name(
                row.opt_text(1)?.as_deref(),
                row.opt_text(2)?.as_deref(),
                row.opt_text(3)?.as_deref(),
                phone.as_deref(),
            ),
            phone,
        });
    }
    skip_merged(tx, wish, &merged).await?;
    Ok(ready)
}

async fn skip_merged(tx: &mut Tx, wish: &Feed, merged: &[&Fed]) -> Result<()> {
    if merged.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ids("contact_id", merged.iter().map(|row| row.contact))
        .ints("round", merged.iter().map(|row| row.round));
    sql_rows(
        "UPDATE campaign_recipients SET state = 'skipped', reason = 'merged' FROM {rows}
         WHERE campaign_recipients.workspace_id = {$1} AND campaign_recipients.campaign_id = {$2}
           AND campaign_recipients.round = r.round AND campaign_recipients.contact_id = r.contact_id",
        rows,
    )
    .bind(wish.workspace)
    .bind(wish.campaign)
    .execute(tx)
    .await?;
    for row in merged {
        let share = share(wish, row.round);
        tx.moves()
            .add(share, MessageState::Planned, MessageState::Skipped);
    }
    Ok(())
}

fn share(wish: &Feed, round: i64) -> Share {
    Share {
        workspace: wish.workspace,
        campaign: wish.campaign,
        round,
    }
}

/// The conversation of each, made closed where there is none: a campaign moves nothing in the
/// inbox until somebody answers.
async fn threads(
    tx: &mut Tx,
    wish: &Feed,
    ready: &[Ready<'_>],
    ids: &[MessageId],
) -> Result<Vec<ConversationId>> {
    let rows = Batch::new().ids("contact_id", ready.iter().map(|row| row.fed.contact));
    let found = sql_rows(
        "SELECT v.contact_id, v.id FROM {rows} JOIN conversations v
           ON v.workspace_id = {$1} AND v.contact_id = r.contact_id AND v.number_id = $2",
        rows,
    )
    .bind(wish.workspace)
    .bind(wish.number)
    .fetch_all(tx)
    .await?;
    let mut known: HashMap<ContactId, ConversationId> = HashMap::with_capacity(ready.len());
    for row in &found {
        known.insert(row.id(0)?, row.id(1)?);
    }
    let mut missing: Vec<(&Ready<'_>, MessageId, ConversationId)> = Vec::new();
    for (row, id) in ready.iter().zip(ids) {
        known.entry(row.fed.contact).or_insert_with(|| {
            let thread = tx.mint().id();
            missing.push((row, *id, thread));
            thread
        });
    }
    if !missing.is_empty() {
        let (now, seq) = (tx.mint().now(), tx.seq(wish.workspace).await?);
        let rows = Batch::new()
            .ids("id", missing.iter().map(|(.., thread)| *thread))
            .ids(
                "contact_id",
                missing.iter().map(|(row, ..)| row.fed.contact),
            )
            .texts("name", missing.iter().map(|(row, ..)| row.name.as_str()))
            .opt_texts(
                "phone",
                missing.iter().map(|(row, ..)| row.phone.as_deref()),
            )
            .ids("message_id", missing.iter().map(|(_, id, _)| *id))
            .texts(
                "preview",
                missing.iter().map(|(row, ..)| row.fed.preview.as_str()),
            );
        let made = sql_rows(
            "INSERT INTO conversations (workspace_id, id, contact_id, number_id, status, unread_count, contact_name, contact_phone,
                last_message_id, last_direction, last_kind, last_preview, last_state, last_at, activity_at, changed_seq, created_at)
             SELECT $1, r.id, r.contact_id, $2, 'closed', 0, r.name, r.phone,
                r.message_id, 'out', 'template', r.preview, $3, $4, $4, $5, $4
             FROM {rows} WHERE true ON CONFLICT DO NOTHING",
            rows,
        )
        .bind(wish.workspace)
        .bind(wish.number)
        .bind(MessageState::Queued.rank())
        .bind(now)
        .bind(seq)
        .execute(tx)
        .await?;
        if made != u64::try_from(missing.len()).unwrap_or(u64::MAX) {
            return Err(Error::Stale);
        }
    }
    Ok(ready
        .iter()
        .filter_map(|row| known.get(&row.fed.contact).copied())
        .collect())
}

async fn write(
    tx: &mut Tx,
    wish: &Feed,
    ready: &[Ready<'_>],
    ids: &[MessageId],
    threads: &[ConversationId],
) -> Result<()> {
    let (now, seq) = (tx.mint().now(), tx.seq(wish.workspace).await?);
    let rows = Batch::new()
        .ids("contact_id", ready.iter().map(|row| row.fed.contact))
        .ints("round", ready.iter().map(|row| row.fed.round))
        .ids("message_id", ids.iter().copied());
    sql_rows(
        "UPDATE campaign_recipients SET state = 'fed', message_id = r.message_id, fed_at = $3, reply_until = $4 FROM {rows}
         WHERE campaign_recipients.workspace_id = {$1} AND campaign_recipients.campaign_id = {$2}
           AND campaign_recipients.round = r.round AND campaign_recipients.contact_id = r.contact_id",
        rows,
    )
    .bind(wish.workspace)
    .bind(wish.campaign)
    .bind(now)
    .bind(wish.reply_until)
    .execute(tx)
    .await?;
    let rows = Batch::new()
        .ids("id", ids.iter().copied())
        .ids("conversation_id", threads.iter().copied())
        .ids("contact_id", ready.iter().map(|row| row.fed.contact))
        .texts("content", ready.iter().map(|row| row.fed.content.as_str()))
        .ints("round", ready.iter().map(|row| row.fed.round));
    sql_rows(
        "INSERT INTO messages (workspace_id, id, conversation_id, contact_id, number_id, direction, kind, content, media_id, source,
            template_id, category, state, at, seq, idx, created_at, changed_seq, campaign_id, campaign_round)
         SELECT $1, r.id, r.conversation_id, r.contact_id, $2, 'out', $3, r.content, $4, 'campaign',
            $5, $6, $7, $8, 0, 0, $8, $9, $10, r.round FROM {rows} WHERE true",
        rows,
    )
    .bind(wish.workspace)
    .bind(wish.number)
    .bind(Kind::Template.as_str())
    .bind(wish.media)
    .bind(wish.template)
    .bind(wish.category.as_str())
    .bind(MessageState::Queued.rank())
    .bind(now)
    .bind(seq)
    .bind(wish.campaign)
    .execute(tx)
    .await?;
    let rows = Batch::new()
        .ids("id", ids.iter().copied())
        .ids("contact_id", ready.iter().map(|row| row.fed.contact))
        .texts("body", ready.iter().map(|row| row.fed.body.as_str()));
    sql_rows(
        "INSERT INTO outbox (workspace_id, message_id, number_id, contact_id, priority, state, due_at, try_no, body, created_at, campaign_id)
         SELECT $1, r.id, $2, r.contact_id, $3, 'queued', $4, 0, r.body, $4, $5 FROM {rows} WHERE true",
        rows,
    )
    .bind(wish.workspace)
    .bind(wish.number)
    .bind(wish.urgency.rank())
    .bind(now)
    .bind(wish.campaign)
    .execute(tx)
    .await?;
    let owners: Vec<Owner<'_>> = ready
        .iter()
        .zip(ids)
        .map(|(row, id)| Owner {
            contact: row.fed.contact,
            round: row.fed.round,
            message: Some(*id),
            links: &row.fed.links,
        })
        .collect();
    clicks::write(tx, wish.workspace, wish.campaign, &owners).await?;
    for row in ready {
        let share = share(wish, row.fed.round);
        tx.moves()
            .add(share, MessageState::Planned, MessageState::Queued);
    }
    Ok(())
}
