//! The forms that change what is remembered of a person: language, theme, time zone, shortcuts.

use app::pages::Notice;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::preferences::{Preferences, is_time_zone};

use crate::auth::{secret, session};
use crate::state::AppState;
use crate::web::error::WebError;
use crate::web::pages::{Asked, page_with_notice};
use crate::web::return_to::safe_path;
use crate::web::sign_in::read_form;

/// `POST /preferences`: changes what the form names and nothing else, and leads back to where it stood.
pub async fn change(State(state): State<AppState>, request: Request) -> Result<Response, WebError> {
    let asked = Asked::of(&request);
    // A bearer token has nobody who could choose.
    let session =
        session::from_headers(request.headers(), &state.public_url).ok_or(WebError::plain(StatusCode::FORBIDDEN))?;
    let chosen = request.extensions().get::<Preferences>().cloned().unwrap_or_default();
    let form = read_form::<Vec<(String, String)>>(request).await?;
    let return_to = form.iter().find(|(name, _)| name == "return_to").map(|(_, path)| path.as_str());
    let to = safe_path(return_to);
    let chosen = match changed(chosen, &form) {
        Ok(chosen) => chosen,
        Err(Wrong::TimeZone) => {
            let back: String = form_urlencoded::Serializer::new(String::new()).append_pair("return_to", to).finish();
            let page = format!("/preferences?{back}");
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return page_with_notice(&state, &page, asked, Notice::TimeZoneUnknown, status).await;
        }
        Err(Wrong::Form) => return Err(WebError::plain(StatusCode::UNPROCESSABLE_ENTITY)),
    };
    state.services.identity().set_preferences(secret::digest(&session), &chosen).await?;
    Ok(Redirect::to(to).into_response())
}

#[derive(Debug, PartialEq, Eq)]
enum Wrong {
    /// Typed by a person.
    TimeZone,
    /// Our forms never send this.
    Form,
}

/// The choices with those of the form in their place; a later field wins, an empty one takes a choice back.
fn changed(mut chosen: Preferences, form: &[(String, String)]) -> Result<Preferences, Wrong> {
    for (name, value) in form {
        let value = value.trim();
        match name.as_str() {
            "language" if value.is_empty() => chosen.language = None,
            "language" => chosen.language = Some(value.parse().map_err(|_| Wrong::Form)?),
            "theme" => chosen.theme = value.parse().map_err(|_| Wrong::Form)?,
            "time_zone" if value.is_empty() => chosen.time_zone = None,
            "time_zone" if is_time_zone(value) => chosen.time_zone = Some(value.to_owned()),
            "time_zone" => return Err(Wrong::TimeZone),
            "shortcuts" => chosen.shortcuts = value == "on",
            "return_to" => {}
            _ => return Err(Wrong::Form),
        }
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use domain::preferences::{Language, Theme};

    use super::*;

    fn after(form: &[(&str, &str)]) -> Result<Preferences, Wrong> {
        let form: Vec<_> = form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        changed(Preferences { theme: Theme::Dark, ..Preferences::default() }, &form)
    }

    #[test]
    fn a_form_changes_what_it_names() {
        let dark = Preferences { theme: Theme::Dark, ..Preferences::default() };
        let swedish = Preferences { language: Some(Language::Swedish), ..dark.clone() };
        assert_eq!(after(&[("language", "sv"), ("return_to", "/users")]), Ok(swedish));
        let tokyo = Preferences { time_zone: Some("Asia/Tokyo".into()), ..dark.clone() };
        assert_eq!(after(&[("time_zone", " Asia/Tokyo ")]), Ok(tokyo));
        assert_eq!(after(&[("time_zone", "")]), Ok(dark.clone()));
        let quiet = Preferences { shortcuts: false, ..dark.clone() };
        assert_eq!(after(&[("shortcuts", "off")]), Ok(quiet));
        assert_eq!(after(&[("shortcuts", "off"), ("shortcuts", "on")]), Ok(dark), "a box that is ticked");
        assert_eq!(after(&[("time_zone", "Mars/Base")]), Err(Wrong::TimeZone));
        assert_eq!(after(&[("theme", "pink")]), Err(Wrong::Form));
    }
}
