-- Tenants that records are pulled from, and how far each pull has come. No secret is here but encrypted ones.

CREATE TABLE connections (
    tenant_id INTEGER NOT NULL,
    connection_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- lower-cased, so that a name is taken in any case
    name_key TEXT NOT NULL,
    -- Entra's tenant: an id or a domain
    directory TEXT NOT NULL,
    client_id TEXT NOT NULL,
    authority TEXT NOT NULL,
    graph_root TEXT NOT NULL,
    credential INTEGER NOT NULL,
    secret_place INTEGER NOT NULL,
    -- the file or the variable; NULL where the secret is stored
    secret_name TEXT,
    -- the secret, encrypted with a key that is not in the database
    sealed_secret TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, connection_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX connections_name_key_idx ON connections (tenant_id, name_key);

-- What is pulled through a connection.
CREATE TABLE connection_resources (
    tenant_id INTEGER NOT NULL,
    connection_id INTEGER NOT NULL,
    resource INTEGER NOT NULL,
    -- JSON: how far the pull has come. Written after the records that it covers
    mark TEXT NOT NULL,
    covered_to INTEGER,
    last_tried_at INTEGER,
    last_success_at INTEGER,
    -- JSON: why the last try failed
    problem TEXT,
    without_details INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    throttled INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, connection_id, resource)
) STRICT, WITHOUT ROWID;
