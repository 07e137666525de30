-- 0009: a part of so many per mille; targets below nought, where a comparator speaks of the magnitude: 下降20%以上 is met by -25; and
-- targets of changes against the period before, whose base is another one each year.
DROP VIEW shares;
DROP VIEW targets;

CREATE VIEW shares AS  -- shares with their wholes, and what the part comes to where the whole is stated
SELECT c.id AS figure_id, o.name_hant AS organization, m.code AS metric_code, m.name_hant AS metric_hant, m.name_hans AS metric_hans,
       m.name_en AS metric_en, c.year_id AS year, pe.code AS period, pe.end_date AS period_end, pr.iso_code AS province_code,
       pr.name_hans AS province_hans, c.modality, c.comparator, c.value, u.code AS unit, c.value_text AS value_exact, c.reported, c.agreement,
       r.code AS report, c.whole_text AS whole, wm.code AS whole_metric_code, wm.name_hans AS whole_metric_hans,
       w.value_text AS whole_exact, wu.code AS whole_unit, w.id AS whole_figure_id,
       CAST(w.value * c.value * CASE u.code WHEN '‰' THEN 0.001 WHEN '‱' THEN 0.0001 ELSE 0.01 END AS DOUBLE PRECISION) AS implied_part
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

CREATE VIEW targets AS  -- promises, requirements and forecasts beside the latest that was achieved by their time
SELECT c.id AS figure_id, o.name_hant AS organization, m.code AS metric_code, m.name_hant AS metric_hant, m.name_hans AS metric_hans,
       m.name_en AS metric_en, m.better, c.year_id AS year, pe.code AS period, pe.end_date AS period_end, pr.iso_code AS province_code,
       pr.name_hans AS province_hans, c.kind, c.modality, c.comparator, c.value, u.code AS unit, c.value_text AS value_exact, c.reported, c.agreement,
       r.code AS report, ap.code AS actual_period, a.comparator AS actual_comparator, a.value AS actual_value, a.value_text AS actual_exact,
       a.reported AS actual_reported, ar.code AS actual_report, a.id AS actual_figure_id,
       CAST(100 * a.value / NULLIF(c.value, 0) AS DOUBLE PRECISION) AS achieved_percent,
       CAST(CASE WHEN c.comparator IN ('>', '>=') AND c.value < 0 THEN CASE WHEN a.value <= c.value THEN 1 ELSE 0 END
                 WHEN c.comparator IN ('<', '<=') AND c.value < 0 THEN CASE WHEN a.value >= c.value THEN 1 ELSE 0 END
                 WHEN c.comparator IN ('>', '>=') OR c.comparator IN ('=', '~') AND m.better = 'higher' THEN CASE WHEN a.value >= c.value THEN 1 ELSE 0 END
                 WHEN c.comparator IN ('<', '<=') OR c.comparator IN ('=', '~') AND m.better = 'lower' THEN CASE WHEN a.value <= c.value THEN 1 ELSE 0 END
                 END * CASE WHEN a.value IS NOT NULL THEN 1 END AS INTEGER) AS is_met
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
