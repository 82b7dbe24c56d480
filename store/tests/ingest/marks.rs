//! Reactions, edits and revocations: before and after their message, in any order.

use wigwag_store::ingest::{Items, Mark, MarkKind};
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::world::{World, at};

fn reaction(emoji: &str) -> MarkKind {
    MarkKind::Reaction {
        emoji: (!emoji.is_empty()).then(|| emoji.to_owned()),
    }
}

fn edit(words: &str) -> MarkKind {
    MarkKind::Edit {
        content: Some(format!(r#"{{"body":"{words}"}}"#)),
        preview: words.to_owned(),
    }
}

fn marks(world: &World) -> Vec<Mark> {
    vec![
        world.mark("wamid.1", 10, reaction("👍")),
        world.mark("wamid.1", 20, reaction("❤️")),
        world.mark("wamid.1", 30, edit("first")),
        world.mark("wamid.1", 40, edit("second")),
    ]
}

async fn outcome(world: &World) -> Vec<String> {
    let mut all = world.texts("SELECT content FROM messages").await;
    all.extend(
        world
            .texts("SELECT CAST(edited_at AS TEXT) FROM messages")
            .await,
    );
    all.extend(world.texts("SELECT emoji FROM reactions").await);
    all.extend(world.texts("SELECT last_preview FROM conversations").await);
    all
}

fn wanted() -> Vec<String> {
    vec![
        r#"{"body":"second"}"#.to_owned(),
        at(40).as_micros().to_string(),
        "❤️".to_owned(),
        "second".to_owned(),
    ]
}

async fn apply(world: &World, marks: Vec<Mark>) {
    world
        .apply(Items {
            marks,
            ..Items::default()
        })
        .await;
}

#[db_test]
async fn marks_after_their_message_take_the_latest_in_any_order(db: TestDb) {
    let world = World::new(db).await;
    world
        .apply_messages(vec![world.text("919800000001", "wamid.1", 0, 1)])
        .await;
    for mark in marks(&world).into_iter().rev() {
        apply(&world, vec![mark]).await;
    }
    assert_eq!(outcome(&world).await, wanted());
    apply(&world, marks(&world)).await;
    assert_eq!(outcome(&world).await, wanted(), "replayed");
    world.end().await;
}

#[db_test]
async fn marks_before_their_message_wait_for_it(db: TestDb) {
    let world = World::new(db).await;
    for mark in marks(&world).into_iter().rev() {
        apply(&world, vec![mark]).await;
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM parked").await, 4);
    world
        .apply_messages(vec![world.text("919800000001", "wamid.1", 0, 1)])
        .await;
    assert_eq!(outcome(&world).await, wanted());
    assert_eq!(world.count("SELECT COUNT(*) FROM parked").await, 0);
    world.end().await;
}

#[db_test]
async fn marks_in_the_batch_of_their_message_are_applied(db: TestDb) {
    let world = World::new(db).await;
    world
        .apply(Items {
            messages: vec![world.text("919800000001", "wamid.1", 0, 1)],
            marks: marks(&world),
            ..Items::default()
        })
        .await;
    assert_eq!(outcome(&world).await, wanted());
    world.end().await;
}

#[db_test]
async fn a_reaction_taken_back_does_not_return(db: TestDb) {
    let world = World::new(db).await;
    world
        .apply_messages(vec![world.text("919800000001", "wamid.1", 0, 1)])
        .await;
    for (seconds, emoji) in [(10, "👍"), (30, ""), (20, "❤️")] {
        apply(
            &world,
            vec![world.mark("wamid.1", seconds, reaction(emoji))],
        )
        .await;
    }
    assert_eq!(world.texts("SELECT emoji FROM reactions").await, [""]);
    world.end().await;
}

#[db_test]
async fn a_late_edit_brings_back_nothing_of_a_revoked_message(db: TestDb) {
    let world = World::new(db).await;
    world
        .apply_messages(vec![world.text("919800000001", "wamid.1", 0, 1)])
        .await;
    apply(&world, vec![world.mark("wamid.1", 50, MarkKind::Revoke)]).await;
    apply(&world, vec![world.mark("wamid.1", 40, edit("too late"))]).await;
    assert_eq!(
        world.texts("SELECT last_preview FROM conversations").await,
        [""]
    );
    world.end().await;
}

#[db_test]
async fn a_revoked_message_is_marked_and_its_line_is_gone(db: TestDb) {
    let world = World::new(db).await;
    world
        .apply_messages(vec![
            world.text("919800000001", "wamid.1", 0, 1),
            world.text("919800000001", "wamid.2", 1, 2),
        ])
        .await;
    apply(&world, vec![world.mark("wamid.1", 9, MarkKind::Revoke)]).await;
    assert_eq!(
        world.texts("SELECT last_preview FROM conversations").await,
        ["wamid.2"]
    );
    apply(&world, vec![world.mark("wamid.2", 9, MarkKind::Revoke)]).await;
    assert_eq!(
        world.texts("SELECT last_preview FROM conversations").await,
        [""]
    );
    assert_eq!(
        world
            .count("SELECT COUNT(*) FROM messages WHERE revoked_at IS NOT NULL")
            .await,
        2
    );
    world.end().await;
}
