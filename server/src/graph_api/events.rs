//! Registrations and resets one by one, as `/events` lists them.

use domain::method::AuthMethod;
use domain::page::Cursor;
use domain::query::{EventColumn, EventsQuery, Span};
use domain::record::{Feature, Outcome};
use domain::report::EventItem;
use domain::window::Window;
use odata::Bounds;
use serde_json::{Value, json};
use store::{Listed as _, Reader, Total};

use super::error::GraphError;
use super::paging::{Chunk, Listing, Rows};
use super::types::{GraphType, USER_CREDENTIAL_USAGE_DETAILS, USER_EVENTS_SUMMARY};
use super::{Asked, bounds, methods};

/// `reports/authenticationMethods/userEventsSummary`
pub async fn summary(asked: &Asked) -> Result<Value, GraphError> {
    let context = "reports/authenticationMethods/userEventsSummary";
    page(asked, &USER_EVENTS_SUMMARY, context, methods::used).await
}

/// `reports/userCredentialUsageDetails`
pub async fn usage_details(asked: &Asked) -> Result<Value, GraphError> {
    let context = "reports/userCredentialUsageDetails";
    page(asked, &USER_CREDENTIAL_USAGE_DETAILS, context, methods::used_in_2019).await
}

async fn page(
    asked: &Asked,
    entity: &GraphType,
    context: &str,
    method: fn(AuthMethod) -> &'static str,
) -> Result<Value, GraphError> {
    let listing = Listing::of(asked, entity.of(asked.version))?;
    let mut query = EventsQuery::of(Asked::whole(listing.as_of));
    if let Some(sort) = listing.sort("events", column)? {
        query.list.sort = sort;
    }
    if let Some(filter) = &listing.filter {
        narrow(&mut query, &filter.bounds());
    }
    listing.page(asked, context, &Events { reader: &asked.reader, query, method }).await
}

fn narrow(query: &mut EventsQuery, bounds: &Bounds) {
    let whole: Window = query.report.window();
    query.report.span = Span::Window(bounds::window(bounds, "eventDateTime", whole));
    if let Some(features) = bounds::texts(bounds, "feature") {
        let features: Vec<Feature> = features.iter().filter_map(|name| name.parse().ok()).collect();
        query.feature = features;
    }
    if let Some(success) = bounds::flag(bounds, "isSuccess") {
        query.status = vec![if success { Outcome::Success } else { Outcome::Failure }];
    }
}

fn column(property: &str) -> Option<EventColumn> {
    Some(match property {
        "id" => EventColumn::Id,
        "eventDateTime" => EventColumn::At,
        "userPrincipalName" => EventColumn::UserName,
        "userDisplayName" => EventColumn::DisplayName,
        "isSuccess" => EventColumn::Status,
        "failureReason" => EventColumn::Reason,
        _ => return None,
    })
}

fn event(event: &EventItem, method: fn(AuthMethod) -> &'static str) -> Value {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    json!({
        "id": event.id,
        "feature": event.feature,
        "userPrincipalName": text(&event.user_name),
        "userDisplayName": text(&event.display_name),
        "isSuccess": event.status == Outcome::Success,
        "authMethod": method(event.method),
        "failureReason": text(&event.reason),
        "eventDateTime": event.at,
    })
}

struct Events<'a> {
    reader: &'a Reader,
    query: EventsQuery,
    method: fn(AuthMethod) -> &'static str,
}

impl Rows for Events<'_> {
    async fn read(&self, after: Option<&str>, size: u32, counted: Option<Total>) -> Result<Chunk, GraphError> {
        let mut query = self.query.clone();
        query.list.size = size;
        query.list.after = after.and_then(Cursor::decode);
        let page = query.page_of(self.reader, counted).await?;
        let counted = Some(Total::of(&page));
        let entities = page.items.iter().map(|item| Some(event(item, self.method))).collect();
        Ok(Chunk { entities, next: page.next, counted })
    }

    async fn count(&self) -> Result<Option<i64>, GraphError> {
        let counted = self.read(None, 1, None).await?.counted;
        Ok(counted.filter(|total| total.is_exact).map(|total| total.rows))
    }
}
