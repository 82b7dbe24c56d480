//! Each part of a filter finds whom it says, on both databases.

use serde_json::{Value, json};
use wigwag_model::audience::Filter;
use wigwag_model::consent::ConsentState;
use wigwag_store::audience::{self, NewList, Reach};
use wigwag_store::consent::Rule;
use wigwag_store::testing::TestDb;
use wigwag_store::{Error, sql};
use wigwag_store_macros::db_test;

use crate::crowd::Crowd;

async fn crowd(db: TestDb) -> Crowd {
    let mut crowd = Crowd::new(db).await;
    crowd
        .person("Asha", "+919876543210", json!({"email": "Asha@Kite.example", "tags": ["VIP", "pune"],
            "traits": {"city": "Pune", "spent": 120, "member": true, "born": "1990-05-01", "likes": ["Tea", "Kites"]}}))
        .await;
    crowd
        .person("Björn", "+46701234567", json!({"tags": ["vip"], "source": "api",
            "traits": {"city": "Göteborg", "spent": -2.5, "member": false, "born": "2001-01-31T23:00:00Z"}}))
        .await;
    crowd
        .person(
            "Chen",
            "+8613812345678",
            json!({"tags": [],
            "traits": {"city": "", "spent": "many", "likes": ["Coffee"]}}),
        )
        .await;
    crowd.person("Dora", "+4915112345678", json!({})).await;
    crowd
}

#[db_test]
async fn each_leaf_finds_its_people(db: TestDb) {
    let crowd = crowd(db).await;
    let of_trait = |key: &str, is: Value| json!({"trait": {"key": key, "is": is}});
    let field = |name: &str, is: Value| json!({"field": {"name": name, "is": is}});
    for (filter, wanted) in [
        (json!({"everyone": true}), "Asha Björn Chen Dora"),
        (json!({"tag": "Vip"}), "Asha Björn"),
        (json!({"tag": "nobody's"}), ""),
        (of_trait("city", json!({"eq": "PUNE"})), "Asha"),
        (of_trait("city", json!({"eq": "goteborg"})), "Björn"),
        (of_trait("city", json!({"ne": "Pune"})), "Björn Chen Dora"),
        (
            of_trait("city", json!({"in": ["pune", "Goteborg"]})),
            "Asha Björn",
        ),
        (of_trait("city", json!({"contains": "E"})), "Asha Björn"),
        (of_trait("city", json!({"starts_with": "p"})), "Asha"),
        (of_trait("city", json!({"exists": true})), "Asha Björn"),
        (of_trait("city", json!({"exists": false})), "Chen Dora"),
        (of_trait("spent", json!({"gt": -3})), "Asha Björn"),
        (of_trait("spent", json!({"gte": 120})), "Asha"),
        (of_trait("spent", json!({"lt": 0})), "Björn"),
        (of_trait("spent", json!({"lte": -2.5})), "Björn"),
        (of_trait("spent", json!({"eq": 120.0})), "Asha"),
        (
            of_trait("spent", json!({"exists": true})),
            "Asha Björn Chen",
        ),
        (of_trait("member", json!({"eq": true})), "Asha"),
        (of_trait("member", json!({"ne": true})), "Björn Chen Dora"),
        (of_trait("born", json!({"lt": "2000-01-01"})), "Asha"),
        (
            of_trait("born", json!({"gte": "2001-02-01T00:00:00+01:00"})),
            "Björn",
        ),
        (of_trait("likes", json!({"eq": "tea"})), "Asha"),
        (of_trait("likes", json!({"contains": "f"})), "Chen"),
        (of_trait("likes", json!({"ne": "tea"})), "Björn Chen Dora"),
        (of_trait("unheard_of", json!({"eq": 1})), ""),
        (
            of_trait("unheard_of", json!({"exists": false})),
            "Asha Björn Chen Dora",
        ),
        (field("country", json!({"in": ["in", "SE"]})), "Asha Björn"),
        (field("country", json!({"ne": "IN"})), "Björn Chen Dora"),
        (field("name", json!({"eq": "bjorn"})), "Björn"),
        (field("name", json!({"contains": "r"})), "Björn Dora"),
        (field("phone", json!({"starts_with": "+4"})), "Björn Dora"),
        (
            field("phone", json!({"contains": "12345"})),
            "Björn Chen Dora",
        ),
        (field("phone", json!({"eq": "91 98765 43210"})), "Asha"),
        (field("email", json!({"eq": "asha@KITE.example"})), "Asha"),
        (field("email", json!({"exists": false})), "Björn Chen Dora"),
        (field("source", json!({"eq": "api"})), "Björn"),
        (
            field("created_at", json!({"lt": "2026-11-24"})),
            "Asha Björn Chen Dora",
        ),
        (field("created_at", json!({"gt": "2026-11-24"})), ""),
        (field("last_seen_at", json!({"exists": true})), ""),
        (
            field("last_seen_at", json!({"ne": "2026-11-24"})),
            "Asha Björn Chen Dora",
        ),
        (json!({"all": [{"tag": "vip"}, {"tag": "pune"}]}), "Asha"),
        (
            json!({"any": [{"tag": "pune"}, of_trait("likes", json!({"eq": "coffee"}))]}),
            "Asha Chen",
        ),
        (json!({"not": {"tag": "vip"}}), "Chen Dora"),
        (
            json!({"not": {"any": [{"tag": "vip"}, {"not": {"not": field("name", json!({"eq": "Dora"}))}}]}}),
            "Chen",
        ),
        (
            json!({"all": [{"not": {"tag": "pune"}}, {"any": [{"tag": "vip"}, of_trait("spent", json!({"exists": true}))]}]}),
            "Björn Chen",
        ),
    ] {
        assert_eq!(
            crowd.found(filter.clone()).await.join(" "),
            wanted,
            "{filter}"
        );
    }
    crowd.end().await;
}

#[db_test]
async fn consent_and_lists_find_their_people(db: TestDb) {
    let crowd = crowd(db).await;
    let ids: Vec<_> = crowd.names.keys().copied().collect();
    crowd
        .say(
            Rule::Told,
            vec![
                crowd.word(ids[0], ConsentState::Granted, "manual", 0),
                crowd.word(ids[1], ConsentState::Denied, "manual", 0),
                crowd.word(ids[2], ConsentState::Unknown, "manual", 0),
            ],
        )
        .await;
    let consent = |state: &str| json!({"consent": {"category": "marketing", "state": state}});
    assert_eq!(crowd.found(consent("granted")).await, ["Asha"]);
    assert_eq!(crowd.found(consent("denied")).await, ["Björn"]);
    assert_eq!(crowd.found(consent("unknown")).await, ["Chen", "Dora"]);
    let utility = json!({"consent": {"category": "utility", "state": "unknown"}});
    assert_eq!(crowd.found(utility).await.len(), 4);

    let new = NewList {
        name: "Fair".to_owned(),
        source: "manual",
        created_by: "system".to_owned(),
        columns: Vec::new(),
    };
    let picked = vec![ids[1], ids[3], ids[1]];
    let list = audience::create_list(&crowd.db, crowd.workspace(), new.clone(), picked)
        .await
        .unwrap();
    assert_eq!(list.members, 2, "each contact once");
    assert_eq!(
        crowd.found(json!({"list": list.id})).await,
        ["Björn", "Dora"]
    );
    assert_eq!(
        crowd.found(json!({"not": {"list": list.id}})).await,
        ["Asha", "Chen"]
    );

    let other = crowd.db.workspace().await;
    let refused = audience::create_list(&crowd.db, other.workspace, new, vec![ids[0]]).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    let left = sql("SELECT COUNT(*) FROM audience_lists")
        .fetch_one(&mut crowd.db.snapshot().await.unwrap())
        .await
        .unwrap();
    assert_eq!(left.int(0).unwrap(), 1, "a refused list leaves nothing");
    let mut on = crowd.db.snapshot().await.unwrap();
    let everyone =
        audience::count(&mut on, other.workspace, &Filter::everyone(), crowd.now()).await;
    assert_eq!(everyone.unwrap(), 0, "another workspace has nobody");
    let theirs = Filter::List(list.id);
    assert_eq!(
        audience::count(&mut on, other.workspace, &theirs, crowd.now())
            .await
            .unwrap(),
        0
    );
    drop(on);
    crowd.end().await;
}

#[db_test]
async fn a_merged_contact_is_nobody_of_its_own(db: TestDb) {
    let crowd = crowd(db).await;
    let ids: Vec<_> = crowd.names.keys().copied().collect();
    crowd
        .run(
            "UPDATE contacts SET merged_into = (SELECT id FROM contacts WHERE name = 'Asha') WHERE workspace_id = $1 AND id = $2",
            ids[1],
        )
        .await;
    assert_eq!(
        crowd.found(json!({"everyone": true})).await,
        ["Asha", "Chen", "Dora"]
    );
    assert_eq!(crowd.found(json!({"tag": "vip"})).await, ["Asha"]);
    crowd.end().await;
}

#[db_test]
async fn what_cannot_be_asked_is_refused_with_its_place(db: TestDb) {
    let crowd = crowd(db).await;
    for (filter, place, mend) in [
        (
            json!({"all": [{"tag": "vip"}, {"trait": {"key": "spent", "is": {"gt": "much"}}}]}),
            "all[1].trait.is.gt",
            "a number",
        ),
        (
            json!({"trait": {"key": "city", "is": {"gt": 5}}}),
            "trait.is.gt",
            "starts_with",
        ),
        (
            json!({"field": {"name": "created_at", "is": {"eq": "now"}}}),
            "field.is.eq",
            "2026-11-23T09:30:00Z",
        ),
    ] {
        let filter = Filter::read(&filter).unwrap();
        let mut on = crowd.db.snapshot().await.unwrap();
        match audience::count(&mut on, crowd.workspace(), &filter, crowd.now()).await {
            Err(Error::Filter(fault)) => {
                assert_eq!(fault.field, place);
                assert!(fault.message.contains(mend), "{fault}");
            }
            other => panic!("{other:?}"),
        }
    }
    crowd.end().await;
}

#[db_test]
async fn a_campaign_that_is_nowhere_finds_nobody(db: TestDb) {
    let crowd = crowd(db).await;
    let mut on = crowd.db.snapshot().await.unwrap();
    for not in [false, true] {
        let leaf = json!({"campaign": {"id": "campaign_01j00000000000000000000000", "outcome": ["read", "replied"], "not": not}});
        let filter = Filter::read(&leaf).unwrap();
        let found = audience::count(&mut on, crowd.workspace(), &filter, crowd.now())
            .await
            .unwrap();
        assert_eq!(found, 0);
    }
    drop(on);
    crowd.end().await;
}

#[db_test]
async fn a_question_that_goes_through_too_many_events_is_refused_with_the_reason(db: TestDb) {
    let mut crowd = Crowd::new(db).await;
    let (one, other) = (json!({"tags": ["a"]}), json!({"tags": ["a", "b"]}));
    let asha = crowd.person("Asha", "+919876543210", one).await;
    crowd.person("Ravi", "+919876543211", other).await;
    for hours in 0..4 {
        crowd
            .event(asha, "Viewed", json!({"page": "kites"}), hours * 3_600)
            .await;
    }
    let within = Reach {
        events: 3,
        ..Reach::default()
    };
    let is = json!([{"key": "page", "is": {"eq": "no such page"}}]);
    for (event, refused) in [
        (json!({"name": "Viewed"}), true),
        // What is costly is to look, not to find.
        (json!({"name": "Viewed", "where": is}), true),
        (json!({"name": "Viewed", "within": "2h"}), false),
        (json!({"name": "Never"}), false),
    ] {
        let filter = Filter::read(&json!({"not": {"event": event}})).unwrap();
        let mut on = crowd.db.snapshot().await.unwrap();
        let counted =
            audience::count_within(within, &mut on, crowd.workspace(), &filter, crowd.now(), 0)
                .await;
        match counted {
            Err(Error::Filter(fault)) => {
                assert!(refused, "{filter:?}");
                assert_eq!(fault.field, "filter");
                assert!(fault.message.starts_with("too costly: “Viewed”"), "{fault}");
            }
            counted => assert!(!refused, "{filter:?}: {counted:?}"),
        }
    }
    // Beside parts of other kinds, those that may be asked are counted as everywhere.
    let within = Reach { few: 0, ..within };
    let lately = json!({"event": {"name": "Viewed", "within": "2h", "at_least": 2, "where": [
        {"key": "page", "is": {"eq": "kites"}}]}});
    for filter in [
        json!({"all": [{"tag": "a"}, lately]}),
        json!({"any": [lately, {"tag": "b"}, lately]}),
        json!({"all": [{"tag": "a"}, {"not": lately}]}),
        json!({"not": {"any": [lately, {"tag": "c"}]}}),
    ] {
        let filter = Filter::read(&filter).unwrap();
        let wanted = crowd.pages(&filter, 3).await;
        let mut on = crowd.db.snapshot().await.unwrap();
        let set = audience::set_within(within, &mut on, crowd.workspace(), &filter, crowd.now());
        assert_eq!(set.await.unwrap(), wanted, "{filter:?}");
    }
    crowd.end().await;
}
