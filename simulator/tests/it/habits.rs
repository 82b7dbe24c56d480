//! How people behave, and what the control plane lets be set up around them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Bench, PHONE, text};

fn offer() -> Value {
    json!({"type": "template", "template": {"name": "festival_offer", "language": {"code": "en_US"}, "components": [
        {"type": "body", "parameters": [{"type": "text", "text": "Asha"}]},
        {"type": "button", "sub_type": "copy_code", "index": 0, "parameters": [{"type": "coupon_code", "coupon_code": "FLYHIGH"}]}]}})
}

#[tokio::test]
async fn habits_can_be_said_shortly_and_for_everybody_to_come() {
    let mut bench = Bench::start().await;
    let short = json!({"reads": false, "replies": "Yes, please", "delay_ms": 50});
    bench.control("/_sim/persons/*/behaviour", &short).await;
    bench.writes(PHONE).await;
    let wamid = bench.accepted(PHONE, &text("Tea?")).await;
    bench.advance(Duration::from_secs(5)).await;
    let answer = bench.message().await;
    assert_eq!(answer["messages"][0]["text"]["body"], "Yes, please");
    assert_eq!(answer["messages"][0]["context"]["id"], wamid.as_str());
    let person = bench.look(&format!("/_sim/persons/{PHONE}")).await;
    assert_eq!(person["behaviour"]["reads"], "never");
    let wrong = json!({"moods": true});
    let (status, answer) = bench
        .post(&format!("/_sim/persons/{PHONE}/behaviour"), &wrong)
        .await;
    assert_eq!(status, 422);
    let said = answer["error"]["message"].as_str().unwrap();
    assert!(
        said.contains("`moods`") && said.contains("delivery_ms"),
        "{said}"
    );
    let blocks = json!({"blocks": true});
    bench
        .control(&format!("/_sim/persons/{PHONE}/behaviour"), &blocks)
        .await;
    bench.accepted(PHONE, &text("Still there?")).await;
    bench.advance(Duration::from_secs(5)).await;
    let summary = bench
        .look(&format!("/_sim/ledger/summary?person={PHONE}"))
        .await;
    assert_eq!(summary["last_status"], json!({"delivered": 1, "failed": 1}));
}

#[tokio::test]
async fn an_offer_too_many_and_the_person_stops() {
    let mut bench = Bench::start().await;
    bench
        .control("/_sim/persons/*/behaviour", &json!({"stops": 1.0}))
        .await;
    bench.accepted(PHONE, &offer()).await;
    bench.advance(Duration::from_secs(10)).await;
    let stop = loop {
        let change = bench.change().await;
        if change["field"] == "user_preferences" {
            break change["value"]["user_preferences"][0].clone();
        }
    };
    assert_eq!(stop["value"], "stop");
    bench.accepted(PHONE, &offer()).await;
    bench.advance(Duration::from_secs(10)).await;
    let failed = loop {
        let (status, _) = bench.status().await;
        if status["status"] == "failed" {
            break status;
        }
    };
    assert_eq!(failed["errors"][0]["code"], 131_050);
}

#[tokio::test]
async fn a_portfolio_reaches_only_so_many_people_a_day() {
    let mut bench = Bench::start().await;
    let portfolio = bench.sim.credentials.portfolio_id.clone();
    let path = format!("/_sim/portfolios/{portfolio}");
    let answer = bench
        .post(&path, &json!({"messaging_limit": "TIER_3"}))
        .await;
    assert_eq!(answer.0, 422);
    let limit = json!({"messaging_limit": "TIER_250"});
    bench.control(&path, &limit).await;
    let told = bench.change().await;
    assert_eq!(told["field"], "business_capability_update");
    let fast = json!({"throughput_mps": 1_000});
    let number = format!("/_sim/numbers/{}", bench.sim.credentials.phone_number_id);
    bench.control(&number, &fast).await;
    let phone = |n: usize| format!("+9198{n:08}");
    for n in 0..251 {
        bench.accepted(&phone(n), &offer()).await;
    }
    // Who was already written to counts once.
    bench.accepted(&phone(3), &offer()).await;
    bench.advance(Duration::from_secs(2)).await;
    let summary = bench.look("/_sim/ledger/summary").await;
    assert_eq!(summary["last_status"]["failed"], 1);
    let refused = bench
        .look(&format!("/_sim/ledger?person={}", phone(250)))
        .await;
    assert_eq!(refused["data"][0]["statuses"][0]["code"], 131_048);
    bench.advance(Duration::from_hours(24)).await;
    bench.accepted(&phone(250), &offer()).await;
    bench.advance(Duration::from_secs(2)).await;
    let summary = bench.look("/_sim/ledger/summary").await;
    assert_eq!(summary["last_status"]["failed"], 1);
}

#[tokio::test]
async fn apps_of_their_own_and_secrets_that_change() {
    let bench = Bench::start().await;
    let app = bench
        .control("/_sim/apps", &json!({"name": "Second"}))
        .await;
    let token = app["access_token"].as_str().unwrap();
    let path = bench.waba("subscribed_apps");
    let answer = bench.http.post(bench.url(&path)).bearer_auth(token);
    assert_eq!(answer.send().await.unwrap().status(), 200);
    let (_, apps) = bench.get(&path).await;
    assert_eq!(apps["data"].as_array().unwrap().len(), 2);
    let id = bench.sim.credentials.app_id.clone();
    let path = format!("/_sim/apps/{id}/secret");
    let rotated = bench.control(&path, &json!({})).await;
    assert_ne!(
        rotated["app_secret"],
        bench.sim.credentials.app_secret.as_str()
    );
    let known = bench.look("/_sim/credentials").await;
    assert_eq!(known["app_secret"], rotated["app_secret"]);
    let all = bench.look("/_sim/apps").await;
    assert_eq!(all["data"].as_array().unwrap().len(), 2);
    assert_eq!(bench.post("/_sim/apps/1/secret", &json!({})).await.0, 404);
}

#[tokio::test]
async fn only_opus_is_audio_in_ogg() {
    let mut bench = Bench::start().await;
    bench.in_order().await;
    bench.writes(PHONE).await;
    let sample = bench.http.get(bench.url("/_sim/samples/voice-1"));
    let opus = sample.send().await.unwrap().bytes().await.unwrap();
    let mut vorbis = opus.to_vec();
    let at = vorbis.windows(8).position(|bytes| bytes == b"OpusHead");
    vorbis[at.unwrap()] = b'X';
    for (bytes, fails) in [(opus.to_vec(), false), (vorbis, true)] {
        let part = reqwest::multipart::Part::bytes(bytes)
            .file_name("a.ogg")
            .mime_str("audio/ogg")
            .unwrap();
        let form = reqwest::multipart::Form::new()
            .text("messaging_product", "whatsapp")
            .part("file", part);
        let request = bench
            .http
            .post(bench.url(&bench.number("media")))
            .bearer_auth(&bench.sim.credentials.access_token);
        let answer: Value = request
            .multipart(form)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let audio = json!({"type": "audio", "audio": {"id": answer["id"], "voice": true}});
        bench.accepted(PHONE, &audio).await;
        bench.advance(Duration::from_secs(1)).await;
        let (status, _) = bench.status().await;
        assert_eq!(status["status"] == "failed", fails, "{status}");
        bench.advance(Duration::from_secs(30)).await;
        while !fails && bench.status().await.0["status"] != "played" {}
    }
}

#[tokio::test]
async fn notices_about_an_account_are_sent_by_hand() {
    let mut bench = Bench::start().await;
    let path = format!("/_sim/wabas/{}/notices", bench.sim.credentials.waba_id);
    let value =
        json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE"}});
    for wrong in [
        json!({"field": "messages", "value": value}),
        json!({"field": "account_update", "value": "banned"}),
        json!({}),
    ] {
        assert_eq!(bench.post(&path, &wrong).await.0, 422, "{wrong}");
    }
    let notice = json!({"field": "account_update", "value": value});
    assert_eq!(bench.post("/_sim/wabas/1/notices", &notice).await.0, 404);
    let (status, answer) = bench.post(&path, &notice).await;
    assert_eq!((status, &answer["told"]), (200, &json!(true)));
    let told = bench.change().await;
    assert_eq!(told["field"], "account_update");
    assert_eq!(told["value"], value);
}
