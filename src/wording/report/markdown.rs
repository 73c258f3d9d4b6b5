//! Markdown to the blocks of a document: headings, paragraphs, lists, emphasis and line breaks.
//!
//! Invariant: what else Markdown knows, links, pictures, HTML, code and quotes, is shown as the plain text it was typed
//! as. No text is lost, and none is markup but by its own stars, dashes and signs.

use countersign_domain::document::{Block, Raw, Run};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Stands for the signs below while Markdown is read, one character for each, so that every place stays where it was.
const STAND_INS: char = '\u{100100}';
/// What begins the things that are not read.
const SIGNS: [char; 6] = ['[', '<', '>', '`', '&', '~'];
/// Stands for the backslash before one of them, and for nothing in the end.
const NOTHING: char = '\u{100110}';

/// A piece of a text, its places filled in.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// Words.
    Text(String),
    /// A figure, and the number by which whoever filled it in knows its place.
    Figure(Box<Raw>, usize),
    /// Parts of the document.
    Blocks(Vec<Block<Raw>>, usize),
}

/// Something that stands where it cannot, by the number of its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// Parts of the document within a sentence, a heading or a list.
    Within(usize),
    /// A figure in a heading.
    InHeading(usize),
}

/// Fills in a text that stands together. The second argument gives, for a byte of it, the byte of what [`hidden`] gave.
pub(super) type Fill<'f> = &'f mut dyn FnMut(&str, &dyn Fn(usize) -> usize) -> Vec<Piece>;

/// The text with stand-ins for the signs that are not read.
pub(super) fn hidden(text: &str) -> String {
    let mut letters = text.chars().peekable();
    let mut found = String::with_capacity(text.len());
    while let Some(letter) = letters.next() {
        let next = letters.peek().and_then(|next| stand_in(*next));
        match (letter, next) {
            ('\\', Some(stand_in)) => {
                letters.next();
                found.extend([NOTHING, stand_in]);
            }
            ('\\', None) => {
                found.push(letter);
                found.extend(letters.next_if_eq(&'\\'));
            }
            _ => found.push(stand_in(letter).unwrap_or(letter)),
        }
    }
    found
}

fn stand_in(sign: char) -> Option<char> {
    let number = SIGNS.iter().position(|known| *known == sign)?;
    char::from_u32(u32::from(STAND_INS) + u32::try_from(number).ok()?)
}

/// The text with its signs again.
pub(super) fn plain(text: &str) -> String {
    let sign = |c: char| {
        let number = u32::from(c).checked_sub(u32::from(STAND_INS))?;
        SIGNS.get(usize::try_from(number).ok()?).copied()
    };
    let kept = text.chars().filter(|c| *c != NOTHING);
    kept.map(|c| sign(c).unwrap_or(c)).collect()
}

/// The blocks of a text that [`hidden`] gave, and what stands in the wrong place. `level` says what level a heading has.
pub(super) fn blocks(text: &str, level: fn(u8) -> u8, fill: Fill<'_>) -> (Vec<Block<Raw>>, Vec<Fault>) {
    let mut walk = Walk {
        fill,
        level,
        blocks: Vec::new(),
        faults: Vec::new(),
        inline: Vec::new(),
        pending: Vec::new(),
        strong: 0,
        emphasis: 0,
        heading: None,
        lists: Vec::new(),
        items: Vec::new(),
        code: None,
        fixed: None,
    };
    walk.read(text);
    (walk.blocks, walk.faults)
}

/// What stands in a line.
enum Inline {
    Run(Box<Run<Raw>>),
    Blocks(Vec<Block<Raw>>, usize),
}

/// A list that is open: its next number, where it does not begin with 1, and the sign after it.
struct List {
    ordered: bool,
    number: Option<(u64, char)>,
}

struct Walk<'f> {
    fill: Fill<'f>,
    level: fn(u8) -> u8,
    blocks: Vec<Block<Raw>>,
    faults: Vec<Fault>,
    inline: Vec<Inline>,
    /// Text that stands together, in pieces, and where each begins.
    pending: Vec<(String, usize)>,
    strong: usize,
    emphasis: usize,
    heading: Option<u8>,
    lists: Vec<List>,
    items: Vec<Vec<Inline>>,
    /// An indented text, which Markdown takes for code.
    code: Option<String>,
    /// The place that all text is taken to have.
    fixed: Option<usize>,
}

impl Walk<'_> {
    fn read(&mut self, text: &str) {
        for (event, at) in Parser::new_ext(text, Options::empty()).into_offset_iter() {
            let slice = text.get(at.clone()).unwrap_or_default();
            match event {
                Event::Start(tag) => self.start(&tag, slice),
                Event::End(tag) => self.end(tag, at.start),
                Event::Text(words) => self.text(&words, at.start),
                Event::SoftBreak => self.text(" ", at.start),
                Event::HardBreak => self.line_break(),
                Event::Rule => {
                    self.text(slice.trim_end(), at.start);
                    self.paragraph();
                }
                // What these would be is hidden from the reader; if one is seen all the same, it is text.
                _ => self.text(slice, at.start),
            }
        }
        self.paragraph();
    }

    fn start(&mut self, tag: &Tag<'_>, slice: &str) {
        match tag {
            Tag::Emphasis => {
                self.flush();
                self.emphasis += 1;
            }
            Tag::Strong => {
                self.flush();
                self.strong += 1;
            }
            Tag::Heading { level, .. } => {
                self.another();
                self.heading = self.lists.is_empty().then(|| (self.level)(*level as u8));
            }
            Tag::Paragraph => self.another(),
            Tag::List(from) => {
                self.flush();
                let sign = slice.chars().find(|c| !c.is_ascii_digit()).unwrap_or('.');
                let number = from.filter(|from| *from != 1).map(|from| (from, sign));
                self.lists.push(List {
                    ordered: from.is_some(),
                    number,
                });
            }
            Tag::Item => {
                self.item();
                if let Some((number, sign)) = self.lists.last_mut().and_then(|list| list.number.as_mut()) {
                    let words = format!("{number}{sign} ");
                    *number = number.saturating_add(1);
                    self.words(&words);
                }
            }
            Tag::CodeBlock(_) => {
                self.another();
                self.code = Some(String::new());
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, at: usize) {
        match tag {
            TagEnd::Emphasis => {
                self.flush();
                self.emphasis = self.emphasis.saturating_sub(1);
            }
            TagEnd::Strong => {
                self.flush();
                self.strong = self.strong.saturating_sub(1);
            }
            TagEnd::Paragraph | TagEnd::Heading(_) => self.paragraph(),
            TagEnd::Item => self.item(),
            TagEnd::List(_) => self.list(),
            TagEnd::CodeBlock => self.indented(at),
            _ => {}
        }
    }

    fn text(&mut self, words: &str, at: usize) {
        match &mut self.code {
            Some(code) => code.push_str(words),
            None => self.pending.push((words.to_owned(), self.fixed.unwrap_or(at))),
        }
    }

    /// An indented text is read as if it were not, except in a list, where it is lines of the item.
    fn indented(&mut self, at: usize) {
        let Some(code) = self.code.take() else { return };
        let lines: Vec<&str> = code.lines().map(str::trim).collect();
        if self.lists.is_empty() {
            let before = self.fixed.replace(at);
            self.read(&lines.join("\n"));
            self.fixed = before;
            return;
        }
        for (number, line) in lines.into_iter().enumerate() {
            if number > 0 {
                self.line_break();
            }
            self.text(line, at);
        }
        self.flush();
    }

    /// Text that stands together is filled in and becomes runs.
    fn flush(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        if pending.is_empty() {
            return;
        }
        let whole: String = pending.iter().map(|(words, _)| words.as_str()).collect();
        let mut begins = Vec::with_capacity(pending.len());
        let mut length = 0;
        for (words, at) in &pending {
            begins.push((length, *at));
            length += words.len();
        }
        let place = |byte: usize| {
            let number = begins.partition_point(|(from, _)| *from <= byte).saturating_sub(1);
            begins.get(number).map_or(0, |(from, at)| at + (byte - from))
        };
        for piece in (self.fill)(&whole, &place) {
            match piece {
                Piece::Text(text) => self.words(&text),
                Piece::Figure(figure, at) => {
                    if self.heading.is_some() {
                        self.faults.push(Fault::InHeading(at));
                    }
                    self.inline.push(Inline::Run(Box::new(Run::Figure { figure: *figure })));
                }
                Piece::Blocks(blocks, at) => self.inline.push(Inline::Blocks(blocks, at)),
            }
        }
    }

    /// Words as they are, their line breaks kept.
    fn words(&mut self, text: &str) {
        for (number, line) in text.split('\n').enumerate() {
            let line = line.trim_end_matches('\r');
            if number > 0 {
                self.inline.push(Inline::Run(Box::new(Run::Break)));
            }
            if line.is_empty() {
                continue;
            }
            let style = (self.strong > 0, self.emphasis > 0);
            let before = match self.inline.last_mut() {
                Some(Inline::Run(run)) => Some(run.as_mut()),
                _ => None,
            };
            match (before, style) {
                (Some(Run::Strong { text }), (true, _))
                | (Some(Run::Emphasis { text }), (false, true))
                | (Some(Run::Text { text }), (false, false)) => text.push_str(line),
                _ => self.inline.push(Inline::Run(Box::new(styled(line, style)))),
            }
        }
    }

    fn line_break(&mut self) {
        self.flush();
        self.inline.push(Inline::Run(Box::new(Run::Break)));
    }

    /// A further paragraph begins: in a list it is another line of the same item.
    fn another(&mut self) {
        self.flush();
        if self.lists.is_empty() {
            self.paragraph();
        } else if !self.inline.is_empty() {
            self.inline.push(Inline::Run(Box::new(Run::Break)));
        }
    }

    /// The paragraph or heading ends.
    fn paragraph(&mut self) {
        self.flush();
        if !self.lists.is_empty() {
            return;
        }
        let inline = std::mem::take(&mut self.inline);
        if let Some(level) = self.heading.take() {
            let text = heading(&self.runs(inline));
            if !text.is_empty() {
                self.blocks.push(Block::Heading { level, text });
            }
            return;
        }
        self.stand(inline);
    }

    /// A line becomes a paragraph, or the parts that stand in it alone.
    fn stand(&mut self, mut inline: Vec<Inline>) {
        if let [Inline::Blocks(blocks, _)] = inline.as_mut_slice() {
            self.blocks.append(blocks);
            return;
        }
        let runs = self.runs(inline);
        if !is_blank(&runs) {
            self.blocks.push(Block::Paragraph { runs });
        }
    }

    fn runs(&mut self, inline: Vec<Inline>) -> Vec<Run<Raw>> {
        let mut runs = Vec::new();
        for piece in inline {
            match piece {
                Inline::Run(run) => runs.push(*run),
                Inline::Blocks(_, at) => self.faults.push(Fault::Within(at)),
            }
        }
        runs
    }

    /// An item ends, or one within it begins.
    fn item(&mut self) {
        self.flush();
        let inline = std::mem::take(&mut self.inline);
        if !inline.is_empty() {
            self.items.push(inline);
        }
    }

    /// A list ends; one within another is part of it. One that does not begin with 1 keeps its numbers as text.
    fn list(&mut self) {
        self.item();
        let list = self.lists.pop();
        let Some(list) = list.filter(|_| self.lists.is_empty()) else {
            return;
        };
        let items = std::mem::take(&mut self.items);
        if list.number.is_some() {
            items.into_iter().for_each(|item| self.stand(item));
            return;
        }
        let items = items.into_iter().map(|item| self.runs(item));
        let items: Vec<_> = items.filter(|runs| !is_blank(runs)).collect();
        let ordered = list.ordered;
        self.blocks
            .extend((!items.is_empty()).then_some(Block::List { ordered, items }));
    }
}

fn styled(line: &str, style: (bool, bool)) -> Run<Raw> {
    let text = line.to_owned();
    match style {
        (true, _) => Run::Strong { text },
        (false, true) => Run::Emphasis { text },
        (false, false) => Run::Text { text },
    }
}

/// The words of a heading, on one line.
fn heading(runs: &[Run<Raw>]) -> String {
    let mut words = String::new();
    for run in runs {
        match run {
            Run::Text { text } | Run::Strong { text } | Run::Emphasis { text } => words.push_str(text),
            Run::Break => words.push(' '),
            Run::Figure { .. } => {}
        }
    }
    words.trim().to_owned()
}

/// Whether nothing would be seen of it.
fn is_blank(runs: &[Run<Raw>]) -> bool {
    runs.iter().all(|run| match run {
        Run::Text { text } | Run::Strong { text } | Run::Emphasis { text } => text.trim().is_empty(),
        Run::Figure { .. } => false,
        Run::Break => true,
    })
}
