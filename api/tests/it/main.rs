//! The API as clients see it, on both databases: who may do what, what is refused and how.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access;
mod audience;
mod campaigns;
mod confirmations;
mod contacts;
mod events;
mod imports;
mod links;
mod media;
mod public;
mod sending;
mod signing_in;
mod support;
mod template_rules;
mod templates;
mod tenancy;
