-- Who is of which standing in the present, which populations are made of: roaring bitmaps of user ids.
CREATE TABLE user_standings (
    tenant_id INTEGER NOT NULL,
    -- the bits of a cell that a standing is told by (store/src/cell.rs)
    standing INTEGER NOT NULL,
    users BLOB NOT NULL,
    PRIMARY KEY (tenant_id, standing)
) STRICT;
