//! Cuts a line into tokens with their places. Owns the letters of the language, not its grammar.

use crate::playbook::fault::Wrong;

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A name or keyword: letters, digits, `_`, `.`.
    Word(String),
    /// Digits, perhaps with a decimal point; or a date such as `2026-02-10`.
    Digits(String),
    /// Text in double quotes.
    Quoted(String),
    /// A sign: `>=`, `[`, `,`, `%` …
    Sign(&'static str),
}

impl Token {
    pub(super) fn show(&self) -> String {
        match self {
            Self::Word(text) | Self::Digits(text) => format!("\"{text}\""),
            Self::Quoted(text) => format!("text \"{text}\""),
            Self::Sign(sign) => format!("\"{sign}\""),
        }
    }
}

/// Longest first, so that `>=` is not read as `>`.
const SIGNS: [&str; 11] = [">=", "<=", "!=", ">", "<", "=", "[", "]", ",", "%", "元"];

/// The tokens of a line in order, read one by one.
#[derive(Clone)]
pub(super) struct Tokens {
    all: Vec<(usize, Token)>,
    next: usize,
    end: usize,
}

impl Tokens {
    pub(super) fn of(line: &str) -> Result<Self, Wrong> {
        let mut all = Vec::new();
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let at = line.len() - rest.len();
            let (token, length) = one(rest, first).map_err(|wrong| wrong.at(at))?;
            all.push((at, token));
            rest = rest[length..].trim_start();
        }
        Ok(Self { all, next: 0, end: line.trim_end().len() })
    }

    /// Where the next token stands.
    pub(super) fn place(&self) -> usize {
        self.all.get(self.next).map_or(self.end, |(at, _)| *at)
    }

    pub(super) fn peek(&self) -> Option<&Token> {
        self.all.get(self.next).map(|(_, token)| token)
    }

    pub(super) fn take(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.next += usize::from(token.is_some());
        token
    }

    /// Takes the next token when it is this keyword or sign.
    pub(super) fn skip(&mut self, text: &str) -> bool {
        let hit = match self.peek() {
            Some(Token::Word(word)) => word == text,
            Some(Token::Sign(sign)) => *sign == text,
            _ => false,
        };
        self.next += usize::from(hit);
        hit
    }

    /// The fault of finding the next token where `expected` should stand.
    pub(super) fn wrong(&self, expected: impl Into<String>) -> Wrong {
        let found = self.peek().map_or_else(|| "the end of the line".to_owned(), Token::show);
        Wrong::new(found, expected).at(self.place())
    }

    pub(super) fn must_end(&self) -> Result<(), Wrong> {
        if self.peek().is_none() { Ok(()) } else { Err(self.wrong("the end of the line")) }
    }
}

fn one(rest: &str, first: char) -> Result<(Token, usize), Wrong> {
    let run = |allowed: fn(char) -> bool| rest.find(|c| !allowed(c)).unwrap_or(rest.len());
    if first.is_ascii_digit() {
        let length = run(|c| c.is_ascii_digit() || c == '.' || c == '-');
        return Ok((Token::Digits(rest[..length].to_owned()), length));
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let length = run(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
        return Ok((Token::Word(rest[..length].to_owned()), length));
    }
    if first == '"' {
        let inner = rest[1..].find('"').ok_or_else(|| Wrong::new("text without its closing quote", "\""))?;
        return Ok((Token::Quoted(rest[1..=inner].to_owned()), inner + 2));
    }
    match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        Some(sign) => Ok((Token::Sign(sign), sign.len())),
        None => Err(Wrong::new(format!("\"{first}\""), "a fact, a number, a keyword or one of >= <= > < = != [ ] , %")),
    }
}
