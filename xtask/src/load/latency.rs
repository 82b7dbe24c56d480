//! Latencies of one run: every sample is kept, so that a percentile is exact and not a bucket.

use std::time::Duration;

/// Samples in microseconds.
#[derive(Default, Clone)]
pub(crate) struct Latencies {
    micros: Vec<u32>,
}

impl Latencies {
    /// Keep one sample.
    pub(crate) fn add(&mut self, sample: Duration) {
        self.micros
            .push(u32::try_from(sample.as_micros()).unwrap_or(u32::MAX));
    }

    /// Take in the samples of another client.
    pub(crate) fn merge(&mut self, other: Self) {
        self.micros.extend(other.micros);
    }

    /// How many samples there are.
    pub(crate) fn count(&self) -> usize {
        self.micros.len()
    }

    /// The sample that `share` (0 to 1) of all samples do not exceed, in milliseconds.
    pub(crate) fn percentile_ms(&mut self, share: f64) -> f64 {
        if self.micros.is_empty() {
            return f64::NAN;
        }
        self.micros.sort_unstable();
        let rank = (share * self.micros.len() as f64).ceil() as usize;
        f64::from(self.micros[rank.clamp(1, self.micros.len()) - 1]) / 1000.0
    }
}

/// The middle value; the mean of the two middle ones where their number is even.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => sorted[count / 2],
        count => f64::midpoint(sorted[count / 2 - 1], sorted[count / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_samples() {
        let mut latencies = Latencies::default();
        for millis in (1..=100).rev() {
            latencies.add(Duration::from_millis(millis));
        }
        assert_eq!(latencies.count(), 100);
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(latencies.percentile_ms(0.5), 50.0));
        assert!(close(latencies.percentile_ms(0.99), 99.0));
        assert!(close(latencies.percentile_ms(1.0), 100.0));
        assert!(Latencies::default().percentile_ms(0.5).is_nan());
    }

    #[test]
    fn the_median_is_the_middle() {
        assert!((median(&[3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        assert!((median(&[4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < 1e-9);
        assert!(median(&[]).is_nan());
    }
}
