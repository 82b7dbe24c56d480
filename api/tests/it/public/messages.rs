//! `/message/`, and the campaigns that count messages.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use wigwag_model::Permission;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use super::{get, number, post, refuses, talks, template, written};
use crate::support::World;

const PHONE: &str = "919999999901";

fn with_phone(body: Value) -> Value {
    let mut body = body;
    body["fullPhoneNumber"] = json!(PHONE);
    body
}

#[db_test]
async fn every_session_type_is_sent(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    talks(&world, &world.f, &key, PHONE).await;
    let buttons = json!({"type": "button", "body": {"text": "Fine?"},
        "action": {"buttons": [{"type": "reply", "reply": {"id": "id1", "title": "Ok"}}]}});
    let list = json!({"type": "list", "body": {"text": "Which?"}, "action": {"button": "View",
        "sections": [{"title": "service", "rows": [{"id": "u1", "title": "All", "description": "hello"}]}]}});
    let link = "https://kite.example/a";
    for (body, kind, part) in [
        (
            json!({"type": "Text", "data": {"message": "hello"}}),
            "text",
            json!({"body": "hello"}),
        ),
        (
            json!({"type": "Image", "data": {"message": "caption", "mediaUrl": link}}),
            "image",
            json!({"link": link, "caption": "caption"}),
        ),
        (
            json!({"type": "Document", "data": {"message": "caption", "mediaUrl": link, "fileName": "r.pdf"}}),
            "document",
            json!({"link": link, "caption": "caption", "filename": "r.pdf"}),
        ),
        (
            json!({"type": "Video", "data": {"message": "caption", "mediaUrl": link, "fileName": "Test"}}),
            "video",
            json!({"link": link, "caption": "caption"}),
        ),
        (
            json!({"type": "Audio", "data": {"message": "This is a test", "mediaUrl": link, "fileName": "Test"}}),
            "audio",
            json!({"link": link}),
        ),
        (
            json!({"type": "Sticker", "data": {"mediaUrl": link}}),
            "sticker",
            json!({"link": link}),
        ),
        (
            json!({"type": "InteractiveButton", "data": {"message": buttons}}),
            "interactive",
            buttons.clone(),
        ),
        (
            json!({"type": "Button", "data": {"body": buttons["body"], "action": buttons["action"]}}),
            "interactive",
            buttons.clone(),
        ),
        (
            json!({"type": "InteractiveList", "data": {"message": list}}),
            "interactive",
            list.clone(),
        ),
        (
            json!({"type": "List", "data": list}),
            "interactive",
            list.clone(),
        ),
    ] {
        let mut body = with_phone(body);
        body["callbackData"] = json!("order-1");
        let sent = post(&world, &key, "/message/", body.clone()).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{body}: {}", sent.body);
        assert_eq!(
            sent.body["message"],
            "Message queued for sending via Interakt. Check webhook for delivery status"
        );
        sent.body["id"]
            .as_str()
            .unwrap()
            .parse::<uuid::Uuid>()
            .unwrap();
        let row = written(&world, &world.f).await.pop().unwrap();
        assert_eq!(
            (&row["kind"], &row["callback"]),
            (&json!(kind), &json!("order-1"))
        );
        assert_eq!(row["source"], "api");
        assert_eq!(row["body"]["type"], kind, "{row}");
        assert_eq!(row["body"][kind], part, "{body}");
    }
    let chats = world.get(&key, "/api/v1/conversations").await;
    let chat = chats.body["data"][0]["id"].as_str().unwrap();
    let thread = world
        .get(&key, &format!("/api/v1/conversations/{chat}/messages"))
        .await;
    let images: Vec<&Value> = thread.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|message| message["kind"] == "image")
        .collect();
    assert_eq!(images[0]["content"]["link"], link);
    assert_eq!(images[0]["callback_data"], "order-1");
    world.end().await;
}

#[db_test]
async fn session_messages_need_a_window_and_make_nobody(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let text = json!({"type": "Text", "data": {"message": "hello"}});
    let closed = post(&world, &key, "/message/", with_phone(text.clone())).await;
    assert_eq!(closed.status, StatusCode::BAD_REQUEST);
    assert!(
        closed.body["message"]
            .as_str()
            .unwrap()
            .contains("template"),
        "{}",
        closed.body
    );
    let nobody = world.get(&key, "/api/v1/contacts").await;
    assert_eq!(nobody.body["data"], json!([]));
    talks(&world, &world.f, &key, PHONE).await;
    for (change, field) in [
        (json!({"type": "Fax"}), "type"),
        (json!({"type": null}), "type"),
        (json!({"data": null}), "data"),
        (json!({"data": {"message": ""}}), "data.message"),
        (json!({"type": "Image", "data": {}}), "data.mediaUrl"),
        (
            json!({"type": "Image", "data": {"mediaUrl": "ftp://x"}}),
            "data.mediaUrl",
        ),
        (
            json!({"type": "Image", "data": {"mediaUrl": "https://x.example", "message": "x".repeat(1_025)}}),
            "data.message",
        ),
        (
            json!({"type": "List", "data": {"message": {"body": {"text": "?"}, "action": {}}}}),
            "data.message",
        ),
        (json!({"callbackData": "x".repeat(513)}), "callbackData"),
        (json!({"campaignId": "x"}), "campaignId"),
        (json!({"campaignId": uuid::Uuid::nil()}), "campaignId"),
        (json!({"fallback": "sms"}), "fallback"),
        (json!({"fullPhoneNumber": null}), "userId"),
        (
            json!({"fullPhoneNumber": null, "userId": "nobody"}),
            "userId",
        ),
        (json!({"type": "Template"}), "template"),
    ] {
        let mut body = with_phone(text.clone());
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        refuses(&post(&world, &key, "/message/", body).await, field);
    }
    assert_eq!(
        written(&world, &world.f).await.len(),
        0,
        "nothing was written"
    );
    let sms = json!([{"channel": "sms", "sender_id": "FYNBAK", "pe_id": "1", "provider_name": "default",
        "content": {"message": "Hi {{1}}", "dlt_te_id": "2", "variables": ["x"]}}]);
    let mut body = with_phone(text);
    body["fallback"] = sms;
    assert_eq!(
        post(&world, &key, "/message/", body).await.status,
        StatusCode::CREATED
    );
    let rcs = post(&world, &key, "/rcs/message/", json!({"type": "Text"})).await;
    assert_eq!(rcs.status, StatusCode::BAD_REQUEST);
    assert_eq!(rcs.body["result"], false);
    assert!(
        rcs.body["message"].as_str().unwrap().contains("RCS"),
        "{}",
        rcs.body
    );
    world.end().await;
}

#[db_test]
async fn a_key_with_a_name_of_its_own_sends_once(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    talks(&world, &world.f, &key, PHONE).await;
    let send = async |idempotency: &str, words: &str| {
        let body = with_phone(json!({"type": "Text", "data": {"message": words}}));
        let headers = [
            ("authorization", format!("Basic {key}")),
            ("idempotency-key", idempotency.to_owned()),
        ];
        let headers = headers
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        world
            .ask(Method::POST, "/v1/public/message/", &headers, Some(&body))
            .await
    };
    let first = send("k-1", "Hello").await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    let again = send("k-1", "Hello").await;
    assert_eq!(again.body["id"], first.body["id"]);
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(send("k-1", "Bye").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(written(&world, &world.f).await.len(), 1);
    // Without one each request is a message, as Interakt has it.
    let text = with_phone(json!({"type": "Text", "data": {"message": "Hello"}}));
    let one = post(&world, &key, "/message/", text.clone()).await;
    let two = post(&world, &key, "/message/", text).await;
    assert_ne!(one.body["id"], two.body["id"]);
    world.end().await;
}

fn shipped() -> Value {
    json!([
        {"type": "HEADER", "format": "DOCUMENT"},
        {"type": "BODY", "text": "Hi {{1}}, parcel {{2}} is on its way."},
        {"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": "Thanks"},
            {"type": "URL", "text": "Track", "url": "https://kite.example/t/{{1}}"},
        ]},
    ])
}

#[db_test]
async fn templates_are_sent_with_their_values(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    template(&world, &world.f, "shipped", "utility", shipped()).await;
    let documented = json!({"countryCode": "+91", "phoneNumber": "9999999901", "template_category": "utility",
        "callbackData": "c", "type": "Template",
        "template": {"name": "shipped", "languageCode": "en", "headerValues": ["https://kite.example/bill.pdf"],
            "fileName": "bill.pdf", "bodyValues": ["Asha", 7], "buttonValues": {"1": ["12344"]}}});
    let sent = post(&world, &key, "/message/", documented.clone()).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.body);
    assert_eq!(sent.body["message"], "Message created successfully");
    let row = written(&world, &world.f).await.pop().unwrap();
    let components = &row["body"]["template"]["components"];
    assert_eq!(
        components[0]["parameters"][0]["document"],
        json!({"link": "https://kite.example/bill.pdf", "filename": "bill.pdf"})
    );
    assert_eq!(components[1]["parameters"][1]["text"], "7");
    assert_eq!(components[2]["index"], "1");
    assert_eq!(components[2]["parameters"][0]["text"], "12344");
    let contact = get(&world, &key, "/apis/users/phone_number/919999999901").await;
    assert_eq!(
        contact.body["data"]["total_customers"], 1,
        "a template makes the contact"
    );

    for (change, field) in [
        (json!({"name": "nothing"}), "template.name"),
        (json!({"languageCode": "hi"}), "template.languageCode"),
        (json!({"headerValues": []}), "template.headerValues"),
        (
            json!({"headerValues": ["http://kite.example/a"]}),
            "template.headerValues",
        ),
        (json!({"bodyValues": ["Asha"]}), "template.bodyValues"),
        (json!({"bodyValues": ["Asha", "a\nb"]}), "template"),
        (json!({"buttonValues": {}}), "template.buttonValues.1"),
        (json!({"buttonValues": [["a"]]}), "template.buttonValues.1"),
        (
            json!({"buttonValues": {"x": ["a"]}}),
            "template.buttonValues",
        ),
        (json!({"carouselCards": [{}]}), "template.carouselCards"),
        (
            json!({"order_status": {}}),
            "template.order_status.reference_id",
        ),
        (json!({"name": null}), "template.name"),
    ] {
        let mut body = documented.clone();
        for (name, value) in change.as_object().unwrap() {
            body["template"][name] = value.clone();
        }
        let answer = post(&world, &key, "/message/", body).await;
        let message = answer.body["message"].as_str().unwrap_or_default();
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{change}: {}",
            answer.body
        );
        assert!(message.starts_with(field), "{change}: {message}");
    }
    let mut moved = documented;
    moved["template_category"] = json!("authentication");
    let refused = post(&world, &key, "/message/", moved).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(
        refused.body["message"]
            .as_str()
            .unwrap()
            .contains("utility"),
        "{}",
        refused.body
    );
    assert_eq!(written(&world, &world.f).await.len(), 1);
    world.end().await;
}

#[db_test]
async fn codes_carousels_and_orders_are_sent(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    template(&world, &world.f, "code", "authentication", json!([
        {"type": "BODY", "add_security_recommendation": true},
        {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "Copy"}]},
    ])).await;
    let card = json!({"components": [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "BODY", "text": "The {{1}} kite"},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "See", "url": "https://kite.example/{{1}}"}]},
    ]});
    template(
        &world,
        &world.f,
        "cards",
        "marketing",
        json!([
            {"type": "BODY", "text": "New"}, {"type": "CAROUSEL", "cards": [card, card]},
        ]),
    )
    .await;
    template(
        &world,
        &world.f,
        "order",
        "utility",
        json!([{"type": "BODY", "text": "Your order"}]),
    )
    .await;
    let send = async |template: Value| {
        let body = json!({"fullPhoneNumber": PHONE, "type": "Template", "template": template});
        post(&world, &key, "/message/", body).await
    };
    let code = json!({"name": "code", "languageCode": "en", "bodyValues": ["123456"], "buttonValues": {"0": ["123456"]}});
    assert_eq!(send(code.clone()).await.status, StatusCode::CREATED);
    let row = written(&world, &world.f).await.pop().unwrap();
    let components = &row["body"]["template"]["components"];
    assert_eq!(components[0]["parameters"][0]["text"], "123456");
    assert_eq!(components[1]["parameters"][0]["text"], "123456");
    let mut other = code;
    other["buttonValues"]["0"][0] = json!("654321");
    refuses(&send(other).await, "template.buttonValues.0");

    let card = |colour: &str| {
        json!({"headerValues": [format!("https://kite.example/{colour}.png")], "bodyValues": [colour],
        "buttonValues": {"0": [colour]}})
    };
    let cards = json!({"name": "cards", "languageCode": "en", "carouselCards": [card("red"), card("blue")]});
    let sent = send(cards.clone()).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.body);
    let row = written(&world, &world.f).await.pop().unwrap();
    let carousel = &row["body"]["template"]["components"][0];
    assert_eq!(carousel["type"], "carousel");
    assert_eq!(
        carousel["cards"][1]["components"][1]["parameters"][0]["text"],
        "blue"
    );
    let mut few = cards;
    few["carouselCards"].as_array_mut().unwrap().pop();
    refuses(&send(few).await, "template.carouselCards");

    let status =
        json!({"reference_id": "ref_123", "order": {"status": "shipped", "description": "Soon"}});
    let sent = send(
        json!({"name": "order", "languageCode": "en", "buttonValues": {}, "order_status": status}),
    )
    .await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.body);
    let row = written(&world, &world.f).await.pop().unwrap();
    assert_eq!(
        row["body"]["template"]["components"][0],
        json!({"type": "order_status", "parameters": [{"type": "order_status", "order_status": status}]})
    );
    world.end().await;
}

#[db_test]
async fn a_campaign_counts_the_messages_that_name_it(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    template(
        &world,
        &world.f,
        "order",
        "utility",
        json!([{"type": "BODY", "text": "Your order"}]),
    )
    .await;
    let documented = json!({"campaign_name": "Orders", "campaign_type": "PublicAPI", "template_name": "order", "language_code": "en"});
    let made = post(&world, &key, "/create-campaign/", documented).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert_eq!(
        made.body["message"],
        "Api Campaign Created created successfully"
    );
    let data = &made.body["data"];
    assert_eq!(
        (&data["name"], &data["type"]),
        (&json!("Orders"), &json!("PublicAPI"))
    );
    assert_eq!(data["campaignId"], data["campaign_id"]);
    let id = data["campaignId"].as_str().unwrap().to_owned();
    for (name, phone) in [
        ("campaignId", "919999999901"),
        ("campaign_id", "919999999901"),
        ("campaignId", "919999999902"),
    ] {
        let mut body = json!({"fullPhoneNumber": phone, "type": "Template", "template": {"name": "order", "languageCode": "en"}});
        body[name] = json!(id);
        let sent = post(&world, &key, "/message/", body).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.body);
    }
    let list = world.get(&key, "/api/v1/campaigns?state=api").await;
    let campaign = &list.body["data"][0];
    assert_eq!(
        (&campaign["name"], &campaign["state"]),
        (&json!("Orders"), &json!("api"))
    );
    assert_eq!(campaign["counts"], json!({"queued": 3}));
    assert_eq!(campaign["funnel"]["waiting"], 3);
    let path = format!("/api/v1/campaigns/{}", campaign["id"].as_str().unwrap());
    assert_eq!(
        world.get(&key, &format!("{path}/report")).await.status,
        StatusCode::OK
    );
    for action in ["pause", "resume", "stop", "undo"] {
        let moved = world
            .post(&key, &format!("{path}/{action}"), &json!({}))
            .await;
        assert_eq!(
            moved.status,
            StatusCode::CONFLICT,
            "{action}: {}",
            moved.body
        );
    }
    for (body, field) in [
        (json!({"campaign_name": ""}), "campaign_name"),
        (json!({}), "campaign_name"),
        (
            json!({"campaign_name": "X", "campaign_type": "OneTime"}),
            "campaign_type",
        ),
        (
            json!({"campaign_name": "X", "template_name": "order"}),
            "language_code",
        ),
        (
            json!({"campaign_name": "X", "template_name": "no", "language_code": "en"}),
            "template.name",
        ),
    ] {
        refuses(&post(&world, &key, "/create-campaign/", body).await, field);
    }
    // Another workspace's campaign is none.
    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    template(
        &world,
        &stranger,
        "order",
        "utility",
        json!([{"type": "BODY", "text": "Your order"}]),
    )
    .await;
    let body = json!({"fullPhoneNumber": PHONE, "type": "Template", "campaignId": id, "template": {"name": "order", "languageCode": "en"}});
    refuses(
        &post(&world, &theirs, "/message/", body).await,
        "campaignId",
    );
    let nothing = world.get(&theirs, "/api/v1/campaigns").await;
    assert_eq!(nothing.body["data"], json!([]));
    world.end().await;
}

#[db_test]
async fn a_key_names_the_number_where_there_are_two(db: TestDb) {
    let world = World::new(db).await;
    let admin = world.key().await;
    template(
        &world,
        &world.f,
        "order",
        "utility",
        json!([{"type": "BODY", "text": "Your order"}]),
    )
    .await;
    let second = number(&world, &world.f).await;
    let body = json!({"fullPhoneNumber": PHONE, "type": "Template", "template": {"name": "order", "languageCode": "en"}});
    let refused = post(&world, &admin, "/message/", body.clone()).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(
        refused.body["message"]
            .as_str()
            .unwrap()
            .contains("number_id"),
        "{}",
        refused.body
    );
    let wish = json!({"name": "Shop", "scopes": ["messages.send"], "number_id": second});
    let made = world.post(&admin, "/api/v1/api_keys", &wish).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let secret = made.body["secret"].as_str().unwrap();
    let sent = post(&world, secret, "/message/", body.clone()).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.body);
    let bearer = format!("Bearer {admin}");
    let edit = async |body: Value| {
        let path = format!("/api/v1/api_keys/{}", made.body["id"].as_str().unwrap());
        world
            .ask(
                Method::PATCH,
                &path,
                &[("authorization", &bearer)],
                Some(&body),
            )
            .await
    };
    let edited = edit(json!({"number_id": null, "name": "Shop two"})).await;
    assert_eq!(
        (&edited.body["number_id"], &edited.body["name"]),
        (&Value::Null, &json!("Shop two"))
    );
    assert_eq!(
        post(&world, secret, "/message/", body).await.status,
        StatusCode::BAD_REQUEST
    );
    let stranger = world.db.workspace().await;
    let foreign = edit(json!({"number_id": stranger.number})).await;
    assert_eq!(foreign.field(), "number_id", "{}", foreign.body);
    let foreign = json!({"name": "X", "scopes": ["messages.send"], "number_id": stranger.number});
    let foreign = world.post(&admin, "/api/v1/api_keys", &foreign).await;
    assert_eq!(foreign.field(), "number_id", "{}", foreign.body);
    world.end().await;
}
