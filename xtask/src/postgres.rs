//! A private PostgreSQL cluster in a temporary folder, for tests and benchmarks.
//! It keeps `fsync` on: a database that may forget would let a durability test pass that should not.
//! PostgreSQL refuses to run as root, so root starts it as `postgres` or `nobody`; the server also
//! asks the kernel to be stopped when we die, so that a crashed run leaves no server behind.

use crate::folder::Folder;
use crate::{install, run};
use anyhow::{Context, Result, bail};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running cluster; stopped when dropped, and removed unless its folder stays.
pub(crate) struct Cluster {
    server: Child,
    bin: PathBuf,
    folder: Folder,
    user: Option<u32>,
    port: u16,
}

impl Cluster {
    /// Create and start a cluster on a free loopback port; installs PostgreSQL where it is missing.
    pub(crate) fn start() -> Result<Self> {
        Self::start_in(Folder::fleeting("wigwag-postgres-")?)
    }

    /// The same in a folder, with the data that are there.
    pub(crate) fn start_in(folder: Folder) -> Result<Self> {
        let bin = install::postgres()?;
        let user = if install::is_root() {
            Some(unprivileged_user()?)
        } else {
            None
        };
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755))?;
        let data = folder.path().join("data");
        for path in [data.clone(), folder.path().join("socket")] {
            std::fs::create_dir_all(&path)?;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700))?;
            chown(&path, user, user)?;
        }

        if !data.join("PG_VERSION").exists() {
            let mut initdb = as_user(user, &bin.join("initdb"), false);
            initdb
                .args([
                    "--username=wigwag",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C",
                    "-D",
                ])
                .arg(&data)
                .current_dir(folder.path());
            let made = initdb.output().context("initdb could not be started")?;
            if !made.status.success() {
                bail!(
                    "initdb failed: {}",
                    String::from_utf8_lossy(&made.stderr).trim()
                );
            }
        }

        let port = free_port()?;
        let log = std::fs::File::create(folder.path().join("log"))?;
        let server = as_user(user, &bin.join("postgres"), true)
            .arg("-D")
            .arg(&data)
            .args(settings(port, &folder.path().join("socket")))
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("postgres could not be started")?;
        let mut cluster = Self {
            server,
            bin,
            folder,
            user,
            port,
        };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    /// The address of the administrator, on the database `postgres`.
    pub(crate) fn url(&self) -> String {
        self.database_url("postgres")
    }

    /// The address of a database in this cluster.
    pub(crate) fn database_url(&self, database: &str) -> String {
        format!("postgres://wigwag@127.0.0.1:{}/{database}", self.port)
    }

    /// The path of one of the server's programs.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    /// Create an empty database, unless it is there, and give its address.
    pub(crate) fn create_database(&self, name: &str) -> Result<String> {
        let known = format!("SELECT 1 FROM pg_database WHERE datname = '{name}'");
        if self.psql("postgres", &known)?.is_empty() {
            self.psql("postgres", &format!("CREATE DATABASE \"{name}\""))?;
        }
        Ok(self.database_url(name))
    }

    /// Run statements with the server's own client and give what it printed, columns divided by `|`.
    pub(crate) fn psql(&self, database: &str, statements: &str) -> Result<String> {
        let asked = Command::new(self.bin.join("psql"))
            .args([
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-c",
                statements,
            ])
            .arg(self.database_url(database))
            .output()
            .context("psql could not be started")?;
        if !asked.status.success() {
            bail!("psql: {}", String::from_utf8_lossy(&asked.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&asked.stdout).trim().to_owned())
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(status) = self.server.try_wait()? {
                let log = std::fs::read_to_string(self.folder.path().join("log"))?;
                bail!("postgres stopped at once ({status}): {}", log.trim());
            }
            let asked = Command::new(self.bin.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()])
                .status();
            if asked.is_ok_and(|status| status.success()) {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("postgres was not ready within 30 s");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Immediate where nobody will read this data again. By pid, through the program that owns it.
        let mode = if self.folder.stays() {
            "fast"
        } else {
            "immediate"
        };
        let stopped = as_user(self.user, &self.bin.join("pg_ctl"), false)
            .args(["stop", "-s", "-m", mode, "-t", "30", "-D"])
            .arg(self.folder.path().join("data"))
            .current_dir(self.folder.path())
            .status();
        if !stopped.is_ok_and(|status| status.success()) {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
    }
}

fn settings(port: u16, socket: &Path) -> Vec<String> {
    [
        format!("port={port}"),
        "listen_addresses=127.0.0.1".to_owned(),
        format!("unix_socket_directories={}", socket.display()),
        "fsync=on".to_owned(),
        "synchronous_commit=on".to_owned(),
        "max_connections=300".to_owned(),
        "shared_buffers=256MB".to_owned(),
        "max_wal_size=2GB".to_owned(),
        "logging_collector=off".to_owned(),
    ]
    .into_iter()
    .flat_map(|setting| ["-c".to_owned(), setting])
    .collect()
}

/// A command as `user` (only root can name one), with no groups but that user's.
fn as_user(user: Option<u32>, program: &Path, stop_with_us: bool) -> Command {
    let Some(setpriv) = run::find("setpriv").filter(|_| user.is_some() || stop_with_us) else {
        let mut command = Command::new(program);
        if let Some(user) = user {
            std::os::unix::process::CommandExt::uid(&mut command, user);
            std::os::unix::process::CommandExt::gid(&mut command, user);
        }
        return command;
    };
    let mut command = Command::new(setpriv);
    if let Some(user) = user {
        command.args([
            format!("--reuid={user}"),
            format!("--regid={user}"),
            "--clear-groups".to_owned(),
        ]);
    }
    if stop_with_us {
        command.arg("--pdeathsig=QUIT");
    }
    command.arg("--").arg(program);
    command
}

fn unprivileged_user() -> Result<u32> {
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| install::user_id(Some(name)))
        .context(
            "PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody",
        )
}

/// A loopback port that was free a moment ago.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_starts_durable_and_leaves_nothing() {
        let cluster = Cluster::start().unwrap();
        let folder = cluster.folder.path().to_path_buf();
        let pid = cluster.server.id();
        assert_eq!(cluster.psql("postgres", "SHOW fsync").unwrap(), "on");
        drop(cluster);
        assert!(!folder.exists(), "the folder is gone");
        assert!(
            !Path::new(&format!("/proc/{pid}")).exists(),
            "the server is gone"
        );
    }
}
