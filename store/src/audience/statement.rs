//! From a plan to a statement: fixed texts and bound values, for either database.
//!
//! `$1` is the workspace. A part that asks another table stands here as `EXISTS (…)`, asked of one
//! contact after the other, see `rows`; how it is read or counted as a whole is told in `part`.

use wigwag_model::audience::{Field, Plan, Range, Test};
use wigwag_model::{ContactId, WorkspaceId};

use crate::sql::Value;
use crate::{Batch, Bind, Conn, Dialect, Executor, Result, Sql, sql_owned, sql_rows_owned};

/// What a statement is made of: the values that are bound so far.
pub(super) struct Builder {
    dialect: Dialect,
    /// The parameter with the id after which the page begins.
    after: Option<usize>,
    values: Vec<Value>,
}

impl Builder {
    pub(super) fn new(
        on: &mut impl Executor,
        workspace: WorkspaceId,
        after: Option<ContactId>,
    ) -> Self {
        let dialect = match on.conn() {
            Conn::Sqlite(_) => Dialect::Sqlite,
            Conn::Postgres(_) => Dialect::Postgres,
        };
        let mut values = vec![workspace.value()];
        let after = after.map(|after| {
            values.push(after.value());
            values.len()
        });
        Self {
            dialect,
            after,
            values,
        }
    }

    /// Binds a value and gives its place.
    pub(super) fn bind(&mut self, value: impl Bind) -> String {
        self.values.push(value.value());
        format!("${}", self.values.len())
    }

    /// The condition that skips earlier pages.
    pub(super) fn beginning(&self) -> String {
        self.after
            .map(|at| format!(" AND p.id > ${at}"))
            .unwrap_or_default()
    }

    /// The statement with everything bound.
    pub(super) fn statement(self, text: String) -> Sql {
        self.bound(sql_owned(text))
    }

    /// A statement of another kind with everything bound.
    pub(super) fn bound(self, sql: Sql) -> Sql {
        self.values.into_iter().fold(sql, Sql::bind)
    }

    /// The statement over a batch of rows, with everything bound.
    pub(super) fn statement_over(self, text: String, batch: Batch) -> Sql {
        self.values
            .into_iter()
            .fold(sql_rows_owned(text, batch), Sql::bind)
    }

    /// The condition on `contacts p` that the plan stands for.
    pub(super) fn condition(&mut self, plan: &Plan) -> Result<String> {
        Ok(match plan {
            Plan::Everyone => "1 = 1".to_owned(),
            Plan::All(parts) => self.joined(parts, " AND ")?,
            Plan::Any(parts) => self.joined(parts, " OR ")?,
            Plan::Not(part) => format!("NOT {}", self.condition(part)?),
            Plan::Field { name, leaf } => turned(self.of_field(*name, &leaf.test), leaf.negated),
            leaf => match self.rows(leaf) {
                Some(rows) => self.exists(&rows),
                None => "1 = 1".to_owned(),
            },
        })
    }

    fn joined(&mut self, parts: &[Plan], with: &str) -> Result<String> {
        let parts = parts
            .iter()
            .map(|part| self.condition(part))
            .collect::<Result<Vec<_>>>()?;
        Ok(format!("({})", parts.join(with)))
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The parameter with the id after which the page begins.
    pub(super) fn after(&self) -> Option<usize> {
        self.after
    }

    /// The condition on `contacts p` that a field passes.
    pub(super) fn of_field(&mut self, field: Field, test: &Test) -> String {
        let column = match field {
            Field::Country => "p.country",
            Field::Name => "p.name_key",
            Field::Phone => "p.phone",
            Field::Source => "p.source",
            Field::Email => "LOWER(p.email)",
            Field::CreatedAt => "p.created_at",
            Field::UpdatedAt => "p.updated_at",
            Field::LastSeenAt => "p.last_seen_at",
        };
        // Whoever has no name is shown, and ordered, by a phone number.
        let there = match field {
            Field::Name => {
                "COALESCE(NULLIF(TRIM(p.name), ''), NULLIF(TRIM(p.profile_name), ''), NULLIF(TRIM(p.username), ''))"
            }
            _ => column,
        };
        match test {
            Test::Present => format!("{there} IS NOT NULL"),
            Test::Texts(_) | Test::Contains(_) | Test::StartsWith(_) => {
                format!("({} AND {there} IS NOT NULL)", self.text(column, test))
            }
            Test::Ints(..) | Test::Range(..) | Test::Between(..) => {
                format!("({} AND {there} IS NOT NULL)", self.int(column, test))
            }
        }
    }

    /// The condition that a column with a text passes.
    pub(super) fn text(&mut self, column: &str, test: &Test) -> String {
        match test {
            Test::Texts(wanted) => self.one_of(column, wanted),
            Test::Contains(part) => {
                let part = self.bind(part);
                // Not LIKE: SQLite's does not tell a from A, and signs would have to be escaped.
                match self.dialect {
                    Dialect::Sqlite => format!("instr({column}, {part}) > 0"),
                    Dialect::Postgres => format!("strpos({column}, {part}) > 0"),
                }
            }
            Test::StartsWith(start) => {
                let from = self.bind(start);
                let to = self.bind(format!("{start}\u{10ffff}"));
                format!("{column} >= {from} AND {column} < {to}")
            }
            Test::Present | Test::Ints(..) | Test::Range(..) | Test::Between(..) => {
                "1 = 1".to_owned()
            }
        }
    }

    /// The condition that a column with a number or an instant passes.
    pub(super) fn int(&mut self, column: &str, test: &Test) -> String {
        match test {
            Test::Ints(_, wanted) => self.one_of(column, wanted),
            Test::Range(_, range, limit) => {
                let sign = match range {
                    Range::Lt => "<",
                    Range::Lte => "<=",
                    Range::Gt => ">",
                    Range::Gte => ">=",
                };
                let limit = self.bind(*limit);
                format!("{column} {sign} {limit}")
            }
            Test::Between(from, to) => {
                let (from, to) = (self.bind(*from), self.bind(*to));
                format!("{column} BETWEEN {from} AND {to}")
            }
            _ => "1 = 1".to_owned(),
        }
    }

    fn one_of<T: Clone + Bind>(&mut self, column: &str, wanted: &[T]) -> String {
        let places: Vec<String> = wanted
            .iter()
            .map(|value| self.bind(value.clone()))
            .collect();
        match places.as_slice() {
            [place] => format!("{column} = {place}"),
            _ => format!("{column} IN ({})", places.join(", ")),
        }
    }
}

/// The condition, turned round where it is to be.
pub(super) fn turned(condition: String, negated: bool) -> String {
    if negated {
        format!("NOT {condition}")
    } else {
        condition
    }
}
