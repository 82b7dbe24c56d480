//! Sending over the API: once per key, refused in words, read back.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::{Answer, World};

async fn send(
    world: &World,
    key: &str,
    path: &str,
    idempotency: Option<&str>,
    body: &Value,
) -> Answer {
    let bearer = format!("Bearer {key}");
    let mut headers = vec![("authorization", bearer.as_str())];
    headers.extend(idempotency.map(|key| ("idempotency-key", key)));
    world.ask(Method::POST, path, &headers, Some(body)).await
}

#[db_test]
async fn a_repeated_request_is_the_same_message(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let (_, conversation) = world.conversation_of(&world.f, "+919800000001").await;
    let path = format!("/api/v1/conversations/{conversation}/messages");
    let text = json!({"type": "text", "text": {"body": "Hello"}, "client_ref": "c-1"});

    let first = send(&world, &key, &path, Some("k-1"), &text).await;
    assert_eq!(first.status, StatusCode::ACCEPTED, "{}", first.body);
    assert_eq!(first.body["state"], "queued");
    assert_eq!(first.body["client_ref"], "c-1");
    let again = send(&world, &key, &path, Some("k-1"), &text).await;
    assert_eq!(again.status, StatusCode::ACCEPTED);
    assert_eq!(again.body["id"], first.body["id"]);
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert!(!first.headers.contains_key("idempotent-replayed"));
    let other = json!({"type": "text", "text": {"body": "Bye"}});
    let reused = send(&world, &key, &path, Some("k-1"), &other).await;
    assert_eq!(reused.code(), "idempotency_key_reused");
    let keyless = send(&world, &key, &path, None, &text).await;
    assert_eq!(keyless.field(), "Idempotency-Key", "{}", keyless.body);

    let thread = world.get(&key, &path).await;
    assert_eq!(thread.body["data"].as_array().unwrap().len(), 1);
    let list = world.get(&key, "/api/v1/conversations").await;
    assert_eq!(list.body["data"][0]["last_message"]["preview"], "Hello");
    world.end().await;
}

#[db_test]
async fn a_closed_window_is_refused_with_the_mend(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let (_, conversation) = world.conversation_of(&world.f, "+919800000001").await;
    world.db.clock.advance(Duration::from_hours(25));
    let path = format!("/api/v1/conversations/{conversation}/messages");
    let text = json!({"type": "text", "text": {"body": "Hello"}});
    let answer = world.post(&key, &path, &text).await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::CONFLICT, "window_closed")
    );
    assert!(answer.body["detail"].as_str().unwrap().contains("template"));
    world.end().await;
}

#[db_test]
async fn wrong_drafts_name_the_field(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let (_, conversation) = world.conversation_of(&world.f, "+919800000001").await;
    let path = format!("/api/v1/conversations/{conversation}/messages");
    let nobody = "message_01h455vb4pex5vsknk084sn02q";
    for (body, field) in [
        (json!({"type": "text"}), "text"),
        (json!({"type": "text", "text": {"body": ""}}), "text.body"),
        (
            json!({"type": "text", "text": {"body": "x".repeat(4_097)}}),
            "text.body",
        ),
        (json!({"type": "dance"}), "type"),
        (
            json!({"type": "text", "text": {"body": "Hi"}, "reply_to": nobody}),
            "reply_to",
        ),
        (
            json!({"type": "reaction", "reaction": {"message_id": nobody, "emoji": "👍"}}),
            "reaction.message_id",
        ),
        (
            json!({"type": "media", "media_id": "media_01h455vb4pex5vsknk084sn02q"}),
            "media_id",
        ),
        (
            json!({"type": "location", "location": {"latitude": 91.0, "longitude": 0.0}}),
            "location.latitude",
        ),
        (
            json!({"type": "contacts", "contacts": [{"phones": []}]}),
            "contacts[0].name.formatted_name",
        ),
        (
            json!({"type": "interactive", "interactive": {"type": "button"}}),
            "interactive",
        ),
        (
            json!({"type": "template", "template": {"template_id": "template_01h455vb4pex5vsknk084sn02q"}}),
            "template.template_id",
        ),
    ] {
        let answer = world.post(&key, &path, &body).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{body}: {}",
            answer.body
        );
        assert_eq!(answer.field(), field, "{body}: {}", answer.body);
        assert!(
            answer.headers["content-type"]
                .to_str()
                .unwrap()
                .starts_with("application/problem+json")
        );
    }
    let thread = world.get(&key, &path).await;
    assert_eq!(thread.body["data"], json!([]), "nothing was written");
    world.end().await;
}

#[db_test]
async fn reading_clears_what_is_unread(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let (_, conversation) = world.conversation_of(&world.f, "+919800000001").await;
    let path = format!("/api/v1/conversations/{conversation}");
    assert_eq!(world.get(&key, &path).await.body["unread_count"], 2);
    let read = world.post(&key, &format!("{path}/read"), &json!({})).await;
    assert_eq!(read.status, StatusCode::NO_CONTENT);
    assert_eq!(world.get(&key, &path).await.body["unread_count"], 0);
    world.end().await;
}
