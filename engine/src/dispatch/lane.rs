//! The lane of one number: claims, sends, records.
//!
//! Messages to one person leave one after the other, so that they arrive in the order in which
//! they were written; different people are served at the same time.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, watch};
use tokio::task::{Id as TaskId, JoinSet};
use wigwag_meta::{Client, Error, Outgoing, SendOutcome};
use wigwag_model::campaign::Held;
use wigwag_model::can_send::Refusal;
use wigwag_model::{CampaignId, ContactId};
use wigwag_store::lanes::{self, Lease};
use wigwag_store::outbox::{self, Claim, Claimed, Finished, Outcome, Sender};

use super::outcome::{Attempt, hold, outcome};
use super::rate::{PairRate, Throughput};
use super::recorder;
use crate::messages::request;
use crate::{Context, campaigns, wait};

/// How long a lease runs: longer than a claim may be sent plus the longest request.
const LEASE: Duration = Duration::from_mins(1);
/// How long after a claim its first byte may leave, in µs.
const SEND_WITHIN_US: i64 = 25_000_000;
/// How old a lease gets before it is renewed without a claim, in µs.
const RENEW_US: i64 = 20_000_000;
/// How long an idle lane sleeps at most.
const IDLE: Duration = Duration::from_secs(1);
/// Most POSTs at a time of a number with an ordinary rate.
const PLACES: usize = 64;
/// How often unknown messages are aged, in µs.
const AGE_US: i64 = 10_000_000;

/// Takes the lane if it is free and serves it until the context stops or the lane is lost.
pub(super) async fn serve(context: Context, facts: watch::Receiver<Sender>, talk: bool) {
    let sender = facts.borrow().clone();
    let until = context.clock().now().plus(LEASE);
    let owner = &context.settings().instance;
    match lanes::acquire(context.db(), sender.workspace, sender.number, owner, until).await {
        Ok(Some(lease)) => {
            tracing::info!(number = %sender.number, epoch = lease.epoch, "lane taken");
            let (record, recorder) = recorder::start(&context);
            let mut lane = Lane::new(context.clone(), facts, lease, record);
            lane.run().await;
            let lease = lane.lease.clone();
            drop(lane);
            if let Err(error) = recorder.await {
                tracing::error!(%error, "a recorder ended early");
            }
            if let Err(error) = lanes::release(context.db(), &lease).await {
                tracing::warn!(%error, "a lane could not be given back: it is free when its lease ends");
            }
        }
        Ok(None) if talk => {
            tracing::info!(number = %sender.number, "another process serves this number");
        }
        Ok(None) => {}
        Err(error) => {
            tracing::warn!(%error, number = %sender.number, "the lane could not be taken");
        }
    }
}

struct Lane {
    context: Context,
    facts: watch::Receiver<Sender>,
    lease: Lease,
    renewed_us: i64,
    aged_us: i64,
    wake: Arc<Notify>,
    rate: Throughput,
    pairs: PairRate,
    record: mpsc::Sender<Finished>,
    /// People who are being written to, with what waits behind it.
    people: HashMap<ContactId, VecDeque<Ticket>>,
    waiting: usize,
    posts: JoinSet<SendOutcome>,
    tickets: HashMap<TaskId, Ticket>,
}

/// A claimed row with the conditions under which it may still leave.
#[derive(Debug, Clone)]
struct Ticket {
    row: Claimed,
    /// On the monotonic clock, µs.
    send_by: i64,
    epoch: u64,
}

impl Lane {
    fn new(
        context: Context,
        facts: watch::Receiver<Sender>,
        lease: Lease,
        record: mpsc::Sender<Finished>,
    ) -> Self {
        let now_us = context.clock().monotonic_us();
        let throughput = facts.borrow().throughput;
        Self {
            wake: context.wakes().of(lease.number),
            rate: Throughput::new(throughput, now_us),
            pairs: PairRate::default(),
            people: HashMap::new(),
            waiting: 0,
            posts: JoinSet::new(),
            tickets: HashMap::new(),
            renewed_us: now_us,
            aged_us: now_us,
            context,
            facts,
            lease,
            record,
        }
    }

    fn now_us(&self) -> i64 {
        self.context.clock().monotonic_us()
    }

    async fn run(&mut self) {
        let stop = self.context.stop().clone();
        // What an earlier process left may be due at once.
        let mut due = true;
        loop {
            if stop.is_cancelled() {
                break;
            }
            if self.facts.has_changed().unwrap_or(false) {
                let throughput = self.facts.borrow_and_update().throughput;
                self.rate.set(throughput);
            }
            if let Err(error) = self.keep().await {
                tracing::warn!(%error, number = %self.lease.number, "the lane is lost");
                break;
            }
            let mut pause = IDLE;
            // What is due and was not claimed waits for a person's pair rate.
            let mut claimed_all = false;
            if due {
                match self.claim().await {
                    Ok(Pace::Wait(span)) => pause = span,
                    Ok(Pace::Idle) => {
                        due = false;
                        claimed_all = true;
                    }
                    Err(wigwag_store::Error::Stale) => break,
                    Err(error) => {
                        tracing::warn!(%error, number = %self.lease.number, "nothing could be claimed");
                    }
                }
            }
            if !due {
                match outbox::next_due(self.context.db(), self.lease.number).await {
                    Ok(Some(at)) => {
                        let left = at.since(self.context.clock().now());
                        due = left.is_zero();
                        let least = if claimed_all {
                            wait::STEP
                        } else {
                            Duration::ZERO
                        };
                        pause = left.min(IDLE).max(least);
                    }
                    Ok(None) => {}
                    Err(error) => tracing::warn!(%error, "the outbox could not be read"),
                }
            }
            while let Some(ended) = self.posts.try_join_next_with_id() {
                self.ended(ended).await;
            }
            if pause.is_zero() {
                continue;
            }
            let wake = self.wake.clone();
            tokio::select! {
                Some(ended) = self.posts.join_next_with_id() => self.ended(ended).await,
                () = wake.notified() => due = true,
                () = wait::pause(pause) => {}
                () = stop.cancelled() => {}
            }
        }
        self.drain().await;
    }

    /// Keeps the lease, ages what is unknown, counts what came in.
    async fn keep(&mut self) -> wigwag_store::Result<()> {
        let now_us = self.now_us();
        self.rate
            .take(self.context.inbound().take(self.lease.number));
        if now_us - self.renewed_us >= RENEW_US {
            let until = self.context.clock().now().plus(LEASE);
            match lanes::renew(self.context.db(), &self.lease, until).await {
                Err(error) if error.is_transient() => {}
                other => other?,
            }
            self.renewed_us = now_us;
        }
        if now_us - self.aged_us >= AGE_US {
            self.aged_us = now_us;
            let after = self.context.settings().unconfirmed_after.as_micros();
            let aged = outbox::age_unknown(
                self.context.db(),
                self.lease.workspace,
                self.lease.number,
                i64::try_from(after).unwrap_or(i64::MAX),
            )
            .await;
            if let Err(error) = aged {
                tracing::warn!(%error, "unknown messages could not be aged");
            }
        }
        Ok(())
    }

    /// POSTs at a time: Meta answers within half a second as a rule, so half a second's worth of the
    /// rate keeps the lane full, and no kill leaves more than that in doubt.
    fn places(&self) -> usize {
        let half_second = usize::try_from(self.facts.borrow().throughput / 2).unwrap_or(usize::MAX);
        half_second
            .max(PLACES)
            .min(self.context.settings().lane_concurrency)
    }

    /// Claims what the rates and the free places allow, and begins to send it.
    async fn claim(&mut self) -> wigwag_store::Result<Pace> {
        let now_us = self.now_us();
        let places = self.places();
        let free = places.saturating_sub(self.posts.len() + self.waiting);
        if free == 0 {
            // The next end of a POST makes a place.
            return Ok(Pace::Wait(IDLE));
        }
        let available = self.rate.available(now_us);
        if available == 0 {
            let wait_us = u64::try_from(self.rate.wait_us(now_us)).unwrap_or(0);
            return Ok(Pace::Wait(Duration::from_micros(wait_us).min(IDLE)));
        }
        let limit = available.min(i64::try_from(free).unwrap_or(i64::MAX));
        // Read before the claim: whoever is stopped after it must not be written to.
        let epoch = self.context.stop_epoch().now();
        let send_by = now_us + SEND_WITHIN_US;
        let claims = outbox::claim(
            self.context.db(),
            Claim {
                lease: self.lease.clone(),
                lease_until: self.context.clock().now().plus(LEASE),
                send_by,
                limit,
                busy: self.pairs.busy(now_us),
            },
        )
        .await?;
        self.renewed_us = now_us;
        for (campaign, refusal) in &claims.holds {
            let reason = match refusal {
                Refusal::TemplateUnavailable => Held::TemplateUnavailable,
                _ => Held::NumberUnavailable,
            };
            self.hold(*campaign, reason).await;
        }
        let count = claims.claimed.len();
        self.rate.take(i64::try_from(count).unwrap_or(0));
        for row in claims.claimed {
            self.begin(Ticket {
                row,
                send_by,
                epoch,
            })
            .await;
        }
        let taken = count + claims.refused + claims.deferred;
        Ok(if i64::try_from(taken).unwrap_or(0) >= limit {
            Pace::Wait(Duration::ZERO)
        } else {
            Pace::Idle
        })
    }

    /// Sends a row now, or after what is on its way to the same person.
    async fn begin(&mut self, ticket: Ticket) {
        let now_us = self.now_us();
        if let Err(wait_us) = self.pairs.take(ticket.row.contact, now_us) {
            let span = Duration::from_micros(u64::try_from(wait_us).unwrap_or(0));
            let due_at = self.context.clock().now().plus(span);
            return self.end(ticket, None, Outcome::Release { due_at }).await;
        }
        match self.people.entry(ticket.row.contact) {
            std::collections::hash_map::Entry::Occupied(mut behind) => {
                behind.get_mut().push_back(ticket);
                self.waiting += 1;
            }
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(VecDeque::new());
                self.post(ticket).await;
            }
        }
    }

    async fn post(&mut self, ticket: Ticket) {
        let sender = self.facts.borrow().clone();
        let prepared = match request::of(&ticket.row) {
            Ok(message) => self
                .context
                .client(sender.workspace, sender.waba)
                .await
                .map(|client| (client, message))
                .map_err(|error| Error::NotSent(error.to_string())),
            Err(error) => Err(error),
        };
        let context = self.context.clone();
        let conditions = ticket.clone();
        let handle = self.posts.spawn(async move {
            match prepared {
                Ok((client, message)) => {
                    send(context, client, sender.phone_number_id, message, conditions).await
                }
                Err(error) => SendOutcome::failed(error),
            }
        });
        self.tickets.insert(handle.id(), ticket);
    }

    /// A POST ended: its record is written, and the next message to the person goes.
    async fn ended(&mut self, ended: Result<(TaskId, SendOutcome), tokio::task::JoinError>) {
        let (id, end) = match ended {
            Ok((id, end)) => (id, end),
            // A panic inside a POST: nobody can say how far it came.
            Err(error) => (
                error.id(),
                SendOutcome::failed(Error::Broken(error.to_string())),
            ),
        };
        let Some(ticket) = self.tickets.remove(&id) else {
            return;
        };
        metrics::counter!("wigwag_sends_total", "effect" => end.effect.as_str()).increment(1);
        let now = self.context.clock().now();
        let [spread] = self.context.db().mint().random::<1>();
        let attempt = Attempt {
            try_no: ticket.row.try_no,
            campaign: ticket.row.campaign.is_some(),
            written_at: ticket.row.written_at,
            now,
            spread,
        };
        let result = outcome(&end, attempt);
        if end
            .error
            .as_ref()
            .is_some_and(|error| error.class() == wigwag_meta::Class::Pair)
        {
            let now_us = self.now_us();
            self.pairs.exhaust(ticket.row.contact, now_us);
        }
        if matches!(
            end.error.as_ref().map(Error::class),
            Some(wigwag_meta::Class::Token)
        ) {
            let sender = self.facts.borrow().clone();
            self.context.forget_client(sender.workspace, sender.waba);
        }
        if let (Outcome::Hold { .. }, Some(campaign), Some(reason)) = (
            &result,
            ticket.row.campaign,
            end.error.as_ref().and_then(hold),
        ) {
            self.hold(campaign, reason).await;
        }
        tracing::debug!(
            message = %ticket.row.message,
            try_no = ticket.row.try_no,
            effect = end.effect.as_str(),
            status = end.http_status,
            "attempt ended"
        );
        let contact = ticket.row.contact;
        let after = match &result {
            Outcome::Retry { due_at, .. } | Outcome::Release { due_at } => Some(*due_at),
            Outcome::Hold { .. } => Some(now),
            _ => None,
        };
        self.end(ticket, end.http_status, result).await;
        let Some(mut behind) = self.people.remove(&contact) else {
            return;
        };
        if let Some(due_at) = after {
            // What was written later does not overtake what goes back.
            for (place, ticket) in (1..).zip(behind) {
                self.waiting -= 1;
                let due_at = due_at.plus(Duration::from_micros(place));
                self.end(ticket, None, Outcome::Release { due_at }).await;
            }
        } else if let Some(next) = behind.pop_front() {
            self.waiting -= 1;
            self.people.insert(contact, behind);
            self.post(next).await;
        }
    }

    /// Makes a campaign wait for whoever can mend what is wrong with it.
    async fn hold(&mut self, campaign: CampaignId, reason: Held) {
        let held = campaigns::hold(&self.context, self.lease.workspace, campaign, reason).await;
        if let Err(error) = held {
            // Its rows are held all the same, and whoever looks after it will see why.
            tracing::warn!(%error, %campaign, "a campaign could not be held");
        }
    }

    async fn end(&mut self, ticket: Ticket, http_status: Option<u16>, outcome: Outcome) {
        let finished = Finished {
            workspace: self.lease.workspace,
            number: self.lease.number,
            message: ticket.row.message,
            conversation: ticket.row.conversation,
            contact: ticket.row.contact,
            try_no: ticket.row.try_no,
            reserved: ticket.row.reserved,
            http_status,
            ended_at: self.context.clock().now(),
            outcome,
        };
        if self.record.send(finished).await.is_err() {
            tracing::error!(message = %ticket.row.message, "an attempt ended after its recorder");
        }
    }

    /// Lets what is under way end, and gives back what has not begun.
    async fn drain(&mut self) {
        let now = self.context.clock().now();
        let behind: Vec<Ticket> = self.people.values_mut().flat_map(std::mem::take).collect();
        self.waiting = 0;
        for ticket in behind {
            self.end(ticket, None, Outcome::Release { due_at: now })
                .await;
        }
        while let Some(ended) = self.posts.join_next_with_id().await {
            self.ended(ended).await;
        }
    }
}

/// How soon a lane should claim again.
enum Pace {
    /// After this time, or as soon as a POST ends.
    Wait(Duration),
    /// When something is written or falls due.
    Idle,
}

async fn send(
    context: Context,
    client: Client,
    phone_number_id: String,
    message: Outgoing,
    ticket: Ticket,
) -> SendOutcome {
    let started_us = context.clock().monotonic_us();
    let gate = context.clone();
    let end = client
        .send_message(&phone_number_id, &message, move || {
            gate.stop().is_cancelled()
                || gate.stop_epoch().now() != ticket.epoch
                || gate.clock().monotonic_us() > ticket.send_by
        })
        .await;
    let micros = (context.clock().monotonic_us() - started_us).max(0);
    metrics::histogram!("wigwag_post_seconds").record(micros as f64 / 1e6);
    end
}
