//! What Meta refuses at once, and what it accepts and then fails, with the right codes.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Bench, PHONE, text};

fn code(answer: &(u16, Value)) -> (u16, i64) {
    (
        answer.0,
        answer.1["error"]["code"].as_i64().unwrap_or_default(),
    )
}

fn template(name: &str, language: &str, components: &Value) -> Value {
    json!({"type": "template", "template": {"name": name, "language": {"code": language}, "components": components}})
}

fn body(texts: &[&str]) -> Value {
    let parameters: Vec<Value> = texts
        .iter()
        .map(|t| json!({"type": "text", "text": t}))
        .collect();
    json!({"type": "body", "parameters": parameters})
}

fn track(text: &str) -> Value {
    json!({"type": "button", "sub_type": "url", "index": 0, "parameters": [{"type": "text", "text": text}]})
}

#[tokio::test]
async fn requests_that_are_wrong() {
    let bench = Bench::start().await;
    let cases = [
        (json!({"type": "text"}), 400, 100),
        (json!({"type": "text", "text": {}}), 400, 131_008),
        (
            json!({"type": "text", "text": {"body": "a".repeat(4097)}}),
            400,
            131_009,
        ),
        (json!({"type": "hologram", "hologram": {}}), 400, 100),
        (json!({"type": "image", "image": {}}), 400, 131_008),
        (
            json!({"type": "audio", "audio": {"id": "1", "caption": "no"}}),
            400,
            100,
        ),
        (
            json!({"type": "location", "location": {"latitude": 91, "longitude": 0}}),
            400,
            131_009,
        ),
        (
            json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "A"}}]}),
            400,
            131_009,
        ),
        (
            json!({"type": "interactive", "interactive": {"type": "button", "body": {"text": "b"}, "action": {"buttons": []}}}),
            400,
            131_009,
        ),
        (
            json!({"type": "text", "text": {"body": "x"}, "biz_opaque_callback_data": "a".repeat(513)}),
            400,
            131_009,
        ),
    ];
    for (message, http, wanted) in cases {
        let answer = bench.send(PHONE, &message).await;
        assert_eq!(code(&answer), (http, wanted), "{message}: {}", answer.1);
        assert!(answer.1["error"]["fbtrace_id"].is_string());
    }
    assert_eq!(
        code(&bench.send("nobody", &text("x")).await),
        (400, 131_009)
    );
    let own = bench.sim.credentials.display_phone_number.clone();
    assert_eq!(code(&bench.send(&own, &text("x")).await), (400, 131_021));
    let bare = json!({"to": PHONE, "type": "text", "text": {"body": "x"}});
    assert_eq!(
        code(&bench.post(&bench.number("messages"), &bare).await),
        (400, 100)
    );
    assert_eq!(bench.look("/_sim/ledger/summary").await["accepted"], 0);
    // A refusal leaves nothing: nobody was met.
    assert_eq!(bench.look("/_sim/status").await["counts"]["persons"], 40);
}

#[tokio::test]
async fn templates_that_do_not_fit() {
    let bench = Bench::start().await;
    let good = json!([{"type": "header", "parameters": [{"type": "image", "image": {"link": "https://kite.example/a.png"}}]},
        {"type": "body", "parameters": [
            {"type": "text", "parameter_name": "first_name", "text": "Asha"}, {"type": "text", "parameter_name": "code", "text": "SPRING15"}]}]);
    let unnamed = json!([good[0], body(&["Asha", "SPRING15"])]);
    let wrong_header = json!([{"type": "header", "parameters": [{"type": "video", "video": {"id": "1"}}]}, good[1]]);
    let cases = [
        (template("no_such", "en_US", &json!([])), 404, 132_001),
        (template("order_confirmed", "de", &json!([])), 404, 132_001),
        (
            template("monsoon_sale", "en_US", &json!([body(&["A"])])),
            404,
            132_001,
        ),
        (
            template(
                "order_confirmed",
                "en_US",
                &json!([body(&["Asha"]), track("1")]),
            ),
            400,
            132_000,
        ),
        (
            template("order_confirmed", "en_US", &json!([body(&["Asha", "1"])])),
            400,
            132_000,
        ),
        (
            template(
                "order_confirmed",
                "en_US",
                &json!([body(&["Asha", "a\nb"]), track("1")]),
            ),
            400,
            132_018,
        ),
        (
            template(
                "order_confirmed",
                "en_US",
                &json!([body(&["Asha", &"x".repeat(1100)]), track("1")]),
            ),
            400,
            132_005,
        ),
        (
            template("spring_collection", "en_US", &wrong_header),
            400,
            132_012,
        ),
        (
            template("spring_collection", "en_US", &unnamed),
            400,
            132_012,
        ),
        (
            template("spring_collection", "en_US", &json!([good[1]])),
            400,
            132_012,
        ),
        (
            template("login_code", "en_US", &json!([body(&["123456"])])),
            400,
            132_000,
        ),
    ];
    for (message, http, wanted) in cases {
        let answer = bench.send(PHONE, &message).await;
        assert_eq!(code(&answer), (http, wanted), "{message}: {}", answer.1);
    }
    let fits = bench
        .send(PHONE, &template("spring_collection", "en_US", &good))
        .await;
    assert_eq!(fits.0, 200, "{}", fits.1);
    assert_eq!(fits.1["messages"][0]["message_status"], "accepted");
}

#[tokio::test]
async fn paused_and_disabled_templates() {
    let bench = Bench::start().await;
    let all = bench.look("/_sim/templates").await;
    let id = all["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|t| t["name"] == "hello_kite")
        .unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let hello = template("hello_kite", "en_US", &json!([]));
    for (status, wanted) in [("PAUSED", 132_015), ("DISABLED", 132_016)] {
        bench
            .control(
                &format!("/_sim/templates/{id}/decision"),
                &json!({"status": status}),
            )
            .await;
        assert_eq!(code(&bench.send(PHONE, &hello).await), (400, wanted));
    }
}

#[tokio::test]
async fn the_throughput_of_a_number() {
    let bench = Bench::start().await;
    let id = bench.sim.credentials.phone_number_id.clone();
    bench
        .control(
            &format!("/_sim/numbers/{id}"),
            &json!({"throughput_mps": 5}),
        )
        .await;
    bench.advance(Duration::from_secs(1)).await;
    for n in 0..5 {
        bench
            .accepted(&format!("+9198000000{n:02}"), &text("x"))
            .await;
    }
    let refused = bench.send("+919800000099", &text("x")).await;
    assert_eq!(code(&refused), (400, 130_429));
    assert_eq!(refused.1["error"]["error_subcode"], 2_494_055);
    bench
        .control("/_sim/faults", &json!({"throttle_status": 429}))
        .await;
    assert_eq!(
        code(&bench.send("+919800000099", &text("x")).await),
        (429, 130_429)
    );
    bench.advance(Duration::from_secs(1)).await;
    bench.accepted("+919800000099", &text("x")).await;
    assert_eq!(bench.look("/_sim/ledger/summary").await["accepted"], 6);
}

#[tokio::test]
async fn the_pair_rate() {
    let bench = Bench::start().await;
    for n in 0..45 {
        bench.accepted(PHONE, &text(&format!("{n}"))).await;
    }
    assert_eq!(
        code(&bench.send(PHONE, &text("one more")).await),
        (400, 131_056)
    );
    bench
        .accepted("+919800000001", &text("another person"))
        .await;
    bench.advance(Duration::from_secs(6)).await;
    bench.accepted(PHONE, &text("one more")).await;
    assert_eq!(
        code(&bench.send(PHONE, &text("and one more")).await),
        (400, 131_056)
    );
}

/// Sends and gives the code of the `failed` status.
async fn fails(bench: &mut Bench, to: &str, message: &Value) -> i64 {
    let wamid = bench.accepted(to, message).await;
    bench.advance(Duration::from_secs(1)).await;
    loop {
        let (status, value) = bench.status().await;
        if status["id"] == wamid.as_str() {
            assert_eq!(status["status"], "failed", "{status}");
            assert!(status["pricing"].is_null());
            assert!(
                value["contacts"].is_null(),
                "failed statuses have no contacts"
            );
            assert!(status["errors"][0]["error_data"]["details"].is_string());
            return status["errors"][0]["code"].as_i64().unwrap();
        }
    }
}

#[tokio::test]
async fn accepted_and_then_failed() {
    let mut bench = Bench::start().await;
    assert_eq!(fails(&mut bench, PHONE, &text("no window")).await, 131_047);
    bench.writes(PHONE).await;
    let person = bench.look(&format!("/_sim/persons/{PHONE}")).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        fails(
            &mut bench,
            PHONE,
            &json!({"type": "image", "image": {"id": "12345"}})
        )
        .await,
        131_053
    );
    let reaction =
        json!({"type": "reaction", "reaction": {"message_id": "wamid.none", "emoji": "👍"}});
    assert_eq!(fails(&mut bench, PHONE, &reaction).await, 131_009);
    let offer = template(
        "festival_offer",
        "en_US",
        &json!([body(&["Asha"]),
        {"type": "button", "sub_type": "copy_code", "index": "0", "parameters": [{"type": "coupon_code", "coupon_code": "FLY"}]}]),
    );
    assert_eq!(fails(&mut bench, "+16505550123", &offer).await, 131_049);
    bench
        .control(
            &format!("/_sim/persons/{person}/stop"),
            &json!({"value": "stop"}),
        )
        .await;
    assert_eq!(fails(&mut bench, PHONE, &offer).await, 131_050);
    bench
        .control(
            &format!("/_sim/persons/{person}/block"),
            &json!({"blocked": true}),
        )
        .await;
    assert_eq!(fails(&mut bench, PHONE, &text("hello?")).await, 131_026);
    bench
        .control(
            &format!("/_sim/persons/{person}/block"),
            &json!({"blocked": false}),
        )
        .await;
    bench
        .control(
            &format!("/_sim/persons/{person}/behaviour"),
            &json!({"fails_with": 130_472}),
        )
        .await;
    assert_eq!(fails(&mut bench, PHONE, &text("x")).await, 130_472);
}

#[tokio::test]
async fn tokens_and_numbers_that_do_not_work() {
    let bench = Bench::start().await;
    let number = bench.sim.credentials.phone_number_id.clone();
    let ask = |token: Option<&str>| {
        let mut request = bench.http.get(bench.url(&format!("/{number}")));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        async move {
            let response = request.send().await.unwrap();
            let status = response.status().as_u16();
            (status, response.json::<Value>().await.unwrap())
        }
    };
    assert_eq!(code(&ask(None).await), (401, 104));
    assert_eq!(code(&ask(Some("EAAnonsense")).await), (401, 190));
    let made = bench
        .control("/_sim/tokens", &json!({"expires_in_s": 60}))
        .await;
    let token = made["access_token"].as_str().unwrap();
    assert_eq!(ask(Some(token)).await.0, 200);
    bench.advance(Duration::from_mins(1)).await;
    let expired = ask(Some(token)).await;
    assert_eq!(code(&expired), (401, 190));
    assert_eq!(expired.1["error"]["error_subcode"], 463);
    bench
        .control(
            &format!("/_sim/numbers/{number}"),
            &json!({"token_valid": false}),
        )
        .await;
    assert_eq!(code(&bench.send(PHONE, &text("x")).await), (401, 190));
    bench
        .control(
            &format!("/_sim/numbers/{number}"),
            &json!({"token_valid": true, "status": "RESTRICTED"}),
        )
        .await;
    assert_eq!(code(&bench.send(PHONE, &text("x")).await), (403, 131_031));
    let test = json!({"status": "CONNECTED", "allowed_recipients": ["+919800000001"]});
    bench
        .control(&format!("/_sim/numbers/{number}"), &test)
        .await;
    assert_eq!(code(&bench.send(PHONE, &text("x")).await), (400, 131_030));
    bench.accepted("9800000001", &text("x")).await;
    assert_eq!(
        code(
            &bench
                .post(
                    "/v25.0/999/messages",
                    &json!({"messaging_product": "whatsapp"})
                )
                .await
        ),
        (400, 100)
    );
}

#[tokio::test]
async fn the_marketing_messages_endpoint() {
    let mut bench = Bench::start().await;
    let send = |name: &str| {
        let mut message = template(name, "en_US", &json!([]));
        message["messaging_product"] = "whatsapp".into();
        message["to"] = PHONE.into();
        message
    };
    let edge = bench.number("marketing_messages");
    assert_eq!(
        code(&bench.post(&edge, &send("hello_kite")).await),
        (400, 134_100)
    );
    let header = json!([{"type": "header", "parameters": [{"type": "text", "text": "Asha"}]}]);
    let mut offer = send("welcome_back");
    offer["template"]["components"] = header;
    assert_eq!(bench.post(&edge, &offer).await.0, 200);
    bench.advance(Duration::from_millis(120)).await;
    assert_eq!(
        bench.status().await.0["pricing"]["category"],
        "marketing_lite"
    );
    let waba = bench.sim.credentials.waba_id.clone();
    bench
        .post(
            &format!("/{waba}"),
            &json!({"disable_marketing_messages_on_cloud_api": true}),
        )
        .await;
    assert_eq!(
        code(&bench.post(&bench.number("messages"), &offer).await),
        (400, 131_063)
    );
}
