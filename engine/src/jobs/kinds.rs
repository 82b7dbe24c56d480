//! The kinds of jobs, their payloads and their handlers.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wigwag_meta::Class;
use wigwag_model::{CampaignId, WabaId, WorkspaceId};
use wigwag_store::Job;
use wigwag_store::bulk::{RUN as BULK_RUN, UNDO as BULK_UNDO};
use wigwag_store::jobs::{self, Claimed};
use wigwag_store::merges::MOVE as CONTACT_MERGE;

use super::failure::Failure;
use crate::imports::{self, IMPORT_RUN, IMPORT_UNDO};
use crate::messages::{self, MEDIA_UPLOAD};
use crate::wabas::{Sync, SyncError};
use crate::{Context, bulk, campaigns, contacts, media, numbers, sweep, templates, uploads};

/// Fetches a file that came with a message.
const MEDIA_FETCH: &str = "media.fetch";
/// Reads the templates of a WABA.
pub(crate) const TEMPLATE_SYNC: &str = "template.sync";
/// Reads the numbers of a WABA.
pub(crate) const NUMBER_SYNC: &str = "number.sync";
/// Writes the people of a campaign down.
pub(crate) const CAMPAIGN_PLAN: &str = "campaign.plan";
/// Deletes what has been kept long enough.
pub(crate) const SWEEP: &str = "sweep";

/// Removes uploads that nothing uses.
pub(crate) const UPLOADS_SWEEP: &str = "uploads.sweep";

/// Tries of a listing; a failed one is followed by the next regular one anyway.
const SYNC_TRIES: i64 = 5;

/// Runs a job.
pub(super) async fn run(context: &Context, job: &Claimed) -> Result<(), Failure> {
    match job.kind.as_str() {
        MEDIA_FETCH => media::fetch(context, workspace(job)?, payload(job)?).await,
        MEDIA_UPLOAD => messages::upload(context, workspace(job)?, payload(job)?).await,
        IMPORT_RUN => imports::run(context, workspace(job)?, payload(job)?).await,
        IMPORT_UNDO => imports::undo(context, workspace(job)?, payload(job)?).await,
        CONTACT_MERGE => contacts::move_merged(context, workspace(job)?).await,
        BULK_RUN => bulk::run(context, workspace(job)?, payload(job)?).await,
        BULK_UNDO => bulk::undo(context, workspace(job)?, payload(job)?).await,
        TEMPLATE_SYNC => {
            let (workspace, Sync { waba }) = (workspace(job)?, payload(job)?);
            let done = templates::sync(context, workspace, waba).await;
            synced(context, workspace, waba, done.map(drop))
        }
        NUMBER_SYNC => {
            let (workspace, Sync { waba }) = (workspace(job)?, payload(job)?);
            let done = numbers::sync(context, workspace, waba).await;
            synced(context, workspace, waba, done.map(drop))
        }
        CAMPAIGN_PLAN => campaigns::plan(context, workspace(job)?, payload(job)?).await,
        SWEEP => sweep::run(context).await,
        UPLOADS_SWEEP => uploads::sweep(context).await,
        // A newer program may have enqueued it, and may be there to run it.
        _ => Err(Failure::later("unknown_kind")),
    }
}

/// Tells whoever waits for a job that it was given up.
pub(super) async fn give_up(
    context: &Context,
    job: &Claimed,
    reason: &'static str,
) -> wigwag_store::Result<()> {
    let Ok(workspace) = workspace(job) else {
        return Ok(());
    };
    match job.kind.as_str() {
        MEDIA_FETCH => match payload(job) {
            Ok(wish) => media::give_up(context, workspace, wish, reason).await,
            Err(_) => Ok(()),
        },
        MEDIA_UPLOAD => match payload(job) {
            Ok(wish) => messages::give_up(context, workspace, wish, reason).await,
            Err(_) => Ok(()),
        },
        IMPORT_RUN => match payload(job) {
            Ok(wanted) => imports::give_up(context, workspace, wanted, reason).await,
            Err(_) => Ok(()),
        },
        IMPORT_UNDO => match payload(job) {
            Ok(wanted) => imports::give_up_undo(context, workspace, wanted).await,
            Err(_) => Ok(()),
        },
        BULK_RUN => match payload(job) {
            Ok(wanted) => bulk::give_up(context, workspace, wanted, BULK_RUN, reason).await,
            Err(_) => Ok(()),
        },
        BULK_UNDO => match payload(job) {
            Ok(wanted) => bulk::give_up(context, workspace, wanted, BULK_UNDO, reason).await,
            Err(_) => Ok(()),
        },
        CAMPAIGN_PLAN => match payload(job) {
            Ok(wish) => campaigns::give_up(context, workspace, wish).await,
            Err(_) => Ok(()),
        },
        _ => Ok(()),
    }
}

fn workspace(job: &Claimed) -> Result<WorkspaceId, Failure> {
    job.workspace.ok_or(Failure::never("payload"))
}

fn payload<T: DeserializeOwned>(job: &Claimed) -> Result<T, Failure> {
    serde_json::from_str(&job.payload).map_err(|error| Failure::never("payload").because(&error))
}

fn synced(
    context: &Context,
    workspace: WorkspaceId,
    waba: WabaId,
    done: Result<(), SyncError>,
) -> Result<(), Failure> {
    match done {
        Ok(()) => Ok(()),
        Err(SyncError::Store(error)) => Err(error.into()),
        Err(SyncError::Meta(error)) => match error.class() {
            Class::Token => {
                // Somebody may put a new token in meanwhile.
                context.forget_client(workspace, waba);
                Err(Failure::later("token_refused").because(&error))
            }
            class if class.passes() || class == Class::Unknown => Err(error.into()),
            _ => Err(Failure::never("refused").because(&error)),
        },
    }
}

/// A job as text for the table.
fn job(
    kind: &'static str,
    workspace: Option<WorkspaceId>,
    payload: &impl Serialize,
    dedupe_key: String,
    max_tries: i64,
    context: &Context,
) -> Option<Job> {
    Some(Job {
        kind,
        workspace,
        payload: serde_json::to_string(payload).ok()?,
        run_at: context.clock().now(),
        dedupe_key: Some(dedupe_key),
        max_tries,
    })
}

/// Enqueues a listing for each WABA; one that waits already is hurried instead.
pub(crate) async fn enqueue_syncs(
    context: &Context,
    kind: &'static str,
    wabas: Vec<(WorkspaceId, WabaId)>,
) -> wigwag_store::Result<()> {
    let jobs = wabas
        .into_iter()
        .filter_map(|(workspace, waba)| {
            let key = format!("{kind}:{waba}");
            job(
                kind,
                Some(workspace),
                &Sync { waba },
                key,
                SYNC_TRIES,
                context,
            )
        })
        .collect();
    jobs::enqueue_or_hurry(context.db(), jobs).await
}

/// Enqueues the planning of a campaign; one that waits already is hurried instead, and one that
/// runs is followed by another.
pub(crate) async fn enqueue_plan(
    context: &Context,
    workspace: WorkspaceId,
    campaign: CampaignId,
) -> wigwag_store::Result<()> {
    let wish = campaigns::Plan {
        campaign_id: campaign,
    };
    let key = format!("{CAMPAIGN_PLAN}:{campaign}");
    let jobs = job(
        CAMPAIGN_PLAN,
        Some(workspace),
        &wish,
        key,
        SYNC_TRIES,
        context,
    );
    jobs::enqueue_or_hurry(context.db(), jobs.into_iter().collect()).await
}

/// Enqueues a sweep of this kind, unless one waits already.
pub(crate) async fn enqueue_sweep(
    context: &Context,
    kind: &'static str,
) -> wigwag_store::Result<()> {
    let nothing = serde_json::json!({});
    let jobs = job(kind, None, &nothing, kind.to_owned(), SYNC_TRIES, context);
    jobs::enqueue_or_hurry(context.db(), jobs.into_iter().collect()).await
}
