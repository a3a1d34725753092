//! Sign-ins and audit records.

use odata::{EntityType, Type};

use super::{GraphType, enums as e, flag, graph_type, is, text, texts, time};

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
