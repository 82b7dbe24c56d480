//! Cursor paging of lists.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::error::GraphError;
use super::params::Params;

fn cursor(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("c:{key}"))
}

/// The key of the item that a cursor points at; nothing for what is no cursor of ours.
pub(super) fn key(cursor: &str) -> Option<String> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("c:").map(str::to_owned)
}

/// Cuts a page out of items with their keys. `url` is the list's own, without a query.
pub(crate) fn page(
    items: &[(String, Value)],
    params: &Params,
    url: &str,
) -> Result<Value, GraphError> {
    let limit = params
        .text("limit")
        .and_then(|limit| limit.parse().ok())
        .unwrap_or(25_usize)
        .clamp(1, 1_000);
    let position = |name: &str| -> Result<Option<usize>, GraphError> {
        let Some(text) = params.text(name).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let found = key(&text).and_then(|key| items.iter().position(|(have, _)| *have == key));
        found.map(Some).ok_or_else(|| {
            GraphError::send(
                131_059,
                "The cursor is expired or corrupt. Start paging anew.",
            )
        })
    };
    let (start, end) = match (position("after")?, position("before")?) {
        (Some(after), _) => (after + 1, (after + 1 + limit).min(items.len())),
        (None, Some(before)) => (before.saturating_sub(limit), before),
        (None, None) => (0, limit.min(items.len())),
    };
    let shown = &items[start.min(items.len())..end];
    let data: Vec<&Value> = shown.iter().map(|(_, value)| value).collect();
    let mut answer = json!({"data": data});
    let (Some(first), Some(last)) = (shown.first(), shown.last()) else {
        return Ok(answer);
    };
    let (before, after) = (cursor(&first.0), cursor(&last.0));
    let link = |side: &str, at: &str| {
        let mut query: Vec<(String, String)> = [
            "fields",
            "status",
            "category",
            "language",
            "name",
            "access_token",
        ]
        .iter()
        .filter_map(|name| params.text(name).map(|value| ((*name).to_owned(), value)))
        .collect();
        query.push(("limit".into(), limit.to_string()));
        query.push((side.into(), at.into()));
        format!(
            "{url}?{}",
            serde_urlencoded::to_string(query).unwrap_or_default()
        )
    };
    answer["paging"] = json!({"cursors": {"before": before, "after": after}});
    if end < items.len() {
        answer["paging"]["next"] = link("after", &after).into();
    }
    if start > 0 {
        answer["paging"]["previous"] = link("before", &before).into();
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &Value) -> Params {
        Params {
            all: pairs.clone(),
            ..Params::default()
        }
    }

    #[test]
    fn pages_follow_each_other_and_the_last_has_no_next() {
        let items: Vec<_> = (0..5).map(|n| (n.to_string(), json!(n))).collect();
        let first = page(&items, &with(&json!({"limit": "2"})), "http://x/list").unwrap();
        assert_eq!(first["data"], json!([0, 1]));
        assert!(
            first["paging"]["next"]
                .as_str()
                .unwrap()
                .starts_with("http://x/list?limit=2&after=")
        );
        let after = first["paging"]["cursors"]["after"].as_str().unwrap();
        let second = page(
            &items,
            &with(&json!({"limit": 3, "after": after})),
            "http://x/list",
        )
        .unwrap();
        assert_eq!(second["data"], json!([2, 3, 4]));
        assert!(second["paging"]["next"].is_null());
        let before = second["paging"]["cursors"]["before"].as_str().unwrap();
        let back = page(
            &items,
            &with(&json!({"limit": 2, "before": before})),
            "http://x/list",
        )
        .unwrap();
        assert_eq!(back["data"], json!([0, 1]));
    }

    #[test]
    fn a_made_up_cursor_is_refused() {
        assert_eq!(
            page(&[], &with(&json!({"after": "zzz"})), "u")
                .unwrap_err()
                .code,
            131_059
        );
    }
}
