//! Names of the access log's words.

use domain::access::{AccessAction, AccessOutcome, ActorKind};
use domain::query::AccessColumn;

use crate::language::{Ui, t};

impl Ui {
    /// What was done
    pub fn access_action(&self, action: AccessAction) -> &'static str {
        match action {
            AccessAction::SignIn => t!(self, access_action.sign_in),
            AccessAction::SignOut => t!(self, access_action.sign_out),
            AccessAction::View => t!(self, access_action.view),
            AccessAction::ViewPerson => t!(self, access_action.view_person),
            AccessAction::Export => t!(self, access_action.export),
            AccessAction::ExportEnd => t!(self, access_action.export_end),
            AccessAction::Change => t!(self, access_action.change),
            AccessAction::Other => t!(self, access_action.other),
            AccessAction::Redact => t!(self, access_action.redact),
            AccessAction::Expire => t!(self, access_action.expire),
            AccessAction::Flood => t!(self, access_action.flood),
        }
    }

    /// What came of it
    pub fn access_outcome(&self, outcome: AccessOutcome) -> &'static str {
        match outcome {
            AccessOutcome::Allowed => t!(self, access_outcome.allowed),
            AccessOutcome::Refused => t!(self, access_outcome.refused),
            AccessOutcome::Failed => t!(self, access_outcome.failed),
        }
    }

    /// Who can do something
    pub fn actor_kind(&self, kind: ActorKind) -> &'static str {
        match kind {
            ActorKind::Nobody => t!(self, actor_kind.nobody),
            ActorKind::Person => t!(self, actor_kind.person),
            ActorKind::Token => t!(self, actor_kind.token),
            ActorKind::Demo => t!(self, actor_kind.demo),
            ActorKind::Console => t!(self, actor_kind.console),
            ActorKind::Program => t!(self, actor_kind.program),
        }
    }

    /// A heading of the access log
    pub fn access_column(&self, column: AccessColumn) -> &'static str {
        match column {
            AccessColumn::Id => t!(self, access_column.id),
            AccessColumn::At => t!(self, access_column.at),
            AccessColumn::ActorKind => t!(self, access_column.actor_kind),
            AccessColumn::ActorId => t!(self, access_column.actor_id),
            AccessColumn::Actor => t!(self, access_column.actor),
            AccessColumn::Role => t!(self, access_column.role),
            AccessColumn::Action => t!(self, access_column.action),
            AccessColumn::Outcome => t!(self, access_column.outcome),
            AccessColumn::Status => t!(self, access_column.status),
            AccessColumn::Route => t!(self, access_column.route),
            AccessColumn::Target => t!(self, access_column.target),
            AccessColumn::Rows => t!(self, access_column.rows),
            AccessColumn::Address => t!(self, access_column.address),
            AccessColumn::RequestId => t!(self, access_column.request_id),
            AccessColumn::Hash => t!(self, access_column.hash),
        }
    }
}
