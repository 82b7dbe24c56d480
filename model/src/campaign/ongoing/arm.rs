//! Which message a person gets: the campaign's own, another that is tried, or none to compare with.
//!
//! The choice follows from the campaign and the person, so that whoever runs again gets the same.

use super::Ongoing;
use crate::id::Id as _;
use crate::{CampaignId, ContactId};

/// What a person gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arm {
    /// A message: 0 is the campaign's own, 1 the first of its variants.
    Message(usize),
    /// Nothing, to compare with.
    Holdout,
}

/// The number of the arm that gets nothing.
const HOLDOUT: i64 = 7;
/// Arms of an entry that a round's number has room for.
const ARMS: i64 = 8;

impl Arm {
    /// The number in tables.
    pub fn no(self) -> i64 {
        match self {
            Self::Message(at) => i64::try_from(at).unwrap_or(0).min(HOLDOUT - 1),
            Self::Holdout => HOLDOUT,
        }
    }

    /// Reads a number of a table.
    pub fn of(no: i64) -> Self {
        match usize::try_from(no) {
            Ok(at) if no < HOLDOUT => Self::Message(at),
            _ => Self::Holdout,
        }
    }
}

/// The round under which the messages of an entry are counted: recipients of a campaign are one per
/// person and round, and here a person may come several times. `entry` counts a person's starts from 1.
pub fn round(entry: i64, arm: Arm) -> i64 {
    entry.max(1) * ARMS + arm.no()
}

/// A person's start and its arm, of a round.
pub fn entry_of(round: i64) -> (i64, Arm) {
    (round.div_euclid(ARMS), Arm::of(round.rem_euclid(ARMS)))
}

impl Ongoing {
    /// What a person gets of a campaign.
    pub fn arm(&self, campaign: CampaignId, contact: ContactId) -> Arm {
        let place = place(campaign, contact);
        // Two draws that know nothing of each other: a larger holdout moves nobody between messages.
        let (held, message) = (place % 10_000, (place >> 32) % 10_000);
        if held < u64::from(self.holdout_percent) * 100 {
            return Arm::Holdout;
        }
        let mut edge = 0;
        for (at, variant) in self.variants.iter().enumerate() {
            edge += u64::from(variant.share) * 100;
            if message < edge {
                return Arm::Message(at + 1);
            }
        }
        Arm::Message(0)
    }
}

/// A number that is spread evenly over people and differs between campaigns (FNV-1a, then mixed as
/// in SplitMix64): fixed, because a person must stay where it is over versions of this program.
fn place(campaign: CampaignId, contact: ContactId) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let (campaign, contact) = (campaign.uuid(), contact.uuid());
    for byte in campaign.as_bytes().iter().chain(contact.as_bytes()) {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::Variant;
    use super::*;
    use crate::TemplateId;
    use crate::campaign::Variables;

    fn ongoing(holdout_percent: u32, shares: &[u32]) -> Ongoing {
        let template_id = TemplateId::from_uuid(Uuid::from_u128(1));
        Ongoing {
            holdout_percent,
            variants: shares
                .iter()
                .map(|share| Variant {
                    name: share.to_string(),
                    share: *share,
                    template_id,
                    variables: Variables::default(),
                    header: None,
                })
                .collect(),
            ..Ongoing::default()
        }
    }

    #[test]
    fn shares_are_kept_and_a_person_stays_where_it_is() {
        let campaign = CampaignId::from_uuid(Uuid::from_u128(77));
        let (plain, held) = (ongoing(0, &[20, 30]), ongoing(10, &[20, 30]));
        let mut counts = [0_i64; 8];
        for no in 0..20_000_u128 {
            let contact = ContactId::from_uuid(Uuid::from_u128(no * 0x1_0001));
            let arm = held.arm(campaign, contact);
            counts[usize::try_from(arm.no()).unwrap()] += 1;
            if arm != Arm::Holdout {
                assert_eq!(arm, plain.arm(campaign, contact));
            }
        }
        for (at, wanted) in [(0, 9_000), (1, 3_600), (2, 5_400), (7, 2_000)] {
            assert!((counts[at] - wanted).abs() < 300, "{counts:?}");
        }
    }

    #[test]
    fn rounds_tell_entry_and_arm() {
        for (entry, arm) in [
            (1, Arm::Message(0)),
            (1, Arm::Holdout),
            (12, Arm::Message(4)),
        ] {
            assert_eq!(entry_of(round(entry, arm)), (entry, arm));
        }
        assert!(
            round(1, Arm::Message(0)) > 2,
            "apart from rounds of one-time campaigns"
        );
    }
}
