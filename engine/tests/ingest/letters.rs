//! Dead letters: one bad item costs only itself, and can be tried again.

use uuid::Uuid;
use wigwag_engine::ingest::ReplayError;
use wigwag_model::id::Id as _;
use wigwag_store::dead_letters::{self, DeadLetter};
use wigwag_store::routes::{self, Route, RouteKind};
use wigwag_store::testing::TestDb;
use wigwag_store::{Priority, sql};
use wigwag_store_macros::db_test;

use crate::rig::Rig;

async fn open(rig: &Rig) -> Vec<DeadLetter> {
    let mut letters = dead_letters::list(&rig.db, rig.f.workspace, "open", None, 200)
        .await
        .unwrap()
        .0;
    letters.sort_by_key(|letter| (letter.seq, letter.index));
    letters
}

#[db_test]
async fn bodies_of_unknown_shape_are_kept_whole(db: TestDb) {
    let rig = Rig::new(db).await;
    let bodies = [
        "",
        "nonsense",
        "[]",
        "{}",
        r#"{"object":"whatsapp_business_account","entry":[]}"#,
        r#"{"entry":"x"}"#,
        "\u{feff}{}",
    ];
    for body in bodies {
        rig.send(body).await.unwrap();
    }
    rig.until("SELECT COUNT(*) FROM dead_letters", 7).await;
    for (letter, body) in open(&rig).await.iter().zip(bodies) {
        assert_eq!(letter.reason, "unknown_shape", "{body}");
        assert_eq!(letter.item, body.as_bytes());
        assert_eq!(letter.index, -1);
    }
    rig.end().await;
}

#[db_test]
async fn a_bad_item_costs_only_itself(db: TestDb) {
    let rig = Rig::new(db).await;
    let good = |wamid: &str| {
        format!(
            r#"{{"from":"919800000001","id":"{wamid}","timestamp":"1795424400","type":"text","text":{{"body":"hi"}}}}"#
        )
    };
    let body = rig.messages(&[
        good("wamid.1"),
        r#"{"id":"wamid.2","timestamp":"tomorrow","type":"text","text":{"body":"my secret"}}"#.to_owned(),
        good("wamid.3"),
        r#"{"id":"wamid.4","timestamp":"1795424400","type":"text","text":{"body":"from nobody"}}"#.to_owned(),
        r#"{"from":"919800000001","group_id":"G1","id":"wamid.5","timestamp":"1795424400","type":"text","text":{"body":"hi all"}}"#.to_owned(),
        "42".to_owned(),
    ].join(","));
    rig.send(&body).await.unwrap();
    rig.until("SELECT COUNT(*) FROM dead_letters", 4).await;
    rig.until("SELECT COUNT(*) FROM messages", 2).await;
    let letters = open(&rig).await;
    let told: Vec<(&str, i64)> = letters
        .iter()
        .map(|letter| (letter.reason.as_str(), letter.index))
        .collect();
    assert_eq!(
        told,
        [
            ("unreadable", 1),
            ("unreadable", 3),
            ("unsupported", 4),
            ("unreadable", 5)
        ]
    );
    for letter in &letters {
        assert_eq!(letter.workspace, Some(rig.f.workspace));
        assert!(
            !letter.detail.contains("secret") && !letter.detail.contains("tomorrow"),
            "{}",
            letter.detail
        );
        let item = String::from_utf8_lossy(&letter.item);
        assert!(
            item.contains(&rig.f.phone_number_id),
            "can be read again: {item}"
        );
        assert!(!item.contains("wamid.1"), "holds this item alone: {item}");
    }
    rig.end().await;
}

#[db_test]
async fn numbers_and_accounts_of_others_are_nobody_s(db: TestDb) {
    let rig = Rig::new(db).await;
    let theirs = rig.db.workspace().await;
    let of = |body: String, number: &str, waba: &str| {
        body.replace(&rig.f.phone_number_id, number)
            .replace(&rig.f.waba_id, waba)
    };
    for body in [
        of(
            rig.text("919800000001", "wamid.1", "hi", 1_795_424_400),
            "123",
            "456",
        ),
        // Signed with our secret about the number of another app's workspace.
        of(
            rig.text("919800000001", "wamid.2", "hi", 1_795_424_400),
            &theirs.phone_number_id,
            &theirs.waba_id,
        ),
        of(
            rig.status("wamid.X", "sent", 1_795_424_400),
            &theirs.phone_number_id,
            &rig.f.waba_id,
        ),
        of(rig.fixture("template_status"), "-", &theirs.waba_id),
        of(
            rig.fixture("user_preferences"),
            &theirs.phone_number_id,
            &rig.f.waba_id,
        ),
    ] {
        rig.send(&body).await.unwrap();
    }
    rig.until(
        "SELECT COUNT(*) FROM dead_letters WHERE reason = 'unknown_route'",
        5,
    )
    .await;
    for table in [
        "SELECT COUNT(*) FROM messages",
        "SELECT COUNT(*) FROM contacts",
        "SELECT COUNT(*) FROM parked",
        "SELECT COUNT(*) FROM consent",
        "SELECT COUNT(*) FROM lane_clocks",
    ] {
        assert_eq!(rig.count(table).await, 0, "{table}");
    }
    assert_eq!(
        open(&rig).await.len(),
        5,
        "seen by the one workspace of the app"
    );
    let seen = dead_letters::list(&rig.db, theirs.workspace, "open", None, 200)
        .await
        .unwrap()
        .0;
    assert!(seen.is_empty(), "not by the workspace that they are about");
    rig.end().await;
}

#[db_test]
async fn a_letter_is_replayed_once_its_route_is_there(db: TestDb) {
    let rig = Rig::new(db).await;
    let body = rig
        .text("919800000001", "wamid.1", "where were you", 1_795_424_400)
        .replace(&rig.f.phone_number_id, "777");
    rig.send(&body).await.unwrap();
    rig.until("SELECT COUNT(*) FROM dead_letters", 1).await;
    let letter = open(&rig).await.remove(0);
    let ingest = rig.engine.ingest();
    let still = ingest.replay(rig.f.workspace, letter.id).await;
    assert!(matches!(still, Err(ReplayError::Still(_))), "{still:?}");
    let route = Route {
        app: rig.f.app_id.clone(),
        workspace: rig.f.workspace,
        subject: rig.f.number.uuid(),
    };
    routes::claim(&rig.db, RouteKind::PhoneNumber, "777", route)
        .await
        .unwrap();
    let replayed = ingest.replay(rig.f.workspace, letter.id).await.unwrap();
    assert_eq!((replayed.state.as_str(), replayed.tries), ("replayed", 2));
    assert_eq!(rig.count("SELECT COUNT(*) FROM messages").await, 1);
    let again = ingest.replay(rig.f.workspace, letter.id).await;
    assert!(matches!(again, Err(ReplayError::Done)), "{again:?}");
    assert_eq!(rig.count("SELECT COUNT(*) FROM messages").await, 1);
    let other = rig.db.workspace().await;
    let foreign = ingest.replay(other.workspace, letter.id).await;
    assert!(
        matches!(
            foreign,
            Err(ReplayError::Store(wigwag_store::Error::NotFound))
        ),
        "{foreign:?}"
    );
    rig.end().await;
}

#[db_test]
async fn what_the_database_refuses_is_found_among_a_hundred(db: TestDb) {
    let rig = Rig::new(db).await;
    // A route whose number is gone: whatever comes for it breaks a reference.
    let route = Route {
        app: rig.f.app_id.clone(),
        workspace: rig.f.workspace,
        subject: Uuid::from_u128(7),
    };
    routes::claim(&rig.db, RouteKind::PhoneNumber, "666", route)
        .await
        .unwrap();
    rig.engine.stop().await;
    let rig = Rig {
        engine: crate::rig::engine(wigwag_store::Db::clone(&rig.db), wigwag_engine::Role::Web)
            .await,
        ..rig
    };
    for number in 0..100 {
        let body = rig.text(
            "919800000001",
            &format!("wamid.{number}"),
            "hi",
            1_795_424_400,
        );
        let body = if number % 33 == 10 {
            body.replace(&rig.f.phone_number_id, "666")
        } else {
            body
        };
        rig.send(&body).await.unwrap();
    }
    let worker = crate::rig::engine(
        wigwag_store::Db::clone(&rig.db),
        wigwag_engine::Role::Worker,
    )
    .await;
    rig.until("SELECT COUNT(*) FROM messages", 97).await;
    rig.until(
        "SELECT COUNT(*) FROM dead_letters WHERE reason = 'failed'",
        3,
    )
    .await;
    let order = sql("SELECT wamid FROM messages ORDER BY at, seq, idx")
        .fetch_all(&mut rig.db.reader().await.unwrap())
        .await
        .unwrap();
    let order: Vec<String> = order.iter().map(|row| row.text(0).unwrap()).collect();
    let wanted: Vec<String> = (0..100)
        .filter(|number| number % 33 != 10)
        .map(|number| format!("wamid.{number}"))
        .collect();
    assert_eq!(order, wanted);
    // The number comes back, and with it the messages, in their places.
    let (workspace, waba) = (rig.f.workspace, rig.f.waba);
    rig.db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("INSERT INTO numbers (workspace_id, id, waba, phone_number_id, display_phone_number, verified_name, quality, status, throughput, enabled, created_at)
                     VALUES ($1, $2, $3, '666', '+1', 'Kite', 'green', 'connected', 80, 1, 0)")
                    .bind(workspace)
                    .bind(Uuid::from_u128(7))
                    .bind(waba)
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
    for letter in open(&rig).await {
        worker
            .ingest()
            .replay(rig.f.workspace, letter.id)
            .await
            .unwrap();
    }
    assert_eq!(rig.count("SELECT COUNT(*) FROM messages").await, 100);
    worker.stop().await;
    rig.end().await;
}

#[db_test]
async fn a_discarded_letter_stays_away(db: TestDb) {
    let rig = Rig::new(db).await;
    rig.send("nonsense").await.unwrap();
    rig.until("SELECT COUNT(*) FROM dead_letters", 1).await;
    let letter = open(&rig).await.remove(0);
    let gone = dead_letters::discard(&rig.db, rig.f.workspace, letter.id)
        .await
        .unwrap();
    assert_eq!(gone.state, "discarded");
    assert!(open(&rig).await.is_empty());
    let again = dead_letters::discard(&rig.db, rig.f.workspace, letter.id).await;
    assert!(matches!(again, Err(wigwag_store::Error::Stale)));
    let replayed = rig.engine.ingest().replay(rig.f.workspace, letter.id).await;
    assert!(matches!(replayed, Err(ReplayError::Done)), "{replayed:?}");
    rig.end().await;
}
