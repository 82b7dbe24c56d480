//! Whom something is for: one typed filter over contacts, written as JSON.
//!
//! Campaigns ask it now, segments and triggers later. [`Filter`] is what is stored and sent over
//! the API, and [`Filter::read`] the only door through which one comes in: it names the place and
//! the mend of whatever is wrong. [`Plan`] is the same filter with its values brought into the form
//! in which they are compared; the database's interpreter and [`Plan::matches`] both work on it.

macro_rules! names {
    ($(#[$outer:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// Every one there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in JSON.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// Reads a name.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

use names;

mod conversation;
mod event;
mod leaves;
mod matches;
mod plan;
mod read;
mod span;
mod value;
mod why;

pub use conversation::{ConversationTest, Openness, Standing, Talk};
pub use event::{
    EventTest, Happened, MAX_EVENTS, MAX_PROPERTIES, MAX_TIMES, PropertyTest, compared,
    property_key, view,
};
pub use matches::Facts;
pub use plan::{Doing, Leaf, Plan, Property, Range, Side, Test};
pub use span::Span;
pub use value::{TraitKind, Typed, ordered, tag_key, text_key, typed};
pub use why::Why;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::consent::{Category, ConsentState};
use crate::{CampaignId, ListId, SegmentId};

/// How deep filters may lie in each other.
pub const MAX_DEPTH: usize = 8;
/// How many parts a filter may have.
pub const MAX_PARTS: usize = 200;
/// How many values `in` may list.
pub const MAX_VALUES: usize = 1_000;
/// How many values all comparisons of a filter may list together.
pub const MAX_VALUES_IN_ALL: usize = 5_000;
/// How many bytes a text may have.
pub const MAX_TEXT: usize = 1_000;
/// How many bytes the name of a trait may have.
pub const MAX_KEY: usize = 100;

/// Which contacts.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// Those that every part finds.
    All(Vec<Filter>),
    /// Those that some part finds.
    Any(Vec<Filter>),
    /// Those that the part does not find.
    Not(Box<Filter>),
    /// Every contact.
    Everyone(Yes),
    /// Those with a tag, whatever its case.
    Tag(String),
    /// By a trait.
    Trait(TraitTest),
    /// By what every contact has.
    Field(FieldTest),
    /// By what they said about a category of messages.
    Consent(ConsentTest),
    /// Those on a list.
    List(ListId),
    /// By what became of a campaign.
    Campaign(CampaignTest),
    /// By what they did.
    Event(EventTest),
    /// By how their conversations stand.
    Conversation(ConversationTest),
    /// Those whom a saved segment finds.
    Segment(SegmentId),
}

/// The value `true`, the only one that `everyone` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Yes;

impl Serialize for Yes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(true)
    }
}

/// A test of a trait.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TraitTest {
    /// The trait's name.
    pub key: String,
    /// What it must be.
    pub is: Op,
}

/// A test of a field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldTest {
    /// Which.
    pub name: Field,
    /// What it must be.
    pub is: Op,
}

/// A test of consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ConsentTest {
    /// The category.
    pub category: Category,
    /// What the contact said; `unknown` when it never said.
    pub state: ConsentState,
}

/// A test of what became of a campaign's messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CampaignTest {
    /// The campaign.
    pub id: CampaignId,
    /// Any of these.
    pub outcome: Vec<Outcome>,
    /// Those among its recipients for whom none of them holds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not: bool,
}

names! {
    /// What every contact has or may have.
    Field {
        /// ISO 3166 alpha-2.
        Country = "country",
        /// The name that members gave, else the profile's, else the user name.
        Name = "name",
        /// E.164.
        Phone = "phone",
        /// What made the contact.
        Source = "source",
        /// E-mail address.
        Email = "email",
        /// When it was made.
        CreatedAt = "created_at",
        /// When its name, address, tags or traits last changed.
        UpdatedAt = "updated_at",
        /// When it last wrote.
        LastSeenAt = "last_seen_at",
    }
}

names! {
    /// What may become of a campaign's message to somebody: the states of messages, and what the
    /// person did with it.
    Outcome {
        /// Not yet in the outbox.
        Planned = "planned",
        /// Left out, with a reason.
        Skipped = "skipped",
        /// In the outbox.
        Queued = "queued",
        /// On its way to Meta.
        Attempting = "attempting",
        /// It may have reached Meta.
        Unknown = "unknown",
        /// No evidence came.
        Unconfirmed = "unconfirmed",
        /// Meta has it.
        Accepted = "accepted",
        /// Meta sent it.
        Sent = "sent",
        /// It is on the phone.
        Delivered = "delivered",
        /// It was read.
        Read = "read",
        /// It was played.
        Played = "played",
        /// It did not arrive.
        Failed = "failed",
        /// The person answered.
        Replied = "replied",
        /// The person followed its link.
        Clicked = "clicked",
        /// The person stopped marketing after it.
        OptedOut = "opted_out",
        /// The person reached a goal of the campaign.
        Converted = "converted",
    }
}

/// What a value must be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Equal; texts whatever their case and accents.
    Eq(Operand),
    /// Not equal; also where there is no value.
    Ne(Operand),
    /// Equal to one of these.
    In(Vec<Operand>),
    /// Less, or earlier.
    Lt(Operand),
    /// Less or equal.
    Lte(Operand),
    /// Greater, or later.
    Gt(Operand),
    /// Greater or equal.
    Gte(Operand),
    /// Has this inside.
    Contains(String),
    /// Begins with this.
    StartsWith(String),
    /// Is there, or is not.
    Exists(bool),
    /// A time within the last so much time.
    Past(Span),
    /// A time longer ago than so much.
    Older(Span),
    /// A time within the coming so much time.
    Next(Span),
}

impl Op {
    /// The name in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Eq(_) => "eq",
            Self::Ne(_) => "ne",
            Self::In(_) => "in",
            Self::Lt(_) => "lt",
            Self::Lte(_) => "lte",
            Self::Gt(_) => "gt",
            Self::Gte(_) => "gte",
            Self::Contains(_) => "contains",
            Self::StartsWith(_) => "starts_with",
            Self::Exists(_) => "exists",
            Self::Past(_) => "past",
            Self::Older(_) => "older",
            Self::Next(_) => "next",
        }
    }
}

/// A value to compare with; what it means depends on the kind of what it is compared to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Operand {
    /// True or false.
    Bool(bool),
    /// A number.
    Number(serde_json::Number),
    /// A text, or an instant as RFC 3339.
    Text(String),
}

/// What is wrong with a filter, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct Fault {
    /// The place: `all[1].trait.is.eq`.
    pub field: String,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl Fault {
    /// A fault at a place of a filter; the filter as a whole when the place is empty.
    pub fn new(field: &str, message: impl Into<String>) -> Self {
        let field = if field.is_empty() { "filter" } else { field };
        Self {
            field: field.to_owned(),
            message: message.into(),
        }
    }
}

impl Filter {
    /// The filter that finds every contact.
    pub fn everyone() -> Self {
        Self::Everyone(Yes)
    }

    /// Whether a filter made by a program keeps within the limits.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self) -> Result<(), Fault> {
        let value =
            serde_json::to_value(self).map_err(|error| Fault::new("", error.to_string()))?;
        Self::read(&value).map(|_| ())
    }

    /// The one list that everybody whom the filter finds is on, when there is exactly one: its
    /// columns can be used in messages.
    pub fn list(&self) -> Option<ListId> {
        match self {
            Self::List(id) => Some(*id),
            Self::All(parts) => {
                let mut lists = parts.iter().filter_map(Self::list);
                let first = lists.next()?;
                lists.all(|other| other == first).then_some(first)
            }
            _ => None,
        }
    }

    /// The names of the traits that the filter asks for.
    pub fn trait_keys(&self) -> Vec<&str> {
        let mut keys = Vec::new();
        self.walk(&mut |part| {
            if let Self::Trait(test) = part {
                keys.push(test.key.as_str());
            }
        });
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The campaigns whose outcome the filter asks for.
    pub fn campaigns(&self) -> Vec<CampaignId> {
        let mut ids = Vec::new();
        self.walk(&mut |part| {
            if let Self::Campaign(test) = part {
                ids.push(test.id);
            }
        });
        ids
    }

    /// The saved segments that the filter asks for.
    pub fn segments(&self) -> Vec<SegmentId> {
        let mut ids = Vec::new();
        self.walk(&mut |part| {
            if let Self::Segment(id) = part {
                ids.push(*id);
            }
        });
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The names of the events that the filter asks for.
    pub fn events(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.walk(&mut |part| {
            if let Self::Event(test) = part {
                names.push(test.name.as_str());
            }
        });
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The same filter with each saved segment in the place of its id.
    ///
    /// # Errors
    /// The place of a segment that is not among `known`.
    pub fn with_segments(&self, known: &BTreeMap<SegmentId, Self>) -> Result<Self, Fault> {
        self.replaced(known, "")
    }

    fn replaced(&self, known: &BTreeMap<SegmentId, Self>, at: &str) -> Result<Self, Fault> {
        let dot = if at.is_empty() { "" } else { "." };
        let several = |parts: &[Self], name: &str| {
            parts
                .iter()
                .enumerate()
                .map(|(place, part)| part.replaced(known, &format!("{at}{dot}{name}[{place}]")))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(match self {
            Self::All(parts) => Self::All(several(parts, "all")?),
            Self::Any(parts) => Self::Any(several(parts, "any")?),
            Self::Not(part) => Self::Not(Box::new(part.replaced(known, &format!("{at}{dot}not"))?)),
            Self::Segment(id) => known.get(id).cloned().ok_or_else(|| {
                let message = "there is no such segment any more: choose another";
                Fault::new(&format!("{at}{dot}segment"), message)
            })?,
            other => other.clone(),
        })
    }

    /// Visits every part, the outer ones first.
    pub fn walk<'f>(&'f self, visit: &mut impl FnMut(&'f Self)) {
        visit(self);
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.walk(visit);
                }
            }
            Self::Not(part) => part.walk(visit),
            _ => {}
        }
    }
}

impl<'de> serde::Deserialize<'de> for Filter {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        Self::read(&value).map_err(serde::de::Error::custom)
    }
}
