//! Webhooks of Shopify (Shopify: Webhooks, “Topics” and “Payloads” of the Admin API).
//!
//! A person is known by the phone number; without one there is nobody to write to. Where an address
//! holds the number, it is read as one of that address's country.

use serde_json::{Map, Value};
use wigwag_model::Timestamp;
use wigwag_model::hook::{ConsentFrom, Shopify};
use wigwag_model::phone::Phone;
use wigwag_store::contacts::{Customer, Known};
use wigwag_store::hooks::{Draft, Said, Stated, Verdict};

use super::body::{email, id, name, put, refused, text, time};
use super::consent_state;

/// What a webhook is about.
pub(super) const TOPIC: &str = "x-shopify-topic";
/// The signature.
pub(super) const SIGNATURE: &str = "x-shopify-hmac-sha256";
/// The id of the delivery, the same in each try.
pub(super) const ID: &str = "x-shopify-webhook-id";
/// The id of what happened.
pub(super) const EVENT_ID: &str = "x-shopify-event-id";

/// Most lines of an order that its text names.
const MOST_LINES: usize = 10;

/// What a webhook says.
pub(super) fn read(plan: Shopify, topic: &str, body: &Value) -> Verdict {
    if !body.is_object() {
        return refused("body", "a webhook is a JSON object");
    }
    match topic {
        "orders/create" => order(body, plan, "order_placed", "/created_at"),
        "orders/paid" => order(body, plan, "order_paid", "/updated_at"),
        "orders/fulfilled" => order(body, plan, "order_fulfilled", "/updated_at"),
        "orders/cancelled" => order(body, plan, "order_cancelled", "/cancelled_at"),
        "fulfillments/create" => fulfilment(body),
        "checkouts/create" => checkout(body, plan, false),
        "checkouts/update" => checkout(body, plan, true),
        "customers/create" => customer(body, plan, true),
        "customers/update" => customer(body, plan, false),
        "customers_marketing_consent/update" | "customers_email_marketing_consent/update" => {
            consent(body, plan)
        }
        "" => refused("X-Shopify-Topic", "name the topic, as Shopify does"),
        _ => Verdict::PassedOver("topic"),
    }
}

/// An order (Shopify: Order).
fn order(body: &Value, plan: Shopify, event: &str, at: &str) -> Verdict {
    let Some(order) = id(body, "/id") else {
        return refused("id", "an order has an id");
    };
    let mut properties = basket(body);
    for (name, pointer) in [
        ("order_id", "/id"),
        ("order_number", "/name"),
        ("order_url", "/order_status_url"),
        ("payment_status", "/financial_status"),
        ("checkout_token", "/checkout_token"),
        ("cancel_reason", "/cancel_reason"),
    ] {
        put(&mut properties, name, text(body, pointer));
    }
    let drafts = vec![draft(event, &order, properties, time(body, at))];
    stated(body, &["", "/customer"], plan, "/customer", drafts)
}

/// A checkout, which becomes an order or is abandoned (Shopify: Checkout). Its first word with a phone
/// number is its start; what comes later is an update.
fn checkout(body: &Value, plan: Shopify, update: bool) -> Verdict {
    let Some(token) = id(body, "/token") else {
        return refused("token", "a checkout has a token");
    };
    if text(body, "/completed_at").is_some() {
        // The order says so itself.
        return Verdict::PassedOver("completed");
    }
    let mut properties = basket(body);
    for (name, pointer) in [
        ("checkout_token", "/token"),
        ("checkout_url", "/abandoned_checkout_url"),
    ] {
        put(&mut properties, name, text(body, pointer));
    }
    let at = time(body, "/updated_at");
    let mut drafts = vec![draft("checkout_started", &token, properties.clone(), at)];
    if update {
        let key = format!("{token}/{}", text(body, "/updated_at").unwrap_or_default());
        drafts.push(draft("checkout_updated", &key, properties, at));
    }
    stated(body, &["", "/customer"], plan, "/customer", drafts)
}

/// A parcel (Shopify: Fulfillment). It often names nobody; then it is the order's person's.
fn fulfilment(body: &Value) -> Verdict {
    let (Some(parcel), Some(order)) = (id(body, "/id"), id(body, "/order_id")) else {
        return refused("order_id", "a fulfilment has an id and an order_id");
    };
    let mut properties = Map::new();
    put(&mut properties, "items", lines(body));
    for (name, pointer) in [
        ("order_id", "/order_id"),
        ("parcel_number", "/name"),
        ("carrier", "/tracking_company"),
        ("tracking_number", "/tracking_number"),
        ("tracking_url", "/tracking_url"),
        ("shipping_status", "/shipment_status"),
    ] {
        put(&mut properties, name, text(body, pointer));
    }
    let at = time(body, "/created_at");
    Verdict::Stated(Box::new(Stated {
        customer: person(body, &["/destination"]),
        after: Some(format!("order_placed/{order}")),
        marketing: None,
        events: vec![draft("order_shipped", &parcel, properties, at)],
    }))
}

/// A customer (Shopify: Customer).
fn customer(body: &Value, plan: Shopify, new: bool) -> Verdict {
    let Some(customer) = id(body, "/id") else {
        return refused("id", "a customer has an id");
    };
    let mut drafts = Vec::new();
    if new {
        let mut properties = Map::new();
        put(&mut properties, "customer_id", Some(customer.clone()));
        let at = time(body, "/created_at");
        drafts.push(draft("customer_created", &customer, properties, at));
    }
    stated(body, &[""], plan, "", drafts)
}

/// What a customer said about marketing, since 2025-01 in webhooks of their own. That about e-mail
/// has no phone number and is for who was made by `customers/create`.
fn consent(body: &Value, plan: Shopify) -> Verdict {
    let Some(customer) = id(body, "/customer_id") else {
        return refused("customer_id", "this webhook has a customer_id");
    };
    let Some(said) = said(body, plan.marketing_consent, "") else {
        return Verdict::PassedOver("consent");
    };
    Verdict::Stated(Box::new(Stated {
        customer: person(body, &[""]),
        after: Some(format!("customer_created/{customer}")),
        marketing: Some(said),
        events: Vec::new(),
    }))
}

fn stated(
    body: &Value,
    people: &[&str],
    plan: Shopify,
    consent: &str,
    events: Vec<Draft>,
) -> Verdict {
    let customer = person(body, people);
    if customer.known.phone.is_none() {
        return Verdict::PassedOver("no_phone");
    }
    Verdict::Stated(Box::new(Stated {
        customer,
        after: None,
        marketing: said(body, plan.marketing_consent, consent),
        events,
    }))
}

fn draft(
    event: &str,
    key: &str,
    properties: Map<String, Value>,
    occurred_at: Option<Timestamp>,
) -> Draft {
    Draft {
        key: format!("{event}/{key}"),
        name: event.to_owned(),
        properties,
        occurred_at,
    }
}

/// Who it is about. What stands at the person itself goes before its addresses: a parcel may go to
/// somebody else.
fn person(body: &Value, places: &[&str]) -> Customer {
    let ends = [
        "",
        "/default_address",
        "/billing_address",
        "/shipping_address",
    ];
    let all = || {
        ends.iter()
            .flat_map(|end| places.iter().map(move |place| format!("{place}{end}")))
    };
    Customer {
        known: Known {
            external: None,
            phone: all().find_map(|place| number(body, &place)),
        },
        name: all().find_map(|place| full_name(body, &place)),
        email: all().find_map(|place| email(body, &format!("{place}/email"))),
    }
}

fn full_name(body: &Value, place: &str) -> Option<String> {
    let parts = ["first_name", "last_name"].map(|part| name(body, &format!("{place}/{part}")));
    let full = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    (!full.is_empty()).then_some(full)
}

/// The phone number in an object, with the country of the same object.
fn number(body: &Value, place: &str) -> Option<Phone> {
    let typed = text(body, &format!("{place}/phone"))?;
    let country = text(body, &format!("{place}/country_code"));
    Phone::stated(&typed, country.as_deref()).ok()
}

/// What was said about marketing, where the hook's plan counts it.
fn said(body: &Value, from: ConsentFrom, place: &str) -> Option<Said> {
    let field = match from {
        ConsentFrom::Nothing => return None,
        ConsentFrom::Sms => "sms_marketing_consent",
        ConsentFrom::Email => "email_marketing_consent",
    };
    let word = text(body, &format!("{place}/{field}/state"))?.to_ascii_lowercase();
    // Without a time it cannot be weighed against what the person said elsewhere.
    let at = time(body, &format!("{place}/{field}/consent_updated_at"))?;
    let level = text(body, &format!("{place}/{field}/opt_in_level"));
    Some(Said {
        state: consent_state(&word)?,
        at,
        text: match level {
            Some(level) => format!("{field}: {word}, {level}"),
            None => format!("{field}: {word}"),
        },
    })
}

/// What orders and checkouts have in common: what it costs, and what is in it.
fn basket(body: &Value) -> Map<String, Value> {
    let mut properties = Map::new();
    put(&mut properties, "total", text(body, "/total_price"));
    let currency = text(body, "/currency").or_else(|| text(body, "/presentment_currency"));
    put(&mut properties, "currency", currency);
    put(&mut properties, "items", lines(body));
    if let Some(count) = pieces(body) {
        properties.insert("item_count".to_owned(), Value::from(count));
    }
    properties
}

fn pieces(body: &Value) -> Option<u64> {
    let lines = body.pointer("/line_items")?.as_array()?;
    let count = |line: &Value| line.get("quantity").and_then(Value::as_u64).unwrap_or(1);
    Some(lines.iter().map(count).fold(0, u64::saturating_add))
}

/// The lines as one text: `2 × Kite, String`.
fn lines(body: &Value) -> Option<String> {
    let lines = body.pointer("/line_items")?.as_array()?;
    let mut words: Vec<String> = lines
        .iter()
        .take(MOST_LINES)
        .filter_map(|line| {
            let title = name(line, "/title")?;
            match line.get("quantity").and_then(Value::as_u64) {
                Some(count) if count > 1 => Some(format!("{count} × {title}")),
                _ => Some(title),
            }
        })
        .collect();
    if lines.len() > MOST_LINES {
        words.push("…".to_owned());
    }
    (!words.is_empty()).then(|| words.join(", "))
}

#[cfg(test)]
mod tests;
