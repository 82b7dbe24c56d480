//! Statuses as evidence: they only move forward, in whichever order they come.

use wigwag_model::{MessageId, MessageState};
use wigwag_store::ingest::{self, StatusItem};
use wigwag_store::testing::TestDb;
use wigwag_store::{Dialect, Priority, sql};
use wigwag_store_macros::db_test;

use crate::world::{World, another_number, at};

/// Everything that statuses change, as one line.
const OUTCOME: &str = "SELECT CAST(m.state AS TEXT) || ' sent ' || COALESCE(CAST(m.sent_at AS TEXT), '-') || ' delivered ' || COALESCE(CAST(m.delivered_at AS TEXT), '-')
    || ' read ' || COALESCE(CAST(m.read_at AS TEXT), '-') || ' played ' || COALESCE(CAST(m.played_at AS TEXT), '-') || ' failed ' || COALESCE(CAST(m.failed_at AS TEXT), '-')
    || ' ' || COALESCE(CAST(m.failure_code AS TEXT), '-') || ' ' || COALESCE(m.failure_reason, '-') || ' ' || COALESCE(m.failure_detail, '-') || ' ' || COALESCE(m.pricing, '-')
    || ' list ' || COALESCE(CAST(c.last_state AS TEXT), '-')
    FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE m.direction = 'out' ORDER BY m.id";

async fn world(db: TestDb) -> World {
    let world = World::new(db).await;
    world
        .apply_messages(vec![world.text("919800000001", "wamid.in", 0, 1)])
        .await;
    world
}

fn evidence(world: &World, wamid: &str) -> Vec<StatusItem> {
    let priced = |category: &str| Some(format!(r#"{{"billable":true,"category":"{category}"}}"#));
    vec![
        StatusItem {
            pricing: priced("utility"),
            ..world.status(wamid, MessageState::Sent, 20)
        },
        StatusItem {
            pricing: priced("marketing"),
            ..world.status(wamid, MessageState::Delivered, 30)
        },
        StatusItem {
            failure_code: Some(131_026),
            failure_reason: Some("number_unavailable".to_owned()),
            failure_detail: Some("not reachable".to_owned()),
            ..world.status(wamid, MessageState::Failed, 25)
        },
        world.status(wamid, MessageState::Read, 40),
    ]
}

/// All orders of four.
fn orders() -> Vec<[usize; 4]> {
    let mut orders = Vec::new();
    for a in 0..4 {
        for b in 0..4 {
            for c in 0..4 {
                for d in 0..4 {
                    let order = [a, b, c, d];
                    if (0..4).all(|n| order.contains(&n)) {
                        orders.push(order);
                    }
                }
            }
        }
    }
    orders
}

#[db_test]
async fn every_order_ends_alike(db: TestDb) {
    let world = world(db).await;
    let orders = orders();
    assert_eq!(orders.len(), 24);
    for order in &orders {
        let wamid = format!("wamid.{order:?}");
        world.sent(Some(&wamid)).await;
        let all = evidence(&world, &wamid);
        for at in order {
            world.apply_statuses(vec![all[*at].clone()]).await;
        }
    }
    // And all at once, and twice.
    world.sent(Some("wamid.once")).await;
    let all = evidence(&world, "wamid.once");
    world.apply_statuses([all.clone(), all].concat()).await;
    let mut outcomes = world.texts(OUTCOME).await;
    assert_eq!(outcomes.len(), 25);
    let list = outcomes[0].split(" list ").nth(1).unwrap().to_owned();
    assert_eq!(list, "90");
    outcomes.sort();
    outcomes.dedup();
    assert_eq!(outcomes.len(), 1, "{outcomes:#?}");
    let sent = at(20).as_micros();
    assert!(
        outcomes[0].starts_with(&format!("90 sent {sent} ")),
        "{}",
        outcomes[0]
    );
    assert!(
        outcomes[0].contains("marketing"),
        "the furthest pricing: {}",
        outcomes[0]
    );
    assert_eq!(world.count("SELECT COUNT(*) FROM parked").await, 0);
    world.end().await;
}

#[db_test]
async fn read_without_delivered_was_delivered_and_a_late_delivered_says_when(db: TestDb) {
    let world = world(db).await;
    world.sent(Some("wamid.1")).await;
    world
        .apply_statuses(vec![world.status("wamid.1", MessageState::Read, 40)])
        .await;
    assert_eq!(
        world
            .count("SELECT delivered_at FROM messages WHERE direction = 'out'")
            .await,
        at(40).as_micros()
    );
    world
        .apply_statuses(vec![world.status("wamid.1", MessageState::Delivered, 30)])
        .await;
    assert_eq!(
        world
            .count("SELECT delivered_at FROM messages WHERE direction = 'out'")
            .await,
        at(30).as_micros()
    );
    assert_eq!(
        world
            .count("SELECT state FROM messages WHERE direction = 'out'")
            .await,
        90
    );
    world.end().await;
}

#[db_test]
async fn a_status_that_says_nothing_new_tells_nobody(db: TestDb) {
    let world = world(db).await;
    world.sent(Some("wamid.1")).await;
    world.apply_statuses(evidence(&world, "wamid.1")).await;
    let before = world.count("SELECT seq FROM feeds").await;
    world.apply_statuses(evidence(&world, "wamid.1")).await;
    assert_eq!(world.count("SELECT seq FROM feeds").await, before);
    world.end().await;
}

#[db_test]
async fn statuses_that_overtake_our_own_answer_wait_for_it(db: TestDb) {
    let world = world(db).await;
    let id = world.sent(None).await;
    world.apply_statuses(evidence(&world, "wamid.1")).await;
    world.apply_statuses(evidence(&world, "wamid.1")).await;
    assert_eq!(world.count("SELECT COUNT(*) FROM parked").await, 4);
    let (workspace, number) = (world.f.workspace, world.f.number);
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("UPDATE messages SET wamid = 'wamid.1', state = 50 WHERE workspace_id = $1 AND id = $2")
                    .bind(workspace)
                    .bind(id)
                    .execute(tx)
                    .await?;
                ingest::apply_parked(tx, workspace, number, &[("wamid.1".to_owned(), id)]).await
            })
        })
        .await
        .unwrap();
    assert_eq!(world.count("SELECT COUNT(*) FROM parked").await, 0);
    assert!(world.texts(OUTCOME).await[0].starts_with("90 "));
    world.end().await;
}

fn with_callback(status: StatusItem, id: MessageId) -> StatusItem {
    StatusItem {
        message: Some(id),
        ..status
    }
}

/// What names a message holds its row while a status of it arrives: the status waits for the row, and must
/// find the name that stands there afterwards. What named it has looked among the parked long before.
#[db_test]
async fn a_message_that_is_named_while_its_status_waits_is_found(db: TestDb) {
    let world = world(db).await;
    let id = world.sent(None).await;
    let postgres = world.db.dialect() == Dialect::Postgres;
    let (named, was_named) = tokio::sync::oneshot::channel();
    let (go, may_go) = tokio::sync::oneshot::channel::<()>();
    let naming = world.db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("UPDATE messages SET wamid = 'wamid.1', state = 50 WHERE id = $1")
                .bind(id)
                .execute(tx)
                .await?;
            named.send(()).unwrap();
            // SQLite's one writer would wait for itself: there nothing can come in between.
            if postgres {
                may_go.await.unwrap();
            }
            Ok(())
        })
    });
    let arriving = async {
        was_named.await.unwrap();
        let late = with_callback(world.status("wamid.1", MessageState::Delivered, 30), id);
        world.apply_statuses(vec![late]).await;
    };
    let letting_go = async {
        while postgres && world.count(WAITING).await == 0 {
            tokio::task::yield_now().await;
        }
        let _ = go.send(());
    };
    let (naming, (), ()) = tokio::join!(naming, arriving, letting_go);
    naming.unwrap();
    assert_eq!(world.count("SELECT COUNT(*) FROM parked").await, 0);
    assert!(world.texts(OUTCOME).await[0].starts_with("80 "));
    world.end().await;
}

/// Transactions of this database that wait for another's lock.
const WAITING: &str = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

#[db_test]
async fn our_own_callback_proves_a_send_whose_answer_was_lost(db: TestDb) {
    let world = world(db).await;
    let id = world.sent(None).await;
    let number = world.f.number;
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("INSERT INTO outbox (workspace_id, message_id, number_id, contact_id, priority, state, due_at, try_no, body, created_at)
                     SELECT workspace_id, id, $2, contact_id, 10, 'attempting', 0, 1, '{}', 0 FROM messages WHERE id = $1")
                    .bind(id)
                    .bind(number)
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
    let late = with_callback(world.status("wamid.1", MessageState::Delivered, 30), id);
    world.apply_statuses(vec![late]).await;
    assert_eq!(
        world
            .texts("SELECT wamid FROM messages WHERE direction = 'out'")
            .await,
        ["wamid.1"]
    );
    assert_eq!(
        world
            .count("SELECT state FROM messages WHERE direction = 'out'")
            .await,
        80
    );
    assert_eq!(
        world.texts("SELECT effect FROM attempts").await,
        ["accepted"]
    );
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox").await, 0);
    assert_eq!(
        world.count("SELECT last_state FROM conversations").await,
        80
    );
    // From now on it is found without the callback.
    world
        .apply_statuses(vec![world.status("wamid.1", MessageState::Read, 40)])
        .await;
    assert_eq!(
        world
            .count("SELECT state FROM messages WHERE direction = 'out'")
            .await,
        90
    );
    world.end().await;
}

#[db_test]
async fn a_callback_claims_once_and_only_on_its_own_number(db: TestDb) {
    let world = world(db).await;
    let id = world.sent(None).await;
    let other = another_number(&world).await;
    let elsewhere = StatusItem {
        number: other,
        ..with_callback(world.status("wamid.x", MessageState::Sent, 30), id)
    };
    world.apply_statuses(vec![elsewhere]).await;
    assert_eq!(
        world
            .count("SELECT COUNT(*) FROM messages WHERE wamid = 'wamid.x'")
            .await,
        0
    );
    let claims = ["wamid.a", "wamid.b"]
        .map(|wamid| with_callback(world.status(wamid, MessageState::Sent, 30), id));
    world.apply_statuses(claims.to_vec()).await;
    let known = world
        .count("SELECT COUNT(*) FROM messages WHERE wamid IN ('wamid.a', 'wamid.b')")
        .await;
    assert_eq!(known, 1);
    assert_eq!(
        world.count("SELECT COUNT(*) FROM parked").await,
        2,
        "what fits nobody waits"
    );
    world.end().await;
}

#[db_test]
async fn a_skipped_message_stays_skipped_and_a_person_s_has_no_status(db: TestDb) {
    let world = world(db).await;
    world.sent(Some("wamid.1")).await;
    world
        .db
        .write(Priority::Foreground, |tx| {
            Box::pin(async move {
                sql("UPDATE messages SET state = 5 WHERE direction = 'out'")
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
    world
        .apply_statuses(vec![
            world.status("wamid.1", MessageState::Read, 40),
            world.status("wamid.in", MessageState::Read, 40),
        ])
        .await;
    assert_eq!(
        world
            .count("SELECT state FROM messages WHERE direction = 'out'")
            .await,
        5
    );
    assert_eq!(
        world
            .count("SELECT COUNT(*) FROM messages WHERE direction = 'in' AND state IS NULL")
            .await,
        1
    );
    world.end().await;
}

#[db_test]
async fn what_nobody_claimed_is_forgotten_in_the_end(db: TestDb) {
    let world = world(db).await;
    world.apply_statuses(evidence(&world, "wamid.nobody")).await;
    let now = world.db.mint().now();
    assert_eq!(ingest::sweep_parked(&world.db, now).await.unwrap(), 0);
    world.db.clock.advance(std::time::Duration::from_secs(1));
    let later = world.db.mint().now();
    assert_eq!(ingest::sweep_parked(&world.db, later).await.unwrap(), 4);
    world.end().await;
}

#[db_test]
async fn a_number_s_clock_runs_while_webhooks_for_it_come(db: TestDb) {
    let world = world(db).await;
    let seen = |seconds: i64| ingest::Items {
        seen: vec![(world.f.workspace, world.f.number, at(seconds))],
        ..ingest::Items::default()
    };
    for seconds in [0, 10, 5, 30, 1_000, 1_000] {
        world.apply(seen(seconds)).await;
    }
    // 10, 20, and of the long silence only what counts.
    assert_eq!(
        world.count("SELECT live_us FROM lane_clocks").await,
        90_000_000
    );
    assert_eq!(
        world.count("SELECT last_seen_at FROM lane_clocks").await,
        at(1_000).as_micros()
    );
    assert_eq!(
        world.count("SELECT last_webhook_at FROM numbers").await,
        at(1_000).as_micros()
    );
    world.end().await;
}
