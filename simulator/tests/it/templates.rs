//! Templates from creation through review to deletion.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::Bench;

fn offer(name: &str, body: &str) -> Value {
    json!({"name": name, "language": "en_US", "category": "MARKETING", "components": [
        {"type": "BODY", "text": body, "example": {"body_text": [["Asha", "Kulkarni"]]}}]})
}

async fn create(bench: &Bench, template: &Value) -> (u16, Value) {
    bench.post(&bench.waba("message_templates"), template).await
}

#[tokio::test]
async fn a_good_one_is_approved_and_told() {
    let mut bench = Bench::start().await;
    let (status, made) = create(
        &bench,
        &offer(
            "new_kite",
            "Hi {{1}}, dear {{2}}, a new kite has come in today.",
        ),
    )
    .await;
    assert_eq!(status, 200, "{made}");
    assert_eq!(
        (made["status"].as_str(), made["category"].as_str()),
        (Some("PENDING"), Some("MARKETING"))
    );
    bench.advance(Duration::from_mins(1)).await;
    let change = bench.change().await;
    assert_eq!(change["field"], "message_template_status_update");
    assert_eq!(change["value"]["event"], "APPROVED");
    assert_eq!(
        change["value"]["message_template_id"].to_string(),
        made["id"].as_str().unwrap()
    );
    assert_eq!(change["value"]["message_template_language"], "en_US");
    let (_, node) = bench
        .get(&format!(
            "/{}?fields=status,quality_score",
            made["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(node["status"], "APPROVED");
}

#[tokio::test]
async fn a_bad_one_is_rejected_with_a_reason() {
    let mut bench = Bench::start().await;
    create(
        &bench,
        &offer(
            "bad_kite",
            "Hi {{1}}{{2}}, a new kite has come in for you today.",
        ),
    )
    .await;
    bench.advance(Duration::from_mins(1)).await;
    let change = bench.change().await;
    assert_eq!(change["value"]["event"], "REJECTED");
    assert_eq!(change["value"]["reason"], "INVALID_FORMAT");
    assert!(change["value"]["rejection_info"]["recommendation"].is_string());
}

#[tokio::test]
async fn what_is_refused_at_once() {
    let bench = Bench::start().await;
    let subcode = |answer: &Value| answer["error"]["error_subcode"].as_i64();
    let (_, twice) = create(
        &bench,
        &json!({"name": "order_confirmed", "language": "en_US", "category": "UTILITY",
        "components": [{"type": "BODY", "text": "Hello there"}]}),
    )
    .await;
    assert_eq!(subcode(&twice), Some(2_388_024));
    assert_eq!(
        twice["error"]["error_user_title"],
        "Content in This Language Already Exists"
    );
    assert_eq!(
        create(&bench, &offer("Bad Name", "Hello there you"))
            .await
            .1["error"]["code"],
        100
    );
    assert_eq!(
        subcode(&create(&bench, &offer("ends", "Hello there {{1}}")).await.1),
        Some(2_388_299)
    );
    let mut unknown = offer("tongue", "Hello there you");
    unknown["language"] = "xx".into();
    assert_eq!(create(&bench, &unknown).await.0, 400);
    let image = json!({"name": "pic", "language": "en_US", "category": "UTILITY", "components": [
        {"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Hello there"}]});
    assert_eq!(create(&bench, &image).await.0, 400);
}

#[tokio::test]
async fn edits_are_limited_and_reviewed() {
    let mut bench = Bench::start().await;
    let (_, list) = bench
        .get(&bench.waba("message_templates?name=hello_kite"))
        .await;
    let id = list["data"][0]["id"].as_str().unwrap().to_owned();
    let edit = json!({"components": [{"type": "BODY", "text": "Hello from us. We will answer in an hour."}]});
    assert_eq!(
        bench.post(&format!("/{id}"), &edit).await.1["success"],
        true
    );
    assert_eq!(
        bench.get(&format!("/{id}?fields=status")).await.1["status"],
        "PENDING"
    );
    assert_eq!(bench.post(&format!("/{id}"), &edit).await.0, 400);
    bench.advance(Duration::from_mins(1)).await;
    assert_eq!(bench.change().await["value"]["event"], "APPROVED");
    assert_eq!(
        bench.post(&format!("/{id}"), &edit).await.0,
        400,
        "once in 24 hours"
    );
    bench.advance(Duration::from_hours(24)).await;
    assert_eq!(bench.post(&format!("/{id}"), &edit).await.0, 200);
}

#[tokio::test]
async fn deleting_takes_all_languages_and_holds_the_name() {
    let bench = Bench::start().await;
    assert_eq!(
        bench
            .delete(&bench.waba("message_templates?name=order_confirmed"))
            .await
            .0,
        200
    );
    let (_, list) = bench
        .get(&bench.waba("message_templates?name=order_confirmed"))
        .await;
    assert_eq!(list["data"], json!([]));
    let again = offer(
        "order_confirmed",
        "Hi {{1}}, dear {{2}}, a new kite has come in today.",
    );
    assert_eq!(create(&bench, &again).await.0, 400);
    bench.advance(Duration::from_hours(24 * 30)).await;
    assert_eq!(create(&bench, &again).await.0, 200);
    assert_eq!(
        bench
            .delete(&bench.waba("message_templates?name=no_such"))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn decisions_from_the_control_plane() {
    let mut bench = Bench::start().await;
    let (_, list) = bench
        .get(&bench.waba("message_templates?name=monsoon_sale"))
        .await;
    let id = list["data"][0]["id"].as_str().unwrap().to_owned();
    let decide = format!("/_sim/templates/{id}/decision");
    bench.control(&decide, &json!({"status": "APPROVED"})).await;
    assert_eq!(bench.change().await["value"]["event"], "APPROVED");
    bench.control(&decide, &json!({"quality": "YELLOW"})).await;
    let change = bench.change().await;
    assert_eq!(
        (
            change["field"].as_str(),
            change["value"]["new_quality_score"].as_str()
        ),
        (Some("message_template_quality_update"), Some("YELLOW"))
    );
    bench
        .control(&decide, &json!({"category": "UTILITY"}))
        .await;
    let change = bench.change().await;
    assert_eq!(change["value"]["previous_category"], "MARKETING");
    bench.control(&decide, &json!({"event": "PAUSED"})).await;
    assert_eq!(
        bench.change().await["value"]["other_info"]["title"],
        "FIRST_PAUSE"
    );
    bench.advance(Duration::from_hours(3)).await;
    assert_eq!(bench.change().await["value"]["event"], "APPROVED");
    assert_eq!(bench.post(&decide, &json!({"status": "NICE"})).await.0, 422);
}

#[tokio::test]
async fn the_cards_of_a_carousel_are_checked_one_by_one() {
    let mut bench = Bench::start().await;
    let card = json!({"components": [
        {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::a"]}},
        {"type": "BODY", "text": "The {{1}} kite", "example": {"body_text": [["red"]]}},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "See", "url": "https://kite.example/{{1}}", "example": ["https://kite.example/red"]}]},
    ]});
    let (status, made) = create(
        &bench,
        &json!({
            "name": "new_kites", "language": "en_US", "category": "MARKETING",
            "components": [{"type": "BODY", "text": "New this week"}, {"type": "CAROUSEL", "cards": [card, card]}],
        }),
    )
    .await;
    assert_eq!(status, 200, "{made}");
    let decision = format!("/_sim/templates/{}/decision", made["id"].as_str().unwrap());
    bench
        .control(&decision, &json!({"status": "APPROVED"}))
        .await;
    bench.change().await;
    let filled = |index: usize, colour: &str| {
        json!({"card_index": index, "components": [
            {"type": "header", "parameters": [{"type": "image", "image": {"link": "https://kite.example/a.png"}}]},
            {"type": "body", "parameters": [{"type": "text", "text": colour}]},
            {"type": "button", "sub_type": "url", "index": 0, "parameters": [{"type": "text", "text": colour}]},
        ]})
    };
    let message = |cards: &[Value]| {
        json!({"type": "template", "template": {"name": "new_kites", "language": {"code": "en_US"},
            "components": [{"type": "carousel", "cards": cards}]}})
    };
    let phone = "+919812345678";
    let good = message(&[filled(1, "blue"), filled(0, "red")]);
    bench.accepted(phone, &good).await;
    let one = message(&[filled(0, "red")]);
    let mut bare = filled(1, "blue");
    bare["components"][1]["parameters"] = json!([]);
    let bare = message(&[filled(0, "red"), bare]);
    for wrong in [one, bare] {
        let (status, answer) = bench.send(phone, &wrong).await;
        assert_eq!(
            (status, answer["error"]["code"].as_i64()),
            (400, Some(132_000))
        );
    }
}

#[tokio::test]
async fn utility_that_sells_is_approved_as_marketing() {
    let mut bench = Bench::start().await;
    bench.in_order().await;
    let (_, made) = create(
        &bench,
        &json!({"name": "kite_news", "language": "en_US", "category": "UTILITY",
            "components": [{"type": "BODY", "text": "All kites are 20% off until Sunday."}]}),
    )
    .await;
    assert_eq!(made["category"], "UTILITY");
    bench.advance(Duration::from_mins(1)).await;
    let change = bench.change().await;
    assert_eq!(change["field"], "template_category_update");
    assert_eq!(
        (
            change["value"]["previous_category"].as_str(),
            change["value"]["new_category"].as_str()
        ),
        (Some("UTILITY"), Some("MARKETING"))
    );
    let change = bench.change().await;
    assert_eq!(change["value"]["event"], "APPROVED");
    assert_eq!(change["value"]["message_template_category"], "MARKETING");
}

#[tokio::test]
async fn a_code_in_another_category_is_rejected() {
    let mut bench = Bench::start().await;
    create(
        &bench,
        &json!({"name": "kite_code", "language": "en_US", "category": "UTILITY", "components": [
            {"type": "BODY", "text": "Your verification code is {{1}}, keep it safe.", "example": {"body_text": [["1234"]]}}]}),
    )
    .await;
    bench.advance(Duration::from_mins(1)).await;
    let change = bench.change().await;
    assert_eq!(
        (
            change["value"]["event"].as_str(),
            change["value"]["reason"].as_str()
        ),
        (Some("REJECTED"), Some("INCORRECT_CATEGORY"))
    );
}

#[tokio::test]
async fn the_third_pause_disables_and_disabled_ones_stay() {
    let mut bench = Bench::start().await;
    let (_, list) = bench
        .get(&bench.waba("message_templates?name=hello_kite"))
        .await;
    let id = list["data"][0]["id"].as_str().unwrap().to_owned();
    let decide = format!("/_sim/templates/{id}/decision");
    for (title, hours) in [("FIRST_PAUSE", 3), ("SECOND_PAUSE", 6)] {
        bench.control(&decide, &json!({"event": "PAUSED"})).await;
        assert_eq!(bench.change().await["value"]["other_info"]["title"], title);
        bench.advance(Duration::from_hours(hours)).await;
        assert_eq!(bench.change().await["value"]["event"], "APPROVED");
    }
    bench.control(&decide, &json!({"event": "PAUSED"})).await;
    let change = bench.change().await;
    assert_eq!(change["value"]["event"], "DISABLED");
    assert_eq!(change["value"]["other_info"]["title"], "DISABLED");
    let (status, _) = bench
        .delete(&bench.waba("message_templates?name=hello_kite"))
        .await;
    assert_eq!(status, 400, "disabled templates are not deleted");
}

#[tokio::test]
async fn a_hundred_may_be_made_in_an_hour() {
    let bench = Bench::start().await;
    let one = |no: usize| {
        json!({"name": format!("kite_{no}"), "language": "en_US", "category": "UTILITY",
            "components": [{"type": "BODY", "text": "Hello there"}]})
    };
    for no in 0..100 {
        assert_eq!(create(&bench, &one(no)).await.0, 200);
    }
    let (_, refused) = create(&bench, &one(100)).await;
    assert_eq!(refused["error"]["code"], 80_007);
    bench.advance(Duration::from_hours(1)).await;
    assert_eq!(create(&bench, &one(100)).await.0, 200);
}
