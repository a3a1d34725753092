//! Conditional Access: what was evaluated for a sign-in, and who demanded the second factor.

macro_rules! policy {
    ($id:literal, $name:literal, $grant:literal, $session:literal, $result:literal) => {
        concat!(
            r#"{"id":""#,
            $id,
            r#"","displayName":""#,
            $name,
            r#"","enforcedGrantControls":["#,
            $grant,
            r#"],"enforcedSessionControls":["#,
            $session,
            r#"],"result":""#,
            $result,
            r#""}"#
        )
    };
}
macro_rules! everyone {
    ($result:literal) => {
        policy!("ae11ffaa-9879-44e0-972c-7538fd5c4d1a", "Require MFA for everyone", r#""Mfa""#, "", $result)
    };
}
macro_rules! administrators {
    ($result:literal) => {
        policy!(
            "52c0bd1e-0f7e-4b60-b7a5-3fb4d0a4c7a2",
            "Administrators: phishing-resistant MFA every 4 hours",
            r#""Mfa","RequireAuthenticationStrength""#,
            r#""SignInFrequency""#,
            $result
        )
    };
}
macro_rules! legacy {
    ($result:literal) => {
        policy!("0b3e4a51-6a6c-4d0f-8f6e-1d7f3c2b9e10", "Block legacy authentication", r#""Block""#, "", $result)
    };
}
macro_rules! finance {
    ($result:literal) => {
        policy!(
            "c7a9d3f2-5b1e-4c8a-9d6f-7e2b4a1c0d35",
            "Ekonomi & lön: godkänd enhet",
            r#""Mfa","RequireCompliantDevice""#,
            r#""CloudAppSecurity""#,
            $result
        )
    };
}
macro_rules! risky {
    ($result:literal) => {
        policy!("d1f8e6b4-3c2a-4e7d-b5f9-8a0c6d4e2f17", "Risky sign-ins need MFA", r#""Mfa""#, "", $result)
    };
}
macro_rules! browsers {
    ($result:literal) => {
        policy!(
            "f4b2c8d6-7e1a-4f3b-a9c5-2d8e6b0f4a71",
            "Browsers on unmanaged devices: sessions of a day",
            "",
            r#""SignInFrequency","PersistentBrowserSessionMode""#,
            $result
        )
    };
}
macro_rules! evaluated {
    ($status:literal: $first:expr $(, $more:expr)*) => {
        Evaluated { status: $status, policies: concat!("[", $first $(, ",", $more)*, "]") }
    };
}

/// `conditionalAccessStatus`, and `appliedConditionalAccessPolicies` as JSON.
#[derive(Debug)]
pub struct Evaluated {
    pub status: &'static str,
    pub policies: &'static str,
}

pub const NOT_YET: u8 = 0;
pub const NONE_MATCHED: u8 = 1;
pub const GRANTED: u8 = 2;
pub const GRANTED_ADMINISTRATOR: u8 = 3;
pub const GRANTED_UNMANAGED: u8 = 4;
pub const GRANTED_RISKY: u8 = 5;
pub const NOT_MET: u8 = 6;
pub const NOT_MET_ADMINISTRATOR: u8 = 7;
pub const NOT_COMPLIANT: u8 = 8;
pub const LEGACY_BLOCKED: u8 = 9;
pub const FINANCE_WOULD_GRANT: u8 = 10;
pub const FINANCE_WOULD_BLOCK: u8 = 11;

pub static EVALUATED: [Evaluated; 12] = [
    // Before the policies were switched on.
    evaluated!("notApplied": everyone!("notEnabled"), finance!("notEnabled")),
    evaluated!("notApplied": everyone!("notApplied"), finance!("reportOnlyNotApplied")),
    evaluated!("success": everyone!("success"), legacy!("notApplied")),
    evaluated!("success": everyone!("success"), administrators!("success"), legacy!("notApplied")),
    evaluated!("success": everyone!("success"), browsers!("success"), legacy!("notApplied")),
    evaluated!("success": everyone!("success"), risky!("success"), browsers!("notApplied")),
    evaluated!("failure": everyone!("failure"), legacy!("notApplied"), finance!("reportOnlyInterrupted")),
    evaluated!("failure": everyone!("success"), administrators!("failure"), risky!("notApplied")),
    evaluated!("failure": everyone!("success"), finance!("failure"), legacy!("notApplied")),
    evaluated!("failure": legacy!("failure"), everyone!("notApplied")),
    evaluated!("success": everyone!("success"), finance!("reportOnlySuccess"), legacy!("notApplied")),
    evaluated!("success": everyone!("success"), finance!("reportOnlyFailure"), browsers!("unknown")),
];

macro_rules! demanded {
    ($first:literal $(, $more:literal)*) => {
        concat!(r#"[{"requirementProvider":""#, $first, r#""}"# $(, r#",{"requirementProvider":""#, $more, r#""}"#)*, "]")
    };
}

pub const NOBODY: u8 = 0;
pub const CONDITIONAL_ACCESS: u8 = 1;
pub const PER_USER: u8 = 2;
pub const SECURITY_DEFAULTS: u8 = 3;
pub const RISK: u8 = 4;
pub const APPLICATION: u8 = 5;
pub const OTHER: u8 = 6;
pub const SEVERAL: u8 = 7;
pub const SEVERAL_OTHERS: u8 = 8;
pub const OF_2020: u8 = 9;

/// `authenticationRequirementPolicies` as JSON.
pub static DEMANDED: [&str; 10] = [
    "[]",
    r#"[{"requirementProvider":"multiConditionalAccess","detail":"Conditional Access"}]"#,
    r#"[{"requirementProvider":"user","detail":"Per-user MFA"}]"#,
    r#"[{"requirementProvider":"securityDefaults","detail":"Security Defaults"}]"#,
    demanded!("tenantSessionRiskPolicy"),
    demanded!("request"),
    demanded!("crossTenantOutboundRule"),
    demanded!("multiConditionalAccess", "user"),
    demanded!("request", "riskBasedPolicy"),
    demanded!("v1ConditionalAccess"),
];
