//! Every work is done: a count of instructions of a program that stops early would be a good one.

use std::process::Command;

#[test]
fn every_work_is_done() {
    for work in ["parse", "roll-up", "overview-query", "overview-page"] {
        let done = Command::new(env!("CARGO_BIN_EXE_workloads")).args([work, "1"]).output().expect("it starts");
        assert!(done.status.success(), "{work}: {}", String::from_utf8_lossy(&done.stderr));
    }
}
