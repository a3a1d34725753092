//! Where a parser stands: token after token, and never deeper or longer than is good for the stack.

use crate::error::{ODataError, Position};
use crate::lexer::{Kind, Token, tokens};

/// Bytes of an option's text. More than any client sends, and little enough to read at once.
pub const LONGEST_TEXT: usize = 8 * 1024;
/// How deep parentheses, functions, lambdas and `not` may stand in one another: what bounds the stack.
pub const DEEPEST_NESTING: usize = 32;
/// How many comparisons, functions, lambdas and entries of lists a filter may have.
pub const MOST_COMPARISONS: usize = 200;

/// The tokens of an option, and how far they are read. `parse.rs` has what they make.
pub(crate) struct Parser<'t> {
    option: &'static str,
    tokens: Vec<Token<'t>>,
    next: usize,
    depth: usize,
    comparisons: usize,
    /// What was read last is a value that nothing is compared with yet.
    pub open: bool,
}

impl<'t> Parser<'t> {
    pub fn new(option: &'static str, text: &'t str) -> Result<Self, ODataError> {
        if text.len() > LONGEST_TEXT {
            let message = format!("the text has {} bytes, and at most {LONGEST_TEXT} are read", text.len());
            return Err(ODataError::of(option, message));
        }
        Ok(Self { option, tokens: tokens(option, text)?, next: 0, depth: 0, comparisons: 0, open: false })
    }

    /// One level deeper.
    pub fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, ODataError>) -> Result<T, ODataError> {
        if self.depth == DEEPEST_NESTING {
            let at = self.peek().at;
            let message = format!("what begins at position {at} is nested more than {DEEPEST_NESTING} deep");
            return Err(self.error(at, message));
        }
        self.depth += 1;
        let inner = inner(self)?;
        self.depth -= 1;
        Ok(inner)
    }

    /// One comparison more.
    pub fn counted(&mut self) -> Result<(), ODataError> {
        self.comparisons += 1;
        if self.comparisons > MOST_COMPARISONS {
            let at = self.peek().at;
            let message = format!("there are more than {MOST_COMPARISONS} comparisons, the next one at position {at}");
            return Err(self.error(at, message));
        }
        Ok(())
    }

    pub fn peek(&self) -> &Token<'t> {
        // There is always a next token: the end is one, and nobody goes on from there.
        &self.tokens[self.next.min(self.tokens.len() - 1)]
    }

    /// An opening parenthesis stands after the next token.
    pub fn opens(&self) -> bool {
        self.tokens.get(self.next + 1).is_some_and(|token| token.kind == Kind::Open)
    }

    /// The token that was read last.
    pub fn before(&self) -> Option<&Token<'t>> {
        self.next.checked_sub(1).and_then(|before| self.tokens.get(before))
    }

    pub fn advance(&mut self) -> Token<'t> {
        let token = self.peek().clone();
        self.next += 1;
        token
    }

    pub fn takes(&mut self, kind: &Kind) -> bool {
        let is = self.peek().kind == *kind;
        self.next += usize::from(is);
        is
    }

    pub fn takes_word(&mut self, word: &str) -> bool {
        let is = self.peek().is_word(word);
        self.next += usize::from(is);
        is
    }

    pub fn expect(&mut self, kind: &Kind, what: &str) -> Result<(), ODataError> {
        if self.takes(kind) { Ok(()) } else { Err(self.expected(what)) }
    }

    pub fn end(&mut self, what: &str) -> Result<(), ODataError> {
        self.expect(&Kind::End, what)
    }

    pub fn expected(&self, what: &str) -> ODataError {
        let after = self.before().map(|token| format!(" after {}", token.shown())).unwrap_or_default();
        let Token { at, .. } = *self.peek();
        self.error(at, format!("expected {what}{after} at position {at}, found {}", self.peek().shown()))
    }

    pub fn error(&self, at: Position, message: String) -> ODataError {
        ODataError::at(self.option, at, message)
    }
}
