//! What people are answered when they stop: who may change it, to what, and what is left of it.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use wigwag_model::Permission;
use wigwag_store::audit;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::{Answer, World};

const PATH: &str = "/api/v1/settings/opt-out";

async fn put(world: &World, key: &str, body: &Value) -> Answer {
    let bearer = format!("Bearer {key}");
    let head = [("authorization", bearer.as_str())];
    world.ask(Method::PUT, PATH, &head, Some(body)).await
}

#[db_test]
async fn the_answers_are_changed_and_noted(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let first = world.get(&key, PATH).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    assert_eq!(first.body["stop"]["send"], true);
    assert_eq!(first.body["stop"]["text"], Value::Null);
    let usual = first.body["stop"]["usual"].as_str().unwrap_or_default();
    assert!(usual.contains("START"), "{usual}");
    let wish = json!({
        "stop": {"send": true, "text": " Bye. Send START to come back. "},
        "start": {"send": false},
        "version": first.body["version"],
    });
    let set = put(&world, &key, &wish).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.body);
    let read = world.get(&key, PATH).await.body;
    assert_eq!(read, set.body);
    assert_eq!(read["stop"]["text"], "Bye. Send START to come back.");
    assert_eq!(read["start"]["send"], false);
    assert_eq!(read["version"], 1);
    // Somebody who read it before the change does not undo it.
    let late = put(&world, &key, &wish).await;
    assert_eq!((late.status, late.code()), (StatusCode::CONFLICT, "stale"));
    let noted = audit::newest(&world.db, world.f.workspace, 5)
        .await
        .unwrap();
    assert_eq!(noted.len(), 1);
    assert_eq!(noted[0].action, "settings.confirmations");
    world.end().await;
}

#[db_test]
async fn a_wrong_text_names_its_field(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let with = |stop: Value, start: Value| json!({"stop": {"send": true, "text": stop}, "start": {"send": true, "text": start}, "version": 0});
    for (wish, field, code) in [
        (
            with(json!("x".repeat(1_025)), json!(null)),
            "stop.text",
            "too_long",
        ),
        (with(json!(null), json!(" ")), "start.text", "required"),
    ] {
        let refused = put(&world, &key, &wish).await;
        assert_eq!(
            (refused.status, refused.field()),
            (StatusCode::UNPROCESSABLE_ENTITY, field),
            "{}",
            refused.body
        );
        assert_eq!(refused.body["errors"][0]["code"], code);
    }
    let longest = put(&world, &key, &with(json!("é".repeat(1_024)), json!(null))).await;
    assert_eq!(longest.status, StatusCode::OK, "{}", longest.body);
    world.end().await;
}

#[db_test]
async fn only_who_may_sees_them_and_each_workspace_its_own(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let wish = json!({"stop": {"send": false}, "start": {"send": false}, "version": 0});
    let others: Vec<Permission> = Permission::ALL
        .iter()
        .copied()
        .filter(|permission| *permission != Permission::SettingsManage)
        .collect();
    let weak = world.key_of(&world.f, &others).await;
    assert_eq!(world.get(&weak, PATH).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        put(&world, &weak, &wish).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(put(&world, &key, &wish).await.status, StatusCode::OK);
    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    let read = world.get(&theirs, PATH).await.body;
    assert_eq!(
        (&read["stop"]["send"], &read["version"]),
        (&json!(true), &json!(0))
    );
    world.end().await;
}
