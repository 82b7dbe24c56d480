//! The foundation on both databases: statements, batches, group commit, feed, jobs, schema.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use std::collections::BTreeMap;

use wigwag_model::id::Id;
use wigwag_model::{JobId, Timestamp};
use wigwag_store::testing::TestDb;
use wigwag_store::{
    Batch, Db, Dialect, Error, Event, Executor, Job, Priority, WriteFuture, sql, sql_rows,
};
use wigwag_store_macros::db_test;

async fn count(db: &Db, text: &'static str) -> i64 {
    let mut reader = db.reader().await.unwrap();
    sql(text)
        .fetch_one(&mut reader)
        .await
        .unwrap()
        .int(0)
        .unwrap()
}

#[db_test]
async fn a_batch_carries_every_type_and_nothing(db: TestDb) {
    let ids: Vec<JobId> = (0..3).map(|_| db.mint().id()).collect();
    let rows = Batch::new()
        .ids("id", ids.clone())
        .opt_ints("n", [Some(1), None, Some(i64::MAX)])
        .opt_texts("t", [Some("naïve \"quotes\" 😀\u{0}"), None, Some("")])
        .bytes("b", [vec![0, 255], vec![], b"raw".to_vec()]);
    let mut reader = db.reader().await.unwrap();
    let found = sql_rows(
        "SELECT r.ord, r.id, r.n, r.t, r.b FROM {rows} ORDER BY r.ord",
        rows,
    )
    .fetch_all(&mut reader)
    .await
    .unwrap();
    assert_eq!(found.len(), 3);
    for (at, row) in found.iter().enumerate() {
        assert_eq!(row.int(0).unwrap(), i64::try_from(at).unwrap());
        assert_eq!(row.id::<JobId>(1).unwrap(), ids[at]);
    }
    assert_eq!(
        found[0].opt_text(3).unwrap().as_deref(),
        Some("naïve \"quotes\" 😀\u{fffd}")
    );
    assert_eq!(
        (found[1].opt_int(2).unwrap(), found[1].opt_text(3).unwrap()),
        (None, None)
    );
    assert_eq!(found[2].int(2).unwrap(), i64::MAX);
    assert_eq!(found[0].bytes(4).unwrap(), [0, 255]);
    assert!(found[1].bytes(4).unwrap().is_empty());
}

/// What all rows of a long batch share goes to the database once, and every row has it all the same.
#[db_test]
async fn what_the_rows_of_a_batch_share_is_in_every_row(db: TestDb) {
    const ROWS: usize = 100;
    let one: JobId = db.mint().id();
    let shared = |rows: Batch| {
        rows.ids("id", [one; ROWS])
            .opt_ids("no_id", [None::<JobId>; ROWS])
            .ints("n", [7; ROWS])
            .texts("t", ["naïve"; ROWS])
            .opt_texts("no_t", vec![None::<String>; ROWS])
            .bytes("b", vec![vec![0, 255]; ROWS])
    };
    let own: Vec<i64> = (0..100).collect();
    let all_shared = "SELECT r.ord, r.ord, r.id, r.no_id, r.n, r.t, r.no_t, r.b FROM {rows}
                      WHERE r.id = $1 AND r.no_id IS NULL ORDER BY r.ord";
    let mixed = "SELECT r.ord, r.own, r.id, r.no_id, r.n, r.t, r.no_t, r.b FROM {rows}
                 WHERE r.id = $1 AND r.no_id IS NULL ORDER BY r.ord";
    let mut reader = db.reader().await.unwrap();
    for (text, rows) in [
        (all_shared, shared(Batch::new())),
        (mixed, shared(Batch::new().ints("own", own.clone()))),
    ] {
        let found = sql_rows(text, rows)
            .bind(one)
            .fetch_all(&mut reader)
            .await
            .unwrap();
        assert_eq!(found.len(), ROWS);
        for (row, at) in found.iter().zip(&own) {
            assert_eq!(row.int(0).unwrap(), *at);
            assert_eq!(row.int(1).unwrap(), *at);
            assert_eq!(row.id::<JobId>(2).unwrap(), one);
            assert_eq!(row.opt_id::<JobId>(3).unwrap(), None);
            assert_eq!(row.int(4).unwrap(), 7);
            assert_eq!(row.text(5).unwrap(), "naïve");
            assert_eq!(row.opt_text(6).unwrap(), None);
            assert_eq!(row.bytes(7).unwrap(), [0, 255]);
        }
    }
}

fn put(
    key: &'static str,
    fail: bool,
) -> impl for<'t> FnOnce(&'t mut wigwag_store::Tx) -> WriteFuture<'t, i64> + Send {
    move |tx| {
        Box::pin(async move {
            sql("INSERT INTO instance (key, value) VALUES ($1, 'x')")
                .bind(key)
                .execute(tx)
                .await?;
            if fail { Err(Error::Stale) } else { Ok(7) }
        })
    }
}

#[db_test]
async fn a_failure_in_a_group_undoes_itself_alone(db: TestDb) {
    let (a, b, c, d) = tokio::join!(
        db.write(Priority::Foreground, put("a", false)),
        db.write(Priority::Foreground, put("b", true)),
        db.write(Priority::Foreground, put("c", false)),
        db.write(Priority::Foreground, put("a", false)),
    );
    assert_eq!(
        a.is_ok() as u8 + d.is_ok() as u8,
        1,
        "one of two equal keys wins: {a:?} {d:?}"
    );
    assert!(matches!(b, Err(Error::Stale)));
    assert_eq!(c.unwrap(), 7);
    assert_eq!(
        count(
            &db,
            "SELECT COUNT(*) FROM instance WHERE key IN ('a', 'b', 'c')"
        )
        .await,
        2
    );
    db.remove().await;
}

#[db_test]
async fn a_lone_failure_leaves_the_writer_usable(db: TestDb) {
    assert!(
        db.write(Priority::Foreground, put("a", true))
            .await
            .is_err()
    );
    db.write(Priority::Background, put("a", false))
        .await
        .unwrap();
    assert_eq!(count(&db, "SELECT COUNT(*) FROM instance").await, 1);
    db.remove().await;
}

#[db_test]
async fn events_and_jobs_commit_with_their_change(db: TestDb) {
    let f = db.workspace().await;
    let job = |key: &str| Job {
        kind: "test",
        workspace: Some(f.workspace),
        payload: "{}".to_owned(),
        run_at: Timestamp::from_seconds(5),
        dedupe_key: Some(key.to_owned()),
        max_tries: 3,
    };
    let event = Event {
        kind: "number.changed",
        subject: f.number.uuid(),
        conversation: None,
    };
    for (fail, key) in [(false, "one"), (false, "one"), (true, "two")] {
        let (job, event, workspace) = (job(key), event.clone(), f.workspace);
        let done = db
            .write(Priority::Foreground, move |tx| -> WriteFuture<'_, i64> {
                Box::pin(async move {
                    tx.record(workspace, event.clone());
                    tx.record(workspace, event);
                    tx.enqueue(job);
                    let seq = tx.seq(workspace).await?;
                    if fail { Err(Error::Stale) } else { Ok(seq) }
                })
            })
            .await;
        assert_eq!(done.is_err(), fail);
    }
    // Each transaction takes one number for itself and one for its event; equal events are one.
    assert_eq!(count(&db, "SELECT COUNT(*) FROM feed").await, 2);
    assert_eq!(count(&db, "SELECT seq FROM feeds").await, 4);
    assert_eq!(count(&db, "SELECT COUNT(*) FROM jobs").await, 1);
    db.remove().await;
}

#[db_test]
async fn nothing_is_skipped_by_a_reader_of_the_feed(db: TestDb) {
    let f = db.workspace().await;
    let other = db.again().await;
    let (entered, entering) = tokio::sync::oneshot::channel();
    let (release, released) = tokio::sync::oneshot::channel();
    let event = Event {
        kind: "number.changed",
        subject: f.number.uuid(),
        conversation: None,
    };
    let (workspace, first) = (f.workspace, event.clone());
    // The first transaction holds an early number open …
    let slow = tokio::spawn({
        let db = (*db).clone();
        async move {
            db.write(Priority::Foreground, move |tx| -> WriteFuture<'_, i64> {
                Box::pin(async move {
                    tx.record(workspace, first);
                    let seq = tx.seq(workspace).await?;
                    let _ = entered.send(());
                    let _ = released.await;
                    Ok(seq)
                })
            })
            .await
        }
    });
    entering.await.unwrap();
    // … a second wants a later one and must wait for it.
    let fast = tokio::spawn(async move {
        let done = other
            .write(Priority::Foreground, move |tx| -> WriteFuture<'_, i64> {
                Box::pin(async move {
                    tx.record(workspace, event);
                    tx.seq(workspace).await
                })
            })
            .await;
        (done, other)
    });
    tokio::task::yield_now().await;
    assert_eq!(
        count(&db, "SELECT COUNT(*) FROM feed").await,
        0,
        "nobody may see a later number first"
    );
    release.send(()).unwrap();
    let slow = slow.await.unwrap().unwrap();
    let (fast, other) = fast.await.unwrap();
    assert!(slow < fast.unwrap());
    assert_eq!(count(&db, "SELECT COUNT(*) FROM feed").await, 2);
    other.close().await;
    db.remove().await;
}

#[db_test]
async fn a_reference_across_workspaces_is_refused(db: TestDb) {
    let (a, b) = (db.workspace().await, db.workspace().await);
    let done = db
        .write(Priority::Foreground, move |tx| -> WriteFuture<'_, u64> {
            Box::pin(async move {
                sql("UPDATE numbers SET waba = $3 WHERE workspace_id = $1 AND id = $2")
                    .bind(a.workspace)
                    .bind(a.number)
                    .bind(b.waba)
                    .execute(tx)
                    .await
            })
        })
        .await;
    assert!(
        matches!(done, Err(Error::Conflict("reference"))),
        "{done:?}"
    );
    db.remove().await;
}

#[db_test]
async fn migrating_twice_changes_nothing_and_a_newer_database_is_refused(db: TestDb) {
    db.migrate().await.unwrap();
    let version = db.schema_version().await.unwrap();
    db.write(Priority::Foreground, move |tx| -> WriteFuture<'_, u64> {
        Box::pin(async move {
            sql("INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES ($1, 'later', $2, 0)")
                .bind(version + 1)
                .bind(vec![1_u8])
                .execute(tx)
                .await
        })
    })
    .await
    .unwrap();
    assert!(matches!(db.migrate().await, Err(Error::Newer { .. })));
    assert!(matches!(
        db.schema_version().await,
        Err(Error::Newer { .. })
    ));
    db.remove().await;
}

/// Table → column → (type, required), in words that both databases share.
async fn schema(db: &Db) -> BTreeMap<String, BTreeMap<String, (String, bool)>> {
    let mut reader = db.reader().await.unwrap();
    let text = match db.dialect() {
        Dialect::Sqlite => {
            "SELECT t.name, c.name, c.type, c.\"notnull\" FROM sqlite_schema t, pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'"
        }
        Dialect::Postgres => {
            "SELECT table_name::text, column_name::text, data_type::text, CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END
             FROM information_schema.columns WHERE table_schema = 'public'"
        }
    };
    let mut tables: BTreeMap<String, BTreeMap<String, (String, bool)>> = BTreeMap::new();
    for row in sql(text).fetch_all(&mut reader).await.unwrap() {
        let kind = match row.text(2).unwrap().as_str() {
            "INTEGER" | "bigint" => "int",
            "TEXT" | "text" => "text",
            // SQLite keeps ids as bytes.
            "BLOB" | "uuid" | "bytea" => "bytes",
            other => panic!("a column of type {other}"),
        };
        let column = (kind.to_owned(), row.bool(3).unwrap());
        tables
            .entry(row.text(0).unwrap())
            .or_default()
            .insert(row.text(1).unwrap(), column);
    }
    tables
}

/// Index → its columns, with uniqueness; names made by the databases themselves are left out.
async fn indexes(db: &Db) -> BTreeMap<String, (String, bool)> {
    let mut reader = db.reader().await.unwrap();
    let text = match db.dialect() {
        Dialect::Sqlite => {
            "SELECT i.name, group_concat(c.name, ','), l.\"unique\" FROM sqlite_schema i
             JOIN pragma_index_info(i.name) c JOIN pragma_index_list(i.tbl_name) l ON l.name = i.name
             WHERE i.type = 'index' AND i.sql IS NOT NULL GROUP BY i.name"
        }
        Dialect::Postgres => {
            "SELECT c.relname::text, string_agg(a.attname::text, ',' ORDER BY a.attnum), i.indisunique
             FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_attribute a ON a.attrelid = c.oid
             JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = 'public' AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = c.oid)
             GROUP BY c.relname, i.indisunique"
        }
    };
    let rows = sql(text).fetch_all(&mut reader).await.unwrap();
    rows.iter()
        .map(|row| {
            (
                row.text(0).unwrap(),
                (row.text(1).unwrap(), row.bool(2).unwrap()),
            )
        })
        .collect()
}

#[test]
fn both_schemas_are_equal() {
    wigwag_store::testing::block_on(async {
        let sqlite = TestDb::sqlite().await;
        let mut text = String::new();
        for (table, columns) in schema(&sqlite).await {
            text.push_str(&format!("{table}\n"));
            for (column, (kind, required)) in columns {
                text.push_str(&format!(
                    "  {column} {kind}{}\n",
                    if required { "" } else { "?" }
                ));
            }
        }
        for (index, (columns, unique)) in indexes(&sqlite).await {
            text.push_str(&format!(
                "{}index {index} ({columns})\n",
                if unique { "unique " } else { "" }
            ));
        }
        insta::assert_snapshot!("schema", text);
        if let Some(postgres) = TestDb::postgres().await {
            assert_eq!(schema(&sqlite).await, schema(&postgres).await);
            assert_eq!(indexes(&sqlite).await, indexes(&postgres).await);
            postgres.remove().await;
        }
    });
}

#[test]
fn an_odd_url_is_named() {
    wigwag_store::testing::block_on(async {
        let db = TestDb::sqlite().await;
        let options = wigwag_store::Options::new(db.mint().clone(), db.keys().clone());
        let opened = Db::open("mysql://here", options).await;
        assert!(matches!(opened, Err(Error::Url(_))));
    });
}

/// Reads through a transaction see its own writes, on both databases.
#[db_test]
async fn a_transaction_reads_its_own_writes(db: TestDb) {
    async fn seen(on: &mut impl Executor) -> i64 {
        sql("SELECT COUNT(*) FROM instance")
            .fetch_one(on)
            .await
            .unwrap()
            .int(0)
            .unwrap()
    }
    let inside = db
        .write(Priority::Foreground, |tx| -> WriteFuture<'_, i64> {
            Box::pin(async move {
                sql("INSERT INTO instance (key, value) VALUES ('k', 'v')")
                    .execute(tx)
                    .await?;
                Ok(seen(tx).await)
            })
        })
        .await;
    assert_eq!(inside.unwrap(), 1);
    db.remove().await;
}

/// PostgreSQL ends a connection (a restart, an administrator): whoever uses it is told to come again, and
/// nobody gets it afterwards. SQLite's connections are the process's own.
#[db_test]
async fn a_reader_that_broke_is_not_lent_again(db: TestDb) {
    if db.dialect() == Dialect::Postgres {
        const PID: &str = "SELECT CAST(pg_backend_pid() AS BIGINT)";
        let before = count(&db, PID).await;
        db.write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("SELECT pg_terminate_backend(CAST($1 AS INT))")
                    .bind(before)
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
        let ended = sql(PID).fetch_one(&mut db.reader().await.unwrap()).await;
        assert!(matches!(ended, Err(Error::Busy)), "{:?}", ended.err());
        assert_ne!(count(&db, PID).await, before);
    }
    db.remove().await;
}
