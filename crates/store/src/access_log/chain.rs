//! An entry as it is stored, and the hash that binds it to all before it.

use domain::access::{Access, AccessAction, AccessOutcome, ActorKind};
use domain::instant::Instant;
use domain::report::AccessItem;
use domain::role::Role;
use sea_query::Value;
use sha2::{Digest as _, Sha256};

use super::{search_text, stored};
use crate::StoreError;
use crate::db::args;
use crate::error::member;

/// What is hashed begins with this: another encoding gets another name.
const ENCODING: &[u8] = b"keyroll access log 1";

/// A row of the log.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Entry {
    pub tenant_id: i64,
    pub entry_id: i64,
    pub at: i64,
    pub actor_kind: i64,
    pub actor_id: Option<i64>,
    pub actor_name: String,
    pub actor_role: Option<i64>,
    pub action: i64,
    pub outcome: i64,
    pub status: Option<i64>,
    pub route: String,
    pub target: Option<String>,
    pub salt: Option<String>,
    pub target_digest: String,
    pub row_count: Option<i64>,
    pub request_id: String,
    pub address: String,
    pub search: String,
    pub previous_hash: String,
    pub hash: String,
}

impl Entry {
    pub const COLUMNS: &str = "tenant_id, entry_id, at, actor_kind, actor_id, actor_name, actor_role, action, outcome, \
        status, route, target, salt, target_digest, row_count, request_id, address, search, previous_hash, hash";
    pub const WIDTH: usize = 20;

    /// The entry that follows on another's hash.
    pub fn new(tenant_id: i64, entry_id: i64, previous_hash: String, access: Access, target: String) -> Self {
        let Access { at, actor, action, outcome, status, route, target: _, salt, rows, request_id, address } = access;
        let salt = hex::encode(salt);
        let actor_name = stored(&actor.name);
        let mut entry = Self {
            tenant_id,
            entry_id,
            at: at.millis(),
            actor_kind: actor.kind.code(),
            actor_id: actor.id,
            search: search_text(&actor_name, Some(&target)),
            actor_name,
            actor_role: actor.role.map(Role::code),
            action: action.code(),
            outcome: outcome.code(),
            status: status.map(i64::from),
            route: stored(&route),
            target_digest: target_digest(&salt, &target),
            target: Some(target),
            salt: Some(salt),
            row_count: rows,
            request_id: stored(&request_id),
            address: stored(&address),
            previous_hash,
            hash: String::new(),
        };
        entry.hash = entry.chained();
        entry
    }

    /// SHA-256, in hexadecimal digits, of the hash before and of everything that the entry says. Each part is led by what
    /// it is (0 none, 1 a number of 8 bytes, 2 a text) and a text by its length in 8 bytes, so that no two entries are
    /// the same bytes. The target stands there by its digest.
    pub fn chained(&self) -> String {
        let mut hasher = Sha256::new();
        hasher.update(ENCODING);
        let mut text = |text: &str| {
            hasher.update([2]);
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text);
        };
        for part in
            [&self.previous_hash, &self.actor_name, &self.route, &self.target_digest, &self.request_id, &self.address]
        {
            text(part);
        }
        for part in [
            Some(self.tenant_id),
            Some(self.entry_id),
            Some(self.at),
            Some(self.actor_kind),
            self.actor_id,
            self.actor_role,
            Some(self.action),
            Some(self.outcome),
            self.status,
            self.row_count,
        ] {
            match part {
                None => hasher.update([0]),
                Some(number) => {
                    hasher.update([1]);
                    hasher.update(number.to_be_bytes());
                }
            }
        }
        hex::encode(hasher.finalize())
    }

    pub fn values(self) -> Vec<Value> {
        args![
            self.tenant_id,
            self.entry_id,
            self.at,
            self.actor_kind,
            self.actor_id,
            self.actor_name,
            self.actor_role,
            self.action,
            self.outcome,
            self.status,
            self.route,
            self.target,
            self.salt,
            self.target_digest,
            self.row_count,
            self.request_id,
            self.address,
            self.search,
            self.previous_hash,
            self.hash,
        ]
    }

    pub fn item(self) -> Result<AccessItem, StoreError> {
        const TABLE: &str = "access_log";
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        Ok(AccessItem {
            id: self.entry_id,
            at: Instant::from_millis(self.at),
            actor_kind: member(TABLE, "actor_kind", self.actor_kind, ActorKind::from_code)?,
            actor_id: self.actor_id,
            actor: self.actor_name,
            role: self.actor_role.map(|code| member(TABLE, "actor_role", code, Role::from_code)).transpose()?,
            action: member(TABLE, "action", self.action, AccessAction::from_code)?,
            outcome: member(TABLE, "outcome", self.outcome, AccessOutcome::from_code)?,
            status: self.status,
            route: self.route,
            target: self.target,
            rows: self.row_count,
            address: some(self.address),
            request_id: some(self.request_id),
            hash: self.hash,
        })
    }
}

/// SHA-256 of the salt, led by its length, and the target; in hexadecimal digits.
pub(crate) fn target_digest(salt: &str, target: &str) -> String {
    let length = (salt.len() as u64).to_be_bytes();
    hex::encode(Sha256::new().chain_update(length).chain_update(salt).chain_update(target).finalize())
}

#[cfg(test)]
mod tests {
    use domain::access::Actor;

    use super::*;

    fn entry() -> Entry {
        let access = Access {
            at: Instant::from_millis(1),
            actor: Actor { kind: ActorKind::Person, id: Some(2), name: "Sara".into(), role: Some(Role::GlobalReader) },
            action: AccessAction::ViewPerson,
            outcome: AccessOutcome::Allowed,
            status: Some(200),
            route: "/users/{id}".into(),
            target: String::new(),
            salt: [7; 16],
            rows: None,
            request_id: "r".into(),
            address: "192.0.2.1".into(),
        };
        Entry::new(1, 1, String::new(), access, "/users/ada".into())
    }

    /// The encoding is part of what is kept: it stays.
    #[test]
    fn the_hash_of_an_entry_is_always_the_same() {
        assert_eq!(entry().hash, entry().chained());
        assert_eq!(entry().hash, "22e3f9a1b631e03c82dd7205c32fac49d11acd87539b07e5b5d3304568406242");
    }

    #[test]
    fn what_moves_from_one_field_to_the_next_is_another_entry() {
        let moved = Entry { request_id: "r1".into(), address: "92.0.2.1".into(), ..entry() };
        assert_ne!(moved.chained(), entry().hash);
        let moved = Entry { actor_id: None, actor_role: Some(2), ..entry() };
        assert_ne!(moved.chained(), entry().hash);
    }
}
