//! Client libraries that others wrote, unchanged: those for Meta's API against the simulator, where they send
//! every kind of message, move media, and read the webhooks; Interakt's own against the product. What they
//! cannot tell from Meta or from Interakt is as it should be.
//! They are installed outside the clone, once per lock file, and are no part of the product.

use super::tally::{self, Tally};
use crate::load::product::Product;
use crate::{install, repo, run};
use anyhow::{Context, Result};
use serde_json::Value;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Install the libraries, then run each library's script on a simulator of its own.
pub(super) fn run(root: &Path, tally: &mut Tally) -> Result<()> {
    let sources = root.join("simulator/clients");
    let python = python(&sources.join("python"))?;
    let packages = packages(&sources.join("node"))?;
    let build = ["build", "--package", "wigwag", "--locked"];
    run::check(&mut run::command(root, "cargo", &build))?;
    let binary = repo::target_dir(root).join("debug/wigwag");
    for script in ["pywa_client.py", "heyoo_client.py"] {
        let Some(python) = &python else { break };
        tally.part(script, |tally| {
            let script = sources.join("python").join(script);
            let mut command = run::command(&sources, &text(python)?, &[&script]);
            command.env("PYTHONDONTWRITEBYTECODE", "1");
            against(&binary, &mut command, tally)
        });
    }
    if let Some(python) = &python {
        tally.part(PRODUCTS, |tally| {
            let script = sources.join("python").join(PRODUCTS);
            let mut command = run::command(&sources, &text(python)?, &[&script]);
            command.env("PYTHONDONTWRITEBYTECODE", "1");
            against_product(&binary, &mut command, tally)
        });
    }
    for script in ["whatsapp-api-js.mjs", "kapso.mjs"] {
        tally.part(script, |tally| {
            let folder = tempfile::tempdir()?;
            beside(&sources.join("node"), &packages, folder.path())?;
            let words = ["--require", "./meta-hosts.cjs", script];
            let mut command = run::command(folder.path(), "node", &words);
            against(&binary, &mut command, tally)
        });
    }
    Ok(())
}

/// The script of the library that talks to the product.
const PRODUCTS: &str = "interakt_client.py";

/// Run a script with a fresh demo, and count its checks.
fn against_product(binary: &Path, script: &mut Command, tally: &mut Tally) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let words = [
        "demo".to_owned(),
        "--port=0".to_owned(),
        "--sim-port=0".to_owned(),
        "--empty".to_owned(),
        format!("--data={}", folder.path().join("data").display()),
        "--json".to_owned(),
    ];
    let log = folder.path().join("demo.log");
    let (_demo, known): (_, Value) = Product::start(binary, &words, &log)?;
    script
        .env("WIGWAG_SIMULATOR", known.to_string())
        .env("NO_PROXY", "127.0.0.1,localhost");
    tally.observe(script, tally::clients)
}

/// Run a script with Meta's host names leading to a fresh simulator, and count its checks.
fn against(binary: &Path, script: &mut Command, tally: &mut Tally) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let authority = folder.path().join("authority.pem");
    let words = [
        "simulator".to_owned(),
        "--port=0".to_owned(),
        "--tls-port=0".to_owned(),
        format!("--ca-out={}", authority.display()),
        "--public-hosts=meta".to_owned(),
        "--json".to_owned(),
    ];
    let log = folder.path().join("simulator.log");
    let (_simulator, known): (_, Value) = Product::start(binary, &words, &log)?;
    let url = known["url"].as_str().context("the simulator has no url")?;
    script
        .env("WIGWAG_SIMULATOR", known.to_string())
        .env("HTTPS_PROXY", url)
        .env("NO_PROXY", "127.0.0.1,localhost");
    for name in ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"] {
        script.env(name, &authority);
    }
    tally.observe(script, tally::clients)
}

/// A virtual environment with the Python libraries; gives its interpreter. None where no package index
/// answers at all: then the Node libraries alone are held to it, and that is said.
fn python(source: &Path) -> Result<Option<PathBuf>> {
    let system = install::python()?;
    let folder = cache("python", &source.join("requirements.txt"))?;
    let interpreter = folder.join("bin/python");
    if !is_complete(&folder) {
        let venv = ["-m", "venv", "--clear", &text(&folder)?];
        run::check(&mut run::command(source, &text(&system)?, &venv))?;
        let words = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "--only-binary=:all:",
            "--requirement=requirements.txt",
        ];
        if let Err(error) = run::check(&mut run::command(source, &text(&interpreter)?, &words)) {
            if index_answers(&interpreter)? {
                return Err(error);
            }
            eprintln!(
                "no Python package index answers: pywa, heyoo and interakt-track-python are left out"
            );
            return Ok(None);
        }
        complete(&folder)?;
    }
    Ok(Some(interpreter))
}

/// Whether the package index gives anything: one small package that every index has.
fn index_answers(interpreter: &Path) -> Result<bool> {
    let folder = tempfile::tempdir()?;
    let words = [
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--no-cache-dir",
        "idna",
    ];
    let mut command = run::command(folder.path(), &text(interpreter)?, &words);
    Ok(run::check(&mut command).is_ok())
}

/// The folder whose `node_modules` hold the Node libraries.
fn packages(source: &Path) -> Result<PathBuf> {
    install::node()?;
    let folder = cache("node", &source.join("package-lock.json"))?;
    if !is_complete(&folder) {
        std::fs::create_dir_all(&folder)?;
        for name in ["package.json", "package-lock.json"] {
            std::fs::copy(source.join(name), folder.join(name))?;
        }
        let words = [
            "ci",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefer-offline",
        ];
        run::check(&mut run::command(&folder, "npm", &words))?;
        complete(&folder)?;
    }
    Ok(folder)
}

/// Node looks for packages beside the script: the scripts go where the packages can be shown to them.
fn beside(source: &Path, packages: &Path, folder: &Path) -> Result<()> {
    for entry in std::fs::read_dir(source)? {
        let entry = entry?;
        std::fs::copy(entry.path(), folder.join(entry.file_name()))?;
    }
    std::os::unix::fs::symlink(packages.join("node_modules"), folder.join("node_modules"))?;
    Ok(())
}

/// `$XDG_CACHE_HOME/wigwag/clients/KIND-HASH`: another lock file gets another folder.
fn cache(kind: &str, lock: &Path) -> Result<PathBuf> {
    let base = match std::env::var_os("XDG_CACHE_HOME").filter(|path| !path.is_empty()) {
        Some(base) => PathBuf::from(base),
        None => PathBuf::from(std::env::var_os("HOME").context("HOME is not set")?).join(".cache"),
    };
    let mut hasher = DefaultHasher::new();
    std::fs::read(lock)
        .with_context(|| lock.display().to_string())?
        .hash(&mut hasher);
    let name = format!("{kind}-{:016x}", hasher.finish());
    Ok(base.join("wigwag/clients").join(name))
}

/// Written last: without it an installation was broken off.
const MARK: &str = ".complete";

fn is_complete(folder: &Path) -> bool {
    folder.join(MARK).is_file()
}

fn complete(folder: &Path) -> Result<()> {
    std::fs::write(folder.join(MARK), "").context("the mark of a complete installation")
}

fn text(path: &Path) -> Result<String> {
    let text = path.to_str().context("a path that is no text")?;
    Ok(text.to_owned())
}
