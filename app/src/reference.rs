//! What `/api/docs` shows of the API: the OpenAPI document in the order and the words of a page. The server makes it.

/// The API as a reader meets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Operations by tag.
    pub groups: Vec<Group>,
    /// Every shape that a field or an answer names.
    pub shapes: Vec<Shape>,
}

/// Operations of one tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The tag, as in the document.
    pub tag: String,
    pub operations: Vec<Operation>,
}

/// One method of one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// `operationId`: the anchor on the page.
    pub id: String,
    /// In capitals.
    pub method: String,
    /// With names in braces for its places.
    pub path: String,
    /// A path and query that can be asked as they are.
    pub example: String,
    pub summary: String,
    pub description: String,
    pub parameters: Vec<Parameter>,
    pub body: Option<Payload>,
    pub answers: Vec<Answer>,
}

/// What a request may say beside its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    pub name: String,
    /// `query`, `path` or `header`.
    pub place: String,
    pub is_required: bool,
    pub kind: Kind,
    pub default: Option<String>,
    pub description: String,
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    pub media_type: String,
    pub description: String,
    pub kind: Kind,
    pub fields: Vec<Field>,
    /// The smallest body that is one, as JSON; `None` where it is no JSON.
    pub example: Option<String>,
}

/// What a request may be answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub description: String,
    /// Of its body, where it has one.
    pub kind: Option<Kind>,
    /// Of what it answers when all is well; problems have the same fields everywhere.
    pub fields: Vec<Field>,
}

/// A type of JSON as one writes it: `string`, `integer | null`, `User[]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kind {
    pub name: String,
    /// The shape it is of, or its elements.
    pub shape: Option<String>,
    pub is_many: bool,
    pub is_nullable: bool,
    /// All there are, where they are few enough to be named.
    pub values: Vec<String>,
    /// Of a number, or of a text's length: `1–1000`, `≤ 200`.
    pub bounds: Option<String>,
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    /// Whether it is there in every object.
    pub is_always: bool,
    pub description: String,
}

/// An object that others name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    pub name: String,
    pub description: String,
    pub fields: Vec<Field>,
}

impl Shape {
    /// The anchor of a shape.
    #[must_use]
    pub fn anchor(name: &str) -> String {
        format!("shape-{name}")
    }
}
