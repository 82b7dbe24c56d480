//! Stops and resumptions of marketing, in the transaction of what says so: words in the chat, and
//! Meta's refusals because of them.

use wigwag_model::confirmation::Confirmations;
use wigwag_model::consent::{Category, ConsentState, KEYWORD, META, OWN_SOURCES};
use wigwag_model::opt_out::Act;
use wigwag_model::{
    Actor, ConversationId, Kind, MessageId, Scope, Timestamp, Visibility, WorkspaceId,
};

use super::items::{Answer, Inbound, OptWord};
use crate::confirmations;
use crate::consent::{self, Outcome, Rule, Word};
use crate::contacts::Found;
use crate::outbox::{self, Urgency};
use crate::{Batch, Result, Tx, sql_rows};

/// Writes down what people said about marketing and answers each change once. A message that was
/// applied before does not come here again, so that a replay answers nobody twice.
pub(super) async fn apply(
    tx: &mut Tx,
    messages: &[Inbound],
    found: &[Found],
    threads: &[ConversationId],
) -> Result<()> {
    let mut said: Vec<(&Inbound, &OptWord, &Found, ConversationId)> = messages
        .iter()
        .zip(found)
        .zip(threads)
        .filter_map(|((message, found), thread)| {
            Some((message, message.opt.as_ref()?, found, *thread))
        })
        .collect();
    if said.is_empty() {
        return Ok(());
    }
    let answers = confirmations::of(tx, said.iter().map(|(message, ..)| message.workspace)).await?;
    let usual = Confirmations::default();
    // As the thread shows them: the person's last word is the one that stands.
    said.sort_by_key(|(message, ..)| (message.at, message.seq, message.idx));
    for run in said.chunk_by(|one, other| one.1.act == other.1.act) {
        let Some(act) = run.first().map(|first| first.1.act) else {
            continue;
        };
        let (rule, state) = match act {
            Act::Stop => (Rule::Own, ConsentState::Denied),
            Act::Start => (Rule::Resume, ConsentState::Granted),
        };
        let words: Vec<Word> = run
            .iter()
            .map(|(message, opt, found, _)| Word {
                workspace: message.workspace,
                contact: found.contact,
                category: Category::Marketing,
                state,
                source: KEYWORD.to_owned(),
                actor: found.contact.to_string(),
                text: Some(opt.text.clone()),
                at: message.at,
            })
            .collect();
        let outcomes = consent::put(tx, rule, &words).await?;
        for ((message, opt, _, thread), outcome) in run.iter().zip(outcomes) {
            let workspace = message.workspace;
            let wanted = answers.get(&workspace).unwrap_or(&usual).of(opt.act);
            if is_news(&outcome, state)
                && let Some(words) = wanted.words(opt.usual)
                && let Some(message) = (opt.compose)(words)
            {
                answer(tx, workspace, *thread, message).await?;
            }
        }
    }
    Ok(())
}

/// Whether the person's word changed what it had said itself before.
fn is_news(outcome: &Outcome, state: ConsentState) -> bool {
    let own = |source: &String| OWN_SOURCES.contains(&source.as_str());
    let said_before = outcome.before == state && outcome.before_source.as_ref().is_some_and(own);
    outcome.applied && !said_before
}

/// Puts the answer into the outbox, as far as the open window allows.
async fn answer(
    tx: &mut Tx,
    workspace: WorkspaceId,
    conversation: ConversationId,
    answer: Answer,
) -> Result<()> {
    let scope = Scope {
        workspace,
        actor: Actor::System,
        permissions: Vec::new(),
        visibility: Visibility::All,
    };
    let new = outbox::New {
        conversation,
        kind: Kind::Text,
        content: answer.content,
        preview: answer.preview,
        media: None,
        prepare: false,
        template: None,
        category: None,
        reply_to_wamid: None,
        client_ref: None,
        callback_data: None,
        campaign: None,
        source: "automation",
        author: None,
        body: answer.body,
        urgency: Urgency::Automation,
        reaction: None,
        idempotency: None,
    };
    outbox::enqueue_in(tx, &scope, new).await?;
    Ok(())
}

/// Messages that Meta refused because their person switched marketing off: the person's word, told
/// by Meta.
pub(crate) async fn refused(
    tx: &mut Tx,
    messages: &[(WorkspaceId, MessageId, Timestamp)],
) -> Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ids("workspace_id", messages.iter().map(|row| row.0))
        .ids("id", messages.iter().map(|row| row.1));
    let found = sql_rows(
        "SELECT r.ord, m.contact_id FROM {rows} JOIN messages m ON m.workspace_id = r.workspace_id AND m.id = r.id",
        rows,
    )
    .fetch_all(tx)
    .await?;
    let mut words = Vec::with_capacity(found.len());
    for row in &found {
        let at = usize::try_from(row.int(0)?).unwrap_or_default();
        let Some((workspace, _, failed_at)) = messages.get(at) else {
            continue;
        };
        words.push(Word {
            workspace: *workspace,
            contact: row.id(1)?,
            category: Category::Marketing,
            state: ConsentState::Denied,
            source: META.to_owned(),
            actor: "system".to_owned(),
            text: None,
            at: *failed_at,
        });
    }
    consent::put(tx, Rule::Own, &words).await?;
    Ok(())
}
