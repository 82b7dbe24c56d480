//! The pieces of a body, numbered in the order in which they stand in it. A piece is the smallest
//! thing that can be applied, or fail, by itself; each belongs to one lane.

use wigwag_meta::webhook::{
    Change, Contact, Entry, Envelope, Item, Message, MessagesValue, Raw, Status, Unreadable,
    UserIdUpdate, UserIdUpdateValue, UserPreference, UserPreferencesValue, WebhookError,
};
use wigwag_store::journal::{MESSAGES, REST, STATUSES};
use wigwag_store::routes::RouteKind;

use super::classify::keeper;

/// A piece of a body.
pub(super) struct Piece<'e, 'a> {
    /// Its number in the body.
    pub(super) index: i64,
    /// The account that it came for; `None` when that could not be read.
    pub(super) entry: Option<&'e Entry<'a>>,
    /// What it is.
    pub(super) what: What<'e, 'a>,
}

/// What a piece is.
pub(super) enum What<'e, 'a> {
    /// A message of a person.
    Message(&'e MessagesValue<'a>, &'e Item<'a, Message<'a>>),
    /// A status of a message of ours.
    Status(&'e MessagesValue<'a>, &'e Item<'a, Status<'a>>),
    /// An error that belongs to no message.
    Error(&'e MessagesValue<'a>, &'e Item<'a, WebhookError<'a>>),
    /// A stop or resumption.
    Preference(
        &'e UserPreferencesValue<'a>,
        &'e Item<'a, UserPreference<'a>>,
    ),
    /// A changed id of a person.
    UserId(&'e UserIdUpdateValue<'a>, &'e Item<'a, UserIdUpdate<'a>>),
    /// A change that is one piece as a whole: templates, numbers, accounts, fields not typed here.
    Change(&'e Change<'a>),
    /// A change without anything in it.
    Hollow(&'e Change<'a>),
    /// An entry or change that could not be read, or a field whose value could not.
    Broken {
        /// The change's field, where that much could be read.
        field: Option<&'e str>,
        /// The piece as it came.
        raw: &'e Raw<'a>,
        /// Why.
        error: &'e str,
    },
}

/// All pieces of a body.
pub(super) fn pieces<'e, 'a>(envelope: &'e Envelope<'a>) -> Vec<Piece<'e, 'a>> {
    let mut walk = Walk(Vec::new());
    for entry in &envelope.entry {
        match entry {
            Item::Unreadable(unreadable) => walk.broken(None, unreadable),
            Item::Parsed(entry) => {
                for change in &entry.changes {
                    match change {
                        Item::Unreadable(unreadable) => walk.broken(Some(entry), unreadable),
                        Item::Parsed(change) => walk.change(entry, change),
                    }
                }
            }
        }
    }
    walk.0
}

struct Walk<'e, 'a>(Vec<Piece<'e, 'a>>);

impl<'e, 'a> Walk<'e, 'a> {
    fn push(&mut self, entry: Option<&'e Entry<'a>>, what: What<'e, 'a>) {
        let index = i64::try_from(self.0.len()).unwrap_or(i64::MAX);
        self.0.push(Piece { index, entry, what });
    }

    fn broken(&mut self, entry: Option<&'e Entry<'a>>, unreadable: &'e Unreadable<'a>) {
        self.push(
            entry,
            What::Broken {
                field: None,
                raw: &unreadable.raw,
                error: &unreadable.error,
            },
        );
    }

    fn change(&mut self, entry: &'e Entry<'a>, change: &'e Change<'a>) {
        let before = self.0.len();
        match change {
            Change::Messages(value) => {
                for item in &value.messages {
                    self.push(Some(entry), What::Message(value, item));
                }
                for item in &value.statuses {
                    self.push(Some(entry), What::Status(value, item));
                }
                for item in &value.errors {
                    self.push(Some(entry), What::Error(value, item));
                }
            }
            Change::UserPreferences(value) => {
                for item in &value.user_preferences {
                    self.push(Some(entry), What::Preference(value, item));
                }
            }
            Change::UserIdUpdate(value) => {
                for item in &value.user_id_update {
                    self.push(Some(entry), What::UserId(value, item));
                }
            }
            Change::Unreadable { field, raw, error } => self.push(
                Some(entry),
                What::Broken {
                    field: Some(field),
                    raw,
                    error,
                },
            ),
            other => self.push(Some(entry), What::Change(other)),
        }
        if self.0.len() == before {
            self.push(Some(entry), What::Hollow(change));
        }
    }
}

impl<'e> Piece<'e, '_> {
    /// The lane that the piece belongs to, in a body of this class.
    pub(super) fn lane(&self, class: i64) -> i64 {
        match self.what {
            What::Message(..) | What::Preference(..) | What::UserId(..) => MESSAGES,
            What::Status(..) => STATUSES,
            What::Error(..) | What::Change(_) => REST,
            What::Hollow(_) | What::Broken { .. } => keeper(class),
        }
    }

    /// The external ids by which its workspace is found, the most exact first.
    pub(super) fn routes(&self) -> Vec<(RouteKind, &'e str)> {
        let number = match self.what {
            What::Message(value, _) => value.phone_number_id(),
            What::Status(value, _) => value.phone_number_id(),
            What::Error(value, _) => value.phone_number_id(),
            What::Preference(value, _) => value
                .metadata
                .as_ref()
                .and_then(|metadata| metadata.phone_number_id.as_deref()),
            What::UserId(value, _) => value
                .metadata
                .as_ref()
                .and_then(|metadata| metadata.phone_number_id.as_deref()),
            What::Hollow(change) => change.phone_number_id(),
            What::Change(_) | What::Broken { .. } => None,
        };
        if let Some(number) = number {
            return vec![(RouteKind::PhoneNumber, number)];
        }
        if matches!(
            self.what,
            What::Message(..) | What::Status(..) | What::Error(..)
        ) {
            // Without its number such an item has no place, even when the account is known.
            return Vec::new();
        }
        let mut keys = Vec::new();
        if let Some(id) = self.entry.and_then(|entry| entry.id.as_deref()) {
            keys.push((RouteKind::Waba, id));
            keys.push((RouteKind::Portfolio, id));
        }
        if let What::Change(Change::AccountUpdate(update)) = self.what
            && let Some(waba) = update
                .waba_info
                .as_ref()
                .and_then(|waba| waba.waba_id.as_deref())
        {
            // Events of a portfolio name it in the entry and the account inside.
            keys.push((RouteKind::Waba, waba));
        }
        keys
    }

    /// Why the piece could not be read, when it could not.
    pub(super) fn unreadable(&self) -> Option<&str> {
        let item = match self.what {
            What::Message(_, item) => item.unreadable(),
            What::Status(_, item) => item.unreadable(),
            What::Error(_, item) => item.unreadable(),
            What::Preference(_, item) => item.unreadable(),
            What::UserId(_, item) => item.unreadable(),
            What::Broken { error, .. } => return Some(error),
            What::Change(_) | What::Hollow(_) => None,
        };
        item.map(|item| item.error.as_str())
    }

    /// A body with this piece alone, which can be read again.
    pub(super) fn body(&self) -> Vec<u8> {
        let change = match self.what {
            What::Message(value, item) => messages(value, |alone| {
                let named = item.parsed().and_then(|message| contact(value, message));
                alone.contacts = named.cloned().map(Item::Parsed).into_iter().collect();
                alone.messages = vec![item.clone()];
            }),
            What::Status(value, item) => {
                messages(value, |alone| alone.statuses = vec![item.clone()])
            }
            What::Error(value, item) => messages(value, |alone| alone.errors = vec![item.clone()]),
            What::Preference(value, item) => {
                Change::UserPreferences(Box::new(UserPreferencesValue {
                    metadata: value.metadata.clone(),
                    user_preferences: vec![item.clone()],
                    ..UserPreferencesValue::default()
                }))
            }
            What::UserId(value, item) => Change::UserIdUpdate(Box::new(UserIdUpdateValue {
                metadata: value.metadata.clone(),
                user_id_update: vec![item.clone()],
                ..UserIdUpdateValue::default()
            })),
            What::Change(change) | What::Hollow(change) => change.clone(),
            What::Broken { field, raw, .. } => return self.broken_body(field, raw),
        };
        let id = self.entry.and_then(|entry| entry.id.clone());
        let time = self.entry.and_then(|entry| entry.time).map(|time| time.0);
        let body = Envelope::of(id.unwrap_or_default(), time, change);
        serde_json::to_vec(&body).unwrap_or_default()
    }

    /// The same by hand: such a piece has no type to be written from.
    fn broken_body(&self, field: Option<&str>, raw: &Raw<'_>) -> Vec<u8> {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let inner = match (self.entry, field) {
            (None, _) => raw.get().to_owned(),
            (Some(entry), field) => {
                let change = field.map_or_else(
                    || raw.get().to_owned(),
                    |field| format!(r#"{{"field":{},"value":{}}}"#, text(field), raw.get()),
                );
                let id = text(entry.id.as_deref().unwrap_or_default());
                format!(r#"{{"id":{id},"changes":[{change}]}}"#)
            }
        };
        format!(r#"{{"object":"whatsapp_business_account","entry":[{inner}]}}"#).into_bytes()
    }
}

/// A `messages` value with the number of another and what `fill` puts in.
fn messages<'a>(of: &MessagesValue<'a>, fill: impl FnOnce(&mut MessagesValue<'a>)) -> Change<'a> {
    let mut alone = MessagesValue {
        messaging_product: of.messaging_product.clone(),
        metadata: of.metadata.clone(),
        ..MessagesValue::default()
    };
    fill(&mut alone);
    Change::Messages(Box::new(alone))
}

/// The person of a message among those that came with it.
pub(super) fn contact<'v, 'a>(
    value: &'v MessagesValue<'a>,
    message: &Message<'a>,
) -> Option<&'v Contact<'a>> {
    let mut contacts = value.contacts.iter().filter_map(Item::parsed);
    let is_theirs = |contact: &&Contact<'a>| {
        (contact.wa_id.is_some() && contact.wa_id == message.from)
            || (contact.user_id.is_some() && contact.user_id == message.from_user_id)
    };
    if let [only] = value.contacts.as_slice() {
        // Meta may spell the number differently here and there: one person can only be this one.
        return only.parsed().filter(|contact| {
            is_theirs(contact) || (value.messages.len() == 1 && message.kind != "system")
        });
    }
    contacts.find(is_theirs)
}
