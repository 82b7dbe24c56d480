//! Contacts as sets of ids, and what and, or and not make of them.
//!
//! A set holds a filter's whole answer in sixteen bytes per contact. Whoever is asked for by what they
//! are not is everybody but a set, so that nobody has to be read who is merely not in it.

use uuid::Uuid;
use wigwag_model::ContactId;
use wigwag_model::id::Id as _;

/// Ids in their order, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ids(Vec<u128>);

impl Ids {
    /// From ids one after the other, in any order and repeated; only those that are there so often.
    pub(super) fn read(bytes: &[u8], times: usize) -> Self {
        let (ids, _) = bytes.as_chunks::<16>();
        let mut ids: Vec<u128> = ids.iter().map(|id| u128::from_be_bytes(*id)).collect();
        if !ids.is_sorted() {
            ids.sort_unstable();
        }
        if times <= 1 {
            ids.dedup();
            return Self(ids);
        }
        Self(
            ids.chunk_by(|one, other| one == other)
                .filter(|same| same.len() >= times)
                .filter_map(|same| same.first().copied())
                .collect(),
        )
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn as_slice(&self) -> &[u128] {
        &self.0
    }

    /// Those that are not in the other one.
    pub(super) fn but(self, other: &Self) -> Self {
        self.kept(other, false)
    }

    /// The contacts that they are.
    pub(super) fn contacts(&self) -> Vec<ContactId> {
        let contact = |id: &u128| ContactId::from_uuid(Uuid::from_u128(*id));
        self.0.iter().map(contact).collect()
    }

    #[cfg(test)]
    fn has(&self, id: u128) -> bool {
        self.0.binary_search(&id).is_ok()
    }

    /// Those that are in the other one too, or those that are not.
    fn kept(mut self, other: &Self, there: bool) -> Self {
        let mut rest = other.0.as_slice();
        self.0.retain(|id| {
            let before = rest.iter().take_while(|other| *other < id).count();
            rest = rest.get(before..).unwrap_or_default();
            (rest.first() == Some(id)) == there
        });
        self
    }

    #[expect(
        clippy::stable_sort_primitive,
        reason = "of two sorted runs the stable sort is a merge"
    )]
    fn joined(mut self, other: &Self) -> Self {
        self.0.extend_from_slice(&other.0);
        self.0.sort();
        self.0.dedup();
        self
    }
}

/// What a filter finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Set {
    /// These.
    These(Ids),
    /// Everybody but these.
    AllBut(Ids),
}

impl Set {
    /// Everybody.
    pub(super) fn everyone() -> Self {
        Self::AllBut(Ids::default())
    }

    #[must_use]
    pub(super) fn not(self) -> Self {
        match self {
            Self::These(ids) => Self::AllBut(ids),
            Self::AllBut(ids) => Self::These(ids),
        }
    }

    #[must_use]
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::These(one), Self::These(other)) if one.len() <= other.len() => {
                Self::These(one.kept(&other, true))
            }
            (Self::These(one), Self::These(other)) => Self::These(other.kept(&one, true)),
            (Self::These(these), Self::AllBut(but)) | (Self::AllBut(but), Self::These(these)) => {
                Self::These(these.kept(&but, false))
            }
            (Self::AllBut(one), Self::AllBut(other)) => Self::AllBut(one.joined(&other)),
        }
    }

    /// Without these.
    #[must_use]
    pub(super) fn without(self, ids: Ids) -> Self {
        if ids.len() == 0 {
            return self;
        }
        self.and(Self::AllBut(ids))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ids(numbers: &[u128]) -> Ids {
        let bytes: Vec<u8> = numbers.iter().flat_map(|id| id.to_be_bytes()).collect();
        Ids::read(&bytes, 1)
    }

    #[test]
    fn ids_are_read_in_any_order_and_counted() {
        let bytes: Vec<u8> = [3_u128, 1, 3, 2, 3, 1]
            .iter()
            .flat_map(|id| id.to_be_bytes())
            .collect();
        assert_eq!(Ids::read(&bytes, 1).as_slice(), [1, 2, 3]);
        assert_eq!(Ids::read(&bytes, 2).as_slice(), [1, 3]);
        assert_eq!(Ids::read(&bytes, 3).as_slice(), [3]);
        assert_eq!(Ids::read(&bytes, 4).as_slice(), []);
    }

    /// A set of numbers below 24, and the same as bits.
    fn set() -> impl Strategy<Value = (Set, u32)> {
        (prop::collection::vec(0..24_u128, 0..24), any::<bool>()).prop_map(|(numbers, but)| {
            let bits = numbers.iter().fold(0_u32, |bits, id| bits | 1 << id);
            if but {
                (Set::AllBut(ids(&numbers)), !bits & 0xff_ffff)
            } else {
                (Set::These(ids(&numbers)), bits)
            }
        })
    }

    fn bits(set: &Set) -> u32 {
        (0..24)
            .filter(|id| match set {
                Set::These(ids) => ids.has(*id),
                Set::AllBut(ids) => !ids.has(*id),
            })
            .fold(0, |bits, id| bits | 1 << id)
    }

    proptest! {
        #[test]
        fn sets_do_what_bits_do((one, a) in set(), (other, b) in set()) {
            prop_assert_eq!(bits(&one), a);
            prop_assert_eq!(bits(&one.clone().not()), !a & 0xff_ffff);
            prop_assert_eq!(bits(&one.clone().and(other.clone())), a & b);
            prop_assert_eq!(bits(&one.not().and(other.not()).not()), a | b);
        }
    }
}
