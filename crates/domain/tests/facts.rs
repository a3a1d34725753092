//! Facts are stored as one number; and whatever a record says, it is classified.

use std::collections::HashSet;

use domain::answer::Answer;
use domain::sign_in::{
    AuthenticationStep, Facts, MfaResult, MfaStatus, RequiredBy, SecondFactor, SignInDetails, SignInStatus, classify,
    detail, mfa_text, status_text,
};
use proptest::prelude::*;
use proptest::sample::select;

fn with_none<T: Copy>(all: &[T]) -> impl Iterator<Item = Option<T>> + '_ {
    std::iter::once(None).chain(all.iter().copied().map(Some))
}

#[test]
fn every_fact_comes_back_from_its_number() {
    let mut seen = HashSet::new();
    for &mfa_required in Answer::ALL {
        for required_by in with_none(RequiredBy::ALL) {
            for &result in MfaResult::ALL {
                for status in with_none(MfaStatus::ALL) {
                    for method in SecondFactor::all() {
                        for &sign_in in SignInStatus::ALL {
                            let facts = Facts { mfa_required, required_by, result, status, method, sign_in };
                            let code = facts.code();
                            assert!(code >= 0 && seen.insert(code), "{facts:?}");
                            assert_eq!(Facts::from_code(code), Some(facts));
                        }
                    }
                }
            }
        }
    }
    // One past the last of each field is nothing.
    for (field, past) in [
        (0, Answer::ALL.len()),
        (1, RequiredBy::ALL.len() + 1),
        (2, MfaResult::ALL.len()),
        (3, MfaStatus::ALL.len() + 1),
        (4, SecondFactor::all().count()),
        (5, SignInStatus::ALL.len()),
    ] {
        let code = i64::try_from(past).expect("a small number") << (field * 8);
        assert_eq!(Facts::from_code(code), None, "{field}");
    }
}

/// Half the time a text that means something.
fn text() -> impl Strategy<Value = Option<String>> {
    let meaning = select(vec![
        "MFA requirement satisfied by claim in the token",
        "First factor requirement satisfied by claim in the token",
        "Authentication in progress",
        "MFA denied; user declined the authentication",
        "MFA denied; nobody knows",
        "MFA requirement nobody knows",
        "Correct password",
        "Primary authentication",
        "Multifactor authentication",
        "multiFactorAuthentication",
        "singleFactorAuthentication",
        "Text message",
        "user",
        "",
    ]);
    prop::option::of(prop_oneof![meaning.prop_map(str::to_owned), any::<String>()])
}

fn step() -> impl Strategy<Value = AuthenticationStep> {
    (text(), text(), text(), text(), prop::option::of(any::<i64>()), prop::option::of(any::<bool>())).prop_map(
        |(method, detail, result, requirement, sequence, succeeded)| AuthenticationStep {
            at: None,
            method,
            detail,
            succeeded,
            result,
            requirement,
            sequence,
        },
    )
}

fn details() -> impl Strategy<Value = SignInDetails> {
    let codes = select(vec![0, 50074, 50076, 50140, 50158, 50126, 500121, 53004, 65001]);
    let error_code = prop::option::of(prop_oneof![codes, any::<i64>()]);
    let given_status = prop::option::of(select(SignInStatus::ALL));
    let required_by = prop::collection::vec(any::<String>(), 0..3);
    (error_code, given_status, text(), required_by, text(), text(), text()).prop_map(
        |(error_code, given_status, requirement, required_by, additional_details, mfa_method, mfa_detail)| {
            SignInDetails {
                error_code,
                given_status,
                requirement,
                required_by,
                additional_details,
                mfa_method,
                mfa_detail,
                ..SignInDetails::default()
            }
        },
    )
}

proptest! {
    #[test]
    fn whatever_a_record_says_its_facts_agree(details in details(), steps in prop::collection::vec(step(), 0..5)) {
        let facts = classify(&details, &steps);
        prop_assert_eq!(Facts::from_code(facts.code()), Some(facts));
        prop_assert_eq!(facts.required_by.is_some(), facts.mfa_required == Answer::Yes);
        prop_assert_eq!(facts.method == SecondFactor::None, facts.mfa_required == Answer::No);
        prop_assert_eq!(facts.result == MfaResult::None, facts.mfa_required == Answer::No);
        prop_assert_eq!(facts.sign_in, details.given_status.unwrap_or(facts.sign_in));
        // A status stands for a text about MFA, which demands it, and has its result.
        if let Some(status) = facts.status {
            prop_assert_eq!(facts.mfa_required, Answer::Yes);
            if let Some(result) = status.result() {
                prop_assert_eq!(facts.result, result);
            }
            let raw = status_text(&details, &steps);
            prop_assert!(raw.is_some_and(|raw| mfa_text(raw).is_none_or(|text| text.status == status)));
        } else {
            prop_assert_eq!(status_text(&details, &steps), None);
        }
        // Nothing is in progress where some text says how it ended.
        let said = steps.iter().filter_map(|step| step.result.as_deref()).chain(details.additional_details.as_deref());
        let ended = |text: &str| matches!(mfa_text(text).and_then(|text| text.result), Some(MfaResult::Satisfied | MfaResult::Denied));
        if said.clone().any(ended) {
            prop_assert!(matches!(facts.result, MfaResult::Satisfied | MfaResult::Denied));
        }
        let given_with = detail(details.mfa_detail.as_deref(), &steps);
        if facts.mfa_required == Answer::No {
            prop_assert_eq!(given_with, detail(details.mfa_detail.as_deref(), &[]));
        }
    }

    /// Steps that have their numbers may come in any order.
    #[test]
    fn numbered_steps_may_come_in_any_order(
        details in details(),
        steps in prop::collection::vec(step(), 0..5),
        shuffled in Just((0..5i64).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let mut steps: Vec<AuthenticationStep> = steps
            .into_iter()
            .zip(shuffled)
            .map(|(step, number)| AuthenticationStep { sequence: Some(number), ..step })
            .collect();
        let facts = classify(&details, &steps);
        steps.reverse();
        prop_assert_eq!(classify(&details, &steps), facts);
        steps.sort_by_key(|step| step.sequence);
        prop_assert_eq!(classify(&details, &steps), facts);
    }
}
