//! What people decide about themselves: stopping and resuming marketing, changing their number.

use wigwag_model::id::Id as _;

use super::items::{Preference, UserIdChange};
use crate::contacts::{Sighting, find_or_create};
use crate::{Batch, Event, Result, Tx, sql_rows};

/// Writes consent; the later word of a person wins.
pub(super) async fn apply(tx: &mut Tx, preferences: Vec<Preference>) -> Result<()> {
    if preferences.is_empty() {
        return Ok(());
    }
    let sightings: Vec<Sighting<'_>> = preferences
        .iter()
        .map(|preference| Sighting {
            workspace: preference.workspace,
            person: &preference.person,
            seen_at: None,
        })
        .collect();
    let found = find_or_create(tx, &sightings, "message").await?;
    let mut last = std::collections::BTreeMap::new();
    for (preference, found) in preferences.iter().zip(&found) {
        let key = (
            preference.workspace,
            found.contact,
            preference.category.as_str(),
        );
        let entry = last.entry(key).or_insert(preference);
        if preference.at >= entry.at {
            *entry = preference;
        }
    }
    let rows = Batch::new()
        .ids("workspace_id", last.keys().map(|key| key.0))
        .ids("contact_id", last.keys().map(|key| key.1))
        .texts("category", last.keys().map(|key| key.2))
        .texts("state", last.values().map(|preference| preference.state))
        .times("at", last.values().map(|preference| preference.at));
    sql_rows(
        "INSERT INTO consent (workspace_id, contact_id, category, state, source, text, at)
         SELECT r.workspace_id, r.contact_id, r.category, r.state, 'whatsapp', NULL, r.at FROM {rows} WHERE true
         ON CONFLICT (workspace_id, contact_id, category) DO UPDATE
         SET state = excluded.state, source = excluded.source, text = NULL, at = excluded.at
         WHERE consent.at <= excluded.at",
        rows,
    )
    .execute(tx)
    .await?;
    for (workspace, contact, _) in last.keys() {
        tx.record(
            *workspace,
            Event {
                kind: "contact.changed",
                subject: contact.uuid(),
                conversation: None,
            },
        );
    }
    Ok(())
}

/// Adds the new identities of people to the contacts that had the old ones.
pub(super) async fn apply_user_ids(tx: &mut Tx, changes: Vec<UserIdChange>) -> Result<()> {
    for change in changes {
        // Rare enough for one by one: a person changes a number once in years.
        let mut now = change.now;
        let before = Sighting {
            workspace: change.workspace,
            person: &change.before,
            seen_at: None,
        };
        let found = find_or_create(tx, &[before], "message").await?;
        let Some(contact) = found.first().map(|found| found.contact) else {
            continue;
        };
        now.portfolio.clone_from(&change.before.portfolio);
        let mut keys = Vec::new();
        for (kind, scope, value) in [
            ("user_id", now.portfolio.as_str(), &now.user_id),
            ("phone", "", &now.phone),
            ("wa_id", "", &now.wa_id),
        ] {
            if let Some(value) = value {
                keys.push((kind, scope.to_owned(), value.clone()));
            }
        }
        let at = tx.mint().now();
        let rows = Batch::new()
            .texts("kind", keys.iter().map(|key| key.0))
            .texts("scope", keys.iter().map(|key| key.1.as_str()))
            .texts("value", keys.iter().map(|key| key.2.as_str()));
        sql_rows(
            "INSERT INTO contact_identities (workspace_id, kind, scope, value, contact_id, created_at)
             SELECT $1, r.kind, r.scope, r.value, $2, $3 FROM {rows} WHERE true ON CONFLICT DO NOTHING",
            rows,
        )
        .bind(change.workspace)
        .bind(contact)
        .bind(at)
        .execute(tx)
        .await?;
        let after = Sighting {
            workspace: change.workspace,
            person: &now,
            seen_at: None,
        };
        find_or_create(tx, &[after], "message").await?;
    }
    Ok(())
}
