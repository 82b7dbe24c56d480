//! Campaigns: one template to many people.
//!
//! A campaign is written ([`edit`]), reviewed ([`review()`]) and sent ([`send`]). A job then writes its people
//! down from one snapshot of the audience (`plan`), and a task of every process that works looks after
//! it (`tend`): hands people to the lane some seconds ahead, brakes, pauses, ends. Whether a message
//! leaves is decided once more, and last, when the lane claims it. An on-going campaign ([`ongoing`]) gets
//! its people one by one, from what happens.

mod actions;
mod brake;
mod clicks;
mod decide;
mod doorbell;
mod error;
mod feed;
mod links;
pub mod ongoing;
mod plan;
mod review;
mod setup;
mod tend;
mod trial;

pub(crate) use actions::hold;
pub use actions::{delete, edit, pause, release, resume, send, stop, undo};
pub use clicks::Clicks;
pub(crate) use clicks::start as start_clicks;
pub use doorbell::Doorbell;
pub use error::CampaignError;
pub(crate) use plan::{Plan, give_up, plan};
pub use review::{DailyLimit, Excluded, LocalTime, Preview, Review, Why, excluded, review};
pub(crate) use tend::start;
pub use trial::{MOST as MOST_TRIALS, trial};
