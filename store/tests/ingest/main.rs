//! Applying what came in, on both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod costs;
mod marks;
mod messages;
mod notices;
mod opt_out;
mod people;
mod statuses;
mod tenancy;
mod world;
