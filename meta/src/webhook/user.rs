//! People in webhooks: contacts with phone-based and business-scoped ids, preferences, id changes.
//!
//! Since April 2026 a person is known by a business-scoped user id (BSUID, `CC.…`); phone-based ids may be
//! absent. Nothing here may be required except that one of the ids is there, and even that is left to the
//! caller. Source: Meta's “Business-scoped user IDs” and “user_preferences webhook reference”.

use super::change::Metadata;
use super::envelope::Item;
use super::lenient::{Seconds, Text, Timestamp};

open_struct! {
    /// The person of a message or status.
    pub struct Contact<'a> {
        /// Display name and username.
        profile: Option<Profile<'a>> = "profile",
        /// WhatsApp id: digits of the phone number. Absent where the number may not be shown.
        wa_id: Option<Text<'a>> = "wa_id",
        /// Business-scoped user id.
        user_id: Option<Text<'a>> = "user_id",
        /// Business-scoped user id of the parent portfolio (managed businesses only).
        parent_user_id: Option<Text<'a>> = "parent_user_id",
        /// Hash of the person's identity key, where identity checks are switched on.
        identity_key_hash: Option<Text<'a>> = "identity_key_hash",
    }
}

open_struct! {
    /// What a person shows of themselves.
    pub struct Profile<'a> {
        /// Display name.
        name: Option<Text<'a>> = "name",
        /// Username, with or without `@` as Meta sent it.
        username: Option<Text<'a>> = "username",
    }
}

open_struct! {
    /// Value of the field `user_preferences`.
    pub struct UserPreferencesValue<'a> {
        /// Always `whatsapp`.
        messaging_product: Option<Text<'a>> = "messaging_product",
        /// The number of ours.
        metadata: Option<Metadata<'a>> = "metadata",
        /// The people.
        contacts: Vec<Item<'a, Contact<'a>>> = "contacts",
        /// The preferences.
        user_preferences: Vec<Item<'a, UserPreference<'a>>> = "user_preferences",
    }
}

open_struct! {
    /// A person stopped or resumed a category of messages from this business.
    pub struct UserPreference<'a> {
        /// WhatsApp id of the person.
        wa_id: Option<Text<'a>> = "wa_id",
        /// Business-scoped user id of the person.
        user_id: Option<Text<'a>> = "user_id",
        /// Business-scoped user id of the parent portfolio.
        parent_user_id: Option<Text<'a>> = "parent_user_id",
        /// Meta's sentence about it.
        detail: Option<Text<'a>> = "detail",
        /// `marketing_messages` today.
        category: Text<'a> = "category",
        /// `stop` or `resume`.
        value: Text<'a> = "value",
        /// When, in Unix seconds.
        timestamp: Seconds = "timestamp",
    }
}

open_struct! {
    /// Value of the field `user_id_update`.
    pub struct UserIdUpdateValue<'a> {
        /// Always `whatsapp`.
        messaging_product: Option<Text<'a>> = "messaging_product",
        /// The number of ours.
        metadata: Option<Metadata<'a>> = "metadata",
        /// The people.
        contacts: Vec<Item<'a, Contact<'a>>> = "contacts",
        /// The changes.
        user_id_update: Vec<Item<'a, UserIdUpdate<'a>>> = "user_id_update",
    }
}

open_struct! {
    /// A person's business-scoped id changed, because the phone number changed.
    pub struct UserIdUpdate<'a> {
        /// WhatsApp id, if it may be shown.
        wa_id: Option<Text<'a>> = "wa_id",
        /// Meta's sentence about it.
        detail: Option<Text<'a>> = "detail",
        /// The business-scoped id.
        user_id: Option<IdChange<'a>> = "user_id",
        /// The id of the parent portfolio.
        parent_user_id: Option<IdChange<'a>> = "parent_user_id",
        /// When, in Unix seconds.
        timestamp: Timestamp = "timestamp",
    }
}

open_struct! {
    /// An id before and after.
    pub struct IdChange<'a> {
        /// Before.
        previous: Text<'a> = "previous",
        /// After.
        current: Text<'a> = "current",
    }
}
