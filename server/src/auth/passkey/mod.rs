//! Passkeys: what a browser's answer must be before it is believed (Web Authentication Level 3, sections 7.1 and 7.2).
//!
//! The signatures are `ring`'s and the bytes are read by `ciborium`; the rules are here, each with an attack in
//! `tests/whole/second_factor`. The libraries there are bring a second implementation of all cryptography, as those for ID
//! tokens do (`auth/oidc`); ARCHITECTURE.md says more.

mod key;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use self::key::PublicKey;
use crate::config::public_url::PublicUrl;

/// How long a browser lets a person take, as long as a step.
const TIMEOUT_MS: i64 = super::step::VALID_MS;
/// A credential id has at most so many bytes.
const ID_BYTES: usize = 1023;
/// Hash, flags and counter.
const HEAD_BYTES: usize = 37;
/// What kind of device it is, which nobody here asks for.
const AAGUID_BYTES: usize = 16;

const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const HAS_CREDENTIAL: u8 = 1 << 6;
const HAS_EXTENSIONS: u8 = 1 << 7;

/// Why a passkey is not believed. For the log: nothing of the answer is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyProblem {
    #[error("it is not of the form that browsers send")]
    Form,
    #[error("it is of another type")]
    Type,
    #[error("it answers another challenge")]
    Challenge,
    #[error("it comes from another origin")]
    Origin,
    #[error("it comes from within another site")]
    CrossOrigin,
    #[error("it is bound to another name")]
    Name,
    #[error("nobody was present")]
    Presence,
    #[error("nobody was verified")]
    Verification,
    #[error("its key is of a kind that was not asked for")]
    Algorithm,
    #[error("it says that it is somebody else's")]
    Handle,
    #[error("its signature is wrong")]
    Signature,
    #[error("it counts backwards: there may be a copy")]
    Counter,
    #[error("what it says of copies has changed")]
    Backup,
}

use PasskeyProblem as Problem;

/// Who asks for passkeys: a name, and where it is reached.
#[derive(Debug, Clone)]
pub struct RelyingParty {
    name: String,
    origin: String,
}

/// What passkeys know a person by.
#[derive(Clone, Copy)]
pub struct User<'a> {
    pub handle: &'a str,
    pub user_name: &'a str,
    pub display_name: &'a str,
}

/// A credential as `PublicKeyCredential.toJSON` gives it.
#[derive(Deserialize)]
pub struct Answer<T> {
    id: String,
    #[serde(rename = "rawId")]
    raw_id: String,
    #[serde(rename = "type")]
    kind: String,
    response: T,
}

impl<T> Answer<T> {
    /// Of the credential, in base64url.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    fn is_public_key(&self) -> Result<(), Problem> {
        if self.kind != "public-key" {
            return Err(Problem::Type);
        }
        if self.id != self.raw_id { Err(Problem::Form) } else { Ok(()) }
    }
}

/// Of a passkey that has been made.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Created {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    attestation_object: String,
}

/// Of one that has signed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Signed {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    authenticator_data: String,
    signature: String,
    user_handle: Option<String>,
}

/// What is kept of a passkey.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    key: PublicKey,
    /// How often it has signed; 0: it does not count.
    count: u32,
    /// Whether it may be on several devices.
    is_backup_eligible: bool,
}

/// What the browser says it has signed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    cross_origin: Option<bool>,
    top_origin: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttestationObject {
    auth_data: ciborium::Value,
}

/// What the device says.
struct DeviceData<'a> {
    flags: u8,
    count: u32,
    rest: &'a [u8],
}

impl RelyingParty {
    /// `None` where the address has no name: passkeys are bound to one.
    #[must_use]
    pub fn of(public_url: &PublicUrl) -> Option<Self> {
        let name = public_url.passkey_name()?.to_ascii_lowercase();
        let origin = url::Url::parse(&public_url.to_string()).ok()?.origin().ascii_serialization();
        Some(Self { name, origin })
    }

    /// What `PublicKeyCredential.parseCreationOptionsFromJSON` takes. `known`: credential ids that the person has.
    #[must_use]
    pub fn creation_options(&self, challenge: &str, user: User<'_>, known: &[String]) -> Value {
        let known: Vec<_> = known.iter().map(|id| json!({ "type": "public-key", "id": id })).collect();
        let kinds: Vec<_> =
            PublicKey::ALGORITHMS.iter().map(|alg| json!({ "type": "public-key", "alg": alg })).collect();
        json!({
            "rp": { "id": self.name, "name": "Keyroll" },
            "user": { "id": user.handle, "name": user.user_name, "displayName": user.display_name },
            "challenge": challenge,
            "pubKeyCredParams": kinds,
            "timeout": TIMEOUT_MS,
            "excludeCredentials": known,
            "authenticatorSelection":
                { "residentKey": "required", "requireResidentKey": true, "userVerification": "required" },
            "attestation": "none",
        })
    }

    /// What `PublicKeyCredential.parseRequestOptionsFromJSON` takes. Nobody is named: the passkey says who it is.
    #[must_use]
    pub fn request_options(&self, challenge: &str) -> Value {
        json!({ "rpId": self.name, "challenge": challenge, "timeout": TIMEOUT_MS, "userVerification": "required" })
    }

    /// A passkey that has been made.
    ///
    /// # Errors
    /// Why it is not believed.
    pub fn created(&self, challenge: &str, answer: &Answer<Created>) -> Result<Credential, Problem> {
        answer.is_public_key()?;
        self.client_data(&bytes(&answer.response.client_data)?, "webauthn.create", challenge)?;
        let object = bytes(&answer.response.attestation_object)?;
        let mut object = object.as_slice();
        // Who made the device was not asked for: a statement about that is not read.
        let read: AttestationObject = ciborium::from_reader(&mut object).map_err(|_| Problem::Form)?;
        let data = read.auth_data.as_bytes().filter(|_| object.is_empty()).ok_or(Problem::Form)?;
        let data = self.device_data(data)?;
        if data.flags & HAS_CREDENTIAL == 0 {
            return Err(Problem::Form);
        }
        let (length, rest) = data
            .rest
            .split_at_checked(AAGUID_BYTES)
            .and_then(|(_, rest)| rest.split_first_chunk::<2>())
            .ok_or(Problem::Form)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (id, mut rest) = rest.split_at_checked(length).filter(|_| length <= ID_BYTES).ok_or(Problem::Form)?;
        if id != bytes(&answer.id)? {
            return Err(Problem::Form);
        }
        let key = PublicKey::read(&mut rest)?;
        extensions(data.flags, rest)?;
        Ok(Credential { key, count: data.count, is_backup_eligible: data.flags & BACKUP_ELIGIBLE != 0 })
    }

    /// A passkey that has signed; what is to be kept of it from now on. `handle` is of the person that it is stored with.
    ///
    /// # Errors
    /// Why it is not believed.
    pub fn signed(
        &self,
        challenge: &str,
        answer: &Answer<Signed>,
        stored: Credential,
        handle: &str,
    ) -> Result<Credential, Problem> {
        answer.is_public_key()?;
        let response = &answer.response;
        let given = response.user_handle.as_deref().ok_or(Problem::Handle)?;
        if !bool::from(given.as_bytes().ct_eq(handle.as_bytes())) {
            return Err(Problem::Handle);
        }
        let (client_data, signed) = (bytes(&response.client_data)?, bytes(&response.authenticator_data)?);
        self.client_data(&client_data, "webauthn.get", challenge)?;
        let data = self.device_data(&signed)?;
        if data.flags & HAS_CREDENTIAL != 0 {
            return Err(Problem::Form);
        }
        extensions(data.flags, data.rest)?;
        let message = [signed.as_slice(), &Sha256::digest(&client_data)].concat();
        stored.key.verify(&message, &bytes(&response.signature)?)?;
        if (data.flags & BACKUP_ELIGIBLE != 0) != stored.is_backup_eligible {
            return Err(Problem::Backup);
        }
        if (data.count != 0 || stored.count != 0) && data.count <= stored.count {
            return Err(Problem::Counter);
        }
        Ok(Credential { count: data.count, ..stored })
    }

    fn client_data(&self, json: &[u8], kind: &str, challenge: &str) -> Result<(), Problem> {
        // What stands twice is refused.
        let data: ClientData = serde_json::from_slice(json).map_err(|_| Problem::Form)?;
        if data.kind != kind {
            return Err(Problem::Type);
        }
        if !bool::from(data.challenge.as_bytes().ct_eq(challenge.as_bytes())) {
            return Err(Problem::Challenge);
        }
        if data.origin != self.origin {
            return Err(Problem::Origin);
        }
        if data.cross_origin == Some(true) || data.top_origin.is_some() {
            return Err(Problem::CrossOrigin);
        }
        Ok(())
    }

    fn device_data<'a>(&self, data: &'a [u8]) -> Result<DeviceData<'a>, Problem> {
        let (head, rest) = data.split_at_checked(HEAD_BYTES).ok_or(Problem::Form)?;
        let (name, counted) = head.split_at(Sha256::output_size());
        let [flags, count @ ..] = counted else { return Err(Problem::Form) };
        let count = u32::from_be_bytes(count.try_into().map_err(|_| Problem::Form)?);
        if name != Sha256::digest(&self.name).as_slice() {
            return Err(Problem::Name);
        }
        if flags & PRESENT == 0 {
            return Err(Problem::Presence);
        }
        if flags & VERIFIED == 0 {
            return Err(Problem::Verification);
        }
        if flags & BACKED_UP != 0 && flags & BACKUP_ELIGIBLE == 0 {
            return Err(Problem::Backup);
        }
        Ok(DeviceData { flags: *flags, count, rest })
    }
}

/// Nothing follows but what the flags say.
fn extensions(flags: u8, mut rest: &[u8]) -> Result<(), Problem> {
    if flags & HAS_EXTENSIONS != 0 {
        let read: ciborium::Value = ciborium::from_reader(&mut rest).map_err(|_| Problem::Form)?;
        if !read.is_map() {
            return Err(Problem::Form);
        }
    }
    if rest.is_empty() { Ok(()) } else { Err(Problem::Form) }
}

fn bytes(text: &str) -> Result<Vec<u8>, Problem> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Problem::Form)
}
