//! Whatever a spreadsheet writes is read.

use wigwag_engine::imports::{self, Refusal};
use wigwag_model::audience::TraitKind;
use wigwag_store::imports::Import;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::rig::Rig;

#[db_test]
async fn the_same_people_come_out_of_every_encoding_and_delimiter(db: TestDb) {
    let rig = Rig::new(db).await;
    let table = |divider: &str, end: &str| {
        let rows = [
            ["Name", "Mobile", "City"],
            ["Renée Façade", "98765 43210", "Besançon"],
            ["Björn Åkesson", "98765 43211", "Göteborg"],
        ];
        rows.map(|row| row.join(divider)).join(end)
    };
    let latin = encoding_rs::WINDOWS_1252
        .encode(&table(";", "\r\n"))
        .0
        .into_owned();
    let utf16: Vec<u8> = [0xfeff]
        .into_iter()
        .chain(table("\t", "\r\n").encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    for (bytes, encoding, delimiter) in [
        (table(",", "\n").into_bytes(), "UTF-8", ','),
        (
            format!("\u{feff}{}", table(",", "\n")).into_bytes(),
            "UTF-8",
            ',',
        ),
        (
            format!("sep=|\r\n{}", table("|", "\r\n")).into_bytes(),
            "UTF-8",
            '|',
        ),
        (latin, "windows-1252", ';'),
        (utf16, "UTF-16LE", '\t'),
    ] {
        let import = rig.upload(&bytes).await;
        assert_eq!(
            (import.encoding.as_str(), import.delimiter),
            (encoding, delimiter)
        );
        assert!(import.has_header);
        assert_eq!(import.rows_total, 2);
        let names: Vec<&str> = import
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        assert_eq!(names, ["Name", "Mobile", "City"], "{encoding}");
        assert_eq!(import.columns[0].samples, ["Renée Façade", "Björn Åkesson"]);
        let rows = wigwag_engine::imports::first_rows(rig.context(), &import, 1)
            .await
            .unwrap();
        assert_eq!(rows, [["Renée Façade", "98765 43210", "Besançon"]]);
        let done = rig.run(&import, &Rig::wish(&import)).await;
        assert_eq!((done.rows_done, done.failed), (2, 0), "{encoding}");
    }
    assert_eq!(
        rig.texts("SELECT name FROM contacts ORDER BY no").await,
        ["Renée Façade", "Björn Åkesson"]
    );
    rig.until_no_files().await;
    rig.end().await;
}

#[db_test]
async fn a_file_without_header_and_with_blank_rows(db: TestDb) {
    let rig = Rig::new(db).await;
    let import = rig
        .upload(b"\n+91 98765 43210;Asha;12\n;;\n98765 43211;Ravi;7\n;;\n")
        .await;
    assert!(!import.has_header);
    assert_eq!(import.rows_total, 2);
    assert_eq!(import.columns[2].kind, TraitKind::Number);
    let mut wish = Rig::wish(&import);
    assert_eq!(wish.mapping[0], "phone");
    wish.mapping = ["phone", "name", "trait:points"]
        .map(str::to_owned)
        .to_vec();
    let done = rig.run(&import, &wish).await;
    assert_eq!((done.created, done.failed), (2, 0));
    assert_eq!(
        rig.texts("SELECT traits FROM contacts ORDER BY no").await,
        [r#"{"points":12}"#, r#"{"points":7}"#]
    );
    assert_eq!(rig.texts("SELECT kind FROM traits").await, ["number"]);
    rig.end().await;
}

#[db_test]
async fn a_first_row_is_what_somebody_says_it_is(db: TestDb) {
    let rig = Rig::new(db).await;
    // Names that look like data: years, and a first person who looks like names.
    let import = rig
        .upload(b"name,phone,spent 202401\nAsha,98765 43210,7\n")
        .await;
    assert!(!import.has_header);
    let again = async |import: &Import, has_header| {
        imports::read_again(rig.context(), rig.workspace(), import, has_header).await
    };
    let import = again(&import, true).await.unwrap();
    assert!(import.has_header);
    assert_eq!(import.rows_total, 1);
    assert_eq!(import.columns[2].name, "spent 202401");
    assert_eq!(import.columns[2].kind, TraitKind::Number);
    let rows = imports::first_rows(rig.context(), &import, 5)
        .await
        .unwrap();
    assert_eq!(rows, [["Asha", "98765 43210", "7"]]);
    // There and back, from the first byte that is no blank row.
    let import = again(&again(&import, false).await.unwrap(), true)
        .await
        .unwrap();
    // What was said of other columns does not count any more.
    let mut wish = Rig::wish(&import);
    wish.mapping[2] = "trait:spent".to_owned();
    let text = serde_json::to_string(&wish).unwrap();
    let kept = async |position| {
        let text = text.clone();
        wigwag_store::imports::wish(&rig.db, rig.workspace(), import.id, position, text).await
    };
    assert!(matches!(kept(0).await, Err(wigwag_store::Error::Stale)));
    kept(import.position).await.unwrap();
    let import = again(&again(&import, false).await.unwrap(), true)
        .await
        .unwrap();
    assert_eq!(import.wish, None);
    let early = imports::start(rig.context(), rig.workspace(), import.id).await;
    assert!(matches!(early, Err(imports::NotYet::NotChecked)));
    let done = rig.run(&import, &wish).await;
    assert_eq!((done.created, done.failed), (1, 0));
    let late = again(&done, false).await;
    assert!(late.is_err(), "{late:?}");
    let one = rig.upload(b"Asha,98765 43212\n").await;
    assert!(!one.has_header, "one row is somebody");
    assert!(matches!(
        again(&one, true).await,
        Err(imports::Refusal::Empty)
    ));
    rig.end().await;
}

#[db_test]
async fn what_is_no_table_is_refused_and_nothing_is_left(db: TestDb) {
    let rig = Rig::new(db).await;
    assert!(matches!(rig.try_upload(b"").await, Err(Refusal::Empty)));
    assert!(matches!(
        rig.try_upload(b"name,phone\n").await,
        Err(Refusal::Empty)
    ));
    assert!(matches!(
        rig.try_upload(b"\n\n,,\n").await,
        Err(Refusal::Empty)
    ));
    assert!(matches!(
        rig.try_upload(b"PK\x03\x04 a workbook").await,
        Err(Refusal::NotText)
    ));
    let open = format!(
        "name,phone\n\"Asha,98765 43210\n{}",
        "x,y\n".repeat(400_000)
    );
    assert!(matches!(
        rig.try_upload(open.as_bytes()).await,
        Err(Refusal::UnclosedQuote)
    ));
    let wide = format!("{}\n1\n", vec!["c"; 201].join(","));
    assert!(matches!(
        rig.try_upload(wide.as_bytes()).await,
        Err(Refusal::Columns)
    ));
    assert_eq!(rig.count("SELECT COUNT(*) FROM imports").await, 0);
    use futures::TryStreamExt as _;
    let left: Vec<_> = rig.files.store().list(None).try_collect().await.unwrap();
    assert!(left.is_empty(), "{left:?}");
    rig.end().await;
}
