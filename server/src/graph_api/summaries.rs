//! The summaries: users by what they have registered, events and sign-ins by method, and day by day.

use std::collections::BTreeMap;

use domain::instant::{DAY_MS, Instant};
use domain::method::AuthMethod;
use domain::population::Standing;
use domain::query::{Report, Span};
use domain::record::Feature;
use domain::report::{MethodCounts, Overview, PasswordCounts};
use domain::window::Window;
use serde_json::{Value, json};

use super::error::GraphError;
use super::paging::{All, Listing};
use super::resource::{Included, IncludedRoles, IncludedTypes};
use super::types::{self, GraphType};
use super::{Asked, Period, methods};

/// Days of the summaries by day.
const DAYS: i64 = 30;

/// `usersRegisteredByFeature`
pub async fn by_feature(asked: &Asked, included: Included) -> Result<Value, GraphError> {
    let users = asked.reader.registered_users(asked.now, |user| included.has(user)).await?;
    let features = [
        ("ssprRegistered", users.tiles.registered),
        ("ssprEnabled", users.tiles.enabled),
        ("ssprCapable", users.tiles.capable),
        ("passwordlessCapable", users.tiles.passwordless_capable),
        ("mfaCapable", users.tiles.mfa_capable),
    ];
    let json = json!({
        "totalUserCount": users.total,
        "userTypes": included.types,
        "userRoles": included.roles,
        "userRegistrationFeatureCounts":
            features.map(|(feature, tally)| json!({"feature": feature, "userCount": tally.yes})),
    });
    object(asked, &types::USER_REGISTRATION_FEATURE_SUMMARY, json)
}

/// `usersRegisteredByMethod`
pub async fn by_method(asked: &Asked, included: Included) -> Result<Value, GraphError> {
    let users = asked.reader.registered_users(asked.now, |user| included.has(user)).await?;
    let count = |(method, count): (&AuthMethod, &i64)| json!({"authenticationMethod": methods::registered(*method), "userCount": count});
    let json = json!({
        "totalUserCount": users.total,
        "userTypes": included.types,
        "userRoles": included.roles,
        "userRegistrationMethodCounts": users.methods.iter().map(count).collect::<Vec<_>>(),
    });
    object(asked, &types::USER_REGISTRATION_METHOD_SUMMARY, json)
}

/// `getCredentialUserRegistrationCount`
pub async fn registration_count(asked: &Asked) -> Result<Value, GraphError> {
    let users = asked.reader.registered_users(asked.now, |user| Included::ALL.has(user)).await?;
    let statuses = [
        ("registered", users.tiles.registered),
        ("enabled", users.tiles.enabled),
        ("capable", users.tiles.capable),
        ("mfaRegistered", users.tiles.mfa_registered),
    ];
    let count = json!({
        "id": "all",
        "totalUserCount": users.total,
        "userRegistrationCounts":
            statuses.map(|(status, tally)| json!({"registrationStatus": status, "registrationCount": tally.yes})),
    });
    list(asked, &types::CREDENTIAL_USER_REGISTRATION_COUNT, vec![count]).await
}

/// `getCredentialUsageSummary(period='…')`: methods that were used.
pub async fn credential_usage(asked: &Asked, period: Period) -> Result<Value, GraphError> {
    let usage = usage(asked, period, methods::used_in_2019).await?;
    list(asked, &types::CREDENTIAL_USAGE_SUMMARY, usage.into_iter().map(activity).collect()).await
}

/// `userRegistrationActivity(period='…')`: each method that Microsoft lists, and those that were used besides.
pub async fn registration_activity(asked: &Asked, period: Period) -> Result<Value, GraphError> {
    let mut usage = usage(asked, period, methods::used).await?;
    for (feature, listed) in [(Feature::Registration, REGISTRATION), (Feature::Reset, RESET)] {
        for method in listed {
            usage.entry((feature, method)).or_default();
        }
    }
    list(asked, &types::USER_REGISTRATION_ACTIVITY_SUMMARY, usage.into_iter().map(activity).collect()).await
}

/// `userMfaSignInSummary`: whether a second factor was required of sign-ins, for each day of the last thirty, in UTC.
pub async fn mfa_sign_ins(asked: &Asked) -> Result<Value, GraphError> {
    let days = days(asked.now);
    let tallies = asked.reader.required_in_each(&days).await?;
    let json = days.iter().zip(tallies).filter_map(|(day, tally)| {
        let tally = tally?;
        Some(json!({
            "id": date(day.from),
            "createdDateTime": day.from,
            "totalSignIns": tally.total(),
            "singleFactorSignIns": tally.no,
            "multiFactorSignIns": tally.yes,
        }))
    });
    let json = json.collect();
    list(asked, &types::USER_MFA_SIGN_IN_SUMMARY, json).await
}

/// `userSignInsByAuthMethodSummary(period='…')`: challenged sign-ins whose second factor was given, by method.
pub async fn sign_ins_by_method(asked: &Asked, period: Period) -> Result<Value, GraphError> {
    let usage = asked.reader.usage(&report(asked.now, period)).await?;
    if !usage.not_kept.is_empty() {
        return Err(not_kept("Sign-ins"));
    }
    let mut counts: BTreeMap<&str, i64> =
        methods::OF_SIGN_INS.iter().map(|method| (methods::used(*method), 0)).collect();
    for count in usage.methods {
        if let domain::sign_in::SecondFactor::Method(method) = count.method {
            *counts.entry(methods::registered(method)).or_default() += count.satisfied;
        }
    }
    let json = counts
        .into_iter()
        .map(|(method, count)| json!({"authenticationMethod": method, "successActivityCount": count}));
    let json = json.collect();
    list(asked, &types::USER_SIGN_IN_USAGE_BY_AUTH_METHOD_ACTIVITY, json).await
}

/// `userPasswordResetsAndChangesSummary`: those that succeeded, for each day of the last thirty, in UTC.
pub async fn password_resets_and_changes(asked: &Asked) -> Result<Value, GraphError> {
    let days = days(asked.now);
    let counts = asked.reader.passwords_in_each(&days).await?;
    let json = days.iter().zip(counts).filter_map(|(day, counts)| {
        let PasswordCounts { self_service_resets, resets_by_admins, changes, .. } = counts?;
        Some(json!({
            "id": date(day.from),
            "aggregatedDateTime": day.from,
            "passwordResetsByAdminCount": resets_by_admins.success,
            "passwordResetsSelfServiceCount": self_service_resets.success,
            "changePasswordSelfServiceCount": changes.success,
        }))
    });
    let json = json.collect();
    list(asked, &types::USER_PASSWORD_RESETS_AND_CHANGES_SUMMARY, json).await
}

/// Methods that Microsoft's report of registrations always has.
const REGISTRATION: &[&str] = &[
    "windowsHelloForBusiness",
    "microsoftAuthenticatorPush",
    "email",
    "mobilePhone",
    "officePhone",
    "alternateMobilePhone",
    "securityQuestion",
    "softwareOneTimePasscode",
    "hardwareOneTimePasscode",
    "fido2SecurityKey",
    "temporaryAccessPass",
    "microsoftAuthenticatorPasswordless",
    "macOsSecureEnclaveKey",
    "passKeyDeviceBound",
    "externalAuthMethod",
];
/// And of resets.
const RESET: &[&str] = &[
    "email",
    "mobilePhone",
    "officePhone",
    "alternateMobilePhone",
    "securityQuestion",
    "microsoftAuthenticatorPush",
    "sms",
    "oneTimePasscode",
];

impl Included {
    /// Users whose accounts are disabled are left out, as in registration details.
    fn has(self, user: Standing) -> bool {
        let is_of_type = match self.types {
            IncludedTypes::All => true,
            IncludedTypes::Member => !user.is_guest,
            IncludedTypes::Guest => user.is_guest,
        };
        let is_of_role = match self.roles {
            IncludedRoles::All => true,
            IncludedRoles::Admin => user.is_admin,
            IncludedRoles::User => !user.is_admin,
        };
        user.is_recorded && !user.is_deleted && !user.is_disabled && is_of_type && is_of_role
    }
}

type UsageByMethod = BTreeMap<(Feature, &'static str), (i64, i64)>;

/// Succeeded and failed events by feature and by the method's name in a vocabulary.
async fn usage(
    asked: &Asked,
    period: Period,
    name: fn(AuthMethod) -> &'static str,
) -> Result<UsageByMethod, GraphError> {
    let Overview { registrations, resets, not_kept: gone, .. } =
        asked.reader.overview(&report(asked.now, period)).await?;
    if !gone.is_empty() {
        return Err(not_kept("Events"));
    }
    let mut usage = UsageByMethod::new();
    for (feature, counts) in [(Feature::Registration, registrations), (Feature::Reset, resets)] {
        for MethodCounts { method, success, failure, .. } in counts {
            let (succeeded, failed) = usage.entry((feature, name(method))).or_default();
            *succeeded += success;
            *failed += failure;
        }
    }
    Ok(usage)
}

fn activity(((feature, method), (success, failure)): ((Feature, &'static str), (i64, i64))) -> Value {
    json!({
        "id": format!("{feature}-{method}"),
        "feature": feature,
        "authMethod": method,
        "successfulActivityCount": success,
        "failureActivityCount": failure,
    })
}

fn report(now: Instant, period: Period) -> Report {
    Report { span: Span::Range(period.range()), ..Report::new(now) }
}

/// What is not known any more is no zero.
fn not_kept(what: &str) -> GraphError {
    GraphError::bad_request(format!("{what} of the whole period are not kept any more; ask for a shorter one."))
}

/// Days in UTC, the latest first; it ends now.
fn days(now: Instant) -> Vec<Window> {
    let today = now.millis().div_euclid(DAY_MS) * DAY_MS;
    let day = |back: i64| {
        let from = Instant::from_millis(today - back * DAY_MS);
        Window { from, to: from.plus_millis(DAY_MS).min(now.plus_millis(1)) }
    };
    (0..DAYS).map(day).collect()
}

fn date(at: Instant) -> String {
    at.timestamp().strftime("%Y-%m-%d").to_string()
}

/// An object by itself.
fn object(asked: &Asked, of: &GraphType, json: Value) -> Result<Value, GraphError> {
    let entity = of.of(asked.version);
    asked.object(entity, &format!("microsoft.graph.{}", entity.name), json)
}

async fn list(asked: &Asked, of: &GraphType, entities: Vec<Value>) -> Result<Value, GraphError> {
    let entity = of.of(asked.version);
    let listing = Listing::of(asked, entity)?;
    let all = All::of(entities, &listing);
    listing.page(asked, &format!("Collection(microsoft.graph.{})", entity.name), &all).await
}
