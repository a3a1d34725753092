//! `security/asvs.csv`: each requirement of OWASP ASVS 5.0.0 of levels 1 and 2 once, and evidence that exists.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Requirements of levels 1 and 2 in each chapter.
const CHAPTERS: [usize; 17] = [27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7];

struct Row {
    id: String,
    status: String,
    evidence: Vec<String>,
    note: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn rows() -> Vec<Row> {
    let mut table = csv::Reader::from_path(root().join("security/asvs.csv")).expect("the table");
    let head: Vec<String> = table.headers().expect("a heading").iter().map(str::to_owned).collect();
    assert_eq!(head, ["id", "level", "status", "evidence", "note"]);
    let row = |record: csv::StringRecord| {
        assert!(["1", "2"].contains(&&record[1]), "{}", &record[0]);
        let evidence = record[3].split("; ").filter(|one| !one.is_empty()).map(str::to_owned).collect();
        Row { id: record[0].to_owned(), status: record[2].to_owned(), evidence, note: record[4].to_owned() }
    };
    table.records().map(|record| row(record.expect("a row"))).collect()
}

/// What is wrong with a piece of evidence: a test in a file (`a.rs::name`, `a.spec.ts: title`), or a file.
fn wrong(evidence: &str) -> Option<String> {
    let (file, needle) = if let Some((file, name)) = evidence.split_once("::") {
        (file, format!("fn {name}("))
    } else if let Some((file, title)) = evidence.split_once(": ") {
        (file, title.to_owned())
    } else {
        (evidence, String::new())
    };
    let text = match std::fs::read_to_string(root().join(file)) {
        Ok(text) => text,
        Err(error) => return Some(format!("{file}: {error}")),
    };
    (!text.contains(&needle)).then(|| format!("{file} has no `{needle}`"))
}

#[test]
fn every_requirement_stands_there_once_with_evidence_that_exists() {
    let rows = rows();
    let ids: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids.len(), rows.len(), "each once");
    let mut chapters = [0; 17];
    for row in &rows {
        let parts: Vec<usize> = row.id.split('.').map(|part| part.parse().expect("a number")).collect();
        assert_eq!(parts.len(), 3, "{}", row.id);
        chapters[parts[0] - 1] += 1;
    }
    assert_eq!(chapters, CHAPTERS);
    let mut counts = BTreeMap::<&str, usize>::new();
    let mut problems = Vec::new();
    let mut tested = 0;
    for row in &rows {
        let Row { id, status, evidence, note } = row;
        *counts.entry(status).or_default() += 1;
        tested += usize::from(evidence.iter().any(|one| one.contains("::") || one.contains(".spec.ts: ")));
        match status.as_str() {
            "met" if evidence.is_empty() => problems.push(format!("{id} is met, but nothing shows it")),
            "n/a" | "unmet" if note.is_empty() => problems.push(format!("{id} is {status} without a reason")),
            "met" | "n/a" | "unmet" => {}
            other => problems.push(format!("{id} is `{other}`")),
        }
        problems.extend(evidence.iter().filter_map(|one| wrong(one)).map(|why| format!("{id}: {why}")));
    }
    println!("{counts:?}; {tested} of {} with a test", rows.len() - counts.get("n/a").copied().unwrap_or_default());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
