//! Endpoints made and changed by people: their addresses are checked, their secrets made here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wigwag_meta::outside::{Allowed, Refusal};
use wigwag_model::endpoint::{Form, Kind};
use wigwag_model::{EndpointId, WorkspaceId};
use wigwag_store::endpoints::{self, Delivery, Edit, Endpoint, New};
use zeroize::Zeroizing;

use super::{interakt, sign, spread, wigwag};
use crate::Context;

/// Why an endpoint cannot be what somebody wants.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// The address is not called.
    #[error(transparent)]
    Address(#[from] Refusal),
    /// Its form has no word for this event.
    #[error("choose among {}", names(*.0))]
    Event(Form),
    /// What the database says.
    #[error(transparent)]
    Store(#[from] wigwag_store::Error),
}

fn names(form: Form) -> String {
    let names: Vec<&str> = spread::kinds(form)
        .iter()
        .map(|kind| kind.as_str())
        .collect();
    names.join(", ")
}

/// An endpoint that somebody wants.
#[derive(Debug, Clone)]
pub struct Wish {
    /// What people call it.
    pub name: String,
    /// Its address.
    pub url: String,
    /// In which form it is told.
    pub form: Form,
    /// What it is told of; empty: everything that its form has words for.
    pub events: Vec<Kind>,
}

/// An endpoint with its secret, which is not told again.
pub struct Made {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// What deliveries are signed with.
    pub secret: Zeroizing<String>,
}

/// A new secret: 32 random bytes in the spelling of Standard Webhooks.
pub fn fresh_secret(context: &Context) -> Zeroizing<String> {
    let random = Zeroizing::new(context.db().mint().random::<32>());
    Zeroizing::new(format!("{}{}", sign::PREFIX, STANDARD.encode(*random)))
}

fn address(context: &Context, text: &str) -> Result<String, Refusal> {
    let none = Allowed::default();
    let outside = context.settings().outside.as_ref();
    let allowed = outside.map_or(&none, |outside| outside.allowed());
    allowed.address(text).map(String::from)
}

fn check_events(form: Form, events: &[Kind]) -> Result<(), AddressError> {
    let known = spread::kinds(form);
    if events.iter().all(|kind| known.contains(kind)) {
        Ok(())
    } else {
        Err(AddressError::Event(form))
    }
}

/// Makes an endpoint, which is on.
///
/// # Errors
/// [`AddressError`].
pub async fn create(
    context: &Context,
    workspace: WorkspaceId,
    wish: Wish,
) -> Result<Made, AddressError> {
    check_events(wish.form, &wish.events)?;
    let secret = fresh_secret(context);
    let new = New {
        name: wish.name,
        url: address(context, &wish.url)?,
        form: wish.form,
        events: wish.events,
        secret: secret.clone(),
    };
    let endpoint = endpoints::create(context.db(), workspace, new).await?;
    Ok(Made { endpoint, secret })
}

/// Changes an endpoint; a new address is checked like the first.
///
/// # Errors
/// [`AddressError`].
pub async fn change(
    context: &Context,
    workspace: WorkspaceId,
    id: EndpointId,
    mut edit: Edit,
) -> Result<Endpoint, AddressError> {
    if let Some(events) = &edit.events {
        let form = endpoints::get(context.db(), workspace, id).await?.form;
        check_events(form, events)?;
    }
    if let Some(url) = &edit.url {
        edit.url = Some(address(context, url)?);
    }
    Ok(endpoints::edit(context.db(), workspace, id, edit).await?)
}

/// Gives an endpoint another secret.
///
/// # Errors
/// What the database says.
pub async fn rotate(
    context: &Context,
    workspace: WorkspaceId,
    id: EndpointId,
) -> wigwag_store::Result<Made> {
    let secret = fresh_secret(context);
    let endpoint = endpoints::rotate(context.db(), workspace, id, secret.clone()).await?;
    Ok(Made { endpoint, secret })
}

/// Tells an endpoint that it is being tested, the way everything is told.
///
/// # Errors
/// What the database says.
pub async fn test(
    context: &Context,
    workspace: WorkspaceId,
    id: EndpointId,
) -> wigwag_store::Result<Delivery> {
    let form = endpoints::get(context.db(), workspace, id).await?.form;
    let now = context.clock().now();
    let (kind, body) = match form {
        Form::Wigwag => {
            let kind = wigwag_model::endpoint::TEST;
            (kind, wigwag::test(kind, workspace, now))
        }
        Form::Interakt => (interakt::TEST, interakt::test(now)),
    };
    endpoints::test(context.db(), workspace, id, kind, body).await
}
