//! Options other than `$filter`, and what comes of `$orderby` and `$select`.

use std::cmp::Ordering;

use odata::Query;
use rstest::rstest;
use serde_json::{Value, json};

use crate::types::{SAMPLE, SIGN_IN};

fn refused(query_string: &str) -> String {
    match Query::parse(query_string).and_then(|query| query.bind(&SIGN_IN)) {
        Ok(bound) => panic!("{query_string} is understood: {bound:?}"),
        Err(error) => error.to_string(),
    }
}

#[rstest]
#[case("$filter=id eq 'x'&filter=id eq 'y'", "$filter: the option is given more than once.")]
#[case("$top=1&TOP=1", "$top: the option is given more than once.")]
#[case("$expand=user", "$expand: this option is not supported.")]
#[case("$search=%22x%22", "$search: this option is not supported.")]
#[case("$skip=10", "$skip: this option is not supported.")]
#[case("SKIP=10", "$skip: this option is not supported.")]
#[case("$apply=aggregate($count as n)", "$apply: this option is not supported.")]
#[case("$compute=1 as n", "$compute: this option is not supported.")]
#[case("$deltatoken=latest", "$deltatoken: this option is not supported.")]
#[case("$fitler=id eq 'x'", "$fitler: there is no such option.")]
#[case("@name='x'", "@name: parameter aliases are not supported.")]
#[case("$format=xml", "$format: 'xml' is not supported, only json.")]
#[case("$top=", "$top: '' is not a whole number from 0 to 4294967295.")]
#[case("$top=-1", "$top: '-1' is not a whole number from 0 to 4294967295.")]
#[case("$top=%2B1", "$top: '+1' is not a whole number from 0 to 4294967295.")]
#[case("$top=99999999999", "$top: '99999999999' is not a whole number from 0 to 4294967295.")]
#[case("$count=1", "$count: '1' is neither true nor false.")]
#[case("$filter=id eq '%FF'", "$filter: the text is no UTF-8 when decoded.")]
#[case("%FF=x", "the query: the text is no UTF-8 when decoded.")]
#[case("$orderby=", "$orderby: expected a property at position 1, found the end.")]
#[case("$orderby=id down", "$orderby: expected 'asc', 'desc', ',' or the end after 'id' at position 4, found 'down'.")]
#[case("$orderby=id,", "$orderby: expected a property after ',' at position 4, found the end.")]
#[case("$orderby=name", "$orderby: 'name' at position 1 is no property of signIn.")]
#[case("$orderby=id,status", "$orderby: 'status' at position 4 is of type Edm.ComplexType, which has no order.")]
#[case(
    "$orderby=signInEventTypes",
    "$orderby: 'signInEventTypes' at position 1 is of type Collection(Edm.String), which has no order."
)]
#[case(
    "$orderby=riskState",
    "$orderby: 'riskState' at position 1 is of type microsoft.graph.riskState, which has no order."
)]
#[case("$select=id,,status", "$select: expected a property after ',' at position 4, found ','.")]
#[case("$select=id,name", "$select: 'name' at position 4 is no property of signIn.")]
#[case("$select=status/code", "$select: 'code' at position 8 is no property of status.")]
#[case("$select=id/x", "$select: 'x' at position 4 is no property of id, which is of type Edm.String.")]
#[case("$select=id status", "$select: expected ',' or the end after 'id' at position 4, found 'status'.")]
fn a_wrong_option_is_named(#[case] query_string: &str, #[case] message: &str) {
    assert_eq!(refused(query_string), message);
}

#[test]
fn names_are_in_any_case_and_what_is_not_odatas_is_ignored() {
    let query_string = "&api-version=beta&%24FILTER=id+eq+'a%26b+c'&&Top=5&COUNT=True&$format=application/json;odata.metadata=none\
                        &api-version=v1.0&$skipToken=a%2Bb=&x";
    let query = Query::parse(query_string).expect("understood");
    assert_eq!(query.filter.map(|filter| filter.to_string()).as_deref(), Some("id eq 'a&b c'"));
    assert_eq!((query.top, query.count), (Some(5), Some(true)));
    assert_eq!(query.skip_token.as_deref(), Some("a+b="));
    assert_eq!(Query::parse("").expect("nothing"), Query::default());
}

#[test]
fn an_error_says_where() {
    let error = Query::parse("$filter=id eq )").expect_err("wrong");
    assert_eq!((error.option(), error.position()), ("$filter", Some(7)));
    let error = Query::parse("$skip=1").expect_err("wrong");
    assert_eq!((error.option(), error.position()), ("$skip", None));
}

fn sorted(order_by: &str, mut entities: Vec<Value>) -> Vec<Value> {
    let query = Query::parse(&format!("$orderby={order_by}")).and_then(|query| query.bind(&SAMPLE)).expect("valid");
    entities.sort_by(|one, other| query.order_by.compare(one, other));
    entities
}

#[test]
fn null_is_first_and_last_where_the_order_descends() {
    let (null, a, b, c) = (json!({"count": 1}), json!({"name": "a"}), json!({"name": "B"}), json!({"name": "c"}));
    let up = vec![null.clone(), a.clone(), b.clone(), c.clone()];
    assert_eq!(sorted("name", vec![c.clone(), null.clone(), b.clone(), a.clone()]), up);
    assert_eq!(sorted("NAME desc", vec![b.clone(), null.clone(), a.clone(), c.clone()]), [c, b, a, null]);
}

#[test]
fn later_properties_decide_what_earlier_ones_leave_open() {
    let entity = |active: bool, created: &str, code: i64| json!({"active": active, "created": created, "status": {"errorCode": code}});
    let (one, two) = (entity(false, "2026-11-20T12:00:00Z", 7), entity(false, "2026-11-20T14:00:00+02:00", 5));
    let (three, four) = (entity(true, "2026-11-20T11:00:00Z", 1), entity(true, "2026-11-20T11:00:00.1Z", 1));
    let expected = [two.clone(), one.clone(), four.clone(), three.clone()];
    assert_eq!(sorted("active,created desc,status/errorCode", vec![one.clone(), two, three, four]), expected);
    let query = Query::default().bind(&SAMPLE).expect("valid");
    assert_eq!(query.order_by.compare(&one, &json!({})), Ordering::Equal, "without $orderby nothing is told apart");
}

#[rstest]
#[case("name", json!({"name": "Kim"}))]
#[case("NAME,key", json!({"name": "Kim"}))]
#[case("*", json!({"name": "Kim", "count": 1, "status": {"errorCode": 5, "reason": "x"}, "targets": [{"name": "a", "count": 1}, {"name": "b"}]}))]
#[case("name,*", json!({"name": "Kim", "count": 1, "status": {"errorCode": 5, "reason": "x"}, "targets": [{"name": "a", "count": 1}, {"name": "b"}]}))]
#[case("status", json!({"status": {"errorCode": 5, "reason": "x"}}))]
#[case("status/errorCode", json!({"status": {"errorCode": 5}}))]
#[case("status/errorCode,status", json!({"status": {"errorCode": 5, "reason": "x"}}))]
#[case("status,status/errorCode", json!({"status": {"errorCode": 5, "reason": "x"}}))]
#[case("status/errorCode,status/at,status/REASON", json!({"status": {"errorCode": 5, "reason": "x"}}))]
#[case("targets/count", json!({"targets": [{"count": 1}, {}]}))]
fn only_what_is_selected_is_left(#[case] select: &str, #[case] expected: Value) {
    let entity = json!({
        "name": "Kim", "count": 1, "status": {"errorCode": 5, "reason": "x"},
        "targets": [{"name": "a", "count": 1}, {"name": "b"}],
    });
    let query = Query::parse(&format!("$select={select}")).and_then(|query| query.bind(&SAMPLE)).expect("valid");
    assert_eq!(query.select.expect("there is one").project(&entity), expected);
}
