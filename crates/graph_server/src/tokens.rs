//! The authority: a token for a secret or for a signed statement, and no other.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::instant::Instant;
use ring::signature::{RSA_PSS_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::World;

pub const DIRECTORY: &str = "7a1c0de0-0000-4000-8000-000000000001";
pub const CLIENT_ID: &str = "7a1c0de0-0000-4000-8000-000000000002";
pub const SECRET: &str = "Keyroll8Q~secret.of-the-tests";

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The permissions asked for, or the number after AADSTS.
pub fn check(
    world: &World,
    directory: &str,
    url: &str,
    scope: &str,
    form: &HashMap<String, String>,
    now: Instant,
) -> Result<(), i64> {
    let field = |name: &str| form.get(name).map(String::as_str);
    if directory != DIRECTORY {
        return Err(90_002);
    }
    if field("client_id") != Some(CLIENT_ID) {
        return Err(700_016);
    }
    if field("grant_type") != Some("client_credentials") || field("scope") != Some(scope) {
        return Err(70_011);
    }
    if let Some(secret) = field("client_secret") {
        return if secret == world.secret { Ok(()) } else { Err(7_000_215) };
    }
    if field("client_assertion_type") != Some(ASSERTION_TYPE) {
        return Err(7_000_216);
    }
    let (certificate, key) = world.certificate.as_ref().ok_or(700_027_i64)?;
    field("client_assertion").and_then(|jwt| verify(jwt, certificate, key, url, now)).ok_or(700_027)
}

fn verify(jwt: &str, certificate: &[u8], key: &[u8], url: &str, now: Instant) -> Option<()> {
    let (signed, signature) = jwt.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let json = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    let (header, claims) = (json(header)?, json(claims)?);
    let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(certificate));
    let seconds = now.millis() / 1000;
    let is_right = header["alg"] == "PS256"
        && header["x5t#S256"] == thumbprint.as_str()
        && claims["aud"] == url
        && claims["iss"] == CLIENT_ID
        && claims["sub"] == CLIENT_ID
        && claims["jti"].is_string()
        && claims["nbf"].as_i64()? <= seconds
        && claims["exp"].as_i64()? > seconds;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let key = UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, key);
    (is_right && key.verify(signed.as_bytes(), &signature).is_ok()).then_some(())
}

/// A token that shows its permissions, as Microsoft's do; `number` tells it from others.
pub fn token(world: &World, number: u64) -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = json!({ "roles": world.permissions, "appid": CLIENT_ID, "uti": number });
    format!("{}.{}.{}", part(json!({ "alg": "none" })), part(claims), URL_SAFE_NO_PAD.encode("signature"))
}

pub fn refusal(code: i64) -> Value {
    json!({
        "error": "invalid_client",
        "error_description": format!("AADSTS{code}: the secret of kim@contoso.com is not what it should be."),
        "error_codes": [code],
    })
}
