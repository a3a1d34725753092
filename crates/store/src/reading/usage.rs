use std::cmp::Reverse;
use std::collections::BTreeMap;

use domain::answer::Answer;
use domain::derive::PasswordAction;
use domain::instant::Instant;
use domain::population::Population;
use domain::query::Report;
use domain::record::Outcome;
use domain::report::{
    ComponentCount, Counts, EverybodyCounts, Issue, PasswordCounts, PopulationSize, RequiredByCount, ResultCounts,
    SecondFactorCounts, SignInCounts, StatusCount, Tally, Usage, UsagePoint, UserCounts,
};
use domain::retention::Kept;
use domain::sign_in::{Component, MfaResult, MfaStatus, RequiredBy, SecondFactor, SignInStatus};
use domain::steps::Steps;
use domain::window::Window;
use roaring::RoaringBitmap;

use super::Reader;
use super::classes::Classes;
use super::overview::Census;
use super::sums::Counters;
use crate::StoreError;
use crate::error::member;
use crate::sign_in_class::{Measure, SignInClass};
use crate::tiers::{plan, plan_steps};

const PASSWORDS: Counters = Counters {
    table: "password_rollups",
    rows: "audit_records",
    by: &[("kind", "password_kind")],
    counted: " AND password_kind IS NOT NULL",
};
/// Issues that are shown.
const MOST_ISSUES: usize = 10;

impl Reader {
    pub(super) async fn read_usage(&self, report: &Report) -> Result<Usage, StoreError> {
        let window = report.window();
        let population = report.population.unwrap_or(Population::Members);
        let classes = self.classes().await?;
        let counts = self.class_counts(window).await?;
        let mut figures = Figures::default();
        for (class_id, n) in &counts {
            if let Some(class) = classes.get(class_id) {
                figures.add(class, *n);
            }
        }
        let mut census = Census::of(population);
        let cells = self.cells_at(report.as_of).await?;
        for (cell, n) in &cells {
            census.add(*cell, *n);
        }
        let methods = figures.methods();
        let members = self.members(population, report.as_of).await?;
        Ok(Usage {
            as_of: report.as_of,
            window,
            users: self.user_counts(window, &classes, &members).await?,
            population: PopulationSize { name: population, size: census.snapshot.size, left_out: census.left_out() },
            sign_ins: figures.sign_ins,
            required: figures.required,
            required_by: most_first(figures.required_by, |(required_by, count)| RequiredByCount { required_by, count }),
            challenged: figures.challenge_results.total(),
            results: figures.results,
            challenge_results: figures.challenge_results,
            statuses: most_first(figures.statuses, |((mfa_result, mfa_status, challenged), count)| StatusCount {
                mfa_result,
                mfa_status,
                challenged,
                count,
            }),
            methods,
            issues: {
                let mut issues = most_first(figures.issues, |((mfa_status, error_code), count)| Issue {
                    mfa_status,
                    error_code,
                    count,
                });
                issues.truncate(MOST_ISSUES);
                issues
            },
            components: most_first(figures.components, |(component, count)| ComponentCount { component, count }),
            passwords: self.password_counts(window).await?,
            over_time: self.usage_over_time(window, &classes).await?,
            not_kept: self.not_kept(&[Kept::SignIns, Kept::Events], window).await?,
            sources: self.sources().await?,
        })
    }

    async fn user_counts(
        &self,
        window: Window,
        classes: &Classes,
        members: &RoaringBitmap,
    ) -> Result<UserCounts, StoreError> {
        let mut of_population = [0; 3];
        let mut of_all = [0; 3];
        for ((measure, some), all) in Measure::ALL.into_iter().zip(&mut of_population).zip(&mut of_all) {
            let users = self.users_in(measure, window, classes).await?;
            *all = count(users.len());
            *some = count(users.intersection_len(members));
        }
        let [signed_in, challenged, unable] = of_all;
        let everybody = EverybodyCounts { signed_in, challenged, unable };
        let [signed_in, challenged, unable] = of_population;
        Ok(UserCounts { signed_in, challenged, unable, everybody })
    }

    pub(super) async fn password_counts(&self, window: Window) -> Result<PasswordCounts, StoreError> {
        let mut counts = PasswordCounts::default();
        let rows: Vec<(i64, i64)> = self.sums(&PASSWORDS, &plan(window), &[]).await?;
        for (kind, n) in rows {
            let outcome = member("password_rollups", "kind", kind % 2, Outcome::from_code)?;
            let counts = match member("password_rollups", "kind", kind / 2, PasswordAction::from_code)? {
                PasswordAction::SelfServiceReset => &mut counts.self_service_resets,
                PasswordAction::ResetByAdmin => &mut counts.resets_by_admins,
                PasswordAction::Change => &mut counts.changes,
                PasswordAction::Unlock => &mut counts.unlocks,
                PasswordAction::Blocked => {
                    counts.blocked += n;
                    continue;
                }
            };
            let Counts { success, failure } = counts;
            *(if outcome == Outcome::Success { success } else { failure }) += n;
        }
        Ok(counts)
    }

    /// Whole steps from the counters, and what is left of the first and the last one.
    async fn usage_over_time(&self, window: Window, classes: &Classes) -> Result<Vec<UsagePoint>, StoreError> {
        let steps = Steps::of(window);
        let whole = steps.whole(window);
        let mut points: BTreeMap<i64, Point> = BTreeMap::new();
        let mut begin = window.from;
        while begin < window.to {
            points.insert(begin.millis(), Point::default());
            begin = steps.beginning(begin.plus_millis(steps.millis));
        }
        let is_long = whole.from < whole.to;
        let edges = if is_long {
            vec![Window { from: window.from, to: whole.from }, Window { from: whole.to, to: window.to }]
        } else {
            let middle = whole.to.clamp(window.from, window.to);
            vec![Window { from: window.from, to: middle }, Window { from: middle, to: window.to }]
        };
        for edge in edges.into_iter().filter(|edge| edge.from < edge.to) {
            for (class_id, n) in self.class_counts(edge).await? {
                add_to(&mut points, edge.from, classes.get(&class_id), n);
            }
        }
        if is_long {
            self.count_sign_ins(&[plan_steps(whole, steps.millis)], |bucket_at, _, class_id, n| {
                let begin = steps.beginning(Instant::from_millis(bucket_at));
                add_to(&mut points, begin, classes.get(&class_id), n);
            })
            .await?;
        }
        let ends: Vec<i64> = points.keys().skip(1).copied().chain([window.to.millis()]).collect();
        Ok(points
            .into_iter()
            .zip(ends)
            .map(|((from, point), to)| UsagePoint {
                from: Instant::from_millis(from),
                to: Instant::from_millis(to),
                sign_ins: point.sign_ins,
                satisfied: point.challenges.satisfied,
                denied: point.challenges.denied,
                pending: point.challenges.pending,
                unknown: point.challenges.unknown,
            })
            .collect())
    }
}

#[derive(Default)]
struct Point {
    sign_ins: i64,
    challenges: ResultCounts,
}

fn add_to(points: &mut BTreeMap<i64, Point>, begin: Instant, class: Option<&SignInClass>, n: i64) {
    let Some(class) = class else { return };
    let point = points.entry(begin.millis()).or_default();
    point.sign_ins += n;
    if class.facts.is_challenged() {
        point.challenges.add(class.facts.result, n);
    }
}

/// What classes add up to.
#[derive(Default)]
struct Figures {
    sign_ins: SignInCounts,
    required: Tally,
    required_by: BTreeMap<RequiredBy, i64>,
    results: ResultCounts,
    challenge_results: ResultCounts,
    statuses: BTreeMap<(MfaResult, Option<MfaStatus>, bool), i64>,
    challenges_by_method: BTreeMap<SecondFactor, ResultCounts>,
    issues: BTreeMap<(Option<MfaStatus>, Option<i64>), i64>,
    components: BTreeMap<Component, i64>,
}

impl Figures {
    fn add(&mut self, class: &SignInClass, n: i64) {
        let facts = class.facts;
        self.sign_ins.total += n;
        match facts.sign_in {
            SignInStatus::Success => self.sign_ins.success += n,
            SignInStatus::Failure => self.sign_ins.failure += n,
            SignInStatus::Interrupted => self.sign_ins.interrupted += n,
            SignInStatus::Unknown => self.sign_ins.unknown += n,
        }
        self.required.add(facts.mfa_required, n);
        if let (Answer::Yes, Some(by)) = (facts.mfa_required, facts.required_by) {
            *self.required_by.entry(by).or_default() += n;
        }
        self.results.add(facts.result, n);
        let is_challenged = facts.is_challenged();
        *self.statuses.entry((facts.result, facts.status, is_challenged)).or_default() += n;
        *self.components.entry(class.component).or_default() += n;
        if !is_challenged {
            return;
        }
        self.challenge_results.add(facts.result, n);
        self.challenges_by_method.entry(facts.method).or_default().add(facts.result, n);
        if facts.is_unmet() {
            // A status says more than a code that many statuses share.
            let code = if facts.status.is_none() { class.error_code } else { None };
            *self.issues.entry((facts.status, code)).or_default() += n;
        }
    }

    fn methods(&self) -> Vec<SecondFactorCounts> {
        let mut methods: Vec<(SecondFactor, ResultCounts)> =
            self.challenges_by_method.iter().map(|(method, counts)| (*method, *counts)).collect();
        methods.sort_by_key(|(method, counts)| (Reverse(counts.total()), *method));
        methods
            .into_iter()
            .map(|(method, ResultCounts { satisfied, denied, pending, none: _, unknown })| SecondFactorCounts {
                method,
                satisfied,
                denied,
                pending,
                unknown,
            })
            .collect()
    }
}

/// The most first; equal ones in the order of what they are of.
fn most_first<K: Ord + Copy, T>(counts: BTreeMap<K, i64>, make: impl Fn((K, i64)) -> T) -> Vec<T> {
    let mut counts: Vec<(K, i64)> = counts.into_iter().collect();
    counts.sort_by_key(|(key, n)| (Reverse(*n), *key));
    counts.into_iter().map(make).collect()
}

pub(super) fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
