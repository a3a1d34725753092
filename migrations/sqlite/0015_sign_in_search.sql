-- Names beside sign-ins are found by any three letters in a row, as users are (0007).

-- Of this engine alone: which names have three letters in a row somewhere. Where they stand is not kept.
CREATE VIRTUAL TABLE user_label_trigrams USING fts5 (
    user_name_folded, display_name_folded, content = 'user_labels', content_rowid = 'label_id',
    tokenize = 'trigram case_sensitive 1', detail = none, columnsize = 0
);
INSERT INTO user_label_trigrams (user_label_trigrams) VALUES ('rebuild');

CREATE TRIGGER user_label_add AFTER INSERT ON user_labels BEGIN
    INSERT INTO user_label_trigrams (rowid, user_name_folded, display_name_folded)
        VALUES (new.label_id, new.user_name_folded, new.display_name_folded);
END;

CREATE TRIGGER user_label_change AFTER UPDATE OF user_name_folded, display_name_folded ON user_labels
WHEN old.user_name_folded <> new.user_name_folded OR old.display_name_folded <> new.display_name_folded BEGIN
    INSERT INTO user_label_trigrams (user_label_trigrams, rowid, user_name_folded, display_name_folded)
        VALUES ('delete', old.label_id, old.user_name_folded, old.display_name_folded);
    INSERT INTO user_label_trigrams (rowid, user_name_folded, display_name_folded)
        VALUES (new.label_id, new.user_name_folded, new.display_name_folded);
END;

CREATE TRIGGER user_label_remove AFTER DELETE ON user_labels BEGIN
    INSERT INTO user_label_trigrams (user_label_trigrams, rowid, user_name_folded, display_name_folded)
        VALUES ('delete', old.label_id, old.user_name_folded, old.display_name_folded);
END;
