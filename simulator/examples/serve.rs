//! A simulator to try things against while developing it, without building the rest: serves until
//! Ctrl-C and prints what a client needs as one line of JSON. `wigwag simulator` is the command for
//! everybody else; it takes the same words, written as `--name=value`.

use std::error::Error;

use wigwag_simulator::{Options, PublicHosts, Simulator, TlsOptions};

fn word(name: &str) -> Option<String> {
    std::env::args().find_map(|word| Some(word.strip_prefix(name)?.strip_prefix('=')?.to_owned()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let tls = match word("--tls-port") {
        Some(port) => Some(TlsOptions {
            port: port.parse()?,
            ca_out: word("--ca-out").map(Into::into),
            public_hosts: PublicHosts::Meta,
        }),
        None => None,
    };
    let running = Simulator::start(Options {
        port: word("--port").map_or(Ok(4010), |port| port.parse())?,
        data: word("--data").map(Into::into),
        tls,
        ..Options::default()
    })
    .await?;
    let mut known = serde_json::to_value(&running.credentials)?;
    known["url"] = running.url.as_str().into();
    println!("{known}");
    tokio::signal::ctrl_c().await?;
    running.shutdown().await;
    Ok(())
}
