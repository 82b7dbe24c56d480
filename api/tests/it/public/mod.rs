//! The API in Interakt's form: what each documented request gets, what is refused and how, and that no key
//! sees another workspace.

mod customers;
mod messages;
mod redirects;
mod rules;
mod templates;
mod users;

use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use wigwag_model::{ConversationId, NumberId, TemplateId};
use wigwag_store::testing::Fixture;
use wigwag_store::{Priority, conversations, sql};

use crate::support::{Answer, World};

/// A request as Interakt's clients make it.
async fn call(world: &World, key: &str, method: Method, path: &str, body: &Value) -> Answer {
    let basic = format!("Basic {}", STANDARD.encode(format!("{key}:")));
    let path = format!("/v1/public{path}");
    let headers = [("authorization", basic.as_str())];
    let body = (method != Method::GET).then_some(body);
    world.ask(method, &path, &headers, body).await
}

async fn post(world: &World, key: &str, path: &str, body: Value) -> Answer {
    call(world, key, Method::POST, path, &body).await
}

async fn get(world: &World, key: &str, path: &str) -> Answer {
    call(world, key, Method::GET, path, &Value::Null).await
}

/// The refusal of a request: a 400 whose message begins with the field.
#[track_caller]
fn refuses(answer: &Answer, field: &str) {
    let message = answer.body["message"].as_str().unwrap_or_default();
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    assert_eq!(answer.body["result"], false, "{}", answer.body);
    assert!(
        message.starts_with(&format!("{field}: ")),
        "{field}: {message}"
    );
}

/// A person who has just written to a number.
async fn talks(world: &World, f: &Fixture, key: &str, phone: &str) -> ConversationId {
    let made = post(
        world,
        key,
        "/track/users/",
        json!({"fullPhoneNumber": phone}),
    )
    .await;
    assert_eq!(made.status, StatusCode::ACCEPTED, "{}", made.body);
    let id: uuid::Uuid = made.body["id"].as_str().unwrap().parse().unwrap();
    let contact = wigwag_model::id::Id::from_uuid(id);
    let (chat, _) = conversations::open(&world.db, f.workspace, contact, f.number)
        .await
        .unwrap();
    let until = world
        .db
        .mint()
        .now()
        .plus(std::time::Duration::from_hours(24));
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("UPDATE conversations SET window_closes_at = $2 WHERE id = $1")
                    .bind(chat)
                    .bind(until)
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
    chat
}

/// A second number of a workspace.
async fn number(world: &World, f: &Fixture) -> NumberId {
    let id: NumberId = world.db.mint().id();
    let (f, now) = (f.clone(), world.db.mint().now());
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("INSERT INTO numbers (workspace_id, id, waba, phone_number_id, display_phone_number, verified_name, quality, status, throughput, enabled, created_at)
                     VALUES ($1, $2, $3, $4, '+91 80 4000 0001', 'Kite Two', 'green', 'connected', 80, 1, $5)")
                    .bind(f.workspace).bind(id).bind(f.waba).bind(format!("{}2", f.phone_number_id)).bind(now)
                    .execute(tx).await
            })
        })
        .await
        .unwrap();
    id
}

/// An approved template.
async fn template(
    world: &World,
    f: &Fixture,
    name: &'static str,
    category: &'static str,
    components: Value,
) -> TemplateId {
    let id: TemplateId = world.db.mint().id();
    let (f, now) = (f.clone(), world.db.mint().now());
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("INSERT INTO templates (workspace_id, id, waba, meta_template_id, name, language, category, status, quality,
                        parameter_format, components, synced_at, created_at)
                     VALUES ($1, $2, $3, $4, $5, 'en', $6, 'approved', 'green', 'positional', $7, $8, $8)")
                    .bind(f.workspace).bind(id).bind(f.waba).bind(format!("m-{name}")).bind(name).bind(category)
                    .bind(components.to_string()).bind(now).execute(tx).await
            })
        })
        .await
        .unwrap();
    id
}

/// Every message of a workspace with what is kept of it, the first first.
async fn written(world: &World, f: &Fixture) -> Vec<Value> {
    let rows = sql("SELECT m.kind, m.content, m.callback_data, o.body, m.campaign_id, m.source
                    FROM messages m JOIN outbox o ON o.workspace_id = m.workspace_id AND o.message_id = m.id
                    WHERE m.workspace_id = $1 ORDER BY m.changed_seq")
    .bind(f.workspace)
    .fetch_all(&mut world.db.reader().await.unwrap())
    .await
    .unwrap();
    rows.iter()
        .map(|row| {
            let read = |at| serde_json::from_str::<Value>(&row.text(at).unwrap()).unwrap();
            json!({"kind": row.text(0).unwrap(), "content": read(1), "callback": row.opt_text(2).unwrap(),
                "body": read(3), "source": row.text(5).unwrap()})
        })
        .collect()
}
