//! Random histories: the counts are what the rows say after every step.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use wigwag_model::campaign::Held;
use wigwag_model::{CampaignId, MessageState};
use wigwag_store::campaigns;
use wigwag_store::lanes;
use wigwag_store::outbox::{self, Claimed, Outcome};
use wigwag_store::testing::{TestDb, block_on};

use crate::world::{MINUTE, World};

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    Feed(i64),
    Claim(i64),
    Finish(usize, u8),
    Status(usize, u8, bool),
    Pause,
    Hold,
    Resume,
    Stop,
    Settle,
    Age,
    TakeOver,
    Second,
    Tap(usize, i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1_i64..6).prop_map(Step::Feed),
        5 => (1_i64..6).prop_map(Step::Claim),
        8 => (any::<usize>(), 0_u8..6).prop_map(|(at, how)| Step::Finish(at, how)),
        8 => (any::<usize>(), 0_u8..4, any::<bool>()).prop_map(|(at, what, callback)| Step::Status(at, what, callback)),
        2 => Just(Step::Pause),
        1 => Just(Step::Hold),
        3 => Just(Step::Resume),
        1 => Just(Step::Stop),
        2 => Just(Step::Settle),
        2 => Just(Step::Age),
        1 => Just(Step::TakeOver),
        1 => Just(Step::Second),
        2 => (any::<usize>(), 1_i64..4).prop_map(|(at, count)| Step::Tap(at, count)),
    ]
}

/// Histories to try on each database.
const CASES: u32 = 12;

#[test]
fn counts_are_what_the_rows_say_on_sqlite() {
    try_histories(|| async { Some(TestDb::sqlite().await) });
}

#[test]
fn counts_are_what_the_rows_say_on_postgresql() {
    try_histories(TestDb::postgres);
}

fn try_histories<F: Future<Output = Option<TestDb>>>(open: impl Fn() -> F) {
    let config = Config {
        cases: CASES,
        max_shrink_iters: 40,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&prop::collection::vec(step(), 10..60), |history| {
            block_on(async {
                let Some(db) = open().await else {
                    return Ok(());
                };
                run(db, history).await
            })
            .map_err(TestCaseError::fail)
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

async fn run(db: TestDb, history: Vec<Step>) -> Result<(), String> {
    let mut world = World::new(db).await;
    let people = world.people(12).await;
    let first = world.running(&people).await;
    let other = world.running(&people[..4]).await;
    let mut claimed: Vec<Claimed> = Vec::new();
    let mut seen: Vec<Claimed> = Vec::new();
    let mut outcome = Ok(());
    for (at, step) in history.iter().enumerate() {
        apply(&mut world, first, step, &mut claimed, &mut seen).await;
        world.feed(other, 1).await;
        for id in [first, other] {
            let (counts, rows) = (world.counts(id).await.0, world.rows(id).await);
            if counts != rows {
                outcome = Err(format!(
                    "after {at}: {step:?}\n  counts {counts:?}\n  rows   {rows:?}"
                ));
            }
        }
        if outcome.is_err() {
            break;
        }
    }
    world.end().await;
    outcome
}

async fn apply(
    world: &mut World,
    id: CampaignId,
    step: &Step,
    claimed: &mut Vec<Claimed>,
    seen: &mut Vec<Claimed>,
) {
    let (db, workspace) = (&world.db, world.f.workspace);
    match step {
        Step::Feed(limit) => {
            world.feed(id, *limit).await;
        }
        Step::Claim(limit) => {
            let claims = world.claim(*limit).await;
            seen.extend(claims.claimed.clone());
            claimed.extend(claims.claimed);
        }
        Step::Finish(at, how) if !claimed.is_empty() => {
            let row = claimed.remove(at % claimed.len());
            let now = world.now();
            let detail = String::new();
            let outcome = match how {
                0 => Outcome::Accepted {
                    wamid: crate::world::wamid(row.message),
                },
                1 => Outcome::Retry {
                    due_at: now,
                    code: Some(130_429),
                    detail,
                },
                2 => Outcome::Release { due_at: now },
                3 => Outcome::Failed {
                    code: Some(131_026),
                    reason: "not_on_whatsapp".to_owned(),
                    detail,
                },
                4 => Outcome::Unknown { code: None, detail },
                _ => Outcome::Hold {
                    code: Some(132_015),
                    reason: "template_paused".to_owned(),
                    detail,
                },
            };
            world.finish(&row, outcome).await;
        }
        Step::Status(at, what, callback) if !seen.is_empty() => {
            let row = &seen[at % seen.len()];
            let state = [
                MessageState::Sent,
                MessageState::Delivered,
                MessageState::Read,
                MessageState::Failed,
            ][usize::from(*what)];
            world.status(row.message, state, *callback).await;
        }
        Step::Pause => {
            campaigns::pause(db, workspace, id).await.unwrap();
        }
        Step::Hold => {
            campaigns::hold(db, workspace, id, Held::QualityRed)
                .await
                .unwrap();
        }
        Step::Resume => {
            campaigns::resume(db, workspace, id).await.unwrap();
        }
        Step::Stop => {
            campaigns::stop(db, workspace, id).await.unwrap();
            campaigns::settle_stopped(db, workspace, id, "stopped")
                .await
                .unwrap();
        }
        Step::Settle => {
            campaigns::settle_paused(db, workspace, id).await.unwrap();
        }
        Step::Age => {
            outbox::age_unknown(db, workspace, world.f.number, 0)
                .await
                .unwrap();
        }
        Step::TakeOver => {
            let until = world.now().plus(MINUTE);
            world.db.clock.advance(MINUTE * 2);
            world.lease = lanes::acquire(&world.db, workspace, world.f.number, "here", until)
                .await
                .unwrap()
                .unwrap();
            claimed.clear();
        }
        Step::Second => {
            campaigns::second_round(db, workspace, id).await.unwrap();
        }
        Step::Tap(at, count) if !seen.is_empty() => {
            let contact = seen[at % seen.len()].contact;
            world.tap(id, contact, 1, *count).await;
        }
        Step::Finish(..) | Step::Status(..) | Step::Tap(..) => {}
    }
}
