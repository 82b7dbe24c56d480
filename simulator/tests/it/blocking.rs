//! The block list of a number.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Bench, text};

const PHONES: [&str; 3] = ["+919812345671", "+919812345672", "+919812345673"];

async fn people(bench: &mut Bench) {
    for phone in PHONES {
        let new = json!({"name": "Mira", "phone": phone});
        bench.control("/_sim/persons", &new).await;
        bench.writes(phone).await;
    }
}

fn users(phones: &[&str]) -> Value {
    let users: Vec<Value> = phones
        .iter()
        .map(|phone| json!({ "user": phone }))
        .collect();
    json!({"messaging_product": "whatsapp", "block_users": users})
}

#[tokio::test]
async fn a_list_is_read_in_pages_as_long_as_nobody_changes_it() {
    let mut bench = Bench::start().await;
    people(&mut bench).await;
    let path = bench.number("block_users");
    let (status, answer) = bench.post(&path, &users(&PHONES)).await;
    assert_eq!(status, 200, "{answer}");
    let (_, first) = bench.get(&format!("{path}?limit=2")).await;
    assert_eq!(first["data"].as_array().unwrap().len(), 2);
    let after = first["paging"]["cursors"]["after"].as_str().unwrap();
    let next = format!("{path}?limit=2&after={after}");
    let (_, second) = bench.get(&next).await;
    assert_eq!(second["data"][0]["wa_id"], "919812345673");
    assert!(second["paging"]["next"].is_null());
    // Blocked again: nothing has changed.
    bench.post(&path, &users(&PHONES[..1])).await;
    assert_eq!(bench.get(&next).await.0, 200);
    let request = bench
        .http
        .delete(bench.url(&path))
        .bearer_auth(&bench.sim.credentials.access_token);
    let removed = request.json(&users(&PHONES[..1])).send().await.unwrap();
    assert_eq!(removed.status(), 200);
    let (status, refused) = bench.get(&next).await;
    assert_eq!(
        (status, refused["error"]["code"].as_i64()),
        (400, Some(139_102))
    );
}

#[tokio::test]
async fn a_full_list_and_too_many_at_once_are_refused() {
    let mut bench = Bench::start().await;
    people(&mut bench).await;
    let path = bench.number("block_users");
    bench
        .control("/_sim/faults", &json!({"block_list": 2}))
        .await;
    let (status, answer) = bench.post(&path, &users(&PHONES)).await;
    assert_eq!(
        (status, answer["error"]["code"].as_i64()),
        (400, Some(139_100))
    );
    let parts = &answer["block_users"];
    assert_eq!(parts["added_users"].as_array().unwrap().len(), 2);
    assert_eq!(parts["failed_users"][0]["input"], PHONES[2]);
    assert_eq!(parts["failed_users"][0]["errors"][0]["code"], 139_101);
    let many = vec![PHONES[0]; 1_001];
    let (status, answer) = bench.post(&path, &users(&many)).await;
    assert_eq!((status, answer["error"]["code"].as_i64()), (400, Some(100)));
}

#[tokio::test]
async fn a_blocked_person_is_not_written_to() {
    let mut bench = Bench::start().await;
    people(&mut bench).await;
    let path = bench.number("block_users");
    bench.post(&path, &users(&PHONES[..1])).await;
    let (status, sent) = bench.send(PHONES[0], &text("are you there?")).await;
    assert_eq!(status, 200, "{sent}");
    bench.advance(Duration::from_secs(5)).await;
    let (word, _) = bench.status().await;
    assert_eq!(word["status"], "failed", "{word}");
    assert_eq!(word["errors"][0]["code"], 131_026);
}
