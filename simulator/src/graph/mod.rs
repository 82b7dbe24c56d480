//! The Graph API: any or no version in the path, parameters in any form, errors in Graph form.
//!
//! Handlers are plain functions on the state; only the router waits.

mod apps;
mod block;
pub(crate) mod error;
mod fields;
mod media;
mod messages;
mod numbers;
mod oauth;
mod paging;
mod params;
mod profile;
pub(crate) mod router;
mod templates;
pub(crate) mod titles;
mod waba;

/// Makes a system user token for an app.
pub(crate) fn mint_token(
    state: &mut crate::state::State,
    app_id: &str,
    expires_us: i64,
    now_us: i64,
) -> String {
    oauth::mint(state, app_id, "SYSTEM_USER", expires_us, now_us)
}
