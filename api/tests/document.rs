//! Holds `api/openapi.json` to the code: the file is what clients are generated from, the
//! console's among them, so a change of the API shows in it and is read before it is accepted.

use std::path::Path;

/// Set to write the file instead of comparing it.
const ACCEPT: &str = "WIGWAG_ACCEPT";

#[test]
fn the_document_in_the_tree_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let mut made = wigwag_api::document()
        .to_pretty_json()
        .expect("the document is JSON");
    made.push('\n');
    if std::env::var_os(ACCEPT).is_some() {
        std::fs::write(&path, &made).expect("api/openapi.json can be written");
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if let Some((line, (kept, made))) = first_difference(&kept, &made) {
        panic!(
            "api/openapi.json is not what the code says, first in line {line}:\n  file: {kept}\n  code: {made}\n\
             Read the change, then accept it: {ACCEPT}=1 cargo test -p wigwag-api --test document && \
             npm --prefix web run schema"
        );
    }
}

/// Operations have names that stay and that say what they do; the names are unique.
#[test]
fn every_operation_has_a_name_of_its_own_a_summary_and_a_tag() {
    let document = serde_json::to_value(wigwag_api::document()).expect("the document is JSON");
    let mut names = std::collections::HashSet::new();
    let paths = document["paths"].as_object().expect("there are paths");
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("a path has operations") {
            let name = operation["operationId"].as_str().unwrap_or_default();
            assert!(!name.is_empty(), "{method} {path} has no operationId");
            assert!(names.insert(name.to_owned()), "{name} is there twice");
            assert!(
                operation["summary"].is_string() || operation["description"].is_string(),
                "{name} has no summary"
            );
            assert!(operation["tags"][0].is_string(), "{name} has no tag");
        }
    }
}

fn first_difference<'a>(kept: &'a str, made: &'a str) -> Option<(usize, (&'a str, &'a str))> {
    let (mut kept, mut made) = (kept.lines(), made.lines());
    (1..usize::MAX)
        .map(|line| (line, (kept.next(), made.next())))
        .take_while(|(_, pair)| *pair != (None, None))
        .find(|(_, (kept, made))| kept != made)
        .map(|(line, (kept, made))| {
            let end = "(the end)";
            (line, (kept.unwrap_or(end), made.unwrap_or(end)))
        })
}
