//! Registration details: users as `/users` lists them, but those whose accounts are known to be disabled.

use domain::answer::Answer;
use domain::page::Cursor;
use domain::population::Population;
use domain::query::{Direction, Sort, UserColumn, UserFlag, UsersQuery};
use domain::record::UserType;
use domain::report::UserItem;
use odata::{Bounds, EntityType};
use serde_json::{Map, Value, json};
use store::{Listed as _, Reader, Total};

use super::error::GraphError;
use super::paging::{Chunk, Listing, Rows};
use super::types::enums::{DEFAULT_MFA_METHOD_TYPE, USER_DEFAULT_AUTHENTICATION_METHOD};
use super::types::{CREDENTIAL_USER_REGISTRATION_DETAILS, USER_REGISTRATION_DETAILS};
use super::{Asked, bounds, methods};

/// Names of the flags today, and in 2019.
const FLAGS: [(&str, &str, UserFlag); 6] = [
    ("isSsprRegistered", "isRegistered", UserFlag::Registered),
    ("isSsprEnabled", "isEnabled", UserFlag::Enabled),
    ("isSsprCapable", "isCapable", UserFlag::Capable),
    ("isMfaRegistered", "isMfaRegistered", UserFlag::MfaRegistered),
    ("isMfaCapable", "", UserFlag::MfaCapable),
    ("isPasswordlessCapable", "", UserFlag::PasswordlessCapable),
];

/// `reports/authenticationMethods/userRegistrationDetails`
pub async fn list(asked: &Asked) -> Result<Value, GraphError> {
    let entity = USER_REGISTRATION_DETAILS.of(asked.version);
    page(asked, entity, "reports/authenticationMethods/userRegistrationDetails", Whom::NotDisabled, details).await
}

/// `reports/credentialUserRegistrationDetails`
pub async fn list_of_2019(asked: &Asked) -> Result<Value, GraphError> {
    let entity = CREDENTIAL_USER_REGISTRATION_DETAILS.of(asked.version);
    let context = "reports/credentialUserRegistrationDetails";
    page(asked, entity, context, Whom::NotDisabled, details_of_2019).await
}

/// `reports/authenticationMethods/userRegistrationDetails/{id}`
pub async fn of_one(asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let user = asked.reader.user(id, asked.now).await?.and_then(|user| user.state);
    let user = user.filter(|user| Whom::NotDisabled.has(user));
    let json = details(&user.ok_or_else(|| GraphError::missing("user with registration details", id))?);
    let context = "reports/authenticationMethods/userRegistrationDetails";
    asked.single(USER_REGISTRATION_DETAILS.of(asked.version), context, json)
}

/// Which users a collection has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    Everyone,
    /// All but those whose accounts are known to be disabled, as at Microsoft.
    NotDisabled,
}

impl Whom {
    fn has(self, user: &UserItem) -> bool {
        self == Self::Everyone || user.enabled_account != Answer::No
    }
}

/// A page of users, each as what the function makes of it.
pub(super) async fn page(
    asked: &Asked,
    entity: EntityType,
    context: &str,
    whom: Whom,
    to_json: fn(&UserItem) -> Value,
) -> Result<Value, GraphError> {
    let listing = Listing::of(asked, entity)?;
    let mut query = UsersQuery::of(Asked::whole(listing.as_of));
    query.report.population = Some(Population::Everyone);
    query.list.sort = Sort { column: UserColumn::Id, direction: Direction::Ascending };
    if let Some(sort) = listing.sort("users", column)? {
        query.list.sort = sort;
    }
    if let Some(filter) = &listing.filter {
        narrow(&mut query, &filter.bounds(), whom);
    }
    let rows = Users { reader: &asked.reader, query, whom, to_json };
    listing.page(asked, context, &rows).await
}

/// Asks the list for no more than a filter can find. What is left is looked at one by one.
fn narrow(query: &mut UsersQuery, bounds: &Bounds, whom: Whom) {
    for (name, name_in_2019, flag) in FLAGS {
        if let Some(value) = bounds::flag(bounds, name).or_else(|| bounds::flag(bounds, name_in_2019)) {
            query.flags[flag as usize] = vec![if value { Answer::Yes } else { Answer::No }];
        }
    }
    // These populations have nobody whose account is disabled.
    if whom == Whom::NotDisabled {
        let population = match (bounds::flag(bounds, "isAdmin"), bounds::text(bounds, "userType").as_deref()) {
            (Some(true), _) => Population::Admins,
            (_, Some("member")) => Population::Members,
            (_, Some("guest")) => Population::Guests,
            _ => Population::Everyone,
        };
        query.report.population = Some(population);
    }
    let names = ["userPrincipalName", "userDisplayName", "displayName"];
    query.list.q = names.iter().find_map(|name| bounds::text(bounds, name));
}

fn column(property: &str) -> Option<UserColumn> {
    let flag = |flag: UserFlag| flag.as_str().parse().ok();
    Some(match property {
        "id" => UserColumn::Id,
        "userPrincipalName" => UserColumn::UserName,
        "userDisplayName" | "displayName" => UserColumn::DisplayName,
        "isAdmin" => UserColumn::Admin,
        "lastUpdatedDateTime" => UserColumn::UpdatedAt,
        "department" => UserColumn::Department,
        "country" => UserColumn::Country,
        "accountEnabled" => UserColumn::EnabledAccount,
        name => return FLAGS.iter().find(|(new, old, _)| [*new, *old].contains(&name)).and_then(|found| flag(found.2)),
    })
}

fn details(user: &UserItem) -> Value {
    let mut json = names(user);
    json.insert("userType".to_owned(), json!(user.user_type.map(UserType::as_str)));
    json.insert("isAdmin".to_owned(), json!(known(user.admin)));
    for (name, _, flag) in FLAGS {
        insert_known(&mut json, name, user.flag(flag));
    }
    if let Some(methods) = &user.methods {
        json.insert("methodsRegistered".to_owned(), json!(methods::all_registered(methods)));
    }
    // Two vocabularies; the record had one of them.
    for (name, vocabulary) in [
        ("userPreferredMethodForSecondaryAuthentication", &USER_DEFAULT_AUTHENTICATION_METHOD),
        ("defaultMfaMethod", &DEFAULT_MFA_METHOD_TYPE),
    ] {
        let is_of_it = |default: &&String| vocabulary.members.iter().any(|member| member.eq_ignore_ascii_case(default));
        json.insert(name.to_owned(), json!(user.default_method.as_ref().filter(is_of_it)));
    }
    if let Some(at) = user.updated_at {
        json.insert("lastUpdatedDateTime".to_owned(), json!(at));
    }
    Value::Object(json)
}

fn details_of_2019(user: &UserItem) -> Value {
    let mut json = names(user);
    for (_, name, flag) in FLAGS.iter().filter(|(_, name, _)| !name.is_empty()) {
        insert_known(&mut json, name, user.flag(*flag));
    }
    if let Some(methods) = &user.methods {
        let mut names: Vec<&str> = Vec::new();
        for name in methods.iter().map(methods::registered_in_2019) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        json.insert("authMethods".to_owned(), json!(names));
    }
    Value::Object(json)
}

/// Names are never null at Microsoft: one that is not known is empty.
fn names(user: &UserItem) -> Map<String, Value> {
    let text = |text: &Option<String>| json!(text.as_deref().unwrap_or_default());
    Map::from_iter([
        ("id".to_owned(), json!(user.id)),
        ("userPrincipalName".to_owned(), text(&user.user_name)),
        ("userDisplayName".to_owned(), text(&user.display_name)),
    ])
}

pub(super) fn known(answer: Answer) -> Option<bool> {
    match answer {
        Answer::Yes => Some(true),
        Answer::No => Some(false),
        Answer::Unknown => None,
    }
}

fn insert_known(json: &mut Map<String, Value>, name: &str, answer: Answer) {
    if let Some(value) = known(answer) {
        json.insert(name.to_owned(), json!(value));
    }
}

struct Users<'a> {
    reader: &'a Reader,
    query: UsersQuery,
    whom: Whom,
    to_json: fn(&UserItem) -> Value,
}

impl Users<'_> {
    async fn population(&self, population: Population) -> Result<Option<i64>, GraphError> {
        let mut query = self.query.clone();
        query.report.population = Some(population);
        query.list.size = 1;
        let page = query.page(self.reader).await?;
        Ok(page.total_is_exact.then_some(page.total))
    }
}

impl Rows for Users<'_> {
    async fn read(&self, after: Option<&str>, size: u32, counted: Option<Total>) -> Result<Chunk, GraphError> {
        let mut query = self.query.clone();
        query.list.size = size;
        query.list.after = after.and_then(Cursor::decode);
        let page = query.page_of(self.reader, counted).await?;
        let counted = Some(Total::of(&page));
        let entity = |user: &UserItem| self.whom.has(user).then(|| (self.to_json)(user));
        Ok(Chunk { entities: page.items.iter().map(entity).collect(), next: page.next, counted })
    }

    async fn count(&self) -> Result<Option<i64>, GraphError> {
        match self.whom {
            Whom::Everyone => self.population(Population::Everyone).await,
            // Whoever is not disabled is a member or a guest.
            Whom::NotDisabled => {
                let members = self.population(Population::Members).await?;
                let guests = self.population(Population::Guests).await?;
                Ok(members.zip(guests).map(|(members, guests)| members + guests))
            }
        }
    }
}
