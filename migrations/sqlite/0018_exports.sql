-- Lists that are written to files in the background, and the files until they are fetched or expire.

CREATE TABLE exports (
    tenant_id INTEGER NOT NULL,
    export_id INTEGER NOT NULL,
    -- whose it is: a person's, or, for tokens and the demo, of a role under a name (empty for a person)
    owner_person_id INTEGER,
    owner_name TEXT NOT NULL,
    -- the author's when it was asked for: the file is for no other
    role INTEGER NOT NULL,
    list INTEGER NOT NULL,
    -- canonical, with its instant; empty once it may no longer be kept
    query TEXT NOT NULL,
    format INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    state INTEGER NOT NULL,
    -- why there is no file
    problem INTEGER,
    rows_done INTEGER NOT NULL,
    -- as many as the list's page says; NULL: not known yet, or "more than"
    rows_total INTEGER,
    -- of the file, and of what is stored of it
    bytes INTEGER NOT NULL,
    stored_bytes INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    -- how the rows were counted, as of when the file was written
    about TEXT,
    -- who writes it, until when nobody else may, and how often it was begun
    claim TEXT,
    lease_until INTEGER,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    changed_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, export_id)
) STRICT;

CREATE INDEX exports_state_idx ON exports (tenant_id, state, export_id);

-- A file in pieces that fit in memory, compressed where its format is not.
CREATE TABLE export_parts (
    tenant_id INTEGER NOT NULL,
    export_id INTEGER NOT NULL,
    part INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (tenant_id, export_id, part)
) STRICT;
