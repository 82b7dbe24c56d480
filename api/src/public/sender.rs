//! The number that a key's messages leave from.

use wigwag_engine::numbers::{NoSender, sender_of};
use wigwag_model::NumberId;

use crate::Api;
use crate::auth::Caller;
use crate::problem::{Code, Problem};

/// The number of the key, else the workspace's only one.
pub(super) async fn sender(api: &Api, caller: &Caller) -> Result<NumberId, Problem> {
    let context = api.engine().context();
    sender_of(context, caller.scope.workspace, caller.number)
        .await
        .map_err(|error| match error {
            NoSender::Nothing => Problem::new(
                Code::NumberUnavailable,
                "There is no number to send with: connect one under Settings, Numbers.",
            ),
            NoSender::Several => Problem::new(
                Code::NumberUnavailable,
                "The workspace has several numbers and this key names none: choose its number under Settings, \
                 Developers, or with PATCH /api/v1/api_keys/{id} and number_id.",
            ),
            NoSender::Store(error) => error.into(),
        })
}
