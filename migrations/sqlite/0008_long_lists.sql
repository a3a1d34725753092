-- Lists of events, as of users in 0003: groups that charts count, each by time; and indexes in the order of a list that
-- carry what is asked, so that what does not match is passed over without a look at the row.
CREATE INDEX events_group_idx ON events (tenant_id, feature, method, outcome, source, at, event_id);
CREATE INDEX events_id_idx ON events (tenant_id, event_id, at, feature, method, outcome, source);
CREATE INDEX events_display_name_idx ON events (tenant_id, display_name_key, event_id, at, feature, method, outcome, source);
CREATE INDEX events_user_name_idx ON events (tenant_id, user_name_folded, event_id, at, feature, method, outcome, source);
CREATE INDEX events_raw_method_idx ON events (tenant_id, COALESCE(raw_method, ''), event_id, at, feature, method, outcome, source);
CREATE INDEX events_reason_idx ON events (tenant_id, COALESCE(reason, ''), event_id, at, feature, method, outcome, source);

-- Those found by name have their order at hand, too.
ALTER TABLE user_search ADD COLUMN display_name_key TEXT NOT NULL DEFAULT '';
UPDATE user_search SET display_name_key = s.display_name_key FROM user_states s
    WHERE s.tenant_id = user_search.tenant_id AND s.user_id = user_search.user_id AND s.valid_to = 253402207200000;
