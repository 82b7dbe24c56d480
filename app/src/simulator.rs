//! `wigwag simulator`: the pretend Meta alone.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde::Serialize;
use wigwag_simulator::{Credentials, Running, Simulator, TlsOptions, VirtualClock};

use crate::data_folder::DataFolder;
use crate::failure::{Failure, Outcome, failed};
use crate::{signals, telemetry};

/// Options of the command.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 4010)]
    port: u16,
    /// Folder in which the state is kept over restarts; without it nothing is kept
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Same seed, same ids, tokens, people and message ids
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// Start without templates and people
    #[arg(long)]
    empty: bool,
    /// Print one JSON line on stdout once it serves
    #[arg(long)]
    json: bool,
    /// Serve by TLS too, on this port; 0 takes a free one
    #[arg(long, value_name = "N")]
    tls_port: Option<u16>,
    /// Write the certificate of the local authority to this file (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_port")]
    ca_out: Option<PathBuf>,
    /// Whose host names stand in links to media
    #[arg(long, value_enum, default_value_t = PublicHosts::Own, requires = "tls_port")]
    public_hosts: PublicHosts,
    /// From which level on to log
    #[arg(long, value_enum, default_value_t = telemetry::Level::Warn, value_name = "LEVEL")]
    log_level: telemetry::Level,
}

/// Whose host names stand in links.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum PublicHosts {
    /// The simulator's own address
    Own,
    /// Meta's
    Meta,
}

/// What a client needs, as one line.
#[derive(Serialize)]
struct Ready<'a> {
    url: &'a str,
    tls_port: Option<u16>,
    #[serde(flatten)]
    credentials: &'a Credentials,
}

/// Runs until it is told to stop.
///
/// # Errors
/// When a port or the data folder cannot be used.
pub(crate) async fn run(options: Options) -> Outcome {
    telemetry::start(telemetry::Format::Text, options.log_level);
    let stop = signals::listen()?;
    // Held until the end: two simulators in one folder would overwrite each other's state.
    let folder = options.data.as_deref().map(DataFolder::hold).transpose()?;
    let running = Simulator::start(wigwag_simulator::Options {
        port: options.port,
        seed: options.seed,
        data: folder.as_ref().map(|folder| folder.path().to_path_buf()),
        clock: Arc::new(VirtualClock::system()),
        empty: options.empty,
        tls: options.tls_port.map(|port| TlsOptions {
            port,
            ca_out: options.ca_out.clone(),
            public_hosts: match options.public_hosts {
                PublicHosts::Own => wigwag_simulator::PublicHosts::Own,
                PublicHosts::Meta => wigwag_simulator::PublicHosts::Meta,
            },
        }),
        ..wigwag_simulator::Options::default()
    })
    .await
    .map_err(not_started)?;
    print(&running, options.json)?;
    stop.cancelled().await;
    running.shutdown().await;
    Ok(())
}

/// Why a simulator did not start, in one line with the mend.
pub(crate) fn not_started(error: wigwag_simulator::Error) -> Failure {
    match error {
        wigwag_simulator::Error::Listen { addr, source }
            if source.kind() == std::io::ErrorKind::AddrInUse =>
        {
            failed(format!(
                "the simulator cannot listen on {addr}: the port is in use; choose another (0 takes a free one)"
            ))
        }
        other => failed(format!("the simulator did not start: {other}")),
    }
}

fn print(running: &Running, json: bool) -> Outcome {
    let known = &running.credentials;
    if json {
        let ready = Ready {
            url: &running.url,
            tls_port: running.tls_addr.map(|address| address.port()),
            credentials: known,
        };
        let line = serde_json::to_string(&ready)
            .map_err(|error| failed(format!("the JSON line: {error}")))?;
        say!("{line}");
        return Ok(());
    }
    say!("A pretend Meta is ready.\n");
    for (name, value) in [
        ("Phone", running.url.as_str()),
        ("Graph API", running.url.as_str()),
        ("App", &known.app_id),
        ("App secret", &known.app_secret),
        ("Verify token", &known.verify_token),
        ("Portfolio", &known.portfolio_id),
        ("WABA", &known.waba_id),
        ("Number", &known.phone_number_id),
        ("Shown as", &known.display_phone_number),
        ("Access token", &known.access_token),
    ] {
        say!("  {name:<13} {value}");
    }
    if let Some(address) = running.tls_addr {
        say!("  {:<13} https://{address}", "TLS");
    }
    say!("\nStop it with Ctrl-C.");
    Ok(())
}
