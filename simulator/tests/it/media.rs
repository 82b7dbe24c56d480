//! Media from upload to deletion.

use std::time::Duration;

use serde_json::{Value, json};
use wigwag_simulator::{DAY, MINUTE};

use crate::support::{Bench, PHONE};

fn png() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend([7; 200]);
    bytes
}

async fn upload(bench: &Bench, bytes: Vec<u8>, mime: &str) -> (u16, Value) {
    let part = reqwest::multipart::Part::bytes(bytes)
        .file_name("a.bin")
        .mime_str(mime)
        .unwrap();
    let form = reqwest::multipart::Form::new()
        .text("type", mime.to_owned())
        .part("file", part);
    let url = bench.url(&bench.number("media?messaging_product=whatsapp"));
    let request = bench
        .http
        .post(url)
        .bearer_auth(&bench.sim.credentials.access_token);
    let response = request.multipart(form).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn download(bench: &Bench, url: &str, token: Option<&str>) -> (u16, Vec<u8>) {
    let mut request = bench.http.get(url);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.unwrap();
    (
        response.status().as_u16(),
        response.bytes().await.unwrap().to_vec(),
    )
}

fn micros(us: i64) -> Duration {
    Duration::from_micros(us as u64)
}

#[tokio::test]
async fn from_upload_to_deletion() {
    let bench = Bench::start().await;
    let token = bench.sim.credentials.access_token.clone();
    let (status, answer) = upload(&bench, png(), "image/png").await;
    assert_eq!(status, 200, "{answer}");
    let id = answer["id"].as_str().unwrap();
    let number = &bench.sim.credentials.phone_number_id;
    let (_, node) = bench
        .get(&format!("/v23.0/{id}?phone_number_id={number}"))
        .await;
    assert_eq!(node["mime_type"], "image/png");
    assert_eq!(node["file_size"], "208");
    assert_eq!(node["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(bench.get(&format!("/{id}?phone_number_id=1")).await.0, 400);
    let url = node["url"].as_str().unwrap();
    assert_eq!(download(&bench, url, Some(&token)).await, (200, png()));
    assert_eq!(download(&bench, url, None).await.0, 401);
    assert_eq!(
        download(&bench, &format!("{url}0"), Some(&token)).await.0,
        404
    );
    bench.advance(micros(5 * MINUTE)).await;
    assert_eq!(download(&bench, url, Some(&token)).await.0, 404);
    let (_, again) = bench.get(&format!("/{id}")).await;
    assert_eq!(
        download(&bench, again["url"].as_str().unwrap(), Some(&token))
            .await
            .0,
        200
    );
    assert_eq!(
        bench.delete(&format!("/{id}")).await,
        (200, json!({"success": true}))
    );
    assert_eq!(bench.get(&format!("/{id}")).await.0, 400);
}

#[tokio::test]
async fn ids_live_thirty_days() {
    let bench = Bench::start().await;
    let (_, answer) = upload(&bench, png(), "image/png").await;
    let id = answer["id"].as_str().unwrap();
    bench.advance(micros(30 * DAY - MINUTE)).await;
    assert_eq!(bench.get(&format!("/{id}")).await.0, 200);
    bench.advance(micros(MINUTE)).await;
    assert_eq!(bench.get(&format!("/{id}")).await.0, 400);
}

#[tokio::test]
async fn uploads_that_are_refused() {
    let bench = Bench::start().await;
    assert_eq!(
        upload(&bench, b"GIF89a0000000".to_vec(), "image/gif")
            .await
            .0,
        400
    );
    let (status, answer) = upload(&bench, vec![0xff; (5 << 20) + 1], "image/jpeg").await;
    assert_eq!(status, 400);
    assert!(
        answer["error"]["message"]
            .as_str()
            .unwrap()
            .contains("too large")
    );
    let (status, answer) = bench
        .post(
            &bench.number("media"),
            &json!({"messaging_product": "whatsapp"}),
        )
        .await;
    assert_eq!((status, answer["error"]["code"].as_i64()), (400, Some(100)));
}

#[tokio::test]
async fn the_kind_must_fit() {
    let mut bench = Bench::start().await;
    bench.writes(PHONE).await;
    let (_, answer) = upload(&bench, png(), "image/png").await;
    bench
        .accepted(
            PHONE,
            &json!({"type": "video", "video": {"id": answer["id"]}}),
        )
        .await;
    bench.advance(Duration::from_secs(1)).await;
    let (status, _) = bench.status().await;
    assert_eq!(status["errors"][0]["code"], 131_053);
}

#[tokio::test]
async fn a_resumable_upload_gives_a_handle() {
    let bench = Bench::start().await;
    let app = bench.sim.credentials.app_id.clone();
    let (_, session) = bench
        .post(
            &format!("/v25.0/{app}/uploads?file_length=208&file_type=image/png&file_name=a.png"),
            &json!({}),
        )
        .await;
    let session = session["id"].as_str().unwrap().to_owned();
    let request = bench.http.post(bench.url(&format!("/v25.0/{session}")));
    let request = request.header(
        "Authorization",
        format!("OAuth {}", bench.sim.credentials.access_token),
    );
    let answer: Value = request
        .header("file_offset", "0")
        .body(png())
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert!(answer["h"].as_str().unwrap().starts_with("4::"), "{answer}");
}
