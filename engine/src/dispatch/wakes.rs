//! Who wakes the lanes, and who stops their POSTs: both in memory, both only hints of what the
//! database holds.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use parking_lot::Mutex;
use tokio::sync::Notify;
use wigwag_model::NumberId;

/// Wakes the lane of a number when something was written for it.
#[derive(Debug, Default)]
pub struct Wakes {
    lanes: Mutex<HashMap<NumberId, Arc<Notify>>>,
}

impl Wakes {
    /// What the lane of a number waits on.
    pub fn of(&self, number: NumberId) -> Arc<Notify> {
        self.lanes.lock().entry(number).or_default().clone()
    }

    /// Something waits in the outbox of a number.
    pub fn wake(&self, number: NumberId) {
        self.of(number).notify_one();
    }
}

/// Grows whenever somebody must not be written to any more: an opt-out, a block, a pause. A POST
/// whose claim is older than the last growth does not begin; its row goes back and the next claim
/// decides again.
#[derive(Debug, Default)]
pub struct StopEpoch(AtomicU64);

impl StopEpoch {
    /// Stops what was claimed before and has not begun.
    pub fn raise(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    /// The epoch now.
    pub fn now(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Messages that came in for each number since its lane last asked: Meta counts them into the
/// number's throughput.
#[derive(Debug, Default)]
pub struct InboundCounts {
    numbers: Mutex<HashMap<NumberId, Arc<AtomicI64>>>,
}

impl InboundCounts {
    fn of(&self, number: NumberId) -> Arc<AtomicI64> {
        self.numbers.lock().entry(number).or_default().clone()
    }

    /// Counts messages that came in.
    pub fn add(&self, number: NumberId, count: i64) {
        self.of(number).fetch_add(count, Ordering::Relaxed);
    }

    /// Takes the count.
    pub fn take(&self, number: NumberId) -> i64 {
        self.of(number).swap(0, Ordering::Relaxed)
    }
}
