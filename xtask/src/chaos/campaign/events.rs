//! What happens to a campaign besides the kills: it is paused and resumed, and a second process starts.

use super::{refused, shared};
use crate::bench::Instance;
use crate::load::api::Api;
use crate::load::campaign::Campaign;
use crate::load::product::Product;
use crate::load::simulator::Simulator;
use anyhow::{Result, bail};
use std::time::Duration;

/// How long after the answer to a pause messages may still reach Meta.
const GRACE: Duration = Duration::from_secs(1);

/// What happened so far.
pub(super) struct Events<'i> {
    instance: &'i Instance,
    simulator: String,
    second: Option<Product>,
    pub(super) pauses: u32,
    /// Messages that reached Meta more than a second after a pause was answered.
    pub(super) late: usize,
    pub(super) stops: u32,
    pub(super) seconds: u32,
}

impl<'i> Events<'i> {
    pub(super) fn new(instance: &'i Instance, simulator: &str) -> Self {
        Self {
            instance,
            simulator: simulator.to_owned(),
            second: None,
            pauses: 0,
            late: 0,
            stops: 0,
            seconds: 0,
        }
    }

    /// Pause; nothing may reach Meta later than a second after the answer. Then resume.
    pub(super) async fn pause_and_resume(
        &mut self,
        campaign: &Campaign,
        api: &mut Api,
        simulator: &mut Simulator,
    ) -> Result<()> {
        let shown = campaign.show(api).await?;
        if shown["state"] != "running" {
            return Ok(());
        }
        campaign.tell(api, "pause").await?;
        tokio::time::sleep(GRACE).await;
        let seq = simulator.get("ledger/summary").await?["last_seq"]
            .as_i64()
            .unwrap_or(0);
        campaign
            .until(api, &["paused", "done"], Duration::from_mins(1))
            .await?;
        tokio::time::sleep(Duration::from_millis(300)).await;
        self.late += simulator.ledger(seq).await?.len();
        self.pauses += 1;
        if campaign.show(api).await?["state"] == "paused" {
            campaign.tell(api, "resume").await?;
        }
        Ok(())
    }

    /// Start a second process: refused where one holds the database, sharing the work else.
    pub(super) async fn second_process(&mut self) -> Result<()> {
        let starting = self.instance.second(&self.simulator)?;
        self.seconds += 1;
        if self.instance.database().is_none() {
            let was = tokio::task::spawn_blocking(move || refused(&starting)).await?;
            if !was {
                bail!("a second process got the embedded database");
            }
            return Ok(());
        }
        let product = tokio::task::spawn_blocking(move || shared(&starting)).await??;
        self.second = Some(product);
        tokio::time::sleep(Duration::from_millis(500)).await;
        Ok(())
    }

    /// The second process dies with the first.
    pub(super) fn end_second(&mut self) -> Result<()> {
        match self.second.take() {
            Some(product) => product.kill(),
            None => Ok(()),
        }
    }
}
