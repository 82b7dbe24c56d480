//! `/track/users/` and `/track/events/`.

use axum::http::StatusCode;
use serde_json::{Value, json};
use wigwag_model::Permission;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use super::{get, post, refuses};
use crate::support::World;

async fn customer(world: &World, key: &str, id: &str) -> Value {
    let answer = get(world, key, &format!("/apis/users/id/{id}/")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body["data"]["customers"][0].clone()
}

#[db_test]
async fn a_user_is_made_and_brought_up_to_date(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let documented = json!({"userId": "12035448-36a0-3aa24", "phoneNumber": "9999999999", "countryCode": "+91",
        "fullPhoneNumber": "919999999999",
        "traits": {"name": "John Doe", "email": "john@email.com", "age": 24, "dob": "1998-01-01",
            "likes": ["tea", "kites"], "whatsapp_opted_in": true},
        "tags": ["sample-tag-1", "sample-tag-2"], "createdAt": "2025-03-27T13:26:52.926Z", "add_to_sales_cycle": true});
    let made = post(&world, &key, "/track/users/", documented.clone()).await;
    assert_eq!(made.status, StatusCode::ACCEPTED, "{}", made.body);
    assert_eq!(made.body["result"], true);
    assert_eq!(
        made.body["message"],
        "Customer with 12035448-36a0-3aa24 updated successfully"
    );
    let john = customer(&world, &key, "12035448-36a0-3aa24").await;
    assert_eq!(john["id"], made.body["id"]);
    assert_eq!(
        (&john["country_code"], &john["phone_number"]),
        (&json!("+91"), &json!("9999999999"))
    );
    assert_eq!(
        john["traits"],
        json!({"name": "John Doe", "email": "john@email.com", "age": 24, "dob": "1998-01-01", "likes": ["tea", "kites"],
            "whatsapp_opted_in": true, "created_at": "2025-03-27T13:26:52.926Z"})
    );
    assert_eq!(john["tag_names"], json!(["sample-tag-1", "sample-tag-2"]));

    // Traits are replaced one by one, tags are added; the slash at the end may be missing.
    let change = json!({"userId": "12035448-36a0-3aa24", "traits": {"age": 25, "dob": null}, "tags": ["vip"]});
    let again = post(&world, &key, "/track/users", change).await;
    assert_eq!(again.body["id"], made.body["id"]);
    let john = customer(&world, &key, "12035448-36a0-3aa24").await;
    assert_eq!(john["traits"]["age"], 25);
    assert_eq!(john["traits"]["dob"], Value::Null);
    assert_eq!(john["traits"]["name"], "John Doe");
    assert_eq!(john["tags"], json!(["sample-tag-1", "sample-tag-2", "vip"]));

    // A number as an id, and a user without a phone number.
    let plain = post(
        &world,
        &key,
        "/track/users/",
        json!({"userId": 7, "traits": {}}),
    )
    .await;
    assert_eq!(
        plain.body["message"],
        "Customer with 7 updated successfully"
    );
    let seven = customer(&world, &key, "7").await;
    assert_eq!(seven["phone_number"], Value::Null);
    let phone = json!({"userId": "7", "countryCode": "+91", "phoneNumber": "9999999998"});
    assert_eq!(
        post(&world, &key, "/track/users/", phone).await.status,
        StatusCode::ACCEPTED
    );
    assert_eq!(
        customer(&world, &key, "7").await["phone_number"],
        "9999999998"
    );
    // The same contact in the other API.
    let found = world.get(&key, "/api/v1/contacts?q=9999999998").await;
    assert_eq!(found.body["data"][0]["source"], "api");
    world.end().await;
}

#[db_test]
async fn an_id_stays_whose_it_is(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    for body in [
        json!({"userId": "a", "fullPhoneNumber": "919999999901"}),
        json!({"userId": "b", "fullPhoneNumber": "919999999902"}),
        json!({"fullPhoneNumber": "919999999903"}),
    ] {
        let made = post(&world, &key, "/track/users/", body).await;
        assert_eq!(made.status, StatusCode::ACCEPTED);
    }
    for (id, phone, field) in [
        ("a", "919999999902", "userId"),
        ("c", "919999999901", "userId"),
        ("a", "919999999999", "phoneNumber"),
    ] {
        let body = json!({"userId": id, "fullPhoneNumber": phone});
        refuses(&post(&world, &key, "/track/users/", body).await, field);
    }
    // Whoever has none yet gets one.
    let late = json!({"userId": "c", "fullPhoneNumber": "919999999903"});
    let named = post(&world, &key, "/track/users/", late).await;
    assert_eq!(named.status, StatusCode::ACCEPTED, "{}", named.body);
    assert_eq!(
        customer(&world, &key, "c").await["phone_number"],
        "9999999903"
    );
    world.end().await;
}

#[db_test]
async fn consent_is_given_and_withdrawn_and_an_own_no_stays(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let say = async |yes: bool| {
        let body = json!({"fullPhoneNumber": "919999999901", "userId": "a", "traits": {"whatsapp_opted_in": yes}});
        let answer = post(&world, &key, "/track/users/", body).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
        world.db.clock.advance(std::time::Duration::from_secs(1));
        answer.body["message"].as_str().unwrap().to_owned()
    };
    let stands = async || customer(&world, &key, "a").await["traits"]["whatsapp_opted_in"].clone();
    say(true).await;
    assert_eq!(stands().await, true);
    say(true).await;
    let contact = world.get(&key, "/api/v1/contacts").await.body["data"][0]["id"].clone();
    let path = format!("/api/v1/contacts/{}/consent", contact.as_str().unwrap());
    let log = world.get(&key, &path).await;
    let entries = log.body["data"].as_array().unwrap();
    assert_eq!(entries.len(), 1, "the same word is written down once");
    assert_eq!(
        (&entries[0]["source"], &entries[0]["state"]),
        (&json!("api"), &json!("granted"))
    );
    say(false).await;
    assert_eq!(stands().await, false);
    say(true).await;
    assert_eq!(stands().await, true);

    let own = wigwag_store::consent::Word {
        workspace: world.f.workspace,
        contact: contact.as_str().unwrap().parse().unwrap(),
        category: wigwag_model::consent::Category::Marketing,
        state: wigwag_model::consent::ConsentState::Denied,
        source: "keyword".to_owned(),
        actor: "contact".to_owned(),
        text: Some("STOP".to_owned()),
        at: world.db.mint().now(),
    };
    world
        .db
        .write(wigwag_store::Priority::Foreground, move |tx| {
            Box::pin(async move {
                wigwag_store::consent::put(tx, wigwag_store::consent::Rule::Own, &[own]).await
            })
        })
        .await
        .unwrap();
    let words = say(true).await;
    assert!(words.contains("opted out"), "{words}");
    assert_eq!(stands().await, false);
    world.end().await;
}

#[db_test]
async fn what_is_wrong_with_a_user_is_said_by_field(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    for (body, field) in [
        (json!({}), "userId"),
        (json!({"phoneNumber": "9999999999"}), "countryCode"),
        (json!({"fullPhoneNumber": "12"}), "fullPhoneNumber"),
        (
            json!({"fullPhoneNumber": "919999999901", "countryCode": "+91", "phoneNumber": "9999999902"}),
            "fullPhoneNumber",
        ),
        (
            json!({"userId": "a", "traits": {"x": {"y": 1}}}),
            "traits.x",
        ),
        (
            json!({"userId": "a", "traits": {"email": "no"}}),
            "traits.email",
        ),
        (
            json!({"userId": "a", "traits": {"whatsapp_opted_in": "maybe"}}),
            "traits.whatsapp_opted_in",
        ),
        (json!({"userId": "a", "traits": [1]}), "traits"),
        (json!({"userId": "a", "tags": [""]}), "tags[0]"),
        (
            json!({"userId": "a", "createdAt": "yesterday"}),
            "createdAt",
        ),
        (json!({"userId": {"a": 1}}), "userId"),
    ] {
        refuses(&post(&world, &key, "/track/users/", body).await, field);
    }
    world.end().await;
}

#[db_test]
async fn events_are_written_down_and_reach_goals(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let made = post(
        &world,
        &key,
        "/track/users/",
        json!({"userId": "a", "fullPhoneNumber": "919999999901"}),
    )
    .await;
    let documented = json!({"userId": "a", "phoneNumber": "9999999901", "countryCode": "+91", "event": "Order Placed",
        "traits": {"orderNumber": "CUS001", "orderValue": "50.00"}, "createdAt": "2020-11-01T12:10:26.122Z"});
    let told = post(&world, &key, "/track/events/", documented).await;
    assert_eq!(told.status, StatusCode::CREATED, "{}", told.body);
    assert_eq!(told.body["message"], "Event created successfully");
    told.body["id"]
        .as_str()
        .unwrap()
        .parse::<uuid::Uuid>()
        .unwrap();
    for body in [
        json!({"userId": "a", "event": "Cart Filled"}),
        json!({"fullPhoneNumber": "919999999901", "event": "Cart Filled"}),
        // Nobody has this number yet.
        json!({"fullPhoneNumber": "919999999909", "event": "Cart Filled", "traits": {"nested": {"is": "fine"}}}),
    ] {
        let told = post(&world, &key, "/track/events/", body).await;
        assert_eq!(told.status, StatusCode::CREATED, "{}", told.body);
    }
    let contact =
        world.get(&key, "/api/v1/contacts?q=9999999901").await.body["data"][0]["id"].clone();
    let path = format!("/api/v1/contacts/{}/events", contact.as_str().unwrap());
    let list = world.get(&key, &path).await;
    assert_eq!(
        list.body["data"].as_array().unwrap().len(),
        3,
        "{}",
        made.body
    );
    assert_eq!(list.body["data"][2]["properties"]["orderNumber"], "CUS001");
    assert_eq!(
        list.body["data"][2]["occurred_at"],
        "2020-11-01T12:10:26.122Z"
    );

    for (body, field) in [
        (json!({"event": "X"}), "userId"),
        (json!({"userId": "a"}), "event"),
        (json!({"userId": "a", "event": " X"}), "event"),
        (json!({"userId": "nobody", "event": "X"}), "userId"),
        (
            json!({"userId": "a", "fullPhoneNumber": "919999999909", "event": "X"}),
            "userId",
        ),
        (
            json!({"userId": "a", "event": "X", "createdAt": "2099-01-01T00:00:00Z"}),
            "createdAt",
        ),
        (
            json!({"userId": "a", "event": "X", "traits": {"a": "x".repeat(33_000)}}),
            "traits",
        ),
    ] {
        refuses(&post(&world, &key, "/track/events/", body).await, field);
    }
    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    let foreign = json!({"userId": "a", "event": "X"});
    refuses(
        &post(&world, &theirs, "/track/events/", foreign).await,
        "userId",
    );
    world.end().await;
}
