//! Uploading a file that shall be sent: streamed to where files are kept, judged by its bytes.

use axum::Json;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use utoipa::ToSchema;
use wigwag_engine::media::{Kind, Receiver, Refusal, receive};
use wigwag_model::WorkspaceId;
use wigwag_store::media::Media as Row;

use super::Media;
use crate::Api;
use crate::auth::Caller;
use crate::operation::Subject;
use crate::problem::{Code, Problem};

/// The largest file that Meta takes, and room for the form around it.
const BODY_LIMIT: usize = 100 * 1024 * 1024 + 64 * 1024;
/// Most bytes of the field `kind`.
const KIND_BYTES: usize = 32;

/// The form of an upload.
#[derive(Debug, ToSchema)]
#[expect(
    dead_code,
    reason = "describes the form; the fields are read as they come"
)]
pub struct UploadForm {
    /// The file. Its type is found in its bytes, its name is kept.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// `image`, `video`, `audio`, `document` or `sticker`; without it the type decides. Put it
    /// before the file, so that a file that does not fit is refused early.
    kind: Option<String>,
}

/// Uploads a file that can then be sent by its id.
#[utoipa::path(post, path = "/api/v1/media", operation_id = "uploadMedia", tag = "Media",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "The file", body = Media),
        (status = 413, description = "Larger than WhatsApp takes"),
        (status = 415, description = "A type that WhatsApp does not take"),
        (status = 422, description = "Empty, or not what `kind` says")))]
pub async fn upload(
    State(api): State<Api>,
    caller: Caller,
    request: Request,
) -> Result<Response, Problem> {
    let workspace = caller.scope.workspace;
    let file = take(&api, workspace, request, OURS).await?;
    let subject = Subject(file.id.to_string());
    let body = Json(Media::of(&api, workspace, file.into()));
    let mut response = (StatusCode::CREATED, body).into_response();
    response.extensions_mut().insert(subject);
    Ok(response)
}

/// What a form calls its file, and whether it may hold fields that nobody knows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// The field with the file.
    pub(crate) file: &'static str,
    /// Whether other fields are passed over.
    pub(crate) open: bool,
}

const OURS: Shape = Shape {
    file: "file",
    open: false,
};

/// Takes the file of a form in.
pub(crate) async fn take(
    api: &Api,
    workspace: WorkspaceId,
    mut request: Request,
    shape: Shape,
) -> Result<Row, Problem> {
    DefaultBodyLimit::max(BODY_LIMIT).apply(&mut request);
    let mut form = Multipart::from_request(request, api).await.map_err(|_| {
        let file = shape.file;
        Problem::new(
            Code::BadRequest,
            format!("Send the file as the field `{file}` of `multipart/form-data`."),
        )
    })?;
    let read = read_form(api, workspace, &mut form, shape).await;
    if read.is_err() {
        drain(form).await;
    }
    read
}

/// Reads the fields in the order in which they come.
async fn read_form(
    api: &Api,
    workspace: WorkspaceId,
    form: &mut Multipart,
    shape: Shape,
) -> Result<Row, Problem> {
    let refused = |refusal| refused(shape.file, refusal);
    let mut wanted = None;
    let mut taken: Option<(Receiver, Option<String>)> = None;
    let read = async {
        while let Some(mut field) = form.next_field().await.map_err(|error| broken(&error))? {
            match field.name() {
                Some("kind") => wanted = Some(read_kind(field).await?),
                Some(name) if name == shape.file && taken.is_none() => {
                    let name = field.file_name().map(str::to_owned);
                    let context = api.engine().context();
                    let receiver = receive(context, workspace, wanted).await.map_err(refused)?;
                    let (receiver, _) = taken.insert((receiver, name));
                    while let Some(bytes) = field.chunk().await.map_err(|error| broken(&error))? {
                        receiver.push(bytes).await.map_err(refused)?;
                    }
                }
                Some(name) if name == shape.file => {
                    let message = "send one file at a time";
                    return Err(Problem::field(shape.file, "invalid", message));
                }
                _ if shape.open => {}
                name => {
                    let name = name.unwrap_or_default();
                    return Err(Problem::field(
                        name,
                        "unknown",
                        format!("unknown field, expected `{}` or `kind`", shape.file),
                    ));
                }
            }
        }
        Ok(())
    }
    .await;
    match (read, taken) {
        (Ok(()), Some((receiver, name))) => receiver
            .finish(name.as_deref(), wanted)
            .await
            .map_err(refused),
        (Ok(()), None) => Err(Problem::field(shape.file, "required", "there is no file")),
        (Err(problem), taken) => {
            if let Some((receiver, _)) = taken {
                receiver.abort().await;
            }
            Err(problem)
        }
    }
}

async fn read_kind(mut field: Field<'_>) -> Result<Kind, Problem> {
    let mut text = Vec::new();
    while let Some(bytes) = field.chunk().await.map_err(|error| broken(&error))? {
        text.extend_from_slice(&bytes);
        if text.len() > KIND_BYTES {
            break;
        }
    }
    std::str::from_utf8(&text)
        .ok()
        .and_then(|text| Kind::parse(text.trim()))
        .ok_or_else(|| {
            let names = Kind::ALL.map(Kind::as_str).join("`, `");
            Problem::field("kind", "invalid", format!("expected one of `{names}`"))
        })
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
            "WhatsApp takes documents of up to 100 MiB, and other files of less.",
        )
        .with("limit", 100 * 1024 * 1024);
    }
    Problem::new(
        Code::BadRequest,
        "The form ends before its end, or is not `multipart/form-data`.",
    )
}

fn refused(file: &str, refusal: Refusal) -> Problem {
    match &refusal {
        Refusal::Empty => Problem::field(file, "empty", "the file is empty"),
        Refusal::TooLarge { mime_type, limit } => {
            Problem::new(Code::TooLarge, format!("{refusal}: send a smaller one."))
                .with("limit", *limit)
                .with("mime_type", mime_type.as_str())
        }
        Refusal::Unsupported { mime_type } => Problem::new(
            Code::UnsupportedFile,
            format!("{refusal}: {}.", mend(mime_type)),
        )
        .with("mime_type", mime_type.as_str()),
        Refusal::WrongKind { .. } => Problem::field(
            "kind",
            "invalid",
            format!("{refusal}: leave `kind` out, or send another file"),
        ),
        Refusal::StickerSize { .. } => Problem::field(
            file,
            "sticker_size",
            format!("{refusal}: scale the picture to that"),
        ),
        Refusal::Files(error) => Problem::internal(error),
        Refusal::Store(_) => match refusal {
            Refusal::Store(error) => error.into(),
            other => Problem::internal(&other),
        },
    }
}

/// What to do about a type that WhatsApp does not take.
fn mend(mime_type: &str) -> &'static str {
    match mime_type.split('/').next().unwrap_or_default() {
        "image" => "convert it to JPEG or PNG",
        "video" => "convert it to MP4 with H.264 and AAC",
        "audio" => "convert it to MP3, M4A, AAC, AMR or Ogg with Opus",
        _ => "convert it to PDF, a text or an office document",
    }
}
