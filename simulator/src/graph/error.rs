//! Errors in Graph form.
//!
//! Codes, titles and HTTP statuses follow Meta's error table; detail texts follow the recorded
//! samples where there is one.

use serde_json::{Value, json};

use super::titles::title;

/// An error as the Graph API answers it.
#[derive(Debug, Clone)]
pub(crate) struct GraphError {
    pub(crate) http: u16,
    pub(crate) code: i64,
    pub(crate) subcode: Option<i64>,
    pub(crate) kind: &'static str,
    pub(crate) message: String,
    pub(crate) details: Option<String>,
    /// Title and text for the user.
    pub(crate) user: Option<Box<(String, String)>>,
    /// A page of a proxy in between, without a Graph body.
    pub(crate) bare: bool,
    /// Further keys beside `error` (partial results).
    pub(crate) beside: Option<Box<Value>>,
}

impl GraphError {
    fn plain(http: u16, code: i64, message: impl Into<String>) -> Self {
        Self {
            http,
            code,
            subcode: None,
            kind: "OAuthException",
            message: message.into(),
            details: None,
            user: None,
            bare: false,
            beside: None,
        }
    }

    /// An error of the messaging surface: `(#code) title` with details.
    pub(crate) fn send(code: i64, details: impl Into<String>) -> Self {
        let (title, http) = title(code);
        Self {
            details: Some(details.into()),
            ..Self::plain(http, code, format!("(#{code}) {title}"))
        }
    }

    /// What a proxy in between answers: a page, not a word of Graph's.
    pub(crate) fn page(http: u16) -> Self {
        Self {
            bare: true,
            ..Self::plain(http, 0, "")
        }
    }

    /// 100: a parameter is wrong.
    pub(crate) fn parameter(message: impl Into<String>) -> Self {
        Self::plain(400, 100, format!("(#100) {}", message.into()))
    }

    /// 131009: a value of a message is wrong.
    pub(crate) fn value(details: impl Into<String>) -> Self {
        Self::send(131_009, details)
    }

    /// 131008: a parameter of a message is missing.
    pub(crate) fn missing(name: &str) -> Self {
        Self::send(131_008, format!("Required parameter is missing: {name}"))
    }

    /// 100 with a subcode and the texts for the user, as the management calls answer.
    pub(crate) fn management(subcode: i64, title: &str, text: impl Into<String>) -> Self {
        Self {
            subcode: Some(subcode),
            user: Some(Box::new((title.into(), text.into()))),
            ..Self::plain(400, 100, "Invalid parameter")
        }
    }

    /// 100 / 33: no such object.
    pub(crate) fn unknown_object(method: &str, id: &str) -> Self {
        let method = method.to_lowercase();
        Self {
            subcode: Some(33),
            kind: "GraphMethodException",
            ..Self::plain(
                400,
                100,
                format!(
                    "Unsupported {method} request. Object with ID '{id}' does not exist, cannot be \
                     loaded due to missing permissions, or does not support this operation. Please \
                     read the Graph API documentation at https://developers.facebook.com/docs/graph-api"
                ),
            )
        }
    }

    /// 104: no token.
    pub(crate) fn no_token() -> Self {
        Self::plain(
            401,
            104,
            "An access token is required to request this resource.",
        )
    }

    /// 190: the token is not valid (any more).
    pub(crate) fn bad_token(expired: bool) -> Self {
        let (subcode, text) = if expired {
            (463, "Error validating access token: Session has expired.")
        } else {
            (
                467,
                "Invalid OAuth access token - Cannot parse access token",
            )
        };
        Self {
            subcode: Some(subcode),
            ..Self::plain(401, 190, text)
        }
    }

    /// 10: the token may not do this.
    pub(crate) fn permission(text: &str) -> Self {
        Self::plain(403, 10, format!("(#10) {text}"))
    }

    /// An OAuth error of the token exchange.
    pub(crate) fn oauth(text: &str) -> Self {
        Self::plain(400, 1, text)
    }

    /// The `errors[]` entry of a webhook.
    pub(crate) fn webhook(code: i64, details: &str) -> Value {
        let (title, _) = title(code);
        json!({
            "code": code, "title": title, "message": title, "error_data": {"details": details},
            "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
        })
    }

    /// The body of the answer.
    pub(crate) fn body(&self, trace: &str) -> Value {
        let mut error = json!({
            "message": self.message, "type": self.kind, "code": self.code, "fbtrace_id": trace,
        });
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = subcode.into();
        }
        if let Some(details) = &self.details {
            error["error_data"] = json!({"messaging_product": "whatsapp", "details": details});
        }
        if let Some((title, text)) = self.user.as_deref() {
            error["is_transient"] = false.into();
            error["error_user_title"] = title.as_str().into();
            error["error_user_msg"] = text.as_str().into();
        }
        let mut body = self.beside.as_deref().cloned().unwrap_or_else(|| json!({}));
        body["error"] = error;
        body
    }

    /// Whether Meta answers this code when too much is asked at once.
    pub(crate) fn is_throttling(&self) -> bool {
        matches!(
            self.code,
            4 | 80_007 | 130_429 | 131_048 | 131_056 | 133_016
        )
    }
}
