//! People stop and resume marketing: with a word, with WhatsApp's switch, and told by a refusal.

use wigwag_model::MessageState;
use wigwag_model::confirmation::{Confirmation, Confirmations};
use wigwag_model::opt_out::Act;
use wigwag_store::ingest::{Answer, Inbound, Items, OptWord, StatusItem};
use wigwag_store::testing::TestDb;
use wigwag_store::{Error, audit, confirmations};
use wigwag_store_macros::db_test;

use crate::world::World;

const WHO: &str = "919800000001";

fn word(world: &World, act: Act, wamid: &str, seconds: i64) -> Inbound {
    let text = match act {
        Act::Stop => "STOP",
        Act::Start => "start",
    };
    Inbound {
        opt: Some(OptWord {
            act,
            text: text.to_owned(),
            usual: match act {
                Act::Stop => "answer to STOP",
                Act::Start => "answer to start",
            },
            compose,
        }),
        ..world.text(WHO, wamid, seconds, seconds)
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the signature that the store calls"
)]
fn compose(words: &str) -> Option<Answer> {
    Some(Answer {
        content: format!(r#"{{"body":"{words}"}}"#),
        preview: words.to_owned(),
        body: format!(r#"{{"type":"text","text":{{"body":"{words}"}}}}"#),
    })
}

const ANSWERS: &str = "SELECT m.content FROM messages m JOIN outbox o ON o.workspace_id = m.workspace_id AND o.message_id = m.id
    WHERE m.direction = 'out' AND m.source = 'automation' ORDER BY m.id";
const LOG: &str = "SELECT category || ' ' || state || ' ' || source || ' ' || COALESCE(text, '-') FROM consent_log ORDER BY id";
const STATE: &str = "SELECT category || ' ' || state || ' ' || source FROM consent";

#[db_test]
async fn a_stop_denies_marketing_and_is_answered_once(db: TestDb) {
    let world = World::new(db).await;
    let stop = word(&world, Act::Stop, "wamid.1", 1);
    // The webhook comes twice, also within one batch.
    world.apply_messages(vec![stop.clone(), stop.clone()]).await;
    world.apply_messages(vec![stop]).await;
    assert_eq!(world.texts(STATE).await, ["marketing denied keyword"]);
    assert_eq!(world.texts(ANSWERS).await, [r#"{"body":"answer to STOP"}"#]);
    assert_eq!(world.texts(LOG).await, ["marketing denied keyword STOP"]);
    // Said again it is kept, and not answered again.
    world
        .apply_messages(vec![word(&world, Act::Stop, "wamid.2", 2)])
        .await;
    assert_eq!(world.texts(ANSWERS).await.len(), 1);
    assert_eq!(world.texts(LOG).await.len(), 2);
    assert_eq!(
        world.texts("SELECT last_preview FROM conversations").await,
        ["wamid.2"],
        "the person's word is the last"
    );
    world.end().await;
}

#[db_test]
async fn a_start_takes_back_only_what_the_person_decided(db: TestDb) {
    let world = World::new(db).await;
    // Nothing was denied: nothing is granted, nobody is answered.
    world
        .apply_messages(vec![word(&world, Act::Start, "wamid.1", 1)])
        .await;
    assert!(world.texts(STATE).await.is_empty());
    assert!(world.texts(ANSWERS).await.is_empty());
    for (stop, start) in [(2, 3), (4, 5)] {
        let batch = vec![
            word(&world, Act::Stop, &format!("wamid.{stop}"), stop),
            word(&world, Act::Start, &format!("wamid.{start}"), start),
        ];
        world.apply_messages(batch).await;
    }
    assert_eq!(world.texts(STATE).await, ["marketing granted keyword"]);
    assert_eq!(world.texts(ANSWERS).await.len(), 4);
    // What WhatsApp's switch denied, the word takes back too.
    world
        .apply(Items {
            preferences: vec![world.preference(WHO, "denied", 6)],
            ..Items::default()
        })
        .await;
    world
        .apply_messages(vec![word(&world, Act::Start, "wamid.7", 7)])
        .await;
    assert_eq!(world.texts(STATE).await, ["marketing granted keyword"]);
    // What a member wrote down stays.
    world
        .db
        .write(wigwag_store::Priority::Foreground, |tx| {
            Box::pin(async move {
                wigwag_store::sql("UPDATE consent SET state = 'denied', source = 'manual'")
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
    world
        .apply_messages(vec![word(&world, Act::Start, "wamid.8", 8)])
        .await;
    assert_eq!(world.texts(STATE).await, ["marketing denied manual"]);
    assert_eq!(world.texts(ANSWERS).await.len(), 5);
    // A stop over it is the person's own, and answered.
    world
        .apply_messages(vec![word(&world, Act::Stop, "wamid.9", 9)])
        .await;
    assert_eq!(world.texts(STATE).await, ["marketing denied keyword"]);
    assert_eq!(world.texts(ANSWERS).await.len(), 6);
    world.end().await;
}

#[db_test]
async fn an_old_stop_counts_and_a_closed_window_is_not_written_into(db: TestDb) {
    let world = World::new(db).await;
    // It waited in Meta's queue for two days.
    world
        .apply_messages(vec![word(&world, Act::Stop, "wamid.1", -2 * 86_400)])
        .await;
    assert_eq!(world.texts(STATE).await, ["marketing denied keyword"]);
    assert!(world.texts(ANSWERS).await.is_empty());
    world.end().await;
}

#[db_test]
async fn whatsapps_switch_is_logged_once(db: TestDb) {
    let world = World::new(db).await;
    for _ in 0..2 {
        world
            .apply(Items {
                preferences: vec![world.preference(WHO, "denied", 6)],
                ..Items::default()
            })
            .await;
    }
    assert_eq!(world.texts(LOG).await, ["marketing denied whatsapp -"]);
    assert!(world.texts(ANSWERS).await.is_empty(), "nobody wrote");
    world.end().await;
}

#[db_test]
async fn a_refusal_because_of_the_switch_denies_marketing(db: TestDb) {
    let world = World::new(db).await;
    world
        .apply_messages(vec![world.text(WHO, "wamid.1", 1, 1)])
        .await;
    world.sent(Some("wamid.out")).await;
    let failed = StatusItem {
        failure_code: Some(131_050),
        ..world.status("wamid.out", MessageState::Failed, 20)
    };
    for _ in 0..2 {
        world.apply_statuses(vec![failed.clone()]).await;
    }
    assert_eq!(world.texts(STATE).await, ["marketing denied meta"]);
    assert_eq!(world.texts(LOG).await, ["marketing denied meta -"]);
    // Another failure says nothing about consent.
    let world = {
        world.end().await;
        World::new(TestDb::sqlite().await).await
    };
    world
        .apply_messages(vec![world.text(WHO, "wamid.1", 1, 1)])
        .await;
    world.sent(Some("wamid.out")).await;
    let failed = StatusItem {
        failure_code: Some(131_049),
        ..failed
    };
    let failed = StatusItem {
        workspace: world.f.workspace,
        number: world.f.number,
        ..failed
    };
    world.apply_statuses(vec![failed]).await;
    assert!(world.texts(STATE).await.is_empty());
    world.end().await;
}

#[db_test]
async fn a_workspace_has_words_of_its_own_or_none(db: TestDb) {
    let world = World::new(db).await;
    let own = |text: &str| Confirmation {
        sent: true,
        text: Some(text.to_owned()),
    };
    let (workspace, actor) = (world.f.workspace, || "member_1".to_owned());
    let answers = Confirmations {
        stop: own("Bye"),
        start: own("Hello again"),
    };
    let kept = confirmations::put(&world.db, workspace, answers.clone(), 0, actor())
        .await
        .unwrap();
    assert_eq!((kept.version, &kept.answers), (1, &answers));
    // Whoever read it before has to read it again, also where two make the first change.
    for version in [0, 2] {
        let late =
            confirmations::put(&world.db, workspace, answers.clone(), version, actor()).await;
        assert!(matches!(late, Err(Error::Stale)), "{late:?}");
    }
    world
        .apply_messages(vec![
            word(&world, Act::Stop, "wamid.1", 1),
            word(&world, Act::Start, "wamid.2", 2),
        ])
        .await;
    // Both were written in one transaction: their ids say nothing of their order.
    let answers = async || {
        let mut answers = world.texts(ANSWERS).await;
        answers.sort();
        answers
    };
    let said = [r#"{"body":"Bye"}"#, r#"{"body":"Hello again"}"#];
    assert_eq!(answers().await, said);
    let silent = Confirmations {
        stop: Confirmation {
            sent: false,
            text: Some("Bye".to_owned()),
        },
        ..Confirmations::default()
    };
    confirmations::put(&world.db, workspace, silent.clone(), 1, actor())
        .await
        .unwrap();
    world
        .apply_messages(vec![word(&world, Act::Stop, "wamid.3", 3)])
        .await;
    assert_eq!(answers().await, said, "a stop is obeyed in silence");
    assert_eq!(world.texts(STATE).await, ["marketing denied keyword"]);
    // The other workspace answers as ever.
    let stranger = world.db.workspace().await;
    let mut reader = world.db.reader().await.unwrap();
    let theirs = confirmations::get(&mut reader, stranger.workspace).await;
    assert_eq!(theirs.unwrap(), confirmations::Kept::default());
    let ours = confirmations::get(&mut reader, workspace).await.unwrap();
    assert_eq!((ours.answers, ours.version), (silent, 2));
    drop(reader);
    let noted = audit::newest(&world.db, workspace, 10).await.unwrap();
    let actions: Vec<&str> = noted.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["settings.confirmations"; 2]);
    world.end().await;
}
