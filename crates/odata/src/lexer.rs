//! The text of an option as tokens.

use crate::ast::Literal;
use crate::error::{ODataError, Position, shown};
use crate::time;

/// Prefixes of literals in OData 2 and 3.
const OLD_PREFIXES: [&str; 3] = ["datetime", "datetimeoffset", "guid"];
/// Lengths of the groups of hexadecimal digits in a GUID.
const GUID_GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
const GUID_LENGTH: usize = 36;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// A name or an operator; which one it is depends on where it stands.
    Word,
    /// A value other than `null`, `true` and `false`, which are words.
    Literal(Literal),
    Open,
    Close,
    Comma,
    Slash,
    Colon,
    Star,
    End,
}

#[derive(Debug, Clone)]
pub(crate) struct Token<'t> {
    pub kind: Kind,
    pub text: &'t str,
    pub at: Position,
}

impl Token<'_> {
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// As messages name it: in quotes, unless it brings its own.
    pub fn shown(&self) -> String {
        match self.kind {
            Kind::End => "the end".to_owned(),
            Kind::Literal(Literal::String(_) | Literal::Enum { .. }) => shown(self.text),
            _ => format!("'{}'", shown(self.text)),
        }
    }
}

/// All tokens of the text; the last one is [`Kind::End`].
pub(crate) fn tokens<'t>(option: &'static str, text: &'t str) -> Result<Vec<Token<'t>>, ODataError> {
    let mut lexer = Lexer { option, rest: text, at: 1 };
    let mut tokens = Vec::new();
    loop {
        let token = lexer.token()?;
        let ended = token.kind == Kind::End;
        tokens.push(token);
        if ended {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t> {
    option: &'static str,
    rest: &'t str,
    /// The position of what is left, in characters.
    at: usize,
}

impl<'t> Lexer<'t> {
    fn token(&mut self) -> Result<Token<'t>, ODataError> {
        let blank = self.rest.len() - self.rest.trim_ascii_start().len();
        self.take(blank);
        let at = Position(self.at);
        let Some(first) = self.rest.chars().next() else {
            return Ok(Token { kind: Kind::End, text: "", at });
        };
        let (kind, length) = match first {
            '(' => (Kind::Open, 1),
            ')' => (Kind::Close, 1),
            ',' => (Kind::Comma, 1),
            '/' => (Kind::Slash, 1),
            ':' => (Kind::Colon, 1),
            '*' => (Kind::Star, 1),
            '\'' => {
                let (text, length) = self.quoted(0)?;
                (Kind::Literal(Literal::String(text)), length)
            }
            _ if let Some(guid) = guid(self.rest) => (Kind::Literal(Literal::Guid(guid)), GUID_LENGTH),
            '-' | '0'..='9' => self.number_or_time()?,
            first if begins_word(first) => self.word()?,
            _ => return Err(self.unexpected(first)),
        };
        Ok(Token { kind, text: self.take(length), at })
    }

    /// Goes on by so many bytes.
    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        self.at += taken.chars().count();
        taken
    }

    fn error(&self, message: String) -> ODataError {
        ODataError::at(self.option, Position(self.at), message)
    }

    fn unexpected(&self, found: char) -> ODataError {
        let hint = match found {
            '"' => "; text is written in single quotes",
            '=' | '<' | '>' | '!' => "; comparisons are written eq, ne, gt, ge, lt and le",
            _ => "",
        };
        self.error(format!("did not expect '{found}' at position {}{hint}", self.at))
    }

    /// What stands in single quotes from that byte on, and the byte after it.
    fn quoted(&self, from: usize) -> Result<(String, usize), ODataError> {
        let mut text = String::new();
        let mut chars = self.rest[from..].char_indices().skip(1).peekable();
        while let Some((place, next)) = chars.next() {
            if next != '\'' {
                text.push(next);
            } else if chars.next_if(|(_, after)| *after == '\'').is_some() {
                text.push('\'');
            } else {
                return Ok((text, from + place + 1));
            }
        }
        let at = Position(self.at + self.rest[..from].chars().count());
        let message =
            format!("the text that begins at position {at} has no closing quote; one within a text is doubled");
        Err(ODataError::at(self.option, at, message))
    }

    fn word(&self) -> Result<(Kind, usize), ODataError> {
        let end = self.rest.find(|c| !continues_word(c)).unwrap_or(self.rest.len());
        let word = self.rest[..end].trim_end_matches('.');
        if !self.rest[word.len()..].starts_with('\'') {
            return Ok((Kind::Word, word.len()));
        }
        if OLD_PREFIXES.iter().any(|old| word.eq_ignore_ascii_case(old)) {
            let message = format!("{word}'…' at position {} is not of OData 4; write the value alone", self.at);
            return Err(self.error(format!("{message}, without quotes")));
        }
        if !word.contains('.') {
            return Ok((Kind::Word, word.len()));
        }
        let (member, length) = self.quoted(word.len())?;
        Ok((Kind::Literal(Literal::Enum { type_name: word.to_owned(), member }), length))
    }

    fn number_or_time(&self) -> Result<(Kind, usize), ODataError> {
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '+' | '-');
        let end = self.rest.find(|c| !part(c)).unwrap_or(self.rest.len());
        let text = &self.rest[..end];
        let time = || time::instant(text).map(Literal::DateTimeOffset);
        let literal = number(text).or_else(|| time::date(text).map(Literal::Date)).or_else(time);
        let Some(literal) = literal else {
            let looks_like_time = text.get(4..5) == Some("-") && text.contains(['T', 't']);
            let what = match text {
                _ if looks_like_time => "is no instant such as 2026-11-20T12:00:00Z (a '+' in a URL is written %2B)",
                _ if integer(text) => "is too large for an Edm.Int64",
                _ => "is no number, date or GUID",
            };
            return Err(self.error(format!("'{}' at position {} {what}", shown(text), self.at)));
        };
        Ok((Kind::Literal(literal), end))
    }
}

fn begins_word(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// Names may be qualified: `microsoft.graph.usageAuthMethod`.
fn continues_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.')
}

/// The GUID that the text begins with, in lower case.
fn guid(text: &str) -> Option<String> {
    let guid = text.get(..GUID_LENGTH)?;
    let mut groups = guid.split('-');
    let hexadecimal = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    let whole = GUID_GROUPS.iter().all(|length| groups.next().is_some_and(|g| g.len() == *length && hexadecimal(g)));
    let ends = !text[GUID_LENGTH..].starts_with(|c| continues_word(c) || c == '-');
    (whole && ends).then(|| guid.to_ascii_lowercase())
}

fn integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// `-5`, `0.5` or `1e10`, but neither `.5` nor `5.`.
fn number(text: &str) -> Option<Literal> {
    if integer(text) {
        return text.parse().ok().map(Literal::Integer);
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = integer(whole)
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)));
    let value: f64 = is_number.then(|| text.parse().ok())??;
    value.is_finite().then_some(Literal::Decimal(value))
}
