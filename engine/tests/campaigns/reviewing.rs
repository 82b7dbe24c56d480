//! The review tells what the plan does.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use wigwag_engine::campaigns::{self, CampaignError, Why};
use wigwag_model::campaign::{Exclusion, State};
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, MessageState};
use wigwag_store::campaigns::{self as rows, Patch, Recipients};
use wigwag_store::testing::TestDb;
use wigwag_store::{Priority, sql};
use wigwag_store_macros::db_test;

use crate::rig::{Rig, plain};

async fn block(rig: &Rig, contact: ContactId) {
    let workspace = rig.f.workspace;
    rig.db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                let now = tx.mint().now();
                sql("UPDATE contacts SET blocked_at = $3 WHERE workspace_id = $1 AND id = $2")
                    .bind(workspace)
                    .bind(contact)
                    .bind(now)
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
}

#[db_test]
async fn the_review_says_whom_the_plan_writes_to_and_whom_not(db: TestDb) {
    let rig = Rig::new(db).await;
    let people = rig.people(12, |_| json!({"delivery_ms": 20})).await;
    block(&rig, people[3]).await;
    block(&rig, people[7]).await;
    let id = rig.draft(plain()).await;
    let review = campaigns::review(rig.engine.context(), &rig.scope(), id)
        .await
        .unwrap();
    assert!(review.problems.is_empty(), "{:?}", review.problems);
    assert_eq!((review.matched, review.eligible), (12, 10));
    assert_eq!(review.excluded, BTreeMap::from([(Exclusion::Blocked, 2)]));
    assert_eq!((review.rate_per_second, review.duration_seconds), (80, 1));
    assert_eq!(review.cost.count(), 10);
    assert!(
        review
            .previews
            .iter()
            .any(|preview| preview.why == Why::Typical)
    );
    assert!(
        review.previews[0].message["body"]
            .as_str()
            .unwrap()
            .contains("Mira")
    );
    let context = rig.engine.context();
    let (left_out, next) =
        campaigns::excluded(context, &rig.scope(), id, Some(Exclusion::Blocked), None, 1)
            .await
            .unwrap();
    let first = left_out[0].contact;
    let (left_out, _) = campaigns::excluded(context, &rig.scope(), id, None, next, 10)
        .await
        .unwrap();
    assert_eq!(left_out.len(), 1);
    // Ids made in one instant have no order that a test could know.
    assert_eq!(
        BTreeSet::from([first, left_out[0].contact]),
        BTreeSet::from([people[3], people[7]])
    );
    rig.send(id).await;
    rig.until_state(id, State::Done).await;
    let counts = rig.counts(id).await;
    assert_eq!((counts.all(), counts.of(MessageState::Skipped)), (12, 2));
    let wish = Recipients {
        state: Some(MessageState::Skipped),
        ..Recipients::default()
    };
    let (skipped, _) = rows::recipients(&rig.db, rig.f.workspace, id, &wish, None, 10)
        .await
        .unwrap();
    let reasons: Vec<_> = skipped.iter().map(|row| row.reason.as_deref()).collect();
    assert_eq!(reasons, [Some("blocked"), Some("blocked")]);
    rig.end().await;
}

#[db_test]
async fn a_draft_that_lacks_something_is_not_sent_and_says_what(db: TestDb) {
    let rig = Rig::new(db).await;
    rig.people(3, |_| json!({})).await;
    let context = rig.engine.context();
    let id = rows::create(
        &rig.db,
        rig.f.workspace,
        "Empty".to_owned(),
        "system".to_owned(),
    )
    .await
    .unwrap();
    match campaigns::send(context, &rig.scope(), id, None).await {
        Err(CampaignError::Problems(problems)) => {
            let fields: Vec<_> = problems
                .iter()
                .map(|problem| problem.field.as_str())
                .collect();
            assert_eq!(fields, ["number_id", "template_id", "audience"]);
        }
        other => panic!("{other:?}"),
    }
    // A variable without value and fallback blocks the send.
    let id = rig.draft(plain()).await;
    let variables = json!({
        "body.1": {"from": "trait", "key": "city"},
        "body.2": {"from": "constant", "value": "1042"},
        "button.0.url": {"from": "constant", "value": "1042"},
    });
    let patch = Patch {
        variables: Some(serde_json::from_value(variables).unwrap()),
        ..Patch::default()
    };
    campaigns::edit(context, &rig.scope(), id, 2, patch)
        .await
        .unwrap();
    match campaigns::send(context, &rig.scope(), id, None).await {
        Err(CampaignError::Problems(problems)) => {
            assert_eq!(problems[0].code, "missing_variable");
            assert_eq!(problems[0].params["count"], 3);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(rig.campaign(id).await.state, State::Draft);
    let stale = campaigns::edit(context, &rig.scope(), id, 2, Patch::default()).await;
    assert!(matches!(
        stale,
        Err(CampaignError::Store(wigwag_store::Error::Stale))
    ));
    rig.end().await;
}

#[db_test]
async fn a_test_goes_to_the_numbers_named_and_leaves_the_draft_alone(db: TestDb) {
    let rig = Rig::new(db).await;
    rig.people(2, |_| json!({"delivery_ms": 20})).await;
    let id = rig.draft(plain()).await;
    let phone = Phone::parse("+919800000001", None).unwrap();
    rig.tell("persons", &json!({"name": "Asha", "phone": phone.as_str()}))
        .await;
    let sent = campaigns::trial(rig.engine.context(), &rig.scope(), id, vec![phone.clone()])
        .await
        .unwrap();
    assert_eq!(sent.len(), 1);
    rig.until_accepted(1).await;
    for _ in 0..40 {
        rig.step().await;
    }
    assert_eq!(rig.ledger().await.len(), 1);
    assert_eq!(rig.campaign(id).await.state, State::Draft);
    assert_eq!(rig.counts(id).await.all(), 0);
    rig.end().await;
}

#[db_test]
async fn an_outcome_is_an_audience(db: TestDb) {
    let rig = Rig::new(db).await;
    rig.people(10, |at| json!({"delivery_ms": 20, "read_ms": 20, "reads": if at < 4 { "never" } else { "always" }}))
        .await;
    let id = rig.draft(plain()).await;
    rig.send(id).await;
    rig.until_state(id, State::Done).await;
    rig.until(id, "all read that will", |_, counts| {
        counts.read() == 6 && counts.of(MessageState::Delivered) == 4
    })
    .await;
    let audience = json!({"campaign": {"id": id, "outcome": ["delivered"]}});
    let copy = rows::duplicate(
        &rig.db,
        rig.f.workspace,
        id,
        "Again".to_owned(),
        Some(audience),
        "system".to_owned(),
    )
    .await
    .unwrap();
    let review = campaigns::review(rig.engine.context(), &rig.scope(), copy)
        .await
        .unwrap();
    assert_eq!(
        (review.matched, review.eligible),
        (4, 4),
        "{:?}",
        review.problems
    );
    rig.end().await;
}
