use std::collections::BTreeMap;

use super::{DerivedEvent, after, bare, before, same_text};
use crate::instant::Instant;
use crate::method::{AuthMethod, Vocabulary};
use crate::record::Outcome;

const PROGRESS: &str = "Self-service password reset flow activity progress";
/// Shown as the reason where a flow just stops.
const NOT_COMPLETED: &str = "not completed";

/// Texts that end a reset flow (Microsoft's table of details, `data/microsoft-docs-facts`).
const TERMINAL: [&str; 35] = [
    "User abandoned after completing the email verification option",
    "User abandoned after completing the mobile SMS verification option",
    "User abandoned after completing the mobile voice call verification option",
    "User abandoned after completing the office voice call verification option",
    "User abandoned after completing the security questions option",
    "User abandoned after entering their user ID",
    "User abandoned after starting the email verification option",
    "User abandoned after starting the mobile SMS verification option",
    "User abandoned after starting the mobile voice call verification option",
    "User abandoned after starting the office voice call verification option",
    "User abandoned after starting the security questions option",
    "User abandoned before selecting a new password",
    "User abandoned while selecting a new password",
    "User entered too many invalid SMS verification codes and is blocked for 24 hours",
    "User tried mobile phone voice verification too many times and is blocked for 24 hours",
    "User tried office phone voice verification too many times and is blocked for 24 hours",
    "User tried to answer security questions too many times and is blocked for 24 hours",
    "User tried to verify a phone number too many times and is blocked for 24 hours",
    "User cancelled before passing the required authentication methods",
    "User cancelled before submitting a new password",
    "User contacted an admin after trying the email verification option",
    "User contacted an admin after trying the mobile SMS verification option",
    "User contacted an admin after trying the mobile voice call verification option",
    "User contacted an admin after trying the office voice call verification option",
    "User contacted an admin after trying the security question verification option",
    "Password reset is not enabled for this user. Enable password reset under the configure tab to resolve this",
    "User does not have a license. You can add a license to the user to resolve this",
    "User tried to reset from a device without cookies enabled",
    "User's account has insufficient authentication methods defined. Add authentication info to resolve this",
    "User's password is managed on-premises. You can enable Password Writeback to resolve this",
    "We could not reach your on-premises password reset service. Check your sync machine's event log",
    "We encountered a problem while resetting the user's on-premises password. Check your sync machine's event log",
    "This user is not a member of the password reset users group. Add this user to that group to resolve this.",
    "Password reset has been disabled entirely for this tenant. See here to resolve this.",
    "User successfully reset password",
];

/// One record of a reset flow, as far as the events need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResetStep {
    pub record_id: String,
    pub at: Instant,
    pub reason: Option<String>,
}

/// Whether an audit activity is a step of a reset flow.
#[must_use]
pub fn is_reset_step(activity: &str) -> bool {
    same_text(activity, PROGRESS)
}

/// The events of one flow: all steps that share a correlation id, in any order (or one step without one).
///
/// One event per method: a success at the last completion, else a failure at the last start,
/// else a failure at the record that says the method failed.
#[must_use]
pub fn reset_events(steps: &[ResetStep]) -> Vec<DerivedEvent> {
    let mut order: Vec<usize> = (0..steps.len()).collect();
    order.sort_by(|&a, &b| (steps[a].at, &steps[a].record_id).cmp(&(steps[b].at, &steps[b].record_id)));

    let mut gates: BTreeMap<AuthMethod, Gate<'_>> = BTreeMap::new();
    let mut terminal = None;
    for &index in &order {
        let Some(reason) = steps[index].reason.as_deref() else { continue };
        if TERMINAL.iter().any(|text| same_text(text, reason)) {
            terminal = Some(bare_reason(reason));
        }
        if let Some((stage, raw)) = stage_of(reason) {
            let gate = gates.entry(AuthMethod::from_name(raw, Vocabulary::Used)).or_default();
            gate.raw = Some(raw);
            match stage {
                Stage::Started => gate.started = Some(index),
                Stage::Completed => gate.completed = Some(index),
                Stage::Failed => gate.failed = Some(index),
                Stage::AbandonedAfterCompleting => {}
            }
        }
    }
    gates.into_iter().filter_map(|(method, gate)| gate.event(method, steps, terminal)).collect()
}

#[derive(Default)]
struct Gate<'a> {
    raw: Option<&'a str>,
    started: Option<usize>,
    completed: Option<usize>,
    failed: Option<usize>,
}

impl Gate<'_> {
    fn event(self, method: AuthMethod, steps: &[ResetStep], terminal: Option<&str>) -> Option<DerivedEvent> {
        let (index, outcome) = match self {
            Self { completed: Some(index), .. } => (index, Outcome::Success),
            Self { started: Some(index), .. } | Self { failed: Some(index), .. } => (index, Outcome::Failure),
            _ => return None,
        };
        Some(DerivedEvent {
            index,
            at: steps[index].at,
            method,
            raw_method: self.raw.map(str::to_owned),
            outcome,
            reason: (outcome == Outcome::Failure).then(|| terminal.unwrap_or(NOT_COMPLETED).to_owned()),
        })
    }
}

#[derive(Clone, Copy)]
enum Stage {
    Started,
    Completed,
    /// Said to have failed without a completion: contacted an admin, abandoned after starting, too many tries.
    Failed,
    AbandonedAfterCompleting,
}

/// What a step says about which method, in Microsoft's words.
fn stage_of(reason: &str) -> Option<(Stage, &str)> {
    const PREFIXES: [(&str, Stage); 5] = [
        ("User started the ", Stage::Started),
        ("User completed the ", Stage::Completed),
        ("User contacted an admin after trying the ", Stage::Failed),
        ("User abandoned after starting the ", Stage::Failed),
        ("User abandoned after completing the ", Stage::AbandonedAfterCompleting),
    ];
    /// The blocks do not name their gate in the grammar of the others.
    const TOO_MANY: [(&str, &str); 5] = [
        ("User entered too many invalid SMS verification codes", "mobile SMS"),
        ("User tried mobile phone voice verification too many times", "mobile voice call"),
        ("User tried office phone voice verification too many times", "office voice call"),
        ("User tried to answer security questions too many times", "security questions"),
        ("User tried to verify a phone number too many times", "mobile phone"),
    ];
    let text = bare(reason);
    if let Some((_, gate)) = TOO_MANY.iter().find(|(prefix, _)| after(text, prefix).is_some()) {
        return Some((Stage::Failed, gate));
    }
    PREFIXES.iter().find_map(|&(prefix, stage)| {
        let rest = after(text, prefix)?;
        let gate = before(rest, " verification option").or_else(|| before(rest, " option"))?;
        (!gate.trim().is_empty()).then_some((stage, gate.trim()))
    })
}

fn bare_reason(reason: &str) -> &str {
    reason.trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(n: i64, reason: &str) -> ResetStep {
        ResetStep { record_id: format!("r{n}"), at: Instant::from_millis(n), reason: Some(reason.to_owned()) }
    }

    #[test]
    fn a_completion_is_a_success_in_any_order() {
        let mut steps = vec![
            step(1, "User submitted their user ID"),
            step(2, "User was presented with verification options"),
            step(3, "User started the mobile SMS verification option"),
            step(4, "User completed the mobile SMS verification option"),
            step(5, "User started the email verification option"),
            step(6, "User successfully reset password"),
        ];
        let events = reset_events(&steps);
        assert_eq!(events.len(), 2);
        assert_eq!(
            (events[0].method, events[0].outcome, events[0].at.millis()),
            (AuthMethod::Sms, Outcome::Success, 4)
        );
        assert_eq!(
            (events[1].method, events[1].outcome, events[1].at.millis()),
            (AuthMethod::Email, Outcome::Failure, 5)
        );
        assert_eq!(events[1].reason.as_deref(), Some("User successfully reset password"));
        steps.reverse();
        let reversed = reset_events(&steps);
        assert_eq!(
            reversed.iter().map(|e| (e.method, e.at)).collect::<Vec<_>>(),
            events.iter().map(|e| (e.method, e.at)).collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_gate_that_was_given_up_is_a_failure_at_its_last_start() {
        let events = reset_events(&[
            step(1, "User started the office voice call verification option"),
            step(2, "User started the office voice call verification option"),
            step(9, "User contacted an admin after trying the office voice call verification option"),
        ]);
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].method, events[0].at.millis()), (AuthMethod::OfficeCall, 2));
        assert_eq!(
            events[0].reason.as_deref(),
            Some("User contacted an admin after trying the office voice call verification option")
        );
    }

    #[test]
    fn abandoning_after_completing_leaves_the_success() {
        let events = reset_events(&[
            step(1, "User completed the security questions verification option"),
            step(2, "User abandoned after completing the security questions option"),
        ]);
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].outcome, events[0].at.millis()), (Outcome::Success, 1));
    }

    #[test]
    fn a_block_is_a_failure_of_its_gate() {
        let events = reset_events(&[step(
            7,
            "User entered too many invalid SMS verification codes and is blocked for 24 hours",
        )]);
        assert_eq!(
            (events[0].method, events[0].outcome, events[0].at.millis()),
            (AuthMethod::Sms, Outcome::Failure, 7)
        );
    }

    #[test]
    fn a_start_alone_was_not_completed_and_an_unnamed_gate_is_unknown() {
        let events = reset_events(&[step(1, "User started the smoke signal verification option")]);
        assert_eq!(events[0].method, AuthMethod::Unknown);
        assert_eq!(events[0].raw_method.as_deref(), Some("smoke signal"));
        assert_eq!(events[0].reason.as_deref(), Some("not completed"));
        assert!(reset_events(&[step(1, "User submitted a new password")]).is_empty());
    }
}
