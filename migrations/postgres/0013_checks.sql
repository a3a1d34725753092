-- What came of recounting some hours while the program serves.

CREATE TABLE self_checks (
    tenant_id BIGINT NOT NULL,
    checked_at BIGINT NOT NULL,
    -- how many were recounted
    hours BIGINT NOT NULL,
    differences BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, checked_at)
);
