//! How long the binary needs until it serves, and how much memory it holds when nobody asks anything.
//! The first start makes the database; what is told is the median of the later ones.

use super::figure::Figure;
use super::{Instance, Options};
use crate::load::latency::median;
use anyhow::Result;
use std::path::Path;
use std::time::Duration;
use tokio::time::Instant;

pub(super) async fn run(options: &Options, binary: &Path) -> Result<Vec<Figure>> {
    let (starts, idle) = if options.quick { (1, 1) } else { (5, 10) };
    let mut figures = Vec::new();
    for variant in options.variants() {
        let instance = Instance::new(binary, variant)?;
        let started = Instant::now();
        instance.start(None)?.0.stop()?;
        let first = started.elapsed();
        let mut times = Vec::new();
        let mut memory = Vec::new();
        for _ in 0..starts {
            let started = Instant::now();
            let (product, _) = instance.start(None)?;
            times.push(started.elapsed().as_secs_f64() * 1000.0);
            tokio::time::sleep(Duration::from_secs(idle)).await;
            memory.push(product.memory()? as f64 / 1_000_000.0);
            product.stop()?;
        }
        figures.push(
            Figure::new("start", variant.name())
                .with("first_start_ms", first.as_secs_f64() * 1000.0)
                .with("start_ms", median(&times))
                .with("idle_memory_mb", median(&memory)),
        );
    }
    Ok(figures)
}
