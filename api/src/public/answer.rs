//! Refusals in Interakt's form: `{"result": false, "message": …}`, where the message names field and rule
//! (Interakt: Errors).

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::problem::{Code, Problem};

/// What Interakt says to a key that asks too often, to the letter: clients compare it.
const TOO_OFTEN: &str = "Rate limit exceeded for this resource";

/// Replaces problems by Interakt's body.
pub(super) async fn layer(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    let mut answer = said(&problem);
    for (name, value) in response.headers() {
        let told = answer.headers().contains_key(name);
        if !told && *name != header::CONTENT_LENGTH {
            answer.headers_mut().append(name, value.clone());
        }
    }
    answer
}

fn said(problem: &Problem) -> Response {
    let body = if problem.code() == Code::RateLimited {
        json!({"message": TOO_OFTEN})
    } else {
        json!({"result": false, "message": problem.detail()})
    };
    // What Meta refuses in words does not pass by being asked again.
    let final_word = problem.code() == Code::Meta && problem.seconds().is_none();
    let status = if final_word {
        StatusCode::BAD_REQUEST
    } else {
        status(problem.code())
    };
    let mut answer = (status, Json(body)).into_response();
    if let Some(seconds) = problem.seconds() {
        let headers = answer.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer
}

/// Interakt's clients give up at 400 and try 429 and 5xx again: what cannot pass is a 400.
fn status(code: Code) -> StatusCode {
    match code {
        Code::Invalid
        | Code::BadRequest
        | Code::Conflict
        | Code::Stale
        | Code::IdempotencyKeyReused
        | Code::WindowClosed
        | Code::OptedOut
        | Code::Blocked
        | Code::NumberUnavailable
        | Code::TemplateUnavailable
        | Code::NoIdentity
        | Code::CampaignState
        | Code::TooLate => StatusCode::BAD_REQUEST,
        code => code.status(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_pass_later_is_worth_another_try() {
        let again = |code: Code| {
            let status = status(code);
            status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
        };
        let wanted = [Code::RateLimited, Code::Busy, Code::Meta, Code::Internal];
        for code in Code::ALL {
            assert_eq!(again(*code), wanted.contains(code), "{code:?}");
        }
    }
}
