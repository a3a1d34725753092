//! `cargo xtask fuzz`: bytes nobody thought of, for every parser, by libFuzzer.
//!
//! The targets lie in `fuzz/`, which cargo-fuzz understands too. Here they are built by the compiler at hand: what
//! cargo-fuzz adds are sanitizers for unsafe code, which our crates forbid.

use std::fs;

use anyhow::{Context as _, bail};

use crate::command::{cargo, find, output, program, root, run, target_dir};

const TARGETS: [&str; 4] = ["file", "odata", "query", "text"];
/// MiB that a target may take.
const MEMORY: u32 = 256;
/// Seconds that one input may take.
const SLOWEST: u32 = 1;
/// What libFuzzer needs to know which way the code goes.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

/// Runs each target so many seconds. What breaks one is written to `target/fuzz/`, and is an error.
pub fn fuzz(seconds: u32, only: Option<&str>) -> anyhow::Result<()> {
    if find(&["c++", "g++", "clang++"]).is_none() {
        bail!("libFuzzer wants a C++ compiler; on Debian: apt-get install g++");
    }
    let targets: Vec<&str> = TARGETS.into_iter().filter(|target| only.is_none_or(|only| only == *target)).collect();
    if targets.is_empty() {
        bail!("no such target; there are {}", TARGETS.join(", "));
    }
    let built = target_dir().join("fuzz");
    let host = host()?;
    // With a target named, build scripts and macros are built without coverage.
    run(cargo().current_dir(root().join("fuzz")).env("RUSTFLAGS", COVERAGE).env("CARGO_TARGET_DIR", &built).args([
        "build",
        "--release",
        "--locked",
        "--target",
        &host,
    ]))?;
    for target in targets {
        let corpus = built.join("corpus").join(target);
        fs::create_dir_all(&corpus)?;
        println!("== {target}, {seconds} s");
        let mut fuzzer = program(built.join(&host).join("release").join(target));
        fuzzer.arg(&corpus).args(seeds(target)?);
        fuzzer.args([
            &format!("-max_total_time={seconds}"),
            &format!("-rss_limit_mb={MEMORY}"),
            &format!("-timeout={SLOWEST}"),
            &format!("-artifact_prefix={}/", built.display()),
            "-max_len=65536",
            "-verbosity=0",
            "-print_final_stats=1",
        ]);
        run(&mut fuzzer).with_context(|| format!("what broke {target} lies in {}", built.display()))?;
    }
    Ok(())
}

/// Folders of files to begin with.
fn seeds(target: &str) -> anyhow::Result<Vec<std::path::PathBuf>> {
    let mut folders = Vec::new();
    if target == "file" {
        for entry in fs::read_dir(root().join("crates/ingest/testdata"))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    Ok(folders)
}

/// The machine's own target, as rustc calls it.
fn host() -> anyhow::Result<String> {
    let version = output(program("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc names no host")
}
