-- The access log may be kept for some days only: then it begins with a later entry than the first.

-- Those before are not kept.
ALTER TABLE access_log_head ADD COLUMN first_id BIGINT NOT NULL DEFAULT 1;
-- Of the last entry that is not kept; '': all are.
ALTER TABLE access_log_head ADD COLUMN hash_before TEXT COLLATE "C" NOT NULL DEFAULT '';
