-- Who may come in: people, their sessions, tokens and the one-time setup link. Secrets as SHA-256 or argon2id only.

CREATE TABLE people (
    tenant_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    user_name TEXT COLLATE "C" NOT NULL,
    -- lower-cased, so that a name is taken in any case
    name_key TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    role BIGINT NOT NULL,
    password_hash TEXT COLLATE "C" NOT NULL,
    is_disabled BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_sign_in_at BIGINT,
    PRIMARY KEY (tenant_id, person_id)
);

CREATE UNIQUE INDEX people_name_key_idx ON people (tenant_id, name_key);

CREATE TABLE sessions (
    session_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tenant_id BIGINT NOT NULL,
    -- NULL: a demo session, which has its role itself
    person_id BIGINT,
    demo_role BIGINT,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    idle_ms BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX sessions_person_id_idx ON sessions (tenant_id, person_id);

CREATE TABLE setup_links (
    tenant_id BIGINT NOT NULL PRIMARY KEY,
    link_hash TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE tokens (
    tenant_id BIGINT NOT NULL,
    token_id BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    token_hash TEXT COLLATE "C" NOT NULL,
    hint TEXT COLLATE "C" NOT NULL,
    -- NULL: may only write records
    role BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    last_used_at BIGINT,
    PRIMARY KEY (tenant_id, token_id)
);

CREATE UNIQUE INDEX tokens_token_hash_idx ON tokens (token_hash);
