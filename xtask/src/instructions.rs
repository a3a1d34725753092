//! `cargo xtask instructions`: how many instructions the work of `crates/workloads` takes, against what was recorded.
//!
//! Valgrind counts; clocks on a shared machine do not. Each work is done a number of times and twice as often: the
//! difference has neither start nor end of the program in it.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::command::{cargo, find, root, run, target_dir};
use crate::suite::HOST;

/// What is counted, and how often it is done in the shorter of both runs: often enough that what comes before, which
/// varies by some millions of instructions (hash seeds, threads that wait), is less than a percent.
const WORKS: [(&str, u64); 4] = [("parse", 1), ("roll-up", 5), ("overview-query", 200), ("overview-page", 60)];
/// Percent more than recorded that fails.
const MARGIN: f64 = 3.0;
/// Counts of which the least is taken, where the first is more than that.
const TRIES: usize = 3;
const RECORDED: &str = "docs/instructions.json";

/// Counts, and compares or records.
pub fn instructions(is_update: bool) -> anyhow::Result<()> {
    if find(&["valgrind"]).is_none() {
        bail!("valgrind is not installed");
    }
    // As `cargo xtask test` has built it: the workspace's tests decide which features its libraries have.
    run(cargo().args(["test", "--locked", "--no-run", "--test", "works"]).args(HOST))?;
    let file = root().join(RECORDED);
    if is_update {
        let counted: BTreeMap<&str, u64> =
            WORKS.iter().map(|&(work, times)| Ok((work, once(work, times)?))).collect::<anyhow::Result<_>>()?;
        fs::write(&file, serde_json::to_string_pretty(&counted)? + "\n")?;
        return Ok(());
    }
    let recorded = fs::read_to_string(&file).with_context(|| format!("no {RECORDED}; record with --update"))?;
    let recorded: BTreeMap<String, u64> = serde_json::from_str(&recorded)?;
    let mut too_many = Vec::new();
    println!("| Work | Recorded | Now | Change |\n|---|--:|--:|--:|");
    for (work, times) in WORKS {
        let before = *recorded.get(work).with_context(|| format!("{RECORDED} has no {work}"))?;
        #[expect(clippy::cast_precision_loss, reason = "a percentage")]
        let change = |now: u64| (now as f64 / before as f64 - 1.0) * 100.0;
        let mut now = once(work, times)?;
        // Threads that wait for each other on a busy machine add instructions; nothing takes any away.
        for _ in 1..TRIES {
            if change(now) <= MARGIN {
                break;
            }
            now = now.min(once(work, times)?);
        }
        let change = change(now);
        println!("| {work} | {before} | {now} | {change:+.1} % |");
        if change > MARGIN {
            too_many.push(format!("{work} {change:+.1} %"));
        }
    }
    if !too_many.is_empty() {
        bail!(
            "more instructions than recorded: {}. Mend it, or say why in the commit that runs \
             `cargo xtask instructions --update`",
            too_many.join(", ")
        );
    }
    Ok(())
}

/// Instructions of doing the work once.
fn once(work: &str, times: u64) -> anyhow::Result<u64> {
    Ok(count(work, 2 * times)?.saturating_sub(count(work, times)?) / times)
}

/// Instructions of one run, in all threads.
fn count(work: &str, times: u64) -> anyhow::Result<u64> {
    let out = target_dir().join("callgrind.out");
    let counted = Command::new("valgrind")
        .args(["--tool=callgrind", &format!("--callgrind-out-file={}", out.display())])
        .arg(target_dir().join("release").join("workloads"))
        .args([work, &times.to_string()])
        .output()?;
    let said = String::from_utf8_lossy(&counted.stderr);
    if !counted.status.success() {
        bail!("{work} failed under valgrind:\n{said}");
    }
    let collected =
        said.lines().find_map(|line| line.split_once("Collected : ")).context("callgrind counted nothing")?;
    collected.1.trim().parse().context("callgrind's count is no number")
}
