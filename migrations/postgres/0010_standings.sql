-- Who is of which standing in the present, which populations are made of: roaring bitmaps of user ids.
CREATE TABLE user_standings (
    tenant_id BIGINT NOT NULL,
    -- the bits of a cell that a standing is told by (store/src/cell.rs)
    standing BIGINT NOT NULL,
    users BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, standing)
);
