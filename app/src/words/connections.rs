//! Connected tenants: what is pulled, where secrets are, and why something cannot be read.

use domain::connection::{
    Cloud, ConnectionFault, CredentialFault, CredentialKind, PullProblem, Resource, ResourceItem, SecretPlace,
};

use crate::language::{Ui, t};

impl Ui {
    /// What is pulled, as a row's heading
    pub fn resource(&self, resource: Resource) -> &'static str {
        match resource {
            Resource::Users => t!(self, connection.users),
            Resource::RegistrationDetails => t!(self, connection.registration_details),
            Resource::DirectoryAudits => t!(self, connection.directory_audits),
            Resource::SignIns => t!(self, connection.sign_ins),
            Resource::NonInteractiveSignIns => t!(self, connection.non_interactive_sign_ins),
            Resource::EventsSummary => t!(self, connection.events_summary),
        }
    }

    /// How the pull of a resource stands, as a sentence
    pub fn resource_state(&self, item: &ResourceItem) -> String {
        match &item.problem {
            Some(problem) => self.pull_problem(problem),
            None if item.without_details => t!(self, connection.without_details).to_owned(),
            None => t!(self, connection.fine).to_owned(),
        }
    }

    pub fn cloud(&self, cloud: Cloud) -> &'static str {
        match cloud {
            Cloud::Global => t!(self, connection.cloud_global),
            Cloud::UsGovernment => t!(self, connection.cloud_us_government),
            Cloud::UsDefense => t!(self, connection.cloud_us_defense),
            Cloud::China => t!(self, connection.cloud_china),
            Cloud::Other => t!(self, connection.cloud_other),
        }
    }

    pub fn credential_kind(&self, kind: CredentialKind) -> &'static str {
        match kind {
            CredentialKind::Secret => t!(self, connection.by_secret),
            CredentialKind::Certificate => t!(self, connection.by_certificate),
        }
    }

    pub fn secret_place(&self, place: SecretPlace) -> &'static str {
        match place {
            SecretPlace::Stored => t!(self, connection.place_stored),
            SecretPlace::File => t!(self, connection.place_file),
            SecretPlace::Environment => t!(self, connection.place_environment),
        }
    }

    /// What is wrong with a form, and what to do about it
    pub fn connection_fault(&self, fault: ConnectionFault) -> &'static str {
        match fault {
            ConnectionFault::NameMissing => t!(self, connection.fault_name_missing),
            ConnectionFault::NameTaken => t!(self, connection.fault_name_taken),
            ConnectionFault::Directory => t!(self, connection.fault_directory),
            ConnectionFault::ClientId => t!(self, connection.fault_client_id),
            ConnectionFault::Authority => t!(self, connection.fault_authority),
            ConnectionFault::GraphRoot => t!(self, connection.fault_graph_root),
            ConnectionFault::SecretMissing => t!(self, connection.fault_secret_missing),
            ConnectionFault::SecretName => t!(self, connection.fault_secret_name),
            ConnectionFault::Certificate => t!(self, connection.fault_certificate),
            ConnectionFault::Key => t!(self, connection.fault_key),
        }
    }

    /// Why something cannot be pulled, and what to do about it
    pub fn pull_problem(&self, problem: &PullProblem) -> String {
        match problem {
            PullProblem::PermissionMissing { permissions } => {
                t!(self, connection.permission_missing, permissions = permissions.join(t!(self, connection.and)))
            }
            PullProblem::Refused { code } => t!(self, connection.refused, code = code.clone()),
            PullProblem::LicenceMissing => t!(self, connection.licence_missing).to_owned(),
            PullProblem::Credential { fault, code } => {
                let sentence = match fault {
                    CredentialFault::SecretWrong => t!(self, connection.secret_wrong),
                    CredentialFault::SecretExpired => t!(self, connection.secret_expired),
                    CredentialFault::CertificateRefused => t!(self, connection.certificate_refused),
                    CredentialFault::ApplicationUnknown => t!(self, connection.application_unknown),
                    CredentialFault::TenantUnknown => t!(self, connection.tenant_unknown),
                    CredentialFault::Other => t!(self, connection.no_token),
                };
                code.map_or_else(|| sentence.to_owned(), |code| format!("{sentence} (AADSTS{code})"))
            }
            PullProblem::SecretUnreadable { what } => t!(self, connection.secret_unreadable, what = what.clone()),
            PullProblem::TokenRefused => t!(self, connection.token_refused).to_owned(),
            PullProblem::Throttled { until } => t!(self, connection.throttled_until, until = self.second(*until)),
            PullProblem::KeepsThrottling => t!(self, connection.keeps_throttling).to_owned(),
            PullProblem::Unavailable { status } => t!(self, connection.unavailable, status = status.to_string()),
            PullProblem::Unreachable { host } => t!(self, connection.unreachable, host = host.clone()),
            PullProblem::TookTooLong => t!(self, connection.took_too_long).to_owned(),
            PullProblem::Broken => t!(self, connection.broken).to_owned(),
            PullProblem::Circle => t!(self, connection.circle).to_owned(),
            PullProblem::ForeignLink => t!(self, connection.foreign_link).to_owned(),
            PullProblem::TooLarge => t!(self, connection.too_large).to_owned(),
            PullProblem::NotOffered => t!(self, connection.not_offered).to_owned(),
            PullProblem::NotUnderstood { status, code } => {
                t!(self, connection.not_understood, said = format!("{status} {code}"))
            }
            PullProblem::Store => t!(self, connection.store).to_owned(),
        }
    }
}
