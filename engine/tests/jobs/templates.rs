//! Templates written here: handed in once, found again after a crash, changed within Meta's limits.

use std::time::Duration;

use serde_json::{Value, json};
use wigwag_engine::templates::{self, Duplicate, TemplateError, Wish};
use wigwag_meta::template::{
    Component, ComponentKind, NewTemplate, TemplateCategory, TemplateEdit,
};
use wigwag_model::template_rules::Draft;
use wigwag_model::{Role, Scope, TemplateId};
use wigwag_simulator::Running;
use wigwag_store::templates::{self as rows, Claim, Template};
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::rig::{Rig, eventually};

fn wish(name: &str, text: &str) -> Wish {
    Wish {
        waba_id: None,
        draft: Draft {
            name: name.to_owned(),
            language: "en".to_owned(),
            category: "utility".to_owned(),
            parameter_format: "positional".to_owned(),
            components: json!([{"type": "BODY", "text": text}]),
            ttl_seconds: None,
        },
    }
}

fn body(text: &str) -> Component {
    let mut body = Component::new(ComponentKind::Body);
    body.text = Some(text.to_owned());
    body
}

impl Rig {
    fn scope(&self) -> Scope {
        Scope::member(self.workspace(), self.fixture.owner, Role::Owner)
    }

    async fn draft(&self, name: &str) -> Template {
        let wish = wish(name, "Your order is on its way.");
        templates::create(&self.context, &self.scope(), wish)
            .await
            .unwrap()
    }

    async fn submit(&self, id: TemplateId) -> Result<Template, TemplateError> {
        templates::submit(&self.context, &self.scope(), id).await
    }

    async fn row(&self, id: TemplateId) -> Template {
        rows::get(&self.db, self.workspace(), id).await.unwrap()
    }

    /// The simulator's reviews end and its list is read.
    async fn reviewed(&self, sim: &Running) {
        self.advance(sim, Duration::from_mins(1));
        self.synced().await;
    }

    async fn synced(&self) {
        templates::sync(&self.context, self.workspace(), self.waba)
            .await
            .unwrap();
        self.db.clock.advance(Duration::from_millis(1));
    }

    async fn at_meta_named(&self, sim: &Running, name: &str) -> usize {
        let waba = &sim.credentials.waba_id;
        self.meta.templates_named(waba, name).await.unwrap().len()
    }

    /// A template that was written here and that the simulator approved.
    async fn approved(&self, sim: &Running, name: &str) -> Template {
        let draft = self.draft(name).await;
        self.submit(draft.id).await.unwrap();
        self.reviewed(sim).await;
        let row = self.row(draft.id).await;
        assert_eq!(row.status, "approved");
        row
    }

    async fn write(&self, row: &Template, text: &str) {
        let wish = wish(&row.name, text);
        templates::edit(&self.context, &self.scope(), row.id, wish, None)
            .await
            .unwrap();
    }
}

#[db_test]
async fn a_draft_is_handed_in_once_and_followed_to_its_approval(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    rig.first_listings().await;
    let draft = rig.draft("order_way").await;
    assert_eq!(
        (
            draft.status.as_str(),
            &draft.meta_template_id,
            draft.versions
        ),
        ("draft", &None, 0)
    );
    let (one, two) = tokio::join!(rig.submit(draft.id), rig.submit(draft.id));
    let done = [one, two].into_iter().filter(Result::is_ok).count();
    assert!(done >= 1);
    assert_eq!(rig.at_meta_named(&sim, "order_way").await, 1);
    let pending = rig.row(draft.id).await;
    assert_eq!(pending.status, "pending");
    assert!(pending.meta_template_id.is_some() && pending.edit.is_none());
    assert!(matches!(
        rig.submit(draft.id).await,
        Err(TemplateError::Nothing)
    ));
    rig.reviewed(&sim).await;
    let approved = rig.row(draft.id).await;
    assert_eq!(
        (approved.status.as_str(), approved.versions),
        ("approved", 1)
    );
    let versions = rows::versions(&rig.db, rig.workspace(), draft.id)
        .await
        .unwrap();
    assert_eq!(versions[0].origin, "here");
    assert_eq!(versions[0].actor, Some(rig.scope().actor.to_string()));
    sim.shutdown().await;
    rig.end().await;
}

#[db_test]
async fn what_was_accepted_before_a_crash_is_found_by_the_listing(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    rig.first_listings().await;
    let draft = rig.draft("order_way").await;
    let actor = rig.scope().actor.to_string();
    let claim = rows::claim(&rig.db, rig.workspace(), draft.id, actor.clone())
        .await
        .unwrap();
    assert!(matches!(claim, Claim::Yours(_)));
    // The process dies after Meta accepted.
    let new = NewTemplate {
        name: "order_way".to_owned(),
        language: "en".to_owned(),
        category: TemplateCategory::Utility,
        parameter_format: None,
        components: vec![body("Your order is on its way.")],
        message_send_ttl_seconds: None,
        allow_category_change: None,
    };
    let made = rig
        .meta
        .create_template(&sim.credentials.waba_id, &new)
        .await
        .unwrap();
    assert!(matches!(
        rig.submit(draft.id).await,
        Err(TemplateError::Running)
    ));
    // The job that the claim left behind reads the list.
    rig.advance(&sim, Duration::from_mins(3));
    eventually("the listing finds it", async || {
        let row = rig.row(draft.id).await;
        (row.meta_template_id.as_ref() == Some(&made.id)).then_some(())
    })
    .await;
    let row = rig.row(draft.id).await;
    assert_eq!(
        (row.submitting_at, row.edit.is_none(), row.versions),
        (None, true, 1)
    );
    let versions = rows::versions(&rig.db, rig.workspace(), draft.id)
        .await
        .unwrap();
    assert_eq!(versions[0].actor, Some(actor));
    sim.shutdown().await;
    rig.end().await;
}

#[db_test]
async fn a_second_try_looks_before_it_sends(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    rig.first_listings().await;
    let draft = rig.draft("order_way").await;
    let actor = rig.scope().actor.to_string();
    rows::claim(&rig.db, rig.workspace(), draft.id, actor)
        .await
        .unwrap();
    let new = NewTemplate {
        name: "order_way".to_owned(),
        language: "en".to_owned(),
        category: TemplateCategory::Utility,
        parameter_format: None,
        components: vec![body("Your order is on its way.")],
        message_send_ttl_seconds: None,
        allow_category_change: None,
    };
    let made = rig
        .meta
        .create_template(&sim.credentials.waba_id, &new)
        .await
        .unwrap();
    // Only our clock moves on, and no further than the claim lasts: the job is not there yet.
    rig.db.clock.advance(Duration::from_mins(2));
    let row = rig.submit(draft.id).await;
    // Either the job or the second try found it; neither made another.
    if let Ok(row) = row {
        assert_eq!(row.meta_template_id, Some(made.id));
    }
    assert_eq!(rig.at_meta_named(&sim, "order_way").await, 1);
    sim.shutdown().await;
    rig.end().await;
}

#[db_test]
async fn a_name_that_is_taken_at_meta_is_told_at_its_field_and_the_draft_stays(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    rig.first_listings().await;
    let draft = rig.draft("order_way").await;
    let new = NewTemplate {
        name: "order_way".to_owned(),
        language: "en".to_owned(),
        category: TemplateCategory::Utility,
        parameter_format: None,
        components: vec![body("Somebody else wrote this elsewhere.")],
        message_send_ttl_seconds: None,
        allow_category_change: None,
    };
    rig.meta
        .create_template(&sim.credentials.waba_id, &new)
        .await
        .unwrap();
    let Err(TemplateError::Refused(refusal)) = rig.submit(draft.id).await else {
        panic!("Meta has this name");
    };
    assert_eq!((refusal.field, refusal.code), (Some("name"), "name_taken"));
    assert_eq!(refusal.meta_subcode, Some(2_388_024));
    let row = rig.row(draft.id).await;
    assert_eq!((row.status.as_str(), row.submitting_at), ("draft", None));
    assert_eq!(row.refusal.as_ref().unwrap()["code"], "name_taken");
    // The listing shows Meta's text, and what was written here is not lost.
    rig.synced().await;
    let row = rig.row(draft.id).await;
    assert_eq!(row.status, "pending");
    assert_eq!(
        row.components[0]["text"],
        "Somebody else wrote this elsewhere."
    );
    assert_eq!(
        row.edit.unwrap().components[0]["text"],
        "Your order is on its way."
    );
    sim.shutdown().await;
    rig.end().await;
}

#[db_test]
async fn drafts_survive_every_listing_and_come_and_go_alone(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    rig.first_listings().await;
    let draft = rig.draft("order_way").await;
    rig.advance(&sim, Duration::from_hours(12));
    rig.synced().await;
    assert_eq!(rig.row(draft.id).await, draft);
    let problems =
        match templates::create(&rig.context, &rig.scope(), wish("order_way", "Hi")).await {
            Err(TemplateError::Problems(problems)) => problems,
            other => panic!("the name is taken: {other:?}"),
        };
    assert_eq!(problems[0].code, "name_taken");
    let copy = templates::duplicate(&rig.context, &rig.scope(), draft.id, Duplicate::default())
        .await
        .unwrap();
    assert_eq!(copy.name, "order_way_copy");
    let again = templates::duplicate(&rig.context, &rig.scope(), draft.id, Duplicate::default())
        .await
        .unwrap();
    assert_eq!(again.name, "order_way_copy_2");
    let hindi = Duplicate {
        language: Some("hi".to_owned()),
        ..Duplicate::default()
    };
    let hindi = templates::duplicate(&rig.context, &rig.scope(), draft.id, hindi)
        .await
        .unwrap();
    assert_eq!(
        (hindi.name.as_str(), hindi.language.as_str()),
        ("order_way", "hi")
    );
    templates::remove(&rig.context, &rig.scope(), draft.id, false)
        .await
        .unwrap();
    assert!(rows::get(&rig.db, rig.workspace(), draft.id).await.is_err());
    assert_eq!(rig.row(hindi.id).await.status, "draft");
    sim.shutdown().await;
    rig.end().await;
}

#[db_test]
async fn edits_are_counted_and_told_before_meta_does(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    rig.first_listings().await;
    let row = rig.approved(&sim, "order_way").await;
    // The first change of an approved template.
    rig.write(&row, "Your order comes today.").await;
    let live = rig.row(row.id).await;
    assert_eq!(live.components[0]["text"], "Your order is on its way.");
    rig.submit(row.id).await.unwrap();
    let Err(TemplateError::Nothing) = rig.submit(row.id).await else {
        panic!("it is handed in");
    };
    rig.reviewed(&sim).await;
    let live = rig.row(row.id).await;
    assert_eq!(
        (
            live.status.as_str(),
            live.versions,
            &live.components[0]["text"]
        ),
        ("approved", 2, &json!("Your order comes today."))
    );
    // The second one on the same day is refused here.
    rig.write(&row, "Your order comes tomorrow.").await;
    let Err(TemplateError::Locked(locked)) = rig.submit(row.id).await else {
        panic!("once a day");
    };
    assert_eq!(
        (locked.reason, locked.edits_left),
        (Some("once_a_day"), Some(9))
    );
    rig.advance(&sim, Duration::from_hours(24));
    rig.submit(row.id).await.unwrap();
    rig.reviewed(&sim).await;
    assert_eq!(rig.row(row.id).await.versions, 3);
    sim.shutdown().await;
    rig.end().await;
}

#[db_test]
async fn a_change_made_at_meta_is_a_version_and_counts(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    rig.first_listings().await;
    let row = rig.approved(&sim, "order_way").await;
    rig.advance(&sim, Duration::from_mins(5));
    let edit = TemplateEdit {
        components: Some(vec![body("Written in Meta's own manager.")]),
        ..TemplateEdit::default()
    };
    let meta_id = row.meta_template_id.clone().unwrap();
    rig.meta.edit_template(&meta_id, &edit).await.unwrap();
    rig.reviewed(&sim).await;
    let versions = rows::versions(&rig.db, rig.workspace(), row.id)
        .await
        .unwrap();
    assert_eq!(versions.len(), 2);
    assert_eq!(
        (versions[0].origin.as_str(), versions[0].counted),
        ("meta", true)
    );
    let now = rig.row(row.id).await;
    let editable = templates::editable(&rig.context, rig.workspace(), &now)
        .await
        .unwrap();
    assert_eq!(
        (editable.allowed, editable.reason),
        (false, Some("once_a_day"))
    );
    // A listing that says the same again is no version.
    rig.synced().await;
    assert_eq!(rig.row(row.id).await.versions, 2);
    sim.shutdown().await;
    rig.end().await;
}

#[db_test]
async fn deleting_takes_one_language_or_all(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    rig.first_listings().await;
    let english = rig.approved(&sim, "order_way").await;
    let of = |language: &str| Duplicate {
        language: Some(language.to_owned()),
        ..Duplicate::default()
    };
    let mut others = Vec::new();
    for language in ["hi", "de"] {
        let copy = templates::duplicate(&rig.context, &rig.scope(), english.id, of(language))
            .await
            .unwrap();
        rig.submit(copy.id).await.unwrap();
        others.push(copy.id);
    }
    rig.reviewed(&sim).await;
    assert_eq!(rig.at_meta_named(&sim, "order_way").await, 3);
    templates::remove(&rig.context, &rig.scope(), english.id, false)
        .await
        .unwrap();
    assert_eq!(rig.at_meta_named(&sim, "order_way").await, 2);
    assert_eq!(rig.row(english.id).await.status, "deleted");
    assert_eq!(rig.row(others[0]).await.status, "approved");
    templates::remove(&rig.context, &rig.scope(), others[0], true)
        .await
        .unwrap();
    assert_eq!(rig.at_meta_named(&sim, "order_way").await, 0);
    assert_eq!(rig.row(others[1]).await.status, "deleted");
    // What is gone at Meta already is gone here.
    rig.reviewed(&sim).await;
    assert_eq!(rig.row(others[1]).await.status, "deleted");
    sim.shutdown().await;
    rig.end().await;
}

#[db_test]
async fn what_breaks_a_rule_never_reaches_meta(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    rig.first_listings().await;
    let wish = wish("order_way", "Your order is {{1}}");
    let draft = templates::create(&rig.context, &rig.scope(), wish)
        .await
        .unwrap();
    let Err(TemplateError::Problems(problems)) = rig.submit(draft.id).await else {
        panic!("the body ends with a variable");
    };
    let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["example_required", "body_ends_with_variable"]);
    assert_eq!(rig.at_meta_named(&sim, "order_way").await, 0);
    sim.shutdown().await;
    rig.end().await;
}

#[db_test]
async fn kinds_that_are_not_written_here_are_read_and_kept(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    rig.first_listings().await;
    let card = |no: usize| {
        json!({"components": [
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::a"]}},
            {"type": "BODY", "text": format!("Kite number {no}")},
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "See", "url": "https://kite.example"}]},
        ]})
    };
    let components: Value = json!([{"type": "BODY", "text": "New this week"}, {"type": "CAROUSEL", "cards": [card(1), card(2)]}]);
    let new = NewTemplate {
        name: "new_kites".to_owned(),
        language: "en".to_owned(),
        category: TemplateCategory::Marketing,
        parameter_format: None,
        components: serde_json::from_value(components).unwrap(),
        message_send_ttl_seconds: None,
        allow_category_change: None,
    };
    rig.meta
        .create_template(&sim.credentials.waba_id, &new)
        .await
        .unwrap();
    rig.reviewed(&sim).await;
    let row = rows::find(&rig.db, rig.workspace(), rig.waba, "new_kites", "en")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        row.components[1]["cards"][1]["components"][1]["text"],
        "Kite number 2"
    );
    sim.shutdown().await;
    rig.end().await;
}

#[db_test]
async fn the_sample_of_a_header_goes_to_meta_with_the_template(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    rig.first_listings().await;
    let known = &sim.credentials;
    // Samples are uploaded to the app that the account is reached through.
    wigwag_store::apps::put(&rig.db, &known.app_id, "Kite", &known.app_secret, "verify")
        .await
        .unwrap();
    let new = wigwag_store::wabas::New {
        portfolio: Some(rig.fixture.portfolio),
        app_id: known.app_id.clone(),
        waba_id: known.waba_id.clone(),
        name: "Kite & Co.".to_owned(),
        access_token: known.access_token.clone(),
    };
    wigwag_store::wabas::put(&rig.db, rig.workspace(), new)
        .await
        .unwrap();
    let mut receiver = wigwag_engine::media::receive(&rig.context, rig.workspace(), None)
        .await
        .unwrap();
    receiver
        .push(bytes::Bytes::from_static(b"%PDF-1.4 a bill"))
        .await
        .unwrap();
    let file = receiver.finish(Some("bill.pdf"), None).await.unwrap();
    let mut wish = wish("your_bill", "Your bill is here.");
    wish.draft.components = json!([
        {"type": "HEADER", "format": "DOCUMENT", "media_id": file.id.to_string()},
        {"type": "BODY", "text": "Your bill is here."},
    ]);
    let draft = templates::create(&rig.context, &rig.scope(), wish)
        .await
        .unwrap();
    let row = rig.submit(draft.id).await.unwrap();
    assert_eq!(
        (row.status.as_str(), row.header_media),
        ("pending", Some(file.id))
    );
    let handle = row.components[0]["example"]["header_handle"][0].as_str();
    assert!(handle.is_some_and(|handle| handle.starts_with("4::")));
    assert_eq!(row.components[0]["media_id"], Value::Null);
    // A copy brings the same file along.
    let copy = templates::duplicate(&rig.context, &rig.scope(), row.id, Duplicate::default())
        .await
        .unwrap();
    assert_eq!(copy.components[0]["media_id"], file.id.to_string());
    let row = rig.submit(copy.id).await.unwrap();
    assert_eq!(row.status, "pending");
    sim.shutdown().await;
    rig.end().await;
}
