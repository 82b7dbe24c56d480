//! Tags, assignments and blocks on many, and the way back.

use serde_json::json;
use wigwag_model::MemberId;
use wigwag_model::audience::Filter;
use wigwag_store::bulk::{self, State, Who};
use wigwag_store::testing::TestDb;
use wigwag_store::{Error, audience};
use wigwag_store_macros::db_test;

use crate::world::World;

#[db_test]
async fn tags_are_added_once_and_only_those_come_off_again(db: TestDb) {
    let world = World::new(db).await;
    let plain = world.person("Asha", "+919876543210", &["fair"]).await;
    let has = world
        .person("Ravi", "+919876543211", &["fair", "VIP"])
        .await;
    let other = world.person("Mira", "+919876543212", &["shop"]).await;
    let many: Vec<String> = (0..50).map(|at| format!("t{at}")).collect();
    let mut full: Vec<&str> = many.iter().map(String::as_str).collect();
    full[0] = "fair";
    let crowded = world.person("Omar", "+919876543213", &full).await;
    let done = world
        .act(
            json!({"type": "add_tags", "tags": ["vip", "नया"]}),
            World::tagged("fair"),
        )
        .await;
    assert_eq!((done.state, done.total, done.seen), (State::Done, 3, 3));
    assert_eq!((done.changed, done.unchanged, done.refused), (2, 0, 1));
    assert_eq!(world.tags(plain).await, ["fair", "vip", "नया"]);
    // Spelled otherwise it is there already.
    assert_eq!(world.tags(has).await, ["VIP", "fair", "नया"]);
    assert_eq!(world.tags(other).await, ["shop"]);
    let refused = bulk::refused(&world.db, world.f.workspace, done.id, 0, 10)
        .await
        .unwrap();
    assert_eq!(refused.len(), 1);
    assert_eq!(
        (
            refused[0].contact,
            refused[0].reason.as_str(),
            refused[0].name.as_str()
        ),
        (crowded, "too_many_tags", "Omar")
    );
    // Filters find what was written.
    let found = |tag: &str| {
        let filter = Filter::Tag(tag.to_owned());
        let (db, workspace) = (&world.db, world.f.workspace);
        async move {
            let mut on = db.snapshot().await.unwrap();
            audience::count(&mut on, workspace, &filter, db.mint().now())
                .await
                .unwrap()
        }
    };
    assert_eq!((found("नया").await, found("vip").await), (2, 2));
    // Somebody takes one off by hand meanwhile, and gives Mira the tag.
    world.retag(plain, &["fair", "vip"]).await;
    world.retag(other, &["shop", "vip"]).await;
    let back = world.undo(done.id).await.undo.unwrap();
    assert_eq!(
        (back.state, back.seen, back.undone, back.kept),
        (State::Done, 2, 2, 0)
    );
    assert_eq!(world.tags(plain).await, ["fair"]);
    assert_eq!(world.tags(has).await, ["VIP", "fair"]);
    assert_eq!(
        world.tags(other).await,
        ["shop", "vip"],
        "the action never touched it"
    );
    assert_eq!((found("नया").await, found("vip").await), (0, 2));
    // Asked again it changes nothing.
    assert_eq!(world.undo(done.id).await.undo, Some(back));
    world.end().await;
}

#[db_test]
async fn tags_that_were_taken_away_come_back_as_they_were_spelled(db: TestDb) {
    let world = World::new(db).await;
    let asha = world
        .person("Asha", "+919876543210", &["VIP", "fair"])
        .await;
    let ravi = world.person("Ravi", "+919876543211", &["vip"]).await;
    let mira = world.person("Mira", "+919876543212", &["fair"]).await;
    let done = world
        .act(
            json!({"type": "remove_tags", "tags": ["Vip"]}),
            Who::Listed(vec![asha, ravi, mira, asha]),
        )
        .await;
    assert_eq!((done.total, done.changed, done.unchanged), (3, 2, 1));
    assert_eq!(world.tags(asha).await, ["fair"]);
    assert!(world.tags(ravi).await.is_empty());
    world.retag(ravi, &["vip"]).await;
    let back = world.undo(done.id).await.undo.unwrap();
    assert_eq!((back.seen, back.undone, back.kept), (2, 1, 1));
    assert_eq!(world.tags(asha).await, ["VIP", "fair"]);
    assert_eq!(world.tags(ravi).await, ["vip"]);
    world.end().await;
}

#[db_test]
async fn a_page_is_applied_once_and_whoever_comes_later_is_not_touched(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(401, "fair").await;
    let id = world
        .begin(
            json!({"type": "add_tags", "tags": ["met"]}),
            World::tagged("fair"),
        )
        .await;
    let late = world.person("Late", "+919876500000", &["fair"]).await;
    let workspace = world.f.workspace;
    let page = bulk::next_page(&world.db, workspace, &world.get(id).await)
        .await
        .unwrap();
    assert_eq!(page.ids().len(), 400);
    let first = bulk::apply(&world.db, workspace, id, page.clone())
        .await
        .unwrap();
    assert!(!first.last);
    // The process died after the commit and does not know it: the same page again.
    let again = bulk::apply(&world.db, workspace, id, page).await;
    assert!(World::is_stale(&again), "{again:?}");
    assert_eq!(world.get(id).await.seen, 400);
    let done = world.run(id).await;
    assert_eq!((done.seen, done.changed, done.total), (401, 401, 401));
    assert_eq!(world.tags(people[400]).await, ["fair", "met"]);
    assert_eq!(world.tags(late).await, ["fair"]);
    // An action that has ended does nothing more.
    let over = world.step(id).await;
    assert!(World::is_stale(&over), "{over:?}");
    let back = world.undo(id).await.undo.unwrap();
    assert_eq!((back.seen, back.undone), (401, 401));
    assert_eq!(world.tags(people[0]).await, ["fair"]);
    world.end().await;
}

#[db_test]
async fn conversations_go_to_a_member_and_back_to_whoever_had_them(db: TestDb) {
    let world = World::new(db).await;
    let owner = world.f.owner;
    let agent: MemberId = world.db.mint().id();
    let account = wigwag_model::id::Id::uuid(agent);
    let hex = account.simple().to_string();
    let quoted = match world.db.dialect() {
        wigwag_store::Dialect::Sqlite => format!("x'{hex}'"),
        wigwag_store::Dialect::Postgres => format!("'{account}'"),
    };
    world
        .write(vec![
            format!("INSERT INTO accounts (id, email, email_key, name, password_hash, created_at) VALUES ({quoted}, 'b', 'b', 'Binta', '!', 0)"),
            format!("INSERT INTO members (workspace_id, id, account_id, role, created_at) SELECT workspace_id, {quoted}, {quoted}, 'agent', 0 FROM members"),
        ])
        .await;
    let (asha, ravi, mira) = (
        world.person("Asha", "+919876543210", &[]).await,
        world.person("Ravi", "+919876543211", &[]).await,
        world.person("Mira", "+919876543212", &[]).await,
    );
    let (first, second) = (
        world.thread(asha, None).await,
        world.thread(ravi, Some(owner)).await,
    );
    let everybody = Who::Listed(vec![asha, ravi, mira]);
    let done = world
        .act(
            json!({"type": "assign", "member_id": agent}),
            everybody.clone(),
        )
        .await;
    assert_eq!((done.changed, done.refused), (2, 1));
    assert_eq!(world.assignee(first).await, Some(agent));
    assert_eq!(world.assignee(second).await, Some(agent));
    let why = bulk::refused(&world.db, world.f.workspace, done.id, 0, 10).await;
    assert_eq!(why.unwrap()[0].reason, "no_conversation");
    let back = world.undo(done.id).await.undo.unwrap();
    assert_eq!((back.undone, back.kept), (2, 0));
    assert_eq!(world.assignee(first).await, None);
    assert_eq!(world.assignee(second).await, Some(owner));
    // Nobody gets a conversation of whom nobody can sign in.
    world
        .write(vec![format!(
            "UPDATE members SET disabled_at = 1 WHERE id = {quoted}"
        )])
        .await;
    let refused = world
        .try_begin(json!({"type": "assign", "member_id": agent}), everybody)
        .await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    world.end().await;
}

#[db_test]
async fn a_block_is_taken_back_only_where_it_is_still_the_same(db: TestDb) {
    let world = World::new(db).await;
    let (asha, ravi) = (
        world.person("Asha", "+919876543210", &[]).await,
        world.person("Ravi", "+919876543211", &[]).await,
    );
    let block = |on: bool| json!({"type": if on { "block" } else { "unblock" }});
    let earlier = world.act(block(true), Who::Listed(vec![ravi])).await;
    assert_eq!(earlier.changed, 1);
    world.db.clock.advance(std::time::Duration::from_secs(60));
    let both = world.act(block(true), Who::Listed(vec![asha, ravi])).await;
    assert_eq!((both.changed, both.unchanged), (1, 1));
    let back = world.undo(both.id).await.undo.unwrap();
    assert_eq!((back.seen, back.undone), (1, 1));
    assert!(!world.contact(asha).await.unwrap().blocked);
    assert!(world.contact(ravi).await.unwrap().blocked, "blocked before");
    // Let in and blocked anew by somebody: that block is theirs.
    let open = world.act(block(false), Who::Listed(vec![ravi])).await;
    world.db.clock.advance(std::time::Duration::from_secs(60));
    world.act(block(true), Who::Listed(vec![ravi])).await;
    let back = world.undo(earlier.id).await.undo.unwrap();
    assert_eq!((back.undone, back.kept), (0, 1));
    assert!(world.contact(ravi).await.unwrap().blocked);
    let back = world.undo(open.id).await.undo.unwrap();
    assert_eq!((back.undone, back.kept), (0, 1), "it is blocked already");
    world.end().await;
}

#[db_test]
async fn nobody_of_another_workspace_is_meant(db: TestDb) {
    let world = World::new(db).await;
    let theirs = world.db.workspace().await;
    let asha = world.person("Asha", "+919876543210", &["fair"]).await;
    let action = serde_json::from_value(json!({"type": "block"})).unwrap();
    let new = bulk::NewBulk {
        action,
        who: Who::Listed(vec![asha]),
        actor: "system".to_owned(),
    };
    let refused = bulk::begin(&world.db, theirs.workspace, new).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    let done = world
        .act(
            json!({"type": "add_tags", "tags": ["met"]}),
            World::tagged("fair"),
        )
        .await;
    let foreign = bulk::get(
        &mut world.db.reader().await.unwrap(),
        theirs.workspace,
        done.id,
    )
    .await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    let (listed, more) = bulk::list(&world.db, theirs.workspace, None, 10)
        .await
        .unwrap();
    assert!(listed.is_empty() && more.is_none());
    let (listed, _) = bulk::list(&world.db, world.f.workspace, None, 10)
        .await
        .unwrap();
    assert_eq!(listed.len(), 1);
    world.end().await;
}
