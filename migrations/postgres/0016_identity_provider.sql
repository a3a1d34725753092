-- People who sign in at the organisation's identity provider.

-- Who somebody is there: both are NULL for accounts of this installation alone.
ALTER TABLE people ADD COLUMN issuer TEXT COLLATE "C";
ALTER TABLE people ADD COLUMN subject TEXT COLLATE "C";

CREATE UNIQUE INDEX people_subject_idx ON people (tenant_id, issuer, subject);

-- What its person calls it; the browser it began in at first.
ALTER TABLE sessions ADD COLUMN name TEXT COLLATE "C" NOT NULL DEFAULT '';
-- The provider's name for its own session.
ALTER TABLE sessions ADD COLUMN provider_session TEXT COLLATE "C";
-- When the provider last said which role the person has; NULL: a session that no provider has to do with.
ALTER TABLE sessions ADD COLUMN role_checked_at BIGINT;
-- What it is asked again with, encrypted with a key that follows from the session's cookie.
ALTER TABLE sessions ADD COLUMN refresh_sealed TEXT COLLATE "C";

CREATE INDEX sessions_provider_session_idx ON sessions (tenant_id, provider_session);

-- SHA-256 of what browsers came back from the provider with: good for once.
CREATE TABLE used_attempts (
    attempt_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tenant_id BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
