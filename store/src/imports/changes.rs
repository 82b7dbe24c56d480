//! What an import changed of people who were there, so that it can be taken back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wigwag_model::{ContactId, ImportId, WorkspaceId};

use crate::contacts::Contact;
use crate::{Batch, Result, Tx, sql_rows};

/// What one row of a file changed of somebody who was there: what stood before, and what it set.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Change {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<(Option<String>, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<(Option<String>, String)>,
    /// Those that were not there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    traits: BTreeMap<String, (Option<Value>, Value)>,
    /// The id of a shop's own programs that the contact was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) external: Option<String>,
}

impl Change {
    /// What made one contact of another.
    pub(super) fn between(before: &Contact, after: &Contact) -> Self {
        let text = |before: &Option<String>, after: &Option<String>| match after {
            Some(text) if before != after => Some((before.clone(), text.clone())),
            _ => None,
        };
        Self {
            name: text(&before.name, &after.name),
            email: text(&before.email, &after.email),
            tags: after
                .tags
                .iter()
                .filter(|tag| !before.tags.contains(tag))
                .cloned()
                .collect(),
            traits: after
                .traits
                .iter()
                .filter(|(key, value)| before.traits.get(*key) != Some(value))
                .map(|(key, value)| {
                    let turn = (before.traits.get(key).cloned(), value.clone());
                    (key.clone(), turn)
                })
                .collect(),
            external: None,
        }
    }

    /// The contact with everything as it was that still has the value which the import set.
    pub(super) fn taken_back(&self, now: &Contact) -> Contact {
        let mut back = now.clone();
        for (turn, field) in [(&self.name, &mut back.name), (&self.email, &mut back.email)] {
            if let Some((before, set)) = turn
                && field.as_ref() == Some(set)
            {
                field.clone_from(before);
            }
        }
        back.tags.retain(|tag| !self.tags.contains(tag));
        for (key, (before, set)) in &self.traits {
            if back.traits.get(key) != Some(set) {
                continue;
            }
            match before {
                Some(value) => back.traits.insert(key.clone(), value.clone()),
                None => back.traits.remove(key),
            };
        }
        back
    }
}

/// Keeps what was changed of whom, and who was given a yes.
pub(super) async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: ImportId,
    changes: &BTreeMap<ContactId, (Change, bool)>,
) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ids("contact_id", changes.keys().copied())
        .texts(
            "change",
            changes
                .values()
                .map(|(change, _)| serde_json::json!(change).to_string()),
        )
        .ints(
            "granted",
            changes.values().map(|(_, granted)| i64::from(*granted)),
        );
    sql_rows(
        "INSERT INTO import_changes (workspace_id, import_id, contact_id, change, granted)
         SELECT $1, $2, r.contact_id, r.change, r.granted FROM {rows}",
        rows,
    )
    .bind(workspace)
    .bind(import)
    .execute(tx)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wigwag_model::Timestamp;
    use wigwag_model::id::Id as _;

    use super::*;

    fn contact(name: Option<&str>, tags: &[&str], traits: Value) -> Contact {
        Contact {
            id: ContactId::new(Timestamp::from_seconds(1), [1; 10]),
            name: name.map(str::to_owned),
            profile_name: None,
            phone: None,
            wa_id: None,
            user_id: None,
            username: None,
            email: None,
            country: None,
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            traits: serde_json::from_value(traits).unwrap(),
            blocked: false,
            source: "manual".to_owned(),
            created_at: Timestamp::from_seconds(1),
            last_seen_at: None,
            version: 1,
            updated_at: Timestamp::from_seconds(0),
        }
    }

    #[test]
    fn what_is_still_as_it_was_set_goes_back() {
        let before = contact(Some("Asha"), &["vip"], json!({"city": "Pune", "spent": 5}));
        let after = contact(
            Some("Asha Rao"),
            &["fair", "vip"],
            json!({"city": "Goa", "spent": 5, "member": true}),
        );
        let change = Change::between(&before, &after);
        let kept: Change = serde_json::from_value(json!(change)).unwrap();
        assert_eq!(kept, change);
        assert_eq!(change.taken_back(&after), before);
        // Somebody went on: only what is still the import's goes back.
        let later = contact(
            Some("Asha R."),
            &["fair", "new", "vip"],
            json!({"city": "Delhi", "spent": 6, "member": true}),
        );
        let wanted = contact(
            Some("Asha R."),
            &["new", "vip"],
            json!({"city": "Delhi", "spent": 6}),
        );
        assert_eq!(change.taken_back(&later), wanted);
        assert_eq!(Change::between(&before, &before), Change::default());
    }
}
