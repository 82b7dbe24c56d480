//! Short links: buttons whose approved address is this installation's own, and the destinations
//! that stand behind them.
//!
//! Meta approves a button's address with a variable at its end only (Meta: Template components,
//! URL buttons). A button that was approved as `https://wigwag.example/l/{{1}}` leads to us, and from
//! here to wherever its variable says; on the way the tap is counted.

use std::collections::BTreeSet;

use serde_json::Value;
use url::Url;

use crate::template::url_buttons;

/// The path under which short links live.
pub const PATH: &str = "/l/";

/// Most bytes of a destination: what Meta takes as the address of a button.
const LONGEST: usize = 2_000;

/// The buttons of one template that are short links.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    variables: BTreeSet<String>,
    plain: bool,
}

impl Links {
    /// Those of a template whose address begins with `{public_url}/l/` and has its variable there.
    /// Destinations without TLS are taken only where our own address has none.
    pub fn of(public_url: &str, components: &Value) -> Self {
        let base = format!("{}{PATH}", public_url.trim_end_matches('/'));
        Self {
            variables: url_buttons(components)
                .into_iter()
                .filter(|(_, address)| leads(&base, address))
                .map(|(variable, _)| variable)
                .collect(),
            plain: base.starts_with("http://"),
        }
    }

    /// Whether this variable is one's destination: `button.0.url`, `card.1.button.0.url`.
    pub fn contains(&self, variable: &str) -> bool {
        self.variables.contains(variable)
    }

    /// Whether the template has none.
    pub fn is_empty(&self) -> bool {
        self.variables.is_empty()
    }

    /// Reads a destination: a whole address with a host, without a password in it.
    pub fn destination(&self, text: &str) -> Option<Url> {
        let text = text.trim();
        if text.len() > LONGEST || text.contains(char::is_whitespace) {
            return None;
        }
        let url = Url::parse(text).ok()?;
        let scheme = match url.scheme() {
            "https" => true,
            "http" => self.plain,
            _ => false,
        };
        let bare = url.username().is_empty() && url.password().is_none();
        (scheme && bare && url.host_str().is_some_and(|host| !host.is_empty())).then_some(url)
    }

    /// What a destination looks like, for whoever stated none.
    pub fn mend(&self) -> &'static str {
        if self.plain {
            "write the whole address to which the button leads, like https://shop.example/sale (at most 2,000 bytes)"
        } else {
            "write the whole address to which the button leads, beginning with https://, like https://shop.example/sale (at most 2,000 bytes)"
        }
    }
}

fn leads(base: &str, address: &str) -> bool {
    let head = address.get(..base.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(base))
        && address[base.len()..].starts_with("{{")
        && address.ends_with("}}")
}

/// The part of a variable that names its button: `0` of `button.0.url`, `2-0` of
/// `card.2.button.0.url`.
pub fn button(variable: &str) -> String {
    variable
        .split('.')
        .filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn links(public_url: &str, address: &str) -> Links {
        let components = json!([
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "No"}, {"type": "URL", "text": "Shop", "url": address}]},
        ]);
        Links::of(public_url, &components)
    }

    #[test]
    fn only_our_own_address_with_a_variable_makes_a_short_link() {
        let ours = "https://wigwag.example/";
        assert!(links(ours, "https://wigwag.example/l/{{1}}").contains("button.1.url"));
        assert!(links(ours, "https://Wigwag.example/l/{{1}}").contains("button.1.url"));
        for other in [
            "https://wigwag.example/l/fixed",
            "https://wigwag.example/l/a{{1}}",
            "https://wigwag.example/l/{{1}}/more",
            "https://wigwag.example/{{1}}",
            "https://wigwag.example.evil.example/l/{{1}}",
            "https://shop.example/l/{{1}}",
            "http://wigwag.example/l/{{1}}",
        ] {
            assert!(links(ours, other).is_empty(), "{other}");
        }
        let card = json!([{"type": "CAROUSEL", "cards": [{"components": [
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "See", "url": "https://wigwag.example/l/{{1}}"}]}]}]}]);
        assert!(Links::of(ours, &card).contains("card.0.button.0.url"));
        assert_eq!(button("card.0.button.12.url"), "0-12");
        assert_eq!(button("button.1.url"), "1");
    }

    #[test]
    fn a_destination_is_a_whole_address() {
        let of = |text: &str| {
            links("https://wigwag.example", "https://wigwag.example/l/{{1}}").destination(text)
        };
        assert_eq!(
            of(" https://shop.example/sale?a=1#top ").unwrap().as_str(),
            "https://shop.example/sale?a=1#top"
        );
        let long = format!("https://shop.example/{}", "a".repeat(2_000));
        for wrong in [
            "shop.example/sale",
            "http://shop.example",
            "javascript:alert(1)",
            "https://",
            "https://asha:secret@shop.example/",
            "https://shop.example/a b",
            "/sale",
            "",
            long.as_str(),
        ] {
            assert!(of(wrong).is_none(), "{wrong}");
        }
        let demo = links("http://127.0.0.1:8080", "http://127.0.0.1:8080/l/{{1}}");
        assert!(demo.destination("http://127.0.0.1:8080/").is_some());
    }
}
