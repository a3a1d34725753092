-- When the person of a session last proved who they are, with everything that they prove it with: what is asked of them before
-- they change what concerns their account.

-- NULL: not known, as of a session that began before this column, or of one whose identity provider does not say.
ALTER TABLE sessions ADD COLUMN proven_at INTEGER;
