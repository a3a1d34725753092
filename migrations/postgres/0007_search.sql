-- Search by name: any part of a name, or, for one or two letters, the beginnings of words (store/src/search.rs).

-- What a name is sorted by, in the organisation's language, and what it is found by at a past day.
ALTER TABLE user_states RENAME COLUMN display_name_folded TO display_name_key;
ALTER TABLE user_states ADD COLUMN search_text TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN display_name_key TEXT COLLATE "C" NOT NULL DEFAULT '';

-- Of each open interval what is searched, and asked together with a search; small enough to be read through.
CREATE TABLE user_search (
    -- alone: SQLite's full-text table knows rows by one number
    user_id BIGINT NOT NULL PRIMARY KEY,
    tenant_id BIGINT NOT NULL,
    cell BIGINT NOT NULL,
    methods BIGINT,
    -- folded display name, folded user name and word beginnings, a line each
    text TEXT COLLATE "C" NOT NULL
);

-- Of this engine alone: which users have three letters in a row somewhere.
-- A trusted extension: whoever may create schemas in a database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX user_search_trigrams ON user_search USING gin (text gin_trgm_ops);
