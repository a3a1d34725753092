-- Names beside sign-ins are found by any three letters in a row, as users are (0007).

-- Of this engine alone: which names have three letters in a row somewhere.
CREATE INDEX user_label_trigrams ON user_labels
    USING gin (user_name_folded gin_trgm_ops, display_name_folded gin_trgm_ops);
