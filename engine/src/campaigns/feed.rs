//! Feeding: what is due becomes messages in the outbox, some seconds ahead of the lane.

use std::collections::BTreeMap;
use std::time::Duration;

use wigwag_model::campaign::{Held, Zoned};
use wigwag_model::{ContactId, Timestamp, WorkspaceId};
use wigwag_store::Mint;
use wigwag_store::campaigns::{self, Campaign, Canary, DueRow, Fed, Feed};
use wigwag_store::outbox::Urgency;

use super::links::{self, Shortener};
use super::setup::Sending;
use crate::Context;
use crate::media::upload_to_meta;
use crate::messages::{file_for, render};

/// How far ahead of the lane messages are written, in seconds of its rate.
pub(super) const AHEAD: i64 = 3;
/// Messages of one transaction.
pub(super) const CHUNK: i64 = 500;

/// How feeding went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Feeding {
    /// So many were handed over.
    Some(usize),
    /// The campaign cannot go on.
    Hold(Held),
}

/// Hands over what is due and fits, at most `most`.
pub(super) async fn feed(
    context: &Context,
    workspace: WorkspaceId,
    sending: &mut Sending,
    most: i64,
) -> wigwag_store::Result<Feeding> {
    let db = context.db();
    let number = sending.number.id;
    let queued = campaigns::queued(db, number, Urgency::Campaign).await?;
    let mut room = (sending.number.throughput.max(1) * AHEAD - queued).min(most);
    let mut fed = 0;
    while room > 0 {
        let rows = due(context, workspace, &sending.campaign, room.min(CHUNK)).await?;
        let Some(rows) = rows else { continue };
        if rows.is_empty() {
            break;
        }
        let read = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        match hand_over(context, workspace, sending, Urgency::Campaign, rows).await? {
            Feeding::Some(0) => break,
            Feeding::Some(done) => fed += done,
            held @ Feeding::Hold(_) => return Ok(held),
        }
        room -= read;
    }
    Ok(Feeding::Some(fed))
}

/// Puts the messages of these people together and hands them to the lane.
pub(super) async fn hand_over(
    context: &Context,
    workspace: WorkspaceId,
    sending: &mut Sending,
    urgency: Urgency,
    rows: Vec<DueRow>,
) -> wigwag_store::Result<Feeding> {
    if let Some(reason) = bring_file(context, workspace, sending).await? {
        return Ok(Feeding::Hold(reason));
    }
    let Some(messages) = compose(context.db().mint(), sending, rows) else {
        return Ok(Feeding::Hold(Held::Unrenderable));
    };
    let number = sending.number.id;
    let hours = u64::from(sending.campaign.settings.reply_within_hours);
    let wish = Feed {
        workspace,
        campaign: sending.campaign.id,
        number,
        template: sending.template.id,
        category: sending.category,
        media: sending.header.file.as_ref().map(|file| file.id),
        urgency,
        reply_until: context.clock().now().plus(Duration::from_hours(hours)),
        rows: messages,
    };
    let done = campaigns::feed(context.db(), wish).await?;
    if done > 0 {
        context.wakes().wake(number);
    }
    Ok(Feeding::Some(done))
}

/// What is due, without those whose night it is: `None` when all of them were put off.
pub(super) async fn due(
    context: &Context,
    workspace: WorkspaceId,
    campaign: &Campaign,
    limit: i64,
) -> wigwag_store::Result<Option<Vec<DueRow>>> {
    let db = context.db();
    let mut rows = campaigns::due(db, workspace, campaign.id, true, limit).await?;
    if rows.is_empty() && campaign.canary != Canary::Sending {
        rows = campaigns::due(db, workspace, campaign.id, false, limit).await?;
    }
    let Some(quiet) = campaign.schedule.quiet() else {
        return Ok(Some(rows));
    };
    let now = context.clock().now();
    let mut zones: BTreeMap<String, Option<Timestamp>> = BTreeMap::new();
    let mut later: Vec<(ContactId, i64, Timestamp)> = Vec::new();
    rows.retain(|row| {
        let Some(name) = &row.zone else { return true };
        let ends = *zones
            .entry(name.clone())
            .or_insert_with(|| quiet.ends(now, &Zoned::of(Some(name), None, "UTC")));
        match ends {
            Some(until) => {
                later.push((row.contact, row.round, until));
                false
            }
            None => true,
        }
    });
    if later.is_empty() {
        return Ok(Some(rows));
    }
    campaigns::put_off(db, workspace, campaign.id, later).await?;
    Ok((!rows.is_empty()).then_some(rows))
}

/// Sees to it that Meta has the header's file under an id that is good for the number.
async fn bring_file(
    context: &Context,
    workspace: WorkspaceId,
    sending: &mut Sending,
) -> wigwag_store::Result<Option<Held>> {
    let number = sending.number.id;
    let Some(file) = sending.header.file.as_ref().filter(|file| !file.uploaded) else {
        return Ok(None);
    };
    let id = file.id;
    match upload_to_meta(context, workspace, id, number).await {
        Ok(_) => {}
        Err(error) if error.passes() => return Err(wigwag_store::Error::Busy),
        Err(error) => {
            tracing::warn!(%error, campaign = %sending.campaign.id, "a header's file could not be handed to Meta");
            return Ok(Some(Held::MediaFailed));
        }
    }
    match file_for(context, workspace, number, "header.media_id", id).await {
        Ok(file) => sending.header.file = Some(file),
        Err(error) => {
            tracing::warn!(%error, campaign = %sending.campaign.id, "a header's file is gone");
            return Ok(Some(Held::MediaFailed));
        }
    }
    Ok(None)
}

/// The messages of these people; `None` when the template cannot be put together any more.
fn compose(mint: &Mint, sending: &Sending, rows: Vec<DueRow>) -> Option<Vec<Fed>> {
    let header = &sending.header;
    let shortener = Shortener::new(&sending.links, &sending.campaign, &sending.template);
    rows.into_iter()
        .map(|row| {
            let mut values: BTreeMap<String, String> = serde_json::from_str(&row.filled).ok()?;
            let links = shortener.shorten(&mut values, mint)?;
            let rendered = render(
                &sending.template,
                &values,
                header.file.as_ref(),
                header.place.as_ref(),
            );
            match rendered {
                Ok(mut rendered) => {
                    links::show(&mut rendered.content, &links);
                    Some(Fed {
                        contact: row.contact,
                        round: row.round,
                        content: rendered.content.to_string(),
                        preview: rendered.preview,
                        body: rendered.body,
                        links,
                    })
                }
                Err(error) => {
                    tracing::warn!(%error, campaign = %sending.campaign.id, "a message cannot be put together");
                    None
                }
            }
        })
        .collect()
}
