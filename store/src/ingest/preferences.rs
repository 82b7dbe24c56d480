//! What people decide about themselves: stopping and resuming marketing, changing their number.

use wigwag_model::consent::{Category, ConsentState, WHATSAPP};

use super::items::{Preference, UserIdChange};
use crate::consent::{self, Rule, Word};
use crate::contacts::{Sighting, find_or_create};
use crate::{Batch, Result, Tx, sql_rows};

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
    let words: Vec<Word> = preferences
        .iter()
        .zip(&found)
        .filter_map(|(preference, found)| {
            Some(Word {
                workspace: preference.workspace,
                contact: found.contact,
                category: Category::parse(&preference.category)?,
                state: ConsentState::parse(preference.state),
                source: WHATSAPP.to_owned(),
                actor: "system".to_owned(),
                text: None,
                at: preference.at,
            })
        })
        .collect();
    consent::put(tx, Rule::Own, &words).await?;
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
