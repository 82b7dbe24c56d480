//! Who a webhook speaks of, in our words.

use wigwag_meta::webhook::{Contact, Message, System, UserIdUpdate, UserPreference};
use wigwag_model::phone::Phone;
use wigwag_store::ingest::{Person, UserIdChange};

use wigwag_model::WorkspaceId;

fn text(value: Option<&str>) -> Option<String> {
    value
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn person(wa_id: Option<&str>, user_id: Option<&str>, portfolio: &str) -> Person {
    let wa_id = text(wa_id);
    Person {
        phone: wa_id
            .as_deref()
            .and_then(Phone::from_wa_id)
            .map(|phone| phone.as_str().to_owned()),
        wa_id,
        user_id: text(user_id),
        portfolio: portfolio.to_owned(),
        profile_name: None,
        username: None,
    }
}

/// Whether anything tells who it is.
pub(super) fn is_known(person: &Person) -> bool {
    person.wa_id.is_some() || person.user_id.is_some()
}

/// The sender of a message. Ids in the message itself come before those of the contact.
pub(super) fn sender(
    message: &Message<'_>,
    contact: Option<&Contact<'_>>,
    portfolio: &str,
) -> Person {
    let either = |own: Option<&str>, listed: Option<&str>| text(own).or_else(|| text(listed));
    let wa_id = either(
        message.from.as_deref(),
        contact.and_then(|contact| contact.wa_id.as_deref()),
    );
    let user_id = either(
        message.from_user_id.as_deref(),
        contact.and_then(|contact| contact.user_id.as_deref()),
    );
    let profile = contact.and_then(|contact| contact.profile.as_ref());
    Person {
        profile_name: text(profile.and_then(|profile| profile.name.as_deref())),
        username: text(
            profile
                .and_then(|profile| profile.username.as_deref())
                .map(|name| name.trim_start_matches('@')),
        ),
        ..person(wa_id.as_deref(), user_id.as_deref(), portfolio)
    }
}

/// The person of a preference.
pub(super) fn chooser(preference: &UserPreference<'_>, portfolio: &str) -> Person {
    person(
        preference.wa_id.as_deref(),
        preference.user_id.as_deref(),
        portfolio,
    )
}

/// A new number or id told by a system message; `None` for notices of other things.
pub(super) fn moved(
    workspace: WorkspaceId,
    message: &Message<'_>,
    system: &System<'_>,
    portfolio: &str,
) -> Option<UserIdChange> {
    let now = person(
        system.wa_id.as_deref(),
        system.user_id.as_deref(),
        portfolio,
    );
    is_known(&now).then(|| UserIdChange {
        workspace,
        before: before(message, system, portfolio),
        now,
    })
}

/// The person of a system message as known before: `from` is the number that they had.
pub(super) fn before(message: &Message<'_>, system: &System<'_>, portfolio: &str) -> Person {
    let wa_id = message.from.as_deref().or(system.customer.as_deref());
    let user_id = system
        .previous_user_id
        .as_deref()
        .or_else(|| match &system.user_id {
            // Nobody said what it was before; the sender's may already be the new one.
            Some(now) => message.from_user_id.as_deref().filter(|id| *now != *id),
            None => message.from_user_id.as_deref(),
        });
    person(wa_id, user_id, portfolio)
}

/// A new id told by `user_id_update`.
pub(super) fn new_user_id(
    workspace: WorkspaceId,
    update: &UserIdUpdate<'_>,
    portfolio: &str,
) -> Option<UserIdChange> {
    let ids = update.user_id.as_ref()?;
    let wa_id = update.wa_id.as_deref();
    let before = person(wa_id, Some(&ids.previous), portfolio);
    let now = person(wa_id, Some(&ids.current), portfolio);
    (is_known(&before) && is_known(&now)).then_some(UserIdChange {
        workspace,
        before,
        now,
    })
}
