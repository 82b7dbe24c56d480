//! Short links over HTTP: they lead, they count, and they tell nothing else.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use wigwag_model::{CampaignId, Permission};
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{Priority, campaigns, sql};
use wigwag_store_macros::db_test;

use crate::support::{Answer, World};

/// A campaign that reached somebody whose button has this slug.
async fn reached(world: &World, f: &Fixture, phone: &str, slug: &'static str) -> CampaignId {
    let (contact, _) = world.conversation_of(f, phone).await;
    let id = campaigns::create(
        &world.db,
        f.workspace,
        "Spring".to_owned(),
        "system".to_owned(),
    )
    .await
    .unwrap();
    let f = f.clone();
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                let now = tx.mint().now();
                sql("INSERT INTO campaign_recipients (workspace_id, campaign_id, round, contact_id, no, number_id, due_at, state, canary, fed_at)
                     VALUES ($1, $2, 1, $3, 1, $4, $5, 'fed', 0, $5)")
                    .bind(f.workspace).bind(id).bind(contact).bind(f.number).bind(now).execute(tx).await?;
                sql("INSERT INTO links (workspace_id, slug, campaign_id, round, contact_id, variable, destination, clicks, created_at)
                     VALUES ($1, $2, $3, 1, $4, 'button.0.url', 'https://shop.example/sale?a=1#top', 0, $5)")
                    .bind(f.workspace).bind(slug).bind(id).bind(contact).bind(now).execute(tx).await
            })
        })
        .await
        .unwrap();
    id
}

async fn follow(world: &World, method: Method, slug: &str) -> Answer {
    world.ask(method, &format!("/l/{slug}"), &[], None).await
}

async fn flush(world: &World) {
    let clicks = world.engine.context().clicks();
    clicks.flush(&world.db).await.unwrap();
}

#[db_test]
async fn a_link_leads_on_and_only_people_count(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let id = reached(&world, &world.f, "+919800000001", "0aZ").await;
    let path = format!("/api/v1/campaigns/{id}");
    for method in [Method::HEAD, Method::GET, Method::GET] {
        let answer = follow(&world, method, "0aZ").await;
        assert_eq!(answer.status, StatusCode::FOUND);
        assert_eq!(
            answer.headers["location"],
            "https://shop.example/sale?a=1#top"
        );
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(answer.headers["referrer-policy"], "no-referrer");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
    flush(&world).await;
    let report = world.get(&key, &format!("{path}/report")).await;
    assert_eq!(report.body["clicks"], 2, "{}", report.body);
    assert_eq!(report.body["funnel"]["clicked"], 1);
    assert_eq!(report.body["counts"], json!({"clicked": 1}));
    assert_eq!(report.body["series"][0]["clicked"], 1);
    let people = world
        .get(&key, &format!("{path}/recipients?state=clicked"))
        .await;
    assert_eq!(people.body["data"].as_array().unwrap().len(), 1);
    assert!(people.body["data"][0]["clicked_at"].is_string());
    assert_eq!(people.body["data"][0]["converted_at"], Value::Null);
    let none = world
        .get(&key, &format!("{path}/recipients?state=converted"))
        .await;
    assert_eq!(none.body["data"], json!([]));
    let wrong = world
        .get(&key, &format!("{path}/recipients?state=liked"))
        .await;
    assert_eq!(wrong.field(), "state");
    let file = world.text(&key, &format!("{path}/recipients.csv")).await;
    let mut lines = file.trim_start_matches('\u{feff}').split("\r\n");
    let column = |line: &str, name: usize| line.split(',').nth(name).unwrap().to_owned();
    let heading = lines.next().unwrap();
    let at = heading
        .split(',')
        .position(|name| name == "clicked_at")
        .unwrap();
    assert_eq!(column(heading, at + 1), "converted_at");
    assert!(column(lines.next().unwrap(), at).starts_with("2026-11-23T09:00:00"));
    world.end().await;
}

#[db_test]
async fn a_link_that_is_not_there_tells_nothing(db: TestDb) {
    let world = World::new(db).await;
    reached(&world, &world.f, "+919800000001", "0aZ").await;
    let long = "a".repeat(500);
    for slug in [
        "0az",
        "00000000000",
        "a.b",
        "..%2f..",
        "%00",
        "0aZ%20",
        long.as_str(),
    ] {
        let answer = follow(&world, Method::GET, slug).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{slug}");
        assert!(!answer.headers.contains_key("location"));
        assert_eq!(answer.headers["content-type"], "text/plain; charset=utf-8");
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
    let posted = follow(&world, Method::POST, "0aZ").await;
    assert_eq!(posted.status, StatusCode::METHOD_NOT_ALLOWED);
    world.end().await;
}

#[db_test]
async fn a_thousand_taps_are_a_thousand_and_nobody_elses(db: TestDb) {
    let world = World::new(db).await;
    let stranger = world.db.workspace().await;
    let (ours, theirs) = (
        world.key().await,
        world.key_of(&stranger, Permission::ALL).await,
    );
    let id = reached(&world, &world.f, "+919800000001", "ours").await;
    let other = reached(&world, &stranger, "+919800000001", "theirs").await;
    for _ in 0..1_000 {
        let answer = follow(&world, Method::GET, "ours").await;
        assert_eq!(answer.status, StatusCode::FOUND);
    }
    flush(&world).await;
    let report = world
        .get(&ours, &format!("/api/v1/campaigns/{id}/report"))
        .await;
    assert_eq!(report.body["clicks"], 1_000);
    assert_eq!(report.body["funnel"]["clicked"], 1);
    let report = world
        .get(&theirs, &format!("/api/v1/campaigns/{other}/report"))
        .await;
    assert_eq!(report.body["clicks"], 0);
    assert_eq!(report.body["funnel"]["clicked"], 0);
    let foreign = world
        .get(&theirs, &format!("/api/v1/campaigns/{id}/report"))
        .await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    world.end().await;
}
