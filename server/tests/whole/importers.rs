//! Four programs import the same files into one empty database at once: all of them end well, and everything is there
//! once.

use std::process::{Child, Command, Stdio};

use domain::report::ImportStatus;
use domain::viewer::TenantId;
use rstest::rstest;
use serde_json::Value;
use store::{Options, Services};

use crate::cli::{Console, err, out};
use crate::house::Engine;
use crate::killed::{import, lists, organisation, recounted, same_rows};

const IMPORTERS: usize = 4;

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn four_importers_of_the_same_files_store_everything_once(#[case] engine: Engine) {
    let Some(whole) = Console::open(engine).await else { return };
    let files = whole.database.dir().join("files");
    organisation(100, 1_500, &files);
    let as_json = |console: &Console| -> Command {
        let mut command = import(console.command(&[]), &files);
        command.arg("--json").stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    let accepted = |json: &str| -> i64 {
        let sums: Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
        sums["accepted"].as_i64().expect("a number")
    };
    let alone = as_json(&whole).output().expect("runs");
    // 3: some records are refused, as they are meant to be.
    assert_eq!(alone.status.code(), Some(3), "{}", err(&alone));
    let expected = lists(&whole);

    // Of an empty database each finds that it must be brought up to date first.
    let console = Console::open(engine).await.expect("as before");
    let importers: Vec<Child> = (0..IMPORTERS).map(|_| as_json(&console).spawn().expect("runs")).collect();
    let mut accepted_by_all = 0;
    for importer in importers {
        let output = importer.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(3), "{}", err(&output));
        accepted_by_all += accepted(&out(&output));
    }
    assert_eq!(accepted_by_all, accepted(&out(&alone)), "each record is new to one of them");
    same_rows(&lists(&console), &expected, "after four at once");
    recounted(&console);
    let services = Services::open(&console.database.url, Options::default()).await.expect("opens");
    let imports = services.console(TenantId::ONLY).0.imports().await.expect("a list");
    assert_eq!(imports.len(), IMPORTERS * server::generate::FILES.len());
    assert!(imports.iter().all(|import| import.status == ImportStatus::Done), "{imports:?}");
}
