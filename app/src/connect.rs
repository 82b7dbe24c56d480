//! `wigwag connect`: makes a WhatsApp Business Account known to a workspace, for whoever has the ids
//! and the secrets from Meta's pages. Works beside a running server, which notices within seconds.

mod account;

use clap::Args;
use secrecy::SecretString;
use wigwag_api::secret;
use wigwag_engine::Context;
use wigwag_meta::Client;
use wigwag_store::{apps, audit};

use crate::config::{Config, Source};
use crate::failure::{Outcome, failed, usage};
use crate::user::find;
use crate::{database, node, telemetry};

pub(crate) use account::{Access, connect, is_connected};

/// Where the secrets come from: not from the command line, which other users of the machine see.
const SECRET: &str = "WIGWAG_APP_SECRET";
/// The token for the account.
const TOKEN: &str = "WIGWAG_ACCESS_TOKEN";

/// Options of the command.
#[derive(Debug, Args)]
#[command(after_help = "\
The app's secret is read from WIGWAG_APP_SECRET, the access token of a system user, which needs
whatsapp_business_management and whatsapp_business_messaging, from WIGWAG_ACCESS_TOKEN.")]
pub(crate) struct Options {
    /// Meta's id of the app
    #[arg(long, value_name = "ID")]
    app: String,
    /// Meta's id of the business portfolio
    #[arg(long, value_name = "ID")]
    portfolio: String,
    /// Meta's id of the WhatsApp Business Account
    #[arg(long, value_name = "ID")]
    waba: String,
    /// The workspace, by name or id; needed only when there are several
    #[arg(long, value_name = "NAME")]
    workspace: Option<String>,
    #[command(flatten)]
    source: Source,
}

/// Connects, subscribes the app, and says what is left to do at Meta's.
///
/// # Errors
/// When Meta refuses, or another workspace owns the account.
pub(crate) async fn run(options: Options) -> Outcome {
    let config = options.source.read()?;
    telemetry::start(config.logs.format, telemetry::Level::Warn);
    for (name, id) in [
        ("--app", &options.app),
        ("--portfolio", &options.portfolio),
        ("--waba", &options.waba),
    ] {
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(usage(format!("{name} {id}: Meta's ids are digits only")));
        }
    }
    let (app_secret, token) = (variable(SECRET)?, variable(TOKEN)?);
    let db = database::open_existing(&config).await?;
    let workspace = find::workspace(&db, options.workspace.as_deref()).await?;
    // Kept over a second run: Meta's page has it already.
    let verify_token = match apps::verify_token(&db, &options.app).await {
        Ok(known) => String::from_utf8_lossy(&known).into_owned(),
        Err(wigwag_store::Error::NotFound) => secret::base32(&db.mint().random::<15>()),
        Err(error) => return Err(error.into()),
    };
    let access = Access {
        app_name: format!("App {}", options.app),
        app_id: options.app,
        app_secret,
        verify_token,
        portfolio_id: options.portfolio,
        waba_id: options.waba,
        token,
    };
    let meta = client(&config)?;
    let files = node::files_in(&config.media_folder())?;
    let context = Context::new(db.clone(), files, meta.clone(), config.engine());
    connect(&context, &meta, workspace.id, &access).await?;
    let account = meta.with_token(SecretString::from(access.token.clone()));
    account
        .subscribe_app(&access.waba_id, None)
        .await
        .map_err(|error| {
            failed(format!(
                "the app cannot be subscribed to the account: {error}"
            ))
        })?;
    let entry = audit::Entry {
        actor: "operator".to_owned(),
        action: "waba.connect".to_owned(),
        subject: access.waba_id.clone(),
        detail: serde_json::json!({}),
    };
    audit::append(&db, workspace.id, entry).await?;
    db.close().await;
    say!(
        "Connected account {} to {}.\n",
        access.waba_id,
        workspace.name
    );
    say!("Enter this on Meta's page of the app, under WhatsApp, Configuration:\n");
    say!(
        "  Callback URL  {}",
        config.link(&format!("/webhooks/whatsapp/{}", access.app_id))
    );
    say!("  Verify token  {}", access.verify_token);
    say!("\nand subscribe all fields. `wigwag doctor` checks the rest.");
    Ok(())
}

fn client(config: &Config) -> Outcome<Client> {
    Client::new(config.meta(), SecretString::from(String::new()))
        .map_err(|error| failed(error.to_string()))
}

fn variable(name: &str) -> Outcome<String> {
    std::env::var(name)
        .ok()
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .ok_or_else(|| {
            usage(format!(
                "{name} is not set: put the secret from Meta's page into it"
            ))
        })
}
