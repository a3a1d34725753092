//! Why: every status, call result and error code in plain words (`/reasons`).

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::answer::Answer;
use crate::mfa::CallMode;
use crate::named;
use crate::preferences::Language;

named! {
    /// What a code is of.
    pub enum ReasonKind {
        Status => "status",
        CallResult => "call_result",
        ErrorCode => "error_code",
    }
}

named! {
    /// Who must act.
    pub enum Actor {
        Nobody => "nobody",
        User => "user",
        HelpDesk => "help_desk",
        Network => "network",
        Telecom => "telecom",
        Administrator => "administrator",
        /// Of a code that nobody has described.
        Unknown => "unknown",
    }
}

/// A code, and who must act on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub kind: ReasonKind,
    /// A status id, a call result or the digits of an error code.
    pub code: &'static str,
    /// What Microsoft calls it.
    pub name: &'static str,
    pub actor: Actor,
}

/// What a language says of a code.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReasonText {
    /// A few words.
    pub label: String,
    pub meaning: String,
    /// What to do.
    pub next: String,
    /// What it means once verdict and mode are known: by `authenticated`, `denied_pin` and so on.
    #[serde(default)]
    when: BTreeMap<String, String>,
}

impl ReasonText {
    /// The meaning with a verdict, and a mode where that is known.
    #[must_use]
    pub fn meaning_of(&self, authenticated: Answer, mode: Option<CallMode>) -> &str {
        let verdict = match authenticated {
            Answer::Yes => "authenticated",
            Answer::No => "denied",
            Answer::Unknown => return &self.meaning,
        };
        let exact = mode.and_then(|mode| self.when.get(&format!("{verdict}_{mode}")));
        exact.or_else(|| self.when.get(verdict)).unwrap_or(&self.meaning)
    }
}

type Texts = BTreeMap<ReasonKind, BTreeMap<String, ReasonText>>;

/// Every reason: statuses, call results, error codes, in the order of Microsoft's tables.
#[must_use]
pub fn reasons() -> &'static [Reason] {
    static REASONS: OnceLock<Vec<Reason>> = OnceLock::new();
    REASONS.get_or_init(|| include_str!("reason/reasons.csv").lines().skip(1).filter_map(reason).collect())
}

/// A line of the table. Its names have no quotes of their own.
fn reason(line: &'static str) -> Option<Reason> {
    let (kind, rest) = line.split_once(',')?;
    let (code, rest) = rest.split_once(',')?;
    let (name, actor) = rest.rsplit_once(',')?;
    Some(Reason { kind: kind.parse().ok()?, code, name: name.trim_matches('"'), actor: actor.parse().ok()? })
}

/// What a language says of a code; `None` for one that nobody has described.
#[must_use]
pub fn text(language: Language, kind: ReasonKind, code: &str) -> Option<&'static ReasonText> {
    static ENGLISH: OnceLock<Texts> = OnceLock::new();
    static SWEDISH: OnceLock<Texts> = OnceLock::new();
    let texts = match language {
        Language::English => ENGLISH.get_or_init(|| texts(include_str!("reason/en.json"))),
        Language::Swedish => SWEDISH.get_or_init(|| texts(include_str!("reason/sv.json"))),
    };
    texts.get(&kind)?.get(code)
}

fn texts(json: &str) -> Texts {
    // A test reads both; a program that could not would show codes instead.
    serde_json::from_str(json).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mfa::CallResult;
    use crate::sign_in::MfaStatus;

    #[test]
    fn every_code_is_described_in_every_language() {
        assert_eq!(reasons().len(), include_str!("reason/reasons.csv").lines().count() - 1);
        for reason in reasons() {
            for language in Language::ALL {
                let text = text(*language, reason.kind, reason.code);
                let is_whole = text
                    .is_some_and(|text| ![&text.label, &text.meaning, &text.next].into_iter().any(String::is_empty));
                assert!(is_whole, "{} {} in {language}", reason.kind, reason.code);
            }
        }
        let codes = |kind| reasons().iter().filter(move |reason| reason.kind == kind).map(|reason| reason.code);
        assert!(codes(ReasonKind::Status).eq(MfaStatus::ALL.iter().map(|status| status.as_str())));
        assert!(codes(ReasonKind::CallResult).eq(CallResult::ALL.iter().map(|result| result.as_str())));
    }

    #[test]
    fn a_call_result_means_what_verdict_and_mode_make_of_it() {
        let text = text(Language::English, ReasonKind::CallResult, "SUCCESS_WITH_PIN").expect("a text");
        let meanings = [
            text.meaning_of(Answer::Unknown, Some(CallMode::Pin)),
            text.meaning_of(Answer::Yes, None),
            text.meaning_of(Answer::No, Some(CallMode::Pin)),
            text.meaning_of(Answer::No, Some(CallMode::Standard)),
        ];
        let distinct: std::collections::BTreeSet<_> = meanings.iter().collect();
        assert_eq!(distinct.len(), meanings.len(), "{meanings:?}");
    }
}
