//! `GET /cta?redirect=…`: where buttons of templates lead that go by Interakt's click address (Interakt: UTM
//! parameters in template buttons).
//!
//! Nobody signs in here, so it must lead nowhere that a stranger chooses: only to hosts that Meta approved in
//! some template's button, and only by https. The hosts are read together and kept for a minute.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;
use wigwag_model::Timestamp;
use wigwag_model::template::button_addresses;
use wigwag_store::templates;

use crate::Api;
use crate::links::{lead, nowhere};
use crate::problem::Problem;

/// The route; Interakt has it beside the API, not below its prefix.
pub const PATH: &str = "/cta";
/// The parameter.
const PARAMETER: &str = "redirect";
/// How long the hosts are kept.
const KEPT: Duration = Duration::from_mins(1);
/// Longer than any address that Meta takes (Meta: URL buttons, 2,000 characters).
const LONGEST: usize = 4_000;

/// The hosts, and when they were read.
type Hosts = (Timestamp, Arc<HashSet<String>>);

/// The hosts that may be led to.
#[derive(Debug, Default)]
pub(crate) struct Redirects {
    hosts: Mutex<Option<Hosts>>,
}

impl Redirects {
    /// The hosts; read by one request at a time.
    async fn hosts(&self, api: &Api) -> Result<Arc<HashSet<String>>, Problem> {
        let now = api.clock().now();
        let mut kept = self.hosts.lock().await;
        if let Some((at, hosts)) = kept.as_ref()
            && now.since(*at) < KEPT
        {
            return Ok(hosts.clone());
        }
        let components = templates::with_links(api.db()).await?;
        let hosts: Arc<HashSet<String>> = Arc::new(components.iter().flat_map(hosts_of).collect());
        *kept = Some((now, Arc::clone(&hosts)));
        Ok(hosts)
    }
}

/// Leads on.
pub async fn follow(State(api): State<Api>, uri: Uri) -> Result<Response, Problem> {
    let Some(url) = target(uri.query().unwrap_or_default()) else {
        return Ok(nowhere());
    };
    let hosts = api.redirects().hosts(&api).await?;
    let known = url.host_str().is_some_and(|host| hosts.contains(host));
    Ok(if known { lead(url.as_str()) } else { nowhere() })
}

/// The address in a query. Clients put it there as it is, so that its own query follows with `&`.
fn target(query: &str) -> Option<Url> {
    let (before, rest) = query.split_once(&format!("{PARAMETER}="))?;
    if query.len() > LONGEST || !(before.is_empty() || before.ends_with('&')) {
        return None;
    }
    let raw = if rest.starts_with("https://") {
        rest.to_owned()
    } else {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == PARAMETER)?.1.into_owned()
    };
    web(&raw)
}

/// An https address of a host by name or number, without a user in it.
fn web(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
    (plain && url.host_str().is_some()).then_some(url)
}

/// The hosts of a template's buttons, and of the addresses that they carry in their samples.
fn hosts_of(components: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for address in button_addresses(components) {
        let direct = Url::parse(&address).ok();
        let inner = direct.as_ref().and_then(|url| target(url.query()?));
        let urls = [direct.filter(|url| url.scheme() == "https"), inner];
        let host = |url: Url| url.host_str().map(str::to_owned);
        found.extend(urls.into_iter().flatten().filter_map(host));
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_target_is_read_plain_and_encoded() {
        for query in [
            "redirect=https://kite.example/a?b=1&c=2",
            "redirect=https%3A%2F%2Fkite.example%2Fa%3Fb%3D1%26c%3D2",
            "x=1&redirect=https://kite.example/a?b=1&c=2",
        ] {
            let url = target(query).unwrap();
            assert_eq!(url.as_str(), "https://kite.example/a?b=1&c=2", "{query}");
        }
        for query in [
            "",
            "redirect=",
            "redirect=//kite.example",
            "redirect=http://kite.example",
            "redirect=javascript:alert(1)",
            "redirect=https://kite.example@evil.example/",
            "notredirect=https://kite.example",
        ] {
            assert!(
                target(query).is_none_or(|url| url.host_str() != Some("kite.example")),
                "{query}"
            );
        }
    }

    #[test]
    fn hosts_are_those_of_buttons_and_their_samples() {
        let components = json!([{"type": "BUTTONS", "buttons": [
            {"type": "URL", "url": "https://Kite.example/a/{{1}}", "example": ["https://kite.example/a/1"]},
            {"type": "URL", "url": "https://inbox.example/cta?redirect={{1}}",
             "example": ["https://inbox.example/cta?redirect=https://shop.example/x"]},
            {"type": "URL", "url": "http://plain.example/"},
            {"type": "PHONE_NUMBER", "phone_number": "+91"},
        ]}]);
        let mut hosts = hosts_of(&components);
        hosts.sort();
        hosts.dedup();
        assert_eq!(hosts, ["inbox.example", "kite.example", "shop.example"]);
    }
}
