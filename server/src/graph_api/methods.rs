//! Names of methods as Graph's vocabularies have them.

use domain::method::{AuthMethod, MethodSet};

/// The name in `methodsRegistered`, an open set: where today's reports have no name, an older one that is exact.
pub const fn registered(method: AuthMethod) -> &'static str {
    match method {
        AuthMethod::AppNotification => "microsoftAuthenticatorPush",
        AuthMethod::AppCode => "appCode",
        AuthMethod::Sms => "sms",
        AuthMethod::PhoneCall => "mobileCall",
        AuthMethod::OfficeCall => "officeCall",
        AuthMethod::AlternateCall => "alternateMobileCall",
        AuthMethod::MobilePhone => "mobilePhone",
        AuthMethod::OfficePhone => "officePhone",
        AuthMethod::AlternatePhone => "alternateMobilePhone",
        AuthMethod::Email => "email",
        AuthMethod::SecurityQuestions => "securityQuestion",
        AuthMethod::SoftwareOath => "softwareOneTimePasscode",
        AuthMethod::HardwareOath => "hardwareOneTimePasscode",
        AuthMethod::OathCode => "oneTimePasscode",
        AuthMethod::Fido2 => "fido2SecurityKey",
        AuthMethod::PasskeyDeviceBound => "passKeyDeviceBound",
        AuthMethod::PasskeySynced => "passKeySynced",
        AuthMethod::WindowsHello => "windowsHelloForBusiness",
        AuthMethod::PlatformCredential => "macOsSecureEnclaveKey",
        AuthMethod::AuthenticatorPasswordless => "microsoftAuthenticatorPasswordless",
        AuthMethod::TemporaryAccessPass => "temporaryAccessPass",
        AuthMethod::Certificate => "x509Certificate",
        AuthMethod::External => "externalAuthMethod",
        AuthMethod::QrCode => "qrCode",
        AuthMethod::AppPassword => "appPassword",
        AuthMethod::Password => "password",
        AuthMethod::PreviouslySatisfied => "previouslySatisfied",
        AuthMethod::Unknown => "unknownFutureValue",
    }
}

/// `methodsRegistered`: names, and those that nobody knows as they came.
pub fn all_registered(methods: &MethodSet) -> Vec<String> {
    let known = methods.iter().filter(|method| *method != AuthMethod::Unknown);
    let mut names: Vec<String> = known.map(|method| registered(method).to_owned()).collect();
    names.extend(methods.raw().iter().cloned());
    if names.is_empty() && !methods.is_empty() {
        names.push(registered(AuthMethod::Unknown).to_owned());
    }
    names
}

/// The member of `registrationAuthMethod`, of 2019.
pub const fn registered_in_2019(method: AuthMethod) -> &'static str {
    match method {
        AuthMethod::AppNotification | AuthMethod::AuthenticatorPasswordless => "appNotification",
        AuthMethod::AppCode | AuthMethod::SoftwareOath | AuthMethod::HardwareOath | AuthMethod::OathCode => "appCode",
        AuthMethod::Sms | AuthMethod::PhoneCall | AuthMethod::MobilePhone => "mobilePhone",
        AuthMethod::OfficeCall | AuthMethod::OfficePhone => "officePhone",
        AuthMethod::AlternateCall | AuthMethod::AlternatePhone => "alternateMobilePhone",
        AuthMethod::Email => "email",
        AuthMethod::SecurityQuestions => "securityQuestion",
        AuthMethod::Fido2 | AuthMethod::PasskeyDeviceBound | AuthMethod::PasskeySynced => "fido",
        AuthMethod::AppPassword => "appPassword",
        AuthMethod::External => "externalAuthMethod",
        _ => "unknownFutureValue",
    }
}

/// The member of `usageAuthMethod`, of today.
pub const fn used(method: AuthMethod) -> &'static str {
    match method {
        AuthMethod::AppNotification => "microsoftAuthenticatorPush",
        AuthMethod::AppCode => "appCode",
        AuthMethod::Sms => "sms",
        AuthMethod::PhoneCall => "mobileCall",
        AuthMethod::OfficeCall | AuthMethod::OfficePhone => "officePhone",
        AuthMethod::AlternateCall => "alternateMobileCall",
        AuthMethod::MobilePhone => "mobilePhone",
        AuthMethod::AlternatePhone => "alternateMobilePhone",
        AuthMethod::Certificate | AuthMethod::Password | AuthMethod::PreviouslySatisfied | AuthMethod::Unknown => {
            "unknownFutureValue"
        }
        other => registered(other),
    }
}

/// The member of `usageAuthMethod` that it had in 2019, where it had one.
pub const fn used_in_2019(method: AuthMethod) -> &'static str {
    match method {
        AuthMethod::AppNotification => "appNotification",
        AuthMethod::SoftwareOath | AuthMethod::HardwareOath | AuthMethod::OathCode => "appCode",
        AuthMethod::Sms => "mobileSMS",
        AuthMethod::MobilePhone => "mobileCall",
        AuthMethod::AlternatePhone => "alternateMobileCall",
        AuthMethod::Fido2 => "fido",
        other => used(other),
    }
}

/// Methods of the summary of sign-ins by method, in its order.
pub const OF_SIGN_INS: [AuthMethod; 12] = [
    AuthMethod::Sms,
    AuthMethod::PhoneCall,
    AuthMethod::AlternateCall,
    AuthMethod::OfficeCall,
    AuthMethod::AppNotification,
    AuthMethod::OathCode,
    AuthMethod::AuthenticatorPasswordless,
    AuthMethod::WindowsHello,
    AuthMethod::Fido2,
    AuthMethod::TemporaryAccessPass,
    AuthMethod::PasskeyDeviceBound,
    AuthMethod::External,
];

#[cfg(test)]
mod tests {
    use domain::method::Vocabulary;

    use super::*;

    #[test]
    fn names_are_read_as_the_methods_again() {
        for method in AuthMethod::ALL.iter().copied() {
            let registered = AuthMethod::from_name(registered(method), Vocabulary::Registered);
            let is_only_used = matches!(method, AuthMethod::OfficeCall);
            assert!(registered == method || is_only_used, "{method}: {registered}");
        }
        // In events an office phone is a call, and a method that the enumeration does not have is unknown.
        for method in AuthMethod::ALL.iter().copied().filter(|method| used(*method) != "unknownFutureValue") {
            let again = AuthMethod::from_name(used(method), Vocabulary::Used);
            assert!(again == method || method == AuthMethod::OfficePhone, "{method}: {again}");
        }
    }
}
