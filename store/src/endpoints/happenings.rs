//! What happened: said by the change that causes it, written with it where an endpoint is on.

use std::borrow::Cow;
use std::collections::HashSet;

use uuid::Uuid;
use wigwag_model::endpoint::Kind;
use wigwag_model::id::Id as _;
use wigwag_model::{ContactId, ConversationId, MessageId, MessageState, Timestamp, WorkspaceId};

use super::notices;
use crate::tx::Subject;
use crate::{
    Batch, Db, Event, Priority, Result, Tx, campaigns, contacts, events, sql, sql_rows, templates,
};

/// Something that endpoints may want to be told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Happening {
    pub(super) kind: Kind,
    pub(super) subject: Uuid,
    pub(super) detail: Option<Cow<'static, str>>,
    pub(super) at: Option<Timestamp>,
    /// By what it is known again when Meta tells it again.
    pub(super) once: Option<String>,
}

impl Happening {
    /// A message of ours was handed to Meta.
    pub(crate) fn sent(message: MessageId, at: Timestamp) -> Self {
        Self {
            at: Some(at),
            ..Self::of(Kind::MessageSent, message.uuid())
        }
    }

    /// A message of ours has come to a state.
    pub(crate) fn status(message: MessageId, state: MessageState, at: Option<Timestamp>) -> Self {
        Self {
            detail: Some(Cow::Borrowed(state.as_str())),
            at,
            ..Self::of(Kind::MessageStatus, message.uuid())
        }
    }

    /// Something was done to a conversation; `detail` is the assignee's id.
    pub(crate) fn conversation(kind: Kind, id: ConversationId, detail: Option<String>) -> Self {
        Self {
            detail: detail.map(Cow::Owned),
            ..Self::of(kind, id.uuid())
        }
    }

    /// A contact is new.
    pub(crate) fn contact_created(id: ContactId) -> Self {
        Self::of(Kind::ContactCreated, id.uuid())
    }

    /// A word about consent stands; `detail` is the word as JSON.
    pub(crate) fn consent(contact: ContactId, detail: String, at: Timestamp) -> Self {
        Self {
            detail: Some(Cow::Owned(detail)),
            at: Some(at),
            ..Self::of(Kind::ConsentChanged, contact.uuid())
        }
    }

    pub(super) fn of(kind: Kind, subject: Uuid) -> Self {
        Self {
            kind,
            subject,
            detail: None,
            at: None,
            once: None,
        }
    }
}

/// Writes what happened: what was said, and what follows from the feed's events. Called with the
/// lock of the feed's counter, so that the numbers are in the order of the commits.
pub(crate) async fn write(
    tx: &mut Tx,
    workspace: WorkspaceId,
    said: Vec<Happening>,
    told: &[Event],
) -> Result<()> {
    let fresh: HashSet<Uuid> = said
        .iter()
        .filter(|one| one.kind == Kind::ContactCreated)
        .map(|one| one.subject)
        .collect();
    // A person is made known before anything that it did.
    let (mut all, rest): (Vec<_>, Vec<_>) = said
        .into_iter()
        .partition(|one| one.kind == Kind::ContactCreated);
    for event in told {
        let kind = match event.kind {
            "message.created" => Kind::MessageReceived,
            contacts::CHANGED if !fresh.contains(&event.subject) => Kind::ContactChanged,
            events::CREATED => Kind::EventTracked,
            _ => continue,
        };
        all.push(Happening::of(kind, event.subject));
    }
    all.extend(notices::fresh(tx, workspace, rest).await?);
    for (noun, kind, text) in [
        (
            campaigns::CHANGED,
            Kind::CampaignChanged,
            "INSERT INTO told (workspace_id, subject_id, state)
             SELECT c.workspace_id, c.id, c.state FROM {rows} JOIN campaigns c ON c.workspace_id = {$1} AND c.id = r.id WHERE true
             ON CONFLICT (workspace_id, subject_id) DO UPDATE SET state = excluded.state WHERE told.state <> excluded.state
             RETURNING subject_id, state",
        ),
        (
            templates::CHANGED,
            Kind::TemplateChanged,
            "INSERT INTO told (workspace_id, subject_id, state)
             SELECT t.workspace_id, t.id, t.status FROM {rows} JOIN templates t ON t.workspace_id = {$1} AND t.id = r.id
             WHERE t.status <> 'draft'
             ON CONFLICT (workspace_id, subject_id) DO UPDATE SET state = excluded.state WHERE told.state <> excluded.state
             RETURNING subject_id, state",
        ),
    ] {
        all.extend(moved(tx, workspace, told, noun, kind, text).await?);
    }
    if all.is_empty() {
        return Ok(());
    }
    let (count, now) = (
        i64::try_from(all.len()).unwrap_or(i64::MAX),
        tx.mint().now(),
    );
    let (last, _) = tx.advance(workspace, count).await?;
    let rows = Batch::new()
        .ints("seq", (last - count + 1)..=last)
        .texts("kind", all.iter().map(|one| one.kind.as_str()))
        .ids("subject_id", all.iter().map(|one| Subject(one.subject)))
        .opt_texts("detail", all.iter().map(|one| one.detail.as_deref()))
        .times("at", all.iter().map(|one| one.at.unwrap_or(now)));
    sql_rows(
        "INSERT INTO happenings (workspace_id, seq, kind, subject_id, detail, at, recorded_at)
         SELECT $1, r.seq, r.kind, r.subject_id, r.detail, r.at, $2 FROM {rows} WHERE true",
        rows,
    )
    .bind(workspace)
    .bind(now)
    .execute(tx)
    .await?;
    tx.wake_endpoints();
    Ok(())
}

/// Campaigns or templates of the feed's events whose state is another than was told last.
async fn moved(
    tx: &mut Tx,
    workspace: WorkspaceId,
    told: &[Event],
    noun: &str,
    kind: Kind,
    text: &'static str,
) -> Result<Vec<Happening>> {
    let mut subjects: Vec<Uuid> = told
        .iter()
        .filter(|event| event.kind == noun)
        .map(|event| event.subject)
        .collect();
    subjects.sort();
    subjects.dedup();
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sql_rows(
        text,
        Batch::new().ids("id", subjects.into_iter().map(Subject)),
    )
    .bind(workspace)
    .fetch_all(tx)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Happening {
                detail: Some(Cow::Owned(row.text(1)?)),
                ..Happening::of(kind, row.id::<Subject>(0)?.uuid())
            })
        })
        .collect()
}

/// The workspaces where an endpoint is on.
///
/// # Errors
/// What the database says.
pub async fn watched(db: &Db) -> Result<Vec<WorkspaceId>> {
    let rows = sql("SELECT workspace_id FROM feeds WHERE endpoints > 0 ORDER BY workspace_id")
        .fetch_all(&mut db.reader().await?)
        .await?;
    rows.iter().map(|row| row.id(0)).collect()
}

/// Forgets what nobody was to be told of any more: recorded before an instant and left over because
/// the last endpoint went off. At most 2,000.
///
/// # Errors
/// What the database says.
pub async fn sweep_happenings(db: &Db, before: Timestamp) -> Result<u64> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            sql("DELETE FROM happenings WHERE (workspace_id, seq) IN
                 (SELECT workspace_id, seq FROM happenings WHERE recorded_at < $1 ORDER BY recorded_at LIMIT 2000)")
                .bind(before)
                .execute(tx)
                .await
        })
    })
    .await
}
