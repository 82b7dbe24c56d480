//! Spreads what happened over the endpoints that want to be told of it.

use std::time::Duration;

use wigwag_model::WorkspaceId;
use wigwag_model::endpoint::{Form, Kind};
use wigwag_store::Dialect;
use wigwag_store::endpoints::{self, Endpoint, Happened, NewDelivery};

use super::{interakt, wigwag};
use crate::{Context, wait};

/// How often it is looked for what other processes wrote.
const POLL: Duration = Duration::from_secs(1);
/// The same where there is no other process.
const POLL_ALONE: Duration = Duration::from_secs(30);
/// A pause after the database refused.
const BREATH: Duration = Duration::from_millis(200);
/// What is spread in one transaction.
const PIECE: u32 = 200;
/// Pieces of one workspace before the next has its turn.
const PIECES: usize = 5;

pub(super) async fn serve(context: Context) {
    let mut wakes = context.db().endpoint_wakes().subscribe();
    let poll = match context.db().dialect() {
        Dialect::Sqlite => POLL_ALONE,
        Dialect::Postgres => POLL,
    };
    while !context.stop().is_cancelled() {
        wakes.borrow_and_update();
        match everywhere(&context).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(%error, "what happened could not be spread over the endpoints");
                wait::pause(BREATH).await;
                continue;
            }
        }
        let next = context.clock().now().plus(poll);
        tokio::select! {
            () = context.stop().cancelled() => {}
            Ok(()) = wakes.changed() => {}
            () = wait::until(context.clock(), next) => {}
        }
    }
}

/// One turn for each workspace; `true` when something may be left.
async fn everywhere(context: &Context) -> wigwag_store::Result<bool> {
    let mut more = false;
    for workspace in endpoints::watched(context.db()).await? {
        if context.stop().is_cancelled() {
            return Ok(false);
        }
        more |= turn(context, workspace).await?;
    }
    Ok(more)
}

async fn turn(context: &Context, workspace: WorkspaceId) -> wigwag_store::Result<bool> {
    for _ in 0..PIECES {
        let happened = endpoints::pending(context.db(), workspace, PIECE).await?;
        if happened.is_empty() {
            return Ok(false);
        }
        let list = endpoints::list(context.db(), workspace).await?;
        let deliveries = happened
            .iter()
            .flat_map(|one| deliveries(workspace, &list, one))
            .collect();
        let seqs = happened.iter().map(|one| one.seq).collect();
        endpoints::spread(context.db(), workspace, seqs, deliveries).await?;
    }
    Ok(true)
}

/// What the endpoints are told of one thing; each form is rendered once.
fn deliveries(
    workspace: WorkspaceId,
    endpoints: &[Endpoint],
    happened: &Happened,
) -> Vec<NewDelivery> {
    let Some(facts) = &happened.facts else {
        return Vec::new();
    };
    let wanting = |form: Form| {
        endpoints.iter().filter(move |endpoint| {
            endpoint.on
                && endpoint.form == form
                && endpoint.wants(happened.kind)
                && endpoint.on_since <= happened.recorded_at
        })
    };
    let mut all = Vec::new();
    for form in [Form::Wigwag, Form::Interakt] {
        let mut wanting = wanting(form).peekable();
        if wanting.peek().is_none() {
            continue;
        }
        let rendered = match form {
            Form::Wigwag => {
                wigwag::body(workspace, happened).map(|body| (happened.kind.as_str(), body))
            }
            Form::Interakt => interakt::body(happened),
        };
        let Some((kind, body)) = rendered else {
            continue;
        };
        all.extend(wanting.map(|endpoint| NewDelivery {
            endpoint: endpoint.id,
            seq: happened.seq,
            topic: facts.topic(),
            kind: kind.to_owned(),
            body: body.clone(),
        }));
    }
    all
}

/// The kinds of which an endpoint of a form is told.
pub(super) fn kinds(form: Form) -> &'static [Kind] {
    match form {
        Form::Wigwag => Kind::ALL,
        Form::Interakt => &[
            Kind::MessageReceived,
            Kind::MessageStatus,
            Kind::MessageClicked,
            Kind::TemplateChanged,
            Kind::TemplateMeasured,
            Kind::AccountAlerted,
            Kind::AccountChanged,
            Kind::AccountReviewed,
            Kind::AccountLimitsChanged,
            Kind::NumberChanged,
        ],
    }
}
