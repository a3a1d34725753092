//! What the access log says: who did what, and what came of it.

use std::borrow::Cow;

use crate::instant::Instant;
use crate::named;
use crate::role::Role;
use crate::viewer::{Sender, Viewer};

named! {
    /// Who can do something. The position of a member is stored: append only.
    pub enum ActorKind {
        /// No session and no token.
        Nobody => "nobody",
        Person => "person",
        Token => "token",
        /// Whoever chose a role on a demo's sign-in page.
        Demo => "demo",
        /// Whoever can run the program on the database.
        Console => "console",
        /// The program by itself.
        Program => "program",
    }
}

named! {
    /// What was done. The position of a member is stored: append only.
    pub enum AccessAction {
        SignIn => "sign_in",
        SignOut => "sign_out",
        /// A list, or a record that is about people.
        View => "view",
        /// All that is known of one person.
        ViewPerson => "view_person",
        /// A file of a list was asked for and begun.
        Export => "export",
        /// The file came to its end, or broke off.
        ExportEnd => "export_end",
        Change => "change",
        /// Nothing of anybody: written down because it was refused.
        Other => "other",
        /// What entries say of a person who was erased was taken out of them; the target has their numbers.
        Redact => "redact",
        /// Days that a rule no longer keeps went; the target has the first entry that went, the last, and its hash.
        Expire => "expire",
        /// Refusals of one address beyond those of a minute that have entries of their own; the rows say how many.
        Flood => "flood",
    }
}

named! {
    /// What came of it. The position of a member is stored: append only.
    pub enum AccessOutcome {
        Allowed => "allowed",
        /// The caller may not, is not known, or comes too often.
        Refused => "refused",
        /// It could not be done, or does not exist.
        Failed => "failed",
    }
}

/// Who did something, as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub kind: ActorKind,
    /// Of a person or a token.
    pub id: Option<i64>,
    pub name: String,
    pub role: Option<Role>,
}

impl Actor {
    #[must_use]
    pub const fn nobody() -> Self {
        Self { kind: ActorKind::Nobody, id: None, name: String::new(), role: None }
    }

    #[must_use]
    pub fn console() -> Self {
        Self { kind: ActorKind::Console, ..Self::nobody() }
    }

    #[must_use]
    pub fn program() -> Self {
        Self { kind: ActorKind::Program, ..Self::nobody() }
    }

    /// Whoever has a session: a person, or somebody who chose a role of the demo.
    #[must_use]
    pub fn of_session(viewer: &Viewer) -> Self {
        let kind = if viewer.person_id.is_some() { ActorKind::Person } else { ActorKind::Demo };
        Self { kind, id: viewer.person_id, name: viewer.name.clone(), role: Some(viewer.role) }
    }

    #[must_use]
    pub fn of_token(viewer: &Viewer, token_id: i64) -> Self {
        Self { kind: ActorKind::Token, id: Some(token_id), name: viewer.name.clone(), role: Some(viewer.role) }
    }

    #[must_use]
    pub fn of_sender(sender: &Sender) -> Self {
        Self { kind: ActorKind::Token, id: Some(sender.token_id), name: sender.name.clone(), role: None }
    }
}

/// Something to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    pub at: Instant,
    pub actor: Actor,
    pub action: AccessAction,
    pub outcome: AccessOutcome,
    /// Of the answer, where there was one by HTTP.
    pub status: Option<u16>,
    /// The route, without what stands in its places; or a command.
    pub route: String,
    /// The path and the query as they were asked for: may name people.
    pub target: String,
    /// Hides the target behind its digest, once it is erased: random.
    pub salt: [u8; 16],
    /// How many rows were handed out, where that is known.
    pub rows: Option<i64>,
    pub request_id: String,
    /// The client's, where it is known.
    pub address: String,
}

/// A path and a query as people would write them: what a name is looked for in.
#[must_use]
pub fn spelled(target: &str) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    // A plus is a space in a query, and a plus in a path.
    let path = path.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    let decoded = |text: &str| -> Vec<String> {
        form_urlencoded::parse(text.as_bytes())
            .flat_map(|(name, value)| [name, value])
            .filter(|part| !part.is_empty())
            .map(Cow::into_owned)
            .collect()
    };
    [decoded(&path), decoded(query)].concat().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_spelled_as_people_write_it() {
        assert_eq!(spelled("/users/ada%40contoso.com?as_of=1"), "/users/ada@contoso.com as_of 1");
        assert_eq!(spelled("/users/a+b%2Bc"), "/users/a+b+c");
        assert_eq!(spelled("/users?q=Ada+Byron&user=x%26y"), "/users q Ada Byron user x&y");
        assert_eq!(spelled(""), "");
    }
}
