//! Tells once a day what became of the messages of each template.

use std::time::Duration;

use wigwag_model::Timestamp;
use wigwag_store::endpoints::{self, begin_of, day_of};

use crate::{Context, wait};

/// How long after its end a day (UTC) is counted: what was sent in the evening is read by then.
const SETTLED: Duration = Duration::from_hours(6);
/// A pause after the database refused.
const BREATH: Duration = Duration::from_secs(1);

pub(super) async fn serve(context: Context) {
    while !context.stop().is_cancelled() {
        let now = context.clock().now();
        let (last, next) = turn(now);
        if let Err(error) = everywhere(&context, last).await {
            tracing::warn!(%error, "the day's figures of templates could not be told");
            wait::pause(BREATH).await;
            continue;
        }
        tokio::select! {
            () = context.stop().cancelled() => {}
            () = wait::until(context.clock(), next) => {}
        }
    }
}

/// The last day that is to be told by now, and when the next one is.
fn turn(now: Timestamp) -> (i64, Timestamp) {
    let last = day_of(now.minus(SETTLED)) - 1;
    (last, begin_of(last + 2).plus(SETTLED))
}

async fn everywhere(context: &Context, last: i64) -> wigwag_store::Result<()> {
    for workspace in endpoints::watched(context.db()).await? {
        if context.stop().is_cancelled() {
            return Ok(());
        }
        endpoints::measure(context.db(), workspace, last).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_told_in_the_morning_after_it() {
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let monday = day_of(at("2026-11-23T12:00:00Z"));
        let next = at("2026-11-24T06:00:00Z");
        assert_eq!(turn(at("2026-11-23T06:00:00Z")), (monday - 1, next));
        assert_eq!(turn(at("2026-11-24T05:59:59Z")), (monday - 1, next));
        let later = at("2026-11-25T06:00:00Z");
        assert_eq!(turn(next), (monday, later));
        assert_eq!(begin_of(monday), at("2026-11-23T00:00:00Z"));
    }
}
