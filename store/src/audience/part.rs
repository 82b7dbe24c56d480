//! A part of a filter as a whole: the ids that one statement reads, or counts.

use wigwag_model::audience::{Field, Plan};

use super::rows::{Rows, Walk};
use super::sets::{Ids, Set};
use super::statement::Builder;
use crate::Dialect;

/// The ids of a part, as one statement finds them.
pub(super) struct Part {
    /// What stands after `FROM`: tables, the workspace, and all that is asked.
    pub(super) from: String,
    /// The column with the contact.
    pub(super) column: &'static str,
    /// Where rows that do not pass were gone through all the same: what those must be that do.
    passes: Option<String>,
    /// How often a contact must be there.
    pub(super) times: usize,
    /// The answer is turned round.
    pub(super) negated: bool,
    /// No contact is there twice: counting rows counts contacts.
    pub(super) once: bool,
    /// Nothing but time limits how many rows are gone through.
    pub(super) walks: bool,
}

impl Part {
    /// The ids of all that stands after `FROM`, each once.
    pub(super) fn new(from: String, column: &'static str) -> Self {
        Self {
            from,
            column,
            passes: None,
            times: 1,
            negated: false,
            once: true,
            walks: false,
        }
    }

    /// The part that a plan is; nothing for a plan that has parts of its own, or none.
    pub(super) fn of(builder: &mut Builder, plan: &Plan) -> Option<Self> {
        if let Plan::Field { name, leaf } = plan {
            let passes = builder.of_field(*name, &leaf.test);
            let table = contacts(builder.dialect(), *name);
            let from = format!("{table} WHERE p.workspace_id = $1 AND {passes}");
            return Some(Self {
                negated: leaf.negated,
                ..Self::new(from, "p.id")
            });
        }
        let Rows {
            table,
            question,
            times,
            negated,
            once,
            walk,
            ..
        } = builder.rows(plan)?;
        let walks = walk.is_some();
        // Those that do not pass count as well, for it takes as long to look at them.
        let (question, passes) = match walk {
            Some(Walk { range, passes }) => (range, passes),
            None => (question, None),
        };
        Some(Self {
            passes,
            times: usize::try_from(times).unwrap_or(usize::MAX),
            negated,
            once,
            walks,
            ..Self::new(
                format!("{table} WHERE t.workspace_id = $1 AND {question}"),
                "t.contact_id",
            )
        })
    }

    /// All ids as one value: a row for each would take five times as long.
    pub(super) fn ids(&self, dialect: Dialect) -> String {
        let Self { column, passes, .. } = self;
        let passing = passes
            .as_ref()
            .map(|passes| format!(" FILTER (WHERE {passes})"))
            .unwrap_or_default();
        match dialect {
            // Of blobs it joins the bytes as they are, with a comma between.
            Dialect::Sqlite => format!("CAST(group_concat({column}){passing} AS BLOB)"),
            Dialect::Postgres => format!("string_agg(uuid_send({column}), ''::bytea){passing}"),
        }
    }

    /// Whom the part finds, of the ids that were read for it.
    pub(super) fn set(&self, ids: Ids) -> Set {
        if self.negated {
            Set::AllBut(ids)
        } else {
            Set::These(ids)
        }
    }
}

/// What [`Part::ids`] gave, in pieces: those who are there so often.
pub(super) fn gathered<P: AsRef<[u8]>>(dialect: Dialect, pieces: &[P], times: usize) -> Ids {
    let gap = match dialect {
        // To be told to put nothing between takes SQLite a tenth longer than the comma that it puts by itself.
        Dialect::Sqlite => 1,
        Dialect::Postgres => 0,
    };
    Ids::read(pieces, gap, times)
}

/// Contacts, asked for a field. Some fields have no index, and all contacts are looked at: SQLite then takes the
/// index with their ids, but goes along the smaller one of their numbers in two thirds of the time.
fn contacts(dialect: Dialect, field: Field) -> &'static str {
    match (dialect, field) {
        (Dialect::Sqlite, Field::Email | Field::LastSeenAt | Field::Phone | Field::Source) => {
            "contacts p INDEXED BY sqlite_autoindex_contacts_2"
        }
        _ => "contacts p",
    }
}
