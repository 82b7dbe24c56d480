//! Applying what came in, on both databases.

mod marks;
mod messages;
mod people;
mod statuses;
mod tenancy;
mod world;
