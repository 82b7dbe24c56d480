//! API campaigns on both databases: messages that name one are counted wherever they go, and wait for nobody.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use std::collections::BTreeMap;
use std::time::Duration;

use wigwag_model::phone::Phone;
use wigwag_model::{CampaignId, ConversationId, Kind, MessageId, Role, Scope};
use wigwag_store::campaigns::{self, NewApi};
use wigwag_store::contacts::{self, NewContact};
use wigwag_store::outbox::{self, Claim, Enqueued, Finished, New, Outcome, Urgency};
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{Error, Priority, conversations, lanes, messages, sql};
use wigwag_store_macros::db_test;

fn scope(f: &Fixture) -> Scope {
    Scope::member(f.workspace, f.owner, Role::Owner)
}

/// A conversation whose window is open.
async fn talk(db: &TestDb, f: &Fixture, phone: &str) -> ConversationId {
    let new = NewContact {
        name: None,
        phone: Phone::parse(phone, None).unwrap(),
        email: None,
        tags: Vec::new(),
        traits: BTreeMap::new(),
        source: "api",
    };
    let contact = contacts::create(db, f.workspace, new).await.unwrap().id();
    let (id, _) = conversations::open(db, f.workspace, contact, f.number)
        .await
        .unwrap();
    let until = db.mint().now().plus(Duration::from_hours(1));
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("UPDATE conversations SET window_closes_at = $2 WHERE id = $1")
                .bind(id)
                .bind(until)
                .execute(tx)
                .await
        })
    })
    .await
    .unwrap();
    id
}

async fn say(
    db: &TestDb,
    f: &Fixture,
    conversation: ConversationId,
    campaign: CampaignId,
) -> Result<MessageId, Error> {
    let new = New {
        conversation,
        kind: Kind::Text,
        content: r#"{"body":"Hi"}"#.to_owned(),
        preview: "Hi".to_owned(),
        media: None,
        prepare: false,
        template: None,
        category: None,
        reply_to_wamid: None,
        client_ref: None,
        callback_data: Some("order-1".to_owned()),
        campaign: Some(campaign),
        source: "api",
        author: None,
        body: r#"{"type":"text","text":{"body":"Hi"}}"#.to_owned(),
        urgency: Urgency::Transactional,
        reaction: None,
        idempotency: None,
    };
    match outbox::enqueue(db, &scope(f), new).await? {
        Enqueued::Written(id) => Ok(id),
        other => panic!("{other:?}"),
    }
}

#[db_test]
async fn messages_are_counted_on_their_way_and_none_is_kept_back(db: TestDb) {
    let f = db.workspace().await;
    let new = NewApi {
        name: "Orders".to_owned(),
        number: Some(f.number),
        template: None,
        actor: "system".to_owned(),
    };
    let campaign = campaigns::create_api(&db, f.workspace, new).await.unwrap();
    let talk = talk(&db, &f, "+919812345678").await;
    let mut sent = Vec::new();
    for _ in 0..4 {
        sent.push(say(&db, &f, talk, campaign).await.unwrap());
    }
    let counts = async || {
        let counts = campaigns::counts_of(&db, f.workspace, campaign, None)
            .await
            .unwrap();
        let people: BTreeMap<String, i64> = counts
            .people()
            .map(|(state, n)| (state.to_owned(), n))
            .collect();
        people
    };
    let of = |all: &[(&str, i64)]| -> BTreeMap<String, i64> {
        all.iter()
            .map(|(state, n)| ((*state).to_owned(), *n))
            .collect()
    };
    assert_eq!(counts().await, of(&[("queued", 4)]));
    let read = messages::get(&db, f.workspace, sent[0]).await.unwrap();
    assert_eq!(read.callback_data.as_deref(), Some("order-1"));

    let until = db.mint().now().plus(Duration::from_mins(1));
    let lease = lanes::acquire(&db, f.workspace, f.number, "test", until)
        .await
        .unwrap()
        .expect("the lane is free");
    let wish = Claim {
        lease,
        lease_until: until,
        send_by: 0,
        limit: 100,
        busy: Vec::new(),
    };
    let claims = outbox::claim(&db, wish).await.unwrap();
    assert_eq!(claims.claimed.len(), 4, "no campaign runs, and they leave");
    assert_eq!(counts().await, of(&[("attempting", 4)]));
    let detail = "why".to_owned();
    let outcomes = [
        Outcome::Accepted {
            wamid: "wamid.1".to_owned(),
        },
        Outcome::Failed {
            code: Some(131_026),
            reason: "not_on_whatsapp".to_owned(),
            detail: detail.clone(),
        },
        Outcome::Unknown {
            code: None,
            detail: detail.clone(),
        },
        Outcome::Hold {
            code: Some(132_015),
            reason: "template_paused".to_owned(),
            detail,
        },
    ];
    let finished = claims
        .claimed
        .iter()
        .zip(outcomes)
        .map(|(row, outcome)| Finished {
            workspace: f.workspace,
            number: f.number,
            message: row.message,
            conversation: row.conversation,
            contact: row.contact,
            try_no: row.try_no,
            reserved: row.reserved,
            http_status: Some(200),
            ended_at: db.mint().now(),
            outcome,
        });
    outbox::finish(&db, finished.collect()).await.unwrap();
    // Nobody resumes an API campaign: what a campaign would keep for later has failed.
    let wanted = [("accepted", 1), ("failed", 2), ("unknown", 1)];
    assert_eq!(counts().await, of(&wanted));
    db.remove().await;
}

#[db_test]
async fn only_an_api_campaign_of_the_workspace_counts(db: TestDb) {
    let (f, other) = (db.workspace().await, db.workspace().await);
    let talk = talk(&db, &f, "+919812345678").await;
    let api = |name: &str| NewApi {
        name: name.to_owned(),
        number: None,
        template: None,
        actor: "system".to_owned(),
    };
    let draft = campaigns::create(&db, f.workspace, "Spring".to_owned(), "system".to_owned())
        .await
        .unwrap();
    let foreign = campaigns::create_api(&db, other.workspace, api("Theirs"))
        .await
        .unwrap();
    for campaign in [draft, foreign] {
        let refused = say(&db, &f, talk, campaign).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    }
    let new = NewApi {
        number: Some(other.number),
        ..api("Crossing")
    };
    assert!(campaigns::create_api(&db, f.workspace, new).await.is_err());
    assert!(campaigns::at_work(&db).await.unwrap().is_empty());
    db.remove().await;
}
