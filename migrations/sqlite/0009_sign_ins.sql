-- Sign-ins, what on-premises components did, and what was done to users' MFA.

-- What figures say of a sign-in: many have the same, and each combination is here once.
CREATE TABLE sign_in_classes (
    tenant_id INTEGER NOT NULL,
    class_id INTEGER NOT NULL,
    -- domain::sign_in::Facts
    facts INTEGER NOT NULL,
    -- interactive, component, Conditional Access, unable (store/src/sign_in_class.rs)
    traits INTEGER NOT NULL,
    -- -1: none
    error_code INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, class_id)
) STRICT, WITHOUT ROWID;

-- What many sign-ins share has a number. The key is the beginning of the SHA-256 of what it stands for.
CREATE TABLE apps (
    tenant_id INTEGER NOT NULL,
    app_no INTEGER NOT NULL,
    key INTEGER NOT NULL,
    client_id TEXT,
    name TEXT,
    name_folded TEXT NOT NULL,
    PRIMARY KEY (tenant_id, app_no)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX apps_key_idx ON apps (tenant_id, key);

CREATE TABLE places (
    tenant_id INTEGER NOT NULL,
    place_id INTEGER NOT NULL,
    key INTEGER NOT NULL,
    ip TEXT,
    city TEXT,
    state TEXT,
    country TEXT,
    PRIMARY KEY (tenant_id, place_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX places_key_idx ON places (tenant_id, key);
CREATE INDEX places_ip_idx ON places (tenant_id, ip);

-- The policies that were evaluated together, with their results, as JSON.
CREATE TABLE policy_sets (
    tenant_id INTEGER NOT NULL,
    policy_set_id INTEGER NOT NULL,
    key INTEGER NOT NULL,
    policies TEXT NOT NULL,
    PRIMARY KEY (tenant_id, policy_set_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX policy_sets_key_idx ON policy_sets (tenant_id, key);

-- How records name a user: subject and names together.
CREATE TABLE user_labels (
    tenant_id INTEGER NOT NULL,
    label_id INTEGER NOT NULL,
    key INTEGER NOT NULL,
    subject_id INTEGER NOT NULL,
    user_name TEXT,
    display_name TEXT,
    user_name_folded TEXT NOT NULL,
    display_name_folded TEXT NOT NULL,
    display_name_key TEXT NOT NULL,
    -- of the user name, as in user_names
    name_key TEXT NOT NULL,
    PRIMARY KEY (tenant_id, label_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX user_labels_key_idx ON user_labels (tenant_id, key);
CREATE INDEX user_labels_subject_idx ON user_labels (tenant_id, subject_id);

-- One row per request id, the winner of its copies; in the order of time.
CREATE TABLE sign_ins (
    tenant_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    -- tells those of one millisecond apart
    seq INTEGER NOT NULL,
    -- 16 bytes of a GUID, or text
    record_id BLOB NOT NULL,
    class_id INTEGER NOT NULL,
    user_id INTEGER,
    label_id INTEGER,
    app_no INTEGER,
    place_id INTEGER,
    policy_set_id INTEGER,
    -- correlation id, like record_id
    attempt BLOB,
    -- 1: challenged, and denied or pending
    is_unmet INTEGER NOT NULL,
    -- what decides between copies: how much is known, the log time, the beginning of the digest
    completeness INTEGER NOT NULL,
    log_at INTEGER,
    digest INTEGER NOT NULL,
    import_id INTEGER NOT NULL,
    details BLOB NOT NULL,
    PRIMARY KEY (tenant_id, at, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_ins_record_idx ON sign_ins (tenant_id, record_id);
CREATE INDEX sign_ins_attempt_idx ON sign_ins (tenant_id, attempt);
CREATE INDEX sign_ins_unmet_idx ON sign_ins (tenant_id, attempt) WHERE is_unmet = 1;
CREATE INDEX sign_ins_class_idx ON sign_ins (tenant_id, class_id, at, seq, user_id);
CREATE INDEX sign_ins_user_idx ON sign_ins (tenant_id, user_id, at, seq, class_id);
CREATE INDEX sign_ins_app_idx ON sign_ins (tenant_id, app_no, at, seq, class_id);
CREATE INDEX sign_ins_place_idx ON sign_ins (tenant_id, place_id, at, seq);
CREATE INDEX sign_ins_policies_idx ON sign_ins (tenant_id, policy_set_id, at, seq);

-- Sign-ins per application and class by day (0), hour (1) and minute (2), packed: they are read by buckets as a whole.
CREATE TABLE sign_in_counts (
    tenant_id INTEGER NOT NULL,
    tier INTEGER NOT NULL,
    bucket_at INTEGER NOT NULL,
    -- store/src/packed/counts.rs
    counts BLOB NOT NULL,
    PRIMARY KEY (tenant_id, tier, bucket_at)
) STRICT;
-- Distinct users who signed in (0), were challenged (1), were unable (2): roaring bitmaps of user ids.
CREATE TABLE sign_in_users (
    tenant_id INTEGER NOT NULL,
    measure INTEGER NOT NULL,
    tier INTEGER NOT NULL,
    bucket_at INTEGER NOT NULL,
    users BLOB NOT NULL,
    PRIMARY KEY (tenant_id, measure, tier, bucket_at)
) STRICT;

-- Steps that came in a file of their own, for sign-ins whose record has none.
CREATE TABLE sign_in_steps (
    tenant_id INTEGER NOT NULL,
    record_id BLOB NOT NULL,
    digest TEXT NOT NULL,
    step TEXT NOT NULL,
    import_id INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, record_id, digest)
) STRICT, WITHOUT ROWID;

-- Authentications through MFA Server, the NPS extension and the AD FS adapter.
CREATE TABLE mfa_activity (
    tenant_id INTEGER NOT NULL,
    activity_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    subject_id INTEGER,
    user_id INTEGER,
    user_name TEXT,
    display_name TEXT,
    user_name_folded TEXT NOT NULL,
    display_name_folded TEXT NOT NULL,
    display_name_key TEXT NOT NULL,
    component INTEGER NOT NULL,
    method INTEGER NOT NULL,
    raw_method TEXT,
    mode INTEGER,
    authentication_type TEXT,
    application TEXT,
    phone TEXT,
    call_result INTEGER,
    raw_result TEXT,
    authenticated INTEGER NOT NULL,
    ip TEXT,
    import_id INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, activity_id)
) STRICT;
CREATE INDEX mfa_activity_at_idx ON mfa_activity (tenant_id, at, activity_id, component, authenticated, call_result);
CREATE INDEX mfa_activity_user_id_idx ON mfa_activity (tenant_id, user_id, at);

-- What was done to users' MFA: blocks, bypasses, fraud alerts; from audit records or MFA Server's history.
CREATE TABLE mfa_actions (
    tenant_id INTEGER NOT NULL,
    -- `record:` and an audit record's id, or `row:` and a digest
    action_id TEXT NOT NULL,
    kind INTEGER NOT NULL,
    at INTEGER NOT NULL,
    subject_id INTEGER,
    user_id INTEGER,
    user_name TEXT,
    display_name TEXT,
    done_by TEXT,
    reason TEXT,
    seconds INTEGER,
    is_blocked INTEGER,
    completed_at INTEGER,
    completion_reason TEXT,
    is_used INTEGER,
    correlation_id TEXT,
    import_id INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, action_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mfa_actions_kind_idx ON mfa_actions (tenant_id, kind, at);
CREATE INDEX mfa_actions_user_id_idx ON mfa_actions (tenant_id, user_id, kind, at);

-- Servers of MFA Server, as last heard of.
CREATE TABLE mfa_servers (
    tenant_id INTEGER NOT NULL,
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT,
    status TEXT,
    address TEXT,
    last_contact INTEGER NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (tenant_id, name_key)
) STRICT, WITHOUT ROWID;

-- Remarks of Security Administrators; `about` is an id of a list.
CREATE TABLE review_notes (
    tenant_id INTEGER NOT NULL,
    note_id INTEGER NOT NULL,
    about TEXT NOT NULL,
    text TEXT NOT NULL,
    author TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, note_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_notes_about_idx ON review_notes (tenant_id, about);

-- Whole resets, changes and unlocks: what was done, times two, and whether it was; and their counters.
ALTER TABLE audit_records ADD COLUMN password_kind INTEGER;
CREATE INDEX audit_records_password_idx ON audit_records (tenant_id, at, password_kind) WHERE password_kind IS NOT NULL;
CREATE TABLE password_rollups (
    tenant_id INTEGER NOT NULL,
    tier INTEGER NOT NULL,
    bucket_at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, tier, bucket_at, kind)
) STRICT, WITHOUT ROWID;

-- Names that belong to a user with an id, by that user.
CREATE INDEX users_merged_into_idx ON users (tenant_id, merged_into) WHERE merged_into IS NOT NULL;
