//! Account, alert, capability, phone number and security fields of webhooks.
//!
//! `entry.id` is the WABA, except for portfolio-level events such as `PARTNER_ADDED`, where it is the
//! partner's portfolio and `waba_info` names the WABA.

use super::lenient::{Seconds, Text};

open_struct! {
    /// Value of `account_update`: an event and the object that belongs to it.
    pub struct AccountUpdate<'a> {
        /// `DISABLED_UPDATE`, `ACCOUNT_RESTRICTION`, `PARTNER_ADDED`, `VERIFIED_ACCOUNT`….
        event: Option<Text<'a>> = "event",
        /// The number concerned.
        phone_number: Option<Text<'a>> = "phone_number",
        /// Primary location of the business.
        country: Option<Text<'a>> = "country",
        /// A ban or its end.
        ban_info: Option<BanInfo<'a>> = "ban_info",
        /// Restrictions and their ends.
        restriction_info: Vec<Restriction<'a>> = "restriction_info",
        /// A violation of the policy.
        violation_info: Option<ViolationInfo<'a>> = "violation_info",
        /// The WABA concerned.
        waba_info: Option<WabaInfo<'a>> = "waba_info",
        /// Why and by whom a partner was removed.
        disconnection_info: Option<DisconnectionInfo<'a>> = "disconnection_info",
        /// A new tier of volume pricing.
        volume_tier_info: Option<VolumeTier<'a>> = "volume_tier_info",
        /// Start of the international authentication rate.
        auth_international_rate_eligibility: Option<AuthInternationalEligibility<'a>> =
            "auth_international_rate_eligibility",
        /// A partner's client was certified or not.
        partner_client_certification_info: Option<PartnerCertification<'a>> = "partner_client_certification_info",
    }
}

open_struct! {
    /// A ban or its end.
    pub struct BanInfo<'a> {
        /// `DISABLE`, `SCHEDULE_FOR_DISABLE`, `REINSTATE`.
        waba_ban_state: Option<Text<'a>> = "waba_ban_state",
        /// When, as an English date.
        waba_ban_date: Option<Text<'a>> = "waba_ban_date",
    }
}

open_struct! {
    /// One restriction.
    pub struct Restriction<'a> {
        /// `RESTRICTED_BIZ_INITIATED_MESSAGING` and the like.
        restriction_type: Option<Text<'a>> = "restriction_type",
        /// Its end, in Unix seconds.
        expiration: Option<Seconds> = "expiration",
        /// What to do.
        remediation: Option<Text<'a>> = "remediation",
    }
}

open_struct! {
    /// A violation of the policy.
    pub struct ViolationInfo<'a> {
        /// `ADULT`, `ALCOHOL`….
        violation_type: Option<Text<'a>> = "violation_type",
        /// What to do.
        remediation: Option<Text<'a>> = "remediation",
    }
}

open_struct! {
    /// The WABA of a partner event.
    pub struct WabaInfo<'a> {
        /// The WABA.
        waba_id: Option<Text<'a>> = "waba_id",
        /// The portfolio that owns it.
        owner_business_id: Option<Text<'a>> = "owner_business_id",
        /// The app that was installed or removed.
        partner_app_id: Option<Text<'a>> = "partner_app_id",
        /// The solution.
        solution_id: Option<Text<'a>> = "solution_id",
        /// The portfolios of the solution's partners.
        solution_partner_business_ids: Vec<Text<'a>> = "solution_partner_business_ids",
        /// The ad account that was linked.
        ad_account_linked: Option<Text<'a>> = "ad_account_linked",
    }
}

open_struct! {
    /// Why and by whom a partner was removed.
    pub struct DisconnectionInfo<'a> {
        /// `PRIMARY_INACTIVITY`….
        reason: Option<Text<'a>> = "reason",
        /// `SYSTEM`….
        initiated_by: Option<Text<'a>> = "initiated_by",
    }
}

open_struct! {
    /// A new tier of volume pricing.
    pub struct VolumeTier<'a> {
        /// When, in Unix seconds.
        tier_update_time: Option<Seconds> = "tier_update_time",
        /// The category.
        pricing_category: Option<Text<'a>> = "pricing_category",
        /// `lower:upper` or `lower:MAX`.
        tier: Option<Text<'a>> = "tier",
        /// `YYYY-MM`.
        effective_month: Option<Text<'a>> = "effective_month",
        /// The market.
        region: Option<Text<'a>> = "region",
    }
}

open_struct! {
    /// Start of the international authentication rate.
    pub struct AuthInternationalEligibility<'a> {
        /// In general, in Unix seconds.
        start_time: Option<Seconds> = "start_time",
        /// Countries with a start of their own.
        exception_countries: Vec<EligibilityException<'a>> = "exception_countries",
    }
}

open_struct! {
    /// A country with a start of its own.
    pub struct EligibilityException<'a> {
        /// Two-letter code.
        country_code: Option<Text<'a>> = "country_code",
        /// Start, in Unix seconds.
        start_time: Option<Seconds> = "start_time",
    }
}

open_struct! {
    /// A partner's client was certified or not.
    pub struct PartnerCertification<'a> {
        /// The client's portfolio.
        client_business_id: Option<Text<'a>> = "client_business_id",
        /// `APPROVED`….
        status: Option<Text<'a>> = "status",
        /// Reasons, `NONE` if none.
        rejection_reasons: Vec<Text<'a>> = "rejection_reasons",
    }
}

open_struct! {
    /// Value of `account_alerts`.
    pub struct AccountAlert<'a> {
        /// `BUSINESS`, `WABA`, `PHONE_NUMBER`.
        entity_type: Option<Text<'a>> = "entity_type",
        /// Its id.
        entity_id: Option<Text<'a>> = "entity_id",
        /// The alert.
        alert_info: Option<AccountAlertInfo<'a>> = "alert_info",
    }
}

open_struct! {
    /// An alert.
    pub struct AccountAlertInfo<'a> {
        /// `CRITICAL`, `WARNING`, `INFORMATIONAL`.
        alert_severity: Option<Text<'a>> = "alert_severity",
        /// `ACTIVE`, `NONE`….
        alert_status: Option<Text<'a>> = "alert_status",
        /// `OBA_APPROVED`, `PROFILE_PICTURE_LOST`….
        alert_type: Option<Text<'a>> = "alert_type",
        /// Meta's sentence about it.
        alert_description: Option<Text<'a>> = "alert_description",
    }
}

open_struct! {
    /// Value of `account_review_update`.
    pub struct AccountReview<'a> {
        /// `APPROVED`, `REJECTED`, `PENDING`, `DEFERRED`.
        decision: Option<Text<'a>> = "decision",
    }
}

open_struct! {
    /// Value of `business_capability_update`, in both forms.
    ///
    /// Meta's pages give the limit as a number, as `UNLIMITED` and as `TIER_…`: see
    /// [`BusinessCapability::daily_limit`].
    pub struct BusinessCapability<'a> {
        /// Unique people per day outside the service window, for the portfolio (since v24).
        max_daily_conversations_per_business: Option<Text<'a>> = "max_daily_conversations_per_business",
        /// The same per number (until February 2026); −1 is unlimited.
        max_daily_conversation_per_phone: Option<Text<'a>> = "max_daily_conversation_per_phone",
        /// How many numbers the WABA may have.
        max_phone_numbers_per_waba: Option<i64> = "max_phone_numbers_per_waba",
        /// How many numbers the portfolio may have.
        max_phone_numbers_per_business: Option<i64> = "max_phone_numbers_per_business",
    }
}

impl BusinessCapability<'_> {
    /// The limit of unique people per moving day, in whichever form it came.
    pub fn daily_limit(&self) -> Option<crate::phone_number::MessagingLimit> {
        let word = self
            .max_daily_conversations_per_business
            .as_ref()
            .or(self.max_daily_conversation_per_phone.as_ref())?;
        Some(crate::phone_number::MessagingLimit::from(word.as_str()))
    }
}

open_struct! {
    /// Value of `phone_number_name_update`.
    pub struct PhoneNumberName<'a> {
        /// The number, as shown.
        display_phone_number: Option<Text<'a>> = "display_phone_number",
        /// `APPROVED`, `DEFERRED`, `PENDING`, `REJECTED`.
        decision: Option<Text<'a>> = "decision",
        /// The name asked for.
        requested_verified_name: Option<Text<'a>> = "requested_verified_name",
        /// `NAME_…`.
        rejection_reason: Option<Text<'a>> = "rejection_reason",
    }
}

open_struct! {
    /// Value of `phone_number_quality_update`.
    pub struct PhoneNumberQuality<'a> {
        /// The number, as shown.
        display_phone_number: Option<Text<'a>> = "display_phone_number",
        /// `ONBOARDING`, `THROUGHPUT_UPGRADE`; older: `FLAGGED`, `UNFLAGGED`, `UPGRADE`, `DOWNGRADE`.
        event: Option<Text<'a>> = "event",
        /// Limit now, as `TIER_…`.
        current_limit: Option<Text<'a>> = "current_limit",
        /// Limit before, as `TIER_…`.
        old_limit: Option<Text<'a>> = "old_limit",
        /// Limit of the portfolio.
        max_daily_conversations_per_business: Option<Text<'a>> = "max_daily_conversations_per_business",
    }
}

open_struct! {
    /// Value of `security`: something happened to the two-step PIN.
    pub struct Security<'a> {
        /// The number, as shown.
        display_phone_number: Option<Text<'a>> = "display_phone_number",
        /// `PIN_CHANGED`, `PIN_RESET_REQUEST`, `PIN_REQUEST_SUCCESS`.
        event: Option<Text<'a>> = "event",
        /// Who asked.
        requester: Option<Text<'a>> = "requester",
    }
}
