//! `POST /track/files/upload_to_fb/`: the sample of a template's header (Interakt: Upload Media API).

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::Api;
use crate::auth::Caller;
use crate::media::upload::{Shape, take};
use crate::operation::Subject;
use crate::problem::Problem;

/// Interakt's form.
const SHAPE: Shape = Shape {
    file: "uploadFile",
    open: true,
};

/// Keeps a file. It goes to Meta when a template with its handle is handed in.
pub(super) async fn upload(
    State(api): State<Api>,
    caller: Caller,
    request: Request,
) -> Result<Response, Problem> {
    let workspace = caller.scope.workspace;
    let file = take(&api, workspace, request, SHAPE).await?;
    let signed = api.signer().url(workspace, file.id, api.clock().now());
    let url = api.settings().public_url.join(&signed);
    let url = url.map_or(signed, String::from);
    let body = json!({"result": true, "message": "File uploaded successfully", "data":
        {"file_handle": file.id, "file_url": url, "file_name": file.filename}});
    let mut response = Json(body).into_response();
    let subject = Subject(file.id.to_string());
    response.extensions_mut().insert(subject);
    Ok(response)
}
