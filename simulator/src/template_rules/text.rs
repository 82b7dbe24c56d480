//! Texts: headers, bodies, footers, and the variables in them.

use serde_json::Value;

use super::{Check, too_long, wrong_format};
use crate::graph::error::GraphError;
use crate::template::{component, variables};

const HEADER: (i64, &str) = (2_388_047, "header");
const BODY: (i64, &str) = (2_388_072, "body");
const FOOTER: (i64, &str) = (2_388_073, "footer");

/// A text with its place and its examples.
struct Words<'a> {
    part: (i64, &'static str),
    text: &'a str,
    named: bool,
    example: &'a Value,
}

pub(super) fn header(components: &Value, named: bool) -> Check {
    let Some(header) = component(components, "HEADER") else {
        return Ok(());
    };
    let format = header["format"].as_str().unwrap_or("TEXT").to_uppercase();
    match format.as_str() {
        "TEXT" => text_header(header, named),
        "IMAGE" | "VIDEO" | "DOCUMENT" | "GIF" => {
            let handles = header["example"]["header_handle"].as_array();
            if handles.is_some_and(|handles| !handles.is_empty()) {
                return Ok(());
            }
            Err(GraphError::management(
                2_388_273,
                "Missing sample for media header",
                format!("A header of format {format} needs example.header_handle."),
            ))
        }
        "LOCATION" | "PRODUCT" => Ok(()),
        other => Err(GraphError::parameter(format!(
            "Header format {other} is not one of TEXT, IMAGE, VIDEO, DOCUMENT, LOCATION"
        ))),
    }
}

fn text_header(header: &Value, named: bool) -> Check {
    let text = header["text"].as_str().unwrap_or_default();
    if text.trim().is_empty() {
        return wrong_format(HEADER, "The header needs a text.");
    }
    too_long("header", text, 60)?;
    let mut outside = String::new();
    for (at, piece) in text.split("{{").enumerate() {
        let after = if at == 0 {
            piece
        } else {
            piece.split_once("}}").map_or(piece, |(_, after)| after)
        };
        outside.push_str(after);
    }
    if outside.contains(['\n', '\r', '*', '_', '~', '`']) || outside.chars().any(is_emoji) {
        return wrong_format(
            HEADER,
            "The header can't have new lines, formatting characters, emojis or asterisks.",
        );
    }
    let words = Words {
        part: HEADER,
        text,
        named,
        example: &header["example"],
    };
    let names = words.check()?;
    if names.len() > 1 {
        return wrong_format(HEADER, "The header can have one variable.");
    }
    Ok(())
}

/// Pictures, by the blocks that Unicode keeps them in.
fn is_emoji(c: char) -> bool {
    let code = u32::from(c);
    (0x1F000..0x1FB00).contains(&code)
        || (0x2600..=0x27BF).contains(&code)
        || (0x2B00..=0x2BFF).contains(&code)
        || (0x2300..=0x23FF).contains(&code)
        || code == 0xFE0F
}

pub(super) fn body(body: &Value, named: bool, max: usize) -> Check {
    let text = body["text"].as_str().unwrap_or_default();
    if text.trim().is_empty() {
        return wrong_format(BODY, "The body needs a text.");
    }
    too_long("body", text, max)?;
    let words = Words {
        part: BODY,
        text,
        named,
        example: &body["example"],
    };
    let names = words.check()?;
    let trimmed = text.trim();
    if trimmed.starts_with("{{") || trimmed.ends_with("}}") {
        return Err(GraphError::management(
            2_388_299,
            "Leading or trailing params not allowed",
            "Variables can't be at the start or end of the template.",
        ));
    }
    // The exact ratio is Meta's secret; this one is generous.
    let plain = text
        .split_whitespace()
        .filter(|word| !word.contains("{{"))
        .count();
    if plain < names.len() {
        return Err(GraphError::management(
            2_388_293,
            "Parameters/words ratio exceeds limit",
            "This template has too many variables for its length. Reduce the number of variables or increase the message length.",
        ));
    }
    Ok(())
}

pub(super) fn footer(components: &Value) -> Check {
    let Some(footer) = component(components, "FOOTER") else {
        return Ok(());
    };
    let text = footer["text"].as_str().unwrap_or_default();
    if text.trim().is_empty() || text.contains("{{") || text.contains("}}") {
        return wrong_format(FOOTER, "The footer needs a text without variables.");
    }
    too_long("footer", text, 60)
}

impl Words<'_> {
    /// Checks braces, names, order and examples; answers the names.
    fn check(&self) -> Result<Vec<String>, GraphError> {
        balanced(self.text).map_err(|why| self.fault(why))?;
        let names = variables(self.text);
        for (expected, name) in (1..).zip(&names) {
            let proper = if self.named {
                let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
                let is_name = name.bytes().any(|b| !b.is_ascii_digit());
                is_name && name.bytes().all(letters) && self.times(name) == 1
            } else {
                *name == i32::to_string(&expected)
            };
            if !proper {
                return Err(self.fault(&format!(
                    "Variable {{{{{name}}}}} is not allowed here; positional variables run from {{{{1}}}} on, named ones have small letters, digits and underscores and appear once."
                )));
            }
        }
        let examples = self.examples(&names);
        if examples < names.len() {
            return Err(self.fault(&format!(
                "The {} has {} variables but {examples} examples.",
                self.part.1,
                names.len()
            )));
        }
        Ok(names)
    }

    fn fault(&self, words: &str) -> GraphError {
        let title = format!("Message {} format is incorrect", self.part.1);
        GraphError::management(self.part.0, &title, words)
    }

    fn times(&self, name: &str) -> usize {
        self.text
            .split("{{")
            .filter_map(|piece| piece.split_once("}}"))
            .filter(|(inside, _)| inside.trim() == name)
            .count()
    }

    /// How many of the variables have an example.
    fn examples(&self, names: &[String]) -> usize {
        let part = self.part.1;
        if self.named {
            let given = self.example[format!("{part}_text_named_params")].as_array();
            let has = |name: &&String| {
                given.into_iter().flatten().any(|one| {
                    one["param_name"] == ***name
                        && one["example"].as_str().is_some_and(|text| !text.is_empty())
                })
            };
            return names.iter().filter(has).count();
        }
        positional(&self.example[format!("{part}_text")])
    }
}

/// Examples of positional variables: a list of lists as documented, or what is taken for it.
fn positional(given: &Value) -> usize {
    match given {
        Value::String(_) => 1,
        Value::Array(all) => match all.first() {
            Some(Value::Array(first)) => first.len(),
            _ => all.len(),
        },
        _ => 0,
    }
}

/// Whether double braces open and close in turns.
pub(super) fn balanced(text: &str) -> Result<(), &'static str> {
    let mut open = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let double = chars.peek() == Some(&c);
        match c {
            '{' if double => {
                chars.next();
                if open || chars.peek() == Some(&'{') {
                    return Err("The text has mismatched curly braces.");
                }
                open = true;
            }
            '}' if double => {
                chars.next();
                if !open || chars.peek() == Some(&'}') {
                    return Err("The text has mismatched curly braces.");
                }
                open = false;
            }
            '{' | '}' if open => return Err("A variable has curly braces in its name."),
            _ => {}
        }
    }
    if open {
        return Err("The text has mismatched curly braces.");
    }
    Ok(())
}
