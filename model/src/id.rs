//! Identifiers: UUIDv7 newtypes, one per noun, shown as TypeIDs (`contact_01h…`) in `/api/v1`.
//!
//! A TypeID is the noun, an underscore and the 128 bits in 26 Crockford base-32 digits, so that
//! text order is creation order and a contact's id can never be passed where a message's belongs.

use std::fmt;

use uuid::Uuid;

use crate::Timestamp;

/// Why a text is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseIdError {
    /// The part before the underscore names another noun.
    #[error("expected an id that starts with `{expected}_`")]
    Prefix {
        /// The noun that was wanted.
        expected: &'static str,
    },
    /// What follows the prefix is not 26 base-32 digits of a 128-bit number.
    #[error("the part after `{expected}_` is not a valid id")]
    Digits {
        /// The noun that was wanted.
        expected: &'static str,
    },
}

const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Writes 128 bits as 26 Crockford base-32 digits, most significant first.
fn encode(value: u128) -> String {
    let mut text = String::with_capacity(26);
    for place in (0..26).rev() {
        let digit = usize::try_from((value >> (5 * place)) & 31).unwrap_or(0);
        text.push(char::from(DIGITS[digit]));
    }
    text
}

/// Reads what [`encode`] wrote; `None` for anything else, so that one id has one spelling.
fn decode(text: &str) -> Option<u128> {
    let bytes = text.as_bytes();
    // 26 digits hold 130 bits: a first digit above 7 would overflow.
    if bytes.len() != 26 || !(b'0'..=b'7').contains(&bytes[0]) {
        return None;
    }
    bytes.iter().try_fold(0_u128, |value, byte| {
        let digit = DIGITS.iter().position(|known| known == byte)?;
        Some((value << 5) | digit as u128)
    })
}

/// Builds a version 7 UUID from its two ingredients (RFC 9562, section 5.7).
fn v7(at: Timestamp, random: [u8; 10]) -> Uuid {
    let millis = u64::try_from(at.as_micros() / 1_000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// What every id newtype can do; `store` binds and reads ids through it.
pub trait Id: Copy + Eq + fmt::Display + Send + Sync + 'static {
    /// The noun before the underscore.
    const PREFIX: &'static str;

    /// Wraps a raw UUID, for rows read back.
    fn from_uuid(uuid: Uuid) -> Self;

    /// The raw UUID, for binding and for `/v1/public`.
    fn uuid(self) -> Uuid;

    /// Makes a new id from the present and ten random bytes.
    fn new(at: Timestamp, random: [u8; 10]) -> Self {
        Self::from_uuid(v7(at, random))
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl Id for $name {
            const PREFIX: &'static str = $prefix;
            fn from_uuid(uuid: Uuid) -> Self { Self(uuid) }
            fn uuid(self) -> Uuid { self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, encode(self.0.as_u128()))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(self, f) }
        }

        impl std::str::FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                let digits = text
                    .strip_prefix($prefix)
                    .and_then(|rest| rest.strip_prefix('_'))
                    .ok_or(ParseIdError::Prefix { expected: $prefix })?;
                decode(digits)
                    .map(|value| Self(Uuid::from_u128(value)))
                    .ok_or(ParseIdError::Digits { expected: $prefix })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A person who signs in; a member of one or more workspaces.
    AccountId = "account";
    /// A key for the API.
    ApiKeyId = "key";
    /// An entry of the audit log.
    AuditId = "audit";
    /// One POST of one message to Meta.
    AttemptId = "attempt";
    /// An action on many contacts.
    BulkId = "bulk";
    /// A call of the API with a key.
    CallId = "call";
    /// A campaign.
    CampaignId = "campaign";
    /// An entry of the consent log.
    ConsentId = "consent";
    /// A person the business talks with.
    ContactId = "contact";
    /// The thread of one contact with one number.
    ConversationId = "conversation";
    /// An item of a webhook that could not be applied.
    DeadLetterId = "deadletter";
    /// One thing to tell one endpoint.
    DeliveryId = "delivery";
    /// An address outside that is told what happens here.
    EndpointId = "endpoint";
    /// A run of an on-going campaign: one person, from what started it to its message.
    RunId = "run";
    /// Something that a contact did.
    EventId = "event";
    /// An address that a shop calls.
    HookId = "hook";
    /// Something that came for a hook.
    HookDeliveryId = "delivery";
    /// A file of contacts that is read in.
    ImportId = "import";
    /// A piece of background work.
    JobId = "job";
    /// A list of contacts.
    ListId = "list";
    /// A file that came in or goes out.
    MediaId = "media";
    /// An account's place in a workspace.
    MemberId = "member";
    /// A message, in or out.
    MessageId = "message";
    /// A business phone number.
    NumberId = "number";
    /// Meta's business portfolio as a workspace knows it.
    PortfolioId = "portfolio";
    /// A saved filter over contacts.
    SegmentId = "segment";
    /// A team of members.
    TeamId = "team";
    /// An approved (or not yet approved) message template.
    TemplateId = "template";
    /// A WhatsApp Business Account.
    WabaId = "waba";
    /// The tenant: one business.
    WorkspaceId = "workspace";
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_survives_its_text(raw in any::<u128>()) {
            let id = ContactId::from_uuid(Uuid::from_u128(raw));
            prop_assert_eq!(id.to_string().parse::<ContactId>(), Ok(id));
        }

        #[test]
        fn text_order_is_creation_order(a in 0_i64..4_000_000_000_000_000, b in 0_i64..4_000_000_000_000_000) {
            let (first, second) = (a.min(b), a.max(b) + 1_000);
            let id = |at| MessageId::new(Timestamp::from_micros(at), [7; 10]).to_string();
            prop_assert!(id(first) < id(second));
        }
    }

    #[test]
    fn another_nouns_id_is_refused() {
        let id = ContactId::new(Timestamp::from_micros(1), [0; 10]).to_string();
        assert_eq!(
            id.parse::<MessageId>(),
            Err(ParseIdError::Prefix {
                expected: "message"
            })
        );
    }

    #[test]
    fn an_overflowing_first_digit_is_refused() {
        let text = format!("contact_8{}", "0".repeat(25));
        assert_eq!(
            text.parse::<ContactId>(),
            Err(ParseIdError::Digits {
                expected: "contact"
            })
        );
    }
}
