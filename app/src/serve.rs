//! `wigwag serve`: the real thing.

use std::time::Duration;

use clap::Args;
use secrecy::SecretString;
use wigwag_api::secret;
use wigwag_engine::Role;
use wigwag_engine::outside::Outside;
use wigwag_meta::Client;
use wigwag_store::accounts;
use wigwag_store::one_time_tokens::{self, Purpose};

use crate::config::{Config, RoleName, Source};
use crate::data_folder::DataFolder;
use crate::failure::{Outcome, failed, usage};
use crate::metrics::Metrics;
use crate::node::{self, Node};
use crate::{database, signals, telemetry};

/// How long the set-up token of a fresh installation works.
const TOKEN_LIVES: Duration = Duration::from_hours(24);

/// Options of the command.
#[derive(Debug, Args)]
#[command(after_help = "\
Every setting can be given as a variable too: WIGWAG_SERVER_LISTEN, WIGWAG_DATABASE_URL and so on.
`wigwag config init` writes a commented file with all of them.")]
pub(crate) struct Options {
    #[command(flatten)]
    source: Source,
    /// Which part runs here, instead of what the configuration says
    #[arg(long, value_enum)]
    role: Option<RoleName>,
}

/// Runs until it is told to stop.
///
/// # Errors
/// When the configuration is wrong, or a port, the data folder, the key or the database cannot be used.
pub(crate) async fn run(options: Options) -> Outcome {
    let mut config = options.source.read()?;
    if let Some(role) = options.role {
        config.role = role;
    }
    if config.role != RoleName::All && config.is_sqlite() {
        return Err(usage(
            "--role web and --role worker need PostgreSQL: a SQLite database belongs to one process (set database.url)",
        ));
    }
    telemetry::start(config.logs.format, config.logs.level);
    let stop = signals::listen()?;
    // Processes on one PostgreSQL may share the folder, for the media in it.
    let _folder = if config.is_sqlite() {
        DataFolder::hold(&config.data.folder)?
    } else {
        DataFolder::open(&config.data.folder)?
    };
    let listener = node::listen(config.server.listen, "server.listen").await?;
    let metrics = match config.metrics() {
        Some(address) => Some(Metrics::start(address).await?),
        None => None,
    };
    let _database = database::hold(&config.database_url())?;
    let (db, key) = database::open(&config).await?;
    db.migrate().await?;
    key.settle(&db).await?;
    let meta = Client::new(config.meta(), SecretString::from(String::new()))
        .map_err(|error| failed(error.to_string()))?;
    let outside = Outside::new(config.allowed()).map_err(|error| failed(error.to_string()))?;
    let node = Node::start(node::Parts {
        listener,
        db,
        files: node::files_in(&config.media_folder())?,
        meta,
        engine: wigwag_engine::Settings {
            outside: Some(outside),
            ..config.engine()
        },
        role: Role::from(config.role),
        http: config.http(),
    })
    .await?;
    if config.role != RoleName::Worker {
        offer_set_up(&node, &config).await?;
    }
    tracing::info!(
        console = config.server.public_url.as_str(),
        listen = %config.server.listen,
        role = ?config.role,
        "serving"
    );
    stop.cancelled().await;
    node.stop().await;
    if let Some(metrics) = metrics {
        metrics.stop().await;
    }
    Ok(())
}

/// While there is no owner, each start offers a fresh token with which the first one is made.
async fn offer_set_up(node: &Node, config: &Config) -> Outcome {
    let api = node.api();
    if accounts::any(api.db()).await? {
        return Ok(());
    }
    let token = secret::random_text::<24>(api);
    one_time_tokens::insert(
        api.db(),
        one_time_tokens::New {
            hash: secret::hash(&token),
            purpose: Purpose::Setup,
            account: None,
            workspace: None,
            expires_at: api.clock().now().plus(TOKEN_LIVES),
        },
    )
    .await?;
    // The one secret that is meant to be read here: it works once, and only until there is an owner.
    tracing::warn!(
        target: telemetry::ALWAYS,
        page = config.link("/setup"),
        token,
        "nobody owns this installation yet: open the page and enter the token within 24 hours"
    );
    Ok(())
}
