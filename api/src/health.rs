//! `/livez`: the process answers. `/readyz`: it can also read its database.

use axum::extract::State;
use axum::http::StatusCode;

use crate::Api;

/// The process answers.
pub async fn livez() -> &'static str {
    "ok\n"
}

/// The database answers and the process is not stopping.
pub async fn readyz(State(api): State<Api>) -> (StatusCode, &'static str) {
    if api.stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match wigwag_store::accounts::any(api.db()).await {
        Ok(_) => (StatusCode::OK, "ok\n"),
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database does not answer\n",
        ),
    }
}
