//! Resumable upload: samples of template headers and profile pictures (Meta: Resumable Upload API).
//!
//! A session is opened for a file of a known length, then its bytes are posted; the handle goes into
//! `example.header_handle`. Nothing is sent to anybody by it, so that it may be repeated at will.

use secrecy::ExposeSecret;
use serde::Deserialize;
use url::Url;

use super::media::Upload;
use super::{Client, call, read, transport};
use crate::error::Error;

#[derive(Deserialize)]
struct Session {
    id: String,
}

#[derive(Deserialize)]
struct Handle {
    h: String,
}

impl Client {
    /// Uploads a sample for an app; answers its handle. The upload needs its length.
    pub async fn upload_sample(&self, app_id: &str, upload: Upload) -> Result<String, Error> {
        let Some(length) = upload.length else {
            return Err(Error::NotSent(
                "a resumable upload needs the length of its file".to_owned(),
            ));
        };
        let length = length.to_string();
        let query = [
            ("file_name", upload.filename.as_str()),
            ("file_length", length.as_str()),
            ("file_type", upload.mime_type.as_str()),
        ];
        let session: Session =
            call(self.request(reqwest::Method::POST, &[app_id, "uploads"], &query)).await?;
        let request = self
            .http
            .post(self.session_url(&session.id))
            // Not `Bearer`, alone of all calls.
            .header(
                reqwest::header::AUTHORIZATION,
                format!("OAuth {}", self.token.expose_secret()),
            )
            .header("file_offset", "0")
            .header(reqwest::header::CONTENT_LENGTH, length)
            .body(upload.body);
        // No limit on the whole: the client's read timeout watches over pauses.
        let handle: Handle = read(request.send().await.map_err(transport)?).await?;
        // Several lines come for files in parts; the first is the handle of the whole.
        let first = handle.h.lines().next().unwrap_or_default();
        Ok(first.to_owned())
    }

    /// The address of a session; its id carries a query of its own, which must stay one.
    fn session_url(&self, id: &str) -> Url {
        let (path, query) = id.split_once('?').unwrap_or((id, ""));
        let mut url = self.url(&[path], &[]);
        if !query.is_empty() {
            url.set_query(Some(query));
        }
        url
    }
}
