//! Which host names are answered: the public one, those of the configuration, and the loopback.
//!
//! Otherwise a page anywhere could point a name of its own at this server and speak to it from a
//! visitor's browser.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::Api;

/// Refuses requests for other hosts with 421; health checks pass.
pub async fn layer(State(api): State<Api>, request: Request, next: Next) -> Response {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .or_else(|| request.uri().authority().map(http::uri::Authority::as_str));
    let health = matches!(request.uri().path(), "/livez" | "/readyz");
    if health || host.is_some_and(|host| known(&api, host)) {
        return next.run(request).await;
    }
    (
        StatusCode::MISDIRECTED_REQUEST,
        "This server does not answer for this host name. Add it to server.hosts in the configuration.\n",
    )
        .into_response()
}

fn known(api: &Api, host: &str) -> bool {
    let name = without_port(host);
    let settings = api.settings();
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
        || settings
            .public_url
            .host_str()
            .is_some_and(|public| public.eq_ignore_ascii_case(name))
        || settings
            .hosts
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::without_port;

    #[test]
    fn ports_are_not_part_of_the_name() {
        for (host, name) in [
            ("a.example:8080", "a.example"),
            ("[::1]:80", "[::1]"),
            ("[::1]", "[::1]"),
        ] {
            assert_eq!(without_port(host), name);
        }
    }
}
