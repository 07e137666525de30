-- 0010: value_base is stored, so that drivers see its type and totals of it cost what totals of value do; integrity_check watches it. Other
-- computed columns take their type from the last SELECT of their sub-select, which is never reached.
ALTER TABLE figures ADD COLUMN value_base DOUBLE;  -- value in the base unit of its kind: value * units.factor

DROP VIEW flat_figures;
CREATE VIEW flat_figures AS  -- a row for each statement
SELECT f.id AS figure_id, f.figure_key, o.name_hant AS organization, r.code AS report, f.year_id AS year,
       (SELECT code FROM periods WHERE id = f.period_id) AS period, (SELECT kind FROM periods WHERE id = f.period_id) AS period_kind,
       (SELECT end_date FROM periods WHERE id = f.period_id) AS period_end,  -- the only date: Superset takes the first one as its axis
       pr.iso_code AS province_code, pr.name_hant AS province_hant, pr.name_hans AS province_hans, pr.name_en AS province_en, pr.region,
       (SELECT name_hant FROM places WHERE id = f.place_id) AS place, (SELECT level FROM places WHERE id = f.place_id) AS place_level, f.place_text,
       (SELECT level FROM initiatives WHERE id = f.initiative_id) AS initiative_level,
       (SELECT name_hant FROM initiatives WHERE id = f.initiative_id) AS initiative_hant,
       (SELECT name_hans FROM initiatives WHERE id = f.initiative_id) AS initiative_hans,
       (SELECT theme_hant FROM initiatives WHERE id = f.initiative_id) AS theme_hant,
       (SELECT theme_hans FROM initiatives WHERE id = f.initiative_id) AS theme_hans,
       m.code AS metric_code, m.name_hant AS metric_hant, m.name_hans AS metric_hans, m.name_en AS metric_en, f.metric_text,
       m.category AS metric_category, m.aggregation, f.kind, f.modality, f.tier, f.comparator, f.value, f.low, f.high,
       (SELECT code FROM units WHERE id = f.unit_id) AS unit,
       f.value_text AS value_exact, f.low_text AS low_exact, f.high_text AS high_exact, f.reported, f.unit_mult, f.decimals,
       f.change_basis, f.change_mode, (SELECT code FROM periods WHERE id = f.base_period_id) AS base_period, f.whole_text AS whole,
       f.confidence, f.rule_code AS rule, f.review_status, f.agreement, f.is_preferred, f.fact_key, f.note,
       (SELECT uri FROM documents WHERE id = f.document_id) AS source, f.page_no AS page, f.line_no AS line, f.sheet, f.cell,
       (SELECT text FROM sentences WHERE id = f.sentence_id) AS sentence,
       (SELECT base_code FROM units WHERE id = f.unit_id) AS unit_base, f.value_base
  FROM figures f
  LEFT JOIN metrics m ON m.id = f.metric_id
  LEFT JOIN organizations o ON o.id = f.org_id
  LEFT JOIN provinces pr ON pr.id = f.province_id
  LEFT JOIN reports r ON r.id = f.report_id
 WHERE f.review_status <> 'rejected';

DROP VIEW changes;
CREATE VIEW changes AS  -- what moved, against what, and the levels before and after where they are stated or follow
SELECT c.id AS figure_id, o.name_hant AS organization, m.code AS metric_code, m.name_hant AS metric_hant, m.name_hans AS metric_hans,
       m.name_en AS metric_en, c.year_id AS year, pe.code AS period, pe.end_date AS period_end, pr.iso_code AS province_code,
       pr.name_hans AS province_hans, c.modality, c.change_basis, c.change_mode, bp.code AS base_period, c.comparator, c.value, u.code AS unit,
       c.value_text AS value_exact, c.reported, c.agreement, r.code AS report,
       b.value_text AS base_exact, bu.code AS base_unit, b.id AS base_figure_id,
       l.value_text AS level_exact, lu.code AS level_unit, l.id AS level_figure_id,
       (SELECT CASE c.change_mode WHEN 'relative' THEN 100 * l.value / NULLIF(100 + c.value, 0) ELSE l.value - c.value END UNION ALL SELECT value FROM figures WHERE id = 0) AS implied_base,
       (SELECT CASE c.change_mode WHEN 'relative' THEN b.value * (100 + c.value) / 100 ELSE b.value + c.value END UNION ALL SELECT value FROM figures WHERE id = 0) AS implied_level
  FROM (SELECT f.id, f.org_id, f.metric_id, f.year_id, f.period_id, f.province_id, f.modality, f.change_basis, f.change_mode, f.base_period_id,
               f.comparator, f.value, f.unit_id, f.value_text, f.reported, f.agreement, f.report_id,
               (SELECT CASE WHEN count(*) = 1 THEN min(x.id) END
                  FROM figures x JOIN periods xp ON xp.id = x.period_id JOIN units xu ON xu.id = x.unit_id
                 WHERE x.metric_id = f.metric_id AND x.year_id = f.year_id AND COALESCE(x.place_id, 0) = COALESCE(f.place_id, 0) AND x.org_id = f.org_id
                   AND x.kind IN ('level', 'share') AND x.modality = f.modality AND x.is_preferred = 1 AND x.tier = 'core' AND x.review_status <> 'rejected' AND x.value IS NOT NULL
                   AND xp.kind IN ('year', 'instant', fp.kind) AND xp.end_date = fp.end_date
                   AND (f.change_mode = 'relative' AND xu.code <> '%' OR f.change_mode = 'points' AND xu.code = '%' OR x.unit_id = f.unit_id AND f.change_mode = 'absolute')
                   AND NOT EXISTS (SELECT 1 FROM figure_places WHERE figure_id = x.id)) AS level_id,
               (SELECT CASE WHEN count(*) = 1 THEN min(x.id) END
                  FROM figures x JOIN periods xp ON xp.id = x.period_id JOIN units xu ON xu.id = x.unit_id
                 WHERE x.metric_id = f.metric_id AND x.year_id = fb.year_id AND COALESCE(x.place_id, 0) = COALESCE(f.place_id, 0) AND x.org_id = f.org_id
                   AND x.kind IN ('level', 'share') AND x.modality = 'actual' AND x.is_preferred = 1 AND x.tier = 'core' AND x.review_status <> 'rejected' AND x.value IS NOT NULL
                   AND xp.kind IN ('year', 'instant', fb.kind) AND xp.end_date = fb.end_date
                   AND (f.change_mode = 'relative' AND xu.code <> '%' OR f.change_mode = 'points' AND xu.code = '%' OR x.unit_id = f.unit_id AND f.change_mode = 'absolute')
                   AND NOT EXISTS (SELECT 1 FROM figure_places WHERE figure_id = x.id)) AS base_id
          FROM figures f JOIN periods fp ON fp.id = f.period_id LEFT JOIN periods fb ON fb.id = f.base_period_id
         WHERE f.kind = 'change' AND f.is_preferred = 1 AND f.tier = 'core' AND f.review_status <> 'rejected') c
  LEFT JOIN metrics m ON m.id = c.metric_id
  LEFT JOIN organizations o ON o.id = c.org_id
  LEFT JOIN provinces pr ON pr.id = c.province_id
  LEFT JOIN reports r ON r.id = c.report_id
  LEFT JOIN periods pe ON pe.id = c.period_id
  LEFT JOIN periods bp ON bp.id = c.base_period_id
  LEFT JOIN units u ON u.id = c.unit_id
  LEFT JOIN figures l ON l.id = c.level_id
  LEFT JOIN units lu ON lu.id = l.unit_id
  LEFT JOIN figures b ON b.id = c.base_id
  LEFT JOIN units bu ON bu.id = b.unit_id;

DROP VIEW shares;
CREATE VIEW shares AS  -- shares with their wholes, and what the part comes to where the whole is stated
SELECT c.id AS figure_id, o.name_hant AS organization, m.code AS metric_code, m.name_hant AS metric_hant, m.name_hans AS metric_hans,
       m.name_en AS metric_en, c.year_id AS year, pe.code AS period, pe.end_date AS period_end, pr.iso_code AS province_code,
       pr.name_hans AS province_hans, c.modality, c.comparator, c.value, u.code AS unit, c.value_text AS value_exact, c.reported, c.agreement,
       r.code AS report, c.whole_text AS whole, wm.code AS whole_metric_code, wm.name_hans AS whole_metric_hans,
       w.value_text AS whole_exact, wu.code AS whole_unit, w.id AS whole_figure_id,
       (SELECT w.value * c.value * CASE u.code WHEN '‰' THEN 0.001 WHEN '‱' THEN 0.0001 ELSE 0.01 END UNION ALL SELECT value FROM figures WHERE id = 0) AS implied_part
  FROM (SELECT f.id, f.org_id, f.metric_id, f.year_id, f.period_id, f.province_id, f.modality, f.comparator, f.value, f.unit_id, f.value_text,
               f.reported, f.agreement, f.report_id, f.whole_text, f.whole_metric_id,
               (SELECT CASE WHEN count(*) = 1 THEN min(x.id) END
                  FROM figures x JOIN periods xp ON xp.id = x.period_id
                 WHERE x.metric_id = f.whole_metric_id AND x.year_id = f.year_id AND COALESCE(x.place_id, 0) = COALESCE(f.place_id, 0) AND x.org_id = f.org_id
                   AND x.kind = 'level' AND x.modality = f.modality AND x.is_preferred = 1 AND x.tier = 'core' AND x.review_status <> 'rejected' AND x.value IS NOT NULL
                   AND xp.kind IN ('year', 'instant', fp.kind) AND xp.end_date = fp.end_date
                   AND NOT EXISTS (SELECT 1 FROM figure_places WHERE figure_id = x.id)) AS whole_id
          FROM figures f JOIN periods fp ON fp.id = f.period_id
         WHERE f.kind = 'share' AND f.is_preferred = 1 AND f.tier = 'core' AND f.review_status <> 'rejected') c
  LEFT JOIN metrics m ON m.id = c.metric_id
  LEFT JOIN organizations o ON o.id = c.org_id
  LEFT JOIN provinces pr ON pr.id = c.province_id
  LEFT JOIN reports r ON r.id = c.report_id
  LEFT JOIN periods pe ON pe.id = c.period_id
  LEFT JOIN units u ON u.id = c.unit_id
  LEFT JOIN metrics wm ON wm.id = c.whole_metric_id
  LEFT JOIN figures w ON w.id = c.whole_id
  LEFT JOIN units wu ON wu.id = w.unit_id;

DROP VIEW targets;
CREATE VIEW targets AS  -- promises, requirements and forecasts beside the latest that was achieved by their time
SELECT c.id AS figure_id, o.name_hant AS organization, m.code AS metric_code, m.name_hant AS metric_hant, m.name_hans AS metric_hans,
       m.name_en AS metric_en, m.better, c.year_id AS year, pe.code AS period, pe.end_date AS period_end, pr.iso_code AS province_code,
       pr.name_hans AS province_hans, c.kind, c.modality, c.comparator, c.value, u.code AS unit, c.value_text AS value_exact, c.reported, c.agreement,
       r.code AS report, ap.code AS actual_period, a.comparator AS actual_comparator, a.value AS actual_value, a.value_text AS actual_exact,
       a.reported AS actual_reported, ar.code AS actual_report, a.id AS actual_figure_id,
       (SELECT 100 * a.value / NULLIF(c.value, 0) UNION ALL SELECT value FROM figures WHERE id = 0) AS achieved_percent,
       (SELECT CASE WHEN c.comparator IN ('>', '>=') AND c.value < 0 THEN CASE WHEN a.value <= c.value THEN 1 ELSE 0 END
                 WHEN c.comparator IN ('<', '<=') AND c.value < 0 THEN CASE WHEN a.value >= c.value THEN 1 ELSE 0 END
                 WHEN c.comparator IN ('>', '>=') OR c.comparator IN ('=', '~') AND m.better = 'higher' THEN CASE WHEN a.value >= c.value THEN 1 ELSE 0 END
                 WHEN c.comparator IN ('<', '<=') OR c.comparator IN ('=', '~') AND m.better = 'lower' THEN CASE WHEN a.value <= c.value THEN 1 ELSE 0 END
                 END * CASE WHEN a.value IS NOT NULL THEN 1 END UNION ALL SELECT is_preferred FROM figures WHERE id = 0) AS is_met
  FROM (SELECT f.id, f.org_id, f.metric_id, f.year_id, f.period_id, f.province_id, f.kind, f.modality, f.comparator, f.value, f.unit_id, f.value_text,
               f.reported, f.agreement, f.report_id,
               (SELECT x.id FROM figures x JOIN periods xp ON xp.id = x.period_id
                 WHERE x.metric_id = f.metric_id AND x.year_id <= f.year_id AND COALESCE(x.place_id, 0) = COALESCE(f.place_id, 0) AND x.org_id = f.org_id
                   AND x.kind = f.kind AND x.unit_id = f.unit_id AND x.modality = 'actual' AND x.is_preferred = 1 AND x.tier = 'core'
                   AND x.review_status <> 'rejected' AND x.value IS NOT NULL AND x.agreement <> 'several' AND xp.end_date <= fp.end_date
                   AND COALESCE(x.change_basis, '') = COALESCE(f.change_basis, '') AND (f.change_basis IN ('yoy', 'pop') OR COALESCE(x.base_period_id, 0) = COALESCE(f.base_period_id, 0))
                   AND COALESCE(x.whole_text, '') = COALESCE(f.whole_text, '')
                   AND NOT EXISTS (SELECT 1 FROM figure_places WHERE figure_id = x.id)
                 ORDER BY xp.end_date DESC, x.id LIMIT 1) AS actual_id
          FROM figures f JOIN periods fp ON fp.id = f.period_id
         WHERE f.modality <> 'actual' AND f.is_preferred = 1 AND f.tier = 'core' AND f.review_status <> 'rejected') c
  LEFT JOIN metrics m ON m.id = c.metric_id
  LEFT JOIN organizations o ON o.id = c.org_id
  LEFT JOIN provinces pr ON pr.id = c.province_id
  LEFT JOIN reports r ON r.id = c.report_id
  LEFT JOIN periods pe ON pe.id = c.period_id
  LEFT JOIN units u ON u.id = c.unit_id
  LEFT JOIN figures a ON a.id = c.actual_id
  LEFT JOIN periods ap ON ap.id = a.period_id
  LEFT JOIN reports ar ON ar.id = a.report_id;

DROP VIEW provenance_unchecked;
CREATE VIEW provenance_unchecked AS  -- counted apart: there is no span to cut
SELECT f.id AS figure_id, f.document_id, f.page_no AS page, f.cell, f.reported,
       (SELECT CASE WHEN f.cell IS NOT NULL THEN 'cell' WHEN f.x0 IS NOT NULL THEN 'page and box' ELSE 'no text' END UNION ALL SELECT rule_code FROM figures WHERE id = 0) AS why
  FROM figures f LEFT JOIN sentences s ON s.id = f.sentence_id WHERE f.char_start IS NULL OR s.char_start IS NULL;

DROP VIEW integrity_check;
CREATE VIEW integrity_check AS  -- must be empty; 1e-15, since SQLite's CAST of a long decimal is not always the nearest double
SELECT id AS figure_id FROM figures
 WHERE (value IS NULL) <> (value_text IS NULL) OR abs(value - CAST(value_text AS DOUBLE PRECISION)) > 1e-15 * abs(value)
    OR (low IS NULL) <> (low_text IS NULL) OR abs(low - CAST(low_text AS DOUBLE PRECISION)) > 1e-15 * abs(low)
    OR (high IS NULL) <> (high_text IS NULL) OR abs(high - CAST(high_text AS DOUBLE PRECISION)) > 1e-15 * abs(high)
UNION ALL SELECT f.id FROM figures f JOIN periods pe ON pe.id = f.period_id WHERE f.year_id <> pe.year_id
UNION ALL SELECT f.id FROM figures f JOIN units u ON u.id = f.unit_id
 WHERE (f.value IS NULL) <> (f.value_base IS NULL) OR abs(f.value_base - f.value * u.factor) > 1e-15 * abs(f.value_base);

INSERT INTO data_dictionary (table_name, column_name, title_en, title_hans, title_hant, description, semantic)
SELECT 'figures', column_name, title_en, title_hans, title_hant, description, semantic FROM data_dictionary
 WHERE table_name = 'flat_figures' AND column_name = 'value_base';
