//! Reading a kept file in stretches of rows, from any byte on, without holding more than a few.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use csv::StringRecord;
use futures::TryStreamExt as _;
use tokio::sync::mpsc;
use tokio_util::io::{StreamReader, SyncIoBridge};

use crate::files::{FileError, Files};

/// Most bytes of one row. More is a quote that is never closed.
const MOST_IN_A_ROW: u64 = 1024 * 1024;
/// Stretches that wait to be worked on.
const AHEAD: usize = 2;

/// Rows that follow each other.
#[derive(Debug)]
pub(super) struct Stretch<T> {
    /// The byte at which they begin.
    pub(super) from: u64,
    /// The byte at which the next begin.
    pub(super) to: u64,
    /// What was made of each.
    pub(super) rows: Vec<T>,
}

/// Why a file cannot be read on.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    /// The file store.
    #[error(transparent)]
    Files(#[from] FileError),
    /// A row that does not end.
    #[error("a quote is not closed")]
    UnclosedQuote,
    /// The bytes stopped.
    #[error("the file could not be read: {0}")]
    Io(String),
}

/// What divides the columns, as the reader takes it.
pub(super) fn divider(delimiter: char) -> u8 {
    u8::try_from(delimiter).unwrap_or(b',')
}

/// A reader of rows over bytes.
pub(super) fn rows_of<R: Read>(bytes: R, delimiter: char) -> csv::Reader<R> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(divider(delimiter))
        .from_reader(bytes)
}

/// Whether a row says nothing: spreadsheets leave such rows at the end.
pub(super) fn is_blank(record: &StringRecord) -> bool {
    record.iter().all(|cell| cell.trim().is_empty())
}

/// Lets bytes through and refuses when one row takes too many.
struct Watched<R> {
    bytes: R,
    since: Arc<AtomicU64>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.bytes.read(into)?;
        let since = self.since.fetch_add(count as u64, Ordering::Relaxed) + count as u64;
        if since > MOST_IN_A_ROW {
            return Err(std::io::Error::other(TooLong));
        }
        Ok(count)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("one row takes too many bytes")]
struct TooLong;

/// How many rows a stretch has: whoever works on them may change it under way.
#[derive(Debug, Clone)]
pub(super) struct Size(Arc<AtomicUsize>);

impl Size {
    /// So many rows.
    pub(super) fn of(rows: usize) -> Self {
        Self(Arc::new(AtomicUsize::new(rows)))
    }

    /// How many.
    pub(super) fn rows(&self) -> usize {
        self.0.load(Ordering::Relaxed).max(1)
    }

    /// From the next stretch on so many.
    pub(super) fn set(&self, rows: usize) {
        self.0.store(rows, Ordering::Relaxed);
    }
}

/// Reads a file from a byte on, `size` rows at a time; `make` turns each row, which is not blank,
/// into what is wanted of it, on the reading thread.
pub(super) async fn stretches<T: Send + 'static>(
    files: &Files,
    key: &str,
    from: u64,
    delimiter: char,
    size: Size,
    make: impl FnMut(StringRecord) -> T + Send + 'static,
) -> Result<mpsc::Receiver<Result<Stretch<T>, ReadError>>, ReadError> {
    let (tell, told) = mpsc::channel(AHEAD);
    // A range that begins at the end is refused by the store.
    let stream = files.read(key, None).await?;
    let stream = skip(stream, from);
    let reader = StreamReader::new(Box::pin(stream.map_err(std::io::Error::other)));
    let bridge = SyncIoBridge::new(reader);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = read(bridge, from, delimiter, &size, make, &tell) {
            // Whoever asked may have gone.
            drop(tell.blocking_send(Err(error)));
        }
    });
    Ok(told)
}

/// Drops the bytes before a place.
fn skip(
    stream: impl futures::Stream<Item = Result<bytes::Bytes, FileError>>,
    from: u64,
) -> impl futures::Stream<Item = Result<bytes::Bytes, FileError>> {
    let mut left = from;
    stream.map_ok(move |mut piece| {
        let dropped = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
        left -= dropped as u64;
        piece.split_off(dropped)
    })
}

fn read<T>(
    bytes: impl Read,
    begin: u64,
    delimiter: char,
    size: &Size,
    mut make: impl FnMut(StringRecord) -> T,
    tell: &mpsc::Sender<Result<Stretch<T>, ReadError>>,
) -> Result<(), ReadError> {
    let since = Arc::new(AtomicU64::new(0));
    let watched = Watched {
        bytes,
        since: Arc::clone(&since),
    };
    let mut reader = rows_of(watched, delimiter);
    let mut from = begin;
    loop {
        let size = size.rows();
        let mut rows = Vec::with_capacity(size);
        let mut to = from;
        let mut ended = false;
        while rows.len() < size {
            let mut record = StringRecord::new();
            ended = !reader
                .read_record(&mut record)
                .map_err(|error| told(&error))?;
            since.store(0, Ordering::Relaxed);
            to = begin + reader.position().byte();
            if ended {
                break;
            }
            if !is_blank(&record) {
                rows.push(make(record));
            }
        }
        let empty = rows.is_empty();
        if !(empty && to == from) && tell.blocking_send(Ok(Stretch { from, to, rows })).is_err() {
            return Ok(());
        }
        if ended {
            return Ok(());
        }
        from = to;
    }
}

fn told(error: &csv::Error) -> ReadError {
    let too_long = |error: &std::io::Error| {
        error
            .get_ref()
            .is_some_and(<dyn std::error::Error + Send + Sync>::is::<TooLong>)
    };
    match error.kind() {
        csv::ErrorKind::Io(error) if too_long(error) => ReadError::UnclosedQuote,
        _ => ReadError::Io(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use object_store::memory::InMemory;

    use super::*;

    async fn kept(text: &str) -> Files {
        let files = Files::new(Arc::new(InMemory::new()));
        let mut writer = files.create("a/b").await.unwrap();
        writer.write(text.to_owned().into()).await.unwrap();
        writer.finish().await.unwrap();
        files
    }

    async fn all(files: &Files, from: u64, size: usize) -> Vec<(u64, u64, Vec<String>)> {
        let make = |record: StringRecord| record.iter().collect::<Vec<_>>().join("|");
        let mut told = stretches(files, "a/b", from, ',', Size::of(size), make)
            .await
            .unwrap();
        let mut found = Vec::new();
        while let Some(stretch) = told.recv().await {
            let stretch = stretch.unwrap();
            found.push((stretch.from, stretch.to, stretch.rows));
        }
        found
    }

    #[tokio::test]
    async fn rows_are_read_on_from_where_a_stretch_ended() {
        let text = "a,b\r\n\"c\r\n\"\"c\",d\n\n,,\ne,\"f,g\"\nनमस्ते,h\nlast,row";
        let files = kept(text).await;
        let whole: Vec<String> = all(&files, 0, 100)
            .await
            .into_iter()
            .flat_map(|found| found.2)
            .collect();
        assert_eq!(whole, ["a|b", "c\r\n\"c|d", "e|f,g", "नमस्ते|h", "last|row"]);
        for size in 1..4 {
            let parts = all(&files, 0, size).await;
            assert_eq!(parts.last().unwrap().1, text.len() as u64);
            let mut row = 0;
            for (at, (from, to, rows)) in parts.iter().enumerate() {
                if at > 0 {
                    assert_eq!(*from, parts[at - 1].1, "without gaps");
                }
                assert!(to >= from);
                // A new reader that begins here finds the rest.
                let rest: Vec<String> = all(&files, *from, 100)
                    .await
                    .into_iter()
                    .flat_map(|found| found.2)
                    .collect();
                assert_eq!(rest, whole[row..], "from {from}");
                row += rows.len();
            }
            assert_eq!(row, whole.len());
        }
        assert!(all(&files, text.len() as u64, 5).await.is_empty());
    }

    #[tokio::test]
    async fn a_quote_that_is_never_closed_does_not_fill_the_memory() {
        let files = kept(&format!("a,b\nc,\"{}", "d,e\n".repeat(600_000))).await;
        let mut told = stretches(&files, "a/b", 0, ',', Size::of(10), |_| ())
            .await
            .unwrap();
        let mut last = None;
        while let Some(stretch) = told.recv().await {
            last = Some(stretch);
        }
        assert!(
            matches!(last, Some(Err(ReadError::UnclosedQuote))),
            "{last:?}"
        );
    }
}
