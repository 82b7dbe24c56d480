//! Whether a message is a word that stops or resumes marketing, and what it is answered.

use wigwag_meta::outgoing::Body;
use wigwag_meta::webhook::{Content, Message};
use wigwag_model::content::Text;
use wigwag_model::opt_out::{self, Act};
use wigwag_store::ingest::{Answer, Items, OptWord};

use crate::messages::request;

/// The word that a message is, typed or tapped.
pub(super) fn word(message: &Message<'_>) -> Option<OptWord> {
    let text = match message.content() {
        Content::Text(text) => Some(text.body.as_str()),
        Content::Button(button) => button.text.as_deref(),
        Content::ButtonReply(button) => Some(button.title.as_str()),
        _ => None,
    }?;
    let word = opt_out::read(text)?;
    Some(OptWord {
        act: word.act,
        text: text.to_owned(),
        usual: opt_out::answer(word),
        compose,
    })
}

/// Words as a message that can leave.
fn compose(words: &str) -> Option<Answer> {
    let body = words.to_owned();
    Some(Answer {
        content: serde_json::to_string(&Text { body }).ok()?,
        preview: words.to_owned(),
        body: request::stored(Body::text(words), None).ok()?,
    })
}

/// Whether somebody among these asks not to be written to any more.
pub(super) fn stops(items: &Items) -> bool {
    let stop = |word: &OptWord| word.act == Act::Stop;
    items
        .messages
        .iter()
        .any(|message| message.opt.as_ref().is_some_and(stop))
        || items
            .preferences
            .iter()
            .any(|preference| preference.state == "denied")
}
