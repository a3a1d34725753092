-- Indexes that a first import has put off, with the statements that make them again (store/src/importing/indexes.rs).
-- An index belongs to the database, not to a tenant.

CREATE TABLE deferred_indexes (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    definition TEXT COLLATE "C" NOT NULL
);
