//! Jobs on both databases: claimed once, given back, tried again, given up.
#![expect(clippy::unwrap_used, reason = "a test ends where something is amiss")]

use std::collections::HashSet;
use std::time::Duration;

use wigwag_model::{JobId, Timestamp};
use wigwag_store::jobs::{self, Claimed, Lane};
use wigwag_store::testing::TestDb;
use wigwag_store::{Db, Job, Priority};
use wigwag_store_macros::db_test;

const LEASE: Duration = Duration::from_mins(10);

fn job(run_at: Timestamp, key: Option<&str>) -> Job {
    Job {
        kind: "test",
        workspace: None,
        payload: "{}".to_owned(),
        run_at,
        dedupe_key: key.map(str::to_owned),
        max_tries: 2,
    }
}

async fn enqueue(db: &Db, jobs: Vec<Job>) {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            for job in jobs {
                tx.enqueue(job);
            }
            Ok(())
        })
    })
    .await
    .unwrap();
}

async fn claim(db: &TestDb, limit: usize) -> Vec<Claimed> {
    jobs::claim(db, Lane::Prompt, db.mint().now(), LEASE, limit)
        .await
        .unwrap()
}

#[db_test]
async fn two_runners_never_get_the_same_job(db: TestDb) {
    let now = db.mint().now();
    enqueue(&db, (0..60).map(|_| job(now, None)).collect()).await;
    let other = db.again().await;
    let mut runners = tokio::task::JoinSet::new();
    for mine in [(*db).clone(), other.clone(), (*db).clone(), other.clone()] {
        runners.spawn(async move {
            let mut got = Vec::new();
            loop {
                let claimed = jobs::claim(&mine, Lane::Prompt, now, LEASE, 7)
                    .await
                    .unwrap();
                if claimed.is_empty()
                    && jobs::next_due(&mine, Lane::Prompt).await.unwrap() > Some(now)
                {
                    return got;
                }
                got.extend(claimed.into_iter().map(|job| job.id));
            }
        });
    }
    let got: Vec<JobId> = runners.join_all().await.concat();
    assert_eq!(got.len(), 60);
    assert_eq!(got.iter().collect::<HashSet<_>>().len(), 60);
    other.close().await;
    db.remove().await;
}

#[db_test]
async fn the_longest_due_comes_first_and_the_future_waits(db: TestDb) {
    let now = db.mint().now();
    let at = |seconds: u64| now.plus(Duration::from_secs(seconds));
    enqueue(&db, vec![job(at(60), None), job(at(0), Some("b"))]).await;
    db.clock.advance(Duration::from_secs(5));
    enqueue(&db, vec![job(at(4), Some("c"))]).await;
    assert_eq!(jobs::next_due(&db, Lane::Prompt).await.unwrap(), Some(now));
    assert_eq!(claim(&db, 1).await.len(), 1);
    assert_eq!(
        jobs::next_due(&db, Lane::Prompt).await.unwrap(),
        Some(at(4))
    );
    assert_eq!(claim(&db, 9).await.len(), 1);
    assert_eq!(claim(&db, 9).await, []);
    assert_eq!(
        jobs::next_due(&db, Lane::Prompt).await.unwrap(),
        Some(at(60))
    );
    db.remove().await;
}

#[db_test]
async fn a_lease_that_ends_gives_the_job_back_and_fences_the_slow(db: TestDb) {
    let now = db.mint().now();
    enqueue(&db, vec![job(now, None)]).await;
    let slow = claim(&db, 1).await.remove(0);
    assert_eq!((slow.try_no, slow.leased_until), (1, now.plus(LEASE)));
    db.clock.advance(LEASE - Duration::from_micros(1));
    assert_eq!(claim(&db, 1).await, []);
    db.clock.advance(Duration::from_micros(1));
    let second = claim(&db, 1).await.remove(0);
    assert_eq!((second.id, second.try_no), (slow.id, 2));
    let again = Some(db.mint().now());
    assert!(!jobs::fail(&db, &slow, "late", again).await.unwrap());
    assert!(!jobs::release(&db, &slow).await.unwrap());
    assert!(jobs::fail(&db, &second, "in time", None).await.unwrap());
    let failed = jobs::failed(&db, 10).await.unwrap();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].last_error.as_deref(), Some("in time"));
    assert_eq!(failed[0].tries, 2);
    db.remove().await;
}

#[db_test]
async fn a_job_is_done_fails_and_is_given_up(db: TestDb) {
    let now = db.mint().now();
    enqueue(&db, vec![job(now, Some("a")), job(now, Some("a"))]).await;
    let first = claim(&db, 9).await;
    assert_eq!(first.len(), 1, "one key, one job");
    let later = now.plus(Duration::from_secs(30));
    assert!(
        jobs::fail(&db, &first[0], "not yet", Some(later))
            .await
            .unwrap()
    );
    assert_eq!(
        jobs::next_due(&db, Lane::Prompt).await.unwrap(),
        Some(later)
    );
    enqueue(&db, vec![job(now, Some("a"))]).await;
    assert_eq!(claim(&db, 9).await, [], "the key is taken while it waits");
    db.clock.advance(Duration::from_secs(30));
    let second = claim(&db, 9).await.remove(0);
    assert!(jobs::release(&db, &second).await.unwrap());
    let third = claim(&db, 9).await.remove(0);
    assert_eq!(third.try_no, 2, "a release takes no try");
    assert!(jobs::fail(&db, &third, "no use", None).await.unwrap());
    assert_eq!(jobs::next_due(&db, Lane::Prompt).await.unwrap(), None);
    // Given up, it does not stand in the way of the same work.
    enqueue(&db, vec![job(db.mint().now(), Some("a"))]).await;
    let anew = claim(&db, 9).await.remove(0);
    jobs::succeed(&db, anew.id).await.unwrap();
    assert_eq!(jobs::next_due(&db, Lane::Prompt).await.unwrap(), None);
    assert_eq!(jobs::sweep(&db, db.mint().now()).await.unwrap(), 0);
    db.clock.advance(Duration::from_secs(1));
    assert_eq!(jobs::sweep(&db, db.mint().now()).await.unwrap(), 1);
    assert_eq!(jobs::failed(&db, 9).await.unwrap(), []);
    db.remove().await;
}

#[db_test]
async fn what_waits_for_another_try_can_be_hurried(db: TestDb) {
    let now = db.mint().now();
    enqueue(&db, vec![job(now, Some("a"))]).await;
    let held = claim(&db, 1).await.remove(0);
    jobs::enqueue_or_hurry(&db, vec![job(now, Some("a"))])
        .await
        .unwrap();
    assert_eq!(claim(&db, 1).await, [], "what runs is not hurried");
    jobs::succeed(&db, held.id).await.unwrap();
    let held = claim(&db, 1).await.remove(0);
    assert_eq!(held.try_no, 1, "it runs once more, and then it is done");
    let later = now.plus(Duration::from_hours(1));
    jobs::fail(&db, &held, "x", Some(later)).await.unwrap();
    assert_eq!(claim(&db, 1).await, []);
    jobs::enqueue_or_hurry(&db, vec![job(now, Some("a")), job(now, Some("b"))])
        .await
        .unwrap();
    let both = claim(&db, 9).await;
    assert_eq!(both.len(), 2);
    db.remove().await;
}

#[db_test]
async fn a_commit_wakes_the_runners(db: TestDb) {
    let mut wakes = db.job_wakes().subscribe();
    enqueue(&db, vec![job(db.mint().now(), None)]).await;
    assert!(wakes.has_changed().unwrap());
    wakes.borrow_and_update();
    let taken = claim(&db, 1).await;
    jobs::succeed(&db, taken[0].id).await.unwrap();
    assert!(!wakes.has_changed().unwrap());
    db.remove().await;
}

#[db_test]
async fn a_thousand_files_do_not_hold_up_what_somebody_waits_for(db: TestDb) {
    let now = db.mint().now();
    let file = Job {
        kind: "media.fetch",
        ..job(now, None)
    };
    enqueue(&db, vec![file; 1_000]).await;
    db.clock.advance(Duration::from_secs(1));
    enqueue(&db, vec![job(db.mint().now(), None)]).await;
    let prompt = claim(&db, 50).await;
    assert_eq!(prompt.len(), 1);
    assert_eq!(prompt[0].kind, "test");
    let later = db.mint().now();
    let files = jobs::claim(&db, Lane::Bulk, later, LEASE, 50)
        .await
        .unwrap();
    assert_eq!(files.len(), 50);
    assert!(files.iter().all(|job| job.kind == "media.fetch"));
    assert_eq!(
        jobs::next_due(&db, Lane::Bulk).await.unwrap(),
        Some(now),
        "there are more files"
    );
    db.remove().await;
}
