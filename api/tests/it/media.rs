//! A file read by its id: by whoever may, in its own workspace, with an address that works.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use wigwag_model::{MediaId, Permission};
use wigwag_store::media::{self, Kept, New};
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::World;

async fn put(world: &World) -> MediaId {
    let id: MediaId = world.db.mint().id();
    let key = format!("{}/{id}", world.f.workspace);
    let files = world.engine.context().files();
    let mut writer = files.create(&key).await.unwrap();
    writer.write("kite".into()).await.unwrap();
    let written = writer.finish().await.unwrap();
    let new = New {
        id,
        kind: "image",
        mime_type: "image/png".to_owned(),
        filename: Some("kite.png".to_owned()),
        kept: Kept {
            object_key: key,
            size: 4,
            sha256: written.sha256,
            dimensions: Some((8, 6)),
        },
    };
    media::insert(&world.db, world.f.workspace, new)
        .await
        .unwrap();
    id
}

#[db_test]
async fn a_file_is_read_in_its_own_workspace_only(db: TestDb) {
    let world = World::new(db).await;
    let id = put(&world).await;
    let path = format!("/api/v1/media/{id}");
    let reader = world
        .key_of(&world.f, &[Permission::ConversationsRead])
        .await;
    let read = world.get(&reader, &path).await;
    assert_eq!(read.status, StatusCode::OK, "{}", read.body);
    for (field, value) in [
        ("id", json!(id.to_string())),
        ("mime_type", json!("image/png")),
        ("filename", json!("kite.png")),
        ("size", json!(4)),
        ("state", json!("ready")),
        ("width", json!(8)),
    ] {
        assert_eq!(read.body[field], value, "{field}");
    }
    let url = read.body["url"].as_str().unwrap_or_default();
    let bytes = world.ask(Method::GET, url, &[], None).await;
    assert_eq!(bytes.status, StatusCode::OK, "the address needs no key");
    // Another workspace tries with everything that it may, and with its own id in the address.
    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    let foreign = world.get(&theirs, &path).await;
    assert_eq!(
        (foreign.status, &foreign.body["url"]),
        (StatusCode::NOT_FOUND, &Value::Null)
    );
    let ours = world.f.workspace.to_string();
    let turned = url.replace(&ours, &stranger.workspace.to_string());
    assert_ne!(turned, url);
    let bytes = world.ask(Method::GET, &turned, &[], None).await;
    assert_eq!(bytes.status, StatusCode::FORBIDDEN);
    // Who may not see conversations sees no files of them.
    let weak = world.key_of(&world.f, &[Permission::ContactsRead]).await;
    assert_eq!(world.get(&weak, &path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        world.ask(Method::GET, &path, &[], None).await.status,
        StatusCode::UNAUTHORIZED
    );
    let other: MediaId = world.db.mint().id();
    let nothing = world.get(&reader, &format!("/api/v1/media/{other}")).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    world.end().await;
}
