//! Files of messages: what is known of them, where they are kept and under which id Meta has them.
//!
//! The bytes are in the object store, under a key made of ids alone. A row begins `pending` (it
//! came with a message and is still at Meta) or `ready` (somebody uploaded it), and ends `ready` or
//! `failed`. Each change is told to the threads that show the file.

use wigwag_model::id::Id as _;
use wigwag_model::{ConversationId, MediaId, MessageId, NumberId, Timestamp, WorkspaceId};

use crate::{Db, Error, Event, Priority, Result, Tx, sql};

/// What has become of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Still at Meta.
    Pending,
    /// In the object store.
    Ready,
    /// Not to be had.
    Failed,
}

impl State {
    /// The name in the table and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Ready => "ready",
            Self::Failed => "failed",
        }
    }

    fn parse(text: &str) -> Result<Self> {
        [Self::Pending, Self::Ready, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(Error::Inconsistent {
                table: "media",
                column: "state",
            })
    }
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Its id.
    pub id: MediaId,
    /// `image`, `video`, `audio`, `document` or `sticker`.
    pub kind: String,
    /// Its media type, as found in its bytes or as Meta says.
    pub mime_type: String,
    /// Its name, as its sender wrote it.
    pub filename: Option<String>,
    /// Its size in bytes.
    pub size: Option<i64>,
    /// Its SHA-256.
    pub sha256: Option<Vec<u8>>,
    /// What has become of it.
    pub state: State,
    /// Where the bytes are.
    pub object_key: Option<String>,
    /// The number that Meta's id belongs to.
    pub number: Option<NumberId>,
    /// Meta's id.
    pub meta_media_id: Option<String>,
    /// When we gave it to Meta; `None` when it came from there.
    pub meta_uploaded_at: Option<Timestamp>,
    /// Width in pixels, of images.
    pub width: Option<i64>,
    /// Height in pixels, of images.
    pub height: Option<i64>,
    /// Why it is not to be had: a stable reason.
    pub failure: Option<String>,
}

/// A file that somebody uploaded, once its bytes are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// Its id, which the key of its bytes is made of.
    pub id: MediaId,
    /// `image`, `video`, `audio`, `document` or `sticker`.
    pub kind: &'static str,
    /// Its media type, as found in its bytes.
    pub mime_type: String,
    /// Its name.
    pub filename: Option<String>,
    /// What is known of the bytes.
    pub kept: Kept,
}

/// What is known of bytes in the object store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where they are.
    pub object_key: String,
    /// How many.
    pub size: i64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
    /// Width and height in pixels, of images.
    pub dimensions: Option<(u32, u32)>,
}

/// A file of a workspace.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(db: &Db, workspace: WorkspaceId, id: MediaId) -> Result<Media> {
    let row = sql(
        "SELECT id, kind, mime_type, filename, size, sha256, state, object_key, number_id, meta_media_id,
                meta_uploaded_at, width, height, failure
         FROM media WHERE workspace_id = $1 AND id = $2",
    )
    .bind(workspace)
    .bind(id)
    .fetch_one(&mut db.reader().await?)
    .await?;
    Ok(Media {
        id: row.id(0)?,
        kind: row.text(1)?,
        mime_type: row.text(2)?,
        filename: row.opt_text(3)?,
        size: row.opt_int(4)?,
        sha256: row.opt_bytes(5)?.filter(|digest| !digest.is_empty()),
        state: State::parse(&row.text(6)?)?,
        object_key: row.opt_text(7)?,
        number: row.opt_id(8)?,
        meta_media_id: row.opt_text(9)?,
        meta_uploaded_at: row.opt_time(10)?,
        width: row.opt_int(11)?,
        height: row.opt_int(12)?,
        failure: row.opt_text(13)?,
    })
}

/// Makes a file known whose bytes are kept.
///
/// # Errors
/// What the database says.
pub async fn insert(db: &Db, workspace: WorkspaceId, new: New) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let (width, height) = split(new.kept.dimensions);
            sql("INSERT INTO media (workspace_id, id, kind, mime_type, filename, size, sha256, state, object_key, width, height, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 'ready', $8, $9, $10, $11)")
                .bind(workspace)
                .bind(new.id)
                .bind(new.kind)
                .bind(new.mime_type)
                .bind(new.filename)
                .bind(new.kept.size)
                .bind(&new.kept.sha256[..])
                .bind(new.kept.object_key)
                .bind(width)
                .bind(height)
                .bind(now)
                .execute(tx)
                .await?;
            Ok(())
        })
    })
    .await
}

fn split(dimensions: Option<(u32, u32)>) -> (Option<i64>, Option<i64>) {
    (
        dimensions.map(|(width, _)| i64::from(width)),
        dimensions.map(|(_, height)| i64::from(height)),
    )
}

/// A file that came with a message is kept now. Says whether it was still awaited.
///
/// # Errors
/// What the database says.
pub async fn fetched(db: &Db, workspace: WorkspaceId, id: MediaId, kept: Kept) -> Result<bool> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let (width, height) = split(kept.dimensions);
            let done = sql(
                "UPDATE media SET state = 'ready', object_key = $3, size = $4, sha256 = $5, width = $6, height = $7, failure = NULL
                 WHERE workspace_id = $1 AND id = $2 AND state <> 'ready'",
            )
            .bind(workspace)
            .bind(id)
            .bind(kept.object_key)
            .bind(kept.size)
            .bind(&kept.sha256[..])
            .bind(width)
            .bind(height)
            .execute(tx)
            .await?;
            if done == 1 {
                tell(tx, workspace, id).await?;
            }
            Ok(done == 1)
        })
    })
    .await
}

/// A file that came with a message is not to be had. Says whether it was still awaited.
///
/// # Errors
/// What the database says.
pub async fn give_up(
    db: &Db,
    workspace: WorkspaceId,
    id: MediaId,
    reason: &'static str,
) -> Result<bool> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let done = sql("UPDATE media SET state = 'failed', failure = $3
                            WHERE workspace_id = $1 AND id = $2 AND state = 'pending'")
            .bind(workspace)
            .bind(id)
            .bind(reason)
            .execute(tx)
            .await?;
            if done == 1 {
                tell(tx, workspace, id).await?;
            }
            Ok(done == 1)
        })
    })
    .await
}

/// Tells the threads that show the file: their messages count as changed.
async fn tell(tx: &mut Tx, workspace: WorkspaceId, id: MediaId) -> Result<()> {
    let seq = tx.seq(workspace).await?;
    let rows = sql(
        "UPDATE messages SET changed_seq = $3 WHERE workspace_id = $1 AND media_id = $2
                    RETURNING id, conversation_id",
    )
    .bind(workspace)
    .bind(id)
    .bind(seq)
    .fetch_all(tx)
    .await?;
    for row in &rows {
        let (message, conversation): (MessageId, ConversationId) = (row.id(0)?, row.id(1)?);
        tx.record(
            workspace,
            Event {
                kind: "message.changed",
                subject: message.uuid(),
                conversation: Some(conversation),
            },
        );
    }
    Ok(())
}

/// Notes under which id Meta has a file of ours, for a number.
///
/// # Errors
/// What the database says.
pub async fn uploaded(
    db: &Db,
    workspace: WorkspaceId,
    id: MediaId,
    number: NumberId,
    meta_media_id: String,
) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            sql(
                "UPDATE media SET number_id = $3, meta_media_id = $4, meta_uploaded_at = $5
                 WHERE workspace_id = $1 AND id = $2 AND state = 'ready'",
            )
            .bind(workspace)
            .bind(id)
            .bind(number)
            .bind(meta_media_id)
            .bind(now)
            .execute(tx)
            .await?;
            Ok(())
        })
    })
    .await
}
