use domain::instant::Instant;
use domain::viewer::Viewer;
use store::Services;

/// Everything a page may know of its request; provided by the server for each one.
#[derive(Clone)]
pub struct RequestContext {
    pub services: Services,
    /// `None` on the sign-in, setup and error pages only.
    pub viewer: Option<Viewer>,
    pub now: Instant,
    /// The path, percent-encoded as it came.
    pub path: String,
    /// The raw query string, without the question mark.
    pub query: String,
    pub settings: SiteSettings,
    pub notice: Option<Notice>,
    /// Under which the log has more.
    pub request_id: String,
}

/// What the installation is called and how it shows time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteSettings {
    pub organisation: String,
    /// IANA name of the zone that instants are shown in unless the URL names one.
    pub time_zone: String,
    pub is_demo: bool,
}

/// What the form before this page came to; shown above it.
///
/// The server passes it on in the URL by name, or renders the form's page again with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    SignedOut,
    /// The session ended by itself.
    SessionEnded,
    WrongPassword,
    TooManyAttempts,
    /// The setup link is used, expired or not ours.
    SetupLinkInvalid,
    SetupDone,
    DisplayNameMissing,
    UserNameMissing,
    /// Shorter than 12 or longer than 1,024 characters.
    PasswordLength,
}

impl Notice {
    pub const ALL: &'static [Self] = &[
        Self::SignedOut,
        Self::SessionEnded,
        Self::WrongPassword,
        Self::TooManyAttempts,
        Self::SetupLinkInvalid,
        Self::SetupDone,
        Self::DisplayNameMissing,
        Self::UserNameMissing,
        Self::PasswordLength,
    ];

    /// The name in a URL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed-out",
            Self::SessionEnded => "session-ended",
            Self::WrongPassword => "wrong-password",
            Self::TooManyAttempts => "too-many-attempts",
            Self::SetupLinkInvalid => "setup-link-invalid",
            Self::SetupDone => "setup-done",
            Self::DisplayNameMissing => "display-name-missing",
            Self::UserNameMissing => "user-name-missing",
            Self::PasswordLength => "password-length",
        }
    }

    /// The notice with this name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|notice| notice.as_str() == name)
    }

    /// Whether it says that something went wrong.
    #[must_use]
    pub const fn is_problem(self) -> bool {
        !matches!(self, Self::SignedOut | Self::SetupDone)
    }
}
