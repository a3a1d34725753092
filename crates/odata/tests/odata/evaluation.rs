//! What filters say of entities, by OData's rules, one by one.

use odata::Expression;
use rstest::rstest;
use serde_json::{Value, json};

use crate::types::SAMPLE;

fn matches(filter: &str, entity: &Value) -> bool {
    let filter: Expression = filter.parse().unwrap_or_else(|error| panic!("{error}"));
    filter.bind(&SAMPLE).unwrap_or_else(|error| panic!("{error}")).matches(entity)
}

fn entity() -> Value {
    json!({
        "name": "Kim Åbe", "mail": null, "active": true, "locked": false, "count": 5, "total": 9_007_199_254_740_993_i64,
        "ratio": 0.5, "created": "2026-11-20T12:00:00Z", "updated": "2026-11-20T13:00:00.5+01:00",
        "key": "7A1C0000-0000-0000-0000-00000000ABCD", "kind": "member",
        "tags": ["fido2", "email"], "kinds": [], "counts": [1, 2],
        "status": {"errorCode": 50074, "reason": "It's denied"},
        "targets": [
            {"name": "a", "count": 1, "active": true, "tags": ["x"], "changes": [{"name": "p", "count": 1}]},
            {"name": "b", "count": 2, "tags": [], "changes": []},
        ],
    })
}

#[rstest]
// Texts in any case.
#[case("name eq 'kim åbe'", true)]
#[case("name eq 'KIM ÅBE'", true)]
#[case("name eq 'kim'", false)]
#[case("name ne 'kim'", true)]
#[case("name gt 'KIM'", true)]
#[case("name lt 'kin'", true)]
#[case("startswith(name,'KIM å')", true)]
#[case("endswith(name,'ÅBE')", true)]
#[case("contains(name,'M å')", true)]
#[case("contains(name,'')", true)]
#[case("contains('xkim åbex',name)", true)]
#[case("startswith(name,'Abe')", false)]
#[case("status/reason eq 'it''s denied'", true)]
#[case("name in ('x','KIM ÅBE')", true)]
#[case("name in ('x')", false)]
// Operators, functions and names, too.
#[case("NAME EQ 'kim åbe' AND NOT (Count LT 5) Or FALSE", true)]
#[case("StartsWith(Name,'kim') And Tags/ANY(t:t EQ 'fido2') and Count IN (5)", true)]
// Numbers.
#[case("count eq 5 and 5 eq count", true)]
#[case("count eq 5.0", true)]
#[case("count gt 4.5 and count lt 5.5", true)]
#[case("count ge 5 and count le 5 and not (count gt 5) and not (count lt 5)", true)]
#[case("4 lt count", true)]
#[case("total eq 9007199254740993", true)]
#[case("total eq 9007199254740992.0", false)]
#[case("total gt 9007199254740992.0", true)]
#[case("ratio eq 5e-1 and ratio lt 1 and ratio gt -1", true)]
#[case("status/errorCode in (50072,50074)", true)]
// Instants, whatever the zone.
#[case("created eq 2026-11-20T13:00:00+01:00", true)]
#[case("created lt updated", true)]
#[case("updated eq 2026-11-20T12:00:00.500Z", true)]
#[case("created ge 2026-11-20", true)]
#[case("created lt 2026-11-21 and created gt 2026-11-20", true)]
#[case("created le 9999-12-31T23:59:59Z and created ge 0001-01-01T00:00:00Z", true)]
#[case("created lt 2026-11-20T12:00Z", false)]
// GUIDs and enums.
#[case("key eq 7a1c0000-0000-0000-0000-00000000abcd", true)]
#[case("key ne 7a1c0000-0000-0000-0000-00000000abce", true)]
#[case("kind eq 'Member' and kind eq microsoft.graph.signInUserType'member'", true)]
#[case("kind ne 'guest' and kind in ('guest','member')", true)]
// Conditions that are properties.
#[case("active", true)]
#[case("not locked", true)]
#[case("active eq true and locked ne true and active ne locked", true)]
#[case("active gt locked", true)]
#[case("startswith(name,'kim') eq true", true)]
#[case("(count eq 5) ne (count eq 6)", true)]
#[case("not active eq false", true)]
#[case("not not active", true)]
// Null.
#[case("mail eq null", true)]
#[case("mail ne null", false)]
#[case("null eq mail", true)]
#[case("name ne null and status/errorCode ne null", true)]
#[case("mail eq 'x'", false)]
#[case("mail ne 'x'", true)]
#[case("mail gt 'a' or mail lt 'a' or mail ge 'a' or mail le 'a'", false)]
#[case("mail gt null or mail lt null", false)]
#[case("mail ge null and mail le null", true)]
#[case("not (mail gt 'a')", true)]
#[case("mail in ('x',null)", true)]
#[case("mail in ('x')", false)]
#[case("status/at eq null", true)]
#[case("status/final", false)]
#[case("not status/final", false)]
#[case("status/final or active", true)]
#[case("status/final and active", false)]
#[case("not (status/final and active)", false)]
#[case("not (status/final and locked)", true)]
#[case("not (status/final or locked)", false)]
#[case("(status/final and active) eq null", true)]
#[case("not status/final eq null", true)]
#[case("startswith(mail,'x')", false)]
#[case("not startswith(mail,'x')", false)]
#[case("not contains(name,null)", false)]
#[case("startswith(mail,'x') eq null", true)]
#[case("null", false)]
#[case("not null", false)]
#[case("true", true)]
// Collections.
#[case("tags/any()", true)]
#[case("kinds/any()", false)]
#[case("not kinds/any()", true)]
#[case("tags/any(t:t eq 'FIDO2')", true)]
#[case("tags/any(t:t eq 'sms')", false)]
#[case("tags/all(t:contains(t,'i'))", true)]
#[case("tags/all(t:t eq 'email')", false)]
#[case("kinds/all(k:k eq 'guest')", true)]
#[case("kinds/any(k:k eq 'guest')", false)]
#[case("counts/any(c:c eq count) or counts/any(c:c lt count)", true)]
#[case("targets/any(t:t/name eq 'b' and t/count eq 2)", true)]
#[case("targets/any(t:t/name eq 'a' and t/count eq 2)", false)]
#[case("targets/any(t:t/active)", true)]
#[case("targets/all(t:t/active)", false)]
#[case("targets/any(t:not t/active)", false)]
#[case("targets/any(t:t/changes/any(c:c/name eq 'p' and c/count eq t/count))", true)]
#[case("targets/all(t:t/changes/all(c:c/count eq 1))", true)]
#[case("targets/any(t:t/tags/any() and t/changes/any())", true)]
#[case("targets/any(t:t/name eq 'a' and count eq 5)", true)]
// A variable hides the property of its name; it is as it is written.
#[case("tags/any(name:name eq 'fido2')", true)]
#[case("tags/any(NAME:name eq 'Kim Åbe')", true)]
fn says_what_odata_says(#[case] filter: &str, #[case] expected: bool) {
    assert_eq!(matches(filter, &entity()), expected, "{filter}");
}

#[rstest]
#[case(json!({}))]
#[case(json!({"name": 5, "count": "5", "active": "true", "created": "yesterday", "tags": "x", "status": [], "targets": null}))]
#[case(json!(null))]
fn what_is_absent_or_of_another_type_is_null(#[case] entity: Value) {
    for filter in
        ["name", "count", "active", "created", "status/errorCode"].map(|property| format!("{property} eq null"))
    {
        assert!(matches(&filter, &entity), "{filter}: {entity}");
    }
    assert!(matches("not tags/any() and targets/all(t:t/active)", &entity));
}
