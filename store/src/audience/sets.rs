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
    /// From pieces with ids one after the other, so many bytes between them, in any order and repeated; only
    /// those that are there so often in all pieces together.
    pub(super) fn read<P: AsRef<[u8]>>(pieces: &[P], gap: usize, times: usize) -> Self {
        let bytes: usize = pieces.iter().map(|piece| piece.as_ref().len()).sum();
        let mut ids: Vec<u128> = Vec::with_capacity(bytes / 16 + 1);
        for piece in pieces {
            let some = piece.as_ref().chunks(16 + gap);
            ids.extend(some.filter_map(|id| Some(u128::from_be_bytes(*id.first_chunk()?))));
        }
        // Most indexes give a part's ids in their order and once: then one look is all.
        if times <= 1 && ids.is_sorted_by(|one, other| one < other) {
            return Self(ids);
        }
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
            rest = rest.get(before(rest, *id)..).unwrap_or_default();
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

/// How many of some ids in their order come before one. It is looked for in strides that double: of two
/// sets that are compared one is often far smaller, and most of the other is passed over unseen.
fn before(ids: &[u128], id: u128) -> usize {
    let mut stride = 1;
    while ids.get(stride - 1).is_some_and(|at| *at < id) {
        stride *= 2;
    }
    let begin = stride / 2;
    let near = ids.get(begin..ids.len().min(stride)).unwrap_or_default();
    begin + near.partition_point(|at| *at < id)
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
        Ids::read(&[bytes], 0, 1)
    }

    #[test]
    fn ids_are_read_in_any_order_and_counted_over_all_pieces() {
        let bytes: Vec<u8> = [3_u128, 1, 3, 2, 3, 1]
            .iter()
            .flat_map(|id| id.to_be_bytes())
            .collect();
        for cut in [0, 16, 48, 96] {
            let (one, other) = bytes.split_at(cut);
            let read = |times| Ids::read(&[one, other], 0, times);
            assert_eq!(read(1).as_slice(), [1, 2, 3]);
            assert_eq!(read(2).as_slice(), [1, 3]);
            assert_eq!(read(3).as_slice(), [3]);
            assert_eq!(read(4).as_slice(), []);
        }
        let commas = [7_u128, 5].map(u128::to_be_bytes).join(&b',');
        assert_eq!(Ids::read(&[commas], 1, 1).as_slice(), [5, 7]);
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
        fn as_many_come_before_as_are_smaller(numbers in prop::collection::btree_set(0..400_u128, 0..80), id in 0..400_u128) {
            let numbers: Vec<u128> = numbers.into_iter().collect();
            prop_assert_eq!(before(&numbers, id), numbers.iter().filter(|number| **number < id).count());
        }

        #[test]
        fn sets_do_what_bits_do((one, a) in set(), (other, b) in set()) {
            prop_assert_eq!(bits(&one), a);
            prop_assert_eq!(bits(&one.clone().not()), !a & 0xff_ffff);
            prop_assert_eq!(bits(&one.clone().and(other.clone())), a & b);
            prop_assert_eq!(bits(&one.not().and(other.not()).not()), a | b);
        }
    }
}
