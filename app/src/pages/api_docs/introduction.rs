//! What holds for every operation: who asks, what goes wrong, pages of lists, asking again, Microsoft Graph's clients.

use leptos::prelude::*;

use super::text::{english, example, with_code};
use crate::language::{Ui, t};

const TOKEN: &str = "keyroll token create --role security-reader --name my-program\n\
                     export KEYROLL_TOKEN=kr_…";
const PROBLEM: &str = "HTTP/1.1 400 Bad Request\n\
                       Content-Type: application/problem+json\n\n\
                       {\n  \"type\": \"about:blank\",\n  \"title\": \"Wrong parameter\",\n  \"status\": 400,\n  \
                       \"detail\": \"…\",\n  \"parameter\": \"registered\"\n}";

/// A heading, what it says, and how it is done.
struct Part {
    title: &'static str,
    says: &'static str,
    example: String,
    lang: Option<&'static str>,
}

pub fn view(ui: &Ui, public_url: &str) -> AnyView {
    let parts = [
        Part { title: t!(ui, api.token_title), says: t!(ui, api.token), example: TOKEN.to_owned(), lang: None },
        Part {
            title: t!(ui, api.paging_title),
            says: t!(ui, api.paging),
            example: format!(
                "{}\n\n{}",
                ask(public_url, "/api/v1/users?size=1000"),
                ask(public_url, "/api/v1/users?size=1000&after=…")
            ),
            lang: None,
        },
        Part {
            title: t!(ui, api.again_title),
            says: t!(ui, api.again),
            example: format!(
                "{} \\\n  --etag-compare users.etag --etag-save users.etag -o users.json",
                ask(public_url, "/api/v1/users?size=1000")
            ),
            lang: None,
        },
        Part {
            title: t!(ui, api.problem_title),
            says: t!(ui, api.problem),
            example: PROBLEM.to_owned(),
            lang: english(ui),
        },
        Part {
            title: t!(ui, api.graph_title),
            says: t!(ui, api.graph),
            example: ask(public_url, "/v1.0/auditLogs/signIns?$top=10"),
            lang: None,
        },
        Part {
            title: t!(ui, api.time_title),
            says: t!(ui, api.time),
            example: ask(public_url, "/api/v1/overview?as_of=2026-11-01T00:00:00Z"),
            lang: None,
        },
    ];
    let parts = parts.into_iter().map(|part| {
        let label = t!(ui, api.example_of, what = part.title);
        view! {
            <section class="card">
                <div class="card-head">
                    <h2>{part.title}</h2>
                </div>
                <p class="card-text">{with_code(part.says)}</p>
                <div class="api-part" lang=part.lang>
                    {example(label, part.example)}
                </div>
            </section>
        }
    });
    view! { <div class="api-cards">{parts.collect_view()}</div> }.into_any()
}

/// A request that reads.
pub fn ask(public_url: &str, address: &str) -> String {
    format!("curl -H \"Authorization: Bearer $KEYROLL_TOKEN\" \\\n  {}", quoted(&format!("{public_url}{address}")))
}

/// For a shell, which is to leave `$`, `&` and `?` alone.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_an_address_as_it_is() {
        assert_eq!(quoted("http://a/b?$top=1&c=d"), "'http://a/b?$top=1&c=d'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
