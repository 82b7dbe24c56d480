//! Actions on many contacts over HTTP.

use axum::http::StatusCode;
use serde_json::{Value, json};
use wigwag_model::{BulkId, Permission};
use wigwag_store::bulk;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::{Answer, World};

const START: &str = "/api/v1/contacts/bulk";

async fn person(world: &World, key: &str, phone: &str, tags: Value) -> Value {
    let new = json!({"name": "Asha", "phone": phone, "tags": tags});
    let made = world.post(key, "/api/v1/contacts", &new).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    made.body["id"].clone()
}

/// What the worker does.
async fn work(world: &World, started: &Answer) {
    assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
    let id: BulkId = started.body["id"].as_str().unwrap().parse().unwrap();
    let workspace = world.f.workspace;
    loop {
        let row = bulk::get(&mut world.db.reader().await.unwrap(), workspace, id)
            .await
            .unwrap();
        let page = bulk::next_page(&world.db, workspace, &row).await.unwrap();
        let applied = bulk::apply(&world.db, workspace, id, page).await.unwrap();
        if applied.last {
            return;
        }
    }
}

#[db_test]
async fn an_action_is_begun_followed_and_taken_back(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let asha = person(&world, &key, "+919876543210", json!(["fair"])).await;
    person(&world, &key, "+919876543211", json!([])).await;
    let wish =
        json!({"action": {"type": "add_tags", "tags": [" met "]}, "filter": {"tag": "fair"}});
    let started = world.post(&key, START, &wish).await;
    assert_eq!(started.body["state"], "running", "{}", started.body);
    assert_eq!(
        (&started.body["total"], &started.body["undo_until"]),
        (&json!(1), &Value::Null)
    );
    assert_eq!(started.body["action"]["tags"], json!(["met"]));
    let path = format!("{START}/{}", started.body["id"].as_str().unwrap());
    let early = world.post(&key, &format!("{path}/undo"), &json!({})).await;
    assert_eq!(
        (early.status, early.code()),
        (StatusCode::CONFLICT, "conflict")
    );
    work(&world, &started).await;
    let done = world.get(&key, &path).await;
    assert_eq!(done.body["state"], "done");
    assert_eq!(
        (&done.body["seen"], &done.body["changed"]),
        (&json!(1), &json!(1))
    );
    assert!(done.body["undo_until"].is_string());
    let contact = format!("/api/v1/contacts/{}", asha.as_str().unwrap());
    assert_eq!(
        world.get(&key, &contact).await.body["tags"],
        json!(["fair", "met"])
    );
    let failures = world.get(&key, &format!("{path}/failures")).await;
    assert_eq!(failures.body, json!({"data": [], "next_cursor": null}));
    for _ in 0..2 {
        let undone = world.post(&key, &format!("{path}/undo"), &json!({})).await;
        assert_eq!(undone.status, StatusCode::ACCEPTED, "{}", undone.body);
        assert_eq!(undone.body["undo"]["state"], "running");
    }
    let listed = world.get(&key, &format!("{START}?limit=1")).await;
    assert_eq!(listed.body["data"][0]["id"], started.body["id"]);
    // The audit log says what and how many.
    let audit = wigwag_store::audit::newest(&world.db, world.f.workspace, 10)
        .await
        .unwrap();
    let actions: Vec<&str> = audit.iter().map(|entry| entry.action.as_str()).collect();
    assert!(actions.contains(&"contacts.add_tags"), "{actions:?}");
    assert!(actions.contains(&"contacts.bulk_undo"), "{actions:?}");
    // To others it does not exist.
    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    for path in [path.clone(), format!("{path}/failures")] {
        assert_eq!(
            world.get(&theirs, &path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let foreign = world
        .post(&theirs, &format!("{path}/undo"), &json!({}))
        .await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let stolen = json!({"action": {"type": "block"}, "contact_ids": [asha]});
    let stolen = world.post(&theirs, START, &stolen).await;
    assert_eq!(stolen.field(), "contact_ids", "{}", stolen.body);
    world.end().await;
}

#[db_test]
async fn a_wish_that_cannot_be_done_names_its_field(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let asha = person(&world, &key, "+919876543210", json!([])).await;
    let nobody = "member_01h455vb4pex5vsknk084sn02q";
    let block = json!({"type": "block"});
    for (wish, field) in [
        (json!({"action": block}), "filter"),
        (
            json!({"action": block, "filter": {"everyone": true}, "contact_ids": [asha]}),
            "filter",
        ),
        (
            json!({"action": block, "filter": {"all": []}}),
            "filter.all",
        ),
        (json!({"action": block, "contact_ids": []}), "contact_ids"),
        (
            json!({"action": {"type": "dance"}, "contact_ids": [asha]}),
            "action",
        ),
        (
            json!({"action": {"type": "add_tags", "tags": [""]}, "contact_ids": [asha]}),
            "action.tags[0]",
        ),
        (
            json!({"action": {"type": "assign", "member_id": nobody}, "contact_ids": [asha]}),
            "action.member_id",
        ),
    ] {
        let refused = world.post(&key, START, &wish).await;
        assert_eq!(
            (refused.status, refused.field()),
            (StatusCode::UNPROCESSABLE_ENTITY, field),
            "{wish}: {}",
            refused.body
        );
    }
    world.end().await;
}

#[db_test]
async fn what_goes_beyond_contacts_takes_more(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let asha = person(&world, &key, "+919876543210", json!([])).await;
    let weak = world.key_of(&world.f, &[Permission::ContactsWrite]).await;
    for (action, needed) in [
        (
            json!({"type": "assign", "member_id": null}),
            "conversations.write",
        ),
        (json!({"type": "erase"}), "contacts.erase"),
    ] {
        let wish = json!({"action": action, "contact_ids": [asha]});
        let refused = world.post(&weak, START, &wish).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{wish}");
        assert!(
            refused.body.to_string().contains(needed),
            "{}",
            refused.body
        );
    }
    // There is no way back from this one, and nobody is left to be read.
    let wish = json!({"action": {"type": "erase"}, "contact_ids": [asha]});
    let started = world.post(&key, START, &wish).await;
    work(&world, &started).await;
    let contact = format!("/api/v1/contacts/{}", asha.as_str().unwrap());
    assert_eq!(
        world.get(&key, &contact).await.status,
        StatusCode::NOT_FOUND
    );
    let path = format!("{START}/{}/undo", started.body["id"].as_str().unwrap());
    let undo = world.post(&key, &path, &json!({})).await;
    assert_eq!(
        (undo.status, undo.code()),
        (StatusCode::CONFLICT, "conflict")
    );
    world.end().await;
}

#[db_test]
async fn a_blocked_contact_says_whether_whatsapp_blocks_too(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let asha = person(&world, &key, "+919876543210", json!([])).await;
    let path = format!("/api/v1/contacts/{}", asha.as_str().unwrap());
    let before = world.get(&key, &path).await;
    assert_eq!(before.body["whatsapp_block"], Value::Null);
    let wish = json!({"action": {"type": "block"}, "contact_ids": [asha]});
    work(&world, &world.post(&key, START, &wish).await).await;
    // Whoever never wrote can only be blocked there once they write.
    let blocked = world.get(&key, &path).await;
    assert_eq!(
        (&blocked.body["blocked"], &blocked.body["whatsapp_block"]),
        (&json!(true), &json!("waiting"))
    );
    let listed = world.get(&key, "/api/v1/contacts").await;
    assert_eq!(listed.body["data"][0]["whatsapp_block"], Value::Null);
    world.end().await;
}
