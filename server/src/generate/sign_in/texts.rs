//! What the log says in words: results of the second factor in the spellings of several years, and reasons of failure.

use domain::sign_in::MfaStatus;

/// How a status is written: first as today, then as it was or as some records have it.
pub const fn spellings(status: MfaStatus) -> &'static [&'static str] {
    use MfaStatus as S;
    match status {
        S::CompletedInCloud => &[
            "MFA completed in Azure AD",
            "MFA completed in the cloud",
            "Azure Multi-Factor Authentication completed in the cloud",
        ],
        S::ExpiredByPolicy => &[
            "MFA has expired due to the policies configured on tenant",
            "Azure Multi-Factor Authentication has expired due to the policies configured on tenant",
        ],
        S::RegistrationPrompted => {
            &["MFA registration prompted", "Azure Multi-Factor Authentication registration prompted"]
        }
        S::ClaimInToken => &[
            "MFA requirement satisfied by claim in the token",
            "Azure Multi-Factor Authentication satisfied by claim in the token",
        ],
        S::ClaimFromExternalProvider => &["MFA requirement satisfied by claim provided by external provider"],
        S::StrongAuthentication => &["MFA requirement satisfied by strong authentication"],
        S::SkippedWindowsBroker => &["MFA requirement skipped as flow exercised was Windows broker logon flow"],
        S::SkippedAppPassword => &["MFA requirement skipped due to app password"],
        S::SkippedLocation => &[
            "MFA requirement skipped due to IP address",
            "MFA requirement skipped due to location",
            "MFA requirement skipped due to ADFS-issued InsideCorpNet claim; tenant was configured to skip MFA if this claim is present",
        ],
        S::SkippedRegisteredDevice => &["MFA requirement skipped due to registered device"],
        S::SkippedRememberedDevice => &[
            "MFA requirement skipped due to remembered device",
            "Azure Multi-Factor Authentication skipped due to remembered device",
        ],
        S::SuccessfullyCompleted => &[
            "MFA successfully completed",
            "MFA Successfully Completed",
            "Multi-factor authentication successfully completed",
        ],
        S::RedirectedToExternalProvider => &["Redirected to external provider for multi-factor authentication"],
        S::InProgress => {
            &["Authentication in progress", "Authentication in-progress", "MFA authentication in-progress"]
        }
        S::DuplicateAttempt => &["MFA denied; duplicate authentication attempt"],
        S::IncorrectCodeTooManyTimes => &["MFA denied; entered incorrect code too many times"],
        S::InvalidAuthentication => &["MFA denied; invalid authentication"],
        S::InvalidAppCode => &["MFA denied; invalid mobile app verification code"],
        S::Misconfiguration => &["MFA denied; misconfiguration"],
        S::Voicemail => &["MFA denied; phone call went to voicemail"],
        S::InvalidPhoneNumber => &["MFA denied; phone number has an invalid format"],
        S::ServiceError => &["MFA denied; service error"],
        S::PhoneUnreachable => &[
            "MFA denied; unable to reach the user's phone",
            "Azure Multi-Factor Authentication denied; unable to reach the user\u{2019}s phone",
        ],
        S::NotificationNotSentToDevice => &["MFA denied; unable to send the mobile app notification to the device"],
        S::NotificationNotSent => &["MFA denied; unable to send the mobile app notification"],
        S::UserDeclined => &[
            "MFA denied; user declined the authentication",
            "MFA Denied; user declined the authentication",
            "Azure Multi-Factor Authentication denied; user declined the authentication",
        ],
        S::NoResponseToNotification => &[
            "MFA denied; user did not respond to mobile app notification",
            "MFA denied; user didn't respond to mobile app notification",
            "MFA denied; user didn\u{2019}t respond to mobile app notification",
        ],
        S::NoMethodsRegistered => &[
            "MFA denied; user does not have any verification methods registered",
            "MFA denied; user doesn't have any verification methods registered",
        ],
        S::IncorrectCode => &["MFA denied; user entered incorrect code", "MFA Denied; user entered incorrect code"],
        S::IncorrectPin => &["MFA denied; user entered incorrect PIN"],
        S::HungUp => &["MFA denied; user hung up the phone call without succeeding the authentication"],
        S::UserBlocked => &["MFA denied; user is blocked"],
        S::CodeNeverEntered => &["MFA denied; user never entered the verification code"],
        S::UserNotFound => &["MFA denied; user not found"],
        S::CodeAlreadyUsed => &["MFA denied; verification code already used once"],
        // Reported in the app, or on the telephone.
        S::FraudReported => &["MFA denied; Phone App Reported Fraud", "MFA denied, Fraud Code Entered"],
        // Nobody knows these words yet.
        S::Unclassified => &["MFA requirement satisfied by quantum handshake"],
    }
}

/// The reason beside an error code.
pub const fn failure_reason(code: u32) -> &'static str {
    match code {
        0 => "Other.",
        50034 => {
            "The user account does not exist in the directory. To sign into this application, the account must be added to the directory."
        }
        50053 => "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
        50055 => "Invalid password, entered expired password.",
        50057 => "User account is disabled. The account has been disabled by an administrator.",
        50072 => "Users' needs to enroll for second factor authentication (interactive).",
        50074 => "Strong Authentication is required.",
        50076 => {
            "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource."
        }
        50078 => {
            "Presented multi-factor authentication has expired due to policies configured by your administrator, you must refresh your multi-factor authentication to access the resource."
        }
        50079 => {
            "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access the resource."
        }
        50086 => "The strong authentication service does not answer for this user.",
        50087 => "A transient error occurred during strong authentication. Please try again.",
        50088 => "Limit on telecom MFA calls reached. Please try again in a few minutes.",
        50097 => "Device authentication is required.",
        50125 => "Sign-in was interrupted due to a password reset or password registration entry.",
        50126 => "Error validating credentials due to invalid username or password.",
        50131 => {
            "Device is not in required device state or the request was blocked due to suspicious activity, access policy or security policy decisions."
        }
        50140 => "This error occurred due to 'Keep me signed in' interrupt when the user was signing-in.",
        50155 => "Device authentication failed for this user.",
        50158 => "External security challenge was not satisfied.",
        50161 => "Failed to validate authorization url of external claims provider.",
        50166 => "Failed to send request to claims provider.",
        50170 => "MFA is required but was not provided by the federated identity provider.",
        50177 => "External challenge is not supported for passthrough users.",
        53000 => {
            "Device is not in required device state: compliant. Or, the request was blocked due to suspicious activity, access policy, or security policy decisions."
        }
        53001 => "Device is not in required device state: domain joined.",
        53002 => "The app being used is not an approved app.",
        53003 => {
            "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance."
        }
        53004 => {
            "User needs to complete multi-factor authentication registration process before accessing this content."
        }
        53010 => "Need to set up multi-factor authentication from a location or device that is allowed.",
        53011 => "User blocked due to risk on home tenant.",
        65001 => {
            "The user or administrator has not consented to use the application. Send an interactive authorization request for this user and resource."
        }
        65004 => "User declined to consent to access the app.",
        70043 => "The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.",
        70044 => "The session has expired or is invalid due to sign-in frequency checks by conditional access.",
        500_121 => "Authentication failed during strong authentication request.",
        530_034 => {
            "A delegated administrator was blocked from accessing the tenant due to account risk in their home tenant."
        }
        530_035 => "Access has been blocked by security defaults.",
        _ => "Other.",
    }
}
