//! Runs a template: what it prints is put aside under a mark, and the text with the marks is read as Markdown.
//!
//! Invariant: a function that fails is noted with every place that it stands in, shows nothing, and the rest goes on.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use countersign_domain::document::{Block, Raw};
use countersign_domain::places::Places;
use countersign_domain::report::{At, Report};

use super::called::Scanned;
use super::markdown::{self, Fault, Piece, hidden, plain};
use super::prose::{IN_HEADING, written};
use super::worker::{Asked, Given, MARK, MOST, STACK, Shared, Slot, Stop, TOO_LONG, Worker, lock};
use super::{Argument, Call, Functions, Problem, Returned};

const WITHIN: &str = "What this gives is a part of its own, and cannot stand in a sentence, a heading or a list. Put it on a line of its own.";

/// What the body of a report comes to, and what is wrong with it beside what was told before.
pub(super) fn run(
    report: &Report,
    prose: &BTreeMap<String, String>,
    functions: &dyn Functions,
    scanned: &Scanned,
    told: &[Problem],
) -> (Vec<Block<Raw>>, Vec<Problem>) {
    let aside = Shared::default();
    let mut answers = Answers {
        report,
        prose,
        functions,
        scanned,
        told,
        aside: &aside,
        calls: 0,
        problems: Vec::new(),
    };
    // A template's functions outlive every borrow, and those that answer them do not: so they stand on two threads.
    let ran = thread::scope(|scope| {
        let (ask, asked) = channel();
        let worker = Worker {
            body: report.body.clone(),
            names: functions.names().iter().map(|name| (*name).to_owned()).collect(),
            unknown: scanned.unknown.clone(),
            aside: Arc::clone(&aside),
            ask,
        };
        let thread = thread::Builder::new().stack_size(STACK);
        let thread = thread.spawn_scoped(scope, move || worker.render());
        answers.serve(&asked);
        match thread.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(ran)) => ran,
            Ok(Err(_)) | Err(_) => Err(Stop::because(
                report,
                "The report could not be put together on this server.",
            )),
        }
    });
    let mut problems = answers.problems;
    match ran {
        Ok(text) => {
            let (blocks, found) = read(report, &text, &lock(&aside).slots);
            problems.extend(found);
            (blocks, problems)
        }
        Err(stop) => {
            problems.push(stop.into_problem(report));
            (Vec::new(), problems)
        }
    }
}

/// The text with its marks as blocks.
fn read(report: &Report, text: &str, slots: &[Slot]) -> (Vec<Block<Raw>>, Vec<Problem>) {
    let text = hidden(&alone(text, slots));
    let mut fill = |words: &str, _: &dyn Fn(usize) -> usize| {
        let mut pieces = Vec::new();
        for part in marks(words) {
            pieces.extend(match part {
                Ok(words) => Some(Piece::Text(plain(words))),
                Err(number) => slots.get(number).map(|slot| match slot {
                    Slot::Blocks(blocks, _) => Piece::Blocks(blocks.clone(), number),
                    Slot::Figure(figure, _) => Piece::Figure(figure.clone(), number),
                    Slot::Text(text) => Piece::Text(text.clone()),
                }),
            });
        }
        pieces
    };
    let level = |typed: u8| typed.clamp(2, 4);
    let (blocks, faults) = markdown::blocks(&text, level, &mut fill);
    let start = At {
        line: report.body_line,
        column: 1,
    };
    let at = |number: usize| match slots.get(number) {
        Some(Slot::Blocks(_, at) | Slot::Figure(_, at)) => *at,
        Some(Slot::Text(_)) | None => start,
    };
    let faults = faults.into_iter().map(|fault| match fault {
        Fault::Within(number) => Problem::new(at(number), WITHIN),
        Fault::InHeading(number) => Problem::new(at(number), IN_HEADING),
    });
    (blocks, faults.collect())
}

/// The text, in which what stands on a line of its own is a paragraph of its own.
fn alone(text: &str, slots: &[Slot]) -> String {
    let mut found = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let inside = line
            .trim()
            .strip_prefix(MARK[0])
            .and_then(|rest| rest.strip_suffix(MARK[1]));
        let number: Option<usize> = inside.and_then(|digits| digits.parse().ok());
        match number.and_then(|number| slots.get(number)) {
            Some(Slot::Blocks(..)) => found.extend(["\n", line.trim(), "\n\n"]),
            _ => found.push_str(line),
        }
    }
    found
}

/// Words and the numbers of marks, in turn.
fn marks(text: &str) -> Vec<Result<&str, usize>> {
    let mut found = Vec::new();
    for (number, part) in text.split(MARK[0]).enumerate() {
        let marked = part.split_once(MARK[1]).filter(|_| number > 0);
        match marked.and_then(|(digits, rest)| Some((digits.parse().ok()?, rest))) {
            Some((mark, rest)) => found.extend([Err(mark), Ok(rest)]),
            None => found.push(Ok(part)),
        }
    }
    found.retain(|part| *part != Ok(""));
    found
}

/// Whoever answers what a template asks.
struct Answers<'a> {
    report: &'a Report,
    prose: &'a BTreeMap<String, String>,
    functions: &'a dyn Functions,
    scanned: &'a Scanned,
    /// What was said before the template ran.
    told: &'a [Problem],
    aside: &'a Shared,
    calls: usize,
    problems: Vec<Problem>,
}

impl Answers<'_> {
    /// Until nobody asks any more.
    fn serve(&mut self, asked: &Receiver<Asked>) {
        for Asked { call, reply } in asked {
            let given = self.answer(&call);
            // Whoever asked may have stopped meanwhile, and says so itself.
            let _ = reply.send(given);
        }
    }

    fn answer(&mut self, call: &Call) -> Given {
        self.calls += 1;
        if self.calls > MOST {
            lock(self.aside).stopped = Some(TOO_LONG.to_owned());
            return Given::Nothing;
        }
        let returned = match call.name.as_str() {
            "prose" => self.written(call),
            _ => self.functions.call(call),
        };
        match returned {
            Ok(Returned::Blocks(blocks)) => self.put(call, |at| Slot::Blocks(blocks, at)),
            Ok(Returned::Figure(figure)) => self.put(call, |at| Slot::Figure(Box::new(figure), at)),
            Ok(Returned::Text(text)) => Given::Text(text),
            Ok(Returned::Flag(flag)) => Given::Flag(flag),
            Ok(Returned::Items(items)) => Given::Items(items),
            Err(_) if self.scanned.is_told(call, self.told) => Given::Nothing,
            Err(message) => {
                for at in self.scanned.places(call, &message, self.report) {
                    self.problem(at, message.clone());
                }
                Given::Nothing
            }
        }
    }

    fn put(&mut self, call: &Call, slot: impl FnOnce(At) -> Slot) -> Given {
        let at = self.scanned.places(call, "", self.report).into_iter().next();
        let at = at.unwrap_or(At { line: 1, column: 1 });
        let mut aside = lock(self.aside);
        aside.slots.push(slot(at));
        Given::Slot(aside.slots.len() - 1)
    }

    fn problem(&mut self, at: At, message: String) {
        let problem = Problem::new(at, message);
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// What the commissioner wrote. That there is no such text was said when the file was looked through.
    fn written(&mut self, call: &Call) -> Result<Returned, String> {
        let known = match call.positional.as_slice() {
            [Argument::Text(id)] => self.report.prose(id),
            _ => None,
        };
        let Some(known) = known else {
            return Err("`prose` must be given the id of one of the report's texts.".to_owned());
        };
        let text = self.prose.get(&known.id).unwrap_or(&known.start);
        let functions = self.functions;
        let (blocks, problems) = written(self.report, text, &mut |figure| {
            let asked = Call {
                name: "figure".to_owned(),
                positional: vec![Argument::Text(figure.of.clone())],
                named: BTreeMap::new(),
            };
            match functions.call(&asked)? {
                Returned::Figure(figure) => Ok(figure),
                _ => Err(format!("(({})) is not a figure.", figure.id)),
            }
        });
        let places = self.scanned.places(call, "", self.report);
        for problem in problems {
            let message = format!("In “{}”, line {}: {}", known.label, problem.line, problem.message);
            for at in &places {
                self.problem(*at, message.clone());
            }
        }
        Ok(Returned::Blocks(blocks))
    }
}

impl Stop {
    fn because(report: &Report, message: &str) -> Self {
        Self {
            line: report.body.lines().count().min(1),
            byte: None,
            message: message.to_owned(),
        }
    }

    fn into_problem(self, report: &Report) -> Problem {
        let column = self.byte.map_or(1, |byte| Places::new(&report.body).at(byte).column);
        let at = At {
            line: (self.line.max(1) - 1).saturating_add(report.body_line),
            column,
        };
        Problem::new(at, self.message)
    }
}
