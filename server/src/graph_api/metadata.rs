//! `$metadata`: what is served, in the words of OData's metadata (CSDL).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use odata::{EnumType, Property, Type};

use super::Version;
use super::types::{self, GraphType};

/// Entity types: they have a key, `id` unless they say otherwise.
const ENTITIES: &[&GraphType] = &[
    &types::SIGN_IN,
    &types::DIRECTORY_AUDIT,
    &types::USER_REGISTRATION_DETAILS,
    &types::USER,
    &types::CREDENTIAL_USER_REGISTRATION_DETAILS,
    &types::USER_CREDENTIAL_USAGE_DETAILS,
    &types::CREDENTIAL_USER_REGISTRATION_COUNT,
    &types::CREDENTIAL_USAGE_SUMMARY,
    &types::USER_EVENTS_SUMMARY,
    &types::USER_REGISTRATION_ACTIVITY_SUMMARY,
    &types::USER_MFA_SIGN_IN_SUMMARY,
    &types::USER_SIGN_IN_USAGE_BY_AUTH_METHOD_ACTIVITY,
    &types::USER_PASSWORD_RESETS_AND_CHANGES_SUMMARY,
];

/// Objects by themselves.
const OBJECTS: &[&GraphType] = &[&types::USER_REGISTRATION_FEATURE_SUMMARY, &types::USER_REGISTRATION_METHOD_SUMMARY];

/// What is bound to what: navigation properties and functions, with their parameters and what they return.
struct Bound {
    to: &'static str,
    collections: &'static [(&'static str, &'static str)],
    functions: &'static [Function],
}

/// Name; names and types of the parameters; what it returns.
type Function = (&'static str, &'static [(&'static str, &'static str)], &'static str);

const BY_USERS: &[(&str, &str)] =
    &[("includedUserTypes", "graph.includedUserTypes"), ("includedUserRoles", "graph.includedUserRoles")];
const PERIOD: &[(&str, &str)] = &[("period", "Edm.String")];
const BY_FEATURE: &str = "graph.userRegistrationFeatureSummary";
const BY_METHOD: &str = "graph.userRegistrationMethodSummary";

const V1: &[Bound] = &[
    Bound {
        to: "auditLogRoot",
        collections: &[("directoryAudits", "directoryAudit"), ("signIns", "signIn")],
        functions: &[],
    },
    Bound {
        to: "authenticationMethodsRoot",
        collections: &[("userRegistrationDetails", "userRegistrationDetails")],
        functions: &[
            ("usersRegisteredByFeature", &[], BY_FEATURE),
            ("usersRegisteredByFeature", BY_USERS, BY_FEATURE),
            ("usersRegisteredByMethod", &[], BY_METHOD),
            ("usersRegisteredByMethod", BY_USERS, BY_METHOD),
        ],
    },
    Bound { to: "reportRoot", collections: &[], functions: &[] },
];

const BETA: &[Bound] = &[
    Bound {
        to: "auditLogRoot",
        collections: &[("directoryAudits", "directoryAudit"), ("signIns", "signIn")],
        functions: &[],
    },
    Bound {
        to: "authenticationMethodsRoot",
        collections: &[
            ("userRegistrationDetails", "userRegistrationDetails"),
            ("userEventsSummary", "userEventsSummary"),
            ("userMfaSignInSummary", "userMfaSignInSummary"),
            ("userPasswordResetsAndChangesSummary", "userPasswordResetsAndChangesSummary"),
        ],
        functions: &[
            ("usersRegisteredByFeature", &[], BY_FEATURE),
            ("usersRegisteredByFeature", BY_USERS, BY_FEATURE),
            ("usersRegisteredByMethod", &[], BY_METHOD),
            ("usersRegisteredByMethod", BY_USERS, BY_METHOD),
            ("userRegistrationActivity", PERIOD, "Collection(graph.userRegistrationActivitySummary)"),
            ("userSignInsByAuthMethodSummary", PERIOD, "Collection(graph.userSignInUsageByAuthMethodActivity)"),
        ],
    },
    Bound {
        to: "reportRoot",
        collections: &[
            ("credentialUserRegistrationDetails", "credentialUserRegistrationDetails"),
            ("userCredentialUsageDetails", "userCredentialUsageDetails"),
        ],
        functions: &[
            ("getCredentialUserRegistrationCount", &[], "Collection(graph.credentialUserRegistrationCount)"),
            ("getCredentialUsageSummary", PERIOD, "Collection(graph.credentialUsageSummary)"),
        ],
    },
];

/// The document of a version.
pub fn answer(version: Version) -> Response {
    ([(header::CONTENT_TYPE, "application/xml")], document(version)).into_response()
}

fn document(version: Version) -> String {
    let mut csdl = Csdl::default();
    for graph_type in ENTITIES {
        csdl.entity(graph_type, version);
    }
    for graph_type in OBJECTS {
        if let Some(properties) = graph_type.properties(version) {
            csdl.complex.insert(graph_type.beta.name, properties);
        }
    }
    let bound = if version == Version::V1 { V1 } else { BETA };
    for Bound { to, collections, functions } in bound {
        csdl.root(to, collections);
        functions.iter().for_each(|(name, parameters, returns)| csdl.function(to, name, parameters, returns));
    }
    csdl.write()
}

impl GraphType {
    /// What it has in a version; `None`: there is none of it.
    fn properties(&self, version: Version) -> Option<&'static [Property]> {
        match version {
            Version::V1 => self.v1.map(|v1| v1.properties),
            Version::Beta => Some(self.beta.properties),
        }
    }
}

/// A document that is being written. Types that properties are of are found on the way.
#[derive(Default)]
struct Csdl {
    text: String,
    complex: BTreeMap<&'static str, &'static [Property]>,
    enums: BTreeMap<&'static str, &'static EnumType>,
}

impl Csdl {
    fn entity(&mut self, graph_type: &GraphType, version: Version) {
        let Some(properties) = graph_type.properties(version) else { return };
        let name = graph_type.beta.name;
        let has_id = properties.iter().any(|property| property.name == "id");
        if has_id {
            self.line(2, &format!("<EntityType Name=\"{name}\" BaseType=\"graph.entity\">"));
        } else {
            let key = properties.first().map_or("", |property| property.name);
            self.line(2, &format!("<EntityType Name=\"{name}\">"));
            self.line(3, &format!("<Key><PropertyRef Name=\"{key}\" /></Key>"));
        }
        // Every entity has an id.
        for property in properties.iter().filter(|property| property.name != "id") {
            self.property(property);
        }
        self.line(2, "</EntityType>");
    }

    fn root(&mut self, name: &str, collections: &[(&str, &str)]) {
        self.line(2, &format!("<EntityType Name=\"{name}\" BaseType=\"graph.entity\">"));
        if name == "reportRoot" {
            let property = "<NavigationProperty Name=\"authenticationMethods\" Type=\"graph.authenticationMethodsRoot\" \
                            ContainsTarget=\"true\" />";
            self.line(3, property);
        }
        for (name, of) in collections {
            let property = format!(
                "<NavigationProperty Name=\"{name}\" Type=\"Collection(graph.{of})\" ContainsTarget=\"true\" />"
            );
            self.line(3, &property);
        }
        self.line(2, "</EntityType>");
    }

    fn function(&mut self, to: &str, name: &str, parameters: &[(&str, &str)], returns: &str) {
        self.line(2, &format!("<Function Name=\"{name}\" IsBound=\"true\">"));
        self.line(3, &format!("<Parameter Name=\"bindingParameter\" Type=\"graph.{to}\" />"));
        for (name, edm) in parameters {
            self.line(3, &format!("<Parameter Name=\"{name}\" Type=\"{edm}\" />"));
        }
        self.line(3, &format!("<ReturnType Type=\"{returns}\" Nullable=\"false\" />"));
        self.line(2, "</Function>");
    }

    fn property(&mut self, property: &Property) {
        let edm = self.named(property.edm);
        let nullable = if property.is_nullable { "" } else { " Nullable=\"false\"" };
        self.line(3, &format!("<Property Name=\"{}\" Type=\"{edm}\"{nullable} />", property.name));
    }

    /// The type's name in the document; types of our own are noted.
    fn named(&mut self, edm: Type) -> String {
        match edm {
            Type::Complex(name, properties) => {
                self.complex.insert(name, properties);
                format!("graph.{name}")
            }
            Type::Enum(of) => {
                let name = of.name.rsplit('.').next().unwrap_or(of.name);
                self.enums.insert(name, of);
                format!("graph.{name}")
            }
            Type::Collection(element) => format!("Collection({})", self.named(*element)),
            edm => edm.to_string(),
        }
    }

    fn write(mut self) -> String {
        let mut written: Vec<&str> = Vec::new();
        while let Some((name, properties)) = self
            .complex
            .iter()
            .find(|(name, _)| !written.contains(*name))
            .map(|(name, properties)| (*name, *properties))
        {
            written.push(name);
            self.line(2, &format!("<ComplexType Name=\"{name}\">"));
            properties.iter().for_each(|property| self.property(property));
            self.line(2, "</ComplexType>");
        }
        for (name, of) in std::mem::take(&mut self.enums) {
            self.line(2, &format!("<EnumType Name=\"{name}\">"));
            // Of this one Microsoft left a number out.
            let skipped = i32::from(name == "signInUserType");
            for (at, member) in (0..).zip(of.members) {
                let value = if *member == "unknownFutureValue" { at + skipped } else { at };
                self.line(3, &format!("<Member Name=\"{member}\" Value=\"{value}\" />"));
            }
            self.line(2, "</EnumType>");
        }
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
             <edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\">\n  <edmx:DataServices>\n    \
             <Schema Namespace=\"microsoft.graph\" Alias=\"graph\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\n      \
             <EntityType Name=\"entity\" Abstract=\"true\">\n        <Key><PropertyRef Name=\"id\" /></Key>\n        \
             <Property Name=\"id\" Type=\"Edm.String\" Nullable=\"false\" />\n      </EntityType>\n{}      \
             <EntityContainer Name=\"GraphService\">\n        \
             <Singleton Name=\"auditLogs\" Type=\"graph.auditLogRoot\" />\n        \
             <Singleton Name=\"reports\" Type=\"graph.reportRoot\" />\n        \
             <EntitySet Name=\"users\" EntityType=\"graph.user\" />\n      </EntityContainer>\n    </Schema>\n  \
             </edmx:DataServices>\n</edmx:Edmx>\n",
            self.text
        )
    }

    fn line(&mut self, depth: usize, line: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{:width$}{line}", "", width = depth * 2 + 2);
    }
}
