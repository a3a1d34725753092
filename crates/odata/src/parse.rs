//! Tokens to trees, by recursive descent.
//!
//! ```text
//! or         = and *( "or" and )
//! and        = comparison *( "and" comparison )
//! comparison = unary [ ("eq" / "ne" / "gt" / "ge" / "lt" / "le") unary ]
//! unary      = "not" unary / membership
//! membership = primary [ "in" "(" literal *( "," literal ) ")" ]
//! primary    = "(" or ")" / literal / function "(" or "," or ")" / path / path "/any()"
//!            / path "/" ("any" / "all") "(" variable ":" or ")"
//! ```
//!
//! So `not` holds more tightly than `eq`, as OData has it. Unlike there comparisons do not follow one another without
//! parentheses (`a eq b eq c`), and what stands right of `in` is a list.

use std::str::FromStr;

use crate::ast::{Expression, Function, Literal, Operator, Path, Quantifier};
use crate::error::{ODataError, Position, shown};
use crate::lexer::{Kind, Token, tokens};

/// Bytes of an option's text. More than any client sends, and little enough to read at once.
pub const LONGEST_TEXT: usize = 8 * 1024;
/// How deep parentheses, functions, lambdas and `not` may stand in one another: what bounds the stack.
pub const DEEPEST_NESTING: usize = 32;
/// How many comparisons, functions, lambdas and entries of lists a filter may have.
pub const MOST_COMPARISONS: usize = 200;

const RESERVED: [&str; 3] = ["and", "or", "in"];
const AN_OPERATOR: &str = "an operator (eq, ne, gt, ge, lt, le, in, and, or)";

impl FromStr for Expression {
    type Err = ODataError;

    /// The tree of a `$filter`'s decoded text.
    fn from_str(text: &str) -> Result<Self, ODataError> {
        let mut parser = Parser::new("$filter", text)?;
        let expression = parser.or()?;
        parser.end(&format!("{AN_OPERATOR} or the end"))?;
        Ok(expression)
    }
}

pub(crate) struct Parser<'t> {
    pub option: &'static str,
    tokens: Vec<Token<'t>>,
    next: usize,
    depth: usize,
    comparisons: usize,
}

impl<'t> Parser<'t> {
    pub fn new(option: &'static str, text: &'t str) -> Result<Self, ODataError> {
        if text.len() > LONGEST_TEXT {
            let message = format!("the text has {} bytes, and at most {LONGEST_TEXT} are read", text.len());
            return Err(ODataError::of(option, message));
        }
        Ok(Self { option, tokens: tokens(option, text)?, next: 0, depth: 0, comparisons: 0 })
    }

    fn or(&mut self) -> Result<Expression, ODataError> {
        let first = self.and()?;
        let mut terms = vec![first];
        while self.takes_word("or") {
            terms.push(self.and()?);
        }
        Ok(one_or(terms, Expression::Or))
    }

    fn and(&mut self) -> Result<Expression, ODataError> {
        let first = self.comparison()?;
        let mut terms = vec![first];
        while self.takes_word("and") {
            terms.push(self.comparison()?);
        }
        Ok(one_or(terms, Expression::And))
    }

    fn comparison(&mut self) -> Result<Expression, ODataError> {
        let left = self.unary()?;
        let Some(operator) = Operator::ALL.into_iter().find(|operator| self.peek().is_word(operator.name())) else {
            return Ok(left);
        };
        self.counted()?;
        self.advance();
        let right = self.unary()?;
        Ok(Expression::Compare { operator, left: Box::new(left), right: Box::new(right) })
    }

    fn unary(&mut self) -> Result<Expression, ODataError> {
        let at = self.peek().at;
        if !self.takes_word("not") {
            return self.membership();
        }
        Ok(Expression::Not(Box::new(self.nested(Self::unary)?), at))
    }

    fn membership(&mut self) -> Result<Expression, ODataError> {
        let value = self.primary()?;
        if !self.takes_word("in") {
            return Ok(value);
        }
        self.expect(&Kind::Open, "'('")?;
        let mut list = Vec::new();
        loop {
            self.counted()?;
            let at = self.peek().at;
            list.push((self.literal().ok_or_else(|| self.expected("a value"))?, at));
            if !self.takes(&Kind::Comma) {
                break;
            }
        }
        self.expect(&Kind::Close, "',' or ')'")?;
        Ok(Expression::In { value: Box::new(value), list })
    }

    fn primary(&mut self) -> Result<Expression, ODataError> {
        if self.takes(&Kind::Open) {
            let inner = self.nested(Self::or)?;
            self.expect(&Kind::Close, &format!("{AN_OPERATOR} or ')'"))?;
            return Ok(inner);
        }
        let at = self.peek().at;
        if let Some(literal) = self.literal() {
            return Ok(Expression::Literal(literal, at));
        }
        let token = self.peek();
        let is_operator = RESERVED.into_iter().chain(Operator::ALL.map(Operator::name)).any(|word| token.is_word(word));
        if token.kind != Kind::Word || is_operator {
            return Err(self.expected(self.what()));
        }
        if self.tokens.get(self.next + 1).is_some_and(|token| token.kind == Kind::Open) {
            return self.call();
        }
        self.path_or_lambda()
    }

    fn call(&mut self) -> Result<Expression, ODataError> {
        self.counted()?;
        let name = self.advance();
        let Some(function) = Function::ALL.into_iter().find(|function| name.is_word(function.name())) else {
            let known = Function::ALL.map(Function::name).join(", ");
            let message = format!("there is no function '{}' at position {}, only {known}", shown(name.text), name.at);
            return Err(self.error(name.at, message));
        };
        self.advance();
        let text = Box::new(self.argument()?);
        self.expect(&Kind::Comma, "','")?;
        let part = Box::new(self.argument()?);
        self.expect(&Kind::Close, "')'")?;
        Ok(Expression::Call { function, text, part, at: name.at })
    }

    fn argument(&mut self) -> Result<Expression, ODataError> {
        if matches!(self.peek().kind, Kind::Comma | Kind::Close | Kind::End) {
            return Err(self.expected("a value"));
        }
        self.nested(Self::or)
    }

    fn path_or_lambda(&mut self) -> Result<Expression, ODataError> {
        let mut path = Path { segments: Vec::new() };
        self.segment(&mut path)?;
        while self.takes(&Kind::Slash) {
            let before = self.tokens.get(self.next + 1).is_some_and(|token| token.kind == Kind::Open);
            let quantifier = Quantifier::ALL.into_iter().find(|q| before && self.peek().is_word(q.name()));
            if let Some(quantifier) = quantifier {
                return self.lambda(path, quantifier);
            }
            self.segment(&mut path)?;
        }
        Ok(Expression::Path(path))
    }

    fn lambda(&mut self, collection: Path, quantifier: Quantifier) -> Result<Expression, ODataError> {
        self.counted()?;
        self.advance();
        self.advance();
        if quantifier == Quantifier::Any && self.takes(&Kind::Close) {
            return Ok(Expression::NotEmpty(collection));
        }
        let (variable, _) = self.name("a variable")?;
        self.expect(&Kind::Colon, "':'")?;
        let condition = Box::new(self.nested(Self::or)?);
        self.expect(&Kind::Close, &format!("{AN_OPERATOR} or ')'"))?;
        Ok(Expression::Lambda { collection, quantifier, variable, condition })
    }

    /// A property's path, as `$orderby` and `$select` have them.
    pub fn path(&mut self) -> Result<Path, ODataError> {
        let mut path = Path { segments: Vec::new() };
        self.segment(&mut path)?;
        while self.takes(&Kind::Slash) {
            self.segment(&mut path)?;
        }
        Ok(path)
    }

    /// A path is as deep as it has names, and types may contain themselves.
    fn segment(&mut self, path: &mut Path) -> Result<(), ODataError> {
        let (name, at) = self.name("a property")?;
        if path.segments.len() == DEEPEST_NESTING {
            let message = format!("the path that goes on at position {at} has more than {DEEPEST_NESTING} names");
            return Err(self.error(at, message));
        }
        path.segments.push((name, at));
        Ok(())
    }

    fn name(&mut self, what: &str) -> Result<(String, Position), ODataError> {
        if self.peek().kind != Kind::Word {
            return Err(self.expected(what));
        }
        let token = self.advance();
        Ok((token.text.to_owned(), token.at))
    }

    /// The next token as a value, if it is one.
    fn literal(&mut self) -> Option<Literal> {
        let token = self.peek();
        let literal = match &token.kind {
            Kind::Literal(literal) => literal.clone(),
            Kind::Word if token.is_word("null") => Literal::Null,
            Kind::Word if token.is_word("true") => Literal::Boolean(true),
            Kind::Word if token.is_word("false") => Literal::Boolean(false),
            _ => return None,
        };
        self.advance();
        Some(literal)
    }

    /// One level deeper.
    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, ODataError>) -> Result<T, ODataError> {
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
    fn counted(&mut self) -> Result<(), ODataError> {
        self.comparisons += 1;
        if self.comparisons > MOST_COMPARISONS {
            let at = self.peek().at;
            let message = format!("there are more than {MOST_COMPARISONS} comparisons, the next one at position {at}");
            return Err(self.error(at, message));
        }
        Ok(())
    }

    fn peek(&self) -> &Token<'t> {
        // There is always a next token: the end is one, and nobody goes on from there.
        &self.tokens[self.next.min(self.tokens.len() - 1)]
    }

    fn advance(&mut self) -> Token<'t> {
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

    fn expect(&mut self, kind: &Kind, what: &str) -> Result<(), ODataError> {
        if self.takes(kind) { Ok(()) } else { Err(self.expected(what)) }
    }

    pub fn end(&mut self, what: &str) -> Result<(), ODataError> {
        self.expect(&Kind::End, what)
    }

    /// What has to follow on the token before: after an operator a value, after anything else a condition.
    fn what(&self) -> &'static str {
        let before = self.next.checked_sub(1).and_then(|before| self.tokens.get(before));
        let compares = before.is_some_and(|before| Operator::ALL.iter().any(|op| before.is_word(op.name())));
        if compares { "a value" } else { "a condition" }
    }

    fn expected(&self, what: &str) -> ODataError {
        let after = self.next.checked_sub(1).and_then(|before| self.tokens.get(before));
        let after = after.map(|token| format!(" after {}", token.shown())).unwrap_or_default();
        let Token { at, .. } = *self.peek();
        self.error(at, format!("expected {what}{after} at position {at}, found {}", self.peek().shown()))
    }

    fn error(&self, at: Position, message: String) -> ODataError {
        ODataError::at(self.option, at, message)
    }
}

/// The only term itself, or what joins them.
fn one_or(mut terms: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    match terms.pop() {
        Some(only) if terms.is_empty() => only,
        Some(last) => {
            terms.push(last);
            join(terms)
        }
        None => join(terms),
    }
}
