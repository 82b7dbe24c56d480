//! A file that somebody uploads: kept as it comes, judged by its bytes against Meta's table.

use bytes::Bytes;
use wigwag_meta::limits::MediaKind;
use wigwag_model::{MediaId, WorkspaceId};
use wigwag_store::media::{self, Kept, Media, New};

use super::sniff::{Found, sniff};
use crate::Context;
use crate::files::{FileError, FileWriter, Files, HEAD};

/// Edge of a sticker in pixels, both ways.
const STICKER_EDGE: u32 = 512;
/// Most characters of a file's name.
const NAME_CHARS: usize = 240;

/// The kind of message that a file goes into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// Sound: a voice note or a piece of music.
    Audio,
    /// Anything to read or to keep.
    Document,
    /// A sticker.
    Sticker,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Image,
        Self::Video,
        Self::Audio,
        Self::Document,
        Self::Sticker,
    ];

    /// The name in tables and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Document => "document",
            Self::Sticker => "sticker",
        }
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Why an uploaded file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It has no bytes.
    #[error("the file is empty")]
    Empty,
    /// It is over Meta's limit.
    #[error("a file of the type {mime_type} may have {limit} bytes")]
    TooLarge {
        /// What it is.
        mime_type: String,
        /// Most bytes.
        limit: u64,
    },
    /// WhatsApp does not take such files.
    #[error("WhatsApp does not take files of the type {mime_type}")]
    Unsupported {
        /// What it is.
        mime_type: String,
    },
    /// It cannot go into the kind of message that was asked for.
    #[error("a file of the type {mime_type} cannot be sent as {}", wanted.as_str())]
    WrongKind {
        /// What it is.
        mime_type: String,
        /// What was asked for.
        wanted: Kind,
    },
    /// A sticker of another size than 512 × 512.
    #[error("a sticker has 512 × 512 pixels")]
    StickerSize {
        /// Its width and height, where they can be read.
        dimensions: Option<(u32, u32)>,
    },
    /// The file store.
    #[error(transparent)]
    Files(#[from] FileError),
    /// The database.
    #[error(transparent)]
    Store(#[from] wigwag_store::Error),
}

/// A file on its way in. One that is dropped unfinished leaves nothing that anything refers to.
#[derive(Debug)]
pub struct Receiver {
    context: Context,
    workspace: WorkspaceId,
    id: MediaId,
    writer: FileWriter,
    wanted: Option<Kind>,
    limit: u64,
    looked: bool,
}

/// Begins to take a file in. `wanted` is the kind of message that it is for, where that is known
/// already.
///
/// # Errors
/// [`Refusal::Files`].
pub async fn receive(
    context: &Context,
    workspace: WorkspaceId,
    wanted: Option<Kind>,
) -> Result<Receiver, Refusal> {
    let id: MediaId = context.db().mint().id();
    Ok(Receiver {
        writer: context.files().create(&Files::key(workspace, id)).await?,
        context: context.clone(),
        workspace,
        id,
        wanted,
        limit: MediaKind::Document.max_bytes(),
        looked: false,
    })
}

impl Receiver {
    /// Takes the next bytes. Refuses as soon as it is clear that the file cannot be taken.
    ///
    /// # Errors
    /// [`Refusal`]; then abort.
    pub async fn push(&mut self, bytes: Bytes) -> Result<(), Refusal> {
        self.writer.write(bytes).await?;
        if !self.looked && self.writer.head().len() >= HEAD {
            self.looked = true;
            let found = sniff(self.writer.head(), self.wanted);
            self.limit = found.max_bytes();
            judge(&found, self.wanted, self.writer.size())?;
        }
        if self.writer.size() > self.limit {
            let mime_type = sniff(self.writer.head(), self.wanted).mime_type;
            return Err(Refusal::TooLarge {
                mime_type,
                limit: self.limit,
            });
        }
        Ok(())
    }

    /// Throws away what came.
    pub async fn abort(self) {
        self.writer.abort().await;
    }

    /// Ends the file and makes it known. `filename` is what its sender calls it, `wanted` the kind
    /// of message that it is for; without one the bytes decide.
    ///
    /// # Errors
    /// [`Refusal`]; then nothing is left of it.
    pub async fn finish(
        self,
        filename: Option<&str>,
        wanted: Option<Kind>,
    ) -> Result<Media, Refusal> {
        let wanted = wanted.or(self.wanted);
        let found = sniff(self.writer.head(), wanted);
        let kind = match judge(&found, wanted, self.writer.size()) {
            Ok(kind) => kind,
            Err(refusal) => {
                self.writer.abort().await;
                return Err(refusal);
            }
        };
        let written = self.writer.finish().await?;
        let object_key = Files::key(self.workspace, self.id);
        let new = New {
            id: self.id,
            kind: kind.as_str(),
            mime_type: found.mime_type,
            filename: filename.and_then(clean_name),
            kept: Kept {
                object_key: object_key.clone(),
                size: i64::try_from(written.size).unwrap_or(i64::MAX),
                sha256: written.sha256,
                dimensions: found.dimensions,
            },
        };
        let db = self.context.db();
        if let Err(error) = media::insert(db, self.workspace, new).await {
            // Without its row nothing would ever find the file again.
            if let Err(error) = self.context.files().delete(&object_key).await {
                tracing::warn!(%error, "a file without a row could not be removed");
            }
            return Err(error.into());
        }
        Ok(media::get(db, self.workspace, self.id).await?)
    }
}

/// The kind of message that the file goes into, by Meta's table.
fn judge(found: &Found, wanted: Option<Kind>, size: u64) -> Result<Kind, Refusal> {
    let mime_type = || found.mime_type.clone();
    if size == 0 {
        return Err(Refusal::Empty);
    }
    let Some(kind) = found.kind else {
        return Err(Refusal::Unsupported {
            mime_type: mime_type(),
        });
    };
    let kind = match wanted {
        None => kind,
        Some(wanted) if wanted == kind => kind,
        // Whatever Meta takes may be sent to be kept rather than shown; stickers may not.
        Some(Kind::Document) if kind != Kind::Sticker => Kind::Document,
        Some(wanted) => {
            return Err(Refusal::WrongKind {
                mime_type: mime_type(),
                wanted,
            });
        }
    };
    let limit = found.max_bytes();
    if size > limit {
        return Err(Refusal::TooLarge {
            mime_type: mime_type(),
            limit,
        });
    }
    if kind == Kind::Sticker && found.dimensions != Some((STICKER_EDGE, STICKER_EDGE)) {
        return Err(Refusal::StickerSize {
            dimensions: found.dimensions,
        });
    }
    Ok(kind)
}

/// A file's name without folders and characters that could disturb whoever shows it.
fn clean_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_direction(*c))
        .collect();
    let clean = clean.trim().trim_matches('.').trim();
    if clean.is_empty() {
        return None;
    }
    let count = clean.chars().count();
    if count <= NAME_CHARS {
        return Some(clean.to_owned());
    }
    // The ending matters to whoever opens the file.
    let ending: String = match clean.rsplit_once('.') {
        Some((_, ending)) if ending.chars().count() <= 10 => format!(".{ending}"),
        _ => String::new(),
    };
    let keep = NAME_CHARS - ending.chars().count();
    let stem: String = clean.chars().take(keep).collect();
    Some(stem + &ending)
}

/// Characters that turn the direction of text, with which `exe.pdf` can be made to read as something else.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_could_mislead() {
        for (name, clean) in [
            ("kite.pdf", Some("kite.pdf")),
            ("C:\\me\\kite.pdf", Some("kite.pdf")),
            ("../../etc/passwd", Some("passwd")),
            ("a\u{202e}fdp.exe", Some("afdp.exe")),
            ("a\r\nb.txt", Some("ab.txt")),
            ("..", None),
            ("  ", None),
            ("पतंग.pdf", Some("पतंग.pdf")),
        ] {
            assert_eq!(clean_name(name).as_deref(), clean, "{name:?}");
        }
        let long = clean_name(&format!("{}.pdf", "k".repeat(400))).unwrap();
        assert_eq!(long.chars().count(), NAME_CHARS);
        assert!(long.ends_with("k.pdf"));
    }
}
