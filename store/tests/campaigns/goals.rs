//! Goals: whose event counts for which campaign, once per person and goal.

use std::time::Duration;

use serde_json::{Map, json};
use wigwag_model::audience::Filter;
use wigwag_model::{CampaignId, ContactId, MessageState, Timestamp};
use wigwag_store::audience;
use wigwag_store::campaigns::{Flag, Recipients};
use wigwag_store::events::{self, NewEvent, Tracked, Who};
use wigwag_store::outbox::Outcome;
use wigwag_store::testing::TestDb;
use wigwag_store::{Priority, campaigns, sql};
use wigwag_store_macros::db_test;

use crate::world::World;

const HOUR: Duration = Duration::from_hours(1);

/// A campaign with goals that has reached these people.
async fn reached(world: &World, people: &[ContactId], goals: serde_json::Value) -> CampaignId {
    let id = world.running(people).await;
    let (workspace, settings) = (world.f.workspace, json!({"goals": goals}).to_string());
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("UPDATE campaigns SET settings = $3 WHERE workspace_id = $1 AND id = $2")
                    .bind(workspace)
                    .bind(id)
                    .bind(settings)
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
    world.feed(id, 100).await;
    for row in &world.claim(100).await.claimed {
        world.accept(row).await;
    }
    id
}

async fn did(
    world: &World,
    contact: ContactId,
    name: &str,
    at: Timestamp,
    id: Option<&str>,
) -> bool {
    let new = NewEvent {
        contact: Who::Id(contact),
        name: name.to_owned(),
        properties: Map::new(),
        occurred_at: Some(at),
        source_id: id.map(str::to_owned),
    };
    let tracked = events::track(&world.db, world.f.workspace, new).await;
    matches!(tracked.unwrap(), Tracked::New(_))
}

/// People who reached each goal, and all who reached any.
async fn figures(world: &World, id: CampaignId) -> (i64, i64, i64) {
    let counts = world.counts(id).await;
    assert_eq!(counts.0, world.rows(id).await);
    (
        counts.reached(0),
        counts.reached(1),
        counts.flagged(Flag::Converted),
    )
}

#[db_test]
async fn an_event_in_time_converts_once_and_one_too_late_none(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(4).await;
    let start = world.now();
    let goals = json!([{"event": "Order Placed", "within_hours": 24}, {"event": "Cart", "within_hours": 1}]);
    let id = reached(&world, &people, goals).await;
    world.db.clock.advance(HOUR * 48);
    // The last instant counts, the next does not; what was before the message neither.
    let end = start.plus(HOUR * 24);
    let just = Duration::from_micros(1);
    assert!(did(&world, people[0], "Order Placed", end, Some("order-1")).await);
    assert!(did(&world, people[1], "Order Placed", end.plus(just), None).await);
    assert!(did(&world, people[2], "Order Placed", start.minus(just), None).await);
    assert!(did(&world, people[3], "order placed", end, None).await);
    assert_eq!(figures(&world, id).await, (1, 0, 1));
    // Told again it is the same event, and a second order is the same person.
    assert!(!did(&world, people[0], "Order Placed", end, Some("order-1")).await);
    assert!(did(&world, people[0], "Order Placed", end, Some("order-2")).await);
    assert_eq!(figures(&world, id).await, (1, 0, 1));
    // Another goal of the same person is another goal and the same person.
    assert!(did(&world, people[0], "Cart", start, None).await);
    assert!(did(&world, people[1], "Cart", start.plus(HOUR), None).await);
    assert_eq!(figures(&world, id).await, (1, 2, 2));
    assert_eq!(world.count("SELECT COUNT(*) FROM events").await, 7);
    let wish = Recipients {
        flag: Some(Flag::Converted),
        ..Recipients::default()
    };
    let (rows, _) = campaigns::recipients(&world.db, world.f.workspace, id, &wish, None, 50)
        .await
        .unwrap();
    let dates: Vec<_> = rows
        .iter()
        .map(|row| (row.contact, row.converted_at))
        .collect();
    let wanted = [(people[0], Some(end)), (people[1], Some(start.plus(HOUR)))];
    assert_eq!(dates, wanted);
    let leaf = json!({"campaign": {"id": id, "outcome": ["converted"]}});
    let filter = Filter::read(&leaf).unwrap();
    let mut on = world.db.snapshot().await.unwrap();
    let found = audience::count(&mut on, world.f.workspace, &filter, world.db.mint().now()).await;
    assert_eq!(found.unwrap(), 2);
    drop(on);
    world.end().await;
}

#[db_test]
async fn the_latest_campaign_with_the_goal_counts(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(2).await;
    let goal = json!([{"event": "Order Placed", "within_hours": 72}]);
    let first = reached(&world, &people, goal.clone()).await;
    world.db.clock.advance(HOUR);
    let second = reached(&world, &people[..1], goal.clone()).await;
    world.db.clock.advance(HOUR);
    let without = reached(&world, &people, json!([])).await;
    let short = reached(
        &world,
        &people,
        json!([{"event": "Order Placed", "within_hours": 1}]),
    )
    .await;
    world.db.clock.advance(HOUR * 2);
    // A campaign that failed for somebody has not reached them.
    let failed = world.running(&people).await;
    world.feed(failed, 10).await;
    for row in &world.claim(10).await.claimed {
        let detail = String::new();
        let reason = "not_on_whatsapp".to_owned();
        let code = Some(131_026);
        world
            .finish(
                row,
                Outcome::Failed {
                    code,
                    reason,
                    detail,
                },
            )
            .await;
    }
    let now = world.now();
    for contact in &people {
        assert!(did(&world, *contact, "Order Placed", now, None).await);
    }
    assert_eq!(figures(&world, first).await, (1, 0, 1));
    assert_eq!(figures(&world, second).await, (1, 0, 1));
    for id in [without, short, failed] {
        assert_eq!(figures(&world, id).await, (0, 0, 0));
    }
    assert_eq!(world.counts(failed).await.of(MessageState::Failed), 2);
    world.end().await;
}

#[db_test]
async fn an_event_of_another_workspace_converts_nobody(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(1).await;
    let goal = json!([{"event": "Order Placed"}]);
    let id = reached(&world, &people, goal).await;
    let other = world.db.workspace().await;
    let new = NewEvent {
        contact: Who::Id(people[0]),
        name: "Order Placed".to_owned(),
        properties: Map::new(),
        occurred_at: None,
        source_id: None,
    };
    let refused = events::track(&world.db, other.workspace, new).await;
    assert!(matches!(refused, Err(wigwag_store::Error::NotFound)));
    assert_eq!(figures(&world, id).await, (0, 0, 0));
    assert_eq!(world.count("SELECT COUNT(*) FROM events").await, 0);
    world.end().await;
}
