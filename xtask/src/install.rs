//! Getting what the suite needs onto a bare Debian machine: PostgreSQL and Chromium, through apt.
//! Only what is missing is installed, and only where we are root or may become it without asking.

use crate::run;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The oldest PostgreSQL that Wigwag runs on.
const POSTGRES_OLDEST: u32 = 15;

/// The folder with `initdb` and `postgres`; installs the server where it is missing.
pub(crate) fn postgres() -> Result<PathBuf> {
    if let Some(found) = find_postgres() {
        return Ok(found);
    }
    apt(&["postgresql"])?;
    match find_postgres() {
        Some(found) => Ok(found),
        None => bail!("PostgreSQL {POSTGRES_OLDEST} or newer is needed and apt did not bring it"),
    }
}

/// Debian keeps the server's programs out of `PATH`, one folder per version.
fn find_postgres() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(version, bin)| *version >= POSTGRES_OLDEST && bin.join("initdb").is_file())
        .collect();
    versions.sort();
    if let Some((_, bin)) = versions.pop() {
        return Some(bin);
    }
    let initdb = run::find("initdb")?;
    let shown = Command::new(&initdb).arg("--version").output().ok()?;
    let version = major_version(&String::from_utf8_lossy(&shown.stdout))?;
    let folder = initdb.canonicalize().ok()?.parent()?.to_path_buf();
    (version >= POSTGRES_OLDEST && folder.join("postgres").is_file()).then_some(folder)
}

/// `initdb (PostgreSQL) 15.8 (Debian …)` → 15.
fn major_version(shown: &str) -> Option<u32> {
    let number = shown
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    number
        .split(|c: char| !c.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

/// The system's Chromium; installs it where it is missing.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("WIGWAG_CHROMIUM") {
        return Ok(PathBuf::from(named));
    }
    let found = || {
        ["chromium", "chromium-browser", "google-chrome"]
            .iter()
            .find_map(|name| run::find(name))
    };
    if let Some(found) = found() {
        return Ok(found);
    }
    apt(&["chromium"])?;
    match found() {
        Some(found) => Ok(found),
        None => bail!(
            "Chromium is needed for the browser tests: install it, or name it in WIGWAG_CHROMIUM"
        ),
    }
}

/// A font with emoji, without which a picture shows empty boxes where people react.
pub(crate) fn emoji() -> Result<()> {
    let there = || {
        Command::new("fc-list")
            .arg(":lang=und-zsye")
            .stderr(Stdio::null())
            .output()
            .is_ok_and(|fonts| !fonts.stdout.is_empty())
    };
    if there() {
        return Ok(());
    }
    apt(&["fontconfig", "fonts-noto-color-emoji"])
}

/// SQLite's command-line client; installs it where it is missing.
pub(crate) fn sqlite() -> Result<PathBuf> {
    program("sqlite3")
}

/// The tracer of system calls; installs it where it is missing.
pub(crate) fn strace() -> Result<PathBuf> {
    program("strace")
}

/// A Python that can make virtual environments; Debian keeps that part in a package of its own.
pub(crate) fn python() -> Result<PathBuf> {
    let able = |python: &Path| {
        Command::new(python)
            .args(["-c", "import venv, ensurepip"])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    if let Some(python) = run::find("python3").filter(|python| able(python)) {
        return Ok(python);
    }
    apt(&["python3", "python3-venv"])?;
    match run::find("python3").filter(|python| able(python)) {
        Some(python) => Ok(python),
        None => bail!("Python 3 with venv is needed and apt did not bring it"),
    }
}

/// A program whose package has its name.
fn program(name: &str) -> Result<PathBuf> {
    if run::find(name).is_none() {
        apt(&[name])?;
    }
    run::find(name).with_context(|| format!("{name} is needed and apt did not bring it"))
}

/// Node and npm, which we do not install: which version a person wants is theirs to say.
pub(crate) fn node() -> Result<()> {
    if run::find("node").is_none() || run::find("npm").is_none() {
        bail!(
            "Node 20 or newer with npm is needed to build and test the web app (Debian: apt-get install nodejs npm)"
        );
    }
    Ok(())
}

fn apt(packages: &[&str]) -> Result<()> {
    let by_hand = format!("install by hand: apt-get install {}", packages.join(" "));
    if run::find("apt-get").is_none() {
        bail!(
            "{} is missing and this is no Debian: {by_hand}",
            packages.join(" ")
        );
    }
    let prefix: &[&str] = if is_root() {
        &[]
    } else if may_sudo() {
        &["sudo", "-n"]
    } else {
        bail!(
            "{} is missing, and neither root nor password-less sudo is at hand: {by_hand}",
            packages.join(" ")
        );
    };
    let here = Path::new("/");
    let with_prefix = |words: &[&str]| {
        let all: Vec<&str> = prefix.iter().chain(words).copied().collect();
        let mut command = run::command(here, all[0], &all[1..]);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    run::check(&mut with_prefix(&["apt-get", "update", "-qq"]))?;
    let mut words = vec!["apt-get", "install", "-y", "-qq", "--no-install-recommends"];
    words.extend(packages);
    run::check(&mut with_prefix(&words))
}

/// Whether we are root; asked of `id`, because the standard library cannot say.
pub(crate) fn is_root() -> bool {
    user_id(None) == Some(0)
}

/// The numeric id of a user, or of ourselves.
pub(crate) fn user_id(name: Option<&str>) -> Option<u32> {
    let shown = Command::new("id")
        .arg("-u")
        .args(name)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    String::from_utf8_lossy(&shown.stdout).trim().parse().ok()
}

fn may_sudo() -> bool {
    run::find("sudo").is_some()
        && Command::new("sudo")
            .args(["-n", "true"])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_initdb_prints() {
        assert_eq!(
            major_version("initdb (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)"),
            Some(15)
        );
        assert_eq!(major_version("initdb (PostgreSQL) 17rc1"), Some(17));
        assert_eq!(major_version("no version here"), None);
    }
}
