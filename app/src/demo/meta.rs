//! The demo's Meta: a simulator in this process, or one that runs elsewhere and is reached by HTTP.

use std::sync::Arc;

use secrecy::SecretString;
use url::Url;
use wigwag_meta::{Client, Config};
use wigwag_model::Clock;
use wigwag_simulator::{Credentials, Running, Simulator, VirtualClock};

use super::outside::Outside;
use crate::clock::SimulatorClock;
use crate::connect::Access;
use crate::data_folder::DataFolder;
use crate::failure::{Outcome, failed};
use crate::simulator::not_started;

/// The demo's Meta.
pub(super) struct Meta {
    url: String,
    credentials: Credentials,
    access: Access,
    client: Client,
    clock: Arc<dyn Clock>,
    side: Side,
}

enum Side {
    Inside(Box<Running>),
    Outside(Outside),
}

impl Meta {
    /// Starts a simulator in this process.
    ///
    /// # Errors
    /// When its port or its folder cannot be used.
    pub(super) async fn inside(port: u16, folder: &DataFolder, empty: bool) -> Outcome<Self> {
        let clock = Arc::new(VirtualClock::system());
        let running = Simulator::start(wigwag_simulator::Options {
            port,
            data: Some(folder.join("simulator")),
            clock: Arc::clone(&clock),
            empty,
            ..wigwag_simulator::Options::default()
        })
        .await
        .map_err(not_started)?;
        let (url, credentials) = (running.url.clone(), running.credentials.clone());
        let clock = Arc::new(SimulatorClock::new(clock));
        Self::new(url, credentials, clock, Side::Inside(Box::new(running)))
    }

    /// Uses a simulator in another process: credentials and clock come from its control plane.
    ///
    /// # Errors
    /// When it does not answer or is none.
    pub(super) async fn outside(url: &Url) -> Outcome<Self> {
        let (outside, credentials, clock) = Outside::reach(url).await?;
        let base = url.as_str().trim_end_matches('/').to_owned();
        Self::new(base, credentials, clock, Side::Outside(outside))
    }

    fn new(
        url: String,
        credentials: Credentials,
        clock: Arc<dyn Clock>,
        side: Side,
    ) -> Outcome<Self> {
        let base = Url::parse(&url).map_err(|error| failed(format!("{url}: {error}")))?;
        let token = SecretString::from(credentials.access_token.clone());
        let client =
            Client::new(Config::at(base), token).map_err(|error| failed(error.to_string()))?;
        let access = Access {
            app_id: credentials.app_id.clone(),
            app_name: "Kite & Co. Messaging".to_owned(),
            app_secret: credentials.app_secret.clone(),
            verify_token: credentials.verify_token.clone(),
            portfolio_id: credentials.portfolio_id.clone(),
            waba_id: credentials.waba_id.clone(),
            token: credentials.access_token.clone(),
        };
        Ok(Self {
            url,
            credentials,
            access,
            client,
            clock,
            side,
        })
    }

    /// Its address, without a slash at the end.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Meta's id of the seeded number.
    pub(super) fn phone_number_id(&self) -> &str {
        &self.credentials.phone_number_id
    }

    /// What it handed out.
    pub(super) fn access(&self) -> &Access {
        &self.access
    }

    /// Its API.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Its clock.
    pub(super) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// Lets its webhooks go to `callback`.
    ///
    /// # Errors
    /// When a simulator elsewhere refuses.
    pub(super) async fn subscribe(&self, callback: &str) -> Outcome {
        match &self.side {
            Side::Inside(running) => {
                running.set_webhook(callback, &self.access.verify_token);
                Ok(())
            }
            Side::Outside(outside) => outside.subscribe(callback, &self.access.verify_token).await,
        }
    }

    /// Stops it, or stops following it.
    pub(super) async fn stop(self) {
        match self.side {
            Side::Inside(running) => running.shutdown().await,
            Side::Outside(outside) => outside.stop(),
        }
    }
}
