//! Styles, scripts, fonts and pictures out of the binary itself.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest as _, Sha256};

/// What `cargo xtask build` makes; a debug build reads the folder itself.
#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct SiteFiles;

/// A page's addresses name the version of all files, so what is behind such an address never changes.
const VERSIONED: &str = "public, max-age=31536000, immutable";
/// Without a version the browser asks each time whether its copy is still the one.
const REVALIDATED: &str = "no-cache";

/// The hash of every file's name and content: another program, other addresses.
///
/// In a path and not a parameter, because scripts find their neighbours by relative addresses.
#[must_use]
pub fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let mut names: Vec<_> = SiteFiles::iter().collect();
        names.sort();
        let mut hasher = Sha256::new();
        for name in names {
            hasher.update(name.as_bytes());
            hasher.update(SiteFiles::get(&name).map(|file| file.metadata.sha256_hash()).unwrap_or_default());
        }
        hex::encode(&hasher.finalize()[..8])
    });
    &VERSION
}

/// `/v/{version}/…`: as pages name the files.
pub async fn versioned(Path((asked, path)): Path<(String, String)>, headers: HeaderMap) -> Response {
    serve(&path, asked == version(), &headers)
}

/// `/pkg/…`: the browser's WebAssembly and its loader.
pub async fn package(Path(path): Path<String>, headers: HeaderMap) -> Response {
    serve(&format!("pkg/{path}"), false, &headers)
}

/// `/assets/…`: everything else.
pub async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    serve(&format!("assets/{path}"), false, &headers)
}

/// Browsers ask for this name by themselves; they all take a drawing.
pub async fn favicon(headers: HeaderMap) -> Response {
    serve("assets/favicon.svg", false, &headers)
}

fn serve(path: &str, is_versioned: bool, headers: &HeaderMap) -> Response {
    let Some((file, encoding)) = find(path, headers) else {
        return (StatusCode::NOT_FOUND, "There is no such file.\n").into_response();
    };
    let etag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let caching = if is_versioned { VERSIONED } else { REVALIDATED };
    let is_known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim().trim_start_matches("W/") == etag);
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = mime_guess::from_path(path).first_or_octet_stream();
        let content_type = if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() };
        ([(header::CONTENT_TYPE, content_type)], file.data).into_response()
    };
    let answer = response.headers_mut();
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        answer.insert(header::ETAG, etag);
    }
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding
        && !is_known
    {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// The file, compressed at build time where the browser takes that.
fn find(path: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    for (suffix, encoding) in [(".br", "br"), (".gz", "gzip")] {
        if accepts(accepted, encoding)
            && let Some(file) = SiteFiles::get(&format!("{path}{suffix}"))
        {
            return Some((file, Some(encoding)));
        }
    }
    SiteFiles::get(path).map(|file| (file, None))
}

fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding))
            && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

#[cfg(test)]
mod tests {
    use super::accepts;

    #[test]
    fn an_encoding_may_be_refused() {
        assert!(accepts("gzip, deflate, br;q=0.5", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("", "gzip"));
        assert!(!accepts("brotli", "br"));
    }
}
