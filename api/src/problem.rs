//! What the API says when it cannot do as asked: RFC 9457 problems with stable codes.
//!
//! A problem is a code, words for a developer and, where they help, fields and parameters. The
//! console translates the code; it never shows `detail`. Nothing internal (SQL, paths, secrets)
//! may enter a problem: what goes wrong on our side is logged and answered as `internal`.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:ident, $title:literal;)*) => {
        /// The stable codes; clients decide by them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, for the documentation page.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as clients see it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The HTTP status that goes with it.
            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            /// One line for people.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

codes! {
    /// No session, no key, or one that ended.
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "Sign in first";
    /// Wrong e-mail address or password; one answer for both.
    InvalidCredentials = "invalid_credentials", UNAUTHORIZED, "E-mail address or password is wrong";
    /// A change by cookie without its token, or from another site.
    Csrf = "csrf", FORBIDDEN, "The request does not come from this console";
    /// Known, but not allowed.
    Forbidden = "forbidden", FORBIDDEN, "You may not do this";
    /// No such thing here; also the answer for things of other workspaces.
    NotFound = "not_found", NOT_FOUND, "Not found";
    /// The path exists, the method does not.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "This method is not allowed here";
    /// Fields are missing or wrong; see `errors`.
    Invalid = "invalid", UNPROCESSABLE_ENTITY, "Some fields need a correction";
    /// The body is not JSON, or not of the content type that is wanted.
    BadRequest = "bad_request", BAD_REQUEST, "The request could not be read";
    /// Something like it exists already.
    Conflict = "conflict", CONFLICT, "This conflicts with what is there";
    /// It changed since it was read.
    Stale = "stale", CONFLICT, "It was changed meanwhile";
    /// An idempotency key was used with another request.
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY, "This Idempotency-Key was used for another request";
    /// The first request with this idempotency key still runs.
    IdempotencyKeyRunning = "idempotency_key_running", CONFLICT, "The first request with this Idempotency-Key still runs";
    /// Too many requests.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "Too many requests";
    /// The body is over the limit.
    TooLarge = "too_large", PAYLOAD_TOO_LARGE, "Too large";
    /// A range that the file does not have.
    RangeNotSatisfiable = "range_not_satisfiable", RANGE_NOT_SATISFIABLE, "The file has no such range";
    /// A type of file that WhatsApp does not take.
    UnsupportedFile = "unsupported_file", UNSUPPORTED_MEDIA_TYPE, "WhatsApp does not take files of this type";
    /// A signed address that expired or was changed.
    LinkExpired = "link_expired", FORBIDDEN, "This address is not valid any more";
    /// The writer is full; try again.
    Busy = "busy", SERVICE_UNAVAILABLE, "Busy, try again in a moment";
    /// The service window is closed: only a template may be sent.
    WindowClosed = "window_closed", CONFLICT, "The service window is closed";
    /// The contact does not want this.
    OptedOut = "opted_out", CONFLICT, "The contact has opted out";
    /// The contact is blocked.
    Blocked = "blocked", CONFLICT, "The contact is blocked";
    /// The number cannot send now.
    NumberUnavailable = "number_unavailable", CONFLICT, "The number cannot send";
    /// The template cannot be sent now.
    TemplateUnavailable = "template_unavailable", CONFLICT, "The template cannot be sent";
    /// The contact has no phone number or id to send to.
    NoIdentity = "no_identity", CONFLICT, "The contact has no number to write to";
    /// The campaign is in a state in which this cannot be done; `params.state` says which.
    CampaignState = "campaign_state", CONFLICT, "The campaign is in another state";
    /// Something has left already.
    TooLate = "too_late", CONFLICT, "It is too late for this";
    /// Meta refused or could not be reached.
    Meta = "meta", BAD_GATEWAY, "WhatsApp refused or did not answer";
    /// Our fault; the request id finds it in the log.
    Internal = "internal", INTERNAL_SERVER_ERROR, "Something went wrong on our side";
}

impl utoipa::PartialSchema for Code {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "The stable code; clients decide by it, and by no other field.",
            ))
            .enum_values(Some(Self::ALL.iter().map(|code| code.as_str())))
            .into()
    }
}

impl ToSchema for Code {
    fn name() -> std::borrow::Cow<'static, str> {
        "ProblemCode".into()
    }
}

/// One field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Where, as a path into the body or the name of a parameter: `text.body`, `limit`.
    pub field: String,
    /// A stable code: `required`, `invalid`, `unknown`, `too_long`, …
    pub code: String,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// The body of every error answer (`application/problem+json`).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Link to the code's explanation.
    pub r#type: String,
    /// One line for people.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code.
    #[schema(value_type = Code)]
    pub code: String,
    /// What happened this time, for developers.
    pub detail: String,
    /// Finds the request in the log.
    pub request_id: String,
    /// The fields that are wrong, with the code `invalid`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldError>,
    /// Figures and names that belong into the words of the code.
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    #[schema(value_type = Object, required = false)]
    pub params: serde_json::Map<String, serde_json::Value>,
}

/// A refusal on its way out; becomes a [`ProblemBody`] once the request id is known.
#[derive(Debug, Clone)]
pub struct Problem {
    code: Code,
    detail: String,
    errors: Vec<FieldError>,
    params: serde_json::Map<String, serde_json::Value>,
    retry_after: Option<u64>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem with words for a developer.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            params: serde_json::Map::new(),
            retry_after: None,
            headers: Vec::new(),
        }
    }

    /// `not_found`: the one answer for what is absent, foreign or hidden.
    pub fn not_found() -> Self {
        Self::new(
            Code::NotFound,
            "There is nothing at this address that you can see.",
        )
    }

    /// `invalid` for one field.
    pub fn field(field: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        Self::fields(vec![FieldError {
            field: field.into(),
            code: code.to_owned(),
            message: message.into(),
        }])
    }

    /// `invalid` for several fields.
    pub fn fields(errors: Vec<FieldError>) -> Self {
        let detail = errors
            .iter()
            .map(|error| format!("{}: {}", error.field, error.message))
            .collect::<Vec<_>>()
            .join("; ");
        Self {
            errors,
            ..Self::new(Code::Invalid, detail)
        }
    }

    /// `internal`; `cause` goes to the log only.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(error = %cause, "request failed");
        Self::new(
            Code::Internal,
            "The request id finds the cause in the server's log.",
        )
    }

    /// Adds a parameter of the code's words.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// Adds `Retry-After` in seconds, at least one.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds.max(1));
        self
    }

    /// Adds a header to the answer. A value that is no header's is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// What happened this time, for developers.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// When to come back, in seconds.
    pub(crate) fn seconds(&self) -> Option<u64> {
        self.retry_after
    }

    /// The body for a request.
    pub fn body(&self, request_id: &str) -> ProblemBody {
        ProblemBody {
            r#type: format!("/api/docs#errors/{}", self.code.as_str()),
            title: self.code.title().to_owned(),
            status: self.code.status().as_u16(),
            code: self.code.as_str().to_owned(),
            detail: self.detail.clone(),
            request_id: request_id.to_owned(),
            errors: self.errors.clone(),
            params: self.params.clone(),
        }
    }

    /// The whole answer.
    pub fn respond(&self, request_id: &str) -> Response {
        let body = serde_json::to_vec(&self.body(request_id)).unwrap_or_default();
        let mut response = (self.code.status(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
        response
    }
}

impl IntoResponse for Problem {
    /// A carrier without a body: the request-id layer replaces it with [`Problem::respond`].
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<wigwag_store::Error> for Problem {
    fn from(error: wigwag_store::Error) -> Self {
        use wigwag_store::Error;
        match error {
            Error::NotFound => Self::not_found(),
            Error::Conflict(_) => Self::new(
                Code::Conflict,
                "Something with the same key is there already.",
            ),
            Error::Stale => Self::new(Code::Stale, "Read it again, then repeat the change."),
            Error::Filter(fault) => Self::field(fault.field, "filter", fault.message),
            Error::WrongKind(wrong) => Self::fields(
                wrong
                    .into_iter()
                    .map(|wrong| FieldError {
                        field: format!("traits.{}", wrong.key),
                        code: "kind".to_owned(),
                        message: format!("`{}` is {}", wrong.key, wrong.kind.mend()),
                    })
                    .collect(),
            ),
            Error::Busy => Self::new(Code::Busy, "Too much is being written.").retry_after(2),
            other => Self::internal(&other),
        }
    }
}
