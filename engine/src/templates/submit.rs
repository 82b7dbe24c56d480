//! Handing a template in: creation or change at Meta, once, however often and wherever it is asked for.

use serde_json::Value;
use wigwag_meta::template::{
    Component, NewTemplate, ParameterFormat, TemplateCategory, TemplateEdit,
};
use wigwag_meta::{Client, Error};
use wigwag_model::template_rules::limits::{self, Editable};
use wigwag_model::template_rules::{self, Draft, Problem};
use wigwag_model::{Scope, TemplateId, WorkspaceId};
use wigwag_store::templates::{self, Accepted, Claim, Submission, Template};
use wigwag_store::wabas::Waba;

use super::refusal::Outcome;
use super::{TemplateError, sample, sync};
use crate::{Context, wabas};

/// Hands in what was written: a new template, or the next version of one that Meta has.
///
/// A submission whose answer was lost is looked for at Meta before anything is sent again; so is a name that
/// Meta says is taken, because an earlier submission of ours may have taken it.
///
/// # Errors
/// [`TemplateError`].
pub async fn submit(
    context: &Context,
    scope: &Scope,
    id: TemplateId,
) -> Result<Template, TemplateError> {
    let (db, workspace) = (context.db(), scope.workspace);
    let template = templates::get(db, workspace, id).await?;
    if template.edit.is_none() {
        return Err(TemplateError::Nothing);
    }
    check(&template)?;
    let allowed = editable(context, workspace, &template).await?;
    if !allowed.allowed {
        return Err(TemplateError::Locked(allowed));
    }
    let claim = match templates::claim(db, workspace, id, scope.actor.to_string()).await {
        Ok(claim) => claim,
        Err(wigwag_store::Error::Stale) => return Err(TemplateError::Nothing),
        Err(error) => return Err(error.into()),
    };
    let Claim::Yours(submission) = claim else {
        return Err(TemplateError::Running);
    };
    // Not to be cut off when the client that asked goes away.
    let (context, run) = (context.clone(), *submission);
    let done = context
        .tasks()
        .spawn({
            let context = context.clone();
            async move { run_claimed(&context, workspace, run).await }
        })
        .await;
    match done {
        Ok(done) => done?,
        Err(_) => return Err(TemplateError::Unsure),
    }
    Ok(templates::get(context.db(), workspace, id).await?)
}

/// Whether a template may be changed at Meta now.
///
/// # Errors
/// What the database says.
pub async fn editable(
    context: &Context,
    workspace: WorkspaceId,
    template: &Template,
) -> wigwag_store::Result<Editable> {
    let now = context.clock().now();
    let since = now.minus(limits::EDIT_MONTH);
    let edits = templates::edits(context.db(), workspace, &[template.id], since).await?;
    let edits = edits.get(&template.id).map_or(&[][..], Vec::as_slice);
    Ok(limits::editable(&template.status, edits, now))
}

/// What Meta would refuse is said before it is asked.
fn check(template: &Template) -> Result<(), TemplateError> {
    let content = template.content();
    let draft = Draft {
        name: template.name.clone(),
        language: template.language.clone(),
        category: content.category,
        parameter_format: content.parameter_format,
        components: content.components,
        ttl_seconds: content.ttl_seconds,
    };
    let wrong: Vec<Problem> = template_rules::check(&draft)
        .into_iter()
        .filter(Problem::is_error)
        .collect();
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(TemplateError::Problems(wrong))
    }
}

async fn run_claimed(
    context: &Context,
    workspace: WorkspaceId,
    submission: Submission,
) -> Result<(), TemplateError> {
    let (id, at) = (submission.template.id, submission.at);
    match hand_in(context, workspace, submission).await {
        // The claim stays: the job that came with it reads what became of it.
        Err(TemplateError::Unsure) => {
            tracing::warn!(template = %id, "no answer to a submission");
            Err(TemplateError::Unsure)
        }
        Err(error) => {
            let said = match &error {
                TemplateError::Refused(refusal) => serde_json::to_value(refusal).ok(),
                _ => None,
            };
            templates::refused(context.db(), workspace, id, at, said).await?;
            Err(error)
        }
        Ok(()) => Ok(()),
    }
}

async fn hand_in(
    context: &Context,
    workspace: WorkspaceId,
    submission: Submission,
) -> Result<(), TemplateError> {
    let (waba, client) = wabas::open(context, workspace, submission.template.waba).await?;
    if submission.unsure
        && let Some(found) = look(&client, &waba, &submission).await?
    {
        return record(context, workspace, submission, found).await;
    }
    let content = submission.content.clone();
    let (components, header_media) = sample::hand_in(
        context,
        workspace,
        (&waba, &client),
        content.components.clone(),
        submission.template.header_media,
    )
    .await?;
    let parts: Vec<Component> =
        serde_json::from_value(components.clone()).map_err(|error| not_readable(&error))?;
    let done = match &submission.template.meta_template_id {
        None => create(&client, &waba, &submission, parts).await,
        Some(meta_id) => change(&client, meta_id, &submission, parts).await,
    };
    let accepted = match done {
        Ok(made) => Accepted {
            components,
            header_media,
            ..made
        },
        Err(error) => match Outcome::of(&error) {
            Outcome::Unsure => match look(&client, &waba, &submission).await {
                Ok(Some(found)) => found,
                // Not there yet is not the same as refused.
                _ => return Err(TemplateError::Unsure),
            },
            Outcome::Refused(refusal) => {
                if error.class() == wigwag_meta::Class::Token {
                    context.forget_client(workspace, waba.id);
                }
                if submission.unsure
                    && refusal.code == "name_taken"
                    && let Some(found) = look(&client, &waba, &submission).await?
                {
                    found
                } else {
                    return Err(TemplateError::Refused(refusal));
                }
            }
        },
    };
    record(context, workspace, submission, accepted).await
}

async fn record(
    context: &Context,
    workspace: WorkspaceId,
    submission: Submission,
    accepted: Accepted,
) -> Result<(), TemplateError> {
    tracing::info!(template = %submission.template.id, status = accepted.status, "template handed in");
    templates::accepted(context.db(), workspace, submission, accepted).await?;
    Ok(())
}

async fn create(
    client: &Client,
    waba: &Waba,
    submission: &Submission,
    components: Vec<Component>,
) -> Result<Accepted, Error> {
    let content = &submission.content;
    let new = NewTemplate {
        name: submission.template.name.clone(),
        language: submission.template.language.clone(),
        category: category(&content.category),
        parameter_format: Some(format(&content.parameter_format)),
        components,
        message_send_ttl_seconds: content.ttl_seconds,
        allow_category_change: None,
    };
    let made = client.create_template(&waba.waba_id, &new).await?;
    Ok(Accepted {
        meta_template_id: made.id,
        status: made
            .status
            .map_or_else(|| "pending".to_owned(), |status| lower(status.as_str())),
        category: made.category.map(|category| lower(category.as_str())),
        components: Value::Null,
        header_media: None,
    })
}

async fn change(
    client: &Client,
    meta_id: &str,
    submission: &Submission,
    components: Vec<Component>,
) -> Result<Accepted, Error> {
    let (content, before) = (&submission.content, &submission.template);
    let edit = TemplateEdit {
        components: Some(components),
        // Even the same category is refused for an approved template by some versions.
        category: (before.category != content.category).then(|| category(&content.category)),
        message_send_ttl_seconds: content
            .ttl_seconds
            .filter(|_| content.ttl_seconds != before.ttl_seconds),
        parameter_format: Some(format(&content.parameter_format)),
    };
    client.edit_template(meta_id, &edit).await?;
    Ok(Accepted {
        meta_template_id: meta_id.to_owned(),
        status: "pending".to_owned(),
        category: None,
        components: Value::Null,
        header_media: None,
    })
}

/// Looks at Meta whether a submission without an answer was accepted: a new template by its name and language,
/// a change by its review or its text.
async fn look(
    client: &Client,
    waba: &Waba,
    submission: &Submission,
) -> Result<Option<Accepted>, TemplateError> {
    let template = &submission.template;
    let listed = client
        .templates_named(&waba.waba_id, &template.name)
        .await
        .map_err(|_| TemplateError::Unsure)?;
    let found = listed
        .into_iter()
        .filter_map(sync::listed_row)
        .find(|row| row.language == template.language);
    let Some(row) = found else { return Ok(None) };
    let components: Value = serde_json::from_str(&row.components).unwrap_or_default();
    let accepted = template.is_draft()
        || row.status == "pending"
        || templates::same_text(&components, &submission.content.components);
    Ok(accepted.then_some(Accepted {
        meta_template_id: row.meta_template_id,
        status: row.status,
        category: Some(row.category),
        components,
        header_media: template.header_media,
    }))
}

/// Components that our own check let through and that have no form of Meta's.
fn not_readable(error: &serde_json::Error) -> TemplateError {
    let problem = Problem::error("components", "components_invalid");
    TemplateError::Problems(vec![problem.with("why", error.to_string())])
}

fn category(word: &str) -> TemplateCategory {
    TemplateCategory::from(word.to_ascii_uppercase().as_str())
}

fn format(word: &str) -> ParameterFormat {
    ParameterFormat::from(word.to_ascii_uppercase().as_str())
}

fn lower(word: &str) -> String {
    word.to_ascii_lowercase()
}
