-- 0006: a view for each question that is asked most. Like flat_*: bare columns, their declared types come through; what is computed stands last.
-- A statement stands for another one here (the level of a change, the whole of a share) only where it is the one that could be meant.

DROP VIEW province_facts;
CREATE VIEW province_facts AS  -- a row for each fact and province, so that a figure about three provinces shows under each: not to be added up over provinces
SELECT ff.province_code, ff.province_hant, ff.province_hans, ff.region, ff.figure_id, ff.organization, ff.year, ff.period, ff.metric_code,
       ff.metric_hant, ff.kind, ff.modality, ff.comparator, ff.value, ff.unit, ff.reported, ff.sentence,
       ff.province_en, ff.metric_hans, ff.metric_en, ff.period_kind, ff.period_end, ff.place, ff.place_level, ff.value_exact, ff.agreement, ff.report,
       ff.unit_base, ff.value_base
  FROM flat_facts ff WHERE ff.province_code IS NOT NULL
UNION ALL
SELECT p.iso_code, p.name_hant, p.name_hans, p.region, ff.figure_id, ff.organization, ff.year, ff.period, ff.metric_code,
       ff.metric_hant, ff.kind, ff.modality, ff.comparator, ff.value, ff.unit, ff.reported, ff.sentence,
       p.name_en, ff.metric_hans, ff.metric_en, ff.period_kind, ff.period_end, ff.place, ff.place_level, ff.value_exact, ff.agreement, ff.report,
       ff.unit_base, ff.value_base
  FROM (SELECT DISTINCT fp.figure_id, pl.province_id FROM figure_places fp JOIN places pl ON pl.id = fp.place_id) x
  JOIN provinces p ON p.id = x.province_id JOIN flat_facts ff ON ff.figure_id = x.figure_id WHERE ff.province_code IS NULL;

CREATE VIEW metric_by_year AS  -- levels of the whole company at the end of a calendar year, or over it; one report may state several (agreement)
SELECT ff.organization, ff.metric_code, ff.metric_hant, ff.metric_hans, ff.metric_en, ff.metric_category, ff.aggregation, ff.year, ff.period,
       ff.period_end, ff.comparator, ff.value, ff.low, ff.high, ff.unit, ff.value_exact, ff.reported, ff.agreement, ff.report, ff.figure_id,
       ff.unit_base, ff.value_base
  FROM flat_facts ff
 WHERE ff.kind = 'level' AND ff.modality = 'actual' AND ff.province_code IS NULL AND ff.place IS NULL AND ff.period_kind IN ('year', 'instant')
   AND ff.period_end = (SELECT end_date FROM years WHERE id = ff.year)
   AND NOT EXISTS (SELECT 1 FROM figure_places WHERE figure_id = ff.figure_id);

CREATE VIEW metric_by_province AS  -- levels of one whole province each: may be added up over provinces, within one metric, period and unit_base
SELECT ff.province_code, ff.province_hant, ff.province_hans, ff.province_en, ff.region, ff.organization, ff.metric_code, ff.metric_hant,
       ff.metric_hans, ff.metric_en, ff.metric_category, ff.aggregation, ff.year, ff.period, ff.period_kind, ff.period_end, ff.comparator,
       ff.value, ff.low, ff.high, ff.unit, ff.value_exact, ff.reported, ff.agreement, ff.report, ff.figure_id, ff.unit_base, ff.value_base
  FROM flat_facts ff
 WHERE ff.kind = 'level' AND ff.modality = 'actual' AND ff.province_code IS NOT NULL AND ff.place_level = 'province';

CREATE VIEW changes AS  -- what moved, against what, and the levels before and after where they are stated or follow
SELECT c.id AS figure_id, o.name_hant AS organization, m.code AS metric_code, m.name_hant AS metric_hant, m.name_hans AS metric_hans,
       m.name_en AS metric_en, c.year_id AS year, pe.code AS period, pe.end_date AS period_end, pr.iso_code AS province_code,
       pr.name_hans AS province_hans, c.modality, c.change_basis, c.change_mode, bp.code AS base_period, c.comparator, c.value, u.code AS unit,
       c.value_text AS value_exact, c.reported, c.agreement, r.code AS report,
       b.value_text AS base_exact, bu.code AS base_unit, b.id AS base_figure_id,
       l.value_text AS level_exact, lu.code AS level_unit, l.id AS level_figure_id,
       CAST(CASE c.change_mode WHEN 'relative' THEN 100 * l.value / NULLIF(100 + c.value, 0) ELSE l.value - c.value END AS DOUBLE PRECISION) AS implied_base,
       CAST(CASE c.change_mode WHEN 'relative' THEN b.value * (100 + c.value) / 100 ELSE b.value + c.value END AS DOUBLE PRECISION) AS implied_level
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

CREATE VIEW shares AS  -- shares with their wholes, and what the part comes to where the whole is stated
SELECT c.id AS figure_id, o.name_hant AS organization, m.code AS metric_code, m.name_hant AS metric_hant, m.name_hans AS metric_hans,
       m.name_en AS metric_en, c.year_id AS year, pe.code AS period, pe.end_date AS period_end, pr.iso_code AS province_code,
       pr.name_hans AS province_hans, c.modality, c.comparator, c.value, u.code AS unit, c.value_text AS value_exact, c.reported, c.agreement,
       r.code AS report, c.whole_text AS whole, wm.code AS whole_metric_code, wm.name_hans AS whole_metric_hans,
       w.value_text AS whole_exact, wu.code AS whole_unit, w.id AS whole_figure_id,
       CAST(w.value * c.value / 100 AS DOUBLE PRECISION) AS implied_part
  FROM (SELECT f.id, f.org_id, f.metric_id, f.year_id, f.period_id, f.province_id, f.modality, f.comparator, f.value, f.unit_id, f.value_text,
               f.reported, f.agreement, f.report_id, f.whole_text, f.whole_metric_id,
               (SELECT CASE WHEN count(*) = 1 THEN min(x.id) END
                  FROM figures x JOIN periods xp ON xp.id = x.period_id
                 WHERE x.metric_id = f.whole_metric_id AND x.year_id = f.year_id AND COALESCE(x.place_id, 0) = COALESCE(f.place_id, 0) AND x.org_id = f.org_id
                   AND x.kind = 'level' AND x.modality = f.modality AND x.is_preferred = 1 AND x.tier = 'core' AND x.review_status <> 'rejected' AND x.value IS NOT NULL
                   AND xp.kind IN ('year', 'instant', fp.kind) AND xp.end_date = fp.end_date
                   AND NOT EXISTS (SELECT 1 FROM figure_places WHERE figure_id = x.id)) AS whole_id
          FROM figures f JOIN periods fp ON fp.id = f.period_id JOIN units fu ON fu.id = f.unit_id
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

CREATE VIEW targets AS  -- promises, requirements and forecasts beside the latest that was achieved by their time
SELECT c.id AS figure_id, o.name_hant AS organization, m.code AS metric_code, m.name_hant AS metric_hant, m.name_hans AS metric_hans,
       m.name_en AS metric_en, m.better, c.year_id AS year, pe.code AS period, pe.end_date AS period_end, pr.iso_code AS province_code,
       pr.name_hans AS province_hans, c.kind, c.modality, c.comparator, c.value, u.code AS unit, c.value_text AS value_exact, c.reported, c.agreement,
       r.code AS report, ap.code AS actual_period, a.comparator AS actual_comparator, a.value AS actual_value, a.value_text AS actual_exact,
       a.reported AS actual_reported, ar.code AS actual_report, a.id AS actual_figure_id,
       CAST(100 * a.value / NULLIF(c.value, 0) AS DOUBLE PRECISION) AS achieved_percent,
       CAST(CASE WHEN c.comparator IN ('>', '>=') OR c.comparator IN ('=', '~') AND m.better = 'higher' THEN CASE WHEN a.value >= c.value THEN 1 ELSE 0 END
                 WHEN c.comparator IN ('<', '<=') OR c.comparator IN ('=', '~') AND m.better = 'lower' THEN CASE WHEN a.value <= c.value THEN 1 ELSE 0 END
                 END * CASE WHEN a.value IS NOT NULL THEN 1 END AS INTEGER) AS is_met
  FROM (SELECT f.id, f.org_id, f.metric_id, f.year_id, f.period_id, f.province_id, f.kind, f.modality, f.comparator, f.value, f.unit_id, f.value_text,
               f.reported, f.agreement, f.report_id,
               (SELECT x.id FROM figures x JOIN periods xp ON xp.id = x.period_id
                 WHERE x.metric_id = f.metric_id AND x.year_id <= f.year_id AND COALESCE(x.place_id, 0) = COALESCE(f.place_id, 0) AND x.org_id = f.org_id
                   AND x.kind = f.kind AND x.unit_id = f.unit_id AND x.modality = 'actual' AND x.is_preferred = 1 AND x.tier = 'core'
                   AND x.review_status <> 'rejected' AND x.value IS NOT NULL AND x.agreement <> 'several' AND xp.end_date <= fp.end_date
                   AND COALESCE(x.change_basis, '') = COALESCE(f.change_basis, '') AND COALESCE(x.base_period_id, 0) = COALESCE(f.base_period_id, 0)
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

CREATE VIEW conflicts AS  -- statements that cannot both be true and of which neither is newer, beside the one that is shown
SELECT b.fact_key, o.name_hant AS organization, m.code AS metric_code, m.name_hant AS metric_hant, m.name_hans AS metric_hans,
       pe.code AS period, u.code AS unit,
       ra.code AS shown_report, a.reported AS shown_reported, a.value_text AS shown_value, a.value AS shown_number,
       rb.code AS other_report, b.reported AS other_reported, b.value_text AS other_value, b.value AS other_number,
       a.id AS shown_figure_id, b.id AS other_figure_id
  FROM figures b
  JOIN figures a ON a.fact_key = b.fact_key
  JOIN reports ra ON ra.id = a.report_id
  JOIN reports rb ON rb.id = b.report_id
  JOIN organizations o ON o.id = b.org_id
  JOIN metrics m ON m.id = b.metric_id
  JOIN periods pe ON pe.id = b.period_id
  JOIN units u ON u.id = b.unit_id
 WHERE b.agreement = 'conflict' AND b.is_preferred = 0 AND b.review_status <> 'rejected' AND a.is_preferred = 1 AND a.review_status <> 'rejected'
   AND a.id <> b.id;

INSERT INTO data_dictionary (table_name, column_name, title_en, title_hans, description, semantic) VALUES
('metric_by_year', '', 'Metrics by year', '指标逐年', 'Levels of the whole company at the end of a year, or over it', 'view'),
('metric_by_province', '', 'Metrics by province', '指标分省', 'Levels of one whole province each; add up value_base by unit_base', 'view'),
('changes', '', 'Changes', '变动', 'Changes with their basis, mode and base period, and the levels before and after', 'view'),
('changes', 'base_exact', 'Base level, exact', '基期数值（精确）', 'Level of the base period as stated, where just one is', 'measure'),
('changes', 'base_unit', 'Unit of the base level', '基期单位', NULL, 'dimension'),
('changes', 'base_figure_id', 'Figure of the base level', '基期数据编号', NULL, 'key'),
('changes', 'level_exact', 'Level, exact', '本期数值（精确）', 'Level of the period as stated, where just one is', 'measure'),
('changes', 'level_unit', 'Unit of the level', '本期单位', NULL, 'dimension'),
('changes', 'level_figure_id', 'Figure of the level', '本期数据编号', NULL, 'key'),
('changes', 'implied_base', 'Implied base level', '推算基期数值', 'From the level and the change, in level_unit', 'measure'),
('changes', 'implied_level', 'Implied level', '推算本期数值', 'From the base level and the change, in base_unit', 'measure'),
('shares', '', 'Shares', '占比', 'Shares with their wholes', 'view'),
('shares', 'whole_metric_code', 'Metric code of the whole', '总体指标代码', 'Where the catalogue knows the whole', 'dimension'),
('shares', 'whole_metric_hans', 'Metric of the whole', '总体指标', NULL, 'dimension'),
('shares', 'whole_exact', 'Whole, exact', '总体数值（精确）', 'As stated for the same period and place, where just one is', 'measure'),
('shares', 'whole_unit', 'Unit of the whole', '总体单位', NULL, 'dimension'),
('shares', 'whole_figure_id', 'Figure of the whole', '总体数据编号', NULL, 'key'),
('shares', 'implied_part', 'Implied part', '推算部分数值', 'Whole times share, in whole_unit', 'measure'),
('targets', '', 'Targets', '目标与完成', 'Promises, requirements and forecasts beside the latest that was achieved by their time', 'view'),
('targets', 'better', 'Better', '优劣方向', 'higher, lower or neutral', 'attribute'),
('targets', 'actual_period', 'Period achieved', '实际期间', 'Of the latest actual figure that ends no later than the target', 'dimension'),
('targets', 'actual_comparator', 'Comparator of the actual figure', '实际比较符', NULL, 'attribute'),
('targets', 'actual_value', 'Actual value', '实际数值', 'Of the same metric, unit and place', 'measure'),
('targets', 'actual_exact', 'Actual value, exact', '实际数值（精确）', NULL, 'measure'),
('targets', 'actual_reported', 'Actual, as reported', '实际原文表述', NULL, 'attribute'),
('targets', 'actual_report', 'Report of the actual figure', '实际数据报告', NULL, 'dimension'),
('targets', 'actual_figure_id', 'Actual figure', '实际数据编号', NULL, 'key'),
('targets', 'achieved_percent', 'Achieved in per cent', '完成率（%）', 'Actual value by target', 'measure'),
('targets', 'is_met', 'Is met', '是否达成', '1 or 0; empty where nothing is achieved yet or no direction is known', 'flag'),
('conflicts', '', 'Conflicts', '矛盾表述', 'Statements of which neither is newer and not both can be true', 'view'),
('conflicts', 'shown_report', 'Report that is shown', '采用的报告', NULL, 'dimension'),
('conflicts', 'shown_reported', 'Shown, as reported', '采用的表述', NULL, 'attribute'),
('conflicts', 'shown_value', 'Shown value, exact', '采用的数值（精确）', NULL, 'measure'),
('conflicts', 'shown_number', 'Shown value', '采用的数值', NULL, 'measure'),
('conflicts', 'other_report', 'Other report', '另一报告', NULL, 'dimension'),
('conflicts', 'other_reported', 'Other, as reported', '另一表述', NULL, 'attribute'),
('conflicts', 'other_value', 'Other value, exact', '另一数值（精确）', NULL, 'measure'),
('conflicts', 'other_number', 'Other value', '另一数值', NULL, 'measure'),
('conflicts', 'shown_figure_id', 'Figure that is shown', '采用的数据', NULL, 'key'),
('conflicts', 'other_figure_id', 'Other figure', '另一数据', NULL, 'key');
INSERT INTO data_dictionary SELECT 'province_facts', column_name, title_en, title_hans, description, semantic FROM data_dictionary
 WHERE table_name = 'flat_figures' AND column_name IN ('province_en', 'metric_hans', 'metric_en', 'period_kind', 'period_end', 'place', 'place_level',
       'value_exact', 'agreement', 'report', 'unit_base', 'value_base');
INSERT INTO data_dictionary SELECT 'metric_by_year', column_name, title_en, title_hans, description, semantic FROM data_dictionary
 WHERE table_name = 'flat_figures' AND column_name IN ('organization', 'metric_code', 'metric_hant', 'metric_hans', 'metric_en', 'metric_category',
       'aggregation', 'year', 'period', 'period_end', 'comparator', 'value', 'low', 'high', 'unit', 'value_exact', 'reported', 'agreement', 'report',
       'figure_id', 'unit_base', 'value_base');
INSERT INTO data_dictionary SELECT 'metric_by_province', column_name, title_en, title_hans, description, semantic FROM data_dictionary
 WHERE table_name = 'flat_figures' AND column_name IN ('province_code', 'province_hant', 'province_hans', 'province_en', 'region', 'organization',
       'metric_code', 'metric_hant', 'metric_hans', 'metric_en', 'metric_category', 'aggregation', 'year', 'period', 'period_kind', 'period_end',
       'comparator', 'value', 'low', 'high', 'unit', 'value_exact', 'reported', 'agreement', 'report', 'figure_id', 'unit_base', 'value_base');
INSERT INTO data_dictionary SELECT 'changes', column_name, title_en, title_hans, description, semantic FROM data_dictionary
 WHERE table_name = 'flat_figures' AND column_name IN ('figure_id', 'organization', 'metric_code', 'metric_hant', 'metric_hans', 'metric_en', 'year',
       'period', 'period_end', 'province_code', 'province_hans', 'modality', 'change_basis', 'change_mode', 'base_period', 'comparator', 'value', 'unit',
       'value_exact', 'reported', 'agreement', 'report');
INSERT INTO data_dictionary SELECT 'shares', column_name, title_en, title_hans, description, semantic FROM data_dictionary
 WHERE table_name = 'flat_figures' AND column_name IN ('figure_id', 'organization', 'metric_code', 'metric_hant', 'metric_hans', 'metric_en', 'year',
       'period', 'period_end', 'province_code', 'province_hans', 'modality', 'comparator', 'value', 'unit', 'value_exact', 'reported', 'agreement',
       'report', 'whole');
INSERT INTO data_dictionary SELECT 'targets', column_name, title_en, title_hans, description, semantic FROM data_dictionary
 WHERE table_name = 'flat_figures' AND column_name IN ('figure_id', 'organization', 'metric_code', 'metric_hant', 'metric_hans', 'metric_en', 'year',
       'period', 'period_end', 'province_code', 'province_hans', 'kind', 'modality', 'comparator', 'value', 'unit', 'value_exact', 'reported',
       'agreement', 'report');
INSERT INTO data_dictionary SELECT 'conflicts', column_name, title_en, title_hans, description, semantic FROM data_dictionary
 WHERE table_name = 'flat_figures' AND column_name IN ('fact_key', 'organization', 'metric_code', 'metric_hant', 'metric_hans', 'period', 'unit');
