//! Every query that real clients are known to send, and every one that Graph documents for these endpoints, is
//! understood and says what it should. `clients.md` §1, `graph.md` §1.5, §2.10, §3.7, §4.1.

use odata::{EntityType, Query};
use rstest::rstest;

use crate::types::{
    CREDENTIAL_DETAILS, DIRECTORY_AUDIT, REGISTRATION_DETAILS, RESETS_AND_CHANGES, SIGN_IN, USAGE_DETAILS,
    USAGE_SUMMARY,
};

/// What was understood: the options that are there, as text.
fn understood(entity: &EntityType, query_string: &str) -> String {
    let query = Query::parse(query_string).unwrap_or_else(|error| panic!("{query_string}\n{error}"));
    let bound = query.bind(entity).unwrap_or_else(|error| panic!("{query_string}\n{error}"));
    let mut said: Vec<String> = query.filter.iter().map(|filter| format!("filter {filter}")).collect();
    said.extend(
        bound.order_by.keys().map(|(key, descending)| format!("by {key}{}", if descending { " down" } else { "" })),
    );
    if let Some(select) = bound.select {
        let wanted = entity.properties.iter().map(|property| property.name).filter(|name| select.wants(name));
        said.push(format!("select {}", wanted.collect::<Vec<_>>().join(" ")));
    }
    said.extend(query.top.map(|top| format!("top {top}")));
    said.extend(query.count.map(|count| format!("count {count}")));
    said.extend(query.skip_token.map(|token| format!("from {token}")));
    said.join("; ")
}

#[rstest]
// The Python SDK: names and operators encoded, spaces as %20.
#[case(&SIGN_IN, "%24skiptoken=2", "from 2")]
#[case(
    &SIGN_IN,
    "%24count=true&%24filter=createdDateTime%20ge%202026-11-01T00%3A00%3A00Z%20and%20status%2FerrorCode%20ne%200&%24orderby=createdDateTime%20desc&%24select=id,createdDateTime&%24top=999",
    "filter createdDateTime ge 2026-11-01T00:00:00Z and status/errorCode ne 0; by createdDateTime down; \
     select id createdDateTime; top 999; count true"
)]
// CLI for Microsoft 365.
#[case(&REGISTRATION_DETAILS, "$select=userPrincipalName,methodsRegistered", "select userPrincipalName methodsRegistered")]
#[case(
    &REGISTRATION_DETAILS,
    "$filter=isAdmin eq true and isMfaCapable eq false and (methodsRegistered/any(m:m eq 'fido2') or methodsRegistered/any(m:m eq 'email')) and userType eq 'member' and (userPrincipalName eq 'a%40b' or userPrincipalName eq 'c%40d') and (userPreferredMethodForSecondaryAuthentication eq 'push')",
    "filter isAdmin eq true and isMfaCapable eq false and (methodsRegistered/any(m:m eq 'fido2') or \
     methodsRegistered/any(m:m eq 'email')) and userType eq 'member' and (userPrincipalName eq 'a@b' or \
     userPrincipalName eq 'c@d') and userPreferredMethodForSecondaryAuthentication eq 'push'"
)]
#[case(
    &SIGN_IN,
    "$filter=userPrincipalName eq 'kim@contoso.com' and appId eq '00000003-0000-0000-c000-000000000000'",
    "filter userPrincipalName eq 'kim@contoso.com' and appId eq '00000003-0000-0000-c000-000000000000'"
)]
// CIPP, literally.
#[case(
    &REGISTRATION_DETAILS,
    "$top=999&filter=IsAdmin eq true and isMfaRegistered eq false and userType eq 'member'&$select=id,userDisplayName,userPrincipalName,lastUpdatedDateTime,isMfaRegistered,IsAdmin",
    "filter IsAdmin eq true and isMfaRegistered eq false and userType eq 'member'; \
     select id userPrincipalName userDisplayName isAdmin isMfaRegistered lastUpdatedDateTime; top 999"
)]
#[case(
    &REGISTRATION_DETAILS,
    "$top=999&$select=userPrincipalName,isMfaRegistered,isMfaCapable,methodsRegistered",
    "select userPrincipalName isMfaRegistered isMfaCapable methodsRegistered; top 999"
)]
#[case(&SIGN_IN, "api-version=beta&filter=(userId eq '17')", "filter userId eq '17'")]
#[case(
    &SIGN_IN,
    "$filter=(userId eq '7a1c…')&$top=1&$orderby=createdDateTime desc",
    "filter userId eq '7a1c…'; by createdDateTime down; top 1"
)]
#[case(
    &SIGN_IN,
    "$filter=createdDateTime ge 2026-11-01T00:00:00Z and createdDateTime le 2026-11-20T23:59:59.999Z and (clientAppUsed eq 'Authenticated SMTP' or clientAppUsed eq 'SMTP') and status/errorCode eq 0",
    "filter createdDateTime ge 2026-11-01T00:00:00Z and createdDateTime le 2026-11-20T23:59:59.999Z and \
     (clientAppUsed eq 'Authenticated SMTP' or clientAppUsed eq 'SMTP') and status/errorCode eq 0"
)]
#[case(
    &SIGN_IN,
    "$filter=userDisplayName ne 'On-Premises Directory Synchronization Service Account'",
    "filter userDisplayName ne 'On-Premises Directory Synchronization Service Account'"
)]
// Maester, and scripts in the wild.
#[case(
    &REGISTRATION_DETAILS,
    "$select=id,userPrincipalName,userDisplayName,isMfaRegistered",
    "select id userPrincipalName userDisplayName isMfaRegistered"
)]
#[case(&REGISTRATION_DETAILS, "$top=999", "top 999")]
#[case(&REGISTRATION_DETAILS, "$top=1", "top 1")]
#[case(&REGISTRATION_DETAILS, "", "")]
// Old beta documentation.
#[case(&CREDENTIAL_DETAILS, "$filter=startswith(userDisplayName,'x')", "filter startswith(userDisplayName,'x')")]
#[case(&CREDENTIAL_DETAILS, "$filter=startsWith(userPrincipalName, 'x')", "filter startswith(userPrincipalName,'x')")]
#[case(
    &CREDENTIAL_DETAILS,
    "$filter=authMethods/any(t:t eq microsoft.graph.registrationAuthMethod'email')",
    "filter authMethods/any(t:t eq microsoft.graph.registrationAuthMethod'email')"
)]
#[case(&USAGE_SUMMARY, "$filter=feature eq 'registration'", "filter feature eq 'registration'")]
// graph.md §1.5.
#[case(&CREDENTIAL_DETAILS, "$filter=userDisplayName eq 'Kim Abe'", "filter userDisplayName eq 'Kim Abe'")]
#[case(&CREDENTIAL_DETAILS, "$filter=userPrincipalName eq 'k@x'", "filter userPrincipalName eq 'k@x'")]
#[case(&CREDENTIAL_DETAILS, "$filter=authMethods/any(t:t eq 'email')", "filter authMethods/any(t:t eq 'email')")]
#[case(
    &CREDENTIAL_DETAILS,
    "$filter=isRegistered eq true and isEnabled eq false and isCapable eq true and isMfaRegistered eq false",
    "filter isRegistered eq true and isEnabled eq false and isCapable eq true and isMfaRegistered eq false"
)]
#[case(
    &CREDENTIAL_DETAILS,
    "$orderby=userDisplayName,userPrincipalName desc,isRegistered,isEnabled,isCapable,isMfaRegistered asc",
    "by userDisplayName; by userPrincipalName down; by isRegistered; by isEnabled; by isCapable; by isMfaRegistered"
)]
#[case(&USAGE_DETAILS, "$filter=feature eq 'registration'", "filter feature eq 'registration'")]
#[case(
    &USAGE_DETAILS,
    "$filter=userDisplayName eq 'Kim' or startswith(userPrincipalName,'kim')",
    "filter userDisplayName eq 'Kim' or startswith(userPrincipalName,'kim')"
)]
#[case(&USAGE_DETAILS, "$filter=isSuccess eq true&$orderby=isSuccess", "filter isSuccess eq true; by isSuccess")]
#[case(
    &USAGE_DETAILS,
    "$filter=authMethod eq microsoft.graph.usageAuthMethod'email'",
    "filter authMethod eq microsoft.graph.usageAuthMethod'email'"
)]
#[case(
    &USAGE_DETAILS,
    "$filter=failureReason eq 'A system error has occurred.' or startswith(failureReason,'User contacted')",
    "filter failureReason eq 'A system error has occurred.' or startswith(failureReason,'User contacted')"
)]
// graph.md §2.10.
#[case(
    &RESETS_AND_CHANGES,
    "$filter=passwordResetsByAdminCount gt 0 or passwordResetsSelfServiceCount gt 0 or changePasswordSelfServiceCount gt 0",
    "filter passwordResetsByAdminCount gt 0 or passwordResetsSelfServiceCount gt 0 or changePasswordSelfServiceCount gt 0"
)]
// graph.md §3.7.
#[case(
    &SIGN_IN,
    "$filter=signInEventTypes/any(t: t eq 'nonInteractiveUser')",
    "filter signInEventTypes/any(t:t eq 'nonInteractiveUser')"
)]
#[case(
    &SIGN_IN,
    "$filter=signInEventTypes/any(t: t ne 'interactiveUser')",
    "filter signInEventTypes/any(t:t ne 'interactiveUser')"
)]
#[case(
    &SIGN_IN,
    "$filter=riskEventTypes_v2/any(r:r eq 'x') or riskEventTypes_v2/any(r:startsWith(r,'y'))",
    "filter riskEventTypes_v2/any(r:r eq 'x') or riskEventTypes_v2/any(r:startswith(r,'y'))"
)]
#[case(
    &SIGN_IN,
    "$filter=createdDateTime eq 2026-11-20T12:00:00Z and createdDateTime ge 2026-11-20",
    "filter createdDateTime eq 2026-11-20T12:00:00Z and createdDateTime ge 2026-11-20"
)]
#[case(
    &SIGN_IN,
    "$filter=conditionalAccessStatus eq 'success' and riskLevelAggregated eq 'high' and riskLevelDuringSignIn eq 'low' and riskState eq 'atRisk' and riskDetail eq 'hidden'",
    "filter conditionalAccessStatus eq 'success' and riskLevelAggregated eq 'high' and riskLevelDuringSignIn eq 'low' \
     and riskState eq 'atRisk' and riskDetail eq 'hidden'"
)]
// graph.md §4.1.
#[case(
    &DIRECTORY_AUDIT,
    "$filter=activityDateTime ge 2026-11-01T00:00:00Z and activityDisplayName eq 'User registered security info' and loggedByService eq 'Authentication Methods'&$orderby=activityDateTime",
    "filter activityDateTime ge 2026-11-01T00:00:00Z and activityDisplayName eq 'User registered security info' and \
     loggedByService eq 'Authentication Methods'; by activityDateTime"
)]
#[case(
    &DIRECTORY_AUDIT,
    "$filter=startswith(initiatedBy/user/userPrincipalName,'kim') or initiatedBy/app/appId eq 'x' or initiatedBy/user/id eq 'y'",
    "filter startswith(initiatedBy/user/userPrincipalName,'kim') or initiatedBy/app/appId eq 'x' or \
     initiatedBy/user/id eq 'y'"
)]
#[case(
    &DIRECTORY_AUDIT,
    "$filter=targetResources/any(t:t/id eq 'x' and t/modifiedProperties/any(p:p/displayName eq 'StrongAuthenticationMethod'))",
    "filter targetResources/any(t:t/id eq 'x' and t/modifiedProperties/any(p:p/displayName eq 'StrongAuthenticationMethod'))"
)]
fn is_understood(#[case] entity: &EntityType, #[case] query_string: &str, #[case] expected: &str) {
    assert_eq!(understood(entity, query_string), expected);
}

/// What §3.7 says can be filtered with `eq`, and with `startsWith`.
#[test]
fn every_documented_property_of_sign_ins_can_be_asked_for() {
    let both = ["appDisplayName", "userDisplayName", "userPrincipalName", "ipAddress", "userAgent"]
        .into_iter()
        .chain(["authenticationRequirement", "servicePrincipalId", "location/city", "location/state"])
        .chain(["location/countryOrRegion", "deviceDetail/browser", "deviceDetail/operatingSystem"]);
    for property in both.clone() {
        let filter = format!("startswith({property},'x')");
        assert_eq!(understood(&SIGN_IN, &format!("$filter={filter}")), format!("filter {filter}"));
    }
    let equal = ["appId", "userId", "id", "correlationId", "clientAppUsed", "resourceId", "resourceDisplayName"];
    for property in both.chain(equal).chain(["originalRequestId", "tokenIssuerName"]) {
        let filter = format!("{property} eq 'x'");
        assert_eq!(understood(&SIGN_IN, &format!("$filter={filter}")), format!("filter {filter}"));
    }
}
