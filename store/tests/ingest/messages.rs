//! Messages of people: rows made once, the thread's order, the conversation's state.

use std::time::Duration;

use wigwag_model::Kind;
use wigwag_store::ingest::Inbound;
use wigwag_store::testing::TestDb;
use wigwag_store::{Priority, sql};
use wigwag_store_macros::db_test;

use crate::world::{World, at};

#[db_test]
async fn a_first_message_makes_person_conversation_and_message(db: TestDb) {
    let world = World::new(db).await;
    let mut hello = world.text("919800000001", "wamid.1", 0, 1);
    hello.person.profile_name = Some("Meera".to_owned());
    world.apply_messages(vec![hello]).await;
    let mut reader = world.db.reader().await.unwrap();
    let row = sql(
        "SELECT c.status, c.unread_count, c.contact_name, c.contact_phone, c.last_preview, c.last_at, c.last_inbound_wamid, c.window_closes_at,
                c.activity_at, p.no, p.country, p.source, p.last_seen_at, m.direction, m.source, m.content, m.seq
         FROM conversations c JOIN contacts p ON p.id = c.contact_id JOIN messages m ON m.conversation_id = c.id
         WHERE c.last_message_id = m.id AND c.last_direction = 'in' AND c.last_state IS NULL",
    )
    .fetch_one(&mut reader)
    .await
    .unwrap();
    let text = |at| row.opt_text(at).unwrap().unwrap_or_default();
    assert_eq!(
        (
            text(0).as_str(),
            row.int(1).unwrap(),
            text(2).as_str(),
            text(3).as_str()
        ),
        ("open", 1, "Meera", "+919800000001")
    );
    assert_eq!((text(4).as_str(), text(6).as_str()), ("wamid.1", "wamid.1"));
    assert_eq!(row.time(5).unwrap(), at(0));
    assert_eq!(row.time(7).unwrap(), at(0).plus(Duration::from_hours(24)));
    assert_eq!(row.time(8).unwrap(), at(0));
    assert_eq!(
        (row.int(9).unwrap(), text(10).as_str(), text(11).as_str()),
        (1, "IN", "message")
    );
    assert_eq!(row.time(12).unwrap(), at(0));
    assert_eq!(
        (text(13).as_str(), text(14).as_str(), row.int(16).unwrap()),
        ("in", "phone", 1)
    );
    drop(reader);
    let mut kinds = world.texts("SELECT kind FROM feed ORDER BY kind").await;
    kinds.dedup();
    assert_eq!(
        kinds,
        ["contact.changed", "conversation.changed", "message.created"]
    );
    assert_eq!(
        world.count("SELECT COUNT(*) FROM feed f JOIN feeds s ON s.workspace_id = f.workspace_id WHERE f.seq <= s.seq").await,
        3
    );
    assert!(world.count("SELECT changed_seq FROM messages").await > 0);
    world.end().await;
}

#[db_test]
async fn replays_and_doubles_change_nothing(db: TestDb) {
    let world = World::new(db).await;
    let one = world.picture("919800000001", "wamid.1", 0, 1);
    let two = world.text("919800000001", "wamid.2", 1, 2);
    world
        .apply_messages(vec![one.clone(), two.clone(), one.clone()])
        .await;
    let feed = world.count("SELECT seq FROM feeds").await;
    let changed = |message: &Inbound| Inbound {
        content: r#"{"body":"another"}"#.to_owned(),
        seq: 9,
        ..message.clone()
    };
    world.apply_messages(vec![one.clone(), two.clone()]).await;
    world.apply_messages(vec![changed(&two)]).await;
    assert_eq!(world.count("SELECT COUNT(*) FROM messages").await, 2);
    assert_eq!(world.count("SELECT COUNT(*) FROM media").await, 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM jobs").await, 1);
    assert_eq!(
        world.count("SELECT unread_count FROM conversations").await,
        2
    );
    assert_eq!(
        world.count("SELECT seq FROM feeds").await,
        feed,
        "nobody is told of nothing"
    );
    assert_eq!(
        world
            .count("SELECT COUNT(*) FROM messages WHERE seq = 9")
            .await,
        0
    );
    world.end().await;
}

#[db_test]
async fn the_thread_goes_by_second_then_journal_then_place(db: TestDb) {
    let world = World::new(db).await;
    let mut messages = vec![
        world.text("919800000001", "wamid.d", 5, 4),
        world.text("919800000001", "wamid.b", 3, 9),
        world.text("919800000001", "wamid.c", 5, 2),
        world.text("919800000001", "wamid.a", 3, 1),
        world.text("919800000001", "wamid.e", 5, 4),
    ];
    messages[4].idx = 1;
    for message in messages {
        world.apply_messages(vec![message]).await;
    }
    let thread = world
        .texts("SELECT wamid FROM messages ORDER BY at, seq, idx")
        .await;
    assert_eq!(
        thread,
        ["wamid.a", "wamid.b", "wamid.c", "wamid.d", "wamid.e"]
    );
    world.end().await;
}

#[db_test]
async fn a_late_message_counts_and_moves_nothing_back(db: TestDb) {
    let world = World::new(db).await;
    world
        .apply_messages(vec![world.text("919800000001", "wamid.now", 1_000, 1)])
        .await;
    world
        .apply_messages(vec![world.text("919800000001", "wamid.late", 0, 2)])
        .await;
    assert_eq!(
        world.texts("SELECT last_preview FROM conversations").await,
        ["wamid.now"]
    );
    assert_eq!(
        world
            .texts("SELECT last_inbound_wamid FROM conversations")
            .await,
        ["wamid.now"]
    );
    assert_eq!(
        world.count("SELECT unread_count FROM conversations").await,
        2
    );
    let closes = at(1_000).plus(Duration::from_hours(24)).as_micros();
    assert_eq!(
        world
            .count("SELECT window_closes_at FROM conversations")
            .await,
        closes
    );
    assert_eq!(
        world.count("SELECT last_at FROM conversations").await,
        at(1_000).as_micros()
    );
    world.end().await;
}

async fn set_status(world: &World, status: &'static str) {
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("UPDATE conversations SET status = $1, snoozed_until = $2, unread_count = 0")
                    .bind(status)
                    .bind((status == "snoozed").then(|| at(90_000)))
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
}

#[db_test]
async fn a_message_opens_what_was_closed_or_snoozed_and_a_notice_does_not(db: TestDb) {
    let world = World::new(db).await;
    world
        .apply_messages(vec![world.text("919800000001", "wamid.1", 0, 1)])
        .await;
    set_status(&world, "closed").await;
    let notice = Inbound {
        kind: Kind::System,
        ..world.text("919800000001", "wamid.2", 100, 2)
    };
    world.apply_messages(vec![notice]).await;
    assert_eq!(
        world.texts("SELECT status FROM conversations").await,
        ["closed"]
    );
    assert_eq!(
        world.count("SELECT unread_count FROM conversations").await,
        0
    );
    let closes = at(0).plus(Duration::from_hours(24)).as_micros();
    assert_eq!(
        world
            .count("SELECT window_closes_at FROM conversations")
            .await,
        closes
    );
    assert_eq!(
        world
            .texts("SELECT last_inbound_wamid FROM conversations")
            .await,
        ["wamid.1"]
    );
    assert_eq!(
        world.texts("SELECT last_preview FROM conversations").await,
        ["wamid.2"]
    );
    for (number, status) in ["closed", "snoozed"].into_iter().enumerate() {
        set_status(&world, status).await;
        let seq = 10 + i64::try_from(number).unwrap();
        world
            .apply_messages(vec![world.text(
                "919800000001",
                &format!("wamid.{seq}"),
                200 + seq,
                seq,
            )])
            .await;
        assert_eq!(
            world.texts("SELECT status FROM conversations").await,
            ["open"]
        );
        assert_eq!(
            world
                .count("SELECT COUNT(*) FROM conversations WHERE snoozed_until IS NULL")
                .await,
            1
        );
        assert_eq!(
            world.count("SELECT unread_count FROM conversations").await,
            1
        );
    }
    world.end().await;
}

#[db_test]
async fn a_batch_of_many_people_is_applied_as_one(db: TestDb) {
    let world = World::new(db).await;
    let messages = (0..300)
        .map(|number| {
            let person = format!("9198000{:05}", number % 70);
            world.text(&person, &format!("wamid.{number}"), number, number)
        })
        .collect();
    world.apply_messages(messages).await;
    assert_eq!(world.count("SELECT COUNT(*) FROM messages").await, 300);
    assert_eq!(world.count("SELECT COUNT(*) FROM contacts").await, 70);
    assert_eq!(world.count("SELECT MAX(no) FROM contacts").await, 70);
    assert_eq!(
        world.count("SELECT next_contact_no FROM workspaces").await,
        71
    );
    let wrong = world
        .count("SELECT COUNT(*) FROM conversations c WHERE unread_count <> (SELECT COUNT(*) FROM messages m WHERE m.conversation_id = c.id)")
        .await;
    assert_eq!(wrong, 0);
    let wrong = world
        .count(
            "SELECT COUNT(*) FROM conversations c JOIN messages m ON m.id = c.last_message_id
                WHERE m.at <> (SELECT MAX(at) FROM messages x WHERE x.conversation_id = c.id)",
        )
        .await;
    assert_eq!(wrong, 0);
    world.end().await;
}

#[db_test]
async fn a_file_is_asked_for_with_its_message_or_not_at_all(db: TestDb) {
    let world = World::new(db).await;
    let mut broken = world.picture("919800000001", "wamid.1", 0, 1);
    broken.number = wigwag_model::id::Id::from_uuid(uuid::Uuid::from_u128(1));
    let refused = world
        .try_apply(wigwag_store::ingest::Items {
            messages: vec![broken],
            ..Default::default()
        })
        .await;
    assert!(refused.is_err_and(|error| error.is_about_data()));
    assert_eq!(world.count("SELECT COUNT(*) FROM media").await, 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM jobs").await, 0);
    world
        .apply_messages(vec![world.picture("919800000001", "wamid.1", 0, 1)])
        .await;
    let row = sql("SELECT m.media_id, f.id, f.state, f.meta_media_id, f.sha256, j.payload, j.state FROM messages m
                   JOIN media f ON f.workspace_id = m.workspace_id AND f.id = m.media_id JOIN jobs j ON j.kind = 'media.fetch'")
        .fetch_one(&mut world.db.reader().await.unwrap())
        .await
        .unwrap();
    let file: wigwag_model::MediaId = row.id(0).unwrap();
    assert_eq!(
        (row.text(2).unwrap(), row.text(3).unwrap()),
        ("pending".to_owned(), "meta-wamid.1".to_owned())
    );
    assert_eq!(row.opt_bytes(4).unwrap(), None);
    let payload: serde_json::Value = serde_json::from_str(&row.text(5).unwrap()).unwrap();
    assert_eq!(payload["media"], file.to_string());
    world.end().await;
}
