-- What is kept, for how long, and what it takes to take an import back.

-- Versions of records that another version beat, whole, as JSON: what an undone import had beaten comes back. A winner
-- that got a finer time from another copy stands here too, with its own.
CREATE TABLE record_copies (
    tenant_id BIGINT NOT NULL,
    -- what the copies are copies of
    identity TEXT COLLATE "C" NOT NULL,
    -- what tells them apart
    version TEXT COLLATE "C" NOT NULL,
    import_id BIGINT NOT NULL,
    subject_id BIGINT,
    record TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, identity, version)
);
CREATE INDEX record_copies_import_idx ON record_copies (tenant_id, import_id, identity);
CREATE INDEX record_copies_subject_idx ON record_copies (tenant_id, subject_id);

-- What each import added to what is known of the sources; import 0: before this table was.
CREATE TABLE import_sources (
    tenant_id BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    last_refreshed_at BIGINT NOT NULL,
    covers_from BIGINT NOT NULL,
    covers_to BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, import_id, kind)
);
INSERT INTO import_sources (tenant_id, import_id, kind, last_refreshed_at, covers_from, covers_to)
    SELECT tenant_id, 0, kind, last_refreshed_at, covers_from, covers_to FROM sources;

-- 0: from before copies were kept, cannot be taken back
ALTER TABLE imports ADD COLUMN can_undo BIGINT NOT NULL DEFAULT 1;
UPDATE imports SET can_undo = 0;
ALTER TABLE imports ADD COLUMN undone_by TEXT COLLATE "C";
ALTER TABLE imports ADD COLUMN undone_at BIGINT;

-- Of events of reports: which import brought them, as what kind of record.
ALTER TABLE events ADD COLUMN import_id BIGINT;
ALTER TABLE events ADD COLUMN record_kind BIGINT;
ALTER TABLE mfa_servers ADD COLUMN import_id BIGINT NOT NULL DEFAULT 0;

-- Of whom records went, and under which names: what is known of them is put together again from what is left.
CREATE TABLE subjects_to_recall (
    tenant_id BIGINT NOT NULL,
    subject_id BIGINT NOT NULL,
    -- '': under none
    name_key TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, subject_id, name_key)
);
CREATE INDEX user_names_user_idx ON user_names (tenant_id, user_id);

-- For how many days each kind of data is kept; no row: for ever. And from when on it is: what was before has gone, or is
-- going.
CREATE TABLE retention_rules (
    tenant_id BIGINT NOT NULL,
    -- domain::retention::Kept
    kept BIGINT NOT NULL,
    days BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, kept)
);
CREATE TABLE kept_from (
    tenant_id BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, kept)
);
-- When the audit log first told of a feature, where these records have gone: events of reports count until then.
CREATE TABLE first_audit_events (
    tenant_id BIGINT NOT NULL,
    feature BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, feature)
);

-- People who are erased: whose names are to go, and the user that is left of them, without any.
CREATE TABLE erasures (
    tenant_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    begun_at BIGINT NOT NULL,
    begun_by TEXT COLLATE "C" NOT NULL,
    finished_at BIGINT,
    -- JSON: ids and names to look for, until it is finished
    names TEXT COLLATE "C",
    PRIMARY KEY (tenant_id, user_id)
);
-- By what their records are known when they come again: ids and names as HMAC-SHA256, which says nothing to those who
-- have not the key.
CREATE TABLE erasure_marks (
    tenant_id BIGINT NOT NULL,
    mark TEXT COLLATE "C" NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, mark)
);
CREATE TABLE erasure_keys (
    tenant_id BIGINT NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id)
);
