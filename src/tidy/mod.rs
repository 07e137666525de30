//! Document -> Text: reading order, headings, paragraphs, tables; furniture taken out.
//!
//! In:  a [`crate::model::Document`] of running text, and what the command line says about the report.
//! Out: a [`Text`] whose every character leads back to its place in the document.
//!
//! A line is furniture, a heading, a part of a table, or text; text that runs on over lines is joined, so that a number split
//! by a line's end, or by a page's, is one number. Short lines without a sentence are captions and infographics: a value and
//! its label become one block.

pub(crate) mod about;
mod cases;
mod headings;
mod lines;
mod outline;
pub(crate) mod pages;
pub(crate) mod place;
pub(crate) mod tables;

use crate::knowledge::Knowledge;
use crate::knowledge::cues::Cue;
use crate::model::{About, Aside, Block, BlockKind, Cell, Folded, Heading, Level, Outline, Page, Placing, Reason, Table, Text};
pub(crate) use cases::branches;
use headings::{Family, Style, Tree};
use lines::{Joins, Line, Lines};
use std::collections::HashMap;
use tables::Found;

pub use pages::Laid;

/// The text of a document. `given` is what the command line says about the report, `named` what its file's name does.
pub fn text<'d>(source: &'d [char], given: &About, named: &About, knowledge: &Knowledge) -> Text<'d> {
    put_together(source, lines::lines(source, knowledge), None, given, named, knowledge)
}

/// Pages put into reading order: what [`text_of_pages`] reads.
pub fn laid(pages: &[Page], knowledge: &Knowledge) -> Laid {
    pages::laid(pages, knowledge)
}

/// The text of a document of pages.
pub fn text_of_pages<'d>(laid: &'d Laid, given: &About, named: &About, knowledge: &Knowledge) -> Text<'d> {
    let mut lines = lines::lines(&laid.source, knowledge);
    laid.mark(&mut lines.lines);
    Text { boxes: &laid.boxes, ..put_together(&laid.source, lines, Some(laid), given, named, knowledge) }
}

/// The text of a document whose structure its file tells.
pub fn text_of_outline<'d>(outline: &'d Outline, given: &About, named: &About, knowledge: &Knowledge) -> Text<'d> {
    let (lines, laid) = outline::laid(outline, knowledge);
    let text = put_together(&outline.source, lines, Some(&laid), given, named, knowledge);
    Text { cells: &outline.cells, placing: &outline.placing, ..text }
}

fn put_together<'d>(
    source: &'d [char],
    lines: Lines,
    laid: Option<&Laid>,
    given: &About,
    named: &About,
    knowledge: &Knowledge,
) -> Text<'d> {
    let Lines { lines, line_starts, page_starts } = lines;
    let about = about::about(source, &lines, given, named, knowledge);
    let furniture = lines.iter().filter(|line| line.furniture).map(|line| Aside { line: prose_of(&[(line, 0)]), reason: Reason::Page });
    let mut asides: Vec<Aside> = furniture.collect();
    let mut builder = Builder::new(&lines, &about, &page_starts, source, knowledge);
    builder.laid = laid;
    let (headings, blocks, beside) = builder.build();
    asides.extend(beside);
    let placing = &Placing::Characters;
    Text { source, line_starts, page_starts, boxes: &[], cells: &[], placing, headings, blocks, asides, about }
}

/// Puts lines together.
struct Builder<'a> {
    lines: Vec<&'a Line>,
    about: &'a About,
    page_starts: &'a [u32],
    source: &'a [char],
    knowledge: &'a Knowledge,
    /// The layout, of a document of pages.
    laid: Option<&'a Laid>,
    /// The table of the layout that the last block is.
    last_table: Option<usize>,
    /// Tables whose columns line up, by the line they begin at; of text alone.
    aligned: HashMap<usize, Found>,
    family: Family,
    /// Numbered headings are of one level: plain ones stand below them.
    one_level: bool,
    tree: Tree,
    blocks: Vec<Block>,
    asides: Vec<Aside>,
    /// The paragraph being read.
    open: Open<'a>,
    /// Short lines since the last paragraph or heading: captions.
    captions: Vec<&'a Line>,
    case: Option<usize>,
    /// The case has a title of its own and holds until the next heading.
    case_titled: bool,
    roc: bool,
    /// Blank lines stand inside paragraphs too, as text out of a PDF has them.
    gaps_inside: bool,
}

/// A paragraph under way.
#[derive(Default)]
struct Open<'a> {
    lines: Vec<&'a Line>,
    /// Where the text of its first line begins, behind a bullet.
    from: usize,
    /// The lines ahead showed that its first line is text.
    sure: bool,
    /// Characters of all its lines.
    length: usize,
    /// The width of its widest line.
    widest: usize,
    /// A mark of a sentence stands in it.
    sentence: bool,
}

impl<'a> Open<'a> {
    fn new(line: &'a Line, from: usize, sure: bool) -> Open<'a> {
        let mut open = Open { from, sure, ..Open::default() };
        open.push(line);
        open
    }

    fn push(&mut self, line: &'a Line) {
        self.lines.push(line);
        self.length += line.chars.len();
        self.widest = self.widest.max(width(line));
        self.sentence |= line.has(",。;");
    }
}

/// A paragraph of so many characters is parted behind a sentence. Only text without line ends has such, and what is looked for
/// around a number must not take the longer the longer the text is.
const LONGEST: usize = 5000;

const BULLETS: &str = "•●▪·–—※►▶√✓○➢▲■◆-*‧";
const ENDS: &str = "。;!?";

impl<'a> Builder<'a> {
    fn new(lines: &'a [Line], about: &'a About, page_starts: &'a [u32], source: &'a [char], knowledge: &'a Knowledge) -> Builder<'a> {
        let (family, one_level) = headings::family(lines);
        Builder {
            lines: lines.iter().filter(|line| !line.furniture).collect(),
            about,
            page_starts,
            source,
            knowledge,
            laid: None,
            last_table: None,
            aligned: HashMap::new(),
            family,
            one_level,
            tree: Tree::default(),
            blocks: Vec::new(),
            asides: Vec::new(),
            open: Open::default(),
            captions: Vec::new(),
            case: None,
            case_titled: false,
            roc: about.currency == "TWD",
            gaps_inside: gaps_inside(lines),
        }
    }

    fn build(mut self) -> (Vec<Heading>, Vec<Block>, Vec<Aside>) {
        if self.laid.is_none() {
            self.aligned = pages::plain::tables(&self.lines, self.source, self.roc, self.knowledge);
        }
        let mut at = 0;
        while at < self.lines.len() {
            at += self.step(at);
        }
        self.close();
        self.flush_captions();
        (self.tree.headings, self.blocks, self.asides)
    }

    /// Reads from one line; how many lines were taken.
    fn step(&mut self, at: usize) -> usize {
        let line = self.lines[at];
        if let Some((laid, index)) = self.laid.zip(line.table) {
            return self.laid_table(laid, index, at);
        }
        if let Some(found) = self.aligned.remove(&at) {
            self.open_to_captions();
            return self.found_table(found);
        }
        if self.is_title(line, at) {
            self.close();
            self.asides.push(Aside { line: prose_of(&[(line, 0)]), reason: Reason::Name });
            return 1;
        }
        if self.laid.is_none()
            && let Some(lines) = self.plain_table(at)
        {
            return lines;
        }
        if self.runs_on(line) {
            self.open.push(line);
            return 1;
        }
        if let Some((style, name)) = self.heading(at) {
            self.close();
            self.flush_captions();
            self.push_heading(line, style, name, at);
            return 1 + self.look_runs_on(line, style, at);
        }
        if self.laid.is_none()
            && let Some(lines) = self.table(at)
        {
            return lines;
        }
        if let Some(bullet) = bullet(line) {
            self.close();
            self.flush_captions();
            self.open = Open::new(line, bullet, false);
            self.leave_case();
            return 1;
        }
        if let Some(lines) = self.pairs(at) {
            return lines;
        }
        self.close();
        let sure = !prose(line) && self.begins_paragraph(at);
        if sure || prose(line) {
            self.flush_captions();
            self.open = Open::new(line, 0, sure);
            return 1;
        }
        self.captions.push(line);
        1
    }

    /// The title of the report itself, or the name of its company.
    fn is_title(&self, line: &Line, at: usize) -> bool {
        // On the cover of an announcement disclaimers stand before the name of its company.
        if at >= 8 && (at >= 40 || line.rank.is_none()) || !self.tree.headings.is_empty() {
            return false;
        }
        let chars: Vec<char> = line.chars.iter().copied().filter(|c| !matches!(c, ' ' | '\t')).collect();
        let text: String = chars.iter().collect();
        let cues = &self.knowledge.words.cues;
        let title = cues.ends(Cue::ReportNoun, &chars);
        // Of pages a title's look makes it the heading of all.
        let title = title && at < 8 && (line.rank.is_none() || self.laid.is_none_or(|laid| laid.told));
        let company = cues.ends(Cue::CompanyForm, &chars)
            || text.to_ascii_uppercase().ends_with("LIMITED")
            || cues.at(Cue::NoCompany, &chars, 1).is_some();
        let stands = self.open.lines.is_empty() || line.rank.is_some() && self.laid.is_some();
        let plain = text.chars().count() <= 45 && !line.has("。,") && stands;
        (title || company) && plain || self.laid.is_none() && Some(&text) == self.about.title.as_ref()
    }

    /// Does the line continue the open paragraph?
    fn runs_on(&self, line: &Line) -> bool {
        let Open { ref lines, sure, length, widest, sentence, .. } = self.open;
        let Some(last) = lines.last() else { return false };
        if line.joins != Joins::Unknown {
            return line.joins == Joins::Continues;
        }
        let end = *last.chars.last().unwrap_or(&'。');
        let marked = line.mark.is_some_and(|(style, _)| !matches!(style, Style::Number | Style::Decimal2) || line.gap);
        if marked || bullet(line).is_some_and(|_| !line.chars[0].is_ascii() || matches!(line.chars.get(1), Some(' ' | '\t'))) {
            return false;
        }
        if self.family == Family::SetOff && (1..=3).contains(&line.lead) && headings::short(line) && (ENDS.contains(end) || !sentence) {
            return false;
        }
        if line.gap && !self.gaps_inside && !line.after_furniture && !matches!(end, ',' | '、') {
            return false;
        }
        let closes = ENDS.contains(end)
            || (matches!(end, ')' | '」' | '”') && last.chars.len() > 1 && ENDS.contains(last.chars[last.chars.len() - 2]));
        // （2024年： and the value on the next line.
        let last_bracket = |c: char| last.chars.iter().rposition(|at| *at == c);
        if end == ':' && last_bracket('(') > last_bracket(')') {
            return !line.gap;
        }
        if closes || end == ':' {
            // A full line may end with a sentence by chance.
            return !line.gap && closes && lines.len() >= 2 && width(last) * 20 >= widest * 19 && prose(line);
        }
        if !sentence && length < 18 && !sure {
            return false;
        }
        // A last line that is short, and a gap: the paragraph ended without a mark, unless it breaks off.
        let breaks_off = matches!(end, ',' | '、' | '(' | '「' | '“' | '-') || end.is_ascii_digit();
        let full = width(last) * 10 >= widest * 8;
        if line.after_furniture && line.gap && headings::short(line) && !breaks_off {
            return false;
        }
        if line.after_furniture {
            return breaks_off || full || !line.gap || sentence;
        }
        !line.gap || breaks_off || full || lines.len() == 1
    }

    /// The heading that a line is, and where its name begins.
    fn heading(&self, at: usize) -> Option<(Style, usize)> {
        let line = self.lines[at];
        if self.laid.is_some() {
            return self.look(line);
        }
        let marked = line.mark;
        match (self.family, marked) {
            (Family::Numbered, Some((Style::Number, name))) => {
                // 「1. …」 heads a section where it stands off, or where the name is short.
                return (line.gap || line.chars.len() <= 16).then_some((Style::Number, name));
            }
            (Family::Numbered, Some((Style::NumberBracket | Style::Letter | Style::Circled, _))) if !self.heads_text(at) => return None,
            (Family::Numbered, Some(found)) => return Some(found),
            (_, Some((style, name)))
                if style.numbers() || matches!(style, Style::Symbol | Style::Case | Style::Measures | Style::Appendix | Style::Opening) =>
            {
                return Some((style, name));
            }
            (_, Some((style @ (Style::Bracket | Style::Circled | Style::Letter), name))) if self.heads_text(at) => {
                return Some((style, name));
            }
            _ => {}
        }
        let short = headings::short(line) || self.family == Family::Plain && headings::short_before_bracket(line);
        if !short || marked.is_some() {
            return None;
        }
        let captions = |line: &Line| line.chars.first() == Some(&'(') && line.chars.last() == Some(&')');
        // The title of key figures, alone above their row.
        let values = |line: &Line| {
            tables::cells(line, &self.knowledge.words).iter().all(|cell| tables::is_value(&cell.text.chars, &self.knowledge.words))
        };
        let next = self.lines.get(at + 1).copied();
        if self.family == Family::Numbered && line.gap && next.is_some_and(|next| next.has("\t") && values(next)) {
            return Some((Style::Plain, 0));
        }
        match self.family {
            Family::Numbered if self.one_level => {
                let next = next?;
                let text = |line: &Line| {
                    prose(line) || bullet(line).is_some() || line.mark.is_some() || captions(line) || line.chars.last() == Some(&':')
                };
                // 管理层讨论及分析, then at once 业务回顾.
                let heading = |line: &Line| headings::short(line) && line.lead == 0;
                let heads = || heading(next) && self.lines.get(at + 2).is_some_and(|line| line.gap && text(line));
                let follows = next.gap && !next.after_furniture && (text(next) || heads());
                (line.gap && line.lead == 0 && follows).then_some((Style::Plain, 0))
            }
            // Right below a numbered heading, and beside one that stands so.
            Family::Numbered => {
                let next = next?;
                let stands = line.gap && next.gap && line.lead == 0 && !next.after_furniture;
                let below =
                    prose(next) && self.tree.heads() || self.tree.is_plain() && (prose(next) || self.aligned.contains_key(&(at + 1)));
                (stands && below).then_some((Style::Plain, 0))
            }
            Family::SetOff => ((1..=3).contains(&line.lead) || self.alone_before_values(at)).then_some((Style::Plain, 0)),
            Family::Plain => {
                let next = next?;
                let values = |line: &Line| tables::is_value(&line.chars, &self.knowledge.words);
                let follows = prose(next)
                    || bullet(next).is_some()
                    || next.gap && (headings::short(next) || self.begins_table(at + 1) || values(next) || captions(next));
                (line.gap && next.gap && follows && !next.after_furniture).then_some((Style::Plain, 0))
            }
        }
    }

    /// Does a line of text that is no item of the same list follow?
    fn heads_text(&self, at: usize) -> bool {
        let first = self.lines[at].chars.first();
        self.lines.get(at + 1).is_some_and(|next| prose(next) && next.chars.first() != first && next.mark.is_none())
    }

    /// A short line that stands alone above a group of values is their title.
    fn alone_before_values(&self, at: usize) -> bool {
        let line = self.lines[at];
        let Some(next) = self.lines.get(at + 1) else { return false };
        line.gap
            && next.gap
            && line.lead == 0
            && !line.has(" ")
            && tables::is_value(&next.chars, &self.knowledge.words)
            && self.lines.get(at + 2).is_some_and(|label| !label.gap && headings::short(label))
    }

    fn begins_table(&self, at: usize) -> bool {
        tables::table(&self.lines[at..self.lines.len().min(at + 6)], &self.knowledge.words, self.roc).is_some()
            || self.lines[at].has("()") && self.lines.get(at + 1).is_some()
    }

    fn push_heading(&mut self, line: &Line, style: Style, name_at: usize, at: usize) {
        self.asides.push(Aside { line: prose_of(&[(line, 0)]), reason: Reason::List });
        let from = line.origin.get(name_at).copied().unwrap_or(line.start) as usize;
        let to = line.origin.last().map_or(from, |last| *last as usize + 1);
        let mut name = written(&self.source[from..to]);
        if style == Style::Bracket {
            name = name.trim_end_matches('】').to_string();
        }
        if style == Style::Appendix || self.family == Family::Numbered || style == Style::Plain {
            // What stands in brackets or behind a wide gap explains the name: 「主要數據表（口徑見 …）」.
            let gap = line.chars[name_at..].iter().position(|c| *c == '\t').map(|ahead| name_at + ahead);
            let gap = gap.filter(|gap| line.chars.get(gap + 1).is_some_and(char::is_ascii));
            let cut = gap.map(|gap| line.origin[gap] as usize);
            if let Some(cut) = cut {
                name = written(&self.source[from..cut.max(from)]);
            }
            if let Some(open) = name.find(['（', '(']).filter(|open| *open > 0) {
                name.truncate(open);
            }
        }
        if self.laid.is_some() {
            name = name.trim_start_matches(['.', '．', '、', ' ']).to_string();
        }
        let folded = self.knowledge.fold.text(&name);
        let (year, status) = headings::status(&folded, &self.knowledge.words.cues);
        let chars: Vec<char> = folded.chars().collect();
        let run_follows = style == Style::Plain && matches!(self.lines.get(at + 1), Some(next) if self.heading_follows(at + 1, next));
        let provinces = if style == Style::Case { self.provinces(&chars) } else { Vec::new() };
        let heading = Heading {
            level: Level::Theme,
            name,
            parent: None,
            start: from as u32,
            line: line.number,
            page: page_of(self.page_starts, from as u32),
            provinces,
            year,
            status,
        };
        let chapter = self.knowledge.words.cues.ends(Cue::Chapter, &chars);
        let index = self.tree.push(heading, style, run_follows, chapter);
        self.case = (style == Style::Case).then_some(index);
        self.case_titled = style == Style::Case;
    }

    fn heading_follows(&self, at: usize, next: &Line) -> bool {
        next.gap && matches!(self.heading(at), Some((Style::Plain, _)))
    }

    /// ISO codes of the provinces that a name holds.
    fn provinces(&self, chars: &[char]) -> Vec<String> {
        let places = &self.knowledge.places;
        let mut codes: Vec<String> = place::places(chars, self.about.own_province(), self.knowledge)
            .into_iter()
            .filter_map(|named| named.province.and_then(|code| places.province(&code).map(|province| province.iso_code.clone())))
            .collect();
        codes.sort();
        codes.dedup();
        codes
    }

    /// A table whose head leaves no doubt, though a paragraph is still open: what stands above is its caption.
    fn plain_table(&mut self, at: usize) -> Option<usize> {
        let last = self.open.lines.last()?;
        if ENDS.contains(*last.chars.last()?) || self.open.length > 70 {
            return None;
        }
        let found = tables::table(&self.lines[at..self.lines.len().min(at + 4)], &self.knowledge.words, self.roc)?;
        let periods = found.rows[0].iter().filter(|cell| tables::is_period(&cell.text.chars, self.roc)).count();
        if periods < 2 && !self.lines[at].has("\t") {
            return None;
        }
        self.captions.extend(std::mem::take(&mut self.open).lines);
        self.table(at)
    }

    fn table(&mut self, at: usize) -> Option<usize> {
        let end = self.lines.len().min(at + 500);
        // The rows of a table stand together; a gap or a page's end may part them once they conform.
        let found = tables::table(&self.lines[at..end], &self.knowledge.words, self.roc)?;
        Some(self.found_table(found))
    }

    /// Puts a table down; how many lines it takes.
    fn found_table(&mut self, found: Found) -> usize {
        self.close();
        self.tree.text();
        let caption = self.caption();
        let table = Table { caption, rows: found.rows, header_rows: found.header_rows };
        self.push(BlockKind::Table(table), false);
        found.lines
    }

    /// What is still open before a table and closes without a mark is its caption: 「於2025年3月31日」.
    fn open_to_captions(&mut self) {
        let Open { ref lines, from, length, .. } = self.open;
        if length <= 60 && from == 0 && lines.last().is_some_and(|last| !ENDS.contains(*last.chars.last().unwrap_or(&'。'))) {
            self.captions.extend(std::mem::take(&mut self.open).lines);
        }
    }

    /// The captions so far, as one.
    fn caption(&mut self) -> Folded {
        let mut caption = Folded::default();
        for line in self.captions.drain(..) {
            if !caption.chars.is_empty() {
                caption.chars.push(' ');
                caption.origin.push(line.start);
            }
            caption.chars.extend(&line.chars);
            caption.origin.extend(&line.origin);
        }
        caption
    }

    /// A table that the layout found; one that goes on from the page before is a part of that.
    fn laid_table(&mut self, laid: &Laid, index: usize, at: usize) -> usize {
        self.open_to_captions();
        self.close();
        self.tree.text();
        let mut caption = self.caption();
        let mut rows = laid.tables[index].rows.clone();
        let mut header_rows = laid.tables[index].header_rows;
        let heading = self.tree.current;
        let taken = self.lines[at..].iter().take_while(|line| line.table == Some(index)).count();
        let above = self.last_table.replace(index);
        let mut sentences: Vec<Folded> = Vec::new();
        // Cells that hold sentences are read as such.
        for cell in rows[header_rows.min(rows.len())..].iter().flatten().filter(|cell| tables::is_sentence(&cell.text.chars)) {
            if sentences.last().is_none_or(|last| last.origin[0] != cell.text.origin[0]) {
                sentences.push(cell.text.clone());
            }
        }
        let (current, case) = (heading, self.case);
        let blocks = sentences.into_iter().map(|text| Block { kind: BlockKind::Prose(text), heading: current, case, item: false });
        if let (Some(Block { kind: BlockKind::Table(last), heading: of, .. }), Some(above)) = (self.blocks.last_mut(), above) {
            let texts = |rows: &[Vec<crate::model::Cell>]| -> Vec<String> {
                rows.iter().flatten().map(|cell| cell.text.chars.iter().filter(|c| **c != ' ').collect()).collect()
            };
            let follows = caption.chars.is_empty() && *of == heading;
            let as_wide = last.rows.first().map(Vec::len) == rows.first().map(Vec::len);
            if follows && !as_wide && header_rows == 0 {
                // The same columns, ruled otherwise on this page.
                if let Some(moved) = laid.under(index, above) {
                    rows = moved;
                }
            }
            let as_wide = last.rows.first().map(Vec::len) == rows.first().map(Vec::len);
            let head_alone = last.rows.len() == last.header_rows;
            let goes_on = header_rows == 0 || texts(&rows[..header_rows]) == texts(&last.rows[..last.header_rows]);
            if follows && as_wide && (goes_on || head_alone) {
                if goes_on {
                    last.rows.extend(rows.drain(header_rows..));
                } else {
                    // A head that the page's end cut in two.
                    last.rows.append(&mut rows);
                    last.header_rows += header_rows;
                }
                let place = self.blocks.len() - 1;
                self.blocks.splice(place..place, blocks);
                self.last_table = Some(above);
                return taken;
            }
            if follows {
                caption = last.caption.clone();
            }
        }
        header_rows = header_rows.min(rows.len());
        self.blocks.extend(blocks);
        self.push(BlockKind::Table(Table { caption, rows, header_rows }), false);
        taken
    }

    /// Adds the lines that a heading of one look runs on over; how many.
    fn look_runs_on(&mut self, line: &Line, style: Style, at: usize) -> usize {
        if line.rank.is_none() || style == Style::Case || line.joins != Joins::Unknown {
            return 0;
        }
        let more = self.lines[at + 1..].iter().take_while(|next| next.rank == line.rank && !next.gap && next.mark.is_none());
        let more: Vec<&Line> = more.take(3).copied().collect();
        for next in &more {
            let (from, to) = (next.origin[0] as usize, *next.origin.last().unwrap_or(&next.start) as usize + 1);
            let name = written(&self.source[from..to]);
            if let Some(heading) = self.tree.headings.last_mut() {
                heading.name += &name;
            }
        }
        more.len()
    }

    /// The heading that a line of a page is: by its number or by its look.
    fn look(&self, line: &Line) -> Option<(Style, usize)> {
        // 「□适用 √不适用」 is ticked, not headed.
        if line.chars.iter().any(|c| matches!(c, '√' | '☑')) || line.chars.ends_with(&['不', '适', '用']) {
            return None;
        }
        let marked = line.mark;
        if self.laid.is_some_and(|laid| laid.told) {
            if let Some(rank) = line.rank {
                return Some((Style::Hash(rank + 1), marked.map_or(0, |(_, name)| name)));
            }
            return marked.filter(|(style, _)| matches!(style, Style::Case | Style::Symbol | Style::Measures | Style::Bracket));
        }
        if let Some((style, name)) = marked {
            let plain = matches!(style, Style::Number | Style::NumberBracket | Style::Letter | Style::Circled | Style::Roman);
            return (line.rank.is_some() || !plain && !prose(line)).then_some((style, name));
        }
        line.rank.map(|rank| (Style::Look(rank), 0))
    }

    /// Values and labels on lines of their own: 「312.6億元」 over 「網絡建設投資」, or the other way round.
    fn pairs(&mut self, at: usize) -> Option<usize> {
        let words = &self.knowledge.words;
        let changes = |line: &Line| {
            let begins = |cue| words.cues.at(cue, &line.chars, 0).is_some();
            line.chars.len() <= 16
                && (begins(Cue::Yoy) || begins(Cue::Pop) || begins(Cue::Against))
                && line.chars.last().is_some_and(|c| matches!(c, '%' | '点') || c.is_ascii_digit())
                && line.chars.iter().any(char::is_ascii_digit)
        };
        let value =
            |line: &Line| !line.chars.contains(&'\t') && (tables::is_value(&line.chars, words) || changes(line)) && !line.has("。;");
        let label = |line: &Line| {
            !line.has("。;:")
                && line.chars.len() <= 24
                && !tables::is_value(&line.chars, words)
                && !changes(line)
                && !line.chars.contains(&'\t')
                && !prose(line)
        };
        let mut end = at;
        while end < self.lines.len()
            && (end == at || !self.lines[end].gap)
            && (value(self.lines[end]) || label(self.lines[end]))
            && end - at < 60
        {
            end += 1;
        }
        let run = &self.lines[at..end];
        let values = run.iter().filter(|line| value(line)).count();
        if values == 0 || run.len() < 2 {
            return None;
        }
        let labels = run.len() - values;
        let titled = labels == values + 1 && !value(run[0]);
        let first = usize::from(titled);
        let body = &run[first..];
        let alternate = body.chunks(2).all(|pair| pair.len() == 2 && value(pair[0]) != value(pair[1]) && value(pair[0]) == value(body[0]));
        if !alternate {
            return None;
        }
        let title = titled.then(|| run[0]);
        let pairs: Vec<(&Line, &Line)> =
            body.chunks(2).map(|pair| if value(pair[0]) { (pair[1], pair[0]) } else { (pair[0], pair[1]) }).collect();
        self.close();
        self.flush_captions();
        self.captions.extend(title);
        self.flush_captions();
        self.tree.text();
        for (label, value) in pairs {
            // 用水量（万吨） over 86.2: a row of a table, for the unit stands in its label.
            if label.chars.last() == Some(&')') && tables::is_number(&value.chars) {
                let row = [label, value]
                    .map(|line| Cell { text: Folded { chars: line.chars.clone(), origin: line.origin.clone() }, ..Cell::default() });
                self.push(BlockKind::Table(Table { caption: Folded::default(), rows: vec![row.into()], header_rows: 0 }), false);
                continue;
            }
            let mut block = prose_of(&[(label, 0)]);
            block.chars.push(' ');
            block.origin.push(label.start);
            let value = prose_of(&[(value, 0)]);
            block.chars.extend(value.chars);
            block.origin.extend(value.origin);
            self.push_prose(block, false);
        }
        Some(end - at)
    }

    /// Ends the open paragraph.
    fn close(&mut self) {
        if self.open.lines.is_empty() {
            return;
        }
        let Open { lines, from, .. } = std::mem::take(&mut self.open);
        let parts: Vec<(&Line, usize)> = lines.iter().enumerate().map(|(at, line)| (*line, if at == 0 { from } else { 0 })).collect();
        let block = prose_of(&parts);
        self.tree.text();
        if from == 0 {
            self.case_of(&block, lines[0]);
        }
        // A case whose title names no province is where its text is.
        if let Some(case) = self.case.filter(|case| self.case_titled && self.tree.headings[*case].provinces.is_empty()) {
            let head = &block.chars[..block.chars.len().min(40)];
            self.tree.headings[case].provinces = self.provinces(head);
        }
        self.push_prose(block, from > 0);
    }

    /// The case box that a paragraph opens, or the one it stands in.
    fn case_of(&mut self, block: &Folded, line: &Line) {
        match cases::branches(&block.chars, self.about.company_name.as_deref(), self.knowledge) {
            Some((length, provinces)) if !self.case_titled && block.chars.iter().any(|c| matches!(c, ',' | '。' | ';')) => {
                let (from, to) = (block.origin[0] as usize, block.origin[length - 1] as usize + 1);
                let places = &self.knowledge.places;
                let mut provinces: Vec<String> =
                    provinces.iter().filter_map(|code| places.province(code).map(|province| province.iso_code.clone())).collect();
                provinces.sort();
                let heading = Heading {
                    level: Level::Case,
                    name: written(&self.source[from..to]),
                    parent: None,
                    start: from as u32,
                    line: line.number,
                    page: page_of(self.page_starts, from as u32),
                    provinces,
                    year: None,
                    status: None,
                };
                self.case = Some(self.tree.push(heading, Style::Case, false, false));
            }
            _ => self.leave_case(),
        }
    }

    /// A short line of a narrow column that only its next lines show to be text: no mark yet, but as wide as they are.
    fn begins_paragraph(&self, at: usize) -> bool {
        let line = self.lines[at];
        let han = line.chars.iter().filter(|c| !c.is_ascii()).count();
        if han < 8 || line.has("\t") {
            return false;
        }
        for next in self.lines[at + 1..].iter().take(5) {
            if next.mark.is_some() || bullet(next).is_some() || next.lead > 3 || next.has("\t") {
                return false;
            }
            if width(next) * 10 < width(line) * 7 && !next.has("。,;") || width(line) * 10 < width(next) * 7 {
                return false;
            }
            if next.has("。,;") {
                return true;
            }
        }
        false
    }

    /// A case without a title of its own ends where other text begins.
    fn leave_case(&mut self) {
        if !self.case_titled {
            self.case = None;
        }
    }

    /// Captions and labels that belong to no table: each stretch with a number is a block.
    fn flush_captions(&mut self) {
        for line in std::mem::take(&mut self.captions) {
            // Units of a table that was not seen as one.
            if self.laid.is_some() && tables::is_units(&line.chars, &self.knowledge.words) {
                self.asides.push(Aside { line: prose_of(&[(line, 0)]), reason: Reason::Name });
                continue;
            }
            for (from, to) in stretches(line) {
                let (chars, origin) = (line.chars[from..to].to_vec(), line.origin[from..to].to_vec());
                let part = Line { number: line.number, start: line.start, chars, origin, ..Line::default() };
                self.push_prose(prose_of(&[(&part, 0)]), false);
            }
        }
    }

    fn push_prose(&mut self, text: Folded, item: bool) {
        let mut from = 0;
        while text.chars.len() - from > LONGEST {
            let end = part_end(&text.chars, from + LONGEST);
            let part = Folded { chars: text.chars[from..end].to_vec(), origin: text.origin[from..end].to_vec() };
            self.push(BlockKind::Prose(part), item);
            from = end;
        }
        let rest = if from == 0 { text } else { Folded { chars: text.chars[from..].to_vec(), origin: text.origin[from..].to_vec() } };
        self.push(BlockKind::Prose(rest), item);
    }

    fn push(&mut self, kind: BlockKind, item: bool) {
        self.blocks.push(Block { kind, heading: self.tree.current, case: self.case, item });
    }
}

/// Where a long paragraph can be parted behind `at`: at the end of a sentence, else at a mark, else anywhere.
fn part_end(chars: &[char], at: usize) -> usize {
    let ahead = &chars[at..chars.len().min(at + LONGEST)];
    let mark = |c: &char| !c.is_alphanumeric() && !matches!(c, ',' | '.');
    let end = ahead.iter().position(|c| ENDS.contains(*c)).or_else(|| ahead.iter().position(mark));
    at + end.map_or(ahead.len(), |end| end + 1)
}

/// Do blank lines stand inside paragraphs? Counted where a sentence runs on over a line's end.
fn gaps_inside(lines: &[Line]) -> bool {
    let (mut with, mut without) = (0, 0);
    for pair in lines.windows(2) {
        let runs_on =
            prose(&pair[0]) && !pair[1].furniture && pair[0].chars.last().is_some_and(|c| !ENDS.contains(*c) && *c != ')' && *c != ':');
        if runs_on && prose(&pair[1]) {
            if pair[1].gap { with += 1 } else { without += 1 }
        }
    }
    with * 6 > without
}

/// The stretches of a line of captions: parted where each part has a number and a label of its own.
fn stretches(line: &Line) -> Vec<(usize, usize)> {
    for gap in ['\t', ' '] {
        let mut parts = Vec::new();
        let mut from = 0;
        for at in 0..=line.chars.len() {
            if at == line.chars.len() || line.chars[at] == gap {
                parts.push((from, at));
                from = at + 1;
            }
        }
        let whole = |&(from, to): &(usize, usize)| {
            let part = &line.chars[from..to];
            part.iter().any(char::is_ascii_digit) && part.iter().filter(|c| !c.is_ascii() && c.is_alphabetic()).count() >= 2
        };
        if parts.len() > 1 && parts.iter().all(whole) {
            return parts;
        }
    }
    vec![(0, line.chars.len())]
}

/// Is the line a part of a sentence?
fn prose(line: &Line) -> bool {
    line.has(",。;?!") && line.chars.len() > 6 || line.chars.iter().filter(|c| !c.is_ascii()).count() >= 22
}

/// Where the text behind a bullet begins.
fn bullet(line: &Line) -> Option<usize> {
    let first = *line.chars.first()?;
    if !BULLETS.contains(first) && !('①'..='⑳').contains(&first) {
        return None;
    }
    let next = *line.chars.get(1)?;
    let spaced = matches!(next, ' ' | '\t');
    if first.is_ascii() && !spaced || next.is_ascii_digit() && matches!(first, '-' | '–' | '—') {
        return None;
    }
    Some(1 + usize::from(spaced))
}

/// How wide a line is, in half characters.
fn width(line: &Line) -> usize {
    line.chars.iter().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// Lines joined: blanks stay only between Latin words and numbers.
fn prose_of(parts: &[(&Line, usize)]) -> Folded {
    let length = parts.iter().map(|(line, _)| line.chars.len() + 1).sum();
    let mut joined = Folded { chars: Vec::with_capacity(length), origin: Vec::with_capacity(length) };
    for (line, from) in parts {
        if !joined.chars.is_empty() {
            joined.chars.push(' ');
            joined.origin.push(line.start);
        }
        joined.chars.extend_from_slice(&line.chars[*from..]);
        joined.origin.extend_from_slice(&line.origin[*from..]);
    }
    let mut kept = 0_usize;
    for at in 0..joined.chars.len() {
        let mut c = joined.chars[at];
        if matches!(c, ' ' | '\t') {
            // Two words, or a word and a number, stay two; a number broken by a line's end stays one.
            let (before, after) = (kept.checked_sub(1).map(|before| joined.chars[before]), joined.chars.get(at + 1));
            let (Some(before), Some(after)) = (before, after) else { continue };
            let words = before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric();
            if !words || !(before.is_ascii_alphabetic() || after.is_ascii_alphabetic()) {
                continue;
            }
            c = ' ';
        }
        (joined.chars[kept], joined.origin[kept]) = (c, joined.origin[at]);
        kept += 1;
    }
    joined.chars.truncate(kept);
    joined.origin.truncate(kept);
    joined
}

/// A stretch of the document as written, white space at its ends taken off.
fn written(source: &[char]) -> String {
    source.iter().collect::<String>().trim().to_string()
}

/// The page an offset lies on, from 1; none where a document has no pages.
pub(crate) fn page_of(page_starts: &[u32], offset: u32) -> Option<u32> {
    (!page_starts.is_empty()).then(|| page_starts.partition_point(|start| *start <= offset) as u32)
}

/// The line an offset lies on, from 1.
pub(crate) fn line_of(line_starts: &[u32], offset: u32) -> u32 {
    line_starts.partition_point(|start| *start <= offset) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraphs(source: &str) -> Vec<String> {
        let (source, nothing) = (source.chars().collect::<Vec<char>>(), About::default());
        let text = text(&source, &nothing, &nothing, &Knowledge::read(None).unwrap());
        let of = |block: &Block| match &block.kind {
            BlockKind::Prose(folded) => folded.chars.iter().collect(),
            BlockKind::Table(_) => panic!("no table stands here"),
        };
        text.blocks.iter().map(of).collect()
    }

    #[test]
    fn text_without_line_ends_is_parted_behind_sentences() {
        let source = "全年新建站点12个,同比增长3.5%。".repeat(2000);
        let parts = paragraphs(&source);
        assert!(parts.len() > 6 && parts.iter().all(|part| part.ends_with('。') && part.chars().count() < LONGEST + 20));
        assert_eq!(parts.concat(), source);
    }

    #[test]
    fn text_without_any_mark_is_parted_too() {
        let source = "网".repeat(6 * LONGEST);
        let parts = paragraphs(&source);
        assert!(parts.len() > 2 && parts.iter().all(|part| part.chars().count() <= 2 * LONGEST));
        assert_eq!(parts.concat(), source);
    }
}
