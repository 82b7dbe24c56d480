//! `/track/templates/`, `/track/organization/templates` and the upload of samples, with the simulator as Meta.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};
use wigwag_api::PublicApi;
use wigwag_model::Permission;
use wigwag_simulator::{Options, Running, Simulator, VirtualClock};
use wigwag_store::testing::TestDb;
use wigwag_store::{Priority, sql, wabas};
use wigwag_store_macros::db_test;

use super::{get, post, refuses, template};
use crate::support::{Answer, World};

/// A workspace whose account is the simulator's.
async fn with_meta(db: TestDb) -> (World, Running) {
    let clock = VirtualClock::frozen_at(db.mint().now().as_micros());
    let options = Options {
        clock: Arc::new(clock),
        ..Options::default()
    };
    let sim = Simulator::start(options).await.unwrap();
    let world = World::with(db, &sim.url, PublicApi::default()).await;
    let known = &sim.credentials;
    let (waba, waba_id) = (world.f.waba, known.waba_id.clone());
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("UPDATE wabas SET waba_id = $2 WHERE id = $1")
                    .bind(waba)
                    .bind(waba_id)
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
    // Samples are uploaded to the app that the account is reached through.
    wigwag_store::apps::put(
        &world.db,
        &known.app_id,
        "Kite",
        &known.app_secret,
        "verify",
    )
    .await
    .unwrap();
    let waba = wabas::New {
        portfolio: Some(world.f.portfolio),
        app_id: known.app_id.clone(),
        waba_id: known.waba_id.clone(),
        name: "Kite".to_owned(),
        access_token: known.access_token.clone(),
    };
    wabas::put(&world.db, world.f.workspace, waba)
        .await
        .unwrap();
    (world, sim)
}

fn offer() -> Value {
    json!({"display_name": "WELCOME OFFER", "language": "English", "category": "Marketing",
        "header_format": "TEXT", "header": "Hello {{1}}!", "header_text": ["John"],
        "body": "Hi {{1}}, get 10% off until Friday.", "body_text": ["User"], "footer": "Team",
        "button_type": "Call To Action", "buttons": [{"type": "URL", "text": "Pay", "url": "https://x.example/{{1}}"}],
        "button_text": "https://x.example/abc"})
}

fn names(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let rows = answer.body["results"]["templates"].as_array().unwrap();
    rows.iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect()
}

#[db_test]
async fn a_template_is_handed_in_whole_or_not_at_all(db: TestDb) {
    let (world, sim) = with_meta(db).await;
    let key = world.key().await;
    let made = post(&world, &key, "/track/templates/", offer()).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    assert_eq!(made.body["result"], true);
    let data = &made.body["data"];
    data["id"].as_str().unwrap().parse::<uuid::Uuid>().unwrap();
    assert_eq!(
        (&data["name"], &data["language"]),
        (&json!("welcome_offer"), &json!("en"))
    );
    assert!(data["wa_template_id"].is_string(), "{data}");
    let twice = post(&world, &key, "/track/templates/", offer()).await;
    refuses(&twice, "name");
    for (change, field) in [
        (json!({"display_name": ""}), "name"),
        (
            json!({"display_name": "b", "language": "Klingon"}),
            "language",
        ),
        (json!({"display_name": "b", "category": "Fun"}), "category"),
        (
            json!({"display_name": "b", "body": ""}),
            "components.body.text",
        ),
        (
            json!({"display_name": "b", "button_text": ""}),
            "components.buttons[0].example",
        ),
        (json!({"display_name": "b", "buttons": {"x": 1}}), "buttons"),
    ] {
        let mut body = offer();
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        refuses(&post(&world, &key, "/track/templates/", body).await, field);
    }
    let all = world.get(&key, "/api/v1/templates").await;
    assert_eq!(
        all.body["data"].as_array().unwrap().len(),
        1,
        "nothing is left of what was refused"
    );
    sim.shutdown().await;
    world.end().await;
}

#[db_test]
async fn templates_are_listed_with_what_interakt_asks_by(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let plain = json!([{"type": "BODY", "text": "Hello"}]);
    let filled =
        json!([{"type": "BODY", "text": "Hello {{1}}", "example": {"body_text": [["Asha"]]}}]);
    template(&world, &world.f, "hello", "utility", plain.clone()).await;
    template(&world, &world.f, "hello_name", "marketing", filled).await;
    let waiting = template(&world, &world.f, "waiting", "utility", plain.clone()).await;
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("UPDATE templates SET status = 'pending' WHERE id = $1")
                    .bind(waiting)
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
    let path = "/track/organization/templates";
    let documented = format!(
        "{path}?offset=0&template_name=&autosubmitted_for=all&approval_status=APPROVED&variable_present=Yes&language=all"
    );
    let found = get(&world, &key, &documented).await;
    assert_eq!(names(&found), ["hello_name"]);
    assert_eq!(
        (&found.body["count"], &found.body["has_next"]),
        (&json!(1), &json!(false))
    );
    let row = &found.body["results"]["templates"][0];
    assert_eq!(row["body"], "Hello {{1}}");
    assert_eq!(row["body_text"], "[\"Asha\"]");
    assert_eq!(
        (&row["category"], &row["approval_status"]),
        (&json!("Marketing"), &json!("APPROVED"))
    );
    assert_eq!(row["variable_present"], "Yes");
    for (query, wanted) in [
        ("", vec!["hello", "hello_name", "waiting"]),
        ("?approval_status=WAITING", vec!["waiting"]),
        ("?variable_present=No", vec!["hello", "waiting"]),
        ("?template_name=hello", vec!["hello", "hello_name"]),
        ("?language=hi", vec![]),
        ("?offset=1&limit=1", vec!["hello_name"]),
    ] {
        let found = get(&world, &key, &format!("{path}{query}")).await;
        assert_eq!(names(&found), wanted, "{query}");
    }
    let page = get(&world, &key, &format!("{path}/?limit=2")).await;
    assert_eq!(
        (&page.body["count"], &page.body["has_next"]),
        (&json!(3), &json!(true))
    );
    for (query, field) in [
        ("approval_status=FINE", "approval_status"),
        ("variable_present=maybe", "variable_present"),
        ("limit=101", "limit"),
        ("offset=x", "offset"),
    ] {
        refuses(&get(&world, &key, &format!("{path}?{query}")).await, field);
    }
    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    assert!(names(&get(&world, &theirs, path).await).is_empty());
    let foreign = json!({"fullPhoneNumber": "919999999901", "type": "Template", "template": {"name": "hello", "languageCode": "en"}});
    refuses(
        &post(&world, &theirs, "/message/", foreign).await,
        "template.name",
    );
    world.end().await;
}

#[db_test]
async fn a_sample_is_uploaded_and_used(db: TestDb) {
    let (world, sim) = with_meta(db).await;
    let key = world.key().await;
    let path = "/v1/public/track/files/upload_to_fb/?fileCategory=message_template_media";
    let form = |field: &str| {
        let mut body = format!("--kite\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"kite.png\"\r\n\r\n").into_bytes();
        body.extend(hex::decode("89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364f8cf50000184010018059a370000000049454e44ae426082").unwrap());
        body.extend(b"\r\n--kite--\r\n");
        body
    };
    let upload = async |field: &str| {
        let basic = format!("Basic {key}");
        world.form(&basic, path, "kite", form(field)).await
    };
    let kept = upload("uploadFile").await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.body);
    let data = &kept.body["data"];
    assert_eq!(data["file_name"], "kite.png");
    assert!(
        data["file_url"]
            .as_str()
            .unwrap()
            .starts_with("http://localhost:8080/"),
        "{data}"
    );
    refuses(&upload("file").await, "uploadFile");
    let body = json!({"display_name": "kites", "language": "en", "category": "MARKETING", "header_format": "IMAGE",
        "header_handle": [data["file_handle"]], "body": "Our new kites are here. Come and see them."});
    let made = post(&world, &key, "/track/templates/", body).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    assert_eq!(made.body["data"]["header_format"], "IMAGE");
    // Nobody else's file is a sample.
    let mut stolen = offer();
    stolen["header_format"] = json!("IMAGE");
    stolen["header_handle"] = json!(["media_01h455vb4pex5vsknk084sn02q"]);
    let refused = post(&world, &key, "/track/templates/", stolen).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.body);
    let all = world.get(&key, "/api/v1/templates").await;
    assert_eq!(all.body["data"].as_array().unwrap().len(), 1);
    sim.shutdown().await;
    world.end().await;
}
