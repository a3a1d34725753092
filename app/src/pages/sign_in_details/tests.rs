use domain::answer::Answer;
use domain::instant::Instant;
use domain::method::AuthMethod;
use domain::report::{ConditionalAccess, RestrictedSignIn, SignInItem, StepItem};
use domain::sign_in::{
    AppliedPolicy, Component, ConditionalAccessResult, MfaResult, MfaStatus, RequiredBy, SecondFactor,
};

use super::*;

const NOW: Instant = Instant::from_millis(1_790_000_000_000);

fn item() -> SignInItem {
    SignInItem {
        id: "request/1".to_owned(),
        at: NOW,
        correlation_id: Some("attempt-1".to_owned()),
        user_id: Some("ada".to_owned()),
        display_name: Some("Ada".to_owned()),
        user_name: Some("ada@contoso.com".to_owned()),
        app: Some("Office 365".to_owned()),
        status: SignInStatus::Failure,
        error_code: Some(500_121),
        mfa_required: Answer::Yes,
        required_by: Some(RequiredBy::ConditionalAccess),
        mfa_result: MfaResult::Denied,
        mfa_status: Some(MfaStatus::UserDeclined),
        method: SecondFactor::Method(AuthMethod::AppNotification),
        detail: None,
        interactive: Answer::Yes,
        component: Component::None,
        restricted: None,
    }
}

/// What a Reports Reader gets of a sign-in.
fn sign_in() -> SignInReport {
    SignInReport {
        item: item(),
        challenged: true,
        unable: true,
        failure_reason: None,
        additional_details: None,
        authentication_requirement: None,
        requirement_providers: Vec::new(),
        raw_method: None,
        resource: None,
        client_app: None,
        browser: None,
        operating_system: None,
        device: None,
        token_issuer: None,
        steps: None,
        conditional_access: None,
        related: Vec::new(),
        related_total: 0,
    }
}

fn shown(url: &str, sign_in: &SignInReport, sees_conditional_access: bool) -> String {
    let ui = Ui::new("UTC");
    let query = DetailsQuery::parse(url, NOW).expect("parameters");
    let links = parts(&ui, sees_conditional_access, &query, sign_in);
    Owner::new().with(|| view! { {links} {part(&ui, &query, sign_in)} }.to_html())
}

#[test]
fn what_is_not_for_everybody_is_not_there_at_all() {
    let mut sign_in = sign_in();
    let page = shown("", &sign_in, false);
    for hidden in ["conditional_access", "IP address", "City", "Country"] {
        assert!(!page.contains(&format!("{hidden}\"")) && !page.contains(&format!(">{hidden}<")), "{hidden}");
    }
    sign_in.item.restricted = Some(RestrictedSignIn {
        ip: Some("203.0.113.7".to_owned()),
        city: None,
        country: Some("SE".to_owned()),
        ca_result: ConditionalAccessResult::Success,
        policies: None,
    });
    let page = shown("", &sign_in, true);
    assert!(page.contains("203.0.113.7") && page.contains("tab=conditional_access"));
}

#[test]
fn one_tab_is_current_and_all_keep_the_report() {
    let page = shown("tab=authentication&as_of=2026-09-20T10:00:00Z&lang=sv", &sign_in(), true);
    assert_eq!(page.matches("aria-current=\"page\"").count(), 1);
    assert_eq!(page.matches("href=\"/sign-ins/request%2F1?as_of=2026-09-20T10%3A00%3A00.000Z").count(), 4);
    let (_, current) = page.split_once("tab=authentication\" aria-current=\"page\"").expect("the tab that is shown");
    assert!(current.contains("This record says nothing of steps"));
}

#[test]
fn what_a_record_does_not_say_is_no_empty_list() {
    let mut sign_in = sign_in();
    let mut policies = |policies| {
        sign_in.conditional_access = Some(ConditionalAccess { result: ConditionalAccessResult::Unknown, policies });
        shown("tab=conditional_access", &sign_in, true)
    };
    assert!(policies(None).contains("This record says nothing of policies"));
    assert!(policies(Some(Vec::new())).contains("No policy applied"));
    let policy = AppliedPolicy {
        name: Some("Require MFA".to_owned()),
        result: Some("weird".to_owned()),
        ..AppliedPolicy::default()
    };
    let page = policies(Some(vec![policy]));
    assert!(page.contains("Require MFA") && page.contains("weird"), "a word of nobody's stands as it came");
    sign_in.steps = Some(Vec::new());
    assert!(shown("tab=authentication", &sign_in, true).contains("it is empty"));
}

#[test]
fn steps_stand_in_their_order() {
    let step = |method: &str| StepItem {
        at: None,
        method: Some(method.to_owned()),
        detail: None,
        succeeded: None,
        result: None,
        requirement: None,
        mfa_status: None,
    };
    let sign_in = SignInReport { steps: Some(vec![step("Password"), step("Fido")]), ..sign_in() };
    let page = shown("tab=authentication", &sign_in, true);
    assert!(page.find("Password").expect("the first") < page.find("Fido").expect("the second"));
}

#[test]
fn the_status_is_told_in_plain_words_with_who_must_act() {
    let page = shown("", &sign_in(), false);
    assert!(page.contains("User declined") && page.contains("Who must act") && page.contains("500121: MFA failed"));
    let nothing = SignInReport { item: SignInItem { error_code: None, mfa_status: None, ..item() }, ..sign_in() };
    assert!(shown("", &nothing, false).contains("neither a status text nor an error code"));
}

#[test]
fn related_records_are_counted_and_lead_to_their_pages() {
    assert!(shown("tab=related", &sign_in(), false).contains("No other record"));
    let other = SignInItem { id: "request-2".to_owned(), ..item() };
    let some = SignInReport { related: vec![other], related_total: 120, ..sign_in() };
    let page = shown("tab=related", &some, false);
    assert!(page.contains("/sign-ins/request-2") && page.contains("The first 1 of 120"));
    let alone = SignInReport { item: SignInItem { correlation_id: None, ..item() }, ..sign_in() };
    assert!(shown("tab=related", &alone, false).contains("no correlation ID"));
}
