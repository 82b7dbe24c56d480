//! Statements: one text with `$n` parameters for both databases, values bound by position, rows
//! read by position.

use std::borrow::Cow;

use sqlx::{AssertSqlSafe, Column, Row as _, TypeInfo, ValueRef};
use uuid::Uuid;
use wigwag_model::Timestamp;
use wigwag_model::id::Id;

use crate::batch::Batch;
use crate::db::Dialect;
use crate::error::{Error, Result};

/// A value to bind. The variants keep their type when empty, because PostgreSQL wants to know.
#[derive(Debug, Clone)]
pub enum Value {
    /// An integer, a truth value (0 or 1) or an instant.
    Int(Option<i64>),
    /// A text; U+0000 is replaced, PostgreSQL cannot hold it.
    Text(Option<String>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
    /// An id.
    Id(Option<Uuid>),
}

/// What can be bound to a parameter.
pub trait Bind {
    /// The value.
    fn value(self) -> Value;
}

impl Bind for Value {
    fn value(self) -> Value {
        self
    }
}
impl Bind for i64 {
    fn value(self) -> Value {
        Value::Int(Some(self))
    }
}
impl Bind for Option<i64> {
    fn value(self) -> Value {
        Value::Int(self)
    }
}
impl Bind for bool {
    fn value(self) -> Value {
        Value::Int(Some(i64::from(self)))
    }
}
impl Bind for Timestamp {
    fn value(self) -> Value {
        Value::Int(Some(self.as_micros()))
    }
}
impl Bind for Option<Timestamp> {
    fn value(self) -> Value {
        Value::Int(self.map(Timestamp::as_micros))
    }
}
impl Bind for &str {
    fn value(self) -> Value {
        Value::Text(Some(clean(self.to_owned())))
    }
}
impl Bind for String {
    fn value(self) -> Value {
        Value::Text(Some(clean(self)))
    }
}
impl Bind for &String {
    fn value(self) -> Value {
        self.as_str().value()
    }
}
impl Bind for Option<String> {
    fn value(self) -> Value {
        Value::Text(self.map(clean))
    }
}
impl Bind for Option<&str> {
    fn value(self) -> Value {
        Value::Text(self.map(|text| clean(text.to_owned())))
    }
}
impl Bind for &[u8] {
    fn value(self) -> Value {
        Value::Bytes(Some(self.to_vec()))
    }
}
impl Bind for Vec<u8> {
    fn value(self) -> Value {
        Value::Bytes(Some(self))
    }
}
impl Bind for Option<Vec<u8>> {
    fn value(self) -> Value {
        Value::Bytes(self)
    }
}
impl Bind for Uuid {
    fn value(self) -> Value {
        Value::Id(Some(self))
    }
}
impl Bind for Option<Uuid> {
    fn value(self) -> Value {
        Value::Id(self)
    }
}

macro_rules! bind_ids {
    ($($id:ident)*) => {$(
        impl Bind for wigwag_model::$id {
            fn value(self) -> Value { Value::Id(Some(self.uuid())) }
        }
        impl Bind for Option<wigwag_model::$id> {
            fn value(self) -> Value { Value::Id(self.map(Id::uuid)) }
        }
    )*};
}

// One by one: a blanket over `Id` would collide with the foreign types above.
bind_ids! {
    AccountId ApiKeyId AttemptId AuditId BulkId CallId CampaignId ConsentId ContactId ConversationId DeadLetterId DeliveryId EndpointId EventId HookDeliveryId HookId ImportId JobId ListId MediaId MemberId
    MessageId NumberId PortfolioId RunId SegmentId TeamId TemplateId WabaId WorkspaceId
}

/// Replaces U+0000, which PostgreSQL cannot hold in a text.
pub(crate) fn clean(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}

/// A connection of either database, lent for one statement.
pub enum Conn<'a> {
    /// SQLite.
    #[doc(hidden)]
    Sqlite(&'a mut sqlx::SqliteConnection),
    /// PostgreSQL.
    #[doc(hidden)]
    Postgres(&'a mut sqlx::PgConnection),
}

/// What statements run on: a transaction or a reader.
pub trait Executor: Send {
    /// The connection.
    fn conn(&mut self) -> Conn<'_>;

    /// Told that the connection itself broke: it must not be lent again.
    #[doc(hidden)]
    fn broke(&mut self) {}
}

/// Tells the executor when it is the connection that failed.
fn told<T>(on: &mut impl Executor, outcome: sqlx::Result<T>) -> Result<T> {
    if let Err(error) = &outcome {
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .unwrap_or_default();
        let gone = code.starts_with("57P") || code.starts_with("08");
        let broke = !matches!(error, sqlx::Error::RowNotFound | sqlx::Error::Database(_));
        if gone || broke {
            on.broke();
        }
    }
    Ok(outcome?)
}

/// A statement with its values.
#[derive(Debug)]
pub struct Sql {
    text: Cow<'static, str>,
    values: Vec<Value>,
    batch: Option<Batch>,
}

/// A statement whose text is fixed.
pub fn sql(text: &'static str) -> Sql {
    Sql {
        text: Cow::Borrowed(text),
        values: Vec::new(),
        batch: None,
    }
}

/// A statement whose text was put together from fixed parts (filters, column lists). Data never
/// goes into the text, only into `bind`.
pub fn sql_owned(text: String) -> Sql {
    Sql {
        text: Cow::Owned(text),
        values: Vec::new(),
        batch: None,
    }
}

/// A statement over many rows: `{rows}` in its text stands for the batch, named `r`, with the
/// batch's columns and `ord`, the row's place from 0.
///
/// Where a parameter alone fixes the first column of a key (`m.workspace_id = $1 AND m.id = r.id`),
/// write it as `{$1}`: SQLite would else begin with every row of the workspace and look through the
/// batch for each. Tests refuse a statement that does not begin with its batch.
pub fn sql_rows(text: &'static str, batch: Batch) -> Sql {
    Sql {
        text: Cow::Borrowed(text),
        values: Vec::new(),
        batch: Some(batch),
    }
}

/// [`sql_rows`] with a text that was put together from fixed parts.
pub fn sql_rows_owned(text: String, batch: Batch) -> Sql {
    Sql {
        text: Cow::Owned(text),
        values: Vec::new(),
        batch: Some(batch),
    }
}

/// Expands `{$n}`: on SQLite the same value, but only to be had once the batch's row is known.
fn after_its_row(text: &str, dialect: Dialect) -> String {
    let mut pieces = text.split("{$");
    let mut expanded = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (number, rest) = piece.split_once('}').unwrap_or((piece, ""));
        let value = match dialect {
            Dialect::Sqlite => format!("CASE WHEN r.ord >= 0 THEN ${number} END"),
            Dialect::Postgres => format!("${number}"),
        };
        expanded.push_str(&value);
        expanded.push_str(rest);
    }
    expanded
}

macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Int(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
                Value::Id(value) => query.bind(value),
            };
        }
        query
    }};
}

impl Sql {
    /// Binds the next parameter.
    #[must_use]
    pub fn bind(mut self, value: impl Bind) -> Self {
        self.values.push(value.value());
        self
    }

    /// The text and values for one database.
    fn expand(
        mut self,
        dialect: Dialect,
    ) -> (Cow<'static, str>, Vec<Value>, Vec<crate::batch::Array>) {
        let Some(batch) = self.batch.take() else {
            return (self.text, self.values, Vec::new());
        };
        let (source, values, arrays) = batch.source(dialect, self.values.len());
        self.values.extend(values);
        let text = after_its_row(&self.text.replace("{rows}", &source), dialect);
        (Cow::Owned(text), self.values, arrays)
    }

    /// In tests: refuses a statement over rows that SQLite would not begin with those rows.
    #[cfg(any(test, feature = "testing"))]
    async fn check_plan(
        conn: &mut sqlx::SqliteConnection,
        text: &str,
        values: &[Value],
    ) -> Result<()> {
        static SEEN: parking_lot::Mutex<std::collections::BTreeSet<String>> =
            parking_lot::Mutex::new(std::collections::BTreeSet::new());
        if !text.contains("json_each") || !SEEN.lock().insert(text.to_owned()) {
            return Ok(());
        }
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"));
        let rows = bound!(sqlx::query(explain), values.iter().cloned())
            .fetch_all(conn)
            .await?;
        let steps = rows
            .iter()
            .map(|row| Ok((row.try_get(1)?, row.try_get(3)?)))
            .collect::<Result<Vec<(i64, String)>>>()?;
        let Some(at) = steps
            .iter()
            .position(|(_, step)| step.starts_with("SCAN json_each"))
        else {
            return Ok(());
        };
        let before = steps[..at].iter().find(|(parent, step)| {
            *parent == steps[at].0 && (step.starts_with("SEARCH ") || step.starts_with("SCAN "))
        });
        match before {
            None => Ok(()),
            Some((_, step)) => Err(Error::Db(
                format!("this statement begins with `{step}` and not with its rows: {text}").into(),
            )),
        }
    }

    /// Runs the statement.
    ///
    /// # Errors
    /// What the database says; [`Error::Conflict`] for a broken constraint.
    pub async fn execute(self, on: &mut impl Executor) -> Result<u64> {
        let done = match on.conn() {
            Conn::Sqlite(conn) => {
                let (text, values, _) = self.expand(Dialect::Sqlite);
                #[cfg(any(test, feature = "testing"))]
                Self::check_plan(conn, &text, &values).await?;
                bound!(sqlx::query(AssertSqlSafe(text.into_owned())), values)
                    .execute(conn)
                    .await
                    .map(|done| done.rows_affected())
            }
            Conn::Postgres(conn) => {
                let (text, values, arrays) = self.expand(Dialect::Postgres);
                let query = bound!(sqlx::query(AssertSqlSafe(text.into_owned())), values);
                crate::batch::bind_arrays(query, arrays)
                    .execute(conn)
                    .await
                    .map(|done| done.rows_affected())
            }
        };
        told(on, done)
    }

    /// All rows.
    ///
    /// # Errors
    /// What the database says.
    pub async fn fetch_all(self, on: &mut impl Executor) -> Result<Vec<Row>> {
        let rows = match on.conn() {
            Conn::Sqlite(conn) => {
                let (text, values, _) = self.expand(Dialect::Sqlite);
                #[cfg(any(test, feature = "testing"))]
                Self::check_plan(conn, &text, &values).await?;
                let query = bound!(sqlx::query(AssertSqlSafe(text.into_owned())), values);
                let rows = query.fetch_all(conn).await;
                rows.map(|rows| rows.into_iter().map(Row::Sqlite).collect())
            }
            Conn::Postgres(conn) => {
                let (text, values, arrays) = self.expand(Dialect::Postgres);
                let query = bound!(sqlx::query(AssertSqlSafe(text.into_owned())), values);
                let query = crate::batch::bind_arrays(query, arrays);
                let rows = query.fetch_all(conn).await;
                rows.map(|rows| rows.into_iter().map(Row::Postgres).collect())
            }
        };
        told(on, rows)
    }

    /// The first row, if any.
    ///
    /// # Errors
    /// What the database says.
    pub async fn fetch_optional(self, on: &mut impl Executor) -> Result<Option<Row>> {
        let row = match on.conn() {
            Conn::Sqlite(conn) => {
                let (text, values, _) = self.expand(Dialect::Sqlite);
                #[cfg(any(test, feature = "testing"))]
                Self::check_plan(conn, &text, &values).await?;
                let query = bound!(sqlx::query(AssertSqlSafe(text.into_owned())), values);
                let row = query.fetch_optional(conn).await;
                row.map(|row| row.map(Row::Sqlite))
            }
            Conn::Postgres(conn) => {
                let (text, values, arrays) = self.expand(Dialect::Postgres);
                let query = bound!(sqlx::query(AssertSqlSafe(text.into_owned())), values);
                let query = crate::batch::bind_arrays(query, arrays);
                let row = query.fetch_optional(conn).await;
                row.map(|row| row.map(Row::Postgres))
            }
        };
        told(on, row)
    }

    /// The one row.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub async fn fetch_one(self, on: &mut impl Executor) -> Result<Row> {
        self.fetch_optional(on).await?.ok_or(Error::NotFound)
    }
}

/// A row, read by position.
pub enum Row {
    /// SQLite.
    #[doc(hidden)]
    Sqlite(sqlx::sqlite::SqliteRow),
    /// PostgreSQL.
    #[doc(hidden)]
    Postgres(sqlx::postgres::PgRow),
}

macro_rules! get {
    ($row:expr, $at:expr) => {
        match $row {
            Row::Sqlite(row) => row.try_get($at)?,
            Row::Postgres(row) => row.try_get($at)?,
        }
    };
}

impl Row {
    /// An integer.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn int(&self, at: usize) -> Result<i64> {
        self.opt_int(at)?.ok_or_else(|| self.wrong(at))
    }

    /// An integer or nothing.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn opt_int(&self, at: usize) -> Result<Option<i64>> {
        match self {
            Row::Sqlite(row) => Ok(row.try_get(at)?),
            Row::Postgres(row) => {
                let raw = row.try_get_raw(at)?;
                if raw.is_null() {
                    return Ok(None);
                }
                // Literals and COUNT on casts come back narrower than BIGINT.
                match raw.type_info().name() {
                    "INT4" => Ok(row.try_get::<Option<i32>, _>(at)?.map(i64::from)),
                    "INT2" => Ok(row.try_get::<Option<i16>, _>(at)?.map(i64::from)),
                    "BOOL" => Ok(row.try_get::<Option<bool>, _>(at)?.map(i64::from)),
                    _ => Ok(row.try_get(at)?),
                }
            }
        }
    }

    /// A truth value.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn bool(&self, at: usize) -> Result<bool> {
        Ok(self.int(at)? != 0)
    }

    /// An instant.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn time(&self, at: usize) -> Result<Timestamp> {
        Ok(Timestamp::from_micros(self.int(at)?))
    }

    /// An instant or nothing.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn opt_time(&self, at: usize) -> Result<Option<Timestamp>> {
        Ok(self.opt_int(at)?.map(Timestamp::from_micros))
    }

    /// A text.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn text(&self, at: usize) -> Result<String> {
        Ok(get!(self, at))
    }

    /// A text or nothing.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn opt_text(&self, at: usize) -> Result<Option<String>> {
        Ok(get!(self, at))
    }

    /// Bytes.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn bytes(&self, at: usize) -> Result<Vec<u8>> {
        Ok(get!(self, at))
    }

    /// Bytes or nothing.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn opt_bytes(&self, at: usize) -> Result<Option<Vec<u8>>> {
        Ok(get!(self, at))
    }

    /// An id.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn id<I: Id>(&self, at: usize) -> Result<I> {
        let uuid: Uuid = get!(self, at);
        Ok(I::from_uuid(uuid))
    }

    /// An id or nothing.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn opt_id<I: Id>(&self, at: usize) -> Result<Option<I>> {
        let uuid: Option<Uuid> = get!(self, at);
        Ok(uuid.map(I::from_uuid))
    }

    fn wrong(&self, at: usize) -> Error {
        let column = match self {
            Row::Sqlite(row) => row.columns().get(at).map(|column| column.name().to_owned()),
            Row::Postgres(row) => row.columns().get(at).map(|column| column.name().to_owned()),
        };
        Error::Db(format!("column {at} ({}) is empty", column.unwrap_or_default()).into())
    }
}
