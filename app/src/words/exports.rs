//! Files, and why there is none.

use domain::export::{ExportProblem, Format};

use crate::language::{Ui, t};

impl Ui {
    /// What a file is called by its format
    pub fn file_format(&self, format: Format) -> &'static str {
        match format {
            Format::Csv => t!(self, list.download_csv),
            Format::Xlsx => t!(self, list.download_xlsx),
            Format::Jsonl => t!(self, list.download_jsonl),
            Format::Txt => t!(self, list.download_about),
        }
    }

    /// Why there is no file
    pub fn export_problem(&self, problem: ExportProblem) -> &'static str {
        match problem {
            ExportProblem::NotWritten => t!(self, export_problem.not_written),
            ExportProblem::Changed => t!(self, export_problem.changed),
            ExportProblem::RoleChanged => t!(self, export_problem.role_changed),
            ExportProblem::NoRoom => t!(self, export_problem.no_room),
            ExportProblem::BrokeOff => t!(self, export_problem.broke_off),
            ExportProblem::QueryRefused => t!(self, export_problem.query_refused),
            ExportProblem::Erased => t!(self, export_problem.erased),
            ExportProblem::Undone => t!(self, export_problem.undone),
            ExportProblem::Retained => t!(self, export_problem.retained),
        }
    }
}
