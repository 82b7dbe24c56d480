//! What a message says, by kind; kept as JSON in the message's row and given out by the API as is.
//!
//! Kinds without a struct here: `contacts` is `{contacts: [card]}` with Meta's cards, `button` is
//! `{text, payload}`, `order` is `{catalog_id, text, product_items: [{product_retailer_id, quantity,
//! item_price, currency}]}`, `system` is `{type, body, wa_id, user_id}`, `unsupported` is `{type,
//! errors: [{code, title, details}], raw}`. Any inbound content may also have `forwarded`,
//! `frequently_forwarded` (both true or absent) and `referred_product`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// The kind of a message, inbound or outgoing.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind { $($(#[$doc])* $name,)* }

        impl Kind {
            /// The name in the database and the API.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Reads a stored name; what no version wrote counts as unsupported.
            pub fn parse(text: &str) -> Self {
                match text { $($text => Self::$name,)* _ => Self::Unsupported }
            }
        }
    };
}

kinds! {
    /// Text.
    Text = "text",
    /// A picture.
    Image = "image",
    /// A film.
    Video = "video",
    /// Sound, a voice note among them.
    Audio = "audio",
    /// A file.
    Document = "document",
    /// A sticker.
    Sticker = "sticker",
    /// A place.
    Location = "location",
    /// Contact cards.
    Contacts = "contacts",
    /// An emoji on another message; kept as a reaction of its target, never as a row of its own
    /// in the thread unless it is ours on its way out.
    Reaction = "reaction",
    /// Buttons, lists and the other interactive kinds that we send.
    Interactive = "interactive",
    /// The answer to an interactive message.
    Reply = "reply",
    /// A tap on a template's quick reply.
    Button = "button",
    /// A cart sent from the catalogue.
    Order = "order",
    /// A template message.
    Template = "template",
    /// A notice of WhatsApp's: a changed number, a changed id.
    System = "system",
    /// Something Meta could not hand over or that we do not know yet; raw is kept.
    Unsupported = "unsupported",
}

impl Kind {
    /// Whether messages of this kind carry a file.
    pub fn has_media(self) -> bool {
        matches!(
            self,
            Self::Image | Self::Video | Self::Audio | Self::Document | Self::Sticker
        )
    }
}

/// Content of a text message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// The words, at most 4,096 characters when we send.
    pub body: String,
}

/// Content of a media message; the file itself is in `media`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaContent {
    /// Words below the file.
    pub caption: Option<String>,
    /// The file's name, documents only.
    pub filename: Option<String>,
    /// Whether a sound is a voice note.
    #[serde(default)]
    pub voice: bool,
    /// Whether a sticker moves.
    #[serde(default)]
    pub animated: bool,
    /// Where WhatsApp fetches the file, when it was sent as an address and is not kept here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// Content of a location message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// The place's name.
    pub name: Option<String>,
    /// The place's address.
    pub address: Option<String>,
    /// A link that came with it.
    pub url: Option<String>,
}

/// Content of an answer to an interactive message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// `button_reply`, `list_reply`, `nfm_reply` or another of Meta's.
    pub r#type: String,
    /// The id that we gave the choice.
    pub id: Option<String>,
    /// The words that were tapped.
    pub title: Option<String>,
    /// A list row's second line.
    pub description: Option<String>,
    /// What a flow or an address form returned.
    pub response: Option<Value>,
}

/// Content of a template message: what was sent, with its variables filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Template {
    /// The template's name.
    pub name: String,
    /// Its language code.
    pub language: String,
    /// Its category when it was sent.
    pub category: String,
    /// The header, when it has one.
    pub header: Option<TemplateHeader>,
    /// The body's words.
    pub body: String,
    /// The footer's words.
    pub footer: Option<String>,
    /// The buttons.
    pub buttons: Vec<TemplateButton>,
    /// The line of an offer that ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<TemplateOffer>,
    /// The cards of a carousel.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<TemplateCard>,
}

/// The line of an offer that ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateOffer {
    /// The words.
    pub text: String,
    /// When it ends, where the template counts down.
    pub expires_at: Option<String>,
}

/// A card of a sent carousel.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TemplateCard {
    /// Its header.
    pub header: Option<TemplateHeader>,
    /// Its words.
    pub body: Option<String>,
    /// Its buttons.
    pub buttons: Vec<TemplateButton>,
}

/// The header of a sent template.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TemplateHeader {
    /// `text`, `image`, `video`, `document`, `location` or `product`.
    pub format: String,
    /// The words of a text header.
    pub text: Option<String>,
    /// The place of a location header.
    pub location: Option<Location>,
    /// The address of a card's file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The seller's id of the product of a product header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
}

/// A button of a sent template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateButton {
    /// Meta's type in lower case: `quick_reply`, `url`, `phone_number`, `copy_code`, …
    pub r#type: String,
    /// The words on it.
    pub text: String,
    /// Where it leads, with its variable filled in.
    pub url: Option<String>,
    /// The number it calls.
    pub phone: Option<String>,
    /// The code it copies.
    pub code: Option<String>,
}

/// One line that stands for a message in a list: words, a caption, or nothing when the kind says
/// it all. At most 120 characters, without line breaks.
pub fn preview(kind: Kind, content: &Value) -> String {
    let at = |path: &str| {
        content
            .pointer(path)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let text = match kind {
        Kind::Text => at("/body"),
        Kind::Template => at("/body"),
        Kind::Image | Kind::Video | Kind::Audio | Kind::Sticker => at("/caption"),
        Kind::Document => first(at("/caption"), at("/filename")),
        Kind::Location => first(at("/name"), at("/address")),
        Kind::Reply => at("/title"),
        Kind::Button => at("/text"),
        Kind::Interactive => at("/body/text"),
        Kind::Reaction => at("/emoji"),
        Kind::Order => at("/text"),
        Kind::System => at("/body"),
        Kind::Contacts => at("/contacts/0/name/formatted_name"),
        Kind::Unsupported => "",
    };
    let mut line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 120 {
        line = line.chars().take(119).chain(['…']).collect();
    }
    line
}

fn first<'a>(a: &'a str, b: &'a str) -> &'a str {
    if a.is_empty() { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_is_one_short_line() {
        let content = serde_json::json!({"body": format!("Hello\n  there {}", "x".repeat(200))});
        let line = preview(Kind::Text, &content);
        assert!(line.starts_with("Hello there x"));
        assert_eq!(line.chars().count(), 120);
    }

    #[test]
    fn a_document_falls_back_to_its_name() {
        assert_eq!(
            preview(
                Kind::Document,
                &serde_json::json!({"filename": "invoice.pdf"})
            ),
            "invoice.pdf"
        );
    }
}
