//! The five roles of Microsoft's reports and what each may do here (`product.md` §4).

use crate::named;

named! {
    /// A role of a person or a token.
    pub enum Role {
        ReportsReader => "reports-reader",
        SecurityReader => "security-reader",
        GlobalReader => "global-reader",
        SecurityAdministrator => "security-administrator",
        GlobalAdministrator => "global-administrator",
    }
}

impl Role {
    /// Microsoft's English name of the role; pages have it in their language.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::ReportsReader => "Reports Reader",
            Self::SecurityReader => "Security Reader",
            Self::GlobalReader => "Global Reader",
            Self::SecurityAdministrator => "Security Administrator",
            Self::GlobalAdministrator => "Global Administrator",
        }
    }

    /// May see Conditional Access, addresses and places of sign-ins.
    #[must_use]
    pub const fn may_see_conditional_access(self) -> bool {
        !matches!(self, Self::ReportsReader)
    }

    /// May import, upload and push records, and add review notes.
    #[must_use]
    pub const fn may_operate(self) -> bool {
        matches!(self, Self::SecurityAdministrator | Self::GlobalAdministrator)
    }

    /// May see people, tokens, sources, retention and the access log.
    #[must_use]
    pub const fn may_read_settings(self) -> bool {
        matches!(self, Self::GlobalReader | Self::GlobalAdministrator)
    }

    /// May change people, tokens, sources and retention.
    #[must_use]
    pub const fn may_administer(self) -> bool {
        matches!(self, Self::GlobalAdministrator)
    }
}
