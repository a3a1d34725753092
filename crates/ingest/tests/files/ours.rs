//! Our own list of users: what was written comes back.

use domain::method::MethodSet;
use domain::record::{RecordKind, UserFacts, UserType};

use crate::collected::{Collected, read, user};

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn every_column_comes_back() {
    let collected = Collected::of(include_bytes!("../../testdata/keyroll/users.csv"));
    let [ada, bo, cy] = &collected.records[..] else { panic!("three users: {collected:?}") };
    let ada = user(ada);
    assert_eq!(ada.kind, RecordKind::UsersExport);
    assert_eq!(ada.user.object_id.as_deref(), Some("00000000-0000-0000-0000-000000000001"));
    assert_eq!(ada.observed_at, "2026-11-18T12:00:00.123Z".parse().ok());
    let facts = UserFacts {
        display_name: text("=Ada, \"A\""),
        user_name: text("ada@contoso.com"),
        user_type: Some(UserType::Member),
        account_enabled: Some(true),
        admin: Some(true),
        methods: Some(MethodSet::from_ids(["email", "mobile_phone", "carrierPigeon"])),
        registered: Some(true),
        enabled: Some(true),
        capable: Some(true),
        mfa_registered: Some(true),
        mfa_capable: Some(false),
        passwordless_capable: None,
        default_method: text("push"),
        department: text("Sales, North"),
        country: text("SE"),
        ..UserFacts::default()
    };
    assert_eq!(ada.facts, facts);
    let bo = user(bo);
    assert_eq!(bo.facts.display_name.as_deref(), Some("'+Bo"), "one apostrophe is taken away");
    assert_eq!((bo.facts.user_type, bo.facts.account_enabled), (Some(UserType::Guest), Some(false)));
    assert_eq!(bo.facts.methods, Some(MethodSet::default()), "known to have none");
    let cy = user(cy);
    assert_eq!(cy.user.object_id, None, "a user name is no object id");
    let facts = UserFacts {
        display_name: text("Cy\nLind"),
        user_name: text("cy@contoso.com"),
        department: text("-"),
        ..UserFacts::default()
    };
    assert_eq!(cy.facts, facts, "what is not known stays so");
}

#[test]
fn some_columns_set_only_these() {
    let collected = Collected::of("department,id\r\nSales,00000000-0000-0000-0000-000000000001\r\n");
    let one = user(&collected.records[0]);
    assert_eq!((one.kind, one.observed_at), (RecordKind::UsersExport, None));
    assert_eq!(one.facts, UserFacts { department: text("Sales"), ..UserFacts::default() });
}

#[test]
fn lines_of_json_are_read_like_rows() {
    let line = r#"{"user_name":"ada@contoso.com","methods":["sms","unknown"],"capable":"unknown","enabled":"no","country":null}"#;
    let collected = Collected::of(format!("{line}\n{}\n", r#"{"user_name":"bo@contoso.com","methods":null}"#));
    let (ada, bo) = (user(&collected.records[0]), user(&collected.records[1]));
    let mut methods = MethodSet::some_unknown();
    methods.insert(domain::method::AuthMethod::Sms);
    let facts = UserFacts {
        user_name: text("ada@contoso.com"),
        methods: Some(methods),
        enabled: Some(false),
        ..UserFacts::default()
    };
    assert_eq!((ada.kind, &ada.facts), (RecordKind::UsersExport, &facts));
    assert_eq!(bo.facts.methods, None);
}

#[test]
fn names_alone_are_no_list_of_users() {
    for header in ["id,user_name,display_name", "department,country", "id,user_name,display_name,at,status"] {
        let (_, result) = read(format!("{header}\r\na,b,c,d,e\r\n"));
        assert!(result.is_err(), "{header}");
    }
}

#[test]
fn a_word_that_is_no_answer_sets_the_row_aside() {
    let collected = Collected::of("id,registered\r\na,maybe\r\nb,yes\r\n,yes\r\n");
    assert_eq!((collected.records.len(), collected.rejected.len()), (1, 2));
    assert_eq!(collected.rejected[0].line, Some(2));
}
