//! Block lists in step with Meta's.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::json;
use wigwag_engine::{bulk as actions, wait};
use wigwag_meta::Client;
use wigwag_meta::client::Config;
use wigwag_model::bulk::BulkAction;
use wigwag_model::{BulkId, ContactId};
use wigwag_store::blocks::Standing;
use wigwag_store::bulk::{self, NewBulk, State, Who};
use wigwag_store::contacts;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::support::{PATIENCE, World};

const ASHA: &str = "+919812345671";
const RAVI: &str = "+919812345672";
const HOUR: Duration = Duration::from_hours(1);

/// Asks until the answer is there.
async fn eventually(what: &str, ask: impl AsyncFn() -> bool) {
    let asking = async {
        while !ask().await {
            wait::pause(Duration::from_millis(10)).await;
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, asking).await;
    assert!(in_time.is_ok(), "waited in vain: {what}");
}

impl World {
    fn advance(&self, span: Duration) {
        self.sim.advance(span);
        self.db.clock.advance(span);
    }

    async fn is_there(&self, phone: &str) {
        let person = json!({"name": "Somebody", "phone": phone});
        self.tell("persons", &person).await;
    }

    /// Somebody writes, at Meta and here.
    async fn writes(&self, phone: &str) -> ContactId {
        let message = json!({"person": phone, "text": "Hello"});
        self.tell("inbound", &message).await;
        self.heard(phone).await
    }

    /// A message comes here.
    async fn heard(&self, phone: &str) -> ContactId {
        let wa_id = phone.trim_start_matches('+');
        self.db.heard(&self.f, self.f.number, wa_id).await
    }

    async fn act(&self, action: BulkAction, people: &[ContactId]) -> BulkId {
        let new = NewBulk {
            action,
            who: Who::Listed(people.to_vec()),
            actor: self.f.owner.to_string(),
        };
        let begun = bulk::begin(&self.db, self.f.workspace, new).await.unwrap();
        begun.id
    }

    /// Somebody else's access to the same account.
    fn elsewhere(&self) -> Client {
        let token = self.sim.credentials.access_token.clone();
        let config = Config::at(self.sim.url.parse().unwrap());
        Client::new(config, SecretString::from(token)).unwrap()
    }

    /// Whom Meta blocks.
    async fn at_meta(&self) -> Vec<String> {
        let listed = self
            .elsewhere()
            .list_blocked_users(&self.f.phone_number_id)
            .await
            .unwrap();
        listed
            .into_iter()
            .map(|user| format!("+{}", user.wa_id.unwrap()))
            .collect()
    }

    /// Waits until Meta blocks these and no others, and what it said of those who were let in is written
    /// down: until then they stand as listed, and so they would if they were blocked again.
    async fn lets_in_all_but(&self, left: &[&str]) {
        eventually("Meta lets them in", async || self.at_meta().await == left).await;
        eventually("it is written down", async || {
            let open =
                "SELECT COUNT(*) FROM blocks WHERE wanted = 0 AND (listed = 1 OR unsure = 1)";
            self.count(open).await == 0
        })
        .await;
    }

    async fn standing(&self, id: ContactId) -> Option<Standing> {
        contacts::details(&self.db, self.f.workspace, id)
            .await
            .unwrap()
            .whatsapp_block
    }

    async fn comes_to(&self, id: ContactId, wanted: Standing) {
        let what = format!("the block is {}", wanted.as_str());
        eventually(&what, async || self.standing(id).await == Some(wanted)).await;
    }
}

#[db_test]
async fn who_is_blocked_here_is_blocked_at_meta_and_let_in_again(db: TestDb) {
    let world = World::new(db).await;
    let engine = world.engine().await;
    world.is_there(ASHA).await;
    let asha = world.writes(ASHA).await;
    world.act(BulkAction::Block, &[asha]).await;
    world.comes_to(asha, Standing::Listed).await;
    assert_eq!(world.at_meta().await, [ASHA]);
    let message = json!({"person": ASHA, "text": "let me in"});
    let answer = world.tell("inbound", &message).await;
    assert_eq!(answer["webhook"], "blocked by the business");
    world.act(BulkAction::Unblock, &[asha]).await;
    world.lets_in_all_but(&[]).await;
    assert_eq!(world.standing(asha).await, None);
    world.end(engine).await;
}

#[db_test]
async fn whom_meta_does_not_block_yet_waits_for_a_message(db: TestDb) {
    let world = World::new(db).await;
    let engine = world.engine().await;
    for phone in [ASHA, RAVI] {
        world.is_there(phone).await;
    }
    // Of Ravi's message Meta knows nothing: one of the two is refused.
    let (asha, ravi) = (world.writes(ASHA).await, world.heard(RAVI).await);
    world.act(BulkAction::Block, &[asha, ravi]).await;
    world.comes_to(asha, Standing::Listed).await;
    world.comes_to(ravi, Standing::Waiting).await;
    assert_eq!(world.at_meta().await, [ASHA]);
    world.advance(Duration::from_secs(30));
    world.writes(RAVI).await;
    world.advance(Duration::from_secs(30));
    world.comes_to(ravi, Standing::Listed).await;
    assert_eq!(world.at_meta().await, [ASHA, RAVI]);
    // Whoever wrote too long ago is not asked about.
    world.act(BulkAction::Unblock, &[ravi]).await;
    world.lets_in_all_but(&[ASHA]).await;
    world.advance(25 * HOUR);
    world.act(BulkAction::Block, &[ravi]).await;
    world.comes_to(ravi, Standing::Waiting).await;
    world.end(engine).await;
}

#[db_test]
async fn what_somebody_must_mend_is_asked_again(db: TestDb) {
    let world = World::new(db).await;
    let engine = world.engine().await;
    world.is_there(ASHA).await;
    let asha = world.writes(ASHA).await;
    let number = format!("numbers/{}", world.f.phone_number_id);
    world.tell(&number, &json!({"token_valid": false})).await;
    world.act(BulkAction::Block, &[asha]).await;
    world.comes_to(asha, Standing::Refused).await;
    world.tell(&number, &json!({"token_valid": true})).await;
    world.advance(Duration::from_secs(60));
    world.comes_to(asha, Standing::Listed).await;
    world.end(engine).await;
}

#[db_test]
async fn lists_are_compared_once_a_day(db: TestDb) {
    let world = World::new(db).await;
    for phone in [ASHA, RAVI] {
        world.is_there(phone).await;
    }
    let asha = world.writes(ASHA).await;
    // Ravi is nobody's contact.
    let ravi = json!({"person": RAVI, "text": "Hello"});
    world.tell("inbound", &ravi).await;
    let (elsewhere, number) = (world.elsewhere(), world.f.phone_number_id.clone());
    elsewhere.block_users(&number, &[ASHA, RAVI]).await.unwrap();
    world.advance(Duration::from_secs(5));
    let engine = world.engine().await;
    world.comes_to(asha, Standing::Listed).await;
    // By an action that is listed, and can be taken back.
    let workspace = world.f.workspace;
    let (listed, _) = bulk::list(&world.db, workspace, None, 10).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].created_by, "system");
    let done = async || {
        let mut on = world.db.reader().await.unwrap();
        let action = bulk::get(&mut on, workspace, listed[0].id).await.unwrap();
        action.state == State::Done
    };
    eventually("the action has ended", done).await;
    actions::begin_undo(
        engine.context(),
        workspace,
        listed[0].id,
        "system".to_owned(),
    )
    .await
    .unwrap();
    world.lets_in_all_but(&[RAVI]).await;
    // Blocked here, and let in by somebody at Meta.
    world.advance(Duration::from_secs(5));
    world.writes(ASHA).await;
    world.act(BulkAction::Block, &[asha]).await;
    world.comes_to(asha, Standing::Listed).await;
    elsewhere.unblock_users(&number, &[ASHA]).await.unwrap();
    world.advance(27 * HOUR);
    world.comes_to(asha, Standing::Waiting).await;
    world.writes(ASHA).await;
    world.advance(Duration::from_secs(30));
    world.comes_to(asha, Standing::Listed).await;
    assert_eq!(world.at_meta().await, [RAVI, ASHA]);
    world.end(engine).await;
}
