-- Who looked at what, who took what away, who changed what, and who was refused. Each entry carries the hash of the one
-- before, so that none can be changed, put in or taken out without a trace.

CREATE TABLE access_log (
    tenant_id BIGINT NOT NULL,
    -- from 1, without gaps
    entry_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    -- domain::access::ActorKind
    actor_kind BIGINT NOT NULL,
    -- of a person or a token
    actor_id BIGINT,
    actor_name TEXT COLLATE "C" NOT NULL,
    actor_role BIGINT,
    -- domain::access::AccessAction
    action BIGINT NOT NULL,
    -- domain::access::AccessOutcome
    outcome BIGINT NOT NULL,
    -- of the answer, where there was one by HTTP
    status BIGINT,
    -- '/users/{id}', or a command
    route TEXT COLLATE "C" NOT NULL,
    -- what stood in its places and what was asked for: names people. NULL: somebody in it was erased
    target TEXT COLLATE "C",
    salt TEXT COLLATE "C",
    -- SHA-256 of salt and target: stands for them in the chain, so that they can go
    target_digest TEXT COLLATE "C" NOT NULL,
    row_count BIGINT,
    request_id TEXT COLLATE "C" NOT NULL,
    -- the client's; '': not known
    address TEXT COLLATE "C" NOT NULL,
    -- who and what, folded: for looking
    search TEXT COLLATE "C" NOT NULL,
    previous_hash TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, entry_id)
);
CREATE INDEX access_log_at_idx ON access_log (tenant_id, at, entry_id);

-- The last entry: what is cut off at the end is missed, and writers wait for each other here.
CREATE TABLE access_log_head (
    tenant_id BIGINT NOT NULL,
    last_id BIGINT NOT NULL,
    -- '': none yet
    last_hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id)
);
INSERT INTO access_log_head (tenant_id, last_id, last_hash) VALUES (1, 0, '');
