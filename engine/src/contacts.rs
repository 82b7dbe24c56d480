//! People as programs state them, whose chat is whose, and how people are erased.

use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, ConversationId, NumberId, Scope, WorkspaceId};
use wigwag_store::contacts::{self, Identified, Known, Profile};
use wigwag_store::erasures::{self, Piece};
use wigwag_store::{Error, conversations, members, merges};

use crate::jobs::Failure;
use crate::{Context, wait};

/// A pause while a message of somebody who is erased is on its way to Meta.
const BREATH: std::time::Duration = std::time::Duration::from_millis(250);
/// How often it is looked whether it has arrived before the job is given back.
const PATIENCE: usize = 240;

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
    let done = until_settled(|| contacts::identify(context.db(), scope.workspace, profile.clone()));
    Ok(raise(context, withdrawn, done.await?))
}

/// Does it again while somebody else was quicker.
pub(crate) async fn until_settled<T, F: Future<Output = wigwag_store::Result<T>>>(
    mut once: impl FnMut() -> F,
) -> wigwag_store::Result<T> {
    for _ in 0..TRIES {
        match once().await {
            Err(Error::Stale) => {}
            done => return done,
        }
    }
    // The client's own next try finds less of a crowd.
    Err(Error::Busy)
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

/// Removes what names one of these people without their id, while it is known what to look for.
pub(crate) async fn scrub(
    context: &Context,
    workspace: WorkspaceId,
    ids: &[ContactId],
) -> Result<(), Failure> {
    if ids.is_empty() {
        return Ok(());
    }
    let needles = erasures::needles(context.db(), workspace, ids).await?;
    erasures::scrub(context.db(), workspace, &needles).await?;
    Ok(())
}

/// Empties what is left of everybody whose erasure has begun.
pub(crate) async fn clear_erased(context: &Context, workspace: WorkspaceId) -> Result<(), Failure> {
    loop {
        let people = erasures::open(context.db(), workspace).await?;
        if people.is_empty() {
            return Ok(());
        }
        for contact in people {
            clear(context, workspace, contact).await?;
        }
    }
}

async fn clear(
    context: &Context,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<(), Failure> {
    let mut waited = 0;
    loop {
        for key in erasures::files(context.db(), workspace, contact).await? {
            context.files().delete(&key).await?;
        }
        match erasures::clear(context.db(), workspace, contact).await? {
            Piece::Done => return Ok(()),
            Piece::More => {}
            Piece::Waits if waited >= PATIENCE || context.stop().is_cancelled() => {
                return Err(Failure::later("on_its_way"));
            }
            Piece::Waits => {
                waited += 1;
                wait::pause(BREATH).await;
            }
        }
    }
}

/// Makes one contact one with another. Messages that wait are decided about anew, by what both agreed to.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when both are the same contact already.
pub async fn merge(
    context: &Context,
    scope: &Scope,
    survivor: ContactId,
    other: ContactId,
) -> wigwag_store::Result<ContactId> {
    let actor = scope.actor.to_string();
    let done = merges::merge(context.db(), scope.workspace, survivor, other, actor).await?;
    if done.stricter {
        context.stop_epoch().raise();
    }
    Ok(done.survivor)
}

/// Moves over what merges left behind.
pub(crate) async fn move_merged(context: &Context, workspace: WorkspaceId) -> Result<(), Failure> {
    loop {
        let left = merges::pending(context.db(), workspace).await?;
        if left.is_empty() {
            return Ok(());
        }
        for contact in left {
            while !merges::next_piece(context.db(), workspace, contact).await? {
                if context.stop().is_cancelled() {
                    return Err(Failure::later("stopped"));
                }
            }
        }
    }
}
