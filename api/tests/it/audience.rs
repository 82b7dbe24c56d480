//! Audiences, lists, consent and imports over HTTP.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use wigwag_model::Permission;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::World;

async fn put(world: &World, key: &str, path: &str, body: &Value) -> crate::support::Answer {
    let bearer = format!("Bearer {key}");
    world
        .ask(Method::PUT, path, &[("authorization", &bearer)], Some(body))
        .await
}

#[db_test]
async fn a_filter_is_counted_and_its_faults_are_told_by_field(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    for (name, phone, tags) in [
        ("Asha", "+919876543210", json!(["VIP"])),
        ("Ravi", "+919876543211", json!([])),
    ] {
        let contact = json!({"name": name, "phone": phone, "tags": tags, "traits": {"city": "Pune", "spent": 5}});
        assert_eq!(
            world.post(&key, "/api/v1/contacts", &contact).await.status,
            StatusCode::CREATED
        );
    }
    let count = |filter: Value| {
        let (world, key) = (&world, key.clone());
        async move {
            world
                .post(&key, "/api/v1/audience/count", &json!({"filter": filter}))
                .await
        }
    };
    let found = count(json!({"tag": "vip"})).await;
    assert_eq!(
        (found.status, &found.body["count"]),
        (StatusCode::OK, &json!(1))
    );
    assert_eq!(found.body["sample"][0]["name"], "Asha");
    for (filter, field) in [
        (json!({"all": []}), "filter.all"),
        (json!({"everybody": true}), "filter.everybody"),
        (json!("x"), "filter"),
        (
            json!({"any": [{"trait": {"key": "spent", "is": {"gt": "much"}}}]}),
            "filter.any[0].trait.is.gt",
        ),
    ] {
        let refused = count(filter.clone()).await;
        assert_eq!(
            (refused.status, refused.field()),
            (StatusCode::UNPROCESSABLE_ENTITY, field),
            "{filter}: {}",
            refused.body
        );
    }
    let traits = world.get(&key, "/api/v1/traits").await;
    assert_eq!(
        traits.body["data"],
        json!([{"key": "city", "kind": "text", "label": "city"}, {"key": "spent", "kind": "number", "label": "spent"}])
    );
    let tags = world.get(&key, "/api/v1/tags").await;
    assert_eq!(tags.body["data"], json!([{"tag": "VIP", "contacts": 1}]));
    world.end().await;
}

#[db_test]
async fn lists_are_made_of_ones_own_contacts(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    let made = world
        .post(&key, "/api/v1/contacts", &json!({"phone": "+919876543210"}))
        .await;
    let contact = made.body["id"].clone();
    let list = json!({"name": "Fair", "contact_ids": [contact]});
    let refused = world.post(&theirs, "/api/v1/lists", &list).await;
    assert_eq!(
        (refused.status, refused.field()),
        (StatusCode::UNPROCESSABLE_ENTITY, "contact_ids")
    );
    let made = world.post(&key, "/api/v1/lists", &list).await;
    assert_eq!(
        (made.status, &made.body["members"]),
        (StatusCode::CREATED, &json!(1)),
        "{}",
        made.body
    );
    assert_eq!(
        world.get(&key, "/api/v1/lists").await.body["data"][0]["name"],
        "Fair"
    );
    assert_eq!(
        world.get(&theirs, "/api/v1/lists").await.body["data"],
        json!([])
    );
    let found = json!({"filter": {"list": made.body["id"]}});
    assert_eq!(
        world
            .post(&key, "/api/v1/audience/count", &found)
            .await
            .body["count"],
        1
    );
    assert_eq!(
        world
            .post(&theirs, "/api/v1/audience/count", &found)
            .await
            .body["count"],
        0
    );
    world.end().await;
}

#[db_test]
async fn consent_is_written_with_its_author_and_a_stop_stays(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let (contact, _) = world.conversation_of(&world.f, "+919800000001").await;
    let path = format!("/api/v1/contacts/{contact}/consent");
    let said = put(
        &world,
        &key,
        &path,
        &json!({"category": "marketing", "state": "granted", "text": "At the till"}),
    )
    .await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.body);
    assert_eq!(said.body["consent"][0]["state"], "granted");
    // Lists say it as well, in whatever way the contact is found.
    let everybody = json!({"filter": {"everyone": true}, "limit": 200});
    for list in [
        world.get(&key, "/api/v1/contacts?limit=200").await,
        world
            .post(&key, "/api/v1/audience/contacts", &everybody)
            .await,
    ] {
        assert_eq!(list.status, StatusCode::OK, "{}", list.body);
        let rows = list.body["data"].as_array().unwrap();
        let found = rows.iter().find(|row| row["id"] == said.body["id"]);
        assert_eq!(found.unwrap()["consent"], said.body["consent"]);
    }
    let log = world.get(&key, &path).await;
    assert_eq!(log.body["data"][0]["text"], "At the till");
    assert!(
        log.body["data"][0]["actor"]
            .as_str()
            .unwrap()
            .starts_with("key_"),
        "{}",
        log.body
    );
    world
        .db
        .write(wigwag_store::Priority::Foreground, |tx| {
            Box::pin(async move {
                wigwag_store::sql("UPDATE consent SET state = 'denied', source = 'keyword'")
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
    let refused = put(
        &world,
        &key,
        &path,
        &json!({"category": "marketing", "state": "granted"}),
    )
    .await;
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::CONFLICT, "conflict"),
        "{}",
        refused.body
    );
    let utility = put(
        &world,
        &key,
        &path,
        &json!({"category": "utility", "state": "denied"}),
    )
    .await;
    assert_eq!(utility.status, StatusCode::OK);
    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    assert_eq!(
        put(
            &world,
            &theirs,
            &path,
            &json!({"category": "utility", "state": "granted"})
        )
        .await
        .status,
        StatusCode::NOT_FOUND
    );
    world.end().await;
}

#[db_test]
async fn a_file_is_uploaded_checked_and_begun(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let bearer = format!("Bearer {key}");
    let upload = |bytes: &'static str| {
        let (world, bearer) = (&world, bearer.clone());
        async move {
            world
                .upload(&bearer, "/api/v1/imports?filename=fair.csv", bytes)
                .await
        }
    };
    let refused = upload("").await;
    assert_eq!(
        (refused.status, refused.field()),
        (StatusCode::UNPROCESSABLE_ENTITY, "file"),
        "{}",
        refused.body
    );
    let refused = upload("PK\u{3}\u{4}workbook").await;
    assert_eq!(
        refused.status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "{}",
        refused.body
    );
    let import = upload("Name;Phone;City\nAsha;98765 43210;Pune\n=1+1;x;Goa\n").await;
    assert_eq!(import.status, StatusCode::CREATED, "{}", import.body);
    assert_eq!(
        (
            &import.body["filename"],
            &import.body["delimiter"],
            &import.body["rows_total"]
        ),
        (&json!("fair.csv"), &json!(";"), &json!(2))
    );
    let suggestions: Vec<&Value> = import.body["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| &column["suggestion"])
        .collect();
    assert_eq!(suggestions, ["name", "phone", "column:City"]);
    assert_eq!(
        import.body["first_rows"][0],
        json!(["Asha", "98765 43210", "Pune"])
    );
    let id = import.body["id"].as_str().unwrap().to_owned();
    let path = |what: &str| format!("/api/v1/imports/{id}{what}");

    let early = world.post(&key, &path("/run"), &json!({})).await;
    assert_eq!(
        early.status,
        StatusCode::CONFLICT,
        "nobody has said what its columns are"
    );
    for (body, field) in [
        (json!({"mapping": ["name", "phone"]}), "mapping"),
        (json!({"mapping": ["name", "ignore", "ignore"]}), "mapping"),
        (json!({"mapping": ["name", "phone", "town"]}), "mapping[2]"),
        (
            json!({"mapping": ["name", "phone", "ignore"], "default_country": "India"}),
            "default_country",
        ),
        (
            json!({"mapping": ["name", "phone", "ignore"], "consent": {"category": "marketing", "source": "Form", "date": "soon", "text": "Yes"}}),
            "consent.date",
        ),
        (
            json!({"mapping": ["name", "phone", "ignore"], "consent": {"category": "marketing", "source": "Form", "date": "2030-01-01", "text": "Yes"}}),
            "consent.date",
        ),
    ] {
        let refused = world.post(&key, &path("/check"), &body).await;
        assert_eq!(
            (refused.status, refused.field()),
            (StatusCode::UNPROCESSABLE_ENTITY, field),
            "{body}: {}",
            refused.body
        );
    }
    let wish = json!({"mapping": ["name", "phone", "trait:city"], "default_country": "in",
        "consent": {"category": "marketing", "source": "Form", "date": "2026-11-01", "text": "Yes"}});
    let checked = world.post(&key, &path("/check"), &wish).await;
    assert_eq!(checked.status, StatusCode::OK, "{}", checked.body);
    assert_eq!(
        (
            &checked.body["new"],
            &checked.body["failed"],
            &checked.body["granted"]
        ),
        (&json!(1), &json!(1), &json!(1))
    );
    assert_eq!(
        (
            &checked.body["problems"][0]["row"],
            &checked.body["problems"][0]["code"]
        ),
        (&json!(2), &json!("phone_letters"))
    );

    let run = world.post(&key, &path("/run"), &json!({})).await;
    assert_eq!(
        (run.status, &run.body["state"]),
        (StatusCode::ACCEPTED, &json!("running")),
        "{}",
        run.body
    );
    assert_eq!(
        world.post(&key, &path("/run"), &json!({})).await.status,
        StatusCode::ACCEPTED,
        "asked again it changes nothing"
    );
    let late = world.post(&key, &path("/check"), &wish).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let shown = world.get(&key, &path("")).await;
    assert_eq!(
        (&shown.body["rows_done"], &shown.body["created"]),
        (&json!(0), &json!(0))
    );
    assert!(shown.body["list_id"].is_string());
    assert_eq!(
        world.get(&key, &path("/errors.csv")).await.status,
        StatusCode::OK
    );

    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    for what in ["", "/errors.csv"] {
        assert_eq!(
            world.get(&theirs, &path(what)).await.status,
            StatusCode::NOT_FOUND,
            "{what}"
        );
    }
    assert_eq!(
        world.post(&theirs, &path("/check"), &wish).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        world.post(&theirs, &path("/run"), &json!({})).await.status,
        StatusCode::NOT_FOUND
    );
    world.end().await;
}
