//! Recording what became of attempts, many at a time. Evidence may have been quicker than our
//! own answer from Meta: a state only ever moves forward, and a wamid that is known stays.

use std::collections::BTreeMap;

use wigwag_model::{
    ContactId, ConversationId, MessageId, MessageState, NumberId, Timestamp, WorkspaceId,
};

use super::{Changed, tell};
use crate::campaigns::Share;
use crate::endpoints::Happening;
use crate::{Batch, Db, Event, Priority, Result, Tx, ingest, sql, sql_rows, sql_rows_owned};

/// The end of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Meta named the message.
    Accepted {
        /// Its name.
        wamid: String,
    },
    /// Provably without effect, and worth another try.
    Retry {
        /// Not before.
        due_at: Timestamp,
        /// Meta's code.
        code: Option<i64>,
        /// Why.
        detail: String,
    },
    /// Not written at all: the stop, the lease or the pair rate came first. Not a try.
    Release {
        /// Not before.
        due_at: Timestamp,
    },
    /// Provably without effect, and nothing about its person: a campaign's message waits until
    /// somebody has mended what is wrong. Counts as failed where there is no campaign.
    Hold {
        /// Meta's code.
        code: Option<i64>,
        /// The stable reason.
        reason: String,
        /// Meta's words.
        detail: String,
    },
    /// Refused for good, provably without effect.
    Failed {
        /// Meta's code.
        code: Option<i64>,
        /// The stable reason.
        reason: String,
        /// Meta's words.
        detail: String,
    },
    /// It may have arrived: never tried again by itself.
    Unknown {
        /// Meta's code, when there was one.
        code: Option<i64>,
        /// What happened.
        detail: String,
    },
}

impl Outcome {
    /// The attempt's effect: `accepted`, `none` or `maybe`.
    fn effect(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::Retry { .. } | Self::Release { .. } | Self::Hold { .. } | Self::Failed { .. } => {
                "none"
            }
            Self::Unknown { .. } => "maybe",
        }
    }

    fn code(&self) -> Option<i64> {
        match self {
            Self::Accepted { .. } | Self::Release { .. } => None,
            Self::Retry { code, .. }
            | Self::Hold { code, .. }
            | Self::Failed { code, .. }
            | Self::Unknown { code, .. } => *code,
        }
    }

    fn detail(&self) -> Option<&str> {
        match self {
            Self::Accepted { .. } | Self::Release { .. } => None,
            Self::Retry { detail, .. }
            | Self::Hold { detail, .. }
            | Self::Failed { detail, .. }
            | Self::Unknown { detail, .. } => Some(detail),
        }
    }
}

/// An attempt with its end.
#[derive(Debug, Clone)]
pub struct Finished {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// The number.
    pub number: NumberId,
    /// The message.
    pub message: MessageId,
    /// Its thread.
    pub conversation: ConversationId,
    /// The person.
    pub contact: ContactId,
    /// Which try it was.
    pub try_no: i64,
    /// Whether the claim took a place in the portfolio's budget.
    pub reserved: bool,
    /// The HTTP status of the answer.
    pub http_status: Option<u16>,
    /// When it ended.
    pub ended_at: Timestamp,
    /// What became of it.
    pub outcome: Outcome,
}

/// Records the ends of attempts in one transaction.
///
/// # Errors
/// What the database says; the caller tries again, recording twice changes nothing.
pub async fn finish(db: &Db, finished: Vec<Finished>) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let mut by_workspace: BTreeMap<WorkspaceId, Vec<Finished>> = BTreeMap::new();
            for row in finished {
                by_workspace.entry(row.workspace).or_default().push(row);
            }
            for (workspace, mut rows) in by_workspace {
                // In the order of ids: two transactions lock rows alike.
                rows.sort_by_key(|row| row.message);
                record(tx, workspace, &rows).await?;
            }
            Ok(())
        })
    })
    .await
}

/// A message as it was before its attempt's end was recorded: its state, the campaign that counts it, and
/// whether a campaign sent it. A program's message may be counted by a campaign that cannot hold it.
type Before = BTreeMap<MessageId, (MessageState, Option<Share>, bool)>;

/// Reads the messages; on PostgreSQL they are locked, in the order in which statuses lock them.
async fn before(tx: &mut Tx, workspace: WorkspaceId, rows: &[Finished]) -> Result<Before> {
    let text = "SELECT m.id, m.state, m.campaign_id, m.campaign_round, m.source FROM {rows}
         JOIN messages m ON m.workspace_id = {$1} AND m.id = r.id";
    let found = sql_rows_owned(
        ingest::locking(text, tx.dialect(), "m.workspace_id, m.id", "m"),
        Batch::new().ids("id", rows.iter().map(|row| row.message)),
    )
    .bind(workspace)
    .fetch_all(tx)
    .await?;
    found
        .iter()
        .map(|row| {
            let state = row.opt_int(1)?.and_then(MessageState::from_rank);
            let state = state.unwrap_or(MessageState::Attempting);
            let share = Share::read(workspace, row, 2)?;
            Ok((row.id(0)?, (state, share, row.text(4)? == "campaign")))
        })
        .collect()
}

/// Counts what has moved.
fn count(tx: &mut Tx, before: &Before, changed: &[Changed]) {
    for row in changed {
        if let Some((state, share, _)) = before.get(&row.message) {
            tx.moves().add_some(*share, *state, row.state);
        }
    }
}

async fn record(tx: &mut Tx, workspace: WorkspaceId, rows: &[Finished]) -> Result<()> {
    let before = before(tx, workspace, rows).await?;
    let batch = Batch::new()
        .ids("id", rows.iter().map(|row| row.message))
        .ints("try_no", rows.iter().map(|row| row.try_no))
        .times("ended_at", rows.iter().map(|row| row.ended_at))
        .texts("effect", rows.iter().map(|row| row.outcome.effect()))
        .opt_ints(
            "http_status",
            rows.iter().map(|row| row.http_status.map(i64::from)),
        )
        .opt_ints("code", rows.iter().map(|row| row.outcome.code()))
        .opt_texts("detail", rows.iter().map(|row| row.outcome.detail()))
        .opt_texts(
            "wamid",
            rows.iter().map(|row| match &row.outcome {
                Outcome::Accepted { wamid } => Some(wamid.as_str()),
                _ => None,
            }),
        );
    // What a late status has proven is not taken back by our own doubt.
    sql_rows(
        "UPDATE attempts SET effect = r.effect, ended_at = r.ended_at, http_status = r.http_status, error_code = r.code,
            error_detail = r.detail, wamid = COALESCE(attempts.wamid, r.wamid),
            live_us = CASE WHEN r.effect = 'maybe' THEN COALESCE((SELECT k.live_us FROM lane_clocks k WHERE k.number_id = attempts.number_id), 0) END
         FROM {rows} WHERE attempts.workspace_id = {$1} AND attempts.message_id = r.id AND attempts.try_no = r.try_no
           AND (attempts.effect IS NULL OR attempts.effect <> 'accepted')",
        batch,
    )
    .bind(workspace)
    .execute(tx)
    .await?;
    accepted(tx, workspace, rows, &before).await?;
    back(tx, workspace, rows, &before).await?;
    ended(tx, workspace, rows, &before).await?;
    let stopped: Vec<_> = rows
        .iter()
        .filter(|row| {
            matches!(
                row.outcome,
                Outcome::Failed {
                    code: Some(ingest::STOPPED_MARKETING),
                    ..
                }
            )
        })
        .map(|row| (workspace, row.message, row.ended_at))
        .collect();
    ingest::refused(tx, &stopped).await?;
    give_back(tx, workspace, rows).await
}

/// Names what Meta accepted, and applies the evidence that was quicker than the answer.
async fn accepted(
    tx: &mut Tx,
    workspace: WorkspaceId,
    rows: &[Finished],
    before: &Before,
) -> Result<()> {
    let named: Vec<(&Finished, &str)> = rows
        .iter()
        .filter_map(|row| match &row.outcome {
            Outcome::Accepted { wamid } => Some((row, wamid.as_str())),
            _ => None,
        })
        .collect();
    if named.is_empty() {
        return Ok(());
    }
    let seq = tx.seq(workspace).await?;
    let batch = Batch::new()
        .ids("id", named.iter().map(|(row, _)| row.message))
        .texts("wamid", named.iter().map(|(_, wamid)| *wamid))
        .times("at", named.iter().map(|(row, _)| row.ended_at));
    let moved = sql_rows(
        "UPDATE messages SET wamid = COALESCE(messages.wamid, r.wamid), accepted_at = COALESCE(messages.accepted_at, r.at),
            state = CASE WHEN messages.state < $2 AND messages.state <> $4 THEN $2 ELSE messages.state END, changed_seq = $3
         FROM {rows} WHERE messages.workspace_id = {$1} AND messages.id = r.id
         RETURNING messages.id, messages.conversation_id, messages.state, messages.source",
        batch,
    )
    .bind(workspace)
    .bind(MessageState::Accepted.rank())
    .bind(seq)
    .bind(MessageState::Skipped.rank())
    .fetch_all(tx)
    .await?;
    remove(tx, workspace, named.iter().map(|(row, _)| row.message)).await?;
    let changed = changes(workspace, &moved)?;
    count(tx, before, &changed);
    tell(tx, &changed).await?;
    for (row, _) in &named {
        // What a status has proven already was told then.
        let news = |(state, ..): &(MessageState, _, _)| *state < MessageState::Accepted;
        if before.get(&row.message).is_some_and(news) {
            tx.happened(workspace, Happening::sent(row.message, row.ended_at));
        }
    }
    let mut by_number: BTreeMap<NumberId, Vec<(String, MessageId)>> = BTreeMap::new();
    for (row, wamid) in named {
        by_number
            .entry(row.number)
            .or_default()
            .push((wamid.to_owned(), row.message));
    }
    for (number, wamids) in by_number {
        ingest::apply_parked(tx, workspace, number, &wamids).await?;
    }
    Ok(())
}

fn changes(workspace: WorkspaceId, moved: &[crate::Row]) -> Result<Vec<Changed>> {
    moved
        .iter()
        .map(|row| {
            Ok(Changed {
                workspace,
                message: row.id(0)?,
                conversation: row.id(1)?,
                state: MessageState::from_rank(row.int(2)?).unwrap_or(MessageState::Accepted),
                quiet: row.text(3)? == "campaign",
            })
        })
        .collect()
}

async fn remove(
    tx: &mut Tx,
    workspace: WorkspaceId,
    messages: impl Iterator<Item = MessageId>,
) -> Result<()> {
    sql_rows(
        "DELETE FROM outbox WHERE workspace_id = $1 AND message_id IN (SELECT r.id FROM {rows})",
        Batch::new().ids("id", messages),
    )
    .bind(workspace)
    .execute(tx)
    .await?;
    Ok(())
}

/// Puts back what provably had no effect and may be tried again.
async fn back(
    tx: &mut Tx,
    workspace: WorkspaceId,
    rows: &[Finished],
    before: &Before,
) -> Result<()> {
    let again: Vec<(&Finished, Timestamp)> = rows
        .iter()
        .filter_map(|row| match row.outcome {
            Outcome::Retry { due_at, .. } | Outcome::Release { due_at } => Some((row, due_at)),
            Outcome::Hold { .. } if in_campaign(before, row.message) => Some((row, row.ended_at)),
            _ => None,
        })
        .collect();
    if again.is_empty() {
        return Ok(());
    }
    let batch = || {
        Batch::new()
            .ids("id", again.iter().map(|(row, _)| row.message))
            .times("due_at", again.iter().map(|(_, due_at)| *due_at))
            .ints(
                "held",
                again
                    .iter()
                    .map(|(row, _)| i64::from(matches!(row.outcome, Outcome::Hold { .. }))),
            )
    };
    // What belongs to a campaign that rests waits with it.
    sql_rows(
        "UPDATE outbox SET due_at = r.due_at, lane_epoch = NULL, send_by = NULL,
            state = CASE WHEN r.held = 1 OR (outbox.campaign_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM campaigns c
                WHERE c.workspace_id = outbox.workspace_id AND c.id = outbox.campaign_id AND c.state = 'running'))
                THEN 'held' ELSE 'queued' END
         FROM {rows} WHERE outbox.workspace_id = {$1} AND outbox.message_id = r.id AND outbox.state = {$2}",
        batch(),
    )
    .bind(workspace)
    .bind("attempting")
    .execute(tx)
    .await?;
    let moved = sql_rows(
        "UPDATE messages SET state = $2 FROM {rows}
         WHERE messages.workspace_id = {$1} AND messages.id = r.id AND messages.state = $3
         RETURNING messages.campaign_id, messages.campaign_round",
        batch(),
    )
    .bind(workspace)
    .bind(MessageState::Queued.rank())
    .bind(MessageState::Attempting.rank())
    .fetch_all(tx)
    .await?;
    for row in &moved {
        let share = Share::read(workspace, row, 0)?;
        tx.moves()
            .add_some(share, MessageState::Attempting, MessageState::Queued);
    }
    Ok(())
}

fn in_campaign(before: &Before, message: MessageId) -> bool {
    before
        .get(&message)
        .is_some_and(|(_, _, sent_by_one)| *sent_by_one)
}

/// Ends what was refused for good or cannot be known.
async fn ended(
    tx: &mut Tx,
    workspace: WorkspaceId,
    rows: &[Finished],
    before: &Before,
) -> Result<()> {
    let over: Vec<(&Finished, MessageState, &str)> = rows
        .iter()
        .filter_map(|row| match &row.outcome {
            Outcome::Hold { .. } if in_campaign(before, row.message) => None,
            Outcome::Failed { reason, .. } | Outcome::Hold { reason, .. } => {
                Some((row, MessageState::Failed, reason.as_str()))
            }
            Outcome::Unknown { .. } => Some((row, MessageState::Unknown, "no_answer")),
            _ => None,
        })
        .collect();
    if over.is_empty() {
        return Ok(());
    }
    let seq = tx.seq(workspace).await?;
    let batch = Batch::new()
        .ids("id", over.iter().map(|(row, ..)| row.message))
        .ints("state", over.iter().map(|(_, state, _)| state.rank()))
        .texts("reason", over.iter().map(|(.., reason)| *reason))
        .opt_ints("code", over.iter().map(|(row, ..)| row.outcome.code()))
        .opt_texts("detail", over.iter().map(|(row, ..)| row.outcome.detail()))
        .times("at", over.iter().map(|(row, ..)| row.ended_at));
    let moved = sql_rows(
        "UPDATE messages SET state = r.state, failure_code = r.code, failure_reason = r.reason, failure_detail = r.detail,
            failed_at = CASE WHEN r.state = $2 THEN r.at END, changed_seq = $3
         FROM {rows} WHERE messages.workspace_id = {$1} AND messages.id = r.id AND messages.state = $4
         RETURNING messages.id, messages.conversation_id, messages.state, messages.source",
        batch,
    )
    .bind(workspace)
    .bind(MessageState::Failed.rank())
    .bind(seq)
    .bind(MessageState::Attempting.rank())
    .fetch_all(tx)
    .await?;
    remove(tx, workspace, over.iter().map(|(row, ..)| row.message)).await?;
    let changed = changes(workspace, &moved)?;
    count(tx, before, &changed);
    tell(tx, &changed).await?;
    undo_reactions(tx, workspace, &over).await
}

/// A reaction of ours that Meta refused is not shown any longer.
async fn undo_reactions(
    tx: &mut Tx,
    workspace: WorkspaceId,
    over: &[(&Finished, MessageState, &str)],
) -> Result<()> {
    let refused: Vec<MessageId> = over
        .iter()
        .filter(|(_, state, _)| *state == MessageState::Failed)
        .map(|(row, ..)| row.message)
        .collect();
    if refused.is_empty() {
        return Ok(());
    }
    let gone = sql_rows(
        "DELETE FROM reactions WHERE workspace_id = $1 AND author = 'business' AND message_id IN (
            SELECT t.id FROM {rows} JOIN messages m ON m.workspace_id = {$1} AND m.id = r.id AND m.kind = 'reaction'
            JOIN messages t ON t.workspace_id = m.workspace_id AND t.number_id = m.number_id AND t.wamid = m.reply_to_wamid)
         RETURNING message_id",
        Batch::new().ids("id", refused),
    )
    .bind(workspace)
    .fetch_all(tx)
    .await?;
    for row in &gone {
        let message: MessageId = row.id(0)?;
        let seq = tx.seq(workspace).await?;
        let target = sql("UPDATE messages SET changed_seq = $3 WHERE workspace_id = $1 AND id = $2 RETURNING conversation_id")
            .bind(workspace)
            .bind(message)
            .bind(seq)
            .fetch_one(tx)
            .await?;
        tx.record(
            workspace,
            Event {
                kind: "message.changed",
                subject: wigwag_model::id::Id::uuid(message),
                conversation: Some(target.id(0)?),
            },
        );
    }
    Ok(())
}

/// Gives back the places in the portfolio's budget of what provably reached nobody.
async fn give_back(tx: &mut Tx, workspace: WorkspaceId, rows: &[Finished]) -> Result<()> {
    let unused: Vec<&Finished> = rows
        .iter()
        .filter(|row| row.reserved && row.outcome.effect() == "none")
        .collect();
    if unused.is_empty() {
        return Ok(());
    }
    let batch = Batch::new()
        .ids("contact_id", unused.iter().map(|row| row.contact))
        .ids("number_id", unused.iter().map(|row| row.number));
    let gone = sql_rows(
        "DELETE FROM portfolio_budget WHERE workspace_id = $1 AND (portfolio, contact_id) IN (
            SELECT w.portfolio, r.contact_id FROM {rows}
            JOIN numbers n ON n.workspace_id = {$1} AND n.id = r.number_id
            JOIN wabas w ON w.workspace_id = n.workspace_id AND w.id = n.waba)
         RETURNING workspace_id, portfolio, first_at",
        batch,
    )
    .bind(workspace)
    .fetch_all(tx)
    .await?;
    super::uncount(tx, &gone).await
}
