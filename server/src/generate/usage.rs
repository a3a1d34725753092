//! `usageDetails.jsonl`: the events report of 2019, older than the audit log and overlapping its beginning.

use std::fmt::Write as _;
use std::io::{self, Write};

use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::Settings;
use super::flow::flow;
use super::methods::METHODS;
use super::people::Person;
use super::story::{Deed, Story};
use super::text::{Guid, push_quoted, push_second};

/// One row of `userCredentialUsageDetails`.
struct Row<'a> {
    feature: &'static str,
    method: &'static str,
    failure: Option<&'a str>,
    at: i64,
}

pub fn write_usage(
    settings: &Settings,
    people: &[Person],
    story: &Story,
    mut rng: ChaCha8Rng,
    file: &mut impl Write,
) -> io::Result<()> {
    let mut text = String::new();
    for act in story.acts.iter().take_while(|act| act.at < settings.usage_until()) {
        let person = &people[act.person as usize];
        text.clear();
        match act.deed {
            Deed::Registration { method, succeeds } => {
                let failure = (!succeeds).then_some("A system error has occurred.");
                let method = METHODS[method].usage;
                push(&mut text, person, &Row { feature: "registration", method, failure, at: act.at }, &mut rng);
            }
            Deed::Reset { seed } => {
                for gate in flow(act, seed, settings.outage().contains(&act.at)).gates {
                    let failure = gate.failure.as_deref();
                    let row = Row { feature: "reset", method: gate.method, failure, at: gate.at };
                    push(&mut text, person, &row, &mut rng);
                }
            }
            _ => continue,
        }
        file.write_all(text.as_bytes())?;
        if settings.faults.duplicates > 0.0 && rng.random::<f64>() * 100.0 < settings.faults.duplicates {
            file.write_all(text.as_bytes())?;
        }
    }
    Ok(())
}

fn push(text: &mut String, person: &Person, row: &Row<'_>, rng: &mut ChaCha8Rng) {
    // The report's ids are the activity's, sometimes the user's.
    let id = if rng.random_ratio(1, 4) { person.id } else { Guid::random(rng) };
    let _ = write!(
        text,
        r#"{{"id":"{id}","feature":"{}","userPrincipalName":"{}","userDisplayName":{},"isSuccess":{},"authMethod":"{}","failureReason":"#,
        row.feature,
        person.user_name,
        person.name_json,
        row.failure.is_none(),
        row.method
    );
    push_quoted(text, row.failure.unwrap_or_default());
    text.push_str(r#","eventDateTime":""#);
    push_second(text, row.at);
    text.push_str("\"}\n");
}
