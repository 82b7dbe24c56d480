//! Telling endpoints: other programs hear what happens here, by webhook.
//!
//! Three tasks of every process that works. One spreads what happened over the endpoints that want it
//! (`spread`): it renders the whole body at that moment, milliseconds after the change, so that a
//! delivery which is late says what was, not what is. The other tells (`deliver`): it claims what
//! is due, a few per endpoint at a time, posts it through the guarded client and records the end. The
//! third says once a day what became of each template's messages (`measure`).
//!
//! What is told is told at least once: a process that dies between an answer and its record tells
//! again, with the same id. The order of one contact's deliveries to one endpoint is that of the feed.

mod deliver;
mod interakt;
mod manage;
mod measure;
mod sign;
mod spread;
mod wigwag;

pub use manage::{AddressError, Made, Wish, change, create, fresh_secret, rotate, test};
pub use sign::{Headers, headers};

use crate::Context;

/// Starts the tasks.
pub(crate) fn start(context: &Context) {
    context.tasks().spawn(spread::serve(context.clone()));
    context.tasks().spawn(deliver::serve(context.clone()));
    context.tasks().spawn(measure::serve(context.clone()));
}
