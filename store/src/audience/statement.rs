//! From a plan to a statement: fixed texts and bound values, for either database.
//!
//! `$1` is the workspace. A part that asks another table stands either as `p.id IN (…)`, which a
//! database may begin with, or as `EXISTS (…)`, which it asks per contact. On PostgreSQL a nested
//! `IN` whose result outgrows its memory is walked for each row, so there only the parts that all
//! contacts must pass stand as `IN`.

use wigwag_model::audience::{Field, Leaf, Plan, Range, Side, Test};
use wigwag_model::consent::ConsentState;
use wigwag_model::{ContactId, WorkspaceId};

use crate::sql::Value;
use crate::{Bind, Conn, Dialect, Executor, Result, Sql, sql_owned};

pub(super) struct Builder {
    dialect: Dialect,
    /// Asked along the contacts, page by page.
    paging: bool,
    /// The parameter with the id after which the page begins.
    after: Option<usize>,
    values: Vec<Value>,
}

impl Builder {
    pub(super) fn counting(on: &mut impl Executor, workspace: WorkspaceId) -> Self {
        let dialect = match on.conn() {
            Conn::Sqlite(_) => Dialect::Sqlite,
            Conn::Postgres(_) => Dialect::Postgres,
        };
        Self {
            dialect,
            paging: false,
            after: None,
            values: vec![workspace.value()],
        }
    }

    pub(super) fn paging(
        on: &mut impl Executor,
        workspace: WorkspaceId,
        after: Option<ContactId>,
    ) -> Self {
        let mut builder = Self::counting(on, workspace);
        builder.paging = true;
        builder.after = after.map(|after| {
            builder.values.push(after.value());
            builder.values.len()
        });
        builder
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
        self.values.into_iter().fold(sql_owned(text), Sql::bind)
    }

    /// The condition on `contacts p` that the plan stands for.
    pub(super) fn condition(&mut self, plan: &Plan) -> Result<String> {
        self.part(plan, true)
    }

    /// `must`: every contact that is found passes this part.
    fn part(&mut self, plan: &Plan, must: bool) -> Result<String> {
        Ok(match plan {
            Plan::Everyone => "1 = 1".to_owned(),
            Plan::All(parts) => self.joined(parts, " AND ", must)?,
            Plan::Any(parts) => self.joined(parts, " OR ", must && parts.len() == 1)?,
            Plan::Not(part) => format!("NOT {}", self.part(part, false)?),
            Plan::Tag(key) => {
                let key = self.bind(key);
                self.among("contact_tags t", &format!("t.tag_key = {key}"), must)
            }
            Plan::Trait { key, leaf } => {
                let key = self.bind(key);
                let question = self.of_trait(&leaf.test);
                let text = format!("t.key = {key}{question}");
                let found = self.among("contact_traits t", &text, must && !leaf.negated);
                turned(found, leaf.negated)
            }
            Plan::Field { name, leaf } => self.of_field(*name, leaf),
            Plan::Consent(test) => {
                let category = self.bind(test.category.as_str());
                let unknown = test.state == ConsentState::Unknown;
                let state = if unknown {
                    "IN ('granted', 'denied')".to_owned()
                } else {
                    format!("= {}", self.bind(test.state.as_str()))
                };
                let text = format!("t.category = {category} AND t.state {state}");
                turned(self.among("consent t", &text, must && !unknown), unknown)
            }
            Plan::List(id) => {
                let id = self.bind(*id);
                self.among(
                    "audience_list_members t",
                    &format!("t.list_id = {id}"),
                    must,
                )
            }
            Plan::Campaign { test, .. } => super::campaign::condition(self, test),
        })
    }

    fn joined(&mut self, parts: &[Plan], with: &str, must: bool) -> Result<String> {
        let parts = parts
            .iter()
            .map(|part| self.part(part, must))
            .collect::<Result<Vec<_>>>()?;
        Ok(format!("({})", parts.join(with)))
    }

    /// Contacts that have a row `t` in another table that passes.
    pub(super) fn among(&self, table: &str, question: &str, must: bool) -> String {
        let dialect_allows = self.dialect == Dialect::Sqlite || must;
        if !self.paging && dialect_allows {
            return format!(
                "p.id IN (SELECT t.contact_id FROM {table} WHERE t.workspace_id = $1 AND {question})"
            );
        }
        let after = self
            .after
            .map(|at| format!(" AND t.contact_id > ${at}"))
            .unwrap_or_default();
        format!(
            "EXISTS (SELECT 1 FROM {table} WHERE t.workspace_id = $1 AND t.contact_id = p.id{after} AND {question})"
        )
    }

    fn of_trait(&mut self, test: &Test) -> String {
        match test {
            Test::Present => String::new(),
            Test::Texts(_) | Test::Contains(_) | Test::StartsWith(_) => {
                format!(" AND {}", self.text("t.text", test))
            }
            Test::Ints(side, _) | Test::Range(side, ..) => {
                let column = match side {
                    Side::Number => "t.number",
                    Side::At => "t.at",
                };
                format!(" AND {}", self.int(column, test))
            }
        }
    }

    fn of_field(&mut self, field: Field, leaf: &Leaf) -> String {
        let column = match field {
            Field::Country => "p.country",
            Field::Name => {
                "CASE WHEN COALESCE(NULLIF(TRIM(p.name), ''), NULLIF(TRIM(p.profile_name), ''), NULLIF(TRIM(p.username), ''))
                    IS NOT NULL THEN p.name_key END"
            }
            Field::Phone => "p.phone",
            Field::Source => "p.source",
            Field::Email => "LOWER(p.email)",
            Field::CreatedAt => "p.created_at",
            Field::UpdatedAt => "p.updated_at",
            Field::LastSeenAt => "p.last_seen_at",
        };
        let column = format!("({column})");
        let passes = match &leaf.test {
            Test::Present => format!("{column} IS NOT NULL"),
            Test::Texts(_) | Test::Contains(_) | Test::StartsWith(_) => {
                format!(
                    "({column} IS NOT NULL AND {})",
                    self.text(&column, &leaf.test)
                )
            }
            Test::Ints(..) | Test::Range(..) => {
                format!(
                    "({column} IS NOT NULL AND {})",
                    self.int(&column, &leaf.test)
                )
            }
        };
        turned(passes, leaf.negated)
    }

    fn text(&mut self, column: &str, test: &Test) -> String {
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
            Test::Present | Test::Ints(..) | Test::Range(..) => "1 = 1".to_owned(),
        }
    }

    fn int(&mut self, column: &str, test: &Test) -> String {
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

fn turned(condition: String, negated: bool) -> String {
    if negated {
        format!("NOT {condition}")
    } else {
        condition
    }
}
