//! The filters of each list. A repeated parameter means any of its values.

use domain::access::{AccessAction, AccessOutcome, ActorKind};
use domain::answer::Answer;
use domain::method::{AuthMethod, MethodClass};
use domain::mfa::{BlockStatus, BypassStatus, CallResult};
use domain::reason::{Actor, ReasonKind};
use domain::record::{Feature, Outcome};
use domain::sign_in::{
    Component, ConditionalAccessResult, MfaResult, MfaStatus, RequiredBy, SecondFactor, SignInStatus, StatusText,
};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use super::{Shown, many};
use crate::api::schemas::names;

fn access_actions() -> Shown {
    many(names(AccessAction::ALL))
}
fn access_outcomes() -> Shown {
    many(names(AccessOutcome::ALL))
}
fn actor_kinds() -> Shown {
    many(names(ActorKind::ALL))
}
fn answers() -> Shown {
    many(names(Answer::ALL))
}
fn yes_or_no() -> Shown {
    names(&["yes", "no"])
}
fn methods() -> Shown {
    many(names(AuthMethod::ALL))
}
fn classes() -> Shown {
    many(names(MethodClass::ALL))
}
fn features() -> Shown {
    many(names(Feature::ALL))
}
fn outcomes() -> Shown {
    many(names(Outcome::ALL))
}
fn mfa_results() -> Shown {
    many(names(MfaResult::ALL))
}
fn mfa_statuses() -> Shown {
    let statuses = MfaStatus::ALL.iter().copied().map(StatusText::Status);
    many(names(&std::iter::once(StatusText::None).chain(statuses).collect::<Vec<_>>()))
}
fn demanders() -> Shown {
    many(names(RequiredBy::ALL))
}
fn second_factors() -> Shown {
    many(names(&SecondFactor::all().collect::<Vec<_>>()))
}
fn sign_in_statuses() -> Shown {
    many(names(SignInStatus::ALL))
}
fn error_codes() -> Shown {
    many(ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(99_999_999)).into())
}
fn components() -> Shown {
    many(names(Component::ALL))
}
fn ca_results() -> Shown {
    many(names(ConditionalAccessResult::ALL))
}
fn call_results() -> Shown {
    many(names(CallResult::ALL))
}
fn block_statuses() -> Shown {
    many(names(BlockStatus::ALL))
}
fn bypass_statuses() -> Shown {
    many(names(BypassStatus::ALL))
}
fn reason_kinds() -> Shown {
    many(names(ReasonKind::ALL))
}
fn actors() -> Shown {
    many(names(Actor::ALL))
}

parameters! {
    /// Filters of users.
    pub struct UserFilters {
        /// Has enough methods for the reset policy.
        #[param(schema_with = answers, style = Form, explode)]
        pub registered: Option<Vec<String>>,
        /// Is in the reset policy's scope.
        #[param(schema_with = answers, style = Form, explode)]
        pub enabled: Option<Vec<String>>,
        /// Registered and enabled.
        #[param(schema_with = answers, style = Form, explode)]
        pub capable: Option<Vec<String>>,
        /// Has a method that counts for MFA.
        #[param(schema_with = answers, style = Form, explode)]
        pub mfa_registered: Option<Vec<String>>,
        /// Is registered for MFA with a method that the policy allows.
        #[param(schema_with = answers, style = Form, explode)]
        pub mfa_capable: Option<Vec<String>>,
        /// Has a passwordless method that the policy allows.
        #[param(schema_with = answers, style = Form, explode)]
        pub passwordless_capable: Option<Vec<String>>,
        /// A registered method. `sms` and `phone_call` also match `mobile_phone`.
        #[param(schema_with = methods, style = Form, explode)]
        pub method: Option<Vec<String>>,
        /// What the registered methods come to together.
        #[param(schema_with = classes, style = Form, explode)]
        pub method_class: Option<Vec<String>>,
        /// As the directory has it.
        #[param(style = Form, explode)]
        pub department: Option<Vec<String>>,
        /// As the directory has it.
        #[param(style = Form, explode)]
        pub country: Option<Vec<String>>,
    }

    /// Filters of events.
    pub struct EventFilters {
        /// Registration or reset.
        #[param(schema_with = features, style = Form, explode)]
        pub feature: Option<Vec<String>>,
        /// How it ended.
        #[param(schema_with = outcomes, style = Form, explode)]
        pub status: Option<Vec<String>>,
        /// The method that was registered or used.
        #[param(schema_with = methods, style = Form, explode)]
        pub method: Option<Vec<String>>,
        /// Object id or user name.
        #[param(style = Form, explode)]
        pub user: Option<Vec<String>>,
    }

    /// Filters of sign-ins.
    pub struct SignInFilters {
        /// Whether a second factor was required.
        #[param(schema_with = answers, style = Form, explode)]
        pub mfa_required: Option<Vec<String>>,
        /// Whether the user was asked for a second factor.
        #[param(schema_with = yes_or_no)]
        pub challenged: Option<String>,
        /// Whether the attempt was challenged here and nowhere met the challenge.
        #[param(schema_with = yes_or_no)]
        pub unable: Option<String>,
        /// What became of the second factor.
        #[param(schema_with = mfa_results, style = Form, explode)]
        pub mfa_result: Option<Vec<String>>,
        /// `none`: no text says.
        #[param(schema_with = mfa_statuses, style = Form, explode)]
        pub mfa_status: Option<Vec<String>>,
        /// What required a second factor.
        #[param(schema_with = demanders, style = Form, explode)]
        pub required_by: Option<Vec<String>>,
        /// `none`: MFA was not required.
        #[param(schema_with = second_factors, style = Form, explode)]
        pub method: Option<Vec<String>>,
        /// `unknown`: the record has neither a status nor a code.
        #[param(schema_with = sign_in_statuses, style = Form, explode)]
        pub status: Option<Vec<String>>,
        /// The code of the sign-in, without `AADSTS`.
        #[param(schema_with = error_codes, style = Form, explode)]
        pub error_code: Option<Vec<i64>>,
        /// Name or id of an application.
        #[param(style = Form, explode)]
        pub app: Option<Vec<String>>,
        /// Object id or user name.
        #[param(style = Form, explode)]
        pub user: Option<Vec<String>>,
        /// Whether a person was at it.
        #[param(schema_with = answers, style = Form, explode)]
        pub interactive: Option<Vec<String>>,
        /// What asked for the second factor on premises.
        #[param(schema_with = components, style = Form, explode)]
        pub component: Option<Vec<String>>,
        /// Not for Reports Readers: 403.
        #[param(schema_with = ca_results, style = Form, explode)]
        pub ca_result: Option<Vec<String>>,
        /// Name or id of a policy that applied. Not for Reports Readers: 403.
        #[param(style = Form, explode)]
        pub ca_policy: Option<Vec<String>>,
        /// Not for Reports Readers: 403.
        #[param(style = Form, explode)]
        pub ip: Option<Vec<String>>,
    }

    /// Filters of the summary per user.
    pub struct UserUsageFilters {
        /// Whether a sign-in of the user's was challenged.
        #[param(schema_with = yes_or_no)]
        pub challenged: Option<String>,
        /// Whether an attempt of the user's nowhere met the challenge.
        #[param(schema_with = yes_or_no)]
        pub unable: Option<String>,
    }

    /// Filters of the activity report.
    pub struct ActivityFilters {
        /// What asked for the second factor on premises.
        #[param(schema_with = components, style = Form, explode)]
        pub component: Option<Vec<String>>,
        /// The verdict.
        #[param(schema_with = answers, style = Form, explode)]
        pub authenticated: Option<Vec<String>>,
        /// What became of the call, the text or the notification.
        #[param(schema_with = call_results, style = Form, explode)]
        pub call_result: Option<Vec<String>>,
        /// The second factor that was asked for.
        #[param(schema_with = methods, style = Form, explode)]
        pub method: Option<Vec<String>>,
        /// Object id or user name.
        #[param(style = Form, explode)]
        pub user: Option<Vec<String>>,
    }

    /// Filters of blocks.
    pub struct BlockFilters {
        /// Whether the block stands.
        #[param(schema_with = block_statuses, style = Form, explode)]
        pub status: Option<Vec<String>>,
        /// Object id or user name.
        #[param(style = Form, explode)]
        pub user: Option<Vec<String>>,
    }

    /// Filters of one-time bypasses.
    pub struct BypassFilters {
        /// What became of the bypass.
        #[param(schema_with = bypass_statuses, style = Form, explode)]
        pub status: Option<Vec<String>>,
        /// Object id or user name.
        #[param(style = Form, explode)]
        pub user: Option<Vec<String>>,
    }

    /// Filters of fraud alerts.
    pub struct FraudFilters {
        /// Whether the alert blocked the user.
        #[param(schema_with = answers, style = Form, explode)]
        pub blocked: Option<Vec<String>>,
        /// Object id or user name.
        #[param(style = Form, explode)]
        pub user: Option<Vec<String>>,
    }

    /// Filters of reasons.
    pub struct ReasonFilters {
        /// What has the reason.
        #[param(schema_with = reason_kinds, style = Form, explode)]
        pub kind: Option<Vec<String>>,
        /// Who must act.
        #[param(schema_with = actors, style = Form, explode)]
        pub actor: Option<Vec<String>>,
    }

    /// Filters of the access log.
    pub struct AccessFilters {
        /// What was done.
        #[param(schema_with = access_actions, style = Form, explode)]
        pub action: Option<Vec<String>>,
        /// What came of it.
        #[param(schema_with = access_outcomes, style = Form, explode)]
        pub outcome: Option<Vec<String>>,
        /// Who did it.
        #[param(schema_with = actor_kinds, style = Form, explode)]
        pub actor_kind: Option<Vec<String>>,
    }
}
