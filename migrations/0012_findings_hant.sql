-- 0012: findings in traditional script as well.
ALTER TABLE findings ADD COLUMN message_hant TEXT;  -- NULL: found by an older program; the next load of its report fills it

INSERT INTO data_dictionary (table_name, column_name, title_en, title_hans, title_hant, description, semantic) VALUES
('findings', 'message_hant', 'Message in traditional script', '繁体说明', '繁體說明', NULL, 'attribute');
