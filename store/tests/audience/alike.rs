//! Random filters over random people: the database finds those whom memory finds.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use wigwag_model::audience::{Filter, Plan, TraitKind};
use wigwag_model::consent::ConsentState;
use wigwag_model::{ContactId, ListId};
use wigwag_store::audience::{self, NewList, Order, Reach};
use wigwag_store::consent::Rule;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::crowd::Crowd;

const PEOPLE: usize = 60;
/// `WIGWAG_TEST_FILTERS` asks for more.
const FILTERS: usize = 250;

/// Sets alone; few at a time; walking alone.
const REACHES: [Reach; 3] = [
    Reach {
        few: 0,
        walk: 6,
        named: 100,
        events: 10_000,
    },
    Reach {
        few: 20,
        walk: 12,
        named: 100,
        events: 10_000,
    },
    Reach {
        few: 5,
        walk: 9,
        named: 0,
        events: 10_000,
    },
];

const TAGS: [&str; 5] = ["vip", "VIP", "Straße", "new", "%_"];
const WORDS: [&str; 8] = [
    "Pune",
    "pune",
    "Göteborg",
    "GOA",
    "%",
    "_a",
    "a'b",
    "王小明",
];

fn word() -> impl Strategy<Value = Value> {
    prop::sample::select(WORDS.to_vec()).prop_map(Value::from)
}

fn number() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!(-7),
        json!(-2.5),
        json!(0),
        json!(0.5),
        json!(3),
        json!(3.0),
        json!(9_007_199_254_740_993_i64),
    ])
}

fn day() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        "1969-12-31",
        "1990-05-01",
        "1990-05-01T00:00:00Z",
        "2026-11-23T10:00:00+05:30",
        "2030-01-01",
    ])
    .prop_map(Value::from)
}

/// A person's tags, traits, name, e-mail, source, what it said and the minutes since it was seen.
fn person() -> impl Strategy<Value = Value> {
    let perhaps = |kind: BoxedStrategy<Value>| prop_oneof![6 => kind, 1 => Just(Value::Null), 1 => Just(json!("what?")), 1 => Just(json!("  "))];
    (
        prop::collection::vec(prop::sample::select(TAGS.to_vec()), 0..3),
        perhaps(word().boxed()),
        perhaps(number().boxed()),
        perhaps(any_bool().boxed()),
        perhaps(day().boxed()),
        perhaps(prop::collection::vec(word(), 0..3).prop_map(Value::from).boxed()),
        prop::sample::select(vec!["", "Asha Rao", "Björn", "Łucja", "王小明"]),
        prop::sample::select(vec![Value::Null, json!("A@b.example"), json!("c@d.example")]),
        (prop::sample::select(vec!["api", "manual"]), 0..4_i64, 0..5_i64, any::<bool>()),
        (0..5_u64, 0..13_i64),
    )
        .prop_map(|(tags, city, spent, member, born, likes, name, email, (source, said, seen, listed), (events, talk))| {
            let traits = json!({"city": city, "spent": spent, "member": member, "born": born, "likes": likes});
            let traits: serde_json::Map<String, Value> = traits
                .as_object()
                .unwrap()
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            json!({"tags": tags, "traits": traits, "name": name, "email": email, "source": source, "said": said,
                   "seen": seen, "listed": listed, "events": events, "talk": talk})
        })
}

fn any_bool() -> impl Strategy<Value = Value> {
    any::<bool>().prop_map(Value::from)
}

fn equal(value: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    prop_oneof![
        value.clone().prop_map(|value| json!({"eq": value})),
        value.clone().prop_map(|value| json!({"ne": value})),
        prop::collection::vec(value, 1..4).prop_map(|values| json!({"in": values})),
        any::<bool>().prop_map(|there| json!({"exists": there})),
    ]
    .boxed()
}

fn text(value: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    prop_oneof![
        equal(value.clone()),
        value.clone().prop_map(|value| json!({"contains": value})),
        value.prop_map(|value| json!({"starts_with": value})),
    ]
    .boxed()
}

fn ranged(value: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let side = prop::sample::select(vec!["lt", "lte", "gt", "gte"]);
    prop_oneof![
        equal(value.clone()),
        (side, value).prop_map(|(side, value)| json!({side: value})),
    ]
    .boxed()
}

/// Spans around the times that people and events have.
fn span() -> impl Strategy<Value = Value> {
    prop::sample::select(vec!["1m", "20m", "2h", "1d", "30d", "26w"]).prop_map(Value::from)
}

fn moment(value: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let side = prop::sample::select(vec!["past", "older", "next"]);
    prop_oneof![
        3 => ranged(value),
        1 => (side, span()).prop_map(|(side, span)| json!({side: span})),
    ]
    .boxed()
}

const EVENTS: [&str; 2] = ["Order Placed", "Göteborg öppnad"];

/// Particulars of an event: of any kind, blank, absent, with names that a path could choke on.
fn properties() -> impl Strategy<Value = Value> {
    let value = prop_oneof![
        word(),
        number(),
        any_bool(),
        day(),
        prop::collection::vec(word(), 0..3).prop_map(Value::from),
        Just(Value::Null),
        Just(json!(" ")),
        Just(json!({"in": 1})),
        Just(json!("12.5")),
    ];
    prop::collection::btree_map(prop::sample::select(KEYS.to_vec()), value, 0..4)
        .prop_map(|map| json!(map))
}

const KEYS: [&str; 4] = ["amount", "a\"b'$.[0]", "ключ", "x"];

fn event() -> BoxedStrategy<Value> {
    let is = prop_oneof![
        text(word().boxed()),
        ranged(number().boxed()),
        equal(any_bool().boxed()),
        moment(day().boxed()),
    ];
    let test = (prop::sample::select(KEYS.to_vec()), is)
        .prop_map(|(key, is)| json!({"key": key, "is": is}));
    (
        prop::sample::select(EVENTS.to_vec()),
        1..4_u32,
        prop::option::of(span()),
        prop::collection::vec(test, 0..3),
    )
        .prop_map(|(name, at_least, within, tests)| {
            let mut leaf = json!({"name": name, "at_least": at_least, "where": tests});
            if let Some(within) = within {
                leaf["within"] = within;
            }
            json!({"event": leaf})
        })
        .boxed()
}

fn conversation() -> BoxedStrategy<Value> {
    (
        prop::option::of(prop::sample::select(vec!["open", "snoozed", "closed"])),
        prop::option::of(any::<bool>()),
        prop::option::of(any::<bool>()),
        prop::sample::select(vec!["open", "closed"]),
    )
        .prop_map(|(status, unread, assigned, window)| {
            let mut leaf = json!({"window": window});
            for (key, value) in [
                ("status", status.map(Value::from)),
                ("unread", unread.map(Value::from)),
                ("assigned", assigned.map(Value::from)),
            ] {
                if let Some(value) = value {
                    leaf[key] = value;
                }
            }
            json!({"conversation": leaf})
        })
        .boxed()
}

fn leaf(list: ListId) -> BoxedStrategy<Value> {
    let part = prop::sample::select(vec!["pu", "E", "%", "_", "'", "小", "Göteborg", "a"])
        .prop_map(Value::from);
    let words = prop_oneof![word(), part].boxed();
    let of_trait = |key: &'static str, is: BoxedStrategy<Value>| {
        is.prop_map(move |is| json!({"trait": {"key": key, "is": is}}))
    };
    let field = |name: &'static str, is: BoxedStrategy<Value>| {
        is.prop_map(move |is| json!({"field": {"name": name, "is": is}}))
    };
    let pick = |values: &[&'static str]| {
        prop::sample::select(values.to_vec())
            .prop_map(Value::from)
            .boxed()
    };
    prop_oneof![
        Just(json!({"everyone": true})),
        Just(json!({"list": list})),
        prop::sample::select(TAGS.to_vec()).prop_map(|tag| json!({"tag": tag})),
        prop_oneof![
            of_trait("city", text(words.clone())),
            of_trait("spent", ranged(number().boxed())),
            of_trait("member", equal(any_bool().boxed())),
            of_trait("born", moment(day().boxed())),
            of_trait("likes", text(words)),
        ],
        prop_oneof![
            field("country", text(pick(&["IN", "in", "SE", "GB", "I"]))),
            field(
                "name",
                text(pick(&["asha", "BJORN", "ł", "王", "rao", "+91"]))
            ),
            field("phone", text(pick(&["+91", "9198", "46", "700000001"]))),
            field("email", text(pick(&["a@b.EXAMPLE", "example", "c"]))),
            field("source", text(pick(&["api", "manual", "a", "A"]))),
            field(
                "created_at",
                moment(pick(&[
                    "2026-11-23T09:00:00Z",
                    "2026-11-23T09:20:00Z",
                    "2027-01-01"
                ]))
            ),
            field(
                "updated_at",
                moment(pick(&["2026-11-23T09:10:00Z", "2026-11-23T09:30:00Z"]))
            ),
            field(
                "last_seen_at",
                moment(pick(&[
                    "2026-11-23T09:02:00Z",
                    "2026-11-23T09:03:00Z",
                    "1999-01-01"
                ]))
            ),
        ],
        event(),
        conversation(),
        prop::sample::select(vec!["granted", "denied", "unknown"])
            .prop_map(|state| json!({"consent": {"category": "marketing", "state": state}})),
    ]
    .boxed()
}

fn filter(list: ListId) -> impl Strategy<Value = Value> {
    leaf(list).prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| json!({"all": parts})),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| json!({"any": parts})),
            inner.prop_map(|part| json!({"not": part})),
        ]
    })
}

fn pick_below(runner: &mut TestRunner, below: u32) -> u32 {
    (0..below).new_tree(runner).unwrap().current()
}

#[db_test]
async fn the_database_finds_whom_memory_finds(db: TestDb) {
    let seed = std::env::var("WIGWAG_TEST_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(7_u8);
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut crowd = Crowd::new(db).await;
    // The first values define the kinds.
    let first = json!({"traits": {"city": "Pune", "spent": 1, "member": true, "born": "1990-05-01", "likes": ["x"]}});
    let mut ids: Vec<ContactId> = vec![crowd.person("First", "+14155550100", first).await];
    let (mut listed, mut others) = (Vec::new(), Vec::new());
    for at in 0..PEOPLE {
        let about = person().new_tree(&mut runner).unwrap().current();
        let phone = match at % 3 {
            0 => format!("+9198000000{at:02}"),
            1 => format!("+467000000{at:02}"),
            _ => format!("+4479460000{at:02}"),
        };
        crowd.db.clock.advance(std::time::Duration::from_secs(60));
        let id = crowd
            .person(about["name"].as_str().unwrap(), &phone, about.clone())
            .await;
        let state = [
            ConsentState::Granted,
            ConsentState::Denied,
            ConsentState::Unknown,
        ];
        if let Some(state) = state.get(usize::try_from(about["said"].as_i64().unwrap()).unwrap()) {
            let word = crowd.word(id, *state, "manual", 0);
            crowd.say(Rule::Told, vec![word]).await;
        }
        for (seen, text) in [
            (
                1,
                "UPDATE contacts SET last_seen_at = 1795424520000000 WHERE workspace_id = $1 AND id = $2",
            ),
            (
                2,
                "UPDATE contacts SET last_seen_at = 1795424580000000 WHERE workspace_id = $1 AND id = $2",
            ),
            (
                3,
                "UPDATE contacts SET last_seen_at = 0 WHERE workspace_id = $1 AND id = $2",
            ),
            (
                4,
                "UPDATE contacts SET profile_name = 'Łucja P.', name = NULL, name_key = 'lucja p.' WHERE workspace_id = $1 AND id = $2",
            ),
        ] {
            if about["seen"] == seen {
                crowd.run(text, id).await;
            }
        }
        if about["listed"] == true {
            listed.push(id);
        }
        for _ in 0..about["events"].as_u64().unwrap() {
            let name = EVENTS[usize::from(pick_below(&mut runner, 2) == 0)];
            let particulars = properties().new_tree(&mut runner).unwrap().current();
            let ago = i64::from(pick_below(&mut runner, 60)) * 3_600;
            crowd.event(id, name, particulars, ago).await;
        }
        if about["talk"] != 0 {
            crowd.talk(id, about["talk"].as_i64().unwrap()).await;
        }
        if at % 12 == 7 {
            others.push(id);
        } else {
            ids.push(id);
        }
    }
    let new = NewList {
        name: "some".to_owned(),
        source: "manual",
        created_by: "system".to_owned(),
        columns: Vec::new(),
    };
    let list = audience::create_list(&crowd.db, crowd.workspace(), new, listed.clone())
        .await
        .unwrap();
    // Whoever became another is nobody for a filter, whatever is left of what they had.
    for id in others {
        let merged = "UPDATE contacts SET merged_into = id WHERE workspace_id = $1 AND id = $2";
        crowd.run(merged, id).await;
    }
    let kinds: BTreeMap<String, TraitKind> = audience::traits(&crowd.db, crowd.workspace())
        .await
        .unwrap()
        .into_iter()
        .map(|known| (known.key, known.kind))
        .collect();
    assert_eq!(kinds.len(), 5, "{kinds:?}");
    let filters = std::env::var("WIGWAG_TEST_FILTERS")
        .ok()
        .and_then(|filters| filters.parse().ok())
        .unwrap_or(FILTERS);
    let mut somebody = 0;
    for _ in 0..filters {
        let value = filter(list.id).new_tree(&mut runner).unwrap().current();
        let filter = Filter::read(&value).unwrap();
        let plan = Plan::new(&filter, &kinds, crowd.now()).unwrap();
        let mut on = crowd.db.snapshot().await.unwrap();
        let facts = audience::facts(&mut on, crowd.workspace(), &filter, &ids)
            .await
            .unwrap();
        drop(on);
        let mut wanted: Vec<ContactId> = facts
            .iter()
            .filter(|(_, facts)| plan.matches(facts, &kinds))
            .map(|(id, _)| *id)
            .collect();
        wanted.sort_unstable();
        let found = crowd.pages(&filter, 17).await;
        assert_eq!(found, wanted, "pages of {value}");
        let many = i64::try_from(wanted.len()).unwrap();
        let (ws, now) = (crowd.workspace(), crowd.now());
        let mut on = crowd.db.snapshot().await.unwrap();
        let counted = audience::count(&mut on, ws, &filter, now).await;
        assert_eq!(counted.unwrap(), many, "count of {value}");
        for (at, reach) in REACHES.into_iter().enumerate() {
            let mut on = crowd.db.snapshot().await.unwrap();
            let set = audience::set_within(reach, &mut on, ws, &filter, now).await;
            assert_eq!(set.unwrap(), wanted, "set within {reach:?} of {value}");
            for limit in [0, 4] {
                let counted = audience::count_within(reach, &mut on, ws, &filter, now, limit).await;
                let (counted, sample) = counted.unwrap();
                assert_eq!(counted, many, "count within {reach:?} of {value}");
                let sample: Vec<ContactId> = sample.iter().map(|contact| contact.id).collect();
                let first = wanted.get(..wanted.len().min(limit as usize)).unwrap();
                assert_eq!(sample, first, "sample within {reach:?} of {value}");
            }
            let order = [Order::Newest, Order::Oldest, Order::Name][at];
            let mut shown: Vec<ContactId> = Vec::new();
            let mut after = None;
            loop {
                let page =
                    audience::table_within(reach, &mut on, ws, &filter, now, order, after, 5).await;
                let (contacts, next) = page.unwrap();
                shown.extend(contacts.iter().map(|contact| contact.id));
                after = next;
                if after.is_none() {
                    break;
                }
            }
            match order {
                Order::Newest => shown.reverse(),
                Order::Oldest => {}
                Order::Name => shown.sort_unstable(),
            }
            assert_eq!(shown, wanted, "table within {reach:?} of {value}");
        }
        somebody += usize::from(!wanted.is_empty() && wanted.len() < ids.len());
    }
    assert!(
        somebody > filters / 3,
        "filters that tell people apart: {somebody}"
    );
    crowd.end().await;
}
