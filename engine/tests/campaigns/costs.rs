//! What campaigns are said to cost and what Meta charges for them, against a table computed by hand: five
//! markets, windows, an ad, failures, and the first of October, when rates and rules change.
//!
//! Rates in millionths of a US dollar (Meta: rate cards of 1 January and 1 October 2026):
//!
//! | market  | utility, January | utility, October | marketing, January | marketing, October |
//! |---------|------------------|------------------|--------------------|--------------------|
//! | India   | 1,400            | 1,400            | 11,800             | 11,800             |
//! | Emirates| 15,700           | 15,700           | 49,900             | 57,600             |
//! | Germany | 55,000           | 55,000           | 136,500            | 136,500            |
//! | Brazil  | 6,800            | 6,800            | 62,500             | 62,500             |
//! | Mexico  | 8,500            | 8,500            | 30,500             | 39,700             |
//!
//! At nine in the evening of everybody's own 30 September it is September for the account, which has its
//! days in Kolkata, in India (15:30 UTC) and in the Emirates (17:00 UTC), and October in Germany
//! (19:00 UTC), Brazil (00:00 UTC) and Mexico (03:00 UTC).

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use wigwag_engine::messages::{Draft, Send, What, send};
use wigwag_engine::{campaigns, numbers};
use wigwag_model::campaign::State;
use wigwag_model::phone::Phone;
use wigwag_model::{CampaignId, ContactId, ConversationId, MessageState, TemplateId};
use wigwag_store::campaigns::Patch;
use wigwag_store::contacts::{self, NewContact};
use wigwag_store::outbox::Idempotency;
use wigwag_store::sql;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::rig::{Rig, plain};
use crate::running::consent;
use crate::waits::PATIENCE;

/// In the afternoon of 30 September.
const AFTERNOON: &str = "2026-09-30T14:50:00Z";

/// The first digits of a number of each market; two more make it whole.
const MARKETS: [&str; 5] = [
    "+9198123456",
    "+9715012345",
    "+4915112345",
    "+55119876543",
    "+52551234567",
];
const INDIA: usize = 0;
const GERMANY: usize = 2;
const BRAZIL: usize = 3;

/// The number of somebody of a market.
fn phone(market: usize, person: usize) -> String {
    format!("{}{person:02}", MARKETS[market])
}

/// Ten people of each market; the phone of the tenth is gone.
async fn people(rig: &Rig) -> Vec<ContactId> {
    let mut made = Vec::new();
    for market in 0..MARKETS.len() {
        for person in 0..10 {
            let phone = phone(market, person);
            let fails = (person == 9).then_some(131_026);
            let behaviour = json!({"delivery_ms": 20, "reads": "never", "fails_with": fails});
            let body = json!({"name": "Mira", "phone": phone, "behaviour": behaviour});
            rig.tell("persons", &body).await;
            let new = NewContact {
                name: Some("Mira".to_owned()),
                phone: Phone::parse(&phone, None).unwrap(),
                email: None,
                tags: vec!["kites".to_owned()],
                traits: BTreeMap::new(),
                source: "api",
            };
            made.push(
                contacts::create(&rig.db, rig.f.workspace, new)
                    .await
                    .unwrap()
                    .id(),
            );
        }
    }
    made
}

async fn conversation(rig: &Rig, contact: ContactId) -> Option<ConversationId> {
    sql("SELECT id FROM conversations WHERE workspace_id = $1 AND contact_id = $2 AND window_closes_at IS NOT NULL")
        .bind(rig.f.workspace)
        .bind(contact)
        .fetch_all(&mut rig.db.reader().await.unwrap())
        .await
        .unwrap()
        .first()
        .map(|row| row.id(0).unwrap())
}

/// Somebody writes, so that a window is open on both sides.
async fn writes(rig: &Rig, contact: ContactId, phone: &str, message: &Value) -> ConversationId {
    rig.tell("inbound", &json!({"person": phone, "message": message}))
        .await;
    for _ in 0..PATIENCE {
        if let Some(id) = conversation(rig, contact).await {
            return id;
        }
        rig.step().await;
    }
    panic!("{phone} wrote and has no window");
}

/// An answer within the window; waits until Meta has accepted it.
async fn answers(rig: &Rig, conversation: ConversationId) {
    let before = rig.accepted().await;
    let wish = Send {
        scope: rig.scope(),
        conversation,
        draft: Draft {
            what: What::Text {
                body: "Welcome".to_owned(),
                preview_url: false,
            },
            reply_to: None,
            client_ref: None,
            callback_data: None,
            campaign: None,
        },
        idempotency: Some(Idempotency {
            key: conversation.to_string(),
            request_hash: b"welcome".to_vec(),
        }),
    };
    send(rig.engine.context(), wish).await.unwrap();
    rig.until_accepted(before + 1).await;
}

/// Waits for the status of an answer with which Meta says that everything to the person is free.
async fn turns_free(rig: &Rig, conversation: ConversationId) {
    for _ in 0..PATIENCE {
        let row = sql("SELECT free_entry_closes_at FROM conversations WHERE id = $1")
            .bind(conversation)
            .fetch_one(&mut rig.db.reader().await.unwrap())
            .await
            .unwrap();
        if row.opt_time(0).unwrap().is_some() {
            return;
        }
        rig.step().await;
    }
    panic!("the answer to the ad opened nothing");
}

/// What a message to somebody cost that is no template's.
async fn service(rig: &Rig, contact: ContactId) -> Option<i64> {
    sql("SELECT cost_micros FROM messages WHERE contact_id = $1 AND kind = 'text' AND direction = 'out'")
        .bind(contact)
        .fetch_one(&mut rig.db.reader().await.unwrap())
        .await
        .unwrap()
        .opt_int(0)
        .unwrap()
}

async fn template(rig: &Rig, name: &str) -> TemplateId {
    sql("SELECT id FROM templates WHERE name = $1 AND language = 'en_US'")
        .bind(name)
        .fetch_one(&mut rig.db.reader().await.unwrap())
        .await
        .unwrap()
        .id(0)
        .unwrap()
}

/// A campaign at nine in the evening of everybody's own clock.
async fn evening(rig: &Rig, template: TemplateId, variables: Value) -> CampaignId {
    let id = rig.draft(plain()).await;
    let patch = Patch {
        template: Some(Some(template)),
        variables: Some(serde_json::from_value(variables).unwrap()),
        schedule: Some(
            serde_json::from_value(json!({"when": "local", "date": "2026-09-30", "time": "21:00"}))
                .unwrap(),
        ),
        ..Patch::default()
    };
    campaigns::edit(rig.engine.context(), &rig.scope(), id, 2, patch)
        .await
        .unwrap();
    id
}

/// The most, and the part of it that is expected to be free, as the review says it.
async fn estimate(rig: &Rig, id: CampaignId) -> (i64, i64) {
    let review = campaigns::review(rig.engine.context(), &rig.scope(), id)
        .await
        .unwrap();
    assert!(review.problems.is_empty(), "{:?}", review.problems);
    assert_eq!((review.eligible, review.cost.unpriced()), (50, 0));
    let total = review.cost.total(review.currency.unwrap());
    (total.max_micros, total.free_micros)
}

async fn charged(rig: &Rig, id: CampaignId) -> Vec<(String, i64)> {
    wigwag_store::campaigns::charges(&rig.db, rig.f.workspace, &[id])
        .await
        .unwrap()
        .remove(&id)
        .unwrap_or_default()
}

/// What the simulator says that a template's messages cost, by figures of its own.
async fn theirs(rig: &Rig, template: &str) -> i64 {
    let page = rig
        .ask(&format!("ledger?limit=500&template={template}"))
        .await;
    let entries = page["data"].as_array().unwrap();
    assert_eq!(entries.len(), 50, "{template}");
    entries
        .iter()
        .filter_map(|entry| {
            let statuses = entry["statuses"].as_array().unwrap();
            statuses
                .iter()
                .find_map(|status| status["cost_micros"].as_i64())
        })
        .sum()
}

#[db_test]
async fn estimate_and_charge_are_what_the_table_says_across_the_first_of_october(db: TestDb) {
    db.clock.set(AFTERNOON.parse().unwrap());
    let rig = Rig::new(db).await;
    let context = rig.engine.context();
    numbers::sync(context, rig.f.workspace, rig.f.waba)
        .await
        .unwrap();
    let people = people(&rig).await;
    consent(&rig, &people, "granted").await;
    let hello = json!({"type": "text", "text": {"body": "Hello"}});
    // Two windows in India and one in Germany; one person in Brazil comes from an ad and is answered.
    for (market, person) in [(INDIA, 0), (INDIA, 1), (GERMANY, 0)] {
        writes(
            &rig,
            people[market * 10 + person],
            &phone(market, person),
            &hello,
        )
        .await;
    }
    let ad = json!({"type": "text", "text": {"body": "Saw your ad"}, "referral": {
        "source_url": "https://fb.me/1", "source_id": "1", "source_type": "ad", "headline": "Kites", "ctwa_clid": "c"}});
    let from_ad = writes(&rig, people[BRAZIL * 10], &phone(BRAZIL, 0), &ad).await;
    answers(&rig, from_ad).await;
    turns_free(&rig, from_ad).await;

    let order = evening(
        &rig,
        template(&rig, "order_confirmed").await,
        json!({
            "body.1": {"from": "field", "key": "first_name", "fallback": "there"},
            "body.2": {"from": "constant", "value": "1042"},
            "button.0.url": {"from": "constant", "value": "1042"},
        }),
    )
    .await;
    let offer = evening(
        &rig,
        template(&rig, "festival_offer").await,
        json!({
            "body.1": {"from": "field", "key": "first_name", "fallback": "there"},
            "button.0.code": {"from": "constant", "value": "FLY"},
        }),
    )
    .await;
    // Ten of each. Expected free: utility in the two Indian windows, for Germany's is October's already;
    // everything to whom the ad brought.
    let utility = 10 * (1_400 + 15_700 + 55_000 + 6_800 + 8_500);
    let marketing = 10 * (11_800 + 49_900 + 136_500 + 62_500 + 39_700);
    assert_eq!(estimate(&rig, order).await, (utility, 2 * 1_400 + 6_800));
    assert_eq!(estimate(&rig, offer).await, (marketing, 62_500));
    for id in [order, offer] {
        rig.send(id).await;
    }
    // To a minute before each evening, then on in small steps.
    let mut at = 14 * 60 + 50;
    for (minute, sent) in [
        (15 * 60 + 30, 10),
        (17 * 60, 20),
        (19 * 60, 30),
        (24 * 60, 40),
        (27 * 60, 50),
    ] {
        while at + 20 < minute {
            rig.advance(Duration::from_mins(20)).await;
            rig.step().await;
            at += 20;
        }
        rig.advance(Duration::from_mins(minute - at)).await;
        at = minute;
        for id in [order, offer] {
            rig.until(id, "everybody of this evening has it", |_, counts| {
                counts.of(MessageState::Delivered) + counts.of(MessageState::Failed) == sent
            })
            .await;
        }
    }
    for id in [order, offer] {
        rig.until_state(id, State::Done).await;
        assert_eq!(rig.counts(id).await.of(MessageState::Failed), 5);
    }
    assert_eq!(rig.campaign(order).await.estimate_micros, Some(utility));
    assert_eq!(rig.campaign(offer).await.estimate_micros, Some(marketing));

    // Nine of ten arrive. India: two of them in a window. Brazil: one of them from the ad.
    let utility = 7 * 1_400 + 9 * 15_700 + 9 * 55_000 + 8 * 6_800 + 9 * 8_500;
    let marketing = 9 * 11_800 + 9 * 49_900 + 9 * 136_500 + 8 * 62_500 + 9 * 39_700;
    assert_eq!(charged(&rig, order).await, [("USD".to_owned(), utility)]);
    assert_eq!(charged(&rig, offer).await, [("USD".to_owned(), marketing)]);
    // An answer in the window, which was free before October, costs what utility does; the one to the ad
    // cost nothing.
    let in_window = conversation(&rig, people[0]).await.unwrap();
    answers(&rig, in_window).await;
    for _ in 0..PATIENCE {
        if service(&rig, people[0]).await.is_some() {
            break;
        }
        rig.step().await;
    }
    assert_eq!(service(&rig, people[0]).await, Some(1_400));
    assert_eq!(service(&rig, people[BRAZIL * 10]).await, Some(0));
    assert_eq!(theirs(&rig, "order_confirmed").await, utility);
    assert_eq!(theirs(&rig, "festival_offer").await, marketing);
    rig.end().await;
}
