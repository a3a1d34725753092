//! Names of the product's words in the viewer's language.

use domain::freshness::SourceGroup;
use domain::answer::Answer;
use domain::method::{AuthMethod, MethodClass};
use domain::population::{LeftOutReason, Population};
use domain::preferences::Theme;
use domain::query::{EventColumn, GroupColumn, TrendColumn, UserColumn, UserFlag};
use domain::record::{EventSource, Feature, Outcome, PerUserMfa, RecordKind, UserType};
use domain::report::{ImportDoor, ImportItem, ImportStatus, UnclassifiedField};
use domain::retention::Kept;
use domain::role::Role;
use domain::view::ViewPage;
use domain::window::Range;

use crate::language::{Ui, t};

mod access;
mod connections;
mod exports;
mod mfa;
mod sign_ins;

impl Ui {
    /// "Yes", "No", "Unknown"
    pub fn answer(&self, answer: Answer) -> &'static str {
        match answer {
            Answer::Yes => t!(self, answer.yes),
            Answer::No => t!(self, answer.no),
            Answer::Unknown => t!(self, answer.unknown),
        }
    }

    /// The name of a tile and its filter
    pub fn flag(&self, flag: UserFlag) -> &'static str {
        match flag {
            UserFlag::Registered => t!(self, flag.registered),
            UserFlag::Enabled => t!(self, flag.enabled),
            UserFlag::Capable => t!(self, flag.capable),
            UserFlag::MfaRegistered => t!(self, flag.mfa_registered),
            UserFlag::MfaCapable => t!(self, flag.mfa_capable),
            UserFlag::PasswordlessCapable => t!(self, flag.passwordless_capable),
        }
    }

    /// A role, as Microsoft calls it
    pub fn role(&self, role: Role) -> &'static str {
        match role {
            Role::ReportsReader => t!(self, role.reports_reader),
            Role::SecurityReader => t!(self, role.security_reader),
            Role::GlobalReader => t!(self, role.global_reader),
            Role::SecurityAdministrator => t!(self, role.security_administrator),
            Role::GlobalAdministrator => t!(self, role.global_administrator),
        }
    }

    /// Light or dark
    pub fn theme(&self, theme: Theme) -> &'static str {
        match theme {
            Theme::System => t!(self, preferences.system),
            Theme::Light => t!(self, preferences.light),
            Theme::Dark => t!(self, preferences.dark),
        }
    }

    /// A method, as a label
    pub fn method(&self, method: AuthMethod) -> &'static str {
        match method {
            AuthMethod::Unknown => t!(self, method.unknown),
            AuthMethod::AppNotification => t!(self, method.app_notification),
            AuthMethod::AppCode => t!(self, method.app_code),
            AuthMethod::Sms => t!(self, method.sms),
            AuthMethod::PhoneCall => t!(self, method.phone_call),
            AuthMethod::OfficeCall => t!(self, method.office_call),
            AuthMethod::AlternateCall => t!(self, method.alternate_call),
            AuthMethod::MobilePhone => t!(self, method.mobile_phone),
            AuthMethod::OfficePhone => t!(self, method.office_phone),
            AuthMethod::AlternatePhone => t!(self, method.alternate_phone),
            AuthMethod::Email => t!(self, method.email),
            AuthMethod::SecurityQuestions => t!(self, method.security_questions),
            AuthMethod::SoftwareOath => t!(self, method.software_oath),
            AuthMethod::HardwareOath => t!(self, method.hardware_oath),
            AuthMethod::OathCode => t!(self, method.oath_code),
            AuthMethod::Fido2 => t!(self, method.fido2),
            AuthMethod::PasskeyDeviceBound => t!(self, method.passkey_device_bound),
            AuthMethod::PasskeySynced => t!(self, method.passkey_synced),
            AuthMethod::WindowsHello => t!(self, method.windows_hello),
            AuthMethod::PlatformCredential => t!(self, method.platform_credential),
            AuthMethod::AuthenticatorPasswordless => t!(self, method.authenticator_passwordless),
            AuthMethod::TemporaryAccessPass => t!(self, method.temporary_access_pass),
            AuthMethod::Certificate => t!(self, method.certificate),
            AuthMethod::External => t!(self, method.external),
            AuthMethod::QrCode => t!(self, method.qr_code),
            AuthMethod::AppPassword => t!(self, method.app_password),
            AuthMethod::Password => t!(self, method.password),
            AuthMethod::PreviouslySatisfied => t!(self, method.previously_satisfied),
        }
    }

    /// A class of methods, as a filter
    pub fn method_class(&self, method_class: MethodClass) -> &'static str {
        match method_class {
            MethodClass::SmsOrVoice => t!(self, method_class.sms_or_voice),
            MethodClass::SmsOrVoiceOnly => t!(self, method_class.sms_or_voice_only),
            MethodClass::PhishingResistant => t!(self, method_class.phishing_resistant),
            MethodClass::None => t!(self, method_class.none),
            MethodClass::SmsOrVoiceAndBetter => t!(self, method_class.sms_or_voice_and_better),
        }
    }

    /// A population, as a label
    pub fn population(&self, population: Population) -> &'static str {
        match population {
            Population::Members => t!(self, population.members),
            Population::Everyone => t!(self, population.everyone),
            Population::Guests => t!(self, population.guests),
            Population::Admins => t!(self, population.admins),
        }
    }

    /// A population inside a sentence: "members"
    pub fn people(&self, population: Population) -> &'static str {
        match population {
            Population::Members => t!(self, population.members_inside),
            Population::Everyone => t!(self, population.everyone_inside),
            Population::Guests => t!(self, population.guests_inside),
            Population::Admins => t!(self, population.admins_inside),
        }
    }

    /// Who is in a population, in a sentence
    pub fn population_rule(&self, population: Population) -> &'static str {
        match population {
            Population::Members => t!(self, population.explain_members),
            Population::Everyone => t!(self, population.explain_everyone),
            Population::Guests => t!(self, population.explain_guests),
            Population::Admins => t!(self, population.explain_admins),
        }
    }

    /// Why users are left out
    pub fn left_out(&self, left_out: LeftOutReason) -> &'static str {
        match left_out {
            LeftOutReason::SeenOnlyInEvents => t!(self, population.seen_only_in_events),
            LeftOutReason::Deleted => t!(self, population.deleted),
            LeftOutReason::Disabled => t!(self, population.disabled),
            LeftOutReason::Guest => t!(self, population.guest),
            LeftOutReason::Member => t!(self, population.member),
            LeftOutReason::NotAdmin => t!(self, population.not_admin),
        }
    }

    /// "24 hours"
    pub fn range(&self, range: Range) -> &'static str {
        match range {
            Range::Day => t!(self, range.day),
            Range::Week => t!(self, range.week),
            Range::Month => t!(self, range.month),
            Range::Quarter => t!(self, range.quarter),
            Range::Year => t!(self, range.year),
        }
    }

    /// A page that can be saved as a view
    pub fn view_page(&self, page: ViewPage) -> &'static str {
        match page {
            ViewPage::Overview => t!(self, nav.overview),
            ViewPage::Users => t!(self, nav.users),
            ViewPage::Events => t!(self, nav.events),
            ViewPage::Usage => t!(self, nav.usage),
            ViewPage::UserUsage => t!(self, usage.per_user),
            ViewPage::AppUsage => t!(self, usage.per_app),
            ViewPage::SignIns => t!(self, nav.sign_ins),
            ViewPage::Activity => t!(self, activity.title),
            ViewPage::BlockedUsers => t!(self, nav.blocked_users),
            ViewPage::BypassedUsers => t!(self, nav.bypassed_users),
            ViewPage::FraudAlerts => t!(self, nav.fraud_alerts),
            ViewPage::Servers => t!(self, servers.title),
            ViewPage::MfaRegistered => t!(self, printed.registered),
            ViewPage::MfaNotRegistered => t!(self, printed.not_registered),
            ViewPage::MfaMethods => t!(self, printed.methods),
            ViewPage::Reasons => t!(self, nav.reasons),
            ViewPage::AccessLog => t!(self, nav.access_log),
        }
    }

    /// Registration or reset
    pub fn feature(&self, feature: Feature) -> &'static str {
        match feature {
            Feature::Registration => t!(self, feature.registration),
            Feature::Reset => t!(self, feature.reset),
        }
    }

    /// Success or failure
    pub fn status(&self, status: Outcome) -> &'static str {
        match status {
            Outcome::Success => t!(self, status.success),
            Outcome::Failure => t!(self, status.failure),
        }
    }

    /// Where an event was read
    pub fn event_source(&self, event_source: EventSource) -> &'static str {
        match event_source {
            EventSource::Audit => t!(self, event_source.audit),
            EventSource::Report => t!(self, event_source.report),
        }
    }

    /// Member or guest
    pub fn user_type(&self, user_type: UserType) -> &'static str {
        match user_type {
            UserType::Member => t!(self, user_type.member),
            UserType::Guest => t!(self, user_type.guest),
        }
    }

    /// How far an import is
    pub fn import_status(&self, import_status: ImportStatus) -> &'static str {
        match import_status {
            ImportStatus::Running => t!(self, data.running),
            ImportStatus::Done => t!(self, data.done),
            ImportStatus::Refused => t!(self, data.refused),
            ImportStatus::Interrupted => t!(self, data.interrupted),
            ImportStatus::Undoing => t!(self, data.undoing),
            ImportStatus::Undone => t!(self, data.undone),
        }
    }

    /// The way by which records came in
    pub fn import_door(&self, door: ImportDoor) -> &'static str {
        match door {
            ImportDoor::File => t!(self, data.door_file),
            ImportDoor::Upload => t!(self, data.door_upload),
            ImportDoor::Folder => t!(self, data.door_folder),
            ImportDoor::Push => t!(self, data.door_push),
        }
    }

    /// A file's name; of pushes, who sends them
    pub fn import_name(&self, import: &ImportItem) -> String {
        match import.door {
            ImportDoor::Push => t!(self, data.pushed_within_hour, name = import.file_name.clone()),
            ImportDoor::File | ImportDoor::Upload | ImportDoor::Folder => import.file_name.clone(),
        }
    }

    /// Kinds of record that stand for each other, at the beginning of a sentence
    pub fn source_group(&self, group: SourceGroup) -> &'static str {
        match group {
            SourceGroup::Registration => t!(self, live.registration),
            SourceGroup::Directory => t!(self, live.directory),
            SourceGroup::Events => t!(self, live.events),
            SourceGroup::SignIns => t!(self, live.sign_ins),
            SourceGroup::Activity => t!(self, live.activity),
        }
    }

    /// Where a value stood that no vocabulary knows
    pub fn unclassified_field(&self, field: UnclassifiedField) -> &'static str {
        match field {
            UnclassifiedField::MfaResult => t!(self, data.of_mfa_result),
            UnclassifiedField::SignInMethod => t!(self, data.of_sign_in_method),
            UnclassifiedField::EventMethod => t!(self, data.of_event_method),
            UnclassifiedField::RegisteredMethod => t!(self, data.of_registered_method),
            UnclassifiedField::CallResult => t!(self, data.of_call_result),
        }
    }

    /// A kind of data with a rule of its own
    pub fn kept(&self, kept: Kept) -> &'static str {
        match kept {
            Kept::SignIns => t!(self, retention.sign_ins),
            Kept::Events => t!(self, retention.events),
            Kept::Activity => t!(self, retention.activity),
            Kept::History => t!(self, retention.history),
            Kept::Rejected => t!(self, retention.rejected),
            Kept::AccessLog => t!(self, retention.access_log),
        }
    }

    /// A kind of record
    pub fn source(&self, source: RecordKind) -> &'static str {
        match source {
            RecordKind::UserRegistrationDetails => t!(self, source.user_registration_details),
            RecordKind::CredentialUserRegistrationDetails => t!(self, source.credential_user_registration_details),
            RecordKind::RegistrationDetailsCsv => t!(self, source.registration_details_csv),
            RecordKind::MfaReport => t!(self, source.mfa_report),
            RecordKind::User => t!(self, source.user),
            RecordKind::UserCredentialUsageDetails => t!(self, source.user_credential_usage_details),
            RecordKind::UserEventsSummary => t!(self, source.user_events_summary),
            RecordKind::DirectoryAudit => t!(self, source.directory_audit),
            RecordKind::UsersExport => t!(self, source.users_export),
            RecordKind::SignIn => t!(self, source.sign_in),
            RecordKind::SignInAuthenticationDetails => t!(self, source.sign_in_authentication_details),
            RecordKind::MfaActivity => t!(self, source.mfa_activity),
            RecordKind::MfaBlock => t!(self, source.mfa_block),
            RecordKind::MfaBypass => t!(self, source.mfa_bypass),
            RecordKind::MfaServerStatus => t!(self, source.mfa_server_status),
        }
    }

    /// The state of per-user MFA
    pub fn per_user_mfa(&self, state: PerUserMfa) -> &'static str {
        match state {
            PerUserMfa::Disabled => t!(self, user.per_user_disabled),
            PerUserMfa::Enabled => t!(self, user.per_user_enabled),
            PerUserMfa::Enforced => t!(self, user.per_user_enforced),
        }
    }

    /// A small number in words, up to ten
    pub fn small_number(&self, n: i64) -> Option<&'static str> {
        Some(match n {
            0 => t!(self, number.n0),
            1 => t!(self, number.n1),
            2 => t!(self, number.n2),
            3 => t!(self, number.n3),
            4 => t!(self, number.n4),
            5 => t!(self, number.n5),
            6 => t!(self, number.n6),
            7 => t!(self, number.n7),
            8 => t!(self, number.n8),
            9 => t!(self, number.n9),
            10 => t!(self, number.n10),
            _ => return None,
        })
    }

    /// A heading of the users list
    pub fn user_column(&self, user_column: UserColumn) -> &'static str {
        match user_column {
            UserColumn::Id => t!(self, user_column.id),
            UserColumn::DisplayName => t!(self, user_column.display_name),
            UserColumn::UserName => t!(self, user_column.user_name),
            UserColumn::UserType => t!(self, user_column.user_type),
            UserColumn::EnabledAccount => t!(self, user_column.enabled_account),
            UserColumn::Admin => t!(self, user_column.admin),
            UserColumn::Registered => t!(self, user_column.registered),
            UserColumn::Enabled => t!(self, user_column.enabled),
            UserColumn::Capable => t!(self, user_column.capable),
            UserColumn::MfaRegistered => t!(self, user_column.mfa_registered),
            UserColumn::MfaCapable => t!(self, user_column.mfa_capable),
            UserColumn::PasswordlessCapable => t!(self, user_column.passwordless_capable),
            UserColumn::Methods => t!(self, user_column.methods),
            UserColumn::DefaultMethod => t!(self, user_column.default_method),
            UserColumn::Department => t!(self, user_column.department),
            UserColumn::Country => t!(self, user_column.country),
            UserColumn::UpdatedAt => t!(self, user_column.updated_at),
        }
    }

    /// A heading of the table of a trend
    pub fn trend_column(&self, trend_column: TrendColumn) -> &'static str {
        match trend_column {
            TrendColumn::At => t!(self, history.at),
            TrendColumn::Size => t!(self, history.size),
            TrendColumn::Registered => t!(self, flag.registered),
            TrendColumn::Enabled => t!(self, flag.enabled),
            TrendColumn::Capable => t!(self, flag.capable),
            TrendColumn::MfaRegistered => t!(self, flag.mfa_registered),
            TrendColumn::MfaCapable => t!(self, flag.mfa_capable),
            TrendColumn::PasswordlessCapable => t!(self, flag.passwordless_capable),
            TrendColumn::SmsOrVoiceOnly => t!(self, method_class.sms_or_voice_only),
            TrendColumn::SmsOrVoiceAndBetter => t!(self, sms.and_better),
        }
    }

    /// A heading of a table of departments or countries; their own names have the group's
    pub fn group_column(&self, group_column: GroupColumn, group: &'static str) -> &'static str {
        match group_column {
            GroupColumn::Name => group,
            GroupColumn::Size => t!(self, history.size),
            GroupColumn::SmsOrVoiceOnly => t!(self, method_class.sms_or_voice_only),
            GroupColumn::Share => t!(self, sms.share),
            GroupColumn::SmsOrVoiceAndBetter => t!(self, sms.and_better),
        }
    }

    /// A heading of the events list
    pub fn event_column(&self, event_column: EventColumn) -> &'static str {
        match event_column {
            EventColumn::Id => t!(self, event_column.id),
            EventColumn::At => t!(self, event_column.at),
            EventColumn::UserId => t!(self, event_column.user_id),
            EventColumn::DisplayName => t!(self, event_column.display_name),
            EventColumn::UserName => t!(self, event_column.user_name),
            EventColumn::Feature => t!(self, event_column.feature),
            EventColumn::Method => t!(self, event_column.method),
            EventColumn::RawMethod => t!(self, event_column.raw_method),
            EventColumn::Status => t!(self, event_column.status),
            EventColumn::Reason => t!(self, event_column.reason),
            EventColumn::Source => t!(self, event_column.source),
        }
    }
}
