//! A Nunjucks template as pieces: text, and code as words; and the pieces as text again.
//!
//! Invariant: joining what was split gives the template back.

/// A stretch of a template.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
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
pub(super) enum Token {
    Space(String),
    Name(String),
    /// A string with its quotes, a number, or punctuation.
    Other(String),
}

impl Token {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Space(text) | Self::Name(text) | Self::Other(text) => text,
        }
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.text() == text
    }
}

/// Cuts a template into text and code. A `}}` inside braces or a string does not end an expression.
pub(super) fn split(source: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = source;
    while let Some(at) = ["{{", "{%", "{#"].iter().filter_map(|mark| rest.find(mark)).min() {
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
        if depth == 0 && (rest.starts_with(end) || rest.strip_prefix('-').is_some_and(|r| r.starts_with(end))) {
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

/// The first word.
pub(super) fn keyword(tokens: &[Token]) -> Option<&str> {
    words(tokens).next().map(Token::text)
}

/// The words, without the space between them.
pub(super) fn words(tokens: &[Token]) -> impl Iterator<Item = &Token> {
    tokens.iter().filter(|token| !matches!(token, Token::Space(_)))
}

/// The word after the one at `at`, and where it is.
pub(super) fn next_word(tokens: &[Token], at: usize) -> Option<(usize, &Token)> {
    tokens
        .iter()
        .enumerate()
        .skip(at + 1)
        .find(|(_, token)| !matches!(token, Token::Space(_)))
}

/// The first word of a statement.
pub(super) fn piece_keyword(piece: &Piece) -> Option<&str> {
    match piece {
        Piece::Code {
            statement: true,
            tokens,
            ..
        } => keyword(tokens),
        _ => None,
    }
}

/// The text of the pieces.
pub(super) fn join(pieces: Vec<Piece>) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(&text),
            Piece::Code {
                open, tokens, close, ..
            } => {
                out.push_str(&open);
                tokens.iter().for_each(|token| out.push_str(token.text()));
                out.push_str(&close);
            }
        }
    }
    out
}
