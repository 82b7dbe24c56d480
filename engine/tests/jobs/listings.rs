//! Templates and numbers, read from the simulator.

use std::time::Duration;

use wigwag_engine::templates;
use wigwag_meta::client::DeleteTemplate;
use wigwag_meta::template::{Component, ComponentKind, NewTemplate, TemplateCategory};
use wigwag_store::feed;
use wigwag_store::templates::Filter;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::rig::{Rig, eventually};

#[db_test]
async fn templates_and_numbers_are_read_at_the_start_and_every_six_hours(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    let theirs = rig
        .meta
        .list_templates(&sim.credentials.waba_id)
        .await
        .unwrap();
    assert!(theirs.len() > 3);
    let names = eventually("the templates are here", async || {
        let rows = rig
            .rows("SELECT name, language, status, category, parameter_format, components FROM templates ORDER BY name, language")
            .await;
        (rows.len() == theirs.len()).then_some(rows)
    })
    .await;
    for template in &theirs {
        let row = names
            .iter()
            .find(|row| {
                row.text(0).unwrap() == template.name
                    && Some(row.text(1).unwrap()) == template.language
            })
            .unwrap();
        let status = template.status.as_ref().unwrap().as_str().to_lowercase();
        assert_eq!(row.text(2).unwrap(), status);
        let kept: serde_json::Value = serde_json::from_str(&row.text(5).unwrap()).unwrap();
        assert_eq!(kept, serde_json::to_value(&template.components).unwrap());
    }
    // Nothing is told twice of what has not changed.
    rig.first_listings().await;
    let head = feed::head(&rig.db, rig.workspace()).await.unwrap();
    let before = rig.count("SELECT MIN(synced_at) FROM templates").await;
    rig.advance(&sim, Duration::from_hours(6));
    eventually("they are read again", async || {
        let now = rig.count("SELECT MIN(synced_at) FROM templates").await;
        (now > before).then_some(())
    })
    .await;
    let told = feed::after(&rig.db, rig.workspace(), head, 10)
        .await
        .unwrap();
    assert_eq!(told, []);
    sim.shutdown().await;
    rig.end().await;
}

#[db_test]
async fn what_meta_changed_is_told_and_what_is_gone_is_kept_as_deleted(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    let (waba_id, workspace) = (&sim.credentials.waba_id, rig.workspace());
    templates::sync(&rig.context, workspace, rig.waba)
        .await
        .unwrap();
    let mut body = Component::new(ComponentKind::Body);
    body.text = Some("The shop opens at nine.".to_owned());
    let new = NewTemplate {
        name: "opening".to_owned(),
        language: "en".to_owned(),
        category: TemplateCategory::Utility,
        parameter_format: None,
        components: vec![body],
        message_send_ttl_seconds: None,
        allow_category_change: None,
    };
    rig.meta.create_template(waba_id, &new).await.unwrap();
    templates::request_sync(&rig.context, workspace)
        .await
        .unwrap();
    let filter = Filter {
        query: Some("opening".to_owned()),
        ..Filter::default()
    };
    let made = eventually("the new template is here", async || {
        let (mut rows, _) = wigwag_store::templates::list(&rig.db, workspace, &filter, None, 5)
            .await
            .unwrap();
        rows.pop()
    })
    .await;
    assert_eq!(made.category, "utility");
    rig.meta
        .delete_template(waba_id, DeleteTemplate::Name("opening"))
        .await
        .unwrap();
    rig.advance(&sim, Duration::from_secs(1));
    templates::sync(&rig.context, workspace, rig.waba)
        .await
        .unwrap();
    let kept = wigwag_store::templates::get(&rig.db, workspace, made.id)
        .await
        .unwrap();
    assert_eq!(kept.status, "deleted");
    sim.shutdown().await;
    rig.end().await;
}

#[db_test]
async fn a_number_shows_what_meta_says_of_it(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    let number = wigwag_store::numbers::get(&rig.db, rig.workspace(), rig.number)
        .await
        .unwrap();
    assert_eq!(
        number.display_phone_number,
        sim.credentials.display_phone_number
    );
    assert_eq!(number.verified_name, "Kite & Co.");
    assert_eq!(number.status, "connected");
    assert_eq!(
        (number.throughput, number.messaging_limit),
        (80, Some(100_000))
    );
    assert!(number.enabled);
    sim.shutdown().await;
    rig.end().await;
}

#[db_test]
async fn a_refused_token_is_tried_again_later_and_on_demand(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    rig.first_listings().await;
    let put = async |token: &str| {
        let new = wigwag_store::wabas::New {
            portfolio: Some(rig.fixture.portfolio),
            app_id: rig.fixture.app_id.clone(),
            waba_id: sim.credentials.waba_id.clone(),
            name: "Kite & Co.".to_owned(),
            access_token: token.to_owned(),
        };
        let workspace = rig.workspace();
        wigwag_store::wabas::put(&rig.db, workspace, new)
            .await
            .unwrap();
        rig.context.forget_client(workspace, rig.waba);
    };
    put("revoked").await;
    templates::request_sync(&rig.context, rig.workspace())
        .await
        .unwrap();
    let (tries, error, again) = eventually("the refusal is recorded", async || {
        rig.job("template.sync").await.filter(|job| job.1.is_some())
    })
    .await;
    assert_eq!(tries, 1);
    assert!(error.unwrap().starts_with("token_refused"));
    assert!(again > rig.db.mint().now());
    put(&sim.credentials.access_token).await;
    // Asking again does not wait for the time of the next try.
    templates::request_sync(&rig.context, rig.workspace())
        .await
        .unwrap();
    eventually("the templates are read", async || {
        let waiting = rig
            .count("SELECT COUNT(*) FROM jobs WHERE kind = 'template.sync'")
            .await;
        (waiting == 0).then_some(())
    })
    .await;
    sim.shutdown().await;
    rig.end().await;
}
