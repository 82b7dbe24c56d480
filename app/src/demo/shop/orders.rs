//! What the people of the demo bought in the past weeks, told as a shop's hook tells it: filters, on-going
//! campaigns and their test on the past have something to find.

use std::time::Duration;

use serde_json::{Value, json};
use wigwag_model::{ContactId, Timestamp};
use wigwag_store::events::{self, NewEvent, Who};

use super::tell::Stage;
use crate::failure::Outcome;

/// What the shop sells, and for how much in rupees.
const GOODS: &[(&str, u32)] = &[
    ("Diamond kite", 1_250),
    ("Delta kite", 2_400),
    ("Reel, 300 m", 480),
    ("Carbon spar", 320),
    ("Parafoil", 5_900),
    ("Tail set", 150),
];
/// How far back the orders go, in minutes.
const PAST: u64 = 28 * 24 * 60;
const DAY: u64 = 24 * 60;
/// The number of the first order.
const FIRST: usize = 4_201;

/// Tells of the orders: three people of four have some, and of five carts one is left.
///
/// # Errors
/// What the database says.
pub(super) async fn tell(stage: &Stage<'_>, contacts: &[ContactId], now: Timestamp) -> Outcome {
    let mut told = Vec::new();
    for (place, contact) in contacts.iter().enumerate() {
        let orders = place % 4;
        for order in 0..orders {
            let nth = place * 3 + order;
            // Spread over the weeks without chance, so that every demo is the same.
            let ago = (nth as u64 * 7_919 + 95) % PAST;
            steps(&mut told, *contact, nth, ago, now);
        }
    }
    told.sort_by_key(|event: &NewEvent| event.occurred_at);
    events::track_all(stage.db, stage.workspace, told).await?;
    Ok(())
}

/// A cart, and what became of it.
fn steps(told: &mut Vec<NewEvent>, contact: ContactId, nth: usize, ago: u64, now: Timestamp) {
    let (product, price) = GOODS[nth % GOODS.len()];
    let count = 1 + nth % 2;
    let number = FIRST + nth;
    let cart = json!({
        "checkout_token": format!("cart-{number}"),
        "total": price as usize * count,
        "currency": "INR",
        "items": [product],
        "item_count": count,
    });
    let order = json!({"order_id": number.to_string(), "order_number": format!("#{number}")});
    let mut happened = |name: &str, later: u64, more: &Value| {
        let Some(ago) = ago.checked_sub(later) else {
            return;
        };
        let mut properties = cart.as_object().cloned().unwrap_or_default();
        properties.extend(more.as_object().cloned().unwrap_or_default());
        told.push(NewEvent {
            contact: Who::Id(contact),
            name: name.to_owned(),
            properties,
            occurred_at: Some(now.minus(Duration::from_mins(ago))),
            source_id: Some(format!("demo/{name}/{number}")),
        });
    };
    happened("checkout_started", 0, &json!({}));
    if nth % 5 == 4 {
        return;
    }
    happened("order_placed", 11, &order);
    happened("order_paid", 13, &order);
    happened("order_shipped", DAY + 90, &order);
}
