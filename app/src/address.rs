//! Addresses of our own pages, taken apart and put together again parameter by parameter.

use std::fmt;

/// A path with its parameters, decoded, in order. Printed as a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    path: String,
    pairs: Vec<(String, String)>,
}

impl Address {
    /// `query` is a query string, without the question mark.
    #[must_use]
    pub fn new(path: impl Into<String>, query: &str) -> Self {
        Self { path: path.into(), pairs: form_urlencoded::parse(query.as_bytes()).into_owned().collect() }
    }

    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    #[must_use]
    pub fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.pairs).finish()
    }

    /// Without some parameters, whatever their values.
    #[must_use]
    pub fn without(mut self, names: &[&str]) -> Self {
        self.pairs.retain(|(name, _)| !names.contains(&name.as_str()));
        self
    }

    /// Without one value of a parameter.
    #[must_use]
    pub fn without_value(mut self, name: &str, value: &str) -> Self {
        self.pairs.retain(|(n, v)| (n.as_str(), v.as_str()) != (name, value));
        self
    }

    /// With a parameter more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.pairs.push((name.to_owned(), value.to_string()));
        self
    }

    /// What both have.
    #[must_use]
    pub fn common(mut self, other: &Self) -> Self {
        self.pairs.retain(|pair| other.pairs.contains(pair));
        self
    }

    /// The same parameters on another path.
    #[must_use]
    pub fn at(self, path: impl Into<String>) -> Self {
        Self { path: path.into(), ..self }
    }
}

/// Without a lonely question mark.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if self.pairs.is_empty() { Ok(()) } else { write!(f, "?{}", self.query()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_come_and_go() {
        let address = Address::new("/users", "registered=no&q=%C3%A5+b&registered=unknown&after=x");
        assert_eq!(
            address.clone().without(&["after"]).without_value("registered", "no").to_string(),
            "/users?q=%C3%A5+b&registered=unknown"
        );
        assert_eq!(address.without(&["q", "after", "registered"]).at("/events").to_string(), "/events");
        let (one, other) = (Address::new("/users", "a=1&b=2"), Address::new("/users", "b=2&c=3"));
        assert_eq!(one.common(&other).to_string(), "/users?b=2");
    }
}
