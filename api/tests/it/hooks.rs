//! Hooks over HTTP: made and tried by those who may, and called by shops that sign.

use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use wigwag_meta::signature;
use wigwag_model::Permission;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::{Answer, World};

const SECRET: &str = "shop-secret-of-the-test";
const ORDER: &str = include_str!("../../../engine/fixtures/shopify/order.json");
const CHECKOUT: &str = include_str!("../../../engine/fixtures/shopify/checkout.json");
const FULFILMENT: &str = include_str!("../../../engine/fixtures/shopify/fulfilment.json");

async fn made(world: &World, wish: &Value) -> Value {
    let key = world.key().await;
    let made = world.post(&key, "/api/v1/hooks", wish).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    made.body
}

async fn shop(world: &World, consent: &str) -> (String, String) {
    let wish = json!({"name": "Shop", "kind": "shopify", "secret": SECRET, "plan": {"marketing_consent": consent}});
    let hook = made(world, &wish).await;
    assert_eq!(hook["secret"], Value::Null, "what was given is not shown");
    let url = hook["url"].as_str().unwrap();
    let path = url
        .strip_prefix("http://localhost:8080")
        .unwrap()
        .to_owned();
    (path, hook["id"].as_str().unwrap().to_owned())
}

fn mac(secret: &str, body: &str) -> Vec<u8> {
    let text = signature::sign(secret.as_bytes(), body.as_bytes());
    hex::decode(text.trim_start_matches("sha256=")).unwrap()
}

async fn call(world: &World, path: &str, topic: &str, id: &str, body: &str) -> Answer {
    let signed = STANDARD.encode(mac(SECRET, body));
    let headers = [
        ("x-shopify-topic", topic),
        ("x-shopify-webhook-id", id),
        ("x-shopify-hmac-sha256", signed.as_str()),
    ];
    world.raw(path, &headers, body).await
}

async fn events(world: &World) -> Vec<Value> {
    let key = world.key().await;
    let found = world.get(&key, "/api/v1/contacts?q=919800000042").await;
    let Some(id) = found.body["data"][0]["id"].as_str() else {
        return Vec::new();
    };
    let listed = world
        .get(&key, &format!("/api/v1/contacts/{id}/events"))
        .await;
    listed.body["data"].as_array().unwrap().clone()
}

#[db_test]
async fn an_order_becomes_a_contact_and_an_event_once(db: TestDb) {
    let world = World::new(db).await;
    let (path, id) = shop(&world, "nothing").await;
    for _ in 0..3 {
        let taken = call(&world, &path, "orders/create", "delivery-1", ORDER).await;
        assert_eq!(taken.status, StatusCode::OK, "{}", taken.body);
    }
    // The id's header is not signed: another one makes no second order.
    let replayed = call(&world, &path, "orders/create", "delivery-2", ORDER).await;
    assert_eq!(replayed.status, StatusCode::OK);
    let shipped = call(
        &world,
        &path,
        "fulfillments/create",
        "delivery-3",
        FULFILMENT,
    )
    .await;
    assert_eq!(shipped.status, StatusCode::OK);
    let started = call(&world, &path, "checkouts/update", "delivery-4", CHECKOUT).await;
    assert_eq!(started.status, StatusCode::OK);
    let passed = call(&world, &path, "products/update", "delivery-5", "{}").await;
    assert_eq!(passed.status, StatusCode::OK);
    let wrong = call(
        &world,
        &path,
        "orders/create",
        "delivery-6",
        r##"{"name": "#7"}"##,
    )
    .await;
    assert_eq!(
        (wrong.status, wrong.field()),
        (StatusCode::UNPROCESSABLE_ENTITY, "id")
    );

    let all = events(&world).await;
    let mut names: Vec<&str> = all
        .iter()
        .map(|event| event["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["checkout_started", "order_placed", "order_shipped"]);
    let order = all
        .iter()
        .find(|event| event["name"] == "order_placed")
        .unwrap();
    assert_eq!(order["properties"]["order_number"], "#1042");
    assert_eq!(
        (&order["source"], &order["occurred_at"]),
        (&json!("shopify"), &json!("2026-11-20T13:12:07.000Z"))
    );

    let key = world.key().await;
    let listed = world
        .get(&key, &format!("/api/v1/hooks/{id}/deliveries"))
        .await
        .body;
    // All at one moment of the clock, so in no order.
    let mut outcomes: Vec<(&str, &str)> = listed["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["outcome"].as_str().unwrap(),
                row["reason"].as_str().unwrap_or_default(),
            )
        })
        .collect();
    outcomes.sort_unstable();
    assert_eq!(
        outcomes,
        [
            ("passed_over", "topic"),
            ("recorded", ""),
            ("recorded", ""),
            ("recorded", ""),
            ("recorded", ""),
            ("refused", "id"),
        ]
    );
    world.end().await;
}

#[db_test]
async fn who_does_not_sign_is_refused_and_leaves_nothing(db: TestDb) {
    let world = World::new(db).await;
    let (path, id) = shop(&world, "nothing").await;
    let right = STANDARD.encode(mac(SECRET, ORDER));
    let changed = ORDER.replace("2847.00", "1.00");
    let respaced = ORDER.replace(": ", ":");
    for (at, (signature, body)) in [
        (Some(right.as_str()), changed.as_str()),
        (Some(right.as_str()), respaced.as_str()),
        (
            Some(STANDARD.encode(mac("another-secret-here", ORDER)).as_str()),
            ORDER,
        ),
        (Some(STANDARD.encode(mac("", ORDER)).as_str()), ORDER),
        (Some(hex::encode(mac(SECRET, ORDER)).as_str()), ORDER),
        (Some(""), ORDER),
        (None, ORDER),
    ]
    .into_iter()
    .enumerate()
    {
        let mut headers = vec![("x-shopify-topic", "orders/create")];
        headers.extend(signature.map(|text| ("x-shopify-hmac-sha256", text)));
        let refused = world.raw(&path, &headers, body).await;
        assert_eq!(
            (refused.status, refused.code()),
            (StatusCode::UNAUTHORIZED, "unauthenticated"),
            "{at}"
        );
    }
    // An address that is not there is answered the same.
    let nowhere = call(
        &world,
        "/hooks/00000000000000000000000000000000",
        "orders/create",
        "1",
        ORDER,
    )
    .await;
    assert_eq!(
        (nowhere.status, nowhere.code()),
        (StatusCode::UNAUTHORIZED, "unauthenticated")
    );
    assert_eq!(events(&world).await, Vec::<Value>::new());
    let key = world.key().await;
    let listed = world
        .get(&key, &format!("/api/v1/hooks/{id}/deliveries"))
        .await
        .body;
    assert_eq!(listed["data"], json!([]));

    // One that rests, or is gone, takes nothing with the right signature either.
    let bearer = format!("Bearer {key}");
    let at = format!("/api/v1/hooks/{id}");
    let rest = json!({"active": false, "version": 1});
    let rests = world
        .ask(
            Method::PATCH,
            &at,
            &[("authorization", &bearer)],
            Some(&rest),
        )
        .await;
    assert_eq!(rests.body["active"], false, "{}", rests.body);
    assert_eq!(
        call(&world, &path, "orders/create", "1", ORDER)
            .await
            .status,
        StatusCode::UNAUTHORIZED
    );
    let wake = json!({"active": true, "version": 2});
    world
        .ask(
            Method::PATCH,
            &at,
            &[("authorization", &bearer)],
            Some(&wake),
        )
        .await;
    assert_eq!(
        call(&world, &path, "orders/create", "1", ORDER)
            .await
            .status,
        StatusCode::OK
    );
    let gone = world
        .ask(Method::DELETE, &at, &[("authorization", &bearer)], None)
        .await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(
        call(&world, &path, "orders/create", "2", ORDER)
            .await
            .status,
        StatusCode::UNAUTHORIZED
    );
    world.end().await;
}

#[db_test]
async fn consent_of_a_shop_counts_where_it_was_chosen(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let marketing = async || {
        let found = world.get(&key, "/api/v1/contacts?q=919800000042").await;
        let id = found.body["data"][0]["id"].as_str().unwrap().to_owned();
        let details = world
            .get(&key, &format!("/api/v1/contacts/{id}"))
            .await
            .body;
        let rows = details["consent"].as_array().unwrap().clone();
        rows.iter()
            .find(|row| row["category"] == "marketing")
            .map_or(json!("unknown"), |row| row["state"].clone())
    };
    let (silent, _) = shop(&world, "nothing").await;
    call(&world, &silent, "orders/create", "1", ORDER).await;
    assert_eq!(marketing().await, "unknown");
    let (counting, _) = shop(&world, "sms").await;
    call(&world, &counting, "orders/create", "1", ORDER).await;
    assert_eq!(marketing().await, "granted");
    world.end().await;
}

#[db_test]
async fn another_system_is_read_by_its_mapping(db: TestDb) {
    let world = World::new(db).await;
    let plan = json!({
        "proof": {"way": "hmac_sha256", "header": "x-booking-signature", "prefix": "sha256="},
        "mapping": {"phone": "/guest/mobile", "country": "IN", "event_name": "Room Booked", "event_id": "/id",
            "properties": {"room": "/room"}}});
    let sample = json!({"id": 7, "guest": {"mobile": "98000 00042"}, "room": "Lake view"});
    let key = world.key().await;
    let wish = json!({"kind": "generic", "plan": plan, "sample": sample});
    let tried = world.post(&key, "/api/v1/hooks/check", &wish).await;
    assert_eq!(tried.body["outcome"], "recorded", "{}", tried.body);
    assert_eq!(tried.body["person"]["phone"], "+919800000042");
    assert_eq!(
        tried.body["events"][0]["properties"],
        json!({"room": "Lake view"})
    );
    assert_eq!(
        events(&world).await,
        Vec::<Value>::new(),
        "nothing was written"
    );
    let mut wrong = wish.clone();
    wrong["sample"]["guest"] = json!({});
    let tried = world.post(&key, "/api/v1/hooks/check", &wrong).await;
    assert_eq!(
        (&tried.body["outcome"], &tried.body["reason"]),
        (&json!("refused"), &json!("phone"))
    );

    let hook = made(
        &world,
        &json!({"name": "Booking", "kind": "generic", "plan": plan}),
    )
    .await;
    let secret = hook["secret"].as_str().unwrap();
    let path = hook["url"]
        .as_str()
        .unwrap()
        .replace("http://localhost:8080", "");
    let body = sample.to_string();
    let signed = format!("sha256={}", hex::encode(mac(secret, &body)));
    for _ in 0..2 {
        let taken = world
            .raw(&path, &[("x-booking-signature", &signed)], &body)
            .await;
        assert_eq!(taken.status, StatusCode::OK, "{}", taken.body);
    }
    let all = events(&world).await;
    assert_eq!(
        (all.len(), &all[0]["name"], &all[0]["source"]),
        (1, &json!("Room Booked"), &json!("hook"))
    );
    let listed = world.get(&key, "/api/v1/hooks").await.body.to_string();
    assert!(!listed.contains(secret), "a secret is shown once");
    world.end().await;
}

#[db_test]
async fn hooks_are_for_those_who_may_and_of_one_workspace(db: TestDb) {
    let world = World::new(db).await;
    let (_, id) = shop(&world, "nothing").await;
    let weak = world.key_of(&world.f, &[Permission::ContactsWrite]).await;
    assert_eq!(
        world.get(&weak, "/api/v1/hooks").await.status,
        StatusCode::FORBIDDEN
    );
    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    assert_eq!(
        world.get(&theirs, "/api/v1/hooks").await.body["data"],
        json!([])
    );
    let at = format!("/api/v1/hooks/{id}");
    let bearer = format!("Bearer {theirs}");
    let edit = json!({"active": false, "version": 1});
    for (method, path, body) in [
        (Method::GET, format!("{at}/deliveries"), None),
        (Method::PATCH, at.clone(), Some(&edit)),
        (Method::DELETE, at.clone(), None),
    ] {
        let answer = world
            .ask(method.clone(), &path, &[("authorization", &bearer)], body)
            .await;
        assert_eq!(
            answer.status,
            StatusCode::NOT_FOUND,
            "{method} {path}: {}",
            answer.body
        );
    }
    let key = world.key().await;
    assert_eq!(
        world.get(&key, "/api/v1/hooks").await.body["data"][0]["active"],
        true
    );
    world.end().await;
}

#[db_test]
async fn what_is_wrong_with_a_hook_is_said_by_field(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let generic = json!({"name": "Booking", "kind": "generic", "plan": {
        "proof": {"way": "secret", "header": "x-secret"},
        "mapping": {"phone": "/phone", "event_name": "Booked"}}});
    let shopify = json!({"name": "Shop", "kind": "shopify", "secret": SECRET});
    for (base, pointer, value, field) in [
        (&shopify, "/secret", json!(null), "secret"),
        (&shopify, "/secret", json!("short"), "secret"),
        (&shopify, "/name", json!(""), "name"),
        (&shopify, "/kind", json!("etsy"), "kind"),
        (
            &generic,
            "/plan/mapping/phone",
            json!("phone"),
            "plan.mapping.phone",
        ),
        (&generic, "/plan/mapping", json!(null), "plan.mapping"),
        (&generic, "/plan/proof", json!(null), "plan.proof"),
        (
            &generic,
            "/plan/proof/header",
            json!("X Secret"),
            "plan.proof.header",
        ),
    ] {
        let mut wish = base.clone();
        *wish.pointer_mut(pointer).unwrap() = value;
        let refused = world.post(&key, "/api/v1/hooks", &wish).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{pointer}: {}",
            refused.body
        );
        assert_eq!(refused.field(), field, "{}", refused.body);
    }
    for (base, plan, field) in [
        (
            &shopify,
            json!({"marketing_consent": "fax"}),
            "plan.marketing_consent",
        ),
        (&shopify, generic["plan"].clone(), "plan.proof"),
        (&shopify, json!({"colour": "red"}), "plan.colour"),
    ] {
        let mut wish = base.clone();
        wish["plan"] = plan;
        let refused = world.post(&key, "/api/v1/hooks", &wish).await;
        assert_eq!(refused.field(), field, "{}", refused.body);
    }
    world.end().await;
}
