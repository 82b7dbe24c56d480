//! A filter with its values in the form in which they are compared.

use std::collections::BTreeMap;

use serde_json::Value;

use super::value::{instant, ordered, truth};
use super::{
    CampaignTest, ConsentTest, ConversationTest, Fault, Field, FieldTest, Filter, Op, Operand,
    PropertyTest, TraitKind, TraitTest, tag_key, text_key,
};
use crate::{ListId, Timestamp};

/// A filter ready to be asked, in memory or in a database.
#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    /// Every part.
    All(Vec<Plan>),
    /// Some part.
    Any(Vec<Plan>),
    /// Not the part.
    Not(Box<Plan>),
    /// Every contact.
    Everyone,
    /// Has the tag with this key.
    Tag(String),
    /// Some value of a trait passes.
    Trait {
        /// The trait's name.
        key: String,
        /// What is asked.
        leaf: Leaf,
    },
    /// A field passes.
    Field {
        /// Which.
        name: Field,
        /// What is asked.
        leaf: Leaf,
    },
    /// Said this about a category.
    Consent(ConsentTest),
    /// Is on the list.
    List(ListId),
    /// By what became of a campaign.
    Campaign {
        /// What is asked.
        test: CampaignTest,
        /// Where in the filter it stands, for refusals.
        place: String,
    },
    /// Did something.
    Event(Doing),
    /// Has a conversation that stands like this at this instant.
    Conversation(ConversationTest, Timestamp),
}

/// Something that somebody did, so often, since an instant, with such particulars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doing {
    /// What, letter by letter.
    pub name: String,
    /// How often at least.
    pub at_least: u32,
    /// Not before this, in µs since the epoch.
    pub since: Option<i64>,
    /// What holds for the particulars of each.
    pub properties: Vec<Property>,
}

/// A question about a particular of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// The particular's name.
    pub key: String,
    /// The kind as which its values are compared.
    pub kind: TraitKind,
    /// The question.
    pub leaf: Leaf,
}

/// What is asked of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The answer is turned round: also those without any value pass.
    pub negated: bool,
    /// The question.
    pub test: Test,
}

/// A question about a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// There is one.
    Present,
    /// A text equals one of these.
    Texts(Vec<String>),
    /// A text has this inside.
    Contains(String),
    /// A text begins with this.
    StartsWith(String),
    /// A number or instant equals one of these.
    Ints(Side, Vec<i64>),
    /// A number or instant lies on one side of this.
    Range(Side, Range, i64),
    /// An instant lies from the first to the second, both included.
    Between(i64, i64),
}

/// Numbers and truth values, or instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Numbers and truth values.
    Number,
    /// Instants.
    At,
}

/// On which side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// Below.
    Lt,
    /// Below or at.
    Lte,
    /// Above.
    Gt,
    /// Above or at.
    Gte,
}

impl Plan {
    /// Brings a filter's values into the kinds of the traits that it asks for. Spans count from `now`.
    ///
    /// # Errors
    /// A comparison that the kind does not have, a value that is not of the kind, or a saved segment whose
    /// place nobody filled (see [`Filter::with_segments`]).
    pub fn new(
        filter: &Filter,
        kinds: &BTreeMap<String, TraitKind>,
        now: Timestamp,
    ) -> Result<Self, Fault> {
        build(filter, kinds, now, "")
    }
}

/// The question about particulars of an event that conditions on them stand for.
///
/// # Errors
/// A comparison that the kind of the value does not have.
pub(super) fn properties(
    tests: &[PropertyTest],
    now: Timestamp,
    at: &str,
) -> Result<Vec<Property>, Fault> {
    tests
        .iter()
        .enumerate()
        .map(|(place, PropertyTest { key, is })| {
            let kind = guess(is);
            let place = format!("{at}[{place}].is.{}", is.name());
            let what = format!("the particular `{key}`");
            Ok(Property {
                key: key.clone(),
                kind,
                leaf: of_kind(kind, &what, is, now, &place)?,
            })
        })
        .collect()
}

fn build(
    filter: &Filter,
    kinds: &BTreeMap<String, TraitKind>,
    now: Timestamp,
    at: &str,
) -> Result<Plan, Fault> {
    let dot = if at.is_empty() { "" } else { "." };
    let several = |parts: &[Filter], name: &str| {
        parts
            .iter()
            .enumerate()
            .map(|(place, part)| build(part, kinds, now, &format!("{at}{dot}{name}[{place}]")))
            .collect::<Result<Vec<_>, _>>()
    };
    Ok(match filter {
        Filter::All(parts) => Plan::All(several(parts, "all")?),
        Filter::Any(parts) => Plan::Any(several(parts, "any")?),
        Filter::Not(part) => {
            Plan::Not(Box::new(build(part, kinds, now, &format!("{at}{dot}not"))?))
        }
        Filter::Everyone(_) => Plan::Everyone,
        Filter::Tag(tag) => Plan::Tag(tag_key(tag)),
        Filter::Trait(TraitTest { key, is }) => {
            let kind = kinds.get(key).copied().unwrap_or_else(|| guess(is));
            let place = format!("{at}{dot}trait.is.{}", is.name());
            Plan::Trait {
                key: key.clone(),
                leaf: of_kind(kind, &format!("the trait `{key}`"), is, now, &place)?,
            }
        }
        Filter::Field(FieldTest { name, is }) => {
            let place = format!("{at}{dot}field.is.{}", is.name());
            Plan::Field {
                name: *name,
                leaf: of_field(*name, is, now, &place)?,
            }
        }
        Filter::Consent(test) => Plan::Consent(*test),
        Filter::List(id) => Plan::List(*id),
        Filter::Campaign(test) => Plan::Campaign {
            test: test.clone(),
            place: format!("{at}{dot}campaign"),
        },
        Filter::Event(test) => Plan::Event(Doing {
            name: test.name.clone(),
            at_least: test.at_least,
            since: test.within.map(|within| within.before(now)),
            properties: properties(&test.properties, now, &format!("{at}{dot}event.where"))?,
        }),
        Filter::Conversation(test) => Plan::Conversation(*test, now),
        Filter::Segment(_) => {
            let message = "a segment cannot hold another segment: put its parts in";
            return Err(Fault::new(&format!("{at}{dot}segment"), message));
        }
    })
}

/// The kind to read a question by when nobody has the trait yet.
fn guess(op: &Op) -> TraitKind {
    let first = match op {
        Op::Eq(operand)
        | Op::Ne(operand)
        | Op::Lt(operand)
        | Op::Lte(operand)
        | Op::Gt(operand)
        | Op::Gte(operand) => operand,
        Op::In(operands) => match operands.first() {
            Some(operand) => operand,
            None => return TraitKind::Text,
        },
        Op::Contains(_) | Op::StartsWith(_) | Op::Exists(_) => return TraitKind::Text,
        Op::Past(_) | Op::Older(_) | Op::Next(_) => return TraitKind::Datetime,
    };
    match first {
        Operand::Bool(_) => TraitKind::Boolean,
        Operand::Number(_) => TraitKind::Number,
        Operand::Text(text) if instant(text).is_some() => TraitKind::Datetime,
        Operand::Text(_) => TraitKind::Text,
    }
}

/// How operands become comparable, and whether they have an order.
struct Kind<'k> {
    what: &'k str,
    wish: &'static str,
    side: Option<Side>,
    ranges: bool,
    text: fn(&str) -> String,
    start: fn(&str) -> String,
    inside: fn(&str) -> String,
    int: fn(&Operand) -> Option<i64>,
}

fn of_kind(kind: TraitKind, what: &str, op: &Op, now: Timestamp, at: &str) -> Result<Leaf, Fault> {
    let number: fn(&Operand) -> Option<i64> = |operand| match operand {
        Operand::Number(number) => number.as_f64().map(ordered),
        Operand::Text(text) => text
            .trim()
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .map(ordered),
        Operand::Bool(_) => None,
    };
    let boolean: fn(&Operand) -> Option<i64> = |operand| {
        let value = match operand {
            Operand::Bool(value) => Value::Bool(*value),
            Operand::Number(number) => Value::Number(number.clone()),
            Operand::Text(text) => Value::String(text.clone()),
        };
        truth(&value).map(i64::from)
    };
    let (side, ranges, int, wish) = match kind {
        TraitKind::Text | TraitKind::List => (None, false, number, "a text"),
        TraitKind::Number => (Some(Side::Number), true, number, "a number"),
        TraitKind::Boolean => (Some(Side::Number), false, boolean, "true or false"),
        TraitKind::Datetime => (Some(Side::At), true, time as _, TIME),
    };
    leaf(
        &Kind {
            what,
            wish,
            side,
            ranges,
            text: text_key,
            start: text_key,
            inside: text_key,
            int,
        },
        op,
        now,
        at,
    )
}

const TIME: &str = "a time like 2026-11-23T09:30:00Z";

fn time(operand: &Operand) -> Option<i64> {
    match operand {
        Operand::Text(text) => instant(text),
        Operand::Bool(_) | Operand::Number(_) => None,
    }
}

fn of_field(field: Field, op: &Op, now: Timestamp, at: &str) -> Result<Leaf, Fault> {
    let what = format!("`{}`", field.as_str());
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let same: fn(&str) -> String = |text| text.trim().to_owned();
    let email: fn(&str) -> String = |text| text.trim().to_ascii_lowercase();
    let country: fn(&str) -> String = |text| text.trim().to_ascii_uppercase();
    let phone: fn(&str) -> String = |text| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        format!("+{digits}")
    };
    let part: fn(&str) -> String = |text| text.chars().filter(char::is_ascii_digit).collect();
    if field == Field::Phone
        && let Op::Contains(text) = op
        && digits(text).is_empty()
    {
        return Err(Fault::new(at, "write digits of a phone number"));
    }
    let times = matches!(
        field,
        Field::CreatedAt | Field::UpdatedAt | Field::LastSeenAt
    );
    let (text, start, inside) = match field {
        Field::Country => (country, country, country),
        Field::Name => (text_key as fn(&str) -> String, text_key as _, text_key as _),
        Field::Phone => (phone, phone, part),
        Field::Email => (email, email, email),
        Field::Source | Field::CreatedAt | Field::UpdatedAt | Field::LastSeenAt => {
            (same, same, same)
        }
    };
    leaf(
        &Kind {
            what: &what,
            wish: if times { TIME } else { "a text" },
            side: times.then_some(Side::At),
            ranges: times,
            text,
            start,
            inside,
            int: time,
        },
        op,
        now,
        at,
    )
}

fn leaf(kind: &Kind<'_>, op: &Op, now: Timestamp, at: &str) -> Result<Leaf, Fault> {
    let equal = |operands: &[Operand], several: bool| -> Result<Test, Fault> {
        let place = |index: usize| {
            if several {
                format!("{at}[{index}]")
            } else {
                at.to_owned()
            }
        };
        match kind.side {
            None => Ok(Test::Texts(unique(
                operands.iter().map(|operand| (kind.text)(&plain(operand))),
            ))),
            Some(side) => {
                let ints = operands
                    .iter()
                    .enumerate()
                    .map(|(index, operand)| int(kind, operand, &place(index)))
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(Test::Ints(side, unique(ints.into_iter())))
            }
        }
    };
    let range = |range: Range, operand: &Operand| match kind.side {
        Some(side) if kind.ranges => Ok(Test::Range(side, range, int(kind, operand, at)?)),
        _ => Err(refuse(kind, op, at)),
    };
    let moment = |test: Test| match kind.side {
        Some(Side::At) => Ok(test),
        _ => Err(refuse(kind, op, at)),
    };
    let text = |made: String, test: fn(String) -> Test| match kind.side {
        None => Ok(test(made)),
        Some(_) => Err(refuse(kind, op, at)),
    };
    let (negated, test) = match op {
        Op::Exists(there) => (!there, Test::Present),
        Op::Eq(operand) => (false, equal(std::slice::from_ref(operand), false)?),
        Op::Ne(operand) => (true, equal(std::slice::from_ref(operand), false)?),
        Op::In(operands) => (false, equal(operands, true)?),
        Op::Lt(operand) => (false, range(Range::Lt, operand)?),
        Op::Lte(operand) => (false, range(Range::Lte, operand)?),
        Op::Gt(operand) => (false, range(Range::Gt, operand)?),
        Op::Gte(operand) => (false, range(Range::Gte, operand)?),
        Op::Past(span) => {
            let test = Test::Between(span.before(now), now.as_micros());
            (false, moment(test)?)
        }
        Op::Older(span) => {
            let test = Test::Range(Side::At, Range::Lt, span.before(now));
            (false, moment(test)?)
        }
        Op::Next(span) => {
            let test = Test::Between(now.as_micros(), span.after(now));
            (false, moment(test)?)
        }
        Op::Contains(part) => (false, text((kind.inside)(part), Test::Contains)?),
        Op::StartsWith(start) => (false, text((kind.start)(start), Test::StartsWith)?),
    };
    Ok(Leaf { negated, test })
}

fn unique<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.collect();
    values.sort();
    values.dedup();
    values
}

fn plain(operand: &Operand) -> String {
    match operand {
        Operand::Bool(value) => value.to_string(),
        Operand::Number(number) => number.to_string(),
        Operand::Text(text) => text.clone(),
    }
}

fn int(kind: &Kind<'_>, operand: &Operand, at: &str) -> Result<i64, Fault> {
    (kind.int)(operand).ok_or_else(|| {
        let message = format!(
            "{} is compared with {}, not with `{}`",
            kind.what,
            kind.wish,
            plain(operand)
        );
        Fault::new(at, message)
    })
}

fn refuse(kind: &Kind<'_>, op: &Op, at: &str) -> Fault {
    let known = match (kind.side, kind.ranges) {
        (None, _) => "eq, ne, in, contains, starts_with and exists",
        (Some(Side::At), true) => "eq, ne, in, lt, lte, gt, gte, past, older, next and exists",
        (Some(Side::Number), true) => "eq, ne, in, lt, lte, gt, gte and exists",
        (Some(_), false) => "eq, ne, in and exists",
    };
    let message = format!(
        "{} is {} and has no `{}`: use {known}",
        kind.what,
        kind.wish,
        op.name()
    );
    Fault::new(at, message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000_000);

    #[expect(clippy::needless_pass_by_value, reason = "short where it is called")]
    fn plan(value: Value) -> Result<Plan, Fault> {
        let kinds = [
            ("city", TraitKind::Text),
            ("spent", TraitKind::Number),
            ("member", TraitKind::Boolean),
            ("born", TraitKind::Datetime),
            ("likes", TraitKind::List),
        ];
        let kinds = kinds.map(|(key, kind)| (key.to_owned(), kind)).into();
        Plan::new(&Filter::read(&value).unwrap(), &kinds, NOW)
    }

    #[expect(clippy::needless_pass_by_value, reason = "short where it is called")]
    fn of_trait(key: &str, is: Value) -> Result<Leaf, Fault> {
        match plan(json!({"trait": {"key": key, "is": is}}))? {
            Plan::Trait { leaf, .. } => Ok(leaf),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn values_are_read_by_the_kind_of_their_trait() {
        let yes = |test| {
            Ok(Leaf {
                negated: false,
                test,
            })
        };
        assert_eq!(
            of_trait("city", json!({"eq": " PUNE "})),
            yes(Test::Texts(vec!["pune".to_owned()]))
        );
        assert_eq!(
            of_trait("city", json!({"in": [5, "a", "A"]})),
            yes(Test::Texts(vec!["5".to_owned(), "a".to_owned()]))
        );
        assert_eq!(
            of_trait("spent", json!({"gte": "12.5"})),
            yes(Test::Range(Side::Number, Range::Gte, ordered(12.5)))
        );
        assert_eq!(
            of_trait("member", json!({"ne": true})),
            Ok(Leaf {
                negated: true,
                test: Test::Ints(Side::Number, vec![1])
            })
        );
        assert_eq!(
            of_trait("born", json!({"lt": "1970-01-01T00:00:01Z"})),
            yes(Test::Range(Side::At, Range::Lt, 1_000_000))
        );
        assert_eq!(
            of_trait("likes", json!({"contains": "Tea"})),
            yes(Test::Contains("tea".to_owned()))
        );
        assert_eq!(
            of_trait("nobody_has_it", json!({"gt": 3})),
            yes(Test::Range(Side::Number, Range::Gt, ordered(3.0)))
        );
    }

    #[test]
    fn a_comparison_that_a_kind_lacks_is_refused_with_those_it_has() {
        for (key, is, field, mend) in [
            (
                "city",
                json!({"gt": "a"}),
                "trait.is.gt",
                "use eq, ne, in, contains",
            ),
            (
                "member",
                json!({"gt": true}),
                "trait.is.gt",
                "use eq, ne, in and exists",
            ),
            (
                "spent",
                json!({"contains": "1"}),
                "trait.is.contains",
                "use eq, ne, in, lt",
            ),
            (
                "spent",
                json!({"in": [1, "many"]}),
                "trait.is.in[1]",
                "with a number, not with `many`",
            ),
            (
                "born",
                json!({"eq": 5}),
                "trait.is.eq",
                "2026-11-23T09:30:00Z",
            ),
        ] {
            let fault = of_trait(key, is).unwrap_err();
            assert_eq!(fault.field, field);
            assert!(fault.message.contains(mend), "{fault}");
        }
        let fault = plan(
            json!({"all": [{"tag": "a"}, {"field": {"name": "created_at", "is": {"gt": "then"}}}]}),
        );
        assert_eq!(fault.unwrap_err().field, "all[1].field.is.gt");
    }

    #[test]
    fn fields_are_compared_in_their_own_spelling() {
        let field = |name: &str, is: Value| match plan(json!({"field": {"name": name, "is": is}})) {
            Ok(Plan::Field { leaf, .. }) => leaf.test,
            other => panic!("{other:?}"),
        };
        let one = |text: &str| Test::Texts(vec![text.to_owned()]);
        assert_eq!(field("country", json!({"eq": "in"})), one("IN"));
        assert_eq!(
            field("phone", json!({"eq": "+91 98765-43210"})),
            one("+919876543210")
        );
        assert_eq!(
            field("phone", json!({"starts_with": "91 98"})),
            Test::StartsWith("+9198".to_owned())
        );
        assert_eq!(
            field("phone", json!({"contains": "+98-76"})),
            Test::Contains("9876".to_owned())
        );
        assert_eq!(
            field("email", json!({"eq": " A@B.example"})),
            one("a@b.example")
        );
        assert_eq!(field("name", json!({"eq": "José"})), one("jose"));
    }
}
