//! Lists of conversations, newest activity first, by keyset.
//!
//! Without a query one index range answers: by status, by status and assignee, or by status
//! among the unread. With a query the contacts are looked up first: few are joined, many are
//! checked while the activity index is walked.

use serde::{Deserialize, Serialize};
use wigwag_model::{ContactId, ConversationId, MemberId, NumberId, Scope, Timestamp};

use super::{Conversation, SELECT, Status, read, visible};
use crate::contacts::reached;
use crate::{Batch, Bind, Db, Reader, Result, Sql, sql_owned, sql_rows_owned};

/// Whose conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Everybody's.
    All,
    /// A member's.
    Mine(MemberId),
    /// Nobody's.
    Unassigned,
}

/// What to list.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Whose.
    pub view: View,
    /// Where they stand.
    pub status: Status,
    /// Of one number only.
    pub number: Option<NumberId>,
    /// Words of names or digits of phone numbers.
    pub query: Option<String>,
    /// Only those with unread messages.
    pub unread: bool,
}

/// The place of a row in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Its last activity.
    pub at: Timestamp,
    /// Its id, which tells ties apart.
    pub id: ConversationId,
}

/// So many contacts of a query are looked up directly; more are checked along the index.
const FEW: usize = 300;

/// A page of conversations and the key of its last row when there may be more.
///
/// # Errors
/// What the database says.
pub async fn list(
    db: &Db,
    scope: &Scope,
    filter: &Filter,
    after: Option<Key>,
    limit: u32,
) -> Result<(Vec<Conversation>, Option<Key>)> {
    let mut reader = db.reader().await?;
    let terms = filter
        .query
        .as_deref()
        .map(wigwag_model::search::query_terms)
        .unwrap_or_default();
    let found = if terms.is_empty() {
        Found::Everyone
    } else {
        find(&mut reader, scope, &terms).await?
    };
    if matches!(&found, Found::Few(contacts) if contacts.is_empty()) {
        return Ok((Vec::new(), None));
    }
    let statement = statement(scope, filter, after, limit, &found, &terms);
    let mut rows = statement.fetch_all(&mut reader).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let page = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let key = page.last().filter(|_| more).map(|last| Key {
        at: last.activity_at,
        id: last.id,
    });
    Ok((page, key))
}

enum Found {
    Everyone,
    Few(Vec<ContactId>),
    Many,
}

/// The contacts of a query's longest term; the other terms are checked with each row.
async fn find(reader: &mut Reader, scope: &Scope, terms: &[String]) -> Result<Found> {
    let longest = terms
        .iter()
        .max_by_key(|term| term.len())
        .cloned()
        .unwrap_or_default();
    let mut bound = Vec::new();
    let condition = reached(&longest, |value| {
        bound.push(value);
        format!("${}", bound.len() + 1)
    });
    let statement = sql_owned(format!(
        "SELECT DISTINCT t.contact_id FROM contact_terms t WHERE t.workspace_id = $1 AND {condition} LIMIT {}",
        FEW + 1
    ))
    .bind(scope.workspace);
    let rows = bound
        .into_iter()
        .fold(statement, crate::Sql::bind)
        .fetch_all(reader)
        .await?;
    if rows.len() > FEW {
        return Ok(Found::Many);
    }
    let contacts = rows
        .iter()
        .map(|row| row.id(0))
        .collect::<Result<Vec<_>>>()?;
    Ok(Found::Few(contacts))
}

/// Collects parameters while a text is put together.
struct Builder {
    text: String,
    values: Vec<crate::Value>,
}

impl Builder {
    fn parameter(&mut self, value: impl Bind) -> String {
        self.values.push(value.value());
        format!("${}", self.values.len())
    }

    fn and(&mut self, condition: &str) {
        self.text.push_str(" AND ");
        self.text.push_str(condition);
    }
}

fn statement(
    scope: &Scope,
    filter: &Filter,
    after: Option<Key>,
    limit: u32,
    found: &Found,
    terms: &[String],
) -> Sql {
    let mut b = Builder {
        text: String::new(),
        values: Vec::new(),
    };
    let workspace = b.parameter(scope.workspace);
    let status = b.parameter(filter.status.as_str());
    b.text = format!("{SELECT} WHERE c.workspace_id = {workspace} AND c.status = {status}");
    match filter.view {
        View::All => {}
        View::Mine(member) => {
            let member = b.parameter(member);
            b.and(&format!("c.assignee_id = {member}"));
        }
        View::Unassigned => b.and("c.assignee_id IS NULL"),
    }
    let (hidden, member) = visible(scope, b.values.len() + 1);
    if let Some(member) = member {
        b.parameter(member);
        b.text.push_str(&hidden);
    }
    if filter.unread {
        b.and("c.unread_count > 0");
    }
    if let Some(number) = filter.number {
        let number = b.parameter(number);
        b.and(&format!("c.number_id = {number}"));
    }
    // Every term must be the start of one of the contact's terms.
    for word in terms {
        let condition = reached(word, |value| b.parameter(value));
        b.and(&format!(
            "EXISTS (SELECT 1 FROM contact_terms t WHERE t.workspace_id = c.workspace_id
                     AND t.contact_id = c.contact_id AND {condition})"
        ));
    }
    if let Some(key) = after {
        let (at, id) = (b.parameter(key.at), b.parameter(key.id));
        b.and(&format!("(c.activity_at, c.id) < ({at}, {id})"));
    }
    let batch = match found {
        Found::Few(contacts) => {
            b.and("c.contact_id IN (SELECT r.contact_id FROM {rows})");
            Some(Batch::new().ids("contact_id", contacts.iter().copied()))
        }
        Found::Everyone | Found::Many => None,
    };
    // One more than asked for tells whether there is a next page.
    b.text.push_str(&format!(
        " ORDER BY c.activity_at DESC, c.id DESC LIMIT {}",
        u64::from(limit) + 1
    ));
    let statement = match batch {
        Some(batch) => sql_rows_owned(b.text, batch),
        None => sql_owned(b.text),
    };
    b.values.into_iter().fold(statement, Sql::bind)
}
