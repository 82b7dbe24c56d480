//! Fault switches: what goes wrong, how often, decided by a seeded generator.

use std::collections::BTreeMap;

use rand::rngs::ChaCha12Rng;
use rand::{RngExt as _, SeedableRng as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Rates from 0 to 1.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Rates {
    /// The message is accepted and the connection closed without an answer.
    pub(crate) drop_after_accept: f64,
    /// 500 / 131000 before anything was done.
    pub(crate) error_before: f64,
    /// 500 / 131000 although the message was accepted.
    pub(crate) error_after: f64,
    /// A bare page with 502 or 504, as a proxy in between answers, before anything was done.
    pub(crate) page_before: f64,
    /// The same although the message was accepted.
    pub(crate) page_after: f64,
    /// A Graph error with this code before anything was done.
    pub(crate) code: BTreeMap<String, f64>,
    /// Accepted, then a `failed` status with this code.
    pub(crate) failed: BTreeMap<String, f64>,
}

/// All switches. `POST /_sim/faults` merges into them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Faults {
    pub(crate) seed: u64,
    pub(crate) rates: Rates,
    /// Added before each Graph answer.
    pub(crate) latency_ms: u64,
    /// Share of webhooks that are sent twice.
    pub(crate) duplicate: f64,
    /// Webhooks are put off by a random time up to this.
    pub(crate) reorder_ms: u64,
    /// Changes per webhook POST at most.
    pub(crate) batch_max: usize,
    /// Statuses do not echo `biz_opaque_callback_data`.
    pub(crate) drop_callback_data: bool,
    /// Failed statuses carry `contacts` (Meta's pages say no, some libraries need it).
    pub(crate) contacts_on_failed: bool,
    pub(crate) webhooks_paused: bool,
    pub(crate) webhook_timeout_ms: u64,
    /// Webhook POSTs under way at the same time.
    pub(crate) webhook_concurrency: usize,
    /// HTTP status of throttling errors: Meta's table says 400, its OpenAPI file 429.
    pub(crate) throttle_status: u16,
    /// Code of the `failed` status beyond the portfolio's messaging limit, which Meta does not
    /// document; 0 = no limit.
    pub(crate) messaging_limit_code: i64,
    /// No pair rate limit (131056), for load tests.
    pub(crate) no_pair_limit: bool,
    /// People that fit on a number's block list; less than Meta's to see one that is full (139101).
    pub(crate) block_list: usize,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            seed: 1,
            rates: Rates::default(),
            latency_ms: 0,
            duplicate: 0.0,
            reorder_ms: 0,
            batch_max: 1,
            drop_callback_data: false,
            contacts_on_failed: false,
            webhooks_paused: false,
            webhook_timeout_ms: 10_000,
            webhook_concurrency: 32,
            throttle_status: 400,
            messaging_limit_code: 131_048,
            no_pair_limit: false,
            block_list: 64_000,
        }
    }
}

impl Faults {
    /// Rates are shares and codes are numbers; anything else is a slip.
    fn check(&self) -> Result<(), String> {
        let rates = &self.rates;
        let coded = [("code", &rates.code), ("failed", &rates.failed)];
        for (list, codes) in coded {
            for (code, rate) in codes {
                if code.parse::<i64>().is_err() {
                    return Err(format!("rates.{list}: `{code}` is not an error code"));
                }
                share(&format!("rates.{list}.{code}"), *rate)?;
            }
        }
        share("rates.drop_after_accept", rates.drop_after_accept)?;
        share("rates.error_before", rates.error_before)?;
        share("rates.error_after", rates.error_after)?;
        share("rates.page_before", rates.page_before)?;
        share("rates.page_after", rates.page_after)?;
        share("duplicate", self.duplicate)
    }
}

fn share(name: &str, rate: f64) -> Result<(), String> {
    if (0.0..=1.0).contains(&rate) {
        return Ok(());
    }
    Err(format!("{name} must be from 0 to 1, not {rate}"))
}

/// What becomes of one send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SendFault {
    None,
    ErrorBefore,
    Code(i64),
    ErrorAfter,
    /// With this HTTP status.
    PageBefore(u16),
    /// With this HTTP status.
    PageAfter(u16),
    DropAfterAccept,
}

/// The switches with their generator.
#[derive(Debug)]
pub(crate) struct FaultBox {
    pub(crate) set: Faults,
    rng: ChaCha12Rng,
}

impl FaultBox {
    pub(crate) fn new(set: Faults) -> Self {
        let rng = ChaCha12Rng::seed_from_u64(set.seed);
        Self { set, rng }
    }

    /// Merges a partial update; the generator starts again when a seed is given.
    pub(crate) fn merge(&mut self, patch: &Value) -> Result<(), String> {
        let mut all = serde_json::to_value(&self.set).map_err(|e| e.to_string())?;
        merge_value(&mut all, patch)?;
        let set: Faults = serde_json::from_value(all).map_err(|e| e.to_string())?;
        set.check()?;
        self.set = set;
        self.set.batch_max = self.set.batch_max.clamp(1, 1_000);
        self.set.webhook_concurrency = self.set.webhook_concurrency.clamp(1, 256);
        if patch.get("seed").is_some() {
            self.rng = ChaCha12Rng::seed_from_u64(self.set.seed);
        }
        Ok(())
    }

    fn hits(&mut self, rate: f64) -> bool {
        rate > 0.0 && self.rng.random::<f64>() < rate
    }

    /// Decides about one send.
    pub(crate) fn send(&mut self) -> SendFault {
        let rates = self.set.rates.clone();
        if self.hits(rates.error_before) {
            return SendFault::ErrorBefore;
        }
        if self.hits(rates.page_before) {
            return SendFault::PageBefore(self.gateway());
        }
        for (code, rate) in rates.code {
            if self.hits(rate) {
                return SendFault::Code(code.parse().unwrap_or(131_000));
            }
        }
        if self.hits(rates.drop_after_accept) {
            return SendFault::DropAfterAccept;
        }
        if self.hits(rates.error_after) {
            return SendFault::ErrorAfter;
        }
        if self.hits(rates.page_after) {
            return SendFault::PageAfter(self.gateway());
        }
        SendFault::None
    }

    /// What a proxy in between says when it does not reach Meta, or not in time.
    fn gateway(&mut self) -> u16 {
        if self.rng.random::<f64>() < 0.5 {
            502
        } else {
            504
        }
    }

    /// A code with which an accepted message fails later, if chance has it so.
    pub(crate) fn fails_later(&mut self) -> Option<i64> {
        let rates = self.set.rates.failed.clone();
        rates
            .into_iter()
            .find_map(|(code, rate)| self.hits(rate).then(|| code.parse().ok()).flatten())
    }

    /// Whether this webhook is sent twice.
    pub(crate) fn duplicates(&mut self) -> bool {
        let rate = self.set.duplicate;
        self.hits(rate)
    }

    /// A delay in microseconds for one webhook.
    pub(crate) fn reorder_us(&mut self) -> i64 {
        match self.set.reorder_ms {
            0 => 0,
            ms => self.rng.random_range(0..=ms as i64 * 1_000),
        }
    }

    /// Whether something with this probability happens.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        probability >= 1.0 || self.hits(probability)
    }
}

/// Lays `patch` over `into`, object by object. Unknown keys at the top are refused.
fn merge_value(into: &mut Value, patch: &Value) -> Result<(), String> {
    let (Some(into), Some(patch)) = (into.as_object_mut(), patch.as_object()) else {
        return Err("faults must be a JSON object".into());
    };
    for (key, value) in patch {
        let Some(slot) = into.get_mut(key) else {
            let known: Vec<_> = into.keys().cloned().collect();
            return Err(format!(
                "unknown fault `{key}`; known: {}",
                known.join(", ")
            ));
        };
        if key == "rates" && value.is_object() {
            merge_value(slot, value)?;
        } else {
            *slot = value.clone();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_patch_keeps_the_rest_and_refuses_unknown_switches() {
        let mut faults = FaultBox::new(Faults::default());
        faults
            .merge(&json!({"latency_ms": 5, "rates": {"error_before": 1.0}}))
            .unwrap();
        faults.merge(&json!({"batch_max": 10})).unwrap();
        assert_eq!(faults.set.latency_ms, 5);
        assert_eq!(faults.send(), SendFault::ErrorBefore);
        assert!(
            faults
                .merge(&json!({"latency": 5}))
                .unwrap_err()
                .contains("unknown fault `latency`")
        );
        let wrong = faults.merge(&json!({"rates": {"error_before": 7}}));
        assert!(wrong.unwrap_err().contains("rates.error_before"));
        let wrong = faults.merge(&json!({"rates": {"code": {"slow": 0.5}}}));
        assert!(wrong.unwrap_err().contains("`slow` is not an error code"));
        assert_eq!(faults.set.latency_ms, 5);
    }

    #[test]
    fn the_same_seed_decides_the_same() {
        let decide = || {
            let mut faults = FaultBox::new(Faults::default());
            faults
                .merge(&json!({"seed": 9, "rates": {"drop_after_accept": 0.3}}))
                .unwrap();
            (0..50).map(|_| faults.send()).collect::<Vec<_>>()
        };
        assert_eq!(decide(), decide());
        assert!(decide().contains(&SendFault::DropAfterAccept));
        assert!(decide().contains(&SendFault::None));
    }
}
