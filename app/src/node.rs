//! A running installation: database, engine and HTTP put together, and taken apart in the order in
//! which nothing is cut off.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use axum::serve::ListenerExt as _;
use object_store::local::LocalFileSystem;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use wigwag_api::{Api, health};
use wigwag_engine::files::Files;
use wigwag_engine::{Engine, Role};
use wigwag_meta::Client;
use wigwag_store::Db;

use crate::console;
use crate::failure::{Outcome, failed};

/// How long open requests may take once the process is asked to stop.
const PATIENCE: Duration = Duration::from_secs(20);

/// What an installation is made of.
pub(crate) struct Parts {
    /// Where the console and the API are served.
    pub(crate) listener: TcpListener,
    /// The database, migrated.
    pub(crate) db: Db,
    /// The files of messages.
    pub(crate) files: Files,
    /// Meta's API.
    pub(crate) meta: Client,
    /// What an operator set for the engine.
    pub(crate) engine: wigwag_engine::Settings,
    /// Which parts run here.
    pub(crate) role: Role,
    /// What an operator set for the HTTP side.
    pub(crate) http: wigwag_api::Settings,
}

/// A running installation.
pub(crate) struct Node {
    api: Api,
    engine: Engine,
    db: Db,
    stop: CancellationToken,
    server: JoinHandle<std::io::Result<()>>,
}

impl Node {
    /// Starts the engine and serves.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn start(parts: Parts) -> Outcome<Self> {
        let engine = Engine::start(wigwag_engine::Parts {
            db: parts.db.clone(),
            files: parts.files,
            meta: parts.meta,
            settings: parts.engine,
            role: parts.role,
        })
        .await?;
        let api = Api::start(wigwag_api::Parts {
            engine: engine.clone(),
            settings: parts.http,
        });
        let router = if parts.role == Role::Worker {
            health_only(api.clone())
        } else {
            wigwag_api::router(api.clone(), console::router())
        };
        let stop = CancellationToken::new();
        let asked = stop.clone();
        let listener = parts.listener.tap_io(|stream| {
            // Answers are small: waiting to fill a packet would only delay them.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "TCP_NODELAY was refused");
            }
        });
        let server = tokio::spawn(async move {
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            axum::serve(listener, service)
                .with_graceful_shutdown(asked.cancelled_owned())
                .await
        });
        Ok(Self {
            api,
            engine,
            db: parts.db,
            stop,
            server,
        })
    }

    /// What handlers share.
    pub(crate) fn api(&self) -> &Api {
        &self.api
    }

    /// The engine.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Stops: no new connections, open requests are answered, sends under way get their record, the
    /// database is closed.
    pub(crate) async fn stop(self) {
        self.api.stop();
        self.stop.cancel();
        match tokio::time::timeout(PATIENCE, self.server).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => tracing::error!(%error, "the server ended with an error"),
            Ok(Err(error)) => tracing::error!(%error, "the server ended with a panic"),
            Err(_) => tracing::warn!("some clients did not finish in time and were cut off"),
        }
        self.engine.stop().await;
        self.db.close().await;
        tracing::info!("stopped");
    }
}

/// What a worker serves: whether it is well.
fn health_only(api: Api) -> Router {
    Router::new()
        .route("/livez", get(health::livez))
        .route("/readyz", get(health::readyz))
        .with_state(api)
}

/// Listens on an address; `setting` names what to change when it is taken.
///
/// # Errors
/// When the address is in use, not ours, or not allowed.
pub(crate) async fn listen(address: SocketAddr, setting: &str) -> Outcome<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        failed(match error.kind() {
            ErrorKind::AddrInUse => format!(
                "cannot listen on {address}: the port is in use; stop what uses it or choose another with {setting}"
            ),
            ErrorKind::PermissionDenied => format!(
                "cannot listen on {address}: not allowed; choose a port above 1023 with {setting}"
            ),
            _ => format!("cannot listen on {address} ({error}); choose another address with {setting}"),
        })
    })
}

/// Files in a folder, which is made when missing.
///
/// # Errors
/// When the folder cannot be made.
pub(crate) fn files_in(folder: &Path) -> Outcome<Files> {
    let unusable = |error: &dyn std::fmt::Display| {
        failed(format!(
            "the media folder {} cannot be used: {error}",
            folder.display()
        ))
    };
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| unusable(&error))?;
    let store = LocalFileSystem::new_with_prefix(folder)
        .map_err(|error| unusable(&error))?
        // A file that was answered for is on disk, like its row.
        .with_fsync(true);
    Ok(Files::new(Arc::new(store)))
}
