//! What Meta charges and what we say that it charged: product and simulator, which keeps figures of its
//! own, on both sides of 1 October 2026.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use wigwag_engine::messages::{Draft, Send, What, send};
use wigwag_engine::{Engine, numbers, templates, wait};
use wigwag_model::{ConversationId, TemplateId};
use wigwag_store::outbox::Idempotency;
use wigwag_store::sql;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::World;

/// Two hours before October begins in Kolkata, where the simulator's account has its days.
const EVE: &str = "2026-09-30T16:30:00Z";

async fn template(world: &World, name: &str) -> TemplateId {
    let rows = sql("SELECT id FROM templates WHERE name = $1 AND language = 'en_US'")
        .bind(name)
        .fetch_all(&mut world.db.reader().await.unwrap())
        .await
        .unwrap();
    rows[0].id(0).unwrap()
}

async fn say(world: &World, engine: &Engine, to: ConversationId, key: &str, what: What) {
    let wish = Send {
        scope: world.scope(),
        conversation: to,
        draft: Draft {
            what,
            reply_to: None,
            client_ref: None,
        },
        idempotency: Idempotency {
            key: key.to_owned(),
            request_hash: key.as_bytes().to_vec(),
        },
    };
    send(engine.context(), wish).await.unwrap();
}

fn text(body: &str) -> What {
    What::Text {
        body: body.to_owned(),
        preview_url: false,
    }
}

fn filled(template: TemplateId, values: &[(&str, &str)]) -> What {
    What::Template {
        template,
        variables: values
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect(),
        header_media: None,
        header_location: None,
    }
}

/// The cost of each wamid by the simulator's ledger: of the delivery that Meta charges.
fn theirs(ledger: &Value) -> BTreeMap<String, i64> {
    let entries = ledger["data"].as_array().unwrap();
    entries
        .iter()
        .filter_map(|entry| {
            let statuses = entry["statuses"].as_array().unwrap();
            let cost = statuses
                .iter()
                .find_map(|status| status["cost_micros"].as_i64())?;
            Some((entry["wamid"].as_str().unwrap().to_owned(), cost))
        })
        .collect()
}

async fn ours(world: &World) -> BTreeMap<String, i64> {
    let rows = sql("SELECT wamid, cost_micros FROM messages WHERE direction = 'out' AND cost_micros IS NOT NULL")
        .fetch_all(&mut world.db.reader().await.unwrap())
        .await
        .unwrap();
    rows.iter()
        .map(|row| (row.text(0).unwrap(), row.int(1).unwrap()))
        .collect()
}

/// Lets the messages arrive, and waits until as many have a cost.
async fn arrive(world: &World, accepted: u64, charged: i64) {
    for _ in 0..2_000 {
        if world.ask("ledger/summary").await["accepted"] == accepted {
            break;
        }
        world.db.clock.advance(Duration::from_millis(10));
        wait::pause(Duration::from_millis(5)).await;
    }
    world.passes(Duration::from_secs(5)).await;
    for _ in 0..2_000 {
        let now = world
            .count(
                "SELECT COUNT(*) FROM messages WHERE direction = 'out' AND cost_micros IS NOT NULL",
            )
            .await;
        if now == charged {
            return;
        }
        // Appliers rest by the clock.
        world.db.clock.advance(Duration::from_millis(5));
        wait::pause(Duration::from_millis(5)).await;
    }
    panic!(
        "not all is charged: {:?}, by Meta {:?}",
        ours(world).await,
        theirs(&world.ask("ledger?limit=100").await)
    );
}

#[db_test]
async fn our_costs_are_metas_on_both_sides_of_the_first_of_october(db: TestDb) {
    let world = World::beside(db, EVE.parse().unwrap()).await;
    let engine = world.engine().await;
    world.hear(&engine).await;
    let (context, workspace, waba) = (engine.context(), world.f.workspace, world.f.waba);
    numbers::sync(context, workspace, waba).await.unwrap();
    templates::sync(context, workspace, waba).await.unwrap();
    let account = wigwag_store::wabas::get(&world.db, workspace, waba)
        .await
        .unwrap();
    assert_eq!(account.currency.as_deref(), Some("USD"));
    assert_eq!(account.time_zone.as_deref(), Some("Asia/Kolkata"));
    let utility = template(&world, "order_confirmed").await;
    let marketing = template(&world, "festival_offer").await;

    let india = world.person("+919812345601").await;
    let emirates = world.person("+971501234567").await;
    let germany = world.person("+4915112345678").await;
    let brazil = world.person("+5511987654321").await;
    let gone = world.person("+919812345609").await;
    world
        .tell(
            "persons/919812345609/behaviour",
            &json!({"fails_with": 131_026}),
        )
        .await;
    // Somebody who comes from an ad and is answered: everything is free for three days.
    let referral = json!({"type": "text", "text": {"body": "Saw your ad"}, "referral": {
        "source_url": "https://fb.me/1", "source_id": "1", "source_type": "ad", "headline": "Kites", "ctwa_clid": "c"}});
    world
        .tell(
            "inbound",
            &json!({"person": "5511987654321", "message": referral}),
        )
        .await;

    let round = async |name: &str| {
        let order = filled(
            utility,
            &[
                ("body.1", "Mira"),
                ("body.2", "1042"),
                ("button.0.url", "1042"),
            ],
        );
        let offer = filled(marketing, &[("body.1", "Mira"), ("button.0.code", "FLY")]);
        let wishes = [
            (india, text("Good evening")),
            (india, order.clone()),
            (india, offer.clone()),
            (emirates, offer.clone()),
            (emirates, text("Good evening")),
            (germany, order.clone()),
            (brazil, text("Welcome")),
            (brazil, offer.clone()),
            (gone, offer.clone()),
        ];
        for (no, (to, wish)) in wishes.into_iter().enumerate() {
            say(&world, &engine, to, &format!("{name} {no}"), wish).await;
        }
    };
    round("before").await;
    arrive(&world, 9, 8).await;
    let before = ours(&world).await;
    // Marketing: India 0.0118, Emirates 0.0499. Service and utility in the window: nothing. From the
    // ad: nothing. Failed: no charge at all.
    assert_eq!(before.values().sum::<i64>(), 11_800 + 49_900);
    assert_eq!(before.len(), 8);
    assert_eq!(before, theirs(&world.ask("ledger?limit=100").await));

    world.passes(Duration::from_hours(3)).await;
    round("after").await;
    arrive(&world, 18, 16).await;
    let all = ours(&world).await;
    // Service: India 0.0014, Emirates 0.0157. Utility: India 0.0014, Germany 0.0550. Marketing: India
    // 0.0118, Emirates 0.0576. From the ad: still nothing.
    let after: i64 = all.values().sum::<i64>() - before.values().sum::<i64>();
    assert_eq!(after, 1_400 + 15_700 + 1_400 + 55_000 + 11_800 + 57_600);
    assert_eq!(all, theirs(&world.ask("ledger?limit=100").await));
    let cards = world
        .count("SELECT COUNT(*) FROM messages WHERE cost_card = '2026-10-01' AND cost_currency = 'USD'")
        .await;
    assert_eq!(cards, 6);
    world.end(engine).await;
}
