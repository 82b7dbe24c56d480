//! Locks of the operating system on files: held by one process at a time, and given up with it, also
//! when it is killed.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::failure::{Outcome, failed};

/// A held lock; dropping it gives it up.
#[derive(Debug)]
pub(crate) struct Lock {
    /// The lock goes with the file handle.
    #[expect(dead_code, reason = "held, never read")]
    file: File,
}

impl Lock {
    /// Holds a file, made when missing; `subject` is what it stands for, in words.
    ///
    /// # Errors
    /// When another process holds it, or it cannot be written or locked.
    pub(crate) fn hold(path: &Path, subject: &str) -> Outcome<Self> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(path)
            .map_err(|error| {
                failed(format!(
                    "{subject} cannot be written ({error}): give this user the right, or choose another place"
                ))
            })?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(TryLockError::WouldBlock) => Err(failed(format!(
                "{subject} is in use by another wigwag: stop that one, or choose another"
            ))),
            Err(TryLockError::Error(error)) => Err(failed(format!(
                "{subject} cannot be locked ({error}): it must be on a local disk"
            ))),
        }
    }
}
