//! Events on both databases: told once, found by contact, kept apart by workspace.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, EventId, WorkspaceId};
use wigwag_store::contacts::{self, NewContact};
use wigwag_store::events::{self, Event, NewEvent, Tracked, Who};
use wigwag_store::testing::TestDb;
use wigwag_store::{Error, Priority, sql};
use wigwag_store_macros::db_test;

async fn asha(db: &TestDb, workspace: WorkspaceId) -> ContactId {
    let new = NewContact {
        name: Some("Asha".to_owned()),
        phone: phone(),
        email: None,
        tags: Vec::new(),
        traits: BTreeMap::new(),
        source: "api",
    };
    contacts::create(db, workspace, new).await.unwrap().id()
}

fn phone() -> Phone {
    Phone::parse("+919812345678", None).unwrap()
}

fn order(contact: Who, id: Option<&str>) -> NewEvent {
    let properties = json!({"total": 12.5, "items": ["kite"]});
    NewEvent {
        contact,
        name: "Order Placed".to_owned(),
        properties: properties.as_object().unwrap().clone(),
        occurred_at: None,
        source_id: id.map(str::to_owned),
    }
}

async fn new(db: &TestDb, workspace: WorkspaceId, event: NewEvent) -> Event {
    match events::track(db, workspace, event).await.unwrap() {
        Tracked::New(event) => event,
        Tracked::Known(event) => panic!("known: {event:?}"),
    }
}

#[db_test]
async fn an_event_that_is_told_twice_is_one(db: TestDb) {
    let shop = db.workspace().await;
    let contact = asha(&db, shop.workspace).await;
    let first = new(&db, shop.workspace, order(Who::Id(contact), Some("1042"))).await;
    assert_eq!(first.contact, contact);
    assert_eq!(first.occurred_at, db.mint().now());
    db.clock.advance(Duration::from_mins(1));
    // Whatever it says the second time, also about whom.
    let mut again = order(Who::Phone(phone()), Some("1042"));
    again.name = "Other".to_owned();
    let told = events::track(&db, shop.workspace, again).await.unwrap();
    assert_eq!(told, Tracked::Known(first.clone()));
    // Twice at once.
    let (one, other) = tokio::join!(
        events::track(&db, shop.workspace, order(Who::Id(contact), Some("1043"))),
        events::track(&db, shop.workspace, order(Who::Id(contact), Some("1043"))),
    );
    let fresh = [one.unwrap(), other.unwrap()]
        .iter()
        .filter(|told| matches!(told, Tracked::New(_)))
        .count();
    assert_eq!(fresh, 1);
    // Without an id each is its own.
    new(&db, shop.workspace, order(Who::Id(contact), None)).await;
    new(&db, shop.workspace, order(Who::Id(contact), None)).await;
    let (rows, next) = events::list(&db, shop.workspace, contact, None, 10)
        .await
        .unwrap();
    assert_eq!((rows.len(), next), (4, None));
    assert_eq!(rows[3], first, "the newest come first");
    // Another workspace has ids of its own, and none of these people.
    let other = db.workspace().await;
    let refused = events::track(&db, other.workspace, order(Who::Id(contact), Some("1042"))).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    let theirs = asha(&db, other.workspace).await;
    let event = new(&db, other.workspace, order(Who::Id(theirs), Some("1042"))).await;
    assert_ne!(event.id, first.id);
    let foreign = events::list(&db, other.workspace, contact, None, 10).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    db.remove().await;
}

#[db_test]
async fn a_contact_is_found_by_id_phone_and_the_shops_own_id(db: TestDb) {
    let shop = db.workspace().await;
    let contact = asha(&db, shop.workspace).await;
    let workspace = shop.workspace;
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("INSERT INTO contact_identities (workspace_id, kind, scope, value, contact_id, created_at) VALUES ($1, 'external', '', 'C-7', $2, 0)")
                .bind(workspace)
                .bind(contact)
                .execute(tx)
                .await
        })
    })
    .await
    .unwrap();
    for who in [
        Who::Id(contact),
        Who::Phone(phone()),
        Who::External("C-7".to_owned()),
    ] {
        let event = new(&db, workspace, order(who, None)).await;
        assert_eq!(event.contact, contact);
        assert_eq!(event.properties["total"], 12.5);
    }
    for who in [
        Who::Id(db.mint().id()),
        Who::Phone(Phone::parse("+919812345679", None).unwrap()),
        Who::External("C-8".to_owned()),
    ] {
        let refused = events::track(&db, workspace, order(who, None)).await;
        assert!(matches!(refused, Err(Error::NotFound)));
    }
    db.remove().await;
}

#[db_test]
async fn pages_follow_each_other_without_a_gap(db: TestDb) {
    let shop = db.workspace().await;
    let contact = asha(&db, shop.workspace).await;
    let mut made: Vec<EventId> = Vec::new();
    for at in 0..5_u64 {
        // Two at each instant.
        let mut event = order(Who::Id(contact), None);
        event.occurred_at = Some(db.mint().now().minus(Duration::from_secs(at / 2)));
        made.push(new(&db, shop.workspace, event).await.id);
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let (rows, next) = events::list(&db, shop.workspace, contact, after, 2)
            .await
            .unwrap();
        assert!(
            rows.windows(2)
                .all(|pair| pair[0].occurred_at >= pair[1].occurred_at)
        );
        seen.extend(rows.into_iter().map(|row| row.id));
        after = next;
        if after.is_none() {
            break;
        }
    }
    seen.sort();
    made.sort();
    assert_eq!(seen, made);
    db.remove().await;
}

#[db_test]
async fn many_events_at_once_are_each_what_they_would_be_alone(db: TestDb) {
    let shop = db.workspace().await;
    let contact = asha(&db, shop.workspace).await;
    let known = new(&db, shop.workspace, order(Who::Id(contact), Some("1"))).await;
    let nobody = Who::External("who-is-this".to_owned());
    let told = vec![
        order(Who::Id(contact), Some("2")),
        order(Who::Phone(phone()), Some("2")),
        order(nobody.clone(), Some("3")),
        order(Who::Id(contact), Some("3")),
        order(Who::Id(contact), Some("1")),
        order(nobody, None),
        order(Who::Phone(phone()), None),
    ];
    let done = events::track_all(&db, shop.workspace, told).await.unwrap();
    let Some(Tracked::New(second)) = &done[0] else {
        panic!("{:?}", done[0]);
    };
    assert_eq!(done[1], Some(Tracked::Known(second.clone())));
    assert_eq!(done[2], None);
    assert!(
        matches!(&done[3], Some(Tracked::New(event)) if event.source_id.as_deref() == Some("3"))
    );
    assert_eq!(done[4], Some(Tracked::Known(known)));
    assert_eq!(done[5], None);
    assert!(matches!(&done[6], Some(Tracked::New(event)) if event.contact == contact));
    let (page, _) = events::list(&db, shop.workspace, contact, None, 50)
        .await
        .unwrap();
    assert_eq!(page.len(), 4);
}
