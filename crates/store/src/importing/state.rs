//! From observations to intervals of state: `spec/derivation.md` §1 as a pure function.

use domain::answer::Answer;
use domain::fold::{fold, sort_key};
use domain::instant::Instant;
use domain::method::{AuthMethod, MethodSet};
use domain::preferences::Language;
use domain::query::UserFlag;
use domain::record::{PerUserMfa, RecordKind, UserFacts, UserType};

use crate::cell::{Cell, Facts};
use crate::{SsprPolicy, SsprScope, search};

/// Who the intervals are about, and what events alone say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// Outward id: the object id, else the user name.
    pub id: String,
    pub first_event_at: Option<i64>,
    pub event_user_name: Option<String>,
    pub event_display_name: Option<String>,
}

/// One observation as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    pub observed_at: i64,
    pub kind: RecordKind,
    pub digest: String,
    pub facts: UserFacts,
}

/// A row of `user_states`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    pub valid_from: i64,
    pub valid_to: i64,
    pub id: String,
    pub facts: UserFacts,
    pub is_recorded: bool,
    pub is_guest: bool,
    pub flags: [Answer; 6],
    pub updated_at: Option<i64>,
}

impl State {
    pub fn cell(&self) -> Cell {
        Cell::pack(&Facts {
            is_recorded: self.is_recorded,
            is_deleted: self.facts.deleted_at.is_some(),
            is_guest: self.is_guest,
            user_type: self.facts.user_type,
            enabled_account: self.facts.account_enabled.into(),
            admin: self.facts.admin.into(),
            flags: self.flags,
            methods: self.facts.methods.as_ref(),
        })
    }

    pub fn method_bits(&self) -> Option<i64> {
        self.facts.methods.as_ref().and_then(|methods| i64::try_from(methods.bits()).ok())
    }

    pub fn display_name_key(&self, language: Language) -> String {
        sort_key(self.facts.display_name.as_deref().unwrap_or_default(), language)
    }

    pub fn folded_user_name(&self) -> String {
        fold(self.facts.user_name.as_deref().unwrap_or_default())
    }

    pub fn search_text(&self) -> String {
        let names = [&self.facts.display_name, &self.facts.user_name];
        search::search_text(names.map(|name| name.as_deref().unwrap_or_default()))
    }
}

/// The intervals of one user, oldest first; the last one is open. Any order of observations gives the same.
pub fn intervals(subject: &Subject, observations: &mut [Observation], policy: Option<&SsprPolicy>) -> Vec<State> {
    observations.sort_by(|a, b| {
        (a.observed_at, a.kind.rank(), a.kind, &a.digest).cmp(&(b.observed_at, b.kind.rank(), b.kind, &b.digest))
    });
    let mut states: Vec<State> = Vec::new();
    let first_recorded = observations.first().map_or(i64::MAX, |first| first.observed_at);
    if let Some(seen_at) = subject.first_event_at.filter(|seen_at| *seen_at < first_recorded) {
        let facts = UserFacts {
            user_name: subject.event_user_name.clone(),
            display_name: subject.event_display_name.clone(),
            ..UserFacts::default()
        };
        states.push(state(subject, facts, seen_at, false, None, policy));
    }
    let mut facts = UserFacts::default();
    for observation in observations.iter() {
        overlay(&mut facts, &observation.facts);
        let next = state(subject, facts.clone(), observation.observed_at, true, Some(observation.observed_at), policy);
        match states.last_mut() {
            Some(last) if last.valid_from == next.valid_from => *last = next,
            _ => states.push(next),
        }
    }
    for i in 1..states.len() {
        states[i - 1].valid_to = states[i].valid_from;
    }
    states
}

/// Per field, the newer observation that carries it wins.
fn overlay(facts: &mut UserFacts, newer: &UserFacts) {
    fn take<T: Clone>(field: &mut Option<T>, newer: &Option<T>) {
        if newer.is_some() {
            field.clone_from(newer);
        }
    }
    take(&mut facts.display_name, &newer.display_name);
    take(&mut facts.user_name, &newer.user_name);
    take(&mut facts.user_type, &newer.user_type);
    take(&mut facts.account_enabled, &newer.account_enabled);
    take(&mut facts.admin, &newer.admin);
    take(&mut facts.methods, &newer.methods);
    take(&mut facts.registered, &newer.registered);
    take(&mut facts.enabled, &newer.enabled);
    take(&mut facts.capable, &newer.capable);
    take(&mut facts.mfa_registered, &newer.mfa_registered);
    take(&mut facts.mfa_capable, &newer.mfa_capable);
    take(&mut facts.passwordless_capable, &newer.passwordless_capable);
    take(&mut facts.default_method, &newer.default_method);
    take(&mut facts.department, &newer.department);
    take(&mut facts.country, &newer.country);
    take(&mut facts.per_user_mfa, &newer.per_user_mfa);
    take(&mut facts.created_at, &newer.created_at);
    take(&mut facts.deleted_at, &newer.deleted_at);
}

fn state(
    subject: &Subject,
    mut facts: UserFacts,
    valid_from: i64,
    is_recorded: bool,
    updated_at: Option<i64>,
    policy: Option<&SsprPolicy>,
) -> State {
    if facts.user_name.is_none() {
        facts.user_name.clone_from(&subject.event_user_name);
    }
    if facts.display_name.is_none() {
        facts.display_name.clone_from(&subject.event_display_name);
    }
    let is_guest = match facts.user_type {
        Some(user_type) => user_type == UserType::Guest,
        None => facts.user_name.as_deref().is_some_and(|name| name.to_ascii_uppercase().contains("#EXT#")),
    };
    let registered = facts.registered.or_else(|| policy?.registered(facts.methods.as_ref()?)).into();
    let enabled = facts.enabled.or_else(|| policy?.enabled(&facts, is_guest)).into();
    let capable = facts.capable.map_or_else(|| Answer::and(registered, enabled), |given| Some(given).into());
    let mut flags = [Answer::Unknown; 6];
    flags[UserFlag::Registered as usize] = registered;
    flags[UserFlag::Enabled as usize] = enabled;
    flags[UserFlag::Capable as usize] = capable;
    flags[UserFlag::MfaRegistered as usize] = facts.mfa_registered.into();
    flags[UserFlag::MfaCapable as usize] = facts.mfa_capable.into();
    flags[UserFlag::PasswordlessCapable as usize] = facts.passwordless_capable.into();
    State {
        valid_from,
        valid_to: Instant::MAX.millis(),
        id: subject.id.clone(),
        facts,
        is_recorded,
        is_guest,
        flags,
        updated_at,
    }
}

impl SsprPolicy {
    /// Enough methods that the policy accepts; `None` where an unknown method might make the difference.
    fn registered(&self, methods: &MethodSet) -> Option<bool> {
        let accepted = self.methods.iter().filter(|method| self.accepts(methods, **method)).count();
        let required = usize::try_from(self.methods_required).unwrap_or(usize::MAX);
        if accepted >= required {
            return Some(true);
        }
        (!methods.contains(AuthMethod::Unknown)).then_some(false)
    }

    /// A registered mobile phone serves a policy that names SMS or phone call.
    fn accepts(&self, registered: &MethodSet, method: AuthMethod) -> bool {
        registered.intersects(&method.matched_by_filter())
    }

    fn enabled(&self, facts: &UserFacts, is_guest: bool) -> Option<bool> {
        match self.scope {
            SsprScope::Nobody => Some(false),
            SsprScope::Everyone if facts.user_type.is_some() || is_guest => Some(!is_guest),
            SsprScope::Everyone => facts.user_name.is_some().then_some(true),
            SsprScope::Group => None,
        }
    }
}

/// The state of per-user MFA as a column value.
pub fn per_user_mfa_code(state: Option<PerUserMfa>) -> Option<i64> {
    state.map(PerUserMfa::code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn observation(at: i64, kind: RecordKind, facts: UserFacts) -> Observation {
        Observation { observed_at: at, kind, digest: format!("{at} {facts:?}"), facts }
    }

    fn report(at: i64, registered: bool) -> Observation {
        observation(
            at,
            RecordKind::UserRegistrationDetails,
            UserFacts { registered: Some(registered), account_enabled: Some(true), ..UserFacts::default() },
        )
    }

    #[test]
    fn the_directory_beats_the_report_at_the_same_time() {
        let directory =
            observation(5, RecordKind::User, UserFacts { account_enabled: Some(false), ..UserFacts::default() });
        let mut both = vec![directory, report(5, true)];
        let states = intervals(&Subject::default(), &mut both, None);
        assert_eq!(states.len(), 1);
        assert_eq!(states[0].facts.account_enabled, Some(false));
        assert_eq!(states[0].flags[UserFlag::Registered as usize], Answer::Yes);
        assert_eq!(states[0].flags[UserFlag::Capable as usize], Answer::Unknown);
    }

    #[test]
    fn before_the_first_record_a_user_was_only_seen() {
        let subject = Subject { first_event_at: Some(1), ..Subject::default() };
        let states = intervals(&subject, &mut [report(5, true), report(9, false)], None);
        let spans: Vec<_> = states.iter().map(|s| (s.valid_from, s.valid_to, s.is_recorded)).collect();
        assert_eq!(spans, [(1, 5, false), (5, 9, true), (9, Instant::MAX.millis(), true)]);
    }

    #[test]
    fn a_policy_answers_where_the_report_is_silent() {
        let policy = SsprPolicy {
            methods_required: 2,
            methods: vec![AuthMethod::Sms, AuthMethod::Email],
            scope: SsprScope::Everyone,
        };
        let facts = |names: &[&str]| UserFacts {
            methods: Some(MethodSet::from_names(names.iter().copied())),
            user_type: Some(UserType::Member),
            ..UserFacts::default()
        };
        for (names, registered) in [
            (&["mobilePhone", "email"][..], Answer::Yes),
            (&["email"][..], Answer::No),
            (&["email", "newThing"][..], Answer::Unknown),
        ] {
            let mut one = [observation(1, RecordKind::MfaReport, facts(names))];
            let states = intervals(&Subject::default(), &mut one, Some(&policy));
            assert_eq!(states[0].flags[UserFlag::Registered as usize], registered, "{names:?}");
            assert_eq!(states[0].flags[UserFlag::Capable as usize], registered.and(Answer::Yes));
        }
    }

    proptest! {
        #[test]
        fn any_order_gives_the_same_intervals(times in prop::collection::vec((0i64..20, any::<bool>()), 1..8), seed in any::<u64>()) {
            let mut sorted: Vec<_> = times.iter().map(|&(at, yes)| report(at, yes)).collect();
            sorted.dedup_by_key(|o| o.observed_at);
            let mut shuffled = sorted.clone();
            let n = shuffled.len();
            shuffled.rotate_left(usize::try_from(seed % n as u64).expect("small"));
            shuffled.reverse();
            prop_assert_eq!(
                intervals(&Subject::default(), &mut sorted, None),
                intervals(&Subject::default(), &mut shuffled, None)
            );
        }
    }
}
