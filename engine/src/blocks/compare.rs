//! Reads each number's block list once a day and compares it with ours: what other programs and WhatsApp Manager
//! changed at Meta is known here, and what was lost there is asked for again.

use std::time::Duration;

use wigwag_meta::Class;
use wigwag_meta::client::BlockedUser;
use wigwag_model::bulk::BulkAction;
use wigwag_model::{Actor, ContactId, WorkspaceId};
use wigwag_store::blocks::{self, Entry, List};
use wigwag_store::bulk::{self, NewBulk, Who};

use super::{BREATH, DAY, cut_off};
use crate::jobs::{Failure, jittered};
use crate::{Context, wait};

/// How long a list is ours to read: 64,000 people are some 640 pages.
const LEASE: Duration = Duration::from_mins(15);
/// How often it is looked for lists that are due.
const POLL: Duration = Duration::from_mins(1);

pub(super) async fn serve(context: Context) {
    while !context.stop().is_cancelled() {
        let now = context.clock().now();
        let done = match blocks::next_list(context.db(), now).await {
            Ok(Some(list)) => one(&context, &list).await,
            Ok(None) => {
                tokio::select! {
                    () = context.stop().cancelled() => {}
                    () = wait::until(context.clock(), now.plus(POLL)) => {}
                }
                continue;
            }
            Err(error) => Err(error),
        };
        if let Err(error) = done {
            tracing::warn!(%error, "a block list could not be compared");
            wait::pause(BREATH).await;
        }
    }
}

async fn one(context: &Context, list: &List) -> wigwag_store::Result<()> {
    let (db, now) = (context.db(), context.clock().now());
    let (workspace, number) = (list.workspace, list.number);
    if !blocks::take_list(db, workspace, number, now, now.plus(LEASE)).await? {
        // Another process reads it.
        return Ok(());
    }
    let entries = tokio::select! {
        read = read(context, list) => read,
        // The lease ends, and whoever runs then reads it.
        () = cut_off(context) => return Ok(()),
    };
    let (done, pause) = match entries {
        Ok(entries) => {
            // What was changed here since the reading began may be newer than the list.
            let compared = blocks::compare(db, list, &entries, now).await?;
            let (count, again) = (entries.len(), compared.again);
            let fresh = compared.only_there.len();
            block(context, workspace, compared.only_there).await?;
            tracing::info!(%number, count, fresh, again, "block list compared");
            (true, DAY)
        }
        Err(failure) => {
            tracing::warn!(%number, error = failure.line(), "a block list could not be read");
            let pause = failure.pause(list.tries + 1);
            (false, pause.unwrap_or(DAY))
        }
    };
    let next = context.clock().now().plus(jittered(context, pause));
    blocks::list_read(db, workspace, number, done, next).await
}

async fn read(context: &Context, list: &List) -> Result<Vec<Entry>, Failure> {
    let client = context.client(list.workspace, list.waba).await?;
    match client.list_blocked_users(&list.phone_number_id).await {
        Ok(users) => Ok(users.into_iter().map(entry).collect()),
        Err(error) => match error.class() {
            Class::Token => {
                context.forget_client(list.workspace, list.waba);
                Err(error.into())
            }
            class if class.passes() || class == Class::Unknown => Err(error.into()),
            _ => Err(Failure::never("refused").because(&error)),
        },
    }
}

fn entry(user: BlockedUser) -> Entry {
    Entry {
        // An older form of the answer has what was written instead of the id.
        wa_id: user
            .wa_id
            .or(user.input.filter(|input| !input.contains('.')))
            .map(|id| id.trim_start_matches('+').to_owned()),
        user_id: user.user_id,
    }
}

/// Blocks people here who are blocked at Meta already, as a member would: it is listed, and can be taken back.
async fn block(
    context: &Context,
    workspace: WorkspaceId,
    people: Vec<ContactId>,
) -> wigwag_store::Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let new = NewBulk {
        action: BulkAction::Block,
        who: Who::Listed(people),
        actor: Actor::System.to_string(),
    };
    bulk::begin(context.db(), workspace, new).await.map(drop)
}
