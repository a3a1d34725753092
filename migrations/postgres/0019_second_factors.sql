-- What accounts of this installation are proven with beside a password, and sign-ins that are under way.

-- The secret of an authenticator app, encrypted with a key that is not here; NULL: there is none.
ALTER TABLE people ADD COLUMN totp_sealed TEXT COLLATE "C";
-- The period of the last code that was right: none is good twice.
ALTER TABLE people ADD COLUMN totp_last_step BIGINT;
-- Wrong codes since something right.
ALTER TABLE people ADD COLUMN wrong_codes BIGINT NOT NULL DEFAULT 0;
-- Random bytes that passkeys know the person by; NULL: there has been none.
ALTER TABLE people ADD COLUMN passkey_handle TEXT COLLATE "C";

CREATE TABLE passkeys (
    tenant_id BIGINT NOT NULL,
    passkey_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    credential_id TEXT COLLATE "C" NOT NULL,
    -- the public key, how often it has signed, and what kind it is
    credential TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    PRIMARY KEY (tenant_id, passkey_id)
);

CREATE UNIQUE INDEX passkeys_credential_id_idx ON passkeys (tenant_id, credential_id);
CREATE INDEX passkeys_person_id_idx ON passkeys (tenant_id, person_id);

-- SHA-256 of a secret that one browser has.
CREATE TABLE second_steps (
    step_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tenant_id BIGINT NOT NULL,
    purpose BIGINT NOT NULL,
    -- NULL: the passkey will say who it is
    person_id BIGINT,
    -- a secret that no code has confirmed yet, encrypted
    totp_sealed TEXT COLLATE "C",
    -- what a passkey has to answer, once
    challenge TEXT COLLATE "C",
    tries BIGINT NOT NULL,
    return_to TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX second_steps_person_id_idx ON second_steps (tenant_id, person_id);
