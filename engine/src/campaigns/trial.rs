//! Sending a campaign's message to oneself before it goes to everybody.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use wigwag_model::campaign::{Person as Words, Problem};
use wigwag_model::phone::Phone;
use wigwag_model::{CampaignId, MessageId, Scope};
use wigwag_store::contacts::{self, NewContact};
use wigwag_store::outbox::Idempotency;
use wigwag_store::{campaigns, conversations};

use super::error::CampaignError;
use super::links::Shortener;
use super::setup;
use crate::Context;
use crate::messages::{Draft, Send, What, send};

/// Most people who get a test.
pub const MOST: usize = 5;

/// Sends the message to some phone numbers, with each contact's own values and the template's
/// examples where there are none.
///
/// # Errors
/// [`CampaignError::Problems`] when it cannot be sent as it is.
pub async fn trial(
    context: &Context,
    scope: &Scope,
    id: CampaignId,
    to: Vec<Phone>,
) -> Result<Vec<MessageId>, CampaignError> {
    let (db, workspace) = (context.db(), scope.workspace);
    if to.is_empty() || to.len() > MOST {
        let message = format!("name one to {MOST} phone numbers");
        return Err(CampaignError::Problems(vec![Problem::new(
            "to",
            "out_of_range",
            message,
        )]));
    }
    let campaign = campaigns::get(&mut db.reader().await?, workspace, id).await?;
    let checked = setup::check(context, workspace, campaign).await?;
    // Neither its time nor its people matter to a test.
    let problems: Vec<Problem> = checked
        .problems
        .into_iter()
        .filter(|problem| !problem.field.starts_with("schedule."))
        .collect();
    let Some(setup) = checked.setup.filter(|_| problems.is_empty()) else {
        return Err(CampaignError::Problems(problems));
    };
    let mut sent = Vec::with_capacity(to.len());
    for phone in to {
        let new = NewContact {
            name: None,
            phone,
            email: None,
            tags: Vec::new(),
            traits: BTreeMap::new(),
            source: "manual",
        };
        let contact = contacts::create(db, workspace, new).await?.id();
        let known = contacts::get(&mut db.reader().await?, workspace, contact).await?;
        let (conversation, _) =
            conversations::open(db, workspace, known.id, setup.number.id).await?;
        let words = Words {
            name: known.name.as_deref().or(known.profile_name.as_deref()),
            phone: known.phone.as_deref(),
            email: known.email.as_deref(),
            country: known.country.as_deref(),
            traits: &known.traits,
            columns: &BTreeMap::new(),
        };
        let mut variables = setup
            .campaign
            .variables
            .resolve(&words, &setup.links)
            .values;
        for variable in &setup.variables {
            let example = || {
                // A test leads somewhere: here, where the person has no address.
                if setup.links.contains(&variable.key) {
                    return context.settings().public_url.clone();
                }
                variable
                    .example
                    .clone()
                    .unwrap_or_else(|| variable.key.clone())
            };
            variables
                .entry(variable.key.clone())
                .or_insert_with(example);
        }
        let shortener = Shortener::new(&setup.links, &setup.campaign, &setup.template);
        let links = shortener
            .shorten(&mut variables, db.mint())
            .unwrap_or_default();
        campaigns::try_links(db, workspace, id, known.id, links).await?;
        let key = hex::encode(db.mint().random::<16>());
        let wish = Send {
            scope: scope.clone(),
            conversation,
            draft: Draft {
                what: What::Template {
                    template: setup.template.id,
                    variables,
                    header_media: setup.header.file.as_ref().map(|file| file.id),
                    header_link: None,
                    header_location: setup.header.place.clone(),
                    order_status: None,
                },
                reply_to: None,
                client_ref: None,
                callback_data: None,
                campaign: None,
            },
            idempotency: Some(Idempotency {
                request_hash: Sha256::digest(key.as_bytes()).to_vec(),
                key,
            }),
        };
        sent.push(send(context, wish).await?.message);
    }
    Ok(sent)
}
