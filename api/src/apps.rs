//! Meta apps that the workspace is reached through, with the address that Meta calls.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use wigwag_model::Timestamp;

use crate::Api;
use crate::auth::Caller;
use crate::page::Page;
use crate::problem::Problem;

/// A Meta app.
#[derive(Debug, Serialize, ToSchema)]
pub struct App {
    /// Meta's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The callback URL to give to Meta.
    pub webhook_url: String,
    /// The first characters of the verify token.
    pub verify_token_hint: String,
    /// The last characters of the app's secret.
    pub secret_last4: String,
    /// When Meta last called for it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_webhook_at: Option<Timestamp>,
}

/// Lists the apps.
#[utoipa::path(get, path = "/api/v1/apps", operation_id = "listApps", tag = "Developers",
    responses((status = 200, description = "The apps", body = Page<App>)))]
pub async fn list(State(api): State<Api>, caller: Caller) -> Result<Json<Page<App>>, Problem> {
    let apps = wigwag_store::apps::list(api.db(), caller.scope.workspace).await?;
    let base = api
        .settings()
        .public_url
        .as_str()
        .trim_end_matches('/')
        .to_owned();
    let apps = apps.into_iter().map(|app| App {
        webhook_url: format!("{base}/webhooks/whatsapp/{}", app.id),
        verify_token_hint: format!("{}…", app.verify_token_hint),
        id: app.id,
        name: app.name,
        secret_last4: app.secret_last4,
        last_webhook_at: app.last_webhook_at,
    });
    Ok(Json(Page::whole(apps.collect())))
}
