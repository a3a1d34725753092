use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::method::AuthMethod;
use crate::named;
use crate::named::UnknownName;

named! {
    /// Who or what demanded the second factor.
    pub enum RequiredBy {
        PerUser => "per_user",
        ConditionalAccess => "conditional_access",
        SecurityDefaults => "security_defaults",
        Risk => "risk",
        Application => "application",
        Other => "other",
        Unknown => "unknown",
    }
}

named! {
    /// Whether the second factor was given; independent of whether the sign-in succeeded.
    pub enum MfaResult {
        /// Not required.
        None => "none",
        Satisfied => "satisfied",
        Denied => "denied",
        /// In progress, or interrupted for it.
        Pending => "pending",
        Unknown => "unknown",
    }
}

named! {
    /// How it was satisfied or why it was denied: the rows of `spec/mfa_results.csv` in their order, and two more.
    pub enum MfaStatus {
        CompletedInCloud => "completed_in_cloud",
        ExpiredByPolicy => "expired_by_policy",
        RegistrationPrompted => "registration_prompted",
        ClaimInToken => "claim_in_token",
        ClaimFromExternalProvider => "claim_from_external_provider",
        StrongAuthentication => "strong_authentication",
        SkippedWindowsBroker => "skipped_windows_broker",
        SkippedAppPassword => "skipped_app_password",
        SkippedLocation => "skipped_location",
        SkippedRegisteredDevice => "skipped_registered_device",
        SkippedRememberedDevice => "skipped_remembered_device",
        SuccessfullyCompleted => "successfully_completed",
        RedirectedToExternalProvider => "redirected_to_external_provider",
        InProgress => "in_progress",
        DuplicateAttempt => "duplicate_attempt",
        IncorrectCodeTooManyTimes => "incorrect_code_too_many_times",
        InvalidAuthentication => "invalid_authentication",
        InvalidAppCode => "invalid_app_code",
        Misconfiguration => "misconfiguration",
        Voicemail => "voicemail",
        InvalidPhoneNumber => "invalid_phone_number",
        ServiceError => "service_error",
        PhoneUnreachable => "phone_unreachable",
        NotificationNotSentToDevice => "notification_not_sent_to_device",
        NotificationNotSent => "notification_not_sent",
        UserDeclined => "user_declined",
        NoResponseToNotification => "no_response_to_notification",
        NoMethodsRegistered => "no_methods_registered",
        IncorrectCode => "incorrect_code",
        IncorrectPin => "incorrect_pin",
        HungUp => "hung_up",
        UserBlocked => "user_blocked",
        CodeNeverEntered => "code_never_entered",
        UserNotFound => "user_not_found",
        CodeAlreadyUsed => "code_already_used",
        /// The user said that it was somebody else.
        FraudReported => "fraud_reported",
        /// A text of none of these: kept raw.
        Unclassified => "unclassified",
    }
}

impl MfaStatus {
    /// What the status says of the second factor; `None` where a text cannot be told.
    #[must_use]
    pub const fn result(self) -> Option<MfaResult> {
        match self {
            Self::CompletedInCloud
            | Self::ExpiredByPolicy
            | Self::RegistrationPrompted
            | Self::ClaimInToken
            | Self::ClaimFromExternalProvider
            | Self::StrongAuthentication
            | Self::SkippedWindowsBroker
            | Self::SkippedAppPassword
            | Self::SkippedLocation
            | Self::SkippedRegisteredDevice
            | Self::SkippedRememberedDevice
            | Self::SuccessfullyCompleted
            | Self::RedirectedToExternalProvider => Some(MfaResult::Satisfied),
            Self::InProgress => Some(MfaResult::Pending),
            Self::Unclassified => None,
            _ => Some(MfaResult::Denied),
        }
    }

    /// Whether the user was asked for something: the column `challenged` of `spec/mfa_results.csv`.
    #[must_use]
    pub const fn is_challenged(self) -> bool {
        !matches!(
            self,
            Self::ClaimInToken
                | Self::ClaimFromExternalProvider
                | Self::StrongAuthentication
                | Self::SkippedWindowsBroker
                | Self::SkippedAppPassword
                | Self::SkippedLocation
                | Self::SkippedRegisteredDevice
                | Self::SkippedRememberedDevice
        )
    }
}

named! {
    pub enum SignInStatus {
        Success => "success",
        Failure => "failure",
        Interrupted => "interrupted",
        /// The record has neither a status nor a code.
        Unknown => "unknown",
    }
}

named! {
    /// What Conditional Access made of a sign-in. Not for Reports Readers.
    pub enum ConditionalAccessResult {
        Unknown => "unknown",
        Success => "success",
        Failure => "failure",
        NotApplied => "not_applied",
    }
}

named! {
    /// Through which on-premises component a sign-in came.
    pub enum Component {
        None => "none",
        Nps => "nps",
        Adfs => "adfs",
        MfaServer => "mfa_server",
    }
}

/// What a text says of the second factor, or that there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusText {
    None,
    Status(MfaStatus),
}

impl StatusText {
    const NONE: &'static str = "none";

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => Self::NONE,
            Self::Status(status) => status.as_str(),
        }
    }
}

impl From<Option<MfaStatus>> for StatusText {
    fn from(status: Option<MfaStatus>) -> Self {
        status.map_or(Self::None, Self::Status)
    }
}

impl fmt::Display for StatusText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for StatusText {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        if text == Self::NONE {
            return Ok(Self::None);
        }
        text.parse().map(Self::Status).map_err(|mut error: UnknownName| {
            error.allowed.insert(0, Self::NONE);
            error
        })
    }
}

/// The method of the second factor; `none` where none was required.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecondFactor {
    None,
    Method(AuthMethod),
}

impl SecondFactor {
    const NONE: &'static str = "none";

    /// `none`, then every method.
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::None).chain(AuthMethod::ALL.iter().copied().map(Self::Method))
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => Self::NONE,
            Self::Method(method) => method.as_str(),
        }
    }

    /// 0 for none, else one more than the method's.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::None => 0,
            Self::Method(method) => method.code() + 1,
        }
    }

    #[must_use]
    pub fn from_code(code: i64) -> Option<Self> {
        if code == 0 { Some(Self::None) } else { AuthMethod::from_code(code - 1).map(Self::Method) }
    }
}

impl fmt::Display for SecondFactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SecondFactor {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        if text == Self::NONE {
            return Ok(Self::None);
        }
        text.parse().map(Self::Method).map_err(|mut error: UnknownName| {
            error.allowed.insert(0, Self::NONE);
            error
        })
    }
}

impl Serialize for SecondFactor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for SecondFactor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What figures say of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Facts {
    pub mfa_required: Answer,
    /// `None` where MFA was not required, or that is not known.
    pub required_by: Option<RequiredBy>,
    pub result: MfaResult,
    /// `None`: no text says.
    pub status: Option<MfaStatus>,
    pub method: SecondFactor,
    pub sign_in: SignInStatus,
}

impl Facts {
    /// Whether the user was asked for a second factor.
    #[must_use]
    pub fn is_challenged(&self) -> bool {
        self.mfa_required == Answer::Yes && self.status.is_none_or(MfaStatus::is_challenged)
    }

    /// Whether the challenge was not met here; the attempt may yet have met it in another sign-in.
    #[must_use]
    pub fn is_unmet(&self) -> bool {
        self.is_challenged() && matches!(self.result, MfaResult::Denied | MfaResult::Pending)
    }
}

/// Facts as one number, for the database; the layout is stored: append only.
impl Facts {
    const FIELDS: u32 = 6;

    #[must_use]
    pub fn code(&self) -> i64 {
        let values = [
            self.mfa_required.code(),
            self.required_by.map_or(0, |by| by.code() + 1),
            self.result.code(),
            self.status.map_or(0, |status| status.code() + 1),
            self.method.code(),
            self.sign_in.code(),
        ];
        values.iter().zip(0..Self::FIELDS).fold(0, |code, (value, field)| code | (value << (field * 8)))
    }

    #[must_use]
    pub fn from_code(code: i64) -> Option<Self> {
        let field = |n: u32| (code >> (n * 8)) & 0xff;
        let optional = |n: u32| field(n).checked_sub(1).filter(|code| *code >= 0);
        Some(Self {
            mfa_required: Answer::from_code(field(0))?,
            required_by: optional(1).map(|code| RequiredBy::from_code(code).ok_or(())).transpose().ok()?,
            result: MfaResult::from_code(field(2))?,
            status: optional(3).map(|code| MfaStatus::from_code(code).ok_or(())).transpose().ok()?,
            method: SecondFactor::from_code(field(4))?,
            sign_in: SignInStatus::from_code(field(5))?,
        })
    }
}
