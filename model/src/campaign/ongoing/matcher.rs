//! The events that start runs, ready to be asked in memory.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::EventTrigger;
use crate::audience::{Doing, Fault, Leaf, Plan, TraitKind, Typed, typed};
use crate::{CampaignId, Timestamp};

/// The event triggers of a workspace's running campaigns, found by the name of an event.
#[derive(Debug, Clone, Default)]
pub struct Matcher {
    by_name: HashMap<String, Named>,
}

/// What is asked of events of one name.
#[derive(Debug, Clone, Default)]
struct Named {
    /// The particulars that are asked for, with the kind as which they are compared: an event's value is
    /// made comparable once, however many campaigns ask for it.
    keys: Vec<(String, TraitKind)>,
    asked: Vec<Asked>,
}

#[derive(Debug, Clone)]
struct Asked {
    campaign: CampaignId,
    version: i64,
    from_web: bool,
    /// Places in the keys, with what is asked of the values there.
    leaves: Vec<(usize, Leaf)>,
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
        let Plan::Event(doing) = trigger.plan(now)? else {
            return Ok(());
        };
        // A trigger says neither how often nor since when: it is asked of each event as it happens.
        let Doing {
            name, properties, ..
        } = doing;
        let named = self.by_name.entry(name).or_default();
        let leaves = properties
            .into_iter()
            .map(|test| (named.place(test.key, test.kind), test.leaf))
            .collect();
        named.asked.push(Asked {
            campaign,
            version,
            from_web: trigger.from_web,
            leaves,
        });
        Ok(())
    }

    /// Whether an event of this name can start anything.
    pub fn knows(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The campaigns that an event starts, each with its version. `web`: a web page told it.
    pub fn matching(
        &self,
        name: &str,
        properties: &Map<String, Value>,
        web: bool,
    ) -> Vec<(CampaignId, i64)> {
        let Some(named) = self.by_name.get(name) else {
            return Vec::new();
        };
        let values: Vec<Vec<Typed>> = named
            .keys
            .iter()
            .map(|(key, kind)| typed(*kind, properties.get(key).unwrap_or(&Value::Null)))
            .collect();
        let passes = |(place, leaf): &(usize, Leaf)| {
            leaf.passes(values.get(*place).map_or(&[][..], Vec::as_slice))
        };
        named
            .asked
            .iter()
            .filter(|one| (one.from_web || !web) && one.leaves.iter().all(passes))
            .map(|one| (one.campaign, one.version))
            .collect()
    }
}

impl Named {
    fn place(&mut self, key: String, kind: TraitKind) -> usize {
        let wanted = (key, kind);
        let known = self.keys.iter().position(|known| *known == wanted);
        known.unwrap_or_else(|| {
            self.keys.push(wanted);
            self.keys.len() - 1
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::super::Trigger;
    use super::*;
    use crate::audience::Happened;
    use crate::id::Id as _;

    /// The matcher reads each particular once; a filter reads it for itself.
    #[test]
    fn the_matcher_starts_what_its_filter_passes() {
        let now = Timestamp::from_seconds(1_000_000);
        let values = [
            json!(null),
            json!(5),
            json!("5"),
            json!("Köln"),
            json!(["kōln", 7]),
            json!(true),
            json!("2026-11-28"),
            json!({"x": 1}),
        ];
        let tests = [
            json!({"gte": 5}),
            json!({"eq": "koln"}),
            json!({"in": ["Pune", "5"]}),
            json!({"ne": 5}),
            json!({"exists": false}),
            json!({"eq": true}),
            json!({"lt": "2026-12-01T00:00:00Z"}),
            json!({"contains": "L"}),
        ];
        let id = CampaignId::from_uuid(Uuid::from_u128(1));
        for test in &tests {
            for other in &tests {
                let text = json!({"event": {"name": "Paid", "where": [
                    {"key": "a", "is": test}, {"key": "b", "is": other}]}});
                let Ok(Trigger::Event(event)) = serde_json::from_value(text) else {
                    unreachable!()
                };
                let plan = event.plan(now).unwrap();
                let mut matcher = Matcher::default();
                matcher.add(id, 1, &event, now).unwrap();
                for (a, b) in values
                    .iter()
                    .flat_map(|a| values.iter().map(move |b| (a, b)))
                {
                    let told = json!({"a": a, "b": b});
                    let properties = told.as_object().unwrap();
                    let started = !matcher.matching("Paid", properties, false).is_empty();
                    let happened = Happened {
                        name: "Paid".to_owned(),
                        at: now.as_micros(),
                        properties: properties.clone(),
                    };
                    assert_eq!(started, plan.passes(happened), "{test} {other} {told}");
                }
            }
        }
    }

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
        let started = |total: i64, web: bool| {
            let properties = json!({"total": total});
            matcher.matching("Paid", properties.as_object().unwrap(), web)
        };
        assert_eq!(started(6, false), [(ids[0], 1), (ids[1], 1)]);
        assert_eq!(started(5, false), [(ids[1], 1)]);
        assert_eq!(started(6, true), [(ids[1], 1)]);
        assert!(matcher.knows("Left") && !matcher.knows("left"));
    }
}
