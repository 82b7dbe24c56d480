//! What webhooks become.

use std::collections::BTreeSet;

use serde_json::Value;
use wigwag_model::{Kind, Role, Scope};
use wigwag_store::messages::{self, Around, Message};
use wigwag_store::testing::TestDb;
use wigwag_store::{Db, sql};
use wigwag_store_macros::db_test;

use crate::rig::Rig;

async fn thread(rig: &Rig) -> Vec<Message> {
    let mut reader = rig.db.reader().await.unwrap();
    let conversation = sql("SELECT id FROM conversations ORDER BY created_at, id LIMIT 1")
        .fetch_one(&mut reader)
        .await
        .unwrap()
        .id(0)
        .unwrap();
    messages::page(
        &rig.db,
        &Scope::member(rig.f.workspace, rig.f.owner, Role::Owner),
        conversation,
        Around::End,
        200,
    )
    .await
    .unwrap()
    .messages
}

/// The fixtures of messages that stand in the thread, with their kinds.
const KINDS: [(&str, Kind); 22] = [
    ("in_text", Kind::Text),
    ("in_text_reply", Kind::Text),
    ("in_text_ad", Kind::Text),
    ("in_text_forwarded", Kind::Text),
    ("in_text_product", Kind::Text),
    ("in_text_user_id_only", Kind::Text),
    ("in_image", Kind::Image),
    ("in_video", Kind::Video),
    ("in_audio", Kind::Audio),
    ("in_document", Kind::Document),
    ("in_sticker", Kind::Sticker),
    ("in_location", Kind::Location),
    ("in_contacts", Kind::Contacts),
    ("in_button", Kind::Button),
    ("in_button_reply", Kind::Reply),
    ("in_list_reply", Kind::Reply),
    ("in_nfm_reply", Kind::Reply),
    ("in_call_permission_reply", Kind::Reply),
    ("in_interactive_new", Kind::Reply),
    ("in_order", Kind::Order),
    ("in_unsupported", Kind::Unsupported),
    ("in_new_type", Kind::Unsupported),
];

#[db_test]
async fn every_kind_of_message_stands_in_the_thread_of_its_person(db: TestDb) {
    let rig = Rig::new(db).await;
    for (name, _) in KINDS {
        rig.send(&rig.fixture(name)).await.unwrap();
    }
    rig.until("SELECT COUNT(*) FROM messages", 22).await;
    assert_eq!(rig.count("SELECT COUNT(*) FROM dead_letters").await, 0);
    assert_eq!(
        rig.count("SELECT COUNT(*) FROM contacts").await,
        1,
        "one person"
    );
    assert_eq!(rig.count("SELECT COUNT(*) FROM conversations").await, 1);
    let thread = thread(&rig).await;
    let kinds: Vec<Kind> = thread.iter().map(|message| message.kind).collect();
    assert_eq!(kinds, KINDS.map(|(_, kind)| kind), "in the journal's order");
    let content = |name: &str| {
        let at = KINDS.iter().position(|(known, _)| *known == name).unwrap();
        thread[at].content.clone()
    };
    assert_eq!(
        content("in_text")["body"],
        "Is the red delta kite 🪁 back in stock?"
    );
    assert_eq!(content("in_text_forwarded")["forwarded"], true);
    assert!(content("in_text_product")["referred_product"].is_object());
    assert_eq!(content("in_button_reply")["type"], "button_reply");
    assert_eq!(content("in_nfm_reply")["response"]["size"], "L");
    assert_eq!(content("in_order")["product_items"][0]["quantity"], "2");
    assert_eq!(content("in_unsupported")["type"], "poll_creation");
    assert_eq!(content("in_unsupported")["errors"][0]["code"], 131051);
    assert_eq!(content("in_new_type")["raw"]["depth"], 3);
    assert!(content("in_contacts")["contacts"][0]["name"]["formatted_name"].is_string());
    let ad = &thread[2];
    assert_eq!(ad.referral.as_ref().unwrap()["source_type"], "ad");
    assert!(thread[1].reply_to.is_some());
    assert_eq!(
        rig.count("SELECT unread_count FROM conversations").await,
        22
    );
    rig.end().await;
}

#[db_test]
async fn files_are_asked_for_with_their_message(db: TestDb) {
    let rig = Rig::new(db).await;
    rig.send_all(&["in_image", "in_document", "in_text"]).await;
    rig.until("SELECT COUNT(*) FROM messages", 3).await;
    assert_eq!(
        rig.count("SELECT COUNT(*) FROM media WHERE state = 'pending'")
            .await,
        2
    );
    let rows = sql(
        "SELECT j.payload, m.id FROM jobs j JOIN media m ON m.workspace_id = j.workspace_id
                    WHERE j.kind = 'media.fetch' ORDER BY j.id",
    )
    .fetch_all(&mut rig.db.reader().await.unwrap())
    .await
    .unwrap();
    let asked: BTreeSet<String> = rows
        .iter()
        .map(|row| {
            let payload: Value = serde_json::from_str(&row.text(0).unwrap()).unwrap();
            assert_eq!(payload["workspace"], rig.f.workspace.to_string());
            payload["media"].as_str().unwrap().to_owned()
        })
        .collect();
    let files: BTreeSet<String> = rows
        .iter()
        .map(|row| row.id::<wigwag_model::MediaId>(1).unwrap().to_string())
        .collect();
    assert_eq!(asked, files);
    rig.end().await;
}

#[db_test]
async fn the_same_webhook_again_changes_nothing(db: TestDb) {
    let rig = Rig::new(db).await;
    for _ in 0..3 {
        rig.send_all(&["in_text", "in_image", "user_preferences"])
            .await;
    }
    rig.send(&rig.text("919800000009", "wamid.LAST", "end", 1_795_424_400))
        .await
        .unwrap();
    rig.until(
        "SELECT COUNT(*) FROM messages WHERE wamid = 'wamid.LAST'",
        1,
    )
    .await;
    assert_eq!(rig.count("SELECT COUNT(*) FROM messages").await, 3);
    assert_eq!(rig.count("SELECT COUNT(*) FROM media").await, 1);
    assert_eq!(
        rig.count("SELECT MAX(unread_count) FROM conversations")
            .await,
        2
    );
    assert_eq!(rig.count("SELECT COUNT(*) FROM consent").await, 1);
    rig.end().await;
}

#[db_test]
async fn a_stop_and_a_resumption_are_consent(db: TestDb) {
    let rig = Rig::new(db).await;
    rig.send_all(&["in_text", "user_preferences"]).await;
    rig.until("SELECT COUNT(*) FROM consent WHERE state = 'denied'", 1)
        .await;
    assert_eq!(
        rig.text_of("SELECT category FROM consent").await,
        "marketing"
    );
    assert_eq!(rig.count("SELECT COUNT(*) FROM contacts").await, 1);
    let resumed = rig
        .fixture("user_preferences")
        .replace("\"stop\"", "\"resume\"")
        .replace("1785000200", "1785000300");
    rig.send(&resumed).await.unwrap();
    rig.until("SELECT COUNT(*) FROM consent WHERE state = 'granted'", 1)
        .await;
    rig.send(&rig.fixture("user_preferences")).await.unwrap();
    rig.send(&rig.text("919800000009", "wamid.LAST", "end", 1_795_424_400))
        .await
        .unwrap();
    rig.until(
        "SELECT COUNT(*) FROM messages WHERE wamid = 'wamid.LAST'",
        1,
    )
    .await;
    assert_eq!(
        rig.text_of("SELECT state FROM consent").await,
        "granted",
        "the later word"
    );
    rig.end().await;
}

#[db_test]
async fn reactions_edits_and_revocations_change_their_message(db: TestDb) {
    let rig = Rig::new(db).await;
    // The marks come first: they wait for their message.
    rig.send_all(&["in_reaction", "in_edit", "in_revoke"]).await;
    rig.until("SELECT COUNT(*) FROM parked", 3).await;
    let original = rig
        .fixture("in_text")
        .replace("wamid.S0lURS0TEXT", "wamid.T0xE");
    rig.send(&original).await.unwrap();
    rig.until("SELECT COUNT(*) FROM messages", 1).await;
    assert_eq!(rig.count("SELECT COUNT(*) FROM parked").await, 0);
    let thread = thread(&rig).await;
    assert!(thread[0].edited && thread[0].revoked);
    assert_eq!(thread[0].content["body"], "corrected");
    assert_eq!(thread[0].reactions.len(), 1);
    rig.send_all(&["in_reaction_removed"]).await;
    rig.until("SELECT COUNT(*) FROM reactions WHERE emoji = ''", 1)
        .await;
    rig.end().await;
}

#[db_test]
async fn a_new_number_leads_to_the_same_person(db: TestDb) {
    let rig = Rig::new(db).await;
    rig.send_all(&["in_text", "in_system_number"]).await;
    // The next message comes from the new number, in a webhook that is read in the same batch.
    rig.send(&rig.text("971507654321", "wamid.NEW", "my new number", 1_785_000_600))
        .await
        .unwrap();
    rig.until("SELECT COUNT(*) FROM messages", 3).await;
    assert_eq!(rig.count("SELECT COUNT(*) FROM contacts").await, 1);
    assert_eq!(
        rig.text_of("SELECT phone FROM contacts").await,
        "+971507654321"
    );
    assert_eq!(
        rig.count("SELECT unread_count FROM conversations").await,
        2,
        "a notice is nothing to answer"
    );
    rig.end().await;
}

#[db_test]
async fn templates_and_numbers_follow_what_meta_tells(db: TestDb) {
    let rig = Rig::new(db).await;
    let (workspace, waba, number) = (rig.f.workspace, rig.f.waba, rig.f.number);
    rig.db
        .write(wigwag_store::Priority::Foreground, move |tx| {
            Box::pin(async move {
                let id: wigwag_model::TemplateId = tx.mint().id();
                sql("INSERT INTO templates (workspace_id, id, waba, meta_template_id, name, language, category, status, quality,
                        parameter_format, components, synced_at, created_at)
                     VALUES ($1, $2, $3, '9007199254740993', 'kite_ready', 'en_US', 'utility', 'pending', 'unknown', 'positional', '[]', 0, 0)")
                    .bind(workspace)
                    .bind(id)
                    .bind(waba)
                    .execute(tx)
                    .await?;
                sql("UPDATE numbers SET display_phone_number = '+49 30 555001', messaging_limit = 250 WHERE workspace_id = $1 AND id = $2")
                    .bind(workspace)
                    .bind(number)
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
    rig.send_all(&["template_status", "number_quality"]).await;
    rig.until(
        "SELECT COUNT(*) FROM templates WHERE status = 'rejected'",
        1,
    )
    .await;
    rig.until(
        "SELECT COUNT(*) FROM numbers WHERE throughput = 1000 AND messaging_limit IS NULL",
        1,
    )
    .await;
    assert_eq!(
        rig.text_of("SELECT rejected_reason FROM templates").await,
        "INVALID_FORMAT"
    );
    assert_eq!(
        rig.text_of("SELECT rejection_words || ' ' || rejection_advice FROM templates")
            .await,
        "Variables touch. Put words between."
    );
    rig.send_all(&["template_paused"]).await;
    rig.until(
        "SELECT COUNT(*) FROM templates WHERE status = 'paused' AND rejected_reason IS NULL AND rejection_advice IS NULL
         AND pause_reason = 'FIRST_PAUSE' AND pause_words = 'three hours'",
        1,
    )
    .await;
    // The webhook says a category that was not ours: Meta changed it.
    assert_eq!(
        rig.count(
            "SELECT COUNT(*) FROM templates WHERE category = 'marketing' AND previous_category = 'utility'
             AND category_changed_at IS NOT NULL"
        )
        .await,
        1
    );
    // What is waited for comes last: all before it in its lane is applied by then.
    rig.send_all(&[
        "name_update",
        "account_ban",
        "security",
        "new_field",
        "history",
        "in_errors",
        "capability_2026",
    ])
    .await;
    rig.until(
        "SELECT COUNT(*) FROM numbers WHERE messaging_limit = 2000",
        1,
    )
    .await;
    assert_eq!(
        rig.text_of("SELECT verified_name FROM numbers").await,
        "Kite & Co.",
        "refused"
    );
    assert_eq!(rig.count("SELECT COUNT(*) FROM dead_letters").await, 0);
    rig.end().await;
}

#[db_test]
async fn a_thousand_messages_in_one_body_are_applied(db: TestDb) {
    let rig = Rig::new(db).await;
    let messages: Vec<String> = (0..1_000)
        .map(|number| {
            format!(
                r#"{{"from":"9198{:08}","id":"wamid.{number}","timestamp":"1795424400","type":"text","text":{{"body":"{number}"}}}}"#,
                number % 300
            )
        })
        .collect();
    rig.send(&rig.messages(&messages.join(","))).await.unwrap();
    rig.until("SELECT COUNT(*) FROM messages", 1_000).await;
    assert_eq!(rig.count("SELECT COUNT(*) FROM contacts").await, 300);
    assert_eq!(
        rig.count("SELECT CAST(SUM(unread_count) AS BIGINT) FROM conversations")
            .await,
        1_000
    );
    let clone: Db = Db::clone(&rig.db);
    assert_eq!(
        wigwag_store::dead_letters::open_count(&clone)
            .await
            .unwrap(),
        0
    );
    rig.end().await;
}
