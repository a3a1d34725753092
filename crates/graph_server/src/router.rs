//! Every route, and what each request goes through: token, allowance, permission, fault, page.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Response, Uri, header};
use axum::routing::{get, post};
use domain::instant::Instant;
use serde_json::{Value, json};

use crate::answers::{cut, error, json_answer, wait};
use crate::faults::{Fault, RetryAfter};
use crate::paging::Cursors;
use crate::world::{Asked, Kind, World};
use crate::{InProcess, filter, tokens};

/// 5 requests in 10 seconds (`spec/graph.md` §5.2).
const ALLOWED: usize = 5;
const WINDOW: Duration = Duration::from_secs(10);

type Faults = Box<dyn FnMut(&str) -> Option<Fault> + Send>;

struct Inner {
    world: World,
    faults: Faults,
    cursors: Cursors,
    /// Tokens that are good, and until when.
    tokens: HashMap<String, tokio::time::Instant>,
    tokens_made: u64,
    recent: VecDeque<tokio::time::Instant>,
    /// The address in links.
    root: String,
    began: (tokio::time::Instant, Instant),
}

/// A Graph and its authority, at one address.
#[derive(Clone)]
pub struct GraphServer {
    inner: Arc<Mutex<Inner>>,
}

impl GraphServer {
    /// `root`: its address in links and audiences; `now`: what time it is there at the beginning.
    #[must_use]
    pub fn new(world: World, root: &str, now: Instant) -> Self {
        let inner = Inner {
            world,
            faults: Box::new(|_| None),
            cursors: Cursors::default(),
            tokens: HashMap::new(),
            tokens_made: 0,
            recent: VecDeque::new(),
            root: root.to_owned(),
            began: (tokio::time::Instant::now(), now),
        };
        Self { inner: Arc::new(Mutex::new(inner)) }
    }

    /// Looks at the world, or changes it.
    pub fn world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        look(&mut self.lock().world)
    }

    /// Asked before each answer of Graph's, with the path: which fault it is to have.
    pub fn misbehave(&self, faults: impl FnMut(&str) -> Option<Fault> + Send + 'static) {
        self.lock().faults = Box::new(faults);
    }

    /// From now on everything goes as it should.
    pub fn behave(&self) {
        self.misbehave(|_| None);
    }

    /// What time it is, by a clock that is right.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.lock().now()
    }

    #[must_use]
    pub fn door(&self) -> InProcess {
        InProcess(self.router())
    }

    pub fn router(&self) -> Router {
        Router::new()
            .route("/{directory}/oauth2/v2.0/token", post(token))
            .route("/{version}/users", get(answer))
            .route("/{version}/auditLogs/{log}", get(answer))
            .route("/{version}/reports/authenticationMethods/{report}", get(answer))
            .fallback(async || error(404, "ResourceNotFound"))
            .with_state(self.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn now(&self) -> Instant {
        let elapsed = self.began.0.elapsed().as_millis();
        self.began.1.plus_millis(i64::try_from(elapsed).unwrap_or(i64::MAX))
    }
}

async fn token(State(server): State<GraphServer>, Path(directory): Path<String>, request: Request) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap_or_default();
    let form: HashMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
    let mut inner = server.lock();
    let url = format!("{}{path}", inner.root);
    let scope = format!("{}/.default", inner.root);
    let now = inner.now();
    match tokens::check(&inner.world, &directory, &url, &scope, &form, now) {
        Err(code) => json_answer(if code == 90_002 { 400 } else { 401 }, &tokens::refusal(code)),
        Ok(()) => {
            inner.tokens_made += 1;
            let token = tokens::token(&inner.world, inner.tokens_made);
            let seconds = inner.world.token_seconds;
            inner.tokens.insert(token.clone(), tokio::time::Instant::now() + Duration::from_secs(seconds));
            json_answer(200, &json!({ "token_type": "Bearer", "expires_in": seconds, "access_token": token }))
        }
    }
}

async fn answer(State(server): State<GraphServer>, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let at = tokio::time::Instant::now();
    let (latency, fault) = {
        let mut inner = server.lock();
        (inner.world.latency_ms, (inner.faults)(uri.path()))
    };
    let slow = if let Some(Fault::Slow(seconds)) = fault { seconds * 1000 } else { 0 };
    let response = server.lock().answer(&uri, &headers, fault, at);
    let asked = Asked {
        at,
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        status: response.status().as_u16(),
        is_report: is_report(uri.path()),
    };
    server.lock().world.asked.push(asked);
    tokio::time::sleep(Duration::from_millis(latency + slow)).await;
    response
}

fn is_report(path: &str) -> bool {
    path.contains("/auditLogs/") || path.contains("/reports/")
}

impl Inner {
    fn answer(
        &mut self,
        uri: &Uri,
        headers: &HeaderMap,
        fault: Option<Fault>,
        at: tokio::time::Instant,
    ) -> Response<Body> {
        let path = uri.path().to_owned();
        let now = self.now().plus_millis(self.world.skew_ms);
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        if fault == Some(Fault::Unauthorized) {
            self.tokens.clear();
        }
        if bearer.and_then(|token| self.tokens.get(token)).is_none_or(|until| *until <= at) {
            return error(401, "InvalidAuthenticationToken");
        }
        if is_report(&path) && self.world.counts_requests {
            while self.recent.front().is_some_and(|first| at - *first >= WINDOW) {
                self.recent.pop_front();
            }
            self.recent.push_back(at);
            if self.recent.len() > ALLOWED {
                self.world.over_budget += 1;
                return wait(429, RetryAfter::Seconds(10), now);
            }
        }
        match fault {
            Some(Fault::TooMany(retry_after)) => return wait(429, retry_after, now),
            Some(Fault::Status(status, retry_after)) => return wait(status, retry_after, now),
            Some(Fault::NotJson) => return Response::new(Body::from("<html><body>We are sorry</body></html>")),
            _ => {}
        }
        match self.page(uri, &path, fault) {
            Err((status, code)) => error(status, code),
            Ok(page) => match fault {
                Some(Fault::Cut) => cut(&page.to_string(), true),
                Some(Fault::Truncated) => cut(&page.to_string(), false),
                _ => json_answer(200, &page),
            },
        }
    }

    fn page(&mut self, uri: &Uri, path: &str, fault: Option<Fault>) -> Result<Value, (u16, &'static str)> {
        let options: HashMap<String, String> =
            form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        let (list, from, size) = match options.get("$skiptoken") {
            Some(_) if fault == Some(Fault::ExpiredLink) => return Err((400, "Directory_ExpiredPageToken")),
            Some(token) => {
                let cursor = self.cursors.find(path, token).ok_or((400, "Directory_ExpiredPageToken"))?;
                (cursor.list, cursor.from, cursor.size)
            }
            None => {
                let top = options.get("$top").map_or(Ok(1000), |top| top.parse::<usize>()).unwrap_or_default();
                if top == 0 || top > 1000 || options.keys().any(|name| name == "$skip") {
                    return Err((400, "BadRequest"));
                }
                (Arc::new(self.list(path, &options)?), 0, top.min(self.world.page_size))
            }
        };
        let to = (from + size).min(list.len());
        let mut value = list[from..to].to_vec();
        // Where the next page begins.
        let mut next = to;
        match fault {
            Some(Fault::DuplicatePage | Fault::EndlessPages) => next = from,
            Some(Fault::EmptyPage) => {
                value.clear();
                next = from;
            }
            Some(Fault::Reordered) => value.reverse(),
            Some(Fault::HugeField) => {
                if let Some(Value::Object(first)) = value.first_mut() {
                    first.insert("comment".to_owned(), "x".repeat(1 << 20).into());
                }
            }
            _ => {}
        }
        let here = uri.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        let link = match fault {
            Some(Fault::Loop) => Some(format!("{}{here}", self.root)),
            Some(Fault::ForeignLink) => Some(format!("https://graph.example.net{here}")),
            _ => (next < list.len()).then(|| {
                let token = self.cursors.keep(path, list, next, size);
                self.link(path, &token)
            }),
        };
        let mut page = json!({ "@odata.context": format!("{}{path}#$metadata", self.root), "value": value });
        if let Some(link) = link {
            page["@odata.nextLink"] = link.into();
        }
        Ok(page)
    }

    fn link(&self, path: &str, token: &str) -> String {
        let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("$skiptoken", token).finish();
        format!("{}{path}?{query}", self.root)
    }

    /// The whole list that a first page is asked of.
    fn list(&self, path: &str, options: &HashMap<String, String>) -> Result<Vec<Value>, (u16, &'static str)> {
        let world = &self.world;
        let (version, resource) = path.trim_start_matches('/').split_once('/').unwrap_or_default();
        let is_beta = version == "beta";
        if (is_beta && !world.has_beta) || !matches!(version, "beta" | "v1.0") {
            return Err((404, "ResourceNotFound"));
        }
        let needs: &[&str] = match resource {
            "users" => &["User.Read.All"],
            "auditLogs/signIns" => &["AuditLog.Read.All", "Directory.Read.All"],
            _ => &["AuditLog.Read.All"],
        };
        let has = |permission: &str| world.permissions.contains(permission);
        let is_allowed = needs.iter().all(|need| has(need)) || (resource == "users" && has("Directory.Read.All"));
        if !is_allowed {
            return Err((403, "Authorization_RequestDenied"));
        }
        if !world.is_licensed && !matches!(resource, "users" | "auditLogs/directoryAudits") {
            return Err((403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant"));
        }
        let logged = |time: &str| {
            let filter = filter::read(options.get("$filter").map(String::as_str), time).ok_or((400, "BadRequest"))?;
            if filter.is_non_interactive && !is_beta {
                return Err((400, "BadRequest"));
            }
            let kind = match (time, filter.is_non_interactive) {
                ("activityDateTime", _) => Kind::Audit,
                (_, true) => Kind::NonInteractiveSignIn,
                (_, false) => Kind::SignIn,
            };
            let mut found: Vec<(Instant, Value)> = world
                .events
                .iter()
                .filter(|event| event.kind == kind && filter.from <= event.at && event.at <= filter.to)
                .filter_map(|event| Some((event.at, event.seen(self.now())?.clone())))
                .collect();
            // Newest first.
            found.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
            Ok(found.into_iter().map(|(_, value)| value).collect::<Vec<_>>())
        };
        let strip = |mut values: Vec<Value>, names: &[&str]| {
            for value in values.iter_mut().filter_map(Value::as_object_mut) {
                value.retain(|name, _| !names.contains(&name.as_str()));
            }
            values
        };
        match resource {
            "users" => Ok(world.users.clone()),
            "reports/authenticationMethods/userRegistrationDetails" => Ok(world.registration.clone()),
            "reports/authenticationMethods/userEventsSummary" if is_beta => Ok(world.events_summary.clone()),
            "auditLogs/directoryAudits" => logged("activityDateTime"),
            "auditLogs/signIns" => {
                let mut hidden = Vec::new();
                if !is_beta {
                    hidden.extend(["authenticationDetails", "authenticationRequirement", "mfaDetail"]);
                }
                if !has("Policy.Read.All") && !has("Policy.Read.ConditionalAccess") {
                    hidden.push("appliedConditionalAccessPolicies");
                }
                Ok(strip(logged("createdDateTime")?, &hidden))
            }
            _ => Err((404, "ResourceNotFound")),
        }
    }
}
