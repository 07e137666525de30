-- 0011: value_base follows value, unit and the factor of the unit, whoever changes them.
-- Of rows that are older than the column, or come from a database whose units have other factors; the triggers for edits sleep meanwhile.
INSERT INTO meta SELECT 'loading before', value FROM meta WHERE key = 'loading';
UPDATE meta SET value = '1' WHERE key = 'loading';
UPDATE figures SET value_base = value * (SELECT factor FROM units WHERE id = unit_id)
 WHERE value_base IS NOT value * (SELECT factor FROM units WHERE id = unit_id);
UPDATE meta SET value = (SELECT value FROM meta WHERE key = 'loading before') WHERE key = 'loading';
DELETE FROM meta WHERE key = 'loading before';

CREATE TRIGGER figures_base AFTER UPDATE OF value, unit_id ON figures
WHEN NEW.value_base IS NOT NEW.value * (SELECT factor FROM units WHERE id = NEW.unit_id)
BEGIN
  UPDATE figures SET value_base = value * (SELECT factor FROM units WHERE id = unit_id) WHERE id = NEW.id;
END;
CREATE TRIGGER figures_base_guard BEFORE UPDATE OF value_base ON figures
WHEN NEW.value_base IS NOT OLD.value_base AND NEW.value_base IS NOT NEW.value * (SELECT factor FROM units WHERE id = NEW.unit_id)
 AND (SELECT value FROM meta WHERE key = 'loading') IS NOT '1'
BEGIN
  SELECT RAISE(ABORT, 'value_base follows value_text and the unit: edit those, or factor and factor_text of the unit');
END;
CREATE TRIGGER units_factor AFTER UPDATE OF factor ON units WHEN NEW.factor IS NOT OLD.factor
BEGIN
  UPDATE figures SET value_base = value * NEW.factor WHERE unit_id = NEW.id;
END;
