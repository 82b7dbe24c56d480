//! One result, as a line of JSON for programs or as a line of words for people.

use serde_json::{Map, Value};

/// A result: the benchmark, the variant, and named numbers in the order in which they were added.
pub(super) struct Figure {
    bench: &'static str,
    variant: String,
    names: Vec<(&'static str, String)>,
    numbers: Vec<(&'static str, f64)>,
}

impl Figure {
    pub(super) fn new(bench: &'static str, variant: impl Into<String>) -> Self {
        Self {
            bench,
            variant: variant.into(),
            names: Vec::new(),
            numbers: Vec::new(),
        }
    }

    /// Add a name that tells this result from others of the variant.
    pub(super) fn named(mut self, what: &'static str, name: String) -> Self {
        self.names.push((what, name));
        self
    }

    /// Add a number; the name carries the unit.
    pub(super) fn with(mut self, name: &'static str, value: f64) -> Self {
        self.numbers.push((name, value));
        self
    }

    pub(super) fn print(&self, json: bool) {
        if json {
            println!("{}", Value::Object(self.object()));
        } else {
            println!("{}", self.told());
        }
    }

    /// In words.
    pub(super) fn told(&self) -> String {
        let names = self.names.iter().map(|(_, name)| format!(" {name}"));
        let numbers: Vec<String> = self
            .numbers
            .iter()
            .map(|(name, value)| format!("{name} {}", rounded(*value)))
            .collect();
        format!(
            "{} {}{}: {}",
            self.bench,
            self.variant,
            names.collect::<String>(),
            numbers.join(", ")
        )
    }

    fn object(&self) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("bench".to_owned(), self.bench.into());
        object.insert("variant".to_owned(), self.variant.clone().into());
        for (what, name) in &self.names {
            object.insert((*what).to_owned(), name.clone().into());
        }
        for (name, value) in &self.numbers {
            object.insert((*name).to_owned(), rounded(*value).into());
        }
        object
    }
}

/// Four digits after the point are more than such a measurement knows.
fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_one_flat_object() {
        let figure = Figure::new("ingest", "sqlite")
            .with("per_second", 12_345.678_9)
            .with("ratio", 0.31);
        assert_eq!(
            Value::Object(figure.object()),
            serde_json::json!({ "bench": "ingest", "variant": "sqlite", "per_second": 12345.6789, "ratio": 0.31 })
        );
    }
}
