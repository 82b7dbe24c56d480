//! What came of a campaign, person by person and summed up.

use serde::{Deserialize, Serialize};
use wigwag_model::search::query_terms;
use wigwag_model::{
    CampaignId, ContactId, ConversationId, MessageId, MessageState, Timestamp, WorkspaceId,
};

use super::counts::Flag;
use crate::contacts::reached;
use crate::{Bind, Db, Result, Row, Sql, Value, sql, sql_owned};

/// A person of a campaign with what became of the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The round.
    pub round: i64,
    /// The place in the plan.
    pub no: i64,
    /// Who.
    pub contact: ContactId,
    /// The name to show.
    pub name: String,
    /// E.164.
    pub phone: Option<String>,
    /// `planned`, `skipped`, else the message's state.
    pub state: String,
    /// Why there is no message, or why it failed.
    pub reason: Option<String>,
    /// Meta's code of a failure.
    pub code: Option<i64>,
    /// Meta's words.
    pub detail: Option<String>,
    /// When the message was or is due.
    pub due_at: Timestamp,
    /// The message.
    pub message: Option<MessageId>,
    /// Its thread.
    pub conversation: Option<ConversationId>,
    /// When Meta took it.
    pub accepted_at: Option<Timestamp>,
    /// When it left Meta.
    pub sent_at: Option<Timestamp>,
    /// When it arrived.
    pub delivered_at: Option<Timestamp>,
    /// When it was read.
    pub read_at: Option<Timestamp>,
    /// When it failed or was skipped.
    pub failed_at: Option<Timestamp>,
    /// When the person answered.
    pub replied_at: Option<Timestamp>,
    /// When the person followed a link.
    pub clicked_at: Option<Timestamp>,
    /// When the person first reached a goal.
    pub converted_at: Option<Timestamp>,
    /// When the person opted out.
    pub opted_out_at: Option<Timestamp>,
    /// What it costs at most, in millionths.
    pub estimate_micros: Option<i64>,
}

/// The place of a person in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecipientKey {
    /// The round.
    pub round: i64,
    /// The place in the plan.
    pub no: i64,
}

/// Which people.
#[derive(Debug, Clone, Default)]
pub struct Recipients {
    /// In this state.
    pub state: Option<MessageState>,
    /// With this flag.
    pub flag: Option<Flag>,
    /// Skipped or failed for this reason.
    pub reason: Option<String>,
    /// Found by name or phone number.
    pub query: Option<String>,
}

const COLUMNS: &str = "p.round, p.no, p.contact_id, COALESCE(c.name, c.profile_name, c.username, c.phone, ''), c.phone, p.state, p.reason,
    p.due_at, p.message_id, m.conversation_id, m.state, m.failure_reason, m.failure_code, m.failure_detail,
    m.accepted_at, m.sent_at, m.delivered_at, m.read_at, m.failed_at, p.replied_at, p.clicked_at, p.opted_out_at, p.estimate_micros, p.converted_at";

fn read(row: &Row) -> Result<Recipient> {
    let own = row.text(5)?;
    let message = row.opt_int(10)?.and_then(MessageState::from_rank);
    Ok(Recipient {
        round: row.int(0)?,
        no: row.int(1)?,
        contact: row.id(2)?,
        name: row.text(3)?,
        phone: row.opt_text(4)?,
        state: message.map_or(own, |state| state.as_str().to_owned()),
        reason: match row.opt_text(6)? {
            Some(reason) => Some(reason),
            None => row.opt_text(11)?,
        },
        due_at: row.time(7)?,
        message: row.opt_id(8)?,
        conversation: row.opt_id(9)?,
        code: row.opt_int(12)?,
        detail: row.opt_text(13)?,
        accepted_at: row.opt_time(14)?,
        sent_at: row.opt_time(15)?,
        delivered_at: row.opt_time(16)?,
        read_at: row.opt_time(17)?,
        failed_at: row.opt_time(18)?,
        replied_at: row.opt_time(19)?,
        clicked_at: row.opt_time(20)?,
        opted_out_at: row.opt_time(21)?,
        estimate_micros: row.opt_int(22)?,
        converted_at: row.opt_time(23)?,
    })
}

/// A page of a campaign's people in the order of the plan, and the key of its last row when there
/// may be more.
///
/// # Errors
/// What the database says.
pub async fn recipients(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
    wish: &Recipients,
    after: Option<RecipientKey>,
    limit: u32,
) -> Result<(Vec<Recipient>, Option<RecipientKey>)> {
    let mut text = format!(
        "SELECT {COLUMNS} FROM campaign_recipients p
         JOIN contacts c ON c.workspace_id = p.workspace_id AND c.id = p.contact_id
         LEFT JOIN messages m ON m.workspace_id = p.workspace_id AND m.id = p.message_id
         WHERE p.workspace_id = $1 AND p.campaign_id = $2"
    );
    let mut bound: Vec<Value> = Vec::new();
    let place = |bound: &mut Vec<Value>, value: Value| {
        bound.push(value);
        bound.len() + 2
    };
    match wish.state {
        None => {}
        Some(MessageState::Planned) => text.push_str(" AND p.state = 'planned'"),
        Some(MessageState::Skipped) => {
            text.push_str(" AND (p.state = 'skipped' OR m.state = 5)");
        }
        Some(state) => {
            let at = place(&mut bound, state.rank().value());
            text.push_str(&format!(" AND m.state = ${at}"));
        }
    }
    if let Some(flag) = wish.flag {
        text.push_str(match flag {
            Flag::Replied => " AND p.replied_at IS NOT NULL",
            Flag::Clicked => " AND p.clicked_at IS NOT NULL",
            Flag::OptedOut => " AND p.opted_out_at IS NOT NULL",
            Flag::Converted => " AND p.converted_at IS NOT NULL",
        });
    }
    if let Some(reason) = &wish.reason {
        let at = place(&mut bound, reason.value());
        text.push_str(&format!(
            " AND (p.reason = ${at} OR m.failure_reason = ${at})"
        ));
    }
    for word in wish.query.as_deref().map(query_terms).unwrap_or_default() {
        let condition = reached(&word, |value| {
            format!("${}", place(&mut bound, value.value()))
        });
        text.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM contact_terms t WHERE t.workspace_id = $1 AND t.contact_id = p.contact_id AND {condition})"
        ));
    }
    if let Some(key) = after {
        let round = place(&mut bound, key.round.value());
        let no = place(&mut bound, key.no.value());
        text.push_str(&format!(" AND (p.round, p.no) > (${round}, ${no})"));
    }
    text.push_str(&format!(
        " ORDER BY p.round, p.no LIMIT {}",
        u64::from(limit) + 1
    ));
    let statement = bound
        .into_iter()
        .fold(sql_owned(text).bind(workspace).bind(campaign), Sql::bind);
    let rows = statement.fetch_all(&mut db.reader().await?).await?;
    let more = rows.len() > limit as usize;
    let mut page = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    page.truncate(limit as usize);
    let key = page.last().filter(|_| more).map(|last| RecipientKey {
        round: last.round,
        no: last.no,
    });
    Ok((page, key))
}

/// Failures for one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failures {
    /// Meta's code, when Meta refused.
    pub code: Option<i64>,
    /// The stable reason.
    pub reason: String,
    /// How many.
    pub count: i64,
}

/// Why messages failed, the most frequent cause first.
///
/// # Errors
/// What the database says.
pub async fn failures(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
) -> Result<Vec<Failures>> {
    let rows = sql(
        "SELECT failure_code, COALESCE(failure_reason, ''), COUNT(*) FROM messages
         WHERE workspace_id = $1 AND campaign_id = $2 AND state = 70
         GROUP BY failure_code, failure_reason ORDER BY 3 DESC, 2",
    )
    .bind(workspace)
    .bind(campaign)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Failures {
                code: row.opt_int(0)?,
                reason: row.text(1)?,
                count: row.int(2)?,
            })
        })
        .collect()
}

/// Why people got no message, the most frequent reason first: before the lane and at its door.
///
/// # Errors
/// What the database says.
pub async fn skips(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
) -> Result<Vec<(String, i64)>> {
    let rows = sql("SELECT reason, CAST(SUM(n) AS BIGINT) FROM (
            SELECT COALESCE(reason, '') AS reason, COUNT(*) AS n FROM campaign_recipients
            WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'skipped' GROUP BY reason
            UNION ALL
            SELECT COALESCE(failure_reason, ''), COUNT(*) FROM messages
            WHERE workspace_id = $1 AND campaign_id = $2 AND state = 5 GROUP BY failure_reason
         ) s GROUP BY reason ORDER BY 2 DESC, 1")
    .bind(workspace)
    .bind(campaign)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter()
        .map(|row| Ok((row.text(0)?, row.int(1)?)))
        .collect()
}

/// How many moved in a minute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// The minute's first instant.
    pub at: Timestamp,
    /// `sent`, `delivered`, `read`, `failed`, `replied`, `clicked`, `opted_out`, `converted`.
    pub kind: String,
    /// How many more; fewer when a message that counted as sent failed.
    pub n: i64,
}

/// What moved, minute by minute.
///
/// # Errors
/// What the database says.
pub async fn series(db: &Db, workspace: WorkspaceId, campaign: CampaignId) -> Result<Vec<Point>> {
    let rows = sql("SELECT at, kind, n FROM campaign_series WHERE workspace_id = $1 AND campaign_id = $2 ORDER BY at, kind")
        .bind(workspace)
        .bind(campaign)
        .fetch_all(&mut db.reader().await?)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Point {
                at: row.time(0)?,
                kind: row.text(1)?,
                n: row.int(2)?,
            })
        })
        .collect()
}
