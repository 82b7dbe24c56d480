//! What the columns of a file are read as, and what else is to be done with it.

use serde::{Deserialize, Serialize};
use wigwag_model::Timestamp;
use wigwag_model::audience::{MAX_KEY, TraitKind};
use wigwag_model::consent::Category;
use wigwag_model::search::fold;
use wigwag_store::imports::Column;

/// What a column is read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The phone number.
    Phone,
    /// The name.
    Name,
    /// The e-mail address.
    Email,
    /// Tags, divided by commas or semicolons.
    Tags,
    /// A trait of the contact.
    Trait(String),
    /// A trait whose kind is said: so that what was exported is not guessed at.
    Typed(TraitKind, String),
    /// The id that the shop's own programs gave the person.
    External,
    /// The name of the person's WhatsApp profile; only somebody new takes it from a file.
    Profile,
    /// Whether the person said yes or no to a category, and when.
    Consent(Category),
    /// A column of the list, for messages to its people.
    Column(String),
    /// Nothing.
    Ignore,
}

impl Target {
    /// Reads `phone`, `name`, `profile_name`, `email`, `tags`, `external_id`, `consent:marketing`, `trait:key`,
    /// `number:key` (or another kind), `column:Name` or `ignore`.
    pub fn parse(text: &str) -> Option<Self> {
        let named = |name: &str| {
            let name = name.trim();
            (!name.is_empty() && name.len() <= MAX_KEY).then(|| name.to_owned())
        };
        Some(match text {
            "phone" => Self::Phone,
            "name" => Self::Name,
            "email" => Self::Email,
            "tags" => Self::Tags,
            "external_id" => Self::External,
            "profile_name" => Self::Profile,
            "ignore" => Self::Ignore,
            _ => match text.split_once(':')? {
                ("consent", category) => Self::Consent(Category::parse(category)?),
                ("trait", key) => Self::Trait(named(key)?),
                ("column", name) => Self::Column(named(name)?),
                (kind, key) => Self::Typed(TraitKind::parse(kind)?, named(key)?),
            },
        })
    }
}

impl Target {
    /// The trait that the column fills.
    pub(super) fn trait_key(&self) -> Option<&str> {
        match self {
            Self::Trait(key) | Self::Typed(_, key) => Some(key),
            _ => None,
        }
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Phone => f.write_str("phone"),
            Self::Name => f.write_str("name"),
            Self::Email => f.write_str("email"),
            Self::Tags => f.write_str("tags"),
            Self::External => f.write_str("external_id"),
            Self::Profile => f.write_str("profile_name"),
            Self::Consent(category) => write!(f, "consent:{}", category.as_str()),
            Self::Typed(kind, key) => write!(f, "{}:{key}", kind.as_str()),
            Self::Trait(key) => write!(f, "trait:{key}"),
            Self::Column(name) => write!(f, "column:{name}"),
            Self::Ignore => f.write_str("ignore"),
        }
    }
}

/// How the people of a file agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// To what.
    pub category: Category,
    /// Where they agreed: a form, a till, a fair.
    pub source: String,
    /// When.
    pub at: Timestamp,
    /// The words that they agreed to.
    pub text: String,
}

/// What is to be done with a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// What each column is read as.
    pub mapping: Vec<String>,
    /// The country of numbers without country code, ISO 3166 alpha-2.
    pub default_country: Option<String>,
    /// How its people agreed.
    pub consent: Option<Agreement>,
    /// Tags for all of them.
    pub tags: Vec<String>,
    /// The name of the list.
    pub list_name: String,
    /// Whether contacts that are there already are changed.
    pub update_existing: bool,
    /// Who imports.
    pub actor: String,
}

/// What is wrong with a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field.
    pub field: String,
    /// A stable code.
    pub code: &'static str,
    /// The mend.
    pub message: String,
}

impl Wish {
    /// The targets of the columns.
    pub(super) fn targets(&self) -> Vec<Target> {
        self.mapping
            .iter()
            .map(|text| Target::parse(text).unwrap_or(Target::Ignore))
            .collect()
    }

    /// Everything that is wrong, for a file with these columns.
    pub fn faults(&self, columns: &[Column], now: Timestamp) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |field: String, code: &'static str, message: String| {
            faults.push(Fault {
                field,
                code,
                message,
            });
        };
        if self.mapping.len() != columns.len() {
            let message = format!(
                "the file has {} columns and the mapping {}: say for each what it is, or `ignore`",
                columns.len(),
                self.mapping.len()
            );
            fault("mapping".to_owned(), "length", message);
            return faults;
        }
        let mut seen: Vec<Target> = Vec::new();
        for (at, text) in self.mapping.iter().enumerate() {
            let place = format!("mapping[{at}]");
            let Some(target) = Target::parse(text) else {
                let message =
                    "use phone, name, profile_name, email, tags, external_id, consent:marketing, trait:key, column:Name or ignore"
                        .to_owned();
                fault(place, "unknown", message);
                continue;
            };
            let same = |other: &Target| {
                *other == target
                    || (target.trait_key().is_some() && other.trait_key() == target.trait_key())
            };
            if target != Target::Ignore && target != Target::Tags && seen.iter().any(same) {
                let message = format!("`{target}` is taken by another column: choose one");
                fault(place, "doubled", message);
            }
            seen.push(target);
        }
        if !seen.contains(&Target::Phone) {
            let message = "say which column is the phone number: people are found by it".to_owned();
            fault("mapping".to_owned(), "phone", message);
        }
        if let Some(country) = &self.default_country
            && !is_country(country)
        {
            let message = "write a country as two letters, like IN".to_owned();
            fault("default_country".to_owned(), "invalid", message);
        }
        for (at, tag) in self.tags.iter().enumerate() {
            if tag.trim().is_empty() || tag.chars().count() > 50 {
                let message = "a tag has 1 to 50 characters".to_owned();
                fault(format!("tags[{at}]"), "length", message);
            }
        }
        if let Some(agreement) = &self.consent {
            for (field, text) in [("source", &agreement.source), ("text", &agreement.text)] {
                if text.trim().is_empty() || text.chars().count() > 1_000 {
                    let message =
                        "say it in 1 to 1,000 characters: it is kept as the proof".to_owned();
                    fault(format!("consent.{field}"), "length", message);
                }
            }
            if agreement.at > now {
                let message = "nobody has agreed in the future: write the day on which they did";
                fault("consent.date".to_owned(), "future", message.to_owned());
            }
        }
        faults
    }
}

fn is_country(code: &str) -> bool {
    // The plans of the world know the country when a number of it can be read.
    code.len() == 2
        && code.chars().all(|c| c.is_ascii_alphabetic())
        && wigwag_model::phone::is_country(code)
}

/// What columns probably are: as they were last read, else by their names and values.
pub fn suggest(columns: &[Column], remembered: &[Option<String>]) -> Vec<Target> {
    let mut taken: Vec<Target> = Vec::new();
    let mut targets = Vec::with_capacity(columns.len());
    for (at, column) in columns.iter().enumerate() {
        let known = remembered
            .get(at)
            .and_then(Option::as_deref)
            .and_then(Target::parse);
        let wanted = known.unwrap_or_else(|| by_name(column));
        let single = !matches!(wanted, Target::Ignore | Target::Tags);
        let target = if single && taken.contains(&wanted) {
            Target::Column(column.name.clone())
        } else {
            wanted
        };
        taken.push(target.clone());
        targets.push(target);
    }
    if !targets.contains(&Target::Phone)
        && let Some(at) = columns.iter().position(looks_like_phones)
    {
        targets[at] = Target::Phone;
    }
    targets
}

fn by_name(column: &Column) -> Target {
    // What an export calls its columns is what they are.
    if let Some(
        exact @ (Target::External
        | Target::Profile
        | Target::Consent(_)
        | Target::Typed(..)
        | Target::Trait(_)),
    ) = Target::parse(&column.name)
    {
        return exact;
    }
    let name: String = fold(&column.name)
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.as_str() {
        "phone" | "phone number" | "phone no" | "phonenumber" | "mobile" | "mobile number"
        | "mobile no" | "mobile phone" | "whatsapp" | "whatsapp number" | "whatsapp phone"
        | "wa id" | "number" | "cell" | "msisdn" | "tel" | "telephone" | "contact number"
        | "contact no" | "telefon" | "telefono" | "telefone" | "celular" | "movil" | "handy"
        | "फोन" | "मोबाइल" | "الهاتف" | "手机" | "手机号" | "电话" => {
            Target::Phone
        }
        "name" | "full name" | "fullname" | "customer name" | "contact name" | "customer"
        | "nombre" | "nome" | "nom" | "नाम" | "姓名" | "الاسم" => Target::Name,
        "email" | "e mail" | "email address" | "mail" | "correo" => Target::Email,
        "tags" | "tag" | "labels" | "label" => Target::Tags,
        "problem" | "error" => Target::Ignore,
        _ => Target::Column(column.name.clone()),
    }
}

fn looks_like_phones(column: &Column) -> bool {
    let phone = |cell: &String| {
        let digits = cell.chars().filter(char::is_ascii_digit).count();
        (8..=15).contains(&digits)
            && cell
                .chars()
                .all(|c| c.is_ascii_digit() || " +-().".contains(c))
    };
    !column.samples.is_empty() && column.samples.iter().all(phone)
}

#[cfg(test)]
mod tests {
    use wigwag_model::audience::TraitKind;

    use super::*;

    fn columns(names: &[(&str, &str)]) -> Vec<Column> {
        names
            .iter()
            .map(|(name, sample)| Column {
                name: (*name).to_owned(),
                samples: vec![(*sample).to_owned()],
                kind: TraitKind::Text,
                filled: 1,
            })
            .collect()
    }

    fn wish(mapping: &[&str]) -> Wish {
        Wish {
            mapping: mapping.iter().map(|text| (*text).to_owned()).collect(),
            default_country: None,
            consent: None,
            tags: Vec::new(),
            list_name: "Fair".to_owned(),
            update_existing: true,
            actor: "system".to_owned(),
        }
    }

    #[test]
    fn columns_are_guessed_by_memory_name_and_value() {
        let guess = |names: &[(&str, &str)], known: &[Option<&str>]| {
            let known: Vec<Option<String>> =
                known.iter().map(|text| text.map(str::to_owned)).collect();
            suggest(&columns(names), &known)
                .iter()
                .map(Target::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            guess(
                &[
                    ("Full-Name", "A"),
                    ("Mobile No.", "x"),
                    ("E-Mail", ""),
                    ("City", "Pune")
                ],
                &[]
            ),
            ["name", "phone", "email", "column:City"]
        );
        assert_eq!(
            guess(
                &[("City", "Pune"), ("Phone", "1")],
                &[Some("trait:city"), None]
            ),
            ["trait:city", "phone"]
        );
        assert_eq!(
            guess(&[("A", "+91 98765 43210"), ("B", "x")], &[]),
            ["phone", "column:B"]
        );
        assert_eq!(
            guess(&[("Phone", "1"), ("Mobile", "2")], &[]),
            ["phone", "column:Mobile"]
        );
        assert_eq!(guess(&[("Problem", "x")], &[]), ["ignore"]);
    }

    #[test]
    fn a_wish_is_refused_with_all_its_faults() {
        let now = Timestamp::from_seconds(1_795_424_400);
        let two = columns(&[("a", ""), ("b", "")]);
        let fields = |wish: &Wish| {
            wish.faults(&two, now)
                .into_iter()
                .map(|fault| (fault.field, fault.code))
                .collect::<Vec<_>>()
        };
        assert!(fields(&wish(&["phone", "trait:city"])).is_empty());
        assert_eq!(
            fields(&wish(&["phone"])),
            [("mapping".to_owned(), "length")]
        );
        assert_eq!(
            fields(&wish(&["name", "ignore"])),
            [("mapping".to_owned(), "phone")]
        );
        assert_eq!(
            fields(&wish(&["phone", "phone"])),
            [("mapping[1]".to_owned(), "doubled")]
        );
        assert_eq!(
            fields(&wish(&["phone", "trait:"])),
            [("mapping[1]".to_owned(), "unknown")]
        );
        let mut bad = wish(&["phone", "ignore"]);
        bad.default_country = Some("XX".to_owned());
        bad.tags = vec![String::new()];
        bad.consent = Some(Agreement {
            category: Category::Marketing,
            source: " ".to_owned(),
            at: Timestamp::from_seconds(1_900_000_000),
            text: "I agree".to_owned(),
        });
        assert_eq!(
            fields(&bad)
                .iter()
                .map(|fault| fault.0.as_str())
                .collect::<Vec<_>>(),
            [
                "default_country",
                "tags[0]",
                "consent.source",
                "consent.date"
            ]
        );
    }
}
