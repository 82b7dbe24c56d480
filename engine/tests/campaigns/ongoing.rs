//! On-going campaigns: from what happens to the message, once, whatever happens on the way.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use wigwag_engine::campaigns;
use wigwag_engine::campaigns::{CampaignError, ongoing};
use wigwag_model::campaign::ongoing::Ongoing;
use wigwag_model::campaign::{Cap, Held, Schedule, Settings, State};
use wigwag_model::{CampaignId, MessageState, Timestamp};
use wigwag_store::campaigns::ongoing as rows;
use wigwag_store::campaigns::{Flag, Patch};
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::rig::{Rig, plain};

fn quick(_: usize) -> Value {
    json!({"delivery_ms": 20, "read_ms": 20})
}

fn paid() -> Value {
    json!({"event": {"name": "Paid", "where": [{"key": "total", "is": {"gte": 100}}]}})
}

#[db_test]
async fn an_event_sends_its_message_once_with_its_particulars(db: TestDb) {
    let rig = Rig::new(db).await;
    let people = rig.people(3, quick).await;
    let id = rig.ongoing(json!({"trigger": paid()}), plain()).await;
    // Before the start nothing is begun.
    rig.does(people[0], "Paid", json!({"total": 500}), "early")
        .await;
    rig.begin(id, false).await;
    rig.does(
        people[0],
        "Paid",
        json!({"total": 100, "order": "A-77"}),
        "a",
    )
    .await;
    rig.does(
        people[0],
        "Paid",
        json!({"total": 100, "order": "A-77"}),
        "a",
    )
    .await;
    rig.does(people[1], "Paid", json!({"total": 99}), "b").await;
    rig.does(people[2], "Left", json!({"total": 200}), "c")
        .await;
    rig.until_sent(id, 1).await;
    assert_eq!(rig.runs(id).await, BTreeMap::from([("done".to_owned(), 1)]));
    let ledger = rig.ask("ledger?limit=10").await;
    assert!(ledger.to_string().contains("A-77"), "{ledger}");
    rig.counts_are_right(id).await;
    // It goes on: there is no end but a stop.
    rig.does(people[0], "Paid", json!({"total": 300}), "d")
        .await;
    rig.until_sent(id, 2).await;
    let days = rows::hours(&rig.db, rig.f.workspace, id, Timestamp::from_micros(0))
        .await
        .unwrap();
    let sum = |kind: &str| {
        days.iter()
            .filter(|hour| hour.kind == kind)
            .map(|hour| hour.n)
            .sum::<i64>()
    };
    assert_eq!((sum("began"), sum("done")), (2, 2));
    campaigns::stop(rig.engine.context(), &rig.scope(), id)
        .await
        .unwrap();
    rig.until(id, "ended", |campaign, _| campaign.ended_at.is_some())
        .await;
    rig.does(people[0], "Paid", json!({"total": 300}), "e")
        .await;
    for _ in 0..20 {
        rig.step().await;
    }
    assert_eq!(rig.ledger().await.values().sum::<usize>(), 2);
    rig.end().await;
}

#[db_test]
async fn a_delay_survives_restarts_fires_once_and_asks_again(db: TestDb) {
    let mut rig = Rig::new(db).await;
    let people = rig.people(3, quick).await;
    let wish = json!({
        "trigger": {"event": {"name": "Cart Left"}},
        "delay": {"minutes": 30},
        "unless": {"event": {"name": "Order Placed"}, "within_hours": 2},
    });
    let id = rig.ongoing(wish, plain()).await;
    rig.begin(id, false).await;
    for (at, who) in people.iter().enumerate() {
        rig.does(*who, "Cart Left", json!({}), &format!("cart {at}"))
            .await;
    }
    rig.until_runs(id, &[("waiting", 3)]).await;
    rig.restart().await;
    rig.advance(Duration::from_mins(60)).await;
    rig.does(people[1], "Order Placed", json!({}), "order 1")
        .await;
    // Two hours are watched, though the delay is half an hour.
    assert_eq!(
        rig.runs(id).await,
        BTreeMap::from([("waiting".to_owned(), 3)])
    );
    rig.advance(Duration::from_mins(61)).await;
    rig.restart().await;
    rig.until_runs(id, &[("done", 2), ("unless", 1)]).await;
    rig.until_sent(id, 2).await;
    assert!(rig.ledger().await.values().all(|times| *times == 1));
    rig.end().await;
}

#[db_test]
async fn the_filter_is_asked_at_the_beginning_and_again_when_due(db: TestDb) {
    let rig = Rig::new(db).await;
    let people = rig.people(3, quick).await;
    rig.retag(people[2], &["silk"]).await;
    let wish = json!({"trigger": {"event": {"name": "Paid"}}, "delay": {"hours": 1}});
    let id = rig.ongoing(wish, plain()).await;
    let patch = Patch {
        audience: Some(json!({"tag": "kites"})),
        ..Patch::default()
    };
    campaigns::edit(rig.engine.context(), &rig.scope(), id, 2, patch)
        .await
        .unwrap();
    rig.begin(id, false).await;
    for (at, who) in people.iter().enumerate() {
        rig.does(*who, "Paid", json!({}), &format!("{at}")).await;
    }
    rig.until_runs(id, &[("no_match", 1), ("waiting", 2)]).await;
    rig.retag(people[1], &["silk"]).await;
    rig.retag(people[2], &["kites"]).await;
    rig.advance(Duration::from_mins(61)).await;
    rig.until_runs(id, &[("done", 1), ("no_match", 2)]).await;
    rig.until_sent(id, 1).await;
    rig.end().await;
}

#[db_test]
async fn re_entry_is_never_after_days_or_each_time(db: TestDb) {
    let rig = Rig::new(db).await;
    let people = rig.people(1, quick).await;
    let mut ids = Vec::new();
    for reentry in [json!("never"), json!("each"), json!({"after_days": 2})] {
        let wish = json!({"trigger": {"event": {"name": "Visit"}}, "reentry": reentry});
        let id = rig.ongoing(wish, plain()).await;
        rig.begin(id, false).await;
        ids.push(id);
    }
    for (no, wanted) in [(1, [1, 1, 1]), (2, [1, 2, 1]), (3, [1, 3, 2])] {
        rig.does(people[0], "Visit", json!({}), &format!("{no}"))
            .await;
        for (id, wanted) in ids.iter().zip(wanted) {
            let again = usize::try_from(no - wanted).unwrap();
            let done = usize::try_from(wanted).unwrap();
            let mut states = vec![("done", done)];
            if again > 0 {
                states.push(("again", again));
            }
            rig.until_runs(*id, &states).await;
            rig.until_sent(*id, wanted).await;
            rig.counts_are_right(*id).await;
        }
        rig.advance(Duration::from_hours(25)).await;
    }
    rig.end().await;
}

#[db_test]
async fn a_cap_holds_over_all_campaigns(db: TestDb) {
    let mut rig = Rig::new(db).await;
    rig.approve(&marketing()).await;
    let people = rig.people(4, quick).await;
    rig.agree(&people).await;
    let settings = Settings {
        cap: Some(Cap {
            messages: 1,
            days: 7,
        }),
        ..plain()
    };
    let mut ids = Vec::new();
    for _ in 0..3 {
        let wish = json!({"trigger": {"event": {"name": "Visit"}}});
        let id = rig.ongoing(wish, settings.clone()).await;
        let patch = Patch {
            variables: Some(serde_json::from_value(json!({})).unwrap()),
            ..Patch::default()
        };
        campaigns::edit(rig.engine.context(), &rig.scope(), id, 2, patch)
            .await
            .unwrap();
        rig.begin(id, false).await;
        ids.push(id);
    }
    for (at, who) in people.iter().enumerate() {
        rig.does(*who, "Visit", json!({}), &format!("{at}")).await;
    }
    for id in &ids {
        rig.until_runs(*id, &[("done", 4)]).await;
    }
    for _ in 0..40 {
        rig.step().await;
    }
    let ledger = rig.ledger().await;
    assert_eq!(ledger.len(), 4);
    assert!(ledger.values().all(|times| *times == 1), "{ledger:?}");
    rig.end().await;
}

fn marketing() -> Value {
    json!({"name": "kites_are_back", "language": "en_US", "category": "MARKETING",
           "components": [{"type": "BODY", "text": "The red kites are back in the shop."}]})
}

#[db_test]
async fn variants_and_a_holdout_stand_side_by_side_with_their_goals(db: TestDb) {
    let rig = Rig::new(db).await;
    let people = rig.people(60, quick).await;
    let wish = json!({
        "trigger": {"event": {"name": "Visit"}},
        "holdout_percent": 20,
        "variants": [{"name": "B", "share": 50, "template_id": rig.template, "variables": {
            "body.1": {"from": "constant", "value": "friend"},
            "body.2": {"from": "constant", "value": "B-1"},
            "button.0.url": {"from": "constant", "value": "1042"}}}],
    });
    let goals =
        serde_json::from_value(json!([{"event": "Order Placed", "within_hours": 24}])).unwrap();
    let settings = Settings { goals, ..plain() };
    let id = rig.ongoing(wish, settings).await;
    rig.begin(id, false).await;
    for (at, who) in people.iter().enumerate() {
        rig.does(*who, "Visit", json!({}), &format!("{at}")).await;
    }
    rig.until_runs(id, &[("done", 60)]).await;
    let of = rig.campaign(id).await.ongoing.unwrap();
    let mut wanted: BTreeMap<i64, i64> = BTreeMap::new();
    for who in &people {
        *wanted.entry(of.arm(id, *who).no()).or_default() += 1;
    }
    assert_eq!(wanted.len(), 3, "{wanted:?}");
    rig.until_sent(id, 60 - wanted[&7]).await;
    for (at, who) in people.iter().enumerate() {
        rig.does(*who, "Order Placed", json!({}), &format!("order {at}"))
            .await;
    }
    let mut on = rig.db.reader().await.unwrap();
    let arms = rows::arms(&mut on, rig.f.workspace, id).await.unwrap();
    drop(on);
    for (no, counts) in &arms.0 {
        assert_eq!(counts.all(), wanted[no]);
        assert_eq!(counts.flagged(Flag::Converted), wanted[no], "arm {no}");
        let sent = if *no == 7 { 0 } else { wanted[no] };
        assert_eq!(counts.delivered(), sent);
    }
    let ledger = rig.ask("ledger?limit=100").await.to_string();
    assert_eq!(
        ledger.matches("B-1").count(),
        usize::try_from(wanted[&1]).unwrap()
    );
    rig.end().await;
}

#[db_test]
async fn what_waits_keeps_its_version_and_what_begins_follows_the_new_one(db: TestDb) {
    let rig = Rig::new(db).await;
    let people = rig.people(2, quick).await;
    let wish = |minutes: u32| json!({"trigger": {"event": {"name": "Visit"}}, "delay": {"minutes": minutes}});
    let id = rig.ongoing(wish(50), plain()).await;
    rig.begin(id, false).await;
    rig.does(people[0], "Visit", json!({}), "1").await;
    rig.until_runs(id, &[("waiting", 1)]).await;
    let variables = json!({
        "body.1": {"from": "constant", "value": "you"},
        "body.2": {"from": "constant", "value": "V-2"},
        "button.0.url": {"from": "constant", "value": "1042"},
    });
    let patch = Patch {
        variables: Some(serde_json::from_value(variables).unwrap()),
        ongoing: Some(serde_json::from_value::<Ongoing>(wish(0)).unwrap()),
        ..Patch::default()
    };
    let version = rig.campaign(id).await.version;
    let stale = ongoing::change(
        rig.engine.context(),
        &rig.scope(),
        id,
        version - 1,
        patch.clone(),
    )
    .await;
    assert!(matches!(
        stale,
        Err(CampaignError::Store(wigwag_store::Error::Stale))
    ));
    let no = ongoing::change(rig.engine.context(), &rig.scope(), id, version, patch)
        .await
        .unwrap();
    assert_eq!(no, 2);
    rig.does(people[1], "Visit", json!({}), "2").await;
    rig.until_sent(id, 1).await;
    assert_eq!(
        rig.ask("ledger?limit=9")
            .await
            .to_string()
            .matches("V-2")
            .count(),
        1
    );
    rig.advance(Duration::from_mins(51)).await;
    rig.until_sent(id, 2).await;
    let ledger = rig.ask("ledger?limit=9").await.to_string();
    assert_eq!(
        (
            ledger.matches("V-2").count(),
            ledger.matches("1042").count() > 0
        ),
        (1, true)
    );
    let versions = rows::versions(&rig.db, rig.f.workspace, id).await.unwrap();
    assert_eq!(
        versions
            .iter()
            .map(|version| version.no)
            .collect::<Vec<_>>(),
        [2, 1]
    );
    rig.end().await;
}

#[db_test]
async fn changes_of_contacts_start_runs(db: TestDb) {
    let rig = Rig::new(db).await;
    let people = rig.people(2, quick).await;
    let mut ids = Vec::new();
    for trigger in [
        json!({"contact_created": true}),
        json!({"tag_added": {"tag": "VIP"}}),
        json!({"tag_removed": {"tag": "kites"}}),
        json!({"trait_changed": {"trait": "plan"}}),
    ] {
        let id = rig.ongoing(json!({"trigger": trigger}), plain()).await;
        rig.begin(id, false).await;
        ids.push(id);
    }
    rig.retag(people[0], &["vip"]).await;
    rig.retag(people[0], &["vip", "x"]).await;
    rig.set_trait(people[1], "plan", json!("gold")).await;
    rig.set_trait(people[1], "plan", json!("gold")).await;
    rig.set_trait(people[1], "plan", json!("silver")).await;
    rig.newcomer("+919812345678").await;
    for (id, wanted) in ids.iter().zip([1, 1, 1, 2]) {
        rig.until_runs(*id, &[("done", wanted)]).await;
    }
    rig.end().await;
}

#[db_test]
async fn a_segment_is_entered_by_the_passing_of_time(db: TestDb) {
    let rig = Rig::new(db).await;
    let people = rig.people(3, quick).await;
    rig.does(people[0], "Visit", json!({}), "1").await;
    rig.advance(Duration::from_hours(30)).await;
    rig.does(people[1], "Visit", json!({}), "2").await;
    // Who visited, but not within the last day.
    let filter = json!({"all": [{"event": {"name": "Visit"}},
                                {"not": {"event": {"name": "Visit", "within": "1d"}}}]});
    let segment = rig.segment("Sleepers", &filter).await;
    let wish = json!({"trigger": {"segment_entered": {"segment_id": segment}}});
    let (fresh, all) = (
        rig.ongoing(wish.clone(), plain()).await,
        rig.ongoing(wish, plain()).await,
    );
    rig.begin(fresh, false).await;
    rig.begin(all, true).await;
    rig.until_runs(all, &[("done", 1)]).await;
    rig.until_sent(all, 1).await;
    assert_eq!(rig.runs(fresh).await, BTreeMap::new());
    rig.advance(Duration::from_hours(25)).await;
    rig.until_runs(fresh, &[("done", 1)]).await;
    rig.until_runs(all, &[("done", 2)]).await;
    rig.end().await;
}

#[db_test]
async fn a_birthday_comes_by_the_clock_of_the_person(db: TestDb) {
    let rig = Rig::new(db).await;
    let people = rig.people(2, quick).await;
    let now = rig.db.mint().now();
    let today: String = now
        .plus(Duration::from_hours(24))
        .to_string()
        .chars()
        .take(10)
        .collect();
    let month_day = &today[5..];
    rig.set_trait(people[0], "birthday", json!(format!("1990-{month_day}")))
        .await;
    rig.set_trait(people[1], "birthday", json!("1990-01-01"))
        .await;
    let wish = json!({
        "trigger": {"date": {"trait": "birthday", "at": "09:00", "yearly": true}},
    });
    let id = rig.ongoing(wish, plain()).await;
    rig.begin(id, false).await;
    // 09:00 in India is 03:30 in UTC. Nothing begins until a moment before, and nobody need wait
    // for more than the next look after.
    let wanted: Timestamp = format!("{today}T03:30:00Z").parse().unwrap();
    let before = wanted.since(now) - Duration::from_mins(5);
    for share in [2, 4, 4] {
        rig.advance(before / share).await;
        for _ in 0..8 {
            rig.step().await;
        }
        assert_eq!(rig.counts(id).await.all(), 0, "before {wanted}");
    }
    rig.advance(Duration::from_mins(10)).await;
    rig.until_sent(id, 1).await;
    rig.advance(Duration::from_hours(30)).await;
    for _ in 0..20 {
        rig.step().await;
    }
    assert_eq!(rig.ledger().await.values().sum::<usize>(), 1);
    rig.end().await;
}

#[db_test]
async fn quiet_hours_put_off_and_a_pause_drops_what_is_too_late(db: TestDb) {
    let rig = Rig::new(db).await;
    let people = rig.people(2, quick).await;
    let wish = json!({"trigger": {"event": {"name": "Visit"}}, "late_after_hours": 2});
    let id = rig.ongoing(wish, plain()).await;
    rig.begin(id, false).await;
    campaigns::pause(rig.engine.context(), &rig.scope(), id)
        .await
        .unwrap();
    rig.does(people[0], "Visit", json!({}), "1").await;
    rig.advance(Duration::from_mins(90)).await;
    rig.does(people[1], "Visit", json!({}), "2").await;
    rig.advance(Duration::from_mins(60)).await;
    for _ in 0..10 {
        rig.step().await;
    }
    assert_eq!(rig.runs(id).await, BTreeMap::from([("new".to_owned(), 2)]));
    campaigns::resume(rig.engine.context(), &rig.scope(), id)
        .await
        .unwrap();
    rig.until_runs(id, &[("done", 1), ("too_late", 1)]).await;
    rig.until_sent(id, 1).await;

    // Everybody's clock but one minute is quiet: what begins now waits for the end of it.
    let night: Schedule =
        serde_json::from_value(json!({"when": "now", "quiet": {"from": "00:00", "to": "23:59"}}))
            .unwrap();
    let wish = json!({"trigger": {"event": {"name": "Night"}}});
    let night_id = rig.ongoing(wish, plain()).await;
    let patch = Patch {
        schedule: Some(night),
        ..Patch::default()
    };
    campaigns::edit(rig.engine.context(), &rig.scope(), night_id, 2, patch)
        .await
        .unwrap();
    rig.begin(night_id, false).await;
    rig.does(people[0], "Night", json!({}), "3").await;
    rig.until_runs(night_id, &[("done", 1)]).await;
    for _ in 0..10 {
        rig.step().await;
    }
    assert_eq!(rig.counts(night_id).await.of(MessageState::Planned), 1);
    rig.end().await;
}

#[db_test]
async fn a_test_on_the_past_says_what_would_have_been(db: TestDb) {
    let rig = Rig::new(db).await;
    let people = rig.people(4, quick).await;
    for (no, total) in [(0, 100), (0, 200), (1, 300), (2, 20), (3, 400)] {
        rig.does(
            people[no],
            "Paid",
            json!({"total": total}),
            &format!("{no} {total}"),
        )
        .await;
        rig.advance(Duration::from_hours(1)).await;
    }
    rig.does(people[3], "Order Placed", json!({}), "order")
        .await;
    rig.advance(Duration::from_hours(30)).await;
    let wish = json!({"trigger": paid(), "reentry": "never",
                      "unless": {"event": {"name": "Order Placed"}, "within_hours": 2}});
    let id = rig.ongoing(wish, plain()).await;
    let made = ongoing::backtest(rig.engine.context(), &rig.scope(), id)
        .await
        .unwrap();
    assert_eq!((made.began, made.messages), (4, 2));
    let left: Vec<_> = made
        .left_out
        .iter()
        .map(|(reason, n)| (reason.as_str(), *n))
        .collect();
    assert_eq!(left, [("again", 1), ("unless", 1)]);
    assert!(made.cost_micros > 0 && made.people.len() == 4);
    assert_eq!(made.days.iter().map(|day| day.messages).sum::<i64>(), 2);
    // The same matcher sends: what happens again leads to what was said.
    rig.begin(id, false).await;
    for (no, total) in [(0, 100), (1, 300), (2, 20)] {
        rig.does(
            people[no],
            "Paid",
            json!({"total": total}),
            &format!("again {no}"),
        )
        .await;
    }
    rig.until_runs(id, &[("waiting", 2)]).await;
    let other = rig
        .ongoing(json!({"trigger": {"tag_added": {"tag": "x"}}}), plain())
        .await;
    let refused = ongoing::backtest(rig.engine.context(), &rig.scope(), other).await;
    assert!(matches!(refused, Err(CampaignError::Problems(list)) if list[0].code == "not_kept"));
    rig.end().await;
}

/// The places of what a review finds wrong.
async fn reviewed(rig: &Rig, id: CampaignId) -> Vec<String> {
    let review = campaigns::review(rig.engine.context(), &rig.scope(), id).await;
    let problems = review.unwrap().problems;
    problems.into_iter().map(|problem| problem.field).collect()
}

#[db_test]
async fn a_start_is_refused_with_the_place_of_what_is_wrong(db: TestDb) {
    let rig = Rig::new(db).await;
    let fields = |error: CampaignError| match error {
        CampaignError::Problems(list) => list
            .into_iter()
            .map(|problem| problem.field)
            .collect::<Vec<_>>(),
        other => panic!("{other}"),
    };
    for (wish, field) in [
        (json!({}), "ongoing.trigger"),
        (
            json!({"trigger": {"date": {"trait": "nowhere", "at": "09:00"}}}),
            "ongoing.trigger.trait",
        ),
        (
            json!({"trigger": paid(), "variants": [{"name": "B", "share": 10, "template_id": rig.template}]}),
            "ongoing.variants[0].variables.body.1",
        ),
    ] {
        let id = rig.ongoing(wish, plain()).await;
        let error = ongoing::start(rig.engine.context(), &rig.scope(), id, false)
            .await
            .unwrap_err();
        let said = fields(error);
        assert_eq!(said[0], field);
        assert_eq!(reviewed(&rig, id).await, said, "the review says the same");
    }
    // Nobody is there yet, which is no fault of a campaign that waits for them.
    let id = rig.ongoing(json!({"trigger": paid()}), plain()).await;
    assert_eq!(reviewed(&rig, id).await, Vec::<String>::new());
    let error = ongoing::start(rig.engine.context(), &rig.scope(), id, true)
        .await
        .unwrap_err();
    assert_eq!(fields(error), ["enrol"]);
    let error = campaigns::send(rig.engine.context(), &rig.scope(), id, None)
        .await
        .unwrap_err();
    assert_eq!(fields(error), ["kind"]);
    rig.end().await;
}

#[db_test]
async fn a_stop_after_any_commit_repeats_nothing_and_loses_nothing(db: TestDb) {
    let mut rig = Rig::new(db).await;
    let people = rig.people(1, quick).await;
    let wish = json!({"trigger": {"event": {"name": "Visit"}}, "delay": {"minutes": 1}});
    let id = rig.ongoing(wish, plain()).await;
    rig.begin(id, false).await;
    // Begun, admitted, due, recipient, handed to the lane, claimed, accepted, statuses: each is a
    // commit, and what is not committed has not been.
    for commits in 1..=10_i64 {
        let mut seen = rig.db.feed_wakes().subscribe();
        let before = *seen.borrow_and_update();
        rig.does(people[0], "Visit", json!({}), &format!("{commits}"))
            .await;
        for _ in 0..400 {
            let now = *seen.borrow_and_update();
            if now >= before + u64::try_from(commits).unwrap()
                || rig.counts(id).await.delivered() == commits
            {
                break;
            }
            rig.step().await;
        }
        rig.restart().await;
        rig.advance(Duration::from_secs(61)).await;
        rig.until_sent(id, commits).await;
        assert_eq!(
            rig.ledger().await.values().sum::<usize>(),
            usize::try_from(commits).unwrap()
        );
        assert_eq!(
            rig.runs(id).await,
            BTreeMap::from([("done".to_owned(), usize::try_from(commits).unwrap())])
        );
    }
    rig.counts_are_right(id).await;
    rig.end().await;
}

#[db_test]
async fn whoever_is_quicker_ends_a_run_and_the_other_does_nothing(db: TestDb) {
    let rig = Rig::new(db).await;
    let people = rig.people(1, quick).await;
    let wish = json!({"trigger": {"event": {"name": "Visit"}}, "delay": {"hours": 1}});
    let id = rig.ongoing(wish, plain()).await;
    rig.begin(id, false).await;
    rig.does(people[0], "Visit", json!({}), "1").await;
    let workspace = rig.f.workspace;
    let fresh = loop {
        let fresh = rows::fresh(&rig.db, workspace, id, 10).await.unwrap();
        if !fresh.is_empty() || rig.runs(id).await.contains_key("waiting") {
            break fresh;
        }
    };
    // A process that read the run as new and stood still since changes nothing.
    rig.until_runs(id, &[("waiting", 1)]).await;
    let stale: Vec<_> = fresh
        .into_iter()
        .map(|run| rows::Admitted {
            run,
            verdict: Err("no_match"),
        })
        .collect();
    let reentry = wigwag_model::campaign::ongoing::Reentry::Each;
    rows::admit(&rig.db, workspace, id, reentry, stale)
        .await
        .unwrap();
    assert_eq!(
        rig.runs(id).await,
        BTreeMap::from([("waiting".to_owned(), 1)])
    );
    rig.advance(Duration::from_mins(61)).await;
    let due = rows::due(&rig.db, workspace, id, 10).await.unwrap();
    rig.until_runs(id, &[("done", 1)]).await;
    let stale: Vec<_> = due
        .into_iter()
        .map(|run| rows::Settled {
            run,
            outcome: rows::Outcome::Dropped("unless"),
        })
        .collect();
    rows::settle(&rig.db, workspace, id, rig.f.number, None, stale)
        .await
        .unwrap();
    assert_eq!(rig.runs(id).await, BTreeMap::from([("done".to_owned(), 1)]));
    rig.until_sent(id, 1).await;
    rig.end().await;
}

#[db_test]
async fn a_version_whose_template_is_gone_holds_up_nobody_but_its_own(db: TestDb) {
    let mut rig = Rig::new(db).await;
    let people = rig.people(2, quick).await;
    let wish = json!({"trigger": {"event": {"name": "Visit"}}, "delay": {"hours": 1}});
    let id = rig.ongoing(wish.clone(), plain()).await;
    rig.begin(id, false).await;
    rig.does(people[0], "Visit", json!({}), "1").await;
    rig.until_runs(id, &[("waiting", 1)]).await;
    let path = format!("templates/{}/decision", rig.meta_template);
    rig.tell(&path, &json!({"status": "DISABLED"})).await;
    rig.until_template("disabled").await;
    rig.advance(Duration::from_mins(61)).await;
    // The version in force cannot send: the campaign waits, and has not failed.
    rig.until_state(id, State::Paused).await;
    assert_eq!(rig.campaign(id).await.held, Some(Held::TemplateUnavailable));
    rig.approve(&marketing()).await;
    rig.agree(&people).await;
    let patch = Patch {
        template: Some(Some(rig.template)),
        variables: Some(serde_json::from_value(json!({})).unwrap()),
        ..Patch::default()
    };
    let version = rig.campaign(id).await.version;
    ongoing::change(rig.engine.context(), &rig.scope(), id, version, patch)
        .await
        .unwrap();
    rig.does(people[1], "Visit", json!({}), "2").await;
    campaigns::release(rig.engine.context(), &rig.scope(), id)
        .await
        .unwrap();
    rig.until_runs(id, &[("outdated", 1), ("waiting", 1)]).await;
    rig.advance(Duration::from_mins(61)).await;
    rig.until_sent(id, 1).await;
    rig.end().await;
}
