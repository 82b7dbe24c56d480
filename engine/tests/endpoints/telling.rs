//! What endpoints are told, in both forms, and how it is signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use wigwag_meta::signature::{digest, verify};
use wigwag_model::endpoint::{Form, Kind, ROTATION};
use wigwag_model::{Role, Scope};
use wigwag_store::conversations::{self, Status};
use wigwag_store::endpoints;
use wigwag_store::sql;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::receiver::{Got, Receiver};
use crate::rig::{Rig, eventually};

const HELLO: &str = r#""contacts":[{"profile":{"name":"Mira"},"wa_id":"919800000001"}],"messages":[{"from":"919800000001","id":"wamid.IN1","timestamp":"1795424000","type":"text","text":{"body":"Is the kite there?"}}]"#;

/// Whether a signature of Standard Webhooks fits, computed here from the header's own parts.
fn fits(got: &Got, secret: &str) -> bool {
    let key = STANDARD
        .decode(secret.strip_prefix("whsec_").unwrap())
        .unwrap();
    let signed = format!(
        "{}.{}.{}",
        got.header("webhook-id"),
        got.header("webhook-timestamp"),
        got.body
    );
    let wanted = format!("v1,{}", STANDARD.encode(digest(&key, signed.as_bytes())));
    got.header("webhook-signature")
        .split(' ')
        .any(|one| one == wanted)
}

#[db_test]
async fn a_message_is_told_with_its_person_and_signed(db: TestDb) {
    let rig = Rig::new(db).await;
    let receiver = Receiver::willing().await;
    let made = rig
        .endpoint(&format!("{}/hooks?a=1", receiver.url), &[])
        .await;
    rig.webhook(HELLO).await;
    rig.until(made.endpoint.id, "delivered", 2).await;
    assert_eq!(receiver.types(), ["contact.created", "message.received"]);
    let got = &receiver.got()[1];
    assert_eq!(got.path, "/hooks");
    let body = got.json();
    let data = &body["data"];
    assert_eq!(data["message"]["content"]["body"], "Is the kite there?");
    assert_eq!(data["message"]["direction"], "in");
    assert_eq!(data["message"]["wamid"], "wamid.IN1");
    assert_eq!(data["contact"]["phone"], "+919800000001");
    assert_eq!(data["contact"]["name"], "Mira");
    assert_eq!(
        data["number"]["phone_number_id"],
        rig.f.phone_number_id.as_str()
    );
    assert_eq!(data["workspace_id"], rig.workspace().to_string());
    assert!(got.header("webhook-id").starts_with("delivery_"));
    assert!(got.header("user-agent").starts_with("wigwag/"));
    assert!(fits(got, &made.secret));
    assert!(!fits(got, "whsec_b3RoZXI="));
    // For a day the secret before signs too.
    let context = rig.engine().context();
    let id = made.endpoint.id;
    let other = wigwag_engine::endpoints::rotate(context, rig.workspace(), id)
        .await
        .unwrap();
    assert_ne!(*other.secret, *made.secret);
    rig.person(2).await;
    rig.until(id, "delivered", 3).await;
    let got = receiver.got()[2].clone();
    assert!(fits(&got, &made.secret) && fits(&got, &other.secret));
    rig.db.clock.advance(ROTATION);
    rig.person(3).await;
    rig.until(id, "delivered", 4).await;
    let got = receiver.got()[3].clone();
    assert!(!fits(&got, &made.secret) && fits(&got, &other.secret));
    rig.end().await;
}

#[db_test]
async fn statuses_are_told_one_by_one_and_once(db: TestDb) {
    let rig = Rig::new(db).await;
    let receiver = Receiver::willing().await;
    let made = rig
        .endpoint(&receiver.url, &[Kind::MessageReceived, Kind::MessageStatus])
        .await;
    rig.webhook(HELLO).await;
    rig.until(made.endpoint.id, "delivered", 1).await;
    rig.accepted("wamid.OUT1", "api").await;
    let status = |status: &str, at: i64| {
        format!(
            r#""statuses":[{{"id":"wamid.OUT1","status":"{status}","timestamp":"{at}","recipient_id":"919800000001"}}]"#
        )
    };
    // Out of order, and one of them twice.
    for (word, at) in [
        ("delivered", 1_795_424_012),
        ("sent", 1_795_424_011),
        ("delivered", 1_795_424_012),
        ("read", 1_795_424_013),
    ] {
        rig.webhook(&status(word, at)).await;
    }
    rig.until(made.endpoint.id, "delivered", 4).await;
    let told: Vec<_> = receiver
        .got()
        .iter()
        .skip(1)
        .map(|got| got.json()["data"].clone())
        .collect();
    let mut states: Vec<_> = told
        .iter()
        .map(|data| data["status"]["state"].as_str().unwrap().to_owned())
        .collect();
    states.sort();
    assert_eq!(states, ["delivered", "read", "sent"]);
    let read = told.iter().find(|data| data["status"]["state"] == "read");
    let read = read.unwrap();
    assert_eq!(read["status"]["at"], "2026-11-23T08:53:33.000Z");
    assert_eq!(read["message"]["callback_data"], "order=7");
    assert_eq!(read["status"]["failure"], json!(null));
    rig.end().await;
}

#[db_test]
async fn interakts_form_has_its_types_and_its_signature(db: TestDb) {
    let rig = Rig::new(db).await;
    let receiver = Receiver::willing().await;
    let made = rig.endpoint_of(Form::Interakt, &receiver.url, &[]).await;
    rig.webhook(HELLO).await;
    rig.until(made.endpoint.id, "delivered", 1).await;
    rig.accepted("wamid.OUT1", "api").await;
    rig.webhook(r#""statuses":[{"id":"wamid.OUT1","status":"failed","timestamp":"1795424011","recipient_id":"919800000001","errors":[{"code":131026,"title":"Message undeliverable"}]}]"#)
        .await;
    rig.until(made.endpoint.id, "delivered", 2).await;
    // A new contact has no type there.
    assert_eq!(receiver.types(), ["message_received", "message_api_failed"]);
    let got = receiver.got();
    let body = got[0].json();
    assert_eq!(body["version"], "1.0");
    assert_eq!(body["timestamp"].as_str().unwrap().len(), 26);
    let data = &body["data"];
    assert_eq!(data["message"]["chat_message_type"], "CustomerMessage");
    assert_eq!(data["message"]["message_content_type"], "Text");
    assert_eq!(data["message"]["message"], "Is the kite there?");
    assert_eq!(data["customer"]["channel_phone_number"], "919800000001");
    assert_eq!(data["customer"]["phone_number"], "9800000001");
    assert_eq!(data["customer"]["country_code"], "+91");
    let failed = got[1].json();
    let message = &failed["data"]["message"];
    assert_eq!(message["message_status"], "Failed");
    assert_eq!(message["channel_error_code"], "131026");
    assert_eq!(
        message["meta_data"]["source_data"]["callback_data"],
        "order=7"
    );
    for got in &got {
        let header = got.header("interakt-signature");
        let secrets = [made.secret.as_bytes()];
        assert_eq!(verify(&secrets, header, got.body.as_bytes()), Ok(0));
    }
    // What it has no words for cannot be chosen.
    let wish = wigwag_engine::endpoints::Wish {
        name: "x".to_owned(),
        url: receiver.url.clone(),
        form: Form::Interakt,
        events: vec![Kind::ContactCreated],
    };
    let context = rig.engine().context();
    let refused = wigwag_engine::endpoints::create(context, rig.workspace(), wish).await;
    assert!(refused.is_err());
    rig.end().await;
}

#[db_test]
async fn conversations_consent_and_tests_are_told(db: TestDb) {
    let rig = Rig::new(db).await;
    let receiver = Receiver::willing().await;
    rig.webhook(HELLO).await;
    let id = eventually("a conversation", async || {
        let row = sql("SELECT id FROM conversations")
            .fetch_optional(&mut rig.db.reader().await.unwrap())
            .await
            .unwrap()?;
        Some(row.id::<wigwag_model::ConversationId>(0).unwrap())
    })
    .await;
    let made = rig.endpoint(&receiver.url, &[]).await;
    let scope = Scope::member(rig.workspace(), rig.f.owner, Role::Owner);
    conversations::assign(&rig.db, &scope, id, Some(rig.f.owner))
        .await
        .unwrap();
    // Nothing changes: nothing is told.
    conversations::assign(&rig.db, &scope, id, Some(rig.f.owner))
        .await
        .unwrap();
    conversations::set_status(&rig.db, &scope, id, Status::Closed, None)
        .await
        .unwrap();
    rig.webhook(r#""messages":[{"from":"919800000001","id":"wamid.IN2","timestamp":"1795424100","type":"text","text":{"body":"STOP"}}]"#)
        .await;
    eventually("the no is told", async || {
        receiver
            .types()
            .contains(&"consent.changed".to_owned())
            .then_some(())
    })
    .await;
    let got = receiver.got();
    let of = |kind: &str| {
        let found = got.iter().map(Got::json).find(|body| body["type"] == kind);
        found.unwrap_or_else(|| panic!("{kind} is missing"))
    };
    let assigned = of("conversation.assigned");
    let assignee = &assigned["data"]["conversation"]["assignee"];
    assert_eq!(assignee["id"], rig.f.owner.to_string());
    assert_eq!(assignee["name"], "Asha Rao");
    assert_eq!(
        of("conversation.closed")["data"]["conversation"]["id"],
        id.to_string()
    );
    let consent = &of("consent.changed")["data"]["consent"];
    assert_eq!(consent["state"], "denied");
    assert_eq!(consent["source"], "keyword");
    let once = |kind: &str| {
        receiver
            .types()
            .iter()
            .filter(|known| *known == kind)
            .count()
    };
    assert_eq!(once("conversation.assigned"), 1);
    let context = rig.engine().context();
    wigwag_engine::endpoints::test(context, rig.workspace(), made.endpoint.id)
        .await
        .unwrap();
    eventually("the test is told", async || {
        receiver
            .types()
            .contains(&"webhook.test".to_owned())
            .then_some(())
    })
    .await;
    let shown = endpoints::get(&rig.db, rig.workspace(), made.endpoint.id)
        .await
        .unwrap();
    assert!(shown.last_success_at.is_some());
    rig.end().await;
}
