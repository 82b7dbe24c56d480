//! What is exported comes back as it was: into an empty workspace, and out again to the same bytes.

use std::collections::BTreeMap;

use serde_json::json;
use wigwag_engine::imports::ContactsFile;
use wigwag_model::audience::Filter;
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, Timestamp, WorkspaceId};
use wigwag_store::Priority;
use wigwag_store::consent::{self, Rule, Word};
use wigwag_store::contacts::{self, Known, NewContact, Profile};
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::rig::Rig;

async fn file_of(rig: &Rig, workspace: WorkspaceId, filter: &Filter) -> String {
    let now = rig.db.mint().now();
    let file = ContactsFile::begin(rig.context(), workspace, filter, now)
        .await
        .unwrap();
    let (mut text, mut after) = (file.head(), Some(0));
    while let Some(from) = after {
        let (lines, next) = file.lines(rig.context(), from).await.unwrap();
        text.push_str(&lines);
        after = next;
    }
    text
}

async fn person(
    rig: &Rig,
    phone: &str,
    name: &str,
    tags: &[&str],
    traits: serde_json::Value,
) -> ContactId {
    let traits: BTreeMap<String, serde_json::Value> = serde_json::from_value(traits).unwrap();
    let new = NewContact {
        name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        phone: Phone::parse(phone, None).unwrap(),
        email: name
            .contains("Rao")
            .then(|| "asha+kites@kite.example".to_owned()),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        traits,
        source: "manual",
    };
    contacts::create(&rig.db, rig.workspace(), new)
        .await
        .unwrap()
        .id()
}

async fn said(rig: &Rig, contact: ContactId, category: Category, state: ConsentState, at: i64) {
    let word = Word {
        workspace: rig.workspace(),
        contact,
        category,
        state,
        source: "keyword".to_owned(),
        actor: "system".to_owned(),
        text: None,
        at: Timestamp::from_micros(at),
    };
    rig.db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move { consent::put(tx, Rule::Own, &[word]).await })
        })
        .await
        .unwrap();
}

async fn external(rig: &Rig, phone: &str, id: &str) {
    let profile = Profile {
        known: Known {
            external: Some(id.to_owned()),
            phone: Some(Phone::parse(phone, None).unwrap()),
        },
        actor: "system".to_owned(),
        ..Profile::default()
    };
    contacts::identify(&rig.db, rig.workspace(), profile)
        .await
        .unwrap();
}

/// People with everything that makes trouble in a file.
async fn troublesome(rig: &Rig) {
    let asha = person(
        rig,
        "+919876543210",
        "आशा Rao, \"the kite\"\nsecond line",
        &["=1+1", "a,b; c", "\"quoted\"", "vip", "नया"],
        json!({
            "city": "=HYPERLINK(\"http://x\")", "zip": "00501", "digits": "12345", "spent": 12.5, "huge": 1e21,
            "member": true, "born": "1990-05-01", "likes": ["Tea, black", "\"12\"", "@kites", "-"], "note": "words first"
        }),
    )
    .await;
    said(
        rig,
        asha,
        Category::Marketing,
        ConsentState::Denied,
        1_795_400_000_123_456,
    )
    .await;
    said(
        rig,
        asha,
        Category::Utility,
        ConsentState::Granted,
        1_795_300_000_000_000,
    )
    .await;
    external(rig, "+919876543210", "+cust-1").await;
    person(
        rig,
        "+442079460958",
        "-Минус",
        &["@at"],
        json!({"note": "'=apostrophe", "city": "São Paulo"}),
    )
    .await;
    person(
        rig,
        "+14155550123",
        "",
        &[],
        json!({"note": "2026-11-23", "digits": "0"}),
    )
    .await;
    person(
        rig,
        "+919876543213",
        "''=two",
        &["'single"],
        json!({"spent": -3, "member": false, "likes": []}),
    )
    .await;
    external(rig, "+14155550123", "00017").await;
}

#[db_test]
async fn an_export_imports_back_unchanged(db: TestDb) {
    let rig = Rig::new(db).await;
    troublesome(&rig).await;
    let everyone = Filter::everyone();
    let first = file_of(&rig, rig.workspace(), &everyone).await;
    assert!(first.starts_with('\u{feff}') && first.contains("consent:marketing"));
    // No cell is a formula to a spreadsheet.
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(first.trim_start_matches('\u{feff}').as_bytes());
    let mut cells = 0;
    for record in reader.records() {
        for cell in &record.unwrap() {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{cell:?}"
            );
            cells += 1;
        }
    }
    assert_eq!(cells % 5, 0, "a head and four people");

    let other = rig.db.workspace().await;
    let import = rig.upload_to(other.workspace, first.as_bytes()).await;
    let wish = Rig::wish(&import);
    assert!(
        wish.mapping.contains(&"external_id".to_owned()),
        "{:?}",
        wish.mapping
    );
    let done = rig.run_in(other.workspace, &import, &wish).await;
    assert_eq!((done.created, done.failed, done.duplicates), (4, 0, 0));
    let second = file_of(&rig, other.workspace, &everyone).await;
    assert_eq!(second, first);
    // And once more onto what is there: nothing changes.
    let again = rig.upload_to(other.workspace, second.as_bytes()).await;
    let done = rig
        .run_in(other.workspace, &again, &Rig::wish(&again))
        .await;
    assert_eq!((done.created, done.updated, done.failed), (0, 0, 0));
    assert_eq!(file_of(&rig, other.workspace, &everyone).await, first);
    rig.end().await;
}

#[db_test]
async fn an_export_holds_whom_the_filter_finds_and_nobody_who_comes_later(db: TestDb) {
    let rig = Rig::new(db).await;
    troublesome(&rig).await;
    let filter = Filter::read(&json!({"tag": "VIP"})).unwrap();
    let now = rig.db.mint().now();
    let file = ContactsFile::begin(rig.context(), rig.workspace(), &filter, now)
        .await
        .unwrap();
    person(&rig, "+919876500000", "Late", &["vip"], json!({})).await;
    let (lines, next) = file.lines(rig.context(), 0).await.unwrap();
    assert_eq!(next, None);
    assert!(lines.starts_with("'+919876543210,"), "{lines}");
    assert!(
        !lines.contains("+9198765 00000") && !lines.contains("Late"),
        "{lines}"
    );
    rig.end().await;
}

#[db_test]
async fn what_columns_gave_goes_with_the_import(db: TestDb) {
    let rig = Rig::new(db).await;
    let asha = person(&rig, "+919876543210", "Asha", &[], json!({})).await;
    let file = "phone,external_id,consent:marketing,consent:utility\n\
                +919876543210,cust-1,granted 2026-01-02T03:04:05Z,denied\n\
                +919876543211,cust-1,granted,\n\
                +919876543212,cust-2,perhaps,\n\
                +919876543213,cust-3,granted,\n";
    let import = rig.upload(file.as_bytes()).await;
    let done = rig.run(&import, &Rig::wish(&import)).await;
    assert_eq!((done.created, done.updated, done.failed), (1, 1, 2));
    let problems = wigwag_store::imports::problems(&rig.db, rig.workspace(), import.id, 0, 10)
        .await
        .unwrap();
    let told: Vec<(i64, &str)> = problems
        .iter()
        .map(|problem| (problem.row_no, problem.field.as_str()))
        .collect();
    assert_eq!(told, [(2, "external_id"), (3, "consent:marketing")]);
    let standing =
        "SELECT category || ' ' || state || ' ' || source FROM consent ORDER BY category, state";
    assert_eq!(
        rig.texts(standing).await,
        [
            "marketing granted import",
            "marketing granted import",
            "utility denied import"
        ]
    );
    let ids = "SELECT value FROM contact_identities WHERE kind = 'external' ORDER BY value";
    assert_eq!(rig.texts(ids).await, ["cust-1", "cust-3"]);
    let undone = rig.undo(import.id).await;
    assert_eq!(
        (undone.removed, undone.restored, undone.withdrawn),
        (1, 1, 1)
    );
    // The yes is withdrawn, the no stays; the id is nobody's again.
    assert_eq!(
        rig.texts(standing).await,
        ["marketing unknown import undone", "utility denied import"]
    );
    assert!(rig.texts(ids).await.is_empty());
    let there = contacts::get(&mut rig.db.reader().await.unwrap(), rig.workspace(), asha).await;
    assert!(there.is_ok());
    rig.end().await;
}
