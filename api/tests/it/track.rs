//! Publishable keys: what a page may tell with one, and what nobody can do who read it there.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use wigwag_model::Permission;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::{Answer, World};

const SHOP: &str = "https://shop.example";

async fn publishable(world: &World, origins: &[&str]) -> (String, String) {
    let key = world.key().await;
    let wish = json!({"name": "Shop pages", "kind": "publishable", "origins": origins});
    let made = world.post(&key, "/api/v1/api_keys", &wish).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert_eq!(made.body["secret"], Value::Null);
    let text = |field: &str| made.body[field].as_str().unwrap().to_owned();
    (text("publishable_key"), text("id"))
}

fn visit(phone: &str, id: &str) -> Value {
    json!({"person": {"phone": phone, "name": "Asha", "email": "asha@web.example"},
        "events": [{"id": id, "name": "Product Viewed", "properties": {"sku": "kite"}, "ago_ms": 60_000}]})
}

async fn tell(world: &World, key: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let path = format!("/api/v1/track?key={key}");
    world.ask(Method::POST, &path, headers, Some(body)).await
}

async fn contact(world: &World, phone: &str) -> Value {
    let key = world.key().await;
    let found = world
        .get(
            &key,
            &format!("/api/v1/contacts?q={}", phone.trim_start_matches('+')),
        )
        .await;
    found.body["data"][0].clone()
}

#[db_test]
async fn a_page_tells_what_a_visitor_did(db: TestDb) {
    let world = World::new(db).await;
    let (pk, _) = publishable(&world, &["https://Shop.example/", "http://localhost:3000"]).await;
    assert!(pk.starts_with("pk_"), "{pk}");
    let phone = "+919800000001";
    let told = tell(
        &world,
        &pk,
        &[("origin", SHOP)],
        &visit(phone, "event-0001"),
    )
    .await;
    assert_eq!(
        (told.status, &told.body),
        (StatusCode::NO_CONTENT, &Value::Null)
    );
    assert_eq!(told.headers["access-control-allow-origin"], SHOP);
    assert!(
        !told
            .headers
            .contains_key("access-control-allow-credentials")
    );
    // As a page that goes away sends it, and the same once more.
    let beacon = [
        ("origin", "http://localhost:3000"),
        ("content-type", "text/plain;charset=UTF-8"),
    ];
    for _ in 0..2 {
        let told = tell(&world, &pk, &beacon, &visit(phone, "event-0002")).await;
        assert_eq!(told.status, StatusCode::NO_CONTENT, "{}", told.body);
    }
    let made = contact(&world, phone).await;
    let id = made["id"].as_str().unwrap();
    let key = world.key().await;
    let details = world
        .get(&key, &format!("/api/v1/contacts/{id}"))
        .await
        .body;
    assert_eq!(
        (&details["source"], &details["name"]),
        (&json!("web"), &Value::Null)
    );
    let consent = details["consent"].as_array().unwrap();
    assert!(
        consent.iter().all(|row| row["state"] == "unknown"),
        "{details}"
    );
    let events = world
        .get(&key, &format!("/api/v1/contacts/{id}/events"))
        .await
        .body;
    assert_eq!(events["data"].as_array().unwrap().len(), 2, "{events}");
    assert_eq!(events["data"][0]["source"], "web");
    world.end().await;
}

#[db_test]
async fn a_key_works_from_its_origins_only(db: TestDb) {
    let world = World::new(db).await;
    let (pk, id) = publishable(&world, &[SHOP]).await;
    let body = visit("+919800000001", "event-0001");
    for origin in [
        "https://evil.example",
        "http://shop.example",
        "https://shop.example:8443",
        "https://shop.example.evil.example",
        "https://www.shop.example",
        "null",
        "",
    ] {
        let refused = tell(&world, &pk, &[("origin", origin)], &body).await;
        assert_eq!(
            (refused.status, refused.code()),
            (StatusCode::FORBIDDEN, "forbidden"),
            "{origin}"
        );
        assert!(
            !refused.headers.contains_key("access-control-allow-origin"),
            "{origin}"
        );
    }
    assert_eq!(
        tell(&world, &pk, &[], &body).await.status,
        StatusCode::FORBIDDEN,
        "no origin"
    );
    assert_eq!(contact(&world, "+919800000001").await, Value::Null);

    let path = format!("/api/v1/track?key={pk}");
    let ask = async |origin: &str| {
        world
            .ask(Method::OPTIONS, &path, &[("origin", origin)], None)
            .await
    };
    let may = ask(SHOP).await;
    assert_eq!(may.status, StatusCode::NO_CONTENT);
    assert_eq!(may.headers["access-control-allow-origin"], SHOP);
    assert_eq!(may.headers["access-control-allow-headers"], "content-type");
    let may_not = ask("https://evil.example").await;
    assert_eq!(may_not.status, StatusCode::FORBIDDEN);
    assert!(!may_not.headers.contains_key("access-control-allow-origin"));

    // Origins are changed, a revoked key is dead.
    let bearer = format!("Bearer {}", world.key().await);
    let edit = json!({"origins": ["https://new.example"]});
    let path = format!("/api/v1/api_keys/{id}");
    let changed = world
        .ask(
            Method::PATCH,
            &path,
            &[("authorization", &bearer)],
            Some(&edit),
        )
        .await;
    assert_eq!(
        changed.body["origins"],
        json!(["https://new.example"]),
        "{}",
        changed.body
    );
    assert_eq!(
        tell(&world, &pk, &[("origin", SHOP)], &body).await.status,
        StatusCode::FORBIDDEN
    );
    let told = tell(&world, &pk, &[("origin", "https://new.example")], &body).await;
    assert_eq!(told.status, StatusCode::NO_CONTENT);
    world
        .ask(Method::DELETE, &path, &[("authorization", &bearer)], None)
        .await;
    let dead = tell(&world, &pk, &[("origin", "https://new.example")], &body).await;
    assert_eq!(
        (dead.status, dead.code()),
        (StatusCode::UNAUTHORIZED, "unauthenticated")
    );
    world.end().await;
}

#[db_test]
async fn a_publishable_key_opens_nothing_else(db: TestDb) {
    let world = World::new(db).await;
    let (pk, _) = publishable(&world, &[SHOP]).await;
    let bearer = format!("Bearer {pk}");
    for (method, path) in [
        (Method::GET, "/api/v1/contacts"),
        (Method::GET, "/api/v1/api_keys"),
        (Method::POST, "/api/v1/events"),
        (Method::POST, "/api/v1/contacts"),
        (Method::POST, "/v1/public/track/users/"),
    ] {
        let with_query = format!("{path}?key={pk}");
        let basic = format!("Basic {pk}");
        for headers in [
            vec![("authorization", bearer.as_str()), ("origin", SHOP)],
            vec![("authorization", basic.as_str()), ("origin", SHOP)],
            vec![("origin", SHOP)],
        ] {
            let answer = world
                .ask(method.clone(), &with_query, &headers, Some(&json!({})))
                .await;
            assert_eq!(
                answer.status,
                StatusCode::UNAUTHORIZED,
                "{method} {path}: {}",
                answer.body
            );
        }
    }
    // And a secret key does not open the page's door, so that nobody puts one into a page.
    let secret = world.key().await;
    let body = visit("+919800000001", "event-0001");
    let asked = tell(&world, &secret, &[("origin", SHOP)], &body).await;
    assert_eq!(asked.status, StatusCode::UNAUTHORIZED);
    let bearer = format!("Bearer {secret}");
    let asked = tell(
        &world,
        &pk,
        &[("origin", SHOP), ("authorization", &bearer)],
        &body,
    )
    .await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN, "{}", asked.body);
    world.end().await;
}

#[db_test]
async fn who_has_the_key_changes_nobody_and_learns_nothing(db: TestDb) {
    let world = World::new(db).await;
    let (pk, _) = publishable(&world, &[SHOP]).await;
    let key = world.key().await;
    let asha = json!({"name": "Asha Rao", "phone": "+919800000001", "email": "asha@kite.example",
        "tags": ["vip"], "traits": {"city": "Pune"}});
    let made = world.post(&key, "/api/v1/contacts", &asha).await;
    let path = format!("/api/v1/contacts/{}", made.body["id"].as_str().unwrap());
    let no = json!({"category": "marketing", "state": "denied"});
    let bearer = format!("Bearer {key}");
    let said = world
        .ask(
            Method::PUT,
            &format!("{path}/consent"),
            &[("authorization", &bearer)],
            Some(&no),
        )
        .await;
    assert!(said.status.is_success(), "{}", said.body);
    let before = world.get(&key, &path).await.body;

    let claim = |phone: &str| {
        json!({"person": {"phone": phone, "name": "Mallory", "email": "mallory@evil.example",
            "traits": {"city": "Nowhere", "whatsapp_opted_in": true, "marketing": true}},
            "events": [{"id": "event-0001", "name": "Order Placed"}]})
    };
    let known = tell(&world, &pk, &[("origin", SHOP)], &claim("+919800000001")).await;
    let stranger = tell(&world, &pk, &[("origin", SHOP)], &claim("+919800000002")).await;
    assert_eq!(
        (known.status, &known.body),
        (stranger.status, &stranger.body)
    );
    let names = |answer: &Answer| {
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        names
    };
    assert_eq!(names(&known), names(&stranger));
    assert_eq!(world.get(&key, &path).await.body, before);

    // No field that could say more is taken.
    for (place, value) in [
        ("consent", json!({"marketing": "granted"})),
        ("tags", json!(["vip"])),
        ("id", json!("contact_01h455vb4pex5vsknk084sn02q")),
        ("external_id", json!("c-7")),
    ] {
        let mut body = claim("+919800000001");
        body["person"][place] = value;
        let refused = tell(&world, &pk, &[("origin", SHOP)], &body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{place}");
        assert_eq!(
            refused.field(),
            format!("person.{place}"),
            "{}",
            refused.body
        );
    }
    // Another workspace's key makes another contact.
    let theirs = world.db.workspace().await;
    let admin = world.key_of(&theirs, Permission::ALL).await;
    let wish = json!({"name": "Theirs", "kind": "publishable", "origins": [SHOP]});
    let made = world.post(&admin, "/api/v1/api_keys", &wish).await;
    let their_pk = made.body["publishable_key"].as_str().unwrap().to_owned();
    let told = tell(
        &world,
        &their_pk,
        &[("origin", SHOP)],
        &claim("+919800000001"),
    )
    .await;
    assert_eq!(told.status, StatusCode::NO_CONTENT);
    assert_eq!(world.get(&key, &path).await.body, before);
    world.end().await;
}

#[db_test]
async fn what_is_wrong_is_said_by_field_and_never_by_what_is_known(db: TestDb) {
    let world = World::new(db).await;
    let (pk, _) = publishable(&world, &[SHOP]).await;
    let origin = [("origin", SHOP)];
    type Change = fn(&mut Value);
    let wrong: [(&str, Change); 12] = [
        ("person", |body| *body = json!({"events": body["events"]})),
        ("person.phone", |body| body["person"] = json!({})),
        ("person.phone", |body| {
            body["person"]["phone"] = json!("9800000001")
        }),
        ("person.phone", |body| body["person"]["phone"] = json!("+0")),
        ("person.email", |body| {
            body["person"]["email"] = json!("asha")
        }),
        ("person.traits", |body| {
            body["person"]["traits"] = json!({"a": {}})
        }),
        ("events[0].id", |body| {
            body["events"][0]["id"] = json!("short")
        }),
        ("events[0].name", |body| {
            body["events"][0]["name"] = json!(" x")
        }),
        ("events[0].ago_ms", |body| {
            body["events"][0]["ago_ms"] = json!(604_800_001_u64)
        }),
        ("events[0].properties", |body| {
            body["events"][0]["properties"] = json!({"a": "x".repeat(33_000)});
        }),
        ("events[0].contact", |body| {
            body["events"][0]["contact"] = json!("x")
        }),
        ("events", |body| {
            let one = body["events"][0].clone();
            body["events"] = Value::from(vec![one; 21]);
        }),
    ];
    for (field, change) in wrong {
        let mut body = visit("+919800000001", "event-0001");
        change(&mut body);
        let refused = tell(&world, &pk, &origin, &body).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{field}: {}",
            refused.body
        );
        assert_eq!(refused.field(), field, "{}", refused.body);
        // The page may read why.
        assert_eq!(refused.headers["access-control-allow-origin"], SHOP);
    }
    world.end().await;
}

#[db_test]
async fn a_flood_is_stopped_for_the_address(db: TestDb) {
    let world = World::new(db).await;
    let (pk, _) = publishable(&world, &[SHOP]).await;
    let body = json!({"person": {}});
    let mut limited = None;
    for at in 0..400 {
        let answer = tell(&world, &pk, &[("origin", SHOP)], &body).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            limited = Some((at, answer));
            break;
        }
    }
    let (at, answer) = limited.unwrap();
    assert_eq!(at, 300);
    assert!(answer.headers.contains_key("retry-after"));
    // Guessing keys is no way around it.
    let guess = tell(
        &world,
        "pk_00000000000000000000000000000000",
        &[("origin", SHOP)],
        &body,
    )
    .await;
    assert_eq!(guess.status, StatusCode::TOO_MANY_REQUESTS);
    world.end().await;
}

#[db_test]
async fn publishable_keys_are_made_with_care(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let good = json!({"name": "Pages", "kind": "publishable", "origins": [SHOP]});
    for (change, field) in [
        (json!({"origins": []}), "origins"),
        (json!({"origins": ["*"]}), "origins[0]"),
        (
            json!({"origins": [SHOP, "https://*.shop.example"]}),
            "origins[1]",
        ),
        (
            json!({"origins": ["https://shop.example/cart"]}),
            "origins[0]",
        ),
        (json!({"origins": ["null"]}), "origins[0]"),
        (json!({"scopes": ["contacts.read"]}), "scopes"),
        (json!({"kind": "secret"}), "scopes"),
        (
            json!({"kind": "secret", "scopes": ["contacts.read"]}),
            "origins",
        ),
        (json!({"kind": "open"}), "kind"),
    ] {
        let mut wish = good.clone();
        for (name, value) in change.as_object().unwrap() {
            wish[name] = value.clone();
        }
        let refused = world.post(&key, "/api/v1/api_keys", &wish).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{change}: {}",
            refused.body
        );
        assert_eq!(refused.field(), field, "{}", refused.body);
    }
    let weak = world
        .key_of(&world.f, &[Permission::DevelopersManage])
        .await;
    let refused = world.post(&weak, "/api/v1/api_keys", &good).await;
    assert_eq!(refused.field(), "kind", "{}", refused.body);
    // A secret key has no origins to change.
    let wish = json!({"name": "Backend", "scopes": ["contacts.read"]});
    let secret = world.post(&key, "/api/v1/api_keys", &wish).await;
    assert_eq!(secret.body["kind"], "secret");
    let path = format!("/api/v1/api_keys/{}", secret.body["id"].as_str().unwrap());
    let bearer = format!("Bearer {key}");
    let edit = json!({"origins": [SHOP]});
    let refused = world
        .ask(
            Method::PATCH,
            &path,
            &[("authorization", &bearer)],
            Some(&edit),
        )
        .await;
    assert_eq!(refused.field(), "origins", "{}", refused.body);
    // The list shows the key again, because it is no secret.
    let made = world.post(&key, "/api/v1/api_keys", &good).await;
    let listed = world.get(&key, "/api/v1/api_keys").await.body.to_string();
    assert!(listed.contains(made.body["publishable_key"].as_str().unwrap()));
    world.end().await;
}

#[db_test]
async fn the_script_is_for_every_page_and_kept(db: TestDb) {
    let world = World::new(db).await;
    let script = world.ask(Method::GET, "/track.js", &[], None).await;
    assert_eq!(script.status, StatusCode::OK);
    assert_eq!(
        script.headers["content-type"],
        "text/javascript; charset=utf-8"
    );
    assert_eq!(
        script.headers["cross-origin-resource-policy"],
        "cross-origin"
    );
    assert_eq!(script.headers["cache-control"], "public, max-age=3600");
    assert!(!script.headers.contains_key("set-cookie"));
    let tag = script.headers["etag"].to_str().unwrap();
    let again = world
        .ask(Method::GET, "/track.js", &[("if-none-match", tag)], None)
        .await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    world.end().await;
}
