//! The order of one contact's deliveries, and that none is lost when the process goes away.

use std::collections::HashMap;
use std::time::Duration;

use wigwag_store::endpoints;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::receiver::{Got, Receiver, Say};
use crate::rig::{Rig, eventually};

fn name(got: &Got) -> String {
    got.json()["data"]["contact"]["name"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[db_test]
async fn one_contacts_deliveries_wait_for_each_other_and_for_nobody_else(db: TestDb) {
    let rig = Rig::new(db).await;
    // What is told of the first person's first name is refused for a while.
    let receiver = Receiver::start(|got, before| {
        let first = name(got) == "Person 1";
        Say::Status(if first && before < 6 { 500 } else { 200 })
    })
    .await;
    let id = rig.endpoint(&receiver.url, &[]).await.endpoint.id;
    let asha = rig.person(1).await;
    rig.tried(id, 1).await;
    // What is told is what stands when it is queued: one after the other.
    for (waiting, name) in (1..).zip(["Asha 1", "Asha 2", "Asha 3"]) {
        rig.rename(asha, name).await;
        rig.until(id, "queued", waiting).await;
    }
    for no in 2..=6 {
        rig.person(no).await;
    }
    // The others are told; hers wait, in their order.
    rig.until(id, "delivered", 5).await;
    rig.until(id, "queued", 3).await;
    assert!(
        receiver
            .got()
            .iter()
            .all(|got| !name(got).starts_with("Asha"))
    );
    rig.db.clock.advance(Duration::from_secs(7));
    rig.until(id, "delivered", 9).await;
    let hers: Vec<String> = receiver
        .got()
        .iter()
        .map(name)
        .filter(|name| name.starts_with("Asha") || name == "Person 1")
        .collect();
    assert_eq!(hers, ["Person 1", "Person 1", "Asha 1", "Asha 2", "Asha 3"]);
    rig.end().await;
}

#[db_test]
async fn a_delivery_whose_end_was_not_recorded_is_told_again(db: TestDb) {
    let mut rig = Rig::new(db).await;
    let receiver = Receiver::willing().await;
    let id = rig.endpoint(&receiver.url, &[]).await.endpoint.id;
    rig.stop().await;
    let asha = rig.person(1).await;
    rig.rename(asha, "Asha 1").await;
    // Nobody spreads while no process works; nothing is lost.
    assert_eq!(
        endpoints::pending(&rig.db, rig.workspace(), 9)
            .await
            .unwrap()
            .len(),
        2
    );
    rig.start().await;
    rig.until(id, "delivered", 2).await;
    // A process that told it and died before it could say so: what is left is the claim.
    rig.stop().await;
    rig.rename(asha, "Asha 2").await;
    let happened = endpoints::pending(&rig.db, rig.workspace(), 9)
        .await
        .unwrap();
    let delivery = endpoints::NewDelivery {
        endpoint: id,
        seq: happened[0].seq,
        topic: happened[0].facts.as_ref().unwrap().topic(),
        kind: "contact.changed".to_owned(),
        body: receiver.got()[1].body.replace("Asha 1", "Asha 2"),
    };
    endpoints::spread(&rig.db, rig.workspace(), vec![delivery.seq], vec![delivery])
        .await
        .unwrap();
    let due = endpoints::due(&rig.db).await.unwrap();
    let now = rig.db.mint().now();
    let lease = Duration::from_mins(1);
    let held = endpoints::claim(&rig.db, &due[0], "local", now, lease, 9)
        .await
        .unwrap();
    assert_eq!(held.len(), 1);
    rig.rename(asha, "Asha 3").await;
    rig.start().await;
    rig.until(id, "delivered", 4).await;
    // What happened while nobody worked is written out as it is when somebody does.
    let names: Vec<String> = receiver.got().iter().map(name).collect();
    assert_eq!(names, ["Asha 1", "Asha 1", "Asha 2", "Asha 3"]);
    let kinds = receiver.types();
    assert_eq!(kinds[0], "contact.created");
    assert!(kinds[1..].iter().all(|kind| kind == "contact.changed"));
    rig.end().await;
}

#[db_test]
async fn stopping_in_the_middle_loses_nothing(db: TestDb) {
    let mut rig = Rig::new(db).await;
    let receiver = Receiver::willing().await;
    let id = rig.endpoint(&receiver.url, &[]).await.endpoint.id;
    let mut people = Vec::new();
    for no in 0..6 {
        people.push(rig.person(no).await);
    }
    for round in 0..8 {
        for (no, person) in people.iter().enumerate() {
            rig.rename(*person, &format!("{no} {round}")).await;
        }
        // As soon as something of this round has come.
        eventually("something came", async || {
            let came = |got: &Got| name(got).ends_with(&format!(" {round}"));
            receiver.got().iter().any(came).then_some(())
        })
        .await;
        rig.stop().await;
        rig.start().await;
        // What is told is what stands when it is written out: this round before the next.
        eventually("the round is written out", async || {
            let left = endpoints::pending(&rig.db, rig.workspace(), 1)
                .await
                .unwrap();
            left.is_empty().then_some(())
        })
        .await;
    }
    rig.until(id, "delivered", 6 * 9).await;
    let mut of: HashMap<String, Vec<usize>> = HashMap::new();
    for got in receiver.got() {
        let name = name(&got);
        let (no, round) = name.split_once(' ').unwrap();
        if no != "Person" {
            of.entry(no.to_owned())
                .or_default()
                .push(round.parse().unwrap());
        }
    }
    assert_eq!(of.len(), 6);
    for (no, mut rounds) in of {
        assert!(rounds.is_sorted(), "{no}: {rounds:?}");
        rounds.dedup();
        assert_eq!(rounds, [0, 1, 2, 3, 4, 5, 6, 7], "{no}");
    }
    rig.end().await;
}
