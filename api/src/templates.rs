//! Message templates, as they were last read from Meta.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use wigwag_model::{TemplateId, Timestamp};
use wigwag_store::templates::{self, Filter, Key};

use crate::Api;
use crate::auth::Caller;
use crate::page::{self, Limit, Page};
use crate::problem::Problem;
use crate::request::{Id, Params};

/// A place in a template that is filled in when it is sent.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Variable {
    /// `body.1`, `body.first_name`, `header.1`, `button.0.url`.
    pub key: String,
    /// `header`, `body` or `button`.
    pub component: &'static str,
    /// The example that Meta approved.
    pub example: Option<String>,
}

/// A message template.
#[derive(Debug, Serialize, ToSchema)]
pub struct Template {
    /// Its id.
    #[schema(value_type = String)]
    pub id: TemplateId,
    /// Meta's id of the WABA.
    pub waba_id: String,
    /// Meta's id.
    pub meta_template_id: String,
    /// Its name.
    pub name: String,
    /// Its language code.
    pub language: String,
    /// `marketing`, `utility` or `authentication`.
    pub category: String,
    /// Meta's status in lower case.
    pub status: String,
    /// Meta's quality in lower case.
    pub quality: String,
    /// Why Meta rejected it.
    pub rejected_reason: Option<String>,
    /// `positional` or `named`.
    pub parameter_format: String,
    /// Meta's components with their examples.
    #[schema(value_type = Vec<Object>)]
    pub components: Value,
    /// What is filled in when it is sent.
    pub variables: Vec<Variable>,
    /// Whether Meta takes it now.
    pub sendable: bool,
    /// When it was last read from Meta.
    #[schema(value_type = String, format = DateTime)]
    pub synced_at: Timestamp,
}

impl From<templates::Template> for Template {
    fn from(row: templates::Template) -> Self {
        Self {
            id: row.id,
            waba_id: row.waba_id,
            meta_template_id: row.meta_template_id,
            name: row.name,
            language: row.language,
            category: row.category,
            sendable: row.status == "approved",
            status: row.status,
            quality: row.quality,
            rejected_reason: row.rejected_reason,
            variables: variables(&row.components, row.parameter_format == "named"),
            parameter_format: row.parameter_format,
            components: row.components,
            synced_at: row.synced_at,
        }
    }
}

/// The places to fill in, in the order in which one reads them.
fn variables(components: &Value, named: bool) -> Vec<Variable> {
    let mut found = Vec::new();
    for component in components.as_array().into_iter().flatten() {
        let text = component["text"].as_str().unwrap_or_default();
        let example = &component["example"];
        match component["type"]
            .as_str()
            .unwrap_or_default()
            .to_ascii_uppercase()
            .as_str()
        {
            "HEADER" => {
                let examples = if named {
                    &example["header_text_named_params"]
                } else {
                    &example["header_text"]
                };
                found.extend(
                    places(text)
                        .into_iter()
                        .enumerate()
                        .map(|(at, name)| Variable {
                            example: example_of(examples, &name, at),
                            key: format!("header.{name}"),
                            component: "header",
                        }),
                );
            }
            "BODY" => {
                let examples = if named {
                    &example["body_text_named_params"]
                } else {
                    &example["body_text"][0]
                };
                found.extend(
                    places(text)
                        .into_iter()
                        .enumerate()
                        .map(|(at, name)| Variable {
                            example: example_of(examples, &name, at),
                            key: format!("body.{name}"),
                            component: "body",
                        }),
                );
            }
            "BUTTONS" => found.extend(button_variables(component)),
            _ => {}
        }
    }
    found
}

fn button_variables(component: &Value) -> Vec<Variable> {
    let buttons = component["buttons"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let variable = |at: usize, what: &str, example: &Value| Variable {
        key: format!("button.{at}.{what}"),
        component: "button",
        example: example
            .as_str()
            .or_else(|| example[0].as_str())
            .map(str::to_owned),
    };
    buttons
        .iter()
        .enumerate()
        .filter_map(|(at, button)| {
            let kind = button["type"]
                .as_str()
                .unwrap_or_default()
                .to_ascii_uppercase();
            let url = button["url"].as_str().unwrap_or_default();
            match kind.as_str() {
                "URL" if url.contains("{{") => Some(variable(at, "url", &button["example"])),
                "COPY_CODE" => Some(variable(at, "code", &button["example"])),
                _ => None,
            }
        })
        .collect()
}

fn example_of(examples: &Value, name: &str, at: usize) -> Option<String> {
    let list = examples.as_array()?;
    let named = list
        .iter()
        .find(|example| example["param_name"] == name)
        .and_then(|example| example["example"].as_str());
    named
        .or_else(|| list.get(at).and_then(Value::as_str))
        .map(str::to_owned)
}

/// What stands between double braces, each once.
fn places(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((name, tail)) = after.split_once("}}") else {
            break;
        };
        let name = name.trim().to_owned();
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
        rest = tail;
    }
    names
}

/// Which templates.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListTemplates {
    /// Meta's status in lower case.
    #[serde(default)]
    pub status: Option<String>,
    /// `marketing`, `utility` or `authentication`.
    #[serde(default)]
    pub category: Option<String>,
    /// A part of the name.
    #[serde(default)]
    pub q: Option<String>,
    /// Meta's id of the WABA.
    #[serde(default)]
    pub waba_id: Option<String>,
    /// How many, at most 200.
    #[serde(default)]
    #[param(value_type = Option<u32>)]
    pub limit: Limit,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Lists templates by name.
#[utoipa::path(get, path = "/api/v1/templates", operation_id = "listTemplates", tag = "Templates", params(ListTemplates),
    responses((status = 200, description = "A page", body = Page<Template>)))]
pub async fn list(
    State(api): State<Api>,
    caller: Caller,
    Params(wish): Params<ListTemplates>,
) -> Result<Json<Page<Template>>, Problem> {
    let after: Option<Key> = page::key("cursor", wish.cursor.as_deref())?;
    let filter = Filter {
        status: wish.status,
        category: wish.category,
        query: wish.q.filter(|query| !query.trim().is_empty()),
        waba_id: wish.waba_id,
    };
    let (rows, next) = templates::list(
        api.db(),
        caller.scope.workspace,
        &filter,
        after,
        wish.limit.0,
    )
    .await?;
    Ok(Json(Page::of(rows, next.as_ref())))
}

/// Reads a template.
#[utoipa::path(get, path = "/api/v1/templates/{id}", operation_id = "getTemplate", tag = "Templates",
    params(("id" = String, Path, description = "The template")),
    responses((status = 200, description = "The template", body = Template)))]
pub async fn get(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<TemplateId>,
) -> Result<Json<Template>, Problem> {
    Ok(Json(
        templates::get(api.db(), caller.scope.workspace, id)
            .await?
            .into(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_with_their_examples() {
        let components = serde_json::json!([
            {"type": "HEADER", "format": "TEXT", "text": "Order {{1}}", "example": {"header_text": ["A17"]}},
            {"type": "BODY", "text": "Hello {{1}}, {{2}} is on its way to {{1}}.", "example": {"body_text": [["Asha", "a kite"]]}},
            {"type": "BUTTONS", "buttons": [
                {"type": "QUICK_REPLY", "text": "Thanks"},
                {"type": "URL", "text": "Track", "url": "https://kite.example/t/{{1}}", "example": ["https://kite.example/t/7"]},
            ]},
        ]);
        let keys: Vec<_> = variables(&components, false)
            .into_iter()
            .map(|v| (v.key, v.example.unwrap_or_default()))
            .collect();
        let wanted = [
            ("header.1", "A17"),
            ("body.1", "Asha"),
            ("body.2", "a kite"),
            ("button.1.url", "https://kite.example/t/7"),
        ];
        assert_eq!(
            keys,
            wanted.map(|(key, example)| (key.to_owned(), example.to_owned()))
        );
    }

    #[test]
    fn named_variables_keep_their_names() {
        let components = serde_json::json!([
            {"type": "BODY", "text": "Hello {{first_name}}", "example": {"body_text_named_params": [{"param_name": "first_name", "example": "Asha"}]}},
        ]);
        let found = variables(&components, true);
        assert_eq!(found[0].key, "body.first_name");
        assert_eq!(found[0].example.as_deref(), Some("Asha"));
    }
}
