use std::collections::BTreeMap;

use domain::population::Population;
use domain::query::{SmsAndVoiceQuery, UNKNOWN_GROUP};
use domain::report::{GroupCounts, SMS_AND_VOICE_END, SmsAndVoice, days_left};

use super::Reader;
use super::conditions::{Conditions, valid_at};
use super::overview::Census;
use crate::StoreError;
use crate::cell::Cell;

impl Reader {
    pub(super) async fn read_sms_and_voice(&self, query: &SmsAndVoiceQuery) -> Result<SmsAndVoice, StoreError> {
        let overview = self.read_overview(&query.report).await?;
        let mut departments = self.groups(query, "department").await?;
        let mut countries = self.groups(query, "country").await?;
        GroupCounts::sort(&mut departments, query.departments);
        GroupCounts::sort(&mut countries, query.countries);
        Ok(SmsAndVoice {
            as_of: overview.as_of,
            window: overview.window,
            known_from: overview.known_from,
            ends_at: SMS_AND_VOICE_END,
            days_left: days_left(overview.as_of),
            population: overview.population,
            sms_or_voice_only: overview.insights.sms_or_voice_only,
            sms_or_voice_and_better: overview.insights.sms_or_voice_and_better,
            change: overview.change,
            departments,
            countries,
            sources: overview.sources,
        })
    }

    /// The population by one fact of the directory: the same cells as in the tiles, counted apart.
    async fn groups(&self, query: &SmsAndVoiceQuery, column: &'static str) -> Result<Vec<GroupCounts>, StoreError> {
        let population = query.report.population.unwrap_or(Population::Members);
        let as_of = query.report.as_of;
        let mut conditions = Conditions::default();
        conditions.and("s.tenant_id = ?", [self.tenant.0.into()]);
        valid_at(&mut conditions, "s", as_of, self.is_present(as_of).await?);
        let sql = format!(
            "SELECT COALESCE(s.{column}, '{UNKNOWN_GROUP}') AS name, s.cell, COUNT(*) AS n FROM user_states s{} \
             GROUP BY 1, 2",
            conditions.sql()
        );
        let rows: Vec<(String, i64, i64)> = self.db.rows(&sql, conditions.args()).await?;
        let mut groups: BTreeMap<String, Census> = BTreeMap::new();
        for (name, cell, n) in rows {
            groups.entry(name).or_insert_with(|| Census::of(population)).add(Cell(cell), n);
        }
        let counts = groups.into_iter().map(|(name, census)| GroupCounts {
            name,
            size: census.snapshot.size,
            sms_or_voice_only: census.snapshot.insights.sms_or_voice_only,
            sms_or_voice_and_better: census.snapshot.insights.sms_or_voice_and_better,
        });
        Ok(counts.filter(|group| group.size > 0).collect())
    }
}
