//! The enumerations of Microsoft Graph that reports have, members in the order of their values. After
//! `unknownFutureValue` come those that a client gets only if it asks for them.
//!
//! From Microsoft's metadata (github.com/microsoftgraph/msgraph-metadata, v1.0 and beta).

use odata::EnumType;

pub const CONDITIONAL_ACCESS_STATUS: EnumType = EnumType {
    name: "microsoft.graph.conditionalAccessStatus",
    members: &["success", "failure", "notApplied", "unknownFutureValue"],
};

pub const APPLIED_CONDITIONAL_ACCESS_POLICY_RESULT: EnumType = EnumType {
    name: "microsoft.graph.appliedConditionalAccessPolicyResult",
    members: &[
        "success",
        "failure",
        "notApplied",
        "notEnabled",
        "unknown",
        "unknownFutureValue",
        "reportOnlySuccess",
        "reportOnlyFailure",
        "reportOnlyNotApplied",
        "reportOnlyInterrupted",
    ],
};

pub const RISK_DETAIL: EnumType = EnumType {
    name: "microsoft.graph.riskDetail",
    members: &[
        "none",
        "adminGeneratedTemporaryPassword",
        "userPerformedSecuredPasswordChange",
        "userPerformedSecuredPasswordReset",
        "adminConfirmedSigninSafe",
        "aiConfirmedSigninSafe",
        "userPassedMFADrivenByRiskBasedPolicy",
        "adminDismissedAllRiskForUser",
        "adminConfirmedSigninCompromised",
        "hidden",
        "adminConfirmedUserCompromised",
        "unknownFutureValue",
        "m365DAdminDismissedDetection",
        "adminConfirmedServicePrincipalCompromised",
        "adminDismissedAllRiskForServicePrincipal",
        "userChangedPasswordOnPremises",
        "adminDismissedRiskForSignIn",
        "adminConfirmedAccountSafe",
        "microsoftRevokedSessions",
    ],
};

pub const RISK_LEVEL: EnumType = EnumType {
    name: "microsoft.graph.riskLevel",
    members: &["low", "medium", "high", "hidden", "none", "unknownFutureValue"],
};

pub const RISK_STATE: EnumType = EnumType {
    name: "microsoft.graph.riskState",
    members: &[
        "none",
        "confirmedSafe",
        "remediated",
        "dismissed",
        "atRisk",
        "confirmedCompromised",
        "unknownFutureValue",
    ],
};

pub const RISK_EVENT_TYPE: EnumType = EnumType {
    name: "microsoft.graph.riskEventType",
    members: &[
        "unlikelyTravel",
        "anonymizedIPAddress",
        "maliciousIPAddress",
        "unfamiliarFeatures",
        "malwareInfectedIPAddress",
        "suspiciousIPAddress",
        "leakedCredentials",
        "investigationsThreatIntelligence",
        "generic",
        "adminConfirmedUserCompromised",
        "mcasImpossibleTravel",
        "mcasSuspiciousInboxManipulationRules",
        "investigationsThreatIntelligenceSigninLinked",
        "maliciousIPAddressValidCredentialsBlockedIP",
        "unknownFutureValue",
    ],
};

pub const OPERATION_RESULT: EnumType = EnumType {
    name: "microsoft.graph.operationResult",
    members: &["success", "failure", "timeout", "unknownFutureValue"],
};

pub const USER_DEFAULT_AUTHENTICATION_METHOD: EnumType = EnumType {
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

pub const SIGN_IN_USER_TYPE: EnumType =
    EnumType { name: "microsoft.graph.signInUserType", members: &["member", "guest", "unknownFutureValue"] };

pub const INCLUDED_USER_TYPES: EnumType =
    EnumType { name: "microsoft.graph.includedUserTypes", members: &["all", "member", "guest", "unknownFutureValue"] };

pub const INCLUDED_USER_ROLES: EnumType = EnumType {
    name: "microsoft.graph.includedUserRoles",
    members: &["all", "privilegedAdmin", "admin", "user", "unknownFutureValue"],
};

pub const AUTHENTICATION_METHOD_FEATURE: EnumType = EnumType {
    name: "microsoft.graph.authenticationMethodFeature",
    members: &[
        "ssprRegistered",
        "ssprEnabled",
        "ssprCapable",
        "passwordlessCapable",
        "mfaCapable",
        "unknownFutureValue",
    ],
};

pub const GROUP_TYPE: EnumType =
    EnumType { name: "microsoft.graph.groupType", members: &["unifiedGroups", "azureAD", "unknownFutureValue"] };

pub const FEATURE_TYPE: EnumType =
    EnumType { name: "microsoft.graph.featureType", members: &["registration", "reset", "unknownFutureValue"] };

pub const REGISTRATION_STATUS_TYPE: EnumType = EnumType {
    name: "microsoft.graph.registrationStatusType",
    members: &["registered", "enabled", "capable", "mfaRegistered", "unknownFutureValue"],
};

pub const REGISTRATION_AUTH_METHOD: EnumType = EnumType {
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
        "externalAuthMethod",
    ],
};

pub const USAGE_AUTH_METHOD: EnumType = EnumType {
    name: "microsoft.graph.usageAuthMethod",
    members: &[
        "email",
        "mobileSMS",
        "mobileCall",
        "officePhone",
        "securityQuestion",
        "appNotification",
        "appCode",
        "alternateMobileCall",
        "fido",
        "appPassword",
        "unknownFutureValue",
        "externalAuthMethod",
        "hardwareOneTimePasscode",
        "windowsHelloForBusiness",
        "microsoftAuthenticatorPasswordless",
        "temporaryAccessPass",
        "macOsSecureEnclaveKey",
        "passKeyDeviceBound",
        "passKeyDeviceBoundAuthenticator",
        "passKeyDeviceBoundWindowsHello",
        "softwareOneTimePasscode",
        "microsoftAuthenticatorPush",
        "mobilePhone",
        "sms",
        "alternateMobilePhone",
        "fido2SecurityKey",
        "oneTimePasscode",
        "passKeySynced",
        "qrCode",
    ],
};

pub const DEFAULT_MFA_METHOD_TYPE: EnumType = EnumType {
    name: "microsoft.graph.defaultMfaMethodType",
    members: &[
        "none",
        "mobilePhone",
        "alternateMobilePhone",
        "officePhone",
        "microsoftAuthenticatorPush",
        "softwareOneTimePasscode",
        "unknownFutureValue",
    ],
};

pub const AGGREGATION_PERIOD: EnumType =
    EnumType { name: "microsoft.graph.aggregationPeriod", members: &["d1", "d7", "d30", "unknownFutureValue"] };
