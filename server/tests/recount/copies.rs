//! Copies of one record: one wins whole (`spec/derivation.md` §0).

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::files::{instant, text};

/// Every line about each record, in an envelope of Azure Monitor.
pub struct Copies {
    by_id: BTreeMap<String, Vec<Copy>>,
    /// The property with the record's own time.
    time: &'static str,
}

struct Copy {
    known: usize,
    log_at: i64,
    record: Value,
}

impl Copies {
    pub const fn new(time: &'static str) -> Self {
        Self { by_id: BTreeMap::new(), time }
    }

    /// Notes a line; `known`: how much it says of what copies differ in.
    pub fn add(&mut self, record: Value, known: usize) {
        let id = text(&record["properties"]["id"]).expect("a record has an id");
        let log_at = instant(&record["time"]).expect("the envelope has a time");
        self.by_id.entry(id).or_default().push(Copy { known, log_at, record });
    }

    pub fn lines(&self) -> usize {
        self.by_id.values().map(Vec::len).sum()
    }

    pub fn winners(self) -> Vec<Value> {
        let time = self.time;
        self.by_id.into_values().map(|copies| winner(copies, time)).collect()
    }
}

/// The one that knows most, then the latest, then the one with the greatest digest. Where another one's time is finer within
/// the same second, that is the time.
fn winner(mut copies: Vec<Copy>, time: &str) -> Value {
    if copies.len() > 1 {
        copies.sort_by_cached_key(|copy| (copy.known, copy.log_at, digest(&copy.record)));
    }
    let mut winner = copies.pop().expect("a record has a copy").record;
    for copy in copies {
        let (own, other) = (winner["properties"][time].clone(), copy.record["properties"][time].clone());
        let (Some(own), Some(others)) = (instant(&own), instant(&other)) else { continue };
        if own.div_euclid(1_000) == others.div_euclid(1_000) && own < others {
            winner["properties"][time] = other;
        }
    }
    winner
}

fn digest(record: &Value) -> Vec<u8> {
    Sha256::digest(canonical(record)).to_vec()
}

/// Keys sorted, no spaces.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let sorted: BTreeMap<&String, &Value> = members.iter().collect();
            let members =
                sorted.iter().map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), canonical(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}
