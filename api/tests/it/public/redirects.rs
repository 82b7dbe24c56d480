//! `/cta`: leads where approved buttons lead, and nowhere else.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::json;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use super::template;
use crate::support::World;

#[db_test]
async fn only_hosts_of_approved_buttons_are_led_to(db: TestDb) {
    let world = World::new(db).await;
    let stranger = world.db.workspace().await;
    let buttons = |url: &str, example: &str| {
        json!([{"type": "BODY", "text": "Hi"},
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Go", "url": url, "example": [example]}]}])
    };
    let shop = buttons("https://shop.example/a/{{1}}", "https://shop.example/a/1");
    template(&world, &world.f, "shop", "utility", shop).await;
    let through = buttons(
        "https://inbox.example/cta?redirect={{1}}",
        "https://inbox.example/cta?redirect=https://kite.example/x",
    );
    template(&world, &stranger, "through", "utility", through).await;
    let go = async |redirect: &str| {
        let path = format!("/cta?redirect={redirect}");
        world.ask(Method::GET, &path, &[], None).await
    };
    for redirect in [
        "https://shop.example/sale?a=1&b=2",
        "https%3A%2F%2Fshop.example%2Fsale%3Fa%3D1%26b%3D2",
    ] {
        let led = go(redirect).await;
        assert_eq!(led.status, StatusCode::FOUND);
        assert_eq!(led.headers["location"], "https://shop.example/sale?a=1&b=2");
        assert_eq!(led.headers["cache-control"], "no-store");
        assert_eq!(led.headers["referrer-policy"], "no-referrer");
    }
    assert_eq!(go("https://kite.example/x").await.status, StatusCode::FOUND);
    for redirect in [
        "",
        "https://evil.example/",
        "http://shop.example/",
        "//shop.example/",
        "javascript:alert(1)",
        "https://shop.example@evil.example/",
        "https://shop.example.evil.example/",
        "https://evil.example/?https://shop.example/",
        "https://evil.example/%23@shop.example",
        "https:evil.example",
        "%68ttps://evil.example/",
    ] {
        let answer = go(redirect).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{redirect}");
        assert!(!answer.headers.contains_key("location"));
    }
    assert_eq!(
        world.ask(Method::GET, "/cta", &[], None).await.status,
        StatusCode::NOT_FOUND
    );
    // What Meta approves later is known a minute later.
    let late = buttons("https://late.example/{{1}}", "https://late.example/1");
    template(&world, &world.f, "late", "utility", late).await;
    assert_eq!(
        go("https://late.example/x").await.status,
        StatusCode::NOT_FOUND
    );
    world.db.clock.advance(Duration::from_secs(61));
    assert_eq!(go("https://late.example/x").await.status, StatusCode::FOUND);
    world.end().await;
}
