//! The building stones of webhook types: text that borrows, numbers that come as strings, fields that
//! nobody announced.
//!
//! Everything here reads in one pass and borrows from the body where JSON allows it. What Meta writes
//! sometimes as a string and sometimes as a number is read from both and written in the documented form.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

/// A string that borrows from the body when it holds no escapes; a JSON number is read as its digits.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text<'a>(Cow<'a, str>);

impl<'a> Text<'a> {
    /// Borrows a string.
    pub const fn borrowed(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text as an owned string.
    pub fn into_string(self) -> String {
        self.0.into_owned()
    }
}

impl Deref for Text<'_> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl PartialEq<str> for Text<'_> {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Text<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a number")
    }
    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(text)))
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
    fn visit_string<E: de::Error>(self, text: String) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text)))
    }
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Text<'de>, E> {
        Ok(number.to_string().into())
    }
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Text<'de>, E> {
        Ok(number.to_string().into())
    }
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Text<'de>, E> {
        Ok(number.to_string().into())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

/// An id that Meta writes as an integer in webhooks (template ids); read from either form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct IntId<'a>(pub Text<'a>);

impl Serialize for IntId<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.parse::<u64>() {
            // Leading zeros would be lost in a number.
            Ok(number) if number.to_string() == self.0.as_str() => serializer.serialize_u64(number),
            _ => serializer.serialize_str(&self.0),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for IntId<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Text::deserialize(deserializer).map(Self)
    }
}

struct IntegerVisitor;

impl Visitor<'_> for IntegerVisitor {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer, as a number or a string")
    }
    fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<i64, E> {
        Ok(seconds)
    }
    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<i64, E> {
        i64::try_from(seconds).map_err(|_| E::custom("integer out of range"))
    }
    fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<i64, E> {
        if seconds.is_finite() && seconds.abs() < 9.0e15 {
            Ok(seconds as i64)
        } else {
            Err(E::custom("integer out of range"))
        }
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<i64, E> {
        text.trim()
            .parse()
            .map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

/// Unix seconds, written as a string: the form of `timestamp` in messages and statuses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IntegerVisitor).map(Self)
    }
}

/// Unix seconds, written as an integer: the form of `entry.time` and `user_preferences`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Seconds(pub i64);

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IntegerVisitor).map(Self)
    }
}

/// A piece of JSON as it came, unread.
#[derive(Clone)]
pub struct Raw<'a>(Cow<'a, RawValue>);

impl<'a> Raw<'a> {
    /// The JSON text.
    pub fn get(&self) -> &str {
        self.0.get()
    }

    /// Reads the text as `T`, which may borrow from it.
    pub fn read<'r, T: Deserialize<'r>>(&'r self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.get())
    }

    /// Writes a value as raw JSON.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Raw<'a>, serde_json::Error> {
        serde_json::value::to_raw_value(value).map(Self::from)
    }
}

impl From<Box<RawValue>> for Raw<'_> {
    fn from(raw: Box<RawValue>) -> Self {
        Self(Cow::Owned(raw))
    }
}

impl<'a> From<&'a RawValue> for Raw<'a> {
    fn from(raw: &'a RawValue) -> Self {
        Self(Cow::Borrowed(raw))
    }
}

impl fmt::Debug for Raw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.get())
    }
}

impl PartialEq for Raw<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Serialize for Raw<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Raw<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&'de RawValue>::deserialize(deserializer).map(|raw| Self(Cow::Borrowed(raw)))
    }
}

/// Fields that this crate does not know, in the order in which they came.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extra<'a>(Vec<(Text<'a>, Raw<'a>)>);

impl<'a> Extra<'a> {
    /// The raw value of a field.
    pub fn get(&self, field: &str) -> Option<&Raw<'a>> {
        self.0
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, raw)| raw)
    }

    /// All fields.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Raw<'a>)> {
        self.0.iter().map(|(name, raw)| (name.as_str(), raw))
    }

    /// Adds a field.
    pub fn push(&mut self, field: impl Into<Text<'a>>, raw: Raw<'a>) {
        self.0.push((field.into(), raw));
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.0
            .iter()
            .try_for_each(|(name, raw)| map.serialize_entry(name, raw))
    }
}

/// Whether a field is left out when its struct is written.
pub(crate) trait Blank {
    fn is_blank(&self) -> bool {
        false
    }
}

impl<T> Blank for Option<T> {
    fn is_blank(&self) -> bool {
        self.is_none()
    }
}

impl<T> Blank for Vec<T> {
    fn is_blank(&self) -> bool {
        self.is_empty()
    }
}

impl Blank for Text<'_> {}
impl Blank for IntId<'_> {}
impl Blank for Timestamp {}
impl Blank for Seconds {}
impl Blank for i64 {}
impl Blank for f64 {}

/// An integer that may be written as a string.
#[derive(Default)]
pub(crate) struct Integer(pub(crate) i64);

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IntegerVisitor).map(Self)
    }
}

/// A number that may be written as a string.
#[derive(Default)]
pub(crate) struct Decimal(pub(crate) f64);

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        let number: f64 = text.trim().parse().map_err(de::Error::custom)?;
        if number.is_finite() {
            Ok(Self(number))
        } else {
            Err(de::Error::custom("a number without end"))
        }
    }
}

/// Reads a map value; `null` and absence are the same.
pub(crate) fn value_or_default<'de, T, A>(map: &mut A) -> Result<T, A::Error>
where
    T: Deserialize<'de> + Default,
    A: MapAccess<'de>,
{
    Ok(map.next_value::<Option<T>>()?.unwrap_or_default())
}

/// Declares a struct of the wire whose unknown fields are kept raw in `extra`.
///
/// A field is absent, `null` or present; absent and `null` give its default. Keys that are read but not
/// written are aliases. `check` names a function that may refuse what was read.
macro_rules! open_struct {
    (@read $map:ident) => { $crate::webhook::lenient::value_or_default(&mut $map)? };
    (@read $map:ident $via:ident) => {
        $crate::webhook::lenient::value_or_default::<$crate::webhook::lenient::$via, _>(&mut $map)?.0
    };
    (
        $(#[$meta:meta])*
        pub struct $name:ident<$lt:lifetime> {
            $( $(#[$fmeta:meta])* $field:ident : $ty:ty = $key:literal $(| $alias:literal)* $(via $via:ident)?, )*
        }
        $(check $check:path)?
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $name<$lt> {
            $( $(#[$fmeta])* pub $field: $ty, )*
            /// Fields that this crate does not know.
            pub extra: $crate::webhook::lenient::Extra<$lt>,
        }

        impl<'de: $lt, $lt> serde::Deserialize<'de> for $name<$lt> {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Fields<$lt>(std::marker::PhantomData<&$lt ()>);
                impl<'de: $lt, $lt> serde::de::Visitor<'de> for Fields<$lt> {
                    type Value = $name<$lt>;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("an object (", stringify!($name), ")"))
                    }
                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name<$lt>, A::Error> {
                        let mut out = $name::default();
                        while let Some(key) = map.next_key::<$crate::webhook::lenient::Text<$lt>>()? {
                            match key.as_str() {
                                $( $key $(| $alias)* => {
                                    out.$field = open_struct!(@read map $($via)?);
                                } )*
                                _ => {
                                    let raw = map.next_value::<$crate::webhook::lenient::Raw<$lt>>()?;
                                    out.extra.push(key, raw);
                                }
                            }
                        }
                        $( $check(&out).map_err(serde::de::Error::custom)?; )?
                        Ok(out)
                    }
                }
                deserializer.deserialize_map(Fields(std::marker::PhantomData))
            }
        }

        impl serde::Serialize for $name<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                let mut map = serializer.serialize_map(None)?;
                $( if !$crate::webhook::lenient::Blank::is_blank(&self.$field) {
                    map.serialize_entry($key, &self.$field)?;
                } )*
                self.extra.write(&mut map)?;
                map.end()
            }
        }

        impl $crate::webhook::lenient::Blank for $name<'_> {}
    };
}
