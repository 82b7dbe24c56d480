//! The simulator's people as contacts of the shop.

use serde::Deserialize;
use wigwag_model::ContactId;
use wigwag_model::phone::Phone;
use wigwag_store::Priority;
use wigwag_store::contacts::{self, Edit, Sighting};
use wigwag_store::ingest::Person;

use super::story::Thread;
use super::tell::Stage;
use crate::failure::Outcome;

/// A list of the control plane.
#[derive(Deserialize)]
pub(super) struct Page<T> {
    pub(super) data: Vec<T>,
}

/// One of the simulator's people.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Someone {
    pub(super) id: String,
    pub(super) name: String,
    wa_id: String,
    user_id: String,
    username: Option<String>,
}

/// Makes everybody a contact.
///
/// # Errors
/// What the database says.
pub(super) async fn meet(stage: &Stage<'_>, people: &[Someone]) -> Outcome<Vec<ContactId>> {
    let (workspace, portfolio) = (stage.workspace, stage.portfolio_id.clone());
    let people: Vec<Person> = people
        .iter()
        .map(|someone| person(someone, &portfolio))
        .collect();
    let found = stage
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                let sightings: Vec<Sighting<'_>> = people
                    .iter()
                    .map(|person| Sighting {
                        workspace,
                        person,
                        seen_at: None,
                    })
                    .collect();
                contacts::find_or_create(tx, &sightings, "import").await
            })
        })
        .await?;
    Ok(found.into_iter().map(|found| found.contact).collect())
}

/// Somebody as a webhook would state them.
pub(super) fn person(someone: &Someone, portfolio: &str) -> Person {
    Person {
        wa_id: Some(someone.wa_id.clone()),
        phone: Phone::from_wa_id(&someone.wa_id).map(|phone| phone.as_str().to_owned()),
        user_id: Some(someone.user_id.clone()),
        portfolio: portfolio.to_owned(),
        profile_name: Some(someone.name.clone()),
        username: someone.username.clone(),
    }
}

/// Writes tags, fields and the address into the contact.
///
/// # Errors
/// What the database says.
pub(super) async fn describe(stage: &Stage<'_>, contact: ContactId, thread: &Thread) -> Outcome {
    if thread.tags.is_empty() && thread.traits.is_empty() && thread.email.is_none() {
        return Ok(());
    }
    let known = contacts::details(stage.db, stage.workspace, contact).await?;
    let edit = Edit {
        name: None,
        email: thread.email.clone().map(Some),
        tags: Some(thread.tags.clone()),
        traits: Some(thread.traits.clone()),
        version: known.contact.version,
    };
    Ok(contacts::edit(stage.db, stage.workspace, contact, edit).await?)
}
