//! What holds for every address: keys, permissions, budgets, the form of refusals.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use wigwag_api::PublicApi;
use wigwag_engine::wait;
use wigwag_model::Permission;
use wigwag_store::sql;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use super::{call, post};
use crate::support::World;

/// Every address with the permission that it asks for.
const ROUTES: [(&str, &str, &str); 12] = [
    ("POST", "/track/users/", "contacts.write"),
    ("POST", "/track/events/", "contacts.write"),
    ("POST", "/message/", "messages.send"),
    ("POST", "/rcs/message/", "messages.send"),
    ("POST", "/track/templates/", "templates.write"),
    ("GET", "/track/organization/templates", "templates.read"),
    ("POST", "/track/files/upload_to_fb/", "templates.write"),
    ("POST", "/apis/users/", "contacts.read"),
    (
        "GET",
        "/apis/users/phone_number/919999999901",
        "contacts.read",
    ),
    ("GET", "/apis/users/id/a", "contacts.read"),
    ("POST", "/create-campaign/", "campaigns.write"),
    ("POST", "/assignment/", "conversations.write"),
];

#[db_test]
async fn every_address_asks_for_a_key_and_its_permission(db: TestDb) {
    let world = World::new(db).await;
    for (method, path, needs) in ROUTES {
        let method: Method = method.parse().unwrap();
        for authorization in [
            "",
            "Bearer ww_0",
            "Basic YTpi",
            "Basic ww_00000000000000000000000000000000",
        ] {
            let headers = [("authorization", authorization)];
            let whole = format!("/v1/public{path}");
            let answer = world
                .ask(method.clone(), &whole, &headers, Some(&json!({})))
                .await;
            assert_eq!(
                answer.status,
                StatusCode::UNAUTHORIZED,
                "{path} {authorization}"
            );
            assert_eq!(answer.body["result"], false);
            assert!(answer.body["message"].is_string());
        }
        let others: Vec<Permission> = Permission::ALL
            .iter()
            .copied()
            .filter(|permission| permission.as_str() != needs)
            .collect();
        let key = world.key_of(&world.f, &others).await;
        let answer = call(&world, &key, method.clone(), path, &json!({})).await;
        assert_eq!(
            answer.status,
            StatusCode::FORBIDDEN,
            "{path}: {}",
            answer.body
        );
        assert!(
            answer.body["message"].as_str().unwrap().contains(needs),
            "{}",
            answer.body
        );
        let key = world
            .key_of(&world.f, &[Permission::parse(needs).unwrap()])
            .await;
        for path in [path.to_owned(), path.trim_end_matches('/').to_owned()] {
            let answer = call(&world, &key, method.clone(), &path, &json!({})).await;
            let reached =
                answer.status == StatusCode::OK || answer.status == StatusCode::BAD_REQUEST;
            assert!(reached, "{path}: {} {}", answer.status, answer.body);
        }
    }
    world.end().await;
}

#[db_test]
async fn a_key_comes_in_each_form_that_clients_use(db: TestDb) {
    let world = World::new(db).await;
    let admin = world.key().await;
    let wish = json!({"name": "Shop", "scopes": ["contacts.read"]});
    let made = world.post(&admin, "/api/v1/api_keys", &wish).await;
    let (secret, basic) = (
        made.body["secret"].as_str().unwrap(),
        made.body["basic"].as_str().unwrap(),
    );
    assert_eq!(basic, STANDARD.encode(format!("{secret}:")));
    let twice = STANDARD.encode(format!("{basic}:"));
    for form in [secret, basic, &twice] {
        let headers = [("authorization", format!("Basic {form}"))];
        let headers = headers
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        let answer = world
            .ask(
                Method::POST,
                "/v1/public/apis/users/",
                &headers,
                Some(&json!({})),
            )
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{form}: {}", answer.body);
    }
    // The calls are in the log, by their route. Asking the API for it would write there too.
    let logged = async || {
        let row = sql("SELECT COUNT(*) FROM calls WHERE path LIKE '%/apis/users/'")
            .fetch_one(&mut world.db.reader().await.unwrap())
            .await;
        row.unwrap().int(0).unwrap()
    };
    let mut patience = 3_000;
    while logged().await < 3 {
        patience -= 1;
        assert!(patience > 0, "the calls are not in the log");
        wait::pause(Duration::from_millis(20)).await;
    }
    let seen = world.get(&admin, "/api/v1/calls").await.body.to_string();
    assert!(seen.contains("/v1/public/apis/users/"), "{seen}");
    let path = format!("/api/v1/api_keys/{}", made.body["id"].as_str().unwrap());
    let bearer = format!("Bearer {admin}");
    world
        .ask(Method::DELETE, &path, &[("authorization", &bearer)], None)
        .await;
    let gone = post(&world, secret, "/apis/users/", json!({})).await;
    assert_eq!(gone.status, StatusCode::UNAUTHORIZED);
    world.end().await;
}

#[db_test]
async fn who_asks_too_often_is_told_when_to_come_back(db: TestDb) {
    let few = PublicApi {
        prefix: "/whatsapp/v1/public".to_owned(),
        requests_per_minute: 3,
    };
    let world = World::with(db, "http://127.0.0.1:9", few).await;
    let (key, other) = (world.key().await, world.key().await);
    let ask = async |key: &str| {
        let basic = format!("Basic {key}");
        let path = "/whatsapp/v1/public/apis/users/";
        world
            .ask(
                Method::POST,
                path,
                &[("authorization", &basic)],
                Some(&json!({})),
            )
            .await
    };
    for left in ["2", "1", "0"] {
        let answer = ask(&key).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert_eq!(answer.headers["ratelimit-limit"], "3");
        assert_eq!(answer.headers["ratelimit-remaining"], left);
    }
    let refused = ask(&key).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        refused.body,
        json!({"message": "Rate limit exceeded for this resource"})
    );
    let wait: u64 = refused.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    assert_eq!(
        ask(&other).await.status,
        StatusCode::OK,
        "each key has its own"
    );
    world.db.clock.advance(Duration::from_secs(wait));
    assert_eq!(ask(&key).await.status, StatusCode::OK);
    // The usual prefix is not served then.
    let elsewhere = post(&world, &key, "/apis/users/", json!({})).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    world.end().await;
}

#[db_test]
async fn refusals_have_interakts_form(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let unknown = post(&world, &key, "/chat/assign/", json!({})).await;
    assert_eq!(
        (unknown.status, &unknown.body["result"]),
        (StatusCode::NOT_FOUND, &json!(false))
    );
    let method = call(&world, &key, Method::GET, "/message/", &Value::Null).await;
    assert_eq!(
        (method.status, &method.body["result"]),
        (StatusCode::METHOD_NOT_ALLOWED, &json!(false))
    );
    let basic = format!("Basic {key}");
    let headers = [
        ("authorization", basic.as_str()),
        ("content-type", "text/plain"),
    ];
    let text = world
        .ask(
            Method::POST,
            "/v1/public/message/",
            &headers,
            Some(&json!({})),
        )
        .await;
    assert_eq!(
        (text.status, &text.body["result"]),
        (StatusCode::BAD_REQUEST, &json!(false))
    );
    let list = post(&world, &key, "/message/", json!([1])).await;
    assert_eq!(
        (list.status, &list.body["result"]),
        (StatusCode::BAD_REQUEST, &json!(false))
    );
    let big = json!({"userId": "a", "traits": {"x": "x".repeat(300_000)}});
    let big = post(&world, &key, "/track/users/", big).await;
    assert_eq!(
        (big.status, &big.body["result"]),
        (StatusCode::PAYLOAD_TOO_LARGE, &json!(false))
    );
    for answer in [unknown, method, text, list, big] {
        assert!(answer.headers.contains_key("x-request-id"));
        assert_eq!(answer.headers["content-type"], "application/json");
        assert!(!answer.body["message"].as_str().unwrap().is_empty());
    }
    world.end().await;
}
