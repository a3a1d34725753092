//! Registrations and resets, and what happened day by day.

use odata::{EntityType, Property, Type};

use super::{GraphType, count, enums as e, flag, graph_type, is, text, time};

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
