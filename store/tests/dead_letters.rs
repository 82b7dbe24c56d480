//! Dead letters on both databases: who sees them, in which order, and what becomes of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use wigwag_model::{DeadLetterId, Timestamp, WorkspaceId};
use wigwag_store::dead_letters::{self, NewDeadLetter};
use wigwag_store::testing::TestDb;
use wigwag_store::{Db, Error, Priority, WriteFuture, sql};
use wigwag_store_macros::db_test;

fn letter(workspace: Option<WorkspaceId>, app: &str, seq: i64) -> NewDeadLetter {
    NewDeadLetter {
        workspace,
        app: app.to_owned(),
        partition: 0,
        seq,
        index: 0,
        reason: "unreadable",
        detail: "why".to_owned(),
        item: vec![0, 159, 146, 150],
        received_at: Timestamp::from_seconds(1_795_424_400 + seq / 2),
    }
}

async fn keep(db: &Db, letters: Vec<NewDeadLetter>) {
    db.write(Priority::Background, move |tx| -> WriteFuture<'_, ()> {
        Box::pin(async move { dead_letters::insert(tx, &letters).await })
    })
    .await
    .unwrap();
}

async fn seqs(db: &Db, workspace: WorkspaceId, state: &str) -> Vec<i64> {
    let (letters, _) = dead_letters::list(db, workspace, state, None, 200)
        .await
        .unwrap();
    letters.iter().map(|letter| letter.seq).collect()
}

#[db_test]
async fn pages_hold_everything_once_newest_first(db: TestDb) {
    let f = db.workspace().await;
    keep(
        &db,
        (1..=7)
            .map(|seq| letter(Some(f.workspace), &f.app_id, seq))
            .collect(),
    )
    .await;
    keep(
        &db,
        (1..=7)
            .map(|seq| letter(Some(f.workspace), &f.app_id, seq))
            .collect(),
    )
    .await;
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let (page, more) = dead_letters::list(&db, f.workspace, "open", before, 3)
            .await
            .unwrap();
        assert!(page.len() <= 3);
        seen.extend(page.iter().map(|letter| (letter.received_at, letter.id)));
        match more {
            Some(key) => before = Some(key),
            None => break,
        }
    }
    assert_eq!(seen.len(), 7);
    assert!(
        seen.windows(2).all(|pair| pair[0] > pair[1]),
        "newest first, none twice"
    );
    assert_eq!(dead_letters::open_count(&db).await.unwrap(), 7);
    db.remove().await;
}

#[db_test]
async fn letters_without_workspace_are_seen_by_the_only_user_of_the_app(db: TestDb) {
    let (mine, theirs) = (db.workspace().await, db.workspace().await);
    keep(
        &db,
        vec![
            letter(Some(mine.workspace), &mine.app_id, 1),
            letter(None, &mine.app_id, 2),
            letter(None, &theirs.app_id, 3),
            letter(Some(theirs.workspace), &mine.app_id, 4),
            letter(None, "nobody", 5),
        ],
    )
    .await;
    assert_eq!(seqs(&db, mine.workspace, "open").await, [2, 1]);
    assert_eq!(seqs(&db, theirs.workspace, "open").await, [4, 3]);
    // Once both use the app, what is nobody's may be about the other's people.
    let (app, workspace) = (mine.app_id.clone(), theirs.workspace);
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("UPDATE wabas SET app_id = $1 WHERE workspace_id = $2")
                .bind(app)
                .bind(workspace)
                .execute(tx)
                .await
        })
    })
    .await
    .unwrap();
    assert_eq!(seqs(&db, mine.workspace, "open").await, [1]);
    db.remove().await;
}

async fn note(db: &Db, id: DeadLetterId, done: bool) -> Result<(), Error> {
    db.write(Priority::Foreground, move |tx| -> WriteFuture<'_, ()> {
        Box::pin(async move { dead_letters::replayed(tx, id, done, "still no route").await })
    })
    .await
}

#[db_test]
async fn a_letter_is_replayed_or_discarded_once(db: TestDb) {
    let (f, other) = (db.workspace().await, db.workspace().await);
    keep(
        &db,
        (1..=2)
            .map(|seq| letter(Some(f.workspace), &f.app_id, seq))
            .collect(),
    )
    .await;
    let (letters, _) = dead_letters::list(&db, f.workspace, "open", None, 9)
        .await
        .unwrap();
    let (first, second) = (letters[0].id, letters[1].id);
    note(&db, first, false).await.unwrap();
    let read = dead_letters::get(&mut db.reader().await.unwrap(), f.workspace, first)
        .await
        .unwrap();
    assert_eq!(
        (read.tries, read.state.as_str(), read.detail.as_str()),
        (1, "open", "still no route")
    );
    assert_eq!(read.item, [0, 159, 146, 150]);
    note(&db, first, true).await.unwrap();
    assert!(matches!(note(&db, first, true).await, Err(Error::Stale)));
    let foreign = dead_letters::discard(&db, other.workspace, second).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    assert_eq!(
        dead_letters::discard(&db, f.workspace, second)
            .await
            .unwrap()
            .state,
        "discarded"
    );
    assert!(matches!(
        dead_letters::discard(&db, f.workspace, first).await,
        Err(Error::Stale)
    ));
    assert_eq!(seqs(&db, f.workspace, "open").await, [0; 0]);
    assert_eq!(seqs(&db, f.workspace, "replayed").await, [2]);
    assert_eq!(seqs(&db, f.workspace, "discarded").await, [1]);
    db.remove().await;
}
