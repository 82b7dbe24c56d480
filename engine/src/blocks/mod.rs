//! Block lists in step with Meta's: who is blocked here is blocked at WhatsApp too.
//!
//! Two tasks of every process that works. One asks Meta for what the store has written down (`tell`), under a
//! lease: a process that dies in between asks again, and asking twice changes nothing. The other reads each
//! number's list once a day and compares (`compare`).

mod compare;
mod judge;
mod tell;

use std::time::Duration;

use crate::{Context, wait};

/// How long to leave alone what somebody must mend first.
const DAY: Duration = Duration::from_hours(24);
/// A pause after the database refused, or when another process holds what is due.
const BREATH: Duration = Duration::from_secs(1);
/// How long a call may go on once the process is asked to stop.
const GRACE: Duration = Duration::from_secs(3);

/// Starts the tasks.
pub(crate) fn start(context: &Context) {
    context.tasks().spawn(tell::serve(context.clone()));
    context.tasks().spawn(compare::serve(context.clone()));
}

/// Returns some time after the process was asked to stop.
async fn cut_off(context: &Context) {
    context.stop().cancelled().await;
    wait::pause(GRACE).await;
}
