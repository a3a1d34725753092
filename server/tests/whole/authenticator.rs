//! An authenticator app as on a phone, with HMAC and base32 of its own; and signing in with one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::StatusCode;
use domain::instant::Instant;
use ring::hmac;

use crate::house::{Answer, House};

pub const CODE: &str = "/sign-in/second-step";
pub const SET_UP: &str = "/sign-in/set-up-second-step";
pub const PERIOD_MS: i64 = 30_000;

/// The secret of one account.
#[derive(Debug, Clone)]
pub struct Authenticator {
    secret: Vec<u8>,
    /// As the page shows it.
    shown: String,
}

/// Of everybody who has signed in at a house, with the period of the last code.
#[derive(Debug, Default)]
pub struct Authenticators(Mutex<HashMap<String, (Authenticator, i64)>>);

impl Authenticators {
    fn get(&self, user_name: &str) -> Option<(Authenticator, i64)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(user_name).cloned()
    }

    fn put(&self, user_name: &str, app: Authenticator, now: Instant) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(user_name.to_owned(), (app, now.millis() / PERIOD_MS));
    }
}

impl Authenticator {
    /// Types the secret that a page shows.
    pub fn of_page(page: &str) -> Self {
        let shown = page.split("class=\"secret code\">").nth(1).and_then(|rest| rest.split('<').next());
        let shown = shown.unwrap_or_else(|| panic!("no secret: {page}"));
        Self { secret: base32(&shown.replace(' ', "")), shown: shown.to_owned() }
    }

    /// The secret as pages and links have it, and as bytes.
    pub fn secrets(&self) -> [String; 3] {
        [self.shown.clone(), self.shown.replace(' ', ""), hex::encode(&self.secret)]
    }

    /// RFC 6238 with SHA-1, six digits and 30 seconds.
    pub fn code(&self, now: Instant) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.secret);
        let tag = hmac::sign(&key, &(now.millis() / PERIOD_MS).to_be_bytes());
        let tag = tag.as_ref();
        let from = usize::from(tag[19] & 15);
        let four: [u8; 4] = tag[from..from + 4].try_into().expect("four bytes");
        format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
    }

    /// A code that is wrong now and around it.
    pub fn wrong_code(&self, now: Instant) -> String {
        let right: Vec<_> = (-2..=2).map(|n| self.code(now.plus_millis(n * PERIOD_MS))).collect();
        (0..).map(|n| format!("{n:06}")).find(|code| !right.contains(code)).expect("there are more")
    }
}

fn base32(text: &str) -> Vec<u8> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String =
        text.chars().map(|letter| format!("{:05b}", LETTERS.find(letter).expect("a letter of base32"))).collect();
    (0..bits.len() / 8).map(|n| u8::from_str_radix(&bits[n * 8..n * 8 + 8], 2).expect("bits")).collect()
}

impl House {
    /// Signs in as a person does: by the form, and with an authenticator app, which is set up the first time. Waits for the
    /// next code where the last one was used.
    pub async fn sign_in_by_form(&self, headers: &[(&str, &str)], form: &[(&str, &str)]) -> Answer {
        let name = form.iter().find(|(name, _)| *name == "user_name").expect("a name").1.trim().to_lowercase();
        let led = self.post("/sign-in", headers, form).await;
        assert_eq!(led.status, StatusCode::SEE_OTHER, "{name}: {}", led.text);
        let cookies = with_step(headers, &led);
        let headers: Vec<_> = headers.iter().copied().filter(|(name, _)| *name != "cookie").collect();
        let headers = [headers, vec![("cookie", cookies.as_str())]].concat();
        match (led.header("location"), self.authenticators.get(&name)) {
            (Some(SET_UP), _) => {
                let (answer, app) = self.set_up_app(&headers).await;
                self.authenticators.put(&name, app, self.clock.now());
                answer
            }
            (Some(CODE), Some((app, used))) => {
                if self.clock.now().millis() / PERIOD_MS <= used {
                    self.clock.advance(PERIOD_MS);
                }
                let answer = self.post(CODE, &headers, &[("code", &app.code(self.clock.now()))]).await;
                self.authenticators.put(&name, app, self.clock.now());
                answer
            }
            (to, _) => panic!("{name} is led to {to:?}, and has no app"),
        }
    }

    /// Sets an authenticator app up, within the step that the headers bring.
    pub async fn set_up_app(&self, headers: &[(&str, &str)]) -> (Answer, Authenticator) {
        let page = self.get(SET_UP, headers).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let app = Authenticator::of_page(&page.text);
        let answer = self.post(SET_UP, headers, &[("code", &app.code(self.clock.now()))]).await;
        (answer, app)
    }
}

/// The cookies that a browser had, and the one of its step.
fn with_step(headers: &[(&str, &str)], led: &Answer) -> String {
    let had = headers.iter().filter(|(name, _)| *name == "cookie").map(|(_, cookie)| (*cookie).to_owned());
    had.chain(led.cookie()).collect::<Vec<_>>().join("; ")
}
