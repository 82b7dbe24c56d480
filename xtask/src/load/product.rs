//! The real binary as a process of its own: started, watched, stopped and killed from outside.
//! Everything that is learnt about it comes from the one line that `--json` prints, from its HTTP
//! interface, and from what the kernel says about the process.

use crate::run;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// The line that `wigwag demo --json` prints once it serves.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Ready {
    /// Address of the console and the API.
    pub(crate) console: String,
    /// A key for `Authorization: Bearer`.
    pub(crate) api_key: String,
    /// Meta's app id, part of the webhook address.
    pub(crate) app_id: String,
    /// The secret that webhooks are signed with.
    pub(crate) app_secret: String,
    /// Meta's id of the business number.
    pub(crate) phone_number_id: String,
    /// Meta's id of the WhatsApp Business Account.
    pub(crate) waba_id: String,
}

impl Ready {
    /// The address that the console and the webhooks are served on.
    pub(crate) fn address(&self) -> Result<SocketAddr> {
        address_of(&self.console)
    }
}

/// `http://127.0.0.1:8080/login?token=…` → `127.0.0.1:8080`.
pub(crate) fn address_of(url: &str) -> Result<SocketAddr> {
    let rest = url
        .strip_prefix("http://")
        .with_context(|| format!("no http:// in {url}"))?;
    let host = rest
        .split('/')
        .next()
        .unwrap_or(rest)
        .replace("localhost", "127.0.0.1");
    host.parse().with_context(|| format!("no address in {url}"))
}

/// A started process; killed when dropped.
pub(crate) struct Product {
    child: Child,
    log: PathBuf,
}

impl Product {
    /// Start `binary` with `arguments` and wait for the line that it prints when it is ready.
    /// Its log goes to `log`, to be shown when something goes wrong.
    pub(crate) fn start<T: serde::de::DeserializeOwned>(
        binary: &Path,
        arguments: &[String],
        log: &Path,
    ) -> Result<(Self, T)> {
        let file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(log)?;
        let mut command = match run::find("setpriv") {
            // Should we be killed ourselves, the kernel stops the product with us.
            Some(setpriv) => {
                let mut command = Command::new(setpriv);
                command.arg("--pdeathsig=KILL").arg("--").arg(binary);
                command
            }
            None => Command::new(binary),
        };
        let mut child = command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(file)
            .spawn()
            .with_context(|| format!("{} could not be started", binary.display()))?;
        let stdout = child.stdout.take().context("no stdout")?;
        let product = Self {
            child,
            log: log.to_path_buf(),
        };
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || {
            let mut lines = BufReader::new(stdout).lines();
            if let Some(Ok(line)) = lines.next() {
                let _ = send.send(line);
            }
            // Keep reading, so that the product never blocks on a full pipe.
            lines.for_each(drop);
        });
        match receive.recv_timeout(Duration::from_mins(2)) {
            Ok(line) => {
                let ready = serde_json::from_str(&line)
                    .with_context(|| format!("not understood: {line}"))?;
                Ok((product, ready))
            }
            Err(_) => bail!(
                "{} was not ready within 120 s:\n{}",
                binary.display(),
                product.last_words()
            ),
        }
    }

    /// `kill -9`: no handler runs, nothing is flushed.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Ask it to stop, and wait for its clean end.
    pub(crate) fn stop(mut self) -> Result<()> {
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()?;
        if !asked.success() {
            bail!("kill -TERM failed");
        }
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(status) = self.child.try_wait()? {
                if !status.success() {
                    bail!("the stop was not clean ({status}):\n{}", self.last_words());
                }
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("it did not stop within 30 s:\n{}", self.last_words());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Processor time that the process used so far, user and system.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name in parentheses may hold spaces; fields 14 and 15 of the line follow it.
        let after = stat.rsplit_once(')').context("proc stat")?.1;
        let ticks: u64 = after
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|field| field.parse::<u64>().ok())
            .sum();
        // USER_HZ is 100 on every Linux that we run on.
        Ok(Duration::from_millis(ticks * 10))
    }

    /// Resident memory in bytes.
    pub(crate) fn memory(&self) -> Result<u64> {
        self.status("VmRSS")
    }

    /// Resident memory of its own in bytes: without the pages of files that are mapped, such as the
    /// database's, which the kernel takes back when it wants them.
    pub(crate) fn own_memory(&self) -> Result<u64> {
        self.status("RssAnon")
    }

    fn status(&self, name: &'static str) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let found = status
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let kibibytes: u64 = found
            .and_then(|rest| rest.split_whitespace().next())
            .context(name)?
            .parse()?;
        Ok(kibibytes * 1024)
    }

    /// The end of its log.
    pub(crate) fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_urls() {
        let expected: SocketAddr = "127.0.0.1:8080".parse().unwrap();
        assert_eq!(
            address_of("http://127.0.0.1:8080/login?token=x").unwrap(),
            expected
        );
        assert_eq!(address_of("http://localhost:8080").unwrap(), expected);
        assert!(address_of("https://example.com").is_err());
    }

    #[test]
    fn a_program_that_never_gets_ready_is_told_with_its_log() {
        let folder = tempfile::tempdir().unwrap();
        let words = ["-c".to_owned(), "echo no disk >&2; exit 1".to_owned()];
        let started =
            Product::start::<Ready>(Path::new("/bin/sh"), &words, &folder.path().join("log"));
        let error = started.err().unwrap().to_string();
        assert!(error.contains("no disk"), "{error}");
    }
}
