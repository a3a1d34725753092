//! `GET /live`: server-sent events that say that figures have changed. They hold a number and no data.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use domain::viewer::Viewer;

use crate::auth::identify::is_still;
use crate::live::Listener;
use crate::state::AppState;
use crate::web::error::WebError;

/// How often it is looked whether the session goes on: one that an administrator ends is to be over within 5 seconds.
const STILL_THERE: Duration = Duration::from_secs(4);
/// When a browser that lost the connection comes again.
const COME_AGAIN: Duration = Duration::from_secs(3);

struct Stream {
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
    let Some(Extension(viewer)) = viewer else {
        let ended = futures::stream::once(async { Ok::<_, Infallible>(session_ended()) });
        return Ok(Sse::new(ended).into_response());
    };
    let Some(listener) = state.live.listen().await? else {
        return Err(WebError::plain(StatusCode::SERVICE_UNAVAILABLE));
    };
    let stream = Stream { state, headers, viewer, listener, said: None, is_over: false };
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
            tokio::select! {
                changed = self.listener.numbers.changed() => changed.ok()?,
                () = tokio::time::sleep(STILL_THERE) => {}
                () = self.listener.closing.cancelled() => return None,
            }
        }
        // Also before the first number: the request may have waited.
        if !is_still(&self.state, &self.headers, &self.viewer).await.unwrap_or(false) {
            self.is_over = true;
            return Some((session_ended(), self));
        }
        let number = *self.listener.numbers.borrow_and_update();
        if self.said.replace(number) == Some(number) {
            return Some((Event::default().comment("still there"), self));
        }
        let event = Event::default().event("number").data(number.to_string()).retry(COME_AGAIN);
        Some((event, self))
    }
}
