use std::sync::Arc;

use domain::freshness::StaleAfter;
use domain::instant::Instant;
use domain::preferences::{Language, Preferences, is_time_zone};
use domain::viewer::Viewer;
use store::Services;

use super::second_step::SecondStep;
use super::sources::SourcesAnswer;
use crate::address::Address;
use crate::language::Ui;
use crate::reference::Reference;

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
    /// Of the site's files: part of their addresses, so that browsers may keep them.
    pub version: &'static str,
    /// The viewer's; the defaults where nobody is known.
    pub preferences: Preferences,
    /// The language that the browser likes best.
    pub accepted: Option<Language>,
    pub notice: Option<Notice>,
    /// The session that the page was asked for in; `None` for tokens.
    pub session: Option<String>,
    /// What the form of `/settings/sources` came to.
    pub sources: Option<Arc<SourcesAnswer>>,
    /// A token that the form of `/settings/tokens` has just made: shown here and never again.
    pub token_made: Option<Arc<TokenMade>>,
    /// Of a sign-in that is under way.
    pub step: Option<Arc<SecondStep>>,
    /// Whether passkeys can be bound to the address that readers know.
    pub has_passkeys: bool,
    /// How often figures have changed before this page; `None` where that is not known, or nobody's.
    pub change: Option<i64>,
    /// Under which the log has more.
    pub request_id: String,
    /// Scheme, host and port that readers know.
    pub public_url: String,
    /// For `/api/docs`.
    pub api: &'static Reference,
}

impl RequestContext {
    /// The address of this screen, without what a preference is weaker than.
    #[must_use]
    pub fn here(&self) -> String {
        Address::new(self.path.clone(), &self.query).without(&["lang", "tz"]).to_string()
    }

    /// Language and zone of the answer: the URL's, else the viewer's, else the browser's or the organisation's.
    ///
    /// A wrong name in the URL is the page's to complain about; here it counts as none.
    #[must_use]
    pub fn ui(&self) -> Ui {
        let in_url = |wanted: &str| {
            form_urlencoded::parse(self.query.as_bytes()).find(|(name, _)| name == wanted).map(|(_, value)| value)
        };
        let language = in_url("lang").and_then(|name| name.parse().ok());
        let language = language.or(self.preferences.language).or(self.accepted).unwrap_or(self.settings.language);
        let zone = in_url("tz").map(std::borrow::Cow::into_owned).filter(|name| is_time_zone(name));
        let zone = zone.as_ref().or(self.preferences.time_zone.as_ref()).unwrap_or(&self.settings.time_zone);
        Ui::new(zone).in_language(language)
    }
}

/// A token with its secret.
#[derive(Clone, Debug)]
pub struct TokenMade {
    pub name: String,
    pub token: String,
}

/// What the installation is called and how it shows time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteSettings {
    pub organisation: String,
    /// IANA name of the zone that instants are shown in unless the URL names one.
    pub time_zone: String,
    /// Of pages whose viewer names none that there is.
    pub language: Language,
    pub is_demo: bool,
    /// When what is shown counts as old.
    pub stale_after: StaleAfter,
    /// The identity provider that one can sign in with, by name.
    pub provider: Option<String>,
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
    /// No such time zone.
    TimeZoneUnknown,
    /// Shorter than 12 or longer than 1,024 characters.
    PasswordLength,
    PasswordGuessable,
    ViewNameWrong,
    TooManyViews,
    ViewNotYours,
    ViewMissing,
    ViewRenamed,
    ViewDeleted,
    NoFileChosen,
    UploadTooLarge,
    /// So many files are waiting to be imported.
    TooManyUploads,
    DemoTakesNothing,
    /// One's exports wait already, as many as may.
    TooManyExportsWaiting,
    TooManyExports,
    ExportDeleted,
    SourceAdded,
    SourceChanged,
    SourceRemoved,
    SourceMissing,
    AccountDisabled,
    /// The identity provider does not answer.
    ProviderSilent,
    ProviderRefused,
    /// What it sent proves nothing.
    ProviderNotBelieved,
    /// Came back without having been sent.
    SignInNotBegun,
    NoRoleOfOurs,
    /// The token says nothing of roles.
    NoRolesSent,
    /// More groups than a token holds.
    TooManyGroups,
    TokenNameWrong,
    TokenNameTaken,
    TokenDaysWrong,
    /// A sign-in that is over, or was begun in another browser.
    StepGone,
    WrongCode,
    TooManyCodes,
    /// Too many of an account, from wherever they came.
    CodesLocked,
    /// The key of stored secrets is not there, or is another one.
    FactorKeyMissing,
    LastFactor,
    SignInTooOld,
    CurrentPasswordWrong,
    PasswordChanged,
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
        Self::PasswordGuessable,
        Self::TimeZoneUnknown,
        Self::ViewNameWrong,
        Self::TooManyViews,
        Self::ViewNotYours,
        Self::ViewMissing,
        Self::ViewRenamed,
        Self::ViewDeleted,
        Self::NoFileChosen,
        Self::UploadTooLarge,
        Self::TooManyUploads,
        Self::DemoTakesNothing,
        Self::TooManyExportsWaiting,
        Self::TooManyExports,
        Self::ExportDeleted,
        Self::SourceAdded,
        Self::SourceChanged,
        Self::SourceRemoved,
        Self::SourceMissing,
        Self::AccountDisabled,
        Self::ProviderSilent,
        Self::ProviderRefused,
        Self::ProviderNotBelieved,
        Self::SignInNotBegun,
        Self::NoRoleOfOurs,
        Self::NoRolesSent,
        Self::TooManyGroups,
        Self::TokenNameWrong,
        Self::TokenNameTaken,
        Self::TokenDaysWrong,
        Self::StepGone,
        Self::WrongCode,
        Self::TooManyCodes,
        Self::CodesLocked,
        Self::FactorKeyMissing,
        Self::LastFactor,
        Self::SignInTooOld,
        Self::CurrentPasswordWrong,
        Self::PasswordChanged,
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
            Self::PasswordGuessable => "password-guessable",
            Self::TimeZoneUnknown => "time-zone-unknown",
            Self::ViewNameWrong => "view-name-wrong",
            Self::TooManyViews => "too-many-views",
            Self::ViewNotYours => "view-not-yours",
            Self::ViewMissing => "view-missing",
            Self::ViewRenamed => "view-renamed",
            Self::ViewDeleted => "view-deleted",
            Self::NoFileChosen => "no-file-chosen",
            Self::UploadTooLarge => "upload-too-large",
            Self::TooManyUploads => "too-many-uploads",
            Self::DemoTakesNothing => "demo-takes-nothing",
            Self::TooManyExportsWaiting => "too-many-exports-waiting",
            Self::TooManyExports => "too-many-exports",
            Self::ExportDeleted => "export-deleted",
            Self::SourceAdded => "source-added",
            Self::SourceChanged => "source-changed",
            Self::SourceRemoved => "source-removed",
            Self::SourceMissing => "source-missing",
            Self::AccountDisabled => "account-disabled",
            Self::ProviderSilent => "provider-silent",
            Self::ProviderRefused => "provider-refused",
            Self::ProviderNotBelieved => "provider-not-believed",
            Self::SignInNotBegun => "sign-in-not-begun",
            Self::NoRoleOfOurs => "no-role",
            Self::NoRolesSent => "no-roles-sent",
            Self::TooManyGroups => "too-many-groups",
            Self::TokenNameWrong => "token-name-wrong",
            Self::TokenNameTaken => "token-name-taken",
            Self::TokenDaysWrong => "token-days-wrong",
            Self::StepGone => "step-gone",
            Self::WrongCode => "wrong-code",
            Self::TooManyCodes => "too-many-codes",
            Self::CodesLocked => "codes-locked",
            Self::FactorKeyMissing => "factor-key-missing",
            Self::LastFactor => "last-factor",
            Self::SignInTooOld => "sign-in-too-old",
            Self::CurrentPasswordWrong => "current-password-wrong",
            Self::PasswordChanged => "password-changed",
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
        !matches!(
            self,
            Self::SignedOut
                | Self::SetupDone
                | Self::ViewRenamed
                | Self::ViewDeleted
                | Self::ExportDeleted
                | Self::SourceAdded
                | Self::SourceChanged
                | Self::SourceRemoved
                | Self::PasswordChanged
        )
    }
}
