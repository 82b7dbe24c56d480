//! Contacts that become one: nothing is lost, the stricter word stands, ids resolve for ever.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use wigwag_model::can_send::Refusal;
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::{ContactId, ConversationId, Kind, MessageId, Role, Scope, Timestamp};
use wigwag_store::consent::{self, Rule, Word};
use wigwag_store::outbox::{self, Enqueued, New, Urgency};
use wigwag_store::testing::{TestDb, block_on};
use wigwag_store::{Error, Priority, conversations, merges, sql, sql_owned};
use wigwag_store_macros::db_test;

use crate::world::World;

async fn say(world: &World, contact: ContactId, state: ConsentState, at: i64) {
    let word = Word {
        workspace: world.f.workspace,
        contact,
        category: Category::Marketing,
        state,
        source: "keyword".to_owned(),
        actor: "system".to_owned(),
        text: None,
        at: Timestamp::from_seconds(at),
    };
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move { consent::put(tx, Rule::Own, &[word]).await })
        })
        .await
        .unwrap();
}

async fn message(world: &World, thread: ConversationId, contact: ContactId, at: i64) -> MessageId {
    let (id, f) = (world.db.mint().id::<MessageId>(), world.f.clone());
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("INSERT INTO messages (workspace_id, id, conversation_id, contact_id, number_id, direction, kind, content, source,
                        wamid, at, seq, idx, created_at, changed_seq)
                     VALUES ($1, $2, $3, $4, $5, 'in', 'text', '{\"body\":\"x\"}', 'inbound', $6, $7, $7, 0, $7, 0)")
                    .bind(f.workspace).bind(id).bind(thread).bind(contact).bind(f.number)
                    .bind(id.to_string()).bind(at).execute(tx).await
            })
        })
        .await
        .unwrap();
    id
}

async fn merge(world: &World, survivor: ContactId, other: ContactId) -> Result<ContactId, Error> {
    let by = "system".to_owned();
    let done = merges::merge(&world.db, world.f.workspace, survivor, other, by).await?;
    Ok(done.survivor)
}

async fn settle(world: &World) {
    for contact in merges::pending(&world.db, world.f.workspace).await.unwrap() {
        while !merges::next_piece(&world.db, world.f.workspace, contact)
            .await
            .unwrap()
        {}
    }
    // Whoever became another is found by nothing any more; the database itself does not see to it.
    for table in ["contact_terms", "contact_tags", "contact_traits"] {
        let left = sql_owned(format!(
            "SELECT COUNT(*) FROM {table} t JOIN contacts p ON p.workspace_id = t.workspace_id AND p.id = t.contact_id
             WHERE p.merged_into IS NOT NULL"
        ))
        .fetch_one(&mut world.db.snapshot().await.unwrap())
        .await
        .unwrap();
        assert_eq!(left.int(0).unwrap(), 0, "{table}");
    }
}

async fn resolved(world: &World, id: ContactId) -> ContactId {
    world.contact(id).await.unwrap().id
}

async fn state_of(world: &World, id: ContactId) -> ConsentState {
    let details = wigwag_store::contacts::details(&world.db, world.f.workspace, id)
        .await
        .unwrap();
    details
        .consent
        .first()
        .map_or(ConsentState::Unknown, |row| row.state)
}

fn text(conversation: ConversationId) -> New {
    New {
        conversation,
        kind: Kind::Text,
        content: json!({ "body": "Hello" }).to_string(),
        preview: "Hello".to_owned(),
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
        body: "{}".to_owned(),
        urgency: Urgency::Reply,
        reaction: None,
        idempotency: None,
    }
}

#[db_test]
async fn one_person_holds_what_both_held(db: TestDb) {
    let world = World::new(db).await;
    let asha = world.person("Asha", "+919876543210", &["vip"]).await;
    let other = world
        .person("Asha Rao", "+442079460958", &["VIP", "fair"])
        .await;
    let edit = wigwag_store::contacts::Edit {
        email: Some(Some("asha@kite.example".to_owned())),
        traits: Some([("city".to_owned(), json!("Pune"))].into()),
        version: 1,
        ..Default::default()
    };
    wigwag_store::contacts::edit(&world.db, world.f.workspace, other, edit)
        .await
        .unwrap();
    say(&world, asha, ConsentState::Granted, 1_795_000_200).await;
    say(&world, other, ConsentState::Denied, 1_795_000_100).await;
    let (kept, joined) = (
        world.thread(asha, None).await,
        world.thread(other, Some(world.f.owner)).await,
    );
    let mut wanted = Vec::new();
    for at in 0..6 {
        let (thread, contact) = if at % 2 == 0 {
            (kept, asha)
        } else {
            (joined, other)
        };
        wanted.push(message(&world, thread, contact, at).await);
    }
    world
        .write(vec![
            "UPDATE conversations SET window_closes_at = 1896000000000000".to_owned(),
        ])
        .await;
    let scope = Scope::member(world.f.workspace, world.f.owner, Role::Owner);
    let waiting = outbox::enqueue(&world.db, &scope, text(joined)).await;
    assert!(matches!(waiting, Ok(Enqueued::Written(_))), "{waiting:?}");
    let preview = merges::preview(&world.db, world.f.workspace, asha, other)
        .await
        .unwrap();
    assert_eq!((preview.conversations, preview.joined), (1, 1));
    assert_eq!(preview.contact.tags, ["fair", "vip"]);
    assert_eq!(preview.consent[0].state, ConsentState::Denied);
    assert_eq!(
        state_of(&world, asha).await,
        ConsentState::Granted,
        "a preview changes nothing"
    );

    assert_eq!(merge(&world, asha, other).await.unwrap(), asha);
    // At once: who it is, what it agreed to, and where what waits now stands.
    let made = world.contact(other).await.unwrap();
    assert_eq!(made.id, asha);
    assert_eq!(made.name.as_deref(), Some("Asha"));
    assert_eq!(made.phone.as_deref(), Some("+919876543210"));
    assert_eq!(made.email.as_deref(), Some("asha@kite.example"));
    assert_eq!(made.tags, ["fair", "vip"]);
    assert_eq!(made.traits["city"], json!("Pune"));
    assert_eq!(state_of(&world, asha).await, ConsentState::Denied);
    let row = sql("SELECT m.conversation_id, o.contact_id FROM outbox o JOIN messages m ON m.id = o.message_id")
        .fetch_one(&mut world.db.reader().await.unwrap())
        .await
        .unwrap();
    assert_eq!(row.id::<ConversationId>(0).unwrap(), kept);
    assert_eq!(row.id::<ContactId>(1).unwrap(), asha);
    assert_eq!(world.assignee(kept).await, Some(world.f.owner));
    let hidden = conversations::get(&world.db, &scope, joined).await;
    assert!(matches!(hidden, Err(Error::NotFound)), "{hidden:?}");
    settle(&world).await;
    let rows = sql("SELECT id, contact_id FROM messages WHERE conversation_id = $1 AND direction = 'in' ORDER BY at, seq, idx")
        .bind(kept)
        .fetch_all(&mut world.db.reader().await.unwrap())
        .await
        .unwrap();
    let thread: Vec<MessageId> = rows.iter().map(|row| row.id(0).unwrap()).collect();
    assert_eq!(thread, wanted, "one thread in the order of time");
    assert!(
        rows.iter()
            .all(|row| row.id::<ContactId>(1).unwrap() == asha)
    );
    assert_eq!(world.int("SELECT COUNT(*) FROM conversations").await, 1);
    // Both numbers are the survivor's.
    let keys = "SELECT COUNT(*) FROM contact_identities i JOIN contacts c ON c.id = i.contact_id WHERE c.merged_into IS NULL";
    assert_eq!(world.int(keys).await, 2);
    let again = merge(&world, asha, other).await;
    assert!(matches!(again, Err(Error::Conflict("same"))), "{again:?}");
    world.end().await;
}

#[db_test]
async fn a_block_of_either_stops_what_waits(db: TestDb) {
    let world = World::new(db).await;
    let asha = world.person("Asha", "+919876543210", &[]).await;
    let other = world.person("Asha", "+442079460958", &[]).await;
    let thread = world.thread(asha, None).await;
    world
        .act(
            json!({"type": "block"}),
            wigwag_store::bulk::Who::Listed(vec![other]),
        )
        .await;
    world
        .write(vec![
            "UPDATE conversations SET window_closes_at = 1896000000000000".to_owned(),
        ])
        .await;
    let workspace = world.f.workspace;
    let done = merges::merge(&world.db, workspace, asha, other, "system".to_owned())
        .await
        .unwrap();
    assert!(done.stricter);
    let scope = Scope::member(workspace, world.f.owner, Role::Owner);
    let refused = outbox::enqueue(&world.db, &scope, text(thread))
        .await
        .unwrap();
    assert_eq!(refused, Enqueued::Refused(Refusal::Blocked));
    // Neither can be merged by somebody else's workspace.
    let theirs = world.db.workspace().await;
    let foreign = merges::merge(&world.db, theirs.workspace, asha, other, "x".to_owned()).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    world.end().await;
}

#[db_test]
async fn the_same_person_is_likely_by_address_and_by_number(db: TestDb) {
    let world = World::new(db).await;
    let asha = world.person("Asha", "+919876543210", &[]).await;
    let same = world.person("A. Rao", "+442079460958", &[]).await;
    world.person("Ravi", "+919876543211", &[]).await;
    for id in [asha, same] {
        let edit = wigwag_store::contacts::Edit {
            email: Some(Some("Asha@Kite.example".to_owned())),
            version: 1,
            ..Default::default()
        };
        wigwag_store::contacts::edit(&world.db, world.f.workspace, id, edit)
            .await
            .unwrap();
    }
    let likely = merges::likely(&world.db, world.f.workspace, asha)
        .await
        .unwrap();
    let told: Vec<(ContactId, &str)> = likely
        .iter()
        .map(|one| (one.contact.id, one.reason))
        .collect();
    assert_eq!(told, [(same, "email")]);
    world.end().await;
}

/// What one of the people begins with.
#[derive(Debug, Clone)]
struct Beginning {
    said: Option<ConsentState>,
    thread: bool,
    messages: u8,
}

fn beginning() -> impl Strategy<Value = Beginning> {
    let said = prop_oneof![
        Just(None),
        Just(Some(ConsentState::Granted)),
        Just(Some(ConsentState::Denied)),
    ];
    (said, any::<bool>(), 0_u8..4).prop_map(|(said, thread, messages)| Beginning {
        said,
        thread,
        messages,
    })
}

/// Random merges in random order, some of them while earlier ones still move over.
async fn holds(db: TestDb, people: &[Beginning], moves: &[(usize, usize, bool)]) {
    let world = World::new(db).await;
    let (mut ids, mut messages) = (Vec::new(), BTreeSet::new());
    for (at, person) in people.iter().enumerate() {
        let id = world
            .person("Somebody", &format!("+9198765432{at:02}"), &[])
            .await;
        ids.push(id);
        if let Some(state) = person.said {
            say(
                &world,
                id,
                state,
                1_795_000_000 + i64::try_from(at).unwrap(),
            )
            .await;
        }
        if person.thread {
            let thread = world.thread(id, None).await;
            for no in 0..person.messages {
                messages.insert(message(&world, thread, id, i64::from(no)).await);
            }
        }
    }
    // Who is one by now, and whether any of them had said no.
    let mut one_of: Vec<usize> = (0..people.len()).collect();
    for (survivor, other, settled) in moves {
        let (survivor, other) = (survivor % people.len(), other % people.len());
        let same = one_of[survivor] == one_of[other];
        let done = merge(&world, ids[survivor], ids[other]).await;
        assert_eq!(done.is_ok(), !same, "{done:?}");
        if !same {
            let (to, from) = (one_of[survivor], one_of[other]);
            for group in &mut one_of {
                if *group == from {
                    *group = to;
                }
            }
        }
        if *settled {
            settle(&world).await;
        }
    }
    settle(&world).await;
    let mut groups: BTreeMap<usize, BTreeSet<ContactId>> = BTreeMap::new();
    for (at, group) in one_of.iter().enumerate() {
        let now = resolved(&world, ids[at]).await;
        groups.entry(*group).or_default().insert(now);
        let denied = (0..people.len())
            .any(|each| one_of[each] == *group && people[each].said == Some(ConsentState::Denied));
        let granted = (0..people.len())
            .any(|each| one_of[each] == *group && people[each].said == Some(ConsentState::Granted));
        let wanted = match (denied, granted) {
            (true, _) => ConsentState::Denied,
            (false, true) => ConsentState::Granted,
            (false, false) => ConsentState::Unknown,
        };
        assert_eq!(state_of(&world, ids[at]).await, wanted);
        // Found by its own number still.
        let row =
            sql("SELECT contact_id FROM contact_identities WHERE kind = 'phone' AND value = $1")
                .bind(format!("+9198765432{at:02}"))
                .fetch_one(&mut world.db.reader().await.unwrap())
                .await
                .unwrap();
        assert_eq!(row.id::<ContactId>(0).unwrap(), now);
    }
    assert!(groups.values().all(|ids| ids.len() == 1), "{groups:?}");
    let rows = sql("SELECT m.id, m.contact_id, c.contact_id, p.merged_into FROM messages m
                    JOIN conversations c ON c.id = m.conversation_id JOIN contacts p ON p.id = c.contact_id")
        .fetch_all(&mut world.db.reader().await.unwrap())
        .await
        .unwrap();
    let mut left = BTreeSet::new();
    for row in &rows {
        left.insert(row.id::<MessageId>(0).unwrap());
        assert_eq!(
            row.id::<ContactId>(1).unwrap(),
            row.id::<ContactId>(2).unwrap()
        );
        assert_eq!(row.opt_id::<ContactId>(3).unwrap(), None);
    }
    assert_eq!(left, messages, "no message is lost");
    // One thread per person and number, and none that is hidden.
    assert_eq!(
        world
            .int("SELECT COUNT(*) FROM conversations WHERE status NOT IN ('open', 'closed', 'snoozed')")
            .await,
        0
    );
    world.end().await;
}

#[test]
fn whatever_the_order_nothing_is_lost() {
    let mut runner = TestRunner::new(Config {
        cases: 12,
        failure_persistence: None,
        ..Config::default()
    });
    let people = proptest::collection::vec(beginning(), 2..6);
    let moves = proptest::collection::vec((0_usize..6, 0_usize..6, any::<bool>()), 1..7);
    runner
        .run(&(people, moves), |(people, moves)| {
            block_on(async {
                holds(TestDb::sqlite().await, &people, &moves).await;
                if let Some(db) = TestDb::postgres().await {
                    holds(db, &people, &moves).await;
                }
            });
            Ok(())
        })
        .unwrap();
}
