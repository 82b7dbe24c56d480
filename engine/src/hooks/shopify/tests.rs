//! Bodies in Shopify's shape become people and events.

use serde_json::json;
use wigwag_model::consent::ConsentState;

use super::*;

fn body(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn an_order() -> Value {
    body(include_str!("../../../fixtures/shopify/order.json"))
}

fn a_checkout() -> Value {
    body(include_str!("../../../fixtures/shopify/checkout.json"))
}

fn a_customer() -> Value {
    body(include_str!("../../../fixtures/shopify/customer.json"))
}

const NOTHING: Shopify = Shopify {
    marketing_consent: ConsentFrom::Nothing,
};
const SMS: Shopify = Shopify {
    marketing_consent: ConsentFrom::Sms,
};

fn says(plan: Shopify, topic: &str, body: &Value) -> Stated {
    match read(plan, topic, body) {
        Verdict::Stated(stated) => *stated,
        other => panic!("{topic}: {other:?}"),
    }
}

#[test]
fn an_order_is_its_persons_and_holds_what_templates_need() {
    let stated = says(NOTHING, "orders/create", &an_order());
    let customer = &stated.customer;
    let phone = customer.known.phone.as_ref().unwrap();
    assert_eq!(
        phone.as_str(),
        "+919800000042",
        "the buyer's, not the receiver's"
    );
    assert_eq!(customer.name.as_deref(), Some("Asha Rao"));
    assert_eq!(customer.email.as_deref(), Some("asha.rao@kite.example"));
    assert_eq!(stated.marketing, None, "nobody chose to count it");
    let [event] = &stated.events[..] else {
        panic!("{:?}", stated.events)
    };
    assert_eq!(
        (event.name.as_str(), event.key.as_str()),
        ("order_placed", "order_placed/6204418851")
    );
    assert_eq!(
        Value::Object(event.properties.clone()),
        json!({
            "order_id": "6204418851", "order_number": "#1042", "total": "2847.00", "currency": "INR",
            "items": "2 × Diamond kite, Cotton line, 100 m", "item_count": 3, "payment_status": "pending",
            "order_url": "https://shop.kite.example/71120033/orders/7d41c0/authenticate?key=b2a9",
            "checkout_token": "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
        })
    );
    let at: Timestamp = "2026-11-20T13:12:07Z".parse().unwrap();
    assert_eq!(event.occurred_at, Some(at));
    for (topic, name) in [
        ("orders/paid", "order_paid"),
        ("orders/fulfilled", "order_fulfilled"),
        ("orders/cancelled", "order_cancelled"),
    ] {
        let stated = says(NOTHING, topic, &an_order());
        assert_eq!(stated.events[0].name, name);
        assert_eq!(stated.events[0].key, format!("{name}/6204418851"));
    }
}

#[test]
fn the_first_word_of_a_checkout_with_a_number_is_its_start() {
    let create = says(NOTHING, "checkouts/create", &a_checkout());
    assert_eq!(create.events.len(), 1);
    let update = says(NOTHING, "checkouts/update", &a_checkout());
    let names: Vec<&str> = update
        .events
        .iter()
        .map(|event| event.name.as_str())
        .collect();
    assert_eq!(names, ["checkout_started", "checkout_updated"]);
    assert_eq!(create.events[0].key, update.events[0].key);
    let properties = &update.events[1].properties;
    assert_eq!(
        properties["checkout_token"],
        "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
    );
    assert!(
        properties["checkout_url"]
            .as_str()
            .unwrap()
            .contains("/recover")
    );
    let mut done = a_checkout();
    done["completed_at"] = json!("2026-11-20T18:42:06+05:30");
    assert_eq!(
        read(NOTHING, "checkouts/update", &done),
        Verdict::PassedOver("completed")
    );
}

#[test]
fn a_parcel_is_the_orders_persons() {
    let parcel = body(include_str!("../../../fixtures/shopify/fulfilment.json"));
    let stated = says(NOTHING, "fulfillments/create", &parcel);
    assert_eq!(stated.customer.known, Known::default());
    let order = says(NOTHING, "orders/create", &an_order());
    assert_eq!(stated.after.as_deref(), Some(order.events[0].key.as_str()));
    let event = &stated.events[0];
    assert_eq!(event.name, "order_shipped");
    assert_eq!(
        event.properties["tracking_url"],
        "https://track.example/BD7700112"
    );
    assert_eq!(event.properties["carrier"], "Blue Dart");
}

#[test]
fn consent_counts_only_where_it_was_chosen() {
    assert_eq!(
        says(NOTHING, "customers/create", &a_customer()).marketing,
        None
    );
    let email = Shopify {
        marketing_consent: ConsentFrom::Email,
    };
    // `not_subscribed`: never asked, which is no no.
    assert_eq!(
        says(email, "customers/create", &a_customer()).marketing,
        None
    );
    let said = says(SMS, "customers/create", &a_customer())
        .marketing
        .unwrap();
    assert_eq!(said.state, ConsentState::Granted);
    assert_eq!(
        said.text,
        "sms_marketing_consent: subscribed, single_opt_in"
    );
    assert_eq!(said.at, "2026-10-02T03:30:11Z".parse().unwrap());
    let changed = body(include_str!("../../../fixtures/shopify/consent.json"));
    let said = says(SMS, "customers_marketing_consent/update", &changed);
    assert_eq!(said.marketing.unwrap().state, ConsentState::Denied);
    assert!(said.events.is_empty());
    let passed = read(NOTHING, "customers_marketing_consent/update", &changed);
    assert_eq!(passed, Verdict::PassedOver("consent"));
    let mut undated = a_customer();
    undated["sms_marketing_consent"]["consent_updated_at"] = json!(null);
    assert_eq!(says(SMS, "customers/update", &undated).marketing, None);
}

#[test]
fn who_has_no_number_is_passed_over() {
    let mut order = an_order();
    for place in [
        "/customer/default_address",
        "/billing_address",
        "/shipping_address",
    ] {
        *order.pointer_mut(place).unwrap() = json!(null);
    }
    assert_eq!(
        read(NOTHING, "orders/create", &order),
        Verdict::PassedOver("no_phone")
    );
    let mut customer = a_customer();
    customer["phone"] = json!("call me");
    assert_eq!(
        read(NOTHING, "customers/update", &customer),
        Verdict::PassedOver("no_phone")
    );
}

#[test]
fn what_has_another_shape_is_refused_by_field() {
    for (topic, body, field) in [
        ("orders/create", json!([]), "body"),
        ("orders/create", json!({"name": "#1"}), "id"),
        ("checkouts/create", json!({"id": 1}), "token"),
        ("fulfillments/create", json!({"id": 1}), "order_id"),
        ("customers/create", json!({"id": {}}), "id"),
        ("", json!({"id": 1}), "X-Shopify-Topic"),
    ] {
        match read(NOTHING, topic, &body) {
            Verdict::Refused { field: named, .. } => assert_eq!(named, field, "{topic}"),
            other => panic!("{topic}: {other:?}"),
        }
    }
    assert_eq!(
        read(NOTHING, "products/update", &json!({"id": 1})),
        Verdict::PassedOver("topic")
    );
}
