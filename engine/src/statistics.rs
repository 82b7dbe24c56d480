//! Keeps the database's knowledge of its tables fresh.

use std::time::Duration;

use wigwag_store::{Dialect, statistics};

use crate::{Context, wait};

/// How often the tables are looked at.
const EACH: Duration = Duration::from_secs(1);

/// Looks at the tables until the context stops. SQLite needs nobody for that.
pub(crate) fn start(context: &Context) {
    if context.db().dialect() == Dialect::Postgres {
        context.tasks().spawn(look(context.clone()));
    }
}

async fn look(context: Context) {
    let stop = context.stop().clone();
    while !stop.is_cancelled() {
        match statistics::refresh(context.db()).await {
            Ok(0) => {}
            Ok(tables) => tracing::debug!(tables, "tables that have grown were counted"),
            Err(error) => tracing::debug!(%error, "the tables could not be counted"),
        }
        tokio::select! {
            () = wait::pause(EACH) => {}
            () = stop.cancelled() => {}
        }
    }
}
