//! Short links on their way into messages: each person's destination gets a slug of its own, and
//! what people here are shown is where it leads.

use serde_json::Value;
use wigwag_model::campaign::{Links, Utm, links};
use wigwag_store::Mint;
use wigwag_store::campaigns::{Campaign, NewLink};
use wigwag_store::templates::Template;

use crate::Context;
use crate::messages::Values;

/// What stands for a slug where nothing is sent: as long as one.
const SAMPLE: &str = "00000000000";
/// The letters of slugs.
const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The short links of a template here.
pub(super) fn of(context: &Context, template: &Template) -> Links {
    Links::of(&context.settings().public_url, &template.components)
}

/// Eight random bytes as eleven letters: nobody guesses one, and nobody tries all.
fn slug(mint: &Mint) -> String {
    let mut left = u64::from_be_bytes(mint.random());
    (0..SAMPLE.len())
        .map(|_| {
            let letter = usize::try_from(left % 62).unwrap_or_default();
            left /= 62;
            char::from(LETTERS[letter])
        })
        .collect()
}

/// What a campaign's short links become.
pub(super) struct Shortener<'c> {
    links: &'c Links,
    utm: Option<&'c Utm>,
    category: &'c str,
    name: &'c str,
}

impl<'c> Shortener<'c> {
    pub(super) fn new(links: &'c Links, campaign: &'c Campaign, template: &'c Template) -> Self {
        Self {
            links,
            utm: campaign.settings.utm.as_ref(),
            category: &template.category,
            name: &campaign.name,
        }
    }

    /// Puts fresh slugs in the place of destinations. `None` when a destination is no address.
    pub(super) fn shorten(&self, values: &mut Values, mint: &Mint) -> Option<Vec<NewLink>> {
        self.replace(values, || slug(mint))
    }

    /// The same for a message that is shown and not sent.
    pub(super) fn sample(&self, values: &mut Values) -> Option<Vec<NewLink>> {
        self.replace(values, || SAMPLE.to_owned())
    }

    fn replace(&self, values: &mut Values, fresh: impl Fn() -> String) -> Option<Vec<NewLink>> {
        if self.links.is_empty() {
            return Some(Vec::new());
        }
        values
            .iter_mut()
            .filter(|(variable, _)| self.links.contains(variable))
            .map(|(variable, value)| {
                let mut url = self.links.destination(value)?;
                if let Some(utm) = self.utm {
                    utm.add(&mut url, self.category, self.name, &links::button(variable));
                }
                let slug = fresh();
                value.clone_from(&slug);
                Some(NewLink {
                    slug,
                    variable: variable.clone(),
                    destination: url.into(),
                })
            })
            .collect()
    }
}

/// Shows where links lead: whoever looks at a thread here is not to be counted as the customer.
pub(super) fn show(content: &mut Value, links: &[NewLink]) {
    for link in links {
        let parts: Vec<&str> = link.variable.split('.').collect();
        let at = |text: &str| text.parse::<usize>().unwrap_or(usize::MAX);
        let buttons = match parts[..] {
            ["button", button, "url"] => content
                .get_mut("buttons")
                .and_then(|buttons| buttons.get_mut(at(button))),
            ["card", card, "button", button, "url"] => content
                .get_mut("cards")
                .and_then(|cards| cards.get_mut(at(card)))
                .and_then(|card| card.get_mut("buttons"))
                .and_then(|buttons| buttons.get_mut(at(button))),
            _ => None,
        };
        if let Some(url) = buttons.and_then(|button| button.get_mut("url")) {
            *url = Value::String(link.destination.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Arc;

    use serde_json::json;
    use wigwag_model::{ManualClock, Timestamp};

    use super::*;

    #[test]
    fn slugs_are_long_and_differ() {
        let mint = Mint::new(
            Arc::new(ManualClock::new(Timestamp::from_seconds(1))),
            [7; 32],
        );
        let slugs: HashSet<String> = (0..10_000).map(|_| slug(&mint)).collect();
        assert_eq!(slugs.len(), 10_000);
        assert!(
            slugs.iter().all(|slug| slug.len() == 11
                && slug.bytes().all(|letter| letter.is_ascii_alphanumeric()))
        );
    }

    #[test]
    fn a_thread_shows_where_links_lead() {
        let link = |variable: &str| NewLink {
            slug: "s".to_owned(),
            variable: variable.to_owned(),
            destination: "https://shop.example/".to_owned(),
        };
        let mut content = json!({
            "buttons": [{"type": "quick_reply"}, {"type": "url", "url": "https://wigwag.example/l/s"}],
            "cards": [{"buttons": [{"url": "https://wigwag.example/l/s"}]}],
        });
        show(
            &mut content,
            &[
                link("button.1.url"),
                link("card.0.button.0.url"),
                link("button.0.url"),
                link("button.9.url"),
            ],
        );
        assert_eq!(content["buttons"][1]["url"], "https://shop.example/");
        assert_eq!(
            content["cards"][0]["buttons"][0]["url"],
            "https://shop.example/"
        );
        assert_eq!(content["buttons"][0], json!({"type": "quick_reply"}));
    }
}
