//! Templates as managed objects: what they are made of, and what is asked to create or change them.
//!
//! Sending one is [`crate::outgoing::Template`]. Rules of creation are Meta's to enforce; this module holds
//! the shapes. Source: Meta's “Template components”, “Template management”, “Template categorization”.

mod kinds;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::phone_number::Quality;

pub use kinds::{
    ButtonKind, ComponentKind, HeaderFormat, ParameterFormat, TemplateCategory, TemplateStatus,
};

/// A template as listed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Template {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Language, such as `en_US`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// State.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<TemplateStatus>,
    /// Category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<TemplateCategory>,
    /// Category before Meta changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_category: Option<String>,
    /// Category that Meta thinks right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correct_category: Option<TemplateCategory>,
    /// Narrower kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_category: Option<String>,
    /// How variables are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter_format: Option<ParameterFormat>,
    /// Components.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
    /// Quality.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality_score: Option<QualityScore>,
    /// Why it was refused; `NONE` otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejected_reason: Option<String>,
    /// Why it was refused, in sentences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejection_info: Option<RejectionInfo>,
    /// How long Meta tries to deliver, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_send_ttl_seconds: Option<i64>,
    /// When it last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_updated_time: Option<String>,
    /// Fields that this crate does not know.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Quality of a template.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QualityScore {
    /// The score.
    pub score: Quality,
    /// When, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<i64>,
    /// Reasons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasons: Option<Value>,
}

/// Why a template was refused, in Meta's words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RejectionInfo {
    /// The reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recommendation: Option<String>,
}

/// One component. Which fields apply depends on the kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// Kind.
    #[serde(rename = "type")]
    pub kind: ComponentKind,
    /// Header: format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<HeaderFormat>,
    /// Text with variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Examples of the variables or of the media.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Example>,
    /// Buttons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
    /// Carousel: cards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<Card>,
    /// Authentication body: adds Meta's security sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add_security_recommendation: Option<bool>,
    /// Authentication footer: 1 to 90.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_expiration_minutes: Option<u32>,
    /// Limited-time offer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limited_time_offer: Option<Offer>,
    /// Fields that this crate does not know.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Examples, needed at creation for every variable.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Example {
    /// Positional header.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub header_text: Vec<String>,
    /// Media header: handles of resumable uploads, or addresses when read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub header_handle: Vec<String>,
    /// Positional body: one list. Also read from a plain list or a single string.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "nested_lists"
    )]
    pub body_text: Vec<Vec<String>>,
    /// Named header.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub header_text_named_params: Vec<NamedExample>,
    /// Named body.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub body_text_named_params: Vec<NamedExample>,
    /// Fields that this crate does not know.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Example of a named variable.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NamedExample {
    /// The variable.
    pub param_name: String,
    /// Its example.
    pub example: String,
}

/// One button. Which fields apply depends on the kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Button {
    /// Kind.
    #[serde(rename = "type")]
    pub kind: ButtonKind,
    /// At most 25 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Link, with `{{1}}` at its end or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Number to call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// Example: a string for codes, a list for links.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Value>,
    /// `COPY_CODE`, `ONE_TAP`, `ZERO_TAP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otp_type: Option<String>,
    /// Fields that this crate does not know: flows, autofill, apps….
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A card of a carousel.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Header, body, buttons.
    pub components: Vec<Component>,
}

/// A limited-time offer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// At most 16 characters.
    pub text: String,
    /// Shows a countdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_expiration: Option<bool>,
}

/// What is asked to create a template.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewTemplate {
    /// `[a-z0-9_]+`, at most 512 characters.
    pub name: String,
    /// Language, such as `en_US`.
    pub language: String,
    /// Category.
    pub category: TemplateCategory,
    /// How variables are written; positional without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter_format: Option<ParameterFormat>,
    /// Components.
    pub components: Vec<Component>,
    /// How long Meta tries to deliver, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_send_ttl_seconds: Option<i64>,
    /// Lets Meta choose another category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_category_change: Option<bool>,
}

/// Answer to a creation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CreatedTemplate {
    /// Id.
    pub id: String,
    /// State.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<TemplateStatus>,
    /// Category, maybe another one than asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<TemplateCategory>,
}

/// What is asked to change a template. Components are replaced as a whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TemplateEdit {
    /// All components.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<Component>>,
    /// Category; not for approved templates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<TemplateCategory>,
    /// How long Meta tries to deliver, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_send_ttl_seconds: Option<i64>,
    /// How variables are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter_format: Option<ParameterFormat>,
}

impl Component {
    /// A component of a kind without content.
    pub fn new(kind: ComponentKind) -> Self {
        Self {
            kind,
            format: None,
            text: None,
            example: None,
            buttons: Vec::new(),
            cards: Vec::new(),
            add_security_recommendation: None,
            code_expiration_minutes: None,
            limited_time_offer: None,
            extra: Map::new(),
        }
    }
}

/// Reads `[["a","b"]]`, `["a","b"]` and `"a"`: Meta's pages show all three.
fn nested_lists<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Vec<String>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Forms {
        Nested(Vec<Vec<String>>),
        List(Vec<String>),
        Single(String),
    }
    Ok(match Forms::deserialize(deserializer)? {
        Forms::Nested(lists) => lists,
        Forms::List(list) => vec![list],
        Forms::Single(example) => vec![vec![example]],
    })
}

impl Template {
    /// Reads a template; components of an unknown shape go unread into `extra`, so that one odd template
    /// does not end the listing of all. `None` only if even the rest is not a template.
    pub fn from_listing(mut value: Value) -> Option<Self> {
        if let Ok(template) = Self::deserialize(&value) {
            return Some(template);
        }
        let components = value.as_object_mut()?.remove("components")?;
        let mut template = Self::deserialize(value).ok()?;
        template.extra.insert("components".to_owned(), components);
        Some(template)
    }
}

/// Meta's language code with an underscore: some webhooks write `en-US` for `en_US`.
pub fn language_code(code: &str) -> String {
    code.replace('-', "_")
}

/// The fields that Wigwag asks for.
pub const FIELDS: &str = "id,name,language,status,category,previous_category,correct_category,sub_category,\
parameter_format,components,quality_score,rejected_reason,rejection_info,message_send_ttl_seconds,last_updated_time";
