-- How records come in, and that figures have changed.

-- The way by which an import came: file (0), upload (1), folder (2), push (3).
ALTER TABLE imports ADD COLUMN door INTEGER NOT NULL DEFAULT 0;

-- Of each kind of record, what came again since this is counted: to the letter, and as a later version.
ALTER TABLE sources ADD COLUMN duplicate INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN replaced INTEGER NOT NULL DEFAULT 0;

-- Counted up by every transaction that changes what pages show: open pages ask whether it has changed.
CREATE TABLE changes (
    tenant_id INTEGER NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL
) STRICT;

INSERT INTO changes (tenant_id, number) VALUES (1, 0);

-- Values that no vocabulary of ours knows, to be counted: these indexes are of the few rows that have any.
CREATE INDEX user_states_raw_methods_idx ON user_states (tenant_id, raw_methods) WHERE raw_methods IS NOT NULL AND valid_to = 253402207200000;
CREATE INDEX mfa_activity_raw_result_idx ON mfa_activity (tenant_id, raw_result) WHERE raw_result IS NOT NULL AND call_result IS NULL;
