//! When records that pages are made of are old: by kind, and for every page by what it shows.

use serde::Deserialize;

use crate::instant::{HOUR_MS, Instant};
use crate::named;
use crate::record::RecordKind;
use crate::report::SourceItem;

named! {
    /// Kinds of record that stand for each other: the freshest of them counts.
    pub enum SourceGroup {
        /// What users have registered: Graph's and the portal's reports, and copies of them.
        Registration => "registration",
        /// Users of the directory.
        Directory => "directory",
        /// Registrations, resets and what was done to users: the audit log, and the reports of the same.
        Events => "events",
        SignIns => "sign_ins",
        /// Authentications on premises.
        Activity => "activity",
    }
}

impl SourceGroup {
    /// Of a kind of record that is expected to come in again and again.
    #[must_use]
    pub const fn of(kind: RecordKind) -> Option<Self> {
        match kind {
            RecordKind::UserRegistrationDetails
            | RecordKind::CredentialUserRegistrationDetails
            | RecordKind::RegistrationDetailsCsv
            | RecordKind::MfaReport
            | RecordKind::UsersExport => Some(Self::Registration),
            RecordKind::User => Some(Self::Directory),
            RecordKind::UserCredentialUsageDetails | RecordKind::UserEventsSummary | RecordKind::DirectoryAudit => {
                Some(Self::Events)
            }
            RecordKind::SignIn => Some(Self::SignIns),
            RecordKind::MfaActivity => Some(Self::Activity),
            // Files of history, and details of what another kind tells of.
            RecordKind::SignInAuthenticationDetails
            | RecordKind::MfaBlock
            | RecordKind::MfaBypass
            | RecordKind::MfaServerStatus => None,
        }
    }

    /// What a page shows figures of; nothing for pages that have none.
    #[must_use]
    pub fn of_page(path: &str) -> &'static [Self] {
        use SourceGroup as G;
        let section = path.split('/').nth(1).unwrap_or_default();
        match section {
            "" | "overview" => &[G::Registration, G::Events],
            "users" | "sms-and-voice" | "lists" => &[G::Registration, G::Directory],
            "events" => &[G::Events],
            "usage" | "sign-ins" => &[G::SignIns],
            "mfa" if path.starts_with("/mfa/activity") => &[G::Activity],
            "mfa" if path.starts_with("/mfa/fraud-alerts") => &[G::Events, G::SignIns],
            "mfa" if !path.starts_with("/mfa/servers") => &[G::Events],
            _ => &[],
        }
    }
}

/// After how many hours without a record of a group what is shown of it counts as old; 0: never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StaleAfter {
    pub registration_hours: u32,
    pub directory_hours: u32,
    pub events_hours: u32,
    pub sign_ins_hours: u32,
    pub activity_hours: u32,
}

impl Default for StaleAfter {
    /// Twice what the sources take: reports and directories come daily, logs all the time.
    fn default() -> Self {
        Self { registration_hours: 48, directory_hours: 48, events_hours: 24, sign_ins_hours: 6, activity_hours: 48 }
    }
}

/// A group whose freshest records came in too long ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stale {
    pub group: SourceGroup,
    /// When the freshest came in.
    pub last_refreshed: Instant,
    /// The threshold that was passed.
    pub after_hours: u32,
}

impl StaleAfter {
    #[must_use]
    pub const fn hours(&self, group: SourceGroup) -> u32 {
        match group {
            SourceGroup::Registration => self.registration_hours,
            SourceGroup::Directory => self.directory_hours,
            SourceGroup::Events => self.events_hours,
            SourceGroup::SignIns => self.sign_ins_hours,
            SourceGroup::Activity => self.activity_hours,
        }
    }

    /// Whether what came in at that time is old now.
    #[must_use]
    pub const fn is_stale(&self, group: SourceGroup, last_refreshed: Instant, now: Instant) -> bool {
        let hours = self.hours(group) as i64;
        hours > 0 && now.millis() - last_refreshed.millis() > hours * HOUR_MS
    }

    /// Of these groups those that are old. A group of which nothing ever came in is not old, but missing.
    #[must_use]
    pub fn stale(&self, groups: &[SourceGroup], sources: &[SourceItem], now: Instant) -> Vec<Stale> {
        let freshest = |group| {
            sources.iter().filter(|one| SourceGroup::of(one.source) == Some(group)).map(|one| one.last_refreshed).max()
        };
        groups
            .iter()
            .filter_map(|&group| {
                let last_refreshed = freshest(group)?;
                let is_stale = self.is_stale(group, last_refreshed, now);
                is_stale.then(|| Stale { group, last_refreshed, after_hours: self.hours(group) })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(kind: RecordKind, refreshed_hours: i64) -> SourceItem {
        let at = Instant::from_millis(refreshed_hours * HOUR_MS);
        SourceItem { source: kind, last_refreshed: at, covers_from: at, covers_to: at, records: 1 }
    }

    #[test]
    fn the_freshest_of_a_group_counts_and_what_never_came_is_not_old() {
        let sources = [
            source(RecordKind::MfaReport, 0),
            source(RecordKind::UserRegistrationDetails, 90),
            source(RecordKind::SignIn, 94),
            source(RecordKind::MfaBlock, 0),
        ];
        let at = |hours: i64, millis: i64| Instant::from_millis(hours * HOUR_MS + millis);
        let after = StaleAfter::default();
        let stale = |now| after.stale(SourceGroup::ALL, &sources, now);
        assert_eq!(stale(at(100, 0)), []);
        let expected = Stale { group: SourceGroup::SignIns, last_refreshed: at(94, 0), after_hours: 6 };
        assert_eq!(stale(at(100, 1)), [expected]);
        assert_eq!(
            stale(at(138, 1)).iter().map(|one| one.group).collect::<Vec<_>>(),
            [SourceGroup::Registration, SourceGroup::SignIns]
        );
        let never = StaleAfter { sign_ins_hours: 0, ..after };
        assert_eq!(never.stale(&[SourceGroup::SignIns], &sources, at(9_999, 0)), []);
    }

    #[test]
    fn pages_are_made_of_groups() {
        use SourceGroup as G;
        for (path, groups) in [
            ("/", &[G::Registration, G::Events][..]),
            ("/users/ada", &[G::Registration, G::Directory]),
            ("/usage/users", &[G::SignIns]),
            ("/mfa/activity", &[G::Activity]),
            ("/mfa/blocked-users", &[G::Events]),
            ("/mfa/servers", &[]),
            ("/data", &[]),
            ("/reasons", &[]),
        ] {
            assert_eq!(SourceGroup::of_page(path), groups, "{path}");
        }
    }
}
