//! What a listing of Meta's means for what is known: new versions, and submissions whose outcome it shows.

use std::collections::HashMap;

use serde_json::Value;
use wigwag_model::{TemplateId, Timestamp, WabaId, WorkspaceId};

use super::draft::Content;
use super::versions::NewVersion;
use super::write::Listed;
use super::{DELETED, DRAFT};
use crate::{Batch, Result, Tx, sql_rows};

/// What is known of a listed template.
pub(super) struct Known {
    pub(super) id: TemplateId,
    status: String,
    components: String,
    edit: Option<String>,
    submitting_at: Option<Timestamp>,
    submitted_at: Option<Timestamp>,
    submitted_by: Option<String>,
    synced_at: Timestamp,
    versions: i64,
}

/// A submission that the listing shows to have been accepted, by its claim.
pub(super) struct Settled {
    pub(super) id: TemplateId,
    pub(super) at: Timestamp,
}

/// What is to be written beside the rows themselves.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) versions: Vec<NewVersion>,
    pub(super) settled: Vec<Settled>,
}

/// What is known of the listed names, by name and language.
pub(super) async fn known(
    tx: &mut Tx,
    workspace: WorkspaceId,
    waba: WabaId,
    names: Batch,
) -> Result<HashMap<(String, String), Known>> {
    let rows = sql_rows(
        "SELECT t.name, t.language, t.id, t.status, t.components, t.edit, t.submitting_at, t.submitted_at,
            t.submitted_by, t.synced_at, t.versions
         FROM {rows} JOIN templates t ON t.workspace_id = {$1} AND t.waba = {$2} AND t.name = r.name
            AND t.language = r.language",
        names,
    )
    .bind(workspace)
    .bind(waba)
    .fetch_all(tx)
    .await?;
    rows.iter()
        .map(|row| {
            let known = Known {
                id: row.id(2)?,
                status: row.text(3)?,
                components: row.text(4)?,
                edit: row.opt_text(5)?,
                submitting_at: row.opt_time(6)?,
                submitted_at: row.opt_time(7)?,
                submitted_by: row.opt_text(8)?,
                synced_at: row.time(9)?,
                versions: row.int(10)?,
            };
            Ok(((row.text(0)?, row.text(1)?), known))
        })
        .collect()
}

impl Plan {
    /// Takes in one template of the listing; `id` is its row's, new or known.
    pub(super) fn take(
        &mut self,
        id: TemplateId,
        listed: &Listed,
        known: Option<&Known>,
        at: Timestamp,
    ) {
        let version = |no: i64, origin: &'static str| NewVersion {
            template: id,
            no,
            at: listed.updated_at.unwrap_or(at),
            origin,
            actor: None,
            counted: false,
            category: listed.category.clone(),
            parameter_format: listed.parameter_format.clone(),
            components: listed.components.clone(),
            ttl_seconds: listed.ttl_seconds,
        };
        let Some(known) = known else {
            self.versions.push(version(1, "meta"));
            return;
        };
        // A later reading or writing knows better.
        if known.synced_at > at {
            return;
        }
        let next = known.versions + 1;
        if let Some(claimed) = known.submitting_at
            && known.shows(listed)
        {
            self.settled.push(Settled { id, at: claimed });
            self.versions.push(NewVersion {
                at: claimed,
                actor: known.submitted_by.clone(),
                counted: known.status == "approved",
                ..version(next, "here")
            });
        } else if known.versions == 0 || known.differs(listed) {
            self.versions.push(NewVersion {
                counted: known.versions > 0 && known.status == "approved",
                ..version(next, "meta")
            });
        }
    }
}

impl Known {
    /// Whether the listing shows that the submission under way was accepted.
    fn shows(&self, listed: &Listed) -> bool {
        if self.status == DRAFT || self.status == DELETED || listed.status == "pending" {
            return true;
        }
        let edit = self
            .edit
            .as_deref()
            .and_then(|edit| serde_json::from_str::<Content>(edit).ok());
        edit.is_some_and(|edit| {
            comparable(&edit.components.to_string()) == comparable(&listed.components)
        })
    }

    /// Whether somebody wrote another text elsewhere. The first listing after a submission of ours shows our
    /// own text as Meta writes it.
    fn differs(&self, listed: &Listed) -> bool {
        let ours = self.submitted_at.is_some_and(|at| self.synced_at <= at);
        !ours && comparable(&self.components) != comparable(&listed.components)
    }
}

/// Components without what changes from listing to listing: the addresses of samples.
fn comparable(components: &str) -> Value {
    let mut value = serde_json::from_str(components).unwrap_or_default();
    strip(&mut value);
    value
}

fn strip(value: &mut Value) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(strip),
        Value::Object(all) => {
            all.remove("header_handle");
            all.remove("media_id");
            all.retain(|_, value| {
                strip(value);
                !value.is_null() && *value != Value::Object(serde_json::Map::new())
            });
        }
        _ => {}
    }
}

/// Whether two texts of components say the same, whatever address or handle their samples have.
pub fn same_text(one: &Value, other: &Value) -> bool {
    let (mut one, mut other) = (one.clone(), other.clone());
    strip(&mut one);
    strip(&mut other);
    one == other
}
