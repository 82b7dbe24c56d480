//! Finding people by their identities, and what they decide about themselves.

use wigwag_store::ingest::{Items, Person, UserIdChange};
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::world::World;

fn known_by(world: &World, wa_id: Option<&str>, user_id: Option<&str>) -> Person {
    Person {
        user_id: user_id.map(str::to_owned),
        ..wa_id.map_or_else(
            || Person {
                portfolio: world.f.portfolio_id.clone(),
                ..Person::default()
            },
            |wa_id| world.person(wa_id),
        )
    }
}

#[db_test]
async fn spellings_of_one_number_are_one_person(db: TestDb) {
    let world = World::new(db).await;
    for (seq, wa_id) in (1..).zip(["551187654321", "5511987654321", "551187654321"]) {
        world
            .apply_messages(vec![world.text(wa_id, &format!("wamid.{seq}"), seq, seq)])
            .await;
    }
    assert_eq!(
        world.texts("SELECT phone FROM contacts").await,
        ["+5511987654321"]
    );
    assert_eq!(
        world.texts("SELECT wa_id FROM contacts").await,
        ["551187654321"],
        "as last written"
    );
    assert_eq!(
        world
            .texts("SELECT value FROM contact_identities WHERE kind = 'wa_id' ORDER BY value")
            .await,
        ["551187654321", "5511987654321"]
    );
    world.end().await;
}

#[db_test]
async fn number_and_user_id_lead_to_the_same_person_in_any_order(db: TestDb) {
    let world = World::new(db).await;
    let sightings = [
        (Some("919800000001"), None),
        (Some("919800000001"), Some("IN.77")),
        (None, Some("IN.77")),
        (Some("919800000001"), Some("IN.77")),
    ];
    for (seq, (wa_id, user_id)) in (1..).zip(sightings) {
        let mut message = world.text("0", &format!("wamid.{seq}"), seq, seq);
        message.person = known_by(&world, wa_id, user_id);
        world.apply_messages(vec![message]).await;
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM contacts").await, 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM conversations").await, 1);
    // The same in one batch, beginning with somebody known by the user id alone.
    let order = [3_usize, 0, 1, 2].map(|at| {
        [
            (None, Some("IN.88")),
            (Some("919800000002"), Some("IN.88")),
            (Some("919800000002"), None),
            (None, Some("IN.88")),
        ][at]
    });
    let batch = (100..)
        .zip(order)
        .map(|(seq, (wa_id, user_id))| {
            let mut message = world.text("0", &format!("wamid.{seq}"), seq, seq);
            message.person = known_by(&world, wa_id, user_id);
            message
        })
        .collect();
    world.apply_messages(batch).await;
    assert_eq!(world.count("SELECT COUNT(*) FROM contacts").await, 2);
    world.end().await;
}

#[db_test]
async fn user_ids_of_other_portfolios_are_other_people(db: TestDb) {
    let world = World::new(db).await;
    for (seq, portfolio) in (1..).zip(["one", "two"]) {
        let mut message = world.text("0", &format!("wamid.{seq}"), seq, seq);
        message.person = Person {
            user_id: Some("IN.77".to_owned()),
            portfolio: portfolio.to_owned(),
            ..Person::default()
        };
        world.apply_messages(vec![message]).await;
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM contacts").await, 2);
    world.end().await;
}

#[db_test]
async fn a_new_profile_name_is_shown_and_found_and_a_given_one_stays(db: TestDb) {
    let world = World::new(db).await;
    let named = |name: &str, seq: i64| {
        let mut message = world.text("919800000001", &format!("wamid.{seq}"), seq, seq);
        message.person.profile_name = Some(name.to_owned());
        message
    };
    world.apply_messages(vec![named("Meera", 1)]).await;
    world.apply_messages(vec![named("Meera Nair", 2)]).await;
    assert_eq!(
        world.texts("SELECT contact_name FROM conversations").await,
        ["Meera Nair"]
    );
    assert_eq!(
        world
            .count("SELECT COUNT(*) FROM contact_terms WHERE term = 'nair'")
            .await,
        1
    );
    assert_eq!(world.count("SELECT version FROM contacts").await, 2);
    world
        .db
        .write(wigwag_store::Priority::Foreground, |tx| {
            Box::pin(async move {
                wigwag_store::sql("UPDATE contacts SET name = 'Dr. Nair'")
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
    world.apply_messages(vec![named("M.", 3)]).await;
    assert_eq!(
        world.texts("SELECT contact_name FROM conversations").await,
        ["Dr. Nair"]
    );
    assert_eq!(
        world.texts("SELECT profile_name FROM contacts").await,
        ["M."]
    );
    world.end().await;
}

#[db_test]
async fn a_new_user_id_or_number_leads_to_the_person_who_had_the_old_one(db: TestDb) {
    let world = World::new(db).await;
    let mut message = world.text("0", "wamid.1", 1, 1);
    message.person = known_by(&world, Some("919800000001"), Some("IN.1"));
    world.apply_messages(vec![message]).await;
    let change = UserIdChange {
        workspace: world.f.workspace,
        before: known_by(&world, None, Some("IN.1")),
        now: known_by(&world, Some("919800000002"), Some("IN.2")),
    };
    for _ in 0..2 {
        world
            .apply(Items {
                user_ids: vec![change.clone()],
                ..Items::default()
            })
            .await;
    }
    for (seq, (wa_id, user_id)) in (2..).zip([
        (None, Some("IN.2")),
        (Some("919800000002"), None),
        (None, Some("IN.1")),
    ]) {
        let mut message = world.text("0", &format!("wamid.{seq}"), seq, seq);
        message.person = known_by(&world, wa_id, user_id);
        world.apply_messages(vec![message]).await;
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM contacts").await, 1);
    assert_eq!(
        world.texts("SELECT phone FROM contacts").await,
        ["+919800000002"]
    );
    assert_eq!(
        world.texts("SELECT contact_phone FROM conversations").await,
        ["+919800000002"]
    );
    world.end().await;
}

#[db_test]
async fn the_later_word_about_marketing_stands(db: TestDb) {
    let world = World::new(db).await;
    let apply = |preferences| {
        world.apply(Items {
            preferences,
            ..Items::default()
        })
    };
    apply(vec![
        world.preference("919800000001", "granted", 5),
        world.preference("919800000001", "denied", 9),
        world.preference("919800000001", "granted", 7),
    ])
    .await;
    assert_eq!(world.texts("SELECT state FROM consent").await, ["denied"]);
    apply(vec![world.preference("919800000001", "granted", 8)]).await;
    assert_eq!(
        world.texts("SELECT state FROM consent").await,
        ["denied"],
        "an earlier word"
    );
    apply(vec![world.preference("919800000001", "granted", 10)]).await;
    assert_eq!(world.texts("SELECT state FROM consent").await, ["granted"]);
    assert_eq!(
        world.texts("SELECT source FROM consent").await,
        ["whatsapp"]
    );
    assert_eq!(world.count("SELECT COUNT(*) FROM conversations").await, 0);
    world.end().await;
}
