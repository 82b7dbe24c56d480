//! The door: signatures, sizes, secrets that change.

use std::time::Duration;

use bytes::Bytes;
use wigwag_engine::{AcceptError, Role, ingest};
use wigwag_meta::signature;
use wigwag_store::testing::TestDb;
use wigwag_store::{apps, journal};
use wigwag_store_macros::db_test;

use crate::rig::{Rig, engine};

#[db_test]
async fn only_the_app_s_own_signature_leaves_a_trace(db: TestDb) {
    let rig = Rig::new(db).await;
    let body = rig.fixture("in_text");
    let right = signature::sign(rig.f.app_secret.as_bytes(), body.as_bytes());
    let wrong = signature::sign(b"another secret", body.as_bytes());
    let empty = signature::sign(b"", body.as_bytes());
    for (app, signature) in [
        (rig.f.app_id.as_str(), None),
        (rig.f.app_id.as_str(), Some(wrong.as_str())),
        (rig.f.app_id.as_str(), Some(empty.as_str())),
        (rig.f.app_id.as_str(), Some("sha256=00")),
        (rig.f.app_id.as_str(), Some("")),
        ("12345", Some(right.as_str())),
        ("", Some(right.as_str())),
    ] {
        let refused = rig
            .engine
            .accept(app, signature, Bytes::from(body.clone()))
            .await;
        assert_eq!(refused, Err(AcceptError::Refused), "{app} {signature:?}");
    }
    let changed = body.replace("red delta", "red Delta");
    let refused = rig
        .engine
        .accept(&rig.f.app_id, Some(&right), Bytes::from(changed))
        .await;
    assert_eq!(refused, Err(AcceptError::Refused), "another body");
    assert_eq!(rig.count("SELECT COUNT(*) FROM journal").await, 0);
    rig.send(&body).await.unwrap();
    assert_eq!(rig.count("SELECT COUNT(*) FROM journal").await, 1);
    rig.end().await;
}

#[db_test]
async fn a_body_over_the_limit_is_refused_and_one_at_the_limit_is_taken(db: TestDb) {
    let rig = Rig::new(db).await;
    let largest = "x".repeat(ingest::LIMIT);
    assert_eq!(rig.send(&largest).await, Ok(()));
    let larger = "x".repeat(ingest::LIMIT + 1);
    assert_eq!(rig.send(&larger).await, Err(AcceptError::TooLarge));
    assert_eq!(rig.count("SELECT COUNT(*) FROM journal").await, 1);
    rig.end().await;
}

#[db_test]
async fn a_rotated_secret_works_at_once_and_the_one_before_goes_on(db: TestDb) {
    let rig = Rig::new(db).await;
    let (app, body) = (rig.f.app_id.clone(), rig.fixture("in_text"));
    let by = |secret: &str| signature::sign(secret.as_bytes(), body.as_bytes());
    apps::put(&rig.db, &app, "Kite", "second", "verify")
        .await
        .unwrap();
    let with_new = |signed: String| {
        let (engine, app, body) = (rig.engine.clone(), app.clone(), body.clone());
        async move { engine.accept(&app, Some(&signed), Bytes::from(body)).await }
    };
    assert_eq!(
        with_new(by("second")).await,
        Err(AcceptError::Refused),
        "read a moment ago"
    );
    rig.db.clock.advance(Duration::from_secs(1));
    assert_eq!(with_new(by("second")).await, Ok(()));
    assert_eq!(
        with_new(by(&rig.f.app_secret)).await,
        Ok(()),
        "the one before"
    );
    apps::put(&rig.db, &app, "Kite", "third", "verify")
        .await
        .unwrap();
    rig.engine.ingest().forget();
    assert_eq!(with_new(by("third")).await, Ok(()), "told of the change");
    assert_eq!(
        with_new(by(&rig.f.app_secret)).await,
        Err(AcceptError::Refused),
        "two rotations ago"
    );
    rig.end().await;
}

#[db_test]
async fn what_is_accepted_is_in_the_journal_before_the_answer(db: TestDb) {
    let rig = Rig::new(db).await;
    for number in 0..20 {
        rig.send(&rig.text(
            "919800000001",
            &format!("wamid.{number}"),
            "hi",
            1_795_424_400,
        ))
        .await
        .unwrap();
        assert_eq!(rig.count("SELECT COUNT(*) FROM journal").await, number + 1);
    }
    rig.end().await;
}

#[db_test]
async fn a_process_that_only_takes_webhooks_applies_none(db: TestDb) {
    let mut rig = Rig::new(db).await;
    rig.engine.stop().await;
    rig.engine = engine(wigwag_store::Db::clone(&rig.db), Role::Web).await;
    rig.send(&rig.text("919800000001", "wamid.1", "hi", 1_795_424_400))
        .await
        .unwrap();
    let (waiting, since) = journal::backlog(&rig.db, 0).await.unwrap();
    assert_eq!((waiting, since.is_some()), (1, true));
    let worker = engine(wigwag_store::Db::clone(&rig.db), Role::Worker).await;
    rig.until("SELECT COUNT(*) FROM messages", 1).await;
    worker.stop().await;
    rig.end().await;
}

#[db_test]
async fn many_at_once_are_all_kept_once(db: TestDb) {
    let rig = Rig::new(db).await;
    let sends = (0..200).map(|number| {
        let body = rig.text(
            &format!("9198000000{:02}", number % 20),
            &format!("wamid.{number}"),
            "hi",
            1_795_424_400,
        );
        let rig = &rig;
        async move { rig.send(&body).await }
    });
    for outcome in futures::future::join_all(sends).await {
        assert_eq!(outcome, Ok(()));
    }
    rig.until("SELECT COUNT(*) FROM messages", 200).await;
    assert_eq!(
        rig.count("SELECT COUNT(DISTINCT seq) FROM journal").await,
        200
    );
    assert_eq!(rig.count("SELECT COUNT(*) FROM contacts").await, 20);
    assert_eq!(
        rig.count("SELECT CAST(SUM(unread_count) AS BIGINT) FROM conversations")
            .await,
        200
    );
    rig.end().await;
}

#[db_test]
async fn two_processes_share_the_appliers_work_without_doubling_it(db: TestDb) {
    let rig = Rig::new(db).await;
    // On SQLite a second process is refused by the data folder's lock; here it only races.
    let other = engine(rig.db.again().await, Role::Worker).await;
    for number in 0..50 {
        let body = rig.text(
            "919800000001",
            &format!("wamid.{number}"),
            "hi",
            1_795_424_400,
        );
        rig.send(&body).await.unwrap();
    }
    rig.until("SELECT COUNT(*) FROM messages", 50).await;
    assert_eq!(
        rig.count("SELECT CAST(SUM(unread_count) AS BIGINT) FROM conversations")
            .await,
        50
    );
    other.stop().await;
    rig.end().await;
}
