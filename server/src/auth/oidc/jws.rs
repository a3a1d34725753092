//! A signed token in its compact form (RFC 7515, RFC 7519): who signed it, and that nobody else did.
//!
//! Strict where the standards leave room: three algorithms with public keys, keys only from the provider's own set, and
//! no token in which a name stands twice. Nothing that the token's head says of keys is followed but `kid`.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters,
    RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;

/// Longer texts are no ID tokens. Microsoft's have 2 KiB, or 8 with two hundred groups.
const MAX_BYTES: usize = 64 << 10;

/// What a token says, each name once.
pub type Claims = serde_json::Map<String, Value>;

/// Why a token is not believed. For the log: whoever sent it is told nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    #[error("it is longer than 64 KiB")]
    TooLong,
    #[error("it is no signed token in three parts")]
    NotATokenOfThreeParts,
    #[error("its head cannot be read: {0}")]
    Head(String),
    #[error("it is signed with `{0}`, which is none of RS256, PS256 and ES256")]
    Algorithm(String),
    #[error("its head demands what is not understood (crit)")]
    Critical,
    #[error("its type is `{0}`")]
    Type(String),
    #[error("the provider has no such key")]
    UnknownKey,
    #[error("its key is for another algorithm")]
    OtherKind,
    #[error("the signature is wrong")]
    Signature,
    #[error("what it says cannot be read: {0}")]
    Body(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Rs256,
    Ps256,
    Es256,
}

impl Algorithm {
    fn of(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "PS256" => Some(Self::Ps256),
            "ES256" => Some(Self::Es256),
            _ => None,
        }
    }
}

/// The head of a token, as far as it is looked at.
#[derive(Deserialize)]
struct Head {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
}

/// The public keys of a provider (RFC 7517). What is not understood is left out: providers add kinds before they use them.
#[derive(Debug, Clone, Default)]
pub struct Keys(Vec<Key>);

#[derive(Debug, Clone)]
struct Key {
    id: Option<String>,
    /// The one algorithm that it is for, where the provider says so.
    algorithm: Option<Algorithm>,
    public: PublicKey,
}

#[derive(Debug, Clone)]
enum PublicKey {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// A point of the curve P-256, uncompressed.
    P256(Vec<u8>),
}

#[derive(Deserialize)]
struct WrittenKeys {
    keys: Vec<WrittenKey>,
}

#[derive(Deserialize)]
struct WrittenKey {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Keys {
    /// Reads a key set.
    ///
    /// # Errors
    /// It is no key set, or names something twice.
    pub fn read(body: &[u8]) -> Result<Self, serde_json::Error> {
        let written: WrittenKeys = serde_json::from_slice(body)?;
        Ok(Self(written.keys.into_iter().filter_map(Key::of).collect()))
    }

    /// The one key that the head can mean: by its id, or the only one there is.
    fn find(&self, id: Option<&str>) -> Option<&Key> {
        let mut found = self.0.iter().filter(|key| id.is_none() || key.id.as_deref() == id);
        match (found.next(), found.next()) {
            (Some(key), None) => Some(key),
            _ => None,
        }
    }
}

impl Key {
    fn of(written: WrittenKey) -> Option<Self> {
        let bytes = |text: Option<String>| URL_SAFE_NO_PAD.decode(text?).ok();
        if written.purpose.as_deref().is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        // A key for an algorithm that is not taken is no key here.
        let algorithm = match written.alg.as_deref() {
            None => None,
            Some(name) => Some(Algorithm::of(name)?),
        };
        let public = match (written.kty.as_str(), written.crv.as_deref()) {
            ("RSA", _) => PublicKey::Rsa { n: bytes(written.n)?, e: bytes(written.e)? },
            ("EC", Some("P-256")) => {
                let (x, y) = (bytes(written.x)?, bytes(written.y)?);
                (x.len() == 32 && y.len() == 32).then_some(())?;
                PublicKey::P256([&[4][..], &x, &y].concat())
            }
            _ => return None,
        };
        Some(Self { id: written.kid, algorithm, public })
    }

    fn has_signed(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> Result<(), JwsError> {
        if self.algorithm.is_some_and(|own| own != algorithm) {
            return Err(JwsError::OtherKind);
        }
        let rsa = |parameters: &'static RsaParameters, n: &Vec<u8>, e: &Vec<u8>| {
            RsaPublicKeyComponents { n, e }.verify(parameters, message, signature)
        };
        let verified = match (algorithm, &self.public) {
            (Algorithm::Rs256, PublicKey::Rsa { n, e }) => rsa(&RSA_PKCS1_2048_8192_SHA256, n, e),
            (Algorithm::Ps256, PublicKey::Rsa { n, e }) => rsa(&RSA_PSS_2048_8192_SHA256, n, e),
            (Algorithm::Es256, PublicKey::P256(point)) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            _ => return Err(JwsError::OtherKind),
        };
        verified.map_err(|_| JwsError::Signature)
    }
}

/// What the token says, if one of the keys has signed it. `types` are those that its head may name.
///
/// # Errors
/// Why it is not believed.
pub fn verified(token: &str, keys: &Keys, types: &[&str]) -> Result<Claims, JwsError> {
    if token.len() > MAX_BYTES {
        return Err(JwsError::TooLong);
    }
    let parts: Vec<&str> = token.split('.').collect();
    let &[head, body, signature] = parts.as_slice() else { return Err(JwsError::NotATokenOfThreeParts) };
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| JwsError::NotATokenOfThreeParts);
    let signed = token.get(..head.len() + 1 + body.len()).ok_or(JwsError::NotATokenOfThreeParts)?;
    let (head, body, signature) = (decode(head)?, decode(body)?, decode(signature)?);

    let head: Head = serde_json::from_slice(&head).map_err(|error| JwsError::Head(error.to_string()))?;
    let Some(algorithm) = Algorithm::of(&head.alg) else { return Err(JwsError::Algorithm(head.alg)) };
    if head.crit.is_some() {
        return Err(JwsError::Critical);
    }
    if let Some(named) = head.typ.filter(|named| !types.iter().any(|known| named.eq_ignore_ascii_case(known))) {
        return Err(JwsError::Type(named));
    }
    let key = keys.find(head.kid.as_deref()).ok_or(JwsError::UnknownKey)?;
    key.has_signed(algorithm, signed.as_bytes(), &signature)?;
    let EachOnce(claims) = serde_json::from_slice(&body).map_err(|error| JwsError::Body(error.to_string()))?;
    Ok(claims)
}

/// An object without a name that stands twice: of two, others may believe the other one.
struct EachOnce(Claims);

impl<'de> Deserialize<'de> for EachOnce {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = EachOnce;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<EachOnce, A::Error> {
                let mut claims = Claims::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if claims.insert(name.clone(), value).is_some() {
                        return Err(A::Error::custom(format!("`{name}` stands twice")));
                    }
                }
                Ok(EachOnce(claims))
            }
        }
        deserializer.deserialize_map(Names)
    }
}
