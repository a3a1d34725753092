//! `[sspr_policy]`: the organisation's reset policy, for reports that say methods but not what follows from them.

use domain::method::AuthMethod;
use domain::named;
use serde::Deserialize;
use store::{SsprPolicy, SsprScope};

named! {
    /// Who may reset a password.
    pub enum Scope {
        Nobody => "nobody",
        Everyone => "everyone",
        Group => "group",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SsprPolicySettings {
    /// Methods needed for a reset: 1 or 2.
    pub methods_required: u32,
    /// Method ids that the policy allows.
    pub methods: Vec<AuthMethod>,
    pub scope: Scope,
}

impl SsprPolicySettings {
    #[must_use]
    pub fn policy(&self) -> SsprPolicy {
        SsprPolicy {
            methods_required: self.methods_required,
            methods: self.methods.clone(),
            scope: match self.scope {
                Scope::Nobody => SsprScope::Nobody,
                Scope::Everyone => SsprScope::Everyone,
                Scope::Group => SsprScope::Group,
            },
        }
    }
}
