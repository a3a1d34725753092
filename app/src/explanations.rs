//! How each figure is counted, with what a report knows of it: the texts of "How is this counted?".

use domain::instant::Instant;
use domain::query::{Report, UserFlag};
use domain::record::{Feature, RecordKind};
use domain::report::{PopulationSize, SourceItem};
use leptos::prelude::*;

use crate::figures::{href, pinned};
use crate::language::{Ui, t};
use crate::ui::explain::{Explanation, explain};

/// Kinds of records that tell of registrations and resets.
const EVENTS: [RecordKind; 3] =
    [RecordKind::DirectoryAudit, RecordKind::UserCredentialUsageDetails, RecordKind::UserEventsSummary];

/// Makes the explanations of one report.
pub struct Explanations<'a> {
    as_of: Instant,
    population: &'a PopulationSize,
    sources: &'a [SourceItem],
    api: String,
}

impl<'a> Explanations<'a> {
    /// `api` is the path of the report's answer as JSON.
    pub fn of(
        report: &Report,
        as_of: Instant,
        population: &'a PopulationSize,
        sources: &'a [SourceItem],
        api: &str,
    ) -> Self {
        let report = Report { lang: None, tz: None, ..pinned(report, as_of) };
        Self { as_of, population, sources, api: href(api, &report.to_url()) }
    }

    /// A figure about users of the population.
    pub fn of_users(&self, ui: &Ui, figure: &str, rule: &'static str, rows: Option<String>) -> AnyView {
        let sources = self.sources.iter().filter(|source| source.source.is_about_state()).collect();
        self.explain(ui, figure, rule, Some(self.population), sources, rows)
    }

    /// A figure about everybody's events.
    pub fn of_events(&self, ui: &Ui, figure: &str, feature: Feature, rows: String) -> AnyView {
        let sources = self.sources.iter().filter(|source| EVENTS.contains(&source.source)).collect();
        let rule = match feature {
            Feature::Registration => t!(ui, explain.registrations),
            Feature::Reset => t!(ui, explain.resets),
        };
        self.explain(ui, figure, rule, None, sources, Some(rows))
    }

    /// A figure about everybody's sign-ins.
    pub fn of_sign_ins(&self, ui: &Ui, figure: &str, rule: &'static str, rows: String) -> AnyView {
        self.explain(ui, figure, rule, None, self.of_sign_in_records(), Some(rows))
    }

    /// A figure about users of the population, by their sign-ins.
    pub fn of_users_signing_in(&self, ui: &Ui, figure: &str, rule: &'static str, rows: String) -> AnyView {
        self.explain(ui, figure, rule, Some(self.population), self.of_sign_in_records(), Some(rows))
    }

    fn of_sign_in_records(&self) -> Vec<&'a SourceItem> {
        let kinds = [RecordKind::SignIn, RecordKind::SignInAuthenticationDetails];
        self.sources.iter().filter(|source| kinds.contains(&source.source)).collect()
    }

    fn explain(
        &self,
        ui: &Ui,
        figure: &str,
        rule: &'static str,
        population: Option<&PopulationSize>,
        sources: Vec<&SourceItem>,
        rows: Option<String>,
    ) -> AnyView {
        let (as_of, api) = (self.as_of, self.api.clone());
        explain(ui, Explanation { figure: figure.to_owned(), rule, population, sources, as_of, rows, api })
    }

    /// How a tile is counted.
    pub fn flag_rule(ui: &Ui, flag: UserFlag) -> &'static str {
        match flag {
            UserFlag::Registered => t!(ui, explain.registered),
            UserFlag::Enabled => t!(ui, explain.enabled),
            UserFlag::Capable => t!(ui, explain.capable),
            UserFlag::MfaRegistered => t!(ui, explain.mfa_registered),
            UserFlag::MfaCapable => t!(ui, explain.mfa_capable),
            UserFlag::PasswordlessCapable => t!(ui, explain.passwordless_capable),
        }
    }
}
