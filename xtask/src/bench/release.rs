//! Getting from `cargo xtask`, which is built quickly, to optimised code for measuring.

use crate::{repo, run};
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// In a debug build: build ourselves with optimisation, run that with the same arguments, and tell that
/// it is done. In a release build there is nothing to do.
pub(super) fn entered() -> Result<bool> {
    if !cfg!(debug_assertions) {
        return Ok(false);
    }
    let root = repo::root()?;
    run::check(&mut run::command(
        &root,
        "cargo",
        &["build", "--release", "--locked", "--package", "xtask"],
    ))?;
    let status = Command::new(repo::target_dir(&root).join("release/xtask"))
        .args(std::env::args_os().skip(1))
        .current_dir(&root)
        .status()?;
    if !status.success() {
        bail!("the benchmark failed ({status})");
    }
    Ok(true)
}

/// The release binary of the product, built if need be.
pub(crate) fn binary() -> Result<PathBuf> {
    let root = repo::root()?;
    run::check(&mut run::command(
        &root,
        "cargo",
        &["build", "--release", "--locked", "--package", "wigwag"],
    ))?;
    Ok(repo::target_dir(&root).join("release/wigwag"))
}
