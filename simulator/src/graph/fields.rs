//! `?fields=a,b{c,d}`: choosing what a node shows. `id` is always there.

use serde_json::{Map, Value, json};

use super::error::GraphError;

/// A field that was asked for, with what was asked inside it.
#[derive(Debug, PartialEq)]
struct Field<'a> {
    name: &'a str,
    inner: Option<&'a str>,
}

/// Splits at commas outside of braces and brackets.
fn parse(text: &str) -> Vec<Field<'_>> {
    let mut fields = Vec::new();
    let mut depth = 0_i32;
    let mut start = 0;
    for (index, c) in text.char_indices() {
        match c {
            '{' | '(' => depth += 1,
            '}' | ')' => depth -= 1,
            ',' if depth == 0 => {
                fields.push(field(&text[start..index]));
                start = index + 1;
            }
            _ => {}
        }
    }
    fields.push(field(&text[start..]));
    fields.retain(|field| !field.name.is_empty());
    fields
}

fn field(text: &str) -> Field<'_> {
    let text = text.trim();
    let name_end = text.find(['{', '.', '(']).unwrap_or(text.len());
    let inner = text
        .find('{')
        .map(|open| text[open + 1..].trim_end_matches('}'));
    Field {
        name: &text[..name_end],
        inner,
    }
}

/// The node with the fields that were asked for, or its default fields.
///
/// `known` are fields that exist but have no value here; others are refused as Graph does.
pub(crate) fn select(
    mut node: Value,
    fields: Option<&str>,
    default: &[&str],
    known: &[&str],
    node_type: &str,
) -> Result<Value, GraphError> {
    let mut chosen = Map::new();
    let mut take = |name: &str, inner: Option<&str>| {
        if let Some(value) = node
            .get_mut(name)
            .map(Value::take)
            .filter(|value| !value.is_null())
        {
            chosen.insert(name.to_owned(), narrow(value, inner));
        }
    };
    match fields.filter(|fields| !fields.trim().is_empty()) {
        None => default.iter().for_each(|name| take(name, None)),
        Some(fields) => {
            for field in parse(fields) {
                let has = node.get(field.name).is_some();
                if !has && field.name != "id" && !known.contains(&field.name) {
                    return Err(GraphError::parameter(format!(
                        "Tried accessing nonexisting field ({}) on node type ({node_type})",
                        field.name
                    )));
                }
                if let Some(value) = node.get(field.name).filter(|value| !value.is_null()) {
                    chosen.insert(field.name.to_owned(), narrow(value.clone(), field.inner));
                }
            }
        }
    }
    if let Some(id) = node.get("id").filter(|id| !id.is_null()) {
        chosen.insert("id".into(), id.clone());
    }
    Ok(chosen.into())
}

/// Keeps inside an object or its list only what was asked for.
fn narrow(value: Value, inner: Option<&str>) -> Value {
    let Some(inner) = inner else { return value };
    match value {
        Value::Array(items) => items
            .into_iter()
            .map(|item| narrow(item, Some(inner)))
            .collect(),
        // An edge that was asked for as a field.
        Value::Object(mut map) if map.get("data").is_some_and(Value::is_array) => {
            let data = map.get_mut("data").map(Value::take).unwrap_or_default();
            json!({"data": narrow(data, Some(inner))})
        }
        Value::Object(map) => {
            let wanted = parse(inner);
            map.into_iter()
                .filter_map(|(key, value)| {
                    let field = wanted.iter().find(|field| field.name == key)?;
                    Some((key, narrow(value, field.inner)))
                })
                .collect()
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_fields_are_chosen() {
        let node =
            json!({"id": "1", "name": "A", "throughput": {"level": "HIGH", "x": 1}, "status": "C"});
        let chosen = select(node, Some("status,throughput{level}"), &[], &[], "T").unwrap();
        assert_eq!(
            chosen,
            json!({"id": "1", "status": "C", "throughput": {"level": "HIGH"}})
        );
    }

    #[test]
    fn edges_are_narrowed_item_by_item() {
        let node = json!({"id": "1", "phone_numbers": {"data": [{"id": "2", "status": "C"}]}});
        let chosen = select(node, Some("phone_numbers{id}"), &[], &[], "T").unwrap();
        assert_eq!(
            chosen,
            json!({"id": "1", "phone_numbers": {"data": [{"id": "2"}]}})
        );
    }

    #[test]
    fn defaults_known_and_unknown_fields() {
        let node = json!({"id": "1", "name": "A"});
        assert_eq!(
            select(node.clone(), None, &["name"], &[], "T").unwrap(),
            node
        );
        assert_eq!(
            select(
                node.clone(),
                Some("certificate"),
                &[],
                &["certificate"],
                "T"
            )
            .unwrap(),
            json!({"id": "1"})
        );
        let error = select(node, Some("nam"), &[], &[], "T").unwrap_err();
        assert!(error.message.contains("nonexisting field (nam)"));
    }

    #[test]
    fn edge_filters_are_cut_from_the_name() {
        assert_eq!(
            parse("analytics.start(1).end(2),b{c,d{e}}"),
            [
                Field {
                    name: "analytics",
                    inner: None
                },
                Field {
                    name: "b",
                    inner: Some("c,d{e")
                },
            ]
        );
    }
}
