//! What is kept how long, and what comes back at its time.

use std::time::Duration;

use wigwag_model::id::Id as _;
use wigwag_model::{ConversationId, Timestamp};
use wigwag_store::testing::TestDb;
use wigwag_store::{Priority, feed, sql};
use wigwag_store_macros::db_test;

use crate::rig::{Rig, eventually};

const DAY: Duration = Duration::from_hours(24);

/// One row of an age in every table that is swept.
async fn plant(rig: &Rig, mark: i64, at: Timestamp) {
    let (workspace, number) = (rig.workspace(), rig.number);
    let (app, account) = (rig.fixture.app_id.clone(), rig.fixture.account);
    let portfolio = rig.fixture.portfolio;
    rig.db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                let id = || tx.mint().random::<16>();
                let uuid = uuid::Uuid::from_bytes;
                let (a, b, c, d) = (uuid(id()), uuid(id()), uuid(id()), uuid(id()));
                sql("INSERT INTO journal_partitions (partition, next_seq) VALUES (9, 100) ON CONFLICT DO NOTHING").execute(tx).await?;
                sql("INSERT INTO journal_cursors (partition, lane, seq) VALUES (9, 1, 99) ON CONFLICT DO NOTHING").execute(tx).await?;
                sql("INSERT INTO journal (partition, seq, app_id, class, received_at, body) VALUES (9, $1, $2, 1, $3, $4)")
                    .bind(mark).bind(&app).bind(at).bind(&b"{}"[..]).execute(tx).await?;
                sql("INSERT INTO feed (workspace_id, seq, kind, subject_id, at) VALUES ($1, $2, 'x', $3, $4)")
                    .bind(workspace).bind(-mark).bind(a).bind(at).execute(tx).await?;
                sql("INSERT INTO calls (workspace_id, id, at, method, path, status, duration_us, request_id) VALUES ($1, $2, $3, 'GET', '/', 200, 1, 'r')")
                    .bind(workspace).bind(a).bind(at).execute(tx).await?;
                sql("INSERT INTO jobs (id, kind, lane, payload, run_at, tries, max_tries, again, state, created_at) VALUES ($1, 'x', 0, '{}', $2, 1, 1, 0, 'failed', $2)")
                    .bind(b).bind(at).execute(tx).await?;
                sql("INSERT INTO sessions (token_hash, csrf_token, account_id, workspace_id, member_id, user_agent, created_at, last_seen_at, expires_at)
                     VALUES ($1, '', $2, $3, $4, '', $5, $5, $5)")
                    .bind(c.as_bytes().to_vec()).bind(account).bind(workspace).bind(a).bind(at).execute(tx).await?;
                sql("INSERT INTO one_time_tokens (token_hash, purpose, expires_at, created_at) VALUES ($1, 'login', $2, $2)")
                    .bind(c.as_bytes().to_vec()).bind(at).execute(tx).await?;
                sql("INSERT INTO idempotency (workspace_id, key, request_hash, state, created_at) VALUES ($1, $2, $3, 'done', $4)")
                    .bind(workspace).bind(format!("k{mark}")).bind(&b"h"[..]).bind(at).execute(tx).await?;
                sql("INSERT INTO dead_letters (id, app_id, partition, journal_seq, item_index, reason, detail, item, state, tries, received_at, changed_at)
                     VALUES ($1, $2, 9, $3, 0, 'x', '', $4, 'discarded', 0, $5, $5)")
                    .bind(d).bind(&app).bind(mark).bind(&b"{}"[..]).bind(at).execute(tx).await?;
                sql("INSERT INTO parked (workspace_id, number_id, wamid, kind, payload, parked_at) VALUES ($1, $2, $3, 'status', '{}', $4)")
                    .bind(workspace).bind(number).bind(format!("w{mark}")).bind(at).execute(tx).await?;
                sql("INSERT INTO portfolio_budget (workspace_id, portfolio, contact_id, first_at) VALUES ($1, $2, $3, $4)")
                    .bind(workspace).bind(portfolio).bind(b).bind(at).execute(tx).await?;
                Ok(())
            })
        })
        .await
        .unwrap();
}

#[db_test]
async fn old_rows_go_and_young_ones_stay(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    rig.first_listings().await;
    let now = rig.db.mint().now();
    // Expired sessions and tokens go at once, everything else by its own span.
    let tables = [
        (
            "journal",
            "SELECT COUNT(*) FROM journal WHERE partition = 9",
            14,
        ),
        ("feed", "SELECT COUNT(*) FROM feed WHERE kind = 'x'", 7),
        ("calls", "SELECT COUNT(*) FROM calls", 7),
        ("jobs", "SELECT COUNT(*) FROM jobs WHERE kind = 'x'", 30),
        ("sessions", "SELECT COUNT(*) FROM sessions", 0),
        ("one_time_tokens", "SELECT COUNT(*) FROM one_time_tokens", 0),
        ("idempotency", "SELECT COUNT(*) FROM idempotency", 1),
        ("dead_letters", "SELECT COUNT(*) FROM dead_letters", 30),
        (
            "portfolio_budget",
            "SELECT COUNT(*) FROM portfolio_budget",
            2,
        ),
        ("parked", "SELECT COUNT(*) FROM parked", 40),
    ];
    let ages = [0_u32, 2, 8, 15, 31, 41];
    for (mark, days) in (1_i64..).zip(ages) {
        plant(
            &rig,
            mark,
            now.minus(DAY * days).plus(Duration::from_mins(90)),
        )
        .await;
    }
    // The first sweep ran at the start; this is the one of an hour later.
    rig.advance(&sim, Duration::from_hours(1));
    for (table, text, days) in tables {
        let kept = i64::try_from(ages.iter().filter(|age| **age <= days).count()).unwrap();
        eventually(&format!("{table} is swept to {kept}"), async || {
            if let Some((_, Some(error), _)) = rig.job("sweep").await {
                panic!("the sweep failed: {error}");
            }
            (rig.count(text).await == kept).then_some(())
        })
        .await;
    }
    sim.shutdown().await;
    rig.end().await;
}

#[db_test]
async fn a_snoozed_conversation_opens_at_its_time(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    let (media, message) = rig.incoming("image", "900".to_owned()).await;
    assert_eq!(rig.media(media).await.kind, "image");
    let shown = wigwag_store::messages::get(&rig.db, rig.workspace(), message)
        .await
        .unwrap();
    let (id, workspace): (ConversationId, _) = (shown.conversation, rig.workspace());
    let until = rig.db.mint().now().plus(Duration::from_hours(3));
    rig.db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("UPDATE conversations SET status = 'snoozed', snoozed_until = $3 WHERE workspace_id = $1 AND id = $2")
                    .bind(workspace).bind(id).bind(until).execute(tx).await?;
                Ok(())
            })
        })
        .await
        .unwrap();
    let head = feed::head(&rig.db, workspace).await.unwrap();
    rig.advance(&sim, Duration::from_hours(3) - Duration::from_secs(1));
    assert_eq!(
        rig.count("SELECT COUNT(*) FROM conversations WHERE status = 'snoozed'")
            .await,
        1
    );
    rig.advance(&sim, Duration::from_secs(1));
    let row = eventually("it is open", async || {
        let mut rows = rig
            .rows("SELECT activity_at, changed_seq, snoozed_until FROM conversations WHERE status = 'open'")
            .await;
        rows.pop()
    })
    .await;
    assert_eq!(row.time(0).unwrap(), until, "it is on top of the list");
    assert!(row.int(1).unwrap() > head);
    assert_eq!(row.opt_time(2).unwrap(), None);
    let told = feed::after(&rig.db, workspace, head, 100).await.unwrap();
    assert!(
        told.iter()
            .any(|event| event.kind == "conversation.changed" && event.subject == id.uuid())
    );
    sim.shutdown().await;
    rig.end().await;
}
