//! From a plan to a statement: fixed texts and bound values, for either database.
//!
//! `$1` is the workspace. A part that asks another table is [`Rows`] there. They stand either as
//! `EXISTS (…)`, asked of one contact after the other, or they are read as a set, see `sets`.

use wigwag_model::audience::{Field, Plan, Range, Side, Test};
use wigwag_model::consent::ConsentState;
use wigwag_model::{ContactId, WorkspaceId};

use crate::sql::Value;
use crate::{Batch, Bind, Conn, Dialect, Executor, Result, Sql, sql_owned, sql_rows_owned};

/// Rows `t` of another table; a contact must have some that pass, or none.
pub(super) struct Rows {
    /// Where they are.
    pub(super) table: &'static str,
    /// The index of SQLite in which one contact's are found.
    pub(super) index: &'static str,
    /// What they must be.
    pub(super) question: String,
    /// How many a contact must have.
    pub(super) times: u32,
    /// The answer is turned round.
    pub(super) negated: bool,
    /// Where nothing but time limits how many rows there are: how they are gone through.
    pub(super) walk: Option<Walk>,
}

/// A range of an index, and what each row in it is asked; together they are the question of [`Rows`].
pub(super) struct Walk {
    /// Where it begins and ends.
    pub(super) range: String,
    /// What each row must be; nothing where the range says it all.
    pub(super) passes: Option<String>,
}

impl Rows {
    pub(super) fn new(table: &'static str, index: &'static str, question: String) -> Self {
        Self {
            table,
            index,
            question,
            times: 1,
            negated: false,
            walk: None,
        }
    }
}

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

    /// The rows that a part asks for, where it asks another table.
    pub(super) fn rows(&mut self, plan: &Plan) -> Option<Rows> {
        Some(match plan {
            Plan::Everyone | Plan::All(_) | Plan::Any(_) | Plan::Not(_) | Plan::Field { .. } => {
                return None;
            }
            Plan::Tag(key) => {
                let key = self.bind(key);
                Rows::new(
                    "contact_tags t",
                    "sqlite_autoindex_contact_tags_1",
                    format!("t.tag_key = {key}"),
                )
            }
            Plan::Trait { key, leaf } => {
                let key = self.bind(key);
                let question = self.of_trait(&leaf.test);
                Rows {
                    negated: leaf.negated,
                    ..Rows::new(
                        "contact_traits t",
                        "sqlite_autoindex_contact_traits_1",
                        format!("t.key = {key}{question}"),
                    )
                }
            }
            Plan::Consent(test) => {
                let category = self.bind(test.category.as_str());
                let unknown = test.state == ConsentState::Unknown;
                let state = if unknown {
                    "IN ('granted', 'denied')".to_owned()
                } else {
                    format!("= {}", self.bind(test.state.as_str()))
                };
                Rows {
                    negated: unknown,
                    ..Rows::new(
                        "consent t",
                        "sqlite_autoindex_consent_1",
                        format!("t.category = {category} AND t.state {state}"),
                    )
                }
            }
            Plan::List(id) => {
                let id = self.bind(*id);
                Rows::new(
                    "audience_list_members t",
                    "sqlite_autoindex_audience_list_members_1",
                    format!("t.list_id = {id}"),
                )
            }
            Plan::Campaign { test, .. } => super::campaign::rows(self, test),
            Plan::Event(doing) => super::doings::event(self, doing),
            Plan::Conversation(test, now) => super::doings::conversation(self, test, *now),
        })
    }

    fn joined(&mut self, parts: &[Plan], with: &str) -> Result<String> {
        let parts = parts
            .iter()
            .map(|part| self.condition(part))
            .collect::<Result<Vec<_>>>()?;
        Ok(format!("({})", parts.join(with)))
    }

    /// Contacts that have such rows.
    fn exists(&mut self, rows: &Rows) -> String {
        let Rows {
            table, question, ..
        } = rows;
        let after = self
            .after
            .map(|at| format!(" AND t.contact_id > ${at}"))
            .unwrap_or_default();
        // SQLite takes any index's rows for ten and would go through everybody's in one that has all columns
        // of the question, rather than look up the one contact's.
        let table = match self.dialect {
            Dialect::Sqlite => table.replacen(" t", &format!(" t INDEXED BY {}", rows.index), 1),
            Dialect::Postgres => (*table).to_owned(),
        };
        let mine = format!(
            "SELECT 1 FROM {table} WHERE t.workspace_id = $1 AND t.contact_id = p.id{after} AND {question}"
        );
        let found = if rows.times == 1 {
            format!("EXISTS ({mine})")
        } else {
            let times = self.bind(i64::from(rows.times));
            format!("(SELECT COUNT(*) FROM ({mine} LIMIT {times}) enough) >= {times}")
        };
        turned(found, rows.negated)
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn of_trait(&mut self, test: &Test) -> String {
        match test {
            Test::Present => String::new(),
            Test::Texts(_) | Test::Contains(_) | Test::StartsWith(_) => {
                format!(" AND {}", self.text("t.text", test))
            }
            Test::Ints(Side::Number, _) | Test::Range(Side::Number, ..) => {
                format!(" AND {}", self.int("t.number", test))
            }
            Test::Ints(Side::At, _) | Test::Range(Side::At, ..) | Test::Between(..) => {
                format!(" AND {}", self.int("t.at", test))
            }
        }
    }

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

pub(super) fn turned(condition: String, negated: bool) -> String {
    if negated {
        format!("NOT {condition}")
    } else {
        condition
    }
}
