//! MFA Server's reports, by hand after `spec/graph.md` §7.9: nobody has published one.

use domain::answer::Answer;
use domain::method::AuthMethod;
use domain::mfa::{ActionKind, CallMode, CallResult};
use domain::record::{Record, RecordKind};
use domain::sign_in::Component;

use crate::collected::{Collected, action, activity, read, read_with, server};
use ingest::DateOrder;

fn sample(name: &str) -> Collected {
    let bytes =
        std::fs::read(format!("{}/testdata/keyroll/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a sample file");
    let collected = Collected::of(bytes);
    assert_eq!(collected.rejected, [], "{name}");
    collected
}

#[test]
fn the_activity_report() {
    let all = sample("mfa-server-activity.csv");
    let rows: Vec<_> = all.records.iter().map(activity).collect();
    let [call, text, app, token] = rows[..] else { panic!("four authentications: {rows:?}") };
    assert_eq!(all.records[0].kind(), RecordKind::MfaActivity);
    assert_eq!(call.at.to_string(), "2020-03-02T07:15:01.000Z");
    assert_eq!(call.user.user_name.as_deref(), Some("kim@fabrikam.example"));
    assert_eq!((call.user.display_name.as_deref(), call.user.object_id.as_deref()), (Some("Kim Abe"), None));
    assert_eq!(
        (call.method, call.raw_method.as_deref(), call.mode),
        (AuthMethod::PhoneCall, Some("Phone Call"), Some(CallMode::Pin))
    );
    assert_eq!((call.component, call.application.as_deref()), (Component::MfaServer, Some("Remote Desktop Gateway")));
    assert_eq!((call.phone.as_deref(), call.ip.as_deref()), (Some("+XX XXXXXX56"), Some("203.0.113.9")));
    assert_eq!((call.call_result, call.authenticated), (Some(CallResult::SuccessWithPin), Answer::Yes), "by its label");
    assert_eq!((text.method, text.mode, text.component), (AuthMethod::Sms, Some(CallMode::Standard), Component::Nps));
    assert_eq!(
        (text.phone.as_deref(), text.authentication_type.as_deref()),
        (Some("+X (XXX) XXX-XX64"), Some("RADIUS"))
    );
    assert_eq!((text.call_result, text.authenticated), (Some(CallResult::FailedSmsOtpIncorrect), Answer::No));
    assert_eq!(
        (app.method, app.mode, app.component),
        (AuthMethod::AppNotification, Some(CallMode::Standard), Component::Adfs)
    );
    assert_eq!(
        (app.call_result, app.authenticated),
        (Some(CallResult::SuccessPhoneAppAuthenticated), Answer::Yes),
        "the code's verdict"
    );
    assert_eq!((app.phone.as_deref(), app.user.display_name.as_deref()), (None, Some("Cy")));
    assert_eq!(
        (token.method, token.mode, token.phone.as_deref()),
        (AuthMethod::OathCode, Some(CallMode::Pin), Some("+XX XXXXXX67"))
    );
    assert_eq!(
        (token.call_result, token.raw_result.as_deref()),
        (None, Some("Something new")),
        "overall before a single call's"
    );
    assert_eq!((token.authenticated, token.user.user_name.as_deref()), (Answer::No, Some("FABRIKAM\\dee")));
    assert!(rows.windows(2).all(|two| two[0].digest != two[1].digest));
}

#[test]
fn activity_under_fewer_columns_and_as_lines() {
    let read = Collected::of(
        "Timestamp,Username,Authentication Method,Result,Authenticated\n\
        2020-03-02T07:15:01Z,kim,Text Message,no_pin_but_timeout,\n2020-03-02T07:15:02Z,kim,Carrier Pigeon,SUCCESS_NO_PIN,\n\
        2020-03-02T07:15:03Z,kim,Mobile App,,Denied\n",
    );
    let rows: Vec<_> = read.records.iter().map(activity).collect();
    assert_eq!((rows[0].call_result, rows[0].authenticated), (Some(CallResult::SuccessNoPinButTimeout), Answer::No));
    assert_eq!((rows[1].method, rows[1].raw_method.as_deref()), (AuthMethod::Unknown, Some("Carrier Pigeon")));
    assert_eq!((rows[1].authenticated, rows[1].mode), (Answer::Unknown, None), "the code alone does not tell");
    assert_eq!((rows[2].raw_result.as_deref(), rows[2].authenticated), (None, Answer::No));
    let line = r#"{"timestamp":"2020-03-02T07:15:01Z","username":"kim","authenticationMethod":"Phone Call","phoneCallMode":"Standard",
        "primaryCallCountryCode":46,"primaryCallPhoneNumber":70123456,"overallResult":"SUCCESS_USED_CACHE","overallAuthenticated":true}"#;
    let read = Collected::of(line.replace('\n', ""));
    let row = activity(&read.records[0]);
    assert_eq!(
        (row.phone.as_deref(), row.mode, row.authenticated),
        (Some("+XX XXXXXX56"), Some(CallMode::Standard), Answer::Yes)
    );
}

#[test]
fn blocks_and_bypasses() {
    let all = sample("mfa-server-blocks.csv");
    assert_eq!(all.records.iter().map(Record::kind).collect::<Vec<_>>(), [RecordKind::MfaBlock; 3]);
    let [block, fraud, not_blocked] = [0, 1, 2].map(|n| action(&all.records[n]));
    assert_eq!((block.kind, block.at.to_string().as_str()), (ActionKind::Block, "2020-03-02T08:00:00.000Z"));
    assert_eq!((block.by.as_deref(), block.reason.as_deref()), (Some("admin@fabrikam.example"), Some("Lost phone")));
    assert_eq!(block.user.user_name.as_deref(), Some("kim@fabrikam.example"));
    assert_eq!(block.completed_at.expect("lifted").to_string(), "2020-03-03T09:00:00.000Z");
    assert_eq!(
        (block.completion_reason.as_deref(), block.is_blocked, block.is_used),
        (Some("Found again"), None, None)
    );
    assert_eq!((fraud.kind, fraud.is_blocked, fraud.completed_at), (ActionKind::Fraud, Some(true), None));
    assert_eq!((not_blocked.kind, not_blocked.is_blocked), (ActionKind::Fraud, Some(false)));
    let all = sample("mfa-server-bypasses.csv");
    let (used, open) = (action(&all.records[0]), action(&all.records[1]));
    assert_eq!(all.records[0].kind(), RecordKind::MfaBypass);
    assert_eq!((used.kind, used.seconds, used.is_used), (ActionKind::Bypass, Some(300), Some(true)));
    assert_eq!((used.reason.as_deref(), used.completion_reason.as_deref()), (Some("Phone at home"), Some("Used")));
    assert_eq!((open.seconds, open.is_used, open.completed_at), (Some(600), None, None));
}

#[test]
fn servers() {
    let all = sample("mfa-server-status.csv");
    let first = server(&all.records[0]);
    assert_eq!((first.name.as_str(), first.version.as_deref()), ("MFA01", Some("8.1.0.1")));
    assert_eq!((first.status.as_deref(), first.address.as_deref()), (Some("Online"), Some("10.0.0.5")));
    assert_eq!(first.last_contact.to_string(), "2020-03-02T12:00:00.000Z");
    // The page has no name; date and time may stand apart.
    let read = Collected::of(
        "Version,Status,IP,Last Communication Date,Last Communication Time\n8.1,Online,10.0.0.5,2020-03-02,12:00:01\n",
    );
    let server = server(&read.records[0]);
    assert_eq!(
        (server.name.as_str(), server.last_contact.to_string().as_str()),
        ("10.0.0.5", "2020-03-02T12:00:01.000Z")
    );
}

#[test]
fn a_missing_column_is_named() {
    for (columns, says) in [
        (
            "Username,Authentication Method,Overall Result",
            "Timestamp is missing. MFA Server's activity report needs it.",
        ),
        ("Timestamp,Authentication Method,Overall Authenticated,Result", "Username is missing."),
        (
            "Timestamp,Username,Authentication Method,Phone Call Mode",
            "Overall Result, Result, Results, Call Result and Primary Call Result are missing.",
        ),
        ("Block By Username,Username,Block Reason", "Block Timestamp is missing. MFA Server's block history needs it."),
        ("Block Timestamp,Block Reason", "Username is missing."),
        ("Bypass Seconds,Username,Bypass Reason", "Bypass Timestamp is missing. MFA Server's bypass history needs it."),
        ("Version,Status,IP", "Last Communication"),
        ("Version,Status,Last Communication", "MFA Server's server status needs one of them."),
    ] {
        let (collected, result) = read(format!("{columns}\n{}\n", vec!["x"; columns.split(',').count()].join(",")));
        let refusal = result.expect_err(columns);
        assert!(refusal.reason.contains(says), "{refusal}");
        assert_eq!(collected, Collected::default());
        let names: Vec<String> = columns.split(',').map(|name| format!("\"{name}\":\"x\"")).collect();
        let lines = Collected::of(format!("{{{}}}\n", names.join(",")));
        assert!(lines.rejected[0].reason.contains(says), "as a line: {:?}", lines.rejected);
    }
    let read =
        Collected::of("Timestamp,Username,Overall Result\n,kim,Used Cache\n2020-03-02,,Used Cache\n2020-03-02,kim,\n");
    let reasons: Vec<&str> = read.rejected.iter().map(|rejection| rejection.reason.as_str()).collect();
    assert_eq!((reasons, read.records.len()), (vec!["Timestamp is missing.", "Username is missing."], 1));
    for (columns, kind) in
        [("Username,Timestamp,Activate Success", "mfaActivation"), ("Change Timestamp,Username,New PIN", "mfaChange")]
    {
        assert_eq!(Collected::of(format!("{columns}\nx,y,z\n")).by_kind(), [(kind.to_owned(), 1)].into());
    }
}

#[test]
fn dates_of_either_order() {
    let file = "Timestamp,Username,Overall Result\n3/2/2020 7:15:01 AM,kim,Used Cache\n";
    let (_, result) = read(file);
    assert!(result.expect_err("ambiguous").reason.contains("--date-order"));
    let (collected, result) = read_with(file.as_bytes(), Some(DateOrder::MonthDay));
    assert_eq!(result, Ok(()));
    assert_eq!(activity(&collected.records[0]).at.to_string(), "2020-03-02T07:15:01.000Z");
}
