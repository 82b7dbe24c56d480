//! Errors inside webhooks: on failed statuses, on unsupported messages, and in `value.errors`.
//!
//! Same codes as synchronous errors; look them up with [`crate::classify::lookup`].

use super::lenient::Text;

open_struct! {
    /// One error. `title` and `message` usually say the same; decide on `code` and details only.
    pub struct WebhookError<'a> {
        /// Meta's code, a row of [`crate::classify::ALL`] or an unknown number.
        code: i64 = "code" via Integer,
        /// Short text.
        title: Option<Text<'a>> = "title",
        /// Text, mostly equal to the title.
        message: Option<Text<'a>> = "message",
        /// The details.
        error_data: Option<ErrorData<'a>> = "error_data",
        /// Link to Meta's page of codes.
        href: Option<Text<'a>> = "href",
    }
}

open_struct! {
    /// Details of an error.
    pub struct ErrorData<'a> {
        /// What went wrong, in Meta's words.
        details: Option<Text<'a>> = "details",
    }
}

impl<'a> WebhookError<'a> {
    /// An error with code, title (also used as the message) and details.
    pub fn new(code: i64, title: impl Into<Text<'a>>, details: impl Into<Text<'a>>) -> Self {
        let title = title.into();
        Self {
            code,
            title: Some(title.clone()),
            message: Some(title),
            error_data: Some(ErrorData {
                details: Some(details.into()),
                ..ErrorData::default()
            }),
            ..Self::default()
        }
    }

    /// Meta's details, else the message, else the title.
    pub fn details(&self) -> Option<&str> {
        let details = self
            .error_data
            .as_ref()
            .and_then(|data| data.details.as_ref());
        details
            .or(self.message.as_ref())
            .or(self.title.as_ref())
            .map(Text::as_str)
    }
}
