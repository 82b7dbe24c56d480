//! The filters that are measured, and whom each of them finds, computed from the people themselves.

use super::people::{ORDER, Person};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;

const FILTERS: &str = include_str!("filters.json");

/// The filter of the saved segment, which `saved-within` asks for.
pub(super) const SEGMENT: &str = r#"{"any": [{"trait": {"key": "plan", "is": {"eq": "gold"}}}, {"all": [
    {"trait": {"key": "plan", "is": {"eq": "silver"}}}, {"tag": "newsletter"}, {"field": {"name": "country", "is": {"eq": "IN"}}}]}]}"#;

/// A filter with the share of the people whom it finds.
#[derive(Deserialize)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) share: f64,
    filter: Value,
}

impl Named {
    /// All of them, in the order of the file.
    pub(super) fn all() -> Result<Vec<Self>> {
        serde_json::from_str(FILTERS).context("filters.json")
    }

    /// As it is asked: names of what was planted are replaced by their ids.
    pub(super) fn filter(&self, campaign: &str, segment: &str) -> Result<Value> {
        let text = self.filter.to_string();
        let text = text
            .replace("$campaign", campaign)
            .replace("$segment", segment);
        Ok(serde_json::from_str(&text)?)
    }

    /// Whether it finds somebody.
    pub(super) fn finds(&self, person: &Person) -> Result<bool> {
        let tag = |tag: &str| person.tags.contains(&tag);
        let agreed = person.agreed == Some(true);
        Ok(match self.name.as_str() {
            "rare-tag" => tag("beta"),
            "usual-tag" => tag("active"),
            "agreed" => agreed,
            "never-asked" => person.agreed.is_none(),
            "name-begins" => person.name.starts_with("Asha"),
            "city-contains" => ["Jaipur", "Nagpur", "Kanpur"].contains(&person.city),
            "interest" => person.interests.contains(&"kites"),
            "renews-soon" => person.renews.is_some_and(|days| (0..14).contains(&days)),
            "wrote-lately" => person.talk.as_ref().is_some_and(|talk| talk.days < 30),
            "made-long-ago" => person.made >= 365,
            "ordered-lately" => person.times(ORDER, 30) > 0,
            "ordered-often" => person.times(ORDER, 180) >= 3,
            "never-ordered" => person.times(ORDER, i64::MAX) == 0,
            "dear-order" => person.done.iter().any(|done| {
                done.name == ORDER
                    && done.days < 30
                    && done.amount > 4_000
                    && done.coupon == Some("DIWALI")
            }),
            "waiting" => person
                .talk
                .as_ref()
                .is_some_and(|talk| talk.status == "open" && talk.unread),
            "cart-left" => {
                person.times("Added To Cart", 7) > 0 && person.times(ORDER, 7) == 0 && agreed
            }
            "campaign-answered" => person.campaign == Some(true),
            "saved-within" => {
                let silver = person.plan == "silver" && tag("newsletter") && person.country == "IN";
                (person.plan == "gold" || silver) && !tag("wholesale")
            }
            "nor-nor" => person.agreed != Some(false) && person.times("Refund Asked", 180) == 0,
            "three-deep" => {
                let spender = person.spent.is_some_and(|spent| spent >= 9_000)
                    && !tag("wholesale")
                    && person.country == "IN";
                (["Pune", "Goa", "Jaipur"].contains(&person.city) || spender)
                    && agreed
                    && person.times(ORDER, 90) == 0
            }
            other => bail!("nobody knows whom the filter {other} finds"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_filter_finds_the_share_that_it_states() {
        const PEOPLE: u64 = 40_000;
        let named = Named::all().unwrap();
        assert_eq!(named.len(), 20);
        let people: Vec<Person> = (0..PEOPLE)
            .map(|number| Person::new(number, PEOPLE))
            .collect();
        for filter in &named {
            let found = people
                .iter()
                .filter(|one| filter.finds(one).unwrap())
                .count();
            let share = found as f64 / PEOPLE as f64;
            let off = (share - filter.share).abs() / filter.share;
            assert!(
                off < 0.25,
                "{}: {share} and not {}",
                filter.name,
                filter.share
            );
        }
    }
}
