//! Trees and a type to conditions: names are found, types are compared, values get the type that they are compared with.

use crate::ast::{Expression, Literal, Operator, Path};
use crate::error::{ODataError, Position, shown};
use crate::filter::{BoundFilter, BoundPath, Node};
use crate::resolve::descend;
use crate::schema::{EntityType, EnumType, Type};
use crate::time;
use crate::value::Constant;

const OPTION: &str = "$filter";
const QUOTES: &str = "; text is written in single quotes";

impl Expression {
    /// The filter on entities of that type.
    ///
    /// # Errors
    ///
    /// An unknown property, a comparison of types that cannot be compared, an unknown member of an enum, a lambda on
    /// what is no collection.
    pub fn bind(&self, entity: &EntityType) -> Result<BoundFilter, ODataError> {
        Binder { entity, variables: Vec::new() }.condition(self).map(BoundFilter)
    }
}

struct Binder<'e> {
    entity: &'e EntityType,
    /// Of lambdas around, from the outermost to the innermost.
    variables: Vec<(&'e str, Type)>,
}

/// One side of a comparison. A literal has no type before it is known what it is compared with.
enum Operand<'e> {
    Typed(Node, Type),
    Literal(&'e Literal, Position),
}

impl<'e> Binder<'e> {
    fn condition(&mut self, expression: &'e Expression) -> Result<Node, ODataError> {
        self.condition_or(expression, "")
    }

    /// A condition, or an error with that hint.
    fn condition_or(&mut self, expression: &'e Expression, hint: &str) -> Result<Node, ODataError> {
        let edm = match self.operand(expression)? {
            Operand::Typed(node, Type::Boolean) => return Ok(node),
            Operand::Literal(Literal::Null, _) => return Ok(Node::Constant(Constant::Null)),
            Operand::Literal(Literal::Boolean(value), _) => return Ok(Node::Constant(Constant::Boolean(*value))),
            Operand::Typed(_, edm) => edm.to_string(),
            Operand::Literal(literal, _) => type_of(literal).to_owned(),
        };
        let (at, found) = (expression.position(), shown(&expression.to_string()));
        Err(error(at, format!("expected a condition at position {at}, found {found}, which is of type {edm}{hint}")))
    }

    fn operand(&mut self, expression: &'e Expression) -> Result<Operand<'e>, ODataError> {
        let node = match expression {
            Expression::Literal(literal, at) => return Ok(Operand::Literal(literal, *at)),
            Expression::Path(path) => {
                let path = self.scalar(path)?;
                let edm = path.edm;
                return Ok(Operand::Typed(Node::Path(path), edm));
            }
            Expression::Or(terms) => Node::Or(self.conditions(terms)?),
            Expression::And(terms) => Node::And(self.conditions(terms)?),
            Expression::Not(term, _) => {
                let hint = "; 'not' holds more tightly than 'eq': write not (…)";
                Node::Not(Box::new(self.condition_or(term, hint)?))
            }
            Expression::Compare { operator, left, right } => self.compare(*operator, left, right)?,
            Expression::In { value, list } => {
                let Operand::Typed(node, edm) = self.operand(value)? else { return Err(no_property(value)) };
                let entry = |(literal, at): &(Literal, Position)| constant(literal, *at, value, edm);
                Node::In { value: Box::new(node), list: list.iter().map(entry).collect::<Result<_, _>>()? }
            }
            Expression::Call { function, text, part, .. } => {
                let (text, part) = (Box::new(self.text(text)?), Box::new(self.text(part)?));
                Node::Call { function: *function, text, part }
            }
            Expression::NotEmpty(path) => Node::NotEmpty(self.collection(path)?.0),
            Expression::Lambda { collection, quantifier, variable: (variable, at), condition } => {
                let (collection, element) = self.collection(collection)?;
                if self.variables.iter().any(|(name, _)| name == variable) {
                    let message = format!("the variable '{}' at position {at} is in use already", shown(variable));
                    return Err(error(*at, message));
                }
                self.variables.push((variable, element));
                let condition = Box::new(self.condition(condition)?);
                self.variables.pop();
                Node::Lambda { collection, quantifier: *quantifier, condition }
            }
        };
        Ok(Operand::Typed(node, Type::Boolean))
    }

    fn conditions(&mut self, terms: &'e [Expression]) -> Result<Vec<Node>, ODataError> {
        terms.iter().map(|term| self.condition(term)).collect()
    }

    fn compare(&mut self, operator: Operator, left: &'e Expression, right: &'e Expression) -> Result<Node, ODataError> {
        let (one, other, edm) = match (self.operand(left)?, self.right(right)?) {
            (Operand::Typed(one, edm), Operand::Typed(other, with)) if edm.is_comparable_with(with) => {
                (one, other, edm)
            }
            (Operand::Typed(_, edm), Operand::Typed(_, with)) => {
                let (at, message) = (right.position(), incomparable(left, edm, right, &with.to_string()));
                return Err(error(at, format!("{message} at position {at}")));
            }
            (Operand::Typed(one, edm), Operand::Literal(literal, at)) => {
                (one, Node::Constant(constant(literal, at, left, edm)?), edm)
            }
            (Operand::Literal(literal, at), Operand::Typed(other, edm)) => {
                (Node::Constant(constant(literal, at, right, edm)?), other, edm)
            }
            (Operand::Literal(..), Operand::Literal(..)) => return Err(no_property(left)),
        };
        if let (Type::Enum(_), Operator::Gt | Operator::Ge | Operator::Lt | Operator::Le) = (edm, operator) {
            let at = left.position();
            let name = shown(&left.to_string());
            let message = format!("'{operator}' is not for {name} at position {at}: members of an enum have no order");
            return Err(error(at, message));
        }
        Ok(Node::Compare { operator, left: Box::new(one), right: Box::new(other) })
    }

    /// What stands right of an operator: a single name that is not known is rather a text without its quotes.
    fn right(&mut self, expression: &'e Expression) -> Result<Operand<'e>, ODataError> {
        let unknown = |path: &Path| path.segments.len() == 1 && self.path(path).is_err();
        let hint = if matches!(expression, Expression::Path(path) if unknown(path)) { QUOTES } else { "" };
        self.operand(expression).map_err(|error| error.with_hint(hint))
    }

    /// An argument of a function.
    fn text(&mut self, expression: &'e Expression) -> Result<Node, ODataError> {
        let edm = match self.operand(expression)? {
            Operand::Typed(node, Type::String) => return Ok(node),
            Operand::Literal(Literal::Null, _) => return Ok(Node::Constant(Constant::Null)),
            Operand::Literal(Literal::String(text), _) => return Ok(Node::Constant(Constant::String(text.clone()))),
            Operand::Typed(_, edm) => edm.to_string(),
            Operand::Literal(literal, _) => type_of(literal).to_owned(),
        };
        let (at, found) = (expression.position(), shown(&expression.to_string()));
        Err(error(at, format!("expected a text at position {at}, found {found}, which is of type {edm}")))
    }

    /// A path to a single value.
    fn scalar(&self, path: &Path) -> Result<BoundPath, ODataError> {
        let bound = self.path(path)?;
        let at = path.position();
        match bound.edm {
            Type::Collection(_) => {
                Err(error(at, format!("'{path}' at position {at} is a collection; ask its elements with any or all")))
            }
            Type::Complex(..) => {
                Err(error(at, format!("'{path}' at position {at} is complex; compare one of its properties")))
            }
            _ => Ok(bound),
        }
    }

    /// A path to a collection, and what its elements are.
    fn collection(&self, path: &Path) -> Result<(BoundPath, Type), ODataError> {
        let bound = self.path(path)?;
        let at = path.position();
        let Type::Collection(element) = bound.edm else {
            let message = format!("'{path}' at position {at} is no collection; any and all ask the elements of one");
            return Err(error(at, message));
        };
        // Otherwise each level would go through the same elements again: the work would be a power of their number.
        if let Some((variable, _)) = self.variables.last()
            && bound.root != self.variables.len()
        {
            let variable = shown(variable);
            let message = format!("'{path}' at position {at} stands in a lambda and has to begin with '{variable}/'");
            return Err(error(at, message));
        }
        Ok((bound, *element))
    }

    fn path(&self, path: &Path) -> Result<BoundPath, ODataError> {
        let first = path.segments.first().map_or("", |(name, _)| name);
        let variable = self.variables.iter().rposition(|(name, _)| *name == first);
        let Some(place) = variable else {
            let nor = if self.variables.is_empty() { "" } else { ", nor a variable" };
            let owner = format!("{}{nor}", self.entity.name);
            return descend(
                OPTION,
                (0, Type::Complex(self.entity.name, self.entity.properties)),
                &owner,
                &path.segments,
            );
        };
        let (name, element) = self.variables[place];
        descend(OPTION, (place + 1, element), name, path.segments.get(1..).unwrap_or_default())
    }
}

/// The literal as a value of the type of what it is compared with.
fn constant(literal: &Literal, at: Position, with: &Expression, edm: Type) -> Result<Constant, ODataError> {
    Ok(match (literal, edm) {
        (Literal::Null, _) => Constant::Null,
        (Literal::Boolean(value), Type::Boolean) => Constant::Boolean(*value),
        (Literal::Integer(value), Type::Int32 | Type::Int64 | Type::Double) => Constant::Integer(*value),
        (Literal::Decimal(value), Type::Int32 | Type::Int64 | Type::Double) => Constant::Decimal(*value),
        (Literal::String(text), Type::String) => Constant::String(text.clone()),
        (Literal::DateTimeOffset(value), Type::DateTimeOffset) => Constant::DateTimeOffset(*value),
        (Literal::Date(date), Type::DateTimeOffset) => Constant::DateTimeOffset(time::midnight(*date)),
        (Literal::Guid(guid), Type::Guid) => Constant::Guid(guid.clone()),
        (Literal::String(name), Type::Enum(enumeration)) => member(enumeration, name, at)?,
        (Literal::Enum { type_name, member: name }, Type::Enum(enumeration))
            if type_name.eq_ignore_ascii_case(enumeration.name) =>
        {
            member(enumeration, name, at)?
        }
        _ => {
            let value = Expression::Literal(literal.clone(), at);
            let message = incomparable(with, edm, &value, type_of(literal));
            return Err(error(at, format!("{message} at position {at}{}", hint(literal, edm))));
        }
    })
}

fn member(enumeration: &EnumType, name: &str, at: Position) -> Result<Constant, ODataError> {
    let unknown = || {
        let members = enumeration.members.join(", ");
        let message = format!("'{}' at position {at} is no member of {}: {members}", shown(name), enumeration.name);
        error(at, message)
    };
    enumeration.member(name).map(Constant::Enum).ok_or_else(unknown)
}

/// How the value would have to be written.
fn hint(literal: &Literal, edm: Type) -> &'static str {
    match (literal, edm) {
        (Literal::Enum { .. }, _) => "",
        (Literal::String(_), Type::DateTimeOffset) => "; instants are written without quotes",
        (Literal::String(_), Type::Guid) => "; GUIDs are written without quotes",
        (Literal::String(_), Type::Boolean) => "; true and false are written without quotes",
        (Literal::String(_), Type::Int32 | Type::Int64 | Type::Double) => "; numbers are written without quotes",
        (_, Type::String | Type::Enum(_)) => QUOTES,
        _ => "",
    }
}

fn incomparable(one: &Expression, edm: Type, other: &Expression, with: &str) -> String {
    let (one, other) = (shown(&one.to_string()), shown(&other.to_string()));
    format!("cannot compare {one} ({edm}) with {other} ({with})")
}

fn no_property(value: &Expression) -> ODataError {
    let at = value.position();
    error(at, format!("what is compared at position {at} is a value, and no property"))
}

fn type_of(literal: &Literal) -> &str {
    match literal {
        Literal::Null => "null",
        Literal::Boolean(_) => "Edm.Boolean",
        Literal::Integer(_) => "Edm.Int64",
        Literal::Decimal(_) => "Edm.Double",
        Literal::String(_) => "Edm.String",
        Literal::DateTimeOffset(_) => "Edm.DateTimeOffset",
        Literal::Date(_) => "Edm.Date",
        Literal::Guid(_) => "Edm.Guid",
        Literal::Enum { type_name, .. } => type_name,
    }
}

fn error(at: Position, message: String) -> ODataError {
    ODataError::at(OPTION, at, message)
}
