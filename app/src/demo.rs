//! `wigwag demo`: the console and a pretend Meta in one process, with a shop to look at.

mod control;
mod data;
mod login;
mod meta;
mod outside;
mod ready;
mod shop;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Args;
use url::Url;
use wigwag_engine::Role;
use wigwag_engine::outside::{Allowed, Outside};
use wigwag_store::{Db, Mint};

use crate::data_folder::DataFolder;
use crate::failure::{Failure, Outcome, failed};
use crate::keys::MasterKey;
use crate::node::{self, Node};
use crate::{database, random, signals, telemetry};
use ready::Ready;

/// Options of the command.
#[derive(Debug, Args)]
#[command(after_help = "\
It listens on 127.0.0.1 only and keeps everything in the data folder: delete the folder to start over.
Each start prints a fresh one-time login link and a fresh API key; earlier keys stay valid.")]
pub(crate) struct Options {
    /// Port of the console; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Port of the simulator; 0 takes a free one
    #[arg(long, default_value_t = 4010, conflicts_with = "simulator")]
    sim_port: u16,
    /// Data folder; without it wigwag-demo in the user's data folder
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Start with the bare account and number: no templates, people or conversations
    #[arg(long)]
    empty: bool,
    /// Database, as sqlite:PATH or postgres://…; without it a file in the data folder
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Use a simulator that runs elsewhere on this machine
    #[arg(long, value_name = "URL")]
    simulator: Option<Url>,
    /// Print one JSON line on stdout once it serves
    #[arg(long)]
    json: bool,
    /// From which level on to log [default: info with --json, else warn]
    #[arg(long, value_enum, value_name = "LEVEL")]
    log_level: Option<telemetry::Level>,
}

/// A demo that another build began need not be mended: nothing in it is dear.
fn of_another_build(error: wigwag_store::Error, folder: &DataFolder) -> Failure {
    match error {
        wigwag_store::Error::Newer { .. } | wigwag_store::Error::Unsafe(_) => failed(format!(
            "{error}; or begin the demo anew: delete {} or name another folder with --data",
            folder.path().display()
        )),
        other => other.into(),
    }
}

/// Runs until it is told to stop.
///
/// # Errors
/// When a port, the data folder, the database or the simulator cannot be used.
pub(crate) async fn run(options: Options) -> Outcome {
    let level = options.log_level.unwrap_or(if options.json {
        telemetry::Level::Info
    } else {
        telemetry::Level::Warn
    });
    telemetry::start(telemetry::Format::Text, level);
    let stop = signals::listen()?;
    let folder = DataFolder::hold(&match &options.data {
        Some(path) => path.clone(),
        None => data::default_folder()?,
    })?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let listener = node::listen(address, "--port").await?;
    let port = listener
        .local_addr()
        .map_err(|error| failed(format!("the console's port: {error}")))?
        .port();
    let key = MasterKey::find(&folder.join("master.key"))?;
    let meta = match &options.simulator {
        Some(url) => meta::Meta::outside(url).await?,
        None => meta::Meta::inside(options.sim_port, &folder, options.empty).await?,
    };
    let mint = Mint::new(meta.clock(), random::bytes()?);
    let database = options
        .database
        .unwrap_or_else(|| format!("sqlite:{}", folder.join("wigwag.db").display()));
    let _database = database::hold(&database)?;
    let db = Db::open(&database, wigwag_store::Options::new(mint, key.keys())).await?;
    db.migrate()
        .await
        .map_err(|error| of_another_build(error, &folder))?;
    key.settle(&db).await?;

    let console = format!("http://127.0.0.1:{port}");
    let public_url = Url::parse(&console).map_err(|error| failed(error.to_string()))?;
    let node = Node::start(node::Parts {
        listener,
        db: db.clone(),
        files: node::files_in(&folder.join("media"))?,
        meta: meta.client().clone(),
        engine: wigwag_engine::Settings {
            // The folder is held by one process, also where several share a database.
            instance: format!("demo {}", folder.path().display()),
            public_url: console.clone(),
            outside: Some(neighbours_too()?),
            ..wigwag_engine::Settings::default()
        },
        role: Role::All,
        http: wigwag_api::Settings {
            public_url,
            hosts: Vec::new(),
            trusted_proxies: Vec::new(),
            demo: true,
            simulator_url: Some(meta.url().to_owned()),
            public_api: wigwag_api::PublicApi::default(),
        },
    })
    .await?;
    let shop = shop::open(&node, &meta, &folder, options.empty).await?;
    let access = meta.access();
    meta.subscribe(&format!("{console}/webhooks/whatsapp/{}", access.app_id))
        .await?;
    let token = login::one_time(&node, &shop).await?;
    let ready = Ready {
        console: format!("{console}/login?token={token}"),
        simulator: meta.url().to_owned(),
        email: shop.email.clone(),
        password: shop.password.clone(),
        api_key: login::api_key(&node, &shop).await?,
        app_id: access.app_id.clone(),
        app_secret: access.app_secret.clone(),
        verify_token: access.verify_token.clone(),
        phone_number_id: meta.phone_number_id().to_owned(),
        waba_id: access.waba_id.clone(),
        workspace: shop.workspace.to_string(),
        widget: None,
    };
    if options.json {
        ready.print_line()?;
    } else {
        ready.print_text(folder.path());
    }
    stop.cancelled().await;
    node.stop().await;
    meta.stop().await;
    Ok(())
}

/// Calls public addresses and this machine, where whoever tries webhooks out has a receiver.
fn neighbours_too() -> Outcome<Outside> {
    let mistaken = |error: &dyn std::fmt::Display| failed(error.to_string());
    let allowed =
        Allowed::parse(&["127.0.0.0/8", "::1", "localhost"]).map_err(|error| mistaken(&error))?;
    Outside::new(allowed).map_err(|error| mistaken(&error))
}
