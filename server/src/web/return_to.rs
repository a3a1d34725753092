//! The way back after signing in: a path of ours, or nothing.

use app::pages::Notice;
use axum::http::Uri;

/// Longer ones are left out: they would not fit into a `Location` header everywhere.
const MAX_BYTES: usize = 2000;

/// The path and query, if it is one that stays on this site; else the start page.
#[must_use]
pub fn safe_path(given: Option<&str>) -> &str {
    given.filter(|path| is_safe(path)).unwrap_or("/")
}

/// Browsers take `//host`, `/\host` and paths with control characters to other sites.
fn is_safe(path: &str) -> bool {
    let mut chars = path.chars();
    chars.next() == Some('/')
        && !matches!(chars.next(), Some('/' | '\\'))
        && path.len() <= MAX_BYTES
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

/// The sign-in page with the way back to a URI.
#[must_use]
pub fn sign_in_url(from: &Uri, notice: Option<Notice>) -> String {
    let path = from.path_and_query().map_or("/", |path| path.as_str());
    let mut query = form_urlencoded::Serializer::new(String::new());
    if path != "/" && is_safe(path) {
        query.append_pair("return_to", path);
    }
    if let Some(notice) = notice {
        query.append_pair("notice", notice.as_str());
    }
    let query = query.finish();
    if query.is_empty() { "/sign-in".to_owned() } else { format!("/sign-in?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_ours_lead_back() {
        for safe in ["/", "/users?q=a%20b&sort=-at", "/a//b"] {
            assert_eq!(safe_path(Some(safe)), safe);
        }
        for other in ["", "users", "//evil.test", "/\\evil.test", "https://evil.test", "/a\nb", "/a\\b", "/å"] {
            assert_eq!(safe_path(Some(other)), "/", "{other:?}");
        }
        assert_eq!(safe_path(None), "/");
        assert_eq!(safe_path(Some(&format!("/{}", "a".repeat(MAX_BYTES)))), "/");
    }

    #[test]
    fn the_way_back_survives_as_a_parameter() {
        let uri: Uri = "/users?registered=no&q=a".parse().expect("a URI");
        assert_eq!(sign_in_url(&uri, None), "/sign-in?return_to=%2Fusers%3Fregistered%3Dno%26q%3Da");
        assert_eq!(sign_in_url(&"/".parse().expect("a URI"), None), "/sign-in");
    }
}
