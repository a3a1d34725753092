//! A sign-in before it is written: what happened, and what its record does differently from others.

use domain::sign_in::MfaStatus;

use super::super::people::Person;
use super::super::text::Guid;
use super::surroundings::Where;
use super::texts::spellings;

/// Which shape a record has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Full,
    /// With the properties of Graph v1.0: neither requirement nor steps.
    Short,
    NpsExtension,
    AdfsAdapter,
    /// The category of its own of AD FS.
    Adfs,
}

/// `authenticationRequirement`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    Empty,
    Single,
    Multi,
}

/// The step before the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    Password,
    WrongPassword,
    /// A claim of an earlier sign-in.
    Claim,
    /// A key or a face.
    Passwordless,
}

/// What became of the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Second {
    /// `None`: the step names no method.
    pub factor: Option<By>,
    /// The log says "in progress" in a step of its own first.
    pub waits: bool,
    pub said: Option<Said>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// An index of [`super::factors::FACTORS`].
    Factor(u8),
    Earlier,
    AppPassword,
}

/// A status and how it is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    pub status: MfaStatus,
    pub spelling: u8,
}

impl Said {
    pub fn text(self) -> &'static str {
        let spellings = spellings(self.status);
        spellings[usize::from(self.spelling) % spellings.len()]
    }
}

/// What records of one log do differently.
pub mod quirk {
    pub const STEPS_TURNED: u16 = 1;
    /// Without `StatusSequence`.
    pub const STEPS_UNNUMBERED: u16 = 1 << 1;
    pub const STEPS_EMPTY: u16 = 1 << 2;
    pub const NO_STEPS: u16 = 1 << 3;
    pub const MFA_DETAIL: u16 = 1 << 4;
    /// The text stands in the steps alone, or in `status` alone.
    pub const SAID_IN_STEPS: u16 = 1 << 5;
    pub const SAID_IN_STATUS: u16 = 1 << 6;
    pub const NO_POLICIES: u16 = 1 << 7;
    pub const POLICIES_EMPTY: u16 = 1 << 8;
    pub const NO_CORRELATION: u16 = 1 << 9;
    pub const NO_USER_ID: u16 = 1 << 10;
    pub const NO_CODE: u16 = 1 << 11;
    pub const NO_TIME: u16 = 1 << 12;
    pub const NOT_SAID_WHETHER_INTERACTIVE: u16 = 1 << 13;
    /// A number that nobody has masked.
    pub const UNMASKED: u16 = 1 << 14;
    pub const NO_APP: u16 = 1 << 15;
}

#[derive(Debug, Clone)]
pub struct SignIn<'a> {
    pub id: Guid,
    pub correlation: Guid,
    pub at: i64,
    pub user: &'a Person,
    pub shape: Shape,
    pub app: u8,
    pub device: u8,
    pub place: Where,
    pub is_interactive: bool,
    pub code: u32,
    pub requirement: Requirement,
    /// Indexes of [`super::policies::DEMANDED`] and [`super::policies::EVALUATED`].
    pub demanded: u8,
    pub evaluated: u8,
    pub first: First,
    pub second: Option<Second>,
    pub quirks: u16,
}
