//! The page's numbers against its links: sign-ins are counted naively, once for the report and once for every link.

use std::collections::BTreeMap;

use domain::answer::Answer;
use domain::instant::Instant;
use domain::method::AuthMethod;
use domain::population::Population;
use domain::query::{
    ActivityQuery, AppUsageQuery, EventsQuery, ListQuery, ReasonsQuery, SignInFilters, UserUsageFilters, UserUsageQuery,
};
use domain::report::{
    ComponentCount, EverybodyCounts, Issue, PasswordCounts, PopulationSize, RequiredByCount, ResultCounts,
    SecondFactorCounts, SignInCounts, SourceItem, StatusCount, Tally, UsagePoint, UserCounts,
};
use domain::sign_in::{Component, Facts, MfaResult, MfaStatus, RequiredBy, SecondFactor, SignInStatus, StatusText};
use leptos::prelude::*;

use super::*;

const NOW: Instant = Instant::from_millis(1_790_000_000_000);

struct SignIn {
    facts: Facts,
    code: i64,
    component: Component,
}

/// One of each status, two of each second, with methods, requirements and components in turn; and some without a text.
fn sign_ins() -> Vec<SignIn> {
    let mut all = Vec::new();
    for (n, status) in MfaStatus::ALL.iter().enumerate() {
        let facts = Facts {
            mfa_required: Answer::Yes,
            required_by: Some(RequiredBy::ALL[n % RequiredBy::ALL.len()]),
            result: status.result().unwrap_or(MfaResult::Unknown),
            status: Some(*status),
            method: SecondFactor::Method(AuthMethod::ALL[n % 7]),
            sign_in: SignInStatus::ALL[n % SignInStatus::ALL.len()],
        };
        let component = Component::ALL[n % Component::ALL.len()];
        for _ in 0..=n % 3 {
            all.push(SignIn { facts, code: 50_000 + n as i64, component });
        }
    }
    for (mfa_required, result, code) in [
        (Answer::No, MfaResult::None, 0),
        (Answer::Unknown, MfaResult::Unknown, 0),
        (Answer::Yes, MfaResult::Denied, 500_121),
        (Answer::Yes, MfaResult::Denied, 50_088),
        (Answer::Yes, MfaResult::Pending, 50_074),
    ] {
        let required_by = (mfa_required == Answer::Yes).then_some(RequiredBy::Unknown);
        let method =
            if mfa_required == Answer::Yes { SecondFactor::Method(AuthMethod::Unknown) } else { SecondFactor::None };
        let facts =
            Facts { mfa_required, required_by, result, status: None, method, sign_in: SignInStatus::Interrupted };
        all.extend((0..code % 5 + 2).map(|_| SignIn { facts, code, component: Component::None }));
    }
    all
}

fn count(sign_ins: &[SignIn], is_counted: impl Fn(&SignIn) -> bool) -> i64 {
    sign_ins.iter().filter(|sign_in| is_counted(sign_in)).count() as i64
}

/// Distinct values with how many sign-ins have them, most first.
fn by<K: Ord + Clone>(sign_ins: &[SignIn], key: impl Fn(&SignIn) -> Option<K>) -> Vec<(K, i64)> {
    let mut counts: BTreeMap<K, i64> = BTreeMap::new();
    for key in sign_ins.iter().filter_map(key) {
        *counts.entry(key).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, n)| -n);
    counts
}

fn results<'a>(sign_ins: impl Iterator<Item = &'a SignIn>) -> ResultCounts {
    let mut counts = ResultCounts::default();
    sign_ins.for_each(|sign_in| counts.add(sign_in.facts.result, 1));
    counts
}

fn usage_of(sign_ins: &[SignIn], report: &Report) -> Usage {
    let window = report.window();
    let challenged = || sign_ins.iter().filter(|sign_in| sign_in.facts.is_challenged());
    let mut required = Tally::default();
    sign_ins.iter().for_each(|sign_in| required.add(sign_in.facts.mfa_required, 1));
    let status = |status| count(sign_ins, |sign_in| sign_in.facts.sign_in == status);
    let methods = by(sign_ins, |sign_in| sign_in.facts.is_challenged().then_some(sign_in.facts.method));
    let methods = methods.into_iter().map(|(method, _)| {
        let of = results(challenged().filter(|sign_in| sign_in.facts.method == method));
        SecondFactorCounts {
            method,
            satisfied: of.satisfied,
            denied: of.denied,
            pending: of.pending,
            unknown: of.unknown,
        }
    });
    let issues = by(sign_ins, |sign_in| {
        let code = if sign_in.facts.status.is_none() { Some(sign_in.code) } else { None };
        sign_in.facts.is_unmet().then_some((sign_in.facts.status, code))
    });
    let statuses =
        by(sign_ins, |sign_in| Some((sign_in.facts.result, sign_in.facts.status, sign_in.facts.is_challenged())));
    let source =
        |source| SourceItem { source, last_refreshed: NOW, covers_from: window.from, covers_to: window.to, records: 1 };
    let all = results(challenged());
    Usage {
        as_of: report.as_of,
        window,
        population: PopulationSize { name: Population::Members, size: 900, left_out: Vec::new() },
        sign_ins: SignInCounts {
            total: sign_ins.len() as i64,
            success: status(SignInStatus::Success),
            failure: status(SignInStatus::Failure),
            interrupted: status(SignInStatus::Interrupted),
            unknown: status(SignInStatus::Unknown),
        },
        required,
        required_by: by(sign_ins, |sign_in| sign_in.facts.required_by)
            .into_iter()
            .map(|(required_by, count)| RequiredByCount { required_by, count })
            .collect(),
        challenged: all.total(),
        results: results(sign_ins.iter()),
        challenge_results: all,
        statuses: statuses
            .into_iter()
            .map(|((mfa_result, mfa_status, challenged), count)| StatusCount {
                mfa_result,
                mfa_status,
                challenged,
                count,
            })
            .collect(),
        methods: methods.collect(),
        issues: issues
            .into_iter()
            .map(|((mfa_status, error_code), count)| Issue { mfa_status, error_code, count })
            .collect(),
        users: UserCounts {
            signed_in: 812,
            challenged: 411,
            unable: 23,
            everybody: EverybodyCounts { signed_in: 1020, challenged: 500, unable: 31 },
        },
        components: by(sign_ins, |sign_in| Some(sign_in.component))
            .into_iter()
            .map(|(component, count)| ComponentCount { component, count })
            .collect(),
        passwords: PasswordCounts::default(),
        not_kept: Vec::new(),
        over_time: vec![UsagePoint {
            from: window.from,
            to: window.to,
            sign_ins: sign_ins.len() as i64,
            satisfied: all.satisfied,
            denied: all.denied,
            pending: all.pending,
            unknown: all.unknown,
        }],
        sources: vec![source(RecordKind::SignIn), source(RecordKind::DirectoryAudit)],
    }
}

fn report() -> Report {
    Report::parse("range=7d&population=members&tz=Europe/Stockholm", NOW).expect("parameters")
}

fn html(usage: &Usage) -> String {
    Owner::new().with(|| figures(&Ui::new("Europe/Stockholm"), &report(), usage).to_html())
}

/// Addresses and last texts of links.
fn links(html: &str) -> Vec<(String, String)> {
    let link = |link: &str| {
        let href = link.split_once("href=\"")?.1.split_once('"')?.0.replace("&amp;", "&");
        let inside = link.split_once('>')?.1.split_once("</a>")?.0;
        let mut texts = inside.split('<').map(|part| part.rsplit('>').next().unwrap_or(part).trim());
        Some((href, texts.rfind(|text| !text.is_empty())?.to_owned()))
    };
    html.split("<a ").skip(1).filter_map(link).collect()
}

/// Whether a list with these filters has a sign-in: read anew, not by what the page is made with.
fn has(filters: &SignInFilters, sign_in: &SignIn) -> bool {
    let SignIn { facts, code, component } = sign_in;
    let text = StatusText::from(facts.status);
    (filters.mfa_required.is_empty() || filters.mfa_required.contains(&facts.mfa_required))
        && filters.challenged.is_none_or(|challenged| challenged == facts.is_challenged())
        && (filters.mfa_result.is_empty() || filters.mfa_result.contains(&facts.result))
        && (filters.mfa_status.is_empty() || filters.mfa_status.contains(&text))
        && (filters.required_by.is_empty() || facts.required_by.is_some_and(|by| filters.required_by.contains(&by)))
        && (filters.method.is_empty() || filters.method.contains(&facts.method))
        && (filters.status.is_empty() || filters.status.contains(&facts.sign_in))
        && (filters.error_code.is_empty() || filters.error_code.contains(code))
        && (filters.component.is_empty() || filters.component.contains(component))
}

#[test]
fn every_number_is_the_length_of_the_list_it_links_to() {
    let sign_ins = sign_ins();
    let usage = usage_of(&sign_ins, &report());
    let mut checked = 0;
    for (href, text) in links(&html(&usage)) {
        let Some(url) = href.strip_prefix("/sign-ins?") else { continue };
        let list = SignInsQuery::parse(url, NOW).expect("our own link");
        assert_eq!(list.report.population, None, "{href}");
        assert_eq!(list.report.window(), usage.window, "{href}");
        if let Ok(n) = text.replace(',', "").parse::<i64>() {
            assert_eq!(n, count(&sign_ins, |sign_in| has(&list.filters, sign_in)), "{href}");
            checked += 1;
        }
    }
    assert!(checked > 150, "{checked} numbers are links");
}

#[test]
fn every_link_is_one_that_its_page_takes() {
    let links = links(&html(&usage_of(&sign_ins(), &report())));
    let mut users = Vec::new();
    for (href, _) in &links {
        let (path, url) = href.split_once('?').expect("every link is of an instant");
        match path {
            "/sign-ins" => drop(SignInsQuery::parse(url, NOW).expect("sign-ins")),
            "/usage/users" => users.push(UserUsageQuery::parse(url, NOW).expect("users")),
            "/usage/applications" => drop(AppUsageQuery::parse(url, NOW).expect("applications")),
            "/reasons" => drop(ReasonsQuery::parse(url, NOW).expect("reasons")),
            "/mfa/activity" => drop(ActivityQuery::parse(url, NOW).expect("activity")),
            "/events" => drop(EventsQuery::parse(url, NOW).expect("events")),
            "/usage/history.csv" | "/usage/methods.csv" | "/usage/statuses.csv" => {
                drop(Report::parse(url, NOW).expect("a table of this report"));
            }
            other => panic!("{other} is no list of this page"),
        }
    }
    assert!(users.iter().all(|list| list.report.population == Some(Population::Members)));
    let filters = |filters: &UserUsageFilters| users.iter().any(|list| list.filters == *filters);
    assert!(filters(&UserUsageFilters { challenged: Some(true), unable: None }));
    assert!(filters(&UserUsageFilters { challenged: None, unable: Some(true) }));
}

#[test]
fn what_is_not_known_is_not_told_as_nought() {
    let report = report();
    let mut usage = usage_of(&[], &report);
    assert!(html(&usage).contains("No sign-in lies between"), "there are some, but not then");
    usage.sources.retain(|source| source.source == RecordKind::DirectoryAudit);
    assert!(html(&usage).contains("Records have come in, but no sign-ins"));
    usage.sources[0].source = RecordKind::SignIn;
    assert!(html(&usage).contains("No audit log has been imported"));
    usage.sources.clear();
    assert!(html(&usage).contains("No data yet"));
}
