//! A list that grows and knows which of its parts changed, so that a snapshot of a long one costs what
//! was changed and not what there is.

use std::collections::BTreeSet;
use std::ops::{Index, IndexMut};

use serde::Serialize;

/// Items per part.
pub(crate) const PART: usize = 1_000;

/// The list.
#[derive(Debug)]
pub(crate) struct Shelf<T> {
    items: Vec<T>,
    /// Numbers of the parts that changed since they were last stored.
    dirty: BTreeSet<usize>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            dirty: BTreeSet::new(),
        }
    }
}

impl<T> Shelf<T> {
    /// Items that were read from parts that are stored.
    pub(crate) fn stored(items: Vec<T>) -> Self {
        Self {
            items,
            dirty: BTreeSet::new(),
        }
    }

    /// Appends an item and gives its index.
    pub(crate) fn push(&mut self, item: T) -> usize {
        let index = self.items.len();
        self.items.push(item);
        self.dirty.insert(index / PART);
        index
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        self.items.get(index)
    }

    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let item = self.items.get_mut(index)?;
        self.dirty.insert(index / PART);
        Some(item)
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    pub(crate) fn as_slice(&self) -> &[T] {
        &self.items
    }

    /// The parts that changed; they count as unchanged from now on.
    pub(crate) fn take_dirty(&mut self) -> BTreeSet<usize> {
        std::mem::take(&mut self.dirty)
    }

    /// Parts that could not be stored after all.
    pub(crate) fn put_back(&mut self, parts: &BTreeSet<usize>) {
        self.dirty.extend(parts);
    }
}

impl<T: Serialize> Shelf<T> {
    /// A part as JSON.
    pub(crate) fn part(&self, number: usize) -> serde_json::Result<Vec<u8>> {
        let end = ((number + 1) * PART).min(self.items.len());
        serde_json::to_vec(self.items.get(number * PART..end).unwrap_or_default())
    }
}

impl<T> Index<usize> for Shelf<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        &self.items[index]
    }
}

impl<T> IndexMut<usize> for Shelf<T> {
    fn index_mut(&mut self, index: usize) -> &mut T {
        self.dirty.insert(index / PART);
        &mut self.items[index]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parts_that_changed_are_dirty() {
        let mut shelf = Shelf::default();
        for n in 0..2_500 {
            shelf.push(n);
        }
        assert_eq!(shelf.take_dirty(), BTreeSet::from([0, 1, 2]));
        assert!(shelf.take_dirty().is_empty());
        shelf[1_700] += 1;
        shelf.push(7);
        assert_eq!(shelf.take_dirty(), BTreeSet::from([1, 2]));
        let part: Vec<i32> = serde_json::from_slice(&shelf.part(2).unwrap()).unwrap();
        assert_eq!((part.len(), part[500]), (501, 7));
        assert_eq!(shelf.part(9).unwrap(), b"[]");
    }
}
