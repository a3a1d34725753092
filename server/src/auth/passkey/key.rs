//! Public keys of passkeys: out of COSE, and what they have signed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

use super::PasskeyProblem as Problem;

/// COSE's numbers (RFC 9052 and 9053): of members, kinds of keys, curves and algorithms.
const KIND: i64 = 1;
const ALGORITHM: i64 = 3;
const FIRST: i64 = -1;
const SECOND: i64 = -2;
const THIRD: i64 = -3;
const OKP: i64 = 1;
const EC2: i64 = 2;
const RSA: i64 = 3;
const P256: i64 = 1;
const ED25519: i64 = 6;
const ES256: i64 = -7;
const EDDSA: i64 = -8;
const RS256: i64 = -257;
/// Bytes of a coordinate, and of an Ed25519 key.
const COORDINATE: usize = 32;
/// Of a point that is written out.
const UNCOMPRESSED: u8 = 4;

/// In base64url.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "algorithm", rename_all = "snake_case")]
pub(super) enum PublicKey {
    Es256 { point: String },
    EdDsa { key: String },
    Rs256 { n: String, e: String },
}

impl PublicKey {
    /// What is asked for, the preferred first.
    pub const ALGORITHMS: [i64; 3] = [ES256, EDDSA, RS256];

    /// Takes a COSE key from the front of some bytes.
    pub fn read(from: &mut &[u8]) -> Result<Self, Problem> {
        let key: Value = ciborium::from_reader(from).map_err(|_| Problem::Form)?;
        let key = key.into_map().map_err(|_| Problem::Form)?;
        let get = |name: i64| {
            let mut found = key.iter().filter(|(member, _)| *member == Value::from(name)).map(|(_, value)| value);
            // What stands twice says nothing.
            found.next().filter(|_| found.next().is_none()).ok_or(Problem::Form)
        };
        let number = |name: i64| get(name)?.as_integer().and_then(|n| i64::try_from(n).ok()).ok_or(Problem::Form);
        let part = |name: i64| get(name)?.as_bytes().ok_or(Problem::Form);
        let whole = |name: i64| part(name).and_then(|part| sized(part));
        match (number(ALGORITHM)?, number(KIND)?) {
            (ES256, EC2) if number(FIRST)? == P256 => {
                let point = [&[UNCOMPRESSED][..], whole(SECOND)?, whole(THIRD)?].concat();
                Ok(Self::Es256 { point: text(&point) })
            }
            (EDDSA, OKP) if number(FIRST)? == ED25519 => Ok(Self::EdDsa { key: text(whole(SECOND)?) }),
            (RS256, RSA) => Ok(Self::Rs256 { n: text(part(FIRST)?), e: text(part(SECOND)?) }),
            _ => Err(Problem::Algorithm),
        }
    }

    pub fn verify(&self, message: &[u8], signed: &[u8]) -> Result<(), Problem> {
        let is_right = match self {
            Self::Es256 { point } => {
                UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_ASN1, bytes(point)?).verify(message, signed)
            }
            Self::EdDsa { key } => UnparsedPublicKey::new(&signature::ED25519, bytes(key)?).verify(message, signed),
            Self::Rs256 { n, e } => RsaPublicKeyComponents { n: bytes(n)?, e: bytes(e)? }.verify(
                &signature::RSA_PKCS1_2048_8192_SHA256,
                message,
                signed,
            ),
        };
        is_right.map_err(|_| Problem::Signature)
    }
}

fn sized(part: &[u8]) -> Result<&[u8], Problem> {
    if part.len() == COORDINATE { Ok(part) } else { Err(Problem::Form) }
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn bytes(text: &str) -> Result<Vec<u8>, Problem> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Problem::Form)
}
