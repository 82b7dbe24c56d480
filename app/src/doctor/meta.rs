//! Meta: reachable, with the same time; tokens, numbers and webhooks of each connected account.

use std::time::Duration;

use secrecy::SecretString;
use wigwag_engine::clock::SystemClock;
use wigwag_meta::phone_number::{NumberStatus, PhoneNumber, Quality};
use wigwag_meta::{Client, Error, http};
use wigwag_model::{Clock as _, WorkspaceId};
use wigwag_store::wabas::Waba;
use wigwag_store::{Db, apps, wabas, workspaces};

use super::report::Report;
use crate::config::Config;
use crate::failure::{Outcome, failed};

/// The most that the clocks may differ, in seconds: windows are counted by Meta's clock.
const SKEW: i64 = 30;
/// How long one call may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The checks that ask somebody.
pub(super) struct Checks<'c> {
    config: &'c Config,
    client: Client,
    http: reqwest::Client,
}

impl<'c> Checks<'c> {
    /// With the configured address.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub(super) fn new(config: &'c Config) -> Outcome<Self> {
        let refused = |error: http::ClientError| failed(error.to_string());
        let meta = wigwag_meta::Config {
            timeout: PATIENCE,
            ..config.meta()
        };
        let options = http::Options {
            timeout: Some(PATIENCE),
            system_proxy: !meta.base_url.host_str().is_some_and(is_loopback),
            ..http::Options::default()
        };
        Ok(Self {
            config,
            client: Client::new(meta, SecretString::from(String::new())).map_err(refused)?,
            http: http::client(&options).map_err(refused)?,
        })
    }

    /// Whether Meta answers, and with which time.
    pub(super) async fn reach(&self, report: &mut Report) {
        let subject = "Meta";
        let url = &self.config.meta.base_url;
        let answer = match self.http.get(url.clone()).send().await {
            Ok(answer) => answer,
            Err(error) => {
                let found = format!("{url} does not answer ({})", error.without_url());
                report.wrong(
                    subject,
                    found,
                    "check meta.base_url, the firewall and the proxy",
                );
                return;
            }
        };
        report.fine(subject, format!("{url} answers"));
        let theirs = answer
            .headers()
            .get("date")
            .and_then(|date| jiff::fmt::rfc2822::parse(date.to_str().ok()?).ok())
            .map(|date| date.timestamp().as_second());
        let Some(theirs) = theirs else {
            return;
        };
        let skew = SystemClock::new().now().as_micros() / 1_000_000 - theirs;
        if skew.abs() > SKEW {
            let found = format!("this machine differs from Meta by {skew} seconds");
            report.wrong(
                "clock",
                found,
                "let NTP set the clock (timedatectl set-ntp true)",
            );
        } else {
            report.fine("clock", "agrees with Meta's");
        }
    }

    /// Each connected account.
    pub(super) async fn accounts(&self, db: &Db, report: &mut Report) {
        let all = match workspaces::list(db).await {
            Ok(all) => all,
            Err(error) => {
                report.wrong("workspaces", error.to_string(), "see the line itself");
                return;
            }
        };
        for workspace in all {
            match wabas::list(db, workspace.id).await {
                Ok(wabas) if wabas.is_empty() => {
                    let subject = format!("workspace {}", workspace.name);
                    report.unusual(
                        &subject,
                        "no WhatsApp Business Account",
                        "`wigwag connect` connects one",
                    );
                }
                Ok(wabas) => {
                    for waba in wabas {
                        self.waba(db, workspace.id, &waba, report).await;
                    }
                }
                Err(error) => report.wrong("accounts", error.to_string(), "see the line itself"),
            }
        }
    }

    async fn waba(&self, db: &Db, workspace: WorkspaceId, waba: &Waba, report: &mut Report) {
        let subject = format!("account {} ({})", waba.name, waba.waba_id);
        let token = match wabas::access_token(db, workspace, waba.id).await {
            Ok(token) => token,
            Err(error) => {
                report.wrong(&subject, error.to_string(), "`wigwag connect` again");
                return;
            }
        };
        let client = self
            .client
            .with_token(SecretString::from(token.to_string()));
        match client.list_phone_numbers(&waba.waba_id).await {
            Ok(numbers) => {
                report.fine(&subject, "the token works");
                for number in &numbers {
                    tell_number(number, report);
                }
            }
            Err(error) => {
                report.wrong(&subject, error.to_string(), mend(&error));
                return;
            }
        }
        match client.list_subscribed_apps(&waba.waba_id).await {
            Ok(apps) => {
                let ours = apps
                    .iter()
                    .any(|app| app.whatsapp_business_api_data.id == waba.app_id);
                if ours {
                    report.fine(&subject, format!("its webhooks go to app {}", waba.app_id));
                } else {
                    let found = format!("its webhooks do not go to app {}", waba.app_id);
                    report.wrong(
                        &subject,
                        found,
                        "`wigwag connect` again, which subscribes the app to the account",
                    );
                }
            }
            Err(error) => report.wrong(&subject, error.to_string(), mend(&error)),
        }
        self.webhook(db, &waba.app_id, report).await;
    }

    /// Asks our own public address for the challenge, as Meta does.
    async fn webhook(&self, db: &Db, app_id: &str, report: &mut Report) {
        let subject = format!("webhook of app {app_id}");
        let token = match apps::verify_token(db, app_id).await {
            Ok(token) => String::from_utf8_lossy(&token).into_owned(),
            Err(error) => {
                report.wrong(&subject, error.to_string(), "`wigwag connect` again");
                return;
            }
        };
        let address = self.config.link(&format!("/webhooks/whatsapp/{app_id}"));
        let query = [
            ("hub.mode", "subscribe"),
            ("hub.challenge", "1158201444"),
            ("hub.verify_token", token.as_str()),
        ];
        let Ok(url) = url::Url::parse_with_params(&address, query) else {
            report.wrong(
                &subject,
                format!("{address} is no address"),
                "set server.public_url",
            );
            return;
        };
        let text = match self.http.get(url).send().await {
            Ok(answer) => answer.text().await.unwrap_or_default(),
            Err(error) => {
                let found = format!("{address} does not answer here ({})", error.without_url());
                let mend = "start `wigwag serve`, and check server.public_url and the proxy in front; Meta must reach it";
                report.unusual(&subject, found, mend);
                return;
            }
        };
        if text == "1158201444" {
            report.fine(&subject, format!("{address} answers the challenge"));
        } else {
            let mend =
                "something else answers there: check server.public_url and the proxy in front";
            report.wrong(
                &subject,
                format!("{address} does not answer the challenge"),
                mend,
            );
        }
    }
}

fn tell_number(number: &PhoneNumber, report: &mut Report) {
    let shown = number.display_phone_number.as_deref().unwrap_or(&number.id);
    let subject = format!("number {shown}");
    let status = number.status.as_ref();
    if !matches!(status, None | Some(NumberStatus::Connected)) {
        let found = format!("Meta says {}", status.map_or("", NumberStatus::as_str));
        report.wrong(&subject, found, "see the number in Meta's WhatsApp Manager");
    } else if number.quality_rating == Some(Quality::Red) {
        report.unusual(
            &subject,
            "its quality is low",
            "send less that people report or block",
        );
    } else {
        report.fine(&subject, "connected");
    }
}

/// What helps against an error of Meta's.
fn mend(error: &Error) -> &'static str {
    match error {
        Error::Graph { error, .. } if error.code == 190 => {
            "the token is not valid any more: make a new one in Meta's Business settings and `wigwag connect` again"
        }
        Error::Graph { .. } => "see Meta's words; the token may lack a permission",
        _ => "check meta.base_url, the firewall and the proxy",
    }
}

fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}
