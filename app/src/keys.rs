//! The master key: 32 bytes in a file that only its owner may read, or in `WIGWAG_MASTER_KEY`.
//!
//! It opens the data keys of all workspaces and lives outside the database, so that a stolen copy
//! of the database tells no secret. It is made once, when the database is new; for a database that
//! holds secrets already a missing key is an error, because a fresh one could open nothing.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use wigwag_store::{Db, Keys, workspaces};
use zeroize::Zeroizing;

use crate::failure::{Outcome, failed, usage};
use crate::random;

/// The environment variable that may hold the key as 64 hexadecimal digits.
pub(crate) const VARIABLE: &str = "WIGWAG_MASTER_KEY";

/// The key, and where it is to be written when it was just made.
pub(crate) struct MasterKey {
    raw: Zeroizing<[u8; 32]>,
    fresh: Option<PathBuf>,
}

impl MasterKey {
    /// From the environment, else from the file, else a fresh one.
    ///
    /// # Errors
    /// When the key is no 64 hexadecimal digits or others may read the file.
    pub(crate) fn find(file: &Path) -> Outcome<Self> {
        if let Ok(text) = std::env::var(VARIABLE) {
            let raw = parse(&text).ok_or_else(|| {
                usage(format!(
                    "{VARIABLE} is not a key: it must be 64 hexadecimal digits (openssl rand -hex 32)"
                ))
            })?;
            return Ok(Self { raw, fresh: None });
        }
        match std::fs::read_to_string(file) {
            Ok(text) => {
                let text = Zeroizing::new(text);
                check_mode(file)?;
                let raw = parse(&text).ok_or_else(|| {
                    failed(format!(
                        "the master key file {} is damaged: it must hold 64 hexadecimal digits; put the right file back",
                        file.display()
                    ))
                })?;
                Ok(Self { raw, fresh: None })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self {
                raw: Zeroizing::new(random::bytes()?),
                fresh: Some(file.to_path_buf()),
            }),
            Err(error) => Err(failed(format!(
                "the master key file {} cannot be read: {error}",
                file.display()
            ))),
        }
    }

    /// For the store.
    pub(crate) fn keys(&self) -> Keys {
        Keys::new(*self.raw)
    }

    /// Makes sure that the key belongs to the database, and writes a fresh one down before anything
    /// is sealed with it.
    ///
    /// # Errors
    /// When the database holds secrets that this key does not open, or the file cannot be written.
    pub(crate) async fn settle(&self, db: &Db) -> Outcome {
        let known = workspaces::list(db).await?;
        if let Some(workspace) = known.first() {
            if let Some(file) = &self.fresh {
                return Err(failed(format!(
                    "the master key file {} is missing, and the database holds secrets that only it can open: put it back",
                    file.display()
                )));
            }
            db.data_key(workspace.id).await?;
            return Ok(());
        }
        match &self.fresh {
            Some(file) => write(file, &self.raw),
            None => Ok(()),
        }
    }
}

fn parse(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut raw = Zeroizing::new([0; 32]);
    hex::decode_to_slice(text.trim(), raw.as_mut_slice()).ok()?;
    Some(raw)
}

/// Refuses a file that others than its owner may read or write.
pub(crate) fn check_mode(file: &Path) -> Outcome {
    let mode = std::fs::metadata(file)
        .map_err(|error| failed(format!("the master key file {}: {error}", file.display())))?
        .permissions()
        .mode()
        & 0o777;
    // Nothing for the group and for others.
    if mode.trailing_zeros() >= 6 {
        return Ok(());
    }
    Err(failed(format!(
        "the master key file {path} may be read by others (mode {mode:03o}): chmod 600 {path}",
        path = file.display()
    )))
}

fn write(file: &Path, raw: &[u8; 32]) -> Outcome {
    let text = Zeroizing::new(format!("{}\n", hex::encode(raw)));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .and_then(|mut out| {
            out.write_all(text.as_bytes())?;
            out.sync_all()
        });
    written.map_err(|error| {
        failed(format!(
            "the master key file {} cannot be written: {error}",
            file.display()
        ))
    })?;
    tracing::info!(
        file = %file.display(),
        "made a master key: keep a copy away from the database, nothing else opens its secrets"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;
    use wigwag_store::testing::TestDb;

    #[tokio::test]
    async fn a_fresh_key_is_written_for_a_new_database_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        let db = TestDb::sqlite().await;
        MasterKey::find(&file).unwrap().settle(&db).await.unwrap();
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(MasterKey::find(&file).unwrap().fresh.is_none());

        db.workspace().await;
        std::fs::remove_file(&file).unwrap();
        let lost = MasterKey::find(&file).unwrap().settle(&db).await;
        assert!(lost.unwrap_err().to_string().contains("put it back"));
        assert!(!file.exists());
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        std::fs::write(&file, "00".repeat(32)).unwrap();
        std::fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        let refused = MasterKey::find(&file).err().unwrap().to_string();
        assert!(refused.contains("chmod 600"), "{refused}");
    }
}
