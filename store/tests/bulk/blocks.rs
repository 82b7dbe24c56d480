//! Whoever blocks writes down what Meta is to be asked, and what Meta says is kept as a fact.

use std::time::Duration;

use serde_json::json;
use wigwag_model::{ContactId, NumberId, Timestamp};
use wigwag_store::blocks::{self, Asked, End, Entry, List, Settled, Standing};
use wigwag_store::bulk::Who;
use wigwag_store::contacts;
use wigwag_store::testing::TestDb;
use wigwag_store::{Priority, merges, sql};
use wigwag_store_macros::db_test;

use crate::world::World;

const ASHA: &str = "919876543210";
const RAVI: &str = "442079460958";
const LEASE: Duration = Duration::from_mins(2);
const DAY: Duration = Duration::from_hours(24);

/// Somebody writes to a number of ours.
async fn writes_to(world: &World, number: NumberId, wa_id: &str) -> ContactId {
    world.db.clock.advance(Duration::from_secs(1));
    world.db.heard(&world.f, number, wa_id).await
}

async fn writes(world: &World, wa_id: &str) -> ContactId {
    writes_to(world, world.f.number, wa_id).await
}

async fn block(world: &World, id: ContactId, on: bool) -> wigwag_model::BulkId {
    let action = json!({"type": if on { "block" } else { "unblock" }});
    world.act(action, Who::Listed(vec![id])).await.id
}

async fn claim(world: &World) -> Option<Asked> {
    let now = world.db.mint().now();
    blocks::claim(&world.db, now, LEASE).await.unwrap()
}

/// What is due, as whether to block and whom.
async fn due(world: &World) -> Option<(bool, Vec<String>)> {
    blocks::find(&world.db).await.unwrap();
    let asked = claim(world).await?;
    let people = asked.people.into_iter().map(|person| person.address);
    Some((asked.block, people.collect()))
}

/// Meta's answer to what is due.
async fn answered(world: &World, end: End) -> (bool, usize) {
    blocks::find(&world.db).await.unwrap();
    let asked = claim(world).await.unwrap();
    settle(world, &asked, end).await;
    (asked.block, asked.people.len())
}

async fn settle(world: &World, asked: &Asked, end: End) {
    let ends = asked.people.iter().map(|person| Settled {
        address: person.address.clone(),
        heard_at: person.heard_at,
        end,
    });
    let (workspace, number) = (asked.workspace, asked.number);
    blocks::settle(&world.db, workspace, number, asked.block, ends.collect())
        .await
        .unwrap();
}

async fn standing(world: &World, id: ContactId) -> Option<Standing> {
    contacts::details(&world.db, world.f.workspace, id)
        .await
        .unwrap()
        .whatsapp_block
}

async fn rows(world: &World) -> i64 {
    world.int("SELECT COUNT(*) FROM blocks").await
}

fn list(world: &World) -> List {
    List {
        workspace: world.f.workspace,
        number: world.f.number,
        phone_number_id: world.f.phone_number_id.clone(),
        waba: world.f.waba,
        tries: 0,
    }
}

fn entry(wa_id: &str) -> Entry {
    Entry {
        wa_id: Some(wa_id.to_owned()),
        user_id: None,
    }
}

#[db_test]
async fn a_block_its_end_and_both_ways_back_are_asked_of_meta(db: TestDb) {
    let world = World::new(db).await;
    let asha = writes(&world, ASHA).await;
    assert_eq!(standing(&world, asha).await, None);
    let blocked = block(&world, asha, true).await;
    assert_eq!(standing(&world, asha).await, Some(Standing::Asked));
    assert_eq!(answered(&world, End::Done).await, (true, 1));
    assert_eq!(standing(&world, asha).await, Some(Standing::Listed));
    assert_eq!(due(&world).await, None);
    // The block is taken back.
    world.undo(blocked).await;
    assert_eq!(answered(&world, End::Done).await, (false, 1));
    assert_eq!(
        (standing(&world, asha).await, due(&world).await),
        (None, None)
    );
    // Blocked, let in, and that taken back.
    block(&world, asha, true).await;
    answered(&world, End::Done).await;
    let open = block(&world, asha, false).await;
    answered(&world, End::Done).await;
    world.undo(open).await;
    assert_eq!(answered(&world, End::Done).await, (true, 1));
    assert_eq!(standing(&world, asha).await, Some(Standing::Listed));
    // Whoever was let in before Meta was asked was never on its list.
    let ravi = writes(&world, RAVI).await;
    block(&world, ravi, true).await;
    assert_eq!(rows(&world).await, 2);
    block(&world, ravi, false).await;
    assert_eq!((rows(&world).await, due(&world).await), (1, None));
    world.end().await;
}

#[db_test]
async fn whoever_has_not_written_lately_waits_until_they_do(db: TestDb) {
    let world = World::new(db).await;
    let asha = writes(&world, ASHA).await;
    block(&world, asha, true).await;
    // Meta thinks otherwise about the 24 hours.
    assert_eq!(answered(&world, End::Waits).await, (true, 1));
    assert_eq!(standing(&world, asha).await, Some(Standing::Waiting));
    assert_eq!(due(&world).await, None);
    writes(&world, ASHA).await;
    assert_eq!(due(&world).await, Some((true, vec![ASHA.to_owned()])));
    // Of whom it is known here, Meta is not asked at all.
    let ravi = writes(&world, RAVI).await;
    world.db.clock.advance(DAY);
    claim(&world).await.expect("the lease has ended");
    block(&world, ravi, true).await;
    assert_eq!(standing(&world, ravi).await, Some(Standing::Waiting));
    assert_eq!(due(&world).await, None);
    writes(&world, RAVI).await;
    assert_eq!(due(&world).await, Some((true, vec![RAVI.to_owned()])));
    // Somebody who never wrote waits as well.
    let mira = world.person("Mira", "+919876543212", &[]).await;
    block(&world, mira, true).await;
    assert_eq!(standing(&world, mira).await, Some(Standing::Waiting));
    writes(&world, "919876543212").await;
    assert_eq!(
        due(&world).await,
        Some((true, vec!["919876543212".to_owned()]))
    );
    world.end().await;
}

#[db_test]
async fn a_conversation_with_another_number_is_found(db: TestDb) {
    let world = World::new(db).await;
    let asha = writes(&world, ASHA).await;
    block(&world, asha, true).await;
    answered(&world, End::Done).await;
    let (second, f) = (world.db.mint().id::<NumberId>(), world.f.clone());
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("INSERT INTO numbers (workspace_id, id, waba, phone_number_id, display_phone_number, verified_name, quality, status,
                        throughput, enabled, created_at)
                     VALUES ($1, $2, $3, '4242', '+91 80 4000 0001', 'Kite Shop', 'green', 'connected', 80, 1, 0)")
                    .bind(f.workspace).bind(second).bind(f.waba).execute(tx).await
            })
        })
        .await
        .unwrap();
    writes_to(&world, second, ASHA).await;
    assert_eq!(blocks::find(&world.db).await.unwrap(), 1);
    assert_eq!(blocks::find(&world.db).await.unwrap(), 0);
    let asked = claim(&world).await.unwrap();
    assert_eq!(
        (asked.number, asked.phone_number_id.as_str()),
        (second, "4242")
    );
    settle(&world, &asked, End::Refused(131_026)).await;
    assert_eq!(
        standing(&world, asha).await,
        Some(Standing::Refused),
        "the worst counts"
    );
    assert_eq!(due(&world).await, None, "a refusal is final");
    world.end().await;
}

#[db_test]
async fn a_wish_that_changes_while_meta_is_asked_wins(db: TestDb) {
    let world = World::new(db).await;
    let asha = writes(&world, ASHA).await;
    block(&world, asha, true).await;
    let asked = claim(&world).await.unwrap();
    assert_eq!(due(&world).await, None, "somebody is asking");
    block(&world, asha, false).await;
    settle(&world, &asked, End::Done).await;
    let asked = claim(&world).await.unwrap();
    assert!(!asked.block);
    // The process dies. What Meta holds is not known: it is asked again, and what is wished by then.
    block(&world, asha, true).await;
    assert_eq!(due(&world).await, None);
    world.db.clock.advance(LEASE);
    let again = claim(&world).await.unwrap();
    assert!(again.block && again.people[0].try_no == 1, "{again:?}");
    // No answer came: let in meanwhile, Meta is asked to let in.
    let at = world.db.mint().now().plus(Duration::from_secs(30));
    settle(&world, &again, End::Later { at, code: None }).await;
    assert_eq!(standing(&world, asha).await, Some(Standing::Asked));
    block(&world, asha, false).await;
    world.db.clock.advance(Duration::from_secs(30));
    assert_eq!(due(&world).await, Some((false, vec![ASHA.to_owned()])));
    world.end().await;
}

#[db_test]
async fn a_merge_blocks_both_addresses(db: TestDb) {
    let world = World::new(db).await;
    let (asha, other) = (writes(&world, ASHA).await, writes(&world, RAVI).await);
    block(&world, other, true).await;
    answered(&world, End::Done).await;
    let by = "system".to_owned();
    merges::merge(&world.db, world.f.workspace, asha, other, by)
        .await
        .unwrap();
    assert!(world.contact(asha).await.unwrap().blocked);
    assert_eq!(due(&world).await, Some((true, vec![ASHA.to_owned()])));
    assert_eq!(
        world
            .int("SELECT COUNT(*) FROM contacts WHERE blocked_at IS NOT NULL")
            .await,
        1
    );
    world.db.clock.advance(LEASE);
    answered(&world, End::Done).await;
    assert_eq!(standing(&world, asha).await, Some(Standing::Listed));
    block(&world, asha, false).await;
    let (on, mut both) = due(&world).await.unwrap();
    both.sort();
    assert_eq!((on, both), (false, vec![RAVI.to_owned(), ASHA.to_owned()]));
    world.end().await;
}

#[db_test]
async fn erasing_lifts_a_block_and_forgets_the_address(db: TestDb) {
    let world = World::new(db).await;
    let (asha, ravi) = (writes(&world, ASHA).await, writes(&world, RAVI).await);
    block(&world, asha, true).await;
    answered(&world, End::Done).await;
    block(&world, ravi, true).await;
    world.erase(&[asha, ravi]).await;
    assert_eq!(
        rows(&world).await,
        1,
        "of who was never listed nothing is left"
    );
    assert_eq!(answered(&world, End::Done).await, (false, 1));
    assert_eq!(rows(&world).await, 0);
    // The number is somebody new, and not blocked.
    writes(&world, ASHA).await;
    assert_eq!((due(&world).await, rows(&world).await), (None, 0));
    world.end().await;
}

#[db_test]
async fn lists_are_compared(db: TestDb) {
    let world = World::new(db).await;
    let (asha, ravi) = (writes(&world, ASHA).await, writes(&world, RAVI).await);
    let mira = world.person("Mira", "+919876543212", &[]).await;
    for id in [asha, ravi] {
        block(&world, id, true).await;
        answered(&world, End::Done).await;
    }
    let compare = async |wa_ids: &[&str], from: Timestamp| {
        let entries: Vec<Entry> = wa_ids.iter().map(|wa_id| entry(wa_id)).collect();
        blocks::compare(&world.db, &list(&world), &entries, from)
            .await
            .unwrap()
    };
    let soon = || {
        world.db.clock.advance(Duration::from_secs(1));
        world.db.mint().now()
    };
    // What is newer than the list is left alone.
    let before = world.db.mint().now().minus(Duration::from_secs(60));
    assert_eq!(compare(&[], before).await.again, 0);
    // Ravi has vanished, Mira is on it without being blocked here, a stranger is nobody's business.
    let same = compare(&[ASHA, "919876543212", "15550100"], soon()).await;
    assert_eq!((same.only_there, same.again), (vec![mira], 1));
    assert_eq!(answered(&world, End::Done).await, (true, 1));
    // Until she is blocked here she is named each time; then she stands as listed, and can be let in.
    let again = compare(&[ASHA, RAVI, "919876543212"], soon()).await;
    assert_eq!((again.only_there, again.again), (vec![mira], 0));
    let blocked = block(&world, mira, true).await;
    assert_eq!(standing(&world, mira).await, Some(Standing::Listed));
    assert_eq!(due(&world).await, None);
    world.undo(blocked).await;
    assert_eq!(answered(&world, End::Done).await, (false, 1));
    // A list that was read before that blocks nobody anew.
    let older = world.db.mint().now();
    let stale = compare(&[ASHA, RAVI, "919876543212"], older).await;
    assert_eq!(stale.only_there, []);
    assert_eq!(compare(&[ASHA, RAVI], soon()).await.only_there, []);
    assert_eq!(rows(&world).await, 2, "what is over is forgotten");
    // Somebody who waits, and was blocked elsewhere, is listed.
    block(&world, mira, true).await;
    assert_eq!(standing(&world, mira).await, Some(Standing::Waiting));
    compare(&[ASHA, RAVI, "919876543212"], soon()).await;
    assert_eq!(standing(&world, mira).await, Some(Standing::Listed));
    world.end().await;
}

#[db_test]
async fn each_list_is_read_by_one_and_once_until_it_is_due(db: TestDb) {
    let world = World::new(db).await;
    let now = world.db.mint().now();
    let list = blocks::next_list(&world.db, now).await.unwrap().unwrap();
    assert_eq!((list.number, list.tries), (world.f.number, 0));
    let take = async || {
        let until = now.plus(LEASE);
        blocks::take_list(&world.db, list.workspace, list.number, now, until)
            .await
            .unwrap()
    };
    assert!(take().await);
    assert!(!take().await, "somebody reads it");
    assert_eq!(blocks::next_list(&world.db, now).await.unwrap(), None);
    let next = now.plus(DAY);
    blocks::list_read(&world.db, list.workspace, list.number, false, next)
        .await
        .unwrap();
    assert_eq!(blocks::next_list(&world.db, now).await.unwrap(), None);
    let due = blocks::next_list(&world.db, next).await.unwrap().unwrap();
    assert_eq!(due.tries, 1);
    blocks::list_read(&world.db, list.workspace, list.number, true, now)
        .await
        .unwrap();
    let read = blocks::next_list(&world.db, now).await.unwrap().unwrap();
    assert_eq!(read.tries, 0);
    world.end().await;
}
