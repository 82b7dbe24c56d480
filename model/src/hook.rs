//! Hooks: addresses that shops and other systems call when something happened, and the plan by which
//! such a body is read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Most particulars that a mapping takes.
pub const MOST_PROPERTIES: usize = 50;
/// Most characters of a JSON pointer.
const MOST_POINTER: usize = 300;

/// How a hook's bodies are signed and read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Plan {
    /// Webhooks of a Shopify shop.
    Shopify(Shopify),
    /// Webhooks of any other system.
    Generic(Box<Generic>),
}

impl Plan {
    /// The kind's name in the API.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Shopify(_) => "shopify",
            Self::Generic(_) => "generic",
        }
    }
}

/// Which word of a Shopify customer counts as consent to marketing here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentFrom {
    /// None: what a shop asked for another channel is no consent to this one.
    #[default]
    Nothing,
    /// What was said about text messages (`sms_marketing_consent`).
    Sms,
    /// What was said about e-mail (`email_marketing_consent`).
    Email,
}

impl ConsentFrom {
    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Sms => "sms",
            Self::Email => "email",
        }
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Nothing, Self::Sms, Self::Email]
            .into_iter()
            .find(|from| from.as_str() == text)
    }
}

/// What a Shopify hook may be told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shopify {
    /// Whose word counts as consent.
    #[serde(default)]
    pub marketing_consent: ConsentFrom,
}

/// How a body proves that it comes from who knows the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "snake_case", deny_unknown_fields)]
pub enum Proof {
    /// A header holds HMAC-SHA256 of the raw body with the secret.
    HmacSha256 {
        /// The header's name, in lower case.
        header: String,
        /// How its bytes are written.
        #[serde(default)]
        encoding: Encoding,
        /// What stands before them, such as `sha256=`.
        #[serde(default)]
        prefix: String,
    },
    /// A header holds the secret itself. Weaker: whoever reads one request can make others.
    Secret {
        /// The header's name, in lower case.
        header: String,
    },
}

impl Proof {
    /// The header that holds it.
    pub fn header(&self) -> &str {
        match self {
            Self::HmacSha256 { header, .. } | Self::Secret { header } => header,
        }
    }
}

/// How the bytes of a signature are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// Hexadecimal digits.
    #[default]
    Hex,
    /// Base64 with `+`, `/` and `=`.
    Base64,
}

/// A hook of a system that Wigwag does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generic {
    /// How bodies are signed.
    pub proof: Proof,
    /// Where things lie in them.
    pub mapping: Mapping,
}

/// Where things lie in a body, as JSON pointers (RFC 6901: `/customer/phone`, `/lines/0/name`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The phone number. Needed, unless the external id is mapped.
    #[serde(default)]
    pub phone: Option<String>,
    /// The country of numbers without a country code, ISO 3166 alpha-2.
    #[serde(default)]
    pub country: Option<String>,
    /// The id that your own programs gave the person.
    #[serde(default)]
    pub external_id: Option<String>,
    /// The person's name.
    #[serde(default)]
    pub name: Option<String>,
    /// The e-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// The event's name, where it is the same for every body.
    #[serde(default)]
    pub event_name: Option<String>,
    /// Where the event's name lies, where bodies differ.
    #[serde(default)]
    pub event: Option<String>,
    /// The sender's id of the event: the same twice is one event.
    #[serde(default)]
    pub event_id: Option<String>,
    /// When it happened: RFC 3339, or seconds or milliseconds since 1970.
    #[serde(default)]
    pub occurred_at: Option<String>,
    /// The particulars to keep, by their names here.
    #[serde(default)]
    pub properties: BTreeMap<String, String>,
}

/// A field of a plan that is wrong, and the mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanProblem {
    /// The field, as a path: `mapping.phone`.
    pub field: String,
    /// The mend.
    pub message: String,
}

fn problem(field: impl Into<String>, message: impl Into<String>) -> PlanProblem {
    PlanProblem {
        field: field.into(),
        message: message.into(),
    }
}

/// The first thing that is wrong with a plan.
pub fn plan_problem(plan: &Plan) -> Option<PlanProblem> {
    match plan {
        Plan::Shopify(_) => None,
        Plan::Generic(generic) => {
            proof_problem(&generic.proof).or_else(|| mapping_problem(&generic.mapping))
        }
    }
}

fn proof_problem(proof: &Proof) -> Option<PlanProblem> {
    let header = proof.header();
    let token =
        |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
    if header.is_empty() || header.len() > 100 || !header.bytes().all(token) {
        let message = "name a header in lower case, like x-signature";
        return Some(problem("proof.header", message));
    }
    if let Proof::HmacSha256 { prefix, .. } = proof
        && (prefix.len() > 40 || !prefix.bytes().all(|letter| letter.is_ascii_graphic()))
    {
        let message = "a prefix has at most 40 letters, like sha256=";
        return Some(problem("proof.prefix", message));
    }
    None
}

fn mapping_problem(mapping: &Mapping) -> Option<PlanProblem> {
    let pointers = [
        ("phone", &mapping.phone),
        ("external_id", &mapping.external_id),
        ("name", &mapping.name),
        ("email", &mapping.email),
        ("event", &mapping.event),
        ("event_id", &mapping.event_id),
        ("occurred_at", &mapping.occurred_at),
    ];
    for (name, pointer) in pointers {
        if let Some(message) = pointer.as_deref().and_then(pointer_problem) {
            return Some(problem(format!("mapping.{name}"), message));
        }
    }
    if mapping.phone.is_none() && mapping.external_id.is_none() {
        let message = "say where the phone number or the external id lies, like /customer/phone";
        return Some(problem("mapping.phone", message));
    }
    if let Some(country) = &mapping.country
        && !crate::phone::is_country(country)
    {
        let message = "write the two letters of a country, like IN";
        return Some(problem("mapping.country", message));
    }
    match (&mapping.event_name, &mapping.event) {
        (None, None) => {
            let message = "name the event, or say in `event` where its name lies";
            return Some(problem("mapping.event_name", message));
        }
        (Some(_), Some(_)) => {
            let message = "either name the event or say where its name lies, not both";
            return Some(problem("mapping.event_name", message));
        }
        (Some(name), None) => {
            if let Some(message) = crate::event::name_problem(name) {
                return Some(problem("mapping.event_name", message));
            }
        }
        (None, Some(_)) => {}
    }
    if mapping.properties.len() > MOST_PROPERTIES {
        let message = format!("map at most {MOST_PROPERTIES} properties");
        return Some(problem("mapping.properties", message));
    }
    for (name, pointer) in &mapping.properties {
        let field = || format!("mapping.properties.{name}");
        if name.is_empty() || name.chars().count() > 100 {
            let message = "a property's name has 1 to 100 characters";
            return Some(problem("mapping.properties", message));
        }
        if let Some(message) = pointer_problem(pointer) {
            return Some(problem(field(), message));
        }
    }
    None
}

/// What is wrong with a JSON pointer.
fn pointer_problem(pointer: &str) -> Option<&'static str> {
    if !pointer.starts_with('/') {
        return Some("write a JSON pointer that begins with a slash, like /customer/phone");
    }
    if pointer.chars().count() > MOST_POINTER {
        return Some("a JSON pointer has at most 300 characters here");
    }
    let mut rest = pointer;
    while let Some((_, after)) = rest.split_once('~') {
        if !after.starts_with(['0', '1']) {
            return Some("in a JSON pointer write ~0 for ~ and ~1 for /");
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generic() -> Generic {
        Generic {
            proof: Proof::Secret {
                header: "x-secret".to_owned(),
            },
            mapping: Mapping {
                phone: Some("/phone".to_owned()),
                event_name: Some("Booked".to_owned()),
                ..Mapping::default()
            },
        }
    }

    #[test]
    fn a_plan_survives_its_text() {
        let plan = Plan::Generic(Box::new(generic()));
        let text = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
        let shop: Plan = serde_json::from_str(r#"{"kind":"shopify"}"#).unwrap();
        assert_eq!(shop, Plan::Shopify(Shopify::default()));
    }

    #[test]
    fn what_is_wrong_is_said_by_field() {
        type Change = fn(&mut Generic);
        assert_eq!(plan_problem(&Plan::Generic(Box::new(generic()))), None);
        let wrong: [(&str, Change); 12] = [
            ("proof.header", |it| {
                it.proof = Proof::Secret {
                    header: "X-Secret".to_owned(),
                };
            }),
            ("proof.header", |it| {
                it.proof = Proof::Secret {
                    header: String::new(),
                };
            }),
            ("proof.prefix", |it| {
                it.proof = Proof::HmacSha256 {
                    header: "x-signature".to_owned(),
                    encoding: Encoding::Hex,
                    prefix: "sha 256".to_owned(),
                };
            }),
            ("mapping.phone", |it| it.mapping.phone = None),
            ("mapping.phone", |it| {
                it.mapping.phone = Some("phone".to_owned());
            }),
            ("mapping.email", |it| {
                it.mapping.email = Some("/a~b".to_owned());
            }),
            ("mapping.country", |it| {
                it.mapping.country = Some("India".to_owned());
            }),
            ("mapping.event_name", |it| it.mapping.event_name = None),
            ("mapping.event_name", |it| {
                it.mapping.event = Some("/type".to_owned());
            }),
            ("mapping.event_name", |it| {
                it.mapping.event_name = Some(" Booked".to_owned());
            }),
            ("mapping.properties.total", |it| {
                it.mapping
                    .properties
                    .insert("total".to_owned(), "total".to_owned());
            }),
            ("mapping.properties", |it| {
                it.mapping.properties = (0..51)
                    .map(|at| (format!("p{at}"), "/x".to_owned()))
                    .collect();
            }),
        ];
        for (field, change) in wrong {
            let mut generic = generic();
            change(&mut generic);
            let found = plan_problem(&Plan::Generic(Box::new(generic)));
            assert_eq!(found.map(|problem| problem.field).as_deref(), Some(field));
        }
    }

    #[test]
    fn names_of_consent_are_read() {
        for from in [ConsentFrom::Nothing, ConsentFrom::Sms, ConsentFrom::Email] {
            assert_eq!(ConsentFrom::parse(from.as_str()), Some(from));
        }
        assert_eq!(ConsentFrom::parse("fax"), None);
    }
}
