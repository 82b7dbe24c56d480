//! Where the repository is and what is in it.
//! Paths are found at run time: a build cache may be shared by several clones.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The top folder of the clone that the command was started in.
pub(crate) fn root() -> Result<PathBuf> {
    let start = std::env::current_dir().context("the current folder cannot be read")?;
    for folder in start.ancestors() {
        if folder.join("xtask/Cargo.toml").is_file() && folder.join("Cargo.lock").is_file() {
            return Ok(folder.to_path_buf());
        }
    }
    bail!(
        "run this inside a clone of Wigwag: no xtask/Cargo.toml above {}",
        start.display()
    )
}

/// Every file that git tracks or would track, as paths relative to `root` with `/` between parts.
pub(crate) fn files(root: &Path) -> Result<Vec<String>> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root)
        .output()
        .context("git is needed to list the repository's files")?;
    if !listed.status.success() {
        bail!(
            "git ls-files failed: {}",
            String::from_utf8_lossy(&listed.stderr).trim()
        );
    }
    let mut files: Vec<String> = String::from_utf8_lossy(&listed.stdout)
        .split('\0')
        .filter(|path| !path.is_empty() && root.join(path).is_file())
        .map(str::to_owned)
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// The folder that cargo builds into: `CARGO_TARGET_DIR`, or `target` in the clone.
pub(crate) fn target_dir(root: &Path) -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) if Path::new(&dir).is_absolute() => PathBuf::from(dir),
        Some(dir) => root.join(dir),
        None => root.join("target"),
    }
}
