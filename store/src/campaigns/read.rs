//! Campaigns as they are.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wigwag_model::campaign::ongoing::Ongoing;
use wigwag_model::campaign::{Held, Schedule, Settings, State, Variables};
use wigwag_model::consent::Category;
use wigwag_model::search::fold;
use wigwag_model::{CampaignId, NumberId, TemplateId, Timestamp, WabaId, WorkspaceId};

use crate::{Db, Error, Executor, Result, Row, Sql, sql, sql_owned};

/// Where the canary of a campaign is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Canary {
    /// There is none.
    Off,
    /// There will be one, if there are people enough.
    Armed,
    /// The first ones get it.
    Sending,
    /// What comes back is waited for.
    Waiting,
    /// It went well, or somebody said to go on.
    Passed,
}

impl Canary {
    /// The name in the table and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Armed => "armed",
            Self::Sending => "sending",
            Self::Waiting => "waiting",
            Self::Passed => "passed",
        }
    }

    pub(super) fn parse(text: &str) -> Self {
        match text {
            "armed" => Self::Armed,
            "sending" => Self::Sending,
            "waiting" => Self::Waiting,
            "passed" => Self::Passed,
            _ => Self::Off,
        }
    }
}

/// A campaign.
#[derive(Debug, Clone, PartialEq)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub state: State,
    /// Why it waits for a person.
    pub held: Option<Held>,
    /// Why it failed.
    pub failure: Option<Held>,
    /// The number it leaves from.
    pub number: Option<NumberId>,
    /// The template.
    pub template: Option<TemplateId>,
    /// The template's category when it was sent.
    pub category: Option<Category>,
    /// Who gets it, as JSON of the audience's filter.
    pub audience: Value,
    /// What its variables say.
    pub variables: Variables,
    /// The header's file or place: `{"media_id": …}` or `{"location": …}`.
    pub header: Option<Value>,
    /// When.
    pub schedule: Schedule,
    /// Limits and the like.
    pub settings: Settings,
    /// The round that is under way, from 1.
    pub round: i64,
    /// When the next round begins.
    pub round_ends_at: Option<Timestamp>,
    /// How many its sender was told.
    pub confirmed: Option<i64>,
    /// What it costs at most, in millionths.
    pub estimate_micros: Option<i64>,
    /// The currency of the estimate.
    pub currency: Option<String>,
    /// Where its canary is.
    pub canary: Canary,
    /// Until when the canary is waited for.
    pub canary_until: Option<Timestamp>,
    /// When it begins.
    pub scheduled_at: Option<Timestamp>,
    /// Until when nothing leaves and the sending may be taken back.
    pub undo_until: Option<Timestamp>,
    /// When the first message could leave.
    pub started_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// When a process last looked after it.
    pub tended_at: Option<Timestamp>,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its owner or Wigwag last changed it.
    pub updated_at: Timestamp,
    /// Grows with each edit.
    pub version: i64,
    /// What makes it on-going; `None` for any other.
    pub ongoing: Option<Ongoing>,
    /// The version in force of an on-going campaign that was started, from 1.
    pub definition: Option<i64>,
}

const COLUMNS: &str = "c.id, c.name, c.state, c.held_reason, c.failure, c.number_id, c.template_id, c.category,
    c.audience, c.variables, c.header, c.schedule, c.settings, c.round, c.round_ends_at, c.confirmed_count,
    c.estimate_micros, c.currency, c.canary, c.canary_until, c.scheduled_at, c.undo_until, c.started_at,
    c.ended_at, c.tended_at, c.created_by, c.created_at, c.updated_at, c.version,
    c.ongoing, c.definition";

fn json<T: serde::de::DeserializeOwned>(text: &str, column: &'static str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| wrong(column))
}

fn wrong(column: &'static str) -> Error {
    Error::Inconsistent {
        table: "campaigns",
        column,
    }
}

pub(super) fn read(row: &Row) -> Result<Campaign> {
    let held = |at| Ok::<_, Error>(row.opt_text(at)?.as_deref().and_then(Held::parse));
    Ok(Campaign {
        id: row.id(0)?,
        name: row.text(1)?,
        state: State::parse(&row.text(2)?).ok_or_else(|| wrong("state"))?,
        held: held(3)?,
        failure: held(4)?,
        number: row.opt_id(5)?,
        template: row.opt_id(6)?,
        category: row.opt_text(7)?.as_deref().and_then(Category::parse),
        audience: json(&row.text(8)?, "audience")?,
        variables: json(&row.text(9)?, "variables")?,
        header: row
            .opt_text(10)?
            .map(|text| json(&text, "header"))
            .transpose()?,
        schedule: json(&row.text(11)?, "schedule")?,
        settings: json(&row.text(12)?, "settings")?,
        round: row.int(13)?,
        round_ends_at: row.opt_time(14)?,
        confirmed: row.opt_int(15)?,
        estimate_micros: row.opt_int(16)?,
        currency: row.opt_text(17)?,
        canary: Canary::parse(&row.text(18)?),
        canary_until: row.opt_time(19)?,
        scheduled_at: row.opt_time(20)?,
        undo_until: row.opt_time(21)?,
        started_at: row.opt_time(22)?,
        ended_at: row.opt_time(23)?,
        tended_at: row.opt_time(24)?,
        created_by: row.text(25)?,
        created_at: row.time(26)?,
        updated_at: row.time(27)?,
        version: row.int(28)?,
        ongoing: row
            .opt_text(29)?
            .map(|text| json(&text, "ongoing"))
            .transpose()?,
        definition: row.opt_int(30)?,
    })
}

/// One campaign.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    id: CampaignId,
) -> Result<Campaign> {
    let row = sql_owned(format!(
        "SELECT {COLUMNS} FROM campaigns c WHERE c.workspace_id = $1 AND c.id = $2"
    ))
    .bind(workspace)
    .bind(id)
    .fetch_one(on)
    .await?;
    read(&row)
}

/// Which campaigns.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In this state.
    pub state: Option<State>,
    /// Of this kind: `one_time` or `ongoing`.
    pub kind: Option<String>,
    /// Whose name has this part.
    pub query: Option<String>,
}

/// The place of a campaign in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Its id: the newest come first.
    pub id: CampaignId,
}

/// A page of campaigns, the newest first, and the key of its last row when there may be more.
///
/// # Errors
/// What the database says.
pub async fn list(
    db: &Db,
    workspace: WorkspaceId,
    filter: &Filter,
    after: Option<Key>,
    limit: u32,
) -> Result<(Vec<Campaign>, Option<Key>)> {
    let mut text = format!("SELECT {COLUMNS} FROM campaigns c WHERE c.workspace_id = $1");
    let mut bound: Vec<String> = Vec::new();
    if let Some(state) = filter.state {
        bound.push(state.as_str().to_owned());
        text.push_str(" AND c.state = $2");
    }
    if let Some(kind) = &filter.kind {
        bound.push(kind.clone());
        text.push_str(&format!(" AND c.kind = ${}", bound.len() + 1));
    }
    if let Some(query) = &filter.query {
        // Some hundreds of campaigns a year: their names may be looked at one by one.
        let part = query
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        bound.push(format!("%{}%", fold(&part)));
        text.push_str(&format!(
            " AND LOWER(c.name) LIKE ${} ESCAPE '\\'",
            bound.len() + 1
        ));
    }
    if after.is_some() {
        text.push_str(&format!(" AND c.id < ${}", bound.len() + 2));
    }
    text.push_str(&format!(
        " ORDER BY c.id DESC LIMIT {}",
        u64::from(limit) + 1
    ));
    let mut statement = bound
        .into_iter()
        .fold(sql_owned(text).bind(workspace), Sql::bind);
    if let Some(key) = after {
        statement = statement.bind(key.id);
    }
    let rows = statement.fetch_all(&mut db.reader().await?).await?;
    let more = rows.len() > limit as usize;
    let mut page = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    page.truncate(limit as usize);
    let key = page.last().filter(|_| more).map(|last| Key { id: last.id });
    Ok((page, key))
}

/// A campaign that something is to be done for, now or at its time.
#[derive(Debug, Clone, PartialEq)]
pub struct AtWork {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// The campaign.
    pub campaign: Campaign,
}

/// The campaigns of all workspaces that wait for their time, are planned, run or come to rest. On-going
/// ones that run are among them while there is something to do for a person.
///
/// # Errors
/// What the database says.
pub async fn at_work(db: &Db) -> Result<Vec<AtWork>> {
    let now = db.mint().now();
    let rows = sql_owned(format!(
        "SELECT {COLUMNS}, c.workspace_id FROM campaigns c WHERE c.ended_at IS NULL
           AND c.state IN ('scheduled', 'planning', 'running', 'pausing', 'stopped', 'failed')
           AND (c.kind <> 'ongoing' OR c.state <> 'running' OR {})
         ORDER BY c.workspace_id, c.id",
        super::ongoing::BUSY
    ))
    .bind(now)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(AtWork {
                workspace: row.id(31)?,
                campaign: read(row)?,
            })
        })
        .collect()
}

/// Whether a campaign is in one of these states, read in the caller's transaction.
pub(super) async fn state_of(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    id: CampaignId,
) -> Result<State> {
    let row = sql("SELECT state FROM campaigns WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(id)
        .fetch_one(on)
        .await?;
    State::parse(&row.text(0)?).ok_or_else(|| wrong("state"))
}

/// The currency and the time zone in which Meta charges an account.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn billing(
    db: &Db,
    workspace: WorkspaceId,
    waba: WabaId,
) -> Result<(Option<String>, Option<String>)> {
    let row = sql("SELECT currency, time_zone FROM wabas WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(waba)
        .fetch_one(&mut db.reader().await?)
        .await?;
    Ok((row.opt_text(0)?, row.opt_text(1)?))
}
