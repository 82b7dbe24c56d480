//! Messages that were sent before the database knew of them.

use std::time::Duration;

use wigwag_model::phone::Phone;
use wigwag_model::{Kind, MessageState, Role, Scope, WorkspaceId};
use wigwag_store::contacts::{self, NewContact};
use wigwag_store::messages::past::{Past, remember};
use wigwag_store::messages::{self, Around};
use wigwag_store::testing::TestDb;
use wigwag_store::{Error, Priority, conversations};
use wigwag_store_macros::db_test;

async fn write(db: &TestDb, workspace: WorkspaceId, past: Past) -> Result<(), Error> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move { remember(tx, workspace, past).await.map(|_| ()) })
    })
    .await
}

#[db_test]
async fn the_list_shows_the_newest_and_nothing_is_owed(db: TestDb) {
    let shop = db.workspace().await;
    let new = NewContact {
        name: Some("Asha K".to_owned()),
        phone: Phone::parse("+919812345678", None).unwrap(),
        email: None,
        tags: Vec::new(),
        traits: std::collections::BTreeMap::new(),
        source: "import",
    };
    let contact = contacts::create(&db, shop.workspace, new)
        .await
        .unwrap()
        .id();
    let (conversation, _) = conversations::open(&db, shop.workspace, contact, shop.number)
        .await
        .unwrap();
    let now = db.mint().now();
    let past = |wamid: &str, hours: u64, state, failure| Past {
        conversation,
        kind: Kind::Text,
        content: format!("{{\"body\":\"{wamid}\"}}"),
        preview: wamid.to_owned(),
        media: None,
        source: "composer",
        author: Some(shop.owner),
        wamid: wamid.to_owned(),
        reply_to: None,
        template: None,
        state,
        failure,
        at: now.minus(Duration::from_hours(hours)),
    };
    let read = past("wamid.A", 5, MessageState::Read, None);
    write(&db, shop.workspace, read.clone()).await.unwrap();
    let failed = past(
        "wamid.B",
        3,
        MessageState::Failed,
        Some((131_047, "window_closed".to_owned())),
    );
    write(&db, shop.workspace, failed).await.unwrap();
    let earlier = past("wamid.C", 9, MessageState::Delivered, None);
    write(&db, shop.workspace, earlier).await.unwrap();

    let scope = Scope::member(shop.workspace, shop.owner, Role::Owner);
    let row = conversations::get(&db, &scope, conversation).await.unwrap();
    let last = row.last.unwrap();
    assert_eq!(last.preview, "wamid.B");
    assert_eq!(last.state, Some(MessageState::Failed));
    let page = messages::page(&db, &scope, conversation, Around::End, 10)
        .await
        .unwrap();
    let states: Vec<_> = page
        .messages
        .iter()
        .map(|message| message.state.unwrap())
        .collect();
    assert_eq!(
        states,
        [
            MessageState::Delivered,
            MessageState::Read,
            MessageState::Failed
        ]
    );
    assert!(page.messages[1].read_at.is_some());
    assert!(page.messages[0].read_at.is_none());
    assert_eq!(page.messages[2].failure_code, Some(131_047));

    let twice = write(&db, shop.workspace, read.clone()).await;
    assert!(matches!(twice, Err(Error::Conflict(_))));
    let other = db.workspace().await;
    let foreign = write(&db, other.workspace, read).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    db.remove().await;
}
