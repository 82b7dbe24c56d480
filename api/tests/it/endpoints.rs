//! Endpoints by the API: made, changed, tested and looked into, by those who may.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use wigwag_model::Permission;
use wigwag_store::audit;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::{Answer, World};

const PATH: &str = "/api/v1/webhook-endpoints";

async fn ask(world: &World, key: &str, method: Method, path: &str, body: &Value) -> Answer {
    let bearer = format!("Bearer {key}");
    let head = [("authorization", bearer.as_str())];
    world.ask(method, path, &head, Some(body)).await
}

fn books() -> Value {
    json!({"name": "Books", "url": "https://books.example/hooks", "events": ["message.received"]})
}

#[db_test]
async fn an_endpoint_is_made_changed_and_taken_away(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let made = world.post(&key, PATH, &books()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let secret = made.body["secret"].as_str().unwrap();
    assert!(
        secret.starts_with("whsec_") && secret.len() > 40,
        "{secret}"
    );
    let id = made.body["id"].as_str().unwrap();
    let one = format!("{PATH}/{id}");
    let listed = world.get(&key, PATH).await;
    assert_eq!(listed.body["data"][0]["id"], id);
    assert_eq!(listed.body["data"][0]["form"], "wigwag");
    assert_eq!(listed.body["data"][0]["enabled"], true);
    // The secret is told once.
    assert!(!listed.body.to_string().contains("whsec_"));
    let wish = json!({"name": "Ledger", "events": [], "enabled": false});
    let edited = ask(&world, &key, Method::PATCH, &one, &wish).await;
    assert_eq!(edited.status, StatusCode::OK, "{}", edited.body);
    assert_eq!(edited.body["name"], "Ledger");
    assert_eq!(edited.body["events"], json!([]));
    assert_eq!(edited.body["enabled"], false);
    assert_eq!(edited.body["url"], "https://books.example/hooks");
    let rotated = world
        .post(&key, &format!("{one}/rotate-secret"), &json!({}))
        .await;
    assert_eq!(rotated.status, StatusCode::OK, "{}", rotated.body);
    assert_ne!(rotated.body["secret"], made.body["secret"]);
    assert!(rotated.body["previous_secret_until"].is_string());
    let gone = ask(&world, &key, Method::DELETE, &one, &json!({})).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let again = ask(&world, &key, Method::DELETE, &one, &json!({})).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    let noted = audit::newest(&world.db, world.f.workspace, 10)
        .await
        .unwrap();
    let actions: Vec<&str> = noted.iter().map(|entry| entry.action.as_str()).collect();
    for action in ["create", "update", "rotate_secret", "delete"] {
        let action = format!("webhook_endpoint.{action}");
        assert!(actions.contains(&action.as_str()), "{action}: {actions:?}");
    }
    world.end().await;
}

#[db_test]
async fn a_wrong_wish_names_its_field(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let with = |field: &str, value: Value| {
        let mut wish = books();
        wish[field] = value;
        wish
    };
    for (wish, field) in [
        (with("name", json!("")), "name"),
        (with("url", json!("books.example")), "url"),
        (with("url", json!("ftp://books.example/")), "url"),
        (with("url", json!("http://127.0.0.1:9200/_search")), "url"),
        (with("url", json!("http://2130706433/")), "url"),
        (with("url", json!("https://[::ffff:10.0.0.1]/")), "url"),
        (with("url", json!("https://u:p@books.example/")), "url"),
        (
            with("events", json!(["message.received", "order.made"])),
            "events[1]",
        ),
        (with("form", json!("xml")), "form"),
        (with("secret", json!("mine")), "secret"),
    ] {
        let answer = world.post(&key, PATH, &wish).await;
        assert_eq!(
            (answer.status, answer.field()),
            (StatusCode::UNPROCESSABLE_ENTITY, field),
            "{wish}: {}",
            answer.body
        );
    }
    let interakt = json!({"name": "x", "url": "https://a.example/", "form": "interakt", "events": ["contact.created"]});
    let answer = world.post(&key, PATH, &interakt).await;
    assert_eq!(answer.field(), "events", "{}", answer.body);
    // A change is checked like the first wish.
    let made = world.post(&key, PATH, &books()).await;
    let one = format!("{PATH}/{}", made.body["id"].as_str().unwrap());
    let inside = json!({"url": "http://10.0.0.1/"});
    let answer = ask(&world, &key, Method::PATCH, &one, &inside).await;
    assert_eq!(answer.field(), "url", "{}", answer.body);
    world.end().await;
}

#[db_test]
async fn deliveries_are_listed_read_and_told_again(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let made = world.post(&key, PATH, &books()).await;
    let one = format!("{PATH}/{}", made.body["id"].as_str().unwrap());
    let tested = world.post(&key, &format!("{one}/test"), &json!({})).await;
    assert_eq!(tested.status, StatusCode::ACCEPTED, "{}", tested.body);
    assert_eq!(tested.body["type"], "webhook.test");
    assert_eq!(tested.body["state"], "waiting");
    let list = format!("{one}/deliveries");
    let listed = world.get(&key, &list).await;
    assert_eq!(listed.body["data"][0]["id"], tested.body["id"]);
    assert_eq!(listed.body["data"][0]["body"], Value::Null);
    let none = world.get(&key, &format!("{list}?state=given_up")).await;
    assert_eq!(none.body["data"], json!([]));
    let wrong = world.get(&key, &format!("{list}?state=lost")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let delivery = format!("{list}/{}", tested.body["id"].as_str().unwrap());
    let read = world.get(&key, &delivery).await;
    let body: Value = serde_json::from_str(read.body["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["type"], "webhook.test");
    assert_eq!(body["data"]["workspace_id"], world.f.workspace.to_string());
    // Nothing works here: it is still to be told.
    let early = world
        .post(&key, &format!("{delivery}/replay"), &json!({}))
        .await;
    assert_eq!(
        (early.status, early.code()),
        (StatusCode::CONFLICT, "conflict")
    );
    world.end().await;
}

#[db_test]
async fn neither_strangers_nor_agents_get_at_it(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let made = world.post(&key, PATH, &books()).await;
    let one = format!("{PATH}/{}", made.body["id"].as_str().unwrap());
    let tested = world.post(&key, &format!("{one}/test"), &json!({})).await;
    let delivery = format!("{one}/deliveries/{}", tested.body["id"].as_str().unwrap());
    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    let agents = world
        .key_of(&world.f, wigwag_model::Role::Agent.permissions())
        .await;
    let wish = json!({"name": "Mallory"});
    for (method, path, body) in [
        (Method::PATCH, one.clone(), wish),
        (Method::DELETE, one.clone(), json!({})),
        (Method::POST, format!("{one}/rotate-secret"), json!({})),
        (Method::POST, format!("{one}/test"), json!({})),
        (Method::GET, format!("{one}/deliveries"), json!({})),
        (Method::GET, delivery.clone(), json!({})),
        (Method::POST, format!("{delivery}/replay"), json!({})),
    ] {
        let answer = ask(&world, &theirs, method.clone(), &path, &body).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}");
        let answer = ask(&world, &agents, method.clone(), &path, &body).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}");
    }
    assert_eq!(world.get(&theirs, PATH).await.body["data"], json!([]));
    assert_eq!(world.get(&agents, PATH).await.status, StatusCode::FORBIDDEN);
    world.end().await;
}
