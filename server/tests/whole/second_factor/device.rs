//! A device with passkeys, in software: makes keys, counts, signs, and lies where it is told to.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

pub const PRESENT: u8 = 1;
pub const VERIFIED: u8 = 1 << 2;
pub const BACKUP_ELIGIBLE: u8 = 1 << 3;
pub const BACKED_UP: u8 = 1 << 4;
pub const HAS_CREDENTIAL: u8 = 1 << 6;
const HAS_EXTENSIONS: u8 = 1 << 7;
const ES256: i64 = -7;

/// One passkey.
pub struct Device {
    key: EcdsaKeyPair,
    id: Vec<u8>,
    handle: String,
    pub count: u32,
}

/// What the browser and the device say, the truth unless a test changes it.
pub struct Says {
    pub origin: String,
    pub name: String,
    pub challenge: String,
    pub kind: &'static str,
    pub cross_origin: Option<bool>,
    pub top_origin: Option<&'static str>,
    pub flags: u8,
    pub algorithm: i64,
    /// Bytes after the last that should be there.
    pub trailing: &'static [u8],
    pub extensions: bool,
}

impl Says {
    pub fn to(options: &Value, kind: &'static str) -> Self {
        let name = options["rpId"].as_str().or(options["rp"]["id"].as_str()).expect("a name");
        Self {
            origin: format!("http://{name}:3000"),
            name: name.to_owned(),
            challenge: options["challenge"].as_str().expect("a challenge").to_owned(),
            kind,
            cross_origin: Some(false),
            top_origin: None,
            flags: PRESENT | VERIFIED,
            algorithm: ES256,
            trailing: &[],
            extensions: false,
        }
    }

    fn client_data(&self) -> Vec<u8> {
        let mut data = json!({ "type": self.kind, "challenge": self.challenge, "origin": self.origin });
        if let Some(cross_origin) = self.cross_origin {
            data["crossOrigin"] = cross_origin.into();
        }
        if let Some(top_origin) = self.top_origin {
            data["topOrigin"] = top_origin.into();
        }
        data["as browsers add"] = "something new".into();
        data.to_string().into_bytes()
    }

    fn device_data(&self, flags: u8, count: u32, credential: &[u8]) -> Vec<u8> {
        let flags = flags | if self.extensions { HAS_EXTENSIONS } else { 0 };
        let head = [Sha256::digest(&self.name).as_slice(), &[flags], &count.to_be_bytes()].concat();
        let extensions = if self.extensions { cbor(&json!({ "credProtect": 3 })) } else { Vec::new() };
        [head.as_slice(), credential, &extensions, self.trailing].concat()
    }
}

impl Device {
    pub fn new(options: &Value) -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).expect("a key");
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random).expect("a key");
        let id = Sha256::digest(document.as_ref()).to_vec();
        let handle = options["user"]["id"].as_str().expect("a handle").to_owned();
        Self { key, id, handle, count: 1 }
    }

    pub fn id(&self) -> String {
        text(&self.id)
    }

    /// What `navigator.credentials.create` answers.
    pub fn create(&self, says: &Says) -> Value {
        let point = self.key.public_key().as_ref();
        let key = ciborium::Value::Map(vec![
            (1.into(), 2.into()),
            (3.into(), says.algorithm.into()),
            ((-1).into(), 1.into()),
            ((-2).into(), ciborium::Value::Bytes(point[1..33].to_vec())),
            ((-3).into(), ciborium::Value::Bytes(point[33..].to_vec())),
        ]);
        let length = u16::try_from(self.id.len()).expect("short").to_be_bytes();
        let credential = [&[0; 16][..], &length, &self.id, &written(&key)].concat();
        let data = says.device_data(says.flags | HAS_CREDENTIAL, self.count, &credential);
        let object = ciborium::Value::Map(vec![
            ("fmt".into(), "none".into()),
            ("attStmt".into(), ciborium::Value::Map(Vec::new())),
            ("authData".into(), ciborium::Value::Bytes(data)),
        ]);
        json!({
            "id": self.id(), "rawId": self.id(), "type": "public-key", "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": text(&says.client_data()), "attestationObject": text(&written(&object)),
                "transports": ["internal"],
            },
        })
    }

    /// What `navigator.credentials.get` answers. It counts unless it does not count at all.
    pub fn get(&mut self, says: &Says) -> Value {
        if self.count != 0 {
            self.count += 1;
        }
        self.get_again(says)
    }

    /// The same without counting.
    pub fn get_again(&self, says: &Says) -> Value {
        let (client_data, data) = (says.client_data(), says.device_data(says.flags, self.count, &[]));
        let message = [data.as_slice(), &Sha256::digest(&client_data)].concat();
        let signature = self.key.sign(&SystemRandom::new(), &message).expect("signed");
        json!({
            "id": self.id(), "rawId": self.id(), "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": text(&client_data), "authenticatorData": text(&data),
                "signature": text(signature.as_ref()), "userHandle": self.handle,
            },
        })
    }
}

pub fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn cbor(value: &Value) -> Vec<u8> {
    written(&ciborium::Value::serialized(value).expect("CBOR"))
}

fn written(value: &ciborium::Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).expect("written");
    bytes
}
