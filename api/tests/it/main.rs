//! The API as clients see it, on both databases: who may do what, what is refused and how.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access;
mod audience;
mod bulk;
mod campaigns;
mod confirmations;
mod contacts;
mod endpoints;
mod events;
mod hooks;
mod imports;
mod links;
mod media;
mod ongoing;
mod persons;
mod public;
mod segments;
mod sending;
mod signing_in;
mod support;
mod template_rules;
mod templates;
mod tenancy;
mod track;
