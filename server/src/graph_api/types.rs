//! The types of Microsoft Graph that are served, as its metadata has them: what queries are checked against, what
//! `$metadata` says, and what an answer is cut to.
//!
//! What Keyroll does not keep of a record stands here too: a client may select it, and gets nothing. Beta's types have
//! more properties at Microsoft; those of them are here that Keyroll has values of. `requirementProvider` and
//! `tokenIssuerType` are enumerations there, but records have other names too, and here they are as records have them.

pub mod enums;

use enums as e;
use odata::{EntityType, EnumType, Property, Type};
use serde_json::{Map, Value};

use super::Version;

const fn is(name: &'static str, edm: Type) -> Property {
    Property::new(name, edm)
}

const fn text(name: &'static str) -> Property {
    is(name, Type::String)
}

const fn texts(name: &'static str) -> Property {
    is(name, Type::Collection(&Type::String))
}

const fn flag(name: &'static str) -> Property {
    is(name, Type::Boolean)
}

const fn time(name: &'static str) -> Property {
    is(name, Type::DateTimeOffset)
}

const fn count(name: &'static str) -> Property {
    is(name, Type::Int64)
}

/// A type in v1.0, and in beta, which has more.
#[derive(Debug, Clone, Copy)]
pub struct GraphType {
    /// `None`: there is none in v1.0.
    pub v1: Option<EntityType>,
    pub beta: EntityType,
}

impl GraphType {
    #[must_use]
    pub const fn of(&self, version: Version) -> EntityType {
        match (version, self.v1) {
            (Version::V1, Some(v1)) => v1,
            _ => self.beta,
        }
    }
}

macro_rules! graph_type {
    ($name:literal, both: [$($both:expr),* $(,)?], v1: [$($v1:expr),* $(,)?], beta: [$($beta:expr),* $(,)?]) => {
        GraphType {
            v1: Some(EntityType { name: $name, properties: &[$($both,)* $($v1,)*] }),
            beta: EntityType { name: $name, properties: &[$($both,)* $($beta,)*] },
        }
    };
    ($name:literal, beta: [$($beta:expr),* $(,)?]) => {
        GraphType { v1: None, beta: EntityType { name: $name, properties: &[$($beta),*] } }
    };
}

pub const USER_REGISTRATION_DETAILS: GraphType = graph_type!(
    "userRegistrationDetails",
    both: [
        text("id").required(),
        text("userPrincipalName").required(),
        text("userDisplayName").required(),
        is("userType", Type::Enum(&e::SIGN_IN_USER_TYPE)),
        flag("isAdmin"),
        flag("isSsprRegistered").required(),
        flag("isSsprEnabled").required(),
        flag("isSsprCapable").required(),
        flag("isMfaRegistered").required(),
        flag("isMfaCapable").required(),
        flag("isPasswordlessCapable").required(),
        texts("methodsRegistered"),
        flag("isSystemPreferredAuthenticationMethodEnabled").not_kept(),
        texts("systemPreferredAuthenticationMethods").not_kept(),
        is("userPreferredMethodForSecondaryAuthentication", Type::Enum(&e::USER_DEFAULT_AUTHENTICATION_METHOD)),
        time("lastUpdatedDateTime").required(),
    ],
    v1: [],
    beta: [is("defaultMfaMethod", Type::Enum(&e::DEFAULT_MFA_METHOD_TYPE))]
);

pub const CREDENTIAL_USER_REGISTRATION_DETAILS: GraphType = graph_type!(
    "credentialUserRegistrationDetails",
    beta: [
        text("id").required(),
        text("userPrincipalName").required(),
        text("userDisplayName").required(),
        is("authMethods", Type::Collection(&Type::Enum(&e::REGISTRATION_AUTH_METHOD))),
        flag("isRegistered").required(),
        flag("isEnabled").required(),
        flag("isCapable").required(),
        flag("isMfaRegistered").required(),
    ]
);

const EVENT: &[Property] = &[
    text("id").required(),
    is("feature", Type::Enum(&e::FEATURE_TYPE)).required(),
    text("userPrincipalName").required(),
    text("userDisplayName").required(),
    flag("isSuccess").required(),
    is("authMethod", Type::Enum(&e::USAGE_AUTH_METHOD)).required(),
    text("failureReason").required(),
    time("eventDateTime").required(),
];

pub const USER_CREDENTIAL_USAGE_DETAILS: GraphType =
    GraphType { v1: None, beta: EntityType { name: "userCredentialUsageDetails", properties: EVENT } };

pub const USER_EVENTS_SUMMARY: GraphType =
    GraphType { v1: None, beta: EntityType { name: "userEventsSummary", properties: EVENT } };

const USAGE: &[Property] = &[
    text("id").required(),
    is("feature", Type::Enum(&e::FEATURE_TYPE)).required(),
    is("authMethod", Type::Enum(&e::USAGE_AUTH_METHOD)).required(),
    count("successfulActivityCount").required(),
    count("failureActivityCount").required(),
];

pub const CREDENTIAL_USAGE_SUMMARY: GraphType =
    GraphType { v1: None, beta: EntityType { name: "credentialUsageSummary", properties: USAGE } };

pub const USER_REGISTRATION_ACTIVITY_SUMMARY: GraphType =
    GraphType { v1: None, beta: EntityType { name: "userRegistrationActivitySummary", properties: USAGE } };

pub const CREDENTIAL_USER_REGISTRATION_COUNT: GraphType = graph_type!(
    "credentialUserRegistrationCount",
    beta: [
        text("id").required(),
        count("totalUserCount").required(),
        is(
            "userRegistrationCounts",
            Type::Collection(&Type::Complex(
                "userRegistrationCount",
                &[
                    is("registrationStatus", Type::Enum(&e::REGISTRATION_STATUS_TYPE)).required(),
                    count("registrationCount").required(),
                ],
            )),
        ),
    ]
);

pub const USER_MFA_SIGN_IN_SUMMARY: GraphType = graph_type!(
    "userMfaSignInSummary",
    beta: [
        text("id").required(),
        time("createdDateTime"),
        count("totalSignIns"),
        count("singleFactorSignIns"),
        count("multiFactorSignIns"),
    ]
);

pub const USER_SIGN_IN_USAGE_BY_AUTH_METHOD_ACTIVITY: GraphType = graph_type!(
    "userSignInUsageByAuthMethodActivity",
    beta: [text("authenticationMethod").required(), count("successActivityCount")]
);

pub const USER_PASSWORD_RESETS_AND_CHANGES_SUMMARY: GraphType = graph_type!(
    "userPasswordResetsAndChangesSummary",
    beta: [
        text("id").required(),
        time("aggregatedDateTime"),
        count("passwordResetsByAdminCount"),
        count("passwordResetsSelfServiceCount"),
        count("changePasswordSelfServiceCount"),
    ]
);

const BY_FEATURE: &[Property] = &[
    count("totalUserCount").required(),
    is("userTypes", Type::Enum(&e::INCLUDED_USER_TYPES)),
    is("userRoles", Type::Enum(&e::INCLUDED_USER_ROLES)),
    is(
        "userRegistrationFeatureCounts",
        Type::Collection(&Type::Complex(
            "userRegistrationFeatureCount",
            &[is("feature", Type::Enum(&e::AUTHENTICATION_METHOD_FEATURE)).required(), count("userCount").required()],
        )),
    )
    .required(),
];

/// No entity at Microsoft, but one object.
pub const USER_REGISTRATION_FEATURE_SUMMARY: GraphType = GraphType {
    v1: Some(EntityType { name: "userRegistrationFeatureSummary", properties: BY_FEATURE }),
    beta: EntityType { name: "userRegistrationFeatureSummary", properties: BY_FEATURE },
};

const BY_METHOD: &[Property] = &[
    count("totalUserCount").required(),
    is("userTypes", Type::Enum(&e::INCLUDED_USER_TYPES)),
    is("userRoles", Type::Enum(&e::INCLUDED_USER_ROLES)),
    is(
        "userRegistrationMethodCounts",
        Type::Collection(&Type::Complex(
            "userRegistrationMethodCount",
            &[text("authenticationMethod").required(), count("userCount").required()],
        )),
    )
    .required(),
];

/// No entity at Microsoft, but one object.
pub const USER_REGISTRATION_METHOD_SUMMARY: GraphType = GraphType {
    v1: Some(EntityType { name: "userRegistrationMethodSummary", properties: BY_METHOD }),
    beta: EntityType { name: "userRegistrationMethodSummary", properties: BY_METHOD },
};

pub const SIGN_IN: GraphType = graph_type!(
    "signIn",
    both: [
        text("id").required(),
        time("createdDateTime").required(),
        text("userId").required(),
        text("userPrincipalName"),
        text("userDisplayName"),
        text("appId"),
        text("appDisplayName"),
        text("ipAddress"),
        text("clientAppUsed"),
        text("userAgent").not_kept(),
        text("correlationId"),
        is("conditionalAccessStatus", Type::Enum(&e::CONDITIONAL_ACCESS_STATUS)),
        is(
            "appliedConditionalAccessPolicies",
            Type::Collection(&Type::Complex(
                "appliedConditionalAccessPolicy",
                &[
                    text("id"),
                    text("displayName"),
                    texts("enforcedGrantControls"),
                    texts("enforcedSessionControls"),
                    is("result", Type::Enum(&e::APPLIED_CONDITIONAL_ACCESS_POLICY_RESULT)),
                ],
            )),
        ),
        flag("isInteractive"),
        is(
            "status",
            Type::Complex(
                "signInStatus",
                &[is("errorCode", Type::Int32), text("failureReason"), text("additionalDetails")],
            ),
        ),
        is(
            "deviceDetail",
            Type::Complex(
                "deviceDetail",
                &[
                    text("displayName"),
                    text("operatingSystem"),
                    text("browser"),
                    text("deviceId").not_kept(),
                    flag("isCompliant").not_kept(),
                    flag("isManaged").not_kept(),
                    text("trustType").not_kept(),
                ],
            ),
        ),
        is(
            "location",
            Type::Complex(
                "signInLocation",
                &[
                    text("city"),
                    text("state"),
                    text("countryOrRegion"),
                    is(
                        "geoCoordinates",
                        Type::Complex(
                            "geoCoordinates",
                            &[
                                is("altitude", Type::Double).not_kept(),
                                is("latitude", Type::Double).not_kept(),
                                is("longitude", Type::Double).not_kept(),
                            ],
                        ),
                    )
                    .not_kept(),
                ],
            ),
        ),
        is(
            "authenticationAppDeviceDetails",
            Type::Complex(
                "authenticationAppDeviceDetails",
                &[
                    text("appVersion").not_kept(),
                    text("clientApp").not_kept(),
                    text("deviceId").not_kept(),
                    text("operatingSystem").not_kept(),
                ],
            ),
        )
        .not_kept(),
        text("homeTenantId").not_kept(),
        text("resourceTenantId").not_kept(),
        text("resourceId"),
        text("resourceDisplayName"),
        is("riskDetail", Type::Enum(&e::RISK_DETAIL)).not_kept(),
        is("riskEventTypes", Type::Collection(&Type::Enum(&e::RISK_EVENT_TYPE))).not_kept(),
        texts("riskEventTypes_v2").not_kept(),
        is("riskLevelAggregated", Type::Enum(&e::RISK_LEVEL)).not_kept(),
        is("riskLevelDuringSignIn", Type::Enum(&e::RISK_LEVEL)).not_kept(),
        is("riskState", Type::Enum(&e::RISK_STATE)).not_kept(),
        text("servicePrincipalId").not_kept(),
        text("servicePrincipalName").not_kept(),
    ],
    v1: [],
    beta: [
        text("authenticationRequirement"),
        is(
            "authenticationRequirementPolicies",
            Type::Collection(&Type::Complex(
                "authenticationRequirementPolicy",
                &[
                    text("requirementProvider"),
                    text("detail").not_kept(),
                ],
            )),
        ),
        is(
            "authenticationDetails",
            Type::Collection(&Type::Complex(
                "authenticationDetail",
                &[
                    time("authenticationStepDateTime"),
                    text("authenticationMethod"),
                    text("authenticationMethodDetail"),
                    flag("succeeded"),
                    text("authenticationStepResultDetail"),
                    text("authenticationStepRequirement"),
                ],
            )),
        ),
        is("mfaDetail", Type::Complex("mfaDetail", &[text("authMethod"), text("authDetail")])),
        texts("signInEventTypes"),
        text("tokenIssuerType"),
    ]
);

pub const DIRECTORY_AUDIT: GraphType = graph_type!(
    "directoryAudit",
    both: [
        text("id").required(),
        time("activityDateTime").required(),
        text("activityDisplayName").required(),
        text("category").required(),
        text("correlationId"),
        text("loggedByService"),
        text("operationType"),
        is("result", Type::Enum(&e::OPERATION_RESULT)),
        text("resultReason"),
        is(
            "additionalDetails",
            Type::Collection(&Type::Complex("keyValue", &[text("key"), text("value")])),
        ),
        is(
            "targetResources",
            Type::Collection(&Type::Complex(
                "targetResource",
                &[
                    text("id"),
                    text("displayName"),
                    text("type"),
                    text("userPrincipalName"),
                    is("groupType", Type::Enum(&e::GROUP_TYPE)),
                    is(
                        "modifiedProperties",
                        Type::Collection(&Type::Complex(
                            "modifiedProperty",
                            &[text("displayName"), text("oldValue"), text("newValue")],
                        )),
                    ),
                ],
            )),
        ),
        is(
            "initiatedBy",
            Type::Complex(
                "auditActivityInitiator",
                &[
                    is(
                        "user",
                        Type::Complex(
                            "userIdentity",
                            &[text("id"), text("displayName"), text("userPrincipalName"), text("ipAddress")],
                        ),
                    ),
                    is(
                        "app",
                        Type::Complex(
                            "appIdentity",
                            &[
                                text("appId"),
                                text("displayName"),
                                text("servicePrincipalId"),
                                text("servicePrincipalName"),
                            ],
                        ),
                    ),
                ],
            ),
        )
        .required(),
    ],
    v1: [],
    beta: []
);

pub const USER: GraphType = graph_type!(
    "user",
    both: [
        text("id").required(),
        text("userPrincipalName"),
        text("displayName"),
        text("userType"),
        flag("accountEnabled"),
        text("department"),
        text("country"),
        time("createdDateTime"),
    ],
    v1: [],
    beta: []
);

const UNKNOWN_FUTURE_VALUE: &str = "unknownFutureValue";

/// What the type has of an entity. Members of enumerations that came after `unknownFutureValue` are only for clients that
/// asked for them.
pub fn cut(entity: Value, properties: &[Property], asks_for_unknown_members: bool) -> Value {
    let Value::Object(mut has) = entity else { return entity };
    let mut cut = Map::new();
    for property in properties {
        if let Some(value) = has.remove(property.name) {
            cut.insert(property.name.to_owned(), cut_value(value, property.edm, asks_for_unknown_members));
        }
    }
    Value::Object(cut)
}

fn cut_value(value: Value, edm: Type, asks_for_unknown_members: bool) -> Value {
    match (edm, value) {
        (Type::Complex(_, properties), value) => cut(value, properties, asks_for_unknown_members),
        (Type::Collection(element), Value::Array(values)) => {
            values.into_iter().map(|value| cut_value(value, *element, asks_for_unknown_members)).collect()
        }
        (Type::Enum(of), Value::String(name)) => member(of, &name, asks_for_unknown_members).into(),
        (_, value) => value,
    }
}

/// The member as a client gets it: one that the enumeration does not have is of the future too.
fn member(of: &EnumType, name: &str, asks_for_unknown_members: bool) -> &'static str {
    let at = |name: &str| of.members.iter().position(|member| member.eq_ignore_ascii_case(name));
    let future = at(UNKNOWN_FUTURE_VALUE);
    match at(name) {
        Some(found) if asks_for_unknown_members || future.is_none_or(|future| found <= future) => of.members[found],
        _ => future.map_or(UNKNOWN_FUTURE_VALUE, |future| of.members[future]),
    }
}
