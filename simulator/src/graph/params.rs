//! Parameters of a call, whether they came in the query, as JSON, as a form or as multipart.

use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use bytes::Bytes;
use serde_json::{Map, Value};

use super::error::GraphError;

/// A file of a multipart body.
#[derive(Debug, Clone)]
pub(crate) struct FilePart {
    pub(crate) filename: Option<String>,
    pub(crate) mime_type: String,
    pub(crate) bytes: Bytes,
}

/// The parameters.
#[derive(Debug, Default)]
pub(crate) struct Params {
    /// Everything as one JSON object; body over query.
    pub(crate) all: Value,
    pub(crate) file: Option<FilePart>,
    /// The body as it came, if it was JSON.
    pub(crate) json_text: Option<String>,
    /// The body of a resumable upload.
    pub(crate) raw: Bytes,
}

/// Keys of a message that hold an object or a list.
const MESSAGE_PARTS: &[&str] = &[
    "text",
    "image",
    "video",
    "audio",
    "document",
    "sticker",
    "location",
    "contacts",
    "reaction",
    "interactive",
    "template",
    "context",
    "typing_indicator",
];

/// A little more than the largest document.
const MAX_BODY: usize = 101 << 20;

impl Params {
    /// Reads query and body.
    pub(crate) async fn read(request: Request, raw_body: bool) -> Result<Self, GraphError> {
        let query = request.uri().query().unwrap_or_default();
        let mut all = Map::new();
        if !query.is_empty() {
            let pairs: Vec<(String, String)> =
                serde_urlencoded::from_str(query).unwrap_or_default();
            all.extend(
                pairs
                    .into_iter()
                    .map(|(key, value)| (key, Value::from(value))),
            );
        }
        let kind = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_lowercase();
        if !raw_body && kind.starts_with("multipart/form-data") {
            return Self::multipart(request, all).await;
        }
        let body = axum::body::to_bytes(request.into_body(), MAX_BODY).await;
        let body = body
            .map_err(|_| GraphError::parameter("The request body is too large or was cut off."))?;
        if raw_body {
            return Ok(Self {
                all: all.into(),
                raw: body,
                ..Self::default()
            });
        }
        if body.is_empty() {
            return Ok(Self {
                all: all.into(),
                ..Self::default()
            });
        }
        if kind.starts_with("application/x-www-form-urlencoded") && !body.starts_with(b"{") {
            let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(&body)
                .map_err(|_| GraphError::parameter("The form in the body cannot be read."))?;
            all.extend(
                pairs
                    .into_iter()
                    .map(|(key, value)| (key, Value::from(value))),
            );
            return Ok(Self {
                all: all.into(),
                ..Self::default()
            });
        }
        let text = String::from_utf8(body.into()).map_err(|_| invalid_json("it is not UTF-8"))?;
        let value: Value =
            serde_json::from_str(&text).map_err(|error| invalid_json(&error.to_string()))?;
        let Value::Object(map) = value else {
            return Err(invalid_json("it is not an object"));
        };
        let all = if all.is_empty() {
            map
        } else {
            all.extend(map);
            all
        };
        Ok(Self {
            all: all.into(),
            json_text: Some(text),
            ..Self::default()
        })
    }

    async fn multipart(request: Request, mut all: Map<String, Value>) -> Result<Self, GraphError> {
        let unreadable = || GraphError::parameter("The multipart body cannot be read.");
        let mut parts = Multipart::from_request(request, &())
            .await
            .map_err(|_| unreadable())?;
        let mut file = None;
        while let Some(field) = parts.next_field().await.map_err(|_| unreadable())? {
            let name = field.name().unwrap_or_default().to_owned();
            let filename = field.file_name().map(str::to_owned);
            let mime_type = field.content_type().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|_| unreadable())?;
            if name == "file" || filename.is_some() {
                file = Some(FilePart {
                    filename,
                    mime_type,
                    bytes,
                });
            } else {
                all.insert(name, String::from_utf8_lossy(&bytes).into_owned().into());
            }
        }
        Ok(Self {
            all: all.into(),
            file,
            ..Self::default()
        })
    }

    /// Opens the parts of a message that came as JSON text, as they do in forms and from some
    /// clients in JSON as well. Plain texts, such as the callback data, stay what they are.
    pub(crate) fn open_message(&mut self) {
        for key in MESSAGE_PARTS {
            let opened = match &self.all[*key] {
                Value::String(text) => serde_json::from_str(text).ok(),
                _ => None,
            };
            if let Some(opened @ (Value::Object(_) | Value::Array(_))) = opened {
                self.all[*key] = opened;
                self.json_text = None;
            }
        }
    }

    /// A parameter.
    pub(crate) fn get(&self, key: &str) -> &Value {
        &self.all[key]
    }

    /// A parameter as text; numbers and booleans as they are written.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        match self.get(key) {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        }
    }

    /// A parameter as text that must be there.
    pub(crate) fn required(&self, key: &str) -> Result<String, GraphError> {
        self.text(key)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| GraphError::parameter(format!("The parameter {key} is required.")))
    }

    /// A structured parameter, which in a query is JSON text.
    pub(crate) fn structured(&self, key: &str) -> Value {
        match self.get(key) {
            Value::String(text) => {
                serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone()))
            }
            other => other.clone(),
        }
    }

    /// A list: an array, JSON text of one, or texts with commas between them.
    pub(crate) fn list(&self, key: &str) -> Option<Vec<String>> {
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        match self.structured(key) {
            Value::Array(all) => Some(all.iter().filter_map(text).collect()),
            one => {
                let all = text(&one)?;
                let parts = all
                    .split(',')
                    .map(str::trim)
                    .filter(|part| !part.is_empty());
                Some(parts.map(str::to_owned).collect())
            }
        }
    }

    /// A yes or no.
    pub(crate) fn flag(&self, key: &str) -> Option<bool> {
        match self.text(key)?.as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }
}

fn invalid_json(why: &str) -> GraphError {
    GraphError::parameter(format!("Invalid JSON in the request body: {why}"))
}
