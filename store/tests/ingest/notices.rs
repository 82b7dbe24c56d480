//! What Meta tells of accounts: written for endpoints once, however often it comes, and forgotten in the end.

use serde_json::{Value, json};
use wigwag_model::Timestamp;
use wigwag_model::endpoint::{Form, Kind};
use wigwag_model::id::Id as _;
use wigwag_store::endpoints::{self, Facts};
use wigwag_store::ingest::{self, AccountChange, Items, Notice};
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;
use zeroize::Zeroizing;

use crate::world::World;

async fn endpoint(world: &World) {
    let new = endpoints::New {
        name: "Books".to_owned(),
        url: "https://books.example/hooks".to_owned(),
        form: Form::Wigwag,
        events: Vec::new(),
        secret: Zeroizing::new("whsec_one".to_owned()),
    };
    endpoints::create(&world.db, world.f.workspace, new)
        .await
        .unwrap();
}

fn review(world: &World, sent: i64, decision: &str) -> Notice {
    Notice {
        workspace: world.f.workspace,
        subject: world.f.waba.uuid(),
        kind: Kind::AccountReviewed,
        field: "account_review_update".to_owned(),
        value: json!({ "decision": decision }),
        at: Timestamp::from_seconds(sent),
        sent,
    }
}

async fn apply(world: &World, notices: Vec<Notice>) {
    let items = Items {
        accounts: notices.into_iter().map(AccountChange::Notice).collect(),
        ..Items::default()
    };
    ingest::apply_part(&world.db, items).await.unwrap();
}

/// The decisions that are to be told, in their order, with their seconds.
async fn told(world: &World) -> Vec<(String, i64)> {
    let happened = endpoints::pending(&world.db, world.f.workspace, 500)
        .await
        .unwrap();
    happened
        .iter()
        .map(|one| {
            assert_eq!(one.kind, Kind::AccountReviewed);
            let facts = match &one.facts {
                Some(Facts::Account(facts)) => Some(facts),
                _ => None,
            }
            .unwrap();
            assert_eq!(facts.account.as_ref().unwrap().waba_id, world.f.waba_id);
            assert_eq!(facts.number, None);
            let detail: Value = serde_json::from_str(one.detail.as_ref().unwrap()).unwrap();
            assert_eq!(detail["field"], "account_review_update");
            let decision = detail["value"]["decision"].as_str().unwrap().to_owned();
            (decision, one.at.as_micros() / 1_000_000)
        })
        .collect()
}

#[db_test]
async fn the_same_notice_is_told_once(db: TestDb) {
    let world = World::new(db).await;
    // Where nobody wants to know nothing is kept.
    apply(&world, vec![review(&world, 1, "PENDING")]).await;
    assert_eq!(world.count("SELECT COUNT(*) FROM told").await, 0);
    endpoint(&world).await;
    let pending = review(&world, 2, "PENDING");
    apply(&world, vec![pending.clone(), pending.clone()]).await;
    apply(&world, vec![review(&world, 3, "APPROVED")]).await;
    // Meta's retry of the first comes after the second.
    apply(&world, vec![pending.clone()]).await;
    apply(&world, vec![review(&world, 4, "PENDING")]).await;
    let wanted = [("PENDING", 2), ("APPROVED", 3), ("PENDING", 4)];
    let wanted: Vec<_> = wanted
        .iter()
        .map(|(word, at)| ((*word).to_owned(), *at))
        .collect();
    assert_eq!(told(&world).await, wanted);
    // What is kept of them has its bound.
    let many = (100..300).map(|sent| review(&world, sent, "DEFERRED"));
    apply(&world, many.collect()).await;
    assert_eq!(told(&world).await.len(), 203);
    let longest = world
        .count("SELECT CAST(MAX(LENGTH(state)) AS BIGINT) FROM told")
        .await;
    assert_eq!(longest, 64 * 17 - 1);
    world.end().await;
}
