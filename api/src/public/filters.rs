//! Filters of `POST /apis/users/` as filters of audiences (Interakt: Get Users API).
//!
//! `supr_op` joins a condition to all before it, from left to right. `created_at_utc` and `modified_at_utc` are
//! instants of Wigwag's; `name`, `email` and `whatsapp_opted_in` have places of their own; everything else is a
//! trait.

use serde::Deserialize;
use serde_json::Value;
use wigwag_model::Timestamp;
use wigwag_model::audience::{ConsentTest, Field, FieldTest, Filter, Op, Operand, TraitTest};
use wigwag_model::consent::{Category, ConsentState};

use crate::problem::Problem;

/// Most conditions: beyond that filters lie too deep in each other.
const MOST: usize = 50;

/// A condition.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Condition {
    r#trait: String,
    op: String,
    #[serde(default)]
    val: Value,
    #[serde(default)]
    supr_op: Option<String>,
}

/// The filter of all conditions; everybody where there is none.
pub(super) fn filter(conditions: &[Condition]) -> Result<Filter, Problem> {
    if conditions.len() > MOST {
        return Err(Problem::field(
            "filters",
            "too_many",
            "use at most 50 conditions",
        ));
    }
    let mut whole: Option<Filter> = None;
    for (at, condition) in conditions.iter().enumerate() {
        let field = format!("filters[{at}]");
        let part = one(&field, condition)?;
        let join = condition.supr_op.as_deref().unwrap_or("and");
        whole = Some(match (whole, join.to_ascii_lowercase().as_str()) {
            (None, "and" | "or") => part,
            (Some(before), "and") => joined(before, part, true),
            (Some(before), "or") => joined(before, part, false),
            _ => {
                let message = "write `and` or `or`";
                return Err(Problem::field(
                    format!("{field}.supr_op"),
                    "unknown",
                    message,
                ));
            }
        });
    }
    let whole = whole.unwrap_or_else(Filter::everyone);
    whole
        .check()
        .map_err(|fault| crate::audience::faulty("filters", fault))?;
    Ok(whole)
}

/// Both, or either; one list as long as the word stays the same.
fn joined(before: Filter, part: Filter, all: bool) -> Filter {
    match (before, all) {
        (Filter::All(mut parts), true) => {
            parts.push(part);
            Filter::All(parts)
        }
        (Filter::Any(mut parts), false) => {
            parts.push(part);
            Filter::Any(parts)
        }
        (before, true) => Filter::All(vec![before, part]),
        (before, false) => Filter::Any(vec![before, part]),
    }
}

fn one(field: &str, condition: &Condition) -> Result<Filter, Problem> {
    let name = condition.r#trait.trim();
    let of_field = |name: Field, op: Op| Filter::Field(FieldTest { name, is: op });
    Ok(match name {
        "" => {
            let message = "name a trait";
            return Err(Problem::field(
                format!("{field}.trait"),
                "required",
                message,
            ));
        }
        "created_at_utc" => of_field(Field::CreatedAt, instant(field, condition)?),
        "modified_at_utc" => of_field(Field::UpdatedAt, instant(field, condition)?),
        "name" => of_field(Field::Name, op(field, condition)?),
        "email" => of_field(Field::Email, op(field, condition)?),
        "whatsapp_opted_in" => consent(field, condition)?,
        key => Filter::Trait(TraitTest {
            key: key.to_owned(),
            is: op(field, condition)?,
        }),
    })
}

fn op(field: &str, condition: &Condition) -> Result<Op, Problem> {
    let value = || operand(field, &condition.val);
    Ok(match condition.op.trim().to_ascii_lowercase().as_str() {
        "eq" => Op::Eq(value()?),
        "ne" | "neq" => Op::Ne(value()?),
        "gt" => Op::Gt(value()?),
        "gte" => Op::Gte(value()?),
        "lt" => Op::Lt(value()?),
        "lte" => Op::Lte(value()?),
        "contains" => match value()? {
            Operand::Text(text) => Op::Contains(text),
            _ => return Err(wrong_value(field, "write a text")),
        },
        "in" => match &condition.val {
            Value::Array(values) => Op::In(
                values
                    .iter()
                    .map(|value| operand(field, value))
                    .collect::<Result<_, _>>()?,
            ),
            _ => return Err(wrong_value(field, "write a list of values")),
        },
        _ => {
            let message = "must be eq, ne, gt, gte, lt, lte, contains or in";
            return Err(Problem::field(format!("{field}.op"), "unknown", message));
        }
    })
}

fn operand(field: &str, value: &Value) -> Result<Operand, Problem> {
    match value {
        Value::Bool(truth) => Ok(Operand::Bool(*truth)),
        Value::Number(number) => Ok(Operand::Number(number.clone())),
        Value::String(text) => Ok(Operand::Text(text.clone())),
        _ => Err(wrong_value(field, "write a text, a number, true or false")),
    }
}

/// An instant in UTC, as Interakt asks for it.
fn instant(field: &str, condition: &Condition) -> Result<Op, Problem> {
    let is_utc = |text: &str| {
        let zone = ["Z", "z", "+00:00"];
        zone.iter().any(|zone| text.trim().ends_with(zone))
            && text.trim().parse::<Timestamp>().is_ok()
    };
    match &condition.val {
        Value::String(text) if is_utc(text) => {}
        _ => {
            let message = "write a time in UTC, such as 2021-09-08T11:35:47.089Z";
            return Err(wrong_value(field, message));
        }
    }
    match op(field, condition)? {
        Op::Contains(_) | Op::In(_) => {
            let message = "must be eq, ne, gt, gte, lt or lte";
            Err(Problem::field(format!("{field}.op"), "invalid", message))
        }
        op => Ok(op),
    }
}

fn consent(field: &str, condition: &Condition) -> Result<Filter, Problem> {
    let granted = Filter::Consent(ConsentTest {
        category: Category::Marketing,
        state: ConsentState::Granted,
    });
    match op(field, condition)? {
        Op::Eq(Operand::Bool(true)) | Op::Ne(Operand::Bool(false)) => Ok(granted),
        Op::Eq(Operand::Bool(false)) | Op::Ne(Operand::Bool(true)) => {
            Ok(Filter::Not(Box::new(granted)))
        }
        _ => Err(wrong_value(field, "write eq or ne, and true or false")),
    }
}

fn wrong_value(field: &str, message: &str) -> Problem {
    Problem::field(format!("{field}.val"), "invalid", message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> Result<Value, Problem> {
        let conditions: Vec<Condition> = serde_json::from_value(value).unwrap();
        filter(&conditions).map(|filter| serde_json::to_value(filter).unwrap())
    }

    #[test]
    fn conditions_are_joined_from_left_to_right() {
        let (first, last) = ("2021-09-08T11:35:47.089Z", "2021-09-08T11:40:47.089Z");
        let of = |name: &str, is: Value| json!({"field": {"name": name, "is": is}});
        assert_eq!(read(json!([])).unwrap(), json!({"everyone": true}));
        assert_eq!(
            read(json!([
                {"trait": "created_at_utc", "op": "gt", "val": first},
                {"trait": "created_at_utc", "op": "lt", "supr_op": "and", "val": last},
                {"trait": "city", "op": "eq", "supr_op": "or", "val": "Pune"},
            ]))
            .unwrap(),
            json!({"any": [
                {"all": [of("created_at", json!({"gt": first})), of("created_at", json!({"lt": last}))]},
                {"trait": {"key": "city", "is": {"eq": "Pune"}}},
            ]})
        );
        let opted = json!([{"trait": "whatsapp_opted_in", "op": "eq", "val": true}]);
        assert_eq!(
            read(opted).unwrap(),
            json!({"consent": {"category": "marketing", "state": "granted"}})
        );
    }

    #[test]
    fn what_is_wrong_names_the_condition() {
        let at = "2021-09-08T11:35:47.089Z";
        for (condition, field) in [
            (
                json!({"trait": "city", "op": "like", "val": "x"}),
                "filters[0].op",
            ),
            (
                json!({"trait": "created_at_utc", "op": "gt", "val": "yesterday"}),
                "filters[0].val",
            ),
            (
                json!({"trait": "created_at_utc", "op": "gt", "val": "2021-09-08T11:35:47+05:30"}),
                "filters[0].val",
            ),
            (
                json!({"trait": "modified_at_utc", "op": "contains", "val": at}),
                "filters[0].op",
            ),
            (
                json!({"trait": "city", "op": "eq", "val": {}}),
                "filters[0].val",
            ),
            (
                json!({"trait": "city", "op": "eq", "val": "x", "supr_op": "xor"}),
                "filters[0].supr_op",
            ),
            (
                json!({"trait": " ", "op": "eq", "val": "x"}),
                "filters[0].trait",
            ),
        ] {
            let problem = read(json!([condition])).unwrap_err();
            assert!(
                problem.detail().starts_with(&format!("{field}: ")),
                "{}",
                problem.detail()
            );
        }
    }
}
