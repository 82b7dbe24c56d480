//! A file of contacts on its way in: a form with the file, or the file alone.

use axum::Json;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::StreamExt as _;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use wigwag_engine::imports::{MOST_BYTES, Receiver, receive};
use wigwag_store::imports::Import as Row;

use super::{Import, refused, shown};
use crate::Api;
use crate::auth::Caller;
use crate::operation::Subject;
use crate::problem::{Code, Problem};

/// The largest file, and room for the form around it.
const BODY_LIMIT: usize = 256 * 1024 * 1024 + 64 * 1024;

/// The form of an upload.
#[derive(Debug, ToSchema)]
#[expect(
    dead_code,
    reason = "describes the form; the field is read as it comes"
)]
pub struct ImportForm {
    /// The file: CSV in any encoding, with any of the usual characters between its columns.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// What goes with a file that comes without a form.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CreateImport {
    /// What to call the file, when it is the body itself.
    #[serde(default)]
    pub filename: Option<String>,
}

/// Uploads a file of contacts and says what is in it. Nothing is imported yet.
#[utoipa::path(post, path = "/api/v1/imports", operation_id = "importContacts", tag = "Imports", params(CreateImport),
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "The file and what its columns probably are", body = Import),
        (status = 413, description = "More than 256 MiB"),
        (status = 415, description = "No text")))]
pub async fn create(
    State(api): State<Api>,
    caller: Caller,
    crate::request::Params(wish): crate::request::Params<CreateImport>,
    mut request: Request,
) -> Result<Response, Problem> {
    DefaultBodyLimit::max(BODY_LIMIT).apply(&mut request);
    let form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("multipart/form-data"));
    let row = if form {
        Box::pin(of_form(&api, &caller, request)).await?
    } else {
        bare(&api, &caller, wish.filename.as_deref(), request).await?
    };
    let subject = Subject(row.id.to_string());
    let import: Import = shown(&api, &caller, row).await?;
    let mut response = (StatusCode::CREATED, Json(import)).into_response();
    response.extensions_mut().insert(subject);
    Ok(response)
}

async fn begin(api: &Api, caller: &Caller) -> Result<Receiver, Problem> {
    receive(api.engine().context(), caller.scope.workspace)
        .await
        .map_err(refused)
}

/// The body is the file.
async fn bare(
    api: &Api,
    caller: &Caller,
    filename: Option<&str>,
    request: Request,
) -> Result<Row, Problem> {
    let mut receiver = begin(api, caller).await?;
    let mut body = request.into_body().into_data_stream();
    while let Some(piece) = body.next().await {
        let pushed = match piece {
            Ok(bytes) => receiver.push(bytes).await.map_err(refused),
            Err(_) => Err(Problem::new(
                Code::BadRequest,
                "The body ends before its end.",
            )),
        };
        if let Err(problem) = pushed {
            receiver.abort().await;
            return Err(problem);
        }
    }
    receiver
        .finish(
            filename.unwrap_or("contacts.csv"),
            caller.scope.actor.to_string(),
        )
        .await
        .map_err(refused)
}

/// The file is a field of a form.
async fn of_form(api: &Api, caller: &Caller, request: Request) -> Result<Row, Problem> {
    let mut form = Multipart::from_request(request, api).await.map_err(|_| {
        Problem::new(
            Code::BadRequest,
            "Send the file as the field `file` of `multipart/form-data`, or as the body.",
        )
    })?;
    let mut taken: Option<(Receiver, String)> = None;
    let read = async {
        while let Some(mut field) = form.next_field().await.map_err(|error| broken(&error))? {
            if field.name() != Some("file") {
                let name = field.name().unwrap_or_default().to_owned();
                return Err(Problem::field(
                    name,
                    "unknown",
                    "unknown field, expected `file`",
                ));
            }
            if taken.is_some() {
                return Err(Problem::field("file", "invalid", "send one file at a time"));
            }
            let name = field.file_name().unwrap_or("contacts.csv").to_owned();
            let (receiver, _) = taken.insert((begin(api, caller).await?, name));
            while let Some(bytes) = field.chunk().await.map_err(|error| broken(&error))? {
                receiver.push(bytes).await.map_err(refused)?;
            }
        }
        Ok(())
    }
    .await;
    match (read, taken) {
        (Ok(()), Some((receiver, name))) => receiver
            .finish(&name, caller.scope.actor.to_string())
            .await
            .map_err(refused),
        (Ok(()), None) => Err(Problem::field("file", "required", "there is no file")),
        (Err(problem), taken) => {
            if let Some((receiver, _)) = taken {
                receiver.abort().await;
            }
            drain(form).await;
            Err(problem)
        }
    }
}

/// Reads and forgets the rest: a browser that is still sending would see a broken connection
/// instead of the answer.
async fn drain(mut form: Multipart) {
    while let Ok(Some(mut field)) = form.next_field().await {
        while let Ok(Some(_)) = field.chunk().await {}
    }
}

fn broken(error: &MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(
            Code::TooLarge,
            "A file of contacts has at most 256 MiB: divide it.",
        )
        .with("limit", MOST_BYTES);
    }
    Problem::new(
        Code::BadRequest,
        "The form ends before its end, or is not `multipart/form-data`.",
    )
}
