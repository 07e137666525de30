-- 0004: a correction says what it was about, so that it can be read, and find its figure again, when the figure is gone.
ALTER TABLE corrections ADD COLUMN report VARCHAR(120);
ALTER TABLE corrections ADD COLUMN metric_text VARCHAR(200);
ALTER TABLE corrections ADD COLUMN reported VARCHAR(200);

UPDATE corrections SET
    report = (SELECT r.code FROM figures f JOIN reports r ON r.id = f.report_id WHERE f.figure_key = corrections.figure_key),
    metric_text = (SELECT metric_text FROM figures WHERE figure_key = corrections.figure_key),
    reported = (SELECT reported FROM figures WHERE figure_key = corrections.figure_key);

INSERT INTO data_dictionary (table_name, column_name, title_en, title_hans, description, semantic) VALUES
('corrections', 'report', 'Report', '报告', 'Code of the report it was made in', 'dimension'),
('corrections', 'metric_text', 'Metric', '指标', 'Label of the figure at that time', 'attribute'),
('corrections', 'reported', 'As reported', '原文表述', 'The expression of the figure', 'attribute');
