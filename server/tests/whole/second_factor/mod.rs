//! No account of this installation is signed in to with a password alone.

mod app;
mod console;
mod device;
mod key_change;
mod passkeys;
mod password;

use axum::http::StatusCode;

use crate::authenticator::{Authenticator, CODE, SET_UP};
use crate::house::{Answer, House, PASSWORD};

impl House {
    /// Posts the right password of somebody; the cookie of the step that begins.
    async fn password(&self, user_name: &str) -> String {
        let led = self.post("/sign-in", &[], &[("user_name", user_name), ("password", PASSWORD)]).await;
        assert_eq!(led.status, StatusCode::SEE_OTHER, "{}", led.text);
        assert!(led.header("location").is_some_and(|to| to == CODE || to == SET_UP), "{:?}", led.header("location"));
        led.cookie().expect("a step")
    }

    /// Somebody with an authenticator app, and a session from setting it up.
    async fn with_app(&self, user_name: &str) -> (Authenticator, String) {
        let step = self.password(user_name).await;
        let (answer, app) = self.set_up_app(&[("cookie", &step)]).await;
        (app, session(&answer).expect("a session"))
    }

    async fn try_code(&self, step: &str, code: &str) -> Answer {
        self.post(CODE, &[("cookie", step)], &[("code", code)]).await
    }

    async fn is_in(&self, cookie: &str) -> bool {
        self.get("/api/v1/data", &[("cookie", cookie)]).await.status == StatusCode::OK
    }
}

/// The session that an answer begins.
fn session(answer: &Answer) -> Option<String> {
    answer.cookie().filter(|cookie| cookie.starts_with("session=") || cookie.starts_with("__Host-session="))
}

/// That an answer signs nobody in and leads to the beginning.
fn is_over(answer: &Answer) {
    assert_eq!((answer.status, session(answer)), (StatusCode::UNAUTHORIZED, None), "{}", answer.text);
    assert!(answer.text.contains("name=\"password\""), "the sign-in page");
}
