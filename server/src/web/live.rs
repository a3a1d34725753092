//! `GET /live`: server-sent events that say that figures have changed, and `/live/exports`, that the viewer's
//! exports have gone on. They hold a number and no data.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use domain::viewer::Viewer;
use store::StoreError;

use crate::auth::identify::is_still;
use crate::live::Listener;
use crate::state::AppState;
use crate::web::error::WebError;

/// How often it is looked whether the session goes on: one that an administrator ends is to be over within 5 seconds.
const STILL_THERE: Duration = Duration::from_secs(4);
/// When a browser that lost the connection comes again.
const COME_AGAIN: Duration = Duration::from_secs(3);

/// How often it is looked how far exports are: they are the viewer's own, and nobody else is told.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What a page follows.
#[derive(Debug, Clone, Copy)]
enum Followed {
    Data,
    Exports,
}

struct Stream {
    followed: Followed,
    state: AppState,
    headers: HeaderMap,
    viewer: Viewer,
    listener: Listener,
    said: Option<i64>,
    is_over: bool,
}

pub async fn live(
    State(state): State<AppState>,
    viewer: Option<Extension<Viewer>>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    follow(state, viewer, headers, Followed::Data).await
}

/// `GET /live/exports`
pub async fn exports(
    State(state): State<AppState>,
    viewer: Option<Extension<Viewer>>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    follow(state, viewer, headers, Followed::Exports).await
}

async fn follow(
    state: AppState,
    viewer: Option<Extension<Viewer>>,
    headers: HeaderMap,
    followed: Followed,
) -> Result<Response, WebError> {
    let Some(Extension(viewer)) = viewer else {
        let ended = futures::stream::once(async { Ok::<_, Infallible>(session_ended()) });
        return Ok(Sse::new(ended).into_response());
    };
    let Some(listener) = state.live.listen().await? else {
        return Err(WebError::plain(StatusCode::SERVICE_UNAVAILABLE));
    };
    let stream = Stream { followed, state, headers, viewer, listener, said: None, is_over: false };
    let events = futures::stream::unfold(stream, |stream| async {
        let (event, stream) = stream.next().await?;
        Some((Ok::<_, Infallible>(event), stream))
    });
    // A proxy that collects before it passes on would hold every event back.
    let at_once = [(HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((at_once, Sse::new(events)).into_response())
}

fn session_ended() -> Event {
    Event::default().event("ended").data("session")
}

impl Stream {
    /// The next event: a number that is not known yet, that the session has ended, or nothing but a sign of life.
    async fn next(mut self) -> Option<(Event, Self)> {
        if self.is_over {
            return None;
        }
        if self.said.is_some() {
            let closing = self.listener.closing.clone();
            tokio::select! {
                changed = self.changed() => changed?,
                () = tokio::time::sleep(STILL_THERE) => {}
                () = closing.cancelled() => return None,
            }
        }
        // Also before the first number: the request may have waited.
        if !is_still(&self.state, &self.headers, &self.viewer).await.unwrap_or(false) {
            self.is_over = true;
            return Some((session_ended(), self));
        }
        // Where the store does not answer there is nothing new to be shown either.
        let number = self.number().await.ok().or(self.said).unwrap_or_default();
        if self.said.replace(number) == Some(number) {
            return Some((Event::default().comment("still there"), self));
        }
        let event = Event::default().event("number").data(number.to_string()).retry(COME_AGAIN);
        Some((event, self))
    }

    /// Waits until there is another number; `None` where there will be none.
    async fn changed(&mut self) -> Option<()> {
        match self.followed {
            Followed::Data => self.listener.numbers.changed().await.ok(),
            Followed::Exports => loop {
                tokio::time::sleep(LOOK_EVERY).await;
                if self.number().await.ok() != self.said {
                    return Some(());
                }
            },
        }
    }

    async fn number(&mut self) -> Result<i64, StoreError> {
        match self.followed {
            Followed::Data => Ok(*self.listener.numbers.borrow_and_update()),
            Followed::Exports => self.state.services.exports(&self.viewer).change_number(self.state.clock.now()).await,
        }
    }
}
