//! The three lists that people printed with PowerShell, byte by byte.

use domain::record::PerUserMfa;
use domain::role::Role;
use rstest::rstest;

use crate::house::{Engine, House};
use crate::records::listed_user;

async fn organisation(house: &House) {
    house
        .apply(vec![
            listed_user("ada@contoso.com", true, Some(true), Some(&["sms"]), Some(PerUserMfa::Enabled)),
            listed_user("bo@contoso.com", true, Some(false), Some(&[]), None),
            listed_user("cy@contoso.com", false, Some(true), Some(&["sms"]), Some(PerUserMfa::Disabled)),
            listed_user("d\"i@contoso.com", true, Some(true), Some(&["sms", "email"]), Some(PerUserMfa::Enforced)),
            listed_user("el@contoso.com", true, None, None, None),
            listed_user("fay@contoso.com", false, Some(false), Some(&[]), None),
        ])
        .await;
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn who_is_registered_and_who_is_not_leaves_out_disabled_accounts(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    organisation(&house).await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    let list = async |name: &str| house.download(&format!("/lists/{name}"), &[("cookie", cookie.as_str())]).await;
    let registered = list("mfa-registered.csv").await;
    let expected = "\"UserPrincipalName\"\r\n\"ada@contoso.com\"\r\n\"d\"\"i@contoso.com\"\r\n";
    assert_eq!(String::from_utf8_lossy(&registered.bytes), expected);
    let disposition = registered.headers["content-disposition"].to_str().expect("text");
    assert_eq!(disposition, "attachment; filename=\"lists-mfa-registered-2026-11-20T120000Z.csv\"");
    let not_registered = list("mfa-not-registered.csv").await;
    assert_eq!(not_registered.bytes, b"\"UserPrincipalName\"\r\n\"bo@contoso.com\"\r\n");
    let jsonl = list("mfa-not-registered.jsonl").await;
    assert_eq!(jsonl.bytes, b"{\"UserPrincipalName\":\"bo@contoso.com\"}\n");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn methods_are_named_for_everybody(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    organisation(&house).await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    let csv = house.get("/lists/mfa-methods.csv", &[("cookie", &cookie)]).await.text;
    let lines: Vec<&str> = csv.split("\r\n").collect();
    assert_eq!(lines[0], "\"UserPrincipalName\",\"MFA Status\",\"MFA Methods\"");
    assert_eq!(lines[1], "\"ada@contoso.com\",\"Enabled\",\"OneWaySMS\"");
    assert_eq!(lines[2], "\"bo@contoso.com\",\"\",\"\"");
    assert_eq!(lines[3], "\"cy@contoso.com\",\"Disabled\",\"OneWaySMS\"");
    let two = lines[4].strip_prefix("\"d\"\"i@contoso.com\",\"Enforced\",\"").expect("two methods");
    assert!(two.contains("OneWaySMS") && two.contains("email") && !two.contains("System.Object"), "{two}");
    assert_eq!(lines[5..], ["\"el@contoso.com\",\"\",\"\"", "\"fay@contoso.com\",\"\",\"\"", ""]);
    assert!(!csv.replace("\r\n", "").contains(['\r', '\n']) && !csv.starts_with('\u{feff}'));
}
