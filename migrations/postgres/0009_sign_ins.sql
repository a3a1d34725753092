-- Sign-ins, what on-premises components did, and what was done to users' MFA.

-- What figures say of a sign-in: many have the same, and each combination is here once.
CREATE TABLE sign_in_classes (
    tenant_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL,
    -- domain::sign_in::Facts
    facts BIGINT NOT NULL,
    -- interactive, component, Conditional Access, unable (store/src/sign_in_class.rs)
    traits BIGINT NOT NULL,
    -- -1: none
    error_code BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, class_id)
);

-- What many sign-ins share has a number. The key is the beginning of the SHA-256 of what it stands for.
CREATE TABLE apps (
    tenant_id BIGINT NOT NULL,
    app_no BIGINT NOT NULL,
    key BIGINT NOT NULL,
    client_id TEXT COLLATE "C",
    name TEXT COLLATE "C",
    name_folded TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, app_no)
);
CREATE UNIQUE INDEX apps_key_idx ON apps (tenant_id, key);

CREATE TABLE places (
    tenant_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    ip TEXT COLLATE "C",
    city TEXT COLLATE "C",
    state TEXT COLLATE "C",
    country TEXT COLLATE "C",
    PRIMARY KEY (tenant_id, place_id)
);
CREATE UNIQUE INDEX places_key_idx ON places (tenant_id, key);
CREATE INDEX places_ip_idx ON places (tenant_id, ip);

-- The policies that were evaluated together, with their results, as JSON.
CREATE TABLE policy_sets (
    tenant_id BIGINT NOT NULL,
    policy_set_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    policies TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, policy_set_id)
);
CREATE UNIQUE INDEX policy_sets_key_idx ON policy_sets (tenant_id, key);

-- How records name a user: subject and names together.
CREATE TABLE user_labels (
    tenant_id BIGINT NOT NULL,
    label_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    subject_id BIGINT NOT NULL,
    user_name TEXT COLLATE "C",
    display_name TEXT COLLATE "C",
    user_name_folded TEXT COLLATE "C" NOT NULL,
    display_name_folded TEXT COLLATE "C" NOT NULL,
    display_name_key TEXT COLLATE "C" NOT NULL,
    -- of the user name, as in user_names
    name_key TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, label_id)
);
CREATE UNIQUE INDEX user_labels_key_idx ON user_labels (tenant_id, key);
CREATE INDEX user_labels_subject_idx ON user_labels (tenant_id, subject_id);

-- One row per request id, the winner of its copies; in the order of time.
CREATE TABLE sign_ins (
    tenant_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    -- tells those of one millisecond apart
    seq BIGINT NOT NULL,
    -- 16 bytes of a GUID, or text
    record_id BYTEA NOT NULL,
    class_id BIGINT NOT NULL,
    user_id BIGINT,
    label_id BIGINT,
    app_no BIGINT,
    place_id BIGINT,
    policy_set_id BIGINT,
    -- correlation id, like record_id
    attempt BYTEA,
    -- 1: challenged, and denied or pending
    is_unmet BIGINT NOT NULL,
    -- what decides between copies: how much is known, the log time, the beginning of the digest
    completeness BIGINT NOT NULL,
    log_at BIGINT,
    digest BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    details BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, at, seq)
);
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
    tenant_id BIGINT NOT NULL,
    tier BIGINT NOT NULL,
    bucket_at BIGINT NOT NULL,
    -- store/src/packed/counts.rs
    counts BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, tier, bucket_at)
);
-- Distinct users who signed in (0), were challenged (1), were unable (2): roaring bitmaps of user ids.
CREATE TABLE sign_in_users (
    tenant_id BIGINT NOT NULL,
    measure BIGINT NOT NULL,
    tier BIGINT NOT NULL,
    bucket_at BIGINT NOT NULL,
    users BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, measure, tier, bucket_at)
);

-- Steps that came in a file of their own, for sign-ins whose record has none.
CREATE TABLE sign_in_steps (
    tenant_id BIGINT NOT NULL,
    record_id BYTEA NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    step TEXT COLLATE "C" NOT NULL,
    import_id BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, record_id, digest)
);

-- Authentications through MFA Server, the NPS extension and the AD FS adapter.
CREATE TABLE mfa_activity (
    tenant_id BIGINT NOT NULL,
    activity_id TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    subject_id BIGINT,
    user_id BIGINT,
    user_name TEXT COLLATE "C",
    display_name TEXT COLLATE "C",
    user_name_folded TEXT COLLATE "C" NOT NULL,
    display_name_folded TEXT COLLATE "C" NOT NULL,
    display_name_key TEXT COLLATE "C" NOT NULL,
    component BIGINT NOT NULL,
    method BIGINT NOT NULL,
    raw_method TEXT COLLATE "C",
    mode BIGINT,
    authentication_type TEXT COLLATE "C",
    application TEXT COLLATE "C",
    phone TEXT COLLATE "C",
    call_result BIGINT,
    raw_result TEXT COLLATE "C",
    authenticated BIGINT NOT NULL,
    ip TEXT COLLATE "C",
    import_id BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, activity_id)
);
CREATE INDEX mfa_activity_at_idx ON mfa_activity (tenant_id, at, activity_id, component, authenticated, call_result);
CREATE INDEX mfa_activity_user_id_idx ON mfa_activity (tenant_id, user_id, at);

-- What was done to users' MFA: blocks, bypasses, fraud alerts; from audit records or MFA Server's history.
CREATE TABLE mfa_actions (
    tenant_id BIGINT NOT NULL,
    -- `record:` and an audit record's id, or `row:` and a digest
    action_id TEXT COLLATE "C" NOT NULL,
    kind BIGINT NOT NULL,
    at BIGINT NOT NULL,
    subject_id BIGINT,
    user_id BIGINT,
    user_name TEXT COLLATE "C",
    display_name TEXT COLLATE "C",
    done_by TEXT COLLATE "C",
    reason TEXT COLLATE "C",
    seconds BIGINT,
    is_blocked BIGINT,
    completed_at BIGINT,
    completion_reason TEXT COLLATE "C",
    is_used BIGINT,
    correlation_id TEXT COLLATE "C",
    import_id BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, action_id)
);
CREATE INDEX mfa_actions_kind_idx ON mfa_actions (tenant_id, kind, at);
CREATE INDEX mfa_actions_user_id_idx ON mfa_actions (tenant_id, user_id, kind, at);

-- Servers of MFA Server, as last heard of.
CREATE TABLE mfa_servers (
    tenant_id BIGINT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C",
    status TEXT COLLATE "C",
    address TEXT COLLATE "C",
    last_contact BIGINT NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, name_key)
);

-- Remarks of Security Administrators; `about` is an id of a list.
CREATE TABLE review_notes (
    tenant_id BIGINT NOT NULL,
    note_id BIGINT NOT NULL,
    about TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, note_id)
);
CREATE INDEX review_notes_about_idx ON review_notes (tenant_id, about);

-- Whole resets, changes and unlocks: what was done, times two, and whether it was; and their counters.
ALTER TABLE audit_records ADD COLUMN password_kind BIGINT;
CREATE INDEX audit_records_password_idx ON audit_records (tenant_id, at, password_kind) WHERE password_kind IS NOT NULL;
CREATE TABLE password_rollups (
    tenant_id BIGINT NOT NULL,
    tier BIGINT NOT NULL,
    bucket_at BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, tier, bucket_at, kind)
);

-- Names that belong to a user with an id, by that user.
CREATE INDEX users_merged_into_idx ON users (tenant_id, merged_into) WHERE merged_into IS NOT NULL;
