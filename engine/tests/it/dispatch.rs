//! What leaves: once, in order, and with a record of how it ended.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;
use wigwag_engine::messages::{Draft, Send, SendError, Sent, What, send};
use wigwag_engine::{Engine, templates};
use wigwag_model::can_send::Refusal;
use wigwag_model::{ConversationId, MessageId, MessageState};
use wigwag_store::outbox::Idempotency;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::World;

const ACCEPTED: &[MessageState] = &[
    MessageState::Accepted,
    MessageState::Sent,
    MessageState::Delivered,
    MessageState::Read,
];

fn wish(world: &World, conversation: ConversationId, key: &str, what: What) -> Send {
    Send {
        scope: world.scope(),
        conversation,
        draft: Draft {
            what,
            reply_to: None,
            client_ref: None,
            callback_data: None,
            campaign: None,
        },
        idempotency: Some(Idempotency {
            key: key.to_owned(),
            request_hash: key.as_bytes().to_vec(),
        }),
    }
}

fn text(body: &str) -> What {
    What::Text {
        body: body.to_owned(),
        preview_url: false,
    }
}

async fn say(world: &World, engine: &Engine, to: ConversationId, body: &str) -> MessageId {
    send(engine.context(), wish(world, to, body, text(body)))
        .await
        .unwrap()
        .message
}

#[db_test]
async fn an_answer_reaches_meta_once(db: TestDb) {
    let world = World::new(db).await;
    let engine = world.engine().await;
    let mira = world.person("+919812345601").await;
    let id = say(&world, &engine, mira, "Hello Mira").await;
    let again = send(
        engine.context(),
        wish(&world, mira, "Hello Mira", text("Hello Mira")),
    )
    .await
    .unwrap();
    assert_eq!(
        again,
        Sent {
            message: id,
            repeated: true
        }
    );
    world.until(id, ACCEPTED).await;
    assert_eq!(world.accepted().await, ["Hello Mira"]);
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox").await, 0);
    world.end(engine).await;
}

#[db_test]
async fn an_accepted_message_without_an_answer_is_unknown_and_never_sent_again(db: TestDb) {
    let world = World::new(db).await;
    world
        .tell("faults", &json!({"rates": {"drop_after_accept": 1.0}}))
        .await;
    let engine = world.engine().await;
    let mira = world.person("+919812345601").await;
    let id = say(&world, &engine, mira, "Once").await;
    world.until(id, &[MessageState::Unknown]).await;
    world
        .tell("faults", &json!({"rates": {"drop_after_accept": 0.0}}))
        .await;
    let next = say(&world, &engine, mira, "Next").await;
    world.until(next, ACCEPTED).await;
    engine.stop().await;
    // A restart finds nothing to repeat either.
    let engine = world.engine().await;
    let last = say(&world, &engine, mira, "Last").await;
    world.until(last, ACCEPTED).await;
    assert_eq!(world.accepted().await, ["Once", "Next", "Last"]);
    assert_eq!(world.state(id).await, MessageState::Unknown);
    world.end(engine).await;
}

#[db_test]
async fn a_refusal_that_proves_no_effect_is_tried_again(db: TestDb) {
    let world = World::new(db).await;
    world
        .tell("faults", &json!({"rates": {"code": {"130429": 1.0}}}))
        .await;
    let engine = world.engine().await;
    let mira = world.person("+919812345601").await;
    let id = say(&world, &engine, mira, "Patience").await;
    let mut commits = world.db.feed_wakes().subscribe();
    while world
        .count("SELECT COUNT(*) FROM attempts WHERE effect = 'none'")
        .await
        == 0
    {
        // The lane records without an event: look again whenever anything moves, at least soon.
        let _ = tokio::time::timeout(Duration::from_millis(20), commits.changed()).await;
    }
    assert!(world.accepted().await.is_empty());
    world
        .tell("faults", &json!({"rates": {"code": {"130429": 0.0}}}))
        .await;
    world.db.clock.advance(Duration::from_mins(10));
    world.until(id, ACCEPTED).await;
    assert_eq!(world.accepted().await, ["Patience"]);
    world.end(engine).await;
}

#[db_test]
async fn a_lasting_refusal_fails_with_its_reason(db: TestDb) {
    let world = World::new(db).await;
    world
        .tell("faults", &json!({"rates": {"code": {"131031": 1.0}}}))
        .await;
    let engine = world.engine().await;
    let mira = world.person("+919812345601").await;
    let id = say(&world, &engine, mira, "Locked").await;
    world.until(id, &[MessageState::Failed]).await;
    let row = wigwag_store::messages::get(&world.db, world.f.workspace, id)
        .await
        .unwrap();
    assert_eq!(row.failure_code, Some(131_031));
    assert!(row.failure_reason.is_some());
    world.end(engine).await;
}

#[db_test]
async fn messages_to_one_person_keep_their_order(db: TestDb) {
    let world = World::new(db).await;
    world.tell("faults", &json!({"latency_ms": 15})).await;
    let engine = world.engine().await;
    let mira = world.person("+919812345601").await;
    let noor = world.person("+919812345602").await;
    let mut last = Vec::new();
    for number in 0..12 {
        world.db.clock.advance(Duration::from_micros(1));
        last = vec![
            say(&world, &engine, mira, &format!("m{number:02}")).await,
            say(&world, &engine, noor, &format!("n{number:02}")).await,
        ];
    }
    for id in last {
        world.until(id, ACCEPTED).await;
    }
    let accepted = world.accepted().await;
    for person in ["m", "n"] {
        let order: Vec<_> = accepted
            .iter()
            .filter(|text| text.starts_with(person))
            .collect();
        let mut sorted = order.clone();
        sorted.sort();
        assert_eq!(order, sorted);
        assert_eq!(order.len(), 12);
    }
    world.end(engine).await;
}

#[db_test]
async fn a_stop_leaves_no_attempt_without_a_record(db: TestDb) {
    let world = World::new(db).await;
    world.tell("faults", &json!({"latency_ms": 30})).await;
    let engine = world.engine().await;
    let mut people = Vec::new();
    for number in 0..10 {
        people.push(world.person(&format!("+9198123456{number:02}")).await);
    }
    for (number, person) in people.iter().cycle().take(60).enumerate() {
        say(&world, &engine, *person, &format!("message {number}")).await;
    }
    engine.stop().await;
    assert_eq!(
        world
            .count("SELECT COUNT(*) FROM messages WHERE state IN (20, 30)")
            .await,
        0,
        "nothing attempting or unknown"
    );
    assert_eq!(
        world
            .count("SELECT COUNT(*) FROM attempts WHERE effect IS NULL")
            .await,
        0
    );
    // What was not sent goes out after the next start, and everything went once.
    let engine = world.engine().await;
    let last = say(&world, &engine, people[0], "the last").await;
    world.until(last, ACCEPTED).await;
    let mut commits = world.db.feed_wakes().subscribe();
    while world.count("SELECT COUNT(*) FROM outbox").await > 0 {
        commits.changed().await.unwrap();
    }
    let mut accepted = world.accepted().await;
    accepted.sort();
    accepted.dedup();
    assert_eq!(accepted.len(), 61);
    assert_eq!(world.accepted().await.len(), 61);
    world.end(engine).await;
}

#[db_test]
async fn templates_go_out_with_their_values_and_ask_for_missing_ones(db: TestDb) {
    let world = World::new(db).await;
    let engine = world.engine().await;
    let mira = world.person("+919812345601").await;
    templates::sync(engine.context(), world.f.workspace, world.f.waba)
        .await
        .unwrap();
    let filter = wigwag_store::templates::Filter {
        status: Some("approved".to_owned()),
        ..Default::default()
    };
    let (rows, _) = wigwag_store::templates::list(&world.db, world.f.workspace, &filter, None, 100)
        .await
        .unwrap();
    let (row, variables) = rows
        .iter()
        .map(|row| {
            let named = row.parameter_format == "named";
            (
                row,
                wigwag_model::template::variables(&row.components, named),
            )
        })
        .find(|(row, variables)| {
            let plain = row.category == "utility"
                && row.components.as_array().unwrap().iter().all(|component| {
                    component["type"] != "HEADER" || component["format"] == "TEXT"
                });
            plain && !variables.is_empty()
        })
        .expect("a template with variables in its body");
    let what = |variables| What::Template {
        template: row.id,
        variables,
        header_media: None,
        header_link: None,
        header_location: None,
        order_status: None,
    };
    let missing = send(
        engine.context(),
        wish(&world, mira, "t1", what(BTreeMap::new())),
    )
    .await;
    match missing {
        Err(SendError::Field { field, code, .. }) => {
            assert_eq!(field, format!("template.variables.{}", variables[0].key));
            assert_eq!(code, "required");
        }
        other => panic!("{other:?}"),
    }
    let values: BTreeMap<_, _> = variables
        .iter()
        .map(|variable| (variable.key.clone(), "Friday".to_owned()))
        .collect();
    // A day later the window is closed: words are refused, the template goes.
    world.db.clock.advance(Duration::from_hours(25));
    world
        .tell("clock", &json!({"advance_ms": 25 * 3_600_000_u64}))
        .await;
    let words = send(engine.context(), wish(&world, mira, "t2", text("Hello"))).await;
    assert!(matches!(
        words,
        Err(SendError::Refused(Refusal::WindowClosed))
    ));
    let sent = send(engine.context(), wish(&world, mira, "t3", what(values)))
        .await
        .unwrap();
    world.until(sent.message, ACCEPTED).await;
    let row = wigwag_store::messages::get(&world.db, world.f.workspace, sent.message)
        .await
        .unwrap();
    assert!(row.content["body"].as_str().unwrap().contains("Friday"));
    world.end(engine).await;
}
