//! What a status says that its message was charged: Meta's pricing object in our words, and the card
//! in force at delivery. Pure: everything it needs is in the status and in the account's billing.

use wigwag_meta::webhook::{Pricing, PricingType, Status};
use wigwag_model::rates::{Billing, Category, Charge, Free, Stated, charge, place};
use wigwag_model::{MessageState, Timestamp};

/// The charge that a status proves: a delivery with a price. `None` where it proves none, and where
/// nobody knows the amount.
pub(super) fn charge_of(
    status: &Status<'_>,
    state: MessageState,
    billing: &Billing,
    at: Timestamp,
) -> Option<Charge> {
    let delivered = matches!(
        state,
        MessageState::Delivered | MessageState::Read | MessageState::Played
    );
    let stated = stated(status.pricing.as_ref().filter(|_| delivered)?)?;
    let place = place(
        status.recipient_id.as_deref(),
        status.recipient_user_id.as_deref(),
    );
    charge(stated, place, billing, at)
}

/// Until when everything to the person is free: Meta says it with the first answer to a person whom an
/// ad brought (Meta: Pricing, free entry point windows).
pub(super) fn free_entry_until(status: &Status<'_>) -> Option<Timestamp> {
    let conversation = status.conversation.as_ref()?;
    let origin = conversation.origin.as_ref()?;
    let seconds = conversation.expiration_timestamp?.0;
    (origin.kind == "referral_conversion").then(|| Timestamp::from_seconds(seconds))
}

/// What Meta says of the price. Before July 2025 conversations were charged, not messages: what was
/// charged then has no price of its own.
fn stated(pricing: &Pricing<'_>) -> Option<Stated> {
    if pricing.is_billable()? {
        let by_conversation = pricing
            .pricing_model
            .as_deref()
            .is_some_and(|model| model.eq_ignore_ascii_case("CBP"));
        let category = pricing.category.as_ref().filter(|_| !by_conversation)?;
        return Category::parse(category.as_str()).map(Stated::Charged);
    }
    Some(Stated::Free(match pricing.kind {
        Some(PricingType::FreeCustomerService) => Free::CustomerService,
        Some(PricingType::FreeEntryPoint) => Free::FreeEntryPoint,
        _ => Free::Unsaid,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// The amount, its currency and its card for a status with this pricing object.
    fn charged(status: &str, recipient: &Value, pricing: &Value) -> Option<(i64, String, String)> {
        let mut value = json!({"id": "wamid.1", "status": status, "timestamp": "1795683600", "pricing": pricing});
        for (key, id) in recipient.as_object().into_iter().flatten() {
            value[key.as_str()] = id.clone();
        }
        let text = value.to_string();
        let status: Status<'_> = serde_json::from_str(&text).unwrap();
        let state = match &status.status {
            wigwag_meta::webhook::DeliveryStatus::Sent => MessageState::Sent,
            wigwag_meta::webhook::DeliveryStatus::Read => MessageState::Read,
            wigwag_meta::webhook::DeliveryStatus::Failed => MessageState::Failed,
            _ => MessageState::Delivered,
        };
        let billing = Billing::of(Some("USD"), Some("Asia/Kolkata"));
        let at = "2026-11-26T09:00:00Z".parse().unwrap();
        let charge = charge_of(&status, state, &billing, at)?;
        let card = charge.card.map(|day| day.to_string()).unwrap_or_default();
        Some((charge.micros, charge.currency.to_string(), card))
    }

    fn priced(billable: bool, kind: &str, category: &str) -> Value {
        json!({"billable": billable, "pricing_model": "PMP", "type": kind, "category": category})
    }

    #[test]
    fn every_form_of_the_pricing_object() {
        let india = json!({"recipient_id": "919876543210"});
        let october = "2026-10-01".to_owned();
        let cost = |micros: i64| Some((micros, "USD".to_owned(), october.clone()));
        let free = Some((0, "USD".to_owned(), String::new()));
        for (pricing, wanted) in [
            (priced(true, "regular", "marketing"), cost(11_800)),
            (priced(true, "regular", "marketing_lite"), cost(11_800)),
            (priced(true, "regular", "utility"), cost(1_400)),
            (priced(true, "regular", "service"), cost(1_400)),
            (priced(true, "regular", "authentication"), cost(1_400)),
            (
                priced(true, "regular", "authentication-international"),
                cost(30_400),
            ),
            (
                priced(true, "regular", "authentication_international"),
                cost(30_400),
            ),
            (
                priced(false, "free_customer_service", "utility"),
                free.clone(),
            ),
            (
                priced(false, "free_entry_point", "referral_conversion"),
                free.clone(),
            ),
            // Meta will leave `billable` out.
            (
                json!({"pricing_model": "PMP", "type": "regular", "category": "utility"}),
                cost(1_400),
            ),
            (
                json!({"pricing_model": "PMP", "type": "free_entry_point", "category": "marketing"}),
                free.clone(),
            ),
            // Conversations were charged, not messages.
            (
                json!({"billable": true, "pricing_model": "CBP", "category": "marketing"}),
                None,
            ),
            (
                json!({"billable": false, "pricing_model": "CBP", "category": "service"}),
                free,
            ),
            (priced(true, "regular", "what_is_new"), None),
            (json!({}), None),
            (Value::Null, None),
        ] {
            assert_eq!(charged("delivered", &india, &pricing), wanted, "{pricing}");
        }
    }

    #[test]
    fn only_a_delivery_is_charged() {
        let india = json!({"recipient_id": "919876543210"});
        let marketing = priced(true, "regular", "marketing");
        assert_eq!(charged("sent", &india, &marketing), None);
        assert_eq!(charged("failed", &india, &marketing), None);
        assert!(charged("read", &india, &marketing).is_some());
    }

    #[test]
    fn the_market_is_the_recipients() {
        let marketing = priced(true, "regular", "marketing");
        for (recipient, wanted) in [
            (json!({"recipient_id": "4915112345678"}), Some(136_500)),
            (json!({"recipient_user_id": "BR.1234"}), Some(62_500)),
            (
                json!({"recipient_id": "971501234567", "recipient_user_id": "BR.1"}),
                Some(57_600),
            ),
            (json!({}), None),
        ] {
            let micros = charged("delivered", &recipient, &marketing).map(|(micros, ..)| micros);
            assert_eq!(micros, wanted, "{recipient}");
        }
    }
}
