//! Portfolios, WhatsApp Business Accounts and business phone numbers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::DAY;
use crate::limits::Bucket;

/// A business portfolio.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Portfolio {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) messaging_limit: String,
    /// When each person (by index) was first written to outside of a window, within 24 hours.
    #[serde(skip)]
    pub(crate) reached_us: HashMap<usize, i64>,
}

/// Messaging limits of a portfolio: people who may be written to outside of their window in 24 hours.
pub(crate) const TIERS: &[(&str, usize)] = &[
    ("TIER_250", 250),
    ("TIER_2K", 2_000),
    ("TIER_10K", 10_000),
    ("TIER_100K", 100_000),
    ("TIER_UNLIMITED", usize::MAX),
];

impl Portfolio {
    /// Notes that a person is written to outside of the window; false if the limit is reached.
    pub(crate) fn reach(&mut self, person: usize, now_us: i64) -> bool {
        let known = self.reached_us.get(&person);
        if known.is_some_and(|at| now_us - at < DAY) {
            return true;
        }
        let limit = self.people_per_day();
        if self.reached_us.len() >= limit {
            self.reached_us.retain(|_, at| now_us - *at < DAY);
        }
        if self.reached_us.len() >= limit {
            return false;
        }
        self.reached_us.insert(person, now_us);
        true
    }

    /// How many people the limit allows.
    pub(crate) fn people_per_day(&self) -> usize {
        TIERS
            .iter()
            .find(|(tier, _)| *tier == self.messaging_limit)
            .map_or(usize::MAX, |(_, people)| *people)
    }
}

/// Where webhooks go instead of the app's URL.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Override {
    pub(crate) url: String,
    pub(crate) verify_token: String,
}

/// A WhatsApp Business Account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Waba {
    pub(crate) id: String,
    pub(crate) portfolio_id: String,
    pub(crate) name: String,
    pub(crate) currency: String,
    pub(crate) timezone_id: String,
    pub(crate) country: String,
    pub(crate) namespace: String,
    /// Subscribed apps, each with its override if it has one.
    pub(crate) subscribed: BTreeMap<String, Option<Override>>,
    pub(crate) disable_marketing_on_cloud_api: bool,
    pub(crate) insights: bool,
    /// Times of template creations within the last hour.
    pub(crate) creations_us: Vec<i64>,
}

/// The business profile of a number.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Profile {
    pub(crate) about: String,
    pub(crate) address: String,
    pub(crate) description: String,
    pub(crate) email: String,
    pub(crate) vertical: String,
    pub(crate) websites: Vec<String>,
    pub(crate) picture_url: Option<String>,
}

/// A business phone number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Number {
    pub(crate) id: String,
    pub(crate) waba_id: String,
    pub(crate) display: String,
    pub(crate) digits: String,
    pub(crate) verified_name: String,
    pub(crate) quality: String,
    pub(crate) status: String,
    pub(crate) registered: bool,
    pub(crate) verified: bool,
    /// The code that `request_code` "sent".
    pub(crate) code: Option<String>,
    pub(crate) pin: Option<String>,
    pub(crate) name_status: String,
    pub(crate) new_name: Option<String>,
    pub(crate) account_mode: String,
    pub(crate) throughput_mps: u32,
    pub(crate) throughput: Bucket,
    /// False: each call on this number is answered with 190.
    pub(crate) token_valid: bool,
    /// A test number may write only to these (`wa_id`); none = to all.
    pub(crate) allowed: Option<BTreeSet<String>>,
    pub(crate) webhook: Option<Override>,
    pub(crate) profile: Profile,
    /// Persons that the business blocked, oldest first.
    pub(crate) blocked: Vec<String>,
    /// Grows with each change of that list.
    #[serde(default)]
    pub(crate) block_version: u64,
    pub(crate) automation: Value,
    pub(crate) commerce: (bool, bool),
    pub(crate) qr: BTreeMap<String, String>,
    /// Times of register and deregister calls within 72 hours.
    pub(crate) registrations_us: Vec<i64>,
    pub(crate) settings: Value,
    pub(crate) public_key: Option<String>,
}

impl Number {
    /// A registered number with Meta's defaults.
    pub(crate) fn new(id: String, waba_id: String, display: String, verified_name: String) -> Self {
        let digits = display.chars().filter(char::is_ascii_digit).collect();
        Self {
            id,
            waba_id,
            digits,
            display,
            verified_name,
            quality: "GREEN".into(),
            status: "CONNECTED".into(),
            registered: true,
            verified: true,
            code: None,
            pin: None,
            name_status: "APPROVED".into(),
            new_name: None,
            account_mode: "LIVE".into(),
            throughput_mps: 80,
            throughput: Bucket::full(80.0),
            token_valid: true,
            allowed: None,
            webhook: None,
            profile: Profile {
                vertical: "UNDEFINED".into(),
                ..Profile::default()
            },
            blocked: Vec::new(),
            block_version: 0,
            automation: Value::Null,
            commerce: (true, false),
            qr: BTreeMap::new(),
            registrations_us: Vec::new(),
            settings: json!({}),
            public_key: None,
        }
    }

    /// Takes the place of one message in the number's throughput, if there is room.
    pub(crate) fn take(&mut self, now_us: i64) -> bool {
        let rate = f64::from(self.throughput_mps);
        self.throughput.take(now_us, rate, rate)
    }

    /// `throughput.level` of the phone number node.
    pub(crate) fn throughput_level(&self) -> &'static str {
        if !self.registered {
            "NOT_APPLICABLE"
        } else if self.throughput_mps > 80 {
            "HIGH"
        } else {
            "STANDARD"
        }
    }
}
