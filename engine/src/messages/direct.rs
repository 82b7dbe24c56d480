//! Sending to a person by phone number or by the shop's own id, as programs do that know no conversations.

use std::collections::BTreeMap;

use wigwag_model::can_send::Refusal;
use wigwag_model::{ContactId, NumberId, Scope};
use wigwag_store::contacts::{self, Identified, Known, NewContact};
use wigwag_store::conversations;
use wigwag_store::outbox::Idempotency;

use super::draft::{Draft, What};
use super::send::{Send, SendError, Sent, send};
use crate::Context;

/// A wish to send to a person.
#[derive(Debug, Clone)]
pub struct Direct {
    /// Who asks.
    pub scope: Scope,
    /// Where it leaves from.
    pub number: NumberId,
    /// Whom it is for.
    pub known: Known,
    /// What.
    pub draft: Draft,
    /// The client's key.
    pub idempotency: Option<Idempotency>,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum DirectError {
    /// There is nobody with this id, and no phone number was given.
    #[error("there is no such person")]
    Nobody,
    /// Id and phone number are those of two people.
    #[error("two people are named")]
    Two,
    /// As in a conversation.
    #[error(transparent)]
    Send(#[from] SendError),
}

impl From<wigwag_store::Error> for DirectError {
    fn from(error: wigwag_store::Error) -> Self {
        Self::Send(error.into())
    }
}

/// Writes a message to a person into the outbox. A template makes contact and conversation where there are
/// none; a session message asks for a conversation whose window is open, and makes nothing.
///
/// # Errors
/// [`DirectError`].
pub async fn send_to(context: &Context, wish: Direct) -> Result<Sent, DirectError> {
    let workspace = wish.scope.workspace;
    let contact = match contacts::who(context.db(), workspace, &wish.known).await? {
        Ok(contact) => contact,
        Err(Identified::Two | Identified::OtherPhone | Identified::OtherId) => {
            return Err(DirectError::Two);
        }
        Err(Identified::Done { contact, .. }) => Some(contact),
    };
    if contact.is_none() && wish.known.phone.is_none() {
        return Err(DirectError::Nobody);
    }
    let chats = match contact {
        Some(contact) => conversations::of_contact(context.db(), &wish.scope, contact).await?,
        None => Vec::new(),
    };
    let chat = chats.iter().find(|(_, number)| *number == wish.number);
    let conversation = match (chat, &wish.draft.what) {
        (Some((chat, _)), _) => *chat,
        (None, What::Template { .. }) => {
            let contact = found_or_made(context, &wish, contact).await?;
            let opened = conversations::open(context.db(), workspace, contact, wish.number).await?;
            opened.0
        }
        // Who never wrote to this number has no window.
        (None, _) => return Err(SendError::Refused(Refusal::WindowClosed).into()),
    };
    let wish = Send {
        scope: wish.scope,
        conversation,
        draft: wish.draft,
        idempotency: wish.idempotency,
    };
    Ok(send(context, wish).await?)
}

async fn found_or_made(
    context: &Context,
    wish: &Direct,
    contact: Option<ContactId>,
) -> Result<ContactId, DirectError> {
    match (contact, &wish.known.phone) {
        (Some(contact), _) => Ok(contact),
        (None, None) => Err(DirectError::Nobody),
        (None, Some(phone)) => {
            let new = NewContact {
                name: None,
                phone: phone.clone(),
                email: None,
                tags: Vec::new(),
                traits: BTreeMap::new(),
                source: "api",
            };
            let made = contacts::create(context.db(), wish.scope.workspace, new).await?;
            Ok(made.id())
        }
    }
}
