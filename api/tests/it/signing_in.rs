//! Sessions: the cookie, CSRF, and what stops guessing.

use axum::http::{Method, StatusCode};
use serde_json::json;
use wigwag_engine::accounts::Passwords;
use wigwag_store::accounts;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::{Answer, World};

const PASSWORD: &str = "nine red kites";

async fn world(db: TestDb) -> (World, String) {
    let hash = Passwords::new((*db).clone()).hash(PASSWORD).await.unwrap();
    let world = World::new(db).await;
    accounts::set_password(&world.db, world.f.account, &hash)
        .await
        .unwrap();
    let email = format!("owner-{}@kite.example", world.f.app_id);
    (world, email)
}

async fn sign_in(world: &World, email: &str, password: &str) -> Answer {
    let wish = json!({"email": email, "password": password});
    world
        .ask(Method::POST, "/api/v1/session", &[], Some(&wish))
        .await
}

fn cookie(answer: &Answer) -> String {
    let set = answer.headers["set-cookie"].to_str().unwrap();
    assert!(
        set.contains("HttpOnly") && set.contains("SameSite"),
        "{set}"
    );
    set.split(';').next().unwrap().to_owned()
}

#[db_test]
async fn a_session_needs_its_token_and_our_own_pages_for_changes(db: TestDb) {
    let (world, email) = world(db).await;
    let session = sign_in(&world, &email, PASSWORD).await;
    assert_eq!(session.status, StatusCode::CREATED, "{}", session.body);
    let cookie = cookie(&session);
    let csrf = session.body["csrf_token"].as_str().unwrap().to_owned();
    let (_, conversation) = world.conversation_of(&world.f, "+919800000001").await;
    let close = format!("/api/v1/conversations/{conversation}/close");
    let get = world
        .ask(Method::GET, "/api/v1/session", &[("cookie", &cookie)], None)
        .await;
    assert_eq!(get.status, StatusCode::OK);
    for headers in [
        vec![("cookie", cookie.as_str())],
        vec![("cookie", cookie.as_str()), ("x-csrf-token", "guess")],
        vec![
            ("cookie", cookie.as_str()),
            ("x-csrf-token", csrf.as_str()),
            ("origin", "https://evil.example"),
        ],
        vec![
            ("cookie", cookie.as_str()),
            ("x-csrf-token", csrf.as_str()),
            ("sec-fetch-site", "cross-site"),
        ],
    ] {
        let answer = world.ask(Method::POST, &close, &headers, None).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::FORBIDDEN, "csrf"),
            "{headers:?}"
        );
    }
    let right = [
        ("cookie", cookie.as_str()),
        ("x-csrf-token", csrf.as_str()),
        ("origin", "http://localhost:8080"),
        ("sec-fetch-site", "same-origin"),
    ];
    let answer = world.ask(Method::POST, &close, &right, None).await;
    assert!(answer.status.is_success(), "{}", answer.body);
    let out = world
        .ask(Method::DELETE, "/api/v1/session", &right, None)
        .await;
    assert!(out.status.is_success());
    let after = world
        .ask(Method::GET, "/api/v1/session", &[("cookie", &cookie)], None)
        .await;
    assert_eq!(after.status, StatusCode::UNAUTHORIZED);
    world.end().await;
}

#[db_test]
async fn guessing_is_slowed_down_and_tells_nothing(db: TestDb) {
    let (world, email) = world(db).await;
    let wrong = sign_in(&world, &email, "wrong password").await;
    let nobody = sign_in(&world, "nobody@kite.example", "wrong password").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_eq!((wrong.status, wrong.code()), (nobody.status, nobody.code()));
    let mut limited = None;
    for _ in 0..40 {
        let answer = sign_in(&world, &email, "wrong password").await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            limited = Some(answer);
            break;
        }
    }
    let limited = limited.expect("guessing is limited");
    assert!(limited.headers.contains_key("retry-after"));
    let right = sign_in(&world, &email, PASSWORD).await;
    assert_eq!(
        right.status,
        StatusCode::TOO_MANY_REQUESTS,
        "the right password does not tell either"
    );
    world.end().await;
}
