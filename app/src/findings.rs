//! Sentences that state what figures show: the headline of a page, the title of a chart.

use domain::population::Population;
use domain::report::{MethodCounts, Overview, SmsAndVoice, Tally};

use crate::language::{Ui, t};

mod usage;

pub use usage::usage;

/// Who is stopped when SMS and voice end, in one sentence.
pub fn stopped(ui: &Ui, answer: &SmsAndVoice) -> String {
    let people = ui.people(answer.population.name);
    match answer.known_from {
        None => t!(ui, overview.no_data).to_owned(),
        Some(from) if answer.as_of < from => t!(ui, overview.before_data, at = ui.time(from)),
        Some(_) if answer.sms_or_voice_only == 0 => t!(ui, sms.nobody, people = people),
        Some(_) if answer.days_left > 0 => {
            t!(ui, sms.will_be_stopped, n = ui.number(answer.sms_or_voice_only), people = people)
        }
        Some(_) => t!(ui, sms.are_stopped, n = ui.number(answer.sms_or_voice_only), people = people),
    }
}

/// How the number of those who will be stopped has moved.
pub fn burn_down(ui: &Ui, answer: &SmsAndVoice) -> String {
    let difference = answer.change.as_ref().map(|change| change.difference.insights.sms_or_voice_only);
    match difference {
        None => t!(ui, sms.line_unknown).to_owned(),
        Some(0) => t!(ui, sms.line_same).to_owned(),
        Some(n @ 1..) => t!(ui, sms.line_more, n = ui.number(n)),
        Some(n) => t!(ui, sms.line_fewer, n = ui.number(n.saturating_abs())),
    }
}

/// Below this many events a share of failures is an accident, not a finding.
const ENOUGH_EVENTS: i64 = 5;
/// From this part of unknown answers on, a headline only promises "at least".
const MANY_UNKNOWN: i64 = 20;

/// What the overview shows, in one sentence.
pub fn headline(ui: &Ui, overview: &Overview) -> String {
    match overview.known_from {
        None => t!(ui, overview.no_data).to_owned(),
        Some(from) if overview.as_of < from => t!(ui, overview.before_data, at = ui.time(from)),
        Some(_) => capable(ui, overview.population.name, overview.tiles.capable),
    }
}

fn capable(ui: &Ui, population: Population, tally: Tally) -> String {
    let people = ui.people(population);
    let whole = tally.total();
    if whole == 0 {
        return t!(ui, overview.nobody_here).to_owned();
    }
    if tally.unknown == whole {
        return t!(ui, overview.capable_unknown).to_owned();
    }
    if tally.yes == whole {
        return t!(ui, overview.capable_all, people = people);
    }
    let is_partly_unknown = tally.unknown > whole / MANY_UNKNOWN;
    if tally.yes == 0 && !is_partly_unknown {
        return t!(ui, overview.capable_nobody, people = people);
    }
    let sentence = |(part, whole): (i64, i64)| {
        let part = capitalised(&ui.small_number(part).map_or_else(|| ui.number(part), str::to_owned));
        let whole = ui.small_number(whole).map_or_else(|| ui.number(whole), str::to_owned);
        if is_partly_unknown {
            t!(ui, overview.capable_at_least, part = part.to_lowercase(), whole = whole, people = people)
        } else {
            t!(ui, overview.capable_some, part = part, whole = whole, people = people)
        }
    };
    match simple_part(tally.yes, whole) {
        Part::Some(part, whole) => sentence((part, whole)),
        Part::AlmostAll => t!(ui, overview.capable_almost_all, people = people),
        Part::HardlyAny if is_partly_unknown => t!(ui, overview.capable_unknown).to_owned(),
        Part::HardlyAny => t!(ui, overview.capable_hardly_any, people = people),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    AlmostAll,
    HardlyAny,
    /// The first in the second.
    Some(i64, i64),
}

/// The nearest "n in m" with m up to ten; the smaller m where two are as near.
fn simple_part(part: i64, whole: i64) -> Part {
    let distance = |n: i64, m: i64| (part as f64 / whole as f64 - n as f64 / m as f64).abs();
    let mut best = (1, 2);
    for m in 2..=10 {
        for n in 1..m {
            if distance(n, m) + 1e-9 < distance(best.0, best.1) {
                best = (n, m);
            }
        }
    }
    let share = part as f64 / whole as f64;
    if share > 0.95 {
        Part::AlmostAll
    } else if share < 0.05 {
        Part::HardlyAny
    } else {
        Part::Some(best.0, best.1)
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What the chart of registrations shows.
pub fn registrations(ui: &Ui, counts: &[MethodCounts]) -> String {
    let used = || counts.iter().filter(|count| count.total() > 0);
    let Some(lead) = used().max_by_key(|count| count.total()) else {
        return t!(ui, overview.registrations_none).to_owned();
    };
    if used().count() == 1 {
        return t!(ui, overview.registrations_one, lead = ui.method(lead.method));
    }
    match worst_share(counts) {
        Some(worst) if worst.method != lead.method => t!(
            ui,
            overview.registrations_lead_and_fail,
            lead = ui.method(lead.method),
            worst = inside(ui.method(worst.method))
        ),
        _ => t!(ui, overview.registrations_lead, lead = ui.method(lead.method)),
    }
}

/// What the chart of resets shows: where people get stuck.
pub fn resets(ui: &Ui, counts: &[MethodCounts]) -> String {
    if counts.iter().all(|count| count.total() == 0) {
        return t!(ui, overview.resets_none).to_owned();
    }
    let Some(worst) = counts.iter().filter(|count| count.failure > 0).max_by_key(|count| count.failure) else {
        return t!(ui, overview.resets_no_failure).to_owned();
    };
    let total = worst.success + worst.failure;
    let n = (total + worst.failure / 2) / worst.failure;
    let method = inside(ui.method(worst.method));
    if n < 2 {
        return t!(ui, overview.resets_fail_most, method = method);
    }
    let n = ui.small_number(n).map_or_else(|| ui.number(n), str::to_owned);
    t!(ui, overview.resets_fail, n = n, method = method)
}

/// The method with the greatest share of failures, of those with enough events.
fn worst_share(counts: &[MethodCounts]) -> Option<&MethodCounts> {
    counts
        .iter()
        .filter(|count| count.failure > 0 && count.success + count.failure >= ENOUGH_EVENTS)
        .max_by(|a, b| (a.failure * (b.success + b.failure)).cmp(&(b.failure * (a.success + a.failure))))
}

/// A label inside a sentence: "App code" as "app code", "SMS" as it is.
fn inside(label: &str) -> String {
    let mut letters = label.chars();
    match letters.next() {
        // A capital after the first letter: a proper name, or an abbreviation.
        Some(first) if !letters.clone().any(char::is_uppercase) => first.to_lowercase().chain(letters).collect(),
        _ => label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use domain::method::AuthMethod;

    use super::*;

    fn said(yes: i64, no: i64, unknown: i64) -> String {
        capable(&Ui::new("UTC"), Population::Members, Tally { yes, no, unknown })
    }

    #[test]
    fn the_headline_states_the_finding() {
        assert_eq!(said(3371, 601, 8), "Six in seven members can reset their own password");
        assert_eq!(said(50, 50, 0), "One in two members can reset their own password");
        assert_eq!(said(7, 0, 0), "All members can reset their own password");
        assert_eq!(said(0, 7, 0), "No members can reset their own password yet");
        assert_eq!(said(990, 10, 0), "Almost all members can reset their own password");
        assert_eq!(said(1, 999, 0), "Hardly any members can reset their own password");
    }

    #[test]
    fn unknown_is_never_told_as_a_no() {
        assert_eq!(said(0, 0, 9), "It is not known who can reset their own password");
        assert_eq!(said(0, 5, 5), "It is not known who can reset their own password");
        assert_eq!(said(50, 20, 30), "At least one in two members can reset their own password");
        assert_eq!(said(0, 0, 0), "Nobody is in this population");
    }

    #[test]
    fn chart_titles_state_the_finding() {
        let ui = Ui::new("UTC");
        let count = |method, success, failure| MethodCounts { method, success, failure, previous: None };
        let registrations_of = |counts: &[MethodCounts]| registrations(&ui, counts);
        assert_eq!(registrations_of(&[]), "No registrations in this period");
        let counts = [count(AuthMethod::AppNotification, 1204, 38), count(AuthMethod::AppCode, 402, 61)];
        assert_eq!(registrations_of(&counts), "App notification leads; app code fails most");
        assert_eq!(registrations_of(&counts[1..]), "All registrations are App code");
        assert_eq!(resets(&ui, &[count(AuthMethod::Sms, 512, 64)]), "One in nine attempts with SMS fails");
        assert_eq!(resets(&ui, &[count(AuthMethod::Email, 1, 9)]), "Most attempts with email fail");
        assert_eq!(resets(&ui, &[count(AuthMethod::Email, 9, 0)]), "No attempt failed while resetting a password");
    }
}
