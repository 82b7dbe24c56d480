//! What people are answered when they stop or resume marketing, as a workspace wants it.

use crate::opt_out::{Act, Word, answer};

/// Most characters of a text of one's own.
pub const MOST: usize = 1_024;

/// The answer to one of the two words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// Whether there is one.
    pub sent: bool,
    /// Its words; without them the default in the language of the person's word.
    pub text: Option<String>,
}

impl Default for Confirmation {
    fn default() -> Self {
        Self {
            sent: true,
            text: None,
        }
    }
}

impl Confirmation {
    /// The words for somebody, where `default` is the usual answer; `None` where nothing is sent.
    pub fn words<'w>(&'w self, default: &'w str) -> Option<&'w str> {
        self.sent.then(|| self.text.as_deref().unwrap_or(default))
    }
}

/// What a text of one's own must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but blanks.
    #[error("write a text, or null for the usual one")]
    Blank,
    /// More than [`MOST`] characters.
    #[error("use at most {MOST} characters")]
    Long,
}

/// A text of one's own, without blanks around it.
///
/// # Errors
/// [`TextError`].
pub fn text(text: &str) -> Result<String, TextError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextError::Blank);
    }
    if text.chars().count() > MOST {
        return Err(TextError::Long);
    }
    Ok(text.to_owned())
}

/// The answers to both words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Confirmations {
    /// To a stop.
    pub stop: Confirmation,
    /// To a start.
    pub start: Confirmation,
}

impl Confirmations {
    /// The answer to a word.
    pub fn of(&self, act: Act) -> &Confirmation {
        match act {
            Act::Stop => &self.stop,
            Act::Start => &self.start,
        }
    }
}

/// The usual answer in English, to show.
pub fn usual(act: Act) -> &'static str {
    let language = "en";
    answer(Word { act, language })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ones_own_words_replace_the_usual_ones_unless_nothing_is_sent() {
        let own = |sent| Confirmation {
            sent,
            text: Some("Bye".to_owned()),
        };
        assert_eq!(own(true).words("usual"), Some("Bye"));
        assert_eq!(own(false).words("usual"), None);
        assert_eq!(Confirmation::default().words("usual"), Some("usual"));
        let answers = Confirmations {
            stop: own(true),
            ..Confirmations::default()
        };
        assert_eq!(answers.of(Act::Stop).words("usual"), Some("Bye"));
        assert_eq!(answers.of(Act::Start).words("usual"), Some("usual"));
        assert!(usual(Act::Stop).contains("START") && usual(Act::Start).contains("STOP"));
    }

    #[test]
    fn a_text_has_words_and_a_length() {
        assert_eq!(text(" Bye. \n"), Ok("Bye.".to_owned()));
        assert_eq!(text(" \n"), Err(TextError::Blank));
        assert_eq!(text(&"ñ".repeat(MOST)).map(|text| text.len()), Ok(2 * MOST));
        assert_eq!(text(&"ñ".repeat(MOST + 1)), Err(TextError::Long));
    }
}
