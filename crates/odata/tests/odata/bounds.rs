//! What is known of single properties.

use odata::{Constant, Expression, Limit, PropertyBounds};
use rstest::rstest;

use crate::types::SAMPLE;

fn shown(constant: &Constant) -> String {
    match constant {
        Constant::Null => "null".to_owned(),
        Constant::Boolean(value) => value.to_string(),
        Constant::Integer(value) => value.to_string(),
        Constant::Decimal(value) => value.to_string(),
        Constant::String(text) => format!("'{text}'"),
        Constant::DateTimeOffset(at) => at.to_string(),
        Constant::Guid(guid) => guid.clone(),
        Constant::Enum(member) => format!("#{member}"),
    }
}

fn sentence(property: &str, PropertyBounds { one_of, lower, upper }: &PropertyBounds) -> String {
    let limit = |limit: &Option<Limit>, sign: &str| {
        let said = limit
            .as_ref()
            .map(|Limit { value, inclusive }| format!(" {sign}{} {}", if *inclusive { "=" } else { "" }, shown(value)));
        said.unwrap_or_default()
    };
    let one_of =
        one_of.as_ref().map(|values| format!(" in {}", values.iter().map(shown).collect::<Vec<_>>().join(" ")));
    format!("{property}{}{}{}", one_of.unwrap_or_default(), limit(lower, ">"), limit(upper, "<"))
}

#[rstest]
#[case("name eq 'kim'", "name in 'kim'")]
#[case("'kim' eq NAME", "name in 'kim'")]
#[case("name in ('kim','abe')", "name in 'kim' 'abe'")]
#[case("name eq 'kim' or name eq 'abe' or name eq 'KIM'", "name in 'kim' 'abe'")]
#[case("name eq 'kim' or name in ('abe',null)", "name in 'kim' 'abe' null")]
#[case("(name eq 'kim' or name eq 'abe') and name eq 'ABE'", "name in 'abe'")]
#[case("name eq 'kim' and name eq 'abe'", "name in ")]
#[case("name eq 'kim' or mail eq 'kim'", "")]
#[case("name eq 'kim' and count eq 1 or name eq 'abe' and count eq 2", "count in 1 2; name in 'kim' 'abe'")]
#[case("name eq 'kim' and (count eq 1 or mail eq 'x')", "name in 'kim'")]
#[case("kind eq 'GUEST'", "kind in #guest")]
#[case("active and not locked", "active in true; locked in false")]
#[case("status/errorCode ge 5 and status/errorCode lt 9", "status/errorCode >= 5 < 9")]
#[case("5 le count and 9 gt count", "count >= 5 < 9")]
#[case("count ge 5 and count gt 5 and count gt 4.5", "count > 5")]
#[case("count le 5 and count lt 6", "count <= 5")]
#[case("count ge 5 or count gt 5 or count gt 7", "count >= 5")]
#[case("count ge 5 or count lt 3", "")]
#[case("count gt 5 and count le 9 or count ge 1 and count lt 3", "count >= 1 <= 9")]
#[case(
    "created ge 2026-11-20 and created le 2026-11-21T00:00:00Z",
    "created >= 2026-11-20T00:00:00Z <= 2026-11-21T00:00:00Z"
)]
#[case("name eq null", "name in null")]
#[case("name gt null", "name in ")]
#[case("name ge null", "name in null")]
#[case("name ne 'kim'", "")]
#[case("not (name eq 'kim')", "")]
#[case("name eq mail", "")]
#[case("startswith(name,'k') and count eq 1", "count in 1")]
#[case("tags/any(t:t eq 'x') and targets/any(t:t/name eq 'x')", "")]
#[case("(name eq 'kim') eq true", "")]
fn are_what_follows(#[case] filter: &str, #[case] expected: &str) {
    let filter: Expression = filter.parse().expect("valid");
    let bounds = filter.bind(&SAMPLE).expect("valid").bounds();
    let sentences: Vec<_> = bounds.iter().map(|(property, bounds)| sentence(property, bounds)).collect();
    assert_eq!(sentences.join("; "), expected);
}

#[test]
fn are_found_by_the_types_own_spelling() {
    let filter: Expression = "STATUS/ERRORCODE eq 5".parse().expect("valid");
    let bounds = filter.bind(&SAMPLE).expect("valid").bounds();
    let one_of = bounds.get("status/errorCode").and_then(|bounds| bounds.one_of.clone());
    assert_eq!(one_of, Some(vec![Constant::Integer(5)]));
    assert_eq!(bounds.get("name"), None);
}
