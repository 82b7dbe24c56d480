//! Template messages: name, language and values by place (Interakt: Send Template Message).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use wigwag_engine::messages::{Linked, What};
use wigwag_engine::templates::{Named, by_name};
use wigwag_model::NumberId;
use wigwag_model::template_values::{Misfit, Placed, keyed};
use wigwag_store::templates::Template;

use super::text::{Text, texts};
use crate::Api;
use crate::auth::Caller;
use crate::problem::{Code, Problem};

/// Most buttons that are counted to.
const MOST_BUTTONS: usize = 10;

/// A template with its values.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TemplateWish {
    name: Text,
    #[serde(alias = "language_code")]
    language_code: Text,
    #[serde(default)]
    header_values: Option<Vec<Text>>,
    #[serde(default)]
    file_name: Option<Text>,
    #[serde(default)]
    body_values: Option<Vec<Text>>,
    #[serde(default)]
    button_values: Option<Value>,
    #[serde(default)]
    carousel_cards: Option<Vec<CardWish>>,
    #[serde(default, rename = "order_status", alias = "orderStatus")]
    order_status: Option<Value>,
}

/// A card of a carousel with its values.
#[derive(Debug, Deserialize)]
pub(super) struct CardWish {
    #[serde(default, rename = "headerValues")]
    header: Option<Vec<Text>>,
    #[serde(default, rename = "bodyValues")]
    body: Option<Vec<Text>>,
    #[serde(default, rename = "buttonValues")]
    buttons: Option<Value>,
}

impl From<Misfit> for Problem {
    fn from(misfit: Misfit) -> Self {
        Self::field(misfit.field, "invalid", misfit.message)
    }
}

/// What a template message says.
pub(super) async fn what(
    api: &Api,
    caller: &Caller,
    number: NumberId,
    wish: TemplateWish,
    category: Option<&str>,
) -> Result<What, Problem> {
    let (name, language) = (wish.name.0.trim(), wish.language_code.0.trim());
    let row = find(api, caller, number, name, language).await?;
    check_category(&row, category)?;
    let own = placed(
        "template.",
        wish.header_values,
        wish.body_values,
        wish.button_values,
    )?;
    let cards = wish
        .carousel_cards
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(at, card)| {
            let field = format!("template.carouselCards[{at}].");
            placed(&field, card.header, card.body, card.buttons)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let named = row.parameter_format == "named";
    let filled = keyed(&row.components, named, &own, &cards)?;
    let filename = wish
        .file_name
        .map(|name| name.0)
        .filter(|name| !name.trim().is_empty());
    Ok(What::Template {
        template: row.id,
        variables: filled.values,
        header_media: None,
        header_link: filled.header_link.map(|url| Linked { url, filename }),
        header_location: None,
        order_status: order_status(wish.order_status)?,
    })
}

/// The template of the number's account.
pub(super) async fn find(
    api: &Api,
    caller: &Caller,
    number: NumberId,
    name: &str,
    language: &str,
) -> Result<Template, Problem> {
    let context = api.engine().context();
    match by_name(context, caller.scope.workspace, number, name, language).await? {
        Named::Found(row) => Ok(*row),
        Named::Languages(languages) if languages.is_empty() => Err(Problem::field(
            "template.name",
            "unknown",
            "the number's account has no template of this name: it is the code name, in small letters",
        )),
        Named::Languages(languages) => Err(Problem::field(
            "template.languageCode",
            "unknown",
            format!("this template is there in {}", languages.join(", ")),
        )),
    }
}

/// Meta puts templates into other categories, at another price: who names one wants no other.
fn check_category(row: &Template, wanted: Option<&str>) -> Result<(), Problem> {
    let Some(wanted) = wanted.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(());
    };
    if row.category.eq_ignore_ascii_case(wanted) {
        return Ok(());
    }
    let message = format!(
        "template_category: the template is {} now, not {}: nothing was sent",
        row.category,
        wanted.to_ascii_lowercase()
    );
    Err(Problem::new(Code::TemplateUnavailable, message))
}

fn placed(
    field: &str,
    header: Option<Vec<Text>>,
    body: Option<Vec<Text>>,
    buttons: Option<Value>,
) -> Result<Placed, Problem> {
    Ok(Placed {
        header: texts(header),
        body: texts(body),
        buttons: buttons_of(&format!("{field}buttonValues"), buttons)?,
    })
}

/// `{"1": ["x"]}`, or a list of lists in the order of the buttons, where an empty one says nothing.
fn buttons_of(field: &str, value: Option<Value>) -> Result<BTreeMap<usize, Vec<String>>, Problem> {
    let shape = || {
        let message = "write {\"0\": [\"value\"]}, where 0 is the first button";
        Problem::field(field, "invalid", message)
    };
    let listed: Vec<(usize, Value)> = match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(values)) => values.into_iter().enumerate().collect(),
        Some(Value::Object(values)) => values
            .into_iter()
            .map(|(key, value)| {
                let at = key.trim().parse().ok().filter(|at| *at < MOST_BUTTONS);
                at.map(|at| (at, value)).ok_or_else(shape)
            })
            .collect::<Result<_, _>>()?,
        Some(_) => return Err(shape()),
    };
    let mut found = BTreeMap::new();
    for (at, value) in listed {
        let values = match value {
            Value::Null => Vec::new(),
            Value::Array(values) => values
                .into_iter()
                .map(|value| serde_json::from_value::<Text>(value).map(|text| text.0))
                .collect::<Result<Vec<_>, _>>()
                .map_err(|_| shape())?,
            value => vec![
                serde_json::from_value::<Text>(value)
                    .map_err(|_| shape())?
                    .0,
            ],
        };
        if !values.is_empty() {
            found.insert(at, values);
        }
    }
    Ok(found)
}

/// Meta's shape is Interakt's: `reference_id` and `order.status`.
fn order_status(value: Option<Value>) -> Result<Option<Value>, Problem> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    for (pointer, name) in [
        ("/reference_id", "reference_id"),
        ("/order/status", "order.status"),
    ] {
        if !value.pointer(pointer).is_some_and(Value::is_string) {
            let field = format!("template.order_status.{name}");
            return Err(Problem::field(field, "required", "write this text"));
        }
    }
    Ok(Some(value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn button_values_are_read_in_each_form() {
        let one: BTreeMap<usize, Vec<String>> = [(1, vec!["x".to_owned()])].into();
        for (value, wanted) in [
            (json!({"1": ["x"]}), one.clone()),
            (json!({"1": "x", "0": []}), one.clone()),
            (json!([[], ["x"]]), one.clone()),
            (json!([null, "x"]), one),
            (json!({}), BTreeMap::new()),
            (json!([]), BTreeMap::new()),
            (json!(null), BTreeMap::new()),
        ] {
            let read = buttons_of("template.buttonValues", Some(value.clone())).unwrap();
            assert_eq!(read, wanted, "{value}");
        }
        for wrong in [
            json!("x"),
            json!({"a": ["x"]}),
            json!({"10": ["x"]}),
            json!([[["x"]]]),
        ] {
            let problem = buttons_of("template.buttonValues", Some(wrong.clone())).unwrap_err();
            assert!(
                problem.detail().starts_with("template.buttonValues: "),
                "{wrong}"
            );
        }
    }

    #[test]
    fn an_order_has_a_reference_and_a_status() {
        let right = json!({"reference_id": "r1", "order": {"status": "shipped"}});
        assert_eq!(order_status(Some(right.clone())).unwrap(), Some(right));
        assert!(order_status(Some(json!({"order": {}}))).is_err());
    }
}
