//! What endpoints are told of campaigns' links and of Meta's limits, as the pretend Meta causes it.

use serde_json::{Value, json};
use wigwag_model::EndpointId;
use wigwag_model::campaign::State;
use wigwag_model::endpoint::{Form, Kind};
use wigwag_store::endpoints::{self, New};
use wigwag_store::testing::TestDb;
use wigwag_store::{campaigns as rows, sql};
use wigwag_store_macros::db_test;
use zeroize::Zeroizing;

use crate::rig::{Rig, plain};
use crate::waits::PATIENCE;

/// An endpoint that is told of some kinds; nothing is called in these tests.
async fn endpoint(rig: &Rig, form: Form, events: &[Kind]) -> EndpointId {
    let new = New {
        name: "Books".to_owned(),
        url: "https://books.example/hooks".to_owned(),
        form,
        events: events.to_vec(),
        secret: Zeroizing::new("whsec_one".to_owned()),
    };
    endpoints::create(&rig.db, rig.f.workspace, new)
        .await
        .unwrap()
        .id
}

/// Waits for so many deliveries to an endpoint; their types and bodies.
async fn told(rig: &Rig, endpoint: EndpointId, wanted: usize) -> Vec<(String, Value)> {
    for _ in 0..PATIENCE {
        let rows =
            sql("SELECT kind, body FROM endpoint_deliveries WHERE endpoint_id = $1 ORDER BY seq")
                .bind(endpoint)
                .fetch_all(&mut rig.db.reader().await.unwrap())
                .await
                .unwrap();
        if rows.len() >= wanted {
            return rows
                .iter()
                .map(|row| {
                    let body = serde_json::from_str(&row.text(1).unwrap()).unwrap();
                    (row.text(0).unwrap(), body)
                })
                .collect();
        }
        rig.step().await;
    }
    panic!("{wanted} deliveries never came")
}

#[db_test]
async fn who_follows_a_link_is_told_in_both_forms(db: TestDb) {
    let mut rig = Rig::new(db).await;
    let template = json!({"name": "order_link", "language": "en_US", "category": "UTILITY", "components": [
        {"type": "BODY", "text": "Hello {{1}}, your order {{2}} is packed and will leave today.",
            "example": {"body_text": [["Asha", "1042"]]}},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "See order", "url": "https://wigwag.example/l/{{1}}",
            "example": ["https://wigwag.example/l/0aZ"]}]},
    ]});
    rig.approve(&template).await;
    let people = rig.people(1, |_| json!({"delivery_ms": 20})).await;
    let id = rig.draft(plain()).await;
    let variables = json!({
        "body.1": {"from": "constant", "value": "Mira"}, "body.2": {"from": "constant", "value": "1042"},
        "button.0.url": {"from": "constant", "value": "https://shop.example/order/1042"},
    });
    let patch = rows::Patch {
        variables: Some(serde_json::from_value(variables).unwrap()),
        ..rows::Patch::default()
    };
    let context = rig.engine.context();
    wigwag_engine::campaigns::edit(context, &rig.scope(), id, 2, patch)
        .await
        .unwrap();
    rig.send(id).await;
    rig.until_state(id, State::Done).await;
    let own = endpoint(&rig, Form::Wigwag, &[Kind::MessageClicked]).await;
    let other = endpoint(&rig, Form::Interakt, &[Kind::MessageClicked]).await;
    let link = rows::links_of(&rig.db, rig.f.workspace, id, people[0])
        .await
        .unwrap()
        .remove(0);
    let at = context.clock().now();
    for _ in 0..3 {
        context.clicks().note(&link.slug, at);
    }
    context.clicks().flush(&rig.db).await.unwrap();
    let all = told(&rig, own, 1).await;
    let (kind, body) = &all[0];
    assert_eq!(kind, "message.clicked");
    let data = &body["data"];
    assert_eq!(data["contact"]["id"], people[0].to_string());
    assert_eq!(data["message"]["campaign_id"], id.to_string());
    assert_eq!(
        data["click"],
        json!({
            "kind": "link", "button": "See order", "url": "https://shop.example/order/1042", "count": 3,
            "payload": null, "reply_id": null, "at": at,
        })
    );
    let all = told(&rig, other, 1).await;
    let (kind, body) = &all[0];
    assert_eq!(kind, "message_api_clicked");
    let data = &body["data"];
    assert_eq!(data["message"]["chat_message_type"], "CampaignMessage");
    assert_eq!(data["message"]["meta_data"]["click_type"], json!(null));
    let event = &data["event"];
    assert_eq!(event["click_type"], "CTA");
    assert_eq!(event["button_text"], "See order");
    assert_eq!(event["button_link"], "https://shop.example/order/1042");
    assert_eq!(event["callbackData"], json!(null));
    assert_eq!(event["click_timestamp"].as_str().unwrap().len(), 26);
    rig.end().await;
}

#[db_test]
async fn limits_throughput_and_a_ban_are_told_on(db: TestDb) {
    let rig = Rig::new(db).await;
    let kinds = [
        Kind::AccountLimitsChanged,
        Kind::NumberChanged,
        Kind::AccountChanged,
    ];
    let own = endpoint(&rig, Form::Wigwag, &kinds).await;
    let other = endpoint(&rig, Form::Interakt, &kinds).await;
    let meta = rig.sim.credentials.clone();
    let limit = json!({"messaging_limit": "TIER_10K"});
    rig.tell(&format!("portfolios/{}", meta.portfolio_id), &limit)
        .await;
    told(&rig, own, 1).await;
    let fast = json!({"throughput_mps": 1_000});
    rig.tell(&format!("numbers/{}", meta.phone_number_id), &fast)
        .await;
    told(&rig, own, 2).await;
    let value =
        json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE"}});
    let ban = json!({"field": "account_update", "value": value});
    rig.tell(&format!("wabas/{}/notices", meta.waba_id), &ban)
        .await;
    let all = told(&rig, own, 3).await;
    let kinds: Vec<&str> = all.iter().map(|(kind, _)| kind.as_str()).collect();
    let wanted = [
        "account.limits_changed",
        "number.changed",
        "account.changed",
    ];
    assert_eq!(kinds, wanted);
    assert_eq!(all[2].1["data"]["notice"]["value"], value);
    assert_eq!(all[0].1["data"]["people_per_day"], 10_000);
    assert_eq!(all[0].1["data"]["account"]["waba_id"], meta.waba_id);
    assert_eq!(
        all[1].1["data"]["notice"]["value"]["event"],
        "THROUGHPUT_UPGRADE"
    );
    let all = told(&rig, other, 3).await;
    let kinds: Vec<&str> = all.iter().map(|(kind, _)| kind.as_str()).collect();
    let wanted = [
        "business_capability_update",
        "phone_number_quality_update",
        "account_update",
    ];
    assert_eq!(kinds, wanted);
    assert_eq!(all[2].1["data"]["event"], "DISABLED_UPDATE");
    assert_eq!(
        all[0].1["data"]["max_daily_conversations_per_business"],
        "TIER_10K"
    );
    rig.end().await;
}
