-- What is kept, for how long, and what it takes to take an import back.

-- Versions of records that another version beat, whole, as JSON: what an undone import had beaten comes back. A winner
-- that got a finer time from another copy stands here too, with its own.
CREATE TABLE record_copies (
    tenant_id INTEGER NOT NULL,
    -- what the copies are copies of
    identity TEXT NOT NULL,
    -- what tells them apart
    version TEXT NOT NULL,
    import_id INTEGER NOT NULL,
    subject_id INTEGER,
    record TEXT NOT NULL,
    PRIMARY KEY (tenant_id, identity, version)
) STRICT;
CREATE INDEX record_copies_import_idx ON record_copies (tenant_id, import_id, identity);
CREATE INDEX record_copies_subject_idx ON record_copies (tenant_id, subject_id);

-- What each import added to what is known of the sources; import 0: before this table was.
CREATE TABLE import_sources (
    tenant_id INTEGER NOT NULL,
    import_id INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    last_refreshed_at INTEGER NOT NULL,
    covers_from INTEGER NOT NULL,
    covers_to INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, import_id, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO import_sources (tenant_id, import_id, kind, last_refreshed_at, covers_from, covers_to)
    SELECT tenant_id, 0, kind, last_refreshed_at, covers_from, covers_to FROM sources;

-- 0: from before copies were kept, cannot be taken back
ALTER TABLE imports ADD COLUMN can_undo INTEGER NOT NULL DEFAULT 1;
UPDATE imports SET can_undo = 0;
ALTER TABLE imports ADD COLUMN undone_by TEXT;
ALTER TABLE imports ADD COLUMN undone_at INTEGER;

-- Of events of reports: which import brought them, as what kind of record.
ALTER TABLE events ADD COLUMN import_id INTEGER;
ALTER TABLE events ADD COLUMN record_kind INTEGER;
ALTER TABLE mfa_servers ADD COLUMN import_id INTEGER NOT NULL DEFAULT 0;

-- Of whom records went, and under which names: what is known of them is put together again from what is left.
CREATE TABLE subjects_to_recall (
    tenant_id INTEGER NOT NULL,
    subject_id INTEGER NOT NULL,
    -- '': under none
    name_key TEXT NOT NULL,
    PRIMARY KEY (tenant_id, subject_id, name_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_names_user_idx ON user_names (tenant_id, user_id);

-- For how many days each kind of data is kept; no row: for ever. And from when on it is: what was before has gone, or is
-- going.
CREATE TABLE retention_rules (
    tenant_id INTEGER NOT NULL,
    -- domain::retention::Kept
    kept INTEGER NOT NULL,
    days INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, kept)
) STRICT, WITHOUT ROWID;
CREATE TABLE kept_from (
    tenant_id INTEGER NOT NULL,
    kept INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, kept)
) STRICT, WITHOUT ROWID;
-- When the audit log first told of a feature, where these records have gone: events of reports count until then.
CREATE TABLE first_audit_events (
    tenant_id INTEGER NOT NULL,
    feature INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, feature)
) STRICT, WITHOUT ROWID;

-- People who are erased: whose names are to go, and the user that is left of them, without any.
CREATE TABLE erasures (
    tenant_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    begun_at INTEGER NOT NULL,
    begun_by TEXT NOT NULL,
    finished_at INTEGER,
    -- JSON: ids and names to look for, until it is finished
    names TEXT,
    PRIMARY KEY (tenant_id, user_id)
) STRICT;
-- By what their records are known when they come again: ids and names as HMAC-SHA256, which says nothing to those who
-- have not the key.
CREATE TABLE erasure_marks (
    tenant_id INTEGER NOT NULL,
    mark TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, mark)
) STRICT, WITHOUT ROWID;
CREATE TABLE erasure_keys (
    tenant_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (tenant_id)
) STRICT, WITHOUT ROWID;
