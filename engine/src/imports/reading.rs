//! How a file is read: found out when it comes, and corrected by whoever knows better.

use std::sync::Arc;

use csv::StringRecord;
use futures::StreamExt as _;
use parking_lot::Mutex;
use wigwag_model::WorkspaceId;
use wigwag_model::phone::Phone;
use wigwag_store::imports::{self, Import, Reading};
use wigwag_store::numbers;

use super::columns::{MOST_COLUMNS, Shape, Survey, is_header, names, shape};
use super::receive::Refusal;
use super::stretch::{Size, is_blank, rows_of, stretches};
use crate::Context;

/// Bytes of the beginning that tell the shape.
const PIECE: usize = 64 * 1024;
/// Rows that are surveyed at a time.
const ROWS: usize = 2_000;

/// Reads a file that has not begun otherwise: with its first row as the names of the columns, or
/// as a row like the others. What was said about its columns before is forgotten.
///
/// # Errors
/// [`Refusal::Empty`] when no row is left; [`Refusal::Store`] with
/// [`wigwag_store::Error::Stale`] when it has begun; [`Refusal`].
pub async fn read_again(
    context: &Context,
    workspace: WorkspaceId,
    import: &Import,
    has_header: bool,
) -> Result<Import, Refusal> {
    let size = u64::try_from(import.size).unwrap_or(0);
    let surveyed = survey(context, &import.object_key, size, Some(has_header)).await?;
    let reading = Reading {
        has_header: surveyed.has_header,
        position: i64::try_from(surveyed.begin).unwrap_or(i64::MAX),
        columns: surveyed.columns,
        rows_total: surveyed.rows,
    };
    Ok(imports::read_as(context.db(), workspace, import.id, reading).await?)
}

/// The country of numbers without country code when nobody says which: that of the number that
/// the workspace sends from. `None` when it has none, or one that tells no country.
///
/// # Errors
/// What the database says.
pub async fn default_country(
    context: &Context,
    workspace: WorkspaceId,
) -> wigwag_store::Result<Option<String>> {
    let number = match numbers::first_sendable(context.db(), workspace).await {
        Ok(id) => numbers::get(context.db(), workspace, id).await?,
        Err(wigwag_store::Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let phone = Phone::parse(&number.display_phone_number, None).ok();
    Ok(phone.and_then(|phone| phone.country()))
}

/// What a file looks like.
pub(super) struct Surveyed {
    /// What divides its columns.
    pub(super) shape: Shape,
    /// Whether its first row names the columns.
    pub(super) has_header: bool,
    /// The byte at which its first row of people begins.
    pub(super) begin: u64,
    /// Its columns.
    pub(super) columns: Vec<imports::Column>,
    /// How many rows it has, without the header.
    pub(super) rows: i64,
}

/// Looks through the whole file once: what divides its columns, their names, what is in them.
/// Whether the first row holds names is told by somebody, or else by what is in it.
pub(super) async fn survey(
    context: &Context,
    key: &str,
    size: u64,
    told_header: Option<bool>,
) -> Result<Surveyed, Refusal> {
    let mut stream = context.files().read(key, None).await?;
    let mut head: Vec<u8> = Vec::new();
    while head.len() < PIECE
        && let Some(piece) = stream.next().await.transpose()?
    {
        head.extend_from_slice(&piece);
    }
    drop(stream);
    head.truncate(PIECE);
    let whole = head.len() as u64 == size;
    let mut head = String::from_utf8_lossy(&head).into_owned();
    if !whole && let Some(end) = head.rfind('\n') {
        // The last row of the piece may be cut.
        head.truncate(end + 1);
    }
    let shape = shape(&head);
    let mut reader = rows_of(&head.as_bytes()[shape.begin..], shape.delimiter);
    let mut first = StringRecord::new();
    let mut begin = shape.begin as u64;
    loop {
        if !reader.read_record(&mut first).unwrap_or(false) {
            return Err(Refusal::Empty);
        }
        if !is_blank(&first) {
            break;
        }
    }
    let has_header = told_header.unwrap_or_else(|| is_header(&first));
    if has_header {
        begin += reader.position().byte();
    }
    if first.len() > MOST_COLUMNS {
        return Err(Refusal::Columns);
    }
    let gathered = Arc::new(Mutex::new(Survey::new(names(&first, has_header))));
    let gathering = Arc::clone(&gathered);
    let make = move |record: StringRecord| gathering.lock().add(&record);
    let mut told = stretches(
        context.files(),
        key,
        begin,
        shape.delimiter,
        Size::of(ROWS),
        make,
    )
    .await?;
    while let Some(stretch) = told.recv().await {
        stretch?;
    }
    let survey = std::mem::replace(&mut *gathered.lock(), Survey::new(Vec::new()));
    let (columns, rows) = survey.finish();
    if rows == 0 {
        return Err(Refusal::Empty);
    }
    Ok(Surveyed {
        shape,
        has_header,
        begin,
        columns,
        rows,
    })
}
