//! `/apis/users/` and `/assignment/`.

use axum::http::StatusCode;
use serde_json::{Value, json};
use wigwag_model::Permission;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use super::{get, number, post, refuses, talks};
use crate::support::{Answer, World};

fn ids(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let rows = answer.body["data"]["customers"].as_array().unwrap();
    rows.iter()
        .map(|row| row["user_id"].as_str().unwrap_or("-"))
        .collect()
}

#[db_test]
async fn people_are_listed_by_filter_and_page(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let began = world.db.mint().now();
    for (at, id) in ["a", "b", "c"].iter().enumerate() {
        world.db.clock.advance(std::time::Duration::from_mins(1));
        let body = json!({"userId": id, "fullPhoneNumber": format!("91999999990{at}"),
            "traits": {"age": 20 + at, "city": if at == 0 { "Pune" } else { "Goa" }, "whatsapp_opted_in": at == 1}});
        assert_eq!(
            post(&world, &key, "/track/users/", body).await.status,
            StatusCode::ACCEPTED
        );
    }
    let all = post(&world, &key, "/apis/users/?offset=0&limit=2", json!({})).await;
    assert_eq!(ids(&all), ["a", "b"]);
    assert_eq!(
        (&all.body["result"], &all.body["message"]),
        (&json!(true), &json!("Customers"))
    );
    assert_eq!(all.body["data"]["total_customers"], 3);
    assert_eq!(all.body["data"]["has_next_page"], true);
    let rest = post(
        &world,
        &key,
        "/apis/users?offset=2&limit=2",
        json!({"filters": []}),
    )
    .await;
    assert_eq!(ids(&rest), ["c"]);
    assert_eq!(rest.body["data"]["has_next_page"], false);

    let minute = |minutes: u64| {
        began
            .plus(std::time::Duration::from_secs(60 * minutes + 30))
            .to_string()
    };
    let documented = json!({"filters": [
        {"trait": "created_at_utc", "op": "gt", "val": minute(1)},
        {"trait": "created_at_utc", "op": "lt", "supr_op": "and", "val": minute(2)}]});
    assert_eq!(
        ids(&post(&world, &key, "/apis/users/", documented).await),
        ["b"]
    );
    // What was changed later is found by when it was changed.
    world.db.clock.advance(std::time::Duration::from_mins(1));
    let since = world.db.mint().now().to_string();
    let change = json!({"userId": "a", "traits": {"city": "Delhi"}});
    post(&world, &key, "/track/users/", change.clone()).await;
    world.db.clock.advance(std::time::Duration::from_mins(1));
    // Telling the same again changes nothing.
    let later = world.db.mint().now().to_string();
    post(&world, &key, "/track/users/", change).await;
    let changed =
        |since: &str| json!({"filters": [{"trait": "modified_at_utc", "op": "gte", "val": since}]});
    assert_eq!(
        ids(&post(&world, &key, "/apis/users/", changed(&since)).await),
        ["a"]
    );
    assert!(ids(&post(&world, &key, "/apis/users/", changed(&later)).await).is_empty());
    for (filter, wanted) in [
        (
            json!([{"trait": "city", "op": "eq", "val": "goa"}]),
            vec!["b", "c"],
        ),
        (
            json!([{"trait": "age", "op": "gte", "val": 21}, {"trait": "age", "op": "lt", "supr_op": "and", "val": 22}]),
            vec!["b"],
        ),
        (
            json!([{"trait": "age", "op": "eq", "val": 22}, {"trait": "city", "op": "eq", "supr_op": "or", "val": "Delhi"}]),
            vec!["a", "c"],
        ),
        (
            json!([{"trait": "whatsapp_opted_in", "op": "eq", "val": true}]),
            vec!["b"],
        ),
        (
            json!([{"trait": "whatsapp_opted_in", "op": "ne", "val": true}]),
            vec!["a", "c"],
        ),
    ] {
        let found = post(&world, &key, "/apis/users/", json!({"filters": filter})).await;
        assert_eq!(ids(&found), wanted, "{filter}");
    }
    for (path, body, field) in [
        ("?limit=101", json!({}), "limit"),
        ("?limit=0", json!({}), "limit"),
        ("?offset=-1", json!({}), "offset"),
        (
            "",
            json!({"filters": [{"trait": "created_at_utc", "op": "gt", "val": "2021-09-08"}]}),
            "filters[0].val",
        ),
        (
            "",
            json!({"filters": [{"trait": "city", "op": "like", "val": "x"}]}),
            "filters[0].op",
        ),
        (
            "",
            json!({"filters": [{"trait": "city", "op": "eq", "val": "x", "supr_op": "nor"}]}),
            "filters[0].supr_op",
        ),
        ("", json!({"filters": {}}), "filters"),
    ] {
        refuses(
            &post(&world, &key, &format!("/apis/users/{path}"), body).await,
            field,
        );
    }
    // A key of another workspace sees none of them.
    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    let none = post(&world, &theirs, "/apis/users/", json!({})).await;
    assert_eq!(none.body["data"]["total_customers"], 0);
    for path in ["/apis/users/id/a", "/apis/users/phone_number/919999999900"] {
        assert_eq!(
            get(&world, &theirs, path).await.body["data"]["customers"],
            json!([])
        );
    }
    world.end().await;
}

#[db_test]
async fn a_person_is_found_by_number_and_id(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    for body in [
        json!({"userId": "a", "fullPhoneNumber": "919999999901", "traits": {"name": "Asha"}}),
        json!({"userId": "x y/z", "fullPhoneNumber": "449999999901"}),
    ] {
        assert_eq!(
            post(&world, &key, "/track/users/", body).await.status,
            StatusCode::ACCEPTED
        );
    }
    for path in [
        "/apis/users/phone_number/919999999901",
        "/apis/users/phone_number/+919999999901/",
        "/apis/users/phone_number/9999999901",
        "/apis/users/id/a",
    ] {
        let found = get(&world, &key, path).await;
        assert!(ids(&found).contains(&"a"), "{path}: {}", found.body);
        assert_eq!(found.body["data"]["has_next_page"], false);
    }
    assert_eq!(
        ids(&get(&world, &key, "/apis/users/id/x%20y%2Fz").await),
        ["x y/z"]
    );
    assert!(ids(&get(&world, &key, "/apis/users/id/nobody").await).is_empty());
    refuses(
        &get(&world, &key, "/apis/users/phone_number/12").await,
        "phone_number",
    );
    world.end().await;
}

#[db_test]
async fn a_chat_is_given_to_a_member(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let chat = talks(&world, &world.f, &key, "919999999901").await;
    let members = world.get(&key, "/api/v1/members").await;
    let email = members.body["data"][0]["email"]
        .as_str()
        .unwrap()
        .to_owned();
    let documented = json!({"user_phone_number": "919999999901", "agent_email": email.to_uppercase(),
        "wc_id": wigwag_model::id::Id::uuid(chat)});
    let given = post(&world, &key, "/assignment/", documented).await;
    assert_eq!(given.status, StatusCode::OK, "{}", given.body);
    assert_eq!(
        given.body,
        json!({"result": true, "message": "Chat Assigned Successfully"})
    );
    let shown = world
        .get(&key, &format!("/api/v1/conversations/{chat}"))
        .await;
    assert_eq!(shown.body["assignee"]["name"], "Asha Rao", "{}", shown.body);
    let wish = |phone: &str, email: &str, chat: Value| json!({"user_phone_number": phone, "agent_email": email, "wc_id": chat});
    for (body, field) in [
        (
            wish("919999999902", &email, Value::Null),
            "user_phone_number",
        ),
        (wish("12", &email, Value::Null), "user_phone_number"),
        (
            wish("919999999901", "nobody@kite.example", Value::Null),
            "agent_email",
        ),
        (
            wish("919999999901", &email, json!(uuid::Uuid::nil())),
            "wc_id",
        ),
        (wish("919999999901", &email, json!("x")), "wc_id"),
        (json!({"user_phone_number": "919999999901"}), "agent_email"),
    ] {
        refuses(&post(&world, &key, "/assignment/", body).await, field);
    }
    // A second chat of the same person must be named.
    let second = number(&world, &world.f).await;
    let contact = shown.body["contact"]["id"].as_str().unwrap();
    let opened = world
        .post(
            &key,
            "/api/v1/conversations",
            &json!({"contact_id": contact, "number_id": second}),
        )
        .await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    refuses(
        &post(
            &world,
            &key,
            "/assignment/",
            wish("919999999901", &email, Value::Null),
        )
        .await,
        "wc_id",
    );
    // Members and people of another workspace are nobody.
    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    talks(&world, &stranger, &theirs, "919999999901").await;
    let foreign = post(
        &world,
        &theirs,
        "/assignment/",
        wish("919999999901", &email, Value::Null),
    )
    .await;
    refuses(&foreign, "agent_email");
    world.end().await;
}
