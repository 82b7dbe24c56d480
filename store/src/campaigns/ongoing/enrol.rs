//! What starts runs without anybody doing anything: who is in already when a campaign starts, who
//! enters a segment, whose day comes.

use wigwag_model::{CampaignId, ContactId, Timestamp, WorkspaceId};

use super::events::{Began, insert};
use crate::{Batch, Db, Error, Executor, Priority, Result, Tx, sql, sql_rows};

/// What is done with those who are in already when a campaign starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enrol {
    /// Nothing, or it was done.
    Done,
    /// They run too.
    Runs,
    /// They are known to be in, and do not run.
    Members,
}

impl Enrol {
    /// The name in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Runs => "runs",
            Self::Members => "members",
        }
    }

    fn parse(text: &str) -> Self {
        match text {
            "runs" => Self::Runs,
            "members" => Self::Members,
            _ => Self::Done,
        }
    }
}

/// A running campaign that is to be looked at now and then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// The campaign.
    pub campaign: CampaignId,
    /// The version in force.
    pub definition: i64,
    /// What is still to be done with those who are in already.
    pub enrol: Enrol,
    /// After whom that goes on.
    pub enrol_after: Option<ContactId>,
    /// When it was last looked at.
    pub looked_at: Option<Timestamp>,
    /// Days start it.
    pub by_days: bool,
}

/// Running campaigns that days or segments start, or that have people to take in.
///
/// # Errors
/// What the database says.
pub async fn watches(db: &Db) -> Result<Vec<Watch>> {
    let rows = sql(
        "SELECT t.workspace_id, t.campaign_id, t.definition, t.enrol, t.enrol_after, t.looked_at, t.kind FROM campaign_triggers t
         JOIN campaigns c ON c.workspace_id = t.workspace_id AND c.id = t.campaign_id
         WHERE c.state = 'running' AND (t.enrol <> 'done' OR t.kind IN ('date', 'segment_entered'))
         ORDER BY t.workspace_id, t.campaign_id",
    )
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Watch {
                workspace: row.id(0)?,
                campaign: row.id(1)?,
                definition: row.int(2)?,
                enrol: Enrol::parse(&row.text(3)?),
                enrol_after: row.opt_id(4)?,
                looked_at: row.opt_time(5)?,
                by_days: row.text(6)? == "date",
            })
        })
        .collect()
}

/// Takes in a piece of those who are in already: they run, or are known. `last`: after whom the next
/// piece begins, `None` when nobody is left. `segment`: they are remembered as members.
///
/// # Errors
/// [`Error::Stale`] when somebody else has taken them in.
pub async fn enrol(
    db: &Db,
    watch: &Watch,
    people: Vec<ContactId>,
    last: Option<ContactId>,
    segment: bool,
) -> Result<()> {
    let watch = watch.clone();
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let (workspace, campaign) = (watch.workspace, watch.campaign);
            let now = tx.mint().now();
            let enrol = if last.is_some() {
                watch.enrol
            } else {
                Enrol::Done
            };
            let done = sql(
                "UPDATE campaign_triggers SET enrol = $5, enrol_after = $6, looked_at = $7
                 WHERE workspace_id = $1 AND campaign_id = $2 AND definition = $3 AND enrol = $4
                   AND (enrol_after = $8 OR (enrol_after IS NULL AND $9 = 1))",
            )
            .bind(workspace)
            .bind(campaign)
            .bind(watch.definition)
            .bind(watch.enrol.as_str())
            .bind(enrol.as_str())
            .bind(last)
            .bind(now)
            .bind(watch.enrol_after)
            .bind(watch.enrol_after.is_none())
            .execute(tx)
            .await?;
            if done == 0 {
                return Err(Error::Stale);
            }
            if segment {
                join(tx, workspace, campaign, &people).await?;
            }
            if watch.enrol == Enrol::Runs {
                let began: Vec<Began> = people
                    .iter()
                    .map(|contact| began(&watch, *contact, "start".to_owned(), now))
                    .collect();
                insert(tx, workspace, &began).await?;
            }
            Ok(())
        })
    })
    .await
}

fn began(watch: &Watch, contact: ContactId, dedupe: String, at: Timestamp) -> Began {
    Began {
        campaign: watch.campaign,
        definition: watch.definition,
        contact,
        event: None,
        dedupe,
        at,
    }
}

/// Remembers people as members of a segment; those who were none.
async fn join(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: CampaignId,
    people: &[ContactId],
) -> Result<Vec<ContactId>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let now = tx.mint().now();
    let rows = sql_rows(
        "INSERT INTO campaign_members (workspace_id, campaign_id, contact_id, since)
         SELECT $1, $2, r.contact_id, $3 FROM {rows} WHERE true ON CONFLICT DO NOTHING RETURNING contact_id",
        Batch::new().ids("contact_id", people.iter().copied()),
    )
    .bind(workspace)
    .bind(campaign)
    .bind(now)
    .fetch_all(tx)
    .await?;
    rows.iter().map(|row| row.id(0)).collect()
}

/// Notes who entered a segment, each of whom begins a run, and who left it.
///
/// # Errors
/// What the database says.
pub async fn moved(
    db: &Db,
    watch: &Watch,
    entered: Vec<ContactId>,
    left: Vec<ContactId>,
) -> Result<()> {
    let watch = watch.clone();
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let (workspace, campaign) = (watch.workspace, watch.campaign);
            let now = tx.mint().now();
            let new = join(tx, workspace, campaign, &entered).await?;
            let dedupe = format!("segment:{}", now.as_micros());
            let began: Vec<Began> = new
                .into_iter()
                .map(|contact| began(&watch, contact, dedupe.clone(), now))
                .collect();
            insert(tx, workspace, &began).await?;
            if !left.is_empty() {
                sql_rows(
                    "DELETE FROM campaign_members WHERE workspace_id = $1 AND campaign_id = $2
                       AND contact_id IN (SELECT r.contact_id FROM {rows})",
                    Batch::new().ids("contact_id", left),
                )
                .bind(workspace)
                .bind(campaign)
                .execute(tx)
                .await?;
            }
            Ok(())
        })
    })
    .await
}

/// Begins the runs of people whose day comes: each with the moment and the day by which it is told from
/// others.
///
/// # Errors
/// What the database says.
pub async fn reached(
    db: &Db,
    watch: &Watch,
    people: Vec<(ContactId, Timestamp, String)>,
) -> Result<u64> {
    let watch = watch.clone();
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let began: Vec<Began> = people
                .into_iter()
                .map(|(contact, at, day)| began(&watch, contact, format!("date:{day}"), at))
                .collect();
            insert(tx, watch.workspace, &began).await
        })
    })
    .await
}

/// Notes when a campaign was looked at.
///
/// # Errors
/// What the database says.
pub async fn looked(db: &Db, watch: &Watch, at: Timestamp) -> Result<()> {
    let watch = watch.clone();
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            sql("UPDATE campaign_triggers SET looked_at = $3 WHERE workspace_id = $1 AND campaign_id = $2")
                .bind(watch.workspace)
                .bind(watch.campaign)
                .bind(at)
                .execute(tx)
                .await?;
            Ok(())
        })
    })
    .await
}

/// People whose trait names an instant in one of these spans (from, to: µs), after a person.
///
/// # Errors
/// What the database says.
pub async fn days(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    key: &str,
    spans: &[(i64, i64)],
    after: Option<ContactId>,
    limit: i64,
) -> Result<Vec<(ContactId, Timestamp)>> {
    let rows = Batch::new()
        .ints("low", spans.iter().map(|span| span.0))
        .ints("high", spans.iter().map(|span| span.1));
    let rest = if after.is_some() {
        " AND t.contact_id > $4"
    } else {
        ""
    };
    let mut statement = crate::sql_rows_owned(
        format!(
            "SELECT t.contact_id, MIN(t.at) FROM {{rows}} JOIN contact_traits t ON t.workspace_id = {{$1}} AND t.key = {{$2}}
               AND t.at >= r.low AND t.at < r.high
             WHERE true{rest} GROUP BY t.contact_id ORDER BY t.contact_id LIMIT $3"
        ),
        rows,
    )
    .bind(workspace)
    .bind(key)
    .bind(limit);
    if let Some(after) = after {
        statement = statement.bind(after);
    }
    let rows = statement.fetch_all(on).await?;
    rows.iter()
        .map(|row| Ok((row.id(0)?, row.time(1)?)))
        .collect()
}
