//! What became of templates' messages, day by day, told once a day for each template that was sent.
//!
//! A day is counted from the messages that were written on it, found by their ids, which are in the
//! order of time: no index and no sum is kept for it. It is counted outside the writer; the
//! transaction that tells the day asks again whether nobody else did.

use serde::{Deserialize, Serialize};
use wigwag_model::endpoint::Kind;
use wigwag_model::id::Id as _;
use wigwag_model::{MessageId, TemplateId, Timestamp, WorkspaceId};

use super::happenings::Happening;
use crate::{Db, Priority, Result, Tx, sql};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;
/// Days that are told later when no process worked on them.
const LATE: i64 = 7;

/// What became of a template's messages of one day (UTC), as it stands when it is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// When the day begins.
    pub from: Timestamp,
    /// When it ends.
    pub to: Timestamp,
    /// Messages that Meta sent.
    pub sent: i64,
    /// Those of them that were delivered.
    pub delivered: i64,
    /// Those of them that were read.
    pub read: i64,
    /// Those of them in which a quick reply was pressed or a short link followed.
    pub clicked: i64,
}

/// The day of an instant, counted from 1 January 1970, UTC.
pub fn day_of(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(DAY)
}

/// When a day begins.
pub fn begin_of(day: i64) -> Timestamp {
    Timestamp::from_micros(day.saturating_mul(DAY))
}

/// Notes that the days before today are not to be told: the first endpoint is on from now on. In
/// the transaction that switches it on.
pub(super) async fn begin(tx: &mut Tx, workspace: WorkspaceId) -> Result<()> {
    let before = day_of(tx.mint().now()) - 1;
    sql(
        "INSERT INTO told (workspace_id, subject_id, state) VALUES ($1, $1, $2)
         ON CONFLICT (workspace_id, subject_id) DO UPDATE SET state = excluded.state",
    )
    .bind(workspace)
    .bind(before.to_string())
    .execute(tx)
    .await?;
    Ok(())
}

/// Tells the days up to `last` that were not told yet, at most those of a week.
///
/// # Errors
/// What the database says.
pub async fn measure(db: &Db, workspace: WorkspaceId, last: i64) -> Result<()> {
    let row = sql("SELECT state FROM told WHERE workspace_id = $1 AND subject_id = $1")
        .bind(workspace)
        .fetch_optional(&mut db.reader().await?)
        .await?;
    let state = row.map(|row| row.text(0)).transpose()?;
    let Some(mut told) = state.and_then(|state| state.parse::<i64>().ok()) else {
        // Endpoints that were on before days were told: from now on.
        return db
            .write(Priority::Background, move |tx| {
                Box::pin(begin(tx, workspace))
            })
            .await;
    };
    for day in (told + 1).max(last.saturating_sub(LATE - 1))..=last {
        let figures = count(db, workspace, day).await?;
        if !tell(db, workspace, (told, day), figures).await? {
            return Ok(());
        }
        told = day;
    }
    Ok(())
}

/// Counts a day's messages by their templates.
async fn count(db: &Db, workspace: WorkspaceId, day: i64) -> Result<Vec<(TemplateId, Figures)>> {
    let (from, to) = (begin_of(day), begin_of(day + 1));
    let first = |at: Timestamp| MessageId::new(at, [0; 10]);
    // What a file of history brings in is written today and was sent long ago.
    let rows = sql(
        "SELECT m.template_id, COUNT(*),
            SUM(CASE WHEN m.delivered_at IS NOT NULL OR m.read_at IS NOT NULL THEN 1 ELSE 0 END),
            SUM(CASE WHEN m.read_at IS NOT NULL THEN 1 ELSE 0 END),
            SUM(CASE WHEN c.clicked_at IS NOT NULL OR b.wamid IS NOT NULL THEN 1 ELSE 0 END)
         FROM messages m
         LEFT JOIN campaign_recipients c ON c.workspace_id = m.workspace_id AND c.campaign_id = m.campaign_id
            AND c.round = m.campaign_round AND c.contact_id = m.contact_id AND c.message_id = m.id
         LEFT JOIN (SELECT DISTINCT i.number_id, i.reply_to_wamid AS wamid FROM messages i
                WHERE i.workspace_id = $1 AND i.id >= $2 AND i.kind = 'button' AND i.reply_to_wamid IS NOT NULL) b
            ON b.number_id = m.number_id AND b.wamid = m.wamid
         WHERE m.workspace_id = $1 AND m.id >= $2 AND m.id < $3 AND m.template_id IS NOT NULL
            AND m.direction = 'out' AND m.at >= $4
            AND (m.sent_at IS NOT NULL OR m.delivered_at IS NOT NULL OR m.read_at IS NOT NULL)
         GROUP BY m.template_id ORDER BY m.template_id",
    )
    .bind(workspace)
    .bind(first(from))
    .bind(first(to))
    .bind(from)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter()
        .map(|row| {
            let figures = Figures {
                from,
                to,
                sent: row.int(1)?,
                delivered: row.int(2)?,
                read: row.int(3)?,
                clicked: row.int(4)?,
            };
            Ok((row.id(0)?, figures))
        })
        .collect()
}

/// Tells a day after the one that was told last. Says no when another process did meanwhile.
async fn tell(
    db: &Db,
    workspace: WorkspaceId,
    (told, day): (i64, i64),
    figures: Vec<(TemplateId, Figures)>,
) -> Result<bool> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let moved = sql("UPDATE told SET state = $3 WHERE workspace_id = $1 AND subject_id = $1 AND state = $2")
                .bind(workspace)
                .bind(told.to_string())
                .bind(day.to_string())
                .execute(tx)
                .await?;
            if moved == 0 {
                return Ok(false);
            }
            for (template, figures) in &figures {
                let happening = Happening {
                    detail: serde_json::to_string(figures).ok().map(Into::into),
                    at: Some(figures.to),
                    ..Happening::of(Kind::TemplateMeasured, template.uuid())
                };
                tx.happened(workspace, happening);
            }
            Ok(true)
        })
    })
    .await
}
