//! The portal's sign-in downloads: in five languages, of two generations, with their file of steps.

use domain::sign_in::{Component, ConditionalAccessResult, SignInDetails, SignInRecord, SignInStatus};

use crate::collected::{Collected, read, sign_in, step};

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/testdata/keyroll/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a sample file")
}

fn sign_ins(bytes: impl AsRef<[u8]>) -> Vec<SignInRecord> {
    let collected = Collected::of(bytes);
    assert_eq!(collected.rejected, []);
    collected.records.iter().map(|record| sign_in(record).clone()).collect()
}

/// What does not depend on the language of whoever downloads.
fn without_words(mut record: SignInRecord) -> SignInRecord {
    record.digest = [0; 32];
    record.details = SignInDetails { requirement: None, additional_details: None, mfa_method: None, ..record.details };
    record
}

#[test]
fn five_languages_say_the_same() {
    let english = sign_ins(sample("portal-sign-ins-en.csv"));
    for language in ["fr", "es", "de", "sv"] {
        let other = sign_ins(sample(&format!("portal-sign-ins-{language}.csv")));
        assert_eq!(other.len(), 3, "{language}");
        for (other, english) in other.into_iter().zip(&english) {
            for text in [
                (&other.details.requirement, &english.details.requirement),
                (&other.details.additional_details, &english.details.additional_details),
                (&other.details.mfa_method, &english.details.mfa_method),
            ] {
                assert_eq!(text.0.is_some(), text.1.is_some(), "texts come as they are: {language} {other:?}");
            }
            assert_eq!(without_words(other), without_words(english.clone()), "{language}");
        }
    }
}

#[test]
fn every_column_that_is_read() {
    let all = sign_ins(sample("portal-sign-ins-en.csv"));
    let [satisfied, denied, interrupted] = &all[..] else { panic!("three sign-ins: {all:?}") };
    assert_eq!(satisfied.record_id, "b01b1726-0147-425e-a7f7-000000000001");
    assert_eq!((satisfied.at.to_string().as_str(), satisfied.log_at), ("2025-12-04T08:19:41.000Z", None));
    assert_eq!(satisfied.user.object_id.as_deref(), Some("7a1c0000-0000-4000-8000-000000000002"));
    assert_eq!(satisfied.user.user_name.as_deref(), Some("kim@fabrikam.example"));
    assert_eq!(satisfied.user.display_name.as_deref(), Some("Kim Abe"));
    assert_eq!(satisfied.app.id.as_deref(), Some("c44b4083-3bb0-49c1-b47d-974e53cbdf3c"));
    assert_eq!(satisfied.app.name.as_deref(), Some("Azure Portal"));
    let place = &satisfied.place;
    assert_eq!((place.ip.as_deref(), place.city.as_deref()), (Some("203.0.113.9"), Some("Malmö")));
    assert_eq!((place.state.as_deref(), place.country.as_deref()), (Some("Skåne Län"), Some("SE")));
    assert_eq!((satisfied.interactive, satisfied.component), (None, Component::None));
    assert_eq!((satisfied.conditional_access, &satisfied.policies), (ConditionalAccessResult::Success, &None));
    assert_eq!(
        (satisfied.tenant.as_deref(), satisfied.details.error_code),
        (None, Some(0)),
        "a blank code of a success"
    );
    assert_eq!(satisfied.details.given_status, Some(SignInStatus::Success));
    assert_eq!(
        satisfied.details.additional_details.as_deref(),
        Some("MFA requirement satisfied by claim in the token")
    );
    let details = &denied.details;
    assert_eq!((details.error_code, details.given_status), (Some(500121), Some(SignInStatus::Failure)));
    assert_eq!(details.failure_reason.as_deref(), Some("Authentication failed during strong authentication request."));
    assert_eq!(details.requirement.as_deref(), Some("Multifactor authentication"));
    assert_eq!(
        (details.mfa_method.as_deref(), details.mfa_detail.as_deref()),
        (Some("Mobile app notification"), Some("Pixel 6"))
    );
    assert_eq!(
        (details.resource.as_deref(), details.client_app.as_deref()),
        (Some("Microsoft Graph"), Some("Browser"))
    );
    assert_eq!(
        (details.browser.as_deref(), details.operating_system.as_deref()),
        (Some("Edge 143.0.0"), Some("Windows10"))
    );
    assert_eq!(details.device.as_deref(), Some("8bfcb982-6856-4402-924c-ada2486321cc"));
    assert_eq!((details.token_issuer.as_deref(), &details.steps), (Some("Azure AD"), &None));
    assert_eq!(details.correlation_id.as_deref(), Some("65dd87ce-2183-419e-81a9-000000000002"));
    assert_eq!(interrupted.details.given_status, Some(SignInStatus::Interrupted));
    assert_eq!(
        (interrupted.user.object_id.as_deref(), interrupted.place.city.as_deref()),
        (None, None),
        "zeros and blanks"
    );
    assert_eq!(interrupted.conditional_access, ConditionalAccessResult::NotApplied);
    assert_eq!(
        interrupted.details.mfa_detail.as_deref(),
        Some("+XX XX XXX XX 67"),
        "masked in the file's own spelling"
    );
}

#[test]
fn older_headings_twins_and_spaces() {
    let file = "  Date (UTC) ,Request ID,User,Username,Status,MFA result,MFA auth method,MFA auth detail,Multifactor auth result,\
        authentication  requirement,Incoming token type,Incoming token type,Application ID ,Conditional access status\n\
        2018-12-04T08:19:41Z,r-1,Kim,kim@x.se,Success,,Text message,070-123 45 67, ,Single-factor authentication,,x,A-1,success\n\
        2018-12-04T08:19:42Z,r-2,Kim,kim@x.se,Perhaps,First,,,Second,,,,A-1,peut-être\n";
    let all = sign_ins(file);
    let [first, second] = &all[..] else { panic!("two sign-ins: {all:?}") };
    assert_eq!((first.record_id.as_str(), first.app.id.as_deref()), ("r-1", Some("A-1")));
    assert_eq!(
        (first.details.mfa_method.as_deref(), first.details.mfa_detail.as_deref()),
        (Some("Text message"), Some("XXX-XXX XX 67"))
    );
    assert_eq!((first.details.error_code, first.details.additional_details.as_deref()), (Some(0), None));
    assert_eq!(first.details.requirement.as_deref(), Some("Single-factor authentication"));
    assert_eq!(first.conditional_access, ConditionalAccessResult::Success);
    assert_eq!(second.details.additional_details.as_deref(), Some("First"), "the first of twins that says something");
    assert_eq!((second.details.given_status, second.details.error_code), (None, None), "an unknown word says nothing");
    assert_eq!(second.conditional_access, ConditionalAccessResult::Unknown);
    let swapped = sign_ins(file.replace(",First,,,Second,", ",,,,Second,"));
    assert_eq!(swapped[1].details.additional_details.as_deref(), Some("Second"));
}

#[test]
fn on_premises_components_of_the_portal() {
    for (issuer, resource, component) in [
        ("NPS extension", "", Component::Nps),
        ("NPSExtension", "", Component::Nps),
        ("AD Federation Services", "", Component::Adfs),
        ("Azure AD", "radius", Component::Nps),
        ("Azure AD", "adfs", Component::Adfs),
        ("Azure AD", "Microsoft Graph", Component::None),
    ] {
        let file = format!(
            "Date (UTC),Request ID,Username,Token issuer type,Resource ID \n2025-12-04,r,kim@x.se,{issuer},{resource}\n"
        );
        assert_eq!(sign_ins(file)[0].component, component, "{issuer} {resource}");
    }
}

#[test]
fn steps_in_a_file_of_their_own() {
    let english = Collected::of(sample("portal-auth-details.csv"));
    let [password, app, text] = &english.records[..] else { panic!("three steps: {english:?}") };
    let (password, app, text) = (step(password), step(app), step(text));
    assert_eq!(password.record_id, "b01b1726-0147-425e-a7f7-000000000002");
    assert_eq!(app.record_id, password.record_id);
    assert_eq!(
        [password, app, text].map(|one| one.step.sequence),
        [Some(0), Some(1), Some(0)],
        "positions in a sign-in"
    );
    assert_eq!((password.step.succeeded, app.step.succeeded, text.step.succeeded), (Some(true), Some(false), None));
    assert_eq!(app.step.method.as_deref(), Some("Mobile app notification"));
    assert_eq!(app.step.result.as_deref(), Some("MFA denied; user declined the authentication"));
    assert_eq!(app.step.requirement.as_deref(), Some("Multifactor authentication"));
    assert_eq!(app.step.at.expect("a time").to_string(), "2025-12-04T08:25:02.000Z");
    assert_eq!(text.step.detail.as_deref(), Some("+XX XX XXX XX 67"));
    assert!(password.digest != app.digest);
    for (headings, succeeded) in [
        (
            "Date,Request ID,Authentication method,Authentication method detail,Succeeded,Result detail,Requirement",
            "True",
        ),
        (
            "Date (UTC),ID de requête,Méthode d'authentification,Détails de la méthode d'authentification,Réussi,Détails du résultat,Exigence",
            "Vrai",
        ),
        (
            "Fecha (UTC),Id. de solicitud,Método de autenticación,Detalle del método de autenticación,Correcto,Detalle del resultado,Requisito",
            "Sí",
        ),
        (
            "Datum (UTC),Anforderungs-ID,Authentifizierungsmethode,Details zur Authentifizierungsmethode,Erfolgreich,Ergebnisdetails,Anforderung",
            "Ja",
        ),
        (
            "Datum (UTC),Begäran-ID,Autentiseringsmetod,Information om autentiseringsmetod,Lyckades,Resultatinformation,Krav",
            "Sant",
        ),
    ] {
        let read =
            Collected::of(format!("{headings}\n2025-12-04T08:25:02Z,R-1,SMS,070-123 45 67,{succeeded},Done,MFA\n"));
        let one = step(&read.records[0]);
        assert_eq!((one.record_id.as_str(), one.step.succeeded), ("R-1", Some(true)), "{headings}");
        assert_eq!(
            (one.step.method.as_deref(), one.step.detail.as_deref()),
            (Some("SMS"), Some("XXX-XXX XX 67")),
            "{headings}"
        );
        assert_eq!(
            (one.step.result.as_deref(), one.step.requirement.as_deref()),
            (Some("Done"), Some("MFA")),
            "{headings}"
        );
        assert!(one.step.at.is_some());
    }
}

#[test]
fn what_a_download_lacks_is_named() {
    for (file, says) in [
        (
            "Date (UTC),Request ID,Status\n",
            "Username and User ID are missing. The portal's sign-in download needs one of them.",
        ),
        ("Request ID,Username,Sign-in error code\n", "Date (UTC) is missing. The portal's sign-in download needs it."),
        (
            "Id. de solicitud;Nombre de usuario;Requisito de autenticación;Código de error de inicio de sesión\n",
            "Date (UTC) is missing.",
        ),
        (
            "Date (UTC),Authentication method,Succeeded,Result detail\n",
            "Request ID is missing. The portal's file of authentication details needs it.",
        ),
    ] {
        let (collected, result) =
            read(format!("{file}{}\n", vec!["x"; file.matches([',', ';']).count() + 1].join(",")));
        let refusal = result.expect_err(file);
        assert!(refusal.reason.contains(says), "{refusal}");
        assert_eq!((refusal.line, collected), (Some(1), Collected::default()));
    }
    let read =
        Collected::of("Date (UTC),Request ID,Username,User ID\n,r,kim@x.se,\n2025-12-04,r,,\n2025-12-04,r,,U-1\n");
    let reasons: Vec<&str> = read.rejected.iter().map(|rejection| rejection.reason.as_str()).collect();
    assert_eq!(
        reasons,
        ["Date (UTC) is missing.", "The sign-in names no user: User ID and Username are both missing."]
    );
    assert_eq!(sign_in(&read.records[0]).user.object_id.as_deref(), Some("U-1"));
    assert_eq!(
        Collected::of("Date (UTC),Request ID,Service principal ID,Application\n2025-12-04,r,s,a\n").by_kind(),
        [("ServicePrincipalSignInLogs".to_owned(), 1)].into()
    );
}
