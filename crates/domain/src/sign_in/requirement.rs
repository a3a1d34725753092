use super::RequiredBy;
use super::normal::normalise;

/// What an `authenticationRequirement`, or a step's requirement, says in any spelling and language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Requirement {
    MultiFactor,
    SingleFactor,
    Primary,
    /// Empty, or something else.
    Unclear,
}

impl Requirement {
    pub(super) fn of(text: Option<&str>) -> Self {
        // As nearly every record has it.
        match text.unwrap_or_default().trim() {
            "" => return Self::Unclear,
            "multiFactorAuthentication" | "Multifactor authentication" | "Multi-factor authentication" => {
                return Self::MultiFactor;
            }
            "singleFactorAuthentication" => return Self::SingleFactor,
            "Primary authentication" => return Self::Primary,
            _ => {}
        }
        let mut key = normalise(text.unwrap_or_default());
        key.retain(|c| c != ' ');
        let has = |parts: &[&str]| parts.iter().any(|part| key.contains(part));
        if has(&MULTI) || key.starts_with("mfa") || key.ends_with("mfa") {
            Self::MultiFactor
        } else if has(&SINGLE) || key.starts_with("enfaktor") {
            Self::SingleFactor
        } else if has(&PRIMARY) {
            Self::Primary
        } else {
            Self::Unclear
        }
    }
}

const MULTI: [&str; 7] = [
    "multifactor",
    "multifaktor",
    "flerfaktor",
    "multifacteur",
    "mehrstufig",
    "mehrfaktor",
    // The policy's name for itself, in records of 2020.
    "multiconditionalaccess",
];

const SINGLE: [&str; 11] = [
    "singlefactor",
    "facteurunique",
    "unseulfacteur",
    "monofacteur",
    "monofactor",
    "einstufig",
    "einfaktor",
    "einzelfaktor",
    "solofactor",
    "unicofactor",
    "factorunico",
];

const PRIMARY: [&str; 3] = ["primar", "primair", "principal"];

impl RequiredBy {
    /// Who demanded the second factor, from `requirementProvider` of each policy. Of several the first in the order of
    /// the enum.
    pub(super) fn of(providers: &[String]) -> Self {
        providers.iter().filter_map(|provider| Self::named(provider)).min().unwrap_or(Self::Unknown)
    }

    fn named(provider: &str) -> Option<Self> {
        let mut key = normalise(provider);
        key.retain(|c| c != ' ');
        Some(match key.as_str() {
            "" => return None,
            // "MFA" and "CA" are of 2020.
            "user" | "mfa" | "peruser" | "perusermfa" => Self::PerUser,
            "v1conditionalaccess"
            | "multiconditionalaccess"
            | "v1conditionalaccessdependency"
            | "v1conditionalaccesspolicyidrequested"
            | "mfaregistrationrequiredbymulticonditionalaccess"
            | "scopebasedauthrequirementpolicy"
            | "authenticationstrengths"
            | "gpslocationcondition"
            | "conditionalaccess"
            | "ca" => Self::ConditionalAccess,
            "securitydefaults"
            | "mfaregistrationrequiredbysecuritydefaults"
            | "baselineprotection"
            | "mfaregistrationrequiredbybaselineprotection" => Self::SecurityDefaults,
            "tenantsessionriskpolicy"
            | "accountcompromisepolicies"
            | "mfaregistrationrequiredbyidentityprotectionpolicy"
            | "riskbasedpolicy" => Self::Risk,
            "request" | "serviceprincipal" => Self::Application,
            _ => Self::Other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_is_read_in_any_spelling() {
        for (text, requirement) in [
            ("multiFactorAuthentication", Requirement::MultiFactor),
            ("MULTI-FACTOR AUTHENTICATION", Requirement::MultiFactor),
            ("Multi factor authentication ", Requirement::MultiFactor),
            ("MultiConditionalAccess", Requirement::MultiFactor),
            ("Phishing resistant MFA", Requirement::MultiFactor),
            ("Multifaktorautentisering", Requirement::MultiFactor),
            ("Flerfaktorautentisering", Requirement::MultiFactor),
            ("Authentification multifacteur", Requirement::MultiFactor),
            ("Mehrstufige Authentifizierung", Requirement::MultiFactor),
            ("Multi-Faktor-Authentifizierung", Requirement::MultiFactor),
            ("Autenticación multifactor", Requirement::MultiFactor),
            ("Single-factor authentication", Requirement::SingleFactor),
            ("Enfaktorautentisering", Requirement::SingleFactor),
            ("Authentification à facteur unique", Requirement::SingleFactor),
            ("Authentification \u{e0} un seul facteur", Requirement::SingleFactor),
            ("Einstufige Authentifizierung", Requirement::SingleFactor),
            ("Ein-Faktor-Authentifizierung", Requirement::SingleFactor),
            ("Autenticación de un solo factor", Requirement::SingleFactor),
            ("Autenticación de factor único", Requirement::SingleFactor),
            ("Primary Authentication", Requirement::Primary),
            ("Primär autentisering", Requirement::Primary),
            ("Authentification principale", Requirement::Primary),
            ("Primäre Authentifizierung", Requirement::Primary),
            ("Autenticación principal", Requirement::Primary),
            ("User", Requirement::Unclear),
            ("", Requirement::Unclear),
            ("  ", Requirement::Unclear),
        ] {
            assert_eq!(Requirement::of(Some(text)), requirement, "{text}");
        }
        assert_eq!(Requirement::of(None), Requirement::Unclear);
    }

    /// Every `requirementProvider` of `spec/graph.md` §3.3.
    #[test]
    fn every_provider_is_somebody() {
        for (provider, by) in [
            ("user", RequiredBy::PerUser),
            ("MFA", RequiredBy::PerUser),
            ("request", RequiredBy::Application),
            ("servicePrincipal", RequiredBy::Application),
            ("v1ConditionalAccess", RequiredBy::ConditionalAccess),
            ("multiConditionalAccess", RequiredBy::ConditionalAccess),
            ("MultiConditionalAccess", RequiredBy::ConditionalAccess),
            ("CA", RequiredBy::ConditionalAccess),
            ("v1ConditionalAccessDependency", RequiredBy::ConditionalAccess),
            ("v1ConditionalAccessPolicyIdRequested", RequiredBy::ConditionalAccess),
            ("mfaRegistrationRequiredByMultiConditionalAccess", RequiredBy::ConditionalAccess),
            ("scopeBasedAuthRequirementPolicy", RequiredBy::ConditionalAccess),
            ("authenticationStrengths", RequiredBy::ConditionalAccess),
            ("gpsLocationCondition", RequiredBy::ConditionalAccess),
            ("securityDefaults", RequiredBy::SecurityDefaults),
            ("mfaRegistrationRequiredBySecurityDefaults", RequiredBy::SecurityDefaults),
            ("baselineProtection", RequiredBy::SecurityDefaults),
            ("mfaRegistrationRequiredByBaselineProtection", RequiredBy::SecurityDefaults),
            ("tenantSessionRiskPolicy", RequiredBy::Risk),
            ("accountCompromisePolicies", RequiredBy::Risk),
            ("mfaRegistrationRequiredByIdentityProtectionPolicy", RequiredBy::Risk),
            ("riskBasedPolicy", RequiredBy::Risk),
            ("enforcedForCspAdmins", RequiredBy::Other),
            ("proofUpCodeRequest", RequiredBy::Other),
            ("crossTenantOutboundRule", RequiredBy::Other),
            ("unknownFutureValue", RequiredBy::Other),
        ] {
            assert_eq!(RequiredBy::of(&[provider.to_owned()]), by, "{provider}");
        }
        assert_eq!(RequiredBy::of(&[]), RequiredBy::Unknown);
        assert_eq!(RequiredBy::of(&[" ".to_owned()]), RequiredBy::Unknown);
        let several = ["request", "riskBasedPolicy", "multiConditionalAccess"].map(str::to_owned);
        assert_eq!(RequiredBy::of(&several), RequiredBy::ConditionalAccess);
    }
}
