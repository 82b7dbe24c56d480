//! A campaign's life: once per person, obeyed pauses, opt-outs in the middle, replies.

use std::collections::BTreeSet;

use wigwag_model::campaign::{Held, State};
use wigwag_model::can_send::Refusal;
use wigwag_model::{ContactId, Kind, MessageState};
use wigwag_store::campaigns::{self, Canary, Flag, Recipients};
use wigwag_store::ingest::{self, Inbound, Items, Person, Preference};
use wigwag_store::outbox::Outcome;
use wigwag_store::testing::TestDb;
use wigwag_store::{Error, Priority, sql};
use wigwag_store_macros::db_test;

use crate::world::World;

#[db_test]
async fn each_person_is_handed_over_once_whoever_is_quicker(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(20).await;
    let id = world.running(&people).await;
    // Both have read the same people before either writes.
    let (one, other) = tokio::join!(world.feed(id, 20), world.feed(id, 20));
    assert_eq!(one + other, 20);
    assert_eq!(world.feed(id, 20).await, 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM messages").await, 20);
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox").await, 20);
    let claims = world.claim(50).await;
    let reached: BTreeSet<ContactId> = claims.claimed.iter().map(|row| row.contact).collect();
    assert_eq!(reached, people.into_iter().collect());
    assert_eq!(world.counts(id).await.of(MessageState::Attempting), 20);
    // New conversations are put away: nothing moves in the inbox.
    assert_eq!(
        world
            .count(
                "SELECT COUNT(*) FROM conversations WHERE status = 'closed' AND unread_count = 0"
            )
            .await,
        20
    );
    assert_eq!(
        world
            .count("SELECT COUNT(*) FROM feed WHERE kind = 'message.created'")
            .await,
        0
    );
    assert!(
        world
            .count("SELECT COUNT(*) FROM feed WHERE kind = 'campaign.changed'")
            .await
            > 0
    );
    world.end().await;
}

#[db_test]
async fn a_pause_lets_nothing_more_be_claimed_and_says_what_is_out(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(10).await;
    let id = world.running(&people).await;
    let workspace = world.f.workspace;
    world.feed(id, 8).await;
    let claims = world.claim(3).await;
    world.accept(&claims.claimed[0]).await;
    let state = campaigns::pause(&world.db, workspace, id).await.unwrap();
    assert_eq!(state, Some(State::Pausing));
    assert!(world.claim(10).await.claimed.is_empty());
    assert_eq!(
        world.feed(id, 10).await,
        0,
        "nothing is fed while it pauses"
    );
    let counts = world.counts(id).await;
    assert_eq!((counts.out(), counts.waiting(), counts.all()), (3, 7, 10));
    // One comes back unsent, one is refused for a moment: both wait with the rest.
    let now = world.now();
    world
        .finish(&claims.claimed[1], Outcome::Release { due_at: now })
        .await;
    let retry = Outcome::Retry {
        due_at: now,
        code: Some(130_429),
        detail: String::new(),
    };
    world.finish(&claims.claimed[2], retry).await;
    assert!(world.claim(10).await.claimed.is_empty());
    assert!(
        campaigns::settle_paused(&world.db, workspace, id)
            .await
            .unwrap()
    );
    assert_eq!(world.campaign(id).await.state, State::Paused);
    assert_eq!(world.counts(id).await.out(), 1);
    assert_eq!(
        campaigns::resume(&world.db, workspace, id).await.unwrap(),
        Some(State::Running)
    );
    world.feed(id, 10).await;
    assert_eq!(world.claim(20).await.claimed.len(), 9);
    assert_eq!(
        campaigns::pause(&world.db, workspace, id).await.unwrap(),
        Some(State::Pausing)
    );
    assert_eq!(
        campaigns::pause(&world.db, workspace, id).await.unwrap(),
        None
    );
    world.end().await;
}

#[db_test]
async fn a_stop_skips_whoever_was_not_reached(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(10).await;
    let id = world.running(&people).await;
    let workspace = world.f.workspace;
    world.feed(id, 5).await;
    let claims = world.claim(2).await;
    assert!(campaigns::stop(&world.db, workspace, id).await.unwrap());
    assert!(!campaigns::stop(&world.db, workspace, id).await.unwrap());
    assert!(world.claim(10).await.claimed.is_empty());
    while !campaigns::settle_stopped(&world.db, workspace, id, "stopped")
        .await
        .unwrap()
    {
        if world.counts(id).await.waiting() == 0 {
            // What is on its way ends first.
            assert!(world.campaign(id).await.ended_at.is_none());
            for row in &claims.claimed {
                world.accept(row).await;
            }
        }
    }
    let counts = world.counts(id).await;
    assert_eq!(
        (counts.out(), counts.of(MessageState::Skipped), counts.all()),
        (2, 8, 10)
    );
    assert!(world.campaign(id).await.ended_at.is_some());
    let skips = campaigns::skips(&world.db, workspace, id).await.unwrap();
    assert_eq!(skips, [("stopped".to_owned(), 8)]);
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox").await, 0);
    world.end().await;
}

#[db_test]
async fn an_opt_out_in_the_middle_is_obeyed_and_counted(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(3).await;
    let id = world.running(&people).await;
    world.feed(id, 3).await;
    let claims = world.claim(1).await;
    world.accept(&claims.claimed[0]).await;
    let reached = claims.claimed[0].contact;
    let waits = people
        .iter()
        .copied()
        .find(|contact| *contact != reached)
        .unwrap();
    for contact in [reached, waits] {
        deny(&world, contact).await;
    }
    let claims = world.claim(5).await;
    assert_eq!((claims.claimed.len(), claims.refused), (1, 1));
    let counts = world.counts(id).await;
    assert_eq!(counts.of(MessageState::Skipped), 1);
    assert_eq!(
        counts.flagged(Flag::OptedOut),
        1,
        "only whom it had reached"
    );
    let wish = Recipients {
        reason: Some("opted_out".to_owned()),
        ..Recipients::default()
    };
    let (rows, _) = campaigns::recipients(&world.db, world.f.workspace, id, &wish, None, 10)
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].contact, rows[0].state.as_str()),
        (waits, "skipped")
    );
    world.end().await;
}

async fn deny(world: &World, contact: ContactId) {
    let items = Items {
        preferences: vec![Preference {
            workspace: world.f.workspace,
            person: person(world, contact).await,
            category: "marketing".to_owned(),
            state: "denied",
            at: world.now(),
        }],
        ..Items::default()
    };
    ingest::apply_part(&world.db, items).await.unwrap();
}

async fn person(world: &World, contact: ContactId) -> Person {
    let row = sql("SELECT wa_id, phone FROM contacts WHERE id = $1")
        .bind(contact)
        .fetch_one(&mut world.db.reader().await.unwrap())
        .await
        .unwrap();
    Person {
        wa_id: row.opt_text(0).unwrap(),
        phone: row.opt_text(1).unwrap(),
        portfolio: world.f.portfolio_id.clone(),
        ..Person::default()
    }
}

async fn write(world: &World, contact: ContactId, wamid: &str) {
    let message = Inbound {
        workspace: world.f.workspace,
        number: world.f.number,
        person: person(world, contact).await,
        wamid: wamid.to_owned(),
        kind: Kind::Text,
        content: r#"{"body":"Yes please"}"#.to_owned(),
        preview: "Yes please".to_owned(),
        media: None,
        reply_to: None,
        referral: None,
        opt: None,
        at: world.now(),
        seq: 1,
        idx: 0,
    };
    let items = Items {
        messages: vec![message],
        ..Items::default()
    };
    ingest::apply_part(&world.db, items).await.unwrap();
}

#[db_test]
async fn a_reply_counts_once_and_for_the_last_campaign_within_its_time(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(2).await;
    let first = world.running(&people).await;
    world.feed(first, 2).await;
    for row in &world.claim(5).await.claimed {
        world.accept(row).await;
    }
    world.db.clock.advance(crate::world::MINUTE);
    let last = world.running(&people[..1]).await;
    world.feed(last, 1).await;
    for row in &world.claim(5).await.claimed {
        world.accept(row).await;
    }
    world.db.clock.advance(crate::world::MINUTE);
    for wamid in ["wamid.a", "wamid.b"] {
        write(&world, people[0], wamid).await;
    }
    assert_eq!(world.counts(first).await.flagged(Flag::Replied), 0);
    assert_eq!(world.counts(last).await.flagged(Flag::Replied), 1);
    // An hour was the time of these campaigns.
    world.db.clock.advance(crate::world::MINUTE * 120);
    write(&world, people[1], "wamid.c").await;
    assert_eq!(world.counts(first).await.flagged(Flag::Replied), 0);
    for id in [first, last] {
        assert_eq!(world.counts(id).await.0, world.rows(id).await);
    }
    world.end().await;
}

#[db_test]
async fn a_template_that_rests_holds_the_campaign_and_fails_nobody(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(4).await;
    let id = world.running(&people).await;
    let workspace = world.f.workspace;
    world.feed(id, 4).await;
    set_template(&world, "paused").await;
    let claims = world.claim(10).await;
    assert!(claims.claimed.is_empty());
    assert_eq!(claims.holds, [(id, Refusal::TemplateUnavailable)]);
    let held = campaigns::hold(&world.db, workspace, id, Held::TemplateUnavailable)
        .await
        .unwrap();
    assert_eq!(held, Some(State::Paused));
    let campaign = world.campaign(id).await;
    assert_eq!(campaign.held, Some(Held::TemplateUnavailable));
    assert_eq!(world.counts(id).await.of(MessageState::Queued), 4);
    set_template(&world, "approved").await;
    assert_eq!(
        campaigns::release(&world.db, workspace, id).await.unwrap(),
        Some(State::Running)
    );
    assert_eq!(world.claim(10).await.claimed.len(), 4);
    world.end().await;
}

async fn set_template(world: &World, status: &'static str) {
    let template = world.template;
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("UPDATE templates SET status = $2 WHERE id = $1")
                    .bind(template)
                    .bind(status)
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
}

#[db_test]
async fn what_nobody_looked_after_for_hours_does_not_leave(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(2).await;
    let id = world.running(&people).await;
    world.feed(id, 2).await;
    world.db.clock.advance(crate::world::MINUTE * 121);
    let until = world.now().plus(crate::world::MINUTE);
    wigwag_store::lanes::renew(&world.db, &world.lease, until)
        .await
        .unwrap();
    assert!(world.claim(10).await.claimed.is_empty());
    campaigns::tend(&world.db, world.f.workspace, id)
        .await
        .unwrap();
    assert_eq!(world.claim(10).await.claimed.len(), 2);
    world.end().await;
}

#[db_test]
async fn a_plan_that_is_taken_back_leaves_nobody(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(3).await;
    let workspace = world.f.workspace;
    let (id, version) = world.begun().await;
    let rows = vec![
        world.planned(people[0], 1, None),
        world.planned(people[1], 2, Some("no_consent")),
    ];
    campaigns::plan_chunk(&world.db, workspace, id, version, world.f.number, rows)
        .await
        .unwrap();
    assert!(campaigns::undo(&world.db, workspace, id).await.unwrap());
    assert_eq!(world.campaign(id).await.state, State::Draft);
    let late = vec![world.planned(people[2], 3, None)];
    let refused =
        campaigns::plan_chunk(&world.db, workspace, id, version, world.f.number, late).await;
    assert!(matches!(refused, Err(Error::Stale)));
    let version = world.campaign(id).await.version;
    campaigns::clear(&world.db, workspace, id, version)
        .await
        .unwrap();
    assert!(world.counts(id).await.0.is_empty());
    assert_eq!(
        world
            .count("SELECT COUNT(*) FROM campaign_recipients")
            .await,
        0
    );
    assert!(campaigns::delete(&world.db, workspace, id).await.unwrap());
    world.end().await;
}

/// A job whose lease ended may still be at work when another takes it: the first writes nothing more,
/// and whoever comes after the plan is done clears nobody.
#[db_test]
async fn a_plan_has_one_author(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(2).await;
    let (workspace, number) = (world.f.workspace, world.f.number);
    let (id, first) = world.begun().await;
    let row = |at: usize| vec![world.planned(people[at], i64::try_from(at).unwrap() + 1, None)];
    campaigns::plan_chunk(&world.db, workspace, id, first, number, row(0))
        .await
        .unwrap();
    let second = campaigns::take_over(&world.db, workspace, id)
        .await
        .unwrap()
        .unwrap();
    let late = campaigns::plan_chunk(&world.db, workspace, id, first, number, row(1)).await;
    assert!(matches!(late, Err(Error::Stale)));
    let late = campaigns::planned(&world.db, workspace, id, first, Canary::Off, None).await;
    assert!(matches!(late, Err(Error::Stale)));
    let late = campaigns::clear(&world.db, workspace, id, first).await;
    assert!(matches!(late, Err(Error::Stale)));
    campaigns::clear(&world.db, workspace, id, second)
        .await
        .unwrap();
    for at in 0..2 {
        campaigns::plan_chunk(&world.db, workspace, id, second, number, row(at))
            .await
            .unwrap();
    }
    campaigns::planned(&world.db, workspace, id, second, Canary::Off, None)
        .await
        .unwrap();
    let taken = campaigns::take_over(&world.db, workspace, id)
        .await
        .unwrap();
    assert_eq!(taken, None, "it runs");
    let late = campaigns::clear(&world.db, workspace, id, second).await;
    assert!(matches!(late, Err(Error::Stale)));
    assert_eq!(world.counts(id).await.of(MessageState::Planned), 2);
    world.end().await;
}

#[db_test]
async fn once_something_left_nothing_is_taken_back(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(1).await;
    let id = world.running(&people).await;
    world.feed(id, 1).await;
    assert!(
        !campaigns::undo(&world.db, world.f.workspace, id)
            .await
            .unwrap()
    );
    for row in &world.claim(5).await.claimed {
        world.accept(row).await;
    }
    assert!(
        campaigns::finish(&world.db, world.f.workspace, id, None)
            .await
            .unwrap()
    );
    let campaign = world.campaign(id).await;
    assert_eq!(campaign.state, State::Done);
    assert!(
        !campaigns::stop(&world.db, world.f.workspace, id)
            .await
            .unwrap()
    );
    world.end().await;
}

#[db_test]
async fn a_second_round_is_new_rows_for_those_whom_meta_withheld_it_from(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(3).await;
    let id = world.running(&people).await;
    let workspace = world.f.workspace;
    world.feed(id, 3).await;
    let claims = world.claim(5).await.claimed;
    for row in &claims {
        world.accept(row).await;
    }
    // The status has the code 131049.
    world
        .status(claims[0].message, MessageState::Failed, false)
        .await;
    world
        .status(claims[1].message, MessageState::Delivered, false)
        .await;
    assert_eq!(
        campaigns::second_round(&world.db, workspace, id)
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        campaigns::second_round(&world.db, workspace, id)
            .await
            .unwrap(),
        0
    );
    assert_eq!(world.campaign(id).await.round, 2);
    assert_eq!(world.feed(id, 5).await, 1);
    let again = world.claim(5).await.claimed;
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].contact, claims[0].contact);
    assert_ne!(again[0].message, claims[0].message);
    assert_eq!(world.counts(id).await.0, world.rows(id).await);
    let all = campaigns::counts_of(&world.db, workspace, id, Some(2))
        .await
        .unwrap();
    assert_eq!(all.all(), 1);
    world.end().await;
}

#[db_test]
async fn another_workspace_sees_and_moves_nothing(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(2).await;
    let id = world.running(&people).await;
    let stranger = world.db.workspace().await.workspace;
    let mut reader = world.db.reader().await.unwrap();
    assert!(matches!(
        campaigns::get(&mut reader, stranger, id).await,
        Err(Error::NotFound)
    ));
    drop(reader);
    for moved in [
        campaigns::pause(&world.db, stranger, id).await.map(drop),
        campaigns::resume(&world.db, stranger, id).await.map(drop),
        campaigns::stop(&world.db, stranger, id).await.map(drop),
        campaigns::undo(&world.db, stranger, id).await.map(drop),
        campaigns::delete(&world.db, stranger, id).await.map(drop),
    ] {
        assert!(matches!(moved, Err(Error::NotFound)));
    }
    let (rows, _) =
        campaigns::recipients(&world.db, stranger, id, &Recipients::default(), None, 10)
            .await
            .unwrap();
    assert!(rows.is_empty());
    assert_eq!(world.campaign(id).await.state, State::Running);
    world.end().await;
}
