//! The phone page: files, persons, threads with rendered templates, live events.

use futures::StreamExt as _;
use serde_json::json;

use crate::support::{Bench, PHONE, text};

#[tokio::test]
async fn the_page_and_its_files() {
    let bench = Bench::start().await;
    let page = bench.http.get(bench.url("/")).send().await.unwrap();
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    let html = page.text().await.unwrap();
    let files: Vec<&str> = html
        .split('"')
        .filter(|part| part.starts_with("/assets/"))
        .collect();
    assert!(!files.is_empty());
    for file in files {
        assert_eq!(
            bench
                .http
                .get(bench.url(file))
                .send()
                .await
                .unwrap()
                .status(),
            200,
            "{file}"
        );
    }
    assert_eq!(
        bench
            .http
            .get(bench.url("/assets/none.js"))
            .send()
            .await
            .unwrap()
            .status(),
        404
    );
}

#[tokio::test]
async fn samples_can_be_shown() {
    let bench = Bench::start().await;
    let samples = bench.look("/_sim/samples").await;
    let types: Vec<&str> = samples["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["type"].as_str().unwrap())
        .collect();
    assert!(
        ["image", "audio", "document"]
            .iter()
            .all(|kind| types.contains(kind))
    );
    for sample in samples["data"].as_array().unwrap() {
        let answer = bench
            .http
            .get(bench.url(sample["url"].as_str().unwrap()))
            .send()
            .await
            .unwrap();
        assert_eq!(
            answer.headers()["content-type"],
            sample["mime_type"].as_str().unwrap()
        );
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        let whole = answer.bytes().await.unwrap();
        let part = bench
            .http
            .get(bench.url(sample["url"].as_str().unwrap()))
            .header("range", "bytes=10-19")
            .send()
            .await
            .unwrap();
        assert_eq!(part.status(), 206);
        let wanted = format!("bytes 10-19/{}", whole.len());
        assert_eq!(part.headers()["content-range"], wanted.as_str());
        assert_eq!(part.bytes().await.unwrap(), whole.slice(10..20));
    }
}

#[tokio::test]
async fn the_page_lets_nothing_foreign_in_and_is_not_sent_twice() {
    let bench = Bench::start().await;
    let page = bench.http.get(bench.url("/")).send().await.unwrap();
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
    let tag = page.headers()["etag"].clone();
    let html = page.text().await.unwrap();
    assert!(!html.contains("style=") && !html.contains("onclick"));
    for path in html.split('"').filter(|part| part.starts_with("/assets/")) {
        let answer = bench.http.get(bench.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
    let again = bench
        .http
        .get(bench.url("/"))
        .header("if-none-match", tag)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 304);
}

#[tokio::test]
async fn pages_of_other_sites_are_kept_out_of_the_control_plane() {
    let bench = Bench::start().await;
    let ask = async |origin: &str| {
        let request = bench.http.post(bench.url("/_sim/faults"));
        let request = request.header("origin", origin).body("{}");
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(ask("https://kite.example").await, 403);
    assert_eq!(ask("null").await, 403);
    assert_eq!(ask(&bench.sim.url).await, 200);
    bench.control("/_sim/faults", &json!({})).await;
}

#[tokio::test]
async fn a_message_that_failed_says_why() {
    let bench = Bench::start().await;
    bench.accepted(PHONE, &text("outside the window")).await;
    bench
        .control("/_sim/clock", &json!({"advance_ms": 5_000}))
        .await;
    let thread = bench.look(&format!("/_sim/persons/{PHONE}/thread")).await;
    assert_eq!(thread["data"][0]["status"], "failed");
    assert_eq!(thread["data"][0]["error"]["code"], 131_047);
    assert!(thread["data"][0]["error"]["title"].is_string());
}

#[tokio::test]
async fn persons_are_found_and_listed_by_activity() {
    let mut bench = Bench::start().await;
    let all = bench.look("/_sim/persons?limit=500").await;
    assert_eq!(all["data"].as_array().unwrap().len(), 40);
    let last = all["data"][39]["id"].as_str().unwrap().to_owned();
    bench.writes(&last).await;
    assert_eq!(
        bench.look("/_sim/persons?limit=1").await["data"][0]["id"],
        last.as_str()
    );
    bench.advance(std::time::Duration::from_secs(1)).await;
    bench
        .control("/_sim/persons", &json!({"name": "Noor", "phone": PHONE}))
        .await;
    let newest = bench.look("/_sim/persons?limit=1").await;
    assert_eq!(newest["data"][0]["name"], "Noor");
    let found = bench.look("/_sim/persons?q=asha").await;
    assert_eq!(found["data"][0]["name"], "Asha Kulkarni");
    let mut seen = 0;
    let mut after = String::new();
    loop {
        let page = bench
            .look(&format!("/_sim/persons?limit=15&after={after}"))
            .await;
        seen += page["data"].as_array().unwrap().len();
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        next.clone_into(&mut after);
    }
    assert_eq!(seen, 41);
}

#[tokio::test]
async fn a_template_is_drawn_with_its_values() {
    let bench = Bench::start().await;
    let message = json!({"type": "template", "template": {"name": "order_confirmed", "language": {"code": "en_US"}, "components": [
        {"type": "body", "parameters": [{"type": "text", "text": "Asha"}, {"type": "text", "text": "1042"}]},
        {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "1042"}]}]}});
    bench.accepted(PHONE, &message).await;
    let thread = bench.look(&format!("/_sim/persons/{PHONE}/thread")).await;
    let template = &thread["data"][0]["template"];
    assert_eq!(
        template["body"],
        "Hi Asha, your order 1042 is confirmed and will leave our workshop today."
    );
    assert_eq!(
        template["header"],
        json!({"format": "TEXT", "text": "Kite & Co."})
    );
    assert_eq!(template["footer"], "Kite & Co., Mumbai");
    assert_eq!(
        template["buttons"][0]["url"],
        "https://kite.example/orders/1042"
    );
    assert_eq!(template["buttons"][1]["payload"], "I need help");
    assert_eq!(thread["window"]["open"], false);
    let person = bench.look(&format!("/_sim/persons/{PHONE}")).await;
    assert!(
        person["last_message"]["text"]
            .as_str()
            .unwrap()
            .starts_with("Hi Asha")
    );
}

#[tokio::test]
async fn events_tell_what_changed() {
    let mut bench = Bench::start().await;
    bench
        .control("/_sim/persons", &json!({"name": "Asha", "phone": PHONE}))
        .await;
    let person = bench.look(&format!("/_sim/persons/{PHONE}")).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let events = bench
        .http
        .get(bench.url(&format!("/_sim/events?person={person}")))
        .send()
        .await
        .unwrap();
    let mut stream = events.bytes_stream();
    bench.writes(PHONE).await;
    bench
        .accepted("+919800000001", &text("not for this phone"))
        .await;
    bench.accepted(PHONE, &text("for this phone")).await;
    let mut all = String::new();
    // The second one to its end.
    while all.matches("event: message").count() < 2 || !all.ends_with("\n\n") {
        all.push_str(&String::from_utf8_lossy(
            &stream.next().await.unwrap().unwrap(),
        ));
    }
    assert!(
        all.contains(r#""direction":"from_person""#)
            && all.contains(r#""direction":"from_business""#)
    );
    assert!(
        all.lines()
            .filter(|line| line.starts_with("data: {\""))
            .all(|line| line.contains(&person) || !line.contains("person"))
    );
}
