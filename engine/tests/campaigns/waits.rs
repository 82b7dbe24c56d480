//! How a test of campaigns goes on: both clocks, step by step, until something holds.

use std::collections::BTreeMap;
use std::time::Duration;

use wigwag_model::campaign::State;
use wigwag_model::{CampaignId, MessageState};
use wigwag_store::campaigns::{Campaign, Counts, Flag};
use wigwag_store::sql;

use crate::rig::Rig;

/// Steps that a test waits for what must happen: two minutes of the clocks, and at least one of a machine
/// on which nothing moves.
pub(crate) const PATIENCE: usize = 2_400;
/// How far the clocks go in a step.
const STEP: Duration = Duration::from_millis(50);

impl Rig {
    /// Lets both clocks go on by a little and what is due happen.
    pub(crate) async fn step(&self) {
        self.go(STEP).await;
    }

    /// Lets what is due happen, after the clocks went on; nought leaves them where they are.
    async fn go(&self, span: Duration) {
        let mut commits = self.db.feed_wakes().subscribe();
        commits.borrow_and_update();
        if !span.is_zero() {
            self.advance(span).await;
        }
        let _ = tokio::time::timeout(Duration::from_millis(25), commits.changed()).await;
    }

    /// Goes on until something holds; the counts add up to everybody all the while.
    pub(crate) async fn until(
        &self,
        id: CampaignId,
        what: &str,
        holds: impl Fn(&Campaign, &Counts) -> bool,
    ) {
        self.until_by(STEP, id, what, holds).await;
    }

    /// Waits until something holds while both clocks stand: what has its turn later does not leave
    /// meanwhile, however long the machine takes.
    pub(crate) async fn until_still(
        &self,
        id: CampaignId,
        what: &str,
        holds: impl Fn(&Campaign, &Counts) -> bool,
    ) {
        self.until_by(Duration::ZERO, id, what, holds).await;
    }

    async fn until_by(
        &self,
        span: Duration,
        id: CampaignId,
        what: &str,
        holds: impl Fn(&Campaign, &Counts) -> bool,
    ) {
        let mut everybody = None;
        for _ in 0..PATIENCE {
            let campaign = self.campaign(id).await;
            let counts = self.counts(id).await;
            // A second round adds rows of its own, and so does each start of an on-going campaign.
            let grows = campaign.settings.second_round.is_some() || campaign.ongoing.is_some();
            if campaign.started_at.is_some() && !grows {
                let all = *everybody.get_or_insert(counts.all());
                assert_eq!(counts.all(), all, "{:?}", counts.0);
            }
            if holds(&campaign, &counts) {
                return;
            }
            self.go(span).await;
        }
        panic!(
            "never: {what}; {:?} {:?}",
            self.campaign(id).await,
            self.counts(id).await
        );
    }

    pub(crate) async fn until_state(&self, id: CampaignId, state: State) {
        self.until(id, state.as_str(), |campaign, _| campaign.state == state)
            .await;
    }

    /// Waits, the clocks standing, until a campaign rests by itself.
    pub(crate) async fn until_held(&self, id: CampaignId) {
        self.until_still(id, "held", |campaign, _| campaign.state == State::Paused)
            .await;
    }

    /// Goes on until the template has this status here.
    pub(crate) async fn until_template(&self, status: &str) {
        for _ in 0..PATIENCE {
            let row = wigwag_store::templates::get(&self.db, self.f.workspace, self.template)
                .await
                .unwrap();
            if row.status == status {
                return;
            }
            self.step().await;
        }
        panic!("the template never became {status}");
    }

    /// Messages that Meta has accepted, of whomever.
    pub(crate) async fn accepted(&self) -> u64 {
        self.ask("ledger/summary").await["accepted"]
            .as_u64()
            .unwrap()
    }

    /// Goes on until Meta has accepted so many.
    pub(crate) async fn until_accepted(&self, count: u64) {
        for _ in 0..PATIENCE {
            if self.accepted().await >= count {
                return;
            }
            self.step().await;
        }
        panic!("{} of {count} left", self.accepted().await);
    }

    /// Counts are what the rows say. Statuses still come in between the two readings, so that they
    /// are read until nothing moved from one to the other.
    pub(crate) async fn counts_are_right(&self, id: CampaignId) {
        let mut last = self.counted(id).await;
        for _ in 0..PATIENCE {
            if last.0 == last.1 {
                return;
            }
            self.go(Duration::ZERO).await;
            last = self.counted(id).await;
        }
        assert_eq!(last.0, last.1);
    }

    async fn counted(&self, id: CampaignId) -> (BTreeMap<String, i64>, BTreeMap<String, i64>) {
        let rows = sql("SELECT p.state, m.state FROM campaign_recipients p
             LEFT JOIN messages m ON m.workspace_id = p.workspace_id AND m.id = p.message_id
             WHERE p.workspace_id = $1 AND p.campaign_id = $2")
        .bind(self.f.workspace)
        .bind(id)
        .fetch_all(&mut self.db.reader().await.unwrap())
        .await
        .unwrap();
        let mut counted: BTreeMap<String, i64> = BTreeMap::new();
        for row in &rows {
            let state = match row.opt_int(1).unwrap() {
                Some(rank) => MessageState::from_rank(rank).unwrap().as_str().to_owned(),
                None => row.text(0).unwrap(),
            };
            *counted.entry(state).or_default() += 1;
        }
        let counts = self
            .counts(id)
            .await
            .people()
            .filter(|(state, _)| Flag::parse(state).is_none())
            .map(|(state, n)| (state.to_owned(), n))
            .collect();
        (counts, counted)
    }
}
