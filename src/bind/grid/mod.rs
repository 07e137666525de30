//! Binds the cells of a table: rows say what, columns say when.
//!
//! In:  a [`Table`] and the mentions of its cells.
//! Out: a claim for every value.
//!
//! The heads above a column are read from the top down (`columns`, `heads`): a period, a unit, a change, a note, or a name that
//! divides the row's. A row's name is its label (`labels`), with the titles above it (`paths`) where the label alone stands twice
//! in the table or says too little; where rows have no label the heads or the caption name the values. The unit stands in the
//! cell, the row's brackets, a unit column, the column's head or the caption (`units`); the nearest one holds.

mod bilingual;
mod claim;
mod columns;
mod heads;
mod labels;
mod paths;
mod periods;
mod rows;
mod units;

use crate::knowledge::Knowledge;
use crate::knowledge::cues::{Cue, Cues};
use crate::model::{Cell, Claim, Mention, Period, Table, Text};
use std::collections::HashMap;

/// The claims of a table, row by row.
pub(super) fn claims(
    text: &Text<'_>,
    index: usize,
    table: &Table,
    mentions: &[Vec<Vec<Mention>>],
    report: Period,
    knowledge: &Knowledge,
) -> Vec<Claim> {
    let unlabelled = table.rows.iter().all(|row| row.first().is_none_or(|cell| cell.text.chars.is_empty()));
    let roc = text.about.currency == "TWD";
    let mut reader = Reader { text, index, table, report, roc, unlabelled, context: None, knowledge };
    reader.context = reader.context();
    let columns = reader.columns();
    let unit = reader.table_unit(&columns);
    let rows = reader.rows(&columns, unit.as_ref());
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for row in &rows {
        *counts.entry(row.path.last().map_or("", String::as_str)).or_default() += 1;
    }
    // How many rows end in each end of a path: tables may have a hundred thousand rows.
    let mut ends: HashMap<&[String], usize> = HashMap::new();
    for row in &rows {
        (0..row.path.len()).for_each(|from| *ends.entry(&row.path[from..]).or_default() += 1);
    }
    let shared = reader.shared(&rows, unit);
    let mut claims = Vec::new();
    for row in &rows {
        let twice = counts.get(row.path.last().map_or("", String::as_str)).is_some_and(|count| *count > 1);
        let parent = twice || !row.named || row.divides || reader.is_vague(&row.folded);
        let name = paths::name(&row.path, parent, &ends);
        claims.extend(reader.row(row, &name, &columns, mentions, &shared));
    }
    claims
}

/// Reads one table.
struct Reader<'a> {
    text: &'a Text<'a>,
    /// Of its block.
    index: usize,
    table: &'a Table,
    /// The period of the report.
    report: Period,
    /// Its years may be counted as Taiwan does.
    roc: bool,
    /// No row has a label: the heads name the values.
    unlabelled: bool,
    /// What stands above the table says when.
    context: Option<Period>,
    knowledge: &'a Knowledge,
}

/// A header cell, as written and folded, its brackets apart.
struct Head {
    written: String,
    folded: String,
    bracket: String,
}

impl Reader<'_> {
    /// The folded name of the heading the table stands under.
    fn heading(&self) -> String {
        let heading = self.text.blocks[self.index].heading.map(|at| self.text.headings[at].name.as_str());
        self.knowledge.fold.text(heading.unwrap_or_default())
    }

    /// A cell as written, white space taken out.
    fn written(&self, cell: &Cell) -> String {
        cell.text.origin.iter().map(|at| self.text.source[*at as usize]).filter(|c| !c.is_whitespace()).collect()
    }

    fn parted(&self, cell: &Cell) -> Head {
        let chars = &cell.text.chars;
        let open = chars.iter().rposition(|c| *c == '(').filter(|open| *open > 0 && chars.last() == Some(&')'));
        let end = open.unwrap_or(chars.len());
        let written: String =
            cell.text.origin[..end].iter().map(|at| self.text.source[*at as usize]).filter(|c| !c.is_whitespace()).collect();
        let folded: String = chars[..end].iter().filter(|c| **c != ' ').collect();
        let bracket: String = open.map(|open| chars[open + 1..chars.len() - 1].iter().collect()).unwrap_or_default();
        Head { written, folded, bracket }
    }

    /// The caption as a name: without its number and its brackets.
    fn caption_name(&self) -> String {
        let caption = self.table.caption.origin.iter();
        let written: String = caption.map(|at| self.text.source.get(*at as usize).copied().unwrap_or(' ')).collect();
        let last = written.split(['\n', '\t']).next_back().unwrap_or("").trim();
        let plain = last.split(['（', '(', '：']).next().unwrap_or(last);
        let name = plain.trim_start_matches(|c: char| c.is_ascii() || c.is_whitespace() || matches!(c, '表' | '圖' | '图')).trim();
        // 分地区上网电量
        let folded: Vec<char> = self.knowledge.fold.text(name).chars().collect();
        // 单位：万元 names nothing: what it stands under does.
        if self.cues().is(Cue::UnitHead, &folded) {
            return self.text.blocks[self.index].heading.map(|at| self.text.headings[at].name.clone()).unwrap_or_default();
        }
        name.chars().skip(self.cues().at(Cue::ByPlace, &folded, 0).unwrap_or(0)).collect()
    }

    /// Does a word of this cue stand in the text?
    fn has(&self, cue: Cue, text: &str) -> bool {
        self.cues().within(cue, &text.chars().collect::<Vec<char>>())
    }

    /// Is the text such a word?
    fn is(&self, cue: Cue, text: &str) -> bool {
        self.cues().is(cue, &text.chars().collect::<Vec<char>>())
    }

    /// Does the text end with one?
    fn ends(&self, cue: Cue, text: &str) -> bool {
        self.cues().ends(cue, &text.chars().collect::<Vec<char>>())
    }

    fn cues(&self) -> &Cues {
        &self.knowledge.words.cues
    }
}

/// The folded text of a cell, without blanks.
fn folded(cell: &Cell) -> String {
    cell.text.chars.iter().filter(|c| **c != ' ').collect()
}

/// Where the text of a cell begins: cells that begin at one place are one.
fn origin(cell: &Cell) -> Option<u32> {
    cell.text.origin.first().copied()
}
