//! What Meta says of an account's bill: its currency and the zone in which its days begin.

use wigwag_meta::{Client, time_zones};
use wigwag_model::{Currency, WorkspaceId};
use wigwag_store::wabas::{self, Waba};

use crate::context::Context;

/// Asks Meta once for what a bill goes by. Neither changes in the life of an account; without an answer
/// it is asked again with the next reading, and amounts are in dollars by the days of UTC till then.
pub(crate) async fn describe(
    context: &Context,
    client: &Client,
    workspace: WorkspaceId,
    account: &Waba,
) {
    if account.currency.is_some() && account.time_zone.is_some() {
        return;
    }
    let known = match client.get_waba(&account.waba_id).await {
        Ok(known) => known,
        Err(error) => {
            tracing::warn!(waba = %account.id, %error, "the account's currency and time zone cannot be read");
            return;
        }
    };
    let currency = known
        .currency
        .as_deref()
        .and_then(Currency::parse)
        .map(|currency| currency.to_string());
    let zone = known.timezone_id.as_deref().and_then(time_zones::name);
    let zone = zone.map(str::to_owned);
    if let Err(error) = wabas::describe(context.db(), workspace, account.id, currency, zone).await {
        tracing::warn!(waba = %account.id, %error, "the account's currency and time zone were not kept");
    }
}

#[cfg(test)]
mod tests {
    use wigwag_meta::time_zones;
    use wigwag_model::Zone;

    #[test]
    fn every_zone_of_metas_is_one() {
        let mut count = 0;
        for id in 0..1_000 {
            if let Some(name) = time_zones::name(&id.to_string()) {
                assert!(Zone::named(name).is_some(), "{id} {name}");
                count += 1;
            }
        }
        assert_eq!(count, 142);
    }
}
