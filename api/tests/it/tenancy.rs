//! No row crosses a workspace: whatever another workspace's key asks for does not exist.

use axum::http::{Method, StatusCode};
use serde_json::json;
use wigwag_model::Permission;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::World;

#[db_test]
async fn another_workspaces_rows_do_not_exist(db: TestDb) {
    let world = World::new(db).await;
    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    let ours = world.key().await;
    let (contact, conversation) = world.conversation_of(&world.f, "+919800000001").await;

    let text = json!({"type": "text", "text": {"body": "Hello"}});
    let send = format!("/api/v1/conversations/{conversation}/messages");
    let sent = world.post(&ours, &send, &text).await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.body);

    for path in [
        format!("/api/v1/conversations/{conversation}"),
        send.clone(),
        format!("/api/v1/conversations/{conversation}/changes?after_seq=0"),
        format!("/api/v1/contacts/{contact}"),
    ] {
        assert_eq!(
            world.get(&ours, &path).await.status,
            StatusCode::OK,
            "{path}"
        );
        assert_eq!(
            world.get(&theirs, &path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    for (action, body) in [
        ("messages", text.clone()),
        ("read", json!({})),
        ("typing", json!({})),
        ("close", json!({})),
        ("reopen", json!({})),
        ("assign", json!({"assignee_id": null})),
        ("snooze", json!({"until": "2027-01-01T00:00:00Z"})),
    ] {
        let path = format!("/api/v1/conversations/{conversation}/{action}");
        let answer = world.post(&theirs, &path, &body).await;
        assert_eq!(
            answer.status,
            StatusCode::NOT_FOUND,
            "{path}: {}",
            answer.body
        );
    }
    let opened = world
        .post(
            &theirs,
            "/api/v1/conversations",
            &json!({"contact_id": contact}),
        )
        .await;
    assert!(opened.status.is_client_error(), "{}", opened.body);
    let bearer = format!("Bearer {theirs}");
    let edited = world
        .ask(
            Method::PATCH,
            &format!("/api/v1/contacts/{contact}"),
            &[("authorization", &bearer)],
            Some(&json!({"name": "Mallory"})),
        )
        .await;
    assert!(edited.status.is_client_error(), "{}", edited.body);
    let list = world.get(&theirs, "/api/v1/conversations").await;
    assert_eq!(list.body["data"], json!([]));
    let list = world.get(&ours, "/api/v1/conversations").await;
    assert_eq!(list.body["data"][0]["id"], conversation.to_string());
    assert_eq!(list.body["data"][0]["contact"]["name"], "Mira");
    world.end().await;
}
