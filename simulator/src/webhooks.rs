//! The queue of webhooks: building, batching, retrying. Sending is in `scheduler`.
//!
//! Bodies are ASCII with `\uXXXX` escapes, because Meta signs the escaped form. A failed POST is
//! tried again at once, then ever more rarely for seven days of virtual time.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap, HashMap, VecDeque};
use std::fmt::Write as _;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::{DAY, HOUR, MINUTE, SECOND};
use crate::faults::FaultBox;

/// Waits before the second, third … try; the last one repeats until seven days are over.
const BACK_OFF_US: &[i64] = &[
    0,
    2 * SECOND,
    5 * SECOND,
    15 * SECOND,
    MINUTE,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    6 * HOUR,
];

/// Where a webhook goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) secret: String,
    /// `entry.id`: the WABA.
    pub(crate) entry_id: String,
}

/// What is noted when a webhook was answered.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Mark {
    /// A status of a ledger entry: entry and status index.
    Status(usize, usize),
    /// A message of a person: message index.
    Inbound(usize),
}

/// One change for one target.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Change {
    pub(crate) target: Arc<Target>,
    /// `{"value":…,"field":…}`, ASCII.
    pub(crate) json: String,
    /// `entry.time`, where the field has one.
    pub(crate) time: Option<i64>,
    pub(crate) mark: Option<Mark>,
}

/// A POST to be made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Delivery {
    /// Among those that are under way.
    id: u64,
    pub(crate) url: String,
    pub(crate) secret: String,
    pub(crate) body: String,
    pub(crate) marks: Vec<Mark>,
    pub(crate) attempt: u32,
    pub(crate) first_us: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum Content {
    New(Arc<Change>),
    Again(Delivery),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Item {
    due_us: i64,
    order: u64,
    content: Content,
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}
impl Eq for Item {}
impl PartialOrd for Item {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Item {
    /// The earliest is the greatest, for the heap.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.due_us, other.order).cmp(&(self.due_us, self.order))
    }
}

/// A line of the log of POSTs.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LogLine {
    at_us: i64,
    url: String,
    /// HTTP status; 0 = no answer.
    status: u16,
    attempt: u32,
    ms: u64,
    body_preview: String,
}

/// Counters for `/_sim/status`.
#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Counts {
    pub(crate) delivered: u64,
    pub(crate) failed: u64,
    pub(crate) dropped: u64,
}

/// Webhooks that wait.
#[derive(Debug, Default)]
pub(crate) struct Hooks {
    heap: BinaryHeap<Item>,
    order: u64,
    /// Those that are under way: a snapshot holds them as still to be made.
    in_flight: BTreeMap<u64, Arc<Delivery>>,
    /// Where the webhooks for an address go since the app named another one.
    moved: HashMap<String, String>,
    pub(crate) counts: Counts,
    log: VecDeque<LogLine>,
}

impl Hooks {
    fn push(&mut self, due_us: i64, content: Content) {
        self.order += 1;
        self.heap.push(Item {
            due_us,
            order: self.order,
            content,
        });
    }

    /// Queues a change, perhaps late or twice.
    pub(crate) fn add(&mut self, now_us: i64, change: Change, faults: &mut FaultBox) {
        let change = Arc::new(change);
        let due = now_us + faults.reorder_us();
        if faults.duplicates() {
            let late = due + faults.reorder_us() + SECOND / 10;
            self.push(late, Content::New(Arc::clone(&change)));
        }
        self.push(due, Content::New(change));
    }

    /// What waits for `from` goes to `to` from now on: a try is made to the address that is set at
    /// that moment, not to the one that was set when the change happened.
    pub(crate) fn moves(&mut self, from: &str, to: &str) {
        if from == to {
            return;
        }
        for known in self.moved.values_mut().filter(|known| *known == from) {
            to.clone_into(known);
        }
        self.moved.insert(from.to_owned(), to.to_owned());
        self.moved.remove(to);
    }

    fn present<'a>(&'a self, url: &'a str) -> &'a str {
        self.moved.get(url).map_or(url, String::as_str)
    }

    /// When the next webhook is due, if one may be sent at all.
    pub(crate) fn next_due(&self, faults: &FaultBox) -> Option<i64> {
        let free =
            !faults.set.webhooks_paused && self.in_flight.len() < faults.set.webhook_concurrency;
        self.heap.peek().filter(|_| free).map(|item| item.due_us)
    }

    /// Takes the next POST that is due.
    pub(crate) fn take(&mut self, now_us: i64, faults: &FaultBox) -> Option<Arc<Delivery>> {
        if self.next_due(faults)? > now_us {
            return None;
        }
        let item = self.heap.pop()?;
        let first = match item.content {
            Content::Again(mut delivery) => {
                let url = self.present(&delivery.url).to_owned();
                delivery.url = url;
                return Some(self.under_way(item.order, delivery));
            }
            Content::New(change) => change,
        };
        let target = Arc::clone(&first.target);
        let mut batch = vec![first];
        while batch.len() < faults.set.batch_max {
            let fits = self.heap.peek().is_some_and(|next| {
                next.due_us <= now_us
                    && matches!(&next.content, Content::New(change)
                        if self.present(&change.target.url) == self.present(&target.url)
                            && change.target.secret == target.secret)
            });
            if !fits {
                break;
            }
            if let Some(Item {
                content: Content::New(change),
                ..
            }) = self.heap.pop()
            {
                batch.push(change);
            }
        }
        let delivery = Delivery {
            id: item.order,
            url: self.present(&target.url).to_owned(),
            secret: target.secret.clone(),
            body: envelope(&batch),
            marks: batch.iter().filter_map(|change| change.mark).collect(),
            attempt: 1,
            first_us: now_us,
        };
        Some(self.under_way(item.order, delivery))
    }

    fn under_way(&mut self, id: u64, delivery: Delivery) -> Arc<Delivery> {
        let delivery = Arc::new(Delivery { id, ..delivery });
        self.in_flight.insert(id, Arc::clone(&delivery));
        delivery
    }

    /// Notes the answer to a POST; queues it again if it failed. True: it was taken (HTTP 200).
    pub(crate) fn done(&mut self, delivery: &Delivery, status: u16, ms: u64, now_us: i64) -> bool {
        self.in_flight.remove(&delivery.id);
        if self.log.len() == 200 {
            self.log.pop_front();
        }
        self.log.push_back(LogLine {
            at_us: now_us,
            url: delivery.url.clone(),
            status,
            attempt: delivery.attempt,
            ms,
            body_preview: delivery.body[..delivery.body.len().min(600)].to_owned(),
        });
        if status == 200 {
            self.counts.delivered += 1;
            return true;
        }
        self.counts.failed += 1;
        let step = (delivery.attempt as usize - 1).min(BACK_OFF_US.len() - 1);
        let due = now_us + BACK_OFF_US[step];
        if due - delivery.first_us > 7 * DAY {
            self.counts.dropped += 1;
        } else {
            self.push(
                due,
                Content::Again(Delivery {
                    attempt: delivery.attempt + 1,
                    ..delivery.clone()
                }),
            );
        }
        false
    }

    /// `{queued, delivered, failed, oldest_ms}`.
    pub(crate) fn view(&self, now_us: i64) -> Value {
        let age = |item: &Item| match &item.content {
            Content::New(_) => now_us - item.due_us,
            Content::Again(delivery) => now_us - delivery.first_us,
        };
        let oldest = self.heap.iter().map(age).max().unwrap_or(0).max(0);
        json!({
            "queued": self.heap.len() + self.in_flight.len(),
            "in_flight": self.in_flight.len(),
            "delivered": self.counts.delivered,
            "failed": self.counts.failed,
            "dropped": self.counts.dropped,
            "oldest_ms": oldest / 1_000,
        })
    }

    /// The newest lines of the log, newest first.
    pub(crate) fn log(&self, limit: usize) -> Vec<&LogLine> {
        self.log.iter().rev().take(limit).collect()
    }

    /// Addresses that were given up for another, for a snapshot.
    pub(crate) fn moved(&self) -> &HashMap<String, String> {
        &self.moved
    }

    /// What waits or is under way, for a snapshot.
    pub(crate) fn waiting(&self) -> Vec<Item> {
        let again = self.in_flight.values().map(|delivery| Item {
            due_us: delivery.first_us,
            order: delivery.id,
            content: Content::Again(Delivery::clone(delivery)),
        });
        self.heap.iter().cloned().chain(again).collect()
    }

    /// Puts back what waited when the snapshot was taken.
    pub(crate) fn restore(
        &mut self,
        items: Vec<Item>,
        moved: HashMap<String, String>,
        counts: Counts,
    ) {
        self.order = items.iter().map(|item| item.order).max().unwrap_or(0);
        self.heap = items.into();
        self.moved = moved;
        self.counts = counts;
    }
}

/// The body of a POST with these changes.
fn envelope(batch: &[Arc<Change>]) -> String {
    let mut body = String::with_capacity(
        100 + batch
            .iter()
            .map(|change| change.json.len() + 80)
            .sum::<usize>(),
    );
    body.push_str(r#"{"object":"whatsapp_business_account","entry":["#);
    let mut open: Option<(&str, Option<i64>)> = None;
    for change in batch {
        let head = (change.target.entry_id.as_str(), change.time);
        if open == Some(head) {
            body.push(',');
        } else {
            if open.is_some() {
                body.push_str("]},");
            }
            let _ = write!(body, r#"{{"id":"{}","#, head.0);
            if let Some(time) = head.1 {
                let _ = write!(body, r#""time":{time},"#);
            }
            body.push_str(r#""changes":["#);
            open = Some(head);
        }
        body.push_str(&change.json);
    }
    body.push_str("]}]}");
    body
}

/// JSON with every character beyond ASCII escaped.
pub(crate) fn ascii_json(value: &Value) -> String {
    let text = value.to_string();
    if text.is_ascii() {
        return text;
    }
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::Faults;

    fn change(entry: &str, n: u32) -> Change {
        let target = Target {
            url: "http://x/".into(),
            secret: "s".into(),
            entry_id: entry.into(),
        };
        Change {
            target: Arc::new(target),
            json: format!(r#"{{"value":{n},"field":"messages"}}"#),
            time: None,
            mark: None,
        }
    }

    #[test]
    fn text_is_escaped_in_small_hex() {
        assert_eq!(
            ascii_json(&json!({"a": "ä🪁"})),
            r#"{"a":"\u00e4\ud83e\ude81"}"#
        );
    }

    #[test]
    fn changes_are_batched_up_to_the_limit() {
        let mut faults = FaultBox::new(Faults {
            batch_max: 2,
            ..Faults::default()
        });
        let mut hooks = Hooks::default();
        for (entry, n) in [("1", 1), ("1", 2), ("1", 3), ("2", 4)] {
            hooks.add(0, change(entry, n), &mut faults);
        }
        let first: Value = serde_json::from_str(&hooks.take(0, &faults).unwrap().body).unwrap();
        assert_eq!(first["entry"][0]["changes"].as_array().unwrap().len(), 2);
        let second: Value = serde_json::from_str(&hooks.take(0, &faults).unwrap().body).unwrap();
        assert_eq!(second["entry"][0]["changes"][0]["value"], 3);
        assert_eq!(second["entry"][1]["id"], "2");
    }

    #[test]
    fn what_is_under_way_is_kept_until_it_is_answered() {
        let mut faults = FaultBox::new(Faults::default());
        let mut hooks = Hooks::default();
        hooks.add(0, change("1", 1), &mut faults);
        let delivery = hooks.take(0, &faults).unwrap();
        assert!(hooks.take(0, &faults).is_none());
        let mut again = Hooks::default();
        again.restore(hooks.waiting(), HashMap::new(), Counts::default());
        assert_eq!(again.take(0, &faults).unwrap().body, delivery.body);
        hooks.done(&delivery, 200, 1, 0);
        assert!(hooks.waiting().is_empty());
    }

    #[test]
    fn what_waits_for_an_address_goes_to_the_one_that_is_set_at_the_try() {
        let mut faults = FaultBox::new(Faults::default());
        let mut hooks = Hooks::default();
        hooks.add(0, change("1", 1), &mut faults);
        let lost = hooks.take(0, &faults).unwrap();
        hooks.add(0, change("1", 2), &mut faults);
        hooks.moves("http://x/", "http://y/");
        assert_eq!(hooks.take(0, &faults).unwrap().url, "http://y/");
        hooks.moves("http://y/", "http://z/");
        hooks.done(&lost, 0, 1, 0);
        let again = hooks.take(0, &faults).unwrap();
        assert_eq!((again.url.as_str(), again.attempt), ("http://z/", 2));
        hooks.moves("http://z/", "http://x/");
        hooks.done(&again, 0, 1, 0);
        let home = hooks.take(2 * SECOND, &faults).unwrap();
        assert_eq!(home.url, "http://x/");
    }

    #[test]
    fn a_failure_is_retried_at_once_then_later_then_dropped_after_seven_days() {
        let mut faults = FaultBox::new(Faults::default());
        let mut hooks = Hooks::default();
        hooks.add(0, change("1", 1), &mut faults);
        let mut now = 0;
        let mut tries = 0;
        while let Some(due) = hooks.next_due(&faults) {
            now = now.max(due);
            let delivery = hooks.take(now, &faults).unwrap();
            tries += 1;
            assert_eq!(delivery.attempt, tries);
            hooks.done(&delivery, 500, 1, now);
            if tries == 1 {
                assert_eq!(hooks.next_due(&faults), Some(0));
            }
        }
        assert!(now > 6 * DAY && now <= 7 * DAY, "{now}");
        assert_eq!(hooks.counts.dropped, 1);
    }
}
