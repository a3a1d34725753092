//! The one-time link that makes the first person.

use domain::instant::MINUTE_MS;
use store::{Services, StoreError};

use super::secret;
use crate::clock::Clock;
use crate::config::public_url::PublicUrl;

/// How long a setup link is good for.
pub const VALID_MINUTES: i64 = 60;

/// Makes a setup link where nobody may sign in yet; `None` where somebody may. An earlier link ends.
///
/// # Errors
/// The store does not answer, or there are no random numbers.
pub async fn new_link(services: &Services, clock: &Clock, public_url: &PublicUrl) -> anyhow::Result<Option<String>> {
    let identity = services.identity();
    if identity.has_people().await? {
        return Ok(None);
    }
    let token = secret::random_text()?;
    let expires_at = clock.now().plus_millis(VALID_MINUTES * MINUTE_MS);
    identity.create_setup_link(secret::digest(&token), expires_at).await?;
    Ok(Some(format!("{public_url}/setup?token={token}")))
}

/// Whether a link with this token may still be used.
///
/// # Errors
/// The store does not answer.
pub async fn is_valid(services: &Services, clock: &Clock, token: &str) -> Result<bool, StoreError> {
    services.identity().setup_link_is_valid(secret::digest(token), clock.now()).await
}
