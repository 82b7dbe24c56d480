//! Every operation of the document is tried by those who may not.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use wigwag_model::Permission;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::World;

/// An operation as the document states it.
struct Operation {
    method: Method,
    path: String,
    /// The permission, or none where a session or nothing is asked for.
    permission: Option<Permission>,
    open: bool,
}

fn operations() -> Vec<Operation> {
    let document: Value = serde_json::to_value(wigwag_api::document()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else {
                continue;
            };
            if operation["operationId"].is_null() {
                continue;
            }
            let security = operation["security"].as_array().unwrap();
            let permission = security
                .iter()
                .find_map(|way| way["api_key"][0].as_str())
                .map(|name| Permission::parse(name).unwrap());
            found.push(Operation {
                method,
                // An id that looks right and belongs to nobody.
                path: path
                    .replace("{id}", "contact_01h455vb4pex5vsknk084sn02q")
                    .replace("{delivery_id}", "delivery_01h455vb4pex5vsknk084sn02q")
                    .replace("{template_id}", "template_01h455vb4pex5vsknk084sn02q"),
                permission,
                open: security.is_empty(),
            });
        }
    }
    found
}

#[db_test]
async fn nobody_gets_in_without_a_session_or_a_key(db: TestDb) {
    let world = World::new(db).await;
    let mut tried = 0;
    for operation in operations().iter().filter(|operation| !operation.open) {
        for headers in [
            vec![],
            vec![(
                "authorization",
                "Bearer ww_00000000000000000000000000000000",
            )],
            vec![("authorization", "Basic YTpi")],
            vec![(
                "cookie",
                "wigwag_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            )],
        ] {
            let answer = world
                .ask(
                    operation.method.clone(),
                    &operation.path,
                    &headers,
                    Some(&json!({})),
                )
                .await;
            assert_eq!(
                answer.status,
                StatusCode::UNAUTHORIZED,
                "{} {}",
                operation.method,
                operation.path
            );
            assert_eq!(answer.code(), "unauthenticated");
            tried += 1;
        }
    }
    assert!(tried > 100, "the document lists operations: {tried}");
    world.end().await;
}

#[db_test]
async fn a_key_does_nothing_outside_its_scopes(db: TestDb) {
    let world = World::new(db).await;
    for operation in operations().iter().filter(|operation| !operation.open) {
        let others: Vec<Permission> = Permission::ALL
            .iter()
            .copied()
            .filter(|permission| Some(*permission) != operation.permission)
            .collect();
        let key = world.key_of(&world.f, &others).await;
        let bearer = format!("Bearer {key}");
        let answer = world
            .ask(
                operation.method.clone(),
                &operation.path,
                &[("authorization", &bearer)],
                Some(&json!({})),
            )
            .await;
        assert_eq!(
            answer.status,
            StatusCode::FORBIDDEN,
            "{} {}: {}",
            operation.method,
            operation.path,
            answer.body
        );
    }
    world.end().await;
}

#[db_test]
async fn revoked_and_expired_keys_are_refused_at_once(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let made = world
        .post(
            &key,
            "/api/v1/api_keys",
            &json!({"name": "Shop", "scopes": ["contacts.read"]}),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let secret = made.body["secret"].as_str().unwrap().to_owned();
    let id = made.body["id"].as_str().unwrap().to_owned();
    assert_eq!(
        world.get(&secret, "/api/v1/contacts").await.status,
        StatusCode::OK
    );
    let listed = world.get(&key, "/api/v1/api_keys").await.body.to_string();
    assert!(!listed.contains(&secret), "a key is shown once");
    let bearer = format!("Bearer {key}");
    let gone = world
        .ask(
            Method::DELETE,
            &format!("/api/v1/api_keys/{id}"),
            &[("authorization", &bearer)],
            None,
        )
        .await;
    assert!(gone.status.is_success(), "{}", gone.status);
    let answer = world.get(&secret, "/api/v1/contacts").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    world.end().await;
}

#[db_test]
async fn a_key_cannot_make_a_stronger_one(db: TestDb) {
    let world = World::new(db).await;
    let key = world
        .key_of(&world.f, &[Permission::DevelopersManage])
        .await;
    let answer = world
        .post(
            &key,
            "/api/v1/api_keys",
            &json!({"name": "Shop", "scopes": ["messages.send"]}),
        )
        .await;
    assert!(answer.status.is_client_error(), "{}", answer.body);
    world.end().await;
}

#[db_test]
async fn unknown_addresses_methods_and_hosts_are_refused_in_words(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let answer = world.get(&key, "/api/v1/nothing").await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::NOT_FOUND, "not_found")
    );
    let bearer = format!("Bearer {key}");
    let answer = world
        .ask(
            Method::PUT,
            "/api/v1/contacts",
            &[("authorization", &bearer)],
            None,
        )
        .await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    let answer = world
        .ask(
            Method::GET,
            "/api/v1/contacts",
            &[("host", "evil.example"), ("authorization", &bearer)],
            None,
        )
        .await;
    // The first of two Host headers is ours; a request for another host alone is misdirected.
    assert!(answer.status == StatusCode::OK || answer.status == StatusCode::MISDIRECTED_REQUEST);
    let answer = world.get(&key, "/api/v1/conversations?limt=5").await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.body
    );
    let answer = world.get(&key, "/api/v1/conversations?limit=0").await;
    assert_eq!(answer.field(), "limit", "{}", answer.body);
    world.end().await;
}
