//! `kill -9` during `keyroll backup`: the file that was there stays until the new one is whole, and what killed programs
//! leave behind goes with the next backup.

use std::path::Path;
use std::time::Instant;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rstest::rstest;
use server::archive;
use store::TableSum;

use crate::cli::{Console, err};
use crate::house::Engine;
use crate::killed::{few_kills, import, lists, organisation, recounted, run_until};

const NAME: &str = "keyroll.backup";

/// What a whole backup says of its tables; but of the access log, in which each backup has an entry of its own.
async fn sums(path: &Path) -> Vec<TableSum> {
    let content = archive::check(path).await.expect("it is whole");
    content.tables.into_iter().map(|(_, sum)| sum).filter(|sum| !sum.name.starts_with("access_log")).collect()
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_is_killed_leaves_the_one_before(#[case] engine: Engine) {
    let Some(console) = Console::open(engine).await else { return };
    let files = console.database.dir().join("files");
    let folder = console.database.dir().join("backups");
    let path = folder.join(NAME);
    std::fs::create_dir(&folder).expect("a folder");
    let command = || console.command(&["backup", path.to_str().expect("UTF-8")]);
    let back_up = || {
        let begin = Instant::now();
        let output = command().output().expect("it runs");
        assert!(output.status.success(), "{}", err(&output));
        begin.elapsed()
    };
    back_up();
    let (empty, before) = (std::fs::read(&path).expect("a backup"), sums(&path).await);
    organisation(60, 1_000, &files);
    assert_eq!(import(console.command(&[]), &files).status().expect("runs").code(), Some(3));
    let length = back_up();
    let after = sums(&path).await;
    assert_ne!(after, before);

    let mut moments = ChaCha8Rng::seed_from_u64(23);
    let mut left = few_kills();
    while left > 0 {
        std::fs::write(&path, &empty).expect("the one before");
        let found = match run_until(length.mul_f64(moments.random_range(0.0..1.1)), command()) {
            Some(output) => {
                assert!(output.status.success(), "{}", err(&output));
                sums(&path).await
            }
            None => {
                left -= 1;
                let found = sums(&path).await;
                // It may have been done, but for saying so.
                if found == before { continue } else { found }
            }
        };
        assert_eq!(found, after, "{left} kills before the last");
    }
    back_up();
    assert_eq!(sums(&path).await, after);
    let names: Vec<_> = folder.read_dir().expect("a folder").map(|entry| entry.expect("a file").file_name()).collect();
    assert_eq!(names, [NAME], "unfinished backups are left");

    let restored = Console::open(engine).await.expect("as before");
    let output = restored.run(&["restore", path.to_str().expect("UTF-8")]);
    assert!(output.status.success(), "{}", err(&output));
    assert_eq!(lists(&restored), lists(&console));
    recounted(&restored);
}
