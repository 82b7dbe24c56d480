//! The parameters by which a shop's own statistics know a campaign (Google Analytics: UTM).

use serde::{Deserialize, Serialize};
use url::Url;

use super::Problem;
use crate::search::fold;

/// Most characters of a parameter.
const LONGEST: usize = 100;

/// What is added to the destinations of short links; what is left out has a default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Utm {
    /// `utm_source`; `whatsapp` when left out.
    pub source: Option<String>,
    /// `utm_medium`; the template's category when left out.
    pub medium: Option<String>,
    /// `utm_campaign`; the campaign's name, in small letters with hyphens, when left out.
    pub campaign: Option<String>,
}

impl Utm {
    /// Adds what a destination has not yet: what the shop itself wrote stays, and so does the
    /// fragment. `category` is the template's, `name` the campaign's, `button` the link's place.
    pub fn add(&self, url: &mut Url, category: &str, name: &str, button: &str) {
        let own = |value: &Option<String>| value.as_deref().map(|text| text.trim().to_owned());
        let all = [
            (
                "utm_source",
                own(&self.source).unwrap_or_else(|| "whatsapp".to_owned()),
            ),
            (
                "utm_medium",
                own(&self.medium).unwrap_or_else(|| category.to_owned()),
            ),
            (
                "utm_campaign",
                own(&self.campaign).unwrap_or_else(|| slug(name)),
            ),
            ("utm_content", button.to_owned()),
        ];
        let known: Vec<String> = url
            .query_pairs()
            .map(|(key, _)| key.to_ascii_lowercase())
            .collect();
        let new: Vec<_> = all
            .into_iter()
            .filter(|(key, value)| !value.is_empty() && !known.iter().any(|known| known == key))
            .collect();
        if !new.is_empty() {
            url.query_pairs_mut().extend_pairs(new);
        }
    }

    /// What is wrong with them.
    pub(super) fn problems(&self) -> Vec<Problem> {
        [
            ("source", &self.source),
            ("medium", &self.medium),
            ("campaign", &self.campaign),
        ]
        .into_iter()
        .filter(|(_, value)| {
            value
                .as_ref()
                .is_some_and(|text| text.trim().is_empty() || text.trim().chars().count() > LONGEST)
        })
        .map(|(name, _)| {
            let message =
                format!("write 1 to {LONGEST} characters, or null for what stands by default");
            Problem::new(format!("settings.utm.{name}"), "out_of_range", message)
                .with("least", 1)
                .with("most", 100)
        })
        .collect()
    }
}

/// A name as one writes it in an address: small letters, digits and hyphens.
fn slug(name: &str) -> String {
    let folded = fold(name);
    let words: Vec<&str> = folded
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.join("-").chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(utm: &Utm, url: &str) -> String {
        let mut url = Url::parse(url).unwrap();
        utm.add(&mut url, "marketing", "Spring sale: 20 % off!", "1");
        url.into()
    }

    #[test]
    fn what_the_shop_wrote_stays() {
        let plain = Utm::default();
        assert_eq!(
            added(&plain, "https://shop.example/sale"),
            "https://shop.example/sale?utm_source=whatsapp&utm_medium=marketing&utm_campaign=spring-sale-20-off&utm_content=1"
        );
        assert_eq!(
            added(
                &plain,
                "https://shop.example/sale?a=b%20c&utm_source=app#top"
            ),
            "https://shop.example/sale?a=b%20c&utm_source=app&utm_medium=marketing&utm_campaign=spring-sale-20-off&utm_content=1#top"
        );
        let own = Utm {
            medium: Some("chat & more".to_owned()),
            ..Utm::default()
        };
        assert!(added(&own, "https://shop.example/").contains("utm_medium=chat+%26+more"));
        let all = "https://shop.example/?UTM_SOURCE=a&utm_medium=b&utm_campaign=c&utm_content=d";
        assert_eq!(added(&plain, all), all);
    }

    #[test]
    fn an_empty_parameter_is_refused() {
        let utm = Utm {
            source: Some(" ".to_owned()),
            campaign: Some("a".repeat(101)),
            ..Utm::default()
        };
        let fields: Vec<_> = utm.problems().into_iter().map(|p| p.field).collect();
        assert_eq!(fields, ["settings.utm.source", "settings.utm.campaign"]);
    }
}
