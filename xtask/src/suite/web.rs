//! The web app's part of the suite: lints, unit tests and size budget, then the browser tests against
//! the real binary. Nothing is downloaded but npm packages; the browser is the system's Chromium.

use super::tally::{self, Tally};
use crate::{install, repo, run};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

/// `npm ci`, then each check and the tests that `web/package.json` names.
pub(super) fn units(root: &Path, tally: &mut Tally) -> Result<()> {
    let web = root.join("web");
    packages(&web)?;
    let scripts = scripts(&web)?;
    for name in ["lint", "lint:schema", "lint:texts", "build", "size"] {
        if scripts.iter().any(|script| script == name) {
            tally.part(&format!("web {name}"), |tally| {
                run::check(&mut run::command(&web, "npm", &["run", "--silent", name]))?;
                tally.pass();
                Ok(())
            });
        }
    }
    if scripts.iter().any(|script| script == "test") {
        let mut test = run::command(&web, "npm", &["run", "--silent", "test"]);
        tally.observe(test.env("CI", "true"), tally::vitest)?;
    }
    Ok(())
}

/// Build the binary and run Playwright on it.
pub(super) fn browser(root: &Path, tally: &mut Tally) -> Result<()> {
    tally.observe(
        &mut playwright(root, "e2e/playwright.config.ts")?,
        tally::playwright,
    )
}

/// Take the pictures of the documentation.
pub(crate) fn pictures() -> Result<()> {
    install::emoji()?;
    run::check(&mut playwright(&repo::root()?, "e2e/pictures.config.ts")?)
}

/// Playwright on the debug binary with the system's Chromium.
fn playwright(root: &Path, config: &str) -> Result<Command> {
    let web = root.join("web");
    let chromium = install::chromium()?;
    packages(&web)?;
    let types = ["tsc", "--noEmit", "--project", "e2e/tsconfig.json"];
    run::check(&mut run::command(&web, "npx", &types))?;
    run::check(&mut run::command(
        root,
        "cargo",
        &["build", "--package", "wigwag", "--locked"],
    ))?;
    let mut playwright = run::command(&web, "npx", &["playwright", "test", "--config", config]);
    playwright
        .env("CI", "true")
        .env("WIGWAG_BINARY", repo::target_dir(root).join("debug/wigwag"))
        .env("WIGWAG_CHROMIUM", chromium)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    Ok(playwright)
}

/// Install the packages of the lock file, unless that was done since the lock file changed.
fn packages(web: &Path) -> Result<()> {
    install::node()?;
    let lock = std::fs::metadata(web.join("package-lock.json"))
        .and_then(|meta| meta.modified())
        .context("web/package-lock.json")?;
    let installed = std::fs::metadata(web.join("node_modules/.package-lock.json"))
        .and_then(|meta| meta.modified());
    if installed.is_ok_and(|installed| installed >= lock) {
        return Ok(());
    }
    let mut install = run::command(
        web,
        "npm",
        &["ci", "--no-audit", "--no-fund", "--prefer-offline"],
    );
    run::check(install.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
}

fn scripts(web: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(web.join("package.json")).context("web/package.json")?;
    let package: serde_json::Value = serde_json::from_str(&text).context("web/package.json")?;
    match package
        .get("scripts")
        .and_then(|scripts| scripts.as_object())
    {
        Some(scripts) => Ok(scripts.keys().cloned().collect()),
        None => bail!("web/package.json has no scripts"),
    }
}
