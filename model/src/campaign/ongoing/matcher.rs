//! The events that start runs, ready to be asked in memory.

use std::collections::{BTreeMap, HashMap};

use super::EventTrigger;
use crate::audience::{Facts, Fault, Happened, Plan};
use crate::{CampaignId, Timestamp};

/// The event triggers of a workspace's running campaigns, found by the name of an event.
#[derive(Debug, Clone, Default)]
pub struct Matcher {
    by_name: HashMap<String, Vec<Asked>>,
}

#[derive(Debug, Clone)]
struct Asked {
    campaign: CampaignId,
    version: i64,
    from_web: bool,
    plan: Plan,
}

impl Matcher {
    /// Takes a version of a campaign with its trigger. Spans of its conditions count from `now`.
    ///
    /// # Errors
    /// A comparison that the value does not have.
    pub fn add(
        &mut self,
        campaign: CampaignId,
        version: i64,
        trigger: &EventTrigger,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let asked = Asked {
            campaign,
            version,
            from_web: trigger.from_web,
            plan: trigger.plan(now)?,
        };
        self.by_name
            .entry(trigger.test.name.clone())
            .or_default()
            .push(asked);
        Ok(())
    }

    /// Whether an event of this name can start anything.
    pub fn knows(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The campaigns that an event starts, each with its version. `web`: a web page told it.
    pub fn matching(&self, event: Happened, web: bool) -> Vec<(CampaignId, i64)> {
        let Some(asked) = self.by_name.get(&event.name) else {
            return Vec::new();
        };
        let facts = Facts {
            events: vec![event],
            ..Facts::default()
        };
        let kinds = BTreeMap::new();
        asked
            .iter()
            .filter(|one| (one.from_web || !web) && one.plan.matches(&facts, &kinds))
            .map(|one| (one.campaign, one.version))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::super::Trigger;
    use super::*;
    use crate::id::Id as _;

    #[test]
    fn campaigns_are_found_by_name_and_particulars_and_not_by_what_the_web_says() {
        let now = Timestamp::from_seconds(0);
        let ids: Vec<_> = (1..=3)
            .map(|no| CampaignId::from_uuid(Uuid::from_u128(no)))
            .collect();
        let mut matcher = Matcher::default();
        for (id, text) in ids.iter().zip([
            r#"{"event": {"name": "Paid", "where": [{"key": "total", "is": {"gt": 5}}]}}"#,
            r#"{"event": {"name": "Paid", "from_web": true}}"#,
            r#"{"event": {"name": "Left"}}"#,
        ]) {
            let Ok(Trigger::Event(event)) = serde_json::from_str(text) else {
                unreachable!()
            };
            matcher.add(*id, 1, &event, now).unwrap();
        }
        let paid = |total: i64| Happened {
            name: "Paid".to_owned(),
            at: 0,
            properties: json!({"total": total}).as_object().unwrap().clone(),
        };
        assert_eq!(matcher.matching(paid(6), false), [(ids[0], 1), (ids[1], 1)]);
        assert_eq!(matcher.matching(paid(5), false), [(ids[1], 1)]);
        assert_eq!(matcher.matching(paid(6), true), [(ids[1], 1)]);
        assert!(matcher.knows("Left") && !matcher.knows("left"));
    }
}
