//! `keyroll export` for every list.

use rstest::rstest;

use crate::cli::{Console, err, out};
use crate::house::Engine;
use crate::records::{ACTIVITY, AUDITS, SIGN_INS};

/// Ada's and Bo's sign-ins are of November 2026, whenever this test runs.
const AS_OF: &[&str] = &["--as-of", "2026-11-20T12:00:00Z"];

const DETAILS: &str = r#"{"id":"00000000-0000-0000-0000-000000000001","userPrincipalName":"ada@contoso.com","userDisplayName":"Ada","userType":"member","isMfaRegistered":true,"isMfaCapable":true,"methodsRegistered":["email"],"lastUpdatedDateTime":"2026-11-10T12:00:00Z"}
{"id":"00000000-0000-0000-0000-000000000002","userPrincipalName":"bo@contoso.com","userDisplayName":"Bo","userType":"member","isMfaRegistered":false,"isMfaCapable":false,"methodsRegistered":[],"lastUpdatedDateTime":"2026-11-10T12:00:00Z"}
"#;

async fn filled(engine: Engine) -> Option<Console> {
    let console = Console::open(engine).await?;
    for (name, text) in [
        ("signIns.json", SIGN_INS),
        ("directoryAudits.json", AUDITS),
        ("mfaActivity.csv", ACTIVITY),
        ("details.jsonl", DETAILS),
    ] {
        console.write(name, text);
    }
    let files = ["import", "signIns.json", "directoryAudits.json", "mfaActivity.csv", "details.jsonl"];
    let imported = console.run(&files);
    assert_eq!(imported.status.code(), Some(0), "{}", err(&imported));
    Some(console)
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn every_list_is_written_with_every_column(#[case] engine: Engine) {
    let Some(console) = filled(engine).await else { return };
    for (report, header, rows) in [
        ("events", "id,at,user_id,", 0),
        ("sign-ins", "id,at,correlation_id,user_id,", 3),
        ("usage/users", "user_id,display_name,user_name,sign_ins,", 2),
        ("usage/applications", "app,sign_ins,challenged,", 2),
        ("mfa/activity", "id,at,user_id,display_name,user_name,component,", 2),
        ("mfa/blocked-users", "id,at,user_id,display_name,user_name,by,reason,until,status,", 2),
        ("mfa/bypassed-users", "id,at,user_id,display_name,user_name,by,reason,seconds,", 1),
        ("mfa/fraud-alerts", "id,at,user_id,display_name,user_name,source,blocked,", 1),
        ("mfa/servers", "name,version,status,address,last_contact,stale", 0),
    ] {
        let output = console.run(&[&["export", report, "--format", "csv"], AS_OF].concat());
        assert_eq!(output.status.code(), Some(0), "{report}: {}", err(&output));
        let csv = out(&output);
        assert!(csv.starts_with(header), "{report}: {csv}");
        assert_eq!(csv.lines().count(), rows + 1, "{report}: {csv}");
        let jsonl = console.run(&[&["export", report, "--format", "jsonl"], AS_OF].concat());
        assert_eq!(out(&jsonl).lines().count(), rows, "{report}");
    }
    // The console may see everything.
    let sign_ins = [&["export", "sign-ins", "--format", "csv", "--ip", "203.0.113.9", "--sort", "at"], AS_OF].concat();
    let columns = ["--columns", "mfa_status", "--columns", "ca_result", "--columns", "policies"];
    let output = console.run(&[&sign_ins[..], &columns].concat());
    let expected = "mfa_status,ca_result,policies\r\ncompleted_in_cloud,success,Second factor everywhere\r\n\
                    user_declined,failure,Second factor everywhere\r\n,not_applied,none\r\n";
    assert_eq!(out(&output), expected, "{}", err(&output));
    let denied =
        [&["export", "sign-ins", "--format", "csv", "--mfa-result", "denied", "--columns", "user_name"], AS_OF];
    assert_eq!(out(&console.run(&denied.concat())), "user_name\r\nbo@contoso.com\r\n");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn the_lists_of_powershell_are_quoted_like_its_own(#[case] engine: Engine) {
    let Some(console) = filled(engine).await else { return };
    for (report, text) in [
        ("lists/mfa-registered", "\"UserPrincipalName\"\r\n\"ada@contoso.com\"\r\n"),
        ("lists/mfa-not-registered", "\"UserPrincipalName\"\r\n\"bo@contoso.com\"\r\n"),
    ] {
        let output = console.run(&[&["export", report, "--format", "csv"], AS_OF].concat());
        assert_eq!(out(&output), text, "{report}: {}", err(&output));
    }
    let methods = out(&console.run(&[&["export", "lists/mfa-methods", "--format", "csv"], AS_OF].concat()));
    assert!(methods.starts_with("\"UserPrincipalName\",\"MFA Status\",\"MFA Methods\"\r\n\"ada@contoso.com\",\"\","));
}

#[tokio::test]
async fn reasons_are_in_the_language_asked_for() {
    let console = filled(Engine::Sqlite).await.expect("SQLite is always there");
    let reasons = |lang: &[&str]| {
        let asked =
            ["export", "reasons", "--format", "csv", "--kind", "status", "--columns", "code", "--columns", "label"];
        out(&console.run(&[&asked[..], AS_OF, lang].concat()))
    };
    let english = reasons(&[]);
    assert_eq!(english.lines().count(), 38, "{english}");
    assert_eq!(english, reasons(&["--lang", "en"]));
    assert_ne!(english, reasons(&["--lang", "sv"]));
    console.write("keyroll.toml", "[site]\nlanguage = \"sv\"\n");
    let swedish = out(&console.run(
        &[
            &["--config", "keyroll.toml", "export", "reasons", "--format", "csv", "--kind", "status"][..],
            &["--columns", "code", "--columns", "label"],
            AS_OF,
        ]
        .concat(),
    ));
    assert_eq!(swedish, reasons(&["--lang", "sv"]));
}
