//! What web pages tell, on both databases: it makes people and events, and changes nobody.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use futures::future::join_all;
use serde_json::{Map, Value, json};
use wigwag_model::consent::ConsentState;
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, WorkspaceId};
use wigwag_store::contacts::{self, Known, NewContact, Visitor};
use wigwag_store::events::{self, NewEvent, Tracked, Who};
use wigwag_store::testing::TestDb;
use wigwag_store::visits::{Step, Visit, record};
use wigwag_store::{Db, Error};
use wigwag_store_macros::db_test;

const PHONE: &str = "+919812345678";

fn visit(db: &Db, name: &str, traits: Value, steps: &[&str]) -> Visit {
    Visit {
        visitor: Visitor {
            phone: Phone::parse(PHONE, None).unwrap(),
            name: Some(name.to_owned()),
            email: Some(format!("{name}@web.example")),
            traits: serde_json::from_value(traits).unwrap(),
        },
        steps: steps
            .iter()
            .map(|id| Step {
                id: (*id).to_owned(),
                name: "Product Viewed".to_owned(),
                properties: Map::new(),
                occurred_at: db.mint().now(),
            })
            .collect(),
    }
}

/// As the engine does it: again when somebody else was quicker.
async fn tell(db: &Db, workspace: WorkspaceId, visit: Visit) {
    loop {
        match record(db, workspace, visit.clone()).await {
            Err(Error::Stale) => {}
            done => return done.unwrap(),
        }
    }
}

async fn who(db: &Db, workspace: WorkspaceId) -> ContactId {
    let known = Known {
        external: None,
        phone: Some(Phone::parse(PHONE, None).unwrap()),
    };
    contacts::who(db, workspace, &known)
        .await
        .unwrap()
        .unwrap()
        .unwrap()
}

async fn events_of(db: &Db, workspace: WorkspaceId, contact: ContactId) -> Vec<events::Event> {
    events::list(db, workspace, contact, None, 50)
        .await
        .unwrap()
        .0
}

#[db_test]
async fn a_visitor_becomes_a_contact_without_consent(db: TestDb) {
    let f = db.workspace().await;
    tell(
        &db,
        f.workspace,
        visit(&db, "asha", json!({}), &["one", "two", "one"]),
    )
    .await;
    tell(&db, f.workspace, visit(&db, "asha", json!({}), &["two"])).await;
    let contact = who(&db, f.workspace).await;
    let made = contacts::details(&db, f.workspace, contact).await.unwrap();
    assert_eq!(made.contact.source, "web");
    assert_eq!(made.contact.name, None);
    assert_eq!(made.contact.profile_name.as_deref(), Some("asha"));
    assert!(
        made.consent
            .iter()
            .all(|row| row.state == ConsentState::Unknown)
    );
    let told = events_of(&db, f.workspace, contact).await;
    assert_eq!(told.len(), 2, "each id is one event");
    assert!(told.iter().all(|event| event.source == "web"));
    db.remove().await;
}

#[db_test]
async fn a_page_changes_nobody_who_is_known(db: TestDb) {
    let f = db.workspace().await;
    let new = NewContact {
        name: Some("Asha Rao".to_owned()),
        phone: Phone::parse(PHONE, None).unwrap(),
        email: None,
        tags: vec!["vip".to_owned()],
        traits: BTreeMap::from([("city".to_owned(), json!("Pune"))]),
        source: "manual",
    };
    let contact = contacts::create(&db, f.workspace, new).await.unwrap().id();
    let before = contacts::details(&db, f.workspace, contact).await.unwrap();
    tell(
        &db,
        f.workspace,
        visit(&db, "mallory", json!({"city": "Nowhere"}), &["one"]),
    )
    .await;
    let after = contacts::details(&db, f.workspace, contact).await.unwrap();
    assert_eq!(before.contact, after.contact);
    assert_eq!(events_of(&db, f.workspace, contact).await.len(), 1);

    // Neither one that a page made before.
    let theirs = db.workspace().await;
    tell(&db, theirs.workspace, visit(&db, "asha", json!({}), &[])).await;
    let contact = who(&db, theirs.workspace).await;
    let before = contacts::details(&db, theirs.workspace, contact)
        .await
        .unwrap();
    tell(
        &db,
        theirs.workspace,
        visit(&db, "mallory", json!({"city": "Nowhere"}), &[]),
    )
    .await;
    let after = contacts::details(&db, theirs.workspace, contact)
        .await
        .unwrap();
    assert_eq!(before.contact, after.contact);
    db.remove().await;
}

#[db_test]
async fn a_page_defines_no_trait(db: TestDb) {
    let f = db.workspace().await;
    let known = NewContact {
        name: None,
        phone: Phone::parse("+919812345600", None).unwrap(),
        email: None,
        tags: vec![],
        traits: BTreeMap::from([
            ("city".to_owned(), json!("Pune")),
            ("age".to_owned(), json!(24)),
        ]),
        source: "manual",
    };
    contacts::create(&db, f.workspace, known).await.unwrap();
    let traits = json!({"city": "Nashik", "age": "old", "colour": "red", "gone": null});
    tell(&db, f.workspace, visit(&db, "asha", traits, &[])).await;
    let contact = who(&db, f.workspace).await;
    let made = contacts::details(&db, f.workspace, contact).await.unwrap();
    let traits = BTreeMap::from([("city".to_owned(), json!("Nashik"))]);
    assert_eq!(made.contact.traits, traits);
    let mut on = db.reader().await.unwrap();
    let rows = wigwag_store::sql("SELECT key FROM traits WHERE workspace_id = $1 ORDER BY key")
        .bind(f.workspace)
        .fetch_all(&mut on)
        .await
        .unwrap();
    let keys: Vec<String> = rows.iter().map(|row| row.text(0).unwrap()).collect();
    assert_eq!(keys, ["age", "city"]);
    drop(on);
    db.remove().await;
}

#[db_test]
async fn a_page_takes_no_id_that_a_program_will_use(db: TestDb) {
    let f = db.workspace().await;
    tell(
        &db,
        f.workspace,
        visit(&db, "mallory", json!({}), &["order-1042"]),
    )
    .await;
    let order = NewEvent {
        contact: Who::Id(who(&db, f.workspace).await),
        name: "Order Placed".to_owned(),
        properties: Map::new(),
        occurred_at: None,
        source_id: Some("order-1042".to_owned()),
    };
    let told = events::track(&db, f.workspace, order).await.unwrap();
    assert!(matches!(told, Tracked::New(event) if event.source == "api"));
    db.remove().await;
}

#[db_test]
async fn visitors_at_once_are_one_person_and_each_event_is_one(db: TestDb) {
    let f = db.workspace().await;
    let told = (0..24).map(|at| {
        let id = format!("event {}", at % 6);
        let visit = visit(&db, "asha", json!({}), &[id.as_str()]);
        let db = &db;
        async move { tell(db, f.workspace, visit).await }
    });
    join_all(told).await;
    let contact = who(&db, f.workspace).await;
    assert_eq!(events_of(&db, f.workspace, contact).await.len(), 6);
    db.remove().await;
}
