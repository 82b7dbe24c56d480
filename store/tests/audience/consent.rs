//! Whose word stands, and that every word is kept.

use serde_json::json;
use wigwag_model::consent::ConsentState::{Denied, Granted, Unknown};
use wigwag_store::consent::{Rule, history};
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::crowd::Crowd;

#[db_test]
async fn the_rules_of_consent(db: TestDb) {
    let mut crowd = Crowd::new(db).await;
    let mut at = 0;
    for (first, rule, second, applied) in [
        // The person's own word: the later one stands.
        (
            Some((Granted, "import", 1)),
            Rule::Own,
            (Denied, "keyword", 2),
            true,
        ),
        (
            Some((Granted, "import", 3)),
            Rule::Own,
            (Denied, "keyword", 2),
            false,
        ),
        (None, Rule::Own, (Denied, "keyword", 2), true),
        (
            Some((Denied, "keyword", 2)),
            Rule::Own,
            (Denied, "keyword", 2),
            false,
        ),
        // Taking back: only what the person decided itself.
        (
            Some((Denied, "keyword", 1)),
            Rule::Resume,
            (Granted, "keyword", 2),
            true,
        ),
        (
            Some((Denied, "whatsapp", 1)),
            Rule::Resume,
            (Granted, "keyword", 2),
            true,
        ),
        (
            Some((Denied, "meta", 1)),
            Rule::Resume,
            (Granted, "keyword", 2),
            true,
        ),
        (
            Some((Denied, "manual", 1)),
            Rule::Resume,
            (Granted, "keyword", 2),
            false,
        ),
        (
            Some((Unknown, "manual", 1)),
            Rule::Resume,
            (Granted, "keyword", 2),
            false,
        ),
        (None, Rule::Resume, (Granted, "keyword", 2), false),
        // Members and programs: a person's own no stays.
        (
            Some((Denied, "keyword", 1)),
            Rule::Told,
            (Granted, "api", 2),
            false,
        ),
        (
            Some((Denied, "keyword", 1)),
            Rule::Told,
            (Unknown, "api", 2),
            false,
        ),
        (
            Some((Denied, "manual", 1)),
            Rule::Told,
            (Granted, "api", 2),
            true,
        ),
        (
            Some((Granted, "keyword", 1)),
            Rule::Told,
            (Denied, "api", 2),
            true,
        ),
        // Files: every no stays, and a yes said twice keeps its first proof.
        (
            Some((Denied, "manual", 1)),
            Rule::Imported,
            (Granted, "import", 2),
            false,
        ),
        (
            Some((Denied, "keyword", 1)),
            Rule::Imported,
            (Granted, "import", 2),
            false,
        ),
        (
            Some((Granted, "manual", 1)),
            Rule::Imported,
            (Granted, "import", 2),
            false,
        ),
        (
            Some((Granted, "manual", 1)),
            Rule::Imported,
            (Denied, "import", 0),
            true,
        ),
        (
            Some((Unknown, "manual", 1)),
            Rule::Imported,
            (Granted, "import", 2),
            true,
        ),
        (None, Rule::Imported, (Granted, "import", 2), true),
    ] {
        at += 1;
        let id = crowd
            .person("A", &format!("+9198000000{at:02}"), json!({}))
            .await;
        if let Some((state, source, seconds)) = first {
            let said = crowd
                .say(Rule::Told, vec![crowd.word(id, state, source, seconds)])
                .await;
            assert!(said[0].applied);
        }
        let (state, source, seconds) = second;
        let said = crowd
            .say(rule, vec![crowd.word(id, state, source, seconds)])
            .await;
        assert_eq!(
            said[0].applied, applied,
            "{first:?} then {rule:?} {second:?}"
        );
        assert_eq!(said[0].before, first.map_or(Unknown, |first| first.0));
        let log = history(&crowd.db, crowd.workspace(), id, 10).await.unwrap();
        assert_eq!(
            log.len(),
            usize::from(first.is_some()) + usize::from(applied)
        );
        let details = wigwag_store::contacts::details(&crowd.db, crowd.workspace(), id)
            .await
            .unwrap();
        let stands = details.consent.first().map_or(Unknown, |row| row.state);
        let wanted = if applied {
            state
        } else {
            first.map_or(Unknown, |first| first.0)
        };
        assert_eq!(stands, wanted, "{first:?} then {rule:?} {second:?}");
    }
    crowd.end().await;
}

#[db_test]
async fn several_words_of_one_person_are_taken_in_order(db: TestDb) {
    let mut crowd = Crowd::new(db).await;
    let id = crowd.person("A", "+919800000001", json!({})).await;
    let said = crowd
        .say(
            Rule::Own,
            vec![
                crowd.word(id, Denied, "keyword", 1),
                crowd.word(id, Granted, "keyword", 2),
                crowd.word(id, Denied, "keyword", 3),
            ],
        )
        .await;
    assert!(said.iter().all(|outcome| outcome.applied));
    assert_eq!(said[2].before, Granted);
    let log = history(&crowd.db, crowd.workspace(), id, 10).await.unwrap();
    let states: Vec<_> = log.iter().map(|entry| entry.word.state).collect();
    assert_eq!(states, [Denied, Granted, Denied]);
    crowd.end().await;
}
