//! What a contact's fields hold, whatever the workspace's traits are.

use std::collections::BTreeMap;

use serde_json::Value;

/// Most traits of one request.
const MOST_TRAITS: usize = 100;
/// Most bytes of a trait's name.
const MOST_NAME: usize = 100;
/// Most bytes of a text.
const MOST_TEXT: usize = 1_000;
/// Most texts of a list.
const MOST_IN_A_LIST: usize = 100;

/// Traits are typed fields, not documents: at most 100, each a text, number, truth value, list of
/// texts or null. Whether a value is of its trait's kind is asked where it is written.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that garde calls"
)]
pub(crate) fn few_traits(traits: &BTreeMap<String, Value>, _: &()) -> garde::Result {
    if traits.len() > MOST_TRAITS {
        return Err(garde::Error::new(format!(
            "use at most {MOST_TRAITS} traits"
        )));
    }
    let named = |key: &str| (1..=MOST_NAME).contains(&key.len());
    if let Some(key) = traits.keys().find(|key| !named(key)) {
        return Err(garde::Error::new(format!(
            "a trait's name has 1 to {MOST_NAME} bytes; `{key}` has {}",
            key.len()
        )));
    }
    match traits.iter().find(|(_, value)| !plain(value)) {
        Some((key, _)) => Err(garde::Error::new(format!(
            "`{key}` is neither a text of at most {MOST_TEXT} bytes, a number, true, false or null, nor a list of at most {MOST_IN_A_LIST} such texts"
        ))),
        None => Ok(()),
    }
}

fn plain(value: &Value) -> bool {
    let short = |value: &Value| value.as_str().is_some_and(|text| text.len() <= MOST_TEXT);
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
        Value::String(_) => short(value),
        Value::Array(texts) => texts.len() <= MOST_IN_A_LIST && texts.iter().all(short),
        Value::Object(_) => false,
    }
}

/// A name has at most 200 characters.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    clippy::option_option,
    clippy::ref_option,
    reason = "the signature that garde calls; absent and null are told apart"
)]
pub(super) fn editable_name(name: &Option<Option<String>>, _: &()) -> garde::Result {
    match name.as_ref().and_then(Option::as_ref) {
        Some(name) if name.chars().count() > 200 => {
            Err(garde::Error::new("use at most 200 characters"))
        }
        _ => Ok(()),
    }
}

/// An e-mail address is one, or is emptied.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    clippy::option_option,
    clippy::ref_option,
    reason = "the signature that garde calls; absent and null are told apart"
)]
pub(super) fn editable_email(email: &Option<Option<String>>, _: &()) -> garde::Result {
    match email.as_ref().and_then(Option::as_ref) {
        Some(email) if !email.is_empty() => garde::rules::email::apply(email, ()),
        _ => Ok(()),
    }
}
