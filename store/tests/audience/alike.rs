//! Random filters over random people: the database finds those whom memory finds.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use wigwag_model::audience::{Facts, Filter, Plan, TraitKind};
use wigwag_model::consent::ConsentState;
use wigwag_model::{ContactId, ListId};
use wigwag_store::audience::{self, NewList};
use wigwag_store::consent::Rule;
use wigwag_store::contacts;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::crowd::Crowd;

const PEOPLE: usize = 60;
const FILTERS: usize = 250;

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
    )
        .prop_map(|(tags, city, spent, member, born, likes, name, email, (source, said, seen, listed))| {
            let traits = json!({"city": city, "spent": spent, "member": member, "born": born, "likes": likes});
            let traits: serde_json::Map<String, Value> = traits
                .as_object()
                .unwrap()
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            json!({"tags": tags, "traits": traits, "name": name, "email": email, "source": source, "said": said,
                   "seen": seen, "listed": listed})
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
            of_trait("born", ranged(day().boxed())),
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
                ranged(pick(&[
                    "2026-11-23T09:00:00Z",
                    "2026-11-23T09:20:00Z",
                    "2027-01-01"
                ]))
            ),
            field(
                "updated_at",
                ranged(pick(&["2026-11-23T09:10:00Z", "2026-11-23T09:30:00Z"]))
            ),
            field(
                "last_seen_at",
                ranged(pick(&[
                    "2026-11-23T09:02:00Z",
                    "2026-11-23T09:03:00Z",
                    "1999-01-01"
                ]))
            ),
        ],
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
    let mut listed = Vec::new();
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
        ids.push(id);
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
    let kinds: BTreeMap<String, TraitKind> = audience::traits(&crowd.db, crowd.workspace())
        .await
        .unwrap()
        .into_iter()
        .map(|known| (known.key, known.kind))
        .collect();
    assert_eq!(kinds.len(), 5, "{kinds:?}");
    let mut facts = Vec::new();
    for id in &ids {
        let details = contacts::details(&crowd.db, crowd.workspace(), *id)
            .await
            .unwrap();
        let contact = details.contact;
        facts.push((
            *id,
            Facts {
                name: contact.name.or(contact.profile_name),
                tags: contact.tags,
                traits: contact.traits,
                country: contact.country,
                phone: contact.phone,
                source: contact.source,
                email: contact.email,
                created_at: contact.created_at,
                updated_at: contact.updated_at,
                last_seen_at: contact.last_seen_at,
                consent: details
                    .consent
                    .iter()
                    .map(|row| (row.category, row.state))
                    .collect(),
                lists: if listed.contains(id) {
                    BTreeSet::from([list.id])
                } else {
                    BTreeSet::new()
                },
            },
        ));
    }
    let mut somebody = 0;
    for _ in 0..FILTERS {
        let value = filter(list.id).new_tree(&mut runner).unwrap().current();
        let filter = Filter::read(&value).unwrap();
        let plan = Plan::new(&filter, &kinds).unwrap();
        let mut wanted: Vec<ContactId> = facts
            .iter()
            .filter(|(_, facts)| plan.matches(facts, &kinds))
            .map(|(id, _)| *id)
            .collect();
        wanted.sort_unstable();
        let found = crowd.pages(&filter, 17).await;
        assert_eq!(found, wanted, "pages of {value}");
        let mut on = crowd.db.snapshot().await.unwrap();
        let counted = audience::count(&mut on, crowd.workspace(), &filter)
            .await
            .unwrap();
        assert_eq!(
            counted,
            i64::try_from(wanted.len()).unwrap(),
            "count of {value}"
        );
        somebody += usize::from(!wanted.is_empty() && wanted.len() < ids.len());
    }
    assert!(
        somebody > FILTERS / 3,
        "filters that tell people apart: {somebody}"
    );
    crowd.end().await;
}
