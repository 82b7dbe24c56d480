//! What is wrong with a draft: where, a stable code, and the figures that belong into its words.

use serde::Serialize;
use serde_json::{Map, Value};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Meta refuses it.
    Error,
    /// Meta may refuse it: the rule is known, its exact figure is not.
    Warning,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Problem {
    /// Where: `name`, `components.body.text`, `components.buttons[0].url`.
    pub field: String,
    /// A stable code: `body_too_long`.
    pub code: &'static str,
    /// Whether Meta refuses it or may.
    pub severity: Severity,
    /// Figures and names: `max`, `now`, `variable`, ….
    pub params: Map<String, Value>,
}

impl Problem {
    /// Something that Meta refuses.
    pub fn error(field: impl Into<String>, code: &'static str) -> Self {
        Self {
            field: field.into(),
            code,
            severity: Severity::Error,
            params: Map::new(),
        }
    }

    /// Something that Meta may refuse.
    pub fn warning(field: impl Into<String>, code: &'static str) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(field, code)
        }
    }

    /// Adds a figure or a name.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// Whether Meta refuses it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// One line for developers and logs; consoles have words of their own for the code.
    pub fn words(&self) -> String {
        let mut words = self.code.replace('_', " ");
        for (name, value) in &self.params {
            let shown = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            words.push_str(&format!(", {name}: {shown}"));
        }
        words
    }
}

/// The problems of a draft while they are gathered.
#[derive(Debug, Default)]
pub(super) struct Problems(pub(super) Vec<Problem>);

impl Problems {
    /// Notes a problem.
    pub(super) fn add(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Notes that Meta refuses a field.
    pub(super) fn error(&mut self, field: impl Into<String>, code: &'static str) {
        self.add(Problem::error(field, code));
    }

    /// Notes a text with more than `max` characters.
    pub(super) fn at_most(
        &mut self,
        field: impl Into<String>,
        code: &'static str,
        text: &str,
        max: usize,
    ) {
        let now = text.chars().count();
        if now > max {
            self.add(
                Problem::error(field, code)
                    .with("max", max)
                    .with("now", now),
            );
        }
    }
}
