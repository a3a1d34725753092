use std::cmp::Reverse;
use std::collections::BTreeMap;

use domain::answer::Answer;
use domain::instant::Instant;
use domain::method::{AuthMethod, MethodClass};
use domain::population::{LeftOut, LeftOutReason, Population};
use domain::query::{Report, UserFlag};
use domain::record::{Feature, Outcome};
use domain::report::{Insights, MethodCounts, Overview, PopulationSize, Tiles};

use super::Reader;
use super::counts::EventCounts;
use crate::StoreError;
use crate::db::args;

impl Reader {
    /// Tiles at `as_of`, charts over the window.
    pub async fn overview(&self, query: &Report) -> Result<Overview, StoreError> {
        let population = query.population.unwrap_or(Population::Members);
        let window = query.window();
        let mut tiles = Tiles::default();
        let mut insights = Insights::default();
        let mut size = 0;
        let mut left_out: BTreeMap<LeftOutReason, i64> = BTreeMap::new();
        for (cell, n) in self.cells_at(query.as_of).await? {
            if let Some(reason) = population.leaves_out(cell.standing()) {
                *left_out.entry(reason).or_default() += n;
                continue;
            }
            size += n;
            for flag in UserFlag::ALL {
                tiles.get_mut(*flag).add(cell.flag(*flag), n);
            }
            match (cell.flag(UserFlag::Registered), cell.flag(UserFlag::Enabled)) {
                (Answer::Yes, Answer::No) => insights.registered_not_enabled += n,
                (Answer::No, Answer::Yes) => insights.enabled_not_registered += n,
                _ => {}
            }
            if cell.is_in(MethodClass::SmsOrVoiceOnly) {
                insights.sms_or_voice_only += n;
            }
        }
        Ok(Overview {
            as_of: query.as_of,
            window,
            known_from: self.known_from().await?,
            population: PopulationSize {
                name: population,
                size,
                left_out: left_out.into_iter().map(|(reason, count)| LeftOut { reason, count }).collect(),
            },
            tiles,
            insights,
            registrations: by_method(self.event_counts(Feature::Registration, window).await?),
            resets: by_method(self.event_counts(Feature::Reset, window).await?),
            sources: self.sources().await?,
        })
    }

    /// The first observation of any user.
    async fn known_from(&self) -> Result<Option<Instant>, StoreError> {
        let row: Option<(Option<i64>,)> = self
            .db
            .row(
                "SELECT MIN(covers_from) FROM sources WHERE tenant_id = $1 AND kind IN ($2, $3, $4, $5, $6)",
                args![
                    self.tenant.0,
                    domain::record::RecordKind::UserRegistrationDetails.code(),
                    domain::record::RecordKind::CredentialUserRegistrationDetails.code(),
                    domain::record::RecordKind::RegistrationDetailsCsv.code(),
                    domain::record::RecordKind::MfaReport.code(),
                    domain::record::RecordKind::User.code(),
                ],
            )
            .await?;
        Ok(row.and_then(|(at,)| at).map(Instant::from_millis))
    }
}

/// Most events first; equal ones in the order of the methods.
fn by_method(counts: EventCounts) -> Vec<MethodCounts> {
    let mut methods: BTreeMap<AuthMethod, MethodCounts> = BTreeMap::new();
    for ((method, outcome), n) in counts {
        let entry = methods.entry(method).or_insert(MethodCounts { method, success: 0, failure: 0 });
        match outcome {
            Outcome::Success => entry.success += n,
            Outcome::Failure => entry.failure += n,
        }
    }
    let mut methods: Vec<MethodCounts> = methods.into_values().collect();
    methods.sort_by_key(|counts| (Reverse(counts.success + counts.failure), counts.method));
    methods
}
