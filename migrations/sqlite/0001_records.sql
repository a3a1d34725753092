-- What came in, what it says of users and events, and the counters over both.
-- Every number is INTEGER, every instant Unix milliseconds UTC; tenant_id leads every key.
-- Tables with long keys or long rows keep a rowid: every other index would carry the whole key beside it.

CREATE TABLE tenants (
    tenant_id INTEGER NOT NULL PRIMARY KEY,
    -- 1: a demo organisation, never to be mixed with real data
    is_demo INTEGER NOT NULL,
    -- fingerprint of the settings that user_states were derived with
    derived_with TEXT NOT NULL
) STRICT;

INSERT INTO tenants (tenant_id, is_demo, derived_with) VALUES (1, 0, '');

-- A subject: whoever a record names. One with an object id is a user; one with a name only is merged into the user of that name.
CREATE TABLE users (
    tenant_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    object_id TEXT,
    -- lower-cased user name; only where there is no object id
    name_key TEXT,
    merged_into INTEGER,
    -- earliest and latest event or audit record that names the user, and the names of the latest that has any
    first_event_at INTEGER,
    last_event_at INTEGER,
    event_named_at INTEGER,
    event_user_name TEXT,
    event_display_name TEXT,
    PRIMARY KEY (tenant_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX users_object_id_idx ON users (tenant_id, object_id);
CREATE UNIQUE INDEX users_name_key_idx ON users (tenant_id, name_key);

-- Which user names a user with an object id has had, and when last.
CREATE TABLE user_names (
    tenant_id INTEGER NOT NULL,
    name_key TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, name_key, user_id)
) STRICT, WITHOUT ROWID;

-- Append-only: what a report or the directory said of a subject at a time.
CREATE TABLE user_observations (
    tenant_id INTEGER NOT NULL,
    subject_id INTEGER NOT NULL,
    observed_at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    import_id INTEGER NOT NULL,
    digest TEXT NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (tenant_id, subject_id, observed_at, kind)
) STRICT;

CREATE INDEX user_observations_user_id_idx ON user_observations (tenant_id, user_id, observed_at);

-- Intervals of state, derived from the observations; the present one ends at 253402207200000.
CREATE TABLE user_states (
    tenant_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER NOT NULL,
    -- the facts that tiles count, packed (store/src/cell.rs)
    cell INTEGER NOT NULL,
    id TEXT NOT NULL,
    display_name TEXT,
    user_name TEXT,
    display_name_folded TEXT NOT NULL,
    user_name_folded TEXT NOT NULL,
    user_type INTEGER,
    enabled_account INTEGER NOT NULL,
    admin INTEGER NOT NULL,
    is_recorded INTEGER NOT NULL,
    is_deleted INTEGER NOT NULL,
    is_guest INTEGER NOT NULL,
    registered INTEGER NOT NULL,
    enabled INTEGER NOT NULL,
    capable INTEGER NOT NULL,
    mfa_registered INTEGER NOT NULL,
    mfa_capable INTEGER NOT NULL,
    passwordless_capable INTEGER NOT NULL,
    -- bit set by method number; NULL: not known
    methods INTEGER,
    -- JSON array of names that are no method of ours
    raw_methods TEXT,
    default_method TEXT,
    department TEXT,
    country TEXT,
    per_user_mfa INTEGER,
    created_at INTEGER,
    deleted_at INTEGER,
    updated_at INTEGER,
    PRIMARY KEY (tenant_id, user_id, valid_from)
) STRICT;

CREATE INDEX user_states_valid_from_idx ON user_states (tenant_id, valid_from, cell);
-- Not for the open intervals: lists of the present are to take the indexes below, which give their order.
CREATE INDEX user_states_valid_to_idx ON user_states (tenant_id, valid_to, cell) WHERE valid_to < 253402207200000;
-- Lists of a past day walk the names in order and pass over what does not hold then.
CREATE INDEX user_states_past_idx ON user_states (tenant_id, display_name_folded, user_id, valid_from, valid_to);
CREATE INDEX user_states_display_name_idx ON user_states (tenant_id, display_name_folded, user_id) WHERE valid_to = 253402207200000;
CREATE INDEX user_states_user_name_idx ON user_states (tenant_id, user_name_folded, user_id) WHERE valid_to = 253402207200000;

-- Changes of user_states per cell: +1 where an interval begins, -1 where it ends, per day (0), hour (1) and minute (2).
CREATE TABLE state_rollups (
    tenant_id INTEGER NOT NULL,
    tier INTEGER NOT NULL,
    bucket_at INTEGER NOT NULL,
    cell INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, tier, bucket_at, cell)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_records (
    tenant_id INTEGER NOT NULL,
    record_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    log_at INTEGER,
    digest TEXT NOT NULL,
    activity TEXT NOT NULL,
    service TEXT,
    category TEXT,
    result INTEGER NOT NULL,
    reason TEXT,
    correlation_id TEXT,
    is_reset_step INTEGER NOT NULL,
    subject_id INTEGER,
    user_id INTEGER,
    user_name TEXT,
    display_name TEXT,
    record_tenant TEXT,
    import_id INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (tenant_id, record_id)
) STRICT;

CREATE INDEX audit_records_at_idx ON audit_records (tenant_id, at);
CREATE INDEX audit_records_user_id_idx ON audit_records (tenant_id, user_id, at);
CREATE INDEX audit_records_correlation_id_idx ON audit_records (tenant_id, correlation_id) WHERE is_reset_step = 1;

-- Registration and reset events, of both sources; which count is decided when they are read.
CREATE TABLE events (
    tenant_id INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    -- the record or the flow (correlation id) that the event is derived from
    origin TEXT NOT NULL,
    at INTEGER NOT NULL,
    source INTEGER NOT NULL,
    feature INTEGER NOT NULL,
    method INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    raw_method TEXT,
    reason TEXT,
    subject_id INTEGER,
    user_id INTEGER,
    user_name TEXT,
    display_name TEXT,
    user_name_folded TEXT NOT NULL,
    display_name_folded TEXT NOT NULL,
    PRIMARY KEY (tenant_id, event_id)
) STRICT;

CREATE INDEX events_origin_idx ON events (tenant_id, origin);
CREATE INDEX events_at_idx ON events (tenant_id, at, event_id);
CREATE INDEX events_user_id_idx ON events (tenant_id, user_id, at);
CREATE INDEX events_source_idx ON events (tenant_id, source, feature, at);

CREATE TABLE event_rollups (
    tenant_id INTEGER NOT NULL,
    source INTEGER NOT NULL,
    feature INTEGER NOT NULL,
    tier INTEGER NOT NULL,
    bucket_at INTEGER NOT NULL,
    method INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, source, feature, tier, bucket_at, method, outcome)
) STRICT, WITHOUT ROWID;

CREATE TABLE sources (
    tenant_id INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    last_refreshed_at INTEGER NOT NULL,
    covers_from INTEGER NOT NULL,
    covers_to INTEGER NOT NULL,
    records INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE imports (
    tenant_id INTEGER NOT NULL,
    import_id INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    status INTEGER NOT NULL,
    refusal TEXT,
    counts TEXT NOT NULL,
    PRIMARY KEY (tenant_id, import_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX imports_sha256_idx ON imports (tenant_id, sha256, started_at);

CREATE TABLE rejected_records (
    tenant_id INTEGER NOT NULL,
    import_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    line INTEGER,
    byte INTEGER,
    reason TEXT NOT NULL,
    excerpt TEXT NOT NULL,
    PRIMARY KEY (tenant_id, import_id, position)
) STRICT, WITHOUT ROWID;
