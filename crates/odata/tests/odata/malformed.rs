//! Filters that are refused, and what is said of each, to the letter.

use odata::{DEEPEST_NESTING, EntityType, Expression, LONGEST_TEXT, MOST_COMPARISONS, Query};
use rstest::rstest;

use crate::types::{DIRECTORY_AUDIT, REGISTRATION_DETAILS, SAMPLE, SIGN_IN};

fn refusal(entity: &EntityType, filter: &str) -> Option<String> {
    let bound = filter.parse::<Expression>().and_then(|filter| filter.bind(entity));
    bound.err().map(|error| error.to_string())
}

#[rstest]
#[case(&REGISTRATION_DETAILS, "", "expected a condition at position 1, found the end.")]
#[case(&REGISTRATION_DETAILS, "   ", "expected a condition at position 4, found the end.")]
#[case(&REGISTRATION_DETAILS, ")", "expected a condition at position 1, found ')'.")]
#[case(&REGISTRATION_DETAILS, "()", "expected a condition after '(' at position 2, found ')'.")]
#[case(&REGISTRATION_DETAILS, "(isAdmin eq true", "expected 'and', 'or' or ')' after 'true' at position 17, found the end.")]
#[case(&REGISTRATION_DETAILS, "isAdmin eq true)", "expected 'and', 'or' or the end after 'true' at position 16, found ')'.")]
#[case(&REGISTRATION_DETAILS, "isAdmin eq", "expected a value after 'eq' at position 11, found the end.")]
#[case(&REGISTRATION_DETAILS, "(isAdmin eq )", "expected a value after 'eq' at position 13, found ')'.")]
#[case(&REGISTRATION_DETAILS, "isAdmin eq and isMfaCapable eq true", "expected a value after 'eq' at position 12, found 'and'.")]
#[case(&REGISTRATION_DETAILS, "isAdmin eq true and", "expected a condition after 'and' at position 20, found the end.")]
#[case(&REGISTRATION_DETAILS, "isAdmin eq true or or isMfaCapable", "expected a condition after 'or' at position 20, found 'or'.")]
#[case(&REGISTRATION_DETAILS, "and isAdmin", "expected a condition at position 1, found 'and'.")]
#[case(&REGISTRATION_DETAILS, "not", "expected a condition after 'not' at position 4, found the end.")]
#[case(&REGISTRATION_DETAILS, "isAdmin eq eq true", "expected a value after 'eq' at position 12, found 'eq'.")]
#[case(&REGISTRATION_DETAILS, "isAdmin is true", "expected an operator (eq, ne, gt, ge, lt, le, in, and, or) or the end after 'isAdmin' at position 9, found 'is'.")]
#[case(&REGISTRATION_DETAILS, "isAdmin = true", "did not expect '=' at position 9; comparisons are written eq, ne, gt, ge, lt and le.")]
#[case(&REGISTRATION_DETAILS, "isAdmin == true", "did not expect '=' at position 9; comparisons are written eq, ne, gt, ge, lt and le.")]
#[case(&REGISTRATION_DETAILS, "isAdmin eq true isMfaCapable eq true", "expected 'and', 'or' or the end after 'true' at position 17, found 'isMfaCapable'.")]
#[case(&REGISTRATION_DETAILS, "isAdmin eq true && isMfaCapable eq true", "did not expect '&' at position 17.")]
#[case(&REGISTRATION_DETAILS, "isAdmin eq true eq true", "expected 'and', 'or' or the end after 'true' at position 17, found 'eq'.")]
#[case(&REGISTRATION_DETAILS, "isAdmin has 'x'", "expected an operator (eq, ne, gt, ge, lt, le, in, and, or) or the end after 'isAdmin' at position 9, found 'has'.")]
#[case(&REGISTRATION_DETAILS, "count add 1 eq 2", "expected an operator (eq, ne, gt, ge, lt, le, in, and, or) or the end after 'count' at position 7, found 'add'.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName eq 'Kim", "the text that begins at position 20 has no closing quote; one within a text is doubled.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName eq 'Kim's'", "the text that begins at position 26 has no closing quote; one within a text is doubled.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName eq \"Kim\"", "did not expect '\"' at position 20; text is written in single quotes.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName eq Kim", "'Kim' at position 20 is no property of userRegistrationDetails; text is written in single quotes.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName eq 'Åsa' or x eq 1", "'x' at position 29 is no property of userRegistrationDetails.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName in 'x'", "expected '(' after 'in' at position 20, found 'x'.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName in ()", "expected a value after '(' at position 21, found ')'.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName in ('x'", "expected ',' or ')' after 'x' at position 24, found the end.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName in ('x',)", "expected a value after ',' at position 25, found ')'.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName in ('x';'y')", "did not expect ';' at position 24.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName in (id)", "expected a value after '(' at position 21, found 'id'.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName in ('x',5)", "cannot compare userDisplayName (Edm.String) with 5 (Edm.Int64) at position 25; text is written in single quotes.")]
#[case(&REGISTRATION_DETAILS, "startswith", "'startswith' at position 1 is no property of userRegistrationDetails.")]
#[case(&REGISTRATION_DETAILS, "startswith(userDisplayName)", "expected ',' after 'userDisplayName' at position 27, found ')'.")]
#[case(&REGISTRATION_DETAILS, "startswith(,'x')", "expected a value after '(' at position 12, found ','.")]
#[case(&REGISTRATION_DETAILS, "startswith(userDisplayName,)", "expected a value after ',' at position 28, found ')'.")]
#[case(&REGISTRATION_DETAILS, "startswith(userDisplayName,'x'", "expected ')' after 'x' at position 31, found the end.")]
#[case(&REGISTRATION_DETAILS, "startswith(userDisplayName,'x','y')", "expected ')' after 'x' at position 31, found ','.")]
#[case(&REGISTRATION_DETAILS, "startswith(isAdmin,'x')", "expected a text at position 12, found isAdmin, which is of type Edm.Boolean.")]
#[case(&REGISTRATION_DETAILS, "contains(userDisplayName,5)", "expected a text at position 26, found 5, which is of type Edm.Int64.")]
#[case(&REGISTRATION_DETAILS, "startswith(userType,'m')", "expected a text at position 12, found userType, which is of type microsoft.graph.signInUserType.")]
#[case(&REGISTRATION_DETAILS, "tolower(userDisplayName) eq 'x'", "there is no function 'tolower' at position 1, only startswith, endswith, contains.")]
#[case(&REGISTRATION_DETAILS, "substringof('x',userDisplayName)", "there is no function 'substringof' at position 1, only startswith, endswith, contains.")]
#[case(&REGISTRATION_DETAILS, "any(m:m eq 'x')", "there is no function 'any' at position 1, only startswith, endswith, contains.")]
#[case(&SIGN_IN, "status/", "expected a property after '/' at position 8, found the end.")]
#[case(&SIGN_IN, "/status", "expected a condition at position 1, found '/'.")]
#[case(&SIGN_IN, "status//errorCode", "expected a property after '/' at position 8, found '/'.")]
#[case(&SIGN_IN, "status/errorCode/x eq 1", "'x' at position 18 is no property of errorCode, which is of type Edm.Int32.")]
#[case(&SIGN_IN, "status eq null", "'status' at position 1 is complex; compare one of its properties.")]
#[case(&SIGN_IN, "status/code eq 1", "'code' at position 8 is no property of status.")]
#[case(&REGISTRATION_DETAILS, "$it/id eq 'x'", "did not expect '$' at position 1.")]
#[case(&REGISTRATION_DETAILS, "methodsRegistered eq 'fido2'", "'methodsRegistered' at position 1 is a collection; ask its elements with any or all.")]
#[case(&REGISTRATION_DETAILS, "methodsRegistered/any(m eq 'fido2')", "expected ':' after 'm' at position 25, found 'eq'.")]
#[case(&REGISTRATION_DETAILS, "methodsRegistered/any(m:)", "expected a condition after ':' at position 25, found ')'.")]
#[case(&REGISTRATION_DETAILS, "methodsRegistered/any(:m eq 'x')", "expected a variable after '(' at position 23, found ':'.")]
#[case(&REGISTRATION_DETAILS, "methodsRegistered/any(m:m eq 'x'", "expected 'and', 'or' or ')' after 'x' at position 33, found the end.")]
#[case(&REGISTRATION_DETAILS, "methodsRegistered/any(m:m/x eq 'x')", "'x' at position 27 is no property of m, which is of type Edm.String.")]
#[case(&REGISTRATION_DETAILS, "methodsRegistered/any(m:n eq 'x')", "'n' at position 25 is no property of userRegistrationDetails, nor a variable.")]
#[case(&REGISTRATION_DETAILS, "methodsRegistered/any(m:m)", "expected a condition at position 25, found m, which is of type Edm.String.")]
#[case(&REGISTRATION_DETAILS, "methodsRegistered/any(m:m eq 5)", "cannot compare m (Edm.String) with 5 (Edm.Int64) at position 30; text is written in single quotes.")]
#[case(&REGISTRATION_DETAILS, "methodsRegistered/any(m:methodsRegistered/any(n:n eq 'x'))", "'methodsRegistered' at position 25 stands in a lambda and has to begin with 'm/'.")]
#[case(&REGISTRATION_DETAILS, "methodsRegistered/all()", "expected a variable after '(' at position 23, found ')'.")]
#[case(&REGISTRATION_DETAILS, "methodsRegistered/$count gt 1", "did not expect '$' at position 19.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName/any(m:m eq 'x')", "'userDisplayName' at position 1 is no collection; any and all ask the elements of one.")]
#[case(&DIRECTORY_AUDIT, "targetResources/any(t:t/modifiedProperties/any(t:t/id eq 'x'))", "the variable 't' at position 48 is in use already.")]
#[case(&DIRECTORY_AUDIT, "targetResources/any(t:t/modifiedProperties/any(p:targetResources/any(q:q/id eq 'x')))", "'targetResources' at position 50 stands in a lambda and has to begin with 'p/'.")]
#[case(&DIRECTORY_AUDIT, "targetResources/id eq 'x'", "'id' at position 17 is of a collection; ask the elements of targetResources with any or all.")]
#[case(&REGISTRATION_DETAILS, "id eq id2", "'id2' at position 7 is no property of userRegistrationDetails; text is written in single quotes.")]
#[case(&REGISTRATION_DETAILS, "id eq methodsRegistered", "'methodsRegistered' at position 7 is a collection; ask its elements with any or all.")]
#[case(&REGISTRATION_DETAILS, "foo eq 'x'", "'foo' at position 1 is no property of userRegistrationDetails.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName", "expected a condition at position 1, found userDisplayName, which is of type Edm.String.")]
#[case(&REGISTRATION_DETAILS, "5", "expected a condition at position 1, found 5, which is of type Edm.Int64.")]
#[case(&REGISTRATION_DETAILS, "'x'", "expected a condition at position 1, found 'x', which is of type Edm.String.")]
#[case(&REGISTRATION_DETAILS, "not userType eq 'member'", "expected a condition at position 5, found userType, which is of type microsoft.graph.signInUserType; 'not' holds more tightly than 'eq': write not (…).")]
#[case(&REGISTRATION_DETAILS, "isAdmin and userDisplayName", "expected a condition at position 13, found userDisplayName, which is of type Edm.String.")]
#[case(&REGISTRATION_DETAILS, "isAdmin eq 'true'", "cannot compare isAdmin (Edm.Boolean) with 'true' (Edm.String) at position 12; true and false are written without quotes.")]
#[case(&REGISTRATION_DETAILS, "isAdmin eq 1", "cannot compare isAdmin (Edm.Boolean) with 1 (Edm.Int64) at position 12.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName eq 5", "cannot compare userDisplayName (Edm.String) with 5 (Edm.Int64) at position 20; text is written in single quotes.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName eq true", "cannot compare userDisplayName (Edm.String) with true (Edm.Boolean) at position 20; text is written in single quotes.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName eq 7a1c0000-0000-0000-0000-00000000abcd", "cannot compare userDisplayName (Edm.String) with 7a1c0000-0000-0000-0000-00000000abcd (Edm.Guid) at position 20; text is written in single quotes.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName eq isAdmin", "cannot compare userDisplayName (Edm.String) with isAdmin (Edm.Boolean) at position 20.")]
#[case(&REGISTRATION_DETAILS, "(isAdmin eq true) eq userDisplayName", "cannot compare isAdmin eq true (Edm.Boolean) with userDisplayName (Edm.String) at position 22.")]
#[case(&SIGN_IN, "status/errorCode eq '0'", "cannot compare status/errorCode (Edm.Int32) with '0' (Edm.String) at position 21; numbers are written without quotes.")]
#[case(&SIGN_IN, "status/errorCode eq 99999999999999999999", "'99999999999999999999' at position 21 is too large for an Edm.Int64.")]
#[case(&SIGN_IN, "status/errorCode eq 1e999", "'1e999' at position 21 is no number, date or GUID.")]
#[case(&SIGN_IN, "status/errorCode eq 0x10", "'0x10' at position 21 is no number, date or GUID.")]
#[case(&SIGN_IN, "status/errorCode eq 5.", "'5.' at position 21 is no number, date or GUID.")]
#[case(&SIGN_IN, "status/errorCode eq .5", "did not expect '.' at position 21.")]
#[case(&SIGN_IN, "status/errorCode eq 5L", "'5L' at position 21 is no number, date or GUID.")]
#[case(&REGISTRATION_DETAILS, "userType eq 'alien'", "'alien' at position 13 is no member of microsoft.graph.signInUserType: member, guest, unknownFutureValue.")]
#[case(&REGISTRATION_DETAILS, "userType eq microsoft.graph.signInUserType'alien'", "'alien' at position 13 is no member of microsoft.graph.signInUserType: member, guest, unknownFutureValue.")]
#[case(&REGISTRATION_DETAILS, "userType eq microsoft.graph.riskState'none'", "cannot compare userType (microsoft.graph.signInUserType) with microsoft.graph.riskState'none' (microsoft.graph.riskState) at position 13.")]
#[case(&REGISTRATION_DETAILS, "userType eq member", "'member' at position 13 is no property of userRegistrationDetails; text is written in single quotes.")]
#[case(&REGISTRATION_DETAILS, "userType gt 'member'", "'gt' is not for userType at position 1: members of an enum have no order.")]
#[case(&REGISTRATION_DETAILS, "userType eq userDisplayName", "cannot compare userType (microsoft.graph.signInUserType) with userDisplayName (Edm.String) at position 13.")]
#[case(&REGISTRATION_DETAILS, "lastUpdatedDateTime ge '2026-11-20T12:00:00Z'", "cannot compare lastUpdatedDateTime (Edm.DateTimeOffset) with '2026-11-20T12:00:00Z' (Edm.String) at position 24; instants are written without quotes.")]
#[case(&REGISTRATION_DETAILS, "lastUpdatedDateTime ge 2026-11-20T12:00:00", "'2026-11-20T12:00:00' at position 24 is no instant such as 2026-11-20T12:00:00Z (a '+' in a URL is written %2B).")]
#[case(&REGISTRATION_DETAILS, "lastUpdatedDateTime ge 2026-11-20T12:00:00 02:00", "'2026-11-20T12:00:00' at position 24 is no instant such as 2026-11-20T12:00:00Z (a '+' in a URL is written %2B).")]
#[case(&REGISTRATION_DETAILS, "lastUpdatedDateTime ge datetime'2026-11-20T12:00:00'", "datetime'…' at position 24 is not of OData 4; write the value alone, without quotes.")]
#[case(&REGISTRATION_DETAILS, "lastUpdatedDateTime ge 2026-13-20", "'2026-13-20' at position 24 is no number, date or GUID.")]
#[case(&REGISTRATION_DETAILS, "lastUpdatedDateTime ge 20261120", "cannot compare lastUpdatedDateTime (Edm.DateTimeOffset) with 20261120 (Edm.Int64) at position 24.")]
#[case(&SIGN_IN, "uniqueTokenIdentifier eq '7a1c0000-0000-0000-0000-00000000abcd'", "cannot compare uniqueTokenIdentifier (Edm.Guid) with '7a1c0000-0000-0000-0000-00000000abcd' (Edm.String) at position 26; GUIDs are written without quotes.")]
#[case(&SIGN_IN, "uniqueTokenIdentifier eq guid'7a1c0000-0000-0000-0000-00000000abcd'", "guid'…' at position 26 is not of OData 4; write the value alone, without quotes.")]
#[case(&SIGN_IN, "uniqueTokenIdentifier eq 7a1c0000-0000-0000-0000-00000000abc", "'7a1c0000-0000-0000-0000-00000000abc' at position 26 is no number, date or GUID.")]
#[case(&REGISTRATION_DETAILS, "1 eq 1", "what is compared at position 1 is a value, and no property.")]
#[case(&REGISTRATION_DETAILS, "'x' in ('x')", "what is compared at position 1 is a value, and no property.")]
#[case(&REGISTRATION_DETAILS, "userDisplayName eq 'a very long name that goes on and on so that nobody wants to read it again' isAdmin", "expected 'and', 'or' or the end after 'a very long name that goes on and on so that nobody wants t… at position 97, found 'isAdmin'.")]
fn is_refused_with_the_reason(#[case] entity: &EntityType, #[case] filter: &str, #[case] message: &str) {
    assert_eq!(refusal(entity, filter), Some(format!("$filter: {message}")));
}

/// So many times the text in front, the middle once, and the text behind.
fn around(times: usize, before: &str, middle: &str, behind: &str) -> String {
    before.repeat(times) + middle + &behind.repeat(times)
}

#[test]
fn nesting_is_bounded_and_so_is_the_stack() {
    let nested = |times| {
        [
            around(times, "(", "active", ")"),
            around(times, "not ", "active", ""),
            around(times, "startswith(", "name", ",'x')"),
        ]
    };
    let deep = move || {
        for filter in nested(DEEPEST_NESTING) {
            let tree: Expression = filter.parse().unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(tree.to_string().parse(), Ok(tree.clone()));
            let matches = tree.bind(&SAMPLE).map(|filter| filter.matches(&serde_json::json!({"active": true})));
            assert!(matches.is_ok_and(|matches| matches) || filter.starts_with("startswith"), "{filter}");
        }
        for filter in nested(DEEPEST_NESTING + 1).into_iter().chain(nested(LONGEST_TEXT / 20)) {
            let error = filter.parse::<Expression>().expect_err("too deep").to_string();
            assert!(error.ends_with(" is nested more than 32 deep."), "{error}");
        }
        let everything = around(DEEPEST_NESTING / 2, "not (", "active and count eq 1 or tags/any(t:t eq 'x')", ")");
        assert_eq!(
            refusal(&SAMPLE, &everything),
            Some("$filter: what begins at position 117 is nested more than 32 deep.".to_owned())
        );
        let everything = around(DEEPEST_NESTING / 2 - 1, "not (", "active and count eq 1 or tags/any(t:t eq 'x')", ")");
        let filter = everything.parse::<Expression>().and_then(|filter| filter.bind(&SAMPLE)).expect("valid");
        assert!(!filter.matches(&serde_json::json!({"active": true, "count": 1})));
        assert_eq!(filter.bounds().iter().count(), 0);
    };
    let small = std::thread::Builder::new().stack_size(512 * 1024).spawn(deep).expect("a thread");
    small.join().expect("half a MiB is enough, without optimisation");
}

#[test]
fn length_is_bounded() {
    let filter = format!("name eq '{}'", "x".repeat(LONGEST_TEXT - 10));
    assert_eq!(refusal(&SAMPLE, &filter), None);
    let message = "$filter: the text has 8193 bytes, and at most 8192 are read.";
    assert_eq!(refusal(&SAMPLE, &format!("{filter} ")), Some(message.to_owned()));
    for option in ["$orderby", "$select"] {
        let error = Query::parse(&format!("{option}={}", "a,".repeat(LONGEST_TEXT))).expect_err("too long");
        assert_eq!(error.to_string(), format!("{option}: the text has 16384 bytes, and at most 8192 are read."));
    }
}

#[test]
fn comparisons_are_counted() {
    let list = |entries: usize| format!("count in ({})", vec!["1"; entries].join(","));
    let terms = |terms: usize, between: &str| vec!["count eq 1"; terms].join(between);
    for filter in [list(MOST_COMPARISONS), terms(MOST_COMPARISONS, " or "), terms(MOST_COMPARISONS, " and ")] {
        assert_eq!(refusal(&SAMPLE, &filter), None);
    }
    for (filter, position) in [
        (list(MOST_COMPARISONS + 1), 11 + 2 * 200),
        (terms(MOST_COMPARISONS + 1, " or "), 7 + 14 * 200),
        (terms(MOST_COMPARISONS + 1, " and "), 7 + 15 * 200),
    ] {
        let message = format!("$filter: there are more than 200 comparisons, the next one at position {position}.");
        assert_eq!(refusal(&SAMPLE, &filter), Some(message));
    }
}

#[test]
fn paths_are_bounded() {
    let path = vec!["a"; DEEPEST_NESTING + 1].join("/");
    for query_string in [format!("$filter={path} eq 1"), format!("$orderby={path}"), format!("$select={path}")] {
        let error = Query::parse(&query_string).expect_err("too long").to_string();
        assert!(error.ends_with(": the path that goes on at position 65 has more than 32 names."), "{error}");
    }
}
