//! `spec/derivation.md` §2, as far as the generator's names go.

/// The id of a method's name in an event.
pub fn used(name: &str) -> &'static str {
    match name.trim().trim_end_matches('.') {
        "appNotification" | "Authenticator App with Notification" | "mobile app notification" => "app_notification",
        "appCode" | "Authenticator App with Code" | "mobile app code" => "app_code",
        "mobileSMS" | "Mobile Phone SMS" | "mobile SMS" => "sms",
        "mobileCall" | "mobile voice call" => "phone_call",
        "officePhone" | "office voice call" => "office_call",
        "Mobile Phone Call and SMS" => "mobile_phone",
        "email" | "Email" => "email",
        "securityQuestion" | "Security Questions" | "security questions" | "security question" => "security_questions",
        "fido" | "Fido" => "fido2",
        "temporary access pass" => "temporary_access_pass",
        _ => "unknown",
    }
}

/// The id of a second factor's name in the sign-in log.
pub fn second_factor(name: &str) -> &'static str {
    match name {
        "Mobile app notification" | "PhoneAppNotification" => "app_notification",
        "Mobile app verification code" | "PhoneAppOTP" => "app_code",
        "Text message" | "SMS" => "sms",
        "Phone call (Authentication phone)" | "TwoWayVoiceMobile" => "phone_call",
        "Phone call (Office phone)" | "TwoWayVoiceOffice" => "office_call",
        "Phone call (Alternate authentication phone)" | "TwoWayVoiceAlternateMobile" => "alternate_call",
        "OATH verification code" => "oath_code",
        "Software OATH token" | "softwareOneTimePasscode" => "software_oath",
        "FIDO2 security key" | "fido2" => "fido2",
        "Windows Hello for Business" | "windowsHelloForBusiness" => "windows_hello",
        "passKeyDeviceBound" | "passKeyDeviceBoundAuthenticator" => "passkey_device_bound",
        "microsoftAuthenticatorPasswordless" | "Authenticator passwordless" => "authenticator_passwordless",
        "Temporary Access Pass" | "temporaryAccessPass" => "temporary_access_pass",
        "externalAuthMethod" | "external" => "external",
        "Certificate-based authentication" | "Certificate" => "certificate",
        "Previously satisfied" => "previously_satisfied",
        "App password" => "app_password",
        _ => "unknown",
    }
}

/// The id of a name in `methodsRegistered`; `None`: no vocabulary knows it.
pub fn registered(name: &str) -> Option<&'static str> {
    Some(match name {
        "mobilePhone" => "mobile_phone",
        "officePhone" => "office_phone",
        "email" => "email",
        "securityQuestion" => "security_questions",
        "microsoftAuthenticatorPush" => "app_notification",
        "softwareOneTimePasscode" => "software_oath",
        "hardwareOneTimePasscode" => "hardware_oath",
        "fido2" => "fido2",
        "windowsHelloForBusiness" => "windows_hello",
        "passKeyDeviceBound" => "passkey_device_bound",
        "microsoftAuthenticatorPasswordless" => "authenticator_passwordless",
        "temporaryAccessPass" => "temporary_access_pass",
        _ => return None,
    })
}

fn is_sms_or_voice(name: &str) -> bool {
    matches!(name, "mobilePhone" | "officePhone")
}

/// At least one method of SMS or voice, and nothing else that is a factor of its own.
pub fn is_sms_or_voice_only(names: &[String]) -> bool {
    names.iter().any(|name| is_sms_or_voice(name))
        && names.iter().all(|name| is_sms_or_voice(name) || matches!(name.as_str(), "email" | "securityQuestion"))
}

/// The members of a class of `product.md` §3.
pub fn is_in_class(names: &[String], class: &str) -> bool {
    match class {
        "sms_or_voice" => names.iter().any(|name| is_sms_or_voice(name)),
        "sms_or_voice_only" => is_sms_or_voice_only(names),
        "sms_or_voice_and_better" => names.iter().any(|name| is_sms_or_voice(name)) && !is_sms_or_voice_only(names),
        "phishing_resistant" => {
            names.iter().any(|name| matches!(name.as_str(), "fido2" | "windowsHelloForBusiness" | "passKeyDeviceBound"))
        }
        _ => names.is_empty(),
    }
}
