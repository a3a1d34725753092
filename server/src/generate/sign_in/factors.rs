//! Second factors as the sign-in log calls them: who has which, how often each fails, and what then is said.

use domain::sign_in::MfaStatus;
use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::super::methods::{self, Set};

/// What a step says beside the method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    None,
    /// The masked number.
    Phone,
    Text(&'static str),
}

#[derive(Debug)]
pub struct Factor {
    /// First as today, then another spelling.
    pub names: [&'static str; 2],
    pub detail: Detail,
    /// Of a hundred challenges so many are not met at the first try.
    fails: u32,
    /// Goes through the telephone gateway, which once is down for half a day.
    needs_gateway: bool,
    /// Completed in the app while the log waits for it: a step of its own.
    pub waits: bool,
    /// What is said when it fails, with weights.
    denials: &'static [(MfaStatus, u32)],
}

pub const PUSH: u8 = 0;
pub const CALL: u8 = 3;
pub const FIDO: u8 = 8;
pub const HELLO: u8 = 9;
const OATH: u8 = 6;
const TEXT: u8 = 2;

const fn factor(names: [&'static str; 2], detail: Detail, fails: u32, denials: &'static [(MfaStatus, u32)]) -> Factor {
    Factor { names, detail, fails, needs_gateway: matches!(detail, Detail::Phone), waits: false, denials }
}

const TRIES: &[(MfaStatus, u32)] = &[
    (MfaStatus::IncorrectCode, 40),
    (MfaStatus::CodeNeverEntered, 31),
    (MfaStatus::IncorrectCodeTooManyTimes, 9),
    (MfaStatus::CodeAlreadyUsed, 7),
    (MfaStatus::PhoneUnreachable, 4),
    (MfaStatus::InvalidPhoneNumber, 4),
    (MfaStatus::UserBlocked, 3),
    (MfaStatus::InvalidAuthentication, 2),
];
const RINGS: &[(MfaStatus, u32)] = &[
    (MfaStatus::HungUp, 33),
    (MfaStatus::PhoneUnreachable, 28),
    (MfaStatus::Voicemail, 17),
    (MfaStatus::IncorrectPin, 6),
    (MfaStatus::InvalidPhoneNumber, 6),
    (MfaStatus::UserBlocked, 5),
    (MfaStatus::DuplicateAttempt, 5),
];
const CODES: &[(MfaStatus, u32)] = &[
    (MfaStatus::InvalidAppCode, 38),
    (MfaStatus::IncorrectCode, 33),
    (MfaStatus::CodeAlreadyUsed, 13),
    (MfaStatus::CodeNeverEntered, 10),
    (MfaStatus::IncorrectCodeTooManyTimes, 6),
];
const KEYS: &[(MfaStatus, u32)] = &[(MfaStatus::InvalidAuthentication, 60), (MfaStatus::IncorrectPin, 40)];

/// What can be said of any of them.
const ANY: &[(MfaStatus, u32)] = &[
    (MfaStatus::ServiceError, 30),
    (MfaStatus::UserBlocked, 25),
    (MfaStatus::Misconfiguration, 20),
    (MfaStatus::UserNotFound, 15),
    (MfaStatus::DuplicateAttempt, 10),
];

pub static FACTORS: [Factor; 16] = [
    Factor {
        waits: true,
        needs_gateway: true,
        ..factor(
            ["Mobile app notification", "PhoneAppNotification"],
            Detail::None,
            8,
            &[
                (MfaStatus::NoResponseToNotification, 47),
                (MfaStatus::UserDeclined, 31),
                (MfaStatus::NotificationNotSentToDevice, 6),
                (MfaStatus::NotificationNotSent, 5),
                (MfaStatus::DuplicateAttempt, 4),
                (MfaStatus::InvalidAuthentication, 4),
                (MfaStatus::UserBlocked, 3),
            ],
        )
    },
    factor(["Mobile app verification code", "PhoneAppOTP"], Detail::None, 9, CODES),
    factor(["Text message", "SMS"], Detail::Phone, 13, TRIES),
    factor(["Phone call (Authentication phone)", "TwoWayVoiceMobile"], Detail::Phone, 23, RINGS),
    factor(["Phone call (Office phone)", "TwoWayVoiceOffice"], Detail::Phone, 19, RINGS),
    factor(["Phone call (Alternate authentication phone)", "TwoWayVoiceAlternateMobile"], Detail::Phone, 26, RINGS),
    factor(["OATH verification code", "OATH verification code"], Detail::None, 7, CODES),
    factor(
        ["Software OATH token", "softwareOneTimePasscode"],
        Detail::Text("Authenticator of another maker"),
        8,
        CODES,
    ),
    factor(["FIDO2 security key", "fido2"], Detail::Text("YubiKey 5 NFC"), 3, KEYS),
    factor(["Windows Hello for Business", "windowsHelloForBusiness"], Detail::None, 2, KEYS),
    factor(["passKeyDeviceBound", "passKeyDeviceBoundAuthenticator"], Detail::Text("Pixel 9"), 3, KEYS),
    factor(["microsoftAuthenticatorPasswordless", "Authenticator passwordless"], Detail::None, 6, KEYS),
    factor(["Temporary Access Pass", "temporaryAccessPass"], Detail::None, 5, TRIES),
    factor(["externalAuthMethod", "external"], Detail::Text("Contoso Verify"), 11, ANY),
    factor(["Certificate-based authentication", "Certificate"], Detail::Text("CN=smartcard"), 4, KEYS),
    // A name that no vocabulary knows yet.
    factor(["Gait recognition", "gaitRecognition"], Detail::Text("gait profile 2"), 30, ANY),
];

/// The second factor that somebody with these methods uses this time; `None` if there is none.
pub fn chosen(set: Set, rng: &mut ChaCha8Rng) -> Option<u8> {
    let roll = rng.random_range(0..100u32);
    let has = |method| methods::has(set, method);
    Some(if has(methods::NOVEL) && roll < 30 {
        15
    } else if has(methods::WINDOWS_HELLO) && roll < 70 {
        HELLO
    } else if has(methods::FIDO2) && roll < 85 {
        FIDO
    } else if has(methods::PASSKEY) && roll < 60 {
        10
    } else if has(methods::PASSWORDLESS) && roll < 55 {
        11
    } else if has(methods::PUSH) && roll < 78 {
        PUSH
    } else if has(methods::CODE) && roll < 96 {
        if roll < 90 { 1 } else { 7 }
    } else if has(methods::OFFICE_PHONE) && roll < 35 {
        4
    } else if has(methods::MOBILE_PHONE) {
        match roll {
            0..62 => TEXT,
            62..96 => CALL,
            _ => 5,
        }
    } else if has(methods::HARDWARE) {
        OATH
    } else if roll < 12 {
        // Handed out by the help desk, kept on a card, or of another house.
        [12, 13, 14][roll as usize % 3]
    } else if set == 0 || !methods::any(set, |method| method.is_strong) {
        return None;
    } else {
        OATH
    })
}

impl Factor {
    pub fn fails(&self, in_outage: bool, rng: &mut ChaCha8Rng) -> bool {
        let percent = if in_outage && self.needs_gateway { 82 } else { self.fails };
        rng.random_ratio(percent, 100)
    }

    /// Why it was denied.
    pub fn denial(&self, in_outage: bool, rng: &mut ChaCha8Rng) -> MfaStatus {
        if in_outage && self.needs_gateway && rng.random_ratio(7, 10) {
            return if self.waits { MfaStatus::NotificationNotSentToDevice } else { MfaStatus::PhoneUnreachable };
        }
        drawn(if rng.random_ratio(6, 100) { ANY } else { self.denials }, rng)
    }
}

fn drawn(weights: &[(MfaStatus, u32)], rng: &mut ChaCha8Rng) -> MfaStatus {
    let mut roll = rng.random_range(0..weights.iter().map(|(_, weight)| weight).sum());
    for (status, weight) in weights {
        if roll < *weight {
            return *status;
        }
        roll -= weight;
    }
    MfaStatus::ServiceError
}
