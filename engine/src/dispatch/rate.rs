//! How fast a number may send: Meta's throughput per number and its pair rate per person
//! (Meta: Throughput; Pair rate limits). In memory: after a restart Meta's answer rules.

use std::collections::HashMap;

use wigwag_model::ContactId;

/// Tokens that come back over time, in thousandths.
#[derive(Debug, Clone)]
struct Bucket {
    /// Thousandths of a token.
    level: i64,
    at_us: i64,
}

/// Meta's throughput of one number, as a bucket that holds what a quarter of a second allows.
#[derive(Debug)]
pub(super) struct Throughput {
    per_second: i64,
    bucket: Bucket,
}

/// The part of a second that a lane may claim at once.
const SLICE_MS: i64 = 250;

impl Throughput {
    /// A full bucket.
    pub(super) fn new(per_second: i64, now_us: i64) -> Self {
        let per_second = per_second.max(1);
        Self {
            per_second,
            bucket: Bucket {
                level: Self::most(per_second),
                at_us: now_us,
            },
        }
    }

    /// Thousandths of a token that fit: a slice's worth, one at least.
    fn most(per_second: i64) -> i64 {
        (per_second * SLICE_MS).max(1_000)
    }

    /// Changes the rate, after Meta raised or lowered it.
    pub(super) fn set(&mut self, per_second: i64) {
        self.per_second = per_second.max(1);
        self.bucket.level = self.bucket.level.min(Self::most(self.per_second));
    }

    /// How many messages may leave now.
    pub(super) fn available(&mut self, now_us: i64) -> i64 {
        let span_us = (now_us - self.bucket.at_us).max(0);
        // µs × messages per second ÷ 1,000 are thousandths of a message.
        let gained = span_us.saturating_mul(self.per_second) / 1_000;
        if gained > 0 {
            self.bucket.level =
                (self.bucket.level.saturating_add(gained)).min(Self::most(self.per_second));
            self.bucket.at_us = now_us;
        }
        self.bucket.level.max(0) / 1_000
    }

    /// Takes what left, or what came in and counts too.
    pub(super) fn take(&mut self, messages: i64) {
        // A burst of incoming messages must not silence the number for long.
        let least = -Self::most(self.per_second);
        self.bucket.level = (self.bucket.level - messages * 1_000).max(least);
    }

    /// µs until one message may leave; nought when one may now.
    pub(super) fn wait_us(&mut self, now_us: i64) -> i64 {
        if self.available(now_us) > 0 {
            return 0;
        }
        (1_000 - self.bucket.level) * 1_000 / self.per_second + 1
    }
}

/// Messages to one person that may leave in a burst.
const PAIR_BURST: i64 = 45;
/// µs after which one more may leave.
const PAIR_US: i64 = 6_000_000;

/// Meta's pair rate: a burst of 45, then one per six seconds.
#[derive(Debug, Default)]
pub(super) struct PairRate {
    people: HashMap<ContactId, Bucket>,
}

impl PairRate {
    /// Takes a token of a person; `Err` with the µs to wait when there is none.
    ///
    /// # Errors
    /// The wait.
    pub(super) fn take(&mut self, person: ContactId, now_us: i64) -> Result<(), i64> {
        let bucket = self.people.entry(person).or_insert(Bucket {
            level: PAIR_BURST * 1_000,
            at_us: now_us,
        });
        let gained = (now_us - bucket.at_us).max(0) / (PAIR_US / 1_000);
        bucket.level = (bucket.level + gained).min(PAIR_BURST * 1_000);
        bucket.at_us += gained * (PAIR_US / 1_000);
        if bucket.level < 1_000 {
            return Err((1_000 - bucket.level) * (PAIR_US / 1_000));
        }
        bucket.level -= 1_000;
        Ok(())
    }

    /// Empties a person's bucket: Meta said that it is.
    pub(super) fn exhaust(&mut self, person: ContactId, now_us: i64) {
        self.people.insert(
            person,
            Bucket {
                level: 0,
                at_us: now_us,
            },
        );
    }

    /// The people whose next message must wait; forgets those whose bucket is full again.
    pub(super) fn busy(&mut self, now_us: i64) -> Vec<ContactId> {
        let full_us = PAIR_BURST * PAIR_US;
        self.people
            .retain(|_, bucket| now_us - bucket.at_us < full_us);
        self.people
            .iter()
            .filter(|(_, bucket)| {
                bucket.level + (now_us - bucket.at_us).max(0) / (PAIR_US / 1_000) < 1_000
            })
            .map(|(person, _)| *person)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wigwag_model::Timestamp;
    use wigwag_model::id::Id as _;

    #[test]
    fn a_second_lets_the_rate_through_and_no_more() {
        let mut rate = Throughput::new(80, 0);
        let mut sent = 0;
        for ms in 0..1_000 {
            let now = rate.available(ms * 1_000);
            rate.take(now);
            sent += now;
        }
        // The first slice was in the bucket.
        assert!((98..=100).contains(&sent), "{sent}");
        assert_eq!(rate.available(999_000), 0);
        assert!((1..=12_501).contains(&rate.wait_us(999_000)));
    }

    #[test]
    fn incoming_messages_count_but_do_not_silence() {
        let mut rate = Throughput::new(80, 0);
        rate.take(10_000);
        assert_eq!(rate.available(0), 0);
        assert!(rate.available(1_000_000) > 0);
    }

    #[test]
    fn a_slow_number_still_sends() {
        let mut rate = Throughput::new(1, 0);
        assert_eq!(rate.available(0), 1);
        rate.take(1);
        assert_eq!(rate.available(500_000), 0);
        assert_eq!(rate.available(1_000_001), 1);
    }

    #[test]
    fn a_person_gets_a_burst_then_one_each_six_seconds() {
        let person = ContactId::new(Timestamp::from_seconds(1), [1; 10]);
        let mut rate = PairRate::default();
        for _ in 0..45 {
            assert_eq!(rate.take(person, 0), Ok(()));
        }
        assert_eq!(rate.take(person, 0), Err(6_000_000));
        assert_eq!(rate.busy(0), [person]);
        assert_eq!(rate.take(person, 5_999_000), Err(1_000 * 6));
        assert_eq!(rate.take(person, 6_000_000), Ok(()));
        assert!(rate.busy(12_000_001).is_empty());
        rate.exhaust(person, 20_000_000);
        assert_eq!(rate.busy(20_000_000), [person]);
        assert!(rate.busy(20_000_000 + 271_000_000).is_empty());
    }
}
