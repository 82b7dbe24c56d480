//! What Meta tells of accounts and numbers, as endpoints are told it: once, however often its webhook
//! comes, and with the rows that it is about.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use wigwag_model::id::Id as _;
use wigwag_model::{NumberId, WabaId, WorkspaceId};

use super::happenings::Happening;
use crate::ingest::Notice;
use crate::tx::Subject;
use crate::{Batch, Reader, Result, Tx, sql, sql_rows};

/// So many notices of an account are known again when they come again. Meta tries a webhook for seven
/// days (Meta: Webhooks), and tells of an account some times a month.
const KNOWN: usize = 64;

/// An account of Meta's that a notice is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountFacts {
    /// The row that the notice is about: an account, or a portfolio.
    pub subject: Uuid,
    /// The account; nothing when the notice is about a portfolio, or the account was taken away.
    pub account: Option<Account>,
    /// The number that the notice names, where it is one of the account's here.
    pub number: Option<AccountNumber>,
}

/// A WhatsApp Business account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: WabaId,
    /// Meta's id.
    pub waba_id: String,
    /// Its name.
    pub name: String,
}

/// A number of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountNumber {
    /// Its id.
    pub id: NumberId,
    /// Meta's id.
    pub phone_number_id: String,
    /// The number as it is shown.
    pub display_phone_number: String,
}

/// An account with its numbers, as it is read for many notices.
#[derive(Debug)]
pub(super) struct Known {
    account: Account,
    numbers: Vec<AccountNumber>,
}

impl Happening {
    /// Meta told something of an account, a portfolio or a number.
    pub(crate) fn notice(notice: &Notice) -> Self {
        let detail = json!({ "field": notice.field, "value": notice.value }).to_string();
        Self {
            detail: Some(detail.into()),
            at: Some(notice.at),
            once: Some(mark(notice)),
            ..Self::of(notice.kind, notice.subject)
        }
    }
}

/// By what a notice is known again: the same words of the same second are the same webhook.
fn mark(notice: &Notice) -> String {
    let mut digest = Sha256::new();
    digest.update(notice.field.as_bytes());
    digest.update([0]);
    digest.update(notice.sent.to_be_bytes());
    digest.update(notice.value.to_string().as_bytes());
    let whole = digest.finalize();
    hex::encode(whole.get(..8).unwrap_or_default())
}

/// Leaves out what was told before. Called with the lock of the feed's counter: nobody tells the same
/// meanwhile.
pub(super) async fn fresh(
    tx: &mut Tx,
    workspace: WorkspaceId,
    all: Vec<Happening>,
) -> Result<Vec<Happening>> {
    let mut known: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    let mut changed: BTreeSet<Uuid> = BTreeSet::new();
    let mut fresh = Vec::with_capacity(all.len());
    for happening in all {
        let Some(mark) = happening.once.clone() else {
            fresh.push(happening);
            continue;
        };
        let subject = happening.subject;
        // One account at a time: Meta tells of few a day, not of thousands a second.
        let marks = match known.entry(subject) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(marks(tx, workspace, subject).await?),
        };
        if !marks.contains(&mark) {
            marks.push(mark);
            changed.insert(subject);
            fresh.push(happening);
        }
    }
    for subject in changed {
        let marks = known.remove(&subject).unwrap_or_default();
        let last = marks.get(marks.len().saturating_sub(KNOWN)..);
        sql(
            "INSERT INTO told (workspace_id, subject_id, state) VALUES ($1, $2, $3)
             ON CONFLICT (workspace_id, subject_id) DO UPDATE SET state = excluded.state",
        )
        .bind(workspace)
        .bind(subject)
        .bind(last.unwrap_or_default().join(" "))
        .execute(tx)
        .await?;
    }
    Ok(fresh)
}

/// The marks of an account's last notices, the oldest first.
async fn marks(tx: &mut Tx, workspace: WorkspaceId, subject: Uuid) -> Result<Vec<String>> {
    let row = sql("SELECT state FROM told WHERE workspace_id = $1 AND subject_id = $2")
        .bind(workspace)
        .bind(subject)
        .fetch_optional(tx)
        .await?;
    let state = row.map(|row| row.text(0)).transpose()?.unwrap_or_default();
    Ok(state.split_whitespace().map(str::to_owned).collect())
}

/// Reads accounts with their numbers. What is no account here, such as a portfolio, is left out.
pub(super) async fn accounts(
    on: &mut Reader,
    workspace: WorkspaceId,
    ids: Vec<Subject>,
) -> Result<HashMap<Uuid, Known>> {
    let mut known: HashMap<Uuid, Known> = HashMap::new();
    if ids.is_empty() {
        return Ok(known);
    }
    let rows = sql_rows(
        "SELECT w.id, w.waba_id, w.name, n.id, n.phone_number_id, n.display_phone_number FROM {rows}
         JOIN wabas w ON w.workspace_id = {$1} AND w.id = r.id
         LEFT JOIN numbers n ON n.workspace_id = w.workspace_id AND n.waba = w.id",
        Batch::new().ids("id", ids),
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    for row in &rows {
        let account = Account {
            id: row.id(0)?,
            waba_id: row.text(1)?,
            name: row.text(2)?,
        };
        let entry = known.entry(account.id.uuid()).or_insert_with(|| Known {
            account,
            numbers: Vec::new(),
        });
        if let Some(id) = row.opt_id(3)? {
            entry.numbers.push(AccountNumber {
                id,
                phone_number_id: row.text(4)?,
                display_phone_number: row.text(5)?,
            });
        }
    }
    Ok(known)
}

/// What a notice is about.
pub(super) fn facts(subject: Uuid, known: Option<&Known>, detail: Option<&str>) -> AccountFacts {
    let detail: Value = detail
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    AccountFacts {
        subject,
        account: known.map(|known| known.account.clone()),
        number: known.and_then(|known| named(&known.numbers, &detail["value"]).cloned()),
    }
}

/// The number that Meta's value names, by its id or as it is shown.
fn named<'n>(numbers: &'n [AccountNumber], value: &Value) -> Option<&'n AccountNumber> {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let text = |key: &str| value[key].as_str().unwrap_or_default();
    let id = text("entity_id");
    let shown = ["display_phone_number", "phone_number"]
        .map(|key| digits(text(key)))
        .into_iter()
        .find(|digits| !digits.is_empty());
    numbers.iter().find(|number| {
        number.phone_number_id == id
            || shown.as_deref() == Some(digits(&number.display_phone_number).as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wigwag_model::Timestamp;
    use wigwag_model::endpoint::Kind;

    fn notice(sent: i64, value: Value) -> Notice {
        Notice {
            workspace: WorkspaceId::from_uuid(Uuid::nil()),
            subject: Uuid::nil(),
            kind: Kind::AccountReviewed,
            field: "account_review_update".to_owned(),
            value,
            at: Timestamp::from_seconds(sent),
            sent,
        }
    }

    #[test]
    fn the_same_words_of_another_second_are_another_notice() {
        let approved = json!({ "decision": "APPROVED" });
        let one = mark(&notice(1, approved.clone()));
        assert_eq!(one.len(), 16);
        assert_eq!(one, mark(&notice(1, approved.clone())));
        assert_ne!(one, mark(&notice(2, approved)));
        assert_ne!(one, mark(&notice(1, json!({ "decision": "REJECTED" }))));
    }

    #[test]
    fn a_number_is_found_as_meta_writes_it() {
        let number = AccountNumber {
            id: NumberId::from_uuid(Uuid::nil()),
            phone_number_id: "1060".to_owned(),
            display_phone_number: "+91 80 4000 0000".to_owned(),
        };
        let numbers = [number];
        for value in [
            json!({ "display_phone_number": "918040000000" }),
            json!({ "phone_number": "+91 8040 000000" }),
            json!({ "entity_type": "PHONE_NUMBER", "entity_id": "1060" }),
        ] {
            assert!(named(&numbers, &value).is_some(), "{value}");
        }
        for value in [
            json!({}),
            json!({ "phone_number": "918040000001" }),
            json!({ "entity_id": "106" }),
        ] {
            assert!(named(&numbers, &value).is_none(), "{value}");
        }
    }
}
