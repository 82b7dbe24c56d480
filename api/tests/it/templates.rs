//! Templates over the API: checked while typed, written, refused in words, out of reach for others.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use wigwag_model::Permission;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::{Answer, World};

fn draft(name: &str, text: &str) -> Value {
    json!({"name": name, "language": "en_US", "category": "utility",
        "components": [{"type": "body", "text": text}]})
}

async fn call(
    world: &World,
    key: &str,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> Answer {
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str())];
    world.ask(method, path, &headers, body).await
}

#[db_test]
async fn a_draft_is_checked_whatever_its_state(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key_of(&world.f, &[Permission::TemplatesRead]).await;
    let path = "/api/v1/templates/check";
    let empty = world.post(&key, path, &json!({})).await;
    assert_eq!(empty.status, StatusCode::OK, "{}", empty.body);
    let codes: Vec<_> = empty.body["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| problem["code"].as_str().unwrap())
        .collect();
    assert_eq!(
        codes,
        [
            "name_required",
            "language_required",
            "category_unknown",
            "body_required"
        ]
    );
    let long = world
        .post(&key, path, &draft("order_way", &"a".repeat(1_100)))
        .await;
    assert_eq!(
        long.body["problems"],
        json!([{"field": "components.body.text", "code": "body_too_long", "severity": "error",
            "params": {"max": 1_024, "now": 1_100}}])
    );
    let mut good = draft("order_way", "Hello {{1}}, your order is on its way.");
    good["components"][0]["example"] = json!({"body_text": [["Asha"]]});
    let good = world.post(&key, path, &good).await;
    assert_eq!(good.body["problems"], json!([]));
    assert_eq!(good.body["components"][0]["type"], "BODY");
    assert_eq!(
        good.body["variables"],
        json!([{"key": "body.1", "component": "body", "example": "Asha"}])
    );
    world.end().await;
}

#[db_test]
async fn drafts_are_written_changed_copied_and_taken_away(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let made = world
        .post(
            &key,
            "/api/v1/templates",
            &draft("order_way", "Your order is here."),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert_eq!(made.body["status"], "draft");
    assert_eq!(made.body["meta_template_id"], Value::Null);
    assert_eq!(made.body["editable"]["allowed"], true);
    assert_eq!(made.body["components"][0]["type"], "BODY");
    let path = format!("/api/v1/templates/{}", made.body["id"].as_str().unwrap());

    let mut change = draft("order_came", "Your order came.");
    change["revision"] = made.body["revision"].clone();
    let changed = call(&world, &key, Method::PUT, &path, Some(&change)).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    assert_eq!(changed.body["name"], "order_came");
    assert_eq!(
        changed.body["edit"]["components"][0]["text"],
        "Your order came."
    );
    let stale = call(&world, &key, Method::PUT, &path, Some(&change)).await;
    assert_eq!(
        (stale.status, stale.code()),
        (StatusCode::CONFLICT, "stale")
    );

    let copy = world
        .post(
            &key,
            &format!("{path}/duplicate"),
            &json!({"language": "hi"}),
        )
        .await;
    assert_eq!(copy.status, StatusCode::CREATED, "{}", copy.body);
    assert_eq!(copy.body["language"], "hi");
    let versions = world.get(&key, &format!("{path}/versions")).await;
    assert_eq!(versions.body["data"], json!([]));
    let list = world.get(&key, "/api/v1/templates?status=draft").await;
    assert_eq!(list.body["data"].as_array().unwrap().len(), 2);
    let gone = call(&world, &key, Method::DELETE, &path, None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(world.get(&key, &path).await.status, StatusCode::NOT_FOUND);
    let audited = wigwag_store::audit::newest(&world.db, world.f.workspace, 10)
        .await
        .unwrap();
    let mut actions: Vec<_> = audited.iter().map(|entry| entry.action.as_str()).collect();
    actions.sort_unstable();
    assert_eq!(
        actions,
        [
            "template.create",
            "template.delete",
            "template.duplicate",
            "template.update"
        ]
    );
    world.end().await;
}

#[db_test]
async fn refusals_name_the_field_and_what_is_wrong(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let path = "/api/v1/templates";
    world.post(&key, path, &draft("order_way", "Hello")).await;
    let mut elsewhere = draft("order_two", "Hello");
    elsewhere["waba_id"] = "1".into();
    for (body, field, code) in [
        (draft("order_way", "Again"), "name", "name_taken"),
        (draft("Order way", "Hello"), "name", "name_characters"),
        (elsewhere, "waba_id", "waba_unknown"),
    ] {
        let answer = world.post(&key, path, &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(answer.field(), field, "{}", answer.body);
        assert_eq!(answer.body["errors"][0]["code"], code);
    }
    let bad = world
        .post(&key, path, &draft("order_bad", "Your order {{1}}"))
        .await;
    assert_eq!(bad.status, StatusCode::CREATED, "a draft may be unfinished");
    let submit = format!("{path}/{}/submit", bad.body["id"].as_str().unwrap());
    let refused = world.post(&key, &submit, &json!({})).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.field(), "components.body.example");
    world.end().await;
}

#[db_test]
async fn nothing_leaves_when_meta_cannot_be_reached(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let made = world
        .post(
            &key,
            "/api/v1/templates",
            &draft("order_way", "Your order is here."),
        )
        .await;
    let path = format!("/api/v1/templates/{}", made.body["id"].as_str().unwrap());
    let answer = world
        .post(&key, &format!("{path}/submit"), &json!({}))
        .await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{}", answer.body);
    assert_eq!(answer.body["params"]["reason"], "unreachable");
    let row = world.get(&key, &path).await;
    assert_eq!(
        (&row.body["status"], &row.body["submitting"]),
        (&json!("draft"), &json!(false))
    );
    assert_eq!(row.body["refusal"]["code"], "unreachable");
    world.end().await;
}

#[db_test]
async fn readers_and_strangers_change_nothing(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let made = world
        .post(
            &key,
            "/api/v1/templates",
            &draft("order_way", "Your order is here."),
        )
        .await;
    let path = format!("/api/v1/templates/{}", made.body["id"].as_str().unwrap());
    let reader = world.key_of(&world.f, &[Permission::TemplatesRead]).await;
    let other = world.db.workspace().await;
    let stranger = world.key_of(&other, Permission::ALL).await;
    let change = draft("order_way", "Mine now.");
    for (method, path) in [
        (Method::PUT, path.clone()),
        (Method::POST, format!("{path}/submit")),
        (Method::POST, format!("{path}/duplicate")),
        (Method::DELETE, path.clone()),
    ] {
        let body = (method == Method::PUT).then_some(&change);
        let refused = call(&world, &reader, method.clone(), &path, body).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{method} {path}");
        let hidden = call(&world, &stranger, method.clone(), &path, body).await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND, "{method} {path}");
    }
    let hidden = world.get(&stranger, &format!("{path}/versions")).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    assert_eq!(
        world.get(&key, &path).await.body["components"][0]["text"],
        "Your order is here."
    );
    world.end().await;
}
