//! The token: made when first needed, kept until shortly before it ends.

use std::time::Duration;

use domain::connection::PullProblem;
use serde::Deserialize;
use tokio::time::Instant;

use crate::door::{Answer, DoorError};
use crate::said;

/// A token this close to its end counts as ended.
const RENEWED_BEFORE: Duration = Duration::from_secs(300);
/// A token is good for at least this long, whatever is said of it.
const SHORTEST: Duration = Duration::from_secs(30);

#[derive(Clone)]
pub(crate) struct Token {
    pub authorization: http::HeaderValue,
    /// What the application may read; `None` where the token does not show it.
    pub permissions: Option<Vec<String>>,
    good_until: Instant,
}

impl Token {
    pub fn is_good(&self) -> bool {
        Instant::now() < self.good_until
    }
}

/// A token, or why there is none, or that asking again may help.
pub(crate) enum Asked {
    Token(Token),
    Never(PullProblem),
    Later(PullProblem),
}

/// What an answer of the authority means.
pub(crate) fn read(outcome: Result<Answer, DoorError>, host: &str) -> Asked {
    #[derive(Deserialize)]
    struct Granted {
        access_token: String,
        #[serde(default)]
        expires_in: u64,
    }
    let answer = match outcome {
        Ok(answer) => answer,
        Err(DoorError::Unreachable) => return Asked::Later(PullProblem::Unreachable { host: host.to_owned() }),
        Err(DoorError::Cut) => return Asked::Later(PullProblem::Broken),
        Err(DoorError::TooLarge) => return Asked::Never(PullProblem::TooLarge),
    };
    match answer.status {
        200 => {
            let granted = serde_json::from_slice::<Granted>(&answer.body).ok();
            let token = granted.and_then(|granted| {
                let mut authorization =
                    http::HeaderValue::from_str(&format!("Bearer {}", granted.access_token)).ok()?;
                authorization.set_sensitive(true);
                let good_for = Duration::from_secs(granted.expires_in).saturating_sub(RENEWED_BEFORE).max(SHORTEST);
                let permissions = said::permissions_of(&granted.access_token);
                Some(Token { authorization, permissions, good_until: Instant::now() + good_for })
            });
            token.map_or(Asked::Later(PullProblem::Broken), Asked::Token)
        }
        408 | 429 | 500.. => Asked::Later(PullProblem::Unavailable { status: answer.status }),
        _ => Asked::Never(said::refused_token(&answer.body)),
    }
}
