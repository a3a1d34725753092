//! Types of Microsoft Graph, as its metadata has them, as far as the tests ask.

use odata::{EntityType, EnumType, Property, Type};

const fn property(name: &'static str, edm: Type) -> Property {
    Property::new(name, edm)
}

pub const USER_TYPE: EnumType =
    EnumType { name: "microsoft.graph.signInUserType", members: &["member", "guest", "unknownFutureValue"] };

const DEFAULT_METHOD: EnumType = EnumType {
    name: "microsoft.graph.userDefaultAuthenticationMethod",
    members: &[
        "push",
        "oath",
        "voiceMobile",
        "voiceAlternateMobile",
        "voiceOffice",
        "sms",
        "none",
        "unknownFutureValue",
    ],
};

const FEATURE: EnumType =
    EnumType { name: "microsoft.graph.featureType", members: &["registration", "reset", "unknownFutureValue"] };

const REGISTRATION_METHOD: EnumType = EnumType {
    name: "microsoft.graph.registrationAuthMethod",
    members: &[
        "email",
        "mobilePhone",
        "officePhone",
        "securityQuestion",
        "appNotification",
        "appCode",
        "alternateMobilePhone",
        "fido",
        "appPassword",
        "unknownFutureValue",
    ],
};

const USAGE_METHOD: EnumType =
    EnumType { name: "microsoft.graph.usageAuthMethod", members: &["email", "mobileSMS", "mobileCall", "fido"] };

const ACCESS_STATUS: EnumType = EnumType {
    name: "microsoft.graph.conditionalAccessStatus",
    members: &["success", "failure", "notApplied", "unknownFutureValue"],
};

const RISK_LEVEL: EnumType =
    EnumType { name: "microsoft.graph.riskLevel", members: &["low", "medium", "high", "hidden", "none"] };

const RISK_STATE: EnumType =
    EnumType { name: "microsoft.graph.riskState", members: &["none", "confirmedSafe", "remediated", "atRisk"] };

const RISK_DETAIL: EnumType =
    EnumType { name: "microsoft.graph.riskDetail", members: &["none", "hidden", "adminConfirmedSigninSafe"] };

/// `graph.md` §2.2, beta.
pub const REGISTRATION_DETAILS: EntityType = EntityType {
    name: "userRegistrationDetails",
    properties: &[
        property("id", Type::String),
        property("userPrincipalName", Type::String),
        property("userDisplayName", Type::String),
        property("userType", Type::Enum(&USER_TYPE)),
        property("isAdmin", Type::Boolean),
        property("isSsprRegistered", Type::Boolean),
        property("isSsprEnabled", Type::Boolean),
        property("isSsprCapable", Type::Boolean),
        property("isMfaRegistered", Type::Boolean),
        property("isMfaCapable", Type::Boolean),
        property("isPasswordlessCapable", Type::Boolean),
        property("methodsRegistered", Type::Collection(&Type::String)),
        property("isSystemPreferredAuthenticationMethodEnabled", Type::Boolean),
        property("systemPreferredAuthenticationMethods", Type::Collection(&Type::String)),
        property("userPreferredMethodForSecondaryAuthentication", Type::Enum(&DEFAULT_METHOD)),
        property("lastUpdatedDateTime", Type::DateTimeOffset),
    ],
};

/// `graph.md` §1.3, A.
pub const CREDENTIAL_DETAILS: EntityType = EntityType {
    name: "credentialUserRegistrationDetails",
    properties: &[
        property("id", Type::String),
        property("userPrincipalName", Type::String),
        property("userDisplayName", Type::String),
        property("authMethods", Type::Collection(&Type::Enum(&REGISTRATION_METHOD))),
        property("isRegistered", Type::Boolean),
        property("isEnabled", Type::Boolean),
        property("isCapable", Type::Boolean),
        property("isMfaRegistered", Type::Boolean),
    ],
};

/// `graph.md` §1.3, B.
pub const USAGE_DETAILS: EntityType = EntityType {
    name: "userCredentialUsageDetails",
    properties: &[
        property("id", Type::String),
        property("feature", Type::Enum(&FEATURE)),
        property("userPrincipalName", Type::String),
        property("userDisplayName", Type::String),
        property("isSuccess", Type::Boolean),
        property("authMethod", Type::Enum(&USAGE_METHOD)),
        property("failureReason", Type::String),
        property("eventDateTime", Type::DateTimeOffset),
    ],
};

/// `graph.md` §1.3, D.
pub const USAGE_SUMMARY: EntityType = EntityType {
    name: "credentialUsageSummary",
    properties: &[
        property("id", Type::String),
        property("feature", Type::Enum(&FEATURE)),
        property("successfulActivityCount", Type::Int64),
        property("failureActivityCount", Type::Int64),
        property("authMethod", Type::Enum(&USAGE_METHOD)),
    ],
};

/// `graph.md` §3.1, beta.
pub const SIGN_IN: EntityType = EntityType {
    name: "signIn",
    properties: &[
        property("id", Type::String),
        property("createdDateTime", Type::DateTimeOffset),
        property("userDisplayName", Type::String),
        property("userPrincipalName", Type::String),
        property("userId", Type::String),
        property("appId", Type::String),
        property("appDisplayName", Type::String),
        property("ipAddress", Type::String),
        property("userAgent", Type::String),
        property("clientAppUsed", Type::String),
        property("correlationId", Type::String),
        property("originalRequestId", Type::String),
        property("conditionalAccessStatus", Type::Enum(&ACCESS_STATUS)),
        property("resourceId", Type::String),
        property("resourceDisplayName", Type::String),
        property("servicePrincipalId", Type::String),
        property("tokenIssuerName", Type::String),
        property("authenticationRequirement", Type::String),
        property("riskEventTypes_v2", Type::Collection(&Type::String)),
        property("riskLevelAggregated", Type::Enum(&RISK_LEVEL)),
        property("riskLevelDuringSignIn", Type::Enum(&RISK_LEVEL)),
        property("riskState", Type::Enum(&RISK_STATE)),
        property("riskDetail", Type::Enum(&RISK_DETAIL)),
        property("signInEventTypes", Type::Collection(&Type::String)),
        property("uniqueTokenIdentifier", Type::Guid),
        property(
            "status",
            Type::Complex(
                "",
                &[
                    property("errorCode", Type::Int32),
                    property("failureReason", Type::String),
                    property("additionalDetails", Type::String),
                ],
            ),
        ),
        property(
            "deviceDetail",
            Type::Complex("", &[property("browser", Type::String), property("operatingSystem", Type::String)]),
        ),
        property(
            "location",
            Type::Complex(
                "",
                &[
                    property("city", Type::String),
                    property("state", Type::String),
                    property("countryOrRegion", Type::String),
                    property(
                        "geoCoordinates",
                        Type::Complex("", &[property("latitude", Type::Double), property("longitude", Type::Double)]),
                    ),
                ],
            ),
        ),
        property(
            "appliedConditionalAccessPolicies",
            Type::Collection(&Type::Complex(
                "",
                &[
                    property("id", Type::String),
                    property("displayName", Type::String),
                    property("enforcedGrantControls", Type::Collection(&Type::String)),
                ],
            )),
        ),
    ],
};

/// `graph.md` §4.1.
pub const DIRECTORY_AUDIT: EntityType = EntityType {
    name: "directoryAudit",
    properties: &[
        property("id", Type::String),
        property("activityDateTime", Type::DateTimeOffset),
        property("activityDisplayName", Type::String),
        property("loggedByService", Type::String),
        property("correlationId", Type::String),
        property(
            "initiatedBy",
            Type::Complex(
                "",
                &[
                    property(
                        "user",
                        Type::Complex(
                            "",
                            &[
                                property("id", Type::String),
                                property("displayName", Type::String),
                                property("userPrincipalName", Type::String),
                            ],
                        ),
                    ),
                    property(
                        "app",
                        Type::Complex("", &[property("appId", Type::String), property("displayName", Type::String)]),
                    ),
                ],
            ),
        ),
        property(
            "targetResources",
            Type::Collection(&Type::Complex(
                "",
                &[
                    property("id", Type::String),
                    property("displayName", Type::String),
                    property(
                        "modifiedProperties",
                        Type::Collection(&Type::Complex(
                            "",
                            &[property("displayName", Type::String), property("newValue", Type::String)],
                        )),
                    ),
                ],
            )),
        ),
    ],
};

/// `graph.md` §2.10.
pub const RESETS_AND_CHANGES: EntityType = EntityType {
    name: "userPasswordResetsAndChangesSummary",
    properties: &[
        property("id", Type::String),
        property("aggregatedDateTime", Type::DateTimeOffset),
        property("passwordResetsByAdminCount", Type::Int64),
        property("passwordResetsSelfServiceCount", Type::Int64),
        property("changePasswordSelfServiceCount", Type::Int64),
    ],
};

/// Something of every type, for what is generated.
pub const SAMPLE: EntityType = EntityType {
    name: "sample",
    properties: &[
        property("name", Type::String),
        property("mail", Type::String),
        property("active", Type::Boolean),
        property("locked", Type::Boolean),
        property("count", Type::Int32),
        property("total", Type::Int64),
        property("ratio", Type::Double),
        property("created", Type::DateTimeOffset),
        property("updated", Type::DateTimeOffset),
        property("key", Type::Guid),
        property("kind", Type::Enum(&USER_TYPE)),
        property("tags", Type::Collection(&Type::String)),
        property("counts", Type::Collection(&Type::Int64)),
        property("kinds", Type::Collection(&Type::Enum(&USER_TYPE))),
        property(
            "status",
            Type::Complex(
                "",
                &[
                    property("errorCode", Type::Int32),
                    property("reason", Type::String),
                    property("at", Type::DateTimeOffset),
                    property("final", Type::Boolean),
                ],
            ),
        ),
        property(
            "targets",
            Type::Collection(&Type::Complex(
                "",
                &[
                    property("name", Type::String),
                    property("count", Type::Int64),
                    property("active", Type::Boolean),
                    property("created", Type::DateTimeOffset),
                    property("tags", Type::Collection(&Type::String)),
                    property(
                        "changes",
                        Type::Collection(&Type::Complex(
                            "",
                            &[property("name", Type::String), property("count", Type::Int32)],
                        )),
                    ),
                ],
            )),
        ),
    ],
};
