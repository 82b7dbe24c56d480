//! Statuses of messages that we sent: what happened, to whom, and what Meta will charge.
//!
//! Reads every form: conversation-based pricing (before July 2025), per-message pricing with and without
//! `conversation` (v24 leaves it out), and the 2026 ids. Order and completeness are not promised by Meta:
//! `read` may come without `delivered`, and the same status may come several times.

use super::error::WebhookError;
use super::lenient::{Blank, Text, Timestamp};

open_enum! {
    /// What happened to a message.
    pub enum DeliveryStatus {
        /// Left Meta's servers.
        Sent = "sent",
        /// Reached a device.
        Delivered = "delivered",
        /// Was shown to the person.
        Read = "read",
        /// A voice message was played for the first time.
        Played = "played",
        /// Will not arrive; `errors` says why.
        Failed = "failed",
        /// Deleted by the person (older documentation only).
        Deleted = "deleted",
        /// A warning (older documentation only).
        Warning = "warning",
    }
}

open_enum! {
    /// Why a message is charged or not.
    pub enum PricingType {
        /// Charged by category and market.
        Regular = "regular",
        /// Free inside the service window.
        FreeCustomerService = "free_customer_service",
        /// Free inside the free-entry-point window.
        FreeEntryPoint = "free_entry_point",
    }
}

open_enum! {
    /// The category by which a message is charged.
    pub enum PricingCategory {
        /// One-time codes.
        Authentication = "authentication",
        /// One-time codes at the international rate; Meta writes both a dash and an underscore.
        AuthenticationInternational = "authentication_international" | "authentication-international",
        /// Marketing.
        Marketing = "marketing",
        /// Marketing through the Marketing Messages API.
        MarketingLite = "marketing_lite",
        /// Free entry point.
        ReferralConversion = "referral_conversion",
        /// Not a template.
        Service = "service",
        /// Utility.
        Utility = "utility",
        /// Marketing to a group.
        GroupMarketing = "group_marketing",
        /// Utility to a group.
        GroupUtility = "group_utility",
        /// Service to a group.
        GroupService = "group_service",
    }
}

impl Default for DeliveryStatus {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl Blank for DeliveryStatus {}

open_struct! {
    /// One status of one message.
    pub struct Status<'a> {
        /// The message's wamid.
        id: Text<'a> = "id",
        /// What happened.
        status: DeliveryStatus = "status",
        /// When, in Unix seconds.
        timestamp: Timestamp = "timestamp",
        /// WhatsApp id (or group id) of the recipient; absent where the number may not be shown.
        recipient_id: Option<Text<'a>> = "recipient_id",
        /// `individual` or `group`.
        recipient_type: Option<Text<'a>> = "recipient_type",
        /// Business-scoped user id of the recipient.
        recipient_user_id: Option<Text<'a>> = "recipient_user_id",
        /// Business-scoped id for the parent portfolio; Meta's pages use three names for it.
        recipient_parent_user_id: Option<Text<'a>> =
            "recipient_parent_user_id" | "parent_recipient_user_id" | "parent_user_id",
        /// Group sends: the participant.
        recipient_participant_id: Option<Text<'a>> = "recipient_participant_id",
        /// Hash of the recipient's identity key.
        recipient_identity_key_hash: Option<Text<'a>> = "recipient_identity_key_hash",
        /// The string that was sent along with the message.
        biz_opaque_callback_data: Option<Text<'a>> = "biz_opaque_callback_data",
        /// The conversation, in the older forms and for free entry points.
        conversation: Option<Conversation<'a>> = "conversation",
        /// What is charged; at most on `sent` and one of `delivered` and `read`.
        pricing: Option<Pricing<'a>> = "pricing",
        /// Why a message failed.
        errors: Vec<WebhookError<'a>> = "errors",
    }
    check check_status
}

fn check_status(status: &Status<'_>) -> Result<(), &'static str> {
    match (status.id.is_empty(), status.status.as_str().is_empty()) {
        (true, _) => Err("a status needs an id"),
        (_, true) => Err("a status needs a status"),
        _ => Ok(()),
    }
}

open_struct! {
    /// Conversation of the older pricing, or a free-entry-point window.
    pub struct Conversation<'a> {
        /// Meta's id; per conversation before July 2025, per message or window after.
        id: Text<'a> = "id",
        /// End of the window, in Unix seconds; on `sent` only.
        expiration_timestamp: Option<Timestamp> = "expiration_timestamp",
        /// What opened it.
        origin: Option<Origin<'a>> = "origin",
    }
}

open_struct! {
    /// What opened a conversation.
    pub struct Origin<'a> {
        /// A pricing category such as `marketing` or `referral_conversion`.
        kind: Text<'a> = "type",
    }
}

open_struct! {
    /// What Meta charges for a message.
    pub struct Pricing<'a> {
        /// Whether it is charged; to be removed by Meta, then follow `kind`.
        billable: Option<bool> = "billable",
        /// `CBP` (per conversation, before July 2025) or `PMP` (per message).
        pricing_model: Option<Text<'a>> = "pricing_model",
        /// Why it is charged or free; absent with `CBP`.
        kind: Option<PricingType> = "type",
        /// The category.
        category: Option<PricingCategory> = "category",
    }
}

impl Pricing<'_> {
    /// Whether Meta charges the message: `billable` where given, else by the type. `None`: not said.
    pub fn is_billable(&self) -> Option<bool> {
        self.billable.or(match self.kind {
            Some(PricingType::Regular) => Some(true),
            Some(PricingType::FreeCustomerService | PricingType::FreeEntryPoint) => Some(false),
            _ => None,
        })
    }
}
