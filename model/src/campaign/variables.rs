//! What a template's variables say to whom.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Links, Problem};
use crate::template::Variable;

/// From where a variable's value comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// A trait of the person.
    Trait {
        /// Its key.
        key: String,
        /// What stands where the person has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fallback: Option<String>,
    },
    /// A field of the contact: `name`, `first_name`, `phone`, `email`, `country`.
    Field {
        /// Its name.
        key: String,
        /// What stands where the person has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fallback: Option<String>,
    },
    /// A column of the audience's list.
    Column {
        /// Its heading.
        key: String,
        /// What stands where the row has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fallback: Option<String>,
    },
    /// The same for everybody.
    Constant {
        /// The value.
        value: String,
    },
}

/// The fields that [`Source::Field`] may name.
const FIELDS: &[&str] = &["name", "first_name", "phone", "email", "country"];

/// Most characters of a value.
const LONGEST: usize = 1_024;

/// What of a person values come from.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// The name to show.
    pub name: Option<&'a str>,
    /// E.164.
    pub phone: Option<&'a str>,
    /// E-mail address.
    pub email: Option<&'a str>,
    /// ISO 3166 alpha-2.
    pub country: Option<&'a str>,
    /// Traits by key.
    pub traits: &'a BTreeMap<String, Value>,
    /// The row of the audience's list, by heading.
    pub columns: &'a BTreeMap<String, String>,
}

/// The mapping of a template's variables.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Variables(pub BTreeMap<String, Source>);

/// The values for one person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Resolved {
    /// Values by variable.
    pub values: BTreeMap<String, String>,
    /// Variables that stay empty.
    pub missing: Vec<String>,
    /// Short links whose value is no address.
    pub invalid_links: Vec<String>,
}

impl Source {
    fn fallback(&self) -> Option<&str> {
        match self {
            Self::Trait { fallback, .. }
            | Self::Field { fallback, .. }
            | Self::Column { fallback, .. } => fallback.as_deref(),
            Self::Constant { .. } => None,
        }
    }

    fn value(&self, person: &Person<'_>) -> Option<String> {
        let stated = match self {
            Self::Constant { value } => Some(value.clone()),
            Self::Trait { key, .. } => person.traits.get(key).and_then(text),
            Self::Column { key, .. } => person.columns.get(key).cloned(),
            Self::Field { key, .. } => match key.as_str() {
                "name" => person.name.map(str::to_owned),
                "first_name" => person
                    .name
                    .and_then(|name| name.split_whitespace().next())
                    .map(str::to_owned),
                "phone" => person.phone.map(str::to_owned),
                "email" => person.email.map(str::to_owned),
                "country" => person.country.map(str::to_owned),
                _ => None,
            },
        };
        stated
            .as_deref()
            .and_then(tidy)
            .or_else(|| self.fallback().and_then(tidy))
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// A value as Meta takes it: no line breaks, tabs or long gaps (Meta: Template parameters); `None`
/// when nothing is left.
fn tidy(value: &str) -> Option<String> {
    let words: Vec<&str> = value.split_whitespace().collect();
    let joined = words.join(" ");
    if joined.is_empty() {
        return None;
    }
    Some(joined)
}

impl Variables {
    /// The values for a person. That of a short link is its destination.
    pub fn resolve(&self, person: &Person<'_>, links: &Links) -> Resolved {
        let mut resolved = Resolved::default();
        for (key, source) in &self.0 {
            match source.value(person) {
                // An address that was cut off would lead elsewhere.
                Some(value) if links.contains(key) => match links.destination(&value) {
                    Some(url) => {
                        resolved.values.insert(key.clone(), url.into());
                    }
                    None => resolved.invalid_links.push(key.clone()),
                },
                Some(value) => {
                    let value = value.chars().take(LONGEST).collect();
                    resolved.values.insert(key.clone(), value);
                }
                None => resolved.missing.push(key.clone()),
            }
        }
        resolved
    }

    /// What does not fit the template. `columns` says whether the audience has a list.
    pub fn problems(&self, wanted: &[Variable], columns: bool, links: &Links) -> Vec<Problem> {
        let mut found = Vec::new();
        for variable in wanted {
            if !self.0.contains_key(&variable.key) {
                found.push(Problem::new(
                    format!("variables.{}", variable.key),
                    "unmapped",
                    "say where the value of this variable comes from",
                ));
            }
        }
        for (key, source) in &self.0 {
            let field = format!("variables.{key}");
            if !wanted.iter().any(|variable| variable.key == *key) {
                found.push(Problem::new(
                    field,
                    "unknown",
                    "the template has no such variable",
                ));
                continue;
            }
            let fixed = match source {
                Source::Constant { value } => tidy(value),
                other => other.fallback().and_then(tidy),
            };
            if let Some(fixed) = fixed
                && links.contains(key)
                && links.destination(&fixed).is_none()
            {
                found.push(Problem::new(field, "invalid_link", links.mend()));
                continue;
            }
            match source {
                Source::Constant { value } if tidy(value).is_none() => {
                    found.push(Problem::new(
                        field,
                        "required",
                        "give this variable a value",
                    ));
                }
                Source::Field { key, .. } if !FIELDS.contains(&key.as_str()) => {
                    found.push(Problem::new(
                        field,
                        "unknown_field",
                        format!("choose among {}", FIELDS.join(", ")),
                    ));
                }
                Source::Trait { key, .. } if key.trim().is_empty() => {
                    found.push(Problem::new(field, "required", "name the trait"));
                }
                Source::Column { .. } if !columns => {
                    found.push(Problem::new(
                        field,
                        "no_list",
                        "columns come from a list, or from the event that starts an on-going campaign: choose one",
                    ));
                }
                _ => {}
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Variables {
        serde_json::from_str(text).unwrap()
    }

    fn person<'a>(
        traits: &'a BTreeMap<String, Value>,
        columns: &'a BTreeMap<String, String>,
    ) -> Person<'a> {
        Person {
            name: Some("Asha Rao"),
            phone: Some("+919800000001"),
            email: None,
            country: Some("IN"),
            traits,
            columns,
        }
    }

    #[test]
    fn values_come_from_where_they_are_mapped_to() {
        let variables = read(
            r#"{"body.1": {"from": "trait", "key": "city", "fallback": "your city"},
                "body.2": {"from": "field", "key": "first_name"},
                "body.3": {"from": "column", "key": "Code"},
                "body.4": {"from": "constant", "value": " 20 %\n off "},
                "body.5": {"from": "trait", "key": "points"}}"#,
        );
        let traits = BTreeMap::from([
            ("city".to_owned(), json!(" ")),
            ("points".to_owned(), json!(12)),
        ]);
        let row = BTreeMap::from([("Code".to_owned(), "K7".to_owned())]);
        let resolved = variables.resolve(&person(&traits, &row), &Links::default());
        let values: Vec<_> = resolved.values.values().map(String::as_str).collect();
        assert_eq!(values, ["your city", "Asha", "K7", "20 % off", "12"]);
        assert!(resolved.missing.is_empty());
    }

    #[test]
    fn what_has_neither_value_nor_fallback_is_missing() {
        let variables = read(
            r#"{"body.1": {"from": "field", "key": "email", "fallback": " "},
                "body.2": {"from": "column", "key": "Code"}}"#,
        );
        let resolved = variables.resolve(
            &person(&BTreeMap::new(), &BTreeMap::new()),
            &Links::default(),
        );
        assert_eq!(resolved.missing, ["body.1", "body.2"]);
    }

    #[test]
    fn the_mapping_is_held_to_the_template() {
        let wanted = |key: &str| Variable {
            key: key.to_owned(),
            component: "body",
            example: None,
        };
        let variables = read(
            r#"{"body.1": {"from": "field", "key": "shoe_size"},
                "body.3": {"from": "column", "key": "Code"},
                "body.9": {"from": "constant", "value": "x"}}"#,
        );
        let found = variables.problems(
            &[wanted("body.1"), wanted("body.2"), wanted("body.3")],
            false,
            &Links::default(),
        );
        let codes: Vec<_> = found.iter().map(|p| (p.field.as_str(), p.code)).collect();
        assert_eq!(
            codes,
            [
                ("variables.body.2", "unmapped"),
                ("variables.body.1", "unknown_field"),
                ("variables.body.3", "no_list"),
                ("variables.body.9", "unknown"),
            ]
        );
        let text = r#"{"body.1":{"from":"trait","key":"first_name","fallback":"there"}}"#;
        assert_eq!(serde_json::to_string(&read(text)).unwrap(), text);
    }

    #[test]
    fn a_short_links_value_is_an_address() {
        let components = json!([{"type": "BUTTONS", "buttons": [
            {"type": "URL", "text": "Shop", "url": "https://wigwag.example/l/{{1}}"}]}]);
        let links = Links::of("https://wigwag.example", &components);
        let wanted = crate::template::variables(&components, false);
        let of = |text: &str| read(&format!(r#"{{"button.0.url": {text}}}"#));
        let codes = |text: &str| -> Vec<_> {
            let found = of(text).problems(&wanted, true, &links);
            found.into_iter().map(|p| (p.field, p.code)).collect()
        };
        let wrong = [("variables.button.0.url".to_owned(), "invalid_link")];
        assert_eq!(codes(r#"{"from": "constant", "value": "A17"}"#), wrong);
        assert_eq!(
            codes(r#"{"from": "trait", "key": "cart", "fallback": "shop"}"#),
            wrong
        );
        assert!(codes(r#"{"from": "constant", "value": "https://shop.example/sale"}"#).is_empty());
        let traits = |value: &str| BTreeMap::from([("cart".to_owned(), json!(value))]);
        let variables = of(r#"{"from": "trait", "key": "cart"}"#);
        let none = BTreeMap::new();
        let long = format!("https://shop.example/{}", "a".repeat(1_500));
        let right = variables.resolve(&person(&traits(&long), &none), &links);
        assert_eq!(right.values["button.0.url"], long, "nothing is cut off");
        let bad = variables.resolve(&person(&traits("A17"), &none), &links);
        assert_eq!(bad.invalid_links, ["button.0.url"]);
        assert!(bad.values.is_empty() && bad.missing.is_empty());
    }
}
