//! Events over HTTP, and the goals of campaigns that they reach.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use wigwag_model::{MessageState, Permission};
use wigwag_store::testing::TestDb;
use wigwag_store::{Priority, sql};
use wigwag_store_macros::db_test;

use crate::support::World;

async fn asha(world: &World, key: &str) -> String {
    let body = json!({"name": "Asha", "phone": "+919800000001"});
    let made = world.post(key, "/api/v1/contacts", &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    made.body["id"].as_str().unwrap().to_owned()
}

#[db_test]
async fn an_event_is_told_once_and_listed(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let contact = asha(&world, &key).await;
    let order = json!({"contact": "+91 98000 00001", "name": "Order Placed", "id": "order-1042",
        "properties": {"total": 12.5, "lines": [{"sku": "kite"}]}, "occurred_at": "2026-11-23T08:30:00Z"});
    let told = world.post(&key, "/api/v1/events", &order).await;
    assert_eq!(told.status, StatusCode::CREATED, "{}", told.body);
    assert_eq!(told.body["contact_id"], contact);
    assert_eq!(told.body["source_id"], "order-1042");
    assert_eq!(told.body["properties"]["lines"][0]["sku"], "kite");
    let again = world.post(&key, "/api/v1/events", &order).await;
    assert_eq!((again.status, &again.body), (StatusCode::OK, &told.body));
    let plain = json!({"contact": contact, "name": "Cart Filled"});
    let told = world.post(&key, "/api/v1/events", &plain).await;
    assert_eq!(told.status, StatusCode::CREATED, "{}", told.body);
    assert_eq!(told.body["properties"], json!({}));
    let path = format!("/api/v1/contacts/{contact}/events");
    let page = world.get(&key, &format!("{path}?limit=1")).await;
    assert_eq!(page.body["data"][0]["name"], "Cart Filled");
    let cursor = page.body["next_cursor"].as_str().unwrap();
    let rest = world
        .get(&key, &format!("{path}?limit=1&cursor={cursor}"))
        .await;
    assert_eq!(rest.body["data"][0]["name"], "Order Placed");
    assert_eq!(rest.body["next_cursor"], Value::Null);

    let stranger = world.db.workspace().await;
    let theirs = world.key_of(&stranger, Permission::ALL).await;
    assert_eq!(
        world.get(&theirs, &path).await.status,
        StatusCode::NOT_FOUND
    );
    let foreign = world.post(&theirs, "/api/v1/events", &plain).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let reader = world.key_of(&world.f, &[Permission::ContactsRead]).await;
    assert_eq!(world.get(&reader, &path).await.status, StatusCode::OK);
    let refused = world.post(&reader, "/api/v1/events", &plain).await;
    assert_eq!(refused.code(), "forbidden");
    world.end().await;
}

#[db_test]
async fn what_is_wrong_with_an_event_is_said_by_field(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    asha(&world, &key).await;
    let many: serde_json::Map<String, Value> =
        (0..101).map(|at| (format!("p{at}"), json!(at))).collect();
    for (change, field) in [
        (json!({"name": ""}), "name"),
        (json!({"name": " Order"}), "name"),
        (json!({"name": "x".repeat(129)}), "name"),
        (json!({"contact": "contact_7"}), "contact"),
        (json!({"contact": "+0"}), "contact"),
        (json!({"contact": ""}), "contact"),
        (
            json!({"occurred_at": "2026-11-23T09:10:01Z"}),
            "occurred_at",
        ),
        (json!({"occurred_at": "yesterday"}), "occurred_at"),
        (json!({"properties": [1]}), "properties"),
        (json!({"properties": many}), "properties"),
        (
            json!({"properties": {"a": "x".repeat(33_000)}}),
            "properties",
        ),
        (json!({"id": ""}), "id"),
        (json!({"colour": "red"}), "colour"),
    ] {
        let mut body = json!({"contact": "+919800000001", "name": "Order Placed"});
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        let answer = world.post(&key, "/api/v1/events", &body).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{change}: {}",
            answer.body
        );
        assert!(
            answer.field().starts_with(field),
            "{change}: {}",
            answer.body
        );
    }
    for contact in [
        "+919800000002",
        "customer-7",
        "contact_01h455vb4pex5vsknk084sn02q",
    ] {
        let body = json!({"contact": contact, "name": "Order Placed"});
        let nobody = world.post(&key, "/api/v1/events", &body).await;
        assert_eq!(
            (nobody.status, nobody.code()),
            (StatusCode::NOT_FOUND, "not_found")
        );
        let words = nobody.body["detail"].as_str().unwrap();
        assert!(words.contains("POST /api/v1/contacts"), "{words}");
    }
    world.end().await;
}

#[db_test]
async fn a_goal_that_is_reached_is_in_the_report(db: TestDb) {
    let world = World::new(db).await;
    let key = world.key().await;
    let made = world
        .post(&key, "/api/v1/campaigns", &json!({"name": "Spring"}))
        .await;
    let id = made.body["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/campaigns/{id}");
    let bearer = format!("Bearer {key}");
    let edit = async |version: i64, settings: Value| {
        let body = json!({"version": version, "settings": settings});
        let headers = [("authorization", bearer.as_str())];
        world.ask(Method::PATCH, &path, &headers, Some(&body)).await
    };
    for (settings, field) in [
        (
            json!({"goals": [{"event": "Order Placed", "within_hours": 2161}]}),
            "settings.goals[0].within_hours",
        ),
        (json!({"goals": [{"event": ""}]}), "settings.goals[0].event"),
        (
            json!({"goals": [{"event": "A"}, {"event": "A"}]}),
            "settings.goals[1].event",
        ),
        (json!({"utm": {"source": " "}}), "settings.utm.source"),
    ] {
        let answer = edit(1, settings).await;
        assert_eq!(answer.field(), field, "{}", answer.body);
    }
    let goals = json!([{"event": "Cart Filled", "within_hours": 1}, {"event": "Order Placed"}]);
    let edited = edit(1, json!({"goals": goals, "utm": {"medium": "chat"}})).await;
    assert_eq!(edited.status, StatusCode::OK, "{}", edited.body);
    assert_eq!(edited.body["settings"]["goals"][1]["within_hours"], 72);
    assert_eq!(
        edited.body["settings"]["utm"],
        json!({"source": null, "medium": "chat", "campaign": null})
    );
    let (contact, conversation) = world.conversation_of(&world.f, "+919800000001").await;
    let (f, campaign) = (
        world.f.clone(),
        id.parse::<wigwag_model::CampaignId>().unwrap(),
    );
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                let (now, message): (_, wigwag_model::MessageId) = (tx.mint().now(), tx.mint().id());
                sql("INSERT INTO messages (workspace_id, id, conversation_id, contact_id, number_id, direction, kind, content, source,
                        state, at, seq, idx, created_at, changed_seq, campaign_id, campaign_round)
                     VALUES ($1, $2, $3, $4, $5, 'out', 'template', '{}', 'campaign', $6, $7, 0, 0, $7, 0, $8, 1)")
                    .bind(f.workspace).bind(message).bind(conversation).bind(contact).bind(f.number)
                    .bind(MessageState::Delivered.rank()).bind(now).bind(campaign).execute(tx).await?;
                sql("INSERT INTO campaign_recipients (workspace_id, campaign_id, round, contact_id, no, number_id, due_at, state, canary, fed_at, message_id)
                     VALUES ($1, $2, 1, $3, 1, $4, $5, 'fed', 0, $5, $6)")
                    .bind(f.workspace).bind(campaign).bind(contact).bind(f.number).bind(now).bind(message).execute(tx).await
            })
        })
        .await
        .unwrap();
    let order = json!({"contact": contact, "name": "Order Placed", "id": "1"});
    for status in [StatusCode::CREATED, StatusCode::OK] {
        assert_eq!(
            world.post(&key, "/api/v1/events", &order).await.status,
            status
        );
    }
    let report = world.get(&key, &format!("{path}/report")).await;
    assert_eq!(
        report.body["goals"],
        json!([
            {"event": "Cart Filled", "within_hours": 1, "converted": 0},
            {"event": "Order Placed", "within_hours": 72, "converted": 1},
        ])
    );
    assert_eq!(report.body["funnel"]["converted"], 1);
    assert_eq!(report.body["counts"], json!({"converted": 1}));
    assert_eq!(report.body["series"][0]["converted"], 1);
    let people = world
        .get(&key, &format!("{path}/recipients?state=converted"))
        .await;
    assert!(people.body["data"][0]["converted_at"].is_string());
    world.end().await;
}
