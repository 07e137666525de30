-- 0001: every table and view. What each is for stands inside the parentheses, the reasons in docs/schema.md.
--
-- Dimension key `id`; foreign key `<thing>_id`; names in traditional (_hant) and simplified (_hans) script and in English (_en).
-- Exact decimals are text, -?digits[.digits]; beside each stands its nearest DOUBLE, to chart and to sort.
-- Days are DATE 'YYYY-MM-DD', both ends of a span included; instants VARCHAR(20) 'YYYY-MM-DDTHH:MM:SSZ'; flags INTEGER 0 or 1.
-- Characters are counted from 0, half-open, in the text as read (of a PDF: of its page); pages and lines from 1.
-- Ids belong to one file; codes and keys are the same in every file. What is absent is NULL, never ''.

-- ------------------------------------------------------------------ this file
CREATE TABLE meta (
    key   VARCHAR(40) NOT NULL PRIMARY KEY,      -- 'loading' is '1' only while the loader writes: the edit triggers look at it
    value VARCHAR(200) NOT NULL
);
CREATE TABLE loads (                             -- the runs of the loader that changed something
    id              INTEGER NOT NULL PRIMARY KEY,
    started_at      VARCHAR(20) NOT NULL,
    finished_at     VARCHAR(20),
    status          VARCHAR(12) NOT NULL CHECK (status IN ('ok', 'partial')),  -- partial: some rows of its files were refused
    program_version VARCHAR(40) NOT NULL,
    knowledge_hash  VARCHAR(64) NOT NULL,        -- of the tables of data/ that were in use
    arguments       TEXT
);
CREATE TABLE data_dictionary (                   -- what each table and column is called and means; exports carry it along
    table_name  VARCHAR(60) NOT NULL,
    column_name VARCHAR(60) NOT NULL DEFAULT '', -- '': the table itself
    title_en    VARCHAR(120) NOT NULL,
    title_hans  VARCHAR(120) NOT NULL,
    description TEXT,
    semantic    VARCHAR(20) NOT NULL CHECK (semantic IN ('table', 'view', 'key', 'dimension', 'measure', 'attribute', 'provenance', 'flag')),
    PRIMARY KEY (table_name, column_name)
);

-- ------------------------------------------------------------------ dimensions
CREATE TABLE provinces (                         -- the 34 divisions of the first level and nothing else: no totals to count twice
    id         INTEGER NOT NULL PRIMARY KEY CHECK (id BETWEEN 110000 AND 829999 AND id % 10000 = 0),  -- GB/T 2260: 630000
    iso_code   VARCHAR(5) NOT NULL UNIQUE CHECK (iso_code GLOB 'CN-[A-Z][A-Z]'),
    name_hant  VARCHAR(200) NOT NULL UNIQUE,
    name_hans  VARCHAR(200) NOT NULL UNIQUE,     -- 青海省
    name_en    VARCHAR(200) NOT NULL UNIQUE,
    short_hant VARCHAR(20) NOT NULL,
    short_hans VARCHAR(20) NOT NULL,             -- 青海
    abbr_hans  VARCHAR(4) NOT NULL,              -- 青
    kind       VARCHAR(20) NOT NULL CHECK (kind IN ('province', 'municipality', 'autonomous_region', 'sar')),
    region     VARCHAR(20) NOT NULL,             -- east, central, west, northeast as in national statistics; sar and taiwan beside them
    geo_area   VARCHAR(20) NOT NULL              -- 华北 东北 华东 华中 华南 西南 西北 港澳台
);
CREATE TABLE places (                            -- every place a figure can be about, the provinces too
    id          INTEGER NOT NULL PRIMARY KEY,    -- the GB/T 2260 code where there is one (100000: the country), else from 1000000 on
    code        VARCHAR(120) NOT NULL UNIQUE,    -- '650521', 'x-gba' (粤港澳大湾区); in no catalogue: 'x:青海/<name in simplified script>'
    level       VARCHAR(20) NOT NULL CHECK (level IN ('world', 'country', 'macro_region', 'province', 'prefecture', 'county', 'township',
        'village', 'zone', 'city_group', 'province_set', 'poverty_area', 'company_area', 'overseas', 'other')),
    name_hant   VARCHAR(200) NOT NULL,
    name_hans   VARCHAR(200) NOT NULL,
    name_en     VARCHAR(200),
    province_id INTEGER REFERENCES provinces (id),  -- NULL: it spans several, or none
    parent_id   INTEGER REFERENCES places (id)
);
CREATE TABLE place_members (                     -- what a region is made of: 粤港澳大湾区 is nine cities, 香港 and 澳门
    place_id  INTEGER NOT NULL REFERENCES places (id),
    member_id INTEGER NOT NULL REFERENCES places (id),
    PRIMARY KEY (place_id, member_id)
);
CREATE TABLE years (                             -- calendar years that some figure or report is about
    id             INTEGER NOT NULL PRIMARY KEY CHECK (id BETWEEN 1900 AND 2200),
    label_hant     VARCHAR(10) NOT NULL,         -- 2019年
    start_date     DATE NOT NULL CHECK (start_date IS strftime('%Y-%m-%d', start_date)),
    end_date       DATE NOT NULL CHECK (end_date IS strftime('%Y-%m-%d', end_date)),
    five_year_plan INTEGER                       -- 13: 「十三五」, 2016 to 2020; NULL between plans
);
CREATE TABLE periods (                           -- the time a figure is about
    id         INTEGER NOT NULL PRIMARY KEY,
    code       VARCHAR(120) NOT NULL UNIQUE,     -- 2019 | 2019-12-31 | 2019-08 | 2019-07/2019-09 | 2016/2019
    kind       VARCHAR(20) NOT NULL CHECK (kind IN ('instant', 'day', 'month', 'quarter', 'half', 'ytd', 'year', 'since', 'span')),
    start_date DATE CHECK (start_date IS strftime('%Y-%m-%d', start_date)),  -- NULL: an instant. IS, since NULL of bad text would pass =
    end_date   DATE NOT NULL CHECK (end_date IS strftime('%Y-%m-%d', end_date)),
    year_id    INTEGER NOT NULL REFERENCES years (id),  -- the year it ends in
    CHECK (start_date IS NULL OR start_date <= end_date),
    CHECK (kind <> 'instant' OR start_date IS NULL)
);
CREATE TABLE units (                             -- of measure; a multiplier (萬, 億) is never part of one
    id          INTEGER NOT NULL PRIMARY KEY,
    code        VARCHAR(120) NOT NULL UNIQUE,    -- '%', 'pp', 'CNY', 'Mbit/s', '户', '件/百万用户', 'rank'; '1': none
    ucum        VARCHAR(40),                     -- its code in UCUM, where it has one
    quantity    VARCHAR(20) NOT NULL,            -- count, ratio, money, data_rate, duration, rate …; none of unit '1'
    base_code   VARCHAR(120) NOT NULL,           -- what value_base of the views is in: MWh -> kWh; CNY and HKD are their own
    factor_text VARCHAR(80) NOT NULL DEFAULT '1',  -- exact: value_base = value * factor
    factor      DOUBLE NOT NULL DEFAULT 1 CHECK (abs(factor - CAST(factor_text AS REAL)) <= 1e-15 * factor),
    name_hant   VARCHAR(200) NOT NULL,
    name_hans   VARCHAR(200) NOT NULL,
    name_en     VARCHAR(200)
);
CREATE TABLE metrics (                           -- what is measured: the catalogue, and a row for each label that it does not know
    id          INTEGER NOT NULL PRIMARY KEY,
    code        VARCHAR(120) NOT NULL UNIQUE,    -- 'base_stations_4g'; in no catalogue: 'x:<label in simplified script>'
    name_hant   VARCHAR(200) NOT NULL,
    name_hans   VARCHAR(200) NOT NULL,
    name_en     VARCHAR(200),
    definition  TEXT,
    category    VARCHAR(40),                     -- network, users, security …
    parent_id   INTEGER REFERENCES metrics (id), -- 4G base stations are base stations
    quantity    VARCHAR(20),                     -- as units.quantity; NULL of an uncatalogued one
    unit_id     INTEGER REFERENCES units (id),   -- the usual unit
    period_type VARCHAR(10) CHECK (period_type IN ('instant', 'duration')),  -- as in XBRL
    aggregation VARCHAR(10) NOT NULL DEFAULT 'none' CHECK (aggregation IN ('sum', 'last', 'mean', 'min', 'max', 'none')),  -- over time
    better      VARCHAR(8) CHECK (better IN ('higher', 'lower', 'neutral')),
    status      VARCHAR(12) NOT NULL DEFAULT 'auto' CHECK (status IN ('catalogued', 'auto', 'merged')),
    merged_into INTEGER REFERENCES metrics (id)  -- set by a person: facts of this one count as facts of that one
);
CREATE TABLE metric_aliases (                    -- other names of the catalogue's metrics, in simplified script
    metric_id INTEGER NOT NULL REFERENCES metrics (id),
    alias     VARCHAR(200) NOT NULL,
    PRIMARY KEY (alias, metric_id)
);
CREATE TABLE metric_standards (                  -- which disclosure of which standard a metric answers to
    metric_id INTEGER NOT NULL REFERENCES metrics (id),
    scheme    VARCHAR(20) NOT NULL,              -- GRI, SASB, HKEX, ITU, MIIT
    code      VARCHAR(120) NOT NULL,             -- 418-1, TC-TL-000.C, B6.2, i4213tfbb …
    match     VARCHAR(8) NOT NULL CHECK (match IN ('exact', 'close', 'broad', 'narrow', 'related')),  -- as in SKOS
    PRIMARY KEY (metric_id, scheme, code)
);
CREATE TABLE organizations (                     -- who a figure is about: the company that reports
    id          INTEGER NOT NULL PRIMARY KEY,
    code        VARCHAR(120) NOT NULL UNIQUE,    -- 'china-unicom'; of an unknown company the name of its file
    name_hant   VARCHAR(200) NOT NULL,
    name_hans   VARCHAR(200) NOT NULL,
    name_en     VARCHAR(200),
    parent_id   INTEGER REFERENCES organizations (id),
    province_id INTEGER REFERENCES provinces (id),  -- of a provincial branch
    tickers     VARCHAR(80)                      -- '0762.HK;600050.SH'
);

-- ------------------------------------------------------------------ where it was read
CREATE TABLE reports (                           -- one publication of one company, however many files hold it
    id            INTEGER NOT NULL PRIMARY KEY,
    code          VARCHAR(120) NOT NULL UNIQUE,  -- 'china-unicom/csr/2019', 'chinacoal/monthly/2026-05'; a later edition ends in '#2'
    org_id        INTEGER NOT NULL REFERENCES organizations (id),
    title         VARCHAR(300) NOT NULL,
    kind          VARCHAR(20) NOT NULL CHECK (kind IN ('csr', 'esg', 'annual', 'interim', 'quarterly', 'monthly', 'other')),
    year_id       INTEGER NOT NULL REFERENCES years (id),
    period_id     INTEGER NOT NULL REFERENCES periods (id),  -- what it reports about; of two reports the one that ends later is newer
    lang          VARCHAR(7) NOT NULL CHECK (lang IN ('zh-Hant', 'zh-Hans', 'en')),
    edition       INTEGER NOT NULL DEFAULT 1,    -- a report issued again is a new edition
    supersedes_id INTEGER REFERENCES reports (id)
);
CREATE TABLE documents (                         -- an input file
    id         INTEGER NOT NULL PRIMARY KEY,
    report_id  INTEGER NOT NULL REFERENCES reports (id),
    load_id    INTEGER NOT NULL REFERENCES loads (id),  -- the last one that changed it
    source     VARCHAR(14) NOT NULL CHECK (source IN ('report', 'transcription')),  -- the report itself, or a sheet typed from it
    name       VARCHAR(255) NOT NULL,            -- of the file, without its folder: new bytes under it replace the old ones
    uri        VARCHAR(1000) NOT NULL,           -- as given on the command line
    sha256     VARCHAR(64) NOT NULL CHECK (length(sha256) = 64),
    bytes      BIGINT NOT NULL,                  -- BIGINT, since ODBC takes INTEGER for 32 bits
    media_type VARCHAR(80) NOT NULL,
    encoding   VARCHAR(20),                      -- of text: UTF-8, GB18030
    pages      INTEGER,                          -- how many; NULL where it has none
    title      VARCHAR(300),                     -- as the document says it
    lang       VARCHAR(7) NOT NULL,
    digest     VARCHAR(40) NOT NULL,             -- of all that was read from it: equal means that there is nothing to write
    UNIQUE (report_id, source, name)
);
CREATE TABLE initiatives (                       -- the headings of a report and the case boxes under them
    id          INTEGER NOT NULL PRIMARY KEY,
    report_id   INTEGER NOT NULL REFERENCES reports (id),
    document_id INTEGER NOT NULL REFERENCES documents (id),  -- whose pages and lines are meant
    path        VARCHAR(600) NOT NULL,           -- '縮小數字鴻溝/推動網絡演進/廣東聯通'; a '/' in a name as '／', a second of one path ends in '#2'
    level       VARCHAR(10) NOT NULL CHECK (level IN ('theme', 'programme', 'initiative', 'case', 'action')),
    name_hant   VARCHAR(200) NOT NULL,           -- as written, also where the report is in simplified script
    name_hans   VARCHAR(200) NOT NULL,           -- joins one heading across reports
    parent_id   INTEGER REFERENCES initiatives (id),
    theme_hant  VARCHAR(200) NOT NULL,           -- the top heading above; of a top heading its own name
    theme_hans  VARCHAR(200) NOT NULL,
    year_id     INTEGER REFERENCES years (id),   -- these two only where the heading or its text say so
    status      VARCHAR(8) CHECK (status IN ('done', 'planned')),
    page_no     INTEGER,
    line_no     INTEGER,
    UNIQUE (report_id, path)
);
CREATE TABLE initiative_provinces (              -- 甘肅聯通、福建聯通、湖南聯通: three rows
    initiative_id INTEGER NOT NULL REFERENCES initiatives (id) ON DELETE CASCADE,
    province_id   INTEGER NOT NULL REFERENCES provinces (id),
    PRIMARY KEY (initiative_id, province_id)
);
CREATE TABLE sentences (                         -- each that holds a figure, once; the row of a table is one
    id          INTEGER NOT NULL PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES documents (id),
    seq         INTEGER NOT NULL,                -- from 0, in reading order
    page_no     INTEGER,
    line_start  INTEGER,
    line_end    INTEGER,
    char_start  INTEGER,                         -- where source_text begins; NULL where there is no running text (cells)
    text        TEXT NOT NULL,                   -- the quote, tidied: line breaks and running heads taken out
    source_text TEXT                             -- the same stretch as read, EACH white space character as one blank; NULL: equal to text
);

-- ------------------------------------------------------------------ the figures
CREATE TABLE figures (                           -- one row is one number expression in one document
    id             INTEGER NOT NULL PRIMARY KEY,
    figure_key     VARCHAR(32) NOT NULL CHECK (figure_key GLOB 'f[0-9a-f]*'),  -- one a statement, the same after every load and in every file of the report; a letter first, so that no client takes it for a number
    -- what
    metric_id      INTEGER NOT NULL REFERENCES metrics (id),
    metric_text    VARCHAR(200) NOT NULL,        -- the label in the report's words
    kind           VARCHAR(20) NOT NULL CHECK (kind IN ('level', 'change', 'share', 'rank', 'price')),
    modality       VARCHAR(10) NOT NULL DEFAULT 'actual' CHECK (modality IN ('actual', 'target', 'rule', 'forecast')),
    tier           VARCHAR(6) NOT NULL DEFAULT 'core' CHECK (tier IN ('core', 'minor')),  -- minor: the number of a set phrase, 「三大場景」
    -- who, under what, where, when
    org_id         INTEGER NOT NULL REFERENCES organizations (id),
    initiative_id  INTEGER REFERENCES initiatives (id),  -- the case box it stands in, else the nearest heading above
    province_id    INTEGER REFERENCES provinces (id),    -- NULL: none, or several (figure_places)
    place_id       INTEGER REFERENCES places (id),       -- the finest place that holds all it is about; NULL: country or company
    place_text     VARCHAR(200),                 -- the place below province in the report's words
    period_id      INTEGER NOT NULL REFERENCES periods (id),
    year_id        INTEGER NOT NULL REFERENCES years (id),  -- the period's
    -- how much: multiplier applied, unit as reported, a fall negative
    comparator     VARCHAR(2) NOT NULL DEFAULT '=' CHECK (comparator IN ('=', '~', '>', '>=', '<', '<=')),  -- said of the magnitude: 「再降20%以上」 is -20 and >=
    value_text     VARCHAR(80),                  -- exact; NULL: a range
    value          DOUBLE,
    low_text       VARCHAR(80),                  -- the two ends of a range; no middle is made up
    low            DOUBLE,
    high_text      VARCHAR(80),
    high           DOUBLE,
    unit_id        INTEGER NOT NULL REFERENCES units (id),
    -- as reported
    reported       VARCHAR(200) NOT NULL,        -- 約2萬個, all white space taken out
    unit_text      VARCHAR(40),                  -- 個
    unit_mult      INTEGER NOT NULL DEFAULT 0 CHECK (unit_mult BETWEEN -12 AND 18),  -- power of ten of the multiplier: 4 is 萬, 8 is 億
    decimals       INTEGER,                      -- the last digit written is worth 10^-decimals: 141萬 -4, 25.2 1
    -- of changes
    change_basis   VARCHAR(10) CHECK (change_basis IN ('yoy', 'pop', 'vs_period', 'prior')),  -- 同比, 環比, 較2017年, 再降
    change_mode    VARCHAR(10) CHECK (change_mode IN ('relative', 'absolute', 'points')),     -- 增長5%, 增加5萬, 提高5個百分點
    base_period_id INTEGER REFERENCES periods (id),  -- 較2017年: 2017
    -- of shares and parts
    whole_text     VARCHAR(200),                 -- 全部寬帶端口
    whole_metric_id INTEGER REFERENCES metrics (id),  -- where the catalogue knows it
    -- where it was read: span, or box, or cell
    load_id        INTEGER NOT NULL REFERENCES loads (id),  -- the last one that changed this row
    report_id      INTEGER NOT NULL REFERENCES reports (id),
    document_id    INTEGER NOT NULL REFERENCES documents (id),
    sentence_id    INTEGER REFERENCES sentences (id),
    seq            INTEGER NOT NULL DEFAULT 0,   -- from 0, in reading order in its document
    page_no        INTEGER,                      -- of a workbook the sheet
    line_no        INTEGER,
    char_start     INTEGER,
    char_end       INTEGER,
    x0             DOUBLE,                       -- a box in points from the page's top left corner
    y0             DOUBLE,
    x1             DOUBLE,
    y1             DOUBLE,
    sheet          VARCHAR(80),                  -- its name; NULL in a CSV
    cell           VARCHAR(12) CHECK (cell GLOB '[A-Z]*[0-9]'),  -- C12
    rule_code      VARCHAR(80),                  -- what read and bound it, as `explain` prints
    confidence     DOUBLE NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    -- what people and the other statements make of it
    review_status  VARCHAR(12) NOT NULL DEFAULT 'unreviewed'
        CHECK (review_status IN ('unreviewed', 'accepted', 'corrected', 'added', 'rejected')),
    fact_key       VARCHAR(32) NOT NULL,         -- what is asked, not the answer: organization, metric, kind, basis, whole, unit, period, places, modality
    agreement      VARCHAR(12) NOT NULL DEFAULT 'sole'  -- how it stands to the other statements of its fact: docs/schema.md
        CHECK (agreement IN ('sole', 'same', 'consistent', 'several', 'restated', 'conflict')),
    is_preferred   INTEGER NOT NULL DEFAULT 1 CHECK (is_preferred IN (0, 1)),  -- 0: another row says it, or says it later
    note           TEXT,                         -- a person's
    CONSTRAINT provenance_is_span_box_or_cell CHECK (
        (char_start IS NOT NULL AND char_end IS NOT NULL AND (line_no IS NOT NULL OR page_no IS NOT NULL)) OR (page_no IS NOT NULL AND x0 IS NOT NULL)
        OR cell IS NOT NULL OR (review_status = 'added' AND (page_no IS NOT NULL OR line_no IS NOT NULL))),
    CONSTRAINT span_has_two_ends CHECK ((char_start IS NULL) = (char_end IS NULL) AND (char_start IS NULL OR char_start < char_end)),
    CONSTRAINT box_has_four_sides CHECK (COALESCE(x0, y0, x1, y1) IS NULL OR COALESCE(x0 < x1 AND y0 < y1, 0)),
    CONSTRAINT value_text_is_plain_decimal CHECK (value_text IS NULL OR ((value_text GLOB '[1-9]*' OR value_text GLOB '-[1-9]*' OR value_text = '0'
        OR value_text GLOB '0.*' OR value_text GLOB '-0.*[1-9]*') AND substr(value_text, 2) NOT GLOB '*[^.0-9]*'
        AND value_text NOT GLOB '*.*.*' AND value_text GLOB '*[0-9]' AND length(value_text) <= 80)),
    CONSTRAINT low_text_is_plain_decimal CHECK (low_text IS NULL OR ((low_text GLOB '[1-9]*' OR low_text GLOB '-[1-9]*' OR low_text = '0'
        OR low_text GLOB '0.*' OR low_text GLOB '-0.*[1-9]*') AND substr(low_text, 2) NOT GLOB '*[^.0-9]*'
        AND low_text NOT GLOB '*.*.*' AND low_text GLOB '*[0-9]' AND length(low_text) <= 80)),
    CONSTRAINT high_text_is_plain_decimal CHECK (high_text IS NULL OR ((high_text GLOB '[1-9]*' OR high_text GLOB '-[1-9]*' OR high_text = '0'
        OR high_text GLOB '0.*' OR high_text GLOB '-0.*[1-9]*') AND substr(high_text, 2) NOT GLOB '*[^.0-9]*'
        AND high_text NOT GLOB '*.*.*' AND high_text GLOB '*[0-9]' AND length(high_text) <= 80)),
    CONSTRAINT one_value_or_a_range_of_two CHECK ((value_text IS NULL) = (low_text IS NOT NULL) AND (low_text IS NULL) = (high_text IS NULL)
        AND (low_text IS NULL OR CAST(low_text AS REAL) <= CAST(high_text AS REAL))),
    CONSTRAINT doubles_are_numbers CHECK (typeof(value) NOT IN ('text', 'blob') AND typeof(low) NOT IN ('text', 'blob') AND typeof(high) NOT IN ('text', 'blob')),
    CONSTRAINT change_has_basis_and_mode CHECK (CASE kind WHEN 'change' THEN change_basis IS NOT NULL AND change_mode IS NOT NULL
        ELSE COALESCE(change_basis, change_mode, base_period_id) IS NULL END),
    CONSTRAINT vs_period_has_base_period CHECK (change_basis <> 'vs_period' OR base_period_id IS NOT NULL)
);
CREATE TABLE figure_places (                     -- all places of a figure that names several: 哈密市、巴裏坤縣、伊吾縣
    figure_id INTEGER NOT NULL REFERENCES figures (id) ON DELETE CASCADE,
    place_id  INTEGER NOT NULL REFERENCES places (id),
    PRIMARY KEY (figure_id, place_id)
);
CREATE TABLE figure_links (                      -- from a part to its whole, a change to its level, a restatement to what it replaces
    from_id  INTEGER NOT NULL REFERENCES figures (id) ON DELETE CASCADE,
    to_id    INTEGER NOT NULL REFERENCES figures (id) ON DELETE CASCADE,
    relation VARCHAR(10) NOT NULL CHECK (relation IN ('part_of', 'share_of', 'change_of', 'restates', 'repeats')),
    PRIMARY KEY (from_id, to_id, relation)
);
CREATE TABLE non_figures (                       -- every other numeral and why it is no figure
    id          INTEGER NOT NULL PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES documents (id),
    page_no     INTEGER,
    line_no     INTEGER,
    char_start  INTEGER,
    char_end    INTEGER,
    cell        VARCHAR(12),
    text        VARCHAR(200) NOT NULL,           -- 5G, 10010, 2019年11月6日, 第四批
    reason      VARCHAR(10) NOT NULL CHECK (reason IN ('date', 'name', 'model', 'standard', 'phone', 'page', 'ordinal', 'list', 'phrase', 'other'))
);
CREATE TABLE findings (                          -- doubts: data/checks.csv tells what each code means
    id           INTEGER NOT NULL PRIMARY KEY,
    load_id      INTEGER NOT NULL REFERENCES loads (id),
    code         VARCHAR(60) NOT NULL,           -- 'share-over-100', 'page-without-text'
    severity     VARCHAR(8) NOT NULL CHECK (severity IN ('error', 'warning', 'info')),
    report_id    INTEGER NOT NULL REFERENCES reports (id),
    document_id  INTEGER REFERENCES documents (id),  -- NULL: found across reports
    figure_id    INTEGER REFERENCES figures (id) ON DELETE CASCADE,  -- NULL: about the report or a page
    page_no      INTEGER,
    message_en   TEXT NOT NULL,
    message_hans TEXT NOT NULL,
    detail       TEXT                            -- the arithmetic behind it
);

-- ------------------------------------------------------------------ what people changed
CREATE TABLE corrections (                       -- append only; applied again after every load
    id            INTEGER NOT NULL PRIMARY KEY,
    figure_key    VARCHAR(32) NOT NULL,          -- a key and no id, so that it outlives the row
    action        VARCHAR(8) NOT NULL CHECK (action IN ('set', 'reject', 'accept', 'add')),
    field         VARCHAR(40),                   -- column of figures, ids as what they stand for: metric, unit, period, place …; place+, place-
    machine_value TEXT,                          -- what it was before
    new_value     TEXT,                          -- ids as codes; of 'add' only for people to read, the row itself stays in figures
    reason        VARCHAR(200),
    author        VARCHAR(80) NOT NULL DEFAULT '',
    created_at    VARCHAR(20) NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    state         VARCHAR(12) NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'superseded', 'stale', 'orphan')),
        -- stale: the program now says other than machine_value; orphan: there is no such figure now
    CHECK (action <> 'set' OR field IS NOT NULL)
);

-- ------------------------------------------------------------------ views
-- flat_* are what spreadsheets and BI tools open. A column is a bare reference or a sub-select of one, so that its declared type comes
-- through; the computed one stands last. LEFT JOINs only for what queries filter by. Only SQL that DuckDB and PostgreSQL parse as well.
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
       (SELECT base_code FROM units WHERE id = f.unit_id) AS unit_base,
       CAST(f.value * (SELECT factor FROM units WHERE id = f.unit_id) AS DOUBLE PRECISION) AS value_base
  FROM figures f
  LEFT JOIN metrics m ON m.id = f.metric_id
  LEFT JOIN organizations o ON o.id = f.org_id
  LEFT JOIN provinces pr ON pr.id = f.province_id
  LEFT JOIN reports r ON r.id = f.report_id
 WHERE f.review_status <> 'rejected';

CREATE VIEW flat_facts AS  -- a row for each fact, what charts should start from; add up value_base, by unit_base
SELECT * FROM flat_figures WHERE is_preferred = 1 AND tier = 'core';

CREATE VIEW province_facts AS  -- a row for each fact and province, so that a figure about three provinces shows under each
SELECT ff.province_code, ff.province_hant, ff.province_hans, ff.region, ff.figure_id, ff.organization, ff.year, ff.period, ff.metric_code,
       ff.metric_hant, ff.kind, ff.modality, ff.comparator, ff.value, ff.unit, ff.reported, ff.sentence
  FROM flat_facts ff WHERE ff.province_code IS NOT NULL
UNION ALL
SELECT p.iso_code, p.name_hant, p.name_hans, p.region, ff.figure_id, ff.organization, ff.year, ff.period, ff.metric_code,
       ff.metric_hant, ff.kind, ff.modality, ff.comparator, ff.value, ff.unit, ff.reported, ff.sentence
  FROM (SELECT DISTINCT fp.figure_id, pl.province_id FROM figure_places fp JOIN places pl ON pl.id = fp.place_id) x
  JOIN provinces p ON p.id = x.province_id JOIN flat_facts ff ON ff.figure_id = x.figure_id WHERE ff.province_code IS NULL;

CREATE VIEW review_queue AS  -- what a person should look at, the most doubtful first
SELECT figure_id, figure_key, confidence, agreement, metric_hant, reported, value_exact, unit, period, province_hant,
       place, initiative_hant, sentence, source, page, line, cell
  FROM flat_figures
 WHERE review_status = 'unreviewed' AND (confidence < 0.8 OR agreement = 'conflict'
       OR figure_id IN (SELECT figure_id FROM findings WHERE severity <> 'info'))
 ORDER BY confidence, figure_id;

CREATE VIEW restatements AS  -- statements that a later report replaces
SELECT b.fact_key, m.name_hant AS metric_hant, pe.code AS period, u.code AS unit,
       ra.code AS earlier_report, a.reported AS earlier_reported, a.value_text AS earlier_value,
       rb.code AS later_report, b.reported AS later_reported, b.value_text AS later_value,
       a.id AS earlier_figure_id, b.id AS later_figure_id
  FROM figure_links l
  JOIN figures a ON a.id = l.to_id
  JOIN figures b ON b.id = l.from_id
  JOIN reports ra ON ra.id = a.report_id
  JOIN reports rb ON rb.id = b.report_id
  JOIN metrics m ON m.id = b.metric_id
  JOIN periods pe ON pe.id = b.period_id
  JOIN units u ON u.id = b.unit_id
 WHERE l.relation = 'restates';

CREATE VIEW provenance_check AS  -- must be empty: the span, cut out of the sentence, is what was reported
SELECT f.id AS figure_id, f.document_id, f.char_start, f.char_end, f.reported
  FROM figures f JOIN sentences s ON s.id = f.sentence_id
 WHERE f.char_start < s.char_start
    OR replace(substr(COALESCE(s.source_text, s.text), f.char_start - s.char_start + 1, f.char_end - f.char_start), ' ', '') <> f.reported;

CREATE VIEW provenance_unchecked AS  -- counted apart: there is no span to cut
SELECT f.id AS figure_id, f.document_id, f.page_no AS page, f.cell, f.reported,
       CAST(CASE WHEN f.cell IS NOT NULL THEN 'cell' WHEN f.x0 IS NOT NULL THEN 'page and box' ELSE 'no text' END AS VARCHAR) AS why
  FROM figures f LEFT JOIN sentences s ON s.id = f.sentence_id WHERE f.char_start IS NULL OR s.char_start IS NULL;

CREATE VIEW integrity_check AS  -- must be empty; 1e-15, since SQLite's CAST of a long decimal is not always the nearest double
SELECT id AS figure_id FROM figures
 WHERE (value IS NULL) <> (value_text IS NULL) OR abs(value - CAST(value_text AS DOUBLE PRECISION)) > 1e-15 * abs(value)
    OR (low IS NULL) <> (low_text IS NULL) OR abs(low - CAST(low_text AS DOUBLE PRECISION)) > 1e-15 * abs(low)
    OR (high IS NULL) <> (high_text IS NULL) OR abs(high - CAST(high_text AS DOUBLE PRECISION)) > 1e-15 * abs(high)
UNION ALL SELECT f.id FROM figures f JOIN periods pe ON pe.id = f.period_id WHERE f.year_id <> pe.year_id;

INSERT INTO meta (key, value) VALUES ('loading', '0');
