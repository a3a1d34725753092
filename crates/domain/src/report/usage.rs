use serde::{Deserialize, Serialize};

use super::data::SourceItem;
use super::field::{Field, Fields};
use super::overview::{Counts, PopulationSize, Tally};
use crate::instant::Instant;
use crate::query::{AppUsageColumn, UserUsageColumn};
use crate::retention::NotKept;
use crate::sign_in::{Component, MfaResult, MfaStatus, RequiredBy, SecondFactor};
use crate::window::Window;

/// `GET /api/v1/usage`: what happened to sign-ins in a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub as_of: Instant,
    pub window: Window,
    /// Whom the figures about users are about; those about sign-ins count all.
    pub population: PopulationSize,
    pub sign_ins: SignInCounts,
    /// Sign-ins by whether MFA was required: `mfa_required=yes|no|unknown`.
    pub required: Tally,
    pub required_by: Vec<RequiredByCount>,
    /// Sign-ins whose user was asked for a second factor: `challenged=yes`.
    pub challenged: i64,
    /// What became of the second factor of all sign-ins: `mfa_result=…`.
    pub results: ResultCounts,
    /// Of challenged sign-ins: what became of the challenge.
    pub challenge_results: ResultCounts,
    /// Sign-ins by status text, most first: `mfa_status=…&mfa_result=…`.
    pub statuses: Vec<StatusCount>,
    /// Challenged sign-ins by method, most first: `challenged=yes&method=…`.
    pub methods: Vec<SecondFactorCounts>,
    /// What kept challenged sign-ins from going through, most first.
    pub issues: Vec<Issue>,
    pub users: UserCounts,
    pub components: Vec<ComponentCount>,
    pub passwords: PasswordCounts,
    /// Sign-ins over time: whole UTC hours, days or weeks, and the window's own ends.
    pub over_time: Vec<UsagePoint>,
    /// Data that the window reaches further back than: figures over it are unknown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_kept: Vec<NotKept>,
    pub sources: Vec<SourceItem>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInCounts {
    pub total: i64,
    pub success: i64,
    pub failure: i64,
    pub interrupted: i64,
    pub unknown: i64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultCounts {
    pub satisfied: i64,
    pub denied: i64,
    pub pending: i64,
    pub none: i64,
    pub unknown: i64,
}

impl ResultCounts {
    pub const fn add(&mut self, result: MfaResult, n: i64) {
        match result {
            MfaResult::Satisfied => self.satisfied += n,
            MfaResult::Denied => self.denied += n,
            MfaResult::Pending => self.pending += n,
            MfaResult::None => self.none += n,
            MfaResult::Unknown => self.unknown += n,
        }
    }

    #[must_use]
    pub const fn total(self) -> i64 {
        self.satisfied + self.denied + self.pending + self.none + self.unknown
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequiredByCount {
    pub required_by: RequiredBy,
    pub count: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusCount {
    pub mfa_result: MfaResult,
    /// `null`: no text says.
    pub mfa_status: Option<MfaStatus>,
    /// Whether such sign-ins are challenged.
    pub challenged: bool,
    pub count: i64,
}

/// Challenged sign-ins of one method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactorCounts {
    pub method: SecondFactor,
    pub satisfied: i64,
    pub denied: i64,
    pub pending: i64,
    pub unknown: i64,
}

/// Why challenged sign-ins were denied or left open: a status, or the error code where no text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    pub mfa_status: Option<MfaStatus>,
    pub error_code: Option<i64>,
    pub count: i64,
}

/// Distinct users, exact. A user can be in all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserCounts {
    /// Of the population, with at least one sign-in.
    pub signed_in: i64,
    pub challenged: i64,
    pub unable: i64,
    /// The same of all users, also those whom the population leaves out.
    pub everybody: EverybodyCounts,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EverybodyCounts {
    pub signed_in: i64,
    pub challenged: i64,
    pub unable: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentCount {
    pub component: Component,
    pub count: i64,
}

/// Whole resets, changes and unlocks, from the audit log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordCounts {
    pub self_service_resets: Counts,
    pub resets_by_admins: Counts,
    pub changes: Counts,
    pub unlocks: Counts,
    /// Blocked for too many tries.
    pub blocked: i64,
}

/// Sign-ins from one instant to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsagePoint {
    pub from: Instant,
    pub to: Instant,
    pub sign_ins: i64,
    /// Challenged, by what became of it.
    pub satisfied: i64,
    pub denied: i64,
    pub pending: i64,
    pub unknown: i64,
}

/// A user in the summary per user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserUsageItem {
    pub user_id: String,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    pub sign_ins: i64,
    /// Challenged sign-ins, and what became of them.
    pub challenged: i64,
    pub satisfied: i64,
    pub denied: i64,
    pub pending: i64,
    /// Sign-ins of attempts that nowhere met the challenge.
    pub unable: i64,
}

/// An application in the summary per application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppUsageItem {
    /// Its name, else its id; `null`: the record names none.
    pub app: Option<String>,
    pub sign_ins: i64,
    /// Challenged sign-ins, and what became of them.
    pub challenged: i64,
    pub satisfied: i64,
    pub denied: i64,
    pub pending: i64,
    /// Sign-ins of attempts that nowhere met the challenge.
    pub unable: i64,
}

impl Fields<UserUsageColumn> for UserUsageItem {
    fn field(&self, column: UserUsageColumn) -> Field<'_> {
        match column {
            UserUsageColumn::UserId => Field::text(&self.user_id),
            UserUsageColumn::DisplayName => Field::known(self.display_name.as_deref()),
            UserUsageColumn::UserName => Field::known(self.user_name.as_deref()),
            UserUsageColumn::SignIns => Field::Number(self.sign_ins),
            UserUsageColumn::Challenged => Field::Number(self.challenged),
            UserUsageColumn::Satisfied => Field::Number(self.satisfied),
            UserUsageColumn::Denied => Field::Number(self.denied),
            UserUsageColumn::Pending => Field::Number(self.pending),
            UserUsageColumn::Unable => Field::Number(self.unable),
        }
    }
}

impl Fields<AppUsageColumn> for AppUsageItem {
    fn field(&self, column: AppUsageColumn) -> Field<'_> {
        match column {
            AppUsageColumn::App => Field::known(self.app.as_deref()),
            AppUsageColumn::SignIns => Field::Number(self.sign_ins),
            AppUsageColumn::Challenged => Field::Number(self.challenged),
            AppUsageColumn::Satisfied => Field::Number(self.satisfied),
            AppUsageColumn::Denied => Field::Number(self.denied),
            AppUsageColumn::Pending => Field::Number(self.pending),
            AppUsageColumn::Unable => Field::Number(self.unable),
        }
    }
}
