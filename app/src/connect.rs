//! Connecting a WABA: its portfolio, app, token and numbers are made known, and routes are claimed,
//! so that its webhooks find the workspace.

use secrecy::SecretString;
use wigwag_meta::Client;
use wigwag_meta::phone_number::{
    MessagingLimit, NumberStatus, PhoneNumber, Quality, ThroughputLevel,
};
use wigwag_model::WorkspaceId;
use wigwag_model::id::Id as _;
use wigwag_store::numbers::{self, NewNumber};
use wigwag_store::routes::{self, Route, RouteKind};
use wigwag_store::{Db, apps, portfolios, wabas};

use crate::failure::{Outcome, failed};

/// What Meta handed out.
#[derive(Clone)]
pub(crate) struct Access {
    /// Meta's id of the app.
    pub(crate) app_id: String,
    /// The app's name.
    pub(crate) app_name: String,
    /// What webhooks are signed with.
    pub(crate) app_secret: String,
    /// What the webhook's challenge must bring.
    pub(crate) verify_token: String,
    /// Meta's id of the business portfolio.
    pub(crate) portfolio_id: String,
    /// Meta's id of the WABA.
    pub(crate) waba_id: String,
    /// The token for the WABA.
    pub(crate) token: String,
}

/// Makes a WABA and its numbers known to a workspace. Doing it again changes what differs.
///
/// # Errors
/// When Meta refuses, or when another workspace owns one of the ids.
pub(crate) async fn connect(
    db: &Db,
    meta: &Client,
    workspace: WorkspaceId,
    access: &Access,
) -> Outcome {
    let client = meta.with_token(SecretString::from(access.token.clone()));
    let refused = |error: wigwag_meta::Error| {
        failed(format!(
            "the WABA {} cannot be read: {error}",
            access.waba_id
        ))
    };
    let waba = client.get_waba(&access.waba_id).await.map_err(refused)?;
    let found = client
        .list_phone_numbers(&access.waba_id)
        .await
        .map_err(refused)?;
    let waba_name = waba.name.unwrap_or_else(|| access.waba_id.clone());
    apps::put(
        db,
        &access.app_id,
        &access.app_name,
        &access.app_secret,
        &access.verify_token,
    )
    .await?;
    let portfolio = portfolios::put(db, workspace, &access.portfolio_id, &waba_name).await?;
    let waba = wabas::put(
        db,
        workspace,
        wabas::New {
            portfolio: Some(portfolio),
            app_id: access.app_id.clone(),
            waba_id: access.waba_id.clone(),
            name: waba_name,
            access_token: access.token.clone(),
        },
    )
    .await?;
    let claim = |kind, external: String, subject| {
        let route = Route {
            app: access.app_id.clone(),
            workspace,
            subject,
        };
        async move {
            match routes::claim(db, kind, &external, route).await {
                Err(wigwag_store::Error::Conflict(_)) => Err(failed(format!(
                    "{} {external} belongs to another workspace already",
                    kind.as_str()
                ))),
                done => Ok(done?),
            }
        }
    };
    claim(
        RouteKind::Portfolio,
        access.portfolio_id.clone(),
        portfolio.uuid(),
    )
    .await?;
    claim(RouteKind::Waba, access.waba_id.clone(), waba.uuid()).await?;
    for number in found {
        let external = number.id.clone();
        let id = numbers::connect(db, workspace, new_number(waba, number)).await?;
        claim(RouteKind::PhoneNumber, external, id.uuid()).await?;
    }
    Ok(())
}

fn new_number(waba: wigwag_model::WabaId, number: PhoneNumber) -> NewNumber {
    let lower = |text: Option<&str>| text.unwrap_or("unknown").to_lowercase();
    let quality = match number.quality_rating {
        Some(Quality::Green) => "green",
        Some(Quality::Yellow) => "yellow",
        Some(Quality::Red) => "red",
        _ => "unknown",
    };
    let throughput = match number
        .throughput
        .as_ref()
        .map(|throughput| &throughput.level)
    {
        Some(ThroughputLevel::High) => 1_000,
        _ if number.is_on_biz_app == Some(true) => 20,
        _ => 80,
    };
    NewNumber {
        waba,
        messaging_limit: number
            .messaging_limit()
            .and_then(MessagingLimit::people)
            .map(i64::from),
        status: lower(number.status.as_ref().map(NumberStatus::as_str)),
        quality: quality.to_owned(),
        throughput,
        display_phone_number: number.display_phone_number.unwrap_or_default(),
        verified_name: number.verified_name.unwrap_or_default(),
        phone_number_id: number.id,
    }
}
