//! The envelope of a webhook body and the one function that reads it.
//!
//! A body is first read strictly, in one pass and without putting anything aside, because nearly every body
//! is as it should be. Only when that fails is it read a second time, item by item from their own slices, so
//! that one bad item costs only itself.

use std::cell::Cell;
use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::change::Change;
use super::lenient::{Raw, Seconds, Text};

/// Why a body is not a webhook at all.
#[derive(Debug, thiserror::Error)]
pub enum ParseError {
    /// Not UTF-8.
    #[error("the body is not UTF-8: {0}")]
    Utf8(#[from] std::str::Utf8Error),
    /// Not JSON, or not an object with `entry`.
    #[error("the body is not a webhook: {0}")]
    Json(#[from] serde_json::Error),
}

/// Something that was read, or could not be.
#[derive(Debug, Clone, PartialEq)]
pub enum Item<'a, T> {
    /// Read.
    Parsed(T),
    /// Not readable.
    Unreadable(Unreadable<'a>),
}

/// A piece of a body that could not be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Unreadable<'a> {
    /// The piece as it came.
    pub raw: Raw<'a>,
    /// Why, with line and column inside the piece.
    pub error: String,
}

impl<'a, T> Item<'a, T> {
    /// What was read.
    pub fn parsed(&self) -> Option<&T> {
        match self {
            Self::Parsed(item) => Some(item),
            Self::Unreadable(_) => None,
        }
    }

    /// What could not be read.
    pub fn unreadable(&self) -> Option<&Unreadable<'a>> {
        match self {
            Self::Parsed(_) => None,
            Self::Unreadable(item) => Some(item),
        }
    }
}

impl<T> From<T> for Item<'_, T> {
    fn from(item: T) -> Self {
        Self::Parsed(item)
    }
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for Item<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if is_strict() {
            return T::deserialize(deserializer).map(Self::Parsed);
        }
        let raw = <&'de RawValue>::deserialize(deserializer)?;
        Ok(match serde_json::from_str(raw.get()) {
            Ok(item) => Self::Parsed(item),
            Err(error) => Self::Unreadable(Unreadable {
                raw: raw.into(),
                error: error.to_string(),
            }),
        })
    }
}

impl<T: Serialize> Serialize for Item<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Parsed(item) => item.serialize(serializer),
            Self::Unreadable(item) => item.raw.serialize(serializer),
        }
    }
}

open_struct! {
    /// A webhook body.
    pub struct Envelope<'a> {
        /// `whatsapp_business_account`.
        object: Option<Text<'a>> = "object",
        /// What changed, by account.
        entry: Vec<Item<'a, Entry<'a>>> = "entry",
    }
}

open_struct! {
    /// The changes of one account.
    pub struct Entry<'a> {
        /// WABA, or portfolio for portfolio-level events.
        id: Option<Text<'a>> = "id",
        /// When, in Unix seconds; absent for messages.
        time: Option<Seconds> = "time",
        /// The changes.
        changes: Vec<Item<'a, Change<'a>>> = "changes",
    }
}

impl<'a> Envelope<'a> {
    /// Every change that could be read, with its entry.
    pub fn changes(&self) -> impl Iterator<Item = (&Entry<'a>, &Change<'a>)> {
        let entries = self.entry.iter().filter_map(Item::parsed);
        entries.flat_map(|entry| {
            entry
                .changes
                .iter()
                .filter_map(Item::parsed)
                .map(move |change| (entry, change))
        })
    }

    /// Every entry and change that could not be read. Unreadable values and items are found in their change.
    pub fn unreadable(&self) -> impl Iterator<Item = &Unreadable<'a>> {
        let entries = self.entry.iter().filter_map(Item::unreadable);
        let changes = self
            .entry
            .iter()
            .filter_map(Item::parsed)
            .flat_map(|entry| &entry.changes);
        entries.chain(changes.filter_map(Item::unreadable))
    }

    /// A body with one change, as a sender writes it.
    pub fn of(id: impl Into<Text<'a>>, time: Option<i64>, change: Change<'a>) -> Self {
        let entry = Entry {
            id: Some(id.into()),
            time: time.map(Seconds),
            changes: vec![Item::Parsed(change)],
            ..Entry::default()
        };
        Self {
            object: Some("whatsapp_business_account".into()),
            entry: vec![Item::Parsed(entry)],
            ..Self::default()
        }
    }
}

impl fmt::Display for Unreadable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The raw piece may hold personal data and is left out on purpose.
        f.write_str(&self.error)
    }
}

thread_local! {
    /// Whether this thread is in the strict pass of [`parse`]. Deserialisation is synchronous, and serde has
    /// no other way to hand something down to every level.
    static STRICT: Cell<bool> = const { Cell::new(false) };
}

/// Whether the strict pass is running: whatever cannot be read fails the whole pass.
pub(super) fn is_strict() -> bool {
    STRICT.get()
}

/// Reads a webhook body; what it returns borrows from `body`.
///
/// The signature must have been checked before, over the same bytes.
pub fn parse(body: &[u8]) -> Result<Envelope<'_>, ParseError> {
    let text = std::str::from_utf8(body)?;
    STRICT.set(true);
    let strict = serde_json::from_str(text);
    STRICT.set(false);
    match strict {
        Ok(envelope) => Ok(envelope),
        Err(_) => Ok(serde_json::from_str(text)?),
    }
}
