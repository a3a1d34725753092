//! What there is one of for each of millions of sign-ins, in few bytes: ids, details, sets of users, counters.

mod counts;

use domain::sign_in::SignInDetails;
use roaring::RoaringBitmap;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::StoreError;

pub use counts::{Counts, pack_counts, unpack_counts};

/// An id as bytes: a GUID as its 16, anything else as its text; one that would be 16 bytes long has one more.
pub fn pack_id(id: &str) -> Vec<u8> {
    guid_bytes(id).unwrap_or_else(|| {
        let mut bytes = id.as_bytes().to_vec();
        if bytes.len() == 16 {
            bytes.push(MORE);
        }
        bytes
    })
}

/// Stands in no text.
const MORE: u8 = 0xff;

pub fn unpack_id(bytes: &[u8]) -> String {
    let Ok(guid) = Uuid::from_slice(bytes) else {
        return String::from_utf8_lossy(bytes.strip_suffix(&[MORE]).unwrap_or(bytes)).into_owned();
    };
    guid.hyphenated().to_string()
}

/// The bytes of a GUID in lower case, which is what they are written as again.
fn guid_bytes(id: &str) -> Option<Vec<u8>> {
    let bytes = id.as_bytes();
    if bytes.len() != 36 {
        return None;
    }
    let mut digits = [0u8; 32];
    let mut n = 0;
    for (at, byte) in bytes.iter().enumerate() {
        match (at, byte) {
            (8 | 13 | 18 | 23, b'-') => {}
            (8 | 13 | 18 | 23, _) => return None,
            (_, b'0'..=b'9' | b'a'..=b'f') => {
                digits[n] = *byte;
                n += 1;
            }
            _ => return None,
        }
    }
    hex::decode(digits).ok()
}

/// The beginning of a SHA-256 as a number, in the order of the bytes.
pub fn key_of_digest(digest: &[u8]) -> i64 {
    let mut first = [0u8; 8];
    for (to, from) in first.iter_mut().zip(digest) {
        *to = *from;
    }
    // Unsigned order becomes signed order.
    i64::from_be_bytes(first) ^ i64::MIN
}

/// A digest that begins like this: of stored sign-ins no more is known.
pub fn digest_of_key(key: i64) -> [u8; 32] {
    let mut digest = [0; 32];
    for (to, from) in digest.iter_mut().zip((key ^ i64::MIN).to_be_bytes()) {
        *to = from;
    }
    digest
}

/// What stands for a list of fields in a dictionary. `None` differs from an empty text.
pub fn key_of(fields: &[Option<&str>]) -> i64 {
    let mut hasher = Sha256::new();
    for field in fields {
        if let Some(text) = field {
            hasher.update([1]);
            hasher.update(text.as_bytes());
        }
        hasher.update([0]);
    }
    key_of_digest(&hasher.finalize())
}

/// How details are packed: the first byte of the column.
const ZSTD_OF_JSON: u8 = 1;
/// What details of sign-ins look like: zstd writes what stands in it as references. A database needs it to be read, so
/// it never changes; another one gets another first byte.
const LOOK: &[u8] = include_bytes!("packed/details.dictionary");
const LEVEL: i32 = 1;
/// Details are no longer than a record, which is no longer than this.
const MOST_BYTES: usize = 32 << 20;

/// Packs many details with one compressor.
pub struct Packer {
    zstd: zstd::bulk::Compressor<'static>,
    json: Vec<u8>,
}

impl Packer {
    pub fn new() -> Result<Self, StoreError> {
        let zstd = zstd::bulk::Compressor::with_dictionary(LEVEL, LOOK).map_err(broken)?;
        Ok(Self { zstd, json: Vec::new() })
    }

    pub fn pack(&mut self, details: &SignInDetails) -> Result<Vec<u8>, StoreError> {
        self.json.clear();
        serde_json::to_writer(&mut self.json, details).map_err(|error| broken(error.into()))?;
        let mut packed = vec![ZSTD_OF_JSON];
        packed.extend(self.zstd.compress(&self.json).map_err(broken)?);
        Ok(packed)
    }
}

/// Unpacks many details with one decompressor.
pub struct Unpacker {
    zstd: zstd::bulk::Decompressor<'static>,
    json: Vec<u8>,
}

impl Unpacker {
    pub fn new() -> Result<Self, StoreError> {
        let zstd = zstd::bulk::Decompressor::with_dictionary(LOOK).map_err(broken)?;
        Ok(Self { zstd, json: Vec::new() })
    }

    pub fn unpack(&mut self, packed: &[u8]) -> Result<SignInDetails, StoreError> {
        self.unpack_part(packed)
    }

    /// As much of details as a type takes.
    pub fn unpack_part<T: DeserializeOwned>(&mut self, packed: &[u8]) -> Result<T, StoreError> {
        let Some((&ZSTD_OF_JSON, zstd)) = packed.split_first() else {
            return Err(StoreError::Inconsistent { table: "sign_ins", what: "details of another version".to_owned() });
        };
        let most = zstd::bulk::Decompressor::upper_bound(zstd).unwrap_or(MOST_BYTES).min(MOST_BYTES);
        self.json.clear();
        self.json.reserve(most);
        self.zstd.decompress_to_buffer(zstd, &mut self.json).map_err(broken)?;
        serde_json::from_slice(&self.json).map_err(|error| broken(error.into()))
    }
}

fn broken(error: std::io::Error) -> StoreError {
    StoreError::Inconsistent { table: "sign_ins", what: format!("details: {error}") }
}

/// A set of users as bytes.
pub fn pack_users(users: &RoaringBitmap) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::with_capacity(users.serialized_size());
    users.serialize_into(&mut bytes).map_err(broken_users)?;
    Ok(bytes)
}

pub fn unpack_users(bytes: &[u8]) -> Result<RoaringBitmap, StoreError> {
    RoaringBitmap::deserialize_from(bytes).map_err(broken_users)
}

fn broken_users(error: std::io::Error) -> StoreError {
    StoreError::Inconsistent { table: "sign_in_users", what: error.to_string() }
}

/// A user's number in a set. Users are numbered from 1 on, one after the other.
pub fn in_set(user_id: i64) -> u32 {
    u32::try_from(user_id).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use domain::sign_in::{AuthenticationStep, MfaDetail};

    use super::*;

    #[test]
    fn an_id_is_the_same_again() {
        for id in [
            "",
            "a",
            "0123456789abcdef",
            "6f4fc0e2-8a5b-4e3f-9c1d-0a1b2c3d4e5f",
            "6F4FC0E2-8a5b-4e3f-9c1d-0a1b2c3d4e5f",
            "hash:00",
            "0123456789abcdeé",
            "------------------------------------",
        ] {
            assert_eq!(unpack_id(&pack_id(id)), id);
        }
        assert_eq!(pack_id("6f4fc0e2-8a5b-4e3f-9c1d-0a1b2c3d4e5f").len(), 16);
    }

    #[test]
    fn a_digest_keeps_its_order() {
        assert!(key_of_digest(&[0x7f; 32]) < key_of_digest(&[0x80; 32]));
        assert!(key_of_digest(&[0; 32]) < key_of_digest(&[0xff; 32]));
        assert_ne!(key_of(&[Some("ab"), Some("c")]), key_of(&[Some("a"), Some("bc")]));
        assert_ne!(key_of(&[None]), key_of(&[Some("")]));
    }

    #[test]
    fn details_are_the_same_again() {
        let step = AuthenticationStep { method: Some("Password".into()), succeeded: Some(true), ..Default::default() };
        for details in [
            SignInDetails::default(),
            SignInDetails { error_code: Some(50074), steps: Some(vec![step]), ..Default::default() },
            SignInDetails { steps: Some(Vec::new()), failure_reason: Some("x".repeat(100_000)), ..Default::default() },
        ] {
            let packed = Packer::new().and_then(|mut packer| packer.pack(&details)).expect("packed");
            let mut unpacker = Unpacker::new().expect("an unpacker");
            assert_eq!(unpacker.unpack(&packed).expect("unpacked"), details);
            let part: MfaDetail<Vec<AuthenticationStep>> = unpacker.unpack_part(&packed).expect("a part");
            assert_eq!((part.mfa_detail, part.steps), (details.mfa_detail, details.steps.unwrap_or_default()));
        }
    }
}
