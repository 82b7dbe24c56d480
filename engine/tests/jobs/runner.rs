//! How the runner treats its jobs.

use std::time::Duration;

use wigwag_store::jobs::Lane;
use wigwag_store::testing::TestDb;
use wigwag_store::{Job, Priority, jobs};
use wigwag_store_macros::db_test;

use crate::rig::{Rig, eventually};

async fn enqueue(rig: &Rig, kind: &'static str, payload: &str, max_tries: i64) {
    let job = Job {
        kind,
        workspace: Some(rig.workspace()),
        payload: payload.to_owned(),
        run_at: rig.db.mint().now(),
        dedupe_key: None,
        max_tries,
    };
    rig.db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                tx.enqueue(job);
                Ok(())
            })
        })
        .await
        .unwrap();
}

#[db_test]
async fn what_cannot_be_read_is_given_up_and_what_is_unknown_waits(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    enqueue(&rig, "template.sync", "{\"waba\":7}", 5).await;
    enqueue(&rig, "of.tomorrow", "{}", 5).await;
    let failed = eventually("one is given up", async || {
        jobs::failed(&rig.db, 9).await.unwrap().pop()
    })
    .await;
    assert_eq!((failed.kind.as_str(), failed.tries), ("template.sync", 1));
    assert!(failed.last_error.unwrap().starts_with("payload: "));
    let (tries, error, again) = eventually("the other waits", async || {
        rig.job("of.tomorrow").await.filter(|job| job.1.is_some())
    })
    .await;
    assert_eq!((tries, error.as_deref()), (1, Some("unknown_kind")));
    let pause = again.since(rig.db.mint().now());
    assert!(
        pause >= Duration::from_secs(10) && pause < Duration::from_secs(12),
        "{pause:?}"
    );
    rig.db.clock.advance(pause);
    eventually("it is tried again", async || {
        rig.job("of.tomorrow").await.filter(|job| job.0 == 2)
    })
    .await;
    sim.shutdown().await;
    rig.end().await;
}

#[db_test]
async fn a_job_whose_runner_died_is_run_again_and_given_up_at_last(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    rig.engine.stop().await;
    let meta_id = rig.at_meta("text/plain", b"hello".to_vec()).await;
    let (media, _) = rig.incoming("document", meta_id).await;
    // Somebody else takes it three times and dies each time.
    let lease = Duration::from_mins(10);
    for try_no in 1..=3 {
        let now = rig.db.mint().now();
        let taken = jobs::claim(&rig.db, Lane::Bulk, now, lease, 50)
            .await
            .unwrap();
        let fetch = taken.iter().find(|job| job.kind == "media.fetch").unwrap();
        assert_eq!(fetch.try_no, try_no);
        rig.db.clock.advance(lease);
    }
    let again = wigwag_engine::Engine::start(wigwag_engine::Parts {
        db: (*rig.db).clone(),
        files: rig.context.files().clone(),
        meta: rig.meta.clone(),
        settings: wigwag_engine::Settings::default(),
        role: wigwag_engine::Role::Worker,
    })
    .await
    .unwrap();
    let file = eventually("the file is given up", async || {
        let file = rig.media(media).await;
        (file.state == wigwag_store::media::State::Failed).then_some(file)
    })
    .await;
    assert_eq!(file.failure.as_deref(), Some("unfinished"));
    again.stop().await;
    sim.shutdown().await;
    rig.end().await;
}
