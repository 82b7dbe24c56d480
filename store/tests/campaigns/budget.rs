//! The portfolio's daily limit, counted by five minutes.

use std::time::Duration;

use wigwag_store::outbox::{BUCKET, Outcome, budget_used};
use wigwag_store::testing::TestDb;
use wigwag_store::{Priority, retention, sql};
use wigwag_store_macros::db_test;

use crate::world::World;

async fn limit(world: &World, people: i64) {
    let number = world.f.number;
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("UPDATE numbers SET messaging_limit = $2 WHERE id = $1")
                    .bind(number)
                    .bind(people)
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
}

/// The counts say what the rows say, bucket by bucket.
async fn agree(world: &World) {
    let differ = world
        .count(
            "SELECT COUNT(*) FROM (
                SELECT b, SUM(n) AS n FROM (
                    SELECT first_at / 300000000 * 300000000 AS b, 1 AS n FROM portfolio_budget
                    UNION ALL SELECT bucket, -n FROM portfolio_budget_counts
                ) x GROUP BY b
             ) y WHERE n <> 0",
        )
        .await;
    assert_eq!(differ, 0);
}

#[db_test]
async fn places_are_taken_given_back_and_free_again_after_a_day(db: TestDb) {
    let world = World::new(db).await;
    limit(&world, 3).await;
    let people = world.people(6).await;
    let id = world.running(&people).await;
    world.feed(id, 6).await;
    let claims = world.claim(10).await;
    assert_eq!((claims.claimed.len(), claims.deferred), (3, 3));
    agree(&world).await;
    // A refusal without effect gives its place back.
    let refused = Outcome::Failed {
        code: Some(131_026),
        reason: "not_on_whatsapp".to_owned(),
        detail: String::new(),
    };
    world.finish(&claims.claimed[0], refused).await;
    world.accept(&claims.claimed[1]).await;
    world.accept(&claims.claimed[2]).await;
    agree(&world).await;
    assert_eq!(
        budget_used(&world.db, world.f.workspace, world.f.number)
            .await
            .unwrap(),
        2
    );
    world.db.clock.advance(Duration::from_hours(24) + BUCKET);
    let until = world.now().plus(crate::world::MINUTE);
    wigwag_store::lanes::renew(&world.db, &world.lease, until)
        .await
        .unwrap();
    wigwag_store::campaigns::tend(&world.db, world.f.workspace, id)
        .await
        .unwrap();
    let claims = world.claim(10).await;
    assert_eq!((claims.claimed.len(), claims.deferred), (3, 0));
    agree(&world).await;
    world.db.clock.advance(Duration::from_hours(72));
    let before = world.now().minus(Duration::from_hours(48));
    retention::portfolio_budget(&world.db, before)
        .await
        .unwrap();
    agree(&world).await;
    assert_eq!(
        world
            .count("SELECT COUNT(*) FROM portfolio_budget_counts")
            .await,
        0
    );
    world.end().await;
}

#[db_test]
async fn a_day_of_counts_is_few_rows_however_many_people(db: TestDb) {
    let world = World::new(db).await;
    limit(&world, 100_000).await;
    let people = world.people(60).await;
    let id = world.running(&people).await;
    for _ in 0..6 {
        world.feed(id, 10).await;
        for row in &world.claim(10).await.claimed {
            world.accept(row).await;
        }
        world.db.clock.advance(Duration::from_secs(30));
        let until = world.now().plus(crate::world::MINUTE);
        wigwag_store::lanes::renew(&world.db, &world.lease, until)
            .await
            .unwrap();
    }
    assert_eq!(
        world.count("SELECT COUNT(*) FROM portfolio_budget").await,
        60
    );
    assert!(
        world
            .count("SELECT COUNT(*) FROM portfolio_budget_counts")
            .await
            <= 2
    );
    assert_eq!(
        budget_used(&world.db, world.f.workspace, world.f.number)
            .await
            .unwrap(),
        60
    );
    agree(&world).await;
    world.end().await;
}
