//! The files of messages, in a folder or in an object store.
//!
//! Bytes stream in and out; no file is ever held in memory as a whole. Keys are made of ids, never
//! of anything that somebody wrote.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures::stream::BoxStream;
use object_store::path::Path;
use object_store::{GetOptions, ObjectStore, ObjectStoreExt as _, WriteMultipart};
use sha2::{Digest as _, Sha256};
use wigwag_model::{MediaId, WorkspaceId};

/// Bytes that are gathered before they are written.
const PART: usize = 5 * 1024 * 1024;
/// Parts under way at a time.
const PARTS: usize = 1;
/// Bytes of a file's beginning that are kept in memory, to find its type and its dimensions.
pub const HEAD: usize = 256 * 1024;

/// Why a file could not be written or read.
#[derive(Debug, thiserror::Error)]
#[error("the file store: {0}")]
pub struct FileError(#[from] object_store::Error);

impl FileError {
    /// Whether the file is not there at all.
    pub fn is_missing(&self) -> bool {
        matches!(self.0, object_store::Error::NotFound { .. })
    }
}

/// Where files are kept. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// Its beginning, at most [`HEAD`] bytes.
    pub head: Vec<u8>,
}

impl Files {
    /// Files in `store`.
    pub fn new(store: Arc<dyn ObjectStore>) -> Self {
        Self { store }
    }

    /// The store itself.
    pub fn store(&self) -> &Arc<dyn ObjectStore> {
        &self.store
    }

    /// The key of a file.
    pub fn key(workspace: WorkspaceId, media: MediaId) -> String {
        format!("{workspace}/{media}")
    }

    /// Begins to write a file. It is there, as a whole, once [`FileWriter::finish`] has returned.
    ///
    /// # Errors
    /// What the store says.
    pub async fn create(&self, key: &str) -> Result<FileWriter, FileError> {
        let upload = self.store.put_multipart(&Path::from(key)).await?;
        Ok(FileWriter {
            upload: WriteMultipart::new_with_chunk_size(upload, PART),
            digest: Sha256::new(),
            size: 0,
            head: Vec::new(),
        })
    }

    /// The bytes of a file, or a range of them.
    ///
    /// # Errors
    /// What the store says; see [`FileError::is_missing`].
    pub async fn read(
        &self,
        key: &str,
        range: Option<Range<u64>>,
    ) -> Result<BoxStream<'static, Result<Bytes, FileError>>, FileError> {
        use futures::StreamExt as _;
        let options = GetOptions::new().with_range(range);
        let found = self.store.get_opts(&Path::from(key), options).await?;
        Ok(found
            .into_stream()
            .map(|piece| piece.map_err(FileError::from))
            .boxed())
    }

    /// Removes a file; one that is not there is removed already.
    ///
    /// # Errors
    /// What the store says.
    pub async fn delete(&self, key: &str) -> Result<(), FileError> {
        match self.store.delete(&Path::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// A file being written.
#[derive(Debug)]
pub struct FileWriter {
    upload: WriteMultipart,
    digest: Sha256,
    size: u64,
    head: Vec<u8>,
}

impl FileWriter {
    /// Adds bytes, waiting while the store is behind.
    ///
    /// # Errors
    /// What the store says.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), FileError> {
        self.digest.update(&bytes);
        self.size += bytes.len() as u64;
        let missing = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..missing]);
        self.upload.wait_for_capacity(PARTS).await?;
        self.upload.put(bytes);
        Ok(())
    }

    /// How many bytes there are so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The beginning, at most [`HEAD`] bytes.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Ends the file.
    ///
    /// # Errors
    /// What the store says; then nothing is left of it.
    pub async fn finish(self) -> Result<Written, FileError> {
        self.upload.finish().await?;
        Ok(Written {
            size: self.size,
            sha256: self.digest.finalize().into(),
            head: self.head,
        })
    }

    /// Throws away what was written.
    pub async fn abort(self) {
        if let Err(error) = self.upload.abort().await {
            tracing::warn!(%error, "a file that was given up could not be removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt as _;
    use object_store::memory::InMemory;

    use super::*;

    async fn bytes(files: &Files, range: Option<Range<u64>>) -> Vec<u8> {
        let pieces: Vec<Bytes> = files
            .read("a/b", range)
            .await
            .unwrap()
            .try_collect()
            .await
            .unwrap();
        pieces.concat()
    }

    #[tokio::test]
    async fn a_file_is_there_once_it_is_finished() {
        let files = Files::new(Arc::new(InMemory::new()));
        let mut writer = files.create("a/b").await.unwrap();
        let piece = Bytes::from(vec![7; 3 * 1024 * 1024]);
        for _ in 0..4 {
            writer.write(piece.clone()).await.unwrap();
        }
        assert!(files.read("a/b", None).await.err().unwrap().is_missing());
        let written = writer.finish().await.unwrap();
        assert_eq!((written.size, written.head.len()), (12 << 20, HEAD));
        assert_eq!(written.sha256[..], Sha256::digest(vec![7; 12 << 20])[..]);
        assert_eq!(bytes(&files, None).await.len(), 12 << 20);
        assert_eq!(bytes(&files, Some(5..9)).await, [7; 4]);
        files.delete("a/b").await.unwrap();
        files.delete("a/b").await.unwrap();
        assert!(files.read("a/b", None).await.err().unwrap().is_missing());
    }

    #[tokio::test]
    async fn an_abandoned_file_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = object_store::local::LocalFileSystem::new_with_prefix(folder.path()).unwrap();
        let files = Files::new(Arc::new(store));
        let mut writer = files.create("a/b").await.unwrap();
        writer.write(Bytes::from_static(b"half")).await.unwrap();
        writer.abort().await;
        let left = std::fs::read_dir(folder.path().join("a")).map_or(0, Iterator::count);
        assert_eq!(left, 0);
    }
}
