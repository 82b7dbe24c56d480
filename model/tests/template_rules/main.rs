//! Each rule of Meta's on templates, broken once; and templates that break none.

mod cases;

use serde_json::{Value, json};
use wigwag_model::template_rules::{Draft, Problem, check};

use cases::{Meta, cases};

fn draft(value: &Value) -> Draft {
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    Draft {
        name: text("name"),
        language: text("language"),
        category: text("category"),
        parameter_format: text("parameter_format"),
        components: value["components"].clone(),
        ttl_seconds: value["ttl_seconds"].as_i64(),
    }
}

fn found(value: &Value) -> Vec<Problem> {
    check(&draft(value))
}

#[test]
fn each_rule_names_its_field_and_good_templates_pass() {
    for case in cases() {
        let problems = found(&case.draft);
        match case.wanted {
            None => assert_eq!(problems, [], "{}", case.name),
            Some((code, field)) => {
                let named = problems
                    .iter()
                    .any(|problem| problem.code == code && problem.field == field);
                assert!(named, "{code} on {field}: {problems:?}");
                assert!(!problems.is_empty() && case.meta != Meta::Takes);
            }
        }
    }
}

#[test]
fn one_fault_is_said_once() {
    // Some faults bring others along: a text that is missing, components that cannot be read.
    for case in cases() {
        let problems = found(&case.draft);
        let mut seen: Vec<_> = problems.iter().map(|one| (&one.field, one.code)).collect();
        seen.dedup();
        assert_eq!(seen.len(), problems.len(), "{}: {problems:?}", case.name);
    }
}

#[test]
fn figures_belong_to_the_words() {
    let long = json!({"name": "a", "language": "en", "category": "marketing", "parameter_format": "positional",
        "components": [{"type": "BODY", "text": "a".repeat(1_100)}]});
    let problems = found(&long);
    assert_eq!(problems[0].code, "body_too_long");
    assert_eq!(
        (&problems[0].params["max"], &problems[0].params["now"]),
        (&json!(1_024), &json!(1_100))
    );
    assert_eq!(problems[0].words(), "body too long, max: 1024, now: 1100");
}

#[test]
fn few_words_are_a_warning_with_the_figures_of_the_threshold() {
    let few = json!({"name": "a", "language": "en", "category": "marketing", "parameter_format": "positional",
        "components": [{"type": "BODY", "text": "Hi {{1}}, see you.", "example": {"body_text": [["Asha"]]}},]});
    assert_eq!(found(&few), [], "two words for one variable and one more");
    let fewer = json!({"name": "a", "language": "en", "category": "marketing", "parameter_format": "positional",
        "components": [{"type": "BODY", "text": "Hi {{1}}, bye.", "example": {"body_text": [["Asha"]]}},]});
    let problems = found(&fewer);
    assert!(!problems[0].is_error());
    assert_eq!(problems[0].params["wanted"], 3);
}

#[test]
fn anything_may_be_checked() {
    // What a half-written form sends must never be more than a list of problems.
    for components in [
        json!(null),
        json!([null, 1, "a", [], {}]),
        json!([{"type": "BUTTONS", "buttons": [null, {"type": 3}]}, {"type": "BODY", "text": 4}]),
        json!([{"type": "CAROUSEL", "cards": [null, {"components": "x"}]}]),
        json!([{"type": "BODY", "text": "{{{{}}}} {{ {{1}} }} }}{{", "example": {"body_text": {"a": 1}}}]),
    ] {
        let value = json!({"name": "a", "language": "en", "category": "marketing",
            "parameter_format": "positional", "components": components});
        assert!(!found(&value).is_empty(), "{components}");
        let mut code = value.clone();
        code["category"] = "authentication".into();
        assert!(!found(&code).is_empty());
    }
}
