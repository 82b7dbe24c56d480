//! The parts of a filter that ask what contacts did and how their conversations stand.

use wigwag_model::Timestamp;
use wigwag_model::audience::{
    ConversationTest, Doing, Openness, Property, Range, Side, Test, property_key, view,
};

use super::rows::{Rows, Walk};
use super::statement::{Builder, turned};
use crate::Dialect;

/// The events of contacts who did something so often.
pub(super) fn event(builder: &mut Builder, doing: &Doing) -> Rows {
    let name = builder.bind(&doing.name);
    let mut range = format!("t.name = {name}");
    if let Some(since) = doing.since {
        let since = builder.bind(since);
        range += &format!(" AND t.occurred_at >= {since}");
    }
    let tests: Vec<String> = doing
        .properties
        .iter()
        .map(|test| property(builder, test))
        .collect();
    let passes = (!tests.is_empty()).then(|| tests.join(" AND "));
    let question = match &passes {
        Some(passes) => format!("{range} AND {passes}"),
        None => range.clone(),
    };
    Rows {
        times: doing.at_least,
        walk: Some(Walk { range, passes }),
        ..Rows::new("events t", "events_by_contact", question)
    }
}

/// The condition on an event `t` that some value of a particular passes, in its comparable form. Nearly
/// always there is one value: it is asked first, for walking through a list costs twice as much.
fn property(builder: &mut Builder, test: &Property) -> String {
    let key = property_key(&test.key);
    let name = view(test.kind);
    let passes = match (&test.leaf.test, builder.dialect()) {
        (Test::Present, Dialect::Sqlite) => {
            let path = builder.bind(format!("$.{key}"));
            format!("json_type(t.compared, {path}) IS NOT NULL")
        }
        (Test::Present, Dialect::Postgres) => {
            let key = builder.bind(key);
            format!("(t.compared::jsonb -> {key}::text) IS NOT NULL")
        }
        (test, Dialect::Sqlite) => {
            let path = builder.bind(format!("$.{key}.{name}"));
            let first = builder.bind(format!("$.{key}.{name}[0]"));
            let second = builder.bind(format!("$.{key}.{name}[1]"));
            let first = format!("json_extract(t.compared, {first})");
            let of_first = value(builder, test, &first, &first);
            let of_any = value(builder, test, "v.value", "v.value");
            format!(
                "(COALESCE({of_first}, false) OR (json_extract(t.compared, {second}) IS NOT NULL
                    AND EXISTS (SELECT 1 FROM json_each(t.compared, {path}) v WHERE {of_any})))"
            )
        }
        (test, Dialect::Postgres) => {
            let key = builder.bind(key);
            let at = |place: u8| {
                format!("(t.compared::json #>> ARRAY[{key}::text, '{name}', '{place}'])")
            };
            let (first, second) = (at(0), at(1));
            let text = format!("({first} COLLATE \"C\")");
            let of_first = value(builder, test, &text, &format!("{first}::bigint"));
            let text = "(v.value COLLATE \"C\")";
            let of_any = value(builder, test, text, "v.value::bigint");
            format!(
                "(COALESCE({of_first}, false) OR ({second} IS NOT NULL AND EXISTS (
                    SELECT 1 FROM jsonb_array_elements_text(t.compared::jsonb -> {key}::text -> '{name}') v(value)
                    WHERE {of_any})))"
            )
        }
    };
    // An event without the comparable form has no particulars.
    turned(
        format!("(t.compared IS NOT NULL AND {passes})"),
        test.leaf.negated,
    )
}

fn value(builder: &mut Builder, test: &Test, text: &str, int: &str) -> String {
    match test {
        Test::Texts(_) | Test::Contains(_) | Test::StartsWith(_) => builder.text(text, test),
        Test::Present | Test::Ints(..) | Test::Range(..) | Test::Between(..) => {
            builder.int(int, test)
        }
    }
}

/// The conversations that stand like this.
pub(super) fn conversation(builder: &mut Builder, test: &ConversationTest, now: Timestamp) -> Rows {
    let mut parts = Vec::new();
    if let Some(status) = test.status {
        parts.push(format!("t.status = {}", builder.bind(status.as_str())));
    }
    if let Some(unread) = test.unread {
        parts.push(
            if unread {
                "t.unread_count > 0"
            } else {
                "t.unread_count = 0"
            }
            .to_owned(),
        );
    }
    if let Some(assigned) = test.assigned {
        parts.push(format!(
            "t.assignee_id IS {}NULL",
            if assigned { "NOT " } else { "" }
        ));
    }
    if let Some(window) = test.window {
        let range = match window {
            Openness::Open => Range::Gt,
            Openness::Closed => Range::Lte,
        };
        let limit = Test::Range(Side::At, range, now.as_micros());
        let closes = format!("COALESCE(t.window_closes_at, {})", i64::MIN);
        parts.push(builder.int(&closes, &limit));
    }
    if let Some(number) = test.number {
        parts.push(format!("t.number_id = {}", builder.bind(number)));
    }
    let rows = Rows::new(
        "conversations t",
        "sqlite_autoindex_conversations_2",
        parts.join(" AND "),
    );
    // With each number a contact has one conversation at most.
    Rows {
        once: test.number.is_some(),
        ..rows
    }
}
