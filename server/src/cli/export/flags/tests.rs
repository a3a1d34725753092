use clap::Subcommand as _;
use domain::access::{AccessAction, AccessOutcome, ActorKind};
use domain::answer::Answer;
use domain::instant::Instant;
use domain::method::AuthMethod;
use domain::mfa::{BlockStatus, BypassStatus, CallResult};
use domain::preferences::Language;
use domain::query::{
    AccessFilters, ActivityFilters, BlockFilters, BypassFilters, Filtered, Filters, FraudFilters, ListQuery as _,
    ReasonFilters, Report, SignInFilters, UserUsageFilters,
};
use domain::reason::{Actor, ReasonKind};
use domain::sign_in::{
    Component, ConditionalAccessResult, MfaResult, RequiredBy, SecondFactor, SignInStatus, StatusText,
};

use super::*;
use crate::cli::export::ExportCommand;

/// Each list has the flags of its own parameters: none too many.
#[test]
fn every_flag_is_a_parameter() {
    fn reads<Q: Flags>() {
        for name in names::<Q>() {
            assert_eq!(dashed(name).unwrap_or(name), name.replace('_', "-"));
            let error = Q::parse(&format!("{name}=%00"), Instant::from_millis(0)).err().map(|p| p.to_string());
            assert!(!error.unwrap_or_default().contains("no parameter"), "{name}");
        }
    }
    reads::<UsersQuery>();
    reads::<EventsQuery>();
    reads::<SignInsQuery>();
    reads::<UserUsageQuery>();
    reads::<AppUsageQuery>();
    reads::<ActivityQuery>();
    reads::<BlockedUsersQuery>();
    reads::<BypassedUsersQuery>();
    reads::<FraudAlertsQuery>();
    reads::<ServersQuery>();
    reads::<MfaRegisteredQuery>();
    reads::<MfaNotRegisteredQuery>();
    reads::<MfaMethodsQuery>();
    reads::<ReasonsQuery>();
    reads::<AccessLogQuery>();
}

/// Every filter set at once: what its URL names, there is a flag for. A new filter does not compile without a value here.
#[test]
fn no_filter_lacks_its_flag() {
    fn covers<F: Filters>(mut query: Filtered<F>)
    where
        Filtered<F>: Flags,
    {
        query.report.lang = Some(Language::Swedish);
        let url = query.to_url();
        let mut set: Vec<String> = form_urlencoded::parse(url.as_bytes()).map(|(name, _)| name.into_owned()).collect();
        // Lists without sentences are the same in every language.
        set.retain(|name| name != "lang" || Filtered::<F>::HAS_SENTENCES);
        set.sort_unstable();
        let mut flags: Vec<&str> = Filtered::<F>::FLAGS.iter().map(|(name, _)| *name).collect();
        flags.sort_unstable();
        assert_eq!(flags, set, "{}", F::NAME);
    }
    let now = Instant::from_millis(0);
    let report = || Report::new(now);
    let user = || vec!["ada@contoso.com".to_owned()];
    let sign_ins = SignInFilters {
        mfa_required: vec![Answer::Yes],
        challenged: Some(true),
        unable: Some(false),
        mfa_result: vec![MfaResult::Denied],
        mfa_status: vec![StatusText::None],
        required_by: vec![RequiredBy::PerUser],
        method: vec![SecondFactor::None],
        status: vec![SignInStatus::Success],
        error_code: vec![0],
        app: user(),
        user: user(),
        interactive: vec![Answer::Unknown],
        component: vec![Component::Nps],
        ca_result: vec![ConditionalAccessResult::Success],
        ca_policy: user(),
        ip: user(),
    };
    let activity = ActivityFilters {
        component: vec![Component::Nps],
        authenticated: vec![Answer::No],
        call_result: vec![CallResult::ConfigIssue],
        method: vec![AuthMethod::Sms],
        user: user(),
    };
    covers(Filtered::with(report(), sign_ins));
    covers(Filtered::with(report(), UserUsageFilters { challenged: Some(true), unable: Some(true) }));
    covers(Filtered::with(report(), activity));
    covers(Filtered::with(report(), BlockFilters { status: vec![BlockStatus::Open], user: user() }));
    covers(Filtered::with(report(), BypassFilters { status: vec![BypassStatus::Open], user: user() }));
    covers(Filtered::with(report(), FraudFilters { blocked: vec![Answer::Yes], user: user() }));
    let reasons = ReasonFilters { kind: vec![ReasonKind::Status], actor: vec![Actor::User] };
    covers(Filtered::with(report(), reasons));
    let access = AccessFilters {
        action: vec![AccessAction::View],
        outcome: vec![AccessOutcome::Allowed],
        actor_kind: vec![ActorKind::Person],
    };
    covers(Filtered::with(report(), access));
    covers(AppUsageQuery::new(now));
    covers(ServersQuery::new(now));
    covers(MfaRegisteredQuery::new(now));
    covers(MfaNotRegisteredQuery::new(now));
    covers(MfaMethodsQuery::new(now));
}

/// A list's report on the command line is its path.
#[test]
fn reports_are_called_as_their_pages() {
    let command = ExportCommand::augment_subcommands(clap::Command::new("export"));
    let reports: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    let names = [
        UsersQuery::NAME,
        EventsQuery::NAME,
        SignInsQuery::NAME,
        UserUsageQuery::NAME,
        AppUsageQuery::NAME,
        ActivityQuery::NAME,
        BlockedUsersQuery::NAME,
        BypassedUsersQuery::NAME,
        FraudAlertsQuery::NAME,
        ServersQuery::NAME,
        MfaRegisteredQuery::NAME,
        MfaNotRegisteredQuery::NAME,
        MfaMethodsQuery::NAME,
        ReasonsQuery::NAME,
        AccessLogQuery::NAME,
    ];
    assert_eq!(reports, names);
}
