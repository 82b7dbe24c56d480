//! Uploads that nothing uses go; whatever is referred to stays.

use std::time::Duration;

use serde_json::json;
use wigwag_engine::wait;
use wigwag_model::id::Id as _;
use wigwag_model::{MediaId, Timestamp};
use wigwag_store::testing::TestDb;
use wigwag_store::{Priority, sql};
use wigwag_store_macros::db_test;

use crate::rig::{PATIENCE, Rig};

fn days_ago(rig: &Rig, days: u64) -> Timestamp {
    rig.db.mint().now().minus(Duration::from_hours(24 * days))
}

/// The id of a file that was uploaded some days ago.
fn old(rig: &Rig, days: u64) -> MediaId {
    MediaId::new(days_ago(rig, days), rig.db.mint().random())
}

/// A file of that id. A sweep may run at any time: whatever refers to it is there before.
async fn put(rig: &Rig, id: MediaId) -> String {
    let at = days_ago(rig, 9);
    let key = format!("{}/{id}", rig.workspace());
    let mut writer = rig.files.create(&key).await.unwrap();
    writer.write("kite".into()).await.unwrap();
    writer.finish().await.unwrap();
    let (workspace, kept) = (rig.workspace(), key.clone());
    rig.db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("INSERT INTO media (workspace_id, id, kind, mime_type, state, object_key, size, created_at)
                     VALUES ($1, $2, 'image', 'image/png', 'ready', $3, 4, $4)")
                    .bind(workspace).bind(id).bind(kept).bind(at).execute(tx).await
            })
        })
        .await
        .unwrap();
    key
}

async fn is_there(rig: &Rig, key: &str) -> bool {
    rig.files.read(key, None).await.is_ok()
}

/// The file of an import that ended two days ago, whose process died before it removed it.
async fn left_by_an_import(rig: &Rig) -> String {
    let import = rig.upload(b"Phone,Name\n+919876500002,Devi\n").await;
    let (id, ended) = (import.id, days_ago(rig, 2));
    rig.db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("UPDATE imports SET state = 'done', ended_at = $2 WHERE id = $1")
                    .bind(id)
                    .bind(ended)
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
    import.object_key
}

#[db_test]
async fn what_nothing_uses_goes_after_seven_days(db: TestDb) {
    let mut rig = Rig::new(db).await;
    let forgotten = rig.upload(b"Phone,Name\n+919876500000,Asha\n").await;
    let young = rig.upload(b"Phone,Name\n+919876500001,Ravi\n").await;
    let (sent, sample, draft, campaign) = (old(&rig, 9), old(&rig, 9), old(&rig, 9), old(&rig, 9));
    let (f, was, now) = (rig.f.clone(), days_ago(&rig, 8), rig.db.mint().now());
    let (file, of_message, of_template) = (forgotten.id, sent, sample);
    let edit = json!({"components": [{"type": "HEADER", "format": "IMAGE", "media_id": draft}]});
    let header = json!({"media_id": campaign});
    rig.db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("UPDATE imports SET created_at = $2 WHERE id = $1").bind(file).bind(was).execute(tx).await?;
                sql("INSERT INTO wabas (workspace_id, id, portfolio, app_id, waba_id, name, access_token_enc, created_at)
                     SELECT $1, $2, id, $3, 'x', 'Kite', $4, $5 FROM portfolios WHERE workspace_id = $1")
                    .bind(f.workspace).bind(f.waba).bind(&f.app_id).bind(vec![0_u8]).bind(now).execute(tx).await?;
                sql("INSERT INTO numbers (workspace_id, id, waba, phone_number_id, display_phone_number, verified_name, quality, status, throughput, enabled, created_at)
                     VALUES ($1, $2, $3, 'x', '+91 80 4000 0000', 'Kite', 'green', 'connected', 80, 0, $4)")
                    .bind(f.workspace).bind(f.number).bind(f.waba).bind(now).execute(tx).await?;
                let (contact, thread, message): (wigwag_model::ContactId, wigwag_model::ConversationId, wigwag_model::MessageId) =
                    (tx.mint().id(), tx.mint().id(), tx.mint().id());
                sql("INSERT INTO contacts (workspace_id, id, no, tags, traits, source, name_key, created_at, updated_at, version)
                     VALUES ($1, $2, 1, '[]', '{}', 'message', '', 0, 0, 1)")
                    .bind(f.workspace).bind(contact).execute(tx).await?;
                sql("INSERT INTO conversations (workspace_id, id, contact_id, number_id, status, unread_count, contact_name, activity_at, changed_seq, created_at)
                     VALUES ($1, $2, $3, $4, 'open', 1, 'Asha', 0, 0, 0)")
                    .bind(f.workspace).bind(thread).bind(contact).bind(f.number).execute(tx).await?;
                sql("INSERT INTO messages (workspace_id, id, conversation_id, contact_id, number_id, direction, kind, content, media_id, source, at, seq, idx, created_at, changed_seq)
                     VALUES ($1, $2, $3, $4, $5, 'out', 'image', '{}', $6, 'composer', 0, 1, 0, 0, 0)")
                    .bind(f.workspace).bind(message).bind(thread).bind(contact).bind(f.number).bind(of_message).execute(tx).await?;
                let template: wigwag_model::TemplateId = tx.mint().id();
                sql("INSERT INTO templates (workspace_id, id, waba, meta_template_id, name, language, category, status, quality, parameter_format, components, header_media, edit, synced_at, created_at)
                     VALUES ($1, $2, $3, '1', 'fair', 'en', 'marketing', 'approved', 'unknown', 'named', '[]', $4, $5, $6, $6)")
                    .bind(f.workspace).bind(template).bind(f.waba).bind(of_template).bind(edit.to_string()).bind(now).execute(tx).await?;
                let campaign: wigwag_model::CampaignId = tx.mint().id();
                sql("INSERT INTO campaigns (workspace_id, id, name, state, audience, variables, header, schedule, settings, round, canary, created_by, created_at, updated_at, version)
                     VALUES ($1, $2, 'Fair', 'draft', '{}', '{}', $3, '{}', '{}', 1, 'off', 'system', $4, $4, 1)")
                    .bind(f.workspace).bind(campaign).bind(header.to_string()).bind(now).execute(tx).await
            })
        })
        .await
        .unwrap();
    let kept = [
        ("a young one", old(&rig, 6)),
        ("of a message", sent),
        ("of a template", sample),
        ("of a draft", draft),
        ("of a campaign", campaign),
    ];
    let mut keys = Vec::new();
    for (name, id) in kept {
        keys.push((name, put(&rig, id).await));
    }
    let unused = put(&rig, old(&rig, 9)).await;
    let left = left_by_an_import(&rig).await;
    // A start looks at once, as each day does.
    rig.restart().await;
    let mut patience = PATIENCE;
    while is_there(&rig, &unused).await || rig.count("SELECT COUNT(*) FROM imports").await > 2 {
        patience -= 1;
        assert!(patience > 0, "the sweep does not come");
        wait::pause(Duration::from_millis(20)).await;
    }
    assert!(!is_there(&rig, &forgotten.object_key).await);
    assert!(
        !is_there(&rig, &left).await,
        "of an import that could not remove it"
    );
    assert!(is_there(&rig, &young.object_key).await);
    for (name, key) in &keys {
        assert!(is_there(&rig, key).await, "{name}");
    }
    while rig.count("SELECT COUNT(*) FROM media").await > 5 {
        patience -= 1;
        assert!(patience > 0, "the row stays");
        wait::pause(Duration::from_millis(20)).await;
    }
    assert_eq!(
        rig.count("SELECT COUNT(*) FROM media WHERE state = 'ready'")
            .await,
        5
    );
    rig.end().await;
}
