//! Campaigns that run: once per person, whatever happens on the way.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use wigwag_engine::campaigns;
use wigwag_engine::campaigns::CampaignError;
use wigwag_model::MessageState;
use wigwag_model::campaign::{Brakes, Canary, Held, SecondRound, Settings, State};
use wigwag_store::campaigns::{self as rows, Canary as Stage, Flag, Recipients};
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::rig::{Rig, plain};

/// Phones that do the same, and at once.
pub(crate) fn quick(_: usize) -> Value {
    json!({"delivery_ms": 20, "read_ms": 20})
}

/// Phones that do different things.
fn mixed(at: usize) -> Value {
    match at % 10 {
        0 => json!({"delivery_ms": 20, "on_whatsapp": false}),
        1 => json!({"delivery_ms": 20, "reads": "never"}),
        2 => json!({"delivers": false}),
        3 => json!({"delivery_ms": 20, "read_ms": 20, "replies": {"text": "Yes", "after_ms": 20}}),
        _ => json!({"delivery_ms": 20, "read_ms": 20}),
    }
}

#[db_test]
async fn a_campaign_reaches_everybody_once_and_its_counts_are_the_outcomes(db: TestDb) {
    let rig = Rig::new(db).await;
    rig.people(300, mixed).await;
    let id = rig.draft(plain()).await;
    rig.send(id).await;
    rig.until_state(id, State::Done).await;
    rig.until(id, "all outcomes", |_, counts| {
        counts.read() == 210
            && counts.flagged(Flag::Replied) == 30
            && counts.of(MessageState::Failed) == 30
            && counts.of(MessageState::Delivered) == 30
            && counts.of(MessageState::Sent) == 30
    })
    .await;
    let counts = rig.counts(id).await;
    assert_eq!(counts.all(), 300);
    assert_eq!(counts.of(MessageState::Delivered), 30);
    assert_eq!(counts.of(MessageState::Sent), 30);
    rig.counts_are_right(id).await;
    let ledger = rig.ledger().await;
    assert_eq!(ledger.len(), 300);
    assert!(ledger.values().all(|times| *times == 1));
    let failures = rows::failures(&rig.db, rig.f.workspace, id).await.unwrap();
    assert_eq!(failures.len(), 1);
    assert_eq!((failures[0].code, failures[0].count), (Some(131_026), 30));
    // The series ends where the funnel does.
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for point in rows::series(&rig.db, rig.f.workspace, id).await.unwrap() {
        *sums.entry(point.kind).or_default() += point.n;
    }
    for (kind, wanted) in [
        ("sent", 270),
        ("delivered", 240),
        ("read", 210),
        ("replied", 30),
        ("failed", 30),
    ] {
        assert_eq!(sums[kind], wanted, "{kind}");
    }
    rig.end().await;
}

#[db_test]
async fn a_pause_in_the_middle_is_exact_and_a_restart_loses_and_doubles_nobody(db: TestDb) {
    let mut rig = Rig::new(db).await;
    rig.people(300, quick).await;
    rig.tell("faults", &json!({"latency_ms": 20})).await;
    let id = rig.draft(plain()).await;
    rig.send(id).await;
    rig.until(id, "some are out", |_, counts| counts.sent() >= 60)
        .await;
    campaigns::pause(rig.engine.context(), &rig.scope(), id)
        .await
        .unwrap();
    rig.until_state(id, State::Paused).await;
    let counts = rig.counts(id).await;
    let out = usize::try_from(counts.out()).unwrap();
    assert_eq!(counts.of(MessageState::Attempting), 0);
    assert_eq!(
        counts.out() + counts.waiting() + counts.of(MessageState::Failed),
        300
    );
    assert_eq!(rig.ledger().await.len(), out);
    for _ in 0..20 {
        rig.step().await;
    }
    assert_eq!(
        rig.ledger().await.len(),
        out,
        "nothing leaves while it rests"
    );
    campaigns::resume(rig.engine.context(), &rig.scope(), id)
        .await
        .unwrap();
    rig.until(id, "more are out", |_, counts| counts.sent() >= 150)
        .await;
    rig.restart().await;
    rig.until_state(id, State::Done).await;
    rig.counts_are_right(id).await;
    let ledger = rig.ledger().await;
    assert_eq!(ledger.len(), 300);
    assert!(ledger.values().all(|times| *times == 1));
    rig.end().await;
}

#[db_test]
async fn a_stop_in_the_middle_skips_the_rest(db: TestDb) {
    let rig = Rig::new(db).await;
    rig.people(200, quick).await;
    let id = rig.draft(plain()).await;
    rig.send(id).await;
    rig.until(id, "some are out", |_, counts| counts.sent() >= 40)
        .await;
    campaigns::stop(rig.engine.context(), &rig.scope(), id)
        .await
        .unwrap();
    rig.until(id, "ended", |campaign, _| campaign.ended_at.is_some())
        .await;
    let counts = rig.counts(id).await;
    assert_eq!(counts.waiting(), 0);
    assert_eq!(counts.of(MessageState::Skipped) + counts.out(), 200);
    let out = usize::try_from(counts.out()).unwrap();
    assert_eq!(rig.ledger().await.len(), out);
    rig.counts_are_right(id).await;
    let again = campaigns::resume(rig.engine.context(), &rig.scope(), id).await;
    assert!(matches!(again, Err(CampaignError::State(State::Stopped))));
    rig.end().await;
}

#[db_test]
async fn a_template_that_meta_pauses_in_the_middle_holds_the_campaign(db: TestDb) {
    let rig = Rig::new(db).await;
    rig.people(200, quick).await;
    let id = rig.draft(plain()).await;
    rig.send(id).await;
    rig.until(id, "some are out", |_, counts| counts.sent() >= 30)
        .await;
    let decision = format!("templates/{}/decision", rig.meta_template);
    rig.tell(&decision, &json!({"status": "PAUSED"})).await;
    rig.until_held(id).await;
    assert_eq!(rig.campaign(id).await.held, Some(Held::TemplateUnavailable));
    let counts = rig.counts(id).await;
    assert_eq!(
        counts.of(MessageState::Failed) + counts.of(MessageState::Skipped),
        0
    );
    assert!(counts.waiting() > 0);
    // A refused message may have held it before Meta's word came, which must not come after the next.
    rig.until_template("paused").await;
    rig.tell(&decision, &json!({"status": "APPROVED"})).await;
    rig.until_template("approved").await;
    campaigns::release(rig.engine.context(), &rig.scope(), id)
        .await
        .unwrap();
    rig.until_state(id, State::Done).await;
    let ledger = rig.ledger().await;
    assert_eq!(ledger.len(), 200);
    assert!(ledger.values().all(|times| *times == 1));
    rig.counts_are_right(id).await;
    rig.end().await;
}

#[db_test]
async fn a_recategorised_template_and_a_bad_quality_hold(db: TestDb) {
    let rig = Rig::new(db).await;
    rig.people(200, quick).await;
    let id = rig.draft(plain()).await;
    rig.send(id).await;
    rig.until(id, "some are out", |_, counts| counts.sent() >= 20)
        .await;
    let decision = format!("templates/{}/decision", rig.meta_template);
    rig.tell(&decision, &json!({"category": "MARKETING"})).await;
    rig.until_held(id).await;
    assert_eq!(
        rig.campaign(id).await.held,
        Some(Held::TemplateRecategorised)
    );
    rig.end().await;
}

#[db_test]
async fn failures_brake_and_a_person_lets_it_go_on(db: TestDb) {
    let rig = Rig::new(db).await;
    rig.people(300, |_| json!({"delivery_ms": 20, "on_whatsapp": false}))
        .await;
    let settings = Settings {
        brakes: Brakes {
            failure_percent: Some(20.0),
            window: 40,
            ..Brakes::default()
        },
        ..plain()
    };
    let id = rig.draft(settings).await;
    rig.send(id).await;
    // Twice what the brake looks at has been accepted, and a step later it has failed.
    rig.until(id, "enough are out", |campaign, counts| {
        campaign.held.is_some() || counts.sent() + counts.of(MessageState::Failed) >= 80
    })
    .await;
    rig.step().await;
    rig.until_held(id).await;
    assert_eq!(rig.campaign(id).await.held, Some(Held::FailureRate));
    assert!(rig.counts(id).await.waiting() > 0);
    let stopped = campaigns::stop(rig.engine.context(), &rig.scope(), id)
        .await
        .unwrap();
    assert_eq!(stopped, State::Stopped);
    rig.until(id, "ended", |campaign, _| campaign.ended_at.is_some())
        .await;
    rig.counts_are_right(id).await;
    rig.end().await;
}

#[db_test]
async fn a_canary_goes_first_and_the_rest_follows_when_it_is_well(db: TestDb) {
    let rig = Rig::new(db).await;
    rig.people(100, quick).await;
    let settings = Settings {
        canary: Some(Canary {
            above: 50,
            percent: 5,
            wait_seconds: 60,
        }),
        ..plain()
    };
    let id = rig.draft(settings).await;
    rig.send(id).await;
    rig.until(id, "the canary waits", |campaign, _| {
        campaign.canary == Stage::Waiting
    })
    .await;
    let counts = rig.counts(id).await;
    assert_eq!((counts.all(), counts.of(MessageState::Planned)), (100, 95));
    assert_eq!(rig.ledger().await.len(), 5);
    for _ in 0..20 {
        rig.step().await;
    }
    assert_eq!(
        rig.ledger().await.len(),
        5,
        "nobody else before the time is over"
    );
    rig.advance(Duration::from_mins(1)).await;
    rig.until_state(id, State::Done).await;
    assert_eq!(rig.campaign(id).await.canary, Stage::Passed);
    assert_eq!(rig.ledger().await.len(), 100);
    rig.end().await;
}

#[db_test]
async fn a_canary_that_fails_waits_for_a_person(db: TestDb) {
    let rig = Rig::new(db).await;
    rig.people(100, |_| json!({"delivery_ms": 20, "on_whatsapp": false}))
        .await;
    let settings = Settings {
        canary: Some(Canary {
            above: 50,
            percent: 5,
            wait_seconds: 60,
        }),
        brakes: Brakes::default(),
        ..plain()
    };
    let id = rig.draft(settings).await;
    rig.send(id).await;
    rig.until(id, "the canary waits", |campaign, _| {
        campaign.canary == Stage::Waiting
    })
    .await;
    rig.step().await;
    rig.until_still(id, "its failures are known", |_, counts| {
        counts.of(MessageState::Failed) == 5
    })
    .await;
    rig.advance(Duration::from_mins(1)).await;
    rig.until_state(id, State::Paused).await;
    assert_eq!(rig.campaign(id).await.held, Some(Held::CanaryFailed));
    assert_eq!(rig.ledger().await.len(), 5);
    campaigns::release(rig.engine.context(), &rig.scope(), id)
        .await
        .unwrap();
    rig.until_state(id, State::Done).await;
    assert_eq!(rig.ledger().await.len(), 100);
    rig.end().await;
}

#[db_test]
async fn a_sending_is_taken_back_within_its_time_and_not_after(db: TestDb) {
    let rig = Rig::new(db).await;
    rig.people(20, quick).await;
    let id = rig
        .draft(Settings {
            undo_seconds: 30,
            ..plain()
        })
        .await;
    rig.send(id).await;
    rig.until_state(id, State::Running).await;
    campaigns::undo(rig.engine.context(), &rig.scope(), id)
        .await
        .unwrap();
    rig.until(id, "nobody is written down", |_, counts| counts.all() == 0)
        .await;
    assert_eq!(rig.campaign(id).await.state, State::Draft);
    rig.send(id).await;
    rig.until_state(id, State::Running).await;
    rig.advance(Duration::from_secs(31)).await;
    rig.until_state(id, State::Done).await;
    let late = campaigns::undo(rig.engine.context(), &rig.scope(), id).await;
    assert!(matches!(late, Err(CampaignError::State(State::Done))));
    assert_eq!(rig.ledger().await.len(), 20);
    rig.end().await;
}

#[db_test]
async fn a_schedule_waits_for_its_time_and_a_stale_one_for_a_person(db: TestDb) {
    let mut rig = Rig::new(db).await;
    rig.people(10, quick).await;
    let at = |rig: &Rig, hours: u64| {
        let at = rig.db.mint().now().plus(Duration::from_hours(hours));
        serde_json::from_value(json!({"when": "at", "at": at, "zone": "Asia/Kolkata"})).unwrap()
    };
    let first = rig.draft(plain()).await;
    let patch = rows::Patch {
        schedule: Some(at(&rig, 1)),
        ..rows::Patch::default()
    };
    campaigns::edit(rig.engine.context(), &rig.scope(), first, 2, patch)
        .await
        .unwrap();
    rig.send(first).await;
    assert_eq!(rig.campaign(first).await.state, State::Scheduled);
    rig.advance(Duration::from_mins(59)).await;
    rig.until_state(first, State::Running).await;
    assert!(
        rig.ledger().await.is_empty(),
        "planned ahead, not sent ahead"
    );
    rig.advance(Duration::from_mins(1)).await;
    rig.until_state(first, State::Done).await;
    assert_eq!(rig.ledger().await.len(), 10);
    let late = rig.draft(plain()).await;
    let patch = rows::Patch {
        schedule: Some(at(&rig, 1)),
        ..rows::Patch::default()
    };
    campaigns::edit(rig.engine.context(), &rig.scope(), late, 2, patch)
        .await
        .unwrap();
    rig.send(late).await;
    // The machine is off for hours.
    rig.engine.stop().await;
    rig.advance(Duration::from_hours(4)).await;
    rig.restart().await;
    rig.until_state(late, State::Paused).await;
    assert_eq!(rig.campaign(late).await.held, Some(Held::StaleSchedule));
    assert_eq!(rig.ledger().await.len(), 10);
    campaigns::release(rig.engine.context(), &rig.scope(), late)
        .await
        .unwrap();
    rig.until_state(late, State::Done).await;
    let ledger = rig.ledger().await;
    assert!(ledger.values().all(|times| *times == 2));
    rig.end().await;
}

#[db_test]
async fn people_from_whom_meta_withholds_it_get_a_second_round_a_day_later(db: TestDb) {
    let rig = Rig::new(db).await;
    rig.people(20, |at| {
        if at < 5 {
            json!({"fails_with": 131_049, "delivery_ms": 20})
        } else {
            quick(at)
        }
    })
    .await;
    let settings = Settings {
        second_round: Some(SecondRound { after_hours: 24 }),
        ..plain()
    };
    let id = rig.draft(settings).await;
    rig.send(id).await;
    rig.until(id, "the round waits", |campaign, counts| {
        campaign.round_ends_at.is_some() && counts.of(MessageState::Failed) == 5
    })
    .await;
    assert_eq!(rig.campaign(id).await.state, State::Running);
    // Looked after all the while.
    for _ in 0..25 {
        rig.advance(Duration::from_hours(1)).await;
        rig.step().await;
        rig.step().await;
    }
    rig.until_state(id, State::Done).await;
    let campaign = rig.campaign(id).await;
    assert_eq!(campaign.round, 2);
    rig.until(id, "outcomes", |_, counts| {
        counts.of(MessageState::Failed) == 10
    })
    .await;
    let counts = rig.counts(id).await;
    assert_eq!(counts.all(), 25);
    rig.counts_are_right(id).await;
    rig.end().await;
}

#[db_test]
async fn an_opt_out_in_the_middle_is_obeyed(db: TestDb) {
    let rig = Rig::new(db).await;
    let people = rig.people(150, quick).await;
    consent(&rig, &people, "granted").await;
    rig.tell(
        &format!("templates/{}/decision", rig.meta_template),
        &json!({"category": "MARKETING"}),
    )
    .await;
    rig.engine_syncs().await;
    let id = rig.draft(plain()).await;
    rig.send(id).await;
    rig.until(id, "some are out", |_, counts| counts.sent() >= 30)
        .await;
    // So many that on no machine all of them can be under way.
    consent(&rig, &people[100..], "denied").await;
    rig.until_state(id, State::Done).await;
    let counts = rig.counts(id).await;
    assert_eq!(counts.all(), 150);
    let wish = Recipients {
        reason: Some("opted_out".to_owned()),
        ..Recipients::default()
    };
    let (skipped, _) = rows::recipients(&rig.db, rig.f.workspace, id, &wish, None, 100)
        .await
        .unwrap();
    assert_eq!(
        i64::try_from(skipped.len()).unwrap(),
        counts.of(MessageState::Skipped)
    );
    // Who of them was already out depends on the order of ids that were made in one instant.
    assert!((1..=50).contains(&skipped.len()), "{}", skipped.len());
    assert_eq!(rig.ledger().await.len(), 150 - skipped.len());
    rig.counts_are_right(id).await;
    rig.end().await;
}

/// What people say about marketing, written as a webhook would.
pub(crate) async fn consent(rig: &Rig, people: &[wigwag_model::ContactId], state: &'static str) {
    use wigwag_store::ingest::{self, Items, Person, Preference};
    let mut preferences = Vec::new();
    for contact in people {
        let row = wigwag_store::contacts::get(
            &mut rig.db.reader().await.unwrap(),
            rig.f.workspace,
            *contact,
        )
        .await
        .unwrap();
        preferences.push(Preference {
            workspace: rig.f.workspace,
            person: Person {
                phone: row.phone,
                portfolio: rig.f.portfolio_id.clone(),
                ..Person::default()
            },
            category: "marketing".to_owned(),
            state,
            at: rig.db.mint().now(),
        });
    }
    let items = Items {
        preferences,
        ..Items::default()
    };
    ingest::apply_part(&rig.db, items).await.unwrap();
}
