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
//! parentheses (`a eq b eq c`), what stands right of `in` is a list, and no path begins with a name that is an operator.

use std::str::FromStr;

use crate::ast::{Expression, Function, Literal, Operator, Path, Quantifier};
use crate::cursor::{DEEPEST_NESTING, Parser};
use crate::error::{ODataError, Position, shown};
use crate::lexer::Kind;

const RESERVED: [&str; 3] = ["and", "or", "in"];

impl FromStr for Expression {
    type Err = ODataError;

    /// The tree of a `$filter`'s decoded text.
    fn from_str(text: &str) -> Result<Self, ODataError> {
        let mut parser = Parser::new("$filter", text)?;
        let expression = parser.or()?;
        parser.end(&parser.going_on("the end"))?;
        Ok(expression)
    }
}

impl Parser<'_> {
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
            self.open = matches!(left, Expression::Path(_) | Expression::Literal(..));
            return Ok(left);
        };
        self.counted()?;
        self.advance();
        let right = self.unary()?;
        self.open = false;
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
            self.expect(&Kind::Close, &self.going_on("')'"))?;
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
        if self.opens() {
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
            let opens = self.opens();
            let quantifier = Quantifier::ALL.into_iter().find(|q| opens && self.peek().is_word(q.name()));
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
        let variable = self.name("a variable")?;
        self.expect(&Kind::Colon, "':'")?;
        let condition = Box::new(self.nested(Self::or)?);
        self.expect(&Kind::Close, &self.going_on("')'"))?;
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

    /// What may follow on what was read last.
    fn going_on(&self, end: &str) -> String {
        let operators = if self.open { "an operator (eq, ne, gt, ge, lt, le, in, and, or)" } else { "'and', 'or'" };
        format!("{operators} or {end}")
    }

    /// What has to follow on the token before: after an operator a value, after anything else a condition.
    fn what(&self) -> &'static str {
        let compares = self.before().is_some_and(|before| Operator::ALL.iter().any(|op| before.is_word(op.name())));
        if compares { "a value" } else { "a condition" }
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
