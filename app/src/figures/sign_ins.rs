//! Links of figures about sign-ins. They count every account's, so the population stays behind; those about users keep it.

use domain::answer::Answer;
use domain::query::{
    ActivityFilters, ActivityQuery, AppUsageQuery, ListQuery, ReasonFilters, ReasonsQuery, SignInFilters, SignInsQuery,
    Span, UserUsageFilters, UserUsageQuery,
};
use domain::reason::ReasonKind;
use domain::report::{Issue, StatusCount};
use domain::sign_in::{Component, MfaResult, RequiredBy, SecondFactor, SignInStatus, StatusText};
use domain::window::Window;

use super::Figures;

impl Figures {
    /// The sign-ins of the window with these properties.
    #[must_use]
    pub fn sign_ins(&self, filters: SignInFilters) -> SignInsQuery {
        SignInsQuery::with(self.of_everybody(), filters)
    }

    #[must_use]
    pub fn all_sign_ins(&self) -> SignInsQuery {
        self.sign_ins(SignInFilters::default())
    }

    /// The sign-ins of one step of time.
    #[must_use]
    pub fn sign_ins_within(&self, window: Window, filters: SignInFilters) -> SignInsQuery {
        let mut query = self.sign_ins(filters);
        query.report.span = Span::Window(window);
        query
    }

    #[must_use]
    pub fn with_status(&self, status: SignInStatus) -> SignInsQuery {
        self.sign_ins(SignInFilters { status: vec![status], ..SignInFilters::default() })
    }

    /// Whether MFA was required.
    #[must_use]
    pub fn required(&self, answer: Answer) -> SignInsQuery {
        self.sign_ins(SignInFilters { mfa_required: vec![answer], ..SignInFilters::default() })
    }

    #[must_use]
    pub fn required_by(&self, required_by: RequiredBy) -> SignInsQuery {
        self.sign_ins(SignInFilters { required_by: vec![required_by], ..SignInFilters::default() })
    }

    /// Required, but nobody was asked.
    #[must_use]
    pub fn required_not_challenged(&self) -> SignInsQuery {
        self.sign_ins(SignInFilters {
            mfa_required: vec![Answer::Yes],
            challenged: Some(false),
            ..SignInFilters::default()
        })
    }

    /// Challenged sign-ins.
    #[must_use]
    pub fn challenged(&self) -> SignInsQuery {
        self.sign_ins(challenged())
    }

    /// Challenged sign-ins with this outcome.
    #[must_use]
    pub fn challenge(&self, result: MfaResult) -> SignInsQuery {
        self.sign_ins(SignInFilters { mfa_result: vec![result], ..challenged() })
    }

    /// Challenged sign-ins that were not, or not yet, let through.
    #[must_use]
    pub fn unmet(&self) -> SignInsQuery {
        self.sign_ins(unmet())
    }

    /// Challenged sign-ins of a method; with one outcome, or any.
    #[must_use]
    pub fn second_factor(&self, method: SecondFactor, result: Option<MfaResult>) -> SignInsQuery {
        self.sign_ins(SignInFilters { method: vec![method], mfa_result: result.into_iter().collect(), ..challenged() })
    }

    /// All sign-ins with this outcome of the second factor.
    #[must_use]
    pub fn result(&self, result: MfaResult) -> SignInsQuery {
        self.sign_ins(SignInFilters { mfa_result: vec![result], ..SignInFilters::default() })
    }

    /// MFA was satisfied without asking.
    #[must_use]
    pub fn skipped(&self) -> SignInsQuery {
        self.sign_ins(SignInFilters {
            mfa_result: vec![MfaResult::Satisfied],
            challenged: Some(false),
            ..SignInFilters::default()
        })
    }

    /// What one count of a status counts.
    #[must_use]
    pub fn status(&self, count: &StatusCount) -> SignInsQuery {
        self.sign_ins(SignInFilters {
            mfa_result: vec![count.mfa_result],
            mfa_status: vec![count.mfa_status.into()],
            challenged: Some(count.challenged),
            ..SignInFilters::default()
        })
    }

    /// What one count of an issue counts; `None` where neither a text nor a code says what it was.
    #[must_use]
    pub fn issue(&self, issue: &Issue) -> Option<SignInsQuery> {
        let filters = match (issue.mfa_status, issue.error_code) {
            (Some(status), _) => SignInFilters { mfa_status: vec![StatusText::Status(status)], ..unmet() },
            (None, Some(code)) => {
                SignInFilters { mfa_status: vec![StatusText::None], error_code: vec![code], ..unmet() }
            }
            (None, None) => return None,
        };
        Some(self.sign_ins(filters))
    }

    #[must_use]
    pub fn component(&self, component: Component) -> SignInsQuery {
        self.sign_ins(SignInFilters { component: vec![component], ..SignInFilters::default() })
    }

    /// The activity report of the on-premises components.
    #[must_use]
    pub fn activity(&self) -> ActivityQuery {
        ActivityQuery::with(self.of_everybody(), ActivityFilters::default())
    }

    /// Users of the population with such sign-ins; `UserUsageFilters::default()`: with any.
    #[must_use]
    pub fn users_with_sign_ins(&self, filters: UserUsageFilters) -> UserUsageQuery {
        UserUsageQuery::with(self.report.clone(), filters)
    }

    /// Every application that was signed in to.
    #[must_use]
    pub fn applications(&self) -> AppUsageQuery {
        AppUsageQuery::of(self.of_everybody())
    }

    /// What a code means, and how often it occurred in the window.
    #[must_use]
    pub fn reason(&self, kind: ReasonKind, code: &str) -> ReasonsQuery {
        let mut query =
            ReasonsQuery::with(self.of_everybody(), ReasonFilters { kind: vec![kind], ..ReasonFilters::default() });
        query.list.q = Some(code.to_owned());
        query
    }
}

fn challenged() -> SignInFilters {
    SignInFilters { challenged: Some(true), ..SignInFilters::default() }
}

fn unmet() -> SignInFilters {
    SignInFilters { mfa_result: vec![MfaResult::Denied, MfaResult::Pending], ..challenged() }
}

#[cfg(test)]
mod tests {
    use domain::instant::Instant;
    use domain::method::AuthMethod;
    use domain::population::Population;
    use domain::query::Report;
    use domain::sign_in::MfaStatus;

    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    fn now() -> Instant {
        at("2026-11-20T12:00:00.123Z")
    }

    fn figures() -> Figures {
        let report = Report::parse("range=7d&population=admins&tz=Europe/Stockholm", now()).expect("parameters");
        Figures::of(&report, now())
    }

    /// The link, read by the list a day later.
    fn read<Q: ListQuery>(query: &Q) -> Q {
        let list = Q::parse(&query.to_url(), at("2026-11-21T08:00:00Z")).expect("our own link");
        assert_eq!(list.report().as_of, now());
        assert_eq!(list.report().window().from, at("2026-11-13T12:00:00.123Z"));
        list
    }

    /// The filters of a link about sign-ins, which count everybody's.
    fn filters(query: &SignInsQuery) -> SignInFilters {
        let list = read(query);
        assert_eq!(list.report.population, None, "figures about sign-ins count all accounts");
        assert_eq!(list.list.q, None);
        list.filters
    }

    fn nothing() -> SignInFilters {
        SignInFilters::default()
    }

    #[test]
    fn the_first_question_divides_all_sign_ins() {
        let figures = figures();
        assert_eq!(filters(&figures.all_sign_ins()), nothing());
        assert_eq!(filters(&figures.challenged()), SignInFilters { challenged: Some(true), ..nothing() });
        let skipped = SignInFilters { mfa_required: vec![Answer::Yes], challenged: Some(false), ..nothing() };
        assert_eq!(filters(&figures.required_not_challenged()), skipped);
        for answer in [Answer::Yes, Answer::No, Answer::Unknown] {
            let required = SignInFilters { mfa_required: vec![answer], ..nothing() };
            assert_eq!(filters(&figures.required(answer)), required);
        }
    }

    #[test]
    fn a_count_of_a_status_links_to_result_status_and_challenge() {
        let figures = figures();
        for (mfa_result, mfa_status, challenged) in [
            (MfaResult::Denied, Some(MfaStatus::UserDeclined), true),
            (MfaResult::Satisfied, Some(MfaStatus::SkippedLocation), false),
            (MfaResult::Denied, None, true),
            (MfaResult::None, None, false),
            (MfaResult::Unknown, Some(MfaStatus::Unclassified), true),
        ] {
            let count = StatusCount { mfa_result, mfa_status, challenged, count: 7 };
            let expected = SignInFilters {
                mfa_result: vec![mfa_result],
                mfa_status: vec![StatusText::from(mfa_status)],
                challenged: Some(challenged),
                ..nothing()
            };
            assert_eq!(filters(&figures.status(&count)), expected);
        }
        assert!(
            figures
                .status(&StatusCount { mfa_result: MfaResult::None, mfa_status: None, challenged: false, count: 1 })
                .to_url()
                .contains("mfa_status=none")
        );
    }

    #[test]
    fn a_bar_of_a_method_counts_challenged_sign_ins() {
        let figures = figures();
        let sms = SecondFactor::Method(AuthMethod::Sms);
        let all = SignInFilters { challenged: Some(true), method: vec![sms], ..nothing() };
        assert_eq!(filters(&figures.second_factor(sms, None)), all);
        let satisfied = SignInFilters { mfa_result: vec![MfaResult::Satisfied], ..all };
        assert_eq!(filters(&figures.second_factor(sms, Some(MfaResult::Satisfied))), satisfied);
        let none = filters(&figures.second_factor(SecondFactor::None, Some(MfaResult::Denied)));
        assert_eq!(none.method, [SecondFactor::None]);
        let pending = SignInFilters { challenged: Some(true), mfa_result: vec![MfaResult::Pending], ..nothing() };
        assert_eq!(filters(&figures.challenge(MfaResult::Pending)), pending);
    }

    #[test]
    fn an_issue_is_a_status_or_an_error_code_of_challenges_that_were_not_met() {
        let figures = figures();
        let unmet = SignInFilters {
            challenged: Some(true),
            mfa_result: vec![MfaResult::Denied, MfaResult::Pending],
            ..nothing()
        };
        assert_eq!(filters(&figures.unmet()), unmet);
        let issue = Issue { mfa_status: Some(MfaStatus::Voicemail), error_code: None, count: 3 };
        let expected = SignInFilters { mfa_status: vec![StatusText::Status(MfaStatus::Voicemail)], ..unmet.clone() };
        assert_eq!(figures.issue(&issue).as_ref().map(filters), Some(expected));
        let issue = Issue { mfa_status: None, error_code: Some(500_121), count: 3 };
        let expected = SignInFilters { mfa_status: vec![StatusText::None], error_code: vec![500_121], ..unmet };
        assert_eq!(figures.issue(&issue).as_ref().map(filters), Some(expected));
        assert_eq!(figures.issue(&Issue { mfa_status: None, error_code: None, count: 1 }), None);
    }

    #[test]
    fn the_other_divisions_ask_for_one_thing_each() {
        let figures = figures();
        let by = SignInFilters { required_by: vec![RequiredBy::PerUser], ..nothing() };
        assert_eq!(filters(&figures.required_by(RequiredBy::PerUser)), by);
        let status = SignInFilters { status: vec![SignInStatus::Interrupted], ..nothing() };
        assert_eq!(filters(&figures.with_status(SignInStatus::Interrupted)), status);
        let result = SignInFilters { mfa_result: vec![MfaResult::None], ..nothing() };
        assert_eq!(filters(&figures.result(MfaResult::None)), result);
        let component = SignInFilters { component: vec![Component::Nps], ..nothing() };
        assert_eq!(filters(&figures.component(Component::Nps)), component);
        let skipped = SignInFilters { mfa_result: vec![MfaResult::Satisfied], challenged: Some(false), ..nothing() };
        assert_eq!(filters(&figures.skipped()), skipped);
        assert_eq!(read(&figures.activity()).filters, ActivityFilters::default());
    }

    #[test]
    fn figures_about_users_keep_the_population() {
        let unable = UserUsageFilters { challenged: None, unable: Some(true) };
        let list = read(&figures().users_with_sign_ins(unable.clone()));
        assert_eq!((list.report.population, list.filters), (Some(Population::Admins), unable));
        assert_eq!(read(&figures().applications()).report.population, None);
    }

    #[test]
    fn a_step_of_time_has_its_own_window() {
        let window = Window { from: at("2026-11-14T00:00:00Z"), to: at("2026-11-14T06:00:00Z") };
        let query = figures().sign_ins_within(window, challenged());
        let list = SignInsQuery::parse(&query.to_url(), at("2026-12-24T00:00:00Z")).expect("our own link");
        assert_eq!(list.report.window(), window);
        assert_eq!(list.filters, challenged());
    }

    #[test]
    fn a_reason_is_found_by_its_code() {
        let list = read(&figures().reason(ReasonKind::ErrorCode, "500121"));
        assert_eq!((list.filters.kind, list.list.q.as_deref()), (vec![ReasonKind::ErrorCode], Some("500121")));
    }
}
