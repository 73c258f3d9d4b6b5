//! Turns a GOV.UK Frontend Nunjucks template into a minijinja one.
//!
//! Upstream writes its components in Nunjucks, whose expressions are nearly JavaScript's. The text of a template is
//! left alone, character for character; only what stands between `{%` and `%}` or `{{` and `}}` is respelt. The build
//! script and `tests/components.rs` share this file, and the test renders every fixture that upstream ships, so a new
//! release that uses something this does not know fails there.

use std::collections::BTreeSet;

/// A stretch of a template.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    /// Text, or a comment, copied as it is.
    Text(String),
    /// `{% … %}` (`statement`) or `{{ … }}`, with its whitespace marks.
    Code {
        statement: bool,
        open: String,
        tokens: Vec<Token>,
        close: String,
    },
}

/// A word of an expression.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    Space(String),
    Name(String),
    /// A string with its quotes, a number, or punctuation.
    Other(String),
}

impl Token {
    fn text(&self) -> &str {
        match self {
            Self::Space(text) | Self::Name(text) | Self::Other(text) => text,
        }
    }

    fn is(&self, text: &str) -> bool {
        self.text() == text
    }
}

/// The minijinja spelling of a Nunjucks template.
///
/// Imports are dropped: every component is a global function here.
///
/// # Errors
/// When a `{{`, `{%` or `{#` is never closed.
pub fn transform(source: &str) -> Result<String, String> {
    let mut pieces = split(source)?;
    let mut respelt = Vec::with_capacity(pieces.len());
    for piece in pieces.drain(..) {
        respelt.push(match piece {
            Piece::Code {
                statement,
                open,
                tokens,
                close,
            } => respell(statement, open, tokens, close),
            text => text,
        });
    }
    Ok(join(carry_loop_assignments(respelt)))
}

/// Cuts a template into text and code. A `}}` inside braces or a string does not end an expression.
fn split(source: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = source;
    while let Some(at) = ["{{", "{%", "{#"]
        .iter()
        .filter_map(|mark| rest.find(mark))
        .min()
    {
        if at > 0 {
            pieces.push(Piece::Text(rest[..at].to_owned()));
        }
        rest = &rest[at..];
        if rest.starts_with("{#") {
            let end = rest.find("#}").ok_or("a comment is never closed")? + 2;
            pieces.push(Piece::Text(rest[..end].to_owned()));
            rest = &rest[end..];
            continue;
        }
        let statement = rest.starts_with("{%");
        let open_len = if rest[2..].starts_with('-') { 3 } else { 2 };
        let (tokens, used) = tokens(&rest[open_len..], if statement { "%}" } else { "}}" })?;
        let after = &rest[open_len + used..];
        let close_len = if after.starts_with('-') { 3 } else { 2 };
        pieces.push(Piece::Code {
            statement,
            open: rest[..open_len].to_owned(),
            tokens,
            close: after[..close_len].to_owned(),
        });
        rest = &after[close_len..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    Ok(pieces)
}

/// The words up to `end`, and how many bytes they take.
fn tokens(source: &str, end: &str) -> Result<(Vec<Token>, usize), String> {
    let mut tokens = Vec::new();
    let mut depth = 0_usize;
    let mut at = 0;
    loop {
        let rest = &source[at..];
        if depth == 0
            && (rest.starts_with(end) || rest.strip_prefix('-').is_some_and(|r| r.starts_with(end)))
        {
            return Ok((tokens, at));
        }
        let first = rest
            .chars()
            .next()
            .ok_or_else(|| format!("an expression is never closed by {end}"))?;
        let token = match first {
            c if c.is_whitespace() => Token::Space(take_while(rest, char::is_whitespace)),
            '"' | '\'' => Token::Other(quoted(rest, first)?),
            c if is_name(c) => Token::Name(take_while(rest, is_name)),
            _ => Token::Other(
                ["===", "!==", "==", "!=", "<=", ">="]
                    .into_iter()
                    .find(|operator| rest.starts_with(operator))
                    .map_or_else(|| first.to_string(), str::to_owned),
            ),
        };
        match first {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += token.text().len();
        tokens.push(token);
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn take_while(source: &str, keep: impl Fn(char) -> bool) -> String {
    source.chars().take_while(|c| keep(*c)).collect()
}

fn quoted(source: &str, quote: char) -> Result<String, String> {
    let mut escaped = false;
    for (at, c) in source.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return Ok(source[..=at].to_owned()),
            _ => {}
        }
    }
    Err("a string is never closed".to_owned())
}

/// Respells one statement or expression.
fn respell(statement: bool, open: String, tokens: Vec<Token>, close: String) -> Piece {
    if statement && keyword(&tokens) == Some("from") {
        // The whitespace marks stay, since what stands around an import depends on them.
        let (left, right) = (&open[2..], &close[..close.len() - 2]);
        return Piece::Text(format!("{{#{left} {right}#}}"));
    }
    let pairs = statement && keyword(&tokens) == Some("for") && has_two_names(&tokens);
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut brackets: Vec<String> = Vec::new();
    let mut skip_to = 0;
    for (at, token) in tokens.iter().enumerate() {
        if at < skip_to {
            continue;
        }
        let next = next_word(&tokens, at);
        match token {
            Token::Name(name) => match name.as_str() {
                "elseif" => out.push(Token::Name("elif".to_owned())),
                "null" => out.push(Token::Name("none".to_owned())),
                // Within braces a bare name before a colon is a key.
                _ if brackets.last().is_some_and(|b| b == "{")
                    && next.is_some_and(|(_, t)| t.is(":")) =>
                {
                    out.push(Token::Other(format!("\"{name}\"")));
                }
                _ => out.push(token.clone()),
            },
            Token::Other(text) => {
                match text.as_str() {
                    "{" | "(" | "[" => brackets.push(text.clone()),
                    "}" | ")" | "]" => drop(brackets.pop()),
                    _ => {}
                }
                match (text.as_str(), next) {
                    ("===" | "!==", Some((index, word))) if word.is("undefined") => {
                        let test = if text == "===" {
                            "is undefined"
                        } else {
                            "is defined"
                        };
                        out.push(Token::Other(test.to_owned()));
                        skip_to = index + 1;
                    }
                    ("===", _) => out.push(Token::Other("==".to_owned())),
                    ("!==", _) => out.push(Token::Other("!=".to_owned())),
                    // JavaScript's + joins text whatever is on either side; nothing here adds numbers.
                    ("+", _) => out.push(Token::Other("~".to_owned())),
                    (".", Some((index, word))) if word.is("length") => {
                        out.push(Token::Other("|length".to_owned()));
                        skip_to = index + 1;
                    }
                    _ => out.push(token.clone()),
                }
            }
            Token::Space(_) => out.push(token.clone()),
        }
    }
    if pairs {
        out.push(Token::Other("|items ".to_owned()));
    }
    Piece::Code {
        statement,
        open,
        tokens: out,
        close,
    }
}

fn keyword(tokens: &[Token]) -> Option<&str> {
    words(tokens).next().map(Token::text)
}

fn words(tokens: &[Token]) -> impl Iterator<Item = &Token> {
    tokens
        .iter()
        .filter(|token| !matches!(token, Token::Space(_)))
}

fn next_word(tokens: &[Token], at: usize) -> Option<(usize, &Token)> {
    tokens
        .iter()
        .enumerate()
        .skip(at + 1)
        .find(|(_, token)| !matches!(token, Token::Space(_)))
}

/// Whether a loop is `for key, value in …`, which Nunjucks reads as the pairs of an object.
fn has_two_names(tokens: &[Token]) -> bool {
    words(tokens).nth(2).is_some_and(|token| token.is(","))
}

/// The name that a `set` assigns.
fn assigned(piece: &Piece) -> Option<&str> {
    match piece {
        Piece::Code {
            statement: true,
            tokens,
            ..
        } if keyword(tokens) == Some("set") => words(tokens).nth(1).map(Token::text),
        _ => None,
    }
}

fn piece_keyword(piece: &Piece) -> Option<&str> {
    match piece {
        Piece::Code {
            statement: true,
            tokens,
            ..
        } => keyword(tokens),
        _ => None,
    }
}

/// A loop in Nunjucks may assign to a name that was set before it; in minijinja that assignment ends with the turn.
/// Such a name is carried through the loop in a namespace of its own.
fn carry_loop_assignments(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out = Vec::with_capacity(pieces.len());
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut at = 0;
    while at < pieces.len() {
        let piece = &pieces[at];
        if piece_keyword(piece) != Some("for") {
            known.extend(assigned(piece).map(str::to_owned));
            out.push(piece.clone());
            at += 1;
            continue;
        }
        let end = end_of_loop(&pieces, at);
        let carried: BTreeSet<String> = pieces[at..end]
            .iter()
            .filter_map(assigned)
            .filter(|name| known.contains(*name))
            .map(str::to_owned)
            .collect();
        for name in &carried {
            out.push(Piece::Text(format!(
                "{{%- set {name}_kept = namespace(value={name}) -%}}"
            )));
        }
        out.extend(pieces[at..end].iter().map(|inner| rename(inner, &carried)));
        for name in &carried {
            out.push(Piece::Text(format!(
                "{{%- set {name} = {name}_kept.value -%}}"
            )));
        }
        at = end;
    }
    out
}

/// The index after the `endfor` that closes the loop at `start`.
fn end_of_loop(pieces: &[Piece], start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, piece) in pieces.iter().enumerate().skip(start) {
        match piece_keyword(piece) {
            Some("for") => depth += 1,
            Some("endfor") => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    pieces.len()
}

/// Names the kept value instead of the name, but for attributes of the same name.
fn rename(piece: &Piece, carried: &BTreeSet<String>) -> Piece {
    let Piece::Code {
        statement,
        open,
        tokens,
        close,
    } = piece
    else {
        return piece.clone();
    };
    let mut after_dot = false;
    let tokens = tokens
        .iter()
        .map(|token| {
            let renamed = match token {
                Token::Name(name) if carried.contains(name) && !after_dot => {
                    Token::Name(format!("{name}_kept.value"))
                }
                other => other.clone(),
            };
            after_dot = token.is(".");
            renamed
        })
        .collect();
    Piece::Code {
        statement: *statement,
        open: open.clone(),
        tokens,
        close: close.clone(),
    }
}

fn join(pieces: Vec<Piece>) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(&text),
            Piece::Code {
                open,
                tokens,
                close,
                ..
            } => {
                out.push_str(&open);
                tokens.iter().for_each(|token| out.push_str(token.text()));
                out.push_str(&close);
            }
        }
    }
    out
}
