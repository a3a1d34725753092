-- Who may come in: people, their sessions, tokens and the one-time setup link. Secrets as SHA-256 or argon2id only.

CREATE TABLE people (
    tenant_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    user_name TEXT NOT NULL,
    -- lower-cased, so that a name is taken in any case
    name_key TEXT NOT NULL,
    display_name TEXT NOT NULL,
    role INTEGER NOT NULL,
    password_hash TEXT NOT NULL,
    is_disabled INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_sign_in_at INTEGER,
    PRIMARY KEY (tenant_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX people_name_key_idx ON people (tenant_id, name_key);

CREATE TABLE sessions (
    session_hash TEXT NOT NULL PRIMARY KEY,
    tenant_id INTEGER NOT NULL,
    -- NULL: a demo session, which has its role itself
    person_id INTEGER,
    demo_role INTEGER,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    idle_ms INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_person_id_idx ON sessions (tenant_id, person_id);

CREATE TABLE setup_links (
    tenant_id INTEGER NOT NULL PRIMARY KEY,
    link_hash TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tokens (
    tenant_id INTEGER NOT NULL,
    token_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    hint TEXT NOT NULL,
    -- NULL: may only write records
    role INTEGER,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    last_used_at INTEGER,
    PRIMARY KEY (tenant_id, token_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX tokens_token_hash_idx ON tokens (token_hash);
