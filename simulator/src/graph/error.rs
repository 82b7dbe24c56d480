//! Errors in Graph form.
//!
//! Codes, titles and HTTP statuses follow Meta's error table; detail texts follow the recorded
//! samples where there is one.

use serde_json::{Value, json};

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

/// Title and HTTP status of a code.
pub(crate) fn title(code: i64) -> (&'static str, u16) {
    match code {
        1 => ("API Unknown", 400),
        2 => ("API Service", 503),
        4 => ("Application request limit reached", 400),
        10 => ("Permission Denied", 403),
        190 => ("Access token has expired", 401),
        368 => ("Temporarily blocked for policies violations", 403),
        80_007 => ("Rate limit issues", 400),
        130_429 => ("Rate limit hit", 400),
        130_472 => ("User's number is part of an experiment", 400),
        130_497 => (
            "Business account is restricted from messaging users in this country",
            403,
        ),
        131_005 => ("Access denied", 403),
        131_008 => ("Required parameter is missing", 400),
        131_009 => ("Parameter value is not valid", 400),
        131_016 => ("Service unavailable", 500),
        131_021 => ("Recipient cannot be sender", 400),
        131_026 => ("Message undeliverable", 400),
        131_030 => ("Recipient phone number not in allowed list", 400),
        131_031 => ("Account has been locked", 403),
        131_042 => ("Business eligibility payment issue", 400),
        131_045 => ("Incorrect certificate", 500),
        131_047 => ("Re-engagement message", 400),
        131_048 => ("Spam rate limit hit", 400),
        131_049 => (
            "This message was not delivered to maintain healthy ecosystem engagement.",
            400,
        ),
        131_050 => ("User has stopped receiving marketing messages", 400),
        131_051 => ("Unsupported message type", 400),
        131_052 => ("Media download error", 400),
        131_053 => ("Media upload error", 400),
        131_055 => ("Method not allowed", 400),
        131_056 => (
            "(Business Account, Consumer Account) pair rate limit hit",
            400,
        ),
        131_057 => ("Account in maintenance mode", 500),
        131_059 => ("Invalid cursor", 400),
        131_062 => (
            "Business-scoped User ID (BSUID) recipients are not supported for this message.",
            400,
        ),
        131_063 => ("Marketing templates disabled for Cloud API", 400),
        132_000 => (
            "Number of parameters does not match the expected number of params",
            400,
        ),
        132_001 => ("Template name does not exist in the translation", 404),
        132_005 => ("Translated text too long", 400),
        132_007 => ("Template Format Character Policy Violated", 400),
        132_012 => (
            "Parameter format does not match format in the created template",
            400,
        ),
        132_015 => ("Template is paused", 400),
        132_016 => ("Template is disabled", 400),
        132_018 => (
            "There was an issue with the parameters in your template",
            400,
        ),
        133_005 => ("Two step verification PIN Mismatch", 400),
        133_006 => ("Phone number re-verification needed", 400),
        133_010 => ("Phone number Not Registered", 400),
        133_016 => ("Account register/deregister rate limit exceeded", 400),
        134_100 => ("Only marketing messages supported", 400),
        136_024 => ("Phone number already verified", 400),
        137_000 => ("Recipient identity key hash mismatch", 400),
        139_100 => ("Failed to block/unblock users", 400),
        139_101 => ("Blocklist limit reached", 400),
        _ => ("Something went wrong", 500),
    }
}
