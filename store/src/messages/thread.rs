//! The thread of a conversation, oldest to newest, by keyset from either end or around a message.

use serde::{Deserialize, Serialize};
use wigwag_model::{ConversationId, MessageId, Scope, Timestamp, Visibility, WorkspaceId};

use super::{Message, SELECT, read};
use crate::conversations::check_visible_on;
use crate::{Db, Executor, Result, Sql, sql, sql_owned};

/// The place of a message in its thread: Meta's second, the journal's number, the index in the
/// webhook's body, and the id, which tells the rest apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// When it was written.
    pub at: Timestamp,
    /// The journal's number.
    pub seq: i64,
    /// The index in the body.
    pub idx: i64,
    /// The id.
    pub id: MessageId,
}

/// Which part of the thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Around {
    /// The newest messages.
    End,
    /// Those before a place.
    Before(Key),
    /// Those after a place.
    After(Key),
    /// Half before and half after a message, and the message.
    Message(MessageId),
}

/// A part of a thread.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The messages, oldest first.
    pub messages: Vec<Message>,
    /// Where older ones go on, when there are any.
    pub before: Option<Key>,
    /// Where newer ones go on, when there are any.
    pub after: Option<Key>,
}

/// Reads a part of a thread that the caller may see.
///
/// # Errors
/// [`crate::Error::NotFound`] for a conversation that the caller may not see, and for a message that is not
/// of this conversation.
pub async fn page(
    db: &Db,
    scope: &Scope,
    conversation: ConversationId,
    around: Around,
    limit: u32,
) -> Result<Page> {
    let (workspace, limit) = (scope.workspace, limit as usize);
    let mut on = db.reader().await?;
    if scope.visibility != Visibility::All {
        check_visible_on(&mut on, scope, conversation).await?;
    }
    let (messages, older, newer) = match around {
        Around::End => {
            let (messages, older) = older(&mut on, workspace, conversation, None, limit).await?;
            (messages, older, false)
        }
        Around::Before(key) => {
            let (messages, older) =
                older(&mut on, workspace, conversation, Some(key), limit).await?;
            (messages, older, true)
        }
        Around::After(key) => {
            let (messages, newer) = newer(&mut on, workspace, conversation, key, limit).await?;
            (messages, true, newer)
        }
        Around::Message(id) => {
            let row = sql("SELECT at, seq, idx FROM messages WHERE workspace_id = $1 AND id = $2 AND conversation_id = $3")
                .bind(workspace)
                .bind(id)
                .bind(conversation)
                .fetch_one(&mut on)
                .await?;
            let key = Key {
                at: row.time(0)?,
                seq: row.int(1)?,
                idx: row.int(2)?,
                id,
            };
            let (mut messages, is_older) =
                older(&mut on, workspace, conversation, Some(key), limit / 2).await?;
            messages.push(one(&mut on, workspace, id).await?);
            let (after, is_newer) = newer(
                &mut on,
                workspace,
                conversation,
                key,
                limit.saturating_sub(messages.len()).max(1),
            )
            .await?;
            messages.extend(after);
            (messages, is_older, is_newer)
        }
    };
    if messages.is_empty() {
        // Whoever sees all of a workspace is told by its messages that the conversation is there.
        check_visible_on(&mut on, scope, conversation).await?;
    }
    Ok(Page {
        before: messages
            .first()
            .filter(|_| older)
            .map(|message| message.key),
        after: messages.last().filter(|_| newer).map(|message| message.key),
        messages,
    })
}

async fn older(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    conversation: ConversationId,
    before: Option<Key>,
    limit: usize,
) -> Result<(Vec<Message>, bool)> {
    let condition = if before.is_some() {
        "AND (m.at, m.seq, m.idx, m.id) < ($3, $4, $5, $6)"
    } else {
        ""
    };
    let text = format!(
        "{SELECT} WHERE m.workspace_id = $1 AND m.conversation_id = $2 {condition}
         ORDER BY m.at DESC, m.seq DESC, m.idx DESC, m.id DESC LIMIT {}",
        limit + 1
    );
    let statement = sql_owned(text).bind(workspace).bind(conversation);
    let mut messages = rows(on, bind_key(statement, before)).await?;
    let more = messages.len() > limit;
    messages.truncate(limit);
    messages.reverse();
    Ok((messages, more))
}

async fn newer(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    conversation: ConversationId,
    after: Key,
    limit: usize,
) -> Result<(Vec<Message>, bool)> {
    let text = format!(
        "{SELECT} WHERE m.workspace_id = $1 AND m.conversation_id = $2
         AND (m.at, m.seq, m.idx, m.id) > ($3, $4, $5, $6)
         ORDER BY m.at, m.seq, m.idx, m.id LIMIT {}",
        limit + 1
    );
    let statement = sql_owned(text).bind(workspace).bind(conversation);
    let mut messages = rows(on, bind_key(statement, Some(after))).await?;
    let more = messages.len() > limit;
    messages.truncate(limit);
    Ok((messages, more))
}

fn bind_key(statement: Sql, key: Option<Key>) -> Sql {
    match key {
        None => statement,
        Some(key) => statement
            .bind(key.at)
            .bind(key.seq)
            .bind(key.idx)
            .bind(key.id),
    }
}

async fn rows(on: &mut impl Executor, statement: Sql) -> Result<Vec<Message>> {
    statement.fetch_all(on).await?.iter().map(read).collect()
}

async fn one(on: &mut impl Executor, workspace: WorkspaceId, id: MessageId) -> Result<Message> {
    let statement = sql_owned(format!("{SELECT} WHERE m.workspace_id = $1 AND m.id = $2"))
        .bind(workspace)
        .bind(id);
    read(&statement.fetch_one(on).await?)
}

/// One message. Whether the caller may see its conversation is for the caller to ask.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn get(db: &Db, workspace: WorkspaceId, id: MessageId) -> Result<Message> {
    let mut on = db.reader().await?;
    one(&mut on, workspace, id).await
}

/// The messages of a conversation that changed after a feed number, by that number, and the
/// number to ask with next time. About `limit` at most: rows of one number stay together.
///
/// # Errors
/// What the database says.
pub async fn changes(
    db: &Db,
    workspace: WorkspaceId,
    conversation: ConversationId,
    after_seq: i64,
    limit: u32,
) -> Result<(Vec<Message>, i64)> {
    let mut on = db.reader().await?;
    let text = format!(
        "{SELECT} WHERE m.workspace_id = $1 AND m.conversation_id = $2 AND m.changed_seq > $3
         AND m.changed_seq <= COALESCE(
             (SELECT x.changed_seq FROM messages x
              WHERE x.workspace_id = $1 AND x.conversation_id = $2 AND x.changed_seq > $3
              ORDER BY x.changed_seq LIMIT 1 OFFSET {limit}), {})
         ORDER BY m.changed_seq",
        i64::MAX
    );
    let statement = sql_owned(text)
        .bind(workspace)
        .bind(conversation)
        .bind(after_seq);
    let messages = rows(&mut on, statement).await?;
    let seq = messages
        .last()
        .map_or(after_seq, |message| message.changed_seq);
    Ok((messages, seq))
}

/// Meta's name of a message of a conversation; `None` when it has none yet.
///
/// # Errors
/// [`crate::Error::NotFound`] when the conversation has no such message.
pub async fn wamid(
    db: &Db,
    workspace: WorkspaceId,
    conversation: ConversationId,
    id: MessageId,
) -> Result<Option<String>> {
    sql("SELECT wamid FROM messages WHERE workspace_id = $1 AND id = $2 AND conversation_id = $3")
        .bind(workspace)
        .bind(id)
        .bind(conversation)
        .fetch_one(&mut db.reader().await?)
        .await?
        .opt_text(0)
}
