//! Variants of an on-going campaign side by side, and its versions one after the other.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;
use wigwag_engine::campaigns;
use wigwag_engine::campaigns::{CampaignError, ongoing};
use wigwag_model::campaign::ongoing::Ongoing;
use wigwag_model::campaign::{Held, Settings, State};
use wigwag_store::campaigns::ongoing as rows;
use wigwag_store::campaigns::{Flag, Patch};
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::doings::marketing;
use crate::rig::{Rig, plain};
use crate::running::quick;

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
