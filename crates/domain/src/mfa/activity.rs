use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::instant::Instant;
use crate::method::AuthMethod;
use crate::named;
use crate::record::{Digest, UserRef};
use crate::sign_in::Component;

named! {
    /// What became of the call, message or prompt: Microsoft's 45 codes (`spec/call_results.csv`). `SUCCESS_` is said of
    /// the delivery, not of the authentication.
    pub enum CallResult {
        SuccessWithPin => "SUCCESS_WITH_PIN",
        SuccessNoPin => "SUCCESS_NO_PIN",
        SuccessWithPinButTimeout => "SUCCESS_WITH_PIN_BUT_TIMEOUT",
        SuccessNoPinButTimeout => "SUCCESS_NO_PIN_BUT_TIMEOUT",
        SuccessPinExpired => "SUCCESS_PIN_EXPIRED",
        SuccessUsedCache => "SUCCESS_USED_CACHE",
        SuccessBypassedAuth => "SUCCESS_BYPASSED_AUTH",
        SuccessUsedIpBasedCache => "SUCCESS_USED_IP_BASED_CACHE",
        SuccessUsedAppBasedCache => "SUCCESS_USED_APP_BASED_CACHE",
        SuccessInvalidInput => "SUCCESS_INVALID_INPUT",
        SuccessUserBlocked => "SUCCESS_USER_BLOCKED",
        SuccessSmsAuthenticated => "SUCCESS_SMS_AUTHENTICATED",
        SuccessSmsSent => "SUCCESS_SMS_SENT",
        SuccessPhoneAppAuthenticated => "SUCCESS_PHONE_APP_AUTHENTICATED",
        SuccessOathCodePending => "SUCCESS_OATH_CODE_PENDING",
        SuccessOathCodeVerified => "SUCCESS_OATH_CODE_VERIFIED",
        SuccessFallbackOathCodeVerified => "SUCCESS_FALLBACK_OATH_CODE_VERIFIED",
        SuccessFallbackSecurityQuestionsAnswered => "SUCCESS_FALLBACK_SECURITY_QUESTIONS_ANSWERED",
        FailedPhoneBusy => "FAILED_PHONE_BUSY",
        ConfigIssue => "CONFIG_ISSUE",
        FailedInvalidPhonenumber => "FAILED_INVALID_PHONENUMBER",
        FailedUserHungupOnUs => "FAILED_USER_HUNGUP_ON_US",
        FailedInvalidExtension => "FAILED_INVALID_EXTENSION",
        FailedFraudCodeEntered => "FAILED_FRAUD_CODE_ENTERED",
        FailedServerError => "FAILED_SERVER_ERROR",
        FailedSmsNotSent => "FAILED_SMS_NOT_SENT",
        FailedSmsOtpIncorrect => "FAILED_SMS_OTP_INCORRECT",
        FailedSmsOtpPinIncorrect => "FAILED_SMS_OTP_PIN_INCORRECT",
        FailedSmsMaxOtpRetryReached => "FAILED_SMS_MAX_OTP_RETRY_REACHED",
        FailedPhoneAppDenied => "FAILED_PHONE_APP_DENIED",
        FailedPhoneAppInvalidPin => "FAILED_PHONE_APP_INVALID_PIN",
        FailedPhoneAppPinNotChanged => "FAILED_PHONE_APP_PIN_NOT_CHANGED",
        FailedFraudReported => "FAILED_FRAUD_REPORTED",
        FailedPhoneAppNoResponse => "FAILED_PHONE_APP_NO_RESPONSE",
        FailedPhoneAppAllDevicesBlocked => "FAILED_PHONE_APP_ALL_DEVICES_BLOCKED",
        FailedPhoneAppNotificationFailed => "FAILED_PHONE_APP_NOTIFICATION_FAILED",
        FailedPhoneAppInvalidResult => "FAILED_PHONE_APP_INVALID_RESULT",
        FailedOathCodeIncorrect => "FAILED_OATH_CODE_INCORRECT",
        FailedOathCodePinIncorrect => "FAILED_OATH_CODE_PIN_INCORRECT",
        FailedOathCodeDuplicate => "FAILED_OATH_CODE_DUPLICATE",
        FailedOathCodeOld => "FAILED_OATH_CODE_OLD",
        FailedOathTokenTimeout => "FAILED_OATH_TOKEN_TIMEOUT",
        FailedSecurityQuestionsTimeout => "FAILED_SECURITY_QUESTIONS_TIMEOUT",
        FailedAuthResultTimeout => "FAILED_AUTH_RESULT_TIMEOUT",
        FailedAuthenticationThrottled => "FAILED_AUTHENTICATION_THROTTLED",
    }
}

impl CallResult {
    /// Whether the user was authenticated, as far as the code alone tells.
    #[must_use]
    pub const fn verdict(self) -> Answer {
        match self {
            Self::SuccessWithPin | Self::SuccessNoPin | Self::SuccessSmsSent => Answer::Unknown,
            Self::SuccessUsedCache
            | Self::SuccessBypassedAuth
            | Self::SuccessUsedIpBasedCache
            | Self::SuccessUsedAppBasedCache
            | Self::SuccessSmsAuthenticated
            | Self::SuccessPhoneAppAuthenticated
            | Self::SuccessOathCodeVerified
            | Self::SuccessFallbackOathCodeVerified
            | Self::SuccessFallbackSecurityQuestionsAnswered => Answer::Yes,
            _ => Answer::No,
        }
    }

    /// Whether nobody was asked for anything: a cache or a bypass answered.
    #[must_use]
    pub const fn is_without_prompt(self) -> bool {
        matches!(
            self,
            Self::SuccessUsedCache
                | Self::SuccessBypassedAuth
                | Self::SuccessUsedIpBasedCache
                | Self::SuccessUsedAppBasedCache
        )
    }

    /// Whether the user said that it was somebody else.
    #[must_use]
    pub const fn is_fraud(self) -> bool {
        matches!(self, Self::FailedFraudCodeEntered | Self::FailedFraudReported)
    }
}

named! {
    /// Whether the user confirms with `#` alone or with a PIN before it.
    pub enum CallMode {
        Standard => "standard",
        Pin => "pin",
    }
}

/// One authentication through an on-premises component: a row of the activity report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityRecord {
    pub at: Instant,
    pub user: UserRef,
    pub method: AuthMethod,
    pub raw_method: Option<String>,
    pub mode: Option<CallMode>,
    pub component: Component,
    pub authentication_type: Option<String>,
    pub application: Option<String>,
    /// Masked.
    pub phone: Option<String>,
    /// `None` where the column is empty or its text is no code that is known.
    pub call_result: Option<CallResult>,
    pub raw_result: Option<String>,
    /// The column "Authenticated", else what the code alone tells.
    pub authenticated: Answer,
    pub ip: Option<String>,
    /// SHA-256 of the row's canonical JSON: its identity.
    pub digest: Digest,
}
