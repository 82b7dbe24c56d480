//! What endpoints are told of clicks, and of what became of a template's messages in a day.

use wigwag_model::endpoint::{Form, Kind};
use wigwag_model::id::Id as _;
use wigwag_model::{Kind as MessageKind, MessageState};
use wigwag_store::endpoints::{self, Click, Facts, Figures, Happened, begin_of, day_of};
use wigwag_store::ingest::{self, Inbound, Items, Person};
use wigwag_store::sql;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;
use zeroize::Zeroizing;

use crate::world::{MINUTE, World, wamid};

async fn endpoint(world: &World) {
    let new = endpoints::New {
        name: "Books".to_owned(),
        url: "https://books.example/hooks".to_owned(),
        form: Form::Wigwag,
        events: Vec::new(),
        secret: Zeroizing::new("whsec_one".to_owned()),
    };
    endpoints::create(&world.db, world.f.workspace, new)
        .await
        .unwrap();
}

/// What is to be told of a kind.
async fn told(world: &World, kind: Kind) -> Vec<Happened> {
    let mut all = endpoints::pending(&world.db, world.f.workspace, 500)
        .await
        .unwrap();
    all.retain(|one| one.kind == kind);
    all
}

/// Presses a quick reply of a message.
async fn press(world: &World, phone: String, of: String) {
    let message = Inbound {
        workspace: world.f.workspace,
        number: world.f.number,
        person: Person {
            wa_id: Some(phone.trim_start_matches('+').to_owned()),
            phone: Some(phone),
            ..Person::default()
        },
        wamid: format!("in.{of}"),
        kind: MessageKind::Button,
        content: r#"{"text":"Yes","payload":"y"}"#.to_owned(),
        preview: "Yes".to_owned(),
        media: None,
        reply_to: Some(of),
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
async fn clicks_and_the_day_are_told_with_what_they_are_about(db: TestDb) {
    let world = World::new(db).await;
    let people = world.people(4).await;
    let id = world.running(&people).await;
    endpoint(&world).await;
    assert_eq!(world.feed(id, 4).await, 4);
    let claimed = world.claim(5).await.claimed;
    assert_eq!(claimed.len(), 4);
    for row in &claimed[..3] {
        world.accept(row).await;
        world.status(row.message, MessageState::Sent, true).await;
    }
    for row in &claimed[..2] {
        world
            .status(row.message, MessageState::Delivered, true)
            .await;
    }
    world
        .status(claimed[0].message, MessageState::Read, true)
        .await;
    world.db.clock.advance(MINUTE);
    world.tap(id, claimed[0].contact, 1, 2).await;
    let clicks = told(&world, Kind::MessageClicked).await;
    assert_eq!(clicks.len(), 1);
    assert_eq!(clicks[0].at, world.now());
    let Some(Facts::Click(click)) = &clicks[0].facts else {
        panic!("{:?}", clicks[0].facts);
    };
    assert_eq!(click.message.id, claimed[0].message);
    assert_eq!(click.message.contact.id, claimed[0].contact);
    match &click.click {
        Click::Link(followed) => {
            assert_eq!(followed.url, "https://shop.example/sale");
            assert_eq!(
                (followed.variable.as_str(), followed.count),
                ("button.0.url", 2)
            );
        }
        other => panic!("{other:?}"),
    }
    let topic = clicks[0].facts.as_ref().unwrap().topic();
    assert_eq!(topic, claimed[0].contact.uuid());

    let phone = sql("SELECT phone FROM contacts WHERE id = $1")
        .bind(claimed[1].contact)
        .fetch_one(&mut world.db.reader().await.unwrap())
        .await
        .unwrap()
        .text(0)
        .unwrap();
    press(&world, phone, wamid(claimed[1].message)).await;
    let clicks = told(&world, Kind::MessageClicked).await;
    assert_eq!(clicks.len(), 2);
    let Some(Facts::Click(click)) = &clicks[1].facts else {
        panic!("{:?}", clicks[1].facts);
    };
    assert_eq!(click.message.id, claimed[1].message);
    assert_eq!(click.button(), Some("Yes"));

    // The day: once, with what became of it, and not the days before the endpoint.
    let today = day_of(world.now());
    let workspace = world.f.workspace;
    endpoints::measure(&world.db, workspace, today - 1)
        .await
        .unwrap();
    assert!(told(&world, Kind::TemplateMeasured).await.is_empty());
    for _ in 0..2 {
        endpoints::measure(&world.db, workspace, today)
            .await
            .unwrap();
    }
    endpoints::measure(&world.db, workspace, today + 3)
        .await
        .unwrap();
    let measured = told(&world, Kind::TemplateMeasured).await;
    assert_eq!(measured.len(), 1);
    assert_eq!(measured[0].at, begin_of(today + 1));
    let Some(Facts::Template(template)) = &measured[0].facts else {
        panic!("{:?}", measured[0].facts);
    };
    assert_eq!(template.id, world.template);
    let figures: Figures = serde_json::from_str(measured[0].detail.as_ref().unwrap()).unwrap();
    let wanted = Figures {
        from: begin_of(today),
        to: begin_of(today + 1),
        sent: 3,
        delivered: 2,
        read: 1,
        clicked: 2,
    };
    assert_eq!(figures, wanted);
    // Nobody else's.
    let other = world.db.workspace().await;
    endpoints::measure(&world.db, other.workspace, today)
        .await
        .unwrap();
    let theirs = endpoints::pending(&world.db, other.workspace, 10).await;
    assert_eq!(theirs.unwrap(), []);
    world.end().await;
}
