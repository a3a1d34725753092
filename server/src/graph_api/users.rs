//! `users`: what the directory says of each, as far as another Keyroll asks for it.

use domain::record::UserType;
use domain::report::UserItem;
use serde_json::{Value, json};

use super::Asked;
use super::error::GraphError;
use super::registration::{Whom, known, page};
use super::types::USER;

/// `users`
pub async fn list(asked: &Asked) -> Result<Value, GraphError> {
    page(asked, USER.of(asked.version), "users", Whom::Everyone, directory).await
}

/// `users/{id or userPrincipalName}`
pub async fn one(asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let user = asked.reader.user(id, asked.now).await?;
    let state = user.and_then(|user| Some(UserItem { created_at: user.created_at, ..user.state? }));
    let state = state.ok_or_else(|| GraphError::missing("user", id))?;
    asked.single(USER.of(asked.version), "users", directory(&state))
}

fn directory(user: &UserItem) -> Value {
    let user_type = user.user_type.map(|user_type| match user_type {
        UserType::Member => "Member",
        UserType::Guest => "Guest",
    });
    json!({
        "id": user.id,
        "userPrincipalName": user.user_name,
        "displayName": user.display_name,
        "userType": user_type,
        "accountEnabled": known(user.enabled_account),
        "department": user.department,
        "country": user.country,
        "createdDateTime": user.created_at,
    })
}
