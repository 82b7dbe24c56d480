//! Starting and stopping a simulator.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::connect_info::Connected;
use axum::routing::get;
use axum::serve::IncomingStream;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use wigwag_meta::http;

use crate::clock::VirtualClock;
use crate::connection::{Cut, PlainListener, ReadyListener, Welcome};
use crate::snapshot::Found;
use crate::state::State;
use crate::world::{Parts, World};
use crate::{control, graph, page, scheduler, seed, snapshot, tls};

/// How to start a simulator.
#[derive(Debug, Clone)]
pub struct Options {
    /// Address to listen on. Loopback unless said otherwise.
    pub host: IpAddr,
    /// Port of the plain listener; 0 = a free one.
    pub port: u16,
    /// Same seed, same ids, tokens, people and wamids.
    pub seed: u64,
    /// Folder in which the state is kept over restarts; none = memory only.
    pub data: Option<PathBuf>,
    /// The clock, which can be shared with what is under test.
    pub clock: Arc<VirtualClock>,
    /// Address under which others reach the plain listener, if not `http://host:port`.
    pub public_url: Option<String>,
    /// Without templates and people.
    pub empty: bool,
    /// The TLS form.
    pub tls: Option<TlsOptions>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            seed: 1,
            data: None,
            clock: Arc::new(VirtualClock::system()),
            public_url: None,
            empty: false,
            tls: None,
        }
    }
}

/// A listener with TLS beside the plain one.
#[derive(Debug, Clone)]
pub struct TlsOptions {
    /// Port; 0 = a free one.
    pub port: u16,
    /// Where the certificate of the local authority is written (PEM).
    pub ca_out: Option<PathBuf>,
    /// What media links look like.
    pub public_hosts: PublicHosts,
}

/// Whose host names stand in links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicHosts {
    /// The simulator's own address.
    Own,
    /// Meta's: media links are `https://lookaside.fbsbx.com/…`.
    Meta,
}

/// What a client needs in order to talk to the simulator.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Credentials {
    /// Id of the app.
    pub app_id: String,
    /// Secret of the app: webhooks are signed with it.
    pub app_secret: String,
    /// Token with which a callback is verified when it is set without one.
    pub verify_token: String,
    /// Id of the business portfolio.
    pub portfolio_id: String,
    /// Id of the WhatsApp Business Account.
    pub waba_id: String,
    /// Id of the business phone number.
    pub phone_number_id: String,
    /// The number as it is shown.
    pub display_phone_number: String,
    /// System user token that does not expire.
    pub access_token: String,
}

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The port is in use or not allowed.
    #[error("cannot listen on {addr}: {source}")]
    Listen {
        /// The address that was asked for.
        addr: SocketAddr,
        /// The system's error.
        source: std::io::Error,
    },
    /// The data folder cannot be read or written.
    #[error("data folder {path}: {reason}")]
    Data {
        /// The file or folder.
        path: PathBuf,
        /// What went wrong.
        reason: String,
    },
    /// Certificates could not be made.
    #[error("TLS: {0}")]
    Tls(String),
    /// The HTTP client for webhooks could not be made.
    #[error("HTTP client: {0}")]
    Client(String),
}

/// The simulator.
#[derive(Debug)]
pub struct Simulator;

/// A simulator that runs. Dropping it does not stop it; [`Running::shutdown`] does.
pub struct Running {
    /// Address of the plain listener.
    pub addr: SocketAddr,
    /// Address of the TLS listener, if there is one.
    pub tls_addr: Option<SocketAddr>,
    /// What clients need.
    pub credentials: Credentials,
    /// `http://host:port`, or the public URL.
    pub url: String,
    world: Arc<World>,
    tasks: Vec<JoinHandle<()>>,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running")
            .field("addr", &self.addr)
            .field("tls_addr", &self.tls_addr)
            .finish_non_exhaustive()
    }
}

impl Simulator {
    /// Binds the ports, loads or seeds the state, and serves until [`Running::shutdown`].
    pub async fn start(options: Options) -> Result<Running, Error> {
        let addr = SocketAddr::new(options.host, options.port);
        let listener = bind(addr).await?;
        let addr = listener
            .local_addr()
            .map_err(|source| Error::Listen { addr, source })?;
        let base_url = options
            .public_url
            .clone()
            .unwrap_or_else(|| format!("http://{addr}"));
        let meta_hosts = options
            .tls
            .as_ref()
            .is_some_and(|tls| tls.public_hosts == PublicHosts::Meta);
        let media_host = if meta_hosts {
            "https://lookaside.fbsbx.com".to_owned()
        } else {
            base_url.clone()
        };
        let (live, _) = broadcast::channel(1_024);
        let mut state = State::new(options.seed, live, media_host);
        let found = match &options.data {
            Some(folder) => snapshot::load(folder, &mut state)?,
            None => Found::nothing(0),
        };
        if !found.loaded {
            seed::plant(&mut state, options.clock.now_us(), options.empty);
        }
        state.ids.set_boot(found.boot);
        options.clock.advance(found.clock_offset);
        let mut credentials = seed::credentials(state.ids.seed());
        if let Some(app) = state.apps.get(&credentials.app_id) {
            credentials.app_secret.clone_from(&app.secret);
        }
        let world = Arc::new(World::new(Parts {
            clock: options.clock,
            credentials: credentials.clone(),
            http: client()?,
            base_url: base_url.clone(),
            empty: options.empty,
            data: options.data,
            state,
        }));
        let router = router(Arc::clone(&world));
        let mut tasks = vec![tokio::spawn(scheduler::run(Arc::clone(&world)))];
        if world.data.is_some() {
            tasks.push(tokio::spawn(snapshot::run(Arc::clone(&world))));
        }
        let mut tls_addr = None;
        if let Some(tls) = options.tls {
            let (config, pem) = tls::configure()?;
            if let Some(path) = &tls.ca_out {
                std::fs::write(path, pem).map_err(|error| Error::Data {
                    path: path.clone(),
                    reason: error.to_string(),
                })?;
            }
            let acceptor = TlsAcceptor::from(config);
            let failed = |addr| move |source| Error::Listen { addr, source };
            let secure_addr = SocketAddr::new(options.host, tls.port);
            let secure = bind(secure_addr).await?;
            let secure = ReadyListener::start(secure, acceptor.clone(), Welcome::Tls)
                .map_err(failed(secure_addr))?;
            tls_addr = axum::serve::Listener::local_addr(&secure).ok();
            tasks.push(serve(&world, secure, router.clone()));
            let plain = ReadyListener::start(listener, acceptor, Welcome::PlainOrTunnel)
                .map_err(failed(addr))?;
            tasks.push(serve(&world, plain, router));
        } else {
            tasks.push(serve(&world, PlainListener(listener), router));
        }
        Ok(Running {
            addr,
            tls_addr,
            credentials,
            url: base_url,
            world,
            tasks,
        })
    }
}

/// Serves until the simulator stops.
fn serve<L>(world: &Arc<World>, listener: L, router: Router) -> JoinHandle<()>
where
    L: axum::serve::Listener,
    L::Addr: std::fmt::Debug,
    Cut: for<'a> Connected<IncomingStream<'a, L>>,
{
    let stop = world.stop.clone();
    tokio::spawn(async move {
        let service = router.into_make_service_with_connect_info::<Cut>();
        let serve = axum::serve(listener, service)
            .with_graceful_shutdown(async move { stop.cancelled().await });
        if let Err(error) = serve.await {
            tracing::error!(%error, "the simulator stopped serving");
        }
    })
}

async fn bind(addr: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(addr)
        .await
        .map_err(|source| Error::Listen { addr, source })
}

/// The client for webhooks: many idle connections, no proxy from the environment.
fn client() -> Result<reqwest::Client, Error> {
    let options = http::Options {
        timeout: None,
        system_proxy: false,
        user_agent: "facebookexternalua".to_owned(),
        ..http::Options::default()
    };
    http::client(&options).map_err(|error| Error::Client(error.to_string()))
}

fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/", get(page::index))
        .route("/assets/{*path}", get(page::asset))
        .merge(control::routes())
        .fallback(graph::router::entry)
        // A little more than the largest document; what is too large is said in Graph's words.
        .layer(DefaultBodyLimit::max(110 << 20))
        .with_state(world)
}

impl Running {
    /// The simulator's clock.
    pub fn clock(&self) -> Arc<VirtualClock> {
        Arc::clone(&self.world.clock)
    }

    /// Moves the clock on. What became due is done when this returns.
    pub fn advance(&self, by: Duration) {
        self.world.advance(by);
    }

    /// Sets the app's webhook, as `POST /_sim/app` does, with all fields and without a challenge.
    pub fn set_webhook(&self, callback_url: &str, verify_token: &str) {
        self.world.with(|state, _| {
            let subscription = crate::app::Subscription {
                callback_url: callback_url.to_owned(),
                verify_token: verify_token.to_owned(),
                fields: crate::app::FIELDS
                    .iter()
                    .map(|field| (*field).to_owned())
                    .collect(),
            };
            state.subscribe(&self.credentials.app_id, Some(subscription));
        });
    }

    /// Stops: open requests are answered, the state is stored if it has a folder.
    pub async fn shutdown(self) {
        self.world.stop.cancel();
        for task in self.tasks {
            // A client that keeps a connection open must not keep the process.
            if tokio::time::timeout(Duration::from_secs(3), task)
                .await
                .is_err()
            {
                tracing::warn!("a task of the simulator did not stop in time");
            }
        }
        if let Err(error) = snapshot::save(&self.world) {
            tracing::error!(%error, "the simulator's state was not stored");
        }
    }
}
