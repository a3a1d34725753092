//! The columns of each list: what it may be sorted by, and what it may be asked to show.

use domain::query::{
    AccessColumn, ActivityColumn, AppUsageColumn, BlockColumn, BypassColumn, Column, EventColumn, FraudColumn,
    MfaMethodsColumn, ReasonColumn, ServerColumn, SignInColumn, UserColumn, UserNameColumn, UserUsageColumn,
};

use super::{Shown, many, orders};
use crate::api::schemas::names;

fn columns<C: Column>() -> Shown {
    many(names(C::COLUMNS))
}

macro_rules! columns_of {
    ($($name:ident: $column:ident),+ $(,)?) => { parameters! {$(
        /// What the list may be sorted by, and what it may be asked to show.
        pub struct $name {
            /// A column, with `-` before it for the reverse.
            #[param(schema_with = orders::<$column>)]
            pub sort: Option<String>,
            /// Fields of the items, in this order; all that the role may see where nothing is given. Repeatable.
            #[param(schema_with = columns::<$column>, style = Form, explode)]
            pub columns: Option<Vec<String>>,
        }
    )+} };
}

columns_of! {
    UserColumns: UserColumn,
    EventColumns: EventColumn,
    SignInColumns: SignInColumn,
    UserUsageColumns: UserUsageColumn,
    AppUsageColumns: AppUsageColumn,
    ActivityColumns: ActivityColumn,
    BlockColumns: BlockColumn,
    BypassColumns: BypassColumn,
    FraudColumns: FraudColumn,
    ServerColumns: ServerColumn,
    UserNameColumns: UserNameColumn,
    MfaMethodsColumns: MfaMethodsColumn,
    ReasonColumns: ReasonColumn,
    AccessColumns: AccessColumn,
}
