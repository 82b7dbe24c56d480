//! Builds the web app into the binary, when its sources have changed.
//!
//! Packages go to `web/node_modules`, everything else to cargo's output folder; nothing else of the
//! source tree is touched. `WIGWAG_SKIP_WEB=1` leaves the web app out.

use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Set to anything but `0` to leave the web app out.
const SKIP: &str = "WIGWAG_SKIP_WEB";
/// What the web app is made of, below `web/`.
const SOURCES: &[&str] = &[
    "index.html",
    "package.json",
    "package-lock.json",
    "public",
    "src",
    "tsconfig.json",
    "vite.config.ts",
];
/// Packs each file beside itself.
const PACK: &str = "console/pack.mjs";
/// The oldest major version of Node that the packages support.
const NODE: u32 = 20;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nThe web app was not built: {error}");
            eprintln!("{SKIP}=1 builds the binary without it.\n");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let web = here
        .parent()
        .ok_or("the manifest has no folder above it")?
        .join("web");
    let embedded = out.join("console");
    println!("cargo::rerun-if-env-changed={SKIP}");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={PACK}");
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", web.join(source).display());
    }
    if env::var(SKIP).is_ok_and(|value| !value.is_empty() && value != "0") {
        return clear(&embedded);
    }
    // Kept beside what is embedded, so that a build without the web app loses nothing.
    let (built, stamp) = (out.join("built"), out.join("built.stamp"));
    let wanted = fingerprint(&here, &web)?;
    if fs::read_to_string(&stamp).ok().as_deref() != Some(&wanted) || !built.is_dir() {
        build(&here, &web, &built)?;
        fs::write(&stamp, &wanted)?;
    }
    clear(&embedded)?;
    copy(&built, &embedded)
}

fn build(here: &Path, web: &Path, built: &Path) -> Outcome {
    check_node()?;
    // Held until the end: builds in other target folders share `node_modules`.
    let lock = File::open(web.join("package-lock.json"))?;
    lock.lock()?;
    if !installed(web) {
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let mut install = Command::new(npm);
        install
            .args([
                "ci",
                "--include=dev",
                "--no-audit",
                "--no-fund",
                "--prefer-offline",
            ])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        call(install.current_dir(web), "npm ci")?;
    }
    let mut vite = Command::new("node");
    vite.arg("node_modules/vite/bin/vite.js")
        .args(["build", "--emptyOutDir", "--logLevel", "warn", "--outDir"])
        .arg(built)
        .env_remove("NODE_ENV");
    call(vite.current_dir(web), "vite build")?;
    // Its list of files is for tools, not for browsers.
    let list = built.join(".vite");
    if list.is_dir() {
        fs::remove_dir_all(list)?;
    }
    call(Command::new("node").arg(here.join(PACK)).arg(built), PACK)
}

fn check_node() -> Outcome {
    let mend = format!("install Node {NODE} or newer with npm (https://nodejs.org)");
    let answer = Command::new("node")
        .arg("--version")
        .output()
        .map_err(|error| format!("`node` cannot be run ({error}): {mend}"))?;
    let version = String::from_utf8_lossy(&answer.stdout);
    let major = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE => Ok(()),
        _ => Err(format!("Node {} is too old: {mend}", version.trim()).into()),
    }
}

/// Whether the packages of the lock file are there. npm writes its own copy of the lock file last.
fn installed(web: &Path) -> bool {
    let changed = |path: &str| {
        fs::metadata(web.join(path))
            .and_then(|meta| meta.modified())
            .ok()
    };
    match (
        changed("node_modules/.package-lock.json"),
        changed("package-lock.json"),
    ) {
        (Some(installed), Some(locked)) => installed >= locked,
        _ => false,
    }
}

fn call(command: &mut Command, name: &str) -> Outcome {
    let answer = command
        .output()
        .map_err(|error| format!("`{name}` cannot be run: {error}"))?;
    if answer.status.success() {
        return Ok(());
    }
    eprintln!("{}", String::from_utf8_lossy(&answer.stdout));
    eprintln!("{}", String::from_utf8_lossy(&answer.stderr));
    Err(format!("`{name}` failed ({})", answer.status).into())
}

/// Tells whether anything differs from the last build, whatever the files' times say.
fn fingerprint(here: &Path, web: &Path) -> Outcome<String> {
    let mut files = vec![here.join(PACK)];
    for source in SOURCES {
        list(&web.join(source), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.hash(&mut hasher);
        fs::read(&file)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn list(path: &Path, files: &mut Vec<PathBuf>) -> Outcome {
    if !path.is_dir() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        list(&entry?.path(), files)?;
    }
    Ok(())
}

fn clear(folder: &Path) -> Outcome {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(fs::create_dir_all(folder)?)
}

fn copy(from: &Path, to: &Path) -> Outcome {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&target)?;
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
