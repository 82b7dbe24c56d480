//! The data folder: made when missing, readable by its owner only, held by one process at a time.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome, failed};
use crate::lock::Lock;

/// Name of the file that the lock is on.
const LOCK: &str = "lock";

/// A data folder. While it is held no other process gets it.
#[derive(Debug)]
pub(crate) struct DataFolder {
    path: PathBuf,
    lock: Option<Lock>,
}

impl DataFolder {
    /// Opens the folder and holds it.
    ///
    /// # Errors
    /// When it cannot be made or written, or when another process holds it.
    pub(crate) fn hold(path: &Path) -> Outcome<Self> {
        let mut folder = Self::open(path)?;
        let subject = format!("the data folder {}", path.display());
        folder.lock = Some(Lock::hold(&folder.path.join(LOCK), &subject)?);
        Ok(folder)
    }

    /// Opens the folder without holding it, for processes that share it.
    ///
    /// # Errors
    /// When it cannot be made or written.
    pub(crate) fn open(path: &Path) -> Outcome<Self> {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .map_err(|error| unwritable(path, &error))?;
        let probe = path.join(format!(".probe-{}", std::process::id()));
        let written = File::create(&probe).and_then(|mut file| file.write_all(b"wigwag\n"));
        let removed = std::fs::remove_file(&probe);
        written
            .and(removed)
            .map_err(|error| unwritable(path, &error))?;
        // Absolute, so that the folder has one name wherever the process was started.
        Ok(Self {
            path: path.canonicalize().unwrap_or_else(|_| path.to_path_buf()),
            lock: None,
        })
    }

    /// A file or folder inside.
    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The folder itself.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    failed(format!(
        "the data folder {} cannot be written ({error}): give this user the right, or choose another folder",
        path.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_one_is_told_who_holds_it() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a/b");
        let held = DataFolder::hold(&path).unwrap();
        let refused = DataFolder::hold(&path).unwrap_err().to_string();
        assert!(refused.contains("in use by another wigwag"), "{refused}");
        DataFolder::open(&path).unwrap();
        drop(held);
        DataFolder::hold(&path).unwrap();
    }

    #[test]
    fn a_folder_that_is_a_file_is_told() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("file");
        std::fs::write(&path, "x").unwrap();
        let refused = DataFolder::hold(&path).unwrap_err().to_string();
        assert!(refused.contains("cannot be written"), "{refused}");
    }
}
