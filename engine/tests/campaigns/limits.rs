//! What keeps messages of on-going campaigns back: caps, quiet hours, a pause, brakes, the day's limit.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;
use wigwag_engine::campaigns;
use wigwag_model::MessageState;
use wigwag_model::campaign::{Brakes, Cap, Held, Schedule, Settings};
use wigwag_store::campaigns::Patch;
use wigwag_store::testing::TestDb;
use wigwag_store::{Priority, sql};
use wigwag_store_macros::db_test;

use crate::doings::marketing;
use crate::rig::{Rig, plain};
use crate::running::quick;

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
    // Whom the cap left out was skipped with the run; of the others nobody may be on the way any more.
    for id in &ids {
        rig.until(*id, "nobody waits", |_, counts| {
            counts.waiting() + counts.of(MessageState::Attempting) == 0
        })
        .await;
    }
    let ledger = rig.ledger().await;
    assert_eq!(ledger.len(), 4);
    assert!(ledger.values().all(|times| *times == 1), "{ledger:?}");
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

/// Nobody is due between two events: the brakes look back over that too.
#[db_test]
async fn failures_that_trickle_in_hold_a_campaign(db: TestDb) {
    let rig = Rig::new(db).await;
    let people = rig
        .people(12, |_| json!({"delivery_ms": 20, "on_whatsapp": false}))
        .await;
    let settings = Settings {
        brakes: Brakes {
            failure_percent: Some(20.0),
            window: 10,
            ..Brakes::default()
        },
        ..plain()
    };
    let wish = json!({"trigger": {"event": {"name": "Visit"}}});
    let id = rig.ongoing(wish, settings).await;
    rig.begin(id, false).await;
    for (at, who) in people.iter().take(10).enumerate() {
        rig.does(*who, "Visit", json!({}), &format!("{at}")).await;
        let failed = i64::try_from(at).unwrap() + 1;
        rig.until(id, "it failed", |_, counts| {
            counts.of(MessageState::Failed) == failed
        })
        .await;
        rig.advance(Duration::from_mins(20)).await;
    }
    assert_eq!(rig.campaign(id).await.held, None);
    rig.does(people[10], "Visit", json!({}), "10").await;
    rig.until_held(id).await;
    assert_eq!(rig.campaign(id).await.held, Some(Held::FailureRate));
    // What was judged is not judged again.
    campaigns::resume(rig.engine.context(), &rig.scope(), id)
        .await
        .unwrap();
    rig.does(people[11], "Visit", json!({}), "11").await;
    rig.until(id, "both failed", |_, counts| {
        counts.of(MessageState::Failed) == 12
    })
    .await;
    assert_eq!(rig.campaign(id).await.held, None);
    rig.end().await;
}

/// A message that waits for the next day of the portfolio's limit is looked after all the while, and leaves.
#[db_test]
async fn what_waits_for_the_next_day_leaves_then(db: TestDb) {
    let rig = Rig::new(db).await;
    let people = rig.people(2, quick).await;
    let workspace = rig.f.workspace;
    rig.db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("UPDATE numbers SET messaging_limit = 1 WHERE workspace_id = $1")
                    .bind(workspace)
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
    let wish = json!({"trigger": {"event": {"name": "Visit"}}});
    let id = rig.ongoing(wish, plain()).await;
    rig.begin(id, false).await;
    for (at, who) in people.iter().enumerate() {
        rig.does(*who, "Visit", json!({}), &format!("{at}")).await;
    }
    rig.until(id, "one left and one waits", |_, counts| {
        counts.delivered() == 1 && counts.of(MessageState::Queued) == 1
    })
    .await;
    for _ in 0..25 {
        rig.advance(Duration::from_hours(1)).await;
        let now = rig.db.mint().now();
        rig.until_still(id, "looked after, or on its way", |campaign, counts| {
            campaign.tended_at >= Some(now) || counts.of(MessageState::Queued) == 0
        })
        .await;
    }
    rig.until(id, "both are there", |_, counts| counts.delivered() == 2)
        .await;
    assert_eq!(rig.campaign(id).await.held, None);
    rig.end().await;
}
