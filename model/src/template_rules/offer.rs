//! Limited-time offers and carousels.

use serde_json::Value;

use super::problem::{Problem, Problems};
use super::{body, buttons, header, limits};

pub(super) fn check_offer(components: &[Value], offer: &Value, problems: &mut Problems) {
    let field = "components.limited_time_offer.text";
    let text = offer["limited_time_offer"]["text"]
        .as_str()
        .unwrap_or_default();
    if text.trim().is_empty() {
        problems.error(field, "offer_text_required");
    }
    problems.at_most(field, "offer_text_too_long", text, limits::OFFER);
    let find = |kind: &str| {
        components
            .iter()
            .find(|component| super::word(component, "type") == kind)
    };
    if find("FOOTER").is_some() {
        problems.error("components.footer", "offer_footer");
    }
    if let Some(header) = find("HEADER") {
        let format = super::word(header, "format");
        if !matches!(format.as_str(), "IMAGE" | "VIDEO") {
            problems.add(
                Problem::error("components.header.format", "offer_header")
                    .with("format", format.to_ascii_lowercase()),
            );
        }
    }
    let kinds = find("BUTTONS").map(|component| super::list(component, "buttons"));
    for (at, button) in kinds.into_iter().flatten().enumerate() {
        let kind = super::word(button, "type");
        if !matches!(kind.as_str(), "COPY_CODE" | "URL") {
            problems.add(
                Problem::error(format!("components.buttons[{at}].type"), "offer_button")
                    .with("kind", kind.to_ascii_lowercase()),
            );
        }
    }
}

pub(super) fn check_carousel(carousel: &Value, named: bool, problems: &mut Problems) {
    let path = "components.carousel.cards";
    let cards = super::list(carousel, "cards");
    if !limits::CARDS.contains(&cards.len()) {
        problems.add(
            Problem::error(path, "carousel_cards")
                .with("min", *limits::CARDS.start())
                .with("max", *limits::CARDS.end())
                .with("now", cards.len()),
        );
    }
    let mut first = None;
    for (at, card) in cards.iter().enumerate() {
        let looks = check_card(&format!("{path}[{at}]"), card, named, problems);
        match &first {
            None => first = Some(looks),
            Some(first) if *first != looks => {
                problems.error(format!("{path}[{at}]"), "carousel_cards_differ");
            }
            Some(_) => {}
        }
    }
}

/// Checks a card; answers what all cards must have alike.
fn check_card(
    path: &str,
    card: &Value,
    named: bool,
    problems: &mut Problems,
) -> (String, Vec<String>) {
    let parts = super::list(card, "components");
    let find = |kind: &str| parts.iter().find(|part| super::word(part, "type") == kind);
    let format = find("HEADER").map_or_else(String::new, |header| super::word(header, "format"));
    if matches!(format.as_str(), "IMAGE" | "VIDEO" | "PRODUCT") {
        if let Some(part) = find("HEADER") {
            header::check(&format!("{path}.header"), part, named, problems);
        }
    } else {
        problems.add(
            Problem::error(format!("{path}.header"), "card_header")
                .with("format", format.to_ascii_lowercase()),
        );
    }
    if let Some(part) = find("BODY") {
        let field = format!("{path}.body");
        body::check(&field, part, named, limits::CARD_BODY, problems);
    }
    let list = find("BUTTONS").map_or(&[][..], |part| super::list(part, "buttons"));
    let field = format!("{path}.buttons");
    if limits::CARD_BUTTONS.contains(&list.len()) {
        buttons::check(&field, list, limits::CODE, problems);
    } else {
        problems.add(
            Problem::error(field, "card_buttons")
                .with("min", *limits::CARD_BUTTONS.start())
                .with("max", *limits::CARD_BUTTONS.end())
                .with("now", list.len()),
        );
    }
    let kinds = list
        .iter()
        .map(|button| super::word(button, "type"))
        .collect();
    (format, kinds)
}
