//! Asks Meta to block people and to let them in, one number at a time.

use std::time::Duration;

use wigwag_meta::Class;
use wigwag_meta::client::BlockAnswer;
use wigwag_model::Timestamp;
use wigwag_store::blocks::{self, Asked, Settled};

use super::judge::Try;
use super::{BREATH, cut_off};
use crate::jobs::jittered;
use crate::{Context, wait};

/// How long what was claimed is ours: longer than a call may take.
const LEASE: Duration = Duration::from_mins(2);
/// How often it is looked who has written since, and what other processes wrote.
const POLL: Duration = Duration::from_secs(10);

pub(super) async fn serve(context: Context) {
    let mut wakes = context.db().block_wakes().subscribe();
    while !context.stop().is_cancelled() {
        wakes.borrow_and_update();
        let next = match look(&context).await {
            Ok(next) => next,
            Err(error) => {
                tracing::warn!(%error, "it could not be looked whom Meta is to block");
                wait::pause(BREATH).await;
                context.clock().now()
            }
        };
        tokio::select! {
            () = context.stop().cancelled() => {}
            Ok(()) = wakes.changed() => {}
            () = wait::until(context.clock(), next) => {}
        }
    }
}

/// Asks about everybody who is due, and says when to look again.
async fn look(context: &Context) -> wigwag_store::Result<Timestamp> {
    let db = context.db();
    blocks::find(db).await?;
    loop {
        let now = context.clock().now();
        let poll = now.plus(POLL);
        // Reading first: a claim that finds nothing would still take its turn with the writer.
        let due = blocks::next_due(db).await?.unwrap_or(poll);
        if due > now || context.stop().is_cancelled() {
            return Ok(due.min(poll));
        }
        match blocks::claim(db, now, LEASE).await? {
            Some(asked) => ask(context, asked).await?,
            None => wait::pause(BREATH).await,
        }
    }
}

async fn ask(context: &Context, asked: Asked) -> wigwag_store::Result<()> {
    let ends = tokio::select! {
        ends = ends(context, &asked) => ends,
        // Nothing is recorded: the lease ends, and Meta is asked again.
        () = cut_off(context) => return Ok(()),
    };
    blocks::settle(
        context.db(),
        asked.workspace,
        asked.number,
        asked.block,
        ends,
    )
    .await
}

/// How Meta's list names somebody in a call: user ids as they are, numbers with a plus.
fn named(address: &str) -> String {
    if address.contains('.') {
        address.to_owned()
    } else {
        format!("+{address}")
    }
}

/// Asks, and says how it ended for each.
async fn ends(context: &Context, asked: &Asked) -> Vec<Settled> {
    let said = call(context, asked).await;
    let now = context.clock().now();
    let outcome = match &said {
        Ok(Ok(answer)) if answer.error.is_none() => "done",
        Ok(Ok(_)) => "partly",
        _ => "failed",
    };
    metrics::counter!("wigwag_block_calls_total", "outcome" => outcome).increment(1);
    let (number, people, block) = (asked.number, asked.people.len(), asked.block);
    match &said {
        Ok(Ok(_)) => tracing::info!(%number, people, block, outcome, "block list told"),
        Ok(Err(error)) => {
            tracing::warn!(%number, people, block, %error, "a block list could not be told");
        }
        Err(error) => {
            tracing::warn!(%number, people, block, %error, "a block list could not be told");
        }
    }
    let jitter = |pause| jittered(context, pause);
    asked
        .people
        .iter()
        .map(|person| {
            let judge = Try {
                block,
                no: person.try_no,
                now,
                jitter: &jitter,
            };
            Settled {
                address: person.address.clone(),
                heard_at: person.heard_at,
                end: match &said {
                    Ok(Ok(answer)) => judge.person(answer, &named(&person.address)),
                    Ok(Err(error)) => judge.whole(error),
                    Err(_) => judge.unasked(),
                },
            }
        })
        .collect()
}

async fn call(
    context: &Context,
    asked: &Asked,
) -> wigwag_store::Result<Result<BlockAnswer, wigwag_meta::Error>> {
    let client = context.client(asked.workspace, asked.waba).await?;
    let users: Vec<String> = asked
        .people
        .iter()
        .map(|person| named(&person.address))
        .collect();
    let users: Vec<&str> = users.iter().map(String::as_str).collect();
    let said = if asked.block {
        client.block_users(&asked.phone_number_id, &users).await
    } else {
        client.unblock_users(&asked.phone_number_id, &users).await
    };
    if let Err(error) = &said
        && error.class() == Class::Token
    {
        // Somebody may put a new token in meanwhile.
        context.forget_client(asked.workspace, asked.waba);
    }
    Ok(said)
}
