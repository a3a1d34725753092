//! Users and their state at an instant: `spec/derivation.md` §1, recounted from every observation each time.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::events::{Event, user_of};
use super::files::{Records, instant, text};
use super::{methods, sign_ins};

/// In the order of the tiles.
pub const FLAGS: [(&str, &str); 6] = [
    ("registered", "isSsprRegistered"),
    ("enabled", "isSsprEnabled"),
    ("capable", "isSsprCapable"),
    ("mfa_registered", "isMfaRegistered"),
    ("mfa_capable", "isMfaCapable"),
    ("passwordless_capable", "isPasswordlessCapable"),
];

/// One record about a user: when it was observed, how much it weighs at equal times, and the record itself.
struct Observation {
    at: i64,
    rank: i64,
    record: Value,
}

#[derive(Default)]
struct User {
    observations: Vec<Observation>,
    seen_at: Option<i64>,
}

pub struct Users {
    users: BTreeMap<String, User>,
    /// Object id of a user name, in lower case.
    ids: BTreeMap<String, String>,
}

/// What is known of one user at one instant.
pub struct State {
    pub id: String,
    pub user_name: Option<String>,
    pub left_out: Option<&'static str>,
    pub flags: [Option<bool>; 6],
    pub methods: Option<Vec<String>>,
    pub department: Option<String>,
    pub country: Option<String>,
}

impl Users {
    /// `directory_at`: when records without a time of their own were observed.
    pub fn new(records: &Records, directory_at: i64) -> Self {
        let mut ids = BTreeMap::new();
        for record in records.directory.iter().chain(&records.registration) {
            note_id(&mut ids, record, "id");
        }
        for record in &records.audits {
            note_id(&mut ids, &user_of(record), "id");
        }
        for record in &records.sign_ins {
            note_id(&mut ids, &record["properties"], "userId");
        }
        let mut users = Self { users: BTreeMap::new(), ids };
        for record in &records.directory {
            users.observe(record, directory_at, 3);
        }
        for record in &records.registration {
            let at = instant(&record["lastUpdatedDateTime"]).expect("a refresh time");
            users.observe(record, at, 2);
        }
        for record in &records.audits {
            let at = instant(&record["activityDateTime"]).expect("a time");
            users.see(&users.key(&user_of(record), "id"), at);
        }
        for record in &records.usage {
            let at = instant(&record["eventDateTime"]).expect("a time");
            users.see(&users.key(record, "no id of the user"), at);
        }
        for record in &records.sign_ins {
            users.see(&users.key(&record["properties"], "userId"), sign_ins::time_of(record));
        }
        for (rows, time) in [
            (&records.activity, "Timestamp"),
            (&records.blocks, "Block Timestamp"),
            (&records.bypasses, "Bypass Timestamp"),
        ] {
            for row in rows {
                users.see(&users.named(&row["Username"]), instant(&row[time].as_str().into()).expect("a time"));
            }
        }
        users
    }

    fn observe(&mut self, record: &Value, at: i64, rank: i64) {
        let id = text(&record["id"]).expect("an object id");
        self.users.entry(id).or_default().observations.push(Observation { at, rank, record: record.clone() });
    }

    fn see(&mut self, key: &str, at: i64) {
        let seen = &mut self.users.entry(key.to_owned()).or_default().seen_at;
        *seen = Some(seen.map_or(at, |known| known.min(at)));
    }

    /// The object id, where the record or any other names one for this user name; else the user name.
    pub fn key(&self, user: &Value, id: &str) -> String {
        text(&user[id]).unwrap_or_else(|| self.named(&text(&user["userPrincipalName"]).unwrap_or_default()))
    }

    /// Whoever has this user name, in whatever case.
    pub fn named(&self, name: &str) -> String {
        let name = name.to_lowercase();
        self.ids.get(&name).cloned().unwrap_or(name)
    }

    /// The first observation of anybody.
    pub fn known_from(&self) -> i64 {
        let observations = self.users.values().flat_map(|user| &user.observations);
        observations.map(|observation| observation.at).min().expect("somebody is observed")
    }

    /// Everybody known at an instant, with the reason why a population leaves them out.
    pub fn at(&self, population: &str, t: i64) -> Vec<State> {
        self.users.iter().filter_map(|(id, user)| user.state(id, population, t)).collect()
    }

    /// The users of a population.
    pub fn members(&self, population: &str, t: i64) -> BTreeSet<String> {
        self.at(population, t).into_iter().filter(|state| state.left_out.is_none()).map(|state| state.id).collect()
    }

    /// Events of these users; of everybody where no population is named.
    pub fn count_events(&self, events: &[&Event], population: Option<&str>, t: i64) -> usize {
        let Some(population) = population else { return events.len() };
        let members = self.members(population, t);
        events.iter().filter(|event| members.contains(&event.user)).count()
    }
}

fn note_id(ids: &mut BTreeMap<String, String>, user: &Value, id: &str) {
    if let (Some(id), Some(name)) = (text(&user[id]), text(&user["userPrincipalName"])) {
        ids.insert(name.to_lowercase(), id);
    }
}

impl User {
    fn state(&self, id: &str, population: &str, t: i64) -> Option<State> {
        let is_recorded = self.observations.iter().any(|observation| observation.at <= t);
        if !is_recorded && self.seen_at.is_none_or(|seen| seen > t) {
            return None;
        }
        let is = |field: &str| self.newest(field, t).and_then(Value::as_bool);
        let of = |field: &str| self.newest(field, t).and_then(text);
        // A row in the registration report means that the account was enabled then.
        let is_disabled = self.newest("accountEnabled", t).is_some_and(|value| value == &Value::Bool(false));
        let kind = of("userType").map(|kind| kind.to_lowercase());
        let name = of("userPrincipalName").unwrap_or_default();
        let is_guest = kind.as_deref() == Some("guest") || kind.is_none() && name.contains("#EXT#");
        let left_out = match population {
            _ if !is_recorded => Some("seen_only_in_events"),
            _ if of("deletedDateTime").is_some() => Some("deleted"),
            "everyone" => None,
            _ if is_disabled => Some("disabled"),
            "members" if is_guest => Some("guest"),
            "guests" if !is_guest => Some("member"),
            "admins" if is("isAdmin") != Some(true) => Some("not_admin"),
            _ => None,
        };
        let methods = self.newest("methodsRegistered", t).and_then(Value::as_array);
        Some(State {
            id: id.to_owned(),
            user_name: of("userPrincipalName"),
            left_out,
            flags: FLAGS.map(|(_, field)| is(field)),
            methods: methods.map(|names| names.iter().filter_map(text).collect()),
            department: of("department"),
            country: of("country"),
        })
    }

    /// The newest observation at or before `t` that carries the field; at equal times the weightier one.
    fn newest(&self, field: &str, t: i64) -> Option<&Value> {
        const ENABLED: &Value = &Value::Bool(true);
        let carried = self.observations.iter().filter(|observation| observation.at <= t).filter_map(|observation| {
            let value = match observation.record.get(field) {
                Some(value) if !value.is_null() && value != "" => value,
                None if field == "accountEnabled" && observation.rank == 2 => ENABLED,
                _ => return None,
            };
            Some((observation.at, observation.rank, value))
        });
        carried.max_by_key(|(at, rank, _)| (*at, *rank)).map(|(_, _, value)| value)
    }
}

impl State {
    /// Whether a filter of `/users` lets the user through.
    pub fn matches(&self, filter: &str, value: &str) -> bool {
        if let Some(flag) = FLAGS.iter().position(|(name, _)| *name == filter) {
            let answer = self.flags[flag].map_or("unknown", |yes| if yes { "yes" } else { "no" });
            return answer == value;
        }
        match filter {
            "method_class" => self.methods.as_ref().is_some_and(|names| methods::is_in_class(names, value)),
            "method" => self.methods.iter().flatten().any(|name| {
                let id = methods::registered(name).unwrap_or("unknown");
                id == value || id == "mobile_phone" && matches!(value, "sms" | "phone_call")
            }),
            "department" => self.department.as_deref().unwrap_or("unknown") == value,
            "country" => self.country.as_deref().unwrap_or("unknown") == value,
            other => panic!("no such filter: {other}"),
        }
    }
}
