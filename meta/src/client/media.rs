//! Media: upload, look-up, download, delete.

use bytes::Bytes;
use futures::Stream;
use reqwest::{Method, Response};
use secrecy::ExposeSecret;
use url::Url;

use super::{Client, collect, failure, is_loopback, read, transport};
use crate::error::Error;
use crate::media::{MediaInfo, MediaUpload};
use crate::response::Success;

/// Something to upload.
pub struct Upload {
    /// File name.
    pub filename: String,
    /// MIME type.
    pub mime_type: String,
    /// Bytes, if known; then the request has a length.
    pub length: Option<u64>,
    /// The bytes.
    pub body: reqwest::Body,
}

impl Upload {
    /// Bytes in memory.
    pub fn bytes(
        filename: impl Into<String>,
        mime_type: impl Into<String>,
        bytes: impl Into<Bytes>,
    ) -> Self {
        let bytes = bytes.into();
        Self {
            filename: filename.into(),
            mime_type: mime_type.into(),
            length: Some(bytes.len() as u64),
            body: bytes.into(),
        }
    }

    /// Bytes as they come.
    pub fn stream<S, E>(
        filename: impl Into<String>,
        mime_type: impl Into<String>,
        length: Option<u64>,
        stream: S,
    ) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        Self {
            filename: filename.into(),
            mime_type: mime_type.into(),
            length,
            body: reqwest::Body::wrap_stream(stream),
        }
    }
}

/// Media on its way to us.
#[derive(Debug)]
pub struct Download {
    response: Response,
    limit: u64,
    seen: u64,
}

impl Download {
    /// `Content-Type` of the answer.
    pub fn mime_type(&self) -> Option<&str> {
        self.response
            .headers()
            .get(reqwest::header::CONTENT_TYPE)?
            .to_str()
            .ok()
    }

    /// Bytes, if Meta says.
    pub fn length(&self) -> Option<u64> {
        self.response.content_length()
    }

    /// The next piece; `None` at the end. Fails with [`Error::TooLarge`] once more than the limit has come.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let Some(piece) = self.response.chunk().await.map_err(transport)? else {
            return Ok(None);
        };
        self.seen += piece.len() as u64;
        if self.seen > self.limit {
            Err(Error::TooLarge { limit: self.limit })
        } else {
            Ok(Some(piece))
        }
    }

    /// The pieces as a stream, which ends after an error.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, Error>> + Send {
        futures::stream::unfold(Some(self), |download| async {
            let mut download = download?;
            match download.chunk().await {
                Ok(None) => None,
                Ok(Some(piece)) => Some((Ok(piece), Some(download))),
                Err(error) => Some((Err(error), None)),
            }
        })
    }
}

impl Client {
    /// Uploads media for a number; the id is valid for 30 days.
    pub async fn upload_media(
        &self,
        phone_number_id: &str,
        upload: Upload,
    ) -> Result<MediaUpload, Error> {
        let part = match upload.length {
            Some(length) => reqwest::multipart::Part::stream_with_length(upload.body, length),
            None => reqwest::multipart::Part::stream(upload.body),
        };
        let part = part
            .file_name(upload.filename)
            .mime_str(&upload.mime_type)
            .map_err(transport)?;
        let form = reqwest::multipart::Form::new()
            .text("messaging_product", "whatsapp")
            .text("type", upload.mime_type)
            .part("file", part);
        let request = self
            .http
            .post(self.url(&[phone_number_id, "media"], &[]))
            .bearer_auth(self.token.expose_secret())
            .multipart(form);
        // No limit on the whole: the client's read timeout watches over pauses.
        read(request.send().await.map_err(transport)?).await
    }

    /// Where media is; the address is valid for 5 minutes. With a number, only media of that number.
    pub async fn media_url(
        &self,
        media_id: &str,
        phone_number_id: Option<&str>,
    ) -> Result<MediaInfo, Error> {
        let query: Vec<_> = phone_number_id
            .map(|id| ("phone_number_id", id))
            .into_iter()
            .collect();
        self.get(&[media_id], &query).await
    }

    /// Fetches media from an address of [`Client::media_url`] or of a webhook, at most `limit` bytes.
    ///
    /// The token is only sent to Meta's media hosts, the base address and [`super::Config::media_hosts`]:
    /// an address in a webhook must not be able to take it elsewhere.
    pub async fn download_media(&self, url: &str, limit: u64) -> Result<Download, Error> {
        let url = Url::parse(url)
            .map_err(|error| Error::NotSent(format!("the media address: {error}")))?;
        if !self.may_get_token(&url) {
            return Err(Error::UntrustedHost {
                host: url.host_str().unwrap_or_default().to_owned(),
            });
        }
        let request = self
            .http
            .request(Method::GET, url)
            .bearer_auth(self.token.expose_secret());
        let response = request.send().await.map_err(transport)?;
        let status = response.status();
        if !status.is_success() {
            return Err(failure(status.as_u16(), &collect(response).await?));
        }
        if response
            .content_length()
            .is_some_and(|length| length > limit)
        {
            return Err(Error::TooLarge { limit });
        }
        Ok(Download {
            response,
            limit,
            seen: 0,
        })
    }

    /// Deletes media.
    pub async fn delete_media(
        &self,
        media_id: &str,
        phone_number_id: Option<&str>,
    ) -> Result<Success, Error> {
        let query: Vec<_> = phone_number_id
            .map(|id| ("phone_number_id", id))
            .into_iter()
            .collect();
        self.delete(&[media_id], &query).await
    }

    fn may_get_token(&self, url: &Url) -> bool {
        let base = &self.config.base_url;
        let same = url.scheme() == base.scheme()
            && url.host_str() == base.host_str()
            && url.port_or_known_default() == base.port_or_known_default();
        // A simulator may name itself 127.0.0.1 here and localhost there.
        if same || (is_loopback(base) && is_loopback(url)) {
            return true;
        }
        let Some(host) = url.host_str() else {
            return false;
        };
        let of_meta = ["fbsbx.com", "facebook.com", "fbcdn.net", "whatsapp.net"]
            .iter()
            .any(|domain| {
                host.strip_suffix(domain)
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            });
        url.scheme() == "https"
            && (of_meta || self.config.media_hosts.iter().any(|known| known == host))
    }
}
