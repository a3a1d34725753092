-- What a person chose for all pages. A demo session has no person: there the session itself remembers.
-- Texts are NULL where nothing was chosen.

ALTER TABLE people ADD COLUMN language TEXT;
ALTER TABLE people ADD COLUMN theme INTEGER NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN time_zone TEXT;
ALTER TABLE people ADD COLUMN shortcuts INTEGER NOT NULL DEFAULT 1;

ALTER TABLE sessions ADD COLUMN language TEXT;
ALTER TABLE sessions ADD COLUMN theme INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN time_zone TEXT;
ALTER TABLE sessions ADD COLUMN shortcuts INTEGER NOT NULL DEFAULT 1;
