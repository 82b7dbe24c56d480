//! No item crosses a workspace.

use wigwag_model::MessageState;
use wigwag_store::ingest::{Items, MarkKind};
use wigwag_store::testing::TestDb;
use wigwag_store::{Db, sql};
use wigwag_store_macros::db_test;

use crate::world::World;

async fn of(db: &Db, question: &'static str, workspace: wigwag_model::WorkspaceId) -> i64 {
    sql(question)
        .bind(workspace)
        .fetch_one(&mut db.reader().await.unwrap())
        .await
        .unwrap()
        .int(0)
        .unwrap()
}

#[db_test]
async fn the_same_person_and_wamid_in_two_workspaces_stay_apart(db: TestDb) {
    let mine = World::new(db).await;
    let theirs = mine.db.workspace().await;
    let mut there = mine.text("919800000001", "wamid.1", 5, 2);
    (there.workspace, there.number) = (theirs.workspace, theirs.number);
    let here = mine.text("919800000001", "wamid.1", 0, 1);
    mine.apply_messages(vec![there, here]).await;
    for workspace in [mine.f.workspace, theirs.workspace] {
        for question in [
            "SELECT COUNT(*) FROM messages WHERE workspace_id = $1",
            "SELECT COUNT(*) FROM contacts WHERE workspace_id = $1 AND no = 1",
            "SELECT unread_count FROM conversations WHERE workspace_id = $1",
        ] {
            assert_eq!(of(&mine.db, question, workspace).await, 1, "{question}");
        }
        assert_eq!(
            of(
                &mine.db,
                "SELECT COUNT(*) FROM feed WHERE workspace_id = $1",
                workspace
            )
            .await,
            3
        );
    }
    // What is said of mine says nothing of theirs.
    mine.sent(Some("wamid.out")).await;
    let mut foreign = mine.status("wamid.out", MessageState::Read, 9);
    (foreign.workspace, foreign.number) = (theirs.workspace, theirs.number);
    let mut crossed = mine.mark("wamid.1", 9, MarkKind::Revoke);
    crossed.workspace = theirs.workspace;
    mine.apply(Items {
        statuses: vec![foreign],
        marks: vec![crossed],
        preferences: vec![mine.preference("919800000001", "denied", 9)],
        ..Items::default()
    })
    .await;
    assert_eq!(
        of(
            &mine.db,
            "SELECT state FROM messages WHERE workspace_id = $1 AND direction = 'out'",
            mine.f.workspace
        )
        .await,
        50
    );
    assert_eq!(
        mine.count("SELECT COUNT(*) FROM messages WHERE revoked_at IS NOT NULL")
            .await,
        0
    );
    assert_eq!(
        of(
            &mine.db,
            "SELECT COUNT(*) FROM consent WHERE workspace_id = $1",
            theirs.workspace
        )
        .await,
        0
    );
    assert_eq!(mine.count("SELECT COUNT(*) FROM parked").await, 2);
    mine.end().await;
}

#[db_test]
async fn a_workspace_cannot_use_the_number_of_another(db: TestDb) {
    let mine = World::new(db).await;
    let theirs = mine.db.workspace().await;
    let mut crossed = mine.text("919800000001", "wamid.1", 0, 1);
    crossed.number = theirs.number;
    let refused = mine
        .try_apply(Items {
            messages: vec![crossed],
            ..Items::default()
        })
        .await;
    assert!(refused.is_err_and(|error| error.is_about_data()));
    assert_eq!(mine.count("SELECT COUNT(*) FROM messages").await, 0);
    assert_eq!(mine.count("SELECT COUNT(*) FROM contacts").await, 0);
    mine.end().await;
}
