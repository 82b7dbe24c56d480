//! A file of contacts on its way in: kept as it comes, then brought into UTF-8 and looked through.

use bytes::Bytes;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use futures::StreamExt as _;
use wigwag_model::{ImportId, WorkspaceId};
use wigwag_store::imports::{self, Import, New};

use super::columns::MOST_COLUMNS;
use super::reading::survey;
use super::stretch::ReadError;
use crate::Context;
use crate::files::{FileError, FileWriter};

/// Most bytes of a file.
pub const MOST_BYTES: u64 = 256 * 1024 * 1024;
/// Bytes that are converted at a time.
const PIECE: usize = 64 * 1024;

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There are no rows.
    #[error("the file has no rows")]
    Empty,
    /// More than [`MOST_BYTES`].
    #[error("the file has more than {MOST_BYTES} bytes")]
    TooLarge,
    /// A spreadsheet, a picture, an archive.
    #[error("this is no CSV file: save the table as CSV (UTF-8)")]
    NotText,
    /// More than a table of people has.
    #[error("the file has more than {MOST_COLUMNS} columns")]
    Columns,
    /// A row that does not end.
    #[error("a quote is opened and never closed")]
    UnclosedQuote,
    /// The file store.
    #[error(transparent)]
    Files(#[from] FileError),
    /// The database.
    #[error(transparent)]
    Store(#[from] wigwag_store::Error),
}

impl From<ReadError> for Refusal {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Files(error) => Self::Files(error),
            ReadError::UnclosedQuote | ReadError::Io(_) => Self::UnclosedQuote,
        }
    }
}

/// A file on its way in. One that is dropped unfinished leaves nothing that anything refers to.
pub struct Receiver {
    context: Context,
    workspace: WorkspaceId,
    id: ImportId,
    writer: FileWriter,
    detector: EncodingDetector,
}

/// Where a file is kept, as it came and as UTF-8.
fn key(workspace: WorkspaceId, id: ImportId, what: &str) -> String {
    format!("{workspace}/{id}.{what}")
}

/// Begins to take a file in.
///
/// # Errors
/// [`Refusal::Files`].
pub async fn receive(context: &Context, workspace: WorkspaceId) -> Result<Receiver, Refusal> {
    let id: ImportId = context.db().mint().id();
    Ok(Receiver {
        writer: context.files().create(&key(workspace, id, "raw")).await?,
        context: context.clone(),
        workspace,
        id,
        detector: EncodingDetector::new(Iso2022JpDetection::Allow),
    })
}

impl Receiver {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`Refusal`]; then abort.
    pub async fn push(&mut self, bytes: Bytes) -> Result<(), Refusal> {
        if self.writer.size() + bytes.len() as u64 > MOST_BYTES {
            return Err(Refusal::TooLarge);
        }
        self.detector.feed(&bytes, false);
        self.writer.write(bytes).await?;
        Ok(())
    }

    /// Throws away what came.
    pub async fn abort(self) {
        self.writer.abort().await;
    }

    /// Ends the file and makes it known. `filename` is what its sender calls it.
    ///
    /// # Errors
    /// [`Refusal`]; then nothing is left of it.
    pub async fn finish(self, filename: &str, created_by: String) -> Result<Import, Refusal> {
        let Self {
            context,
            workspace,
            id,
            writer,
            mut detector,
        } = self;
        detector.feed(&[], true);
        let written = writer.finish().await?;
        let (raw, text) = (key(workspace, id, "raw"), key(workspace, id, "csv"));
        let head = written.head;
        let taken = async {
            if is_binary(&head) {
                return Err(Refusal::NotText);
            }
            let (encoding, bom) = encoding_of(&head, &detector);
            let size = convert(&context, &raw, &text, encoding, bom).await?;
            let surveyed = survey(&context, &text, size, None).await?;
            let new = New {
                id,
                filename: clean(filename),
                object_key: text.clone(),
                size: i64::try_from(size).unwrap_or(i64::MAX),
                encoding: encoding.name().to_owned(),
                delimiter: surveyed.shape.delimiter,
                has_header: surveyed.has_header,
                position: i64::try_from(surveyed.begin).unwrap_or(i64::MAX),
                columns: surveyed.columns,
                rows_total: surveyed.rows,
                created_by,
            };
            imports::insert(context.db(), workspace, new).await?;
            Ok(imports::get(&mut context.db().reader().await?, workspace, id).await?)
        }
        .await;
        let unwanted = if taken.is_err() {
            vec![raw, text]
        } else {
            vec![raw]
        };
        for key in unwanted {
            if let Err(error) = context.files().delete(&key).await {
                tracing::warn!(%error, "a file that is not needed could not be removed");
            }
        }
        taken
    }
}

/// A file's name without folders and control characters.
fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    let clean = clean.trim();
    if clean.is_empty() {
        "contacts.csv".to_owned()
    } else {
        clean.to_owned()
    }
}

/// Beginnings of what people send instead: workbooks, archives, documents, pictures.
fn is_binary(head: &[u8]) -> bool {
    let known: [&[u8]; 7] = [
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0",
        b"%PDF",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"\x1f\x8b",
        b"{\\rtf",
    ];
    known.iter().any(|begin| head.starts_with(begin))
}

/// What the bytes are written in, and whether they say so themselves.
fn encoding_of(head: &[u8], detector: &EncodingDetector) -> (&'static Encoding, bool) {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return (encoding, true);
    }
    let looked = &head[..head.len().min(2_048)];
    let zeros = |start: usize| {
        looked
            .iter()
            .skip(start)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let pairs = looked.len() / 2;
    if pairs > 1 && zeros(1) * 3 > pairs && zeros(0) * 10 < pairs {
        return (UTF_16LE, false);
    }
    if pairs > 1 && zeros(0) * 3 > pairs && zeros(1) * 10 < pairs {
        return (UTF_16BE, false);
    }
    (detector.guess(None, Utf8Detection::Allow), false)
}

/// Writes the file as UTF-8 and gives its size.
async fn convert(
    context: &Context,
    raw: &str,
    text: &str,
    encoding: &'static Encoding,
    bom: bool,
) -> Result<u64, Refusal> {
    let mut decoder = if bom {
        encoding.new_decoder_with_bom_removal()
    } else {
        encoding.new_decoder_without_bom_handling()
    };
    let mut stream = context.files().read(raw, None).await?;
    let mut writer = context.files().create(text).await?;
    let mut into = vec![0; PIECE];
    loop {
        let piece = stream.next().await.transpose()?;
        let last = piece.is_none();
        let bytes = piece.unwrap_or_default();
        let mut at = 0;
        loop {
            let (result, read, wrote, _) = decoder.decode_to_utf8(&bytes[at..], &mut into, last);
            at += read;
            if wrote > 0 {
                // Zero bytes are no text; they would only stop whoever reads on.
                let mut out = into[..wrote].to_vec();
                out.retain(|byte| *byte != 0);
                writer.write(out.into()).await?;
            }
            if result == CoderResult::InputEmpty {
                break;
            }
        }
        if last {
            break;
        }
    }
    debug_assert!(UTF_8.is_ascii_compatible());
    Ok(writer.finish().await?.size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoding(bytes: &[u8]) -> &'static str {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
        detector.feed(bytes, true);
        encoding_of(bytes, &detector).0.name()
    }

    #[test]
    fn encodings_are_found() {
        let words = "name;city\nBjörn Åkesson;Göteborg\nRenée Façade;Besançon\n";
        let (latin, ..) = encoding_rs::WINDOWS_1252.encode(words);
        let (cyrillic, ..) = encoding_rs::WINDOWS_1251
            .encode("имя;город\nАнна Петрова;Нижний Новгород\nСергей;Москва\n");
        let (japanese, ..) = encoding_rs::SHIFT_JIS
            .encode("名前,電話\n山田太郎,09012345678\nすずきいちろう,09087654321\n");
        let (chinese, ..) = encoding_rs::GBK
            .encode("姓名,电话,城市\n王小明,13812345678,上海市浦东新区\n李雷,13912345678,北京\n");
        let utf16: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = [&[0xff, 0xfe][..], &utf16].concat();
        for (bytes, name) in [
            (words.as_bytes(), "UTF-8"),
            (&[&b"\xef\xbb\xbf"[..], words.as_bytes()].concat(), "UTF-8"),
            (&latin, "windows-1252"),
            (&cyrillic, "windows-1251"),
            (&japanese, "Shift_JIS"),
            (&chinese, "GBK"),
            (&utf16, "UTF-16LE"),
            (&big, "UTF-16BE"),
            (&marked, "UTF-16LE"),
        ] {
            assert_eq!(encoding(bytes), name);
        }
    }

    #[test]
    fn what_is_no_text_is_told_by_its_beginning() {
        assert!(is_binary(b"PK\x03\x04\x14\x00"));
        assert!(!is_binary(b"name,phone\n"));
        assert!(!is_binary(b""));
    }
}
