//! Templates: handed in, and listed (Interakt: Create Template API, Get All Templates API).

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use wigwag_engine::templates::{Wanted, Wish, catalogue, hand_in};
use wigwag_model::id::Id as _;
use wigwag_model::template::variables;
use wigwag_store::numbers;
use wigwag_store::templates::Template;

use super::sender::sender;
use super::template_draft::{TemplateForm, parts};
use crate::Api;
use crate::auth::Caller;
use crate::operation::Subject;
use crate::problem::Problem;
use crate::request::{Body, Params};

/// Rows of an answer, and the most.
const ROWS: usize = 100;

/// Writes a template and hands it in for review, in the account of the key's number.
pub(super) async fn create(
    State(api): State<Api>,
    caller: Caller,
    Body(form): Body<TemplateForm>,
) -> Result<Response, Problem> {
    let number = sender(&api, &caller).await?;
    let number = numbers::get(api.db(), caller.scope.workspace, number).await?;
    let wish = Wish {
        waba_id: Some(number.waba_id),
        draft: form.draft()?,
    };
    let row = hand_in(api.engine().context(), &caller.scope, wish).await?;
    let subject = Subject(row.id.to_string());
    let body = json!({"result": true, "message": "Template created successfully",
        "data": shown(&caller, &row)});
    let mut response = Json(body).into_response();
    response.extensions_mut().insert(subject);
    Ok(response)
}

/// Which templates.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Listing {
    offset: usize,
    limit: Option<usize>,
    template_name: String,
    approval_status: String,
    variable_present: String,
    language: String,
}

/// Lists the templates that Meta knows, by name; one row for each language.
pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller,
    Params(wish): Params<Listing>,
) -> Result<Json<Value>, Problem> {
    let limit = wish.limit.unwrap_or(ROWS);
    if !(1..=ROWS).contains(&limit) {
        let message = "must be from 1 to 100";
        return Err(Problem::field("limit", "out_of_range", message));
    }
    let (context, offset) = (api.engine().context(), wish.offset);
    let wanted = wanted(wish)?;
    let (count, rows) = catalogue(context, caller.scope.workspace, &wanted, offset, limit).await?;
    let has_next = offset.saturating_add(rows.len()) < count;
    let templates: Vec<_> = rows.iter().map(|row| shown(&caller, row)).collect();
    Ok(Json(
        json!({"count": count, "has_next": has_next, "results": {"templates": templates}}),
    ))
}

/// `all` and nothing are the same.
fn wanted(wish: Listing) -> Result<Wanted, Problem> {
    let some = |text: String| {
        let text = text.trim().to_owned();
        (!text.is_empty() && !text.eq_ignore_ascii_case("all")).then_some(text)
    };
    let statuses = some(wish.approval_status).map(|status| {
        statuses(&status.to_ascii_uppercase()).ok_or_else(|| {
            let message = "must be APPROVED, WAITING, REJECTED, PAUSED, DISABLED or all";
            Problem::field("approval_status", "unknown", message)
        })
    });
    let variables =
        some(wish.variable_present).map(|word| match word.to_ascii_lowercase().as_str() {
            "yes" | "true" => Ok(true),
            "no" | "false" => Ok(false),
            _ => {
                let message = "must be Yes or No";
                Err(Problem::field("variable_present", "unknown", message))
            }
        });
    Ok(Wanted {
        name: some(wish.template_name),
        statuses: statuses.transpose()?,
        language: some(wish.language),
        variables: variables.transpose()?,
    })
}

/// Meta's statuses by Interakt's names.
const STATUSES: &[(&str, &[&str])] = &[
    ("APPROVED", &["approved"]),
    ("WAITING", &["pending", "in_appeal", "submitted"]),
    ("REJECTED", &["rejected"]),
    ("PAUSED", &["paused", "limit_exceeded"]),
    ("DISABLED", &["disabled", "archived", "pending_deletion"]),
];

fn statuses(name: &str) -> Option<Vec<&'static str>> {
    let found = STATUSES.iter().find(|(known, _)| *known == name)?;
    Some(found.1.to_vec())
}

fn status(metas: &str) -> String {
    let known = STATUSES.iter().find(|(_, all)| all.contains(&metas));
    known.map_or_else(
        || metas.to_ascii_uppercase(),
        |(name, _)| (*name).to_owned(),
    )
}

/// A template with Interakt's fields.
fn shown(caller: &Caller, row: &Template) -> Map<String, Value> {
    let mut fields = parts(&row.components);
    let named = row.parameter_format == "named";
    let fills = !variables(&row.components, named).is_empty();
    let category = {
        let mut letters = row.category.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    for (name, value) in [
        ("id", json!(row.id.uuid())),
        ("created_at_utc", json!(row.created_at)),
        (
            "modified_at_utc",
            json!(row.updated_at.unwrap_or(row.synced_at)),
        ),
        ("organization_id", json!(caller.scope.workspace.uuid())),
        ("name", json!(row.name)),
        ("display_name", json!(row.name)),
        ("language", json!(row.language)),
        ("category", json!(category)),
        ("sub_category", Value::Null),
        ("template_category_label", Value::Null),
        ("allow_category_change", json!(false)),
        ("autosubmitted_for", Value::Null),
        ("approval_status", json!(status(&row.status))),
        (
            "rejection_reason",
            json!(
                row.rejection_words
                    .as_ref()
                    .or(row.rejected_reason.as_ref())
            ),
        ),
        ("wa_template_id", json!(row.meta_template_id)),
        ("channel_type", json!("Whatsapp")),
        ("variable_present", json!(if fills { "Yes" } else { "No" })),
        ("is_archived", json!(false)),
        ("is_deleted", json!(false)),
        ("is_click_tracking_enabled", json!(false)),
        ("allow_delete", json!(true)),
    ] {
        fields.insert(name.to_owned(), value);
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_interakts() {
        assert_eq!(status("approved"), "APPROVED");
        assert_eq!(status("pending"), "WAITING");
        assert_eq!(status("something_new"), "SOMETHING_NEW");
        assert_eq!(statuses("WAITING").unwrap()[0], "pending");
        assert_eq!(statuses("DRAFT"), None);
    }

    #[test]
    fn all_is_no_condition() {
        let wish = Listing {
            approval_status: "all".to_owned(),
            language: "all".to_owned(),
            variable_present: "Yes".to_owned(),
            ..Listing::default()
        };
        let wanted = wanted(wish).unwrap();
        assert_eq!((wanted.statuses, wanted.language), (None, None));
        assert_eq!(wanted.variables, Some(true));
    }
}
