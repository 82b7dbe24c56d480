//! The outbox on both databases: once per key, one decision, claims, outcomes, take-over, budget.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use std::time::Duration;

use wigwag_model::can_send::Refusal;
use wigwag_model::{
    ContactId, ConversationId, Kind, MessageId, MessageState, Role, Scope, Timestamp,
};
use wigwag_store::lanes::{self, Lease};
use wigwag_store::outbox::{
    self, Claim, Claims, Enqueued, Finished, Idempotency, New, Outcome, Urgency, age_unknown,
    claim, enqueue, finish,
};
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{Error, Executor, Priority, sql};
use wigwag_store_macros::db_test;

const MINUTE: Duration = Duration::from_mins(1);

fn scope(f: &Fixture) -> Scope {
    Scope::member(f.workspace, f.owner, Role::Owner)
}

/// A contact with an open or closed window.
async fn person(db: &TestDb, f: &Fixture, phone: &str, open: bool) -> (ContactId, ConversationId) {
    let (contact, conversation): (ContactId, ConversationId) = (db.mint().id(), db.mint().id());
    let (f, phone, now) = (f.clone(), phone.to_owned(), db.mint().now());
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let no = sql("UPDATE workspaces SET next_contact_no = next_contact_no + 1 WHERE id = $1 RETURNING next_contact_no")
                .bind(f.workspace).fetch_one(tx).await?.int(0)?;
            sql("INSERT INTO contacts (workspace_id, id, no, phone, wa_id, tags, traits, source, name_key, created_at, updated_at, version)
                 VALUES ($1, $2, $3, $4, $5, '[]', '{}', 'api', '', $6, $6, 1)")
                .bind(f.workspace).bind(contact).bind(no).bind(&phone).bind(phone.trim_start_matches('+')).bind(now)
                .execute(tx).await?;
            sql("INSERT INTO conversations (workspace_id, id, contact_id, number_id, status, unread_count, contact_name, activity_at, changed_seq, created_at, window_closes_at)
                 VALUES ($1, $2, $3, $4, 'open', 0, 'Mira', $5, 0, $5, $6)")
                .bind(f.workspace).bind(conversation).bind(contact).bind(f.number).bind(now)
                .bind(open.then(|| now.plus(MINUTE * 60)))
                .execute(tx).await?;
            Ok(())
        })
    })
    .await
    .unwrap();
    (contact, conversation)
}

fn text(conversation: ConversationId, body: &str, key: Option<&str>) -> New {
    New {
        conversation,
        kind: Kind::Text,
        content: format!("{{\"body\":\"{body}\"}}"),
        preview: body.to_owned(),
        media: None,
        prepare: false,
        template: None,
        category: None,
        reply_to_wamid: None,
        client_ref: None,
        callback_data: None,
        campaign: None,
        source: "composer",
        author: None,
        body: format!("{{\"type\":\"text\",\"text\":{{\"body\":\"{body}\"}}}}"),
        urgency: Urgency::Reply,
        reaction: None,
        idempotency: key.map(|key| Idempotency {
            key: key.to_owned(),
            request_hash: body.as_bytes().to_vec(),
        }),
    }
}

async fn written(db: &TestDb, f: &Fixture, new: New) -> MessageId {
    match enqueue(db, &scope(f), new).await.unwrap() {
        Enqueued::Written(id) => id,
        other => panic!("{other:?}"),
    }
}

async fn lease(db: &TestDb, f: &Fixture, owner: &str) -> Lease {
    lanes::acquire(
        db,
        f.workspace,
        f.number,
        owner,
        db.mint().now().plus(MINUTE),
    )
    .await
    .unwrap()
    .expect("the lane is free")
}

async fn claimed(db: &TestDb, lease: &Lease, busy: Vec<ContactId>) -> Claims {
    let wish = Claim {
        lease: lease.clone(),
        lease_until: db.mint().now().plus(MINUTE),
        send_by: 0,
        limit: 100,
        busy,
    };
    claim(db, wish).await.unwrap()
}

fn finished(f: &Fixture, row: &outbox::Claimed, ended_at: Timestamp, outcome: Outcome) -> Finished {
    Finished {
        workspace: f.workspace,
        number: f.number,
        message: row.message,
        conversation: row.conversation,
        contact: row.contact,
        try_no: row.try_no,
        reserved: row.reserved,
        http_status: Some(200),
        ended_at,
        outcome,
    }
}

async fn state(db: &TestDb, id: MessageId) -> MessageState {
    let row = sql("SELECT state FROM messages WHERE id = $1")
        .bind(id)
        .fetch_one(&mut db.reader().await.unwrap())
        .await
        .unwrap();
    MessageState::from_rank(row.int(0).unwrap()).unwrap()
}

async fn count(db: &TestDb, text: &'static str) -> i64 {
    let mut reader = db.reader().await.unwrap();
    let _ = reader.conn();
    sql(text)
        .fetch_one(&mut reader)
        .await
        .unwrap()
        .int(0)
        .unwrap()
}

#[db_test]
async fn a_key_stands_for_one_message(db: TestDb) {
    let f = db.workspace().await;
    let (_, conversation) = person(&db, &f, "+919800000001", true).await;
    let id = written(&db, &f, text(conversation, "Hello", Some("k1"))).await;
    let again = enqueue(&db, &scope(&f), text(conversation, "Hello", Some("k1")))
        .await
        .unwrap();
    assert_eq!(again, Enqueued::Seen(id));
    let other = enqueue(&db, &scope(&f), text(conversation, "Bye", Some("k1")))
        .await
        .unwrap();
    assert_eq!(other, Enqueued::KeyReused);
    assert_eq!(count(&db, "SELECT COUNT(*) FROM outbox").await, 1);
    db.remove().await;
}

#[db_test]
async fn many_at_once_with_one_key_write_one(db: TestDb) {
    let f = db.workspace().await;
    let (_, conversation) = person(&db, &f, "+919800000001", true).await;
    let tries = (0..12).map(|_| {
        let (db, f) = ((*db).clone(), f.clone());
        tokio::spawn(async move {
            enqueue(&db, &scope(&f), text(conversation, "Hello", Some("k1")))
                .await
                .unwrap()
        })
    });
    let mut written = 0;
    for outcome in futures::future::join_all(tries).await {
        if matches!(outcome.unwrap(), Enqueued::Written(_)) {
            written += 1;
        }
    }
    assert_eq!(written, 1);
    assert_eq!(count(&db, "SELECT COUNT(*) FROM messages").await, 1);
    db.remove().await;
}

#[db_test]
async fn a_closed_window_refuses_and_leaves_nothing(db: TestDb) {
    let f = db.workspace().await;
    let (_, conversation) = person(&db, &f, "+919800000001", false).await;
    let refused = enqueue(&db, &scope(&f), text(conversation, "Hello", Some("k1")))
        .await
        .unwrap();
    assert_eq!(refused, Enqueued::Refused(Refusal::WindowClosed));
    assert_eq!(count(&db, "SELECT COUNT(*) FROM outbox").await, 0);
    assert_eq!(count(&db, "SELECT COUNT(*) FROM idempotency").await, 0);
    db.remove().await;
}

#[db_test]
async fn another_workspace_cannot_write_into_a_thread(db: TestDb) {
    let f = db.workspace().await;
    let other = db.workspace().await;
    let (_, conversation) = person(&db, &f, "+919800000001", true).await;
    let outcome = enqueue(&db, &scope(&other), text(conversation, "Hello", None)).await;
    assert!(matches!(outcome, Err(Error::NotFound)));
    assert_eq!(count(&db, "SELECT COUNT(*) FROM messages").await, 0);
    db.remove().await;
}

#[db_test]
async fn a_window_that_closes_in_the_outbox_ends_the_message(db: TestDb) {
    let f = db.workspace().await;
    let (_, conversation) = person(&db, &f, "+919800000001", true).await;
    let id = written(&db, &f, text(conversation, "Hello", None)).await;
    db.clock.advance(MINUTE * 61);
    let lease = lease(&db, &f, "a").await;
    let claims = claimed(&db, &lease, vec![]).await;
    assert_eq!((claims.claimed.len(), claims.refused), (0, 1));
    assert_eq!(state(&db, id).await, MessageState::Skipped);
    assert_eq!(count(&db, "SELECT COUNT(*) FROM outbox").await, 0);
    assert_eq!(count(&db, "SELECT COUNT(*) FROM attempts").await, 0);
    db.remove().await;
}

#[db_test]
async fn a_block_between_writing_and_claiming_is_obeyed(db: TestDb) {
    let f = db.workspace().await;
    let (contact, conversation) = person(&db, &f, "+919800000001", true).await;
    let id = written(&db, &f, text(conversation, "Hello", None)).await;
    let now = db.mint().now();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("UPDATE contacts SET blocked_at = $2 WHERE id = $1")
                .bind(contact)
                .bind(now)
                .execute(tx)
                .await
        })
    })
    .await
    .unwrap();
    let lease = lease(&db, &f, "a").await;
    assert!(claimed(&db, &lease, vec![]).await.claimed.is_empty());
    assert_eq!(state(&db, id).await, MessageState::Skipped);
    db.remove().await;
}

#[db_test]
async fn accepted_is_named_and_leaves_the_outbox(db: TestDb) {
    let f = db.workspace().await;
    let (_, conversation) = person(&db, &f, "+919800000001", true).await;
    let id = written(&db, &f, text(conversation, "Hello", None)).await;
    let lease = lease(&db, &f, "a").await;
    let claims = claimed(&db, &lease, vec![]).await;
    assert_eq!(claims.claimed[0].message, id);
    assert_eq!(
        claims.claimed[0].recipient.phone.as_deref(),
        Some("+919800000001")
    );
    assert_eq!(state(&db, id).await, MessageState::Attempting);
    assert!(
        claimed(&db, &lease, vec![]).await.claimed.is_empty(),
        "claimed once"
    );
    let end = finished(
        &f,
        &claims.claimed[0],
        db.mint().now(),
        Outcome::Accepted {
            wamid: "wamid.1".to_owned(),
        },
    );
    finish(&db, vec![end.clone()]).await.unwrap();
    finish(&db, vec![end]).await.unwrap();
    assert_eq!(state(&db, id).await, MessageState::Accepted);
    assert_eq!(count(&db, "SELECT COUNT(*) FROM outbox").await, 0);
    assert_eq!(
        count(
            &db,
            "SELECT COUNT(*) FROM attempts WHERE effect = 'accepted' AND wamid = 'wamid.1'"
        )
        .await,
        1
    );
    db.remove().await;
}

#[db_test]
async fn urgent_goes_first_and_the_busy_wait(db: TestDb) {
    let f = db.workspace().await;
    let (first, one) = person(&db, &f, "+919800000001", true).await;
    let (_, two) = person(&db, &f, "+919800000002", true).await;
    let slow = New {
        urgency: Urgency::Campaign,
        ..text(one, "Offer", None)
    };
    let slow = written(&db, &f, slow).await;
    let fast = written(&db, &f, text(two, "Answer", None)).await;
    let lease = lease(&db, &f, "a").await;
    let claims = claimed(&db, &lease, vec![first]).await;
    assert_eq!(
        claims
            .claimed
            .iter()
            .map(|row| row.message)
            .collect::<Vec<_>>(),
        [fast]
    );
    let claims = claimed(&db, &lease, vec![]).await;
    assert_eq!(
        claims
            .claimed
            .iter()
            .map(|row| row.message)
            .collect::<Vec<_>>(),
        [slow]
    );
    db.remove().await;
}

#[db_test]
async fn a_retry_comes_back_when_due_and_counts_its_tries(db: TestDb) {
    let f = db.workspace().await;
    let (_, conversation) = person(&db, &f, "+919800000001", true).await;
    let id = written(&db, &f, text(conversation, "Hello", None)).await;
    let lease = lease(&db, &f, "a").await;
    let claims = claimed(&db, &lease, vec![]).await;
    let due_at = db.mint().now().plus(Duration::from_secs(10));
    let retry = Outcome::Retry {
        due_at,
        code: Some(130_429),
        detail: "slow down".to_owned(),
    };
    finish(
        &db,
        vec![finished(&f, &claims.claimed[0], db.mint().now(), retry)],
    )
    .await
    .unwrap();
    assert_eq!(state(&db, id).await, MessageState::Queued);
    assert!(claimed(&db, &lease, vec![]).await.claimed.is_empty());
    assert_eq!(outbox::next_due(&db, f.number).await.unwrap(), Some(due_at));
    db.clock.advance(Duration::from_secs(10));
    let claims = claimed(&db, &lease, vec![]).await;
    assert_eq!(claims.claimed[0].try_no, 2);
    assert_eq!(count(&db, "SELECT COUNT(*) FROM attempts").await, 2);
    db.remove().await;
}

#[db_test]
async fn a_take_over_makes_what_was_under_way_unknown_and_keeps_the_rest(db: TestDb) {
    let f = db.workspace().await;
    let (_, conversation) = person(&db, &f, "+919800000001", true).await;
    let sent = written(&db, &f, text(conversation, "Under way", None)).await;
    let old = lease(&db, &f, "a").await;
    assert_eq!(claimed(&db, &old, vec![]).await.claimed.len(), 1);
    let waiting = written(&db, &f, text(conversation, "Waiting", None)).await;
    db.clock.advance(MINUTE * 2);
    let new = lease(&db, &f, "b").await;
    assert_eq!(new.epoch, old.epoch + 1);
    assert_eq!(state(&db, sent).await, MessageState::Unknown);
    assert_eq!(state(&db, waiting).await, MessageState::Queued);
    let late = Claim {
        lease: old.clone(),
        lease_until: db.mint().now().plus(MINUTE),
        send_by: 0,
        limit: 1,
        busy: vec![],
    };
    assert!(
        matches!(claim(&db, late).await, Err(Error::Stale)),
        "the old holder claims nothing"
    );
    assert!(matches!(
        lanes::renew(&db, &old, db.mint().now()).await,
        Err(Error::Stale)
    ));
    let claims = claimed(&db, &new, vec![]).await;
    assert_eq!(
        claims
            .claimed
            .iter()
            .map(|row| row.message)
            .collect::<Vec<_>>(),
        [waiting],
        "never sent again"
    );
    db.remove().await;
}

#[db_test]
async fn a_live_lease_is_not_taken_on_postgres(db: TestDb) {
    let f = db.workspace().await;
    let _held = lease(&db, &f, "a").await;
    let other = lanes::acquire(
        &db,
        f.workspace,
        f.number,
        "b",
        db.mint().now().plus(MINUTE),
    )
    .await
    .unwrap();
    // SQLite has one process: whoever asks knows that the other is gone.
    assert_eq!(
        other.is_some(),
        db.dialect() == wigwag_store::Dialect::Sqlite
    );
    db.remove().await;
}

#[db_test]
async fn unknown_ages_only_while_webhooks_come(db: TestDb) {
    let f = db.workspace().await;
    let (_, conversation) = person(&db, &f, "+919800000001", true).await;
    let id = written(&db, &f, text(conversation, "Hello", None)).await;
    let lease = lease(&db, &f, "a").await;
    let claims = claimed(&db, &lease, vec![]).await;
    let unknown = Outcome::Unknown {
        code: None,
        detail: "reset".to_owned(),
    };
    finish(
        &db,
        vec![finished(&f, &claims.claimed[0], db.mint().now(), unknown)],
    )
    .await
    .unwrap();
    assert_eq!(state(&db, id).await, MessageState::Unknown);
    let limit = i64::try_from((MINUTE * 15).as_micros()).unwrap();
    db.clock.advance(MINUTE * 60);
    assert_eq!(
        age_unknown(&db, f.workspace, f.number, limit)
            .await
            .unwrap(),
        0,
        "silence does not count"
    );
    let (number, workspace) = (f.number, f.workspace);
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("INSERT INTO lane_clocks (number_id, workspace_id, live_us, last_seen_at) VALUES ($1, $2, $3, 0)")
                .bind(number).bind(workspace).bind(limit).execute(tx).await
        })
    })
    .await
    .unwrap();
    assert_eq!(
        age_unknown(&db, f.workspace, f.number, limit)
            .await
            .unwrap(),
        1
    );
    assert_eq!(state(&db, id).await, MessageState::Unconfirmed);
    db.remove().await;
}

#[db_test]
async fn the_portfolios_daily_limit_puts_off_and_gives_back(db: TestDb) {
    let f = db.workspace().await;
    let template: wigwag_model::TemplateId = db.mint().id();
    let g = f.clone();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("UPDATE numbers SET messaging_limit = 1 WHERE id = $1").bind(g.number).execute(tx).await?;
            sql("INSERT INTO templates (workspace_id, id, waba, meta_template_id, name, language, category, status, quality, parameter_format, components, synced_at, created_at)
                 VALUES ($1, $2, $3, 't', 'hello', 'en', 'utility', 'approved', 'green', 'positional', '[]', 0, 0)")
                .bind(g.workspace).bind(template).bind(g.waba).execute(tx).await
        })
    })
    .await
    .unwrap();
    let mut wrote = Vec::new();
    for phone in ["+919800000001", "+919800000002"] {
        let (_, conversation) = person(&db, &f, phone, false).await;
        let new = New {
            kind: Kind::Template,
            template: Some(template),
            category: Some(wigwag_model::consent::Category::Utility),
            ..text(conversation, "Hello", None)
        };
        wrote.push(written(&db, &f, new).await);
    }
    let lease = lease(&db, &f, "a").await;
    let claims = claimed(&db, &lease, vec![]).await;
    let first = claims.claimed[0].message;
    assert_eq!((claims.claimed.len(), claims.deferred), (1, 1));
    assert!(claims.claimed[0].reserved);
    let other = wrote.into_iter().find(|id| *id != first).unwrap();
    let refused = Outcome::Failed {
        code: Some(132_001),
        reason: "template_missing".to_owned(),
        detail: String::new(),
    };
    finish(
        &db,
        vec![finished(&f, &claims.claimed[0], db.mint().now(), refused)],
    )
    .await
    .unwrap();
    assert_eq!(
        state(&db, claims.claimed[0].message).await,
        MessageState::Failed
    );
    assert_eq!(
        count(&db, "SELECT COUNT(*) FROM portfolio_budget").await,
        0,
        "a refusal gives its place back"
    );
    db.clock.advance(MINUTE * 60 * 24 + outbox::BUCKET);
    let claims = claimed(&db, &lease, vec![]).await;
    assert_eq!(
        claims
            .claimed
            .iter()
            .map(|row| row.message)
            .collect::<Vec<_>>(),
        [other]
    );
    db.remove().await;
}
