-- 0002: what would slow a first load down and is therefore made after its rows: indexes, and the triggers that keep people's edits.

CREATE UNIQUE INDEX figures_key ON figures (figure_key, document_id);
CREATE INDEX figures_metric_year ON figures (metric_id, year_id, province_id);
CREATE INDEX figures_org_year ON figures (org_id, year_id);
CREATE INDEX figures_province ON figures (province_id, year_id) WHERE province_id IS NOT NULL;
CREATE INDEX figures_place ON figures (place_id) WHERE place_id IS NOT NULL;
CREATE INDEX figures_whole ON figures (whole_metric_id) WHERE whole_metric_id IS NOT NULL;
CREATE INDEX figures_initiative ON figures (initiative_id);
CREATE INDEX figures_fact ON figures (fact_key);
CREATE INDEX figures_report ON figures (report_id, document_id);
CREATE INDEX figures_document ON figures (document_id, seq);
CREATE INDEX figures_sentence ON figures (sentence_id);
CREATE INDEX figures_review ON figures (confidence) WHERE review_status = 'unreviewed';
CREATE INDEX figure_places_place ON figure_places (place_id);
CREATE INDEX figure_links_to ON figure_links (to_id);
CREATE INDEX sentences_document ON sentences (document_id, seq);
CREATE INDEX non_figures_document ON non_figures (document_id);
CREATE INDEX findings_figure ON findings (figure_id);
CREATE INDEX findings_report ON findings (report_id, code);
CREATE INDEX findings_document ON findings (document_id);
CREATE INDEX metrics_hant ON metrics (name_hant);  -- a filter by name starts here
CREATE INDEX metrics_hans ON metrics (name_hans);
CREATE INDEX organizations_hant ON organizations (name_hant);
CREATE INDEX places_province ON places (province_id);
CREATE INDEX corrections_key ON corrections (figure_key, state);

-- Edits made in any client become corrections. Whatever cannot be kept that way is refused, and the refusal says what to do.
CREATE TRIGGER figures_guard BEFORE UPDATE ON figures
WHEN (SELECT value FROM meta WHERE key = 'loading') IS NOT '1'
BEGIN
  SELECT RAISE(ABORT, 'value, low and high follow value_text, low_text and high_text: edit those, as plain decimals (-20.5)')
   WHERE (NEW.value IS NOT OLD.value AND NEW.value IS NOT CAST(NEW.value_text AS REAL))
      OR (NEW.low IS NOT OLD.low AND NEW.low IS NOT CAST(NEW.low_text AS REAL))
      OR (NEW.high IS NOT OLD.high AND NEW.high IS NOT CAST(NEW.high_text AS REAL));
  SELECT RAISE(ABORT, 'year_id follows period_id: edit that') WHERE NEW.year_id <> OLD.year_id
     AND NEW.year_id IS NOT (SELECT year_id FROM periods WHERE id = NEW.period_id);
  SELECT RAISE(ABORT, 'where and how a figure was read is no matter of opinion: edit what was made of it, or delete the row and insert another')
   WHERE OLD.review_status <> 'added' AND (NEW.id IS NOT OLD.id OR NEW.figure_key IS NOT OLD.figure_key OR NEW.report_id IS NOT OLD.report_id
      OR NEW.document_id IS NOT OLD.document_id OR NEW.sentence_id IS NOT OLD.sentence_id OR NEW.seq IS NOT OLD.seq OR NEW.reported IS NOT OLD.reported
      OR NEW.unit_text IS NOT OLD.unit_text OR NEW.unit_mult IS NOT OLD.unit_mult OR NEW.decimals IS NOT OLD.decimals OR NEW.place_text IS NOT OLD.place_text
      OR NEW.page_no IS NOT OLD.page_no OR NEW.line_no IS NOT OLD.line_no OR NEW.char_start IS NOT OLD.char_start OR NEW.char_end IS NOT OLD.char_end
      OR NEW.x0 IS NOT OLD.x0 OR NEW.y0 IS NOT OLD.y0 OR NEW.x1 IS NOT OLD.x1 OR NEW.y1 IS NOT OLD.y1 OR NEW.sheet IS NOT OLD.sheet
      OR NEW.cell IS NOT OLD.cell OR NEW.rule_code IS NOT OLD.rule_code OR NEW.confidence IS NOT OLD.confidence OR NEW.load_id IS NOT OLD.load_id);
  SELECT RAISE(ABORT, 'fact_key and agreement follow from the other columns: edit those, the next load sets them')
   WHERE NEW.fact_key IS NOT OLD.fact_key OR NEW.agreement IS NOT OLD.agreement;
END;
CREATE TRIGGER figures_edit AFTER UPDATE ON figures
WHEN (SELECT value FROM meta WHERE key = 'loading') IS NOT '1'
BEGIN
  INSERT INTO corrections (figure_key, action, field, machine_value, new_value)
  SELECT NEW.figure_key, 'set', f, o, n FROM (SELECT '' AS f, NULL AS o, NULL AS n UNION ALL VALUES
    ('value_text', OLD.value_text, NEW.value_text), ('low_text', OLD.low_text, NEW.low_text),
    ('high_text', OLD.high_text, NEW.high_text), ('comparator', OLD.comparator, NEW.comparator),
    ('unit', (SELECT code FROM units WHERE id = OLD.unit_id), (SELECT code FROM units WHERE id = NEW.unit_id)),
    ('metric', (SELECT code FROM metrics WHERE id = OLD.metric_id), (SELECT code FROM metrics WHERE id = NEW.metric_id)),
    ('metric_text', OLD.metric_text, NEW.metric_text), ('kind', OLD.kind, NEW.kind), ('modality', OLD.modality, NEW.modality),
    ('tier', OLD.tier, NEW.tier), ('change_basis', OLD.change_basis, NEW.change_basis),
    ('change_mode', OLD.change_mode, NEW.change_mode),
    ('base_period', (SELECT code FROM periods WHERE id = OLD.base_period_id), (SELECT code FROM periods WHERE id = NEW.base_period_id)),
    ('whole_text', OLD.whole_text, NEW.whole_text),
    ('whole_metric', (SELECT code FROM metrics WHERE id = OLD.whole_metric_id), (SELECT code FROM metrics WHERE id = NEW.whole_metric_id)),
    ('period', (SELECT code FROM periods WHERE id = OLD.period_id), (SELECT code FROM periods WHERE id = NEW.period_id)),
    ('org', (SELECT code FROM organizations WHERE id = OLD.org_id), (SELECT code FROM organizations WHERE id = NEW.org_id)),
    ('initiative', (SELECT path FROM initiatives WHERE id = OLD.initiative_id), (SELECT path FROM initiatives WHERE id = NEW.initiative_id)),
    ('province', (SELECT iso_code FROM provinces WHERE id = OLD.province_id), (SELECT iso_code FROM provinces WHERE id = NEW.province_id)),
    ('place', (SELECT code FROM places WHERE id = OLD.place_id), (SELECT code FROM places WHERE id = NEW.place_id)),
    ('note', OLD.note, NEW.note), ('is_preferred', OLD.is_preferred, NEW.is_preferred),
    ('review_status', OLD.review_status, CASE WHEN NEW.review_status IN ('added', 'corrected') THEN OLD.review_status ELSE NEW.review_status END)
  ) WHERE o IS NOT n;
  UPDATE figures SET review_status = 'corrected' WHERE changes() > 0 AND id = NEW.id AND NEW.review_status = OLD.review_status
     AND NEW.review_status IN ('unreviewed', 'accepted');
  UPDATE figures SET value = CAST(value_text AS REAL), low = CAST(low_text AS REAL), high = CAST(high_text AS REAL) WHERE id = NEW.id
     AND (NEW.value_text IS NOT OLD.value_text OR NEW.low_text IS NOT OLD.low_text OR NEW.high_text IS NOT OLD.high_text);
  UPDATE figures SET year_id = (SELECT year_id FROM periods WHERE id = NEW.period_id) WHERE id = NEW.id AND NEW.period_id <> OLD.period_id;
  UPDATE figures SET province_id = (SELECT province_id FROM places WHERE id = NEW.place_id) WHERE id = NEW.id AND NEW.place_id IS NOT OLD.place_id;
  UPDATE figures SET place_id = NEW.province_id WHERE id = NEW.id AND NEW.place_id IS OLD.place_id AND NEW.province_id IS NOT OLD.province_id
     AND NEW.province_id IS NOT (SELECT province_id FROM places WHERE id = NEW.place_id);
END;
CREATE TRIGGER figures_add AFTER INSERT ON figures
WHEN (SELECT value FROM meta WHERE key = 'loading') IS NOT '1'
BEGIN
  UPDATE figures SET value = CAST(value_text AS REAL), low = CAST(low_text AS REAL), high = CAST(high_text AS REAL),
    review_status = 'added' WHERE id = NEW.id;
  INSERT INTO corrections (figure_key, action, new_value) VALUES (NEW.figure_key, 'add', NEW.metric_text || ': ' || NEW.reported);
END;
CREATE TRIGGER figures_delete AFTER DELETE ON figures
WHEN (SELECT value FROM meta WHERE key = 'loading') IS NOT '1'
BEGIN
  INSERT INTO corrections (figure_key, action, machine_value) VALUES (OLD.figure_key, 'reject', OLD.metric_text || ': ' || OLD.reported);
  -- Most clients leave foreign keys off, and then no delete cascades.
  DELETE FROM figure_places WHERE figure_id = OLD.id;
  DELETE FROM figure_links WHERE from_id = OLD.id OR to_id = OLD.id;
  DELETE FROM findings WHERE figure_id = OLD.id;
END;
CREATE TRIGGER figure_places_add AFTER INSERT ON figure_places
WHEN (SELECT value FROM meta WHERE key = 'loading') IS NOT '1'
BEGIN
  INSERT INTO corrections (figure_key, action, field, new_value) SELECT f.figure_key, 'set', 'place+', p.code
    FROM figures f, places p WHERE f.id = NEW.figure_id AND p.id = NEW.place_id;
END;
CREATE TRIGGER figure_places_delete AFTER DELETE ON figure_places
WHEN (SELECT value FROM meta WHERE key = 'loading') IS NOT '1'
BEGIN
  INSERT INTO corrections (figure_key, action, field, machine_value) SELECT f.figure_key, 'set', 'place-', p.code
    FROM figures f, places p WHERE f.id = OLD.figure_id AND p.id = OLD.place_id;
END;
