//! Before an on-going campaign runs: tried on the past, and refused with the place of what is wrong.

use std::time::Duration;

use serde_json::json;
use wigwag_engine::campaigns;
use wigwag_engine::campaigns::{CampaignError, ongoing};
use wigwag_model::CampaignId;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::doings::paid;
use crate::rig::{Rig, plain};
use crate::running::quick;

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
