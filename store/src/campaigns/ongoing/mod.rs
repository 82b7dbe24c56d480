//! On-going campaigns: their versions, what starts them, and the run of each person from what started
//! it to the recipient that it becomes.

mod definition;
mod enrol;
mod events;
mod past;
mod report;
mod runs;
mod settle;
mod signals;
mod start;

pub use definition::{Definition, Version, definition, versions};
pub use enrol::{Enrol, Watch, days, enrol, looked, moved, reached, watches};
pub use events::Triggers;
pub(crate) use events::begin;
pub use past::{Past, past, sent};
pub use report::{Arms, Hour, Listed, RunKey, Runs, arms, hours, runs};
pub use runs::{Admitted, Run, admit, did, due, fresh, particulars};
pub use settle::{Outcome, Settled, drop_runs, outdate, settle};
pub(crate) use signals::{wanted, write as signal};
pub use start::{Change, edit, start};

/// Whether there is something to do for a person of a running campaign `c`; `$1` is the present. A message
/// that waits in the outbox counts too, for the next day of the portfolio's limit say: nobody claims messages
/// of a campaign that is not looked after.
pub(super) const BUSY: &str = "
    EXISTS (SELECT 1 FROM campaign_runs r WHERE r.workspace_id = c.workspace_id AND r.campaign_id = c.id
        AND r.state = 'new' AND r.began_at <= $1)
    OR EXISTS (SELECT 1 FROM campaign_runs r WHERE r.workspace_id = c.workspace_id AND r.campaign_id = c.id
        AND r.state = 'waiting' AND r.due_at <= $1)
    OR EXISTS (SELECT 1 FROM campaign_recipients p WHERE p.workspace_id = c.workspace_id AND p.campaign_id = c.id
        AND p.state = 'planned' AND p.due_at <= $1 AND p.canary = 0)
    OR EXISTS (SELECT 1 FROM outbox o WHERE o.workspace_id = c.workspace_id AND o.campaign_id = c.id AND o.state IN ('held', 'queued'))";
