//! OData's query options as clients of Microsoft Graph send them. No I/O, and nothing here knows whose entities these are.
//!
//! * [`Query`]: the options of a URL; [`Expression`]: a `$filter` as a tree, which its `Display` writes again
//! * [`EntityType`]: what a query is checked against; [`BoundQuery`]: a query that fits its type
//! * [`BoundFilter`], [`BoundOrder`], [`BoundSelect`]: what it says of entities as JSON; `filter.rs` has how things compare
//! * [`Bounds`]: what a filter says about single properties, to narrow a database's query by
//!
//! ```
//! use odata::{EntityType, Property, Query, Type};
//! use serde_json::json;
//!
//! const USER: EntityType = EntityType {
//!     name: "userRegistrationDetails",
//!     properties: &[
//!         Property::new("userDisplayName", Type::String),
//!         Property::new("isAdmin", Type::Boolean),
//!         Property::new("methodsRegistered", Type::Collection(&Type::String)),
//!     ],
//! };
//!
//! let query = Query::parse("$filter=IsAdmin+eq+true and methodsRegistered/any(m:m eq 'fido2')&$select=userDisplayName")?;
//! let query = query.bind(&USER)?;
//! let kim = json!({"userDisplayName": "Kim", "isAdmin": true, "methodsRegistered": ["email", "fido2"]});
//! assert!(query.filter.is_some_and(|filter| filter.matches(&kim)));
//! assert_eq!(query.select.map(|select| select.project(&kim)), Some(json!({"userDisplayName": "Kim"})));
//!
//! let wrong = Query::parse("$filter=(isAdmin eq )").expect_err("a value is missing");
//! assert_eq!(wrong.to_string(), "$filter: expected a value after 'eq' at position 13, found ')'.");
//! # Ok::<(), odata::ODataError>(())
//! ```

mod ast;
mod bind;
mod bounds;
mod cursor;
mod display;
mod error;
mod filter;
mod lexer;
mod order;
mod parse;
mod query;
mod resolve;
mod schema;
mod select;
mod time;
mod value;

pub use ast::{Expression, Function, Literal, Operator, Path, Quantifier};
pub use bounds::{Bounds, Limit, PropertyBounds};
pub use cursor::{DEEPEST_NESTING, LONGEST_TEXT, MOST_COMPARISONS};
pub use error::{ODataError, Position};
pub use filter::BoundFilter;
pub use order::BoundOrder;
pub use query::{BoundQuery, OrderBy, Query, Selected};
pub use schema::{EntityType, EnumType, Property, Type};
pub use select::BoundSelect;
pub use value::Constant;
