//! Connecting a WABA: its portfolio, app and token are made known, routes are claimed, so that its
//! webhooks find the workspace, and its numbers and templates are read.

use secrecy::SecretString;
use wigwag_engine::{Context, numbers, templates};
use wigwag_model::WorkspaceId;
use wigwag_model::id::Id as _;
use wigwag_store::routes::{self, Route, RouteKind};
use wigwag_store::{apps, portfolios, wabas};

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

/// Makes a WABA with its numbers and templates known to a workspace. Doing it again changes what
/// differs.
///
/// # Errors
/// When Meta refuses, or when another workspace owns one of the ids.
pub(crate) async fn connect(
    context: &Context,
    meta: &wigwag_meta::Client,
    workspace: WorkspaceId,
    access: &Access,
) -> Outcome {
    let db = context.db();
    let unread = |error: &dyn std::fmt::Display| {
        failed(format!(
            "the WABA {} cannot be read: {error}",
            access.waba_id
        ))
    };
    let client = meta.with_token(SecretString::from(access.token.clone()));
    let waba = client
        .get_waba(&access.waba_id)
        .await
        .map_err(|error| unread(&error))?;
    let name = waba.name.unwrap_or_else(|| access.waba_id.clone());
    apps::put(
        db,
        &access.app_id,
        &access.app_name,
        &access.app_secret,
        &access.verify_token,
    )
    .await?;
    let portfolio = portfolios::put(db, workspace, &access.portfolio_id, &name).await?;
    let new = wabas::New {
        portfolio: Some(portfolio),
        app_id: access.app_id.clone(),
        waba_id: access.waba_id.clone(),
        name,
        access_token: access.token.clone(),
    };
    let waba = wabas::put(db, workspace, new).await?;
    context.forget_client(workspace, waba);
    for (kind, external, subject) in [
        (RouteKind::Portfolio, &access.portfolio_id, portfolio.uuid()),
        (RouteKind::Waba, &access.waba_id, waba.uuid()),
    ] {
        let route = Route {
            app: access.app_id.clone(),
            workspace,
            subject,
        };
        match routes::claim(db, kind, external, route).await {
            Err(wigwag_store::Error::Conflict(_)) => {
                return Err(failed(format!(
                    "the {} {external} belongs to another workspace already",
                    kind.as_str()
                )));
            }
            done => done?,
        }
    }
    numbers::sync(context, workspace, waba)
        .await
        .map_err(|error| unread(&error))?;
    templates::sync(context, workspace, waba)
        .await
        .map_err(|error| unread(&error))?;
    Ok(())
}

/// Whether a WABA is connected with exactly this access.
///
/// # Errors
/// What the database says.
pub(crate) async fn is_connected(
    context: &Context,
    workspace: WorkspaceId,
    access: &Access,
) -> Outcome<bool> {
    let db = context.db();
    let known = wabas::list(db, workspace).await?;
    let Some(waba) = known.iter().find(|waba| waba.waba_id == access.waba_id) else {
        return Ok(false);
    };
    let token = wabas::access_token(db, workspace, waba.id).await?;
    let secrets = match apps::secrets(db, &access.app_id).await {
        Err(wigwag_store::Error::NotFound) => return Ok(false),
        found => found?,
    };
    let verify = apps::verify_token(db, &access.app_id).await?;
    Ok(*token == access.token
        && secrets.current.as_slice() == access.app_secret.as_bytes()
        && verify.as_slice() == access.verify_token.as_bytes())
}
