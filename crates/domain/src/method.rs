//! Authentication methods: one enum for every vocabulary of Microsoft's reports (`spec/derivation.md` §2).

mod sign_in_names;

use serde::{Deserialize, Serialize};

use crate::named;

named! {
    /// A way to prove who you are. The position of a member is stored in the database: append only.
    pub enum AuthMethod {
        Unknown => "unknown",
        AppNotification => "app_notification",
        AppCode => "app_code",
        Sms => "sms",
        PhoneCall => "phone_call",
        OfficeCall => "office_call",
        AlternateCall => "alternate_call",
        MobilePhone => "mobile_phone",
        OfficePhone => "office_phone",
        AlternatePhone => "alternate_phone",
        Email => "email",
        SecurityQuestions => "security_questions",
        SoftwareOath => "software_oath",
        HardwareOath => "hardware_oath",
        OathCode => "oath_code",
        Fido2 => "fido2",
        PasskeyDeviceBound => "passkey_device_bound",
        PasskeySynced => "passkey_synced",
        WindowsHello => "windows_hello",
        PlatformCredential => "platform_credential",
        AuthenticatorPasswordless => "authenticator_passwordless",
        TemporaryAccessPass => "temporary_access_pass",
        Certificate => "certificate",
        External => "external",
        QrCode => "qr_code",
        AppPassword => "app_password",
        Password => "password",
        PreviouslySatisfied => "previously_satisfied",
    }
}

named! {
    /// A class of methods that the users list can be filtered by. The position of a member is a bit of a stored cell.
    pub enum MethodClass {
        SmsOrVoice => "sms_or_voice",
        SmsOrVoiceOnly => "sms_or_voice_only",
        PhishingResistant => "phishing_resistant",
        None => "none",
        SmsOrVoiceAndBetter => "sms_or_voice_and_better",
    }
}

/// Which vocabulary a method name comes from: `officePhone` is a number when registered and a call when used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vocabulary {
    /// Methods a user has registered (`methodsRegistered`, `authMethods`, "MFA Methods").
    Registered,
    /// Methods used in an event or a sign-in (`usageAuthMethod`, gates, result texts).
    Used,
}

impl AuthMethod {
    /// The method that a name of any era stands for; `Unknown` where the name is not known.
    ///
    /// Spaces, hyphens, underscores, apostrophes and case do not matter; a trailing full stop neither.
    #[must_use]
    pub fn from_name(name: &str, vocabulary: Vocabulary) -> Self {
        let key: String = name
            .trim()
            .trim_end_matches('.')
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '_' | '\'' | '\u{2019}' | '\u{a0}'))
            .flat_map(char::to_lowercase)
            .collect();
        let used = vocabulary == Vocabulary::Used;
        match key.as_str() {
            "appnotification"
            | "microsoftauthenticatorpush"
            | "phoneappnotification"
            | "mobileappnotification"
            | "authenticatorappwithnotification"
            | "authenticatorappwithnotificationandcode"
            | "appnotificationandcode"
            | "microsoftauthenticatorapp" => Self::AppNotification,
            "appcode"
            | "phoneappotp"
            | "appnotificationcode"
            | "mobileappcode"
            | "mobileappverificationcode"
            | "authenticatorappwithcode" => Self::AppCode,
            "mobilesms" | "sms" | "onewaysms" | "twowaysms" | "textmessage" | "mobilephonesms" => Self::Sms,
            "mobilecall"
            | "phonecall"
            | "twowayvoicemobile"
            | "phonecall(authenticationphone)"
            | "mobilevoicecall"
            | "mobilephonevoice"
            | "mobilephonecall" => Self::PhoneCall,
            "officephone" if used => Self::OfficeCall,
            "officephone" => Self::OfficePhone,
            "officecall"
            | "twowayvoiceoffice"
            | "phonecall(officephone)"
            | "officevoicecall"
            | "officephonevoice"
            | "officephonecall"
            | "officephonevoicecall" => Self::OfficeCall,
            "alternatemobilecall"
            | "alternatecall"
            | "twowayvoicealternatemobile"
            | "phonecall(alternateauthenticationphone)" => Self::AlternateCall,
            "mobilephone" | "phone" | "mobilephoneandsms" | "mobilephonecallandsms" => Self::MobilePhone,
            "alternatemobilephone" | "alternatephone" => Self::AlternatePhone,
            "email" => Self::Email,
            "securityquestion" | "securityquestions" => Self::SecurityQuestions,
            "softwareonetimepasscode" | "softwareoath" | "softwareoathtoken" => Self::SoftwareOath,
            "hardwareonetimepasscode" | "hardwareoath" | "hardwareoathtoken" => Self::HardwareOath,
            "oathverificationcode" | "onetimepasscode" | "oathcode" => Self::OathCode,
            "fido" | "fido2" | "fido2securitykey" => Self::Fido2,
            "passkeydevicebound" | "passkeydeviceboundauthenticator" => Self::PasskeyDeviceBound,
            "passkeysynced" => Self::PasskeySynced,
            "windowshelloforbusiness" | "windowshello" | "passkeydeviceboundwindowshello" => Self::WindowsHello,
            "macossecureenclavekey" | "platformcredential" => Self::PlatformCredential,
            "microsoftauthenticatorpasswordless" | "authenticatorpasswordless" | "microsoftpasswordlessphonesignin" => {
                Self::AuthenticatorPasswordless
            }
            "temporaryaccesspass" => Self::TemporaryAccessPass,
            "certificate" | "certificatebasedauthentication" | "x509certificate" => Self::Certificate,
            "externalauthmethod" | "external" => Self::External,
            "qrcode" | "qrcodepin" => Self::QrCode,
            "apppassword" => Self::AppPassword,
            "password" => Self::Password,
            "previouslysatisfied" => Self::PreviouslySatisfied,
            key if used => sign_in_names::method_named(key).unwrap_or(Self::Unknown),
            _ => Self::Unknown,
        }
    }

    /// Reaches a telephone number: ends with Microsoft's SMS and voice codes on 1 February 2027.
    #[must_use]
    pub const fn is_sms_or_voice(self) -> bool {
        matches!(
            self,
            Self::Sms
                | Self::PhoneCall
                | Self::OfficeCall
                | Self::AlternateCall
                | Self::MobilePhone
                | Self::OfficePhone
                | Self::AlternatePhone
        )
    }

    /// Cannot be given away to a fake sign-in page.
    #[must_use]
    pub const fn is_phishing_resistant(self) -> bool {
        matches!(
            self,
            Self::Fido2
                | Self::PasskeyDeviceBound
                | Self::PasskeySynced
                | Self::WindowsHello
                | Self::PlatformCredential
                | Self::Certificate
        )
    }

    /// Does not lift a user out of "SMS or voice only": not a second factor of its own.
    #[must_use]
    pub const fn is_no_factor_of_its_own(self) -> bool {
        matches!(self, Self::Email | Self::SecurityQuestions | Self::AppPassword | Self::Password)
    }

    const fn bit(self) -> u64 {
        1 << (self as u64)
    }

    /// The methods a filter for this one matches: `sms` and `phone_call` also match `mobile_phone`,
    /// because registration data does not tell the two apart.
    #[must_use]
    pub fn matched_by_filter(self) -> MethodSet {
        let also = match self {
            Self::Sms | Self::PhoneCall => Self::MobilePhone.bit(),
            _ => 0,
        };
        MethodSet { bits: self.bit() | also, raw: Vec::new() }
    }
}

/// The methods a user has registered; names that no vocabulary knows are kept raw.
///
/// `unknown` as a member without a raw name means: methods are present, which ones is not known
/// (`System.Object[]` in `MFA_Report.csv`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodSet {
    bits: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    raw: Vec<String>,
}

impl MethodSet {
    /// From the stored bit set (bit = position of the method) and raw names.
    #[must_use]
    pub fn from_parts(bits: u64, raw: Vec<String>) -> Self {
        Self { bits, raw }
    }

    /// From names of the registration vocabulary; the order given does not matter.
    #[must_use]
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut set = Self::default();
        for name in names.into_iter().map(str::trim).filter(|name| !name.is_empty()) {
            let method = AuthMethod::from_name(name, Vocabulary::Registered);
            set.insert(method);
            if method == AuthMethod::Unknown && !set.raw.iter().any(|raw| raw == name) {
                set.raw.push(name.to_owned());
            }
        }
        set.raw.sort_unstable();
        set
    }

    /// From what [`MethodSet::ids`] wrote: our ids, and raw names.
    #[must_use]
    pub fn from_ids<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        let (known, raw): (Vec<&str>, Vec<&str>) = ids.into_iter().partition(|id| id.parse::<AuthMethod>().is_ok());
        let mut set = Self::from_names(raw);
        for method in known.iter().filter_map(|id| id.parse().ok()) {
            set.insert(method);
        }
        set
    }

    /// Methods are present, but which ones is not known.
    #[must_use]
    pub fn some_unknown() -> Self {
        Self { bits: AuthMethod::Unknown.bit(), raw: Vec::new() }
    }

    pub fn insert(&mut self, method: AuthMethod) {
        self.bits |= method.bit();
    }

    #[must_use]
    pub fn contains(&self, method: AuthMethod) -> bool {
        self.bits & method.bit() != 0
    }

    #[must_use]
    pub fn intersects(&self, other: &Self) -> bool {
        self.bits & other.bits != 0
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bits == 0
    }

    #[must_use]
    pub const fn bits(&self) -> u64 {
        self.bits
    }

    /// Names that no vocabulary knows, as they came.
    #[must_use]
    pub fn raw(&self) -> &[String] {
        &self.raw
    }

    /// The members in the order of the enum, `unknown` last.
    pub fn iter(&self) -> impl Iterator<Item = AuthMethod> + '_ {
        AuthMethod::ALL.iter().copied().skip(1).chain([AuthMethod::Unknown]).filter(|method| self.contains(*method))
    }

    /// Ids for JSON and exports: known methods by id, unknown ones by their raw name.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        let known =
            self.iter().filter(|method| *method != AuthMethod::Unknown).map(|method| method.as_str().to_owned());
        let mut ids: Vec<String> = known.collect();
        if self.contains(AuthMethod::Unknown) {
            if self.raw.is_empty() {
                ids.push(AuthMethod::Unknown.as_str().to_owned());
            } else {
                ids.extend(self.raw.iter().cloned());
            }
        }
        ids
    }

    /// Whether the set falls in a class. An unknown method keeps a user out of "SMS or voice only".
    #[must_use]
    pub fn is_in(&self, class: MethodClass) -> bool {
        match class {
            MethodClass::SmsOrVoice => self.iter().any(AuthMethod::is_sms_or_voice),
            MethodClass::SmsOrVoiceOnly => {
                self.iter().any(AuthMethod::is_sms_or_voice)
                    && self.iter().all(|method| method.is_sms_or_voice() || method.is_no_factor_of_its_own())
            }
            MethodClass::PhishingResistant => self.iter().any(AuthMethod::is_phishing_resistant),
            MethodClass::None => self.is_empty(),
            MethodClass::SmsOrVoiceAndBetter => {
                self.is_in(MethodClass::SmsOrVoice) && !self.is_in(MethodClass::SmsOrVoiceOnly)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_and_new_names_meet() {
        for (name, vocabulary, method) in [
            ("microsoftAuthenticatorPush", Vocabulary::Registered, AuthMethod::AppNotification),
            ("Authenticator App with Notification and Code", Vocabulary::Used, AuthMethod::AppNotification),
            ("Authenticator App with Code", Vocabulary::Used, AuthMethod::AppCode),
            ("officePhone", Vocabulary::Used, AuthMethod::OfficeCall),
            ("officePhone", Vocabulary::Registered, AuthMethod::OfficePhone),
            ("Mobile Phone Call and SMS", Vocabulary::Used, AuthMethod::MobilePhone),
            ("mobile SMS", Vocabulary::Used, AuthMethod::Sms),
            ("mobile voice call", Vocabulary::Used, AuthMethod::PhoneCall),
            ("Phone call (Alternate authentication phone)", Vocabulary::Used, AuthMethod::AlternateCall),
            ("Fido", Vocabulary::Used, AuthMethod::Fido2),
            ("carrier pigeon", Vocabulary::Used, AuthMethod::Unknown),
        ] {
            assert_eq!(AuthMethod::from_name(name, vocabulary), method, "{name}");
        }
    }

    #[test]
    fn every_id_names_itself() {
        for method in AuthMethod::ALL {
            assert_eq!(method.as_str().parse(), Ok(*method));
        }
        assert!(AuthMethod::ALL.len() <= 63, "a method is one bit of a signed 64-bit column");
    }

    #[test]
    fn sms_only_is_about_factors() {
        let weak = MethodSet::from_names(["mobilePhone", "email"]);
        assert!(weak.is_in(MethodClass::SmsOrVoiceOnly));
        let better = MethodSet::from_names(["mobilePhone", "fido2"]);
        assert!(!better.is_in(MethodClass::SmsOrVoiceOnly) && better.is_in(MethodClass::SmsOrVoice));
        assert!(better.is_in(MethodClass::SmsOrVoiceAndBetter) && !weak.is_in(MethodClass::SmsOrVoiceAndBetter));
        let unclear = MethodSet::from_names(["mobilePhone", "somethingNew"]);
        assert!(!unclear.is_in(MethodClass::SmsOrVoiceOnly));
        assert_eq!(unclear.ids(), ["mobile_phone", "somethingNew"]);
    }
}
