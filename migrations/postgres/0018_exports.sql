-- Lists that are written to files in the background, and the files until they are fetched or expire.

CREATE TABLE exports (
    tenant_id BIGINT NOT NULL,
    export_id BIGINT NOT NULL,
    -- whose it is: a person's, or, for tokens and the demo, of a role under a name (empty for a person)
    owner_person_id BIGINT,
    owner_name TEXT COLLATE "C" NOT NULL,
    -- the author's when it was asked for: the file is for no other
    role BIGINT NOT NULL,
    list BIGINT NOT NULL,
    -- canonical, with its instant; empty once it may no longer be kept
    query TEXT COLLATE "C" NOT NULL,
    format BIGINT NOT NULL,
    file_name TEXT COLLATE "C" NOT NULL,
    state BIGINT NOT NULL,
    -- why there is no file
    problem BIGINT,
    rows_done BIGINT NOT NULL,
    -- as many as the list's page says; NULL: not known yet, or "more than"
    rows_total BIGINT,
    -- of the file, and of what is stored of it
    bytes BIGINT NOT NULL,
    stored_bytes BIGINT NOT NULL,
    parts BIGINT NOT NULL,
    -- how the rows were counted, as of when the file was written
    about TEXT COLLATE "C",
    -- who writes it, until when nobody else may, and how often it was begun
    claim TEXT COLLATE "C",
    lease_until BIGINT,
    attempts BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT,
    changed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, export_id)
);

CREATE INDEX exports_state_idx ON exports (tenant_id, state, export_id);

-- A file in pieces that fit in memory, compressed where its format is not.
CREATE TABLE export_parts (
    tenant_id BIGINT NOT NULL,
    export_id BIGINT NOT NULL,
    part BIGINT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, export_id, part)
);
