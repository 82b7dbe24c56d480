//! What a read shows and what filters ask are written together.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use wigwag_model::audience::TraitKind;
use wigwag_model::consent::ConsentState;
use wigwag_store::consent::Rule;
use wigwag_store::contacts::{self, Edit};
use wigwag_store::testing::TestDb;
use wigwag_store::{Priority, audience, sql};
use wigwag_store_macros::db_test;

use crate::crowd::Crowd;

#[db_test]
async fn an_edit_moves_what_filters_find(db: TestDb) {
    let mut crowd = Crowd::new(db).await;
    let id = crowd
        .person(
            "Asha",
            "+919876543210",
            json!({"tags": ["a", "b"], "traits": {"city": "Pune", "spent": 5}}),
        )
        .await;
    let traits: BTreeMap<String, Value> = [
        ("city".to_owned(), json!("Goa")),
        ("spent".to_owned(), Value::Null),
    ]
    .into();
    let edit = Edit {
        tags: Some(vec!["b".to_owned(), "C".to_owned()]),
        traits: Some(traits),
        version: 1,
        ..Edit::default()
    };
    contacts::edit(&crowd.db, crowd.workspace(), id, edit)
        .await
        .unwrap();
    for (filter, there) in [
        (json!({"tag": "a"}), false),
        (json!({"tag": "b"}), true),
        (json!({"tag": "c"}), true),
        (
            json!({"trait": {"key": "city", "is": {"eq": "pune"}}}),
            false,
        ),
        (json!({"trait": {"key": "city", "is": {"eq": "goa"}}}), true),
        (
            json!({"trait": {"key": "spent", "is": {"exists": true}}}),
            false,
        ),
    ] {
        assert_eq!(
            crowd.found(filter.clone()).await.len(),
            usize::from(there),
            "{filter}"
        );
    }
    let contact = contacts::details(&crowd.db, crowd.workspace(), id)
        .await
        .unwrap()
        .contact;
    assert_eq!(contact.tags, ["C", "b"]);
    assert_eq!(
        contact.traits,
        BTreeMap::from([("city".to_owned(), json!("Goa"))])
    );
    // An edit of the name alone leaves them.
    let edit = Edit {
        name: Some(Some("Asha R.".to_owned())),
        version: 2,
        ..Edit::default()
    };
    contacts::edit(&crowd.db, crowd.workspace(), id, edit)
        .await
        .unwrap();
    assert_eq!(crowd.found(json!({"tag": "c"})).await.len(), 1);
    crowd.end().await;
}

#[db_test]
async fn a_trait_is_defined_by_its_first_value_and_stays(db: TestDb) {
    let mut crowd = Crowd::new(db).await;
    crowd
        .person(
            "A",
            "+919800000001",
            json!({"traits": {"spent": 5, "note": ""}}),
        )
        .await;
    crowd
        .person(
            "B",
            "+919800000002",
            json!({"traits": {"spent": "much", "note": "x"}}),
        )
        .await;
    let traits = audience::traits(&crowd.db, crowd.workspace())
        .await
        .unwrap();
    let known: Vec<_> = traits
        .iter()
        .map(|known| (known.key.as_str(), known.kind))
        .collect();
    assert_eq!(
        known,
        [("note", TraitKind::Text), ("spent", TraitKind::Number)]
    );
    let tags = audience::tags(&crowd.db, crowd.workspace()).await.unwrap();
    assert!(tags.is_empty());
    crowd.end().await;
}

#[db_test]
async fn what_was_kept_before_the_tables_is_filled_in(db: TestDb) {
    let mut crowd = Crowd::new(db).await;
    let mut ids = Vec::new();
    for at in 0..3 {
        let about = json!({"tags": ["Old"], "traits": {"city": "Pune", "spent": at}});
        ids.push(
            crowd
                .person("A", &format!("+9198000000{at:02}"), about)
                .await,
        );
    }
    crowd
        .say(
            Rule::Told,
            vec![crowd.word(ids[0], ConsentState::Denied, "whatsapp", 5)],
        )
        .await;
    crowd
        .db
        .write(Priority::Foreground, |tx| {
            Box::pin(async move {
                for text in [
                    "DELETE FROM contact_tags",
                    "DELETE FROM contact_traits",
                    "DELETE FROM traits",
                    "DELETE FROM consent_log",
                ] {
                    sql(text).execute(tx).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
    assert!(crowd.found(json!({"tag": "old"})).await.is_empty());
    crowd.db.refill().await;
    assert_eq!(crowd.found(json!({"tag": "old"})).await.len(), 3);
    assert_eq!(
        crowd
            .found(json!({"trait": {"key": "spent", "is": {"gte": 1}}}))
            .await
            .len(),
        2
    );
    let history = wigwag_store::consent::history(&crowd.db, crowd.workspace(), ids[0], 10)
        .await
        .unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!(
        (history[0].word.state, history[0].word.source.as_str()),
        (ConsentState::Denied, "whatsapp")
    );
    crowd.end().await;
}
