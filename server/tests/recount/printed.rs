//! What the three commands of 2020 printed: the first two without disabled accounts, the third with everybody.

use domain::population::Population;
use domain::query::{MfaMethodsQuery, MfaNotRegisteredQuery, MfaRegisteredQuery, Report};
use domain::window::Range;
use serde_json::Value;

use super::database::Database;
use super::lists::{join, walk};
use super::users::{FLAGS, State};
use super::{LIST_INSTANTS, Organisation, report};

pub async fn compare(organisation: &Organisation, database: &Database) {
    for (number, as_of) in organisation.instants(LIST_INSTANTS).into_iter().enumerate() {
        let population = (number % 3 > 0).then_some(Population::ALL[number % Population::ALL.len()]);
        let report = Report { population, ..report(as_of, Range::Month, None) };
        let users = &organisation.recount.users;
        let enabled = users.at("members", as_of.millis());
        let is_disabled =
            |id: &String| enabled.iter().any(|state| state.id == *id && state.left_out == Some("disabled"));
        let known: Vec<State> = users
            .at(population.map_or("everyone", Population::as_str), as_of.millis())
            .into_iter()
            .filter(|state| state.left_out.is_none())
            .collect();
        let flag = FLAGS.iter().position(|(name, _)| *name == "mfa_registered").expect("it is a tile");
        let names = |is_in: &dyn Fn(&State) -> bool| {
            let mut names: Vec<String> = known.iter().filter(|state| is_in(state)).map(name_of).collect();
            names.sort();
            names
        };
        let url = join(&report.to_url(), &Vec::new());
        let registered = printed(walk::<MfaRegisteredQuery>(database, &url).await);
        let expected = names(&|state| state.flags[flag] == Some(true) && !is_disabled(&state.id));
        assert_eq!(registered, expected, "lists/mfa-registered?{url}");
        let not_registered = printed(walk::<MfaNotRegisteredQuery>(database, &url).await);
        let expected = names(&|state| state.flags[flag] == Some(false) && !is_disabled(&state.id));
        assert_eq!(not_registered, expected, "lists/mfa-not-registered?{url}");
        let everybody = walk::<MfaMethodsQuery>(database, &url).await;
        assert!(everybody.iter().all(|row| row["MFA Status"].is_null()), "nothing says whether MFA is enforced");
        assert!(everybody.iter().all(|row| row["MFA Methods"] != "System.Object[]"));
        assert_eq!(printed(everybody), names(&|_| true), "lists/mfa-methods?{url}");
    }
}

fn name_of(state: &State) -> String {
    state.user_name.clone().unwrap_or_else(|| state.id.clone())
}

fn printed(rows: Vec<Value>) -> Vec<String> {
    let name = |row: &Value| row["UserPrincipalName"].as_str().expect("a name").to_owned();
    let mut names: Vec<String> = rows.iter().map(name).collect();
    names.sort();
    names
}
