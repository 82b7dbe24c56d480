//! Walking an audience: one state of the database, everybody once, with what planning needs.

use std::collections::BTreeMap;

use serde_json::json;
use wigwag_model::audience::Filter;
use wigwag_model::consent::{Category, ConsentState};
use wigwag_store::audience::{self, NewList};
use wigwag_store::consent::Rule;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::crowd::Crowd;

#[db_test]
async fn a_snapshot_does_not_see_what_comes_later_and_does_not_stop_it(db: TestDb) {
    let mut crowd = Crowd::new(db).await;
    for at in 0..5 {
        crowd
            .person("A", &format!("+9198000000{at:02}"), json!({"tags": ["a"]}))
            .await;
    }
    let filter = Filter::Tag("a".to_owned());
    let mut snapshot = crowd.db.snapshot().await.unwrap();
    for at in 5..8 {
        crowd
            .person("A", &format!("+9198000000{at:02}"), json!({"tags": ["a"]}))
            .await;
    }
    let workspace = crowd.workspace();
    assert_eq!(
        audience::count(&mut snapshot, workspace, &filter, crowd.now())
            .await
            .unwrap(),
        5
    );
    let page = audience::page(
        &mut snapshot,
        workspace,
        &filter,
        crowd.now(),
        None,
        None,
        100,
    )
    .await
    .unwrap();
    assert_eq!(page.len(), 5);
    drop(snapshot);
    // The connection went back and sees the present.
    for _ in 0..20 {
        let mut snapshot = crowd.db.snapshot().await.unwrap();
        assert_eq!(
            audience::count(&mut snapshot, workspace, &filter, crowd.now())
                .await
                .unwrap(),
            8
        );
    }
    let mut on = crowd.db.snapshot().await.unwrap();
    assert_eq!(
        audience::count(&mut on, workspace, &filter, crowd.now())
            .await
            .unwrap(),
        8
    );
    drop(on);
    crowd.end().await;
}

#[db_test]
async fn a_person_comes_with_consent_window_and_columns(db: TestDb) {
    let mut crowd = Crowd::new(db).await;
    let id = crowd
        .person(
            "Asha",
            "+919876543210",
            json!({"tags": ["a"], "traits": {"city": "Pune"}}),
        )
        .await;
    crowd.person("Ravi", "+919876543211", json!({})).await;
    crowd
        .say(
            Rule::Told,
            vec![crowd.word(id, ConsentState::Granted, "manual", 0)],
        )
        .await;
    let (workspace, number) = (crowd.workspace(), crowd.f.number);
    let new = NewList {
        name: "Codes".to_owned(),
        source: "manual",
        created_by: "system".to_owned(),
        columns: vec!["Code".to_owned()],
    };
    let list = audience::create_list(&crowd.db, workspace, new, vec![id])
        .await
        .unwrap();
    crowd
        .run("UPDATE audience_list_members SET columns = '{\"Code\":\"K1\"}' WHERE workspace_id = $1 AND contact_id = $2", id)
        .await;
    crowd.db.write(wigwag_store::Priority::Foreground, move |tx| Box::pin(async move {
        wigwag_store::sql("INSERT INTO conversations (workspace_id, id, contact_id, number_id, status, unread_count, contact_name, activity_at,
                window_closes_at, changed_seq, created_at) VALUES ($1, $2, $2, $3, 'open', 0, 'Asha', 0, 77, 0, 0)")
            .bind(workspace).bind(id).bind(number).execute(tx).await
    })).await.unwrap();
    let mut snapshot = crowd.db.snapshot().await.unwrap();
    let filter = Filter::read(&json!({"all": [{"list": list.id}, {"tag": "a"}]})).unwrap();
    let people = audience::page(
        &mut snapshot,
        workspace,
        &filter,
        crowd.now(),
        Some(number),
        None,
        10,
    )
    .await
    .unwrap();
    let [person] = people.as_slice() else {
        panic!("{people:?}")
    };
    assert_eq!(
        (person.contact.id, person.contact.name.as_deref()),
        (id, Some("Asha"))
    );
    assert_eq!(person.consent(Category::Marketing), ConsentState::Granted);
    assert_eq!(person.consent(Category::Utility), ConsentState::Unknown);
    assert_eq!(person.window.unwrap().closes_at.unwrap().as_micros(), 77);
    assert_eq!(
        person.columns,
        BTreeMap::from([("Code".to_owned(), "K1".to_owned())])
    );
    assert_eq!(person.contact.traits["city"], "Pune");
    let all = audience::page(
        &mut snapshot,
        workspace,
        &Filter::everyone(),
        crowd.now(),
        None,
        Some(id),
        10,
    )
    .await
    .unwrap();
    assert_eq!(all.len(), 1, "after the first comes the second");
    assert!(all[0].window.is_none() && all[0].columns.is_empty() && all[0].consent.is_empty());
    drop(snapshot);
    let (count, sample) = audience::count_with_sample(
        &mut crowd.db.snapshot().await.unwrap(),
        workspace,
        &Filter::everyone(),
        crowd.now(),
        1,
    )
    .await
    .unwrap();
    assert_eq!((count, sample[0].id), (2, id));
    crowd.end().await;
}

#[db_test]
async fn parts_that_ask_other_tables_go_through_an_index(db: TestDb) {
    let mut crowd = Crowd::new(db).await;
    crowd
        .person(
            "Asha",
            "+919876543210",
            json!({"tags": ["a"], "traits": {"city": "Pune", "spent": 5}}),
        )
        .await;
    if crowd.db.dialect() == wigwag_store::Dialect::Postgres {
        // A small table is read whole there whatever its indexes; SQLite's plan does not depend on size.
        crowd.end().await;
        return;
    }
    let list = "list_01j00000000000000000000000";
    for (filter, index) in [
        (
            json!({"tag": "a"}),
            "t USING PRIMARY KEY (workspace_id=? AND tag_key=?",
        ),
        (
            json!({"trait": {"key": "city", "is": {"eq": "Pune"}}}),
            "contact_traits_by_text (workspace_id=? AND key=? AND text=?",
        ),
        (
            json!({"trait": {"key": "city", "is": {"starts_with": "Pu"}}}),
            "contact_traits_by_text (workspace_id=? AND key=? AND text>? AND text<?",
        ),
        (
            json!({"trait": {"key": "spent", "is": {"gt": 1}}}),
            "contact_traits_by_number (workspace_id=? AND key=? AND number>?",
        ),
        (
            json!({"consent": {"category": "marketing", "state": "granted"}}),
            "consent_by_state (workspace_id=? AND category=? AND state=?",
        ),
        (
            json!({"event": {"name": "Order Placed", "within": "30d"}}),
            "events_by_name (workspace_id=? AND name=? AND occurred_at>?",
        ),
        (
            json!({"conversation": {"status": "open"}}),
            "(workspace_id=? AND status=?",
        ),
        (
            json!({"list": list}),
            "PRIMARY KEY (workspace_id=? AND list_id=?",
        ),
    ] {
        let filter = Filter::read(&filter).unwrap();
        let mut on = crowd.db.snapshot().await.unwrap();
        let counting = audience::explain(&mut on, crowd.workspace(), &filter, crowd.now(), false)
            .await
            .unwrap();
        assert!(
            counting.iter().any(|step| step.contains(index)),
            "{filter:?}: {counting:#?}"
        );
        assert!(
            counting.iter().all(|step| !step.starts_with("SCAN")),
            "{filter:?}: {counting:#?}"
        );
        // Pages go along the contacts in order, and ask the part of each by index.
        let paging = audience::explain(&mut on, crowd.workspace(), &filter, crowd.now(), true)
            .await
            .unwrap();
        assert!(
            paging[0]
                .starts_with("SEARCH p USING INDEX sqlite_autoindex_contacts_1 (workspace_id=?"),
            "{filter:?}: {paging:#?}"
        );
        let of_one = |step: &String| step.starts_with("SEARCH t") && step.contains("contact_id=?");
        assert!(paging.iter().any(of_one), "{filter:?}: {paging:#?}");
        assert!(
            paging
                .iter()
                .all(|step| !step.starts_with("SCAN") && !step.contains("TEMP B-TREE")),
            "{filter:?}: {paging:#?}"
        );
    }
    crowd.end().await;
}
