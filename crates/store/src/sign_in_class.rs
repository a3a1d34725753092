//! What figures say of a sign-in, as it is stored: many sign-ins are of the same class.

use domain::answer::Answer;
use domain::sign_in::{Component, ConditionalAccessResult, Facts};

use crate::StoreError;
use crate::error::member;

/// Everything that sign-ins are counted and filtered by, but for time, user, application, place and policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignInClass {
    pub facts: Facts,
    pub interactive: Answer,
    pub component: Component,
    pub conditional_access: ConditionalAccessResult,
    /// Challenged and not met here, nor anywhere in the attempt.
    pub is_unable: bool,
    pub error_code: Option<i64>,
}

/// As stored: facts, traits, error code.
pub type ClassRow = (i64, i64, i64);

const NO_CODE: i64 = -1;

impl SignInClass {
    pub fn row(&self) -> ClassRow {
        let traits = self.interactive.code()
            | self.component.code() << 4
            | self.conditional_access.code() << 8
            | i64::from(self.is_unable) << 12;
        (self.facts.code(), traits, self.error_code.unwrap_or(NO_CODE))
    }

    pub fn from_row((facts, traits, error_code): ClassRow) -> Result<Self, StoreError> {
        const TABLE: &str = "sign_in_classes";
        let wrong = || StoreError::Inconsistent { table: TABLE, what: format!("facts {facts}") };
        Ok(Self {
            facts: Facts::from_code(facts).ok_or_else(wrong)?,
            interactive: member(TABLE, "interactive", traits & 15, Answer::from_code)?,
            component: member(TABLE, "component", traits >> 4 & 15, Component::from_code)?,
            conditional_access: member(TABLE, "ca", traits >> 8 & 15, ConditionalAccessResult::from_code)?,
            is_unable: traits >> 12 & 1 == 1,
            error_code: (error_code != NO_CODE).then_some(error_code),
        })
    }
}

/// What distinct users are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    SignedIn,
    Challenged,
    Unable,
}

impl Measure {
    pub const ALL: [Self; 3] = [Self::SignedIn, Self::Challenged, Self::Unable];

    pub const fn code(self) -> i64 {
        self as i64
    }

    pub fn counts(self, class: &SignInClass) -> bool {
        match self {
            Self::SignedIn => true,
            Self::Challenged => class.facts.is_challenged(),
            Self::Unable => class.is_unable,
        }
    }
}
