//! What happens in Wigwag: ingest, dispatch, media, jobs. Everything that decides.
//!
//! The crate turns webhooks into rows and rows into calls of Meta's API. It holds no SQL and no
//! HTTP routes, and it never looks at the machine's clock except through [`clock::SystemClock`].
//! [`Engine`] starts the parts; each part works on a [`Context`].

pub mod accounts;
mod blocks;
pub mod bulk;
pub mod campaigns;
pub mod clock;
pub mod contacts;
mod context;
pub mod dispatch;
pub mod endpoints;
mod engine;
pub mod events;
pub mod files;
pub mod hooks;
pub mod imports;
pub mod ingest;
pub mod jobs;
pub mod media;
pub mod messages;
pub mod numbers;
mod statistics;
pub mod sweep;
pub mod templates;
pub mod uploads;
pub mod visits;
mod waba_bill;
pub mod wabas;
pub mod wait;

pub use context::{Context, Settings};
pub use engine::{Engine, Parts, Role};
pub use files::Files;
pub use ingest::{AcceptError, Ingest};
pub use wigwag_meta::outside;
