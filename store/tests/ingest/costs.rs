//! What a message was charged: written once, with the status that proves a delivery and states a price.

use wigwag_model::rates::Charge;
use wigwag_model::{Currency, MessageState};
use wigwag_store::ingest::{self, StatusItem};
use wigwag_store::testing::TestDb;
use wigwag_store::{Priority, messages};
use wigwag_store_macros::db_test;

use crate::world::World;

const COSTS: &str = "SELECT COALESCE(CAST(cost_micros AS TEXT), '-') || ' ' || COALESCE(cost_currency, '-') || ' ' || COALESCE(cost_card, '-')
    FROM messages WHERE direction = 'out' ORDER BY wamid";

const FREE_UNTIL: &str =
    "SELECT COALESCE(CAST(free_entry_closes_at AS TEXT), '-') FROM conversations";

async fn world(db: TestDb) -> World {
    let world = World::new(db).await;
    world
        .apply_messages(vec![world.text("919800000001", "wamid.in", 0, 1)])
        .await;
    world
}

fn charge(micros: i64) -> Charge {
    Charge {
        micros,
        currency: Currency::USD,
        card: "2026-10-01".parse().ok(),
    }
}

/// A status with a price, as the engine hands it over.
fn priced(status: StatusItem, charge: Option<Charge>) -> StatusItem {
    StatusItem {
        pricing: Some(
            r#"{"billable":true,"pricing_model":"PMP","type":"regular","category":"marketing"}"#
                .to_owned(),
        ),
        charge,
        ..status
    }
}

#[db_test]
async fn a_message_is_charged_once(db: TestDb) {
    let world = world(db).await;
    let id = world.sent(Some("wamid.1")).await;
    let sent = priced(world.status("wamid.1", MessageState::Sent, 20), None);
    let delivered = priced(
        world.status("wamid.1", MessageState::Delivered, 30),
        Some(charge(11_800)),
    );
    world.apply_statuses(vec![sent.clone()]).await;
    assert_eq!(world.texts(COSTS).await, ["- - -"]);
    world.apply_statuses(vec![delivered.clone()]).await;
    assert_eq!(world.texts(COSTS).await, ["11800 USD 2026-10-01"]);
    // Replays, doubles in a batch and a later status at another price change nothing.
    let read = priced(
        world.status("wamid.1", MessageState::Read, 90_000),
        Some(charge(99_999)),
    );
    world
        .apply_statuses(vec![delivered.clone(), delivered, read.clone(), sent])
        .await;
    world.apply_statuses(vec![read]).await;
    assert_eq!(world.texts(COSTS).await, ["11800 USD 2026-10-01"]);
    let message = messages::get(&world.db, world.f.workspace, id)
        .await
        .unwrap();
    let cost = message.cost.unwrap();
    assert_eq!((cost.micros, cost.currency.as_str()), (11_800, "USD"));
    assert_eq!(cost.category.as_deref(), Some("marketing"));
    assert_eq!(cost.free_reason, None);
    world.end().await;
}

#[db_test]
async fn what_comes_in_one_batch_is_charged_by_its_earliest(db: TestDb) {
    let world = world(db).await;
    world.sent(Some("wamid.1")).await;
    let delivered = priced(
        world.status("wamid.1", MessageState::Delivered, 30),
        Some(charge(1)),
    );
    let read = priced(
        world.status("wamid.1", MessageState::Read, 40),
        Some(charge(2)),
    );
    world.apply_statuses(vec![read, delivered]).await;
    assert_eq!(world.texts(COSTS).await, ["1 USD 2026-10-01"]);
    world.end().await;
}

#[db_test]
async fn a_price_that_comes_after_the_state_still_counts(db: TestDb) {
    let world = world(db).await;
    world.sent(Some("wamid.1")).await;
    world
        .apply_statuses(vec![world.status("wamid.1", MessageState::Read, 40)])
        .await;
    assert_eq!(world.texts(COSTS).await, ["- - -"]);
    let late = priced(
        world.status("wamid.1", MessageState::Delivered, 30),
        Some(charge(7)),
    );
    world.apply_statuses(vec![late]).await;
    assert_eq!(world.texts(COSTS).await, ["7 USD 2026-10-01"]);
    world.end().await;
}

#[db_test]
async fn free_is_nought_with_its_reason_and_failed_is_nothing(db: TestDb) {
    let world = world(db).await;
    let free = world.sent(Some("wamid.free")).await;
    world.sent(Some("wamid.failed")).await;
    let nothing = Charge {
        micros: 0,
        currency: Currency::USD,
        card: None,
    };
    let delivered = StatusItem {
        pricing: Some(
            r#"{"billable":false,"pricing_model":"PMP","type":"free_entry_point","category":"referral_conversion"}"#
                .to_owned(),
        ),
        charge: Some(nothing),
        ..world.status("wamid.free", MessageState::Delivered, 30)
    };
    let failed = StatusItem {
        failure_code: Some(131_026),
        failure_reason: Some("number_unavailable".to_owned()),
        ..world.status("wamid.failed", MessageState::Failed, 30)
    };
    world.apply_statuses(vec![delivered, failed]).await;
    assert_eq!(world.texts(COSTS).await, ["- - -", "0 USD -"]);
    let message = messages::get(&world.db, world.f.workspace, free)
        .await
        .unwrap();
    let cost = message.cost.unwrap();
    assert_eq!(cost.free_reason.as_deref(), Some("free_entry_point"));
    assert_eq!(cost.category.as_deref(), Some("referral_conversion"));
    world.end().await;
}

#[db_test]
async fn a_charge_that_overtook_its_message_waits_with_the_status(db: TestDb) {
    let world = world(db).await;
    let early = priced(
        world.status("wamid.early", MessageState::Delivered, 30),
        Some(charge(1_400)),
    );
    world.apply_statuses(vec![early]).await;
    assert_eq!(world.count("SELECT COUNT(*) FROM parked").await, 1);
    let id = world.sent(Some("wamid.early")).await;
    let (workspace, number) = (world.f.workspace, world.f.number);
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                let found = [("wamid.early".to_owned(), id)];
                ingest::apply_parked(tx, workspace, number, &found).await
            })
        })
        .await
        .unwrap();
    assert_eq!(world.texts(COSTS).await, ["1400 USD 2026-10-01"]);
    world.end().await;
}

/// Meta says with the first answer to an ad until when everything is free; a later word stands.
#[db_test]
async fn an_ad_makes_everything_free_until_meta_says_so(db: TestDb) {
    let world = world(db).await;
    world.sent(Some("wamid.1")).await;
    let until = |until, told| StatusItem {
        free_entry_until: Some(crate::world::at(until)),
        ..world.status("wamid.1", MessageState::Sent, told)
    };
    world
        .apply_statuses(vec![world.status("wamid.1", MessageState::Sent, 30)])
        .await;
    assert_eq!(world.texts(FREE_UNTIL).await, ["-"]);
    world.apply_statuses(vec![until(900, 20)]).await;
    let told = crate::world::at(900).as_micros().to_string();
    assert_eq!(world.texts(FREE_UNTIL).await, std::slice::from_ref(&told));
    world.apply_statuses(vec![until(800, 10)]).await;
    assert_eq!(world.texts(FREE_UNTIL).await, [told]);
    world.end().await;
}
