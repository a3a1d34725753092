//! Signing in with an identity provider.

mod anew;
mod attacks;
mod logouts;
mod provider;
mod rechecks;
mod sign_ins;
mod twists;

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, StatusCode};
use domain::viewer::TenantId;
use server::auth::oidc::RoleRules;

use self::provider::Provider;
use crate::house::{Answer, Engine, House, request};

/// A server and its provider.
struct Place {
    house: House,
    provider: Provider,
}

/// A browser that has been sent to the provider.
struct Sent {
    /// Its cookies.
    cookie: String,
    /// Where it was sent.
    url: String,
}

impl Place {
    async fn open(engine: Engine) -> Option<Self> {
        Self::open_at(engine, "http://127.0.0.1:14000", RoleRules::default()).await
    }

    async fn open_at(engine: Engine, issuer: &str, rules: RoleRules) -> Option<Self> {
        let provider = Provider::new(issuer);
        let house = House::open_with_provider(engine, provider.oidc(rules)).await?;
        provider.tell_time_by(&house.clock);
        Some(Self { house, provider })
    }

    /// A browser follows the link of the sign-in page.
    async fn send(&self, return_to: &str) -> Sent {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("return_to", return_to).finish();
        let answer = self.house.get(&format!("/sign-in/oidc?{query}"), &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let url = answer.header("location").expect("a place").to_owned();
        Sent { cookie: answer.cookie().expect("a cookie"), url }
    }

    /// The provider sends it back with these.
    async fn come_back(&self, cookie: &str, parameters: &[(String, String)]) -> Answer {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        let path = format!("/sign-in/oidc/callback?{query}");
        let mut request = request(Method::GET, &path, &[("cookie", cookie)], Body::empty());
        let address = SocketAddr::from(([192, 0, 2, 7], 50_000));
        request.extensions_mut().insert(ConnectInfo(address));
        self.house.send(request).await
    }

    /// From the link to the session.
    async fn sign_in_to(&self, return_to: &str) -> Answer {
        let sent = self.send(return_to).await;
        self.come_back(&sent.cookie, &self.provider.authorize(&sent.url)).await
    }

    /// The same where the way may end before the provider.
    async fn sign_in_to_or_refused(&self) -> Answer {
        let answer = self.house.get("/sign-in/oidc", &[]).await;
        if answer.status != StatusCode::SEE_OTHER {
            return answer;
        }
        let url = answer.header("location").expect("a place").to_owned();
        self.come_back(&answer.cookie().expect("a cookie"), &self.provider.authorize(&url)).await
    }

    /// Nobody has come in, and the page says something about it.
    async fn refuses(&self, answer: &Answer, status: StatusCode) {
        assert_eq!(answer.status, status, "{}", answer.text);
        assert_eq!(session_of(answer), None);
        assert!(answer.text.contains("role=\"alert\""), "{}", answer.text);
        let (_, _, admin) = self.house.services.console(TenantId::ONLY);
        assert_eq!(admin.people().await.expect("people"), Vec::new());
    }

    /// The session's cookie, as a `Cookie` header.
    async fn sign_in(&self) -> String {
        let answer = self.sign_in_to("/").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        session_of(&answer).expect("a session")
    }
}

/// The session that an answer begins.
fn session_of(answer: &Answer) -> Option<String> {
    let cookies = answer.headers.get_all("set-cookie").iter();
    let mut cookies = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
    cookies.find(|cookie| cookie.strip_prefix("session=").is_some_and(|value| !value.is_empty())).map(str::to_owned)
}
