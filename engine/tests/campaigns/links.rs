//! Short links: each person's own, counted once the person and every time the tap.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use wigwag_engine::campaigns::{self, CampaignError};
use wigwag_model::campaign::{Exclusion, Settings, State, Utm};
use wigwag_model::phone::Phone;
use wigwag_model::{CampaignId, ContactId};
use wigwag_store::campaigns::{self as rows, Flag, Link, Patch};
use wigwag_store::contacts::{self, Edit};
use wigwag_store::sql;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::rig::{Rig, plain};

/// Drafts take a template whose button is a short link.
async fn shorten_button(rig: &mut Rig) {
    let template = json!({"name": "order_link", "language": "en_US", "category": "UTILITY", "components": [
        {"type": "BODY", "text": "Hello {{1}}, your order {{2}} is packed and will leave today.",
            "example": {"body_text": [["Asha", "1042"]]}},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "See order", "url": "https://wigwag.example/l/{{1}}",
            "example": ["https://wigwag.example/l/0aZ"]}]},
    ]});
    rig.approve(&template).await;
}

/// A draft whose button leads somewhere.
async fn draft(rig: &Rig, settings: Settings, button: Value) -> CampaignId {
    let id = rig.draft(settings).await;
    let variables = json!({
        "body.1": {"from": "field", "key": "first_name", "fallback": "there"},
        "body.2": {"from": "constant", "value": "1042"},
        "button.0.url": button,
    });
    let patch = Patch {
        variables: Some(serde_json::from_value(variables).unwrap()),
        ..Patch::default()
    };
    campaigns::edit(rig.engine.context(), &rig.scope(), id, 2, patch)
        .await
        .unwrap();
    id
}

async fn links(rig: &Rig, id: CampaignId, contact: ContactId) -> Vec<Link> {
    rows::links_of(&rig.db, rig.f.workspace, id, contact)
        .await
        .unwrap()
}

#[db_test]
async fn everybody_gets_a_link_of_their_own_and_a_flood_is_counted_exactly(db: TestDb) {
    let mut rig = Rig::new(db).await;
    shorten_button(&mut rig).await;
    let people = rig.people(6, |_| json!({"delivery_ms": 20})).await;
    let settings = Settings {
        utm: Some(Utm::default()),
        ..plain()
    };
    let button = json!({"from": "constant", "value": "https://shop.example/sale?a=1#top"});
    let id = draft(&rig, settings, button).await;
    let wanted = "https://shop.example/sale?a=1&utm_source=whatsapp&utm_medium=utility&utm_campaign=spring&utm_content=0#top";
    let review = campaigns::review(rig.engine.context(), &rig.scope(), id)
        .await
        .unwrap();
    assert!(review.problems.is_empty(), "{:?}", review.problems);
    assert_eq!(review.eligible, 6);
    assert_eq!(review.previews[0].message["buttons"][0]["url"], wanted);
    rig.send(id).await;
    rig.until_state(id, State::Done).await;
    let ledger = rig.ask("ledger?limit=100").await;
    let sent = ledger["data"]
        .as_array()
        .or_else(|| ledger.as_array())
        .unwrap();
    let mut slugs = BTreeSet::new();
    for contact in &people {
        let own = links(&rig, id, *contact).await;
        assert_eq!(own.len(), 1);
        assert_eq!(own[0].destination, wanted);
        assert_eq!(
            (own[0].round, own[0].variable.as_str()),
            (1, "button.0.url")
        );
        assert!(
            sent.iter()
                .filter(|row| row["body"].to_string().contains(&own[0].slug))
                .count()
                == 1,
            "the slug goes to Meta, to one person"
        );
        slugs.insert(own[0].slug.clone());
    }
    assert_eq!(slugs.len(), 6);
    assert!(
        sent.iter()
            .all(|row| !row["body"].to_string().contains("shop.example"))
    );
    let shown = sql("SELECT content FROM messages WHERE campaign_id = $1")
        .bind(id)
        .fetch_all(&mut rig.db.reader().await.unwrap())
        .await
        .unwrap();
    for row in &shown {
        let content: Value = serde_json::from_str(&row.text(0).unwrap()).unwrap();
        assert_eq!(
            content["buttons"][0]["url"], wanted,
            "here one sees where it leads"
        );
    }
    // A thousand taps on one link and some on another, from many at once.
    let flooded = links(&rig, id, people[0]).await[0].slug.clone();
    let other = links(&rig, id, people[1]).await[0].slug.clone();
    let mut tapping = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let (context, slug) = (rig.engine.context().clone(), flooded.clone());
        tapping.spawn(async move {
            for _ in 0..100 {
                context.clicks().note(&slug, context.clock().now());
                tokio::task::yield_now().await;
            }
        });
    }
    tapping.join_all().await;
    let context = rig.engine.context();
    context.clicks().note(&other, context.clock().now());
    context.clicks().flush(&rig.db).await.unwrap();
    let counts = rig.counts(id).await;
    assert_eq!((counts.taps(), counts.flagged(Flag::Clicked)), (1_001, 2));
    assert_eq!(links(&rig, id, people[0]).await[0].clicks, 1_000);
    assert_eq!(links(&rig, id, people[1]).await[0].clicks, 1);
    rig.counts_are_right(id).await;
    // What was noted last is written when the engine stops.
    context.clicks().note(&other, context.clock().now());
    rig.engine.stop().await;
    assert_eq!(links(&rig, id, people[1]).await[0].clicks, 2);
    rig.end().await;
}

async fn lead(rig: &Rig, contact: ContactId, to: &str) {
    let known = contacts::get(
        &mut rig.db.reader().await.unwrap(),
        rig.f.workspace,
        contact,
    )
    .await
    .unwrap();
    let edit = Edit {
        traits: Some(BTreeMap::from([("cart".to_owned(), json!(to))])),
        version: known.version,
        ..Edit::default()
    };
    contacts::edit(&rig.db, rig.f.workspace, contact, edit)
        .await
        .unwrap();
}

#[db_test]
async fn what_is_no_address_is_refused_or_leaves_the_person_out(db: TestDb) {
    let mut rig = Rig::new(db).await;
    shorten_button(&mut rig).await;
    let people = rig.people(3, |_| json!({"delivery_ms": 20})).await;
    let id = draft(&rig, plain(), json!({"from": "constant", "value": "A17"})).await;
    match campaigns::send(rig.engine.context(), &rig.scope(), id, None).await {
        Err(CampaignError::Problems(problems)) => {
            let found: Vec<_> = problems
                .iter()
                .map(|p| (p.field.as_str(), p.code))
                .collect();
            assert_eq!(found, [("variables.button.0.url", "invalid_link")]);
            assert!(problems[0].message.contains("https://shop.example"));
        }
        other => panic!("{other:?}"),
    }
    lead(&rig, people[0], "https://shop.example/cart/1").await;
    lead(&rig, people[1], "cart/2").await;
    lead(&rig, people[2], "https://shop.example/cart/3").await;
    let id = draft(&rig, plain(), json!({"from": "trait", "key": "cart"})).await;
    let review = campaigns::review(rig.engine.context(), &rig.scope(), id)
        .await
        .unwrap();
    assert!(review.problems.is_empty(), "{:?}", review.problems);
    assert_eq!((review.matched, review.eligible), (3, 2));
    assert_eq!(
        review.excluded,
        BTreeMap::from([(Exclusion::InvalidLink, 1)])
    );
    rig.send(id).await;
    rig.until_state(id, State::Done).await;
    assert!(links(&rig, id, people[1]).await.is_empty());
    assert_eq!(
        links(&rig, id, people[2]).await[0].destination,
        "https://shop.example/cart/3"
    );
    let skips = rows::skips(&rig.db, rig.f.workspace, id).await.unwrap();
    assert_eq!(skips, [("invalid_link".to_owned(), 1)]);
    rig.end().await;
}

#[db_test]
async fn a_test_leads_there_and_counts_in_no_report(db: TestDb) {
    let mut rig = Rig::new(db).await;
    shorten_button(&mut rig).await;
    let people = rig.people(1, |_| json!({"delivery_ms": 20})).await;
    let id = draft(&rig, plain(), json!({"from": "trait", "key": "cart"})).await;
    let phone = Phone::parse("+919810000000", None).unwrap();
    campaigns::trial(rig.engine.context(), &rig.scope(), id, vec![phone])
        .await
        .unwrap();
    let own = links(&rig, id, people[0]).await;
    assert_eq!(own.len(), 1);
    assert_eq!(
        (own[0].round, own[0].destination.as_str()),
        (0, "https://wigwag.example/")
    );
    let context = rig.engine.context();
    context.clicks().note(&own[0].slug, context.clock().now());
    context.clicks().flush(&rig.db).await.unwrap();
    assert_eq!(links(&rig, id, people[0]).await[0].clicks, 1);
    assert!(rig.counts(id).await.0.is_empty());
    rig.end().await;
}
