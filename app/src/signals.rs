//! `SIGTERM` and `SIGINT`: the first asks for a graceful stop, the second ends the process at once.

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::failure::{Outcome, failed};

/// Starts to listen, and returns what is cancelled by the first signal.
///
/// # Errors
/// When the operating system refuses the handlers.
pub(crate) fn listen() -> Outcome<CancellationToken> {
    let handler =
        |kind| signal(kind).map_err(|error| failed(format!("signals cannot be handled: {error}")));
    let (mut terminate, mut interrupt) = (
        handler(SignalKind::terminate())?,
        handler(SignalKind::interrupt())?,
    );
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        either(&mut terminate, &mut interrupt).await;
        tracing::info!("stopping: a second signal ends the process at once");
        asked.cancel();
        either(&mut terminate, &mut interrupt).await;
        tracing::warn!("stopped at once by a second signal");
        std::process::exit(1);
    });
    Ok(stop)
}

async fn either(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
