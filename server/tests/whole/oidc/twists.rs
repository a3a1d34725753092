//! What a hostile provider says otherwise, and signatures that are not its own.

use axum::http::StatusCode;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};

use super::provider::{Provider, Twist, signed_part};

pub fn claims(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Twist {
    Twist { claims: Some(Box::new(change)), ..Twist::default() }
}

pub fn head(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Twist {
    Twist { head: Some(Box::new(change)), ..Twist::default() }
}

pub fn forge(forge: impl Fn(&Provider, Value, Value) -> String + Send + Sync + 'static) -> Twist {
    Twist { forge: Some(Box::new(forge)), ..Twist::default() }
}

pub fn document(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Twist {
    Twist { document: Some(Box::new(change)), ..Twist::default() }
}

pub fn keys(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Twist {
    Twist { keys: Some(Box::new(change)), ..Twist::default() }
}

pub fn answer(path: &'static str, status: StatusCode, body: &'static str) -> Twist {
    Twist { answers: [(path, (status, body))].into(), ..Twist::default() }
}

pub fn plus_seconds(claims: &mut Value, name: &str, seconds: i64) {
    claims[name] = json!(claims[name].as_i64().expect("a number") + seconds);
}

/// With a key that is not the provider's.
pub fn sign_by_stranger(head: &Value, claims: &Value) -> String {
    let random = SystemRandom::new();
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("random");
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &random).expect("a key");
    let signed = signed_part(&head.to_string(), &claims.to_string());
    let signature = key.sign(&random, signed.as_bytes()).expect("signed");
    format!("{signed}.{}", base64url(signature.as_ref()))
}

pub fn sign_with_secret(secret: &[u8], mut head: Value, claims: &Value) -> String {
    head["alg"] = json!("HS256");
    let signed = signed_part(&head.to_string(), &claims.to_string());
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes());
    format!("{signed}.{}", base64url(tag.as_ref()))
}

pub fn base64url(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
