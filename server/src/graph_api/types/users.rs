//! Users: the directory, and what they have registered.

use odata::{EntityType, Property, Type};

use super::{GraphType, count, enums as e, flag, graph_type, is, text, texts, time};

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
