//! Hooks: shops and other systems tell what their customers did, by webhooks that they sign.
//!
//! One way in, [`receive`]: the proof over the raw bytes, the reading by the hook's plan, then contact,
//! consent and event in one transaction. Who is answered well may forget it. [`read`] is the same
//! reading without writing, for those who try a plan.

mod body;
mod generic;
mod proof;
mod shopify;

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use wigwag_model::consent::ConsentState;
use wigwag_model::hook::Plan;
use wigwag_store::hooks::{self, Come, Hook, Taken, Verdict};
use wigwag_store::{Error, events};

use crate::Context;
use crate::contacts::until_settled;

/// The largest body that is taken. Orders with hundreds of lines have some hundred kilobytes.
pub const LIMIT: usize = 2 * 1024 * 1024;
/// How stale the last refusal may be in the database, so that forgers cause no writes.
const REFUSED_AFTER: Duration = Duration::from_mins(1);

/// The headers of a request that count, by their names in lower case.
pub trait Headers: Send + Sync {
    /// The value of a header, where it is a text.
    fn get(&self, name: &str) -> Option<&str>;
}

/// Why a body was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// No such hook, one that rests, or a proof that is missing or wrong: one answer for all.
    #[error("the proof fits no hook at this address")]
    Refused,
    /// The database.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Takes what came; after `Ok` it is on disk.
///
/// # Errors
/// [`ReceiveError`].
pub async fn receive(
    context: &Context,
    token: &str,
    headers: &dyn Headers,
    body: Bytes,
) -> Result<Taken, ReceiveError> {
    let done = take(context, token, headers, &body).await;
    let name = match &done {
        Ok(Taken::Recorded { .. }) => "recorded",
        Ok(Taken::Known) => "known",
        Ok(Taken::PassedOver(_)) => "passed_over",
        Ok(Taken::Refused { .. }) => "unreadable",
        Err(ReceiveError::Refused) => "refused",
        Err(ReceiveError::Store(_)) => "failed",
    };
    metrics::counter!("wigwag_hook_deliveries_total", "outcome" => name).increment(1);
    done
}

async fn take(
    context: &Context,
    token: &str,
    headers: &dyn Headers,
    body: &[u8],
) -> Result<Taken, ReceiveError> {
    let (hook, secret) = match hooks::find(context.db(), token).await {
        Err(Error::NotFound) => return Err(ReceiveError::Refused),
        found => found?,
    };
    if !proof::fits(&hook.plan, &secret, headers, body) {
        note_refusal(context, &hook);
        return Err(ReceiveError::Refused);
    }
    let workspace = hook.workspace;
    let come = come(&hook, headers, body);
    let taken = until_settled(|| hooks::take(context.db(), workspace, come.clone())).await?;
    if matches!(taken, Taken::Recorded { stopped: true, .. }) {
        context.stop_epoch().raise();
    }
    Ok(taken)
}

/// Nobody waits for this.
fn note_refusal(context: &Context, hook: &Hook) {
    let now = context.clock().now();
    if hook
        .last_refused_at
        .is_some_and(|at| now.since(at) <= REFUSED_AFTER)
    {
        return;
    }
    let (db, workspace, id) = (context.db().clone(), hook.workspace, hook.id);
    context.tasks().spawn(async move {
        if let Err(error) = hooks::refused(&db, workspace, id, now).await {
            tracing::warn!(%error, "the refusal of a hook's delivery could not be noted");
        }
    });
}

fn come(hook: &Hook, headers: &dyn Headers, body: &[u8]) -> Come {
    let (source, topic, id) = match &hook.plan {
        Plan::Shopify(_) => (
            events::SHOPIFY,
            headers.get(shopify::TOPIC),
            headers
                .get(shopify::ID)
                .or_else(|| headers.get(shopify::EVENT_ID)),
        ),
        Plan::Generic(_) => (events::HOOK, None, None),
    };
    let Reading { topic, verdict } = read(&hook.plan, topic, body);
    // The id's header is not signed: a body that comes again under another id is known by its event.
    let source_id = id.filter(|id| (1..=100).contains(&id.len())).map_or_else(
        || hex::encode(Sha256::digest([topic.as_bytes(), &[0], body].concat())),
        str::to_owned,
    );
    Come {
        hook: hook.id,
        source_id,
        topic,
        source,
        verdict,
    }
}

/// What a body says by a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What it is about, in the sender's words.
    pub topic: String,
    /// What it says.
    pub verdict: Verdict,
}

/// Reads a body by a plan. `topic` is what Shopify says in a header.
pub fn read(plan: &Plan, topic: Option<&str>, body: &[u8]) -> Reading {
    let parsed: Result<Value, _> = serde_json::from_slice(body);
    let topic: String = topic.unwrap_or_default().chars().take(100).collect();
    match (plan, parsed) {
        (Plan::Shopify(plan), Ok(value)) => {
            let verdict = shopify::read(*plan, &topic, &value);
            Reading { topic, verdict }
        }
        (Plan::Generic(plan), Ok(value)) => generic::read(&plan.mapping, &value),
        (_, Err(error)) => Reading {
            topic,
            verdict: Verdict::Refused {
                field: "body".to_owned(),
                message: format!("this is not JSON: {error}"),
            },
        },
    }
}

/// The words of consent that count.
fn consent_state(text: &str) -> Option<ConsentState> {
    match text {
        "subscribed" => Some(ConsentState::Granted),
        "unsubscribed" => Some(ConsentState::Denied),
        // Never asked, asked and not answered, or erased: nothing that anybody said.
        _ => None,
    }
}
