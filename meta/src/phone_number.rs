//! Business phone numbers as the Graph API shows them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

open_enum! {
    /// State of a number. Meta's schemas disagree about the list.
    pub enum NumberStatus {
        /// Not ready.
        Pending = "PENDING",
        /// Ready.
        Connected = "CONNECTED",
        /// Not registered.
        Disconnected = "DISCONNECTED",
        /// Low quality (before October 2025).
        Flagged = "FLAGGED",
        /// Limit reached.
        Restricted = "RESTRICTED",
        /// Slowed down.
        RateLimited = "RATE_LIMITED",
        /// Banned.
        Banned = "BANNED",
        /// Deleted.
        Deleted = "DELETED",
        /// Moved away.
        Migrated = "MIGRATED",
        /// Not verified.
        Unverified = "UNVERIFIED",
    }
}

open_enum! {
    /// Quality rating of a number, or score of a template.
    pub enum Quality {
        /// High.
        Green = "GREEN",
        /// Medium.
        Yellow = "YELLOW",
        /// Low.
        Red = "RED",
        /// Not known yet.
        Unknown = "UNKNOWN" | "NA",
    }
}

open_enum! {
    /// Unique people per moving day outside the service window.
    pub enum MessagingLimit {
        /// 50.
        Tier50 = "TIER_50" | "50",
        /// 250.
        Tier250 = "TIER_250" | "250",
        /// 1,000.
        Tier1K = "TIER_1K" | "1000",
        /// 2,000.
        Tier2K = "TIER_2K" | "2000",
        /// 10,000.
        Tier10K = "TIER_10K" | "10000",
        /// 100,000.
        Tier100K = "TIER_100K" | "100000",
        /// No limit.
        Unlimited = "TIER_UNLIMITED" | "UNLIMITED" | "-1",
        /// Not set.
        NotSet = "TIER_NOT_SET",
    }
}

impl MessagingLimit {
    /// People per day. `None`: no limit, or not known; see the value itself.
    pub fn people(&self) -> Option<u32> {
        match self {
            Self::Tier50 => Some(50),
            Self::Tier250 => Some(250),
            Self::Tier1K => Some(1_000),
            Self::Tier2K => Some(2_000),
            Self::Tier10K => Some(10_000),
            Self::Tier100K => Some(100_000),
            Self::Unlimited | Self::NotSet | Self::Other(_) => None,
        }
    }
}

open_enum! {
    /// Throughput of a number.
    pub enum ThroughputLevel {
        /// 80 messages per second.
        Standard = "STANDARD",
        /// 1,000 messages per second.
        High = "HIGH",
        /// Does not apply.
        NotApplicable = "NOT_APPLICABLE",
    }
}

/// Throughput of a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Throughput {
    /// The level.
    pub level: ThroughputLevel,
}

/// A business phone number; which fields are there depends on the fields asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PhoneNumber {
    /// Id.
    pub id: String,
    /// The number, as shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_phone_number: Option<String>,
    /// Display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified_name: Option<String>,
    /// State.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<NumberStatus>,
    /// Quality.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality_rating: Option<Quality>,
    /// `APPROVED`, `PENDING_REVIEW`, `DECLINED`….
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_status: Option<String>,
    /// State of a name asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_name_status: Option<String>,
    /// `VERIFIED`, `NOT_VERIFIED`, `EXPIRED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_verification_status: Option<String>,
    /// `CLOUD_API`, `ON_PREMISE`, `NOT_APPLICABLE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform_type: Option<String>,
    /// `SANDBOX`, `LIVE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_mode: Option<String>,
    /// Whether it has the blue mark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_official_business_account: Option<bool>,
    /// Whether it is also used in the WhatsApp Business app (20 messages per second).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_on_biz_app: Option<bool>,
    /// Whether a two-step PIN is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_pin_enabled: Option<bool>,
    /// Throughput.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throughput: Option<Throughput>,
    /// Limit of the portfolio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whatsapp_business_manager_messaging_limit: Option<MessagingLimit>,
    /// Limit of the number (deprecated).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messaging_limit_tier: Option<MessagingLimit>,
    /// Calling code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_dial_code: Option<String>,
    /// Two-letter country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// Username of the business.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// When it was last onboarded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_onboarded_time: Option<String>,
    /// Where its webhooks go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_configuration: Option<Value>,
    /// Whether messages can be sent, with reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health_status: Option<Value>,
    /// Fields that this crate does not know.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl PhoneNumber {
    /// The limit of unique people per day: the portfolio's where given, else the number's.
    pub fn messaging_limit(&self) -> Option<&MessagingLimit> {
        self.whatsapp_business_manager_messaging_limit
            .as_ref()
            .or(self.messaging_limit_tier.as_ref())
    }
}

/// The fields that Wigwag asks for.
pub const FIELDS: &str = "id,display_phone_number,verified_name,status,quality_rating,name_status,\
code_verification_status,platform_type,account_mode,is_official_business_account,is_on_biz_app,throughput,\
whatsapp_business_manager_messaging_limit";
