//! Checking a draft while somebody writes it: Meta's rules, before Meta is asked.

use axum::Json;
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use wigwag_engine::templates::Wish;
use wigwag_model::template::variables;
use wigwag_model::template_rules;

use super::read::Variable;
use crate::problem::Problem;
use crate::request::Body;

/// A template as somebody writes it. Everything may be missing while it is only checked.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WriteTemplate)]
pub struct Draft {
    /// Meta's id of the WABA; may be left out where there is one.
    #[serde(default)]
    #[garde(length(chars, max = 100))]
    pub waba_id: Option<String>,
    /// Small letters, digits and underscores.
    #[serde(default)]
    #[garde(skip)]
    pub name: String,
    /// Meta's language code, such as `en_US`.
    #[serde(default)]
    #[garde(skip)]
    pub language: String,
    /// `marketing`, `utility` or `authentication`.
    #[serde(default)]
    #[garde(skip)]
    pub category: String,
    /// `positional` or `named`.
    #[serde(default = "positional")]
    #[garde(skip)]
    pub parameter_format: String,
    /// Meta's components with their examples. A media header takes `media_id`, a file that was uploaded to
    /// `/media`, as its sample.
    #[serde(default = "none")]
    #[garde(skip)]
    #[schema(value_type = Vec<Object>)]
    pub components: Value,
    /// How long Meta tries to deliver, in seconds.
    #[serde(default)]
    #[garde(skip)]
    pub ttl_seconds: Option<i64>,
    /// The revision that was read, to be told of changes of others; only for changes.
    #[serde(default)]
    #[garde(skip)]
    pub revision: Option<i64>,
}

fn positional() -> String {
    "positional".to_owned()
}

fn none() -> Value {
    Value::Array(Vec::new())
}

impl From<Draft> for Wish {
    fn from(draft: Draft) -> Self {
        Self {
            waba_id: draft.waba_id,
            draft: template_rules::Draft {
                name: draft.name.trim().to_owned(),
                language: draft.language,
                category: draft.category,
                parameter_format: draft.parameter_format,
                components: draft.components,
                ttl_seconds: draft.ttl_seconds,
            },
        }
    }
}

/// Something that is wrong with a draft.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TemplateProblem)]
pub struct Finding {
    /// Where: `name`, `components.body.text`, `components.buttons[0].url`.
    pub field: String,
    /// A stable code: `body_too_long`.
    pub code: &'static str,
    /// `error`: Meta refuses it; `warning`: Meta may refuse it.
    pub severity: &'static str,
    /// Figures and names: `max`, `now`, `variable`, ….
    pub params: Map<String, Value>,
}

impl From<template_rules::Problem> for Finding {
    fn from(problem: template_rules::Problem) -> Self {
        Self {
            severity: if problem.is_error() {
                "error"
            } else {
                "warning"
            },
            field: problem.field,
            code: problem.code,
            params: problem.params,
        }
    }
}

/// What was found out about a draft.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TemplateCheck)]
pub struct Checked {
    /// What is wrong, in the order in which one reads it.
    pub problems: Vec<Finding>,
    /// What is filled in when it is sent.
    pub variables: Vec<Variable>,
    /// The components as Meta would show them.
    #[schema(value_type = Vec<Object>)]
    pub components: Value,
}

/// Checks a draft against Meta's rules. Nothing is kept and Meta is not asked.
#[utoipa::path(post, path = "/api/v1/templates/check", operation_id = "checkTemplate", tag = "Templates", request_body = Draft,
    responses((status = 200, description = "What was found", body = Checked)))]
pub async fn check(Body(draft): Body<Draft>) -> Result<Json<Checked>, Problem> {
    let Wish { mut draft, .. } = draft.into();
    draft.components = template_rules::normalise(&draft.components);
    let problems = template_rules::check(&draft);
    Ok(Json(Checked {
        problems: problems.into_iter().map(Finding::from).collect(),
        variables: variables(&draft.components, draft.is_named())
            .into_iter()
            .map(Variable::from)
            .collect(),
        components: draft.components,
    }))
}
