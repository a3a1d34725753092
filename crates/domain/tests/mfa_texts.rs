//! Every status text, in every spelling and language, is read as the row of `mfa_results.csv` that it is.

use domain::sign_in::{MfaResult, MfaStatus, MfaText, mfa_text};
use proptest::prelude::*;
use proptest::sample::select;

const TABLE: &str = include_str!("../testdata/mfa_results.csv");
/// The same rows in Swedish, French, German and Spanish, as Microsoft's own documentation has them.
const TRANSLATED: &str = include_str!("../testdata/mfa_results_translated.csv");

struct Row {
    id: &'static str,
    outcome: &'static str,
    challenged: bool,
    status: &'static str,
}

fn rows() -> Vec<Row> {
    let rows: Vec<Row> = TABLE
        .lines()
        .skip(1)
        .map(|line| {
            let columns: Vec<&str> = line.split(',').collect();
            let [id, outcome, challenged, status] = columns[..] else { panic!("{line}") };
            Row { id, outcome, challenged: challenged == "yes", status }
        })
        .collect();
    assert_eq!(rows.len(), 35);
    rows
}

#[track_caller]
fn assert_is(text: &str, row: &Row) {
    let read = mfa_text(text).unwrap_or_else(|| panic!("not about MFA: {text}"));
    assert_eq!(read.status.as_str(), row.id, "{text}");
    assert_eq!(read.result.map(MfaResult::as_str), Some(row.outcome), "{text}");
    assert_eq!(read.status.is_challenged(), row.challenged, "{text}");
}

/// Old and new beginnings, and none.
const BEGINNINGS: [&str; 13] = [
    "",
    "Azure Multi-Factor Authentication ",
    "Azure Multi-Factor Authentication denied; ",
    "Azure Multi-Factor Authentication denied;",
    "Multi-factor authentication ",
    "Multifactor authentication requirement ",
    "MFA ",
    "MFA denied; ",
    "MFA denied, ",
    "MFA Denied; ",
    "MFA requirement ",
    "denied; ",
    "  mfa   requirement\u{a0}",
];

fn contracted(text: &str) -> String {
    text.replace("did not", "didn't").replace("does not", "doesn't")
}

fn curly(text: &str) -> String {
    text.replace('\'', "\u{2019}")
}

fn spellings(text: &str) -> Vec<String> {
    vec![
        text.to_owned(),
        text.to_uppercase(),
        text.to_lowercase(),
        curly(text),
        contracted(text),
        curly(&contracted(text)),
        contracted(text).to_uppercase(),
        text.replace('-', " "),
        text.replace('-', "\u{2011}"),
        text.replace(' ', "  "),
        text.replace(' ', "\u{a0}"),
        format!("  {text}. "),
    ]
}

#[test]
fn every_row_is_read_in_old_and_new_spellings() {
    for row in rows() {
        for beginning in BEGINNINGS {
            for text in spellings(&format!("{beginning}{}", row.status)) {
                assert_is(&text, &row);
            }
        }
    }
}

#[test]
fn every_row_is_read_in_four_other_languages() {
    let rows = rows();
    let denied = ["nekad;", "refusée ;", "verweigert;", "denegado;"];
    let names = [
        ["Multifaktorautentisering ", "MFA-kravet "],
        ["Authentification multifacteur ", "L\u{2019}exigence MFA "],
        ["Mehrstufige Authentifizierung ", "MFA-Anforderung "],
        ["Autenticación multifactor ", "El requisito de MFA "],
    ];
    let mut lines = 0;
    for line in TRANSLATED.lines().skip(1) {
        let columns: Vec<&str> = line.split(';').collect();
        let row = rows.iter().find(|row| row.id == columns[0]).unwrap_or_else(|| panic!("{line}"));
        assert_eq!(columns.len(), 5, "{line}");
        for (language, text) in columns[1..].iter().enumerate() {
            let mut texts = vec![
                (*text).to_owned(),
                format!("Azure Multi-Factor Authentication {text}"),
                format!("Azure Multi-Factor Authentication {} {text}", denied[language]),
                format!("MFA {} {text}", denied[language].replace(' ', "\u{a0}")),
                format!("MFA {text}"),
            ];
            texts.extend(names[language].iter().map(|name| format!("{name}{text}")));
            for text in texts.iter().flat_map(|text| spellings(text)) {
                assert_is(&text, row);
            }
        }
        lines += 1;
    }
    assert_eq!(lines, rows.len());
}

/// As they stand in real records and in Microsoft's pages (`spec/graph.md` §3.5), whole.
#[test]
fn real_spellings_are_read() {
    for (text, status) in [
        ("MFA completed in Azure AD", MfaStatus::CompletedInCloud),
        ("MFA completed in Microsoft Entra ID", MfaStatus::CompletedInCloud),
        ("MFA successfully completed", MfaStatus::SuccessfullyCompleted),
        ("MFA requirement satisfied by claim in the token", MfaStatus::ClaimInToken),
        ("MFA requirement satisfied by strong authentication", MfaStatus::StrongAuthentication),
        ("MFA requirement skipped due to registered device", MfaStatus::SkippedRegisteredDevice),
        ("MFA requirement skipped due to remembered device", MfaStatus::SkippedRememberedDevice),
        ("MFA requirement skipped due to app password", MfaStatus::SkippedAppPassword),
        ("MFA requirement skipped due to IP address", MfaStatus::SkippedLocation),
        ("MFA requirement skipped due to ADFS-issued InsideCorpNet claim", MfaStatus::SkippedLocation),
        (
            "MFA requirement skipped due to ADFS-issued InsideCorpNet claim; tenant was configured to skip MFA if this \
             claim is present",
            MfaStatus::SkippedLocation,
        ),
        ("Redirected to external provider for multi-factor authentication", MfaStatus::RedirectedToExternalProvider),
        ("Redirected to external provider for multifactor authentication", MfaStatus::RedirectedToExternalProvider),
        ("Authentication in progress", MfaStatus::InProgress),
        ("MFA denied; user declined the authentication", MfaStatus::UserDeclined),
        ("MFA Denied; user declined the authentication", MfaStatus::UserDeclined),
        ("MFA denied; user did not respond to mobile app notification.", MfaStatus::NoResponseToNotification),
        ("MFA denied; duplicate authentication attempt", MfaStatus::DuplicateAttempt),
        ("MFA denied; phone unreachable", MfaStatus::PhoneUnreachable),
        ("MFA denied; Phone App Reported Fraud", MfaStatus::FraudReported),
        ("MFA denied, Fraud Code Entered", MfaStatus::FraudReported),
        ("MFA denied; User Reported Suspicious Activity", MfaStatus::FraudReported),
        ("MFA denied; fraud was reported in the mobile app", MfaStatus::FraudReported),
        ("Phone App Reported Fraud", MfaStatus::FraudReported),
        ("Azure Multi-Factor Authentication nekad; bedrägerikod angiven", MfaStatus::FraudReported),
    ] {
        assert_eq!(mfa_text(text), Some(MfaText { status, result: status.result() }), "{text}");
    }
    assert_eq!(MfaStatus::FraudReported.result(), Some(MfaResult::Denied));
}

#[test]
fn a_text_of_none_is_kept_apart() {
    for (text, result) in [
        // Real ones that Microsoft's list does not have.
        ("MFA denied; user did not select the correct number", Some(MfaResult::Denied)),
        ("MFA denied; invalid verification code", Some(MfaResult::Denied)),
        ("MFA denied, no phone input - timed out", Some(MfaResult::Denied)),
        ("Azure Multi-Factor Authentication denied; something new", Some(MfaResult::Denied)),
        ("Azure Multi-Factor Authentication verweigert; etwas Neues", Some(MfaResult::Denied)),
        ("MFA denied; user did not pass the MFA challenge", Some(MfaResult::Denied)),
        ("MFA denied", Some(MfaResult::Denied)),
        ("Denied", Some(MfaResult::Denied)),
        ("Satisfied", Some(MfaResult::Satisfied)),
        ("MFA requirement satisfied by a miracle", None),
        ("MFA requirement skipped due to a full moon", None),
        ("MFA required in Azure AD", None),
        ("MFA denied by the moon", None),
        // 50074 and 500121: what became of it, the code says.
        ("User did not pass the MFA challenge", None),
        (
            "The user didn't complete the MFA prompt. They may have decided not to authenticate, timed out while doing \
             other work, or has an issue with their authentication setup.",
            None,
        ),
    ] {
        assert_eq!(mfa_text(text), Some(MfaText { status: MfaStatus::Unclassified, result }), "{text}");
    }
}

#[test]
fn what_is_not_about_the_second_factor_is_not_read() {
    for text in [
        "",
        " . ",
        "MFA",
        "MFA requirement",
        "Multi-factor authentication:",
        "Correct password",
        "Correct Password.",
        "First factor requirement satisfied by claim in the token",
        "FIRST-FACTOR requirement satisfied by claim in the token",
        "Första faktorns krav uppfyllt av anspråk i token",
        "Premier facteur : satisfaite par une revendication dans le jeton",
        "Erster Faktor: per Anspruch im Token erfüllt",
        "Primer factor: satisfecho por notificación en el token",
        "Invalid password",
        "Invalid username or password or Invalid on-premise username or password.",
        "Rätt lösenord",
        "Mot de passe correct",
        "Richtiges Kennwort",
        "Contraseña correcta",
        "methodSucceeded",
        "true",
        "Other.",
        "mfaq completed in the cloud",
        "satisfied by claim",
        "access denied; try again",
        "deniedness; try again",
        "This is an expected part of the login flow, where a user is asked if they want to remain signed into this \
         browser to make further logins easier.",
    ] {
        assert_eq!(mfa_text(text), None, "{text}");
    }
}

/// Some real, some near to it, some not at all.
fn text() -> impl Strategy<Value = String> {
    let known: Vec<String> = rows().iter().map(|row| row.status.to_owned()).collect();
    let words =
        select(vec!["MFA", "denied;", "denied,", "requirement", "user's", "didn't", "fraud", "first factor", "x"]);
    prop_oneof![
        (select(&BEGINNINGS[..]), select(known)).prop_map(|(beginning, status)| format!("{beginning}{status}")),
        prop::collection::vec(words, 0..6).prop_map(|words| words.join(" ")),
        "[ -~]{0,40}",
    ]
}

proptest! {
    #[test]
    fn case_apostrophes_and_hyphens_do_not_matter(text in text()) {
        let read = mfa_text(&text);
        prop_assert_eq!(mfa_text(&text.to_uppercase()), read);
        prop_assert_eq!(mfa_text(&text.to_lowercase()), read);
        prop_assert_eq!(mfa_text(&curly(&text)), read);
        prop_assert_eq!(mfa_text(&text.replace('-', " ")), read);
        let padded = format!("\t {text} ");
        prop_assert_eq!(mfa_text(&padded), read);
    }

    #[test]
    fn a_denial_is_never_satisfied_unless_the_text_is_known(words in "[a-z ]{1,30}") {
        let text = format!("MFA denied; {words}");
        if let Some(read) = mfa_text(&text) {
            let known = mfa_text(&words).is_some();
            prop_assert!(known || read.result == Some(MfaResult::Denied), "{text}: {read:?}");
        }
    }

    #[test]
    fn any_text_is_read_or_not(text in any::<String>()) {
        let _ = mfa_text(&text);
        if let Some(read) = mfa_text(&format!("MFA denied; {text}")) {
            prop_assert!(read.result.is_some());
        }
    }
}
