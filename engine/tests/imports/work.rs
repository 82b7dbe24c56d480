//! What an import writes, counts, reports and leaves alone.

use std::fmt::Write as _;
use std::time::Duration;

use wigwag_engine::imports::{self, Agreement};
use wigwag_engine::wait;
use wigwag_model::Timestamp;
use wigwag_model::consent::{Category, ConsentState};
use wigwag_store::consent::{self, Rule, Word};
use wigwag_store::imports::{Chunk, State};
use wigwag_store::testing::TestDb;
use wigwag_store::{Error, Priority, audience};
use wigwag_store_macros::db_test;

use crate::rig::Rig;

fn agreement() -> Agreement {
    Agreement {
        category: Category::Marketing,
        source: "Form at the till".to_owned(),
        at: Timestamp::from_seconds(1_790_000_000),
        text: "Send me offers".to_owned(),
    }
}

#[db_test]
async fn an_import_says_what_the_database_holds(db: TestDb) {
    let rig = Rig::new(db).await;
    let mut file = String::from("Full name,Mobile,E-mail,Tags,City,Code\n");
    for at in 0..1_000 {
        writeln!(
            file,
            "Person {at},98765{at:05},p{at}@kite.example,vip;n{},Pune,K-{at}",
            at % 3
        )
        .unwrap();
    }
    file.push_str("Doubled,+91 98765 00007,,,Goa,D\n");
    file.push_str("No phone,,,,,\nLetters,call me,,,,\nShort,12,,,,\nRounded,9.19877E+11,,,,\nMail,9876601000,not an address,,,\n");
    file.push_str("Cells,9876601001,,,,,more\n");
    let import = rig.upload(file.as_bytes()).await;
    let mut wish = Rig::wish(&import);
    assert_eq!(
        wish.mapping,
        [
            "name",
            "phone",
            "email",
            "tags",
            "column:City",
            "column:Code"
        ]
    );
    wish.mapping[4] = "trait:city".to_owned();
    wish.consent = Some(agreement());
    wish.tags = vec!["fair".to_owned()];

    let report = imports::check(rig.context(), rig.workspace(), &import, &wish)
        .await
        .unwrap();
    assert_eq!(
        (
            report.rows,
            report.new,
            report.existing,
            report.duplicates,
            report.failed
        ),
        (1_007, 1_000, 0, 1, 6)
    );
    assert_eq!(
        (report.granted, report.kept_denied, report.problems.len()),
        (1_000, 0, 7)
    );
    assert_eq!(
        rig.count("SELECT COUNT(*) FROM contacts").await,
        0,
        "a rehearsal writes nothing"
    );

    let done = rig.run(&import, &wish).await;
    assert_eq!(done.state, State::Done);
    assert_eq!((done.rows_total, done.rows_done), (1_007, 1_007));
    assert_eq!(
        (
            done.created,
            done.updated,
            done.duplicates,
            done.failed,
            done.granted
        ),
        (1_000, 0, 1, 6, 1_000)
    );
    for (question, wanted) in [
        (
            "SELECT COUNT(*) FROM contacts WHERE source = 'import'",
            done.created,
        ),
        (
            "SELECT COUNT(*) FROM contact_identities WHERE kind = 'phone'",
            done.created,
        ),
        (
            "SELECT COUNT(*) FROM contact_tags WHERE tag_key = 'fair'",
            done.created,
        ),
        (
            "SELECT COUNT(*) FROM contact_traits WHERE key = 'city' AND text = 'pune'",
            done.created,
        ),
        (
            "SELECT COUNT(*) FROM consent WHERE category = 'marketing' AND state = 'granted' AND source = 'import'",
            done.granted,
        ),
        (
            "SELECT COUNT(*) FROM consent_log WHERE text = 'Form at the till: Send me offers'",
            done.granted,
        ),
        ("SELECT COUNT(*) FROM audience_list_members", done.created),
        ("SELECT members FROM audience_lists", done.created),
        (
            "SELECT COUNT(*) FROM import_problems",
            done.failed + done.duplicates,
        ),
        ("SELECT COUNT(DISTINCT no) FROM contacts", done.created),
    ] {
        assert_eq!(rig.count(question).await, wanted, "{question}");
    }
    let filter = serde_json::json!({"all": [{"tag": "n1"}, {"list": done.list.unwrap()}, {"trait": {"key": "city", "is": {"eq": "pune"}}}]});
    let filter = wigwag_model::audience::Filter::read(&filter).unwrap();
    let mut snapshot = rig.db.snapshot().await.unwrap();
    let people = audience::page(
        &mut snapshot,
        rig.workspace(),
        &filter,
        rig.db.mint().now(),
        None,
        None,
        1_000,
    )
    .await
    .unwrap();
    drop(snapshot);
    assert_eq!(people.len(), 333);
    let one = people
        .iter()
        .find(|person| person.contact.name.as_deref() == Some("Person 1"))
        .unwrap();
    assert_eq!(one.columns["Code"], "K-1");

    // What is said about the columns is there for the next file.
    let names: Vec<String> = import
        .columns
        .iter()
        .map(|column| column.name.clone())
        .collect();
    let known = wigwag_store::imports::remembered(&rig.db, rig.workspace(), &names)
        .await
        .unwrap();
    assert_eq!(known[4].as_deref(), Some("trait:city"));

    // The file of errors is corrected and put back.
    let problems = wigwag_store::imports::problems(&rig.db, rig.workspace(), import.id, 0, 100)
        .await
        .unwrap();
    let rows: Vec<i64> = problems.iter().map(|problem| problem.row_no).collect();
    assert_eq!(
        rows,
        [1_001, 1_002, 1_003, 1_004, 1_005, 1_006, 1_007],
        "each with its number"
    );
    let file = imports::error_head(&import.columns)
        + &imports::error_lines(import.columns.len(), &problems);
    assert!(
        file.contains("'+91 98765 00007"),
        "no cell is a formula: {file}"
    );
    let corrected = file
        .replace("No phone,,", "No phone,9876602000,")
        .replace("call me", "9876602001")
        .replace("Short,12", "Short,9876602002")
        .replace("9.19877E+11", "9876602003")
        .replace("not an address", "a@b.example");
    let import = rig.upload(corrected.as_bytes()).await;
    let wish = Rig::wish(&import);
    assert_eq!(wish.mapping.last().map(String::as_str), Some("ignore"));
    let done = rig.run(&import, &wish).await;
    assert_eq!(
        (done.rows_total, done.created, done.failed),
        (7, 5, 1),
        "the row with a cell too many is still wrong"
    );
    assert_eq!(
        done.updated, 1,
        "the doubled one is somebody by now: its name"
    );
    rig.end().await;
}

#[db_test]
async fn an_import_adds_to_people_and_never_turns_a_no_into_a_yes(db: TestDb) {
    let rig = Rig::new(db).await;
    let first = rig.upload(b"name,phone,tags,city\nAsha,9876500001,old,Pune\nRavi,9876500002,,Pune\nMira,9876500003,,\n").await;
    let mut wish = Rig::wish(&first);
    wish.mapping[3] = "trait:city".to_owned();
    let done = rig.run(&first, &wish).await;
    assert_eq!(
        (done.created, done.granted),
        (3, 0),
        "without a word nobody agreed"
    );
    assert_eq!(rig.count("SELECT COUNT(*) FROM consent").await, 0);
    let ids: Vec<wigwag_model::ContactId> = {
        let rows = wigwag_store::sql("SELECT id FROM contacts ORDER BY no")
            .fetch_all(&mut rig.db.reader().await.unwrap())
            .await
            .unwrap();
        rows.iter().map(|row| row.id(0).unwrap()).collect()
    };
    let word = Word {
        workspace: rig.workspace(),
        contact: ids[0],
        category: Category::Marketing,
        state: ConsentState::Denied,
        source: "keyword".to_owned(),
        actor: "system".to_owned(),
        text: Some("STOP".to_owned()),
        at: Timestamp::from_seconds(1_700_000_000),
    };
    rig.db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move { consent::put(tx, Rule::Own, &[word]).await })
        })
        .await
        .unwrap();
    let second = rig
        .upload(b"name,phone,tags,city\nAsha Rao,+919876500001,new,\n,9876500002,,Goa\n,9876500003,,\nNina,9876500004,,\n")
        .await;
    let mut wish = Rig::wish(&second);
    wish.mapping[3] = "trait:city".to_owned();
    wish.consent = Some(agreement());
    let report = imports::check(rig.context(), rig.workspace(), &second, &wish)
        .await
        .unwrap();
    assert_eq!(
        (
            report.new,
            report.existing,
            report.granted,
            report.kept_denied
        ),
        (1, 3, 3, 1)
    );
    let done = rig.run(&second, &wish).await;
    assert_eq!(
        (done.created, done.updated, done.duplicates, done.failed),
        (1, 2, 0, 0),
        "one had all of it already"
    );
    assert_eq!((done.granted, done.kept_denied), (3, 1));
    assert_eq!(
        rig.texts("SELECT c.name || ' ' || c.tags || ' ' || c.traits || ' ' || k.state || ' ' || k.source FROM contacts c
                   JOIN consent k ON k.workspace_id = c.workspace_id AND k.contact_id = c.id ORDER BY c.no").await,
        [
            r#"Asha Rao ["new","old"] {"city":"Pune"} denied keyword"#,
            r#"Ravi [] {"city":"Goa"} granted import"#,
            r#"Mira [] {} granted import"#,
            r#"Nina [] {} granted import"#,
        ]
    );
    assert_eq!(
        rig.count("SELECT COUNT(*) FROM contact_terms WHERE term = 'rao'")
            .await,
        1,
        "found by the new name"
    );

    // Without the wish to change them, people who are there only come onto the list.
    let third = rig.upload(b"name,phone\nSomebody Else,9876500001\n").await;
    let mut wish = Rig::wish(&third);
    wish.update_existing = false;
    let done = rig.run(&third, &wish).await;
    assert_eq!((done.created, done.updated), (0, 0));
    assert_eq!(
        rig.texts("SELECT name FROM contacts ORDER BY no").await[0],
        "Asha Rao"
    );
    assert_eq!(
        rig.count("SELECT COUNT(*) FROM audience_list_members")
            .await,
        3 + 4 + 1
    );
    rig.end().await;
}

#[db_test]
async fn a_process_that_goes_away_repeats_and_forgets_nothing(db: TestDb) {
    let mut rig = Rig::new(db).await;
    let mut file = String::from("name,phone\n");
    for at in 0..6_000 {
        writeln!(file, "Person {at},98765{at:05}").unwrap();
        if at % 100 == 0 {
            writeln!(file, "Wrong {at},x").unwrap();
        }
    }
    let import = rig.upload(file.as_bytes()).await;
    rig.begin(&import, &Rig::wish(&import)).await;
    let mut stops = 0;
    for _ in 0..2_000 {
        let now = rig.get(import.id).await;
        if now.state != State::Running {
            break;
        }
        if stops < 3 && now.rows_done > stops * 1_500 {
            stops += 1;
            rig.restart().await;
            continue;
        }
        wait::pause(Duration::from_millis(5)).await;
    }
    let done = rig.ended(import.id).await;
    assert!(stops > 0, "it was stopped on its way");
    assert_eq!(
        (
            done.state,
            done.rows_done,
            done.created,
            done.failed,
            done.duplicates
        ),
        (State::Done, 6_060, 6_000, 60, 0)
    );
    assert_eq!(rig.count("SELECT COUNT(*) FROM contacts").await, 6_000);
    assert_eq!(
        rig.count("SELECT COUNT(DISTINCT row_no) FROM import_problems")
            .await,
        60
    );
    assert_eq!(
        rig.count("SELECT COUNT(*) FROM audience_list_members")
            .await,
        6_000
    );
    assert_eq!(
        rig.count("SELECT COUNT(DISTINCT row_no) FROM audience_list_members")
            .await,
        6_000
    );

    // Somebody who comes late with a chunk changes nothing.
    let late = Chunk {
        from: done.position,
        to: done.position + 5,
        rows: 1,
        taken: Vec::new(),
        problems: Vec::new(),
        consented: None,
        actor: "system".to_owned(),
        update: true,
    };
    let refused = wigwag_store::imports::apply(&rig.db, rig.workspace(), import.id, late).await;
    assert!(matches!(refused, Err(Error::Stale)), "{refused:?}");
    rig.end().await;
}

#[db_test]
async fn a_file_that_is_gone_ends_the_import_with_a_reason(db: TestDb) {
    let rig = Rig::new(db).await;
    let import = rig.upload(b"name,phone\nAsha,9876500001\n").await;
    rig.files.delete(&import.object_key).await.unwrap();
    let ended = rig.run(&import, &Rig::wish(&import)).await;
    assert_eq!(
        (ended.state, ended.failure.as_deref()),
        (State::Failed, Some("file_missing"))
    );
    // Begun again it stays what it is.
    let again = imports::start(rig.context(), rig.workspace(), import.id)
        .await
        .unwrap();
    assert_eq!(again.state, State::Failed);
    rig.end().await;
}
