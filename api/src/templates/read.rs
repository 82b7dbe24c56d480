//! Message templates as the console and programs read them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use wigwag_engine::templates as templates_of_meta;
use wigwag_model::template::variables;
use wigwag_model::template_rules::limits;
use wigwag_model::{MediaId, TemplateId, Timestamp, WorkspaceId};
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

impl From<wigwag_model::template::Variable> for Variable {
    fn from(variable: wigwag_model::template::Variable) -> Self {
        Self {
            key: variable.key,
            component: variable.component,
            example: variable.example,
        }
    }
}

/// A message template.
#[derive(Debug, Serialize, ToSchema)]
pub struct Template {
    /// Its id.
    #[schema(value_type = String)]
    pub id: TemplateId,
    /// Meta's id of the WABA.
    pub waba_id: String,
    /// Meta's id; nothing while Meta does not know it.
    pub meta_template_id: Option<String>,
    /// Its name.
    pub name: String,
    /// Its language code.
    pub language: String,
    /// `marketing`, `utility` or `authentication`.
    pub category: String,
    /// The category before Meta changed it.
    pub previous_category: Option<String>,
    /// When Meta changed its category.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub category_changed_at: Option<Timestamp>,
    /// The category that Meta will give it within a day.
    pub announced_category: Option<String>,
    /// Meta's status in lower case, or `draft` for one that was not handed in yet.
    pub status: String,
    /// Meta's quality in lower case.
    pub quality: String,
    /// Why Meta rejected it: a code of Meta's.
    pub rejected_reason: Option<String>,
    /// Why Meta rejected it, in Meta's words.
    pub rejection_words: Option<String>,
    /// What to change, in Meta's words.
    pub rejection_advice: Option<String>,
    /// Why Meta paused or disabled it: `FIRST_PAUSE`, `SECOND_PAUSE`, `RATE_LIMITING_PAUSE`, `DISABLED`.
    pub pause_reason: Option<String>,
    /// Why Meta paused or disabled it, in Meta's words.
    pub pause_words: Option<String>,
    /// `positional` or `named`.
    pub parameter_format: String,
    /// Meta's components with their examples.
    #[schema(value_type = Vec<Object>)]
    pub components: Value,
    /// What is filled in when it is sent.
    pub variables: Vec<Variable>,
    /// How long Meta tries to deliver, in seconds; Meta's own figure without.
    pub ttl_seconds: Option<i64>,
    /// The file that is the sample of its header.
    #[schema(value_type = Option<String>)]
    pub header_media_id: Option<MediaId>,
    /// What was written here and not handed in; for a draft the same as above.
    pub edit: Option<Content>,
    /// What Meta said to the last submission, until something is written or handed in again.
    #[schema(value_type = Option<Object>)]
    pub refusal: Option<Value>,
    /// Whether a submission waits for its outcome.
    pub submitting: bool,
    /// When it was last handed in from here.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub submitted_at: Option<Timestamp>,
    /// Whether it may be changed at Meta now.
    pub editable: Editable,
    /// How many versions there are.
    pub versions: i64,
    /// Counts what was written here; send it back with a change.
    pub revision: i64,
    /// Whether Meta takes it now.
    pub sendable: bool,
    /// When it was last read from Meta.
    #[schema(value_type = String, format = DateTime)]
    pub synced_at: Timestamp,
}

/// What a template says.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TemplateContent)]
pub struct Content {
    /// `marketing`, `utility` or `authentication`.
    pub category: String,
    /// `positional` or `named`.
    pub parameter_format: String,
    /// Meta's components; a header may have `media_id`, a file of ours.
    #[schema(value_type = Vec<Object>)]
    pub components: Value,
    /// How long Meta tries to deliver, in seconds.
    pub ttl_seconds: Option<i64>,
}

impl From<templates::Content> for Content {
    fn from(content: templates::Content) -> Self {
        Self {
            category: content.category,
            parameter_format: content.parameter_format,
            components: content.components,
            ttl_seconds: content.ttl_seconds,
        }
    }
}

/// Whether a template may be changed at Meta now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TemplateEditable)]
pub struct Editable {
    /// Whether it may.
    pub allowed: bool,
    /// Why not: `in_review`, `once_a_day`, `month_used_up`, `disabled`, `deleted`, `archived`, `status`.
    pub reason: Option<&'static str>,
    /// Edits left of ten in 30 days; nothing where they are not counted.
    pub edits_left: Option<usize>,
    /// When the next edit is allowed, if time alone will do.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_at: Option<Timestamp>,
}

impl From<limits::Editable> for Editable {
    fn from(editable: limits::Editable) -> Self {
        Self {
            allowed: editable.allowed,
            reason: editable.reason,
            edits_left: editable.edits_left,
            next_at: editable.next_at,
        }
    }
}

impl Template {
    /// A row with what its edits allow.
    fn of(row: templates::Template, editable: limits::Editable) -> Self {
        Self {
            id: row.id,
            waba_id: row.waba_id,
            meta_template_id: row.meta_template_id,
            name: row.name,
            language: row.language,
            category: row.category,
            previous_category: row.previous_category,
            category_changed_at: row.category_changed_at,
            announced_category: row.announced_category,
            sendable: row.status == "approved",
            status: row.status,
            quality: row.quality,
            rejected_reason: row.rejected_reason,
            rejection_words: row.rejection_words,
            rejection_advice: row.rejection_advice,
            pause_reason: row.pause_reason,
            pause_words: row.pause_words,
            variables: variables(&row.components, row.parameter_format == "named")
                .into_iter()
                .map(Variable::from)
                .collect(),
            parameter_format: row.parameter_format,
            components: row.components,
            ttl_seconds: row.ttl_seconds,
            header_media_id: row.header_media,
            edit: row.edit.map(Content::from),
            refusal: row.refusal,
            submitting: row.submitting_at.is_some(),
            submitted_at: row.submitted_at,
            editable: editable.into(),
            versions: row.versions,
            revision: row.revision,
            synced_at: row.synced_at,
        }
    }
}

/// Rows as the API shows them: with what their edits allow.
async fn shown(
    api: &Api,
    workspace: WorkspaceId,
    rows: Vec<templates::Template>,
) -> Result<Vec<Template>, Problem> {
    let now = api.clock().now();
    let ids: Vec<TemplateId> = rows.iter().map(|row| row.id).collect();
    let since = now.minus(limits::EDIT_MONTH);
    let edits = templates::edits(api.db(), workspace, &ids, since).await?;
    let of = |row: templates::Template| {
        let edits = edits.get(&row.id).map_or(&[][..], Vec::as_slice);
        let editable = limits::editable(&row.status, edits, now);
        Template::of(row, editable)
    };
    Ok(rows.into_iter().map(of).collect())
}

/// One row as the API shows it.
pub(super) async fn one(
    api: &Api,
    workspace: WorkspaceId,
    row: templates::Template,
) -> Result<Template, Problem> {
    let mut rows = shown(api, workspace, vec![row]).await?;
    rows.pop().ok_or_else(Problem::not_found)
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
    let rows = shown(&api, caller.scope.workspace, rows).await?;
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
    let workspace = caller.scope.workspace;
    let row = templates::get(api.db(), workspace, id).await?;
    Ok(Json(one(&api, workspace, row).await?))
}

/// Reads the templates from Meta anew, soon; what differs comes as `template.changed` on the live socket.
#[utoipa::path(post, path = "/api/v1/templates/sync", operation_id = "syncTemplates", tag = "Templates",
    responses((status = 202, description = "It will be done", body = Value)))]
pub async fn sync(
    State(api): State<Api>,
    caller: Caller,
) -> Result<(StatusCode, Json<Value>), Problem> {
    templates_of_meta::request_sync(api.engine().context(), caller.scope.workspace).await?;
    Ok((StatusCode::ACCEPTED, Json(serde_json::json!({}))))
}
