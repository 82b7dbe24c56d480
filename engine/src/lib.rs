//! What happens in Wigwag: ingest, dispatch, media, jobs. Everything that decides.
//!
//! The crate turns webhooks into rows and rows into calls of Meta's API. It holds no SQL and no
//! HTTP routes, and it never looks at the machine's clock except through [`clock::SystemClock`].

pub mod accounts;
pub mod clock;
