//! Claiming: what a lane takes from the outbox to send now.
//!
//! One transaction proves that the lane is still ours, reads the most urgent rows with the facts
//! of the moment, asks `can_send` for each, and writes an attempt for those that may leave. What
//! may not is `skipped` with its reason and never comes up again.

use wigwag_model::can_send::{Purpose, Refusal, can_send};
use wigwag_model::consent::Category;
use wigwag_model::{
    ContactId, ConversationId, Kind, MessageId, MessageState, NumberId, Timestamp, WorkspaceId,
    window,
};

use super::sender::{FACTS, Read, facts_of};
use super::{Changed, tell};
use crate::lanes::{self, Lease};
use crate::{Batch, Db, Dialect, Priority, Result, Tx, sql, sql_owned, sql_rows};

/// The span over which Meta counts the people that a portfolio writes to first.
const BUDGET_SPAN: std::time::Duration = std::time::Duration::from_hours(24);

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
}

struct Candidate {
    claimed: Claimed,
    facts: Read,
    kind: Kind,
    category: Option<Category>,
    campaign: bool,
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
            let mut refused = Vec::new();
            let mut allowed = Vec::with_capacity(candidates.len());
            for candidate in candidates {
                let purpose = if candidate.kind == Kind::Template {
                    candidate.facts.template(candidate.category)
                } else {
                    Purpose::Session
                };
                match can_send(&candidate.facts.at(now, purpose)) {
                    Ok(()) => allowed.push(candidate),
                    Err(reason) => refused.push((candidate, reason)),
                }
            }
            let workspace = wish.lease.workspace;
            let (allowed, deferred) = budget(tx, workspace, now, allowed).await?;
            skip(tx, workspace, now, &refused).await?;
            attempt(tx, &wish, now, &allowed).await?;
            Ok(Claims {
                refused: refused.len(),
                deferred,
                claimed: allowed.into_iter().map(|row| row.claimed).collect(),
            })
        })
    })
    .await
}

async fn candidates(tx: &mut Tx, wish: &Claim) -> Result<Vec<Candidate>> {
    let lock = match tx.dialect() {
        Dialect::Sqlite => "",
        Dialect::Postgres => " FOR UPDATE OF o SKIP LOCKED",
    };
    let busy = if wish.busy.is_empty() {
        ""
    } else {
        " AND o.contact_id NOT IN (SELECT r.id FROM {rows})"
    };
    let text = facts_of!(
        "outbox o JOIN messages m ON m.workspace_id = o.workspace_id AND m.id = o.message_id
         JOIN conversations v ON v.workspace_id = m.workspace_id AND v.id = m.conversation_id",
        "o.number_id",
        "m.template_id",
        "m.category",
        ", o.message_id, v.id, o.try_no, o.created_at, o.body, f.meta_media_id, m.kind, m.category, m.source",
        "LEFT JOIN media f ON f.workspace_id = m.workspace_id AND f.id = m.media_id
         WHERE o.number_id = $1 AND o.state = 'queued' AND o.due_at <= $2"
    );
    let text = format!("{text}{busy} ORDER BY o.priority, o.due_at, o.message_id LIMIT $3{lock}");
    let statement = if wish.busy.is_empty() {
        sql_owned(text)
    } else {
        crate::sql_rows_owned(text, Batch::new().ids("id", wish.busy.iter().copied()))
    };
    let rows = statement
        .bind(wish.lease.number)
        .bind(tx.mint().now())
        .bind(wish.limit)
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
                },
                kind: Kind::parse(&row.text(FACTS + 6)?),
                category: row
                    .opt_text(FACTS + 7)?
                    .and_then(|text| Category::parse(&text)),
                campaign: row.text(FACTS + 8)? == "campaign",
                facts,
            })
        })
        .collect()
}

/// Takes places in the portfolio's budget for templates to people who have no open window, and
/// puts off what does not fit. Our count is a lower bound: other tools may write to the same
/// people, and Meta's answer rules.
async fn budget(
    tx: &mut Tx,
    workspace: WorkspaceId,
    now: Timestamp,
    mut allowed: Vec<Candidate>,
) -> Result<(Vec<Candidate>, usize)> {
    let counted = |row: &Candidate| {
        row.kind == Kind::Template && !window::is_open(row.facts.window_closes_at, now)
    };
    let Some((portfolio, limit)) = allowed
        .iter()
        .filter(|row| counted(row))
        .find_map(|row| row.facts.portfolio.zip(row.facts.messaging_limit))
    else {
        return Ok((allowed, 0));
    };
    let since = now.minus(BUDGET_SPAN);
    let known = sql_rows(
        "SELECT p.contact_id FROM {rows} JOIN portfolio_budget p ON p.workspace_id = {$1} AND p.portfolio = $2
           AND p.contact_id = r.id AND p.first_at > $3",
        Batch::new().ids("id", allowed.iter().filter(|row| counted(row)).map(|row| row.claimed.contact)),
    )
    .bind(workspace)
    .bind(portfolio)
    .bind(since)
    .fetch_all(tx)
    .await?;
    let mut inside = known
        .iter()
        .map(|row| row.id(0))
        .collect::<Result<std::collections::BTreeSet<ContactId>>>()?;
    let row = sql("SELECT COUNT(*), MIN(first_at) FROM portfolio_budget WHERE workspace_id = $1 AND portfolio = $2 AND first_at > $3")
        .bind(workspace)
        .bind(portfolio)
        .bind(since)
        .fetch_one(tx)
        .await?;
    let mut left = (limit - row.int(0)?).max(0);
    let again = row
        .opt_time(1)?
        .map_or(now.plus(BUDGET_SPAN), |first| first.plus(BUDGET_SPAN));
    let mut fresh = Vec::new();
    let mut late = Vec::new();
    allowed.retain_mut(|row| {
        if !counted(row) || inside.contains(&row.claimed.contact) {
            return true;
        }
        if left == 0 {
            late.push(row.claimed.message);
            return false;
        }
        left -= 1;
        inside.insert(row.claimed.contact);
        fresh.push(row.claimed.contact);
        row.claimed.reserved = true;
        true
    });
    if !fresh.is_empty() {
        sql_rows(
            "INSERT INTO portfolio_budget (workspace_id, portfolio, contact_id, first_at)
             SELECT $1, $2, r.id, $3 FROM {rows} WHERE true
             ON CONFLICT (workspace_id, portfolio, contact_id) DO UPDATE SET first_at = excluded.first_at",
            Batch::new().ids("id", fresh),
        )
        .bind(workspace)
        .bind(portfolio)
        .bind(now)
        .execute(tx)
        .await?;
    }
    if !late.is_empty() {
        sql_rows(
            "UPDATE outbox SET due_at = $2 FROM {rows} WHERE outbox.workspace_id = {$1} AND outbox.message_id = r.id",
            Batch::new().ids("id", late.iter().copied()),
        )
        .bind(workspace)
        .bind(again)
        .execute(tx)
        .await?;
    }
    Ok((allowed, late.len()))
}

/// Ends what may not leave, with its reason.
async fn skip(
    tx: &mut Tx,
    workspace: WorkspaceId,
    now: Timestamp,
    refused: &[(Candidate, Refusal)],
) -> Result<()> {
    if refused.is_empty() {
        return Ok(());
    }
    let seq = tx.seq(workspace).await?;
    let rows = Batch::new()
        .ids("id", refused.iter().map(|(row, _)| row.claimed.message))
        .texts("reason", refused.iter().map(|(_, reason)| reason.as_str()));
    sql_rows(
        "UPDATE messages SET state = $2, failure_reason = r.reason, failed_at = $3, changed_seq = $4 FROM {rows}
         WHERE messages.workspace_id = {$1} AND messages.id = r.id AND messages.state = $5",
        rows,
    )
    .bind(workspace)
    .bind(MessageState::Skipped.rank())
    .bind(now)
    .bind(seq)
    .bind(MessageState::Queued.rank())
    .execute(tx)
    .await?;
    sql_rows(
        "DELETE FROM outbox WHERE workspace_id = $1 AND message_id IN (SELECT r.id FROM {rows})",
        Batch::new().ids("id", refused.iter().map(|(row, _)| row.claimed.message)),
    )
    .bind(workspace)
    .execute(tx)
    .await?;
    let changed: Vec<_> = refused
        .iter()
        .map(|(row, _)| Changed {
            workspace,
            message: row.claimed.message,
            conversation: row.claimed.conversation,
            state: MessageState::Skipped,
            quiet: row.campaign,
        })
        .collect();
    tell(tx, &changed).await
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
    sql_rows(
        "UPDATE messages SET state = $2 FROM {rows}
         WHERE messages.workspace_id = {$1} AND messages.id = r.id AND messages.state < $2",
        rows(),
    )
    .bind(wish.lease.workspace)
    .bind(MessageState::Attempting.rank())
    .execute(tx)
    .await?;
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
