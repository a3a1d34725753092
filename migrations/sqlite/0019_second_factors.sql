-- What accounts of this installation are proven with beside a password, and sign-ins that are under way.

-- The secret of an authenticator app, encrypted with a key that is not here; NULL: there is none.
ALTER TABLE people ADD COLUMN totp_sealed TEXT;
-- The period of the last code that was right: none is good twice.
ALTER TABLE people ADD COLUMN totp_last_step INTEGER;
-- Wrong codes since something right.
ALTER TABLE people ADD COLUMN wrong_codes INTEGER NOT NULL DEFAULT 0;
-- Random bytes that passkeys know the person by; NULL: there has been none.
ALTER TABLE people ADD COLUMN passkey_handle TEXT;

CREATE TABLE passkeys (
    tenant_id INTEGER NOT NULL,
    passkey_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    credential_id TEXT NOT NULL,
    -- the public key, how often it has signed, and what kind it is
    credential TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    PRIMARY KEY (tenant_id, passkey_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX passkeys_credential_id_idx ON passkeys (tenant_id, credential_id);
CREATE INDEX passkeys_person_id_idx ON passkeys (tenant_id, person_id);

-- SHA-256 of a secret that one browser has.
CREATE TABLE second_steps (
    step_hash TEXT NOT NULL PRIMARY KEY,
    tenant_id INTEGER NOT NULL,
    purpose INTEGER NOT NULL,
    -- NULL: the passkey will say who it is
    person_id INTEGER,
    -- a secret that no code has confirmed yet, encrypted
    totp_sealed TEXT,
    -- what a passkey has to answer, once
    challenge TEXT,
    tries INTEGER NOT NULL,
    return_to TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX second_steps_person_id_idx ON second_steps (tenant_id, person_id);
