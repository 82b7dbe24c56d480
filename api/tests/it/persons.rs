//! One person over HTTP: everything about them, erased, merged; and people as a file.

use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};
use wigwag_model::Permission;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::World;

async fn person(world: &World, key: &str, new: &Value) -> String {
    let made = world.post(key, "/api/v1/contacts", new).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    made.body["id"].as_str().unwrap().to_owned()
}

#[db_test]
async fn people_go_out_as_a_file_to_whoever_may(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    person(&world, &key, &json!({"name": "=Asha, \"the kite\"", "phone": "+919876543210", "tags": ["vip"], "traits": {"spent": 5}})).await;
    person(
        &world,
        &key,
        &json!({"name": "Ravi", "phone": "+919876543211"}),
    )
    .await;
    let wish = json!({"filter": {"tag": "VIP"}});
    let weak = world
        .key_of(
            &world.f,
            &[Permission::ContactsRead, Permission::ContactsWrite],
        )
        .await;
    let refused = world.post(&weak, "/api/v1/contacts/export", &wish).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let wrong = world
        .post(
            &key,
            "/api/v1/contacts/export",
            &json!({"filter": {"any": []}}),
        )
        .await;
    assert_eq!(wrong.field(), "filter.any", "{}", wrong.body);
    let (headers, text) = world
        .post_text(&key, "/api/v1/contacts/export", &wish)
        .await;
    assert_eq!(headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    assert_eq!(
        text,
        "\u{feff}phone,name,profile_name,email,tags,external_id,consent:marketing,consent:utility,consent:authentication,country,number:spent\r\n\
         '+919876543210,\"'=Asha, \"\"the kite\"\"\",,,vip,,,,,IN,5\r\n"
    );
    let audit = wigwag_store::audit::newest(&world.db, world.f.workspace, 10)
        .await
        .unwrap();
    let exported = audit.iter().any(|entry| entry.action == "contacts.export");
    assert!(exported, "{audit:?}");
    world.end().await;
}

#[db_test]
async fn everything_about_a_person_is_one_document(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let (contact, conversation) = world.conversation_of(&world.f, "+919800000001").await;
    let text = json!({"type": "text", "text": {"body": "The kite is here"}});
    let send = format!("/api/v1/conversations/{conversation}/messages");
    assert_eq!(
        world.post(&key, &send, &text).await.status,
        StatusCode::ACCEPTED
    );
    let event = json!({"contact": contact, "name": "Order Placed", "properties": {"amount": 5}});
    assert_eq!(
        world.post(&key, "/api/v1/events", &event).await.status,
        StatusCode::CREATED
    );
    let bearer = format!("Bearer {key}");
    let said = json!({"category": "marketing", "state": "denied", "text": "At the till"});
    let path = format!("/api/v1/contacts/{contact}");
    world
        .ask(
            Method::PUT,
            &format!("{path}/consent"),
            &[("authorization", &bearer)],
            Some(&said),
        )
        .await;
    let document = world.get(&key, &format!("{path}/everything")).await;
    assert_eq!(document.status, StatusCode::OK, "{}", document.body);
    let told = &document.body;
    assert_eq!(told["profile"]["phone"], "+919800000001");
    assert_eq!(told["messages"][0]["content"]["body"], "The kite is here");
    assert_eq!(told["messages"][0]["from"], "business");
    assert_eq!(told["events"][0]["properties"], json!({"amount": 5}));
    assert_eq!(told["consent"][0]["state"], "denied");
    assert_eq!(told["consent_history"][0]["text"], "At the till");
    assert_eq!(told["conversations"].as_array().map(Vec::len), Some(1));
    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    for (method, path) in [
        (Method::GET, format!("{path}/everything")),
        (Method::POST, format!("{path}/erase")),
        (Method::GET, format!("{path}/duplicates")),
        (Method::GET, format!("{path}/merge?from={contact}")),
    ] {
        let bearer = format!("Bearer {theirs}");
        let foreign = world
            .ask(method, &path, &[("authorization", &bearer)], None)
            .await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{path}");
    }
    let erased = world.post(&key, &format!("{path}/erase"), &json!({})).await;
    assert_eq!(erased.status, StatusCode::ACCEPTED, "{}", erased.body);
    assert_eq!(erased.body["action"]["type"], "erase");
    assert_eq!(erased.body["total"], 1);
    world.end().await;
}

#[db_test]
async fn two_contacts_become_one_after_a_look_at_the_result(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let asha = person(
        &world,
        &key,
        &json!({"name": "Asha", "phone": "+919876543210", "email": "asha@kite.example"}),
    )
    .await;
    let other = person(&world, &key, &json!({"name": "A. Rao", "phone": "+442079460958", "email": "asha@kite.example", "tags": ["fair"]})).await;
    let path = format!("/api/v1/contacts/{asha}");
    let likely = world.get(&key, &format!("{path}/duplicates")).await;
    assert_eq!(
        likely.body["data"][0]["contact"]["id"],
        other.as_str(),
        "{}",
        likely.body
    );
    assert_eq!(likely.body["data"][0]["reason"], "email");
    let preview = world.get(&key, &format!("{path}/merge?from={other}")).await;
    assert_eq!(
        preview.body["contact"]["tags"],
        json!(["fair"]),
        "{}",
        preview.body
    );
    let reader = world.key_of(&world.f, &[Permission::ContactsRead]).await;
    let wish = json!({"from": other});
    let weak = world.post(&reader, &format!("{path}/merge"), &wish).await;
    assert_eq!(weak.status, StatusCode::FORBIDDEN);
    let made = world.post(&key, &format!("{path}/merge"), &wish).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    assert_eq!(
        (&made.body["name"], &made.body["tags"]),
        (&json!("Asha"), &json!(["fair"]))
    );
    let old = world.get(&key, &format!("/api/v1/contacts/{other}")).await;
    assert_eq!(
        old.body["id"],
        asha.as_str(),
        "the old id means the survivor"
    );
    let again = world.post(&key, &format!("{path}/merge"), &wish).await;
    assert_eq!(
        (again.status, again.field()),
        (StatusCode::UNPROCESSABLE_ENTITY, "from")
    );
    let counted = world
        .post(
            &key,
            "/api/v1/audience/count",
            &json!({"filter": {"everyone": true}}),
        )
        .await;
    assert_eq!(counted.body["count"], 1);
    world.end().await;
}
