//! People as programs state them, and whose chat is whose.

use wigwag_model::phone::Phone;
use wigwag_model::{ConversationId, NumberId, Scope};
use wigwag_store::contacts::{self, Identified, Known, Profile};
use wigwag_store::{Error, conversations, members};

use crate::Context;

/// How often a person is written anew when somebody else writes it at the same time.
const TRIES: usize = 5;

/// Finds or makes a person and brings it up to date. A no stops what was claimed and has not begun.
///
/// # Errors
/// What the database says.
pub async fn identify(
    context: &Context,
    scope: &Scope,
    profile: Profile,
) -> wigwag_store::Result<Identified> {
    let withdrawn = profile.marketing == Some(false);
    for _ in 1..TRIES {
        match contacts::identify(context.db(), scope.workspace, profile.clone()).await {
            Err(Error::Stale) => {}
            done => return Ok(raise(context, withdrawn, done?)),
        }
    }
    match contacts::identify(context.db(), scope.workspace, profile).await {
        // The client's own next try finds less of a crowd.
        Err(Error::Stale) => Err(Error::Busy),
        done => Ok(raise(context, withdrawn, done?)),
    }
}

fn raise(context: &Context, withdrawn: bool, done: Identified) -> Identified {
    if withdrawn && matches!(done, Identified::Done { .. }) {
        context.stop_epoch().raise();
    }
    done
}

/// A chat to give to a member, as programs state it.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The contact's phone number.
    pub phone: Phone,
    /// The member's e-mail address.
    pub email: String,
    /// The chat, where the contact has several.
    pub conversation: Option<ConversationId>,
    /// The number of the chat that is meant without it.
    pub number: Option<NumberId>,
}

/// Why a chat was not given to anybody.
#[derive(Debug, thiserror::Error)]
pub enum AssignError {
    /// No contact has this phone number.
    #[error("there is no such contact")]
    Nobody,
    /// The contact has no chat, or not this one.
    #[error("there is no such chat")]
    NoChat,
    /// The contact has chats with several numbers and none was named.
    #[error("the contact has chats with several numbers")]
    Several,
    /// Nobody with this address can sign in here.
    #[error("there is no such member")]
    NoMember,
    /// The database.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Gives a contact's chat to a member.
///
/// # Errors
/// [`AssignError`].
pub async fn assign(
    context: &Context,
    scope: &Scope,
    wish: Assignment,
) -> Result<ConversationId, AssignError> {
    let db = context.db();
    let known = Known {
        phone: Some(wish.phone),
        external: None,
    };
    let Ok(Some(contact)) = contacts::who(db, scope.workspace, &known).await? else {
        return Err(AssignError::Nobody);
    };
    let chats = conversations::of_contact(db, scope, contact).await?;
    let conversation = match (wish.conversation, chats.as_slice()) {
        (_, []) => return Err(AssignError::NoChat),
        (Some(named), chats) => chats.iter().find(|(id, _)| *id == named),
        (None, [only]) => Some(only),
        (None, chats) if wish.number.is_some() => chats
            .iter()
            .find(|(_, number)| Some(*number) == wish.number),
        (None, _) => return Err(AssignError::Several),
    };
    let conversation = conversation.ok_or(AssignError::NoChat)?.0;
    let member = members::by_email(db, scope.workspace, &wish.email)
        .await?
        .ok_or(AssignError::NoMember)?;
    match conversations::assign(db, scope, conversation, Some(member)).await {
        Err(Error::Conflict(_)) => Err(AssignError::NoMember),
        done => Ok(done.map(|()| conversation)?),
    }
}
