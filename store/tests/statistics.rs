//! PostgreSQL is told when tables have grown, and not again until they have.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use wigwag_store::testing::TestDb;
use wigwag_store::{Dialect, Priority, sql, statistics};
use wigwag_store_macros::db_test;

/// Writes so many tags, and has PostgreSQL note at once how many.
async fn tags(db: &TestDb, from: i64, count: i64) {
    let workspace = db.workspace().await.workspace;
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("INSERT INTO import_columns (workspace_id, column_key, target, used_at)
                 WITH RECURSIVE n (i) AS (SELECT CAST($2 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2 + $3)
                 SELECT $1, CAST(i AS TEXT), '', 0 FROM n")
            .bind(workspace)
            .bind(from)
            .bind(count)
            .execute(tx)
            .await?;
            if tx.dialect() == Dialect::Postgres {
                sql("SELECT CAST(pg_stat_force_next_flush() AS TEXT)")
                    .fetch_all(tx)
                    .await?;
            }
            Ok(())
        })
    })
    .await
    .unwrap();
}

async fn known(db: &TestDb) -> i64 {
    sql("SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE relname = 'import_columns' AND relnamespace = current_schema()::regnamespace")
        .fetch_one(&mut db.reader().await.unwrap())
        .await
        .unwrap()
        .int(0)
        .unwrap()
}

#[db_test]
async fn a_table_that_has_doubled_is_counted_anew(db: TestDb) {
    if db.dialect() == Dialect::Sqlite {
        assert_eq!(statistics::refresh(&db).await.unwrap(), 0);
        return db.remove().await;
    }
    // The server looks at its tables once a minute, and must not do so in between.
    db.write(Priority::Foreground, |tx| {
        Box::pin(async move {
            sql("ALTER TABLE import_columns SET (autovacuum_enabled = false)")
                .execute(tx)
                .await
        })
    })
    .await
    .unwrap();
    while statistics::refresh(&db).await.unwrap() > 0 {}
    tags(&db, 0, 150).await;
    statistics::refresh(&db).await.unwrap();
    assert!(known(&db).await < 1, "too few to be worth it");
    tags(&db, 150, 300).await;
    assert!(statistics::refresh(&db).await.unwrap() >= 1);
    assert_eq!(known(&db).await, 450);
    tags(&db, 450, 600).await;
    statistics::refresh(&db).await.unwrap();
    assert_eq!(known(&db).await, 450, "it has not doubled");
    tags(&db, 1_050, 100).await;
    statistics::refresh(&db).await.unwrap();
    assert_eq!(known(&db).await, 1_150);
    db.remove().await;
}
