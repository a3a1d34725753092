//! Authentication methods in the three spellings a generated organisation needs.

/// One method: what the registration report, the audit log, a reset flow and the usage report call it.
#[derive(Debug)]
pub struct Method {
    /// `methodsRegistered`
    pub registered: &'static str,
    /// The reason of "User registered security info"; `None`: never registered by hand here.
    pub phrase: Option<&'static str>,
    /// "User started the … verification option"
    pub gate: Option<&'static str>,
    /// `usageAuthMethod`
    pub usage: &'static str,
    /// Counts towards the reset policy.
    pub resets: bool,
    /// A second factor.
    pub is_strong: bool,
    pub is_passwordless: bool,
}

const fn method(
    registered: &'static str,
    phrase: Option<&'static str>,
    gate: Option<&'static str>,
    usage: &'static str,
    kind: Kind,
) -> Method {
    Method {
        registered,
        phrase,
        gate,
        usage,
        resets: gate.is_some(),
        is_strong: !matches!(kind, Kind::ResetOnly),
        is_passwordless: matches!(kind, Kind::Passwordless),
    }
}

enum Kind {
    ResetOnly,
    Strong,
    Passwordless,
}

/// A set of methods: one bit per position in [`METHODS`].
pub type Set = u32;

pub const MOBILE_PHONE: usize = 0;
pub const EMAIL: usize = 1;
pub const SECURITY_QUESTIONS: usize = 2;
pub const PUSH: usize = 3;
pub const CODE: usize = 4;
pub const FIDO2: usize = 5;
pub const OFFICE_PHONE: usize = 6;
pub const WINDOWS_HELLO: usize = 7;
pub const PASSKEY: usize = 8;
pub const PASSWORDLESS: usize = 9;
pub const TEMPORARY_ACCESS_PASS: usize = 10;
pub const HARDWARE: usize = 11;
/// A name that no vocabulary knows yet.
pub const NOVEL: usize = 12;

pub static METHODS: [Method; 13] = [
    method("mobilePhone", Some("Mobile Phone SMS"), Some("mobile SMS"), "mobileSMS", Kind::Strong),
    method("email", Some("Email"), Some("email"), "email", Kind::ResetOnly),
    method(
        "securityQuestion",
        Some("Security Questions"),
        Some("security questions"),
        "securityQuestion",
        Kind::ResetOnly,
    ),
    method(
        "microsoftAuthenticatorPush",
        Some("Authenticator App with Notification"),
        Some("mobile app notification"),
        "appNotification",
        Kind::Strong,
    ),
    method(
        "softwareOneTimePasscode",
        Some("Authenticator App with Code"),
        Some("mobile app code"),
        "appCode",
        Kind::Strong,
    ),
    method("fido2", Some("Fido"), None, "fido", Kind::Passwordless),
    method("officePhone", None, Some("office voice call"), "officePhone", Kind::Strong),
    method("windowsHelloForBusiness", None, None, "windowsHelloForBusiness", Kind::Passwordless),
    method("passKeyDeviceBound", None, None, "passKeyDeviceBound", Kind::Passwordless),
    method("microsoftAuthenticatorPasswordless", None, None, "microsoftAuthenticatorPasswordless", Kind::Passwordless),
    method("temporaryAccessPass", None, None, "temporaryAccessPass", Kind::ResetOnly),
    method("hardwareOneTimePasscode", None, None, "hardwareOneTimePasscode", Kind::Strong),
    method("gaitRecognition", Some("Gait Recognition"), None, "gaitRecognition", Kind::Strong),
];

pub const fn has(set: Set, method: usize) -> bool {
    set & (1 << method) != 0
}

pub const fn of(methods: &[usize]) -> Set {
    let mut set = 0;
    let mut i = 0;
    while i < methods.len() {
        set |= 1 << methods[i];
        i += 1;
    }
    set
}

pub fn members(set: Set) -> impl Iterator<Item = usize> {
    (0..METHODS.len()).filter(move |method| has(set, *method))
}

pub fn any(set: Set, test: impl Fn(&Method) -> bool) -> bool {
    members(set).any(|method| test(&METHODS[method]))
}

/// The reset policy asks for two methods.
pub fn is_reset_registered(set: Set) -> bool {
    members(set).filter(|method| METHODS[*method].resets).count() >= 2
}
