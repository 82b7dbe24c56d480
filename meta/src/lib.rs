//! The WhatsApp Business Platform in types: Cloud API, webhooks, errors, signatures, client.
//!
//! This crate speaks Meta's words and only those: what may be sent ([`outgoing`]), what arrives
//! ([`webhook`]), what an error code means ([`classify`]), whether a request can have had an effect
//! ([`effect`]), and one HTTP client ([`client`]), beside which every other client of the program is made
//! ([`http`], [`outside`]). It knows no workspace, contact or campaign, keeps no
//! state, reads no clock and never repeats a request by itself: whoever calls decides that.

#[macro_use]
mod open_enum;

pub mod account;
pub mod check;
pub mod classify;
pub mod client;
mod codes;
pub mod effect;
pub mod error;
pub mod http;
pub mod limits;
pub mod media;
pub mod oauth;
pub mod outgoing;
pub mod outside;
pub mod page;
pub mod phone_number;
pub mod profile;
pub mod response;
pub mod signature;
pub mod template;
pub mod time_zones;
pub mod webhook;

pub use check::LimitError;
pub use classify::{Class, CodeInfo};
pub use client::{Client, Config};
pub use effect::{Effect, SendOutcome};
pub use error::{Error, GraphError};
pub use outgoing::Outgoing;
pub use outside::Outside;
