//! `/usage` at many instants: every figure, distinct users, passwords, the course over time.

use std::collections::BTreeMap;

use domain::instant::Instant;
use domain::population::Population;
use domain::query::{Report, Span};
use domain::window::{Range, Window};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::database::Database;
use super::sign_ins::SignIn;
use super::{HOUR_MS, INSTANTS, Organisation, figures, report};

const DAY_MS: i64 = 24 * HOUR_MS;
/// No more issues than these are answered.
const MOST_ISSUES: usize = 10;

/// Compares `/usage`, each time with another window and population.
pub async fn compare(organisation: &Organisation, database: &Database) {
    for (number, as_of) in organisation.sign_in_instants(INSTANTS).into_iter().enumerate() {
        let (report, population) = (asked(number, as_of), population(number));
        let answer = database.reader.usage(&report).await.expect("an answer");
        let answer = serde_json::to_value(&answer).expect("it is JSON");
        let context = format!("{population} as of {as_of}, {:?}", report.span);
        organisation.compare_usage(&answer, &report, population, &context);
    }
}

/// Windows and populations take turns, so that each meets each.
pub fn asked(number: usize, as_of: Instant) -> Report {
    let report = report(as_of, Range::Month, Some(population(number)));
    let odd = Window { from: as_of.plus_millis(-9 * DAY_MS - 12_345), to: as_of.plus_millis(-7 * HOUR_MS - 1) };
    let span = match number % 5 {
        0 => Span::Range(Range::Day),
        1 => Span::Range(Range::Week),
        2 => Span::Range(Range::Month),
        3 => Span::Range(Range::Quarter),
        _ => Span::Window(odd),
    };
    Report { span, ..report }
}

pub fn population(number: usize) -> Population {
    Population::ALL[number / 5 % Population::ALL.len()]
}

pub fn window_of(report: &Report) -> (i64, i64) {
    let days = match report.span {
        Span::Range(Range::Day) => 1,
        Span::Range(Range::Week) => 7,
        Span::Range(Range::Month) => 30,
        Span::Range(Range::Quarter) => 90,
        Span::Range(Range::Year) => panic!("a year is not asked for"),
        Span::Window(window) => return (window.from.millis(), window.to.millis()),
    };
    (report.as_of.millis() - days * DAY_MS, report.as_of.millis())
}

impl Organisation {
    /// Instants at which it matters by a millisecond whether a sign-in is in or out, and others.
    pub fn sign_in_instants(&self, count: usize) -> Vec<Instant> {
        let mut rng = ChaCha8Rng::seed_from_u64(2_000);
        let (start, end) = (self.settings.start().millis(), self.settings.end.millis());
        let mut instants = vec![start, end - 1, end, end + 1];
        let sign_ins = &self.recount.sign_ins;
        instants.extend(sign_ins.iter().step_by(37).flat_map(|sign_in| [sign_in.at, sign_in.at + 1]));
        // Not those of the beginning alone.
        let step = instants.len().div_ceil(count / 2);
        let mut instants: Vec<i64> = instants.into_iter().step_by(step).collect();
        instants.resize_with(count, || rng.random_range(start - 48 * HOUR_MS..end + 48 * HOUR_MS));
        instants.into_iter().map(Instant::from_millis).collect()
    }

    fn compare_usage(&self, answer: &Value, report: &Report, population: Population, context: &str) {
        let (window, as_of) = (window_of(report), report.as_of.millis());
        let sign_ins = self.sign_ins(window);
        let expected = figures::of(&sign_ins);
        let (mut found, issues) = split(figures::of_answer(answer));
        let (mut counted, all_issues) = split(expected.into_iter().map(|(name, (n, _))| (name, n)).collect());
        // The answer has no such figure; the list has.
        counted.remove("unable");
        for figures in [&mut found, &mut counted] {
            figures.retain(|name, _| name != "components.none");
        }
        assert_eq!(found, counted, "{context}");
        let mut most: Vec<i64> = all_issues.values().copied().collect();
        most.sort_unstable_by(|a, b| b.cmp(a));
        most.truncate(MOST_ISSUES);
        let answered: Vec<i64> = answer["issues"].as_array().expect("a list").iter().map(count).collect();
        assert_eq!(answered, most, "{context}");
        assert!(
            issues.iter().all(|(name, n)| all_issues.get(name) == Some(n)),
            "{issues:?}, {all_issues:?}: {context}"
        );

        let kinds: [fn(&SignIn) -> bool; 3] = [|_| true, |sign_in| sign_in.facts.challenged, |sign_in| sign_in.unable];
        let members = self.recount.users.members(population.as_str(), as_of);
        let users = kinds.map(|is_of_kind| figures::users(&sign_ins, is_of_kind));
        let [signed_in, challenged, unable] =
            users.each_ref().map(|users| users.iter().filter(|user| members.contains(**user)).count());
        let everybody = users.each_ref().map(std::collections::BTreeSet::len);
        let expected = json!({
            "signed_in": signed_in, "challenged": challenged, "unable": unable,
            "everybody": { "signed_in": everybody[0], "challenged": everybody[1], "unable": everybody[2] },
        });
        assert_eq!(answer["users"], expected, "{context}");
        assert_eq!(answer["population"]["size"], members.len(), "{context}");
        assert_eq!(answer["passwords"], self.passwords(window), "{context}");
        assert_eq!(points(answer), course(&sign_ins, window), "{context}");
    }

    /// Whole resets, changes and unlocks.
    fn passwords(&self, (from, to): (i64, i64)) -> Value {
        let count = |activity: &str, succeeded: bool| {
            let records = self.recount.passwords.iter().filter(|record| from <= record.at && record.at < to);
            records.filter(|record| record.activity == activity && record.succeeded == succeeded).count()
        };
        let counts = |activity: &str| json!({ "success": count(activity, true), "failure": count(activity, false) });
        let blocked = "Blocked from self-service password reset";
        json!({
            "self_service_resets": counts("Reset password (self-service)"),
            "resets_by_admins": counts("Reset password (by admin)"),
            "changes": counts("Change password (self-service)"),
            "unlocks": counts("Unlock user account (self-service)"),
            "blocked": count(blocked, true) + count(blocked, false),
        })
    }
}

/// From one whole step to the next: sign-ins; challenged ones satisfied, denied, pending and unknown.
fn course(sign_ins: &[&SignIn], (from, to): (i64, i64)) -> Vec<(i64, i64, [usize; 5])> {
    let step = match to - from {
        length if length <= 2 * DAY_MS => HOUR_MS,
        length if length <= 10 * DAY_MS => 6 * HOUR_MS,
        _ => DAY_MS,
    };
    let mut borders = vec![from];
    borders.extend((1..).map(|n| (from.div_euclid(step) + n) * step).take_while(|at| *at < to));
    borders.push(to);
    let point = |pair: &[i64]| {
        let sign_ins: Vec<_> = sign_ins.iter().filter(|sign_in| (pair[0]..pair[1]).contains(&sign_in.at)).collect();
        let of = |result: &str| {
            let challenged = sign_ins.iter().filter(|sign_in| sign_in.facts.challenged);
            challenged.filter(|sign_in| sign_in.facts.mfa_result == result).count()
        };
        (pair[0], pair[1], [sign_ins.len(), of("satisfied"), of("denied"), of("pending"), of("unknown")])
    };
    borders.windows(2).map(point).collect()
}

/// Issues apart: not all of them are answered.
fn split(figures: BTreeMap<String, i64>) -> (BTreeMap<String, i64>, BTreeMap<String, i64>) {
    let (issues, others) = figures.into_iter().partition(|(name, _)| name.starts_with("issues."));
    (others, issues)
}

fn count(row: &Value) -> i64 {
    row["count"].as_i64().expect("a number")
}

fn points(usage: &Value) -> Vec<(i64, i64, [usize; 5])> {
    let at = |value: &Value| value.as_str().and_then(|at| at.parse::<Instant>().ok()).expect("an instant").millis();
    let point = |point: &Value| {
        let n = |name: &str| point[name].as_u64().expect("a number") as usize;
        let counts = ["sign_ins", "satisfied", "denied", "pending", "unknown"].map(n);
        (at(&point["from"]), at(&point["to"]), counts)
    };
    usage["over_time"].as_array().expect("a list").iter().map(point).collect()
}
