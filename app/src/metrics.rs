//! Metrics in Prometheus' text form, on a listener of their own, so that they are not where the
//! console is.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::failure::{Outcome, failed};
use crate::node;

/// Bounds of the histograms of durations, in seconds.
const SECONDS: &[f64] = &[
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0,
];
/// How often what histograms gathered is put together.
const UPKEEP: Duration = Duration::from_secs(5);
/// The media type of the text form.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The running exporter.
pub(crate) struct Metrics {
    stop: CancellationToken,
    server: JoinHandle<()>,
}

impl Metrics {
    /// Starts to gather and serves `/metrics`.
    ///
    /// # Errors
    /// When the address cannot be used.
    pub(crate) async fn start(address: SocketAddr) -> Outcome<Self> {
        let listener = node::listen(address, "server.metrics").await?;
        let refused = |error: &dyn std::fmt::Display| failed(format!("metrics: {error}"));
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)
            .map_err(|error| refused(&error))?
            .install_recorder()
            .map_err(|error| refused(&error))?;
        metrics::gauge!("wigwag_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        let stop = CancellationToken::new();
        let router = router(handle.clone());
        let asked = stop.clone();
        let server = tokio::spawn(async move {
            let serve = axum::serve(listener, router)
                .with_graceful_shutdown(asked.clone().cancelled_owned());
            let upkeep = async {
                while asked
                    .run_until_cancelled(tokio::time::sleep(UPKEEP))
                    .await
                    .is_some()
                {
                    handle.run_upkeep();
                }
            };
            let (served, ()) = tokio::join!(async { serve.await }, upkeep);
            if let Err(error) = served {
                tracing::error!(%error, "metrics are not served any more");
            }
        });
        Ok(Self { stop, server })
    }

    /// Stops serving.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        // A scraper that keeps its connection open must not keep the process.
        if tokio::time::timeout(Duration::from_secs(1), self.server)
            .await
            .is_err()
        {
            tracing::debug!("a scraper was cut off");
        }
    }
}

fn router(handle: PrometheusHandle) -> Router {
    let answer = move || async move { ([(CONTENT_TYPE, TEXT)], handle.render()) };
    Router::new().route("/metrics", get(answer))
}
