//! The binary as a process, and a client to talk to it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use wigwag_engine::wait;
use wigwag_meta::http;

/// How long a start, or whatever else must come, may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The binary in a folder of its own, with nothing of ours in its environment.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wigwag"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("WIGWAG_")) {
        command.env_remove(name);
    }
    command
        .current_dir(folder)
        .env("HOME", folder)
        .env_remove("XDG_DATA_HOME")
        .stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Ended {
    end(command(folder).args(arguments))
}

/// Runs a prepared command to its end.
pub(crate) fn end(command: &mut Command) -> Ended {
    let output = command.output().unwrap();
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs a command with something on its stdin.
pub(crate) fn run_with(folder: &Path, arguments: &[&str], stdin: &str) -> Ended {
    let mut child = command(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(stdin.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A running server; killed when dropped.
pub(crate) struct Server {
    child: Child,
    log: PathBuf,
    /// What it printed on stdout, once it ended.
    rest: Option<std::thread::JoinHandle<String>>,
}

impl Server {
    /// Starts a command that prints a JSON line when it is ready.
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> (Self, Value) {
        let log = folder.join("stderr.log");
        let file = std::fs::File::options()
            .create(true)
            .append(true)
            .open(&log)
            .unwrap();
        let mut child = command(folder)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(file)
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let (send, receive) = mpsc::channel();
        let rest = std::thread::spawn(move || {
            let mut line = String::new();
            let _ = stdout.read_line(&mut line);
            let _ = send.send(line);
            let mut rest = String::new();
            let _ = stdout.read_to_string(&mut rest);
            rest
        });
        let line = receive.recv_timeout(PATIENCE).unwrap();
        let server = Self {
            child,
            log,
            rest: Some(rest),
        };
        let ready = serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("not ready: {line:?}\n{}", server.log()));
        (server, ready)
    }

    /// Starts `serve` in a folder and waits for the log line with `mark`.
    pub(crate) fn serve(folder: &Path, arguments: &[&str], mark: &str) -> (Self, String) {
        let log = folder.join("stderr.log");
        let mut child = command(folder)
            .arg("serve")
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (send, receive) = mpsc::channel();
        let mut file = std::fs::File::create(&log).unwrap();
        let rest = std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                writeln!(file, "{line}").unwrap();
                let _ = send.send(line);
            }
            String::new()
        });
        let server = Self {
            child,
            log,
            rest: Some(rest),
        };
        let mut seen = String::new();
        loop {
            let Ok(line) = receive.recv_timeout(PATIENCE) else {
                panic!("no line with {mark:?}:\n{seen}");
            };
            seen.push_str(&line);
            seen.push('\n');
            if line.contains(mark) {
                return (server, seen);
            }
        }
    }

    /// Everything that it logged so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Asks it to stop.
    pub(crate) fn signal(&self) {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(asked.success());
    }

    /// Waits for its end; the exit code.
    pub(crate) fn wait(mut self) -> i32 {
        self.child.wait().unwrap().code().unwrap_or(-1)
    }

    /// Asks it to stop; returns the exit code and what else it printed on stdout.
    pub(crate) fn stop(mut self) -> (i32, String) {
        self.signal();
        let status = self.child.wait().unwrap();
        let rest = self.rest.take().unwrap().join().unwrap();
        (status.code().unwrap_or(-1), rest)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A free port below those that the system gives out by itself, so that nobody else gets it before the server
/// that is told of it.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // Another run of these tests begins elsewhere.
    let first = std::process::id() % 100 * 100;
    loop {
        let next = first + NEXT.fetch_add(1, Ordering::Relaxed);
        let port = 20_000 + u16::try_from(next % 12_000).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// A folder for one test.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A client without proxies.
pub(crate) fn client() -> reqwest::Client {
    http::client(&http::Options {
        timeout: Some(Duration::from_secs(30)),
        system_proxy: false,
        ..http::Options::default()
    })
    .unwrap()
}

/// Asks until the answer is there.
pub(crate) async fn eventually<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(found) = ask().await {
                return found;
            }
            wait::pause(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking)
        .await
        .unwrap_or_else(|_| panic!("waited in vain: {what}"))
}

/// `http://127.0.0.1:8080/login?token=…` → `http://127.0.0.1:8080`.
pub(crate) fn origin(ready: &Value) -> String {
    let url = url::Url::parse(ready["console"].as_str().unwrap()).unwrap();
    url.origin().ascii_serialization()
}

/// Asks the API with a key; status and body.
pub(crate) async fn ask(origin: &str, key: &Value, path: &str) -> (u16, Value) {
    let answer = client()
        .get(format!("{origin}{path}"))
        .bearer_auth(key.as_str().unwrap())
        .send()
        .await
        .unwrap();
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or_default())
}
