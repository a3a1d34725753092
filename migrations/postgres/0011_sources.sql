-- Tenants that records are pulled from, and how far each pull has come. No secret is here but encrypted ones.

CREATE TABLE connections (
    tenant_id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    -- lower-cased, so that a name is taken in any case
    name_key TEXT COLLATE "C" NOT NULL,
    -- Entra's tenant: an id or a domain
    directory TEXT COLLATE "C" NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    authority TEXT COLLATE "C" NOT NULL,
    graph_root TEXT COLLATE "C" NOT NULL,
    credential BIGINT NOT NULL,
    secret_place BIGINT NOT NULL,
    -- the file or the variable; NULL where the secret is stored
    secret_name TEXT COLLATE "C",
    -- the secret, encrypted with a key that is not in the database
    sealed_secret TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, connection_id)
);

CREATE UNIQUE INDEX connections_name_key_idx ON connections (tenant_id, name_key);

-- What is pulled through a connection.
CREATE TABLE connection_resources (
    tenant_id BIGINT NOT NULL,
    connection_id BIGINT NOT NULL,
    resource BIGINT NOT NULL,
    -- JSON: how far the pull has come. Written after the records that it covers
    mark TEXT COLLATE "C" NOT NULL,
    covered_to BIGINT,
    last_tried_at BIGINT,
    last_success_at BIGINT,
    -- JSON: why the last try failed
    problem TEXT COLLATE "C",
    without_details BIGINT NOT NULL,
    requests BIGINT NOT NULL,
    throttled BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, connection_id, resource)
);
