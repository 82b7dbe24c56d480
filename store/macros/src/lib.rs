//! `#[db_test]`: one test, both databases.

use proc_macro::{TokenStream, TokenTree};

/// Turns `async fn name(db: TestDb)` into a module `name` with the tests `sqlite` and `postgres`.
///
/// The body receives a migrated, empty database of its own. Without a PostgreSQL server in
/// `WIGWAG_TEST_POSTGRES` the second test says so and passes, unless
/// `WIGWAG_TEST_REQUIRE_POSTGRES` is set, as `cargo xtask test` does.
#[proc_macro_attribute]
pub fn db_test(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut name = None;
    let mut tokens = item.clone().into_iter();
    while let Some(token) = tokens.next() {
        if matches!(&token, TokenTree::Ident(ident) if ident.to_string() == "fn") {
            name = tokens.next().map(|ident| ident.to_string());
            break;
        }
    }
    let Some(name) = name else {
        return "compile_error!(\"#[db_test] goes on an async fn\");"
            .parse()
            .unwrap_or_default();
    };
    // Inside the store itself the crate goes by another name.
    let store = if std::env::var("CARGO_CRATE_NAME").as_deref() == Ok("wigwag_store") {
        "crate"
    } else {
        "::wigwag_store"
    };
    format!(
        "{item}
        mod {name} {{
            #[test]
            fn sqlite() {{
                {store}::testing::block_on(async {{
                    super::{name}({store}::testing::TestDb::sqlite().await).await;
                }});
            }}
            #[test]
            fn postgres() {{
                {store}::testing::block_on(async {{
                    match {store}::testing::TestDb::postgres().await {{
                        Some(db) => super::{name}(db).await,
                        None => eprintln!(\"skipped: no PostgreSQL server is named\"),
                    }}
                }});
            }}
        }}"
    )
    .parse()
    .unwrap_or_default()
}
