//! Names of a path to properties of a type.

use crate::ast::Path;
use crate::error::{ODataError, Position, shown};
use crate::filter::BoundPath;
use crate::schema::{EntityType, Property, Type};

/// The property of the entity that the path names.
pub(crate) fn resolve(option: &'static str, entity: &EntityType, path: &Path) -> Result<BoundPath, ODataError> {
    descend(option, (0, Type::Complex(entity.name, entity.properties)), entity.name, &path.segments)
}

/// What the names lead to, from the root on, which is the owner of the first.
pub(crate) fn descend(
    option: &'static str,
    (root, start): (usize, Type),
    owner: &str,
    segments: &[(String, Position)],
) -> Result<BoundPath, ODataError> {
    let mut bound = BoundPath { root, names: Vec::new(), edm: start };
    let mut owner = owner;
    for (name, at) in segments {
        // Only $select goes through collections: it takes of each element what is named.
        let within = match bound.edm {
            Type::Collection(element) if option == "$select" => *element,
            edm => edm,
        };
        let message = match within {
            Type::Complex(_, properties) => match Property::find(properties, name) {
                Some(property) if property.is_kept || option == "$select" => {
                    bound.names.push(property.name);
                    bound.edm = property.edm;
                    owner = property.name;
                    continue;
                }
                Some(property) => {
                    format!("'{}' at position {at} is not kept here, so nothing is told by it", property.name)
                }
                None => format!("'{}' at position {at} is no property of {owner}", shown(name)),
            },
            Type::Collection(_) => {
                let name = shown(name);
                format!("'{name}' at position {at} is of a collection; ask the elements of {owner} with any or all")
            }
            edm => format!("'{}' at position {at} is no property of {owner}, which is of type {edm}", shown(name)),
        };
        return Err(ODataError::at(option, *at, message));
    }
    Ok(bound)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Query;

    #[test]
    fn what_is_not_kept_can_be_selected_and_tells_nothing() {
        const ENTITY: EntityType = EntityType {
            name: "signIn",
            properties: &[Property::new("id", Type::String), Property::new("riskState", Type::String).not_kept()],
        };
        let bound = |query: &str| Query::parse(query).and_then(|query| query.bind(&ENTITY)).map(|_| ());
        assert_eq!(bound("$select=id,riskState"), Ok(()));
        for option in ["$filter=id eq 'a' and riskState eq 'none'", "$orderby=riskState"] {
            let refused = bound(option).expect_err(option).to_string();
            assert!(refused.contains("'riskState' at position"), "{refused}");
            assert!(refused.ends_with("is not kept here, so nothing is told by it."), "{refused}");
        }
    }
}
