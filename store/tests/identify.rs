//! People as programs state them, on both databases: found by id and number, made once, never mixed up.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use std::collections::BTreeSet;

use futures::future::join_all;
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, WorkspaceId};
use wigwag_store::contacts::{self, Identified, Known, Profile};
use wigwag_store::testing::TestDb;
use wigwag_store::{Db, Error, audience};
use wigwag_store_macros::db_test;

fn known(external: Option<&str>, phone: Option<&str>) -> Known {
    Known {
        external: external.map(str::to_owned),
        phone: phone.map(|phone| Phone::parse(phone, None).unwrap()),
    }
}

/// As the engine does it: again when somebody else was quicker.
async fn identify(db: &Db, workspace: WorkspaceId, profile: &Profile) -> Identified {
    loop {
        match contacts::identify(db, workspace, profile.clone()).await {
            Err(Error::Stale) => {}
            done => return done.unwrap(),
        }
    }
}

fn contact(done: Identified) -> ContactId {
    match done {
        Identified::Done { contact, .. } => contact,
        refused => panic!("{refused:?}"),
    }
}

#[db_test]
async fn many_at_once_make_one_person_and_lose_no_trait(db: TestDb) {
    let f = db.workspace().await;
    let told = (0..40).map(|at| {
        let both = at % 3 == 0;
        let profile = Profile {
            known: known(
                (both || at % 3 == 1).then_some("c-7"),
                (both || at % 3 == 2).then_some("+919812345678"),
            ),
            traits: [(format!("t{at}"), serde_json::json!(at))].into(),
            tags: vec![format!("tag {at}")],
            at: db.mint().now(),
            ..Profile::default()
        };
        let db = &db;
        let workspace = f.workspace;
        async move {
            (
                profile.known.clone(),
                identify(db, workspace, &profile).await,
            )
        }
    });
    // The first names both, so that all are the same person.
    let first = Profile {
        known: known(Some("c-7"), Some("+919812345678")),
        ..Profile::default()
    };
    let one = contact(identify(&db, f.workspace, &first).await);
    let all: BTreeSet<ContactId> = join_all(told)
        .await
        .into_iter()
        .map(|(_, done)| contact(done))
        .collect();
    assert_eq!(all, BTreeSet::from([one]));
    let row = audience::customer(&db, f.workspace, one).await.unwrap();
    assert_eq!(row[0].contact.traits.len(), 40);
    assert_eq!(row[0].contact.tags.len(), 40);
    assert_eq!(row[0].external.as_deref(), Some("c-7"));
    db.remove().await;
}

#[db_test]
async fn strangers_told_at_once_are_made_once(db: TestDb) {
    let f = db.workspace().await;
    let profile = Profile {
        known: known(Some("new"), Some("+919812345679")),
        ..Profile::default()
    };
    let made = join_all((0..20).map(|_| identify(&db, f.workspace, &profile))).await;
    let new = made
        .iter()
        .filter(|done| matches!(done, Identified::Done { new: true, .. }))
        .count();
    assert_eq!(new, 1, "{made:?}");
    let all: BTreeSet<ContactId> = made.into_iter().map(contact).collect();
    assert_eq!(all.len(), 1);
    db.remove().await;
}

#[db_test]
async fn a_workspace_finds_its_own(db: TestDb) {
    let (ours, theirs) = (db.workspace().await, db.workspace().await);
    let profile = Profile {
        known: known(Some("c-7"), Some("+919812345678")),
        ..Profile::default()
    };
    let one = contact(identify(&db, ours.workspace, &profile).await);
    let nobody = contacts::who(&db, theirs.workspace, &profile.known).await;
    assert_eq!(nobody.unwrap(), Ok(None));
    let other = contact(identify(&db, theirs.workspace, &profile).await);
    assert_ne!(one, other);
    let foreign = audience::customer(&db, theirs.workspace, one).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    db.remove().await;
}
