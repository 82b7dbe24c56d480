//! The Graph surface: versions, ways to give parameters, fields, paging, tokens, subscriptions.

use axum::Router;
use axum::extract::Query;
use axum::routing::get;
use serde_json::{Value, json};
use std::collections::HashMap;
use wigwag_meta::{Client, Config};

use crate::support::{Bench, PHONE, text};

#[tokio::test]
async fn any_version_and_any_number_of_slashes() {
    let bench = Bench::start().await;
    let id = &bench.sim.credentials.phone_number_id;
    for path in ["", "/v14.0", "/v25.0", "//v23.0/", "/v99.9"] {
        let (status, node) = bench
            .get(&format!("{path}/{id}/?fields=id,throughput{{level}}"))
            .await;
        assert_eq!(
            (status, node),
            (200, json!({"id": id, "throughput": {"level": "STANDARD"}})),
            "{path}"
        );
    }
}

#[tokio::test]
async fn parameters_in_the_query_and_as_a_form() {
    let bench = Bench::start().await;
    let token = bench.sim.credentials.access_token.clone();
    let url = bench.url(&bench.number("messages"));
    let form = [
        ("messaging_product", "whatsapp"),
        ("to", PHONE),
        ("type", "text"),
        ("text", r#"{"body":"as a form"}"#),
        ("access_token", &token),
    ];
    let response = bench
        .http
        .post(&url)
        .body(serde_urlencoded::to_string(form).unwrap())
        .header("Content-Type", "application/x-www-form-urlencoded")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    let bad = bench
        .http
        .post(&url)
        .bearer_auth(&token)
        .body("{not json")
        .header("Content-Type", "application/json")
        .send()
        .await
        .unwrap();
    assert_eq!(bad.status(), 400);
    let profile = bench.number("whatsapp_business_profile?about=From+the+query&websites=[\"https://a.example\"]&messaging_product=whatsapp");
    assert_eq!(bench.post(&profile, &json!({})).await.0, 200);
    let (_, read) = bench
        .get(&bench.number("whatsapp_business_profile?fields=about,websites"))
        .await;
    assert_eq!(read["data"][0]["about"], "From the query");
    assert_eq!(read["data"][0]["websites"], json!(["https://a.example"]));
    let long = "a".repeat(140);
    assert_eq!(
        bench
            .post(
                &bench.number("whatsapp_business_profile"),
                &json!({"about": long})
            )
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn unknown_fields_and_objects() {
    let bench = Bench::start().await;
    let id = bench.sim.credentials.phone_number_id.clone();
    let (status, answer) = bench.get(&format!("/{id}?fields=nonsense")).await;
    assert_eq!((status, answer["error"]["code"].as_i64()), (400, Some(100)));
    let (status, answer) = bench.get("/v25.0/123").await;
    assert_eq!(
        (status, answer["error"]["error_subcode"].as_i64()),
        (400, Some(33))
    );
    assert_eq!(answer["error"]["type"], "GraphMethodException");
}

#[tokio::test]
async fn lists_are_paged() {
    let bench = Bench::start().await;
    let mut names = Vec::new();
    let mut url = bench.url(&bench.waba("message_templates?limit=4&fields=name,status"));
    loop {
        let request = bench
            .http
            .get(&url)
            .bearer_auth(&bench.sim.credentials.access_token);
        let page: Value = request.send().await.unwrap().json().await.unwrap();
        let data = page["data"].as_array().unwrap();
        assert!(
            data.len() <= 4
                && data
                    .iter()
                    .all(|t| t["components"].is_null() && t["id"].is_string())
        );
        names.extend(data.iter().map(|t| t["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["paging"]["next"].as_str() else {
            break;
        };
        url = next.to_owned();
    }
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!((names.len(), count), (13, 13));
    let (_, approved) = bench
        .get(&bench.waba("message_templates?status=APPROVED&name=order_confirmed&language=hi"))
        .await;
    assert_eq!(approved["data"].as_array().unwrap().len(), 1);
    assert_eq!(
        bench
            .get(&bench.waba("message_templates?after=zzz"))
            .await
            .1["error"]["code"],
        131_059
    );
}

#[tokio::test]
async fn our_own_client_reads_all_of_it() {
    let bench = Bench::start().await;
    let base = bench.sim.url.parse().unwrap();
    let client = Client::new(
        Config::at(base),
        bench.sim.credentials.access_token.clone().into(),
    )
    .unwrap();
    let known = &bench.sim.credentials;
    assert_eq!(
        client.list_templates(&known.waba_id).await.unwrap().len(),
        13
    );
    assert_eq!(
        client
            .list_phone_numbers(&known.waba_id)
            .await
            .unwrap()
            .len(),
        1
    );
    let number = client
        .get_phone_number(&known.phone_number_id)
        .await
        .unwrap();
    assert_eq!(
        number.display_phone_number.as_deref(),
        Some(known.display_phone_number.as_str())
    );
    client.get_waba(&known.waba_id).await.unwrap();
    client.get_profile(&known.phone_number_id).await.unwrap();
    let app = client
        .app_access_token(&known.app_id, &known.app_secret.clone().into())
        .await
        .unwrap();
    assert!(format!("{app:?}").contains('…') || !format!("{app:?}").contains(&known.app_secret));
    let info = client
        .debug_token(&known.access_token.clone().into())
        .await
        .unwrap();
    assert!(info.is_valid);
}

#[tokio::test]
async fn codes_are_exchanged_once_within_thirty_seconds() {
    let bench = Bench::start().await;
    let known = bench.sim.credentials.clone();
    let exchange = |code: &Value| {
        let code = code.as_str().unwrap().to_owned();
        format!(
            "/v25.0/oauth/access_token?client_id={}&client_secret={}&code={code}",
            known.app_id, known.app_secret
        )
    };
    let code = bench.control("/_sim/codes", &json!({})).await["code"].clone();
    let (status, answer) = bench.get(&exchange(&code)).await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer["access_token"].as_str().unwrap().starts_with("EAA"));
    assert_eq!(bench.get(&exchange(&code)).await.0, 400);
    let late = bench.control("/_sim/codes", &json!({})).await["code"].clone();
    bench.advance(std::time::Duration::from_secs(31)).await;
    assert_eq!(bench.get(&exchange(&late)).await.0, 400);
}

/// A callback that answers the challenge if the token is right.
async fn callback(token: &'static str) -> String {
    let app = Router::new().route(
        "/hook",
        get(
            move |Query(query): Query<HashMap<String, String>>| async move {
                let fits = query
                    .get("hub.verify_token")
                    .is_some_and(|given| given == token);
                if fits {
                    query["hub.challenge"].clone()
                } else {
                    "no".to_owned()
                }
            },
        ),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    url
}

#[tokio::test]
async fn subscribing_asks_for_the_challenge() {
    let bench = Bench::start().await;
    let known = bench.sim.credentials.clone();
    let url = callback("secret").await;
    let subscribe = |token: &str| {
        let query = [
            ("object", "whatsapp_business_account"),
            ("callback_url", &url),
            ("verify_token", token),
            ("fields", "messages,account_update"),
        ];
        format!(
            "/v25.0/{}/subscriptions?{}&access_token={}|{}",
            known.app_id,
            serde_urlencoded::to_string(query).unwrap(),
            known.app_id,
            known.app_secret
        )
    };
    let post = async |path: String| {
        let response = bench.http.post(bench.url(&path)).send().await.unwrap();
        (
            response.status().as_u16(),
            response.json::<Value>().await.unwrap(),
        )
    };
    let refused = post(subscribe("wrong")).await;
    assert_eq!(
        (refused.0, refused.1["error"]["error_subcode"].as_i64()),
        (400, Some(2_200))
    );
    assert_eq!(
        post(subscribe("secret")).await,
        (200, json!({"success": true}))
    );
    let status = bench.look("/_sim/status").await;
    assert_eq!(status["app"]["webhook_url"], url);
    assert_eq!(
        status["app"]["subscribed_fields"],
        json!(["messages", "account_update"])
    );
    let other = callback("other").await;
    let body = json!({"override_callback_uri": other, "verify_token": "other"});
    assert_eq!(
        bench.post(&bench.waba("subscribed_apps"), &body).await.0,
        200
    );
    let (_, apps) = bench.get(&bench.waba("subscribed_apps")).await;
    assert_eq!(apps["data"][0]["override_callback_uri"], other);
    let phone =
        json!({"webhook_configuration": {"override_callback_uri": url, "verify_token": "wrong"}});
    assert_eq!(
        bench
            .post(&format!("/{}/", known.phone_number_id), &phone)
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn a_number_from_adding_to_registering() {
    let bench = Bench::start().await;
    let add = json!({"cc": "44", "phone_number": "20 7946 0018", "verified_name": "Kite London"});
    let (status, answer) = bench.post(&bench.waba("phone_numbers"), &add).await;
    assert_eq!(status, 200, "{answer}");
    let id = answer["id"].as_str().unwrap().to_owned();
    let edge = |edge: &str| format!("/v25.0/{id}/{edge}");
    let pin = json!({"messaging_product": "whatsapp", "pin": "123456"});
    assert_eq!(
        bench.post(&edge("register"), &pin).await.1["error"]["code"],
        133_006
    );
    bench
        .post(
            &edge("request_code"),
            &json!({"code_method": "SMS", "language": "en_US"}),
        )
        .await;
    assert_eq!(
        bench
            .post(&edge("verify_code"), &json!({"code": "wrong"}))
            .await
            .0,
        400
    );
    let numbers = bench.look("/_sim/numbers").await;
    let code = numbers["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|n| n["id"] == id.as_str())
        .unwrap()["code"]
        .clone();
    assert_eq!(
        bench
            .post(&edge("verify_code"), &json!({"code": code}))
            .await
            .0,
        200
    );
    assert_eq!(
        bench.post(&edge("register"), &json!({"pin": "12"})).await.0,
        400
    );
    assert_eq!(bench.post(&edge("register"), &pin).await.0, 200);
    assert_eq!(
        bench
            .get(&format!("/{id}?fields=status,is_pin_enabled"))
            .await
            .1,
        json!({"id": id, "status": "CONNECTED", "is_pin_enabled": true})
    );
    assert_eq!(
        bench
            .post(&edge("register"), &json!({"pin": "654321"}))
            .await
            .1["error"]["code"],
        133_005
    );
    for _ in 0..7 {
        bench.post(&edge("deregister"), &json!({})).await;
    }
    assert_eq!(
        bench.post(&edge("register"), &pin).await.1["error"]["code"],
        133_016
    );
}

#[tokio::test]
async fn blocking_needs_a_recent_message() {
    let mut bench = Bench::start().await;
    bench.writes(PHONE).await;
    let block = json!({"messaging_product": "whatsapp", "block_users": [{"user": PHONE}, {"user": "+919800000001"}]});
    let (status, answer) = bench
        .post(
            "/_sim/persons",
            &json!({"name": "Silent", "phone": "+919800000001"}),
        )
        .await;
    assert_eq!(status, 200, "{answer}");
    let (status, answer) = bench.post(&bench.number("block_users"), &block).await;
    assert_eq!(
        (status, answer["error"]["code"].as_i64()),
        (400, Some(139_100))
    );
    assert_eq!(
        answer["block_users"]["added_users"][0]["wa_id"],
        "919812345678"
    );
    assert_eq!(
        answer["block_users"]["failed_users"][0]["errors"][0]["code"],
        131_047
    );
    let (_, list) = bench.get(&bench.number("block_users")).await;
    assert_eq!(list["data"][0]["wa_id"], "919812345678");
    let (_, answer) = bench
        .post(
            "/_sim/inbound",
            &json!({"person": PHONE, "text": "let me in"}),
        )
        .await;
    assert_eq!(answer["webhook"], "blocked by the business");
    let one = json!({"messaging_product": "whatsapp", "block_users": [{"user": PHONE}]});
    let request = bench
        .http
        .delete(bench.url(&bench.number("block_users")))
        .bearer_auth(&bench.sim.credentials.access_token);
    assert_eq!(request.json(&one).send().await.unwrap().status(), 200);
    bench.accepted(PHONE, &text("you are back")).await;
}

#[tokio::test]
async fn portfolios_and_qr_codes() {
    let bench = Bench::start().await;
    let portfolio = bench.sim.credentials.portfolio_id.clone();
    let (_, wabas) = bench
        .get(&format!(
            "/{portfolio}/owned_whatsapp_business_accounts?fields=name"
        ))
        .await;
    assert_eq!(
        wabas["data"][0]["id"],
        bench.sim.credentials.waba_id.as_str()
    );
    let made = bench
        .control("/_sim/portfolios", &json!({"name": "Other"}))
        .await;
    let number = json!({"portfolio_id": made["id"], "display_phone_number": "+1 555 010 0000", "verified_name": "Other"});
    assert_eq!(
        bench.control("/_sim/numbers", &number).await["waba_id"],
        made["waba_id"]
    );
    let (_, qr) = bench
        .post(
            &bench.number("message_qrdls?generate_qr_image=PNG&prefilled_message=Hello"),
            &json!({}),
        )
        .await;
    let code = qr["code"].as_str().unwrap().to_owned();
    let image = qr["qr_image_url"].as_str().unwrap();
    assert!(image.ends_with(&format!("{code}.png")), "{image}");
    assert_eq!(
        bench
            .get(&bench.number(&format!("message_qrdls/{code}")))
            .await
            .1["data"][0]["prefilled_message"],
        "Hello"
    );
    assert_eq!(
        bench
            .delete(&bench.number(&format!("message_qrdls/{code}")))
            .await
            .0,
        200
    );
}
