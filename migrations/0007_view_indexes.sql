-- 0007: indexes for the views of 0006: what else is said of a figure's metric and company, and views whose rows are few among many.
CREATE INDEX figures_series ON figures (metric_id, org_id, year_id);
CREATE INDEX figures_promise ON figures (metric_id) WHERE modality <> 'actual';
CREATE INDEX figures_conflict ON figures (fact_key) WHERE agreement = 'conflict';
