//! What web pages tell with a publishable key: a visitor, and what it did there.
//!
//! The key stands in the page, so everybody has it. Nothing here changes a contact that is known,
//! says anything about consent, or answers differently for one who is known and one who is not.

use serde_json::{Map, Value};
use wigwag_model::{Timestamp, WorkspaceId};

use crate::contacts::{self, Visitor};
use crate::events::{NewEvent, WEB, Who, track_in};
use crate::{Db, Priority, Result};

/// Something that a visitor did.
#[derive(Debug, Clone)]
pub struct Step {
    /// The page's id of it: the same twice is one event. It has a name space of its own, so that no
    /// page can take an id that a program will use.
    pub id: String,
    /// What: `Product Viewed`.
    pub name: String,
    /// The particulars.
    pub properties: Map<String, Value>,
    /// When.
    pub occurred_at: Timestamp,
}

/// A visitor and what it did.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Who.
    pub visitor: Visitor,
    /// What, in order.
    pub steps: Vec<Step>,
}

/// Writes a visit down, whole or not at all.
///
/// # Errors
/// [`crate::Error::Stale`] when a webhook made the contact meanwhile: try again.
pub async fn record(db: &Db, workspace: WorkspaceId, visit: Visit) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let contact = contacts::visitor(tx, workspace, visit.visitor).await?;
            for step in visit.steps {
                let new = NewEvent {
                    contact: Who::Id(contact),
                    name: step.name,
                    properties: step.properties,
                    occurred_at: Some(step.occurred_at),
                    source_id: Some(format!("{WEB}/{}", step.id)),
                };
                track_in(tx, workspace, new, WEB).await?;
            }
            Ok(())
        })
    })
    .await
}
