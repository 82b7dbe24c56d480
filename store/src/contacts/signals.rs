//! Changes of contacts that start on-going campaigns: told where contacts are written, and only where
//! a running campaign asks for such changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;
use wigwag_model::audience::tag_key;
use wigwag_model::campaign::ongoing::Signal;
use wigwag_model::{ContactId, WorkspaceId};

use super::write::{Fields, Fresh};
use crate::campaigns::ongoing::{signal, wanted};
use crate::{Batch, Error, Result, Tx, sql_rows};

async fn asking(tx: &mut Tx, all: impl Iterator<Item = WorkspaceId>) -> Result<Vec<WorkspaceId>> {
    let all: BTreeSet<WorkspaceId> = all.collect();
    let mut asking = Vec::new();
    for workspace in all {
        if wanted(tx, workspace).await? {
            asking.push(workspace);
        }
    }
    Ok(asking)
}

/// Tells that contacts are new, with the tags and traits that they came with.
pub(super) async fn created(tx: &mut Tx, fresh: &[Fresh]) -> Result<()> {
    for workspace in asking(tx, fresh.iter().map(|one| one.workspace)).await? {
        let mut signals = Vec::new();
        for one in fresh.iter().filter(|one| one.workspace == workspace) {
            signals.push((one.id, Signal::Created));
            let tags: BTreeSet<String> = one.tags.iter().map(|tag| tag_key(tag)).collect();
            signals.extend(tags.into_iter().map(|tag| (one.id, Signal::Tagged(tag))));
            let traits = one.traits.iter().filter(|(_, value)| !value.is_null());
            signals.extend(traits.map(|(key, _)| (one.id, Signal::Trait(key.clone()))));
        }
        signal(tx, workspace, &signals).await?;
    }
    Ok(())
}

/// Tells what of contacts will be another than it is, before it is written.
pub(super) async fn changed(tx: &mut Tx, fields: &[Fields]) -> Result<()> {
    for workspace in asking(tx, fields.iter().map(|one| one.workspace)).await? {
        let fields: Vec<&Fields> = fields
            .iter()
            .filter(|one| one.workspace == workspace)
            .collect();
        let before = before(tx, workspace, &fields).await?;
        let mut signals = Vec::new();
        for one in fields {
            if let Some((tags, traits)) = before.get(&one.contact) {
                compare(one, tags, traits, &mut signals);
            }
        }
        signal(tx, workspace, &signals).await?;
    }
    Ok(())
}

type Before = HashMap<ContactId, (Vec<String>, BTreeMap<String, Value>)>;

async fn before(tx: &mut Tx, workspace: WorkspaceId, fields: &[&Fields]) -> Result<Before> {
    let rows = sql_rows(
        "SELECT c.id, c.tags, c.traits FROM {rows} JOIN contacts c ON c.workspace_id = {$1} AND c.id = r.id",
        Batch::new().ids("id", fields.iter().map(|one| one.contact)),
    )
    .bind(workspace)
    .fetch_all(tx)
    .await?;
    let wrong = |column| Error::Inconsistent {
        table: "contacts",
        column,
    };
    rows.iter()
        .map(|row| {
            let tags = serde_json::from_str(&row.text(1)?).map_err(|_| wrong("tags"))?;
            let traits = serde_json::from_str(&row.text(2)?).map_err(|_| wrong("traits"))?;
            Ok((row.id(0)?, (tags, traits)))
        })
        .collect()
}

fn compare(
    to: &Fields,
    tags: &[String],
    traits: &BTreeMap<String, Value>,
    signals: &mut Vec<(ContactId, Signal)>,
) {
    let keys =
        |tags: &[String]| -> BTreeSet<String> { tags.iter().map(|tag| tag_key(tag)).collect() };
    let (old, new) = (keys(tags), keys(&to.tags));
    let contact = to.contact;
    signals.extend(
        new.difference(&old)
            .map(|tag| (contact, Signal::Tagged(tag.clone()))),
    );
    signals.extend(
        old.difference(&new)
            .map(|tag| (contact, Signal::Untagged(tag.clone()))),
    );
    let names: BTreeSet<&String> = traits.keys().chain(to.traits.keys()).collect();
    for name in names {
        let value = |of: &BTreeMap<String, Value>| of.get(name).cloned().unwrap_or_default();
        if value(traits) != value(&to.traits) {
            signals.push((contact, Signal::Trait(name.clone())));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;
    use wigwag_model::id::Id as _;

    use super::*;

    #[test]
    fn what_is_another_is_told_and_what_stays_is_not() {
        let contact = ContactId::from_uuid(Uuid::from_u128(1));
        let read = |value: Value| serde_json::from_value(value).unwrap();
        let to = Fields {
            workspace: WorkspaceId::from_uuid(Uuid::from_u128(2)),
            contact,
            tags: vec!["VIP".to_owned(), "new".to_owned()],
            traits: read(json!({"plan": "gold", "city": "Pune", "age": null})),
        };
        let mut signals = Vec::new();
        compare(
            &to,
            &["vip".to_owned(), "old".to_owned()],
            &read(json!({"plan": "silver", "city": "Pune", "seats": 3})),
            &mut signals,
        );
        let signals: Vec<Signal> = signals.into_iter().map(|(_, signal)| signal).collect();
        assert_eq!(
            signals,
            [
                Signal::Tagged("new".to_owned()),
                Signal::Untagged("old".to_owned()),
                Signal::Trait("plan".to_owned()),
                Signal::Trait("seats".to_owned()),
            ]
        );
    }
}
