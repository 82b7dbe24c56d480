//! A folder for data: one that goes away with whoever made it, or one that stays.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub(crate) enum Folder {
    Fleeting(TempDir),
    Kept(PathBuf),
}

impl Folder {
    /// A new one in the place for temporary files.
    pub(crate) fn fleeting(prefix: &str) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix(prefix)
            .tempdir()
            .context("no temporary folder")?;
        Ok(Self::Fleeting(folder))
    }

    /// This one, made where it is missing.
    pub(crate) fn kept(path: &Path) -> Result<Self> {
        std::fs::create_dir_all(path).with_context(|| path.display().to_string())?;
        Ok(Self::Kept(path.canonicalize()?))
    }

    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Fleeting(folder) => folder.path(),
            Self::Kept(path) => path,
        }
    }

    pub(crate) fn stays(&self) -> bool {
        matches!(self, Self::Kept(_))
    }
}
