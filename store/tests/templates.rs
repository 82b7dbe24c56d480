//! Templates that are written here, beside the listings of Meta's.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends where something is amiss"
)]

use std::time::Duration;

use serde_json::json;
use wigwag_model::TemplateId;
use wigwag_store::templates::{
    self, Accepted, Claim, Content, Listed, New, Save, Submission, Template,
};
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{Error, sql};
use wigwag_store_macros::db_test;

fn content(text: &str) -> Content {
    Content {
        category: "utility".to_owned(),
        parameter_format: "positional".to_owned(),
        components: json!([{"type": "BODY", "text": text}]),
        ttl_seconds: None,
    }
}

fn listed(name: &str, status: &str, text: &str) -> Listed {
    Listed {
        meta_template_id: format!("1{name}"),
        name: name.to_owned(),
        language: "en".to_owned(),
        category: "utility".to_owned(),
        previous_category: None,
        status: status.to_owned(),
        quality: "green".to_owned(),
        rejected_reason: None,
        rejection_words: None,
        rejection_advice: None,
        parameter_format: "positional".to_owned(),
        components: json!([{"type": "BODY", "text": text}]).to_string(),
        ttl_seconds: None,
        updated_at: None,
    }
}

struct World {
    db: TestDb,
    f: Fixture,
}

impl World {
    async fn new(db: TestDb) -> Self {
        let f = db.workspace().await;
        Self { db, f }
    }

    async fn draft(&self, name: &str) -> TemplateId {
        let new = New {
            waba: self.f.waba,
            name: name.to_owned(),
            language: "en".to_owned(),
            content: content("Hello"),
            actor: "member_1".to_owned(),
        };
        templates::create(&self.db, self.f.workspace, new)
            .await
            .unwrap()
    }

    async fn claim(&self, id: TemplateId) -> Submission {
        let actor = "member_1".to_owned();
        match templates::claim(&self.db, self.f.workspace, id, actor).await {
            Ok(Claim::Yours(submission)) => *submission,
            other => panic!("the claim is ours: {other:?}"),
        }
    }

    async fn accept(&self, submission: Submission, meta_id: &str) {
        let accepted = Accepted {
            meta_template_id: meta_id.to_owned(),
            status: "pending".to_owned(),
            category: None,
            components: submission.content.components.clone(),
            header_media: None,
        };
        templates::accepted(&self.db, self.f.workspace, submission, accepted)
            .await
            .unwrap();
    }

    async fn replace(&self, all: Vec<Listed>) {
        self.db.clock.advance(Duration::from_secs(1));
        let at = self.db.mint().now();
        templates::replace(&self.db, self.f.workspace, self.f.waba, all, at)
            .await
            .unwrap();
        self.db.clock.advance(Duration::from_secs(1));
    }

    async fn row(&self, id: TemplateId) -> Template {
        templates::get(&self.db, self.f.workspace, id)
            .await
            .unwrap()
    }

    async fn save(
        &self,
        id: TemplateId,
        text: &str,
        revision: Option<i64>,
    ) -> Result<Template, Error> {
        let save = Save {
            place: None,
            content: content(text),
            revision,
        };
        templates::save(&self.db, self.f.workspace, id, save).await
    }
}

#[db_test]
async fn a_draft_stays_through_listings_that_do_not_know_it(db: TestDb) {
    let world = World::new(db).await;
    let id = world.draft("a").await;
    world.replace(vec![listed("b", "approved", "Hi")]).await;
    world.replace(Vec::new()).await;
    let row = world.row(id).await;
    assert_eq!((row.status.as_str(), row.meta_template_id), ("draft", None));
    assert_eq!(row.edit, Some(content("Hello")));
    world.db.remove().await;
}

#[db_test]
async fn a_name_that_appears_at_meta_takes_no_draft_away(db: TestDb) {
    let world = World::new(db).await;
    let id = world.draft("a").await;
    world.replace(vec![listed("a", "approved", "Theirs")]).await;
    let row = world.row(id).await;
    assert_eq!(row.components[0]["text"], "Theirs");
    assert_eq!(row.edit, Some(content("Hello")));
    assert_eq!((row.status.as_str(), row.versions), ("approved", 1));
    // It goes, and the row stays for the messages that name it.
    world.replace(Vec::new()).await;
    assert_eq!(world.row(id).await.status, "deleted");
    // The name is free again, under the same id.
    assert_eq!(world.draft("a").await, id);
    assert_eq!(world.row(id).await.status, "draft");
    world.db.remove().await;
}

#[db_test]
async fn two_who_write_at_once_are_told(db: TestDb) {
    let world = World::new(db).await;
    let id = world.draft("a").await;
    let read = world.row(id).await.revision;
    world.save(id, "One", Some(read)).await.unwrap();
    let late = world.save(id, "Two", Some(read)).await;
    assert!(matches!(late, Err(Error::Stale)));
    assert_eq!(world.row(id).await.components[0]["text"], "One");
    let other = world.db.workspace().await;
    let foreign = templates::get(&world.db, other.workspace, id).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    world.db.remove().await;
}

#[db_test]
async fn a_submission_is_claimed_once_and_again_after_its_lease(db: TestDb) {
    let world = World::new(db).await;
    let id = world.draft("a").await;
    let first = world.claim(id).await;
    assert!(!first.unsure);
    let actor = || "member_2".to_owned();
    let second = templates::claim(&world.db, world.f.workspace, id, actor()).await;
    assert!(matches!(second, Ok(Claim::Running)));
    let saved = world.save(id, "While it runs", None).await;
    assert!(matches!(saved, Err(Error::Stale)));
    world.db.clock.advance(Duration::from_mins(2));
    let again = world.claim(id).await;
    assert!(again.unsure, "look at Meta first");
    // Whoever comes late records nothing.
    world.accept(first, "1").await;
    assert_eq!(world.row(id).await.status, "draft");
    world.accept(again, "2").await;
    let row = world.row(id).await;
    assert_eq!(
        (
            row.status.as_str(),
            row.meta_template_id.as_deref(),
            row.versions
        ),
        ("pending", Some("2"), 1)
    );
    assert!(row.edit.is_none() && row.submitting_at.is_none());
    world.db.remove().await;
}

#[db_test]
async fn a_listing_ends_a_submission_without_an_answer(db: TestDb) {
    let world = World::new(db).await;
    let id = world.draft("a").await;
    let submission = world.claim(id).await;
    let mut found = listed("a", "approved", "Hello");
    found.category = "marketing".to_owned();
    world.replace(vec![found]).await;
    let row = world.row(id).await;
    assert_eq!(
        (row.status.as_str(), row.submitting_at, row.versions),
        ("approved", None, 1)
    );
    assert!(row.edit.is_none());
    // Meta judged it otherwise.
    assert_eq!(row.previous_category.as_deref(), Some("utility"));
    assert!(row.category_changed_at.is_some());
    // The answer that comes after all changes nothing.
    world.accept(submission, "late").await;
    assert_eq!(world.row(id).await.status, "approved");
    let versions = templates::versions(&world.db, world.f.workspace, id)
        .await
        .unwrap();
    assert_eq!((versions.len(), versions[0].origin.as_str()), (1, "here"));
    world.db.remove().await;
}

#[db_test]
async fn versions_tell_who_wrote_what_and_what_counts(db: TestDb) {
    let world = World::new(db).await;
    let id = world.draft("a").await;
    let submission = world.claim(id).await;
    world.accept(submission, "1a").await;
    // The first listing shows our own text as Meta writes it: no version.
    world.replace(vec![listed("a", "approved", "Hello")]).await;
    assert_eq!(world.row(id).await.versions, 1);
    world.save(id, "Hello again", None).await.unwrap();
    let submission = world.claim(id).await;
    world.accept(submission, "1a").await;
    world
        .replace(vec![listed("a", "approved", "Hello again")])
        .await;
    world.replace(vec![listed("a", "approved", "Theirs")]).await;
    world.replace(vec![listed("a", "approved", "Theirs")]).await;
    let versions = templates::versions(&world.db, world.f.workspace, id)
        .await
        .unwrap();
    let told: Vec<_> = versions
        .iter()
        .map(|one| (one.no, one.origin.as_str(), one.counted))
        .collect();
    assert_eq!(
        told,
        [(3, "meta", true), (2, "here", true), (1, "here", false)]
    );
    let since = world.db.mint().now().minus(Duration::from_hours(24));
    let edits = templates::edits(&world.db, world.f.workspace, &[id], since)
        .await
        .unwrap();
    assert_eq!(edits[&id].len(), 2);
    world.db.remove().await;
}

#[db_test]
async fn drafts_go_and_what_meta_had_stays_as_deleted(db: TestDb) {
    let world = World::new(db).await;
    let id = world.draft("a").await;
    templates::remove(&world.db, world.f.workspace, id)
        .await
        .unwrap();
    let left = sql("SELECT COUNT(*) FROM templates")
        .fetch_one(&mut world.db.reader().await.unwrap())
        .await
        .unwrap();
    assert_eq!(left.int(0).unwrap(), 0);
    let id = world.draft("b").await;
    let submission = world.claim(id).await;
    world.accept(submission, "1b").await;
    templates::gone(&world.db, world.f.workspace, vec![id])
        .await
        .unwrap();
    assert_eq!(world.row(id).await.status, "deleted");
    // A listing that was read before does not bring it back.
    world.db.remove().await;
}
