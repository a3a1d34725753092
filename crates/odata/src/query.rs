//! A query string as OData's options.

use percent_encoding::percent_decode_str;

use crate::ast::{Expression, Path};
use crate::cursor::Parser;
use crate::error::{ODataError, shown};
use crate::filter::BoundFilter;
use crate::lexer::Kind;
use crate::order::BoundOrder;
use crate::schema::EntityType;
use crate::select::BoundSelect;

/// OData's options. Without `$` they are still OData's, and never somebody's own.
const SYSTEM: [&str; 16] = [
    "$apply",
    "$compute",
    "$count",
    "$deltatoken",
    "$expand",
    "$filter",
    "$format",
    "$id",
    "$index",
    "$levels",
    "$orderby",
    "$schemaversion",
    "$search",
    "$select",
    "$skip",
    "$skiptoken",
];
const TOP: &str = "$top";

/// The options of a request, as they were written. [`Query::bind`] checks them against a type.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    pub filter: Option<Expression>,
    /// In the order of their weight.
    pub order_by: Vec<OrderBy>,
    pub select: Option<Vec<Selected>>,
    pub top: Option<u32>,
    pub count: Option<bool>,
    /// Opaque here: whoever gave it out knows what it says.
    pub skip_token: Option<String>,
}

/// One entry of `$orderby`.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderBy {
    pub path: Path,
    pub descending: bool,
}

/// One entry of `$select`.
#[derive(Debug, Clone, PartialEq)]
pub enum Selected {
    /// `*`
    Everything,
    Path(Path),
}

/// The options of a request for entities of one type.
#[derive(Debug, Clone)]
pub struct BoundQuery {
    pub filter: Option<BoundFilter>,
    /// Without `$orderby` all entities are equal.
    pub order_by: BoundOrder,
    pub select: Option<BoundSelect>,
    pub top: Option<u32>,
    pub count: Option<bool>,
    pub skip_token: Option<String>,
}

impl Query {
    /// Reads what follows on the `?` of a URL.
    ///
    /// Names are in any case, with or without `$`. Options that are none of OData's, such as `api-version`, are ignored.
    ///
    /// # Errors
    ///
    /// The first option that is given twice, is not known or not supported, or cannot be read.
    pub fn parse(query_string: &str) -> Result<Self, ODataError> {
        let mut query = Self::default();
        let mut seen = Vec::new();
        for pair in query_string.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some(name) = system_option(&decoded(name, "the query")?)? else { continue };
            if seen.contains(&name) {
                return Err(ODataError::of(name, "the option is given more than once"));
            }
            seen.push(name);
            query.read(name, &decoded(value, name)?)?;
        }
        Ok(query)
    }

    /// Checks names and types.
    ///
    /// # Errors
    ///
    /// See [`Expression::bind`]; an unknown property in `$orderby` or `$select`, one in `$orderby` that has no order.
    pub fn bind(&self, entity: &EntityType) -> Result<BoundQuery, ODataError> {
        Ok(BoundQuery {
            filter: self.filter.as_ref().map(|filter| filter.bind(entity)).transpose()?,
            order_by: BoundOrder::bind(&self.order_by, entity)?,
            select: self.select.as_ref().map(|select| BoundSelect::bind(select, entity)).transpose()?,
            top: self.top,
            count: self.count,
            skip_token: self.skip_token.clone(),
        })
    }

    fn read(&mut self, name: &'static str, value: &str) -> Result<(), ODataError> {
        match name {
            "$filter" => self.filter = Some(value.parse()?),
            "$orderby" => self.order_by = order_by(value)?,
            "$select" => self.select = Some(select(value)?),
            TOP => self.top = Some(top(value)?),
            "$count" => self.count = Some(count(value)?),
            "$skiptoken" => self.skip_token = Some(value.to_owned()),
            "$format" => only_json(value)?,
            _ => return Err(ODataError::of(name, "this option is not supported")),
        }
        Ok(())
    }
}

/// The option's own name; none for one that is the caller's business.
fn system_option(name: &str) -> Result<Option<&'static str>, ODataError> {
    let bare = name.strip_prefix('$').unwrap_or(name);
    let known = SYSTEM.into_iter().chain([TOP]).find(|known| known[1..].eq_ignore_ascii_case(bare));
    match known {
        None if name.starts_with('$') => Err(ODataError::of(name, "there is no such option")),
        None if name.starts_with('@') => Err(ODataError::of(name, "parameter aliases are not supported")),
        known => Ok(known),
    }
}

/// `+` is a space, `%24` is a `$`.
fn decoded(text: &str, option: &str) -> Result<String, ODataError> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8();
    let decoded = decoded.map_err(|_| ODataError::of(option, "the text is no UTF-8 when decoded"))?;
    Ok(decoded.into_owned())
}

fn order_by(text: &str) -> Result<Vec<OrderBy>, ODataError> {
    let mut parser = Parser::new("$orderby", text)?;
    let mut keys = Vec::new();
    loop {
        let path = parser.path()?;
        let descending = parser.takes_word("desc");
        if !descending {
            parser.takes_word("asc");
        }
        keys.push(OrderBy { path, descending });
        if !parser.takes(&Kind::Comma) {
            parser.end("'asc', 'desc', ',' or the end")?;
            return Ok(keys);
        }
    }
}

fn select(text: &str) -> Result<Vec<Selected>, ODataError> {
    let mut parser = Parser::new("$select", text)?;
    let mut selected = Vec::new();
    loop {
        let everything = parser.takes(&Kind::Star);
        selected.push(if everything { Selected::Everything } else { Selected::Path(parser.path()?) });
        if !parser.takes(&Kind::Comma) {
            parser.end("',' or the end")?;
            return Ok(selected);
        }
    }
}

fn top(text: &str) -> Result<u32, ODataError> {
    let number = Some(text.trim()).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let wrong = || ODataError::of(TOP, format!("'{}' is not a whole number from 0 to {}", shown(text), u32::MAX));
    number.and_then(|number| number.parse().ok()).ok_or_else(wrong)
}

fn count(text: &str) -> Result<bool, ODataError> {
    let wrong = || ODataError::of("$count", format!("'{}' is neither true nor false", shown(text)));
    text.trim().to_ascii_lowercase().parse().map_err(|_| wrong())
}

/// `json`, or its media type with whatever parameters.
fn only_json(text: &str) -> Result<(), ODataError> {
    let media_type = text.split(';').next().unwrap_or_default().trim();
    if ["json", "application/json"].iter().any(|json| media_type.eq_ignore_ascii_case(json)) {
        return Ok(());
    }
    Err(ODataError::of("$format", format!("'{}' is not supported, only json", shown(text))))
}
