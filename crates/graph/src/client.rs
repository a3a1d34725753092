//! One request, with a token, within the allowance, tried again where that helps.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use domain::connection::{PullProblem, Resource};
use http::{HeaderMap, HeaderValue, header};
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};
use url::Url;

use crate::door::{Door, DoorError};
use crate::limiter::{Allowance, Limiter, Limiters};
use crate::token::{self, Asked, Token};
use crate::{Credential, Now, Tenant, said, wait};

/// A whole answer comes within this, or counts as cut.
const ANSWERED_WITHIN: Duration = Duration::from_secs(300);
/// Longer than this nobody sits and waits: the pull ends and says until when.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
const PREFER: HeaderValue = HeaderValue::from_static("include-unknown-enum-members");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// One application in one tenant.
pub struct Client {
    pub(crate) tenant: Tenant,
    credential: Credential,
    door: Arc<dyn Door>,
    allowance: Allowance,
    pub(crate) now: Now,
    token: Mutex<Option<Token>>,
}

/// Requests that were sent, and those that were told to wait.
#[derive(Debug, Default)]
pub struct Count {
    pub requests: AtomicI64,
    pub throttled: AtomicI64,
}

impl Count {
    /// Requests, and those that were told to wait.
    #[must_use]
    pub fn read(&self) -> (i64, i64) {
        (self.requests.load(Ordering::Relaxed), self.throttled.load(Ordering::Relaxed))
    }
}

/// Why a request brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// 400, 404 or 410: of a first page that it is not offered or understood, of a later one that its link has expired.
    Rejected {
        status: u16,
        code: String,
    },
    Problem(PullProblem),
}

impl From<PullProblem> for Failure {
    fn from(problem: PullProblem) -> Self {
        Self::Problem(problem)
    }
}

impl Client {
    #[must_use]
    pub fn new(tenant: Tenant, credential: Credential, door: Arc<dyn Door>, limiters: &Limiters, now: Now) -> Self {
        let allowance = limiters.of(&tenant.directory, &tenant.client_id);
        Self { tenant, credential, door, allowance, now, token: Mutex::default() }
    }

    /// Reads `url`. `read` makes something of a body, or `None` where it is cut or garbled: then it is asked for again.
    pub(crate) async fn get<T>(
        &self,
        resource: Resource,
        url: &Url,
        count: &Count,
        read: impl Fn(&Bytes) -> Option<T>,
    ) -> Result<(Bytes, T), Failure> {
        let limiter = if resource == Resource::Users { &self.allowance.directory } else { &self.allowance.reports };
        let mut is_renewed = false;
        let mut tries = 0;
        loop {
            let token = self.token().await?;
            limiter.turn(LONGEST_PAUSE).await.map_err(|pause| self.throttled(pause))?;
            count.requests.fetch_add(1, Ordering::Relaxed);
            let headers = HeaderMap::from_iter([
                (header::AUTHORIZATION, token.authorization.clone()),
                (header::ACCEPT, JSON),
                (http::HeaderName::from_static("prefer"), PREFER),
            ]);
            let outcome = timeout(ANSWERED_WITHIN, self.door.get(url.clone(), headers)).await;
            tries += 1;
            let (problem, pause) = match outcome.unwrap_or(Err(DoorError::Cut)) {
                Ok(answer) => match answer.status {
                    200 => match read(&answer.body) {
                        Some(value) => return Ok((answer.body, value)),
                        None => (PullProblem::Broken, wait::back_off(tries)),
                    },
                    401 if !is_renewed => {
                        is_renewed = true;
                        self.forget(&token).await;
                        continue;
                    }
                    401 => return Err(PullProblem::TokenRefused.into()),
                    403 => return Err(said::forbidden(&answer.body, resource, token.permissions.as_deref()).into()),
                    429 => {
                        count.throttled.fetch_add(1, Ordering::Relaxed);
                        let pause = self.obey(limiter, wait::retry_after(&answer.headers, (self.now)()))?;
                        (PullProblem::KeepsThrottling, pause.unwrap_or_else(|| wait::throttled(tries)))
                    }
                    status @ (408 | 500 | 502..=504) => {
                        let pause = self.obey(limiter, wait::retry_after(&answer.headers, (self.now)()))?;
                        (PullProblem::Unavailable { status }, pause.unwrap_or_else(|| wait::back_off(tries)))
                    }
                    status @ (400 | 404 | 410 | 501) => {
                        return Err(Failure::Rejected { status, code: said::code_of(&answer.body) });
                    }
                    status => {
                        let code = said::code_of(&answer.body);
                        return Err(PullProblem::NotUnderstood { status, code }.into());
                    }
                },
                Err(DoorError::TooLarge) => return Err(PullProblem::TooLarge.into()),
                Err(DoorError::Cut) => (PullProblem::Broken, wait::back_off(tries)),
                Err(DoorError::Unreachable) => (self.unreachable(url), wait::back_off(tries)),
            };
            if tries >= wait::TRIES {
                return Err(problem.into());
            }
            if problem == PullProblem::KeepsThrottling {
                // Everybody's requests are counted together.
                limiter.pause(pause);
            }
            sleep(pause).await;
        }
    }

    /// A time that was named is everybody's; one that is too long ends the pull.
    fn obey(&self, limiter: &Limiter, named: Option<Duration>) -> Result<Option<Duration>, PullProblem> {
        let Some(pause) = named else { return Ok(None) };
        limiter.pause(pause);
        if pause > LONGEST_PAUSE {
            return Err(self.throttled(pause));
        }
        Ok(Some(pause))
    }

    fn throttled(&self, pause: Duration) -> PullProblem {
        let millis = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
        PullProblem::Throttled { until: (self.now)().plus_millis(millis) }
    }

    fn unreachable(&self, url: &Url) -> PullProblem {
        PullProblem::Unreachable { host: url.host_str().unwrap_or_default().to_owned() }
    }

    /// The permissions in the token.
    pub(crate) async fn permissions(&self) -> Result<Option<Vec<String>>, PullProblem> {
        Ok(self.token().await?.permissions)
    }

    async fn token(&self) -> Result<Token, PullProblem> {
        let mut kept = self.token.lock().await;
        if let Some(token) = kept.as_ref().filter(|token| token.is_good()) {
            return Ok(token.clone());
        }
        let url = self.tenant.token_url();
        let mut tries = 0;
        loop {
            let outcome = timeout(ANSWERED_WITHIN, self.door.post_token(url.clone(), self.token_form(&url))).await;
            let host = url.host_str().unwrap_or_default();
            tries += 1;
            match token::read(outcome.unwrap_or(Err(DoorError::Cut)), host) {
                Asked::Token(token) => return Ok(kept.insert(token).clone()),
                Asked::Never(problem) => return Err(problem),
                Asked::Later(problem) if tries >= wait::TRIES => return Err(problem),
                Asked::Later(_) => sleep(wait::back_off(tries)).await,
            }
        }
    }

    fn token_form(&self, url: &Url) -> String {
        let scope = format!("{}/.default", self.tenant.graph_root.as_str().trim_end_matches('/'));
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials").append_pair("client_id", &self.tenant.client_id);
        form.append_pair("scope", &scope);
        for (name, value) in self.credential.fields(&self.tenant.client_id, url.as_str(), (self.now)()) {
            form.append_pair(name, &value);
        }
        form.finish()
    }

    /// A token that was refused is not used again; one that somebody else has renewed meanwhile stays.
    async fn forget(&self, refused: &Token) {
        let mut kept = self.token.lock().await;
        if kept.as_ref().is_some_and(|token| token.authorization == refused.authorization) {
            *kept = None;
        }
    }
}
