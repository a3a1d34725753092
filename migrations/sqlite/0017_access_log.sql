-- Who looked at what, who took what away, who changed what, and who was refused. Each entry carries the hash of the one
-- before, so that none can be changed, put in or taken out without a trace.

CREATE TABLE access_log (
    tenant_id INTEGER NOT NULL,
    -- from 1, without gaps
    entry_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    -- domain::access::ActorKind
    actor_kind INTEGER NOT NULL,
    -- of a person or a token
    actor_id INTEGER,
    actor_name TEXT NOT NULL,
    actor_role INTEGER,
    -- domain::access::AccessAction
    action INTEGER NOT NULL,
    -- domain::access::AccessOutcome
    outcome INTEGER NOT NULL,
    -- of the answer, where there was one by HTTP
    status INTEGER,
    -- '/users/{id}', or a command
    route TEXT NOT NULL,
    -- what stood in its places and what was asked for: names people. NULL: somebody in it was erased
    target TEXT,
    salt TEXT,
    -- SHA-256 of salt and target: stands for them in the chain, so that they can go
    target_digest TEXT NOT NULL,
    row_count INTEGER,
    request_id TEXT NOT NULL,
    -- the client's; '': not known
    address TEXT NOT NULL,
    -- who and what, folded: for looking
    search TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (tenant_id, entry_id)
) STRICT;
CREATE INDEX access_log_at_idx ON access_log (tenant_id, at, entry_id);

-- The last entry: what is cut off at the end is missed, and writers wait for each other here.
CREATE TABLE access_log_head (
    tenant_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    -- '': none yet
    last_hash TEXT NOT NULL,
    PRIMARY KEY (tenant_id)
) STRICT, WITHOUT ROWID;
INSERT INTO access_log_head (tenant_id, last_id, last_hash) VALUES (1, 0, '');
