//! A simulator in another process, seen through its control plane: credentials, the clock, where
//! webhooks go.
//!
//! The clock is followed by the simulator's event stream and not by asking again and again, so that
//! a jump is seen at once and nothing else travels between the two.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use url::Url;
use wigwag_model::Clock;
use wigwag_simulator::Credentials;

use super::control::Control;
use crate::clock::FollowedClock;
use crate::failure::{Outcome, failed, usage};

/// How long to wait before a lost stream is opened again.
const AGAIN: Duration = Duration::from_millis(500);

/// The control plane of a simulator elsewhere.
pub(super) struct Outside {
    control: Control,
    following: JoinHandle<()>,
}

#[derive(Deserialize)]
struct Shown {
    now_us: i64,
}

impl Outside {
    /// Reads credentials and clock, and begins to follow the clock.
    ///
    /// # Errors
    /// When nothing answers there, or something that is no simulator.
    pub(super) async fn reach(url: &Url) -> Outcome<(Self, Credentials, Arc<dyn Clock>)> {
        if url.scheme() != "http" || url.host_str().is_none() {
            return Err(usage(format!(
                "--simulator {url}: give the simulator's http:// address, such as http://127.0.0.1:4010"
            )));
        }
        let control = Control::of(url.as_str())?;
        let credentials = control.get("credentials").await?;
        let shown: Shown = control.get("clock").await?;
        let clock = Arc::new(FollowedClock::showing(shown.now_us));
        let following = tokio::spawn(follow(control.clone(), Arc::clone(&clock)));
        Ok((Self { control, following }, credentials, clock))
    }

    /// Lets the app's webhooks go to `callback`.
    ///
    /// # Errors
    /// When it does not answer or refuses.
    pub(super) async fn subscribe(&self, callback: &str, verify_token: &str) -> Outcome {
        let body = json!({"callback_url": callback, "verify_token": verify_token});
        let _: Value = self.control.post("app", &body).await?;
        Ok(())
    }

    /// Stops following the clock.
    pub(super) fn stop(self) {
        self.following.abort();
    }
}

/// Follows the clock until the task is aborted.
async fn follow(control: Control, clock: Arc<FollowedClock>) {
    loop {
        match listen(&control, &clock).await {
            Ok(()) => tracing::debug!("the simulator ended its event stream"),
            Err(failure) => tracing::debug!(%failure, "the simulator's clock is out of sight"),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// One event stream, until it ends.
async fn listen(control: &Control, clock: &FollowedClock) -> Outcome {
    let lost = |error: reqwest::Error| failed(error.without_url().to_string());
    let mut stream = control.stream("events").await?;
    // What changed while nobody listened.
    clock.follow(control.get::<Shown>("clock").await?.now_us);
    let mut lines = Lines::default();
    while let Some(piece) = stream.chunk().await.map_err(lost)? {
        if lines.add(&piece).iter().any(|line| tells_of_clock(line)) {
            clock.follow(control.get::<Shown>("clock").await?.now_us);
        }
    }
    Ok(())
}

/// `reset` tells one who lagged to read everything again.
fn tells_of_clock(line: &str) -> bool {
    matches!(line, "event: clock" | "event: reset")
}

/// Puts pieces of a stream together to lines.
#[derive(Default)]
struct Lines(Vec<u8>);

impl Lines {
    /// Adds a piece; returns the lines that it completed.
    fn add(&mut self, piece: &[u8]) -> Vec<String> {
        self.0.extend_from_slice(piece);
        let Some(end) = self.0.iter().rposition(|byte| *byte == b'\n') else {
            return Vec::new();
        };
        let rest = self.0.split_off(end + 1);
        let whole = std::mem::replace(&mut self.0, rest);
        String::from_utf8_lossy(&whole)
            .lines()
            .map(str::to_owned)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_found_across_pieces() {
        let mut lines = Lines::default();
        assert!(
            lines
                .add(b": keep-alive\n\nevent: clo")
                .iter()
                .all(|line| !tells_of_clock(line))
        );
        assert!(
            lines
                .add(b"ck\ndata: {}\n\n")
                .iter()
                .any(|line| tells_of_clock(line))
        );
        assert!(
            lines
                .add(b"event: message\n")
                .iter()
                .all(|line| !tells_of_clock(line))
        );
    }
}
