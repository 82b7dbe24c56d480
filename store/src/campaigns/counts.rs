//! How many of a campaign's people are in each state: moved by whatever moves a message, in its
//! transaction, so that no screen ever counts rows.

use std::collections::{BTreeMap, BTreeSet};

use wigwag_model::campaign::MOST_GOALS;
use wigwag_model::id::Id as _;
use wigwag_model::{CampaignId, MessageState, WorkspaceId};

use super::{CHANGED, charges};
use crate::{Batch, Db, Event, Result, Row, Tx, sql, sql_rows};

/// What counts beside the states: dated once, whatever state the message is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// Answered in time.
    Replied,
    /// Followed a link.
    Clicked,
    /// Opted out after it.
    OptedOut,
    /// Reached a goal.
    Converted,
}

impl Flag {
    /// The name in tables and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Replied => "replied",
            Self::Clicked => "clicked",
            Self::OptedOut => "opted_out",
            Self::Converted => "converted",
        }
    }
}

impl Flag {
    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::Replied,
            Self::Clicked,
            Self::OptedOut,
            Self::Converted,
        ]
        .into_iter()
        .find(|flag| flag.as_str() == text)
    }
}

/// The campaign and round that a message belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Share {
    pub(crate) workspace: WorkspaceId,
    pub(crate) campaign: CampaignId,
    pub(crate) round: i64,
}

impl Share {
    /// Reads `campaign_id, campaign_round` of a message.
    pub(crate) fn read(workspace: WorkspaceId, row: &Row, at: usize) -> Result<Option<Self>> {
        Ok(row
            .opt_id(at)?
            .zip(row.opt_int(at + 1)?)
            .map(|(campaign, round)| Self {
                workspace,
                campaign,
                round,
            }))
    }
}

/// Links that were followed, as often as they were: beside the states and flags, which count people.
const TAPS: &str = "clicks";
/// People who reached each goal, likewise.
const GOALS: [&str; MOST_GOALS] = [
    "goal_0", "goal_1", "goal_2", "goal_3", "goal_4", "goal_5", "goal_6", "goal_7", "goal_8",
    "goal_9",
];

/// A minute, in µs: the grain of the series.
const MINUTE_US: i64 = 60_000_000;

/// What a transaction moves.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    states: BTreeMap<(Share, &'static str), i64>,
    charges: BTreeMap<(WorkspaceId, CampaignId, String), i64>,
}

impl Moves {
    /// Counts a message that changed its state.
    pub(crate) fn add(&mut self, share: Share, from: MessageState, to: MessageState) {
        self.change(share, from.as_str(), -1);
        self.change(share, to.as_str(), 1);
    }

    /// Counts a message where it belongs to a campaign.
    pub(crate) fn add_some(&mut self, share: Option<Share>, from: MessageState, to: MessageState) {
        if let Some(share) = share
            && from != to
        {
            self.add(share, from, to);
        }
    }

    /// Counts people who are new in a state.
    pub(crate) fn enter(&mut self, share: Share, state: MessageState, count: i64) {
        self.change(share, state.as_str(), count);
    }

    /// Counts a flag.
    pub(crate) fn flag(&mut self, share: Share, flag: Flag) {
        self.change(share, flag.as_str(), 1);
    }

    /// Counts how often links were followed.
    pub(crate) fn taps(&mut self, share: Share, count: i64) {
        self.change(share, TAPS, count);
    }

    /// Counts a person who reached a goal, by its place in the settings.
    pub(crate) fn reach(&mut self, share: Share, goal: usize) {
        if let Some(name) = GOALS.get(goal) {
            self.change(share, name, 1);
        }
    }

    /// Adds what Meta charges for a message, in millionths of a currency.
    pub(crate) fn charge(&mut self, share: Share, currency: &str, micros: i64) {
        let key = (share.workspace, share.campaign, currency.to_owned());
        *self.charges.entry(key).or_default() += micros;
    }

    fn change(&mut self, share: Share, state: &'static str, by: i64) {
        if by != 0 {
            *self.states.entry((share, state)).or_default() += by;
        }
    }

    /// Records one event for each campaign that changed.
    pub(crate) fn tell(&self, tx: &mut Tx) {
        let mut campaigns: BTreeSet<(WorkspaceId, CampaignId)> = self
            .states
            .iter()
            .filter(|(_, by)| **by != 0)
            .map(|((share, _), _)| (share.workspace, share.campaign))
            .collect();
        campaigns.extend(self.charges.keys().map(|key| (key.0, key.1)));
        for (workspace, campaign) in campaigns {
            tx.record(workspace, changed(campaign));
        }
    }

    /// Adds the changes to the tables, in one order.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<()> {
        charges::add(tx, self.charges).await?;
        let moves: Vec<((Share, &'static str), i64)> =
            self.states.into_iter().filter(|(_, by)| *by != 0).collect();
        if moves.is_empty() {
            return Ok(());
        }
        let rows = Batch::new()
            .ids(
                "workspace_id",
                moves.iter().map(|((share, _), _)| share.workspace),
            )
            .ids(
                "campaign_id",
                moves.iter().map(|((share, _), _)| share.campaign),
            )
            .ints("round", moves.iter().map(|((share, _), _)| share.round))
            .texts("state", moves.iter().map(|((_, state), _)| *state))
            .ints("n", moves.iter().map(|(_, by)| *by));
        sql_rows(
            "INSERT INTO campaign_counts (workspace_id, campaign_id, round, state, n)
             SELECT r.workspace_id, r.campaign_id, r.round, r.state, r.n FROM {rows} WHERE true
             ON CONFLICT (workspace_id, campaign_id, round, state) DO UPDATE SET n = campaign_counts.n + excluded.n",
            rows,
        )
        .execute(tx)
        .await?;
        let mut reached: BTreeMap<(WorkspaceId, CampaignId, &'static str), i64> = BTreeMap::new();
        for ((share, state), by) in &moves {
            for kind in stages(state) {
                *reached
                    .entry((share.workspace, share.campaign, kind))
                    .or_default() += by;
            }
        }
        reached.retain(|_, by| *by != 0);
        if reached.is_empty() {
            return Ok(());
        }
        let now = tx.mint().now().as_micros();
        let rows = Batch::new()
            .ids("workspace_id", reached.keys().map(|key| key.0))
            .ids("campaign_id", reached.keys().map(|key| key.1))
            .texts("kind", reached.keys().map(|key| key.2))
            .ints("n", reached.values().copied());
        sql_rows(
            "INSERT INTO campaign_series (workspace_id, campaign_id, at, kind, n)
             SELECT r.workspace_id, r.campaign_id, $1, r.kind, r.n FROM {rows} WHERE true
             ON CONFLICT (workspace_id, campaign_id, at, kind) DO UPDATE SET n = campaign_series.n + excluded.n",
            rows,
        )
        .bind(now - now.rem_euclid(MINUTE_US))
        .execute(tx)
        .await?;
        Ok(())
    }
}

/// The stages of the funnel that a state stands in.
fn stages(state: &'static str) -> &'static [&'static str] {
    match state {
        "accepted" | "sent" => &["sent"],
        "delivered" => &["sent", "delivered"],
        "read" | "played" => &["sent", "delivered", "read"],
        "failed" => &["failed"],
        "replied" => &["replied"],
        "clicked" => &["clicked"],
        "opted_out" => &["opted_out"],
        "converted" => &["converted"],
        _ => &[],
    }
}

/// The event of a changed campaign.
pub(super) fn changed(campaign: CampaignId) -> Event {
    Event {
        kind: CHANGED,
        subject: campaign.uuid(),
        conversation: None,
    }
}

/// People by state, and flags beside them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts(pub BTreeMap<String, i64>);

impl Counts {
    /// How many are in a state.
    pub fn of(&self, state: MessageState) -> i64 {
        self.0.get(state.as_str()).copied().unwrap_or(0)
    }

    /// How many have a flag.
    pub fn flagged(&self, flag: Flag) -> i64 {
        self.0.get(flag.as_str()).copied().unwrap_or(0)
    }

    /// How many people reached a goal, by its place in the settings.
    pub fn reached(&self, goal: usize) -> i64 {
        GOALS
            .get(goal)
            .and_then(|name| self.0.get(*name))
            .copied()
            .unwrap_or(0)
    }

    /// People by state and by flag, where there are any.
    pub fn people(&self) -> impl Iterator<Item = (&str, i64)> {
        self.0
            .iter()
            .map(|(name, n)| (name.as_str(), *n))
            .filter(|(name, n)| *n != 0 && *name != TAPS && !GOALS.contains(name))
    }

    /// How often links were followed: more than once by some.
    pub fn taps(&self) -> i64 {
        self.0.get(TAPS).copied().unwrap_or(0)
    }

    fn sum(&self, states: &[MessageState]) -> i64 {
        states.iter().map(|state| self.of(*state)).sum()
    }

    /// Everybody who was written down, whatever became of them.
    pub fn all(&self) -> i64 {
        use MessageState as S;
        self.waiting() + self.out() + self.sum(&[S::Skipped, S::Failed])
    }

    /// Those whose message has not left and still may.
    pub fn waiting(&self) -> i64 {
        self.sum(&[MessageState::Planned, MessageState::Queued])
    }

    /// Messages that are or may be with Meta: taken back by nothing.
    pub fn out(&self) -> i64 {
        use MessageState as S;
        self.sum(&[S::Attempting, S::Unknown, S::Unconfirmed]) + self.sent()
    }

    /// Messages that Meta took and that have not failed.
    pub fn sent(&self) -> i64 {
        use MessageState as S;
        self.sum(&[S::Accepted, S::Sent]) + self.delivered()
    }

    /// Messages that reached a phone.
    pub fn delivered(&self) -> i64 {
        self.of(MessageState::Delivered) + self.read()
    }

    /// Messages that were read.
    pub fn read(&self) -> i64 {
        self.sum(&[MessageState::Read, MessageState::Played])
    }
}

/// The counts of campaigns, over all rounds.
///
/// # Errors
/// What the database says.
pub async fn counts(
    db: &Db,
    workspace: WorkspaceId,
    campaigns: &[CampaignId],
) -> Result<BTreeMap<CampaignId, Counts>> {
    if campaigns.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = sql_rows(
        "SELECT c.campaign_id, c.state, CAST(SUM(c.n) AS BIGINT) FROM {rows} JOIN campaign_counts c
           ON c.workspace_id = {$1} AND c.campaign_id = r.id
         GROUP BY c.campaign_id, c.state",
        Batch::new().ids("id", campaigns.iter().copied()),
    )
    .bind(workspace)
    .fetch_all(&mut db.reader().await?)
    .await?;
    let mut found: BTreeMap<CampaignId, Counts> = BTreeMap::new();
    for row in &rows {
        found
            .entry(row.id(0)?)
            .or_default()
            .0
            .insert(row.text(1)?, row.int(2)?);
    }
    Ok(found)
}

/// The counts of one campaign; of one round where one is named.
///
/// # Errors
/// What the database says.
pub async fn counts_of(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
    round: Option<i64>,
) -> Result<Counts> {
    let rows = sql(
        "SELECT state, CAST(SUM(n) AS BIGINT) FROM campaign_counts
         WHERE workspace_id = $1 AND campaign_id = $2 AND ($3 IS NULL OR round = $3) GROUP BY state",
    )
    .bind(workspace)
    .bind(campaign)
    .bind(round)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter()
        .map(|row| Ok((row.text(0)?, row.int(1)?)))
        .collect::<Result<_>>()
        .map(Counts)
}
