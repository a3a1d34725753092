-- What came of recounting some hours while the program serves.

CREATE TABLE self_checks (
    tenant_id INTEGER NOT NULL,
    checked_at INTEGER NOT NULL,
    -- how many were recounted
    hours INTEGER NOT NULL,
    differences INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, checked_at)
) STRICT, WITHOUT ROWID;
