//! The parts of a filter that ask other tables: which rows there a contact must have.

use wigwag_model::audience::{Plan, Side, Test};
use wigwag_model::consent::ConsentState;

use super::statement::{Builder, turned};
use super::{campaign, doings};
use crate::Dialect;

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
    /// By a key of the table no contact has two of them: counting them counts contacts.
    pub(super) once: bool,
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
            once: false,
            walk: None,
        }
    }

    /// The same, of which no contact has two.
    #[must_use]
    pub(super) fn once(self) -> Self {
        Self { once: true, ..self }
    }
}

impl Builder {
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
                .once()
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
                let question = format!("t.category = {category} AND t.state {state}");
                Rows {
                    negated: unknown,
                    ..Rows::new("consent t", "sqlite_autoindex_consent_1", question).once()
                }
            }
            Plan::List(id) => {
                let id = self.bind(*id);
                Rows::new(
                    "audience_list_members t",
                    "sqlite_autoindex_audience_list_members_1",
                    format!("t.list_id = {id}"),
                )
                .once()
            }
            Plan::Campaign { test, .. } => campaign::rows(self, test),
            Plan::Event(doing) => doings::event(self, doing),
            Plan::Conversation(test, now) => doings::conversation(self, test, *now),
        })
    }

    /// Contacts `p` that have such rows.
    pub(super) fn exists(&mut self, rows: &Rows) -> String {
        let Rows {
            table, question, ..
        } = rows;
        let after = self
            .after()
            .map(|at| format!(" AND t.contact_id > ${at}"))
            .unwrap_or_default();
        // SQLite takes any index's rows for ten and would go through everybody's in one that has all columns
        // of the question, rather than look up the one contact's.
        let table = match self.dialect() {
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
}
