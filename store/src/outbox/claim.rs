//! Claiming: what a lane takes from the outbox to send now.
//!
//! One transaction proves that the lane is still ours, reads the most urgent rows with the facts
//! of the moment, asks `can_send` for each, and writes an attempt for those that may leave. What
//! may not is `skipped` with its reason and never comes up again.

use wigwag_model::can_send::{Purpose, Refusal, can_send};
use wigwag_model::consent::Category;
use wigwag_model::{
    CampaignId, ContactId, ConversationId, Kind, MessageId, MessageState, NumberId, Timestamp,
    WorkspaceId,
};

use super::budget::budget;
use super::sender::{FACTS, Read, facts_of};
use crate::campaigns::Share;
use crate::lanes::{self, Lease};
use crate::{Batch, Db, Dialect, Priority, Result, Tx, sql, sql_owned, sql_rows};

/// For how long a campaign may go without anybody looking after it before nothing more of it
/// leaves: the machine was off, and what was right hours ago may not be now.
const UNTENDED: std::time::Duration = std::time::Duration::from_hours(2);

/// What a lane asks for.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The lane's lease, renewed by the claim.
    pub lease: Lease,
    /// Until when the lease then runs.
    pub lease_until: Timestamp,
    /// The instant after which no first byte of these may leave, on the lane's own clock (µs).
    pub send_by: i64,
    /// Most rows.
    pub limit: i64,
    /// People who must not be written to right now: their pair rate is used up.
    pub busy: Vec<ContactId>,
}

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The phone number in E.164, else WhatsApp's id.
    pub phone: Option<String>,
    /// The business-scoped user id.
    pub user_id: Option<String>,
}

/// A row that the lane must now send once.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The message.
    pub message: MessageId,
    /// Its thread.
    pub conversation: ConversationId,
    /// The person, for the pair rate and the order of sending.
    pub contact: ContactId,
    /// Which try this is, from 1.
    pub try_no: i64,
    /// When the message was written.
    pub written_at: Timestamp,
    /// Where it goes.
    pub recipient: Recipient,
    /// The request as JSON, without recipient and callback data.
    pub body: String,
    /// Meta's id of the file, when it has one.
    pub meta_media_id: Option<String>,
    /// Whether this claim took a place in the portfolio's daily budget.
    pub reserved: bool,
    /// The campaign that it belongs to.
    pub campaign: Option<CampaignId>,
}

/// What a claim brought.
#[derive(Debug, Default)]
pub struct Claims {
    /// To be sent.
    pub claimed: Vec<Claimed>,
    /// How many were decided against.
    pub refused: usize,
    /// How many were put off by the portfolio's daily limit.
    pub deferred: usize,
    /// Campaigns that cannot go on, and why: the caller holds them.
    pub holds: Vec<(CampaignId, Refusal)>,
}

pub(super) struct Candidate {
    pub(super) claimed: Claimed,
    pub(super) facts: Read,
    pub(super) kind: Kind,
    category: Option<Category>,
}

/// Claims rows of a lane.
///
/// # Errors
/// [`crate::Error::Stale`] when the lane is another process's by now.
pub async fn claim(db: &Db, wish: Claim) -> Result<Claims> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            lanes::renew_on(tx, &wish.lease, wish.lease_until).await?;
            let candidates = candidates(tx, &wish).await?;
            if candidates.is_empty() {
                return Ok(Claims::default());
            }
            let now = tx.mint().now();
            let (mut refused, mut kept) = (Vec::new(), Vec::new());
            let mut allowed = Vec::with_capacity(candidates.len());
            for candidate in candidates {
                let purpose = if candidate.kind == Kind::Template {
                    candidate.facts.template(candidate.category)
                } else {
                    Purpose::Session
                };
                match can_send(&candidate.facts.at(now, purpose)) {
                    Ok(()) => allowed.push(candidate),
                    Err(reason @ (Refusal::NumberUnavailable | Refusal::TemplateUnavailable))
                        if candidate.claimed.campaign.is_some() =>
                    {
                        kept.push((candidate, reason));
                    }
                    Err(reason) => refused.push((candidate, reason)),
                }
            }
            let workspace = wish.lease.workspace;
            let (allowed, deferred) = budget(tx, workspace, now, allowed).await?;
            skip(tx, workspace, &refused).await?;
            let holds = keep(tx, workspace, &kept).await?;
            attempt(tx, &wish, now, &allowed).await?;
            Ok(Claims {
                refused: refused.len() + kept.len(),
                deferred,
                holds,
                claimed: allowed.into_iter().map(|row| row.claimed).collect(),
            })
        })
    })
    .await
}

async fn candidates(tx: &mut Tx, wish: &Claim) -> Result<Vec<Candidate>> {
    let lock = match tx.dialect() {
        Dialect::Sqlite => "",
        Dialect::Postgres => " FOR UPDATE SKIP LOCKED",
    };
    let busy = if wish.busy.is_empty() {
        ""
    } else {
        " AND q.contact_id NOT IN (SELECT r.id FROM {rows})"
    };
    // The rows are chosen before anything is joined to them: however long the queue is, and whatever the
    // planner thinks of it, as many rows are joined as are claimed.
    let text = facts_of!(
        "(SELECT q.* FROM outbox q WHERE q.number_id = $1 AND q.state = 'queued' AND q.due_at <= $2
            AND (q.campaign_id IS NULL OR EXISTS (SELECT 1 FROM campaigns k WHERE k.workspace_id = q.workspace_id
                 AND k.id = q.campaign_id AND k.state = 'running' AND k.tended_at > $4)){busy}
          ORDER BY q.priority, q.due_at, q.message_id LIMIT $3{lock}) o
         JOIN messages m ON m.workspace_id = o.workspace_id AND m.id = o.message_id
         JOIN conversations v ON v.workspace_id = m.workspace_id AND v.id = m.conversation_id",
        "o.number_id",
        "m.template_id",
        "m.category",
        ", o.message_id, v.id, o.try_no, o.created_at, o.body, f.meta_media_id, m.kind, m.category, o.campaign_id",
        "LEFT JOIN media f ON f.workspace_id = m.workspace_id AND f.id = m.media_id
         ORDER BY o.priority, o.due_at, o.message_id"
    );
    let text = text.replace("{busy}", busy).replace("{lock}", lock);
    let statement = if wish.busy.is_empty() {
        sql_owned(text)
    } else {
        crate::sql_rows_owned(text, Batch::new().ids("id", wish.busy.iter().copied()))
    };
    let rows = statement
        .bind(wish.lease.number)
        .bind(tx.mint().now())
        .bind(wish.limit)
        .bind(tx.mint().now().minus(UNTENDED))
        .fetch_all(tx)
        .await?;
    rows.iter()
        .map(|row| {
            let facts = super::sender::read(row)?;
            Ok(Candidate {
                claimed: Claimed {
                    message: row.id(FACTS)?,
                    conversation: row.id(FACTS + 1)?,
                    contact: facts.contact,
                    try_no: row.int(FACTS + 2)? + 1,
                    written_at: row.time(FACTS + 3)?,
                    recipient: Recipient {
                        phone: facts.phone.clone().or_else(|| facts.wa_id.clone()),
                        user_id: facts.user_id.clone(),
                    },
                    body: row.text(FACTS + 4)?,
                    meta_media_id: row.opt_text(FACTS + 5)?,
                    reserved: false,
                    campaign: row.opt_id(FACTS + 8)?,
                },
                kind: Kind::parse(&row.text(FACTS + 6)?),
                category: row
                    .opt_text(FACTS + 7)?
                    .and_then(|text| Category::parse(&text)),
                facts,
            })
        })
        .collect()
}

/// Ends what may not leave, with its reason.
async fn skip(tx: &mut Tx, workspace: WorkspaceId, refused: &[(Candidate, Refusal)]) -> Result<()> {
    if refused.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ids("id", refused.iter().map(|(row, _)| row.claimed.message))
        .texts("reason", refused.iter().map(|(_, reason)| reason.as_str()));
    super::skip_messages(tx, workspace, rows).await?;
    sql_rows(
        "DELETE FROM outbox WHERE workspace_id = $1 AND message_id IN (SELECT r.id FROM {rows})",
        Batch::new().ids("id", refused.iter().map(|(row, _)| row.claimed.message)),
    )
    .bind(workspace)
    .execute(tx)
    .await?;
    Ok(())
}

/// Keeps what does not fail by its person: a campaign waits for whoever can mend it.
async fn keep(
    tx: &mut Tx,
    workspace: WorkspaceId,
    kept: &[(Candidate, Refusal)],
) -> Result<Vec<(CampaignId, Refusal)>> {
    if kept.is_empty() {
        return Ok(Vec::new());
    }
    sql_rows(
        "UPDATE outbox SET state = 'held' FROM {rows} WHERE outbox.workspace_id = {$1} AND outbox.message_id = r.id",
        Batch::new().ids("id", kept.iter().map(|(row, _)| row.claimed.message)),
    )
    .bind(workspace)
    .execute(tx)
    .await?;
    let mut holds: Vec<(CampaignId, Refusal)> = kept
        .iter()
        .filter_map(|(row, reason)| Some((row.claimed.campaign?, *reason)))
        .collect();
    holds.dedup_by_key(|(campaign, _)| *campaign);
    Ok(holds)
}

/// Writes the attempt before the first byte can leave.
async fn attempt(tx: &mut Tx, wish: &Claim, now: Timestamp, allowed: &[Candidate]) -> Result<()> {
    if allowed.is_empty() {
        return Ok(());
    }
    let rows = || {
        Batch::new()
            .ids("id", allowed.iter().map(|row| row.claimed.message))
            .ints("try_no", allowed.iter().map(|row| row.claimed.try_no))
    };
    sql_rows(
        "UPDATE outbox SET state = 'attempting', try_no = r.try_no, lane_epoch = $2, send_by = $3 FROM {rows}
         WHERE outbox.workspace_id = {$1} AND outbox.message_id = r.id",
        rows(),
    )
    .bind(wish.lease.workspace)
    .bind(wish.lease.epoch)
    .bind(wish.send_by)
    .execute(tx)
    .await?;
    let moved = sql_rows(
        "UPDATE messages SET state = $2 FROM {rows}
         WHERE messages.workspace_id = {$1} AND messages.id = r.id AND messages.state = $3
         RETURNING messages.campaign_id, messages.campaign_round",
        rows(),
    )
    .bind(wish.lease.workspace)
    .bind(MessageState::Attempting.rank())
    .bind(MessageState::Queued.rank())
    .fetch_all(tx)
    .await?;
    for row in &moved {
        let share = Share::read(wish.lease.workspace, row, 0)?;
        tx.moves()
            .add_some(share, MessageState::Queued, MessageState::Attempting);
    }
    sql_rows(
        "INSERT INTO attempts (workspace_id, message_id, try_no, number_id, lane_epoch, started_at)
         SELECT $1, r.id, r.try_no, $2, $3, $4 FROM {rows} WHERE true",
        rows(),
    )
    .bind(wish.lease.workspace)
    .bind(wish.lease.number)
    .bind(wish.lease.epoch)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// When the lane's next row falls due; `None` when nothing waits.
///
/// # Errors
/// What the database says.
pub async fn next_due(db: &Db, number: NumberId) -> Result<Option<Timestamp>> {
    sql("SELECT MIN(due_at) FROM outbox WHERE number_id = $1 AND state = 'queued'")
        .bind(number)
        .fetch_one(&mut db.reader().await?)
        .await?
        .opt_time(0)
}
