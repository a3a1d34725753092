-- Lists of the present: indexes in the order of a list that carry the cell, so that who does not match is passed over
-- without a look at the row; and indexes that begin with a group, whose users lie together by name.
DROP INDEX IF EXISTS user_states_display_name_idx;
DROP INDEX IF EXISTS user_states_user_name_idx;
CREATE INDEX user_states_display_name_idx ON user_states (tenant_id, display_name_folded, user_id, cell) WHERE valid_to = 253402207200000;
CREATE INDEX user_states_user_name_idx ON user_states (tenant_id, user_name_folded, user_id, cell) WHERE valid_to = 253402207200000;
CREATE INDEX user_states_id_idx ON user_states (tenant_id, id, user_id, cell) WHERE valid_to = 253402207200000;
CREATE INDEX user_states_updated_at_idx ON user_states (tenant_id, updated_at, user_id, cell) WHERE valid_to = 253402207200000;
CREATE INDEX user_states_cell_idx ON user_states (tenant_id, cell, display_name_folded, user_id) WHERE valid_to = 253402207200000;
CREATE INDEX user_states_department_idx ON user_states (tenant_id, department, cell, display_name_folded, user_id) WHERE valid_to = 253402207200000;
CREATE INDEX user_states_country_idx ON user_states (tenant_id, country, cell, display_name_folded, user_id) WHERE valid_to = 253402207200000;
CREATE INDEX user_states_default_method_idx ON user_states (tenant_id, default_method, cell, display_name_folded, user_id) WHERE valid_to = 253402207200000;
