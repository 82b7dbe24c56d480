//! Lists: how many, from where, and the cursor to the rest.
//!
//! A cursor is the key of the last row that was given out, so that a page never skips or repeats
//! what did not move. It is opaque to clients and carries no rights: each page is read again
//! under the caller's scope.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use crate::problem::Problem;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub data: Vec<T>,
    /// Pass as `cursor` to read on; null at the end.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A list that is always whole.
    pub fn whole(data: Vec<T>) -> Self {
        Self {
            data,
            next_cursor: None,
        }
    }

    /// A page of rows and the key of its last row when there are more.
    pub fn of<R>(rows: Vec<R>, more: Option<&impl Serialize>) -> Self
    where
        T: From<R>,
    {
        Self {
            next_cursor: more.map(cursor),
            data: rows.into_iter().map(T::from).collect(),
        }
    }
}

/// How many rows at most.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "i64")]
pub struct Limit(pub u32);

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl TryFrom<i64> for Limit {
    type Error = String;
    fn try_from(wanted: i64) -> Result<Self, String> {
        match u32::try_from(wanted) {
            Ok(limit @ 1..=200) => Ok(Self(limit)),
            _ => Err("must be from 1 to 200".to_owned()),
        }
    }
}

/// Makes a cursor from a key.
pub fn cursor(key: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}

/// Reads a cursor that a client passed back.
pub fn key<K: DeserializeOwned>(
    field: &'static str,
    text: Option<&str>,
) -> Result<Option<K>, Problem> {
    let Some(text) = text else { return Ok(None) };
    URL_SAFE_NO_PAD
        .decode(text)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .map(Some)
        .ok_or_else(|| {
            Problem::field(
                field,
                "invalid",
                "pass back what the last page gave, unchanged",
            )
        })
}

#[cfg(test)]
mod tests {
    use wigwag_model::id::Id as _;
    use wigwag_model::{ConversationId, Timestamp};
    use wigwag_store::conversations::Key;

    use super::*;

    /// A cursor that rounded its instant would skip whatever lies between.
    #[test]
    fn a_cursor_is_read_back_to_the_microsecond() {
        let at = Timestamp::from_micros(1_795_763_889_881_202);
        let row = Key {
            at,
            id: ConversationId::new(at, [7; 10]),
        };
        let read: Option<Key> = key("cursor", Some(&cursor(&row))).unwrap();
        assert_eq!(read, Some(row));
    }
}
