//! What starts a run of an on-going campaign: an event, a change of a contact, a segment, a day.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;
use wigwag_engine::campaigns;
use wigwag_model::Timestamp;
use wigwag_store::campaigns::ongoing as rows;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::doings::paid;
use crate::rig::{Rig, plain};
use crate::running::quick;

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
    // Whoever is not known to be in by then enters when time has passed.
    rig.until_enrolled(fresh).await;
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
