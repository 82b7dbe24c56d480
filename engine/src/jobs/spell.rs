//! A spell of work: how long one job goes on before another takes over, and how often it may be in
//! somebody's way.

use std::time::Duration;

use wigwag_model::Timestamp;

use super::Failure;
use crate::{Context, wait};

/// How long one job works before another goes on, well within the lease.
const LENGTH: Duration = Duration::from_mins(5);
/// A pause when the database is busy or somebody else was faster.
const BREATH: Duration = Duration::from_millis(100);
/// How often in a row a piece may be refused before the job is given back.
const PATIENCE: u32 = 50;

/// A spell under way.
pub(crate) struct Spell {
    until: Timestamp,
    refused: u32,
}

impl Spell {
    /// Begins one.
    pub(crate) fn begin(context: &Context) -> Self {
        Self {
            until: context.clock().now().plus(LENGTH),
            refused: 0,
        }
    }

    /// When it is over.
    pub(crate) fn until(&self) -> Timestamp {
        self.until
    }

    /// Whether another job is to go on.
    pub(crate) fn is_over(&self, context: &Context) -> bool {
        context.clock().now() >= self.until || context.stop().is_cancelled()
    }

    /// A piece was done.
    pub(crate) fn done(&mut self) {
        self.refused = 0;
    }

    /// Takes breath after a piece that was refused; whoever is refused too often gives the job back.
    pub(crate) async fn rest(&mut self, error: wigwag_store::Error) -> Result<(), Failure> {
        self.refused += 1;
        if self.refused > PATIENCE {
            return Err(error.into());
        }
        wait::pause(BREATH).await;
        Ok(())
    }
}
