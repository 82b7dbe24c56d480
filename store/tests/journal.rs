//! The journal on both databases: nothing is skipped, nothing is read twice, lanes go their own way.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use bytes::Bytes;
use tokio::sync::oneshot;
use wigwag_model::Timestamp;
use wigwag_store::journal::{self, Entry, MESSAGES, REST, STATUSES};
use wigwag_store::testing::TestDb;
use wigwag_store::{Db, Dialect, Error, Priority, WriteFuture, sql};
use wigwag_store_macros::db_test;

fn entry(class: i64, body: &str) -> Entry {
    Entry {
        app: "1".to_owned(),
        class,
        received_at: Timestamp::from_seconds(1_795_424_400),
        body: Bytes::copy_from_slice(body.as_bytes()),
    }
}

async fn append(db: &Db, entries: &[(i64, &str)]) {
    let entries = entries
        .iter()
        .map(|(class, body)| entry(*class, body))
        .collect();
    journal::append(db, 0, entries).await.unwrap();
}

/// Everything that a lane gets from `after` on, with the place it has read up to.
async fn all(
    db: &Db,
    lane: i64,
    mut after: i64,
    limit: usize,
    bytes: i64,
) -> (Vec<String>, i64, usize) {
    let (mut bodies, mut reads) = (Vec::new(), 0);
    while let Some(stretch) = journal::read(db, 0, lane, after, limit, bytes)
        .await
        .unwrap()
    {
        assert!(stretch.to > after, "every read goes on");
        assert!(stretch.entries.len() <= limit);
        bodies.extend(
            stretch
                .entries
                .iter()
                .map(|entry| String::from_utf8(entry.body.clone()).unwrap()),
        );
        after = stretch.to;
        reads += 1;
    }
    (bodies, after, reads)
}

#[db_test]
async fn lanes_read_what_concerns_them_in_order(db: TestDb) {
    assert!(matches!(
        journal::append(&db, 0, vec![entry(1, "x")]).await,
        Err(Error::NotFound)
    ));
    journal::open_partition(&db, 0).await.unwrap();
    journal::open_partition(&db, 0).await.unwrap();
    append(
        &db,
        &[(MESSAGES, "a"), (STATUSES, "b"), (STATUSES | MESSAGES, "c")],
    )
    .await;
    append(&db, &[(REST, "d"), (MESSAGES, "e")]).await;
    let (bodies, to, _) = all(&db, MESSAGES, 0, 100, 1_000).await;
    assert_eq!((bodies.concat().as_str(), to), ("ace", 5));
    assert_eq!(all(&db, STATUSES, 0, 100, 1_000).await.0, ["b", "c"]);
    assert_eq!(all(&db, STATUSES, 2, 100, 1_000).await.0, ["c"]);
    assert_eq!(all(&db, REST, 4, 100, 1_000).await.0, [""; 0]);
    assert_eq!(
        all(&db, REST, 4, 100, 1_000).await.1,
        5,
        "what does not concern it is passed over"
    );
    db.remove().await;
}

#[db_test]
async fn reads_are_bounded_by_count_and_by_bytes(db: TestDb) {
    journal::open_partition(&db, 0).await.unwrap();
    let large = "x".repeat(1_000);
    for _ in 0..5 {
        append(&db, &[(MESSAGES, "a"), (MESSAGES, &large), (REST, &large)]).await;
    }
    for (limit, bytes) in [
        (1, 100_000),
        (3, 100_000),
        (100, 1),
        (100, 1_500),
        (100, 100_000),
    ] {
        let (bodies, to, reads) = all(&db, MESSAGES, 0, limit, bytes).await;
        assert_eq!((bodies.len(), to), (10, 15), "{limit} {bytes}");
        if bytes == 1 {
            assert!(reads >= 10, "a body larger than all is read alone");
        }
    }
    db.remove().await;
}

#[db_test]
async fn many_sizes_of_groups_keep_every_body(db: TestDb) {
    journal::open_partition(&db, 0).await.unwrap();
    let mut total = 0;
    for count in [1_usize, 2, 7, 8, 9, 31, 33, 127, 128, 129, 300] {
        let entries = (total..total + count)
            .map(|at| entry(MESSAGES, &at.to_string()))
            .collect();
        journal::append(&db, 0, entries).await.unwrap();
        total += count;
    }
    let (bodies, ..) = all(&db, MESSAGES, 0, 1_000, 1_000_000).await;
    let wanted: Vec<String> = (0..total).map(|at| at.to_string()).collect();
    assert_eq!(bodies, wanted);
    db.remove().await;
}

#[db_test]
async fn a_cursor_moves_once(db: TestDb) {
    journal::open_partition(&db, 0).await.unwrap();
    let step = |from, to| {
        db.write(Priority::Background, move |tx| -> WriteFuture<'_, ()> {
            Box::pin(async move { journal::advance(tx, 0, MESSAGES, from, to).await })
        })
    };
    assert!(step(0, 3).await.is_ok());
    assert!(matches!(step(0, 4).await, Err(Error::Stale)));
    assert_eq!(journal::cursor(&db, 0, MESSAGES).await.unwrap(), 3);
    assert_eq!(journal::cursor(&db, 0, STATUSES).await.unwrap(), 0);
    let both = futures::future::join(step(3, 5), step(3, 6)).await;
    assert_eq!(u8::from(both.0.is_ok()) + u8::from(both.1.is_ok()), 1);
    db.remove().await;
}

/// A transaction with an early number is held open while later appends want to commit: no reader
/// may see a later number before the earlier one.
#[db_test]
async fn a_transaction_held_open_makes_nothing_be_skipped(db: TestDb) {
    journal::open_partition(&db, 0).await.unwrap();
    if db.dialect() == Dialect::Sqlite {
        // One writer: there is nothing to hold open beside it.
        db.remove().await;
        return;
    }
    append(&db, &[(MESSAGES, "first")]).await;
    let (taken, was_taken) = oneshot::channel();
    let (let_go, may_go) = oneshot::channel::<()>();
    let early = tokio::spawn({
        let db = Db::clone(&db);
        async move {
            db.write(Priority::Foreground, move |tx| -> WriteFuture<'_, ()> {
                Box::pin(async move {
                    let seq = sql("UPDATE journal_partitions SET next_seq = next_seq + 1 WHERE partition = 0 RETURNING next_seq")
                        .fetch_one(tx)
                        .await?
                        .int(0)?
                        - 1;
                    sql("INSERT INTO journal (partition, seq, app_id, class, received_at, body) VALUES (0, $1, '1', 1, 0, $2)")
                        .bind(seq)
                        .bind(&b"early"[..])
                        .execute(tx)
                        .await?;
                    let _ = taken.send(());
                    let _ = may_go.await;
                    Ok(())
                })
            })
            .await
        }
    });
    was_taken.await.unwrap();
    let later: Vec<_> = (0..5)
        .map(|_| {
            let db = Db::clone(&db);
            tokio::spawn(async move { append(&db, &[(MESSAGES, "later")]).await })
        })
        .collect();
    // A lane that reads meanwhile, again and again, sees only what came before.
    let mut after = 0;
    let mut seen = Vec::new();
    for _ in 0..50 {
        if let Some(stretch) = journal::read(&db, 0, MESSAGES, after, 100, 10_000)
            .await
            .unwrap()
        {
            after = stretch.to;
            seen.extend(stretch.entries);
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(
        seen.len(),
        1,
        "nothing behind the open transaction is visible"
    );
    let_go.send(()).unwrap();
    early.await.unwrap().unwrap();
    for later in later {
        later.await.unwrap();
    }
    let (rest, to, _) = all(&db, MESSAGES, after, 100, 10_000).await;
    assert_eq!(rest, ["early", "later", "later", "later", "later", "later"]);
    assert_eq!(to, 7);
    db.remove().await;
}

#[db_test]
async fn the_backlog_is_told_and_what_is_applied_and_old_goes(db: TestDb) {
    journal::open_partition(&db, 0).await.unwrap();
    assert_eq!(journal::backlog(&db, 0).await.unwrap(), (0, None));
    append(&db, &[(MESSAGES, "a"), (MESSAGES, "b"), (STATUSES, "c")]).await;
    let (waiting, since) = journal::backlog(&db, 0).await.unwrap();
    assert_eq!(
        (waiting, since),
        (3, Some(Timestamp::from_seconds(1_795_424_400)))
    );
    let late = Timestamp::from_seconds(1_795_424_401);
    assert_eq!(
        journal::sweep(&db, 0, late).await.unwrap(),
        0,
        "nothing is applied"
    );
    for lane in journal::LANES {
        db.write(Priority::Background, move |tx| -> WriteFuture<'_, ()> {
            Box::pin(async move { journal::advance(tx, 0, lane, 0, 2).await })
        })
        .await
        .unwrap();
    }
    let early = Timestamp::from_seconds(1_795_424_400);
    assert_eq!(
        journal::sweep(&db, 0, early).await.unwrap(),
        0,
        "nothing is old"
    );
    assert_eq!(journal::sweep(&db, 0, late).await.unwrap(), 2);
    assert_eq!(journal::backlog(&db, 0).await.unwrap().0, 1);
    db.remove().await;
}
