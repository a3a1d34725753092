-- What a person chose for all pages. A demo session has no person: there the session itself remembers.
-- Texts are NULL where nothing was chosen.

ALTER TABLE people ADD COLUMN language TEXT COLLATE "C";
ALTER TABLE people ADD COLUMN theme BIGINT NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN time_zone TEXT COLLATE "C";
ALTER TABLE people ADD COLUMN shortcuts BIGINT NOT NULL DEFAULT 1;

ALTER TABLE sessions ADD COLUMN language TEXT COLLATE "C";
ALTER TABLE sessions ADD COLUMN theme BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN time_zone TEXT COLLATE "C";
ALTER TABLE sessions ADD COLUMN shortcuts BIGINT NOT NULL DEFAULT 1;
