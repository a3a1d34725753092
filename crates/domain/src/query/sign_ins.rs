//! What `/sign-ins` and `/api/v1/sign-ins` can be asked for.

use super::filtered::{Filtered, Filters};
use super::list::{Column, Direction, Sort};
use super::params::{Params, ProblemKind, QueryProblem, UrlWriter, problem};
use crate::answer::Answer;
use crate::named;
use crate::sign_in::{
    Component, ConditionalAccessResult, MfaResult, RequiredBy, SecondFactor, SignInStatus, StatusText,
};

named! {
    /// The fields of a sign-in in a list.
    pub enum SignInColumn {
        Id => "id",
        At => "at",
        CorrelationId => "correlation_id",
        UserId => "user_id",
        DisplayName => "display_name",
        UserName => "user_name",
        App => "app",
        Status => "status",
        ErrorCode => "error_code",
        MfaRequired => "mfa_required",
        RequiredBy => "required_by",
        MfaResult => "mfa_result",
        MfaStatus => "mfa_status",
        Method => "method",
        Detail => "detail",
        Interactive => "interactive",
        Component => "component",
        Ip => "ip",
        City => "city",
        Country => "country",
        CaResult => "ca_result",
        Policies => "policies",
    }
}

impl Column for SignInColumn {
    const COLUMNS: &'static [Self] = Self::ALL;
    const DEFAULT_SORT: Sort<Self> = Sort { column: Self::At, direction: Direction::Descending };

    fn as_str(self) -> &'static str {
        self.as_str()
    }

    /// What is packed with the details is in no order.
    fn is_sortable(self) -> bool {
        !matches!(self, Self::Id | Self::CorrelationId | Self::Detail | Self::Policies)
    }

    fn is_restricted(self) -> bool {
        matches!(self, Self::Ip | Self::City | Self::Country | Self::CaResult | Self::Policies)
    }
}

/// The filters of the list of sign-ins; what is empty asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignInFilters {
    pub mfa_required: Vec<Answer>,
    /// Whether the user was asked for a second factor.
    pub challenged: Option<bool>,
    /// Whether the attempt was challenged here and nowhere met the challenge.
    pub unable: Option<bool>,
    pub mfa_result: Vec<MfaResult>,
    pub mfa_status: Vec<StatusText>,
    pub required_by: Vec<RequiredBy>,
    pub method: Vec<SecondFactor>,
    pub status: Vec<SignInStatus>,
    pub error_code: Vec<i64>,
    /// Names or ids of applications.
    pub app: Vec<String>,
    /// Object ids or user names.
    pub user: Vec<String>,
    pub interactive: Vec<Answer>,
    pub component: Vec<Component>,
    pub ca_result: Vec<ConditionalAccessResult>,
    /// Names or ids of policies that applied.
    pub ca_policy: Vec<String>,
    pub ip: Vec<String>,
}

/// The list of sign-ins.
pub type SignInsQuery = Filtered<SignInFilters>;

impl Filters for SignInFilters {
    type Column = SignInColumn;
    const NAME: &'static str = "sign-ins";

    fn take(params: &mut Params) -> Result<Self, QueryProblem> {
        Ok(Self {
            mfa_required: params.take_names("mfa_required")?,
            challenged: take_yes_or_no(params, "challenged")?,
            unable: take_yes_or_no(params, "unable")?,
            mfa_result: params.take_names("mfa_result")?,
            mfa_status: params.take_names("mfa_status")?,
            required_by: params.take_names("required_by")?,
            method: params.take_names("method")?,
            status: params.take_names("status")?,
            error_code: take_numbers(params, "error_code")?,
            app: params.take_all("app"),
            user: params.take_all("user"),
            interactive: params.take_names("interactive")?,
            component: params.take_names("component")?,
            ca_result: params.take_names("ca_result")?,
            ca_policy: params.take_all("ca_policy"),
            ip: params.take_all("ip"),
        })
    }

    fn write(&self, url: &mut UrlWriter) {
        url.add_all("mfa_required", &self.mfa_required);
        write_yes_or_no(url, "challenged", self.challenged);
        write_yes_or_no(url, "unable", self.unable);
        url.add_all("mfa_result", &self.mfa_result);
        url.add_all("mfa_status", &self.mfa_status);
        url.add_all("required_by", &self.required_by);
        url.add_all("method", &self.method);
        url.add_all("status", &self.status);
        url.add_all("error_code", &self.error_code);
        url.add_all("app", &self.app);
        url.add_all("user", &self.user);
        url.add_all("interactive", &self.interactive);
        url.add_all("component", &self.component);
        url.add_all("ca_result", &self.ca_result);
        url.add_all("ca_policy", &self.ca_policy);
        url.add_all("ip", &self.ip);
    }

    fn restricted(&self) -> Option<&'static str> {
        [
            ("ca_result", !self.ca_result.is_empty()),
            ("ca_policy", !self.ca_policy.is_empty()),
            ("ip", !self.ip.is_empty()),
        ]
        .into_iter()
        .find_map(|(name, is_given)| is_given.then_some(name))
    }
}

/// A filter that is yes, no or not asked.
pub(super) fn take_yes_or_no(params: &mut Params, name: &str) -> Result<Option<bool>, QueryProblem> {
    let Some(given) = params.take_one(name)? else { return Ok(None) };
    match given.as_str() {
        "yes" => Ok(Some(true)),
        "no" => Ok(Some(false)),
        _ => {
            let allowed = ["yes", "no"].map(str::to_owned).into();
            Err(problem(name, ProblemKind::UnknownValue { given, allowed }))
        }
    }
}

pub(super) fn write_yes_or_no(url: &mut UrlWriter, name: &str, value: Option<bool>) {
    if let Some(value) = value {
        url.add(name, if value { "yes" } else { "no" });
    }
}

fn take_numbers(params: &mut Params, name: &str) -> Result<Vec<i64>, QueryProblem> {
    const MOST: i64 = 99_999_999;
    let mut numbers = Vec::new();
    for given in params.take_all(name) {
        match given.parse() {
            Ok(number) if (0..=MOST).contains(&number) => {
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
            _ => return Err(problem(name, ProblemKind::NotInRange { given, min: 0, max: MOST })),
        }
    }
    Ok(numbers)
}
