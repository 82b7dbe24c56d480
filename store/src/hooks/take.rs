//! Writing down what came for a hook: the contact, what it agreed to, its event and the delivery, in
//! one transaction. The sender is answered after it.

use serde_json::{Map, Value};
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::{ContactId, EventId, HookDeliveryId, HookId, Timestamp, WorkspaceId};

use super::deliveries::Outcome;
use crate::consent::{self, Rule, Word};
use crate::contacts::{self, Customer, Identified};
use crate::events::{self, NewEvent, Tracked, Who};
use crate::{Db, Priority, Result, Tx, sql};

/// Something that came, read.
#[derive(Debug, Clone)]
pub struct Come {
    /// For which hook.
    pub hook: HookId,
    /// The sender's id of the delivery.
    pub source_id: String,
    /// What it is about, in the sender's words.
    pub topic: String,
    /// `shopify` or `hook`: the source of contacts, consent and events.
    pub source: &'static str,
    /// What it says.
    pub verdict: Verdict,
}

/// What a body says.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Somebody did something.
    Stated(Box<Stated>),
    /// Nothing that is kept here, with the reason's code.
    PassedOver(&'static str),
    /// It could not be read.
    Refused {
        /// The field.
        field: String,
        /// The mend.
        message: String,
    },
}

/// A person and what it did, as a sender states it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stated {
    /// Who.
    pub customer: Customer,
    /// The key of an earlier event, whose contact is meant where `customer` names nobody.
    pub after: Option<String>,
    /// What it said about marketing.
    pub marketing: Option<Said>,
    /// What it did: the first of these that is not known yet is written down.
    pub events: Vec<Draft>,
}

/// A word about marketing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Yes or no.
    pub state: ConsentState,
    /// When.
    pub at: Timestamp,
    /// The sender's words.
    pub text: String,
}

/// An event, as a sender states it.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What makes it the same event when it is told again, within the hook.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The particulars.
    pub properties: Map<String, Value>,
    /// When it happened.
    pub occurred_at: Option<Timestamp>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// Contact and event are written down.
    Recorded {
        /// The contact.
        contact: ContactId,
        /// Its event; none where every event was known.
        event: Option<EventId>,
        /// Whether a no to marketing was written down.
        stopped: bool,
    },
    /// It came before.
    Known,
    /// There was nothing to write, with the reason's code.
    PassedOver(&'static str),
    /// It could not be read.
    Refused {
        /// The field.
        field: String,
        /// The mend.
        message: String,
    },
}

/// What a passed over delivery is called that names nobody.
const NOBODY: &str = "no_phone";

/// Writes down what came.
///
/// # Errors
/// [`crate::Error::Stale`] when somebody else changed the person meanwhile: try again.
pub async fn take(db: &Db, workspace: WorkspaceId, come: Come) -> Result<Taken> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            if !begin(tx, workspace, &come, now).await? {
                return Ok(Taken::Known);
            }
            let taken = match come.verdict.clone() {
                Verdict::Stated(stated) => settle(tx, workspace, &come, *stated, now).await?,
                Verdict::PassedOver(reason) => Taken::PassedOver(reason),
                Verdict::Refused { field, message } => Taken::Refused { field, message },
            };
            finish(tx, workspace, &come, &taken, now).await?;
            Ok(taken)
        })
    })
    .await
}

/// Whether this is new. One that was refused may be sent again and read by a better plan.
async fn begin(tx: &mut Tx, workspace: WorkspaceId, come: &Come, now: Timestamp) -> Result<bool> {
    sql("DELETE FROM hook_deliveries WHERE workspace_id = $1 AND hook_id = $2 AND source_id = $3 AND outcome = $4")
        .bind(workspace)
        .bind(come.hook)
        .bind(&come.source_id)
        .bind(Outcome::Refused.as_str())
        .execute(tx)
        .await?;
    let id: HookDeliveryId = tx.mint().id();
    let done = sql("INSERT INTO hook_deliveries (workspace_id, id, hook_id, source_id, topic, outcome, received_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING")
        .bind(workspace)
        .bind(id)
        .bind(come.hook)
        .bind(&come.source_id)
        .bind(&come.topic)
        .bind(Outcome::PassedOver.as_str())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(done > 0)
}

async fn finish(
    tx: &mut Tx,
    workspace: WorkspaceId,
    come: &Come,
    taken: &Taken,
    now: Timestamp,
) -> Result<()> {
    let (outcome, reason, detail) = match taken {
        Taken::Recorded { .. } | Taken::Known => (Outcome::Recorded, None, None),
        Taken::PassedOver(reason) => (Outcome::PassedOver, Some(*reason), None),
        Taken::Refused { field, message } => (
            Outcome::Refused,
            Some(field.as_str()),
            Some(message.as_str()),
        ),
    };
    let (contact, event) = match taken {
        Taken::Recorded { contact, event, .. } => (Some(*contact), *event),
        _ => (None, None),
    };
    sql("UPDATE hook_deliveries SET outcome = $4, reason = $5, detail = $6, contact_id = $7, event_id = $8, received_at = $9
         WHERE workspace_id = $1 AND hook_id = $2 AND source_id = $3")
        .bind(workspace)
        .bind(come.hook)
        .bind(&come.source_id)
        .bind(outcome.as_str())
        .bind(reason)
        .bind(detail)
        .bind(contact)
        .bind(event)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

async fn settle(
    tx: &mut Tx,
    workspace: WorkspaceId,
    come: &Come,
    stated: Stated,
    now: Timestamp,
) -> Result<Taken> {
    let Some(contact) = whose(tx, workspace, come, &stated).await? else {
        return Ok(Taken::PassedOver(NOBODY));
    };
    let contact = match contact {
        Ok(contact) => contact,
        Err(refused) => return Ok(clash(refused)),
    };
    let stopped = match stated.marketing {
        Some(said) => agree(tx, workspace, come, contact, said).await?,
        None => false,
    };
    let mut event = None;
    for draft in stated.events {
        // A sender's clock that runs ahead of ours must not put events into the time to come.
        let occurred_at = draft.occurred_at.map(|at| at.min(now));
        let new = NewEvent {
            contact: Who::Id(contact),
            name: draft.name,
            properties: draft.properties,
            occurred_at,
            source_id: Some(key(come.hook, &draft.key)),
        };
        if let Tracked::New(new) = events::track_in(tx, workspace, new, come.source).await? {
            event = Some(new.id);
            break;
        }
    }
    Ok(Taken::Recorded {
        contact,
        event,
        stopped,
    })
}

/// The name under which a hook's event is known. Each hook has its own, so that none can take another
/// one's, or a program's.
fn key(hook: HookId, key: &str) -> String {
    format!("{hook}/{key}")
}

/// The contact that is meant.
async fn whose(
    tx: &mut Tx,
    workspace: WorkspaceId,
    come: &Come,
    stated: &Stated,
) -> Result<Option<std::result::Result<ContactId, Identified>>> {
    let known = &stated.customer.known;
    if known.phone.is_some() || known.external.is_some() {
        let found = contacts::customer(tx, workspace, &stated.customer, come.source).await?;
        return Ok(Some(found));
    }
    let Some(after) = &stated.after else {
        return Ok(None);
    };
    let key = key(come.hook, after);
    let mut earlier = events::by_source(tx, workspace, vec![&key]).await?;
    match earlier.remove(&key) {
        Some(event) => {
            let contact = contacts::get(tx, workspace, event.contact).await?.id;
            Ok(Some(Ok(contact)))
        }
        None => Ok(None),
    }
}

fn clash(refused: Identified) -> Taken {
    let message = match refused {
        Identified::OtherId => "the contact with this phone number has another external id",
        Identified::OtherPhone => "the contact with this external id has another phone number",
        _ => "the external id is one contact's and the phone number another's",
    };
    Taken::Refused {
        field: "external_id".to_owned(),
        message: message.to_owned(),
    }
}

/// Writes down what was said about marketing; says whether it was a no that is new. A yes never
/// takes back a no, whoever said it.
async fn agree(
    tx: &mut Tx,
    workspace: WorkspaceId,
    come: &Come,
    contact: ContactId,
    said: Said,
) -> Result<bool> {
    let rule = if said.state == ConsentState::Denied {
        Rule::Told
    } else {
        Rule::Imported
    };
    let stands = sql("SELECT state FROM consent
                      WHERE workspace_id = $1 AND contact_id = $2 AND category = $3")
    .bind(workspace)
    .bind(contact)
    .bind(Category::Marketing.as_str())
    .fetch_optional(tx)
    .await?
    .map(|row| row.text(0))
    .transpose()?;
    if stands.as_deref() == Some(said.state.as_str()) {
        return Ok(false);
    }
    let word = Word {
        workspace,
        contact,
        category: Category::Marketing,
        state: said.state,
        source: come.source.to_owned(),
        actor: come.hook.to_string(),
        text: Some(said.text),
        at: said.at,
    };
    let no = said.state == ConsentState::Denied;
    let done = consent::put(tx, rule, &[word]).await?;
    Ok(no && done.iter().any(|outcome| outcome.applied))
}
