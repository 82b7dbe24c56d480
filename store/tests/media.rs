//! Files, templates and numbers as they are written, on both databases.
#![expect(clippy::unwrap_used, reason = "a test ends where something is amiss")]

use std::time::Duration;

use wigwag_model::id::Id as _;
use wigwag_model::{MediaId, MessageId, Timestamp};
use wigwag_store::media::{self, Kept, New, State};
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{Db, Error, Priority, feed, numbers, sql, templates};
use wigwag_store_macros::db_test;

fn kept(dimensions: Option<(u32, u32)>) -> Kept {
    Kept {
        object_key: "w/m".to_owned(),
        size: 12,
        sha256: [7; 32],
        dimensions,
    }
}

/// A file that came with a message.
async fn inbound(db: &Db, f: &Fixture) -> (MediaId, MessageId) {
    let (media, message): (MediaId, MessageId) = (db.mint().id(), db.mint().id());
    let (workspace, number) = (f.workspace, f.number);
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let contact = tx.mint().id::<wigwag_model::ContactId>();
            let thread = tx.mint().id::<wigwag_model::ConversationId>();
            sql("INSERT INTO contacts (workspace_id, id, no, tags, traits, source, name_key, created_at, updated_at, version)
                 VALUES ($1, $2, 1, '[]', '{}', 'message', '', 0, 0, 1)")
                .bind(workspace).bind(contact).execute(tx).await?;
            sql("INSERT INTO conversations (workspace_id, id, contact_id, number_id, status, unread_count, contact_name, activity_at, changed_seq, created_at)
                 VALUES ($1, $2, $3, $4, 'open', 1, 'Asha', 0, 0, 0)")
                .bind(workspace).bind(thread).bind(contact).bind(number).execute(tx).await?;
            sql("INSERT INTO media (workspace_id, id, kind, mime_type, state, number_id, meta_media_id, created_at)
                 VALUES ($1, $2, 'image', 'image/png', 'pending', $3, '77', 0)")
                .bind(workspace).bind(media).bind(number).execute(tx).await?;
            sql("INSERT INTO messages (workspace_id, id, conversation_id, contact_id, number_id, direction, kind, content, media_id, source, at, seq, idx, created_at, changed_seq)
                 VALUES ($1, $2, $3, $4, $5, 'in', 'image', '{}', $6, 'phone', 0, 1, 0, 0, 0)")
                .bind(workspace).bind(message).bind(thread).bind(contact).bind(number).bind(media).execute(tx).await?;
            Ok(())
        })
    })
    .await
    .unwrap();
    (media, message)
}

async fn told(db: &Db, f: &Fixture, after: i64) -> Vec<(String, uuid::Uuid)> {
    let events = feed::after(db, f.workspace, after, 100).await.unwrap();
    events
        .into_iter()
        .map(|event| (event.kind, event.subject))
        .collect()
}

#[db_test]
async fn a_fetched_file_changes_its_message_once(db: TestDb) {
    let f = db.workspace().await;
    let (id, message) = inbound(&db, &f).await;
    assert_eq!(
        media::get(&db, f.workspace, id).await.unwrap().state,
        State::Pending
    );
    let done = media::fetched(&db, f.workspace, id, kept(Some((800, 600)))).await;
    assert!(done.unwrap());
    let again = media::fetched(&db, f.workspace, id, kept(None)).await;
    assert!(!again.unwrap(), "what is there stays");
    assert!(
        !media::give_up(&db, f.workspace, id, "expired")
            .await
            .unwrap()
    );
    let file = media::get(&db, f.workspace, id).await.unwrap();
    assert_eq!(
        (file.state, file.width, file.height, file.size),
        (State::Ready, Some(800), Some(600), Some(12))
    );
    let events = told(&db, &f, 0).await;
    assert_eq!(events, [("message.changed".to_owned(), message.uuid())]);
    let shown = wigwag_store::messages::get(&db, f.workspace, message)
        .await
        .unwrap();
    assert!(shown.changed_seq > 0);
    assert_eq!(shown.file.unwrap().state, "ready");
    db.remove().await;
}

#[db_test]
async fn a_file_that_is_given_up_may_still_come(db: TestDb) {
    let f = db.workspace().await;
    let (id, _) = inbound(&db, &f).await;
    assert!(
        media::give_up(&db, f.workspace, id, "expired")
            .await
            .unwrap()
    );
    let file = media::get(&db, f.workspace, id).await.unwrap();
    assert_eq!(
        (file.state, file.failure.as_deref()),
        (State::Failed, Some("expired"))
    );
    assert!(
        media::fetched(&db, f.workspace, id, kept(None))
            .await
            .unwrap()
    );
    let file = media::get(&db, f.workspace, id).await.unwrap();
    assert_eq!((file.state, file.failure), (State::Ready, None));
    assert_eq!(told(&db, &f, 0).await.len(), 2);
    db.remove().await;
}

#[db_test]
async fn a_file_is_of_one_workspace(db: TestDb) {
    let (f, other) = (db.workspace().await, db.workspace().await);
    let id = db.mint().id();
    let new = New {
        id,
        kind: "document",
        mime_type: "application/pdf".to_owned(),
        filename: Some("kite.pdf".to_owned()),
        kept: kept(None),
    };
    media::insert(&db, f.workspace, new).await.unwrap();
    let file = media::get(&db, f.workspace, id).await.unwrap();
    assert_eq!(file.state, State::Ready);
    assert_eq!(file.sha256.as_deref(), Some(&[7; 32][..]));
    assert!(matches!(
        media::get(&db, other.workspace, id).await,
        Err(Error::NotFound)
    ));
    media::uploaded(&db, f.workspace, id, f.number, "99".to_owned())
        .await
        .unwrap();
    let file = media::get(&db, f.workspace, id).await.unwrap();
    assert_eq!(
        (
            file.number,
            file.meta_media_id.as_deref(),
            file.meta_uploaded_at
        ),
        (Some(f.number), Some("99"), Some(db.mint().now()))
    );
    db.remove().await;
}

fn template(name: &str, status: &str) -> templates::Listed {
    templates::Listed {
        meta_template_id: format!("1{name}"),
        name: name.to_owned(),
        language: "en".to_owned(),
        category: "utility".to_owned(),
        status: status.to_owned(),
        quality: "green".to_owned(),
        previous_category: None,
        rejected_reason: None,
        rejection_words: None,
        rejection_advice: None,
        parameter_format: "positional".to_owned(),
        components: r#"[{"type":"BODY","text":"Hello"}]"#.to_owned(),
        ttl_seconds: None,
        updated_at: None,
    }
}

async fn all_templates(db: &Db, f: &Fixture) -> Vec<(String, String)> {
    let rows = sql("SELECT name, status FROM templates WHERE workspace_id = $1 ORDER BY name")
        .bind(f.workspace)
        .fetch_all(&mut db.reader().await.unwrap())
        .await
        .unwrap();
    rows.iter()
        .map(|row| (row.text(0).unwrap(), row.text(1).unwrap()))
        .collect()
}

#[db_test]
async fn a_listing_of_templates_tells_only_what_differs(db: TestDb) {
    let f = db.workspace().await;
    let replace = |listed: Vec<templates::Listed>, at: Timestamp| {
        templates::replace(&db, f.workspace, f.waba, listed, at)
    };
    let first = db.mint().now();
    let twice = vec![
        template("a", "approved"),
        template("b", "pending"),
        template("a", "approved"),
    ];
    let changes = replace(twice.clone(), first).await.unwrap();
    assert_eq!((changes.changed, changes.vanished), (2, 0));
    db.clock.advance(Duration::from_secs(60));
    let changes = replace(twice, db.mint().now()).await.unwrap();
    assert_eq!((changes.changed, changes.vanished), (0, 0));
    let head = feed::head(&db, f.workspace).await.unwrap();
    db.clock.advance(Duration::from_secs(60));
    let changes = replace(
        vec![template("b", "approved"), template("c", "approved")],
        db.mint().now(),
    )
    .await
    .unwrap();
    assert_eq!((changes.changed, changes.vanished), (2, 1));
    let events = told(&db, &f, head).await;
    assert_eq!(events.len(), 3);
    assert!(events.iter().all(|(kind, _)| kind == "template.changed"));
    let own = |name: &str, status: &str| (name.to_owned(), status.to_owned());
    assert_eq!(
        all_templates(&db, &f).await,
        [
            own("a", "deleted"),
            own("b", "approved"),
            own("c", "approved")
        ]
    );
    let (listed, _) = templates::list(&db, f.workspace, &templates::Filter::default(), None, 50)
        .await
        .unwrap();
    assert_eq!(listed.len(), 2, "deleted ones are listed on request only");
    // A listing that was read earlier and is written later changes nothing.
    let changes = replace(
        vec![template("a", "approved"), template("b", "paused")],
        first,
    )
    .await
    .unwrap();
    assert_eq!((changes.changed, changes.vanished), (0, 0));
    assert_eq!(all_templates(&db, &f).await[0], own("a", "deleted"));
    // One that comes back keeps its id here.
    db.clock.advance(Duration::from_secs(60));
    replace(vec![template("a", "approved")], db.mint().now())
        .await
        .unwrap();
    assert_eq!(all_templates(&db, &f).await[0], own("a", "approved"));
    assert_eq!(all_templates(&db, &f).await.len(), 3);
    db.remove().await;
}

#[db_test]
async fn many_templates_are_written_in_pieces(db: TestDb) {
    let f = db.workspace().await;
    let listed: Vec<_> = (0..1_203)
        .map(|no| template(&format!("t{no}"), "approved"))
        .collect();
    let at = db.mint().now();
    let changes = templates::replace(&db, f.workspace, f.waba, listed, at)
        .await
        .unwrap();
    assert_eq!((changes.changed, changes.vanished), (1_203, 0));
    assert_eq!(all_templates(&db, &f).await.len(), 1_203);
    db.remove().await;
}

#[db_test]
async fn a_listing_of_numbers_updates_adds_and_buries(db: TestDb) {
    let (f, other) = (db.workspace().await, db.workspace().await);
    let known = numbers::Listed {
        phone_number_id: f.phone_number_id.clone(),
        quality: Some("yellow".to_owned()),
        throughput: Some(1_000),
        messaging_limit: numbers::Limit::People(2_000),
        ..numbers::Listed::default()
    };
    let new = numbers::Listed {
        phone_number_id: format!("{}7", f.phone_number_id),
        display_phone_number: Some("+91 22 1".to_owned()),
        verified_name: Some("Kite Repairs".to_owned()),
        status: Some("pending".to_owned()),
        ..numbers::Listed::default()
    };
    let theirs = numbers::Listed {
        phone_number_id: other.phone_number_id.clone(),
        ..numbers::Listed::default()
    };
    let at = db.mint().now();
    let listed = vec![known.clone(), new.clone(), theirs];
    let changes = numbers::replace(&db, f.workspace, f.waba, listed, at)
        .await
        .unwrap();
    assert_eq!(
        (changes.changed, changes.vanished, changes.foreign),
        (2, 0, 1)
    );
    let number = numbers::get(&db, f.workspace, f.number).await.unwrap();
    assert_eq!(
        (number.quality.as_str(), number.throughput),
        ("yellow", 1_000)
    );
    assert_eq!(number.messaging_limit, Some(2_000));
    assert_eq!(
        number.verified_name, "Kite & Co.",
        "what Meta leaves unsaid stays"
    );
    assert_eq!(numbers::list(&db, f.workspace).await.unwrap().len(), 2);
    let route = wigwag_store::routes::find(
        &mut db.reader().await.unwrap(),
        wigwag_store::routes::RouteKind::PhoneNumber,
        &new.phone_number_id,
    )
    .await
    .unwrap()
    .unwrap();
    assert_eq!(route.workspace, f.workspace);
    let changes = numbers::replace(&db, f.workspace, f.waba, vec![new], at)
        .await
        .unwrap();
    assert_eq!((changes.changed, changes.vanished), (0, 1));
    let number = numbers::get(&db, f.workspace, f.number).await.unwrap();
    assert_eq!(number.status, "deleted");
    let changes = numbers::replace(&db, f.workspace, f.waba, vec![known], at)
        .await
        .unwrap();
    assert_eq!(changes.vanished, 1);
    assert!(
        matches!(
            numbers::replace(&db, other.workspace, f.waba, Vec::new(), at).await,
            Err(Error::NotFound)
        ),
        "a WABA of another workspace is not there"
    );
    db.remove().await;
}
