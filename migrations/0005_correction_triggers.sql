-- 0005: triggers for the columns of 0004; corrections are appended, and stay.
CREATE TRIGGER corrections_about AFTER INSERT ON corrections WHEN NEW.report IS NULL
BEGIN
  UPDATE corrections SET
    report = (SELECT r.code FROM figures f JOIN reports r ON r.id = f.report_id WHERE f.figure_key = NEW.figure_key),
    metric_text = (SELECT metric_text FROM figures WHERE figure_key = NEW.figure_key),
    reported = (SELECT reported FROM figures WHERE figure_key = NEW.figure_key) WHERE id = NEW.id;
END;
CREATE TRIGGER corrections_stay BEFORE DELETE ON corrections
WHEN (SELECT value FROM meta WHERE key = 'loading') IS NOT '1'
BEGIN
  SELECT RAISE(ABORT, 'corrections are kept: to undo one, edit the figure back');
END;
CREATE TRIGGER corrections_guard BEFORE UPDATE OF id, figure_key, action, field, machine_value, new_value, created_at, state ON corrections
WHEN (SELECT value FROM meta WHERE key = 'loading') IS NOT '1'
BEGIN
  SELECT RAISE(ABORT, 'of a correction only author and reason can be edited: to undo one, edit the figure back');
END;
DROP TRIGGER figures_delete;
CREATE TRIGGER figures_delete AFTER DELETE ON figures
WHEN (SELECT value FROM meta WHERE key = 'loading') IS NOT '1'
BEGIN
  INSERT INTO corrections (figure_key, action, machine_value, report, metric_text, reported)
  VALUES (OLD.figure_key, 'reject', OLD.metric_text || ': ' || OLD.reported, (SELECT code FROM reports WHERE id = OLD.report_id), OLD.metric_text, OLD.reported);
  -- Most clients leave foreign keys off, and then no delete cascades.
  DELETE FROM figure_places WHERE figure_id = OLD.id;
  DELETE FROM figure_links WHERE from_id = OLD.id OR to_id = OLD.id;
  DELETE FROM findings WHERE figure_id = OLD.id;
END;
