//! The address of each resource (`spec/graph.md` §2, §3.7, §4.1).

use domain::connection::Resource;
use domain::instant::Instant;
use form_urlencoded::byte_serialize;
use url::Url;

use crate::Tenant;

/// From when, and up to when: `None` has no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub from: Instant,
    pub to: Option<Instant>,
}

/// What is known of a user in the directory.
const USER: &str = "id,userPrincipalName,displayName,userType,accountEnabled,department,country,createdDateTime";

/// The first page; `page_size` is a wish. Later pages have links of Graph's own.
pub(crate) fn first_page(
    tenant: &Tenant,
    resource: Resource,
    version: &str,
    span: Option<Span>,
    page_size: u32,
) -> Url {
    let mut options = vec![("$top", page_size.min(most_at_once(resource)).to_string())];
    if resource == Resource::Users {
        options.push(("$select", USER.to_owned()));
    }
    if let Some(filter) = span.and_then(|span| filter(resource, span)) {
        options.push(("$filter", filter));
    }
    let options: Vec<String> = options.iter().map(|(name, value)| format!("{name}={}", quoted(value))).collect();
    tenant.graph_url(&format!("/{version}/{}?{}", path(resource), options.join("&")))
}

/// Percent-encoded, with `%20` for a space: not every server of Graph takes `+`.
fn quoted(value: &str) -> String {
    byte_serialize(value.as_bytes()).collect::<String>().replace('+', "%20")
}

fn path(resource: Resource) -> &'static str {
    match resource {
        Resource::Users => "users",
        Resource::RegistrationDetails => "reports/authenticationMethods/userRegistrationDetails",
        Resource::DirectoryAudits => "auditLogs/directoryAudits",
        Resource::SignIns | Resource::NonInteractiveSignIns => "auditLogs/signIns",
        Resource::EventsSummary => "reports/authenticationMethods/userEventsSummary",
    }
}

/// Records that Graph gives at once.
fn most_at_once(resource: Resource) -> u32 {
    match resource {
        Resource::Users | Resource::RegistrationDetails => 999,
        _ => 1000,
    }
}

/// The versions to try, the best first.
pub(crate) fn versions(resource: Resource) -> &'static [&'static str] {
    match resource {
        Resource::SignIns => &["beta", "v1.0"],
        Resource::NonInteractiveSignIns | Resource::EventsSummary => &["beta"],
        _ => &["v1.0"],
    }
}

fn filter(resource: Resource, span: Span) -> Option<String> {
    let time = match resource {
        Resource::DirectoryAudits => "activityDateTime",
        Resource::SignIns | Resource::NonInteractiveSignIns => "createdDateTime",
        _ => return None,
    };
    let mut filter = format!("{time} ge {}", span.from);
    if let Some(to) = span.to {
        filter.push_str(&format!(" and {time} le {to}"));
    }
    // Without it beta gives interactive ones alone.
    if resource == Resource::NonInteractiveSignIns {
        filter.push_str(" and signInEventTypes/any(t: t eq 'nonInteractiveUser')");
    }
    Some(filter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_requests_are_those_that_microsoft_documents() {
        let id = "7a1c0de0-0000-4000-8000-000000000001";
        let tenant =
            Tenant::new(id, id, "https://login.microsoftonline.com", "https://graph.microsoft.com", &[]).expect("fine");
        let from = "2026-11-19T12:00:00Z".parse().expect("a time");
        let to = "2026-11-20T12:00:00Z".parse().ok();
        let url = |resource: Resource, to| {
            let version = versions(resource)[0];
            first_page(&tenant, resource, version, Some(Span { from, to }), 1000).to_string()
        };
        assert_eq!(
            url(Resource::DirectoryAudits, to),
            "https://graph.microsoft.com/v1.0/auditLogs/directoryAudits?$top=1000&$filter=activityDateTime%20ge%20\
             2026-11-19T12%3A00%3A00.000Z%20and%20activityDateTime%20le%202026-11-20T12%3A00%3A00.000Z"
        );
        assert_eq!(
            url(Resource::SignIns, None),
            "https://graph.microsoft.com/beta/auditLogs/signIns?$top=1000&$filter=createdDateTime%20ge%20\
             2026-11-19T12%3A00%3A00.000Z"
        );
        assert!(url(Resource::NonInteractiveSignIns, None).contains("signInEventTypes"));
        assert_eq!(
            url(Resource::RegistrationDetails, None),
            "https://graph.microsoft.com/v1.0/reports/authenticationMethods/userRegistrationDetails?$top=999"
        );
        assert_eq!(
            url(Resource::EventsSummary, None),
            "https://graph.microsoft.com/beta/reports/authenticationMethods/userEventsSummary?$top=1000"
        );
        assert!(url(Resource::Users, None).starts_with("https://graph.microsoft.com/v1.0/users?$top=999&$select=id"));
    }
}
