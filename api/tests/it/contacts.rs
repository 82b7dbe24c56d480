//! Contacts over HTTP: values of traits are of their kind, whoever writes them.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::World;

/// A value of each kind; the first of each name defines it.
fn right() -> Value {
    json!({
        "city": "Pune",
        "spent": 12.5,
        "member": true,
        "birthday": "1990-05-01",
        "likes": ["Tea", "Kites"],
    })
}

/// Values of other kinds, and a word of the mend.
fn wrong() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        ("city", json!(5), "a text"),
        ("city", json!(["Pune"]), "a text"),
        ("spent", json!("12.5"), "a number"),
        ("spent", json!(true), "a number"),
        ("member", json!("yes"), "true or false"),
        ("member", json!(1), "true or false"),
        ("birthday", json!("01/05/1990"), "1990-05-01"),
        ("birthday", json!(1990), "1990-05-01"),
        ("birthday", json!(""), "1990-05-01"),
        ("likes", json!("Tea"), "a list of texts"),
    ]
}

#[db_test]
async fn a_trait_takes_values_of_its_kind_only(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let first = json!({"phone": "+919876543210", "traits": right()});
    let made = world.post(&key, "/api/v1/contacts", &first).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let path = format!(
        "/api/v1/contacts/{}",
        made.body["id"].as_str().unwrap_or_default()
    );
    let bearer = format!("Bearer {key}");
    let edit = |traits: Value, version: i64| {
        let body = json!({"traits": traits, "version": version});
        let (world, path, bearer) = (&world, path.as_str(), bearer.as_str());
        async move {
            let head = [("authorization", bearer)];
            world.ask(Method::PATCH, path, &head, Some(&body)).await
        }
    };
    for (name, value, mend) in wrong() {
        let body = json!({"phone": "+919876543211", "traits": {name: value, "city2": "Goa"}});
        let refused = world.post(&key, "/api/v1/contacts", &body).await;
        for refused in [refused, edit(json!({name: value}), 1).await] {
            let said = (refused.status, refused.field().to_owned());
            let wanted = (StatusCode::UNPROCESSABLE_ENTITY, format!("traits.{name}"));
            assert_eq!(said, wanted, "{name} {value}: {}", refused.body);
            let error = &refused.body["errors"][0];
            assert_eq!(error["code"], "kind");
            let message = error["message"].as_str().unwrap_or_default();
            assert!(message.contains(mend), "{message}");
        }
    }
    // Each wrong field is named, and nothing of what was refused is there.
    let two = edit(json!({"spent": "x", "member": "x", "city": "Goa"}), 1).await;
    let fields: Vec<_> = (0..2).map(|at| &two.body["errors"][at]["field"]).collect();
    assert_eq!(fields, ["traits.member", "traits.spent"], "{}", two.body);
    assert_eq!(world.get(&key, &path).await.body["traits"], right());
    let traits = world.get(&key, "/api/v1/traits").await;
    assert_eq!(traits.body["data"].as_array().map(Vec::len), Some(5));

    let new = json!({"city": null, "spent": 20, "birthday": "2026-11-23T09:30:00Z", "likes": []});
    let edited = edit(new, 1).await;
    assert_eq!(edited.status, StatusCode::OK, "{}", edited.body);
    assert_eq!(edited.body["traits"]["spent"], 20);
    assert_eq!(edited.body["traits"]["city"], Value::Null);

    // Another workspace's traits are its own.
    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, wigwag_model::Permission::ALL).await;
    let other = json!({"phone": "+919876543210", "traits": {"spent": "much", "likes": "Tea"}});
    let made = world.post(&theirs, "/api/v1/contacts", &other).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    world.end().await;
}

#[db_test]
async fn a_trait_is_no_document(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    for traits in [
        json!({"a": {"b": 1}}),
        json!({"a": [1, 2]}),
        json!({"a": vec!["x"; 101]}),
        json!({"a": "x".repeat(1_001)}),
        json!({"": "x"}),
    ] {
        let body = json!({"phone": "+919876543210", "traits": traits});
        let refused = world.post(&key, "/api/v1/contacts", &body).await;
        assert_eq!(
            (refused.status, refused.field()),
            (StatusCode::UNPROCESSABLE_ENTITY, "traits"),
            "{body}: {}",
            refused.body
        );
    }
    world.end().await;
}
