//! Wigwag's HTTP: routes, DTOs, sessions and keys, permissions, problems, the OpenAPI document,
//! the live socket and Meta's webhooks. Nothing here decides: reads go to `store`, decisions to
//! `engine`.
//!
//! [`Api`] is what handlers share; [`router`] is everything that answers under `/api/`,
//! `/webhooks/` and the health addresses. The console's files are added by `app`.

pub mod address;
pub mod api_keys;
pub mod apps;
pub mod audience;
pub mod auth;
mod budget;
pub mod calls;
pub mod campaigns;
pub mod confirmations;
pub mod consent;
pub mod contacts;
pub mod conversations;
pub mod dead_letters;
pub mod docs;
mod download;
pub mod endpoints;
pub mod event_names;
pub mod events;
pub mod health;
pub mod hooks;
pub mod hosts;
pub mod imports;
pub mod links;
pub mod live;
pub mod media;
pub mod members;
pub mod messages;
pub mod numbers;
pub mod openapi;
pub mod operation;
pub mod page;
pub mod problem;
pub mod public;
pub mod request;
pub mod request_id;
pub mod secret;
pub mod security_headers;
pub mod segments;
pub mod send;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod state;
pub mod templates;
pub mod track;
pub mod webhooks;

pub use openapi::{document, router};
pub use problem::{Code, Problem};
pub use settings::{PublicApi, Settings};
pub use state::{Api, Parts};
