//! Taking templates away: drafts here, others at Meta.

use wigwag_meta::client::DeleteTemplate;
use wigwag_model::{Scope, TemplateId};
use wigwag_store::templates::{self, DELETED, Template};

use super::TemplateError;
use super::refusal::Outcome;
use crate::{Context, wabas};

/// Takes a template away: a draft here alone; one that Meta has there too, in its language or in all.
///
/// What was written over a template that Meta has is not asked for twice: it goes with it.
///
/// # Errors
/// [`TemplateError`]; Meta keeps disabled templates.
pub async fn remove(
    context: &Context,
    scope: &Scope,
    id: TemplateId,
    all_languages: bool,
) -> Result<(), TemplateError> {
    let (db, workspace) = (context.db(), scope.workspace);
    let template = templates::get(db, workspace, id).await?;
    if template.submitting_at.is_some() {
        return Err(TemplateError::Running);
    }
    let mut group = vec![template.clone()];
    if all_languages {
        group = templates::named(db, workspace, template.waba, &template.name).await?;
    }
    let (drafts, at_meta): (Vec<Template>, Vec<Template>) = group
        .into_iter()
        .filter(|row| row.status != DELETED)
        .partition(Template::is_draft);
    if let Some(first) = at_meta.first() {
        let (waba, client) = wabas::open(context, workspace, template.waba).await?;
        let what = match (&first.meta_template_id, all_languages) {
            (Some(meta_id), false) => DeleteTemplate::One {
                id: meta_id,
                name: &first.name,
            },
            _ => DeleteTemplate::Name(&first.name),
        };
        if let Err(error) = client.delete_template(&waba.waba_id, what).await {
            match Outcome::of(&error) {
                // Deleted elsewhere: what was asked for is so.
                Outcome::Refused(refusal) if is_absent(&client, &waba.waba_id, first).await => {
                    tracing::info!(template = %id, code = refusal.code, "template was gone at Meta");
                }
                Outcome::Refused(refusal) => return Err(TemplateError::Refused(refusal)),
                Outcome::Unsure => {
                    super::request_sync(context, workspace).await?;
                    return Err(TemplateError::Unsure);
                }
            }
        }
        let ids = at_meta.iter().map(|row| row.id).collect();
        templates::gone(db, workspace, ids).await?;
    }
    for draft in drafts {
        templates::remove(db, workspace, draft.id).await?;
    }
    Ok(())
}

/// Whether Meta does not list a template any more; `false` when it cannot be told.
async fn is_absent(client: &wigwag_meta::Client, waba_id: &str, template: &Template) -> bool {
    let listed = client.templates_named(waba_id, &template.name).await;
    listed.is_ok_and(|listed| {
        listed
            .iter()
            .all(|one| one.language.as_deref() != Some(template.language.as_str()))
    })
}
