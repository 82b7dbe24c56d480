//! Refusals about templates as problems of the API.

use serde_json::Value;
use wigwag_engine::templates::{Refusal, TemplateError};
use wigwag_model::template_rules;

use crate::problem::{Code, FieldError, Problem};

impl From<TemplateError> for Problem {
    fn from(error: TemplateError) -> Self {
        match error {
            TemplateError::Problems(problems) => {
                let taken = problems.iter().any(|problem| problem.code == "name_taken");
                let fields = Self::fields(problems.into_iter().map(field).collect());
                if taken {
                    fields.with("reason", "name_taken")
                } else {
                    fields
                }
            }
            TemplateError::Locked(editable) => Self::new(
                Code::Conflict,
                "Meta does not take a change of this template now; see `params`.",
            )
            .with("reason", editable.reason)
            .with("edits_left", editable.edits_left)
            .with("next_at", editable.next_at.map(|at| at.to_string())),
            TemplateError::Running => Self::new(
                Code::Conflict,
                "The template is being handed in; its outcome comes as `template.changed`.",
            )
            .with("reason", "submitting"),
            TemplateError::Nothing => Self::new(
                Code::Conflict,
                "There is nothing to hand in: change the template first.",
            )
            .with("reason", "nothing_to_submit"),
            TemplateError::Refused(refusal) => refused(&refusal),
            TemplateError::Unsure => Self::new(
                Code::Meta,
                "Meta did not answer. Its list is read in two minutes at the latest, and says what became of it; \
                 handing it in again looks there first.",
            )
            .with("reason", "unsure")
            .retry_after(120),
            TemplateError::Sample(error) => sample(&error),
            TemplateError::Store(error) => error.into(),
        }
    }
}

fn field(problem: template_rules::Problem) -> FieldError {
    FieldError {
        message: problem.words(),
        code: problem.code.to_owned(),
        field: problem.field,
    }
}

/// A refusal with a field is one of the form; others are Meta's to explain.
fn refused(refusal: &Refusal) -> Problem {
    let problem = match refusal.field {
        Some(field) => Problem::field(field, refusal.code, refusal.words.as_str()),
        None if refusal.code == "rate_limited" => {
            Problem::new(Code::RateLimited, refusal.words.as_str())
        }
        None => Problem::new(Code::Meta, refusal.words.as_str()),
    };
    let problem = problem
        .with("reason", refusal.code)
        .with("meta_code", refusal.meta_code)
        .with("meta_subcode", refusal.meta_subcode)
        .with("title", refusal.title.clone().map(Value::from))
        .with("words", refusal.words.as_str());
    match refusal.retry_after {
        Some(seconds) => problem.retry_after(u64::from(seconds)),
        None => problem,
    }
}

fn sample(error: &wigwag_engine::media::UploadError) -> Problem {
    use wigwag_engine::media::UploadError;
    let field = "components.header.media_id";
    match error {
        UploadError::NotReady | UploadError::Store(wigwag_store::Error::NotFound) => {
            Problem::field(field, "sample_unknown", "upload the sample again")
        }
        UploadError::Files(error) if error.is_missing() => {
            Problem::field(field, "sample_unknown", "upload the sample again")
        }
        UploadError::Meta(error) => Problem::new(
            Code::Meta,
            "Meta did not take the sample of the header. Nothing was handed in.",
        )
        .with("reason", "sample_refused")
        .with("words", error.to_string()),
        UploadError::Store(_) | UploadError::Files(_) => Problem::internal(error),
    }
}
