-- What came in, what it says of users and events, and the counters over both.
-- Every number is BIGINT, every instant Unix milliseconds UTC; tenant_id leads every key.
-- Tables with long keys or long rows keep a rowid: every other index would carry the whole key beside it.

CREATE TABLE tenants (
    tenant_id BIGINT NOT NULL PRIMARY KEY,
    -- 1: a demo organisation, never to be mixed with real data
    is_demo BIGINT NOT NULL,
    -- fingerprint of the settings that user_states were derived with
    derived_with TEXT COLLATE "C" NOT NULL
);

INSERT INTO tenants (tenant_id, is_demo, derived_with) VALUES (1, 0, '');

-- A subject: whoever a record names. One with an object id is a user; one with a name only is merged into the user of that name.
CREATE TABLE users (
    tenant_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    object_id TEXT COLLATE "C",
    -- lower-cased user name; only where there is no object id
    name_key TEXT COLLATE "C",
    merged_into BIGINT,
    -- earliest and latest event or audit record that names the user, and the names of the latest that has any
    first_event_at BIGINT,
    last_event_at BIGINT,
    event_named_at BIGINT,
    event_user_name TEXT COLLATE "C",
    event_display_name TEXT COLLATE "C",
    PRIMARY KEY (tenant_id, user_id)
);

CREATE UNIQUE INDEX users_object_id_idx ON users (tenant_id, object_id);
CREATE UNIQUE INDEX users_name_key_idx ON users (tenant_id, name_key);

-- Which user names a user with an object id has had, and when last.
CREATE TABLE user_names (
    tenant_id BIGINT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    user_id BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, name_key, user_id)
);

-- Append-only: what a report or the directory said of a subject at a time.
CREATE TABLE user_observations (
    tenant_id BIGINT NOT NULL,
    subject_id BIGINT NOT NULL,
    observed_at BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    facts TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, subject_id, observed_at, kind)
);

CREATE INDEX user_observations_user_id_idx ON user_observations (tenant_id, user_id, observed_at);

-- Intervals of state, derived from the observations; the present one ends at 253402207200000.
CREATE TABLE user_states (
    tenant_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT NOT NULL,
    -- the facts that tiles count, packed (store/src/cell.rs)
    cell BIGINT NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C",
    user_name TEXT COLLATE "C",
    display_name_folded TEXT COLLATE "C" NOT NULL,
    user_name_folded TEXT COLLATE "C" NOT NULL,
    user_type BIGINT,
    enabled_account BIGINT NOT NULL,
    admin BIGINT NOT NULL,
    is_recorded BIGINT NOT NULL,
    is_deleted BIGINT NOT NULL,
    is_guest BIGINT NOT NULL,
    registered BIGINT NOT NULL,
    enabled BIGINT NOT NULL,
    capable BIGINT NOT NULL,
    mfa_registered BIGINT NOT NULL,
    mfa_capable BIGINT NOT NULL,
    passwordless_capable BIGINT NOT NULL,
    -- bit set by method number; NULL: not known
    methods BIGINT,
    -- JSON array of names that are no method of ours
    raw_methods TEXT COLLATE "C",
    default_method TEXT COLLATE "C",
    department TEXT COLLATE "C",
    country TEXT COLLATE "C",
    per_user_mfa BIGINT,
    created_at BIGINT,
    deleted_at BIGINT,
    updated_at BIGINT,
    PRIMARY KEY (tenant_id, user_id, valid_from)
);

CREATE INDEX user_states_valid_from_idx ON user_states (tenant_id, valid_from, cell);
-- Not for the open intervals: lists of the present are to take the indexes below, which give their order.
CREATE INDEX user_states_valid_to_idx ON user_states (tenant_id, valid_to, cell) WHERE valid_to < 253402207200000;
-- Lists of a past day walk the names in order and pass over what does not hold then.
CREATE INDEX user_states_past_idx ON user_states (tenant_id, display_name_folded, user_id, valid_from, valid_to);
CREATE INDEX user_states_display_name_idx ON user_states (tenant_id, display_name_folded, user_id) WHERE valid_to = 253402207200000;
CREATE INDEX user_states_user_name_idx ON user_states (tenant_id, user_name_folded, user_id) WHERE valid_to = 253402207200000;

-- Changes of user_states per cell: +1 where an interval begins, -1 where it ends, per day (0), hour (1) and minute (2).
CREATE TABLE state_rollups (
    tenant_id BIGINT NOT NULL,
    tier BIGINT NOT NULL,
    bucket_at BIGINT NOT NULL,
    cell BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, tier, bucket_at, cell)
);

CREATE TABLE audit_records (
    tenant_id BIGINT NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    log_at BIGINT,
    digest TEXT COLLATE "C" NOT NULL,
    activity TEXT COLLATE "C" NOT NULL,
    service TEXT COLLATE "C",
    category TEXT COLLATE "C",
    result BIGINT NOT NULL,
    reason TEXT COLLATE "C",
    correlation_id TEXT COLLATE "C",
    is_reset_step BIGINT NOT NULL,
    subject_id BIGINT,
    user_id BIGINT,
    user_name TEXT COLLATE "C",
    display_name TEXT COLLATE "C",
    record_tenant TEXT COLLATE "C",
    import_id BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, record_id)
);

CREATE INDEX audit_records_at_idx ON audit_records (tenant_id, at);
CREATE INDEX audit_records_user_id_idx ON audit_records (tenant_id, user_id, at);
CREATE INDEX audit_records_correlation_id_idx ON audit_records (tenant_id, correlation_id) WHERE is_reset_step = 1;

-- Registration and reset events, of both sources; which count is decided when they are read.
CREATE TABLE events (
    tenant_id BIGINT NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    -- the record or the flow (correlation id) that the event is derived from
    origin TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    source BIGINT NOT NULL,
    feature BIGINT NOT NULL,
    method BIGINT NOT NULL,
    outcome BIGINT NOT NULL,
    raw_method TEXT COLLATE "C",
    reason TEXT COLLATE "C",
    subject_id BIGINT,
    user_id BIGINT,
    user_name TEXT COLLATE "C",
    display_name TEXT COLLATE "C",
    user_name_folded TEXT COLLATE "C" NOT NULL,
    display_name_folded TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, event_id)
);

CREATE INDEX events_origin_idx ON events (tenant_id, origin);
CREATE INDEX events_at_idx ON events (tenant_id, at, event_id);
CREATE INDEX events_user_id_idx ON events (tenant_id, user_id, at);
CREATE INDEX events_source_idx ON events (tenant_id, source, feature, at);

CREATE TABLE event_rollups (
    tenant_id BIGINT NOT NULL,
    source BIGINT NOT NULL,
    feature BIGINT NOT NULL,
    tier BIGINT NOT NULL,
    bucket_at BIGINT NOT NULL,
    method BIGINT NOT NULL,
    outcome BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, source, feature, tier, bucket_at, method, outcome)
);

CREATE TABLE sources (
    tenant_id BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    last_refreshed_at BIGINT NOT NULL,
    covers_from BIGINT NOT NULL,
    covers_to BIGINT NOT NULL,
    records BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, kind)
);

CREATE TABLE imports (
    tenant_id BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    file_name TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    status BIGINT NOT NULL,
    refusal TEXT COLLATE "C",
    counts TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, import_id)
);

CREATE INDEX imports_sha256_idx ON imports (tenant_id, sha256, started_at);

CREATE TABLE rejected_records (
    tenant_id BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    line BIGINT,
    byte BIGINT,
    reason TEXT COLLATE "C" NOT NULL,
    excerpt TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, import_id, position)
);
