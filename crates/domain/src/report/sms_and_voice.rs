//! Who is stopped when Microsoft ends codes by SMS and voice.

use serde::{Deserialize, Serialize};

use super::data::SourceItem;
use super::overview::PopulationSize;
use super::trend::Change;
use crate::instant::{DAY_MS, Instant};
use crate::query::{Direction, GroupColumn, Sort};
use crate::window::Window;

/// 2027-02-01: from then on Microsoft sends no codes by SMS or voice, and asks those who have nothing else for a passkey
/// before anything else.
pub const SMS_AND_VOICE_END: Instant = Instant::from_millis(1_801_440_000_000);

/// Whole days of UTC until then; none or fewer once it has come.
#[must_use]
pub const fn days_left(as_of: Instant) -> i64 {
    SMS_AND_VOICE_END.millis().div_euclid(DAY_MS) - as_of.millis().div_euclid(DAY_MS)
}

/// Users of a population in one department or country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCounts {
    /// As the directory writes it; `unknown` where it says nothing.
    pub name: String,
    pub size: i64,
    pub sms_or_voice_only: i64,
    pub sms_or_voice_and_better: i64,
}

impl GroupCounts {
    /// Puts groups in order; equal ones go by name.
    pub fn sort(groups: &mut [Self], sort: Sort<GroupColumn>) {
        groups.sort_by(|a, b| {
            let order = match sort.column {
                GroupColumn::Name => a.name.cmp(&b.name),
                GroupColumn::Size => a.size.cmp(&b.size),
                GroupColumn::SmsOrVoiceOnly => a.sms_or_voice_only.cmp(&b.sms_or_voice_only),
                GroupColumn::SmsOrVoiceAndBetter => a.sms_or_voice_and_better.cmp(&b.sms_or_voice_and_better),
                // a/b against c/d as a·d against c·b: groups are never empty.
                GroupColumn::Share => (i128::from(a.sms_or_voice_only) * i128::from(b.size))
                    .cmp(&(i128::from(b.sms_or_voice_only) * i128::from(a.size))),
            };
            let order = if sort.direction == Direction::Descending { order.reverse() } else { order };
            order.then_with(|| a.name.cmp(&b.name))
        });
    }
}

/// `GET /api/v1/sms-and-voice`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmsAndVoice {
    pub as_of: Instant,
    pub window: Window,
    /// The first observation of any user; before it every figure is unknown.
    pub known_from: Option<Instant>,
    pub ends_at: Instant,
    /// Whole days of UTC from `as_of`; negative afterwards.
    pub days_left: i64,
    pub population: PopulationSize,
    /// Will be stopped: nothing but methods that end, and what is no factor of its own.
    pub sms_or_voice_only: i64,
    /// Has something that stays beside it.
    pub sms_or_voice_and_better: i64,
    /// Since the beginning of the window; `None` where nothing was known then.
    pub change: Option<Change>,
    /// Everybody in the population is in exactly one department, and in one country.
    pub departments: Vec<GroupCounts>,
    pub countries: Vec<GroupCounts>,
    pub sources: Vec<SourceItem>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    #[test]
    fn days_are_counted_to_the_first_of_february() {
        assert_eq!(SMS_AND_VOICE_END, at("2027-02-01T00:00:00Z"));
        for (as_of, left) in [
            ("2026-11-20T12:00:00Z", 73),
            ("2027-01-31T23:59:59.999Z", 1),
            ("2027-02-01T00:00:00Z", 0),
            ("2027-02-03T08:00:00Z", -2),
        ] {
            assert_eq!(days_left(at(as_of)), left, "{as_of}");
        }
    }

    #[test]
    fn shares_are_compared_exactly() {
        let group = |name: &str, size, only| GroupCounts {
            name: name.to_owned(),
            size,
            sms_or_voice_only: only,
            sms_or_voice_and_better: 0,
        };
        let mut groups = [group("a", 3, 1), group("b", 1_000_000_000, 333_333_334), group("c", 6, 2)];
        GroupCounts::sort(&mut groups, Sort { column: GroupColumn::Share, direction: Direction::Descending });
        assert_eq!(groups.map(|group| group.name), ["b", "a", "c"]);
    }
}
