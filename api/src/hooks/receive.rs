//! Where shops call: the raw body and its headers go to the engine, which proves, reads and writes them.
//! Sessions, keys and the operations' gate are not involved.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use wigwag_engine::hooks::{self, Headers, LIMIT, ReceiveError};
use wigwag_store::hooks::Taken;

use crate::Api;
use crate::address::ClientAddress;
use crate::problem::{Code, Problem};

/// The address of a hook.
pub const PATH: &str = "/hooks/{token}";

/// Longer than any token.
const LONGEST: usize = 64;

struct Asked(HeaderMap);

impl Headers for Asked {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Takes a delivery and answers 200 once it is on disk, also for what came before or is passed over.
pub async fn receive(
    State(api): State<Api>,
    Path(token): Path<String>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    if token.len() > LONGEST {
        return Err(refused());
    }
    if let Some(seconds) = api.limits().delivery(address, api.clock().monotonic_us()) {
        let problem = Problem::new(Code::RateLimited, "This address calls too often.");
        return Err(problem.retry_after(seconds));
    }
    let body = axum::body::to_bytes(body, LIMIT).await.map_err(|_| {
        let words = format!("The body broke off, or has more than {LIMIT} bytes.");
        Problem::new(Code::TooLarge, words)
    })?;
    let context = api.engine().context();
    match hooks::receive(context, &token, &Asked(headers), body).await {
        Ok(Taken::Refused { field, message }) => Err(Problem::field(field, "invalid", message)),
        Ok(Taken::Recorded { .. } | Taken::Known | Taken::PassedOver(_)) => Ok(StatusCode::OK),
        Err(ReceiveError::Refused) => Err(refused()),
        Err(ReceiveError::Store(error)) => Err(error.into()),
    }
}

fn refused() -> Problem {
    Problem::new(
        Code::Unauthenticated,
        "No hook at this address is signed like this: compare the address and the secret with Settings, Hooks.",
    )
}
