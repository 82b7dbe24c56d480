//! Values of a template by their places, as programs list them, turned into values by key.
//!
//! `bodyValues: ["Asha"]` is `body.1`; a place that is not filled and a value without a place are both
//! refused, by the names that the program used. Source: Interakt's “Send a template” (`headerValues`,
//! `bodyValues`, `buttonValues`, `carouselCards`) over Meta's “Template components”.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::template::{list, places, shown_text, word};

/// Values of a template, or of one of its cards, by place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placed {
    /// The header's: texts, or the address of its file.
    pub header: Vec<String>,
    /// The body's.
    pub body: Vec<String>,
    /// Those of buttons, by the button's place from 0.
    pub buttons: BTreeMap<usize, Vec<String>>,
}

/// The same by key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keyed {
    /// Values: `body.1`, `button.0.url`, `card.0.header`, ….
    pub values: BTreeMap<String, String>,
    /// The address of the file of the template's own header.
    pub header_link: Option<String>,
}

/// A value that does not fit, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct Misfit {
    /// Where: `template.bodyValues`.
    pub field: String,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// Turns values by place into values by key. `components` are Meta's; `named` says whether its variables
/// have names, which are then filled in the order in which one reads them.
///
/// # Errors
/// The first value that is missing or too much.
pub fn keyed(
    components: &Value,
    named: bool,
    own: &Placed,
    cards: &[Placed],
) -> Result<Keyed, Misfit> {
    let mut filling = Filling {
        named,
        keyed: Keyed::default(),
    };
    filling.part("", "template.", list(components), own)?;
    let mut taken = 0;
    for component in list(components) {
        match word(component, "type").as_str() {
            "CAROUSEL" => {
                let wanted = list(&component["cards"]);
                taken = wanted.len();
                if wanted.len() != cards.len() {
                    return Err(count(
                        "template.carouselCards",
                        "the template's carousel",
                        "cards",
                        (wanted.len(), cards.len()),
                    ));
                }
                for (at, (card, placed)) in wanted.iter().zip(cards).enumerate() {
                    let (prefix, field) = (
                        format!("card.{at}."),
                        format!("template.carouselCards[{at}]."),
                    );
                    filling.part(&prefix, &field, list(&card["components"]), placed)?;
                }
            }
            "LIMITED_TIME_OFFER" if component["limited_time_offer"]["has_expiration"] == true => {
                return Err(misfit(
                    "template.name",
                    "the template's offer has an end, which cannot be stated here: send it with POST /api/v1/conversations/{id}/messages",
                ));
            }
            _ => {}
        }
    }
    if taken == 0 && !cards.is_empty() {
        return Err(misfit(
            "template.carouselCards",
            "the template has no carousel: leave this out",
        ));
    }
    Ok(filling.keyed)
}

struct Filling {
    named: bool,
    keyed: Keyed,
}

impl Filling {
    /// Header, body and buttons of a template or of a card.
    fn part(
        &mut self,
        prefix: &str,
        field: &str,
        components: &[Value],
        placed: &Placed,
    ) -> Result<(), Misfit> {
        let of = |kind: &str| {
            components
                .iter()
                .find(|component| word(component, "type") == kind)
        };
        self.header(prefix, field, of("HEADER"), &placed.header)?;
        let body = of("BODY").and_then(shown_text).unwrap_or_default();
        self.texts(
            &format!("{prefix}body"),
            (&format!("{field}bodyValues"), "the body"),
            &body,
            &placed.body,
        )?;
        let none = Value::Null;
        let buttons = list(&of("BUTTONS").unwrap_or(&none)["buttons"]);
        let field = format!("{field}buttonValues");
        if let Some(beyond) = placed.buttons.keys().find(|at| **at >= buttons.len()) {
            return Err(misfit(
                format!("{field}.{beyond}"),
                format!("the template has {} buttons, counted from 0", buttons.len()),
            ));
        }
        for (at, button) in buttons.iter().enumerate() {
            let given = placed.buttons.get(&at).map_or(&[][..], Vec::as_slice);
            let code = placed.body.first().map(String::as_str);
            self.button(
                &format!("{prefix}button.{at}"),
                &format!("{field}.{at}"),
                button,
                (given, code),
            )?;
        }
        Ok(())
    }

    fn header(
        &mut self,
        prefix: &str,
        field: &str,
        header: Option<&Value>,
        given: &[String],
    ) -> Result<(), Misfit> {
        let field = format!("{field}headerValues");
        let format = header.map_or_else(|| "TEXT".to_owned(), |header| word(header, "format"));
        match format.as_str() {
            "IMAGE" | "VIDEO" | "DOCUMENT" | "GIF" => {
                let [link] = given else {
                    return Err(count(
                        &field,
                        "the header",
                        "address of a file",
                        (1, given.len()),
                    ));
                };
                if !link.starts_with("https://") {
                    return Err(misfit(
                        field,
                        "give the https:// address of the header's file",
                    ));
                }
                if prefix.is_empty() {
                    self.keyed.header_link = Some(link.clone());
                } else {
                    self.put(format!("{prefix}header"), link);
                }
                Ok(())
            }
            "PRODUCT" => {
                let [product, catalog] = given else {
                    return Err(misfit(
                        field,
                        "the header is a product: give its id and the id of its catalogue",
                    ));
                };
                self.put(format!("{prefix}header.product_id"), product);
                self.put(format!("{prefix}header.catalog_id"), catalog);
                Ok(())
            }
            "LOCATION" => Err(misfit(
                field,
                "the header is a place, which cannot be stated here: send it with POST /api/v1/conversations/{id}/messages",
            )),
            _ => {
                let text = header.and_then(shown_text).unwrap_or_default();
                self.texts(
                    &format!("{prefix}header"),
                    (&field, "the header"),
                    &text,
                    given,
                )
            }
        }
    }

    /// The values of a text's places.
    fn texts(
        &mut self,
        key: &str,
        (field, what): (&str, &str),
        text: &str,
        given: &[String],
    ) -> Result<(), Misfit> {
        let mut names = places(text);
        if !self.named {
            // {{1}} takes the first value, wherever it stands.
            names.sort_by_key(|name| name.parse::<u32>().unwrap_or(u32::MAX));
        }
        if names.len() != given.len() {
            return Err(count(field, what, "variables", (names.len(), given.len())));
        }
        for (at, (name, value)) in names.iter().zip(given).enumerate() {
            if value.trim().is_empty() {
                return Err(misfit(
                    format!("{field}[{at}]"),
                    "WhatsApp takes no empty value: give this variable a text",
                ));
            }
            self.put(format!("{key}.{name}"), value);
        }
        Ok(())
    }

    /// One button. `code` is the body's first value, which a one-time code repeats.
    fn button(
        &mut self,
        part: &str,
        field: &str,
        button: &Value,
        (given, code): (&[String], Option<&str>),
    ) -> Result<(), Misfit> {
        let url = button["url"].as_str().unwrap_or_default();
        let (must, keys): (usize, &[&str]) = match word(button, "type").as_str() {
            "URL" if url.contains("{{") => (1, &["url"]),
            "COPY_CODE" => (1, &["code"]),
            "MPM" => (2, &["thumbnail", "products"]),
            "QUICK_REPLY" => (0, &["payload"]),
            "FLOW" => (0, &["flow_token", "flow_data"]),
            "CATALOG" => (0, &["thumbnail"]),
            "OTP" => {
                return match given {
                    [] => Ok(()),
                    [value] if code == Some(value.as_str()) => Ok(()),
                    _ => Err(misfit(
                        field,
                        "a one-time code is the same in bodyValues[0] and here",
                    )),
                };
            }
            _ => (0, &[]),
        };
        if given.len() < must || given.len() > keys.len() {
            return Err(count(field, "this button", "values", (must, given.len())));
        }
        for (key, value) in keys.iter().zip(given) {
            self.put(format!("{part}.{key}"), value);
        }
        Ok(())
    }

    fn put(&mut self, key: String, value: &str) {
        self.keyed.values.insert(key, value.to_owned());
    }
}

fn misfit(field: impl Into<String>, message: impl Into<String>) -> Misfit {
    Misfit {
        field: field.into(),
        message: message.into(),
    }
}

fn count(field: &str, what: &str, of: &str, (wanted, given): (usize, usize)) -> Misfit {
    misfit(
        field,
        format!("{what} takes {wanted} {of}, and {given} came"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(all: &[&str]) -> Vec<String> {
        all.iter().map(|text| (*text).to_owned()).collect()
    }

    fn order() -> Value {
        json!([
            {"type": "HEADER", "format": "DOCUMENT"},
            {"type": "BODY", "text": "Your parcel {{2}} is with you on {{1}}."},
            {"type": "BUTTONS", "buttons": [
                {"type": "QUICK_REPLY", "text": "Thanks"},
                {"type": "URL", "text": "Track", "url": "https://kite.example/t/{{1}}"},
                {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+91"},
            ]},
        ])
    }

    fn placed() -> Placed {
        Placed {
            header: texts(&["https://kite.example/bill.pdf"]),
            body: texts(&["Monday", "K-7"]),
            buttons: [(1, texts(&["k7"]))].into(),
        }
    }

    #[test]
    fn each_value_finds_its_key() {
        let keyed = keyed(&order(), false, &placed(), &[]).unwrap();
        assert_eq!(
            keyed.header_link.as_deref(),
            Some("https://kite.example/bill.pdf")
        );
        let wanted = [
            ("body.1", "Monday"),
            ("body.2", "K-7"),
            ("button.1.url", "k7"),
        ];
        assert_eq!(
            keyed.values,
            wanted
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into()
        );
    }

    #[test]
    fn what_is_missing_or_too_much_is_named() {
        let of = |change: fn(&mut Placed)| {
            let mut placed = placed();
            change(&mut placed);
            keyed(&order(), false, &placed, &[]).unwrap_err().field
        };
        assert_eq!(of(|p| p.header.clear()), "template.headerValues");
        assert_eq!(
            of(|p| p.header = vec!["bill.pdf".to_owned()]),
            "template.headerValues"
        );
        assert_eq!(of(|p| p.body.truncate(1)), "template.bodyValues");
        assert_eq!(of(|p| p.body[1] = " ".to_owned()), "template.bodyValues[1]");
        assert_eq!(of(|p| p.buttons.clear()), "template.buttonValues.1");
        assert_eq!(
            of(|p| drop(p.buttons.insert(2, vec!["x".to_owned()]))),
            "template.buttonValues.2"
        );
        assert_eq!(
            of(|p| drop(p.buttons.insert(3, vec!["x".to_owned()]))),
            "template.buttonValues.3"
        );
        let cards = [Placed::default()];
        let error = keyed(&order(), false, &placed(), &cards).unwrap_err();
        assert_eq!(error.field, "template.carouselCards");
    }

    #[test]
    fn named_variables_are_filled_in_reading_order() {
        let components = json!([{"type": "BODY", "text": "Hi {{name}}, {{day}}?"}]);
        let own = Placed {
            body: texts(&["Asha", "today"]),
            ..Placed::default()
        };
        let keyed = keyed(&components, true, &own, &[]).unwrap();
        assert_eq!(keyed.values["body.name"], "Asha");
        assert_eq!(keyed.values["body.day"], "today");
    }

    #[test]
    fn a_code_goes_into_body_and_button() {
        let components = json!([
            {"type": "BODY", "add_security_recommendation": true},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]},
        ]);
        let own = |button: &str| Placed {
            body: texts(&["123456"]),
            buttons: [(0, texts(&[button]))].into(),
            ..Placed::default()
        };
        let right = keyed(&components, false, &own("123456"), &[]).unwrap();
        assert_eq!(right.values.len(), 1);
        let wrong = keyed(&components, false, &own("654321"), &[]).unwrap_err();
        assert_eq!(wrong.field, "template.buttonValues.0");
    }

    #[test]
    fn cards_are_filled_each() {
        let card = json!({"components": [
            {"type": "HEADER", "format": "IMAGE"},
            {"type": "BODY", "text": "The {{1}} kite"},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "More"}]},
        ]});
        let components = json!([
            {"type": "BODY", "text": "New"},
            {"type": "CAROUSEL", "cards": [card, card]},
        ]);
        let of = |colour: &str| Placed {
            header: texts(&["https://kite.example/a.png"]),
            body: texts(&[colour]),
            buttons: [(0, texts(&[colour]))].into(),
        };
        let keyed = keyed(
            &components,
            false,
            &Placed::default(),
            &[of("red"), of("blue")],
        )
        .unwrap();
        assert_eq!(keyed.values["card.1.body.1"], "blue");
        assert_eq!(keyed.values["card.0.button.0.payload"], "red");
        assert_eq!(keyed.values["card.0.header"], "https://kite.example/a.png");
    }
}
