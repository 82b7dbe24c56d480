//! Runs of an on-going campaign on their way to the message: asked again when due, ended once, whatever
//! happens meanwhile.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;
use wigwag_engine::campaigns;
use wigwag_store::campaigns::Patch;
use wigwag_store::campaigns::ongoing as rows;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::rig::{Rig, plain};
use crate::running::quick;

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
