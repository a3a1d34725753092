//! `auditLogs/signIns`: sign-ins as they were read, newest first.

use std::sync::LazyLock;

use domain::answer::Answer;
use domain::page::Cursor;
use domain::query::{SignInColumn, SignInFilters, SignInsQuery, Span};
use domain::sign_in::{AppliedPolicy, AuthenticationStep, Component, ConditionalAccessResult, SignInRecord};
use odata::{Bounds, EntityType, Property};
use serde_json::{Map, Value, json};
use store::{Reader, Total};

use super::error::GraphError;
use super::paging::{All, Chunk, Listing, Rows};
use super::types::SIGN_IN;
use super::{Asked, Version, bounds};

const CONTEXT: &str = "auditLogs/signIns";
/// What a Reports Reader does not get of a sign-in.
const RESTRICTED: [&str; 4] = ["ipAddress", "location", "conditionalAccessStatus", "appliedConditionalAccessPolicies"];

/// The type without what is restricted, in both versions.
static OPEN: LazyLock<[EntityType; 2]> = LazyLock::new(|| {
    [Version::V1, Version::Beta].map(|version| {
        let whole = SIGN_IN.of(version);
        let is_open = |property: &&Property| !RESTRICTED.contains(&property.name);
        let properties: Vec<Property> = whole.properties.iter().filter(is_open).copied().collect();
        EntityType { name: whole.name, properties: properties.leak() }
    })
});

/// `auditLogs/signIns`. As at Microsoft these are the interactive ones, unless the filter says which; where a record
/// does not say, it is among them.
pub async fn list(asked: &Asked) -> Result<Value, GraphError> {
    let listing = permitted(asked, |entity| Listing::of(asked, entity))?;
    let mut query = SignInsQuery::with(Asked::whole(listing.as_of), SignInFilters::default());
    if !listing.mentions("signInEventTypes") && !listing.mentions("isInteractive") {
        query.filters.interactive = vec![Answer::Yes, Answer::Unknown];
    }
    if let Some(sort) = listing.sort("sign-ins", column)? {
        query.list.sort = sort;
    }
    let ids = match &listing.filter {
        None => None,
        Some(filter) => {
            let bounds = filter.bounds();
            narrow(&mut query, &bounds);
            bounds::texts(&bounds, "id")
        }
    };
    match ids {
        Some(ids) => {
            let mut found = Vec::new();
            for id in ids {
                found.extend(asked.reader.sign_in_record(&id).await?.as_ref().map(sign_in));
            }
            listing.page(asked, CONTEXT, &All::of(found, &listing)).await
        }
        None => listing.page(asked, CONTEXT, &SignIns { reader: &asked.reader, query }).await,
    }
}

/// `auditLogs/signIns/{id}`
pub async fn one(asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let record = asked.reader.sign_in_record(id).await?;
    let json = sign_in(&record.ok_or_else(|| GraphError::missing("sign-in", id))?);
    permitted(asked, |entity| asked.single(entity, CONTEXT, json.clone()))
}

/// What is asked of the type that the viewer may see. To ask of what is restricted is not a wrong question, but one that
/// is not for everybody.
fn permitted<T>(asked: &Asked, ask: impl Fn(EntityType) -> Result<T, GraphError>) -> Result<T, GraphError> {
    let whole = SIGN_IN.of(asked.version);
    if asked.sees_conditional_access {
        return ask(whole);
    }
    let answer = ask(OPEN[usize::from(asked.version == Version::Beta)]);
    if answer.is_err() && ask(whole).is_ok() {
        let message = "Address, location and Conditional Access of sign-ins are not for this role.";
        return Err(GraphError::denied(message));
    }
    answer
}

/// Asks the list for no more than a filter can find. What is left is looked at one by one.
fn narrow(query: &mut SignInsQuery, bounds: &Bounds) {
    query.report.span = Span::Window(bounds::window(bounds, "createdDateTime", query.report.window()));
    let filters = &mut query.filters;
    // Nobody's id is no user's.
    let named = |property| bounds::texts(bounds, property).filter(|texts| texts.iter().all(|text| !text.is_empty()));
    filters.user = named("userId").unwrap_or_default();
    filters.app = named("appId").unwrap_or_default();
    filters.error_code = bounds::numbers(bounds, "status/errorCode").unwrap_or_default();
    // Addresses with letters are the same in both cases, which the list does not know.
    let is_exact = |ip: &String| !ip.contains(|c: char| c.is_ascii_alphabetic()) && !ip.is_empty();
    filters.ip = named("ipAddress").filter(|texts| texts.iter().all(is_exact)).unwrap_or_default();
    let searched = ["correlationId", "userPrincipalName", "userDisplayName"];
    query.list.q = searched.iter().find_map(|name| bounds::text(bounds, name));
}

fn column(property: &str) -> Option<SignInColumn> {
    Some(match property {
        "createdDateTime" => SignInColumn::At,
        "userId" => SignInColumn::UserId,
        "userPrincipalName" => SignInColumn::UserName,
        "userDisplayName" => SignInColumn::DisplayName,
        "appDisplayName" => SignInColumn::App,
        "status/errorCode" => SignInColumn::ErrorCode,
        "isInteractive" => SignInColumn::Interactive,
        "ipAddress" => SignInColumn::Ip,
        "location/city" => SignInColumn::City,
        "location/countryOrRegion" => SignInColumn::Country,
        _ => return None,
    })
}

/// The record as beta has it; v1.0 has less.
fn sign_in(record: &SignInRecord) -> Value {
    let details = &record.details;
    let component = match record.component {
        // What tells them at Microsoft.
        Component::Nps => Some("radius"),
        Component::Adfs => Some("adfs"),
        Component::None | Component::MfaServer => None,
    };
    let mut json = Map::from_iter([
        ("id".to_owned(), json!(record.record_id)),
        ("createdDateTime".to_owned(), json!(record.at)),
        ("userId".to_owned(), json!(record.user.object_id.as_deref().unwrap_or_default())),
        ("userPrincipalName".to_owned(), json!(record.user.user_name)),
        ("userDisplayName".to_owned(), json!(record.user.display_name)),
        ("appId".to_owned(), json!(record.app.id)),
        ("appDisplayName".to_owned(), json!(record.app.name)),
        ("ipAddress".to_owned(), json!(record.place.ip)),
        ("clientAppUsed".to_owned(), json!(details.client_app)),
        ("correlationId".to_owned(), json!(details.correlation_id)),
        ("conditionalAccessStatus".to_owned(), json!(conditional_access(record.conditional_access))),
        ("isInteractive".to_owned(), json!(record.interactive)),
        (
            "status".to_owned(),
            json!({
                "errorCode": details.error_code,
                "failureReason": details.failure_reason,
                "additionalDetails": details.additional_details,
            }),
        ),
        (
            "deviceDetail".to_owned(),
            json!({
                "displayName": details.device,
                "operatingSystem": details.operating_system,
                "browser": details.browser,
            }),
        ),
        (
            "location".to_owned(),
            json!({
                "city": record.place.city,
                "state": record.place.state,
                "countryOrRegion": record.place.country,
            }),
        ),
        ("resourceId".to_owned(), json!(component)),
        ("resourceDisplayName".to_owned(), json!(details.resource)),
        ("authenticationRequirement".to_owned(), json!(details.requirement)),
        ("tokenIssuerType".to_owned(), json!(details.token_issuer)),
    ]);
    if details.mfa_method.is_some() || details.mfa_detail.is_some() {
        let detail = json!({"authMethod": details.mfa_method, "authDetail": details.mfa_detail});
        json.insert("mfaDetail".to_owned(), detail);
    }
    let providers = details.required_by.iter().map(|provider| json!({"requirementProvider": provider}));
    json.insert("authenticationRequirementPolicies".to_owned(), providers.collect());
    if let Some(interactive) = record.interactive {
        let name = if interactive { "interactiveUser" } else { "nonInteractiveUser" };
        json.insert("signInEventTypes".to_owned(), json!([name]));
    }
    // Nothing is said of what the record says nothing of.
    if let Some(steps) = &details.steps {
        json.insert("authenticationDetails".to_owned(), steps.iter().map(step).collect());
    }
    if let Some(policies) = &record.policies {
        json.insert("appliedConditionalAccessPolicies".to_owned(), policies.iter().map(policy).collect());
    }
    Value::Object(json)
}

const fn conditional_access(result: ConditionalAccessResult) -> Option<&'static str> {
    match result {
        ConditionalAccessResult::Success => Some("success"),
        ConditionalAccessResult::Failure => Some("failure"),
        ConditionalAccessResult::NotApplied => Some("notApplied"),
        ConditionalAccessResult::Unknown => None,
    }
}

fn step(step: &AuthenticationStep) -> Value {
    json!({
        "authenticationStepDateTime": step.at,
        "authenticationMethod": step.method,
        "authenticationMethodDetail": step.detail,
        "succeeded": step.succeeded,
        "authenticationStepResultDetail": step.result,
        "authenticationStepRequirement": step.requirement,
    })
}

fn policy(policy: &AppliedPolicy) -> Value {
    let mut json = json!({"id": policy.id, "displayName": policy.name, "result": policy.result});
    for (name, controls) in
        [("enforcedGrantControls", &policy.grant_controls), ("enforcedSessionControls", &policy.session_controls)]
    {
        if let Some(controls) = controls {
            json[name] = json!(controls);
        }
    }
    json
}

struct SignIns<'a> {
    reader: &'a Reader,
    query: SignInsQuery,
}

impl Rows for SignIns<'_> {
    async fn read(&self, after: Option<&str>, size: u32, counted: Option<Total>) -> Result<Chunk, GraphError> {
        let mut query = self.query.clone();
        query.list.size = size;
        query.list.after = after.and_then(Cursor::decode);
        let page = self.reader.sign_in_records(&query, counted).await?;
        let counted = Some(Total::of(&page));
        Ok(Chunk {
            entities: page.items.iter().map(|record| Some(sign_in(record))).collect(),
            next: page.next,
            counted,
        })
    }

    async fn count(&self) -> Result<Option<i64>, GraphError> {
        let counted = self.read(None, 1, None).await?.counted;
        Ok(counted.filter(|total| total.is_exact).map(|total| total.rows))
    }
}
