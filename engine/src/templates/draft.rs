//! Writing templates: drafts, next versions, copies.

use serde_json::Value;
use wigwag_model::template_rules::{self, Problem};
use wigwag_model::{Scope, TemplateId, WabaId};
use wigwag_store::templates::{self, Content, New, Save, Template};
use wigwag_store::wabas;

use super::TemplateError;
use crate::Context;

/// Most names that a copy is tried under.
const COPIES: usize = 50;

/// A template as somebody writes it.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Meta's id of the WABA; may be left out where there is one.
    pub waba_id: Option<String>,
    /// The draft.
    pub draft: template_rules::Draft,
}

impl Wish {
    fn content(&self) -> Content {
        Content {
            category: self.draft.category.to_ascii_lowercase(),
            parameter_format: self.draft.parameter_format.to_ascii_lowercase(),
            components: template_rules::normalise(&self.draft.components),
            ttl_seconds: self.draft.ttl_seconds,
        }
    }
}

/// Writes a draft. What is wrong with its text may stay so until it is handed in.
///
/// # Errors
/// [`TemplateError::Problems`] about its place: WABA, name, language, category.
pub async fn create(
    context: &Context,
    scope: &Scope,
    wish: Wish,
) -> Result<Template, TemplateError> {
    check_place(&wish.draft)?;
    let waba = find_waba(context, scope, wish.waba_id.as_deref()).await?;
    let new = New {
        waba,
        content: wish.content(),
        name: wish.draft.name,
        language: wish.draft.language,
        actor: scope.actor.to_string(),
    };
    let id = templates::create(context.db(), scope.workspace, new)
        .await
        .map_err(taken)?;
    Ok(templates::get(context.db(), scope.workspace, id).await?)
}

/// Writes over a draft, or writes the next version of a template that Meta has.
///
/// # Errors
/// [`TemplateError`]; [`wigwag_store::Error::Stale`] when somebody else wrote since `revision`.
pub async fn edit(
    context: &Context,
    scope: &Scope,
    id: TemplateId,
    wish: Wish,
    revision: Option<i64>,
) -> Result<Template, TemplateError> {
    check_place(&wish.draft)?;
    let before = templates::get(context.db(), scope.workspace, id).await?;
    let place = if before.is_draft() {
        let waba = match &wish.waba_id {
            Some(_) => find_waba(context, scope, wish.waba_id.as_deref()).await?,
            None => before.waba,
        };
        Some((waba, wish.draft.name.clone(), wish.draft.language.clone()))
    } else {
        check_fixed(&before, &wish)?;
        None
    };
    let save = Save {
        place,
        content: wish.content(),
        revision,
    };
    templates::save(context.db(), scope.workspace, id, save)
        .await
        .map_err(taken)
}

/// Where a copy goes.
#[derive(Debug, Clone, Default)]
pub struct Duplicate {
    /// Its name; a free one is found without.
    pub name: Option<String>,
    /// Its language; the same without.
    pub language: Option<String>,
    /// Meta's id of its WABA; the same without.
    pub waba_id: Option<String>,
}

/// Copies a template into a new draft. A copy in another language keeps the name, because that is how Meta
/// joins languages.
///
/// # Errors
/// [`TemplateError`].
pub async fn duplicate(
    context: &Context,
    scope: &Scope,
    id: TemplateId,
    wish: Duplicate,
) -> Result<Template, TemplateError> {
    let of = templates::get(context.db(), scope.workspace, id).await?;
    let mut content = of.content();
    if let Some(media) = of.header_media {
        keep_sample(&mut content.components, &media.to_string());
    }
    let language = wish.language.clone().unwrap_or(of.language.clone());
    let names: Vec<String> = match wish.name {
        Some(name) => vec![name],
        None if language != of.language => vec![of.name.clone()],
        None => (1..=COPIES).map(|no| copy_name(&of.name, no)).collect(),
    };
    let (waba_id, last) = (wish.waba_id.unwrap_or(of.waba_id.clone()), names.len());
    for (no, name) in (1..).zip(names) {
        let draft = template_rules::Draft {
            name,
            language: language.clone(),
            category: content.category.clone(),
            parameter_format: content.parameter_format.clone(),
            components: content.components.clone(),
            ttl_seconds: content.ttl_seconds,
        };
        let wish = Wish {
            waba_id: Some(waba_id.clone()),
            draft,
        };
        match create(context, scope, wish).await {
            Err(TemplateError::Problems(problems)) if no < last && is_taken(&problems) => {}
            done => return done,
        }
    }
    Err(TemplateError::Problems(vec![Problem::error(
        "name",
        "name_taken",
    )]))
}

/// `name_copy`, `name_copy_2`, …, within the most characters of a name.
fn copy_name(name: &str, no: usize) -> String {
    let end = if no == 1 {
        "_copy".to_owned()
    } else {
        format!("_copy_{no}")
    };
    let room = template_rules::limits::NAME - end.len();
    let kept: String = name.chars().take(room).collect();
    format!("{kept}{end}")
}

/// Puts the file of a header's sample back into the text that Meta gave an address for.
fn keep_sample(components: &mut Value, media: &str) {
    for component in components.as_array_mut().into_iter().flatten() {
        let is_header = component["type"] == "HEADER";
        let has_sample = component["media_id"].is_string();
        if is_header && !has_sample && component["format"] != "TEXT" {
            component["media_id"] = media.into();
        }
    }
}

/// WABA, name, language and category decide where a draft is kept; they must be right from the start.
fn check_place(draft: &template_rules::Draft) -> Result<(), TemplateError> {
    let wrong: Vec<Problem> = template_rules::check(draft)
        .into_iter()
        .filter(|problem| {
            matches!(
                problem.field.as_str(),
                "name" | "language" | "category" | "parameter_format"
            ) || problem.code == "components_invalid"
        })
        .collect();
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(TemplateError::Problems(wrong))
    }
}

/// What Meta does not let change once it has a template.
fn check_fixed(before: &Template, wish: &Wish) -> Result<(), TemplateError> {
    let mut wrong = Vec::new();
    if wish.draft.name != before.name {
        wrong.push(Problem::error("name", "name_fixed").with("is", before.name.as_str()));
    }
    if wish.draft.language != before.language {
        wrong.push(
            Problem::error("language", "language_fixed").with("is", before.language.as_str()),
        );
    }
    if wish
        .waba_id
        .as_ref()
        .is_some_and(|waba| *waba != before.waba_id)
    {
        wrong.push(Problem::error("waba_id", "waba_fixed").with("is", before.waba_id.as_str()));
    }
    let category = wish.draft.category.to_ascii_lowercase();
    if before.status == "approved" && category != before.category {
        wrong.push(
            Problem::error("category", "category_fixed").with("is", before.category.as_str()),
        );
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(TemplateError::Problems(wrong))
    }
}

async fn find_waba(
    context: &Context,
    scope: &Scope,
    waba_id: Option<&str>,
) -> Result<WabaId, TemplateError> {
    let all = wabas::list(context.db(), scope.workspace).await?;
    let found = match (waba_id.filter(|id| !id.is_empty()), all.as_slice()) {
        (None, [only]) => Ok(only.id),
        (None, _) => Err("waba_required"),
        (Some(id), all) => all
            .iter()
            .find(|waba| waba.waba_id == id)
            .map(|waba| waba.id)
            .ok_or("waba_unknown"),
    };
    found.map_err(|code| TemplateError::Problems(vec![Problem::error("waba_id", code)]))
}

fn taken(error: wigwag_store::Error) -> TemplateError {
    match error {
        wigwag_store::Error::Conflict(_) => {
            TemplateError::Problems(vec![Problem::error("name", "name_taken")])
        }
        other => other.into(),
    }
}

fn is_taken(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.code == "name_taken")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_have_names_that_fit() {
        assert_eq!(copy_name("order", 1), "order_copy");
        assert_eq!(copy_name("order", 12), "order_copy_12");
        let long = copy_name(&"a".repeat(512), 2);
        assert!(long.len() == 512 && long.ends_with("_copy_2"));
    }
}
