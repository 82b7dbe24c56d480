//! The variables of one text: their braces, their names, their order, their examples.

use serde_json::Value;

use super::problem::{Problem, Problems};
use crate::template::places;

/// What is checked about the variables of a text.
pub(super) struct Phrase<'a> {
    /// Path of the text.
    pub(super) field: &'a str,
    /// The text.
    pub(super) text: &'a str,
    /// Whether the template's variables are named.
    pub(super) named: bool,
    /// The examples that came with it, in order.
    pub(super) examples: Vec<String>,
    /// Examples by name.
    pub(super) named_examples: Vec<(String, String)>,
    /// Path of the examples.
    pub(super) example_field: String,
}

impl Phrase<'_> {
    /// Notes what is wrong; returns how many variables there are.
    pub(super) fn check(&self, problems: &mut Problems) -> usize {
        if !braces_match(self.text) {
            problems.error(self.field, "braces_mismatched");
            return places(self.text).len();
        }
        let all = occurrences(self.text);
        let names = places(self.text);
        if all.iter().any(String::is_empty) {
            problems.error(self.field, "variable_empty");
        }
        if self.named {
            self.check_named(&all, &names, problems);
        } else {
            self.check_positional(&names, problems);
        }
        for (at, name) in names.iter().enumerate() {
            if self.example(at, name).is_none() {
                problems.add(
                    Problem::error(self.example_field.clone(), "example_required")
                        .with("variable", name.as_str()),
                );
            }
        }
        names.len()
    }

    fn check_named(&self, all: &[String], names: &[String], problems: &mut Problems) {
        for name in names {
            if !is_variable_name(name) {
                problems.add(
                    Problem::error(self.field, "variable_name").with("variable", name.as_str()),
                );
            } else if name.bytes().all(|byte| byte.is_ascii_digit()) {
                problems.add(
                    Problem::error(self.field, "variable_not_named")
                        .with("variable", name.as_str()),
                );
            } else if all.iter().filter(|other| *other == name).count() > 1 {
                problems.add(
                    Problem::error(self.field, "variable_repeated").with("variable", name.as_str()),
                );
            }
        }
    }

    /// Positional variables run 1, 2, 3 … in the order in which they first appear.
    fn check_positional(&self, names: &[String], problems: &mut Problems) {
        for (at, name) in names.iter().enumerate() {
            if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_digit()) {
                problems.add(
                    Problem::error(self.field, "variable_not_positional")
                        .with("variable", name.as_str()),
                );
                return;
            }
            if *name != (at + 1).to_string() {
                problems.add(
                    Problem::error(self.field, "variables_not_consecutive")
                        .with("variable", name.as_str())
                        .with("expected", at + 1),
                );
                return;
            }
        }
    }

    fn example(&self, at: usize, name: &str) -> Option<&str> {
        let found = if self.named {
            self.named_examples
                .iter()
                .find(|(of, _)| of == name)
                .map(|(_, example)| example.as_str())
        } else {
            self.examples.get(at).map(String::as_str)
        };
        found.filter(|example| !example.trim().is_empty())
    }
}

/// Small letters, digits and underscores.
fn is_variable_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether every `{{` is closed by a `}}` before the next, and no single brace of a pair stands around.
pub(super) fn braces_match(text: &str) -> bool {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, tail)) = after.split_once("}}") else {
            return false;
        };
        if name.contains(['{', '}']) || before.contains("}}") || tail.starts_with('}') {
            return false;
        }
        rest = tail;
    }
    !rest.contains("}}")
}

/// What stands between double braces, each time that it does.
pub(super) fn occurrences(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((name, tail)) = after.split_once("}}") else {
            break;
        };
        names.push(name.trim().to_owned());
        rest = tail;
    }
    names
}

/// Whether two variables stand side by side, with nothing but space between them.
pub(super) fn adjacent(text: &str) -> bool {
    let joined: String = text.split_whitespace().collect();
    joined.contains("}}{{")
}

/// The words of a text that are not variables.
pub(super) fn words(text: &str) -> usize {
    crate::template::fill(text, |_| Some(" ".to_owned()))
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .count()
}

/// Positional examples in the forms that Meta's pages show: `[["a"]]`, `["a"]`, `"a"`.
pub(super) fn positional(examples: &Value) -> Vec<String> {
    let list = match examples {
        Value::Array(all) => match all.first() {
            Some(Value::Array(first)) => first.as_slice(),
            _ => all.as_slice(),
        },
        Value::Null => &[],
        single => std::slice::from_ref(single),
    };
    list.iter()
        .map(|example| example.as_str().unwrap_or_default().to_owned())
        .collect()
}

/// Named examples: `[{"param_name": "a", "example": "b"}]`.
pub(super) fn by_name(examples: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    examples
        .as_array()
        .into_iter()
        .flatten()
        .map(|example| (text(&example["param_name"]), text(&example["example"])))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces() {
        for (text, good) in [
            ("Hello {{1}}, dear {{2}}", true),
            ("Set {a, b} of {{1}}", true),
            ("Hello {{1}", false),
            ("Hello {1}}", false),
            ("Hello {{{1}}}", false),
            ("Hello {{1}} and {{2", false),
            ("Hello }} {{1}}", false),
        ] {
            assert_eq!(braces_match(text), good, "{text}");
        }
    }

    #[test]
    fn words_are_counted_without_variables() {
        assert_eq!(words("Hello {{1}}, your order {{2}} is here."), 5);
        assert_eq!(words("{{1}} – {{2}}!"), 0);
    }
}
