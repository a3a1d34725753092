//! From a record to facts (`spec/derivation.md` §5): codes, steps, texts, and which of them goes first.

use domain::answer::Answer;
use domain::instant::Instant;
use domain::method::AuthMethod;
use domain::sign_in::{
    AuthenticationStep, Facts, MfaResult, MfaStatus, RequiredBy, SecondFactor, SignInDetails, SignInStatus, classify,
    detail, status_text,
};

const SATISFIED_BY_CLAIM: &str = "MFA requirement satisfied by claim in the token";

fn code(error_code: i64) -> SignInDetails {
    SignInDetails { error_code: Some(error_code), ..SignInDetails::default() }
}

fn details(error_code: i64, requirement: &str, additional: &str) -> SignInDetails {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    SignInDetails { requirement: given(requirement), additional_details: given(additional), ..code(error_code) }
}

fn step(method: &str, requirement: &str, result: &str) -> AuthenticationStep {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    AuthenticationStep {
        method: given(method),
        requirement: given(requirement),
        result: given(result),
        ..AuthenticationStep::default()
    }
}

fn numbered(sequence: i64, step: AuthenticationStep) -> AuthenticationStep {
    AuthenticationStep { sequence: Some(sequence), ..step }
}

fn password() -> AuthenticationStep {
    step("Password", "Primary authentication", "Correct password")
}

fn second(method: &str, result: &str) -> AuthenticationStep {
    step(method, "Multifactor authentication", result)
}

/// Every code of `spec/graph.md` §3.6, in a record that says nothing else.
#[test]
fn a_code_alone_says_what_it_can() {
    use Answer::{Unknown, Yes};
    use MfaResult as Mfa;
    use SignInStatus::{Failure, Interrupted, Success};
    for (error_code, required, result, status) in [
        (0, Unknown, Mfa::Unknown, Success),
        (50072, Yes, Mfa::Pending, Interrupted),
        (50074, Yes, Mfa::Pending, Interrupted),
        (50076, Yes, Mfa::Pending, Interrupted),
        (50078, Yes, Mfa::Pending, Interrupted),
        (50079, Yes, Mfa::Pending, Interrupted),
        (50086, Yes, Mfa::Denied, Failure),
        (50087, Yes, Mfa::Denied, Failure),
        (50088, Yes, Mfa::Denied, Failure),
        (50097, Unknown, Mfa::Unknown, Interrupted),
        (50125, Unknown, Mfa::Unknown, Interrupted),
        (50126, Unknown, Mfa::Unknown, Failure),
        (50053, Unknown, Mfa::Unknown, Failure),
        (50055, Unknown, Mfa::Unknown, Failure),
        (50057, Unknown, Mfa::Unknown, Failure),
        (50034, Unknown, Mfa::Unknown, Failure),
        (50131, Unknown, Mfa::Unknown, Failure),
        (50155, Unknown, Mfa::Unknown, Failure),
        (50140, Unknown, Mfa::Unknown, Interrupted),
        (50158, Yes, Mfa::Pending, Interrupted),
        (50161, Yes, Mfa::Denied, Failure),
        (50166, Yes, Mfa::Denied, Failure),
        (50170, Yes, Mfa::Denied, Failure),
        (50177, Yes, Mfa::Denied, Failure),
        (500121, Yes, Mfa::Denied, Failure),
        (53000, Unknown, Mfa::Unknown, Failure),
        (53001, Unknown, Mfa::Unknown, Failure),
        (53002, Unknown, Mfa::Unknown, Failure),
        (53003, Unknown, Mfa::Unknown, Failure),
        (53004, Yes, Mfa::Unknown, Failure),
        (53010, Yes, Mfa::Unknown, Failure),
        (53011, Unknown, Mfa::Unknown, Failure),
        (530034, Unknown, Mfa::Unknown, Failure),
        (530035, Unknown, Mfa::Unknown, Failure),
        (65001, Unknown, Mfa::Unknown, Interrupted),
        (65004, Unknown, Mfa::Unknown, Failure),
        (70043, Unknown, Mfa::Unknown, Failure),
        (70044, Unknown, Mfa::Unknown, Failure),
    ] {
        let facts = classify(&code(error_code), &[]);
        let expected = Facts {
            mfa_required: required,
            required_by: (required == Yes).then_some(RequiredBy::Unknown),
            result,
            status: None,
            method: SecondFactor::Method(AuthMethod::Unknown),
            sign_in: status,
        };
        assert_eq!(facts, expected, "{error_code}");

        // Where the record says that one factor was enough, a code that says more wins.
        let single = classify(&details(error_code, "singleFactorAuthentication", ""), &[]);
        let (is_required, became) = if required == Yes { (Yes, result) } else { (Answer::No, Mfa::None) };
        assert_eq!((single.mfa_required, single.result, single.sign_in), (is_required, became, status), "{error_code}");
        assert_eq!(single.method == SecondFactor::None, is_required == Answer::No, "{error_code}");

        // Where it says that two were asked for, an interrupt leaves that open.
        let multi = classify(&details(error_code, "multiFactorAuthentication", ""), &[]);
        let became = if status == Interrupted { Mfa::Pending } else { result };
        assert_eq!((multi.mfa_required, multi.result, multi.sign_in), (Yes, became, status), "{error_code}");
    }
}

#[test]
fn the_portals_own_status_wins_and_without_any_it_is_not_known() {
    let given = |given_status, error_code| {
        classify(&SignInDetails { given_status, error_code, ..SignInDetails::default() }, &[]).sign_in
    };
    assert_eq!(given(Some(SignInStatus::Interrupted), Some(0)), SignInStatus::Interrupted);
    assert_eq!(given(Some(SignInStatus::Failure), Some(50140)), SignInStatus::Failure);
    assert_eq!(given(Some(SignInStatus::Success), None), SignInStatus::Success);
    assert_eq!(given(None, None), SignInStatus::Unknown);
    assert_eq!(given(None, Some(0)), SignInStatus::Success);
    assert_eq!(given(None, Some(1)), SignInStatus::Failure);
}

#[test]
fn a_record_that_says_nothing_leaves_it_unknown() {
    // Graph v1.0 without a text has no more than this.
    let facts = classify(&code(0), &[]);
    assert_eq!((facts.mfa_required, facts.required_by, facts.result), (Answer::Unknown, None, MfaResult::Unknown));
    assert!(!facts.is_challenged() && !facts.is_unmet());
    // With a first-factor text it is not more.
    let facts = classify(&details(0, "", "First factor requirement satisfied by claim in the token"), &[]);
    assert_eq!((facts.mfa_required, facts.status), (Answer::Unknown, None));
    // An empty requirement says nothing, empty steps neither.
    assert_eq!(classify(&details(0, " ", ""), &[]).mfa_required, Answer::Unknown);
}

#[test]
fn a_text_in_the_details_is_enough() {
    for requirement in ["", "singleFactorAuthentication", "Single-factor authentication"] {
        let facts = classify(&details(0, requirement, SATISFIED_BY_CLAIM), &[]);
        assert_eq!(facts.mfa_required, Answer::Yes, "{requirement}");
        assert_eq!(
            (facts.result, facts.status),
            (MfaResult::Satisfied, Some(MfaStatus::ClaimInToken)),
            "{requirement}"
        );
        assert!(!facts.is_challenged(), "{requirement}");
    }
}

#[test]
fn steps_that_are_all_primary_ask_for_no_second_factor() {
    let facts = classify(&code(0), &[password(), step("Password", "PRIMARY AUTHENTICATION", "")]);
    assert_eq!((facts.mfa_required, facts.result), (Answer::No, MfaResult::None));
    assert_eq!((facts.method, facts.required_by, facts.status), (SecondFactor::None, None, None));
    // Older records leave a step's requirement empty.
    let facts = classify(&code(0), &[step("Password", "", "Correct password")]);
    assert_eq!(facts.mfa_required, Answer::No);
    // One step that does not say leaves it open.
    let facts = classify(&code(0), &[password(), step("Password", "", "")]);
    assert_eq!(facts.mfa_required, Answer::Unknown);
    // A wrong password is a failure of the first factor, not of the second.
    let wrong = step(
        "Password",
        "Primary authentication",
        "Invalid username or password or Invalid on-premise username or password.",
    );
    let facts = classify(&code(50126), &[wrong]);
    assert_eq!((facts.mfa_required, facts.result), (Answer::No, MfaResult::None));
    // The record's word that two were asked for beats that only the first was given.
    let facts = classify(&details(50076, "multiFactorAuthentication", ""), &[password()]);
    assert_eq!((facts.mfa_required, facts.result), (Answer::Yes, MfaResult::Pending));
}

#[test]
fn a_step_says_in_any_spelling_that_it_is_of_a_second_factor() {
    for requirement in [
        "Multi-factor authentication",
        "Multifactor authentication",
        "MULTIFACTOR AUTHENTICATION",
        "MultiConditionalAccess",
        "Multifaktorautentisering",
        "Authentification multifacteur",
        "Mehrstufige Authentifizierung",
        "Autenticación multifactor",
    ] {
        let facts =
            classify(&details(0, "singleFactorAuthentication", ""), &[password(), step("SMS", requirement, "")]);
        assert_eq!(facts.mfa_required, Answer::Yes, "{requirement}");
        assert_eq!(facts.method, SecondFactor::Method(AuthMethod::Sms), "{requirement}");
        assert_eq!((facts.result, facts.status), (MfaResult::Unknown, None), "{requirement}");
    }
    // By its text alone, as in the records of 2020.
    let facts = classify(&details(0, "singleFactorAuthentication", ""), &[step("", "User", SATISFIED_BY_CLAIM)]);
    assert_eq!((facts.mfa_required, facts.status), (Answer::Yes, Some(MfaStatus::ClaimInToken)));
    // A first-factor text with the same ending is none.
    let primary = step("", "", "First factor requirement satisfied by claim in the token");
    assert_eq!(classify(&code(0), &[primary]).mfa_required, Answer::No);
}

#[test]
fn what_is_in_progress_gives_way_to_how_it_ended() {
    let progress = second("Mobile app notification", "Authentication in progress");
    let completed = second("Mobile app notification", "MFA successfully completed");
    let declined = second("Text message", "MFA denied; user declined the authentication");

    let alone = classify(&code(500121), std::slice::from_ref(&progress));
    assert_eq!((alone.result, alone.status), (MfaResult::Pending, Some(MfaStatus::InProgress)));
    assert!(alone.is_challenged() && alone.is_unmet());

    for steps in [[progress.clone(), completed.clone()], [completed.clone(), progress.clone()]] {
        let facts = classify(&code(0), &steps);
        assert_eq!((facts.result, facts.status), (MfaResult::Satisfied, Some(MfaStatus::SuccessfullyCompleted)));
        assert!(facts.is_challenged() && !facts.is_unmet());
    }
    // The last word of several, by number; a clock that says otherwise is not asked.
    let at = |millis| Some(Instant::from_millis(millis));
    let late = AuthenticationStep { at: at(9), ..numbered(1, declined.clone()) };
    let early = AuthenticationStep { at: at(1), ..numbered(2, completed.clone()) };
    for steps in [[late.clone(), early.clone()], [early, late]] {
        let facts = classify(&code(0), &steps);
        assert_eq!(facts.status, Some(MfaStatus::SuccessfullyCompleted));
        assert_eq!(facts.method, SecondFactor::Method(AuthMethod::AppNotification));
    }
    // Without numbers, or with some only, by position.
    let facts = classify(&code(0), &[numbered(7, completed.clone()), declined.clone()]);
    assert_eq!((facts.result, facts.status), (MfaResult::Denied, Some(MfaStatus::UserDeclined)));
    assert_eq!(facts.method, SecondFactor::Method(AuthMethod::Sms));
    // Of equal numbers the later.
    let facts = classify(&code(0), &[numbered(0, completed), numbered(0, declined)]);
    assert_eq!(facts.status, Some(MfaStatus::UserDeclined));
    // The details have the last word where the steps have none.
    let facts = classify(&details(500121, "", "MFA denied; user is blocked"), std::slice::from_ref(&progress));
    assert_eq!((facts.result, facts.status), (MfaResult::Denied, Some(MfaStatus::UserBlocked)));
    // The steps' word goes before the details'.
    let facts =
        classify(&details(0, "", SATISFIED_BY_CLAIM), &[second("SMS", "MFA denied; user entered incorrect code")]);
    assert_eq!(facts.status, Some(MfaStatus::IncorrectCode));
    // What was asked for at first does not hide what goes on.
    let facts = classify(&details(50074, "", "MFA required in Azure AD"), &[progress]);
    assert_eq!((facts.result, facts.status), (MfaResult::Pending, Some(MfaStatus::InProgress)));
}

#[test]
fn the_second_factor_and_the_sign_in_are_told_apart() {
    // Consent is missing, but MFA was completed.
    let facts = classify(&details(65001, "", "MFA completed in Azure AD"), &[]);
    assert_eq!((facts.result, facts.status), (MfaResult::Satisfied, Some(MfaStatus::CompletedInCloud)));
    assert_eq!(facts.sign_in, SignInStatus::Interrupted);
    // "Stay signed in?"
    let facts = classify(&details(50140, "multiFactorAuthentication", SATISFIED_BY_CLAIM), &[]);
    assert_eq!((facts.result, facts.sign_in), (MfaResult::Satisfied, SignInStatus::Interrupted));
    // A step that did not succeed, with a text that says that it was not needed.
    let claim = AuthenticationStep { succeeded: Some(false), ..step("", "MultiConditionalAccess", SATISFIED_BY_CLAIM) };
    let facts = classify(&details(0, "singleFactorAuthentication", ""), &[claim]);
    assert_eq!((facts.result, facts.sign_in), (MfaResult::Satisfied, SignInStatus::Success));
    assert_eq!(facts.method, SecondFactor::Method(AuthMethod::Unknown));
    // Blocked by a policy after the second factor was given.
    let facts = classify(&details(53003, "", "MFA successfully completed"), &[]);
    assert_eq!((facts.result, facts.sign_in), (MfaResult::Satisfied, SignInStatus::Failure));
    // A text beats the code that would say denied.
    let facts = classify(&details(500121, "", "MFA successfully completed"), &[]);
    assert_eq!(facts.result, MfaResult::Satisfied);
}

#[test]
fn a_text_of_none_is_kept_and_the_code_says_what_became_of_it() {
    for (error_code, text, result) in [
        (500121, "MFA denied; user did not select the correct number", MfaResult::Denied),
        (0, "MFA denied; user did not select the correct number", MfaResult::Denied),
        (500121, "The user didn't complete the MFA prompt.", MfaResult::Denied),
        (50074, "User did not pass the MFA challenge", MfaResult::Pending),
        (50072, "MFA required in Azure AD", MfaResult::Pending),
        (0, "MFA requirement satisfied by a miracle", MfaResult::Unknown),
    ] {
        let details = details(error_code, "multiFactorAuthentication", text);
        let facts = classify(&details, &[]);
        assert_eq!((facts.mfa_required, facts.result), (Answer::Yes, result), "{text}");
        assert_eq!(facts.status, Some(MfaStatus::Unclassified), "{text}");
        assert_eq!(status_text(&details, &[]), Some(text));
    }
    // On a step that is of a second factor any text is kept, in any language.
    let steps = [password(), second("Mobile app notification", " Käyttäjä hylkäsi todennuksen ")];
    let facts = classify(&code(500121), &steps);
    assert_eq!((facts.result, facts.status), (MfaResult::Denied, Some(MfaStatus::Unclassified)));
    assert_eq!(status_text(&SignInDetails::default(), &steps), Some("Käyttäjä hylkäsi todennuksen"));
    // But not on any other.
    let facts = classify(&code(0), &[step("Password", "Primary authentication", "Käyttäjä hylkäsi todennuksen")]);
    assert_eq!((facts.mfa_required, facts.status), (Answer::No, None));
}

#[test]
fn fraud_is_a_denial() {
    let facts = classify(&details(500121, "", "MFA denied; Phone App Reported Fraud"), &[]);
    assert_eq!((facts.result, facts.status), (MfaResult::Denied, Some(MfaStatus::FraudReported)));
    assert!(facts.is_unmet());
}

#[test]
fn who_demanded_it_is_said_only_where_it_was_demanded() {
    let by = |requirement: &str, providers: &[&str]| {
        let required_by = providers.iter().map(|provider| (*provider).to_owned()).collect();
        classify(&SignInDetails { required_by, ..details(0, requirement, "") }, &[]).required_by
    };
    assert_eq!(by("multiFactorAuthentication", &["user"]), Some(RequiredBy::PerUser));
    assert_eq!(by("multiFactorAuthentication", &["multiConditionalAccess", "user"]), Some(RequiredBy::PerUser));
    assert_eq!(
        by("multiFactorAuthentication", &["riskBasedPolicy", "securityDefaults"]),
        Some(RequiredBy::SecurityDefaults)
    );
    assert_eq!(by("multiFactorAuthentication", &["proofUpCodeRequest", "request"]), Some(RequiredBy::Application));
    assert_eq!(by("multiFactorAuthentication", &[]), Some(RequiredBy::Unknown));
    assert_eq!(by("singleFactorAuthentication", &["user"]), None);
    assert_eq!(by("", &["user"]), None);
}

#[test]
fn the_method_is_the_last_steps_else_the_records() {
    let used = |details: &SignInDetails, steps: &[AuthenticationStep]| classify(details, steps).method;
    let app = SignInDetails { mfa_method: Some("Mobile app verification code".into()), ..code(0) };
    let sms = second("Text message", "MFA successfully completed");
    assert_eq!(used(&app, &[password(), sms]), SecondFactor::Method(AuthMethod::Sms));
    assert_eq!(
        used(&app, &[password(), second(" ", "MFA completed in Azure AD")]),
        SecondFactor::Method(AuthMethod::AppCode)
    );
    assert_eq!(used(&app, &[]), SecondFactor::Method(AuthMethod::AppCode));
    // A name that is not known is unknown; another's is not put in its place.
    assert_eq!(used(&app, &[second("carrier pigeon", "")]), SecondFactor::Method(AuthMethod::Unknown));
    assert_eq!(used(&app, &[password()]), SecondFactor::None);
    let earlier = second("Previously satisfied", SATISFIED_BY_CLAIM);
    assert_eq!(used(&code(0), &[earlier]), SecondFactor::Method(AuthMethod::PreviouslySatisfied));
}

#[test]
fn the_detail_is_the_records_else_the_steps() {
    let step = AuthenticationStep { detail: Some("+X XXXXXXXX64".into()), ..second("Text message", "") };
    let primary = AuthenticationStep { detail: Some("Password in the cloud".into()), ..password() };
    let steps = [step, primary.clone()];
    assert_eq!(detail(Some("+X XXXXXXXX11"), &steps).as_deref(), Some("+X XXXXXXXX11"));
    assert_eq!(detail(Some(" "), &steps).as_deref(), Some("+X XXXXXXXX64"));
    assert_eq!(detail(None, &[primary]), None);
}
