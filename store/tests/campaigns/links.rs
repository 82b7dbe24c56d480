//! Short links: written with the messages, counted exactly, each tap once as a person and every
//! time as a tap.

use std::collections::BTreeMap;

use wigwag_model::audience::Filter;
use wigwag_model::id::Id as _;
use wigwag_model::{CampaignId, ContactId, Kind, MessageId};
use wigwag_store::campaigns::{self, Flag, NewLink, Recipients, Taps};
use wigwag_store::ingest::{self, Inbound, Items, Person};
use wigwag_store::testing::TestDb;
use wigwag_store::{Error, audience, sql};
use wigwag_store_macros::db_test;

use crate::world::{MINUTE, World, slug, wamid};

async fn links(world: &World, id: CampaignId, contact: ContactId) -> Vec<campaigns::Link> {
    campaigns::links_of(&world.db, world.f.workspace, id, contact)
        .await
        .unwrap()
}

async fn with_flag(world: &World, id: CampaignId, flag: Flag) -> Vec<ContactId> {
    let wish = Recipients {
        flag: Some(flag),
        ..Recipients::default()
    };
    campaigns::recipients(&world.db, world.f.workspace, id, &wish, None, 50)
        .await
        .unwrap()
        .0
        .into_iter()
        .map(|row| row.contact)
        .collect()
}

#[db_test]
async fn a_tap_counts_once_as_a_person_and_each_time_as_a_tap(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(3).await;
    let id = world.running(&people).await;
    assert_eq!(world.feed(id, 2).await, 2);
    // Only who was handed over has a link, and it names the message.
    assert_eq!(world.count("SELECT COUNT(*) FROM links").await, 2);
    assert_eq!(
        world
            .count("SELECT COUNT(*) FROM links l JOIN messages m ON m.workspace_id = l.workspace_id AND m.id = l.message_id AND m.contact_id = l.contact_id")
            .await,
        2
    );
    let fed: Vec<ContactId> = people
        .iter()
        .copied()
        .filter(|contact| *contact != people[2])
        .collect();
    let mut owner = None;
    for contact in people.iter().copied() {
        if !links(&world, id, contact).await.is_empty() {
            owner = Some(contact);
        }
    }
    let owner = owner.unwrap();
    let first = world.now();
    world.tap(id, owner, 1, 1).await;
    world.db.clock.advance(MINUTE);
    world.tap(id, owner, 1, 2).await;
    let link = &links(&world, id, owner).await[0];
    assert_eq!(link.clicks, 3);
    assert_eq!(link.first_clicked_at, Some(first));
    assert_eq!(link.last_clicked_at, Some(world.now()));
    assert_eq!(with_flag(&world, id, Flag::Clicked).await, [owner]);
    assert!(with_flag(&world, id, Flag::Replied).await.is_empty());
    let counts = world.counts(id).await;
    assert_eq!((counts.flagged(Flag::Clicked), counts.taps()), (1, 3));
    assert_eq!(counts.0, world.rows(id).await);
    assert!(counts.people().all(|(name, _)| name != "clicks"));
    let series = campaigns::series(&world.db, world.f.workspace, id)
        .await
        .unwrap();
    let clicked: Vec<_> = series
        .iter()
        .filter(|point| point.kind == "clicked")
        .map(|point| (point.at <= first, point.n))
        .collect();
    assert_eq!(clicked, [(true, 1)]);
    assert_eq!(fed.len(), 2);
    // Nobody's slug leads nowhere and counts nowhere.
    let nobody = Taps {
        count: 5,
        first,
        last: first,
    };
    campaigns::count_taps(&world.db, BTreeMap::from([("nobody".to_owned(), nobody)]))
        .await
        .unwrap();
    assert_eq!(world.counts(id).await.taps(), 3);
    let known = campaigns::destination(&world.db, &slug(owner, id, 1)).await;
    assert_eq!(known.unwrap().as_deref(), Some("https://shop.example/sale"));
    let known = campaigns::destination(&world.db, "nobody").await;
    assert_eq!(known.unwrap(), None);
    world.end().await;
}

#[db_test]
async fn the_audience_of_those_who_clicked_is_those_who_clicked(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(4).await;
    let id = world.running(&people).await;
    world.feed(id, 4).await;
    world.tap(id, people[1], 1, 1).await;
    world.tap(id, people[3], 1, 1).await;
    let count = async |not: bool, workspace| {
        let leaf = serde_json::json!({"campaign": {"id": id, "outcome": ["clicked"], "not": not}});
        let filter = Filter::read(&leaf).unwrap();
        let mut on = world.db.snapshot().await.unwrap();
        audience::count(&mut on, workspace, &filter, world.db.mint().now()).await
    };
    assert_eq!(count(false, world.f.workspace).await.unwrap(), 2);
    assert_eq!(count(true, world.f.workspace).await.unwrap(), 2);
    // Another workspace sees nothing of it.
    let other = world.db.workspace().await;
    match count(false, other.workspace).await {
        Ok(found) => assert_eq!(found, 0),
        Err(Error::Filter(_)) => {}
        Err(error) => panic!("{error}"),
    }
    let counts = campaigns::counts_of(&world.db, other.workspace, id, None)
        .await
        .unwrap();
    assert_eq!((counts.taps(), counts.flagged(Flag::Clicked)), (0, 0));
    let wish = Recipients {
        flag: Some(Flag::Clicked),
        ..Recipients::default()
    };
    let (rows, _) = campaigns::recipients(&world.db, other.workspace, id, &wish, None, 50)
        .await
        .unwrap();
    assert!(rows.is_empty());
    let foreign = campaigns::links_of(&world.db, other.workspace, id, people[1])
        .await
        .unwrap();
    assert!(foreign.is_empty());
    world.end().await;
}

async fn tap_button(
    world: &World,
    contact: ContactId,
    at: i64,
    kind: Kind,
    context: Option<String>,
) {
    let row = sql("SELECT phone FROM contacts WHERE id = $1")
        .bind(contact)
        .fetch_one(&mut world.db.snapshot().await.unwrap())
        .await
        .unwrap();
    let phone = row.text(0).unwrap();
    let message = Inbound {
        workspace: world.f.workspace,
        number: world.f.number,
        person: Person {
            wa_id: Some(phone.trim_start_matches('+').to_owned()),
            phone: Some(phone),
            ..Person::default()
        },
        wamid: format!("wamid.in.{at}.{}", contact.uuid().simple()),
        kind,
        content: r#"{"text":"Yes"}"#.to_owned(),
        preview: "Yes".to_owned(),
        media: None,
        reply_to: context,
        referral: None,
        opt: None,
        at: world.now(),
        seq: at,
        idx: 0,
    };
    let items = Items {
        messages: vec![message],
        ..Items::default()
    };
    ingest::apply_part(&world.db, items).await.unwrap();
}

#[db_test]
async fn a_tap_on_a_quick_reply_is_a_click_and_a_reply(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(3).await;
    let id = world.running(&people).await;
    world.feed(id, 3).await;
    let mut messages: BTreeMap<ContactId, MessageId> = BTreeMap::new();
    for row in &world.claim(5).await.claimed {
        world.accept(row).await;
        messages.insert(row.contact, row.message);
    }
    let context = |contact: ContactId| Some(wamid(messages[&contact]));
    // Long after its time for replies: the button names the message.
    world.db.clock.advance(MINUTE * 120);
    tap_button(&world, people[0], 1, Kind::Button, context(people[0])).await;
    tap_button(&world, people[0], 2, Kind::Button, context(people[0])).await;
    // Words that quote it, a tap on something else, and somebody else's message are none.
    tap_button(&world, people[1], 3, Kind::Text, context(people[1])).await;
    tap_button(
        &world,
        people[1],
        4,
        Kind::Button,
        Some("wamid.else".to_owned()),
    )
    .await;
    tap_button(&world, people[2], 5, Kind::Button, None).await;
    let counts = world.counts(id).await;
    assert_eq!((counts.flagged(Flag::Clicked), counts.taps()), (1, 0));
    assert_eq!(with_flag(&world, id, Flag::Clicked).await, [people[0]]);
    assert_eq!(counts.0, world.rows(id).await);
    world.end().await;
}

#[db_test]
async fn a_test_counts_in_no_report_and_goes_with_its_draft(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(1).await;
    let id = campaigns::create(
        &world.db,
        world.f.workspace,
        "T".to_owned(),
        "system".to_owned(),
    )
    .await
    .unwrap();
    let link = NewLink {
        slug: "trial".to_owned(),
        variable: "button.0.url".to_owned(),
        destination: "https://shop.example/".to_owned(),
    };
    campaigns::try_links(&world.db, world.f.workspace, id, people[0], vec![link])
        .await
        .unwrap();
    let now = world.now();
    let taps = Taps {
        count: 1,
        first: now,
        last: now,
    };
    campaigns::count_taps(&world.db, BTreeMap::from([("trial".to_owned(), taps)]))
        .await
        .unwrap();
    assert_eq!(links(&world, id, people[0]).await[0].clicks, 1);
    assert!(world.counts(id).await.0.is_empty());
    assert!(
        campaigns::delete(&world.db, world.f.workspace, id)
            .await
            .unwrap()
    );
    assert_eq!(world.count("SELECT COUNT(*) FROM links").await, 0);
    world.end().await;
}
