-- Search by name: any part of a name, or, for one or two letters, the beginnings of words (store/src/search.rs).

-- What a name is sorted by, in the organisation's language, and what it is found by at a past day.
ALTER TABLE user_states RENAME COLUMN display_name_folded TO display_name_key;
ALTER TABLE user_states ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN display_name_key TEXT NOT NULL DEFAULT '';

-- Of each open interval what is searched, and asked together with a search; small enough to be read through.
CREATE TABLE user_search (
    -- alone: SQLite's full-text table knows rows by one number
    user_id INTEGER NOT NULL PRIMARY KEY,
    tenant_id INTEGER NOT NULL,
    cell INTEGER NOT NULL,
    methods INTEGER,
    -- folded display name, folded user name and word beginnings, a line each
    text TEXT NOT NULL
) STRICT;

-- Of this engine alone: which users have three letters in a row somewhere. Where they stand is not kept.
CREATE VIRTUAL TABLE user_search_trigrams USING fts5 (
    text, content = 'user_search', content_rowid = 'user_id', tokenize = 'trigram case_sensitive 1',
    detail = none, columnsize = 0
);

CREATE TRIGGER user_search_add AFTER INSERT ON user_search BEGIN
    INSERT INTO user_search_trigrams (rowid, text) VALUES (new.user_id, new.text);
END;

CREATE TRIGGER user_search_change AFTER UPDATE OF text ON user_search WHEN old.text <> new.text BEGIN
    INSERT INTO user_search_trigrams (user_search_trigrams, rowid, text) VALUES ('delete', old.user_id, old.text);
    INSERT INTO user_search_trigrams (rowid, text) VALUES (new.user_id, new.text);
END;

CREATE TRIGGER user_search_remove AFTER DELETE ON user_search BEGIN
    INSERT INTO user_search_trigrams (user_search_trigrams, rowid, text) VALUES ('delete', old.user_id, old.text);
END;
