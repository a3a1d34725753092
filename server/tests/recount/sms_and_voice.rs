//! Who is stopped, by department and by country: everybody in exactly one group, and every number the total of its list.

use std::collections::BTreeMap;

use domain::population::Population;
use domain::query::{SmsAndVoiceQuery, UsersQuery};
use domain::report::GroupCounts;
use domain::window::Range;

use super::database::Database;
use super::users::State;
use super::{LIST_INSTANTS, Organisation, report};

/// Users, those with SMS or voice only, those with something better beside it.
type Counts = [i64; 3];

pub async fn compare(organisation: &Organisation, database: &Database) {
    for (number, as_of) in organisation.instants(LIST_INSTANTS).into_iter().enumerate().step_by(4) {
        let population = Population::ALL[number % Population::ALL.len()];
        let report = report(as_of, Range::Month, Some(population));
        let answer = database.reader.sms_and_voice(&SmsAndVoiceQuery::of(report.clone())).await.expect("an answer");
        let states = organisation.recount.users.at(population.as_str(), as_of.millis());
        let members: Vec<&State> = states.iter().filter(|state| state.left_out.is_none()).collect();
        for (parameter, groups) in [("department", &answer.departments), ("country", &answer.countries)] {
            let expected = recounted(&members, parameter);
            let found: BTreeMap<_, _> = groups.iter().map(|group| (group.name.clone(), counts(group))).collect();
            assert_eq!(found, expected, "{parameter}, {population} as of {as_of}");
            assert_eq!(groups.iter().map(|group| group.size).sum::<i64>(), answer.population.size);
            assert_eq!(groups.iter().map(|group| group.sms_or_voice_only).sum::<i64>(), answer.sms_or_voice_only);
            for group in groups.iter().take(3).chain(groups.iter().filter(|group| group.name == "unknown")) {
                for (class, n) in ["", "sms_or_voice_only", "sms_or_voice_and_better"].iter().zip(counts(group)) {
                    let mut url = form_urlencoded::Serializer::new(format!("{}&method_class={class}", report.to_url()));
                    let url = url.append_pair(parameter, &group.name).finish();
                    let query = UsersQuery::parse(&url, as_of).expect("a list");
                    let list = database.reader.users(&query).await.expect("a list");
                    assert_eq!(list.total, n, "users?{url}");
                }
            }
        }
    }
}

fn counts(group: &GroupCounts) -> Counts {
    [group.size, group.sms_or_voice_only, group.sms_or_voice_and_better]
}

fn recounted(members: &[&State], parameter: &str) -> BTreeMap<String, Counts> {
    let mut groups: BTreeMap<String, Counts> = BTreeMap::new();
    for state in members {
        let name = if parameter == "department" { &state.department } else { &state.country };
        let group = groups.entry(name.clone().unwrap_or_else(|| "unknown".to_owned())).or_default();
        group[0] += 1;
        group[1] += i64::from(state.matches("method_class", "sms_or_voice_only"));
        group[2] += i64::from(state.matches("method_class", "sms_or_voice_and_better"));
    }
    groups
}
