//! The same random operations on SQLite and on PostgreSQL, in the same order, end in the same rows
//! and give the same answers on the way.
//!
//! Clocks and generators begin alike, so that even ids are equal as long as both do the same.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod machine;
mod operation;
mod rows;

use proptest::test_runner::{Config, TestCaseError, TestRunner};
use wigwag_store::testing::{TestDb, block_on};

use machine::Machine;
use operation::Operation;

/// Histories to try.
const CASES: u32 = 8;

#[test]
fn both_databases_answer_and_end_alike() {
    if std::env::var(wigwag_store::testing::POSTGRES).is_err() {
        assert!(
            std::env::var("WIGWAG_TEST_REQUIRE_POSTGRES").is_err(),
            "a PostgreSQL server must be named"
        );
        eprintln!("skipped: no PostgreSQL server is named");
        return;
    }
    let config = Config {
        cases: CASES,
        max_shrink_iters: 60,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&operation::history(), |history| {
            block_on(compare(history)).map_err(TestCaseError::fail)
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

async fn compare(history: Vec<Operation>) -> Result<(), String> {
    let Some(postgres) = TestDb::postgres().await else {
        return Err("PostgreSQL went away".to_owned());
    };
    let mut one = Machine::new(TestDb::sqlite().await).await;
    let mut other = Machine::new(postgres).await;
    let mut outcome = Ok(());
    for (at, operation) in history.iter().enumerate() {
        let (a, b) = (one.run(operation).await, other.run(operation).await);
        if a != b {
            outcome = Err(format!(
                "{at}: {operation:?}\n  SQLite: {a}\n  PostgreSQL: {b}"
            ));
            break;
        }
    }
    if outcome.is_ok() {
        for table in rows::TABLES {
            let (a, b) = (table.read(one.db()).await, table.read(other.db()).await);
            if a != b {
                outcome = Err(format!(
                    "{}\n  SQLite: {a:#?}\n  PostgreSQL: {b:#?}",
                    table.name
                ));
                break;
            }
        }
    }
    one.end().await;
    other.end().await;
    outcome
}
