//! Bodies and footers.

use serde_json::Value;

use super::limits;
use super::problem::{Problem, Problems};
use super::variables::{self, Phrase};

pub(super) fn check(path: &str, body: &Value, named: bool, max: usize, problems: &mut Problems) {
    let field = format!("{path}.text");
    let text = body["text"].as_str().unwrap_or_default();
    if text.trim().is_empty() {
        problems.error(field, "body_required");
        return;
    }
    problems.at_most(&field, "body_too_long", text, max);
    let example = &body["example"];
    let count = Phrase {
        field: &field,
        text,
        named,
        examples: variables::positional(&example["body_text"]),
        named_examples: variables::by_name(&example["body_text_named_params"]),
        example_field: format!("{path}.example"),
    }
    .check(problems);
    if !variables::braces_match(text) {
        return;
    }
    let trimmed = text.trim();
    if trimmed.starts_with("{{") {
        problems.error(&field, "body_starts_with_variable");
    }
    if trimmed.ends_with("}}") {
        problems.error(&field, "body_ends_with_variable");
    }
    if variables::adjacent(text) {
        problems.error(&field, "variables_adjacent");
    }
    let (words, wanted) = (variables::words(text), limits::words_wanted(count));
    if words < wanted {
        problems.add(
            Problem::warning(field, "body_too_few_words")
                .with("variables", count)
                .with("words", words)
                .with("wanted", wanted),
        );
    }
}

pub(super) fn check_footer(path: &str, footer: &Value, problems: &mut Problems) {
    let field = format!("{path}.text");
    let text = footer["text"].as_str().unwrap_or_default();
    if text.trim().is_empty() {
        problems.error(field, "footer_text_required");
        return;
    }
    problems.at_most(&field, "footer_too_long", text, limits::FOOTER);
    if text.contains("{{") || text.contains("}}") {
        problems.error(field, "footer_variables");
    }
}
