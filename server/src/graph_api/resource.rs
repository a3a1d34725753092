//! Paths under `/v1.0` and `/beta` as what they name. Names are in any case, as at Microsoft; ids are as they are.

use percent_encoding::percent_decode_str;

use super::error::GraphError;
use super::{Period, Version};

/// What a path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    Metadata,
    Batch,
    UserRegistrationDetails,
    UserRegistrationDetailsOf(String),
    UsersRegisteredByFeature(Included),
    UsersRegisteredByMethod(Included),
    UserRegistrationActivity(Period),
    UserEventsSummary,
    UserMfaSignInSummary,
    UserSignInsByAuthMethodSummary(Period),
    UserPasswordResetsAndChangesSummary,
    CredentialUserRegistrationDetails,
    UserCredentialUsageDetails,
    CredentialUserRegistrationCount,
    CredentialUsageSummary(Period),
    SignIns,
    SignIn(String),
    DirectoryAudits,
    DirectoryAudit(String),
    Users,
    User(String),
}

/// Which users a summary counts, as the functions' parameters name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Included {
    pub types: IncludedTypes,
    pub roles: IncludedRoles,
}

domain::named! {
    /// `includedUserTypes`.
    pub enum IncludedTypes {
        All => "all",
        Member => "member",
        Guest => "guest",
    }
}

domain::named! {
    /// `includedUserRoles`, but `privilegedAdmin`: which role somebody holds is not known.
    pub enum IncludedRoles {
        All => "all",
        Admin => "admin",
        User => "user",
    }
}

impl Included {
    pub const ALL: Self = Self { types: IncludedTypes::All, roles: IncludedRoles::All };
}

impl Resource {
    /// Reads what follows on the version, without the first slash.
    ///
    /// # Errors
    /// A segment names nothing, or a function's parameters are wrong.
    pub fn parse(version: Version, path: &str) -> Result<Self, GraphError> {
        let mut segments = Vec::new();
        for segment in path.split('/').filter(|segment| !segment.is_empty()) {
            let decoded = percent_decode_str(segment).decode_utf8();
            segments.push(decoded.map_err(|_| GraphError::no_such_segment(segment))?.into_owned());
        }
        let segments: Vec<Segment<'_>> = segments.iter().flat_map(|segment| Segment::read(segment)).collect();
        let names: Vec<String> = segments.iter().map(|segment| segment.name.to_ascii_lowercase()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let resource = match (names.as_slice(), segments.last()) {
            (["$metadata"], _) => Self::Metadata,
            (["$batch"], _) => Self::Batch,
            (["users"], _) => Self::Users,
            (["users", _], Some(id)) => Self::User(id.name.to_owned()),
            (["auditlogs", "signins"], _) => Self::SignIns,
            (["auditlogs", "signins", _], Some(id)) => Self::SignIn(id.name.to_owned()),
            (["auditlogs", "directoryaudits"], _) => Self::DirectoryAudits,
            (["auditlogs", "directoryaudits", _], Some(id)) => Self::DirectoryAudit(id.name.to_owned()),
            (["reports", "authenticationmethods", rest @ ..], Some(last)) => {
                return Self::of_authentication_methods(version, rest, last);
            }
            (["reports", name], Some(last)) if version == Version::Beta => return Self::of_2019(name, last),
            _ => return Err(unknown(&segments)),
        };
        Ok(resource)
    }

    fn of_authentication_methods(version: Version, names: &[&str], last: &Segment<'_>) -> Result<Self, GraphError> {
        Ok(match names {
            ["userregistrationdetails"] => Self::UserRegistrationDetails,
            ["userregistrationdetails", _] => Self::UserRegistrationDetailsOf(last.name.to_owned()),
            ["usersregisteredbyfeature"] => Self::UsersRegisteredByFeature(last.included()?),
            ["usersregisteredbymethod"] => Self::UsersRegisteredByMethod(last.included()?),
            _ if version == Version::V1 => return Err(GraphError::no_such_segment(last.name)),
            ["userregistrationactivity"] => Self::UserRegistrationActivity(last.period()?),
            ["usereventssummary"] => Self::UserEventsSummary,
            ["usermfasigninsummary"] => Self::UserMfaSignInSummary,
            ["usersigninsbyauthmethodsummary"] => Self::UserSignInsByAuthMethodSummary(last.period()?),
            ["userpasswordresetsandchangessummary"] => Self::UserPasswordResetsAndChangesSummary,
            _ => return Err(GraphError::no_such_segment(last.name)),
        })
    }

    /// The reports of 2019. One page of Microsoft's documentation writes `getCredentials…`.
    fn of_2019(name: &str, last: &Segment<'_>) -> Result<Self, GraphError> {
        Ok(match name {
            "credentialuserregistrationdetails" => Self::CredentialUserRegistrationDetails,
            "usercredentialusagedetails" => Self::UserCredentialUsageDetails,
            "getcredentialuserregistrationcount" | "getcredentialsuserregistrationcount" => {
                Self::CredentialUserRegistrationCount
            }
            "getcredentialusagesummary" => Self::CredentialUsageSummary(last.period()?),
            _ => return Err(GraphError::no_such_segment(last.name)),
        })
    }
}

fn unknown(segments: &[Segment<'_>]) -> GraphError {
    GraphError::no_such_segment(segments.last().map_or("", |segment| segment.name))
}

/// A part of a path: `signIns`, or `getCredentialUsageSummary(period='D30')` with what is in the brackets.
struct Segment<'a> {
    name: &'a str,
    arguments: Option<&'a str>,
}

impl<'a> Segment<'a> {
    /// `signIns('id')` is two: the collection, and the key.
    fn read(text: &'a str) -> Vec<Self> {
        let split = text.strip_suffix(')').and_then(|text| text.split_once('('));
        let Some((name, arguments)) = split else { return vec![Self { name: text, arguments: None }] };
        match arguments.trim().strip_prefix('\'').and_then(|key| key.strip_suffix('\'')) {
            Some(key) if !key.contains('\'') => {
                vec![Self { name, arguments: None }, Self { name: key, arguments: None }]
            }
            _ => vec![Self { name, arguments: Some(arguments) }],
        }
    }

    /// The value of a function's parameter. Microsoft's SDK for Python leaves out the comma between two.
    fn argument(&self, wanted: &str) -> Result<Option<&'a str>, GraphError> {
        let mut rest = self.arguments.unwrap_or_default().trim();
        let mut found = None;
        while !rest.is_empty() {
            let quoted = rest.split_once('=').and_then(|(name, after)| {
                let (value, after) = after.trim_start().strip_prefix('\'')?.split_once('\'')?;
                Some((name.trim(), value, after))
            });
            let Some((name, value, after)) = quoted else {
                let message = format!("'{rest}' is no parameter of {}: write name='value'.", self.name);
                return Err(GraphError::bad_request(message));
            };
            if name.eq_ignore_ascii_case(wanted) {
                found = Some(value);
            }
            rest = after.trim_start_matches([',', ' ']);
        }
        Ok(found)
    }

    fn period(&self) -> Result<Period, GraphError> {
        let given = self.argument("period")?.ok_or_else(|| {
            GraphError::bad_request(format!("{} needs a period: {}(period='D30').", self.name, self.name))
        })?;
        let named = Period::ALL.iter().copied().find(|period| period.as_str().eq_ignore_ascii_case(given));
        named.ok_or_else(|| GraphError::bad_request(format!("'{given}' is no period: D1, D7 and D30 are.")))
    }

    fn included(&self) -> Result<Included, GraphError> {
        fn named<T: std::str::FromStr>(name: &str, given: Option<&str>, all: T) -> Result<T, GraphError> {
            let Some(given) = given else { return Ok(all) };
            given.to_ascii_lowercase().parse().map_err(|_| {
                let message = match given {
                    "privilegedAdmin" => {
                        "Which directory role somebody holds is not known: 'admin' means any.".to_owned()
                    }
                    _ => format!("'{given}' is no value of {name}."),
                };
                GraphError::bad_request(message)
            })
        }
        Ok(Included {
            types: named("includedUserTypes", self.argument("includedUserTypes")?, IncludedTypes::All)?,
            roles: named("includedUserRoles", self.argument("includedUserRoles")?, IncludedRoles::All)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beta(path: &str) -> Result<Resource, String> {
        Resource::parse(Version::Beta, path).map_err(|error| error.to_string())
    }

    #[test]
    fn paths_are_read_in_any_case() {
        for (path, resource) in [
            ("auditlogs/signins", Resource::SignIns),
            ("auditLogs/signIns/A-b", Resource::SignIn("A-b".to_owned())),
            ("auditLogs/signIns('A-b')", Resource::SignIn("A-b".to_owned())),
            ("/users/ada%40contoso.com", Resource::User("ada@contoso.com".to_owned())),
            ("reports/getCredentialUsageSummary(period='d7')", Resource::CredentialUsageSummary(Period::D7)),
            ("reports/getCredentialUsageSummary(period=%27D30%27)", Resource::CredentialUsageSummary(Period::D30)),
            ("reports/getCredentialsUserRegistrationCount()", Resource::CredentialUserRegistrationCount),
            ("reports/authenticationMethods/usersRegisteredByMethod", Resource::UsersRegisteredByMethod(Included::ALL)),
            (
                "reports/authenticationMethods/usersRegisteredByFeature(includedUserTypes='Guest',includedUserRoles='user')",
                Resource::UsersRegisteredByFeature(Included {
                    types: IncludedTypes::Guest,
                    roles: IncludedRoles::User,
                }),
            ),
        ] {
            assert_eq!(beta(path), Ok(resource), "{path}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (path, message) in [
            ("", "Resource not found for the segment ''."),
            ("groups", "Resource not found for the segment 'groups'."),
            ("reports/Nothing", "Resource not found for the segment 'Nothing'."),
            (
                "reports/getCredentialUsageSummary",
                "getCredentialUsageSummary needs a period: getCredentialUsageSummary(period='D30').",
            ),
            ("reports/getCredentialUsageSummary(period='D90')", "'D90' is no period: D1, D7 and D30 are."),
            (
                "reports/getCredentialUsageSummary(D30)",
                "'D30' is no parameter of getCredentialUsageSummary: write name='value'.",
            ),
            (
                "reports/authenticationMethods/usersRegisteredByMethod(includedUserRoles='privilegedAdmin')",
                "Which directory role somebody holds is not known: 'admin' means any.",
            ),
        ] {
            assert_eq!(beta(path), Err(message.to_owned()), "{path}");
        }
        let v1 = Resource::parse(Version::V1, "reports/authenticationMethods/userEventsSummary");
        assert_eq!(
            v1.map_err(|error| error.to_string()),
            Err("Resource not found for the segment 'userEventsSummary'.".to_owned())
        );
    }
}
