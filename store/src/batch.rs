//! Many rows in one statement: arrays for PostgreSQL, one JSON text for SQLite.

use std::fmt::Write as _;

use uuid::Uuid;
use wigwag_model::Timestamp;
use wigwag_model::id::Id;

use crate::db::Dialect;
use crate::sql::{Value, clean};

/// From how many rows on a value that all rows share is handed over once.
const FOLDED_FROM: usize = 32;

/// A column of a batch.
#[derive(Debug, Clone)]
pub(crate) enum Array {
    Ids(Vec<Option<Uuid>>),
    Ints(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Array {
    fn len(&self) -> usize {
        match self {
            Self::Ids(values) => values.len(),
            Self::Ints(values) => values.len(),
            Self::Texts(values) => values.len(),
            Self::Bytes(values) => values.len(),
        }
    }

    /// The one value of all rows, where they have one.
    fn only(&self) -> Option<Value> {
        fn same<T: PartialEq>(values: &[T]) -> Option<&T> {
            let (first, rest) = values.split_first()?;
            rest.iter().all(|value| value == first).then_some(first)
        }
        match self {
            Self::Ids(values) => same(values).map(|id| Value::Id(*id)),
            Self::Ints(values) => same(values).map(|value| Value::Int(*value)),
            Self::Texts(values) => same(values).map(|text| Value::Text(text.clone())),
            Self::Bytes(values) => same(values).map(|bytes| Value::Bytes(bytes.clone())),
        }
    }

    /// The type of one value in PostgreSQL.
    fn postgres_type(&self) -> &'static str {
        match self {
            Self::Ids(_) => "uuid",
            Self::Ints(_) => "bigint",
            Self::Texts(_) => "text",
            Self::Bytes(_) => "bytea",
        }
    }

    fn write_json(&self, at: usize, json: &mut String) {
        let written = match self {
            Self::Ids(values) => match values[at] {
                Some(id) => write!(json, "\"{}\"", id.simple()),
                None => write!(json, "null"),
            },
            Self::Ints(values) => match values[at] {
                Some(value) => write!(json, "{value}"),
                None => write!(json, "null"),
            },
            Self::Texts(values) => {
                // Writing a string as JSON into memory cannot fail.
                json.push_str(
                    &serde_json::to_string(&values[at]).unwrap_or_else(|_| "null".to_owned()),
                );
                Ok(())
            }
            Self::Bytes(values) => match &values[at] {
                Some(bytes) => write!(json, "\"{}\"", hex::encode(bytes)),
                None => write!(json, "null"),
            },
        };
        debug_assert!(written.is_ok());
    }
}

/// Rows for [`crate::sql_rows`], column by column. Every column has one value per row.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    columns: Vec<(&'static str, Array)>,
}

impl Batch {
    /// A batch without columns.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many rows the batch has.
    pub fn len(&self) -> usize {
        self.columns.first().map_or(0, |(_, array)| array.len())
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn with(mut self, name: &'static str, array: Array) -> Self {
        debug_assert!(
            self.columns.is_empty() || array.len() == self.len(),
            "column {name} has another length"
        );
        self.columns.push((name, array));
        self
    }

    /// A column of ids.
    #[must_use]
    pub fn ids<I: Id>(self, name: &'static str, values: impl IntoIterator<Item = I>) -> Self {
        self.with(
            name,
            Array::Ids(values.into_iter().map(|id| Some(id.uuid())).collect()),
        )
    }

    /// A column of ids, some absent.
    #[must_use]
    pub fn opt_ids<I: Id>(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = Option<I>>,
    ) -> Self {
        self.with(
            name,
            Array::Ids(values.into_iter().map(|id| id.map(Id::uuid)).collect()),
        )
    }

    /// A column of integers.
    #[must_use]
    pub fn ints(self, name: &'static str, values: impl IntoIterator<Item = i64>) -> Self {
        self.with(name, Array::Ints(values.into_iter().map(Some).collect()))
    }

    /// A column of integers, some absent.
    #[must_use]
    pub fn opt_ints(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = Option<i64>>,
    ) -> Self {
        self.with(name, Array::Ints(values.into_iter().collect()))
    }

    /// A column of instants.
    #[must_use]
    pub fn times(self, name: &'static str, values: impl IntoIterator<Item = Timestamp>) -> Self {
        self.with(
            name,
            Array::Ints(values.into_iter().map(|at| Some(at.as_micros())).collect()),
        )
    }

    /// A column of instants, some absent.
    #[must_use]
    pub fn opt_times(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = Option<Timestamp>>,
    ) -> Self {
        self.with(
            name,
            Array::Ints(
                values
                    .into_iter()
                    .map(|at| at.map(Timestamp::as_micros))
                    .collect(),
            ),
        )
    }

    /// A column of texts.
    #[must_use]
    pub fn texts<T: Into<String>>(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        self.with(
            name,
            Array::Texts(
                values
                    .into_iter()
                    .map(|text| Some(clean(text.into())))
                    .collect(),
            ),
        )
    }

    /// A column of texts, some absent.
    #[must_use]
    pub fn opt_texts<T: Into<String>>(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = Option<T>>,
    ) -> Self {
        let texts = values
            .into_iter()
            .map(|text| text.map(|text| clean(text.into())));
        self.with(name, Array::Texts(texts.collect()))
    }

    /// A column of bytes.
    #[must_use]
    pub fn bytes(self, name: &'static str, values: impl IntoIterator<Item = Vec<u8>>) -> Self {
        self.with(name, Array::Bytes(values.into_iter().map(Some).collect()))
    }

    /// A column of bytes, some absent.
    #[must_use]
    pub fn opt_bytes(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = Option<Vec<u8>>>,
    ) -> Self {
        self.with(name, Array::Bytes(values.into_iter().collect()))
    }

    /// What `{rows}` becomes, given how many parameters come before, and what to bind.
    pub(crate) fn source(
        self,
        dialect: Dialect,
        before: usize,
    ) -> (String, Vec<Value>, Vec<Array>) {
        match dialect {
            Dialect::Sqlite => self.json_source(before),
            Dialect::Postgres => self.array_source(before),
        }
    }

    /// Takes out the columns that have one value for all rows, the tenant above all: it is handed over once,
    /// not written and read for each row. Short batches stay whole, so that a statement does not have many
    /// texts, each to be prepared, for what a few rows happen to have in common.
    fn take_same(&mut self) -> Vec<(&'static str, Value, &'static str)> {
        let mut same = Vec::new();
        if self.len() >= FOLDED_FROM {
            let columns = std::mem::take(&mut self.columns);
            for (name, array) in columns {
                match array.only() {
                    Some(value) => same.push((name, value, array.postgres_type())),
                    None => self.columns.push((name, array)),
                }
            }
        }
        same
    }

    fn json_source(mut self, before: usize) -> (String, Vec<Value>, Vec<Array>) {
        let rows = self.len();
        let same = self.take_same();
        let mut json = String::with_capacity(rows * (self.columns.len() * 24 + 3) + 2);
        json.push('[');
        for row in 0..rows {
            json.push_str(if row == 0 { "[" } else { ",[" });
            for (at, (_, array)) in self.columns.iter().enumerate() {
                if at > 0 {
                    json.push(',');
                }
                array.write_json(row, &mut json);
            }
            json.push(']');
        }
        json.push(']');
        let mut values = vec![Value::Text(Some(json))];
        let mut source = String::from("(SELECT key AS ord");
        for (at, (name, array)) in self.columns.iter().enumerate() {
            let written = match array {
                Array::Ids(_) | Array::Bytes(_) => {
                    write!(source, ", unhex(value->>{at}) AS {name}")
                }
                Array::Ints(_) | Array::Texts(_) => write!(source, ", value->>{at} AS {name}"),
            };
            debug_assert!(written.is_ok());
        }
        for (name, value, _) in same {
            values.push(value);
            // As with `{$n}`: to be had only once the row is known.
            let at = before + values.len();
            let written = write!(source, ", CASE WHEN key >= 0 THEN ${at} END AS {name}");
            debug_assert!(written.is_ok());
        }
        let end = write!(source, " FROM json_each(${})) AS r", before + 1);
        debug_assert!(end.is_ok());
        (source, values, Vec::new())
    }

    fn array_source(mut self, before: usize) -> (String, Vec<Value>, Vec<Array>) {
        let rows = i64::try_from(self.len()).unwrap_or(i64::MAX);
        let (mut fixed, mut values) = (String::new(), Vec::new());
        for (name, value, of) in self.take_same() {
            values.push(value);
            let at = before + values.len();
            let written = write!(fixed, ", ${at}::{of} AS {name}");
            debug_assert!(written.is_ok());
        }
        self.columns
            .push(("ord", Array::Ints((0..rows).map(Some).collect())));
        let mut arguments = Vec::new();
        let mut names = Vec::new();
        let mut arrays = Vec::new();
        for (at, (name, array)) in self.columns.into_iter().enumerate() {
            let place = before + values.len() + at + 1;
            arguments.push(format!("${place}::{}[]", array.postgres_type()));
            names.push(name);
            arrays.push(array);
        }
        let (arguments, names) = (arguments.join(", "), names.join(", "));
        let source = if fixed.is_empty() {
            format!("UNNEST({arguments}) AS r({names})")
        } else {
            format!("(SELECT u.*{fixed} FROM UNNEST({arguments}) AS u({names})) AS r")
        };
        (source, values, arrays)
    }
}

/// Binds a batch's arrays, PostgreSQL only.
pub(crate) fn bind_arrays(
    mut query: sqlx::query::Query<'_, sqlx::Postgres, sqlx::postgres::PgArguments>,
    arrays: Vec<Array>,
) -> sqlx::query::Query<'_, sqlx::Postgres, sqlx::postgres::PgArguments> {
    for array in arrays {
        query = match array {
            Array::Ids(values) => query.bind(values),
            Array::Ints(values) => query.bind(values),
            Array::Texts(values) => query.bind(values),
            Array::Bytes(values) => query.bind(values),
        };
    }
    query
}
