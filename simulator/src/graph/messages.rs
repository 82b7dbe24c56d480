//! `POST /{number}/messages` and `/marketing_messages`: the busiest path.

use std::sync::Arc;

use super::error::GraphError;
use super::params::Params;
use super::router::Answer;
use crate::connection::Cut;
use crate::faults::SendFault;
use crate::send::{self, Request};
use crate::world::World;

/// Sends a message or marks one as read.
pub(crate) fn post(
    world: &Arc<World>,
    cut: &Cut,
    params: &Params,
    number_id: &str,
    marketing_api: bool,
    received_us: i64,
) -> Answer {
    let body = &params.all;
    let outcome = world.with(|state, now_us| {
        let number = state
            .numbers
            .get(number_id)
            .ok_or_else(|| GraphError::unknown_object("post", number_id))?;
        if !number.token_valid {
            return Err(GraphError::bad_token(true));
        }
        if body["status"].as_str() == Some("read") {
            return send::mark_read(state, number_id, body, now_us)
                .map(|answer| (answer, SendFault::None));
        }
        let text = params.json_text.as_deref();
        let request = Request {
            number_id,
            body,
            text,
            marketing_api,
            received_us,
        };
        send::send(state, &request, now_us).map(|accepted| (accepted.answer, accepted.fault))
    });
    let (answer, fault) = outcome?;
    match fault {
        SendFault::DropAfterAccept => {
            cut.now();
            // What is answered here never reaches the client.
            Ok(answer)
        }
        SendFault::ErrorAfter => Err(GraphError::send(
            131_000,
            "Message failed to send because of an unknown error.",
        )),
        SendFault::PageAfter(http) => Err(GraphError::page(http)),
        _ => Ok(answer),
    }
}
