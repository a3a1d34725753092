//! Any query of a URL is understood or refused; what is understood is written so that it is understood alike.
#![no_main]

use domain::instant::Instant;
use domain::page::Cursor;
use domain::query::{
    ActivityQuery, EventsQuery, FraudAlertsQuery, ListQuery as _, OverviewQuery, ReasonsQuery, Report, SignInsQuery,
    UserUsageQuery, UsersQuery,
};
use libfuzzer_sys::fuzz_target;

const NOW: Instant = Instant::from_millis(1_790_000_000_000);

macro_rules! again {
    ($($query:ty),*) => {
        |text: &str| {
            $(if let Ok(query) = <$query>::parse(text, NOW) {
                assert_eq!(<$query>::parse(&query.to_url(), NOW), Ok(query));
            })*
        }
    };
}

fuzz_target!(|text: &str| {
    again!(
        Report,
        OverviewQuery,
        UsersQuery,
        EventsQuery,
        SignInsQuery,
        UserUsageQuery,
        ActivityQuery,
        FraudAlertsQuery,
        ReasonsQuery
    )(text);
    if let Some(cursor) = Cursor::decode(text) {
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
    }
});
