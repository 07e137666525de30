-- 0013: definitions of metrics in Chinese as well, under names like those of the names.
ALTER TABLE metrics RENAME COLUMN definition TO definition_en;
ALTER TABLE metrics ADD COLUMN definition_hant TEXT;  -- NULL: of a label, or by an older program; the next load fills those of the catalogue
ALTER TABLE metrics ADD COLUMN definition_hans TEXT;

UPDATE data_dictionary SET column_name = 'definition_en', title_en = 'Definition in English', title_hans = '英文定义', title_hant = '英文定義'
 WHERE table_name = 'metrics' AND column_name = 'definition';
INSERT INTO data_dictionary (table_name, column_name, title_en, title_hans, title_hant, description, semantic) VALUES
('metrics', 'definition_hant', 'Definition, traditional', '繁体定义', '繁體定義', NULL, 'attribute'),
('metrics', 'definition_hans', 'Definition', '定义', '定義', NULL, 'attribute');
