//! The durability trace: the kernel's own account of what the binary did for each webhook.
//! `strace` writes down every read, write and sync; the order of those lines shows whether a 200 was
//! written before the `fsync` of the commit that holds its webhook had returned.

mod calls;
mod judge;

use crate::bench::{Instance, Variant};
use crate::load::http::Client;
use crate::load::product::Ready;
use crate::load::webhook::Webhooks;
use crate::{bench, install};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::cell::Cell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::task::LocalSet;

/// How much to trace.
#[derive(Args)]
pub(crate) struct Options {
    /// Webhooks to send
    #[arg(long, default_value_t = 1_000)]
    webhooks: u64,
    /// Connections that send them
    #[arg(long, default_value_t = 16)]
    connections: u64,
    /// Let every fsync return at once without doing anything: the trace must then fail
    #[arg(long)]
    without_fsync: bool,
    /// Print the result as one JSON line on stdout
    #[arg(long)]
    json: bool,
    /// Trace this binary; without it the release binary is built
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
}

/// Run the trace; an error where a 200 was written too early.
pub(crate) fn run(options: &Options) -> Result<()> {
    let binary = match &options.binary {
        Some(binary) => binary.canonicalize().context("--binary")?,
        None => bench::binary()?,
    };
    let strace = install::strace()?;
    let instance = Instance::new(&binary, Variant::Sqlite)?;
    // The schema is made before: only webhooks are to be in the trace.
    instance.start(None)?.0.stop()?;
    let file = instance.folder().join("trace");
    let mut arguments: Vec<String> = ["-D", "-f", "-y", "-s", "8192", "-e"]
        .map(str::to_owned)
        .into();
    arguments.push(format!("trace={}", calls::TRACED));
    if options.without_fsync {
        arguments.extend(["-e", "inject=fsync,fdatasync:retval=0"].map(str::to_owned));
    }
    arguments.extend(["-o".to_owned(), file.display().to_string(), "--".to_owned()]);
    let (product, ready) = instance.starting(None).under(&strace, arguments).start()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(LocalSet::new().run_until(write(options, &ready)))?;
    product.stop()?;

    let text = std::fs::read(&file).context("strace wrote nothing")?;
    let verdict = judge::judge(&String::from_utf8_lossy(&text));
    if options.json {
        println!("{}", verdict.json());
    } else {
        println!("{verdict}");
    }
    if verdict.answered() < options.webhooks {
        bail!(
            "the trace shows {} of {} answers",
            verdict.answered(),
            options.webhooks
        );
    }
    if !verdict.holds() {
        bail!("a 200 was written before its webhook was on disk");
    }
    Ok(())
}

/// Send the webhooks, each with a mark of its own in its text.
async fn write(options: &Options, ready: &Ready) -> Result<()> {
    let webhooks = Rc::new(Webhooks::new(ready));
    let address = ready.address()?;
    let next = Rc::new(Cell::new(0));
    let total = options.webhooks;
    let writers: Vec<_> = (0..options.connections)
        .map(|_| {
            let (webhooks, next) = (Rc::clone(&webhooks), Rc::clone(&next));
            tokio::task::spawn_local(async move {
                let mut client = Client::new(address);
                loop {
                    let number = next.get();
                    if number >= total {
                        return anyhow::Ok(());
                    }
                    next.set(number + 1);
                    let mark = judge::mark(number);
                    // Twice, far apart: a page of the database may end in the middle of one of them.
                    let text = format!("{mark} {} {mark}", "and so on ".repeat(20));
                    let now = SystemTime::now()
                        .duration_since(UNIX_EPOCH)
                        .map_or(0, |since| since.as_secs());
                    let request =
                        webhooks.text("917200000001", &format!("wamid.TRACE{number}"), &text, now);
                    let reply = client.exchange(&request).await?;
                    if reply.status != 200 {
                        bail!("a webhook was answered {}", reply.status);
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await??;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run;
    use std::path::Path;

    #[test]
    fn strace_s_own_lines_are_understood() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("trace");
        let script = format!(
            "printf {} > {}/x-wal",
            judge::mark(3),
            folder.path().display()
        );
        let mut traced = run::command(
            Path::new("."),
            install::strace().unwrap().to_str().unwrap(),
            &["-f", "-y", "-e"],
        );
        traced
            .arg("trace=write")
            .arg("-o")
            .arg(&file)
            .args(["--", "sh", "-c", &script]);
        assert!(traced.status().unwrap().success());
        let text = std::fs::read_to_string(&file).unwrap();
        let written = text
            .lines()
            .filter_map(calls::parse)
            .find(|call| call.text.contains("TRACE-3-"));
        let written = written.expect(&text);
        assert_eq!(written.name, "write");
        assert!(written.file.contains("x-wal"), "{}", written.file);
    }
}
