//! Where ids, instants and random bytes come from: one clock and one generator, given by the
//! caller, so that a test can repeat a run.

use std::sync::Arc;

use parking_lot::Mutex;
use rand::rngs::ChaCha12Rng;
use rand::{Rng, SeedableRng};
use wigwag_model::id::Id;
use wigwag_model::{Clock, Timestamp};

/// A source of ids, instants and random bytes. Cheap to clone.
#[derive(Clone)]
pub struct Mint {
    clock: Arc<dyn Clock>,
    rng: Arc<Mutex<ChaCha12Rng>>,
}

impl Mint {
    /// A mint that takes time from `clock` and randomness from `seed`, which production fills
    /// from the operating system.
    pub fn new(clock: Arc<dyn Clock>, seed: [u8; 32]) -> Self {
        Self {
            clock,
            rng: Arc::new(Mutex::new(ChaCha12Rng::from_seed(seed))),
        }
    }

    /// The present.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The clock itself.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.lock().fill_bytes(&mut bytes);
        bytes
    }

    /// A new id.
    pub fn id<I: Id>(&self) -> I {
        I::new(self.now(), self.random())
    }
}

impl std::fmt::Debug for Mint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mint")
    }
}
