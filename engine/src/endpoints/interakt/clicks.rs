//! Clicks in Interakt's form: the message as it is, and what was clicked. A quick reply stands in the
//! message's `meta_data`, a link in an `event` beside the message (Interakt: Webhooks, `message_api_clicked`).

use serde_json::{Value, json};
use wigwag_model::Timestamp;
use wigwag_store::endpoints::{Click, ClickFacts, MessageFacts};

/// Interakt's only type for clicks, whatever sent the message.
pub(super) const KIND: &str = "message_api_clicked";

/// The message with the click.
pub(super) fn of_click(click: &ClickFacts, at: Timestamp) -> Value {
    let message = &click.message;
    let mut data = super::of_message(message, state(message), at);
    let button = click.button().unwrap_or_default();
    match &click.click {
        Click::Reply { text, .. } => {
            let meta = &mut data["message"]["meta_data"];
            meta["click_type"] = json!("QR");
            meta["button_text"] = json!(button);
            meta["button_link"] = json!("");
            meta["click_timestamp"] = json!(moment(at));
            meta["button_payload"] = json!({ "payload": { "type": "QUICK_REPLY", "text": text } });
        }
        Click::Link(followed) => {
            data["event"] = json!({
                "callbackData": message.callback_data,
                "click_type": "CTA",
                "button_text": button,
                "button_link": followed.url,
                "click_timestamp": moment(at),
            });
        }
    }
    data
}

/// Interakt's word for the state of a message that somebody clicked in.
fn state(message: &MessageFacts) -> &'static str {
    if message.read_at.is_some() {
        "Read"
    } else if message.delivered_at.is_some() {
        "Delivered"
    } else {
        "Sent"
    }
}

/// The moment of a click: unlike Interakt's other times it has a space in the middle.
fn moment(at: Timestamp) -> String {
    super::time(at).replace('T', " ")
}
