//! The overview, recounted.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::actions::{self, Action};
use super::activity::{self, Activity};
use super::events::{self, Event};
use super::files::{Records, instant, text};
use super::sign_ins::{self, SignIn};
use super::users::{FLAGS, State, Users};

/// Everything the files say.
pub struct Recount {
    pub records: Records,
    pub users: Users,
    pub events: Vec<Event>,
    pub sign_ins: Vec<SignIn>,
    pub passwords: Vec<Password>,
    pub activity: Vec<Activity>,
    pub actions: Vec<Action>,
}

/// A whole reset, change or unlock, or a block of it.
pub struct Password {
    pub at: i64,
    pub activity: String,
    pub succeeded: bool,
}

/// Yes, no and unknown.
type Tally = [i64; 3];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    pub size: i64,
    pub left_out: BTreeMap<String, i64>,
    pub tiles: BTreeMap<String, Tally>,
    pub insights: BTreeMap<String, i64>,
    /// By method: successes and failures.
    pub registrations: BTreeMap<String, [i64; 2]>,
    pub resets: BTreeMap<String, [i64; 2]>,
}

/// The figures about users at one instant, or the difference of two such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    size: i64,
    tiles: BTreeMap<String, Tally>,
    insights: BTreeMap<String, i64>,
}

impl Snapshot {
    pub fn minus(&self, then: &Self) -> Self {
        let tile = |(flag, now): (&String, &Tally)| {
            let then = then.tiles[flag];
            (flag.clone(), [0, 1, 2].map(|answer| now[answer] - then[answer]))
        };
        Self {
            size: self.size - then.size,
            tiles: self.tiles.iter().map(tile).collect(),
            insights: self.insights.iter().map(|(name, n)| (name.clone(), n - then.insights[name])).collect(),
        }
    }
}

/// A point of a trend or a change, from the JSON the program gives.
pub fn snapshot_of(json: &Value) -> Snapshot {
    Snapshot { size: number(&json["size"]), tiles: tiles(json), insights: insights(json) }
}

impl Recount {
    pub fn of(dir: &Path, directory_at: i64) -> Self {
        let records = Records::read(dir);
        let users = Users::new(&records, directory_at);
        let events = events::all(&records, &users);
        let sign_ins = sign_ins::all(&records, &users);
        let passwords = records.audits.iter().filter_map(password).collect();
        let activity = records.activity.iter().map(|row| activity::of_row(row, &users)).collect();
        let actions = actions::all(&records, &users);
        Self { records, users, events, sign_ins, passwords, activity, actions }
    }

    /// What the overview says of users; the bars follow with [`Self::with_bars`].
    pub fn overview(&self, population: &str, as_of: i64) -> Overview {
        let states = self.users.at(population, as_of);
        let mut left_out = BTreeMap::new();
        for reason in states.iter().filter_map(|state| state.left_out) {
            *left_out.entry(reason.to_owned()).or_default() += 1;
        }
        let members: Vec<&State> = states.iter().filter(|state| state.left_out.is_none()).collect();
        let count = |filters: &[(&str, &str)]| {
            let all = |state: &&&State| filters.iter().all(|(filter, value)| state.matches(filter, value));
            members.iter().filter(all).count() as i64
        };
        let tiles =
            FLAGS.map(|(flag, _)| (flag.to_owned(), ["yes", "no", "unknown"].map(|answer| count(&[(flag, answer)]))));
        let insights = [
            ("registered_not_enabled", count(&[("registered", "yes"), ("enabled", "no")])),
            ("enabled_not_registered", count(&[("registered", "no"), ("enabled", "yes")])),
            ("sms_or_voice_only", count(&[("method_class", "sms_or_voice_only")])),
            ("sms_or_voice_and_better", count(&[("method_class", "sms_or_voice_and_better")])),
        ];
        Overview {
            size: members.len() as i64,
            left_out,
            tiles: tiles.into(),
            insights: insights.map(|(name, n)| (name.to_owned(), n)).into(),
            registrations: BTreeMap::new(),
            resets: BTreeMap::new(),
        }
    }

    /// The same users with the events of a window.
    pub fn with_bars(&self, overview: Overview, window: (i64, i64)) -> Overview {
        let (registrations, resets) = (self.bars("registration", window), self.bars("reset", window));
        Overview { registrations, resets, ..overview }
    }

    /// Counted events of a window.
    pub fn within(&self, (from, to): (i64, i64)) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(move |event| from <= event.at && event.at < to)
    }

    pub fn bars(&self, feature: &str, window: (i64, i64)) -> BTreeMap<String, [i64; 2]> {
        let mut bars: BTreeMap<String, [i64; 2]> = BTreeMap::new();
        for event in self.within(window).filter(|event| event.feature == feature) {
            bars.entry(event.method.to_owned()).or_default()[usize::from(!event.succeeded)] += 1;
        }
        bars
    }
}

/// What did not reach the cloud is a success all the same.
fn password(audit: &Value) -> Option<Password> {
    let activity = text(&audit["activityDisplayName"])?;
    let is_whole = [
        "Reset password (self-service)",
        "Reset password (by admin)",
        "Change password (self-service)",
        "Unlock user account (self-service)",
        "Blocked from self-service password reset",
    ]
    .contains(&activity.as_str());
    let succeeded = audit["result"] == "success" || audit["resultReason"] == "OnPremisesSuccessCloudFailure";
    let at = instant(&audit["activityDateTime"])?;
    is_whole.then_some(Password { at, activity, succeeded })
}

impl Overview {
    pub fn snapshot(self) -> Snapshot {
        Snapshot { size: self.size, tiles: self.tiles, insights: self.insights }
    }

    /// The program's answer, from the JSON it gives.
    pub fn from_json(json: &Value) -> Self {
        let bars = |list: &Value| {
            let bar = |bar: &Value| {
                let method = bar["method"].as_str().expect("a method").to_owned();
                (method, [number(&bar["success"]), number(&bar["failure"])])
            };
            list.as_array().expect("a list").iter().map(bar).collect()
        };
        let left_out = json["population"]["left_out"].as_array().expect("a list");
        Self {
            size: number(&json["population"]["size"]),
            left_out: left_out
                .iter()
                .map(|item| (item["reason"].as_str().expect("a reason").to_owned(), number(&item["count"])))
                .collect(),
            tiles: tiles(json),
            insights: insights(json),
            registrations: bars(&json["registrations"]),
            resets: bars(&json["resets"]),
        }
    }
}

fn number(value: &Value) -> i64 {
    value.as_i64().expect("a number")
}

fn tiles(json: &Value) -> BTreeMap<String, Tally> {
    let tile = |(flag, tally): (&String, &Value)| {
        (flag.clone(), ["yes", "no", "unknown"].map(|answer| number(&tally[answer])))
    };
    json["tiles"].as_object().expect("an object").iter().map(tile).collect()
}

fn insights(json: &Value) -> BTreeMap<String, i64> {
    let insights = json["insights"].as_object().expect("an object");
    insights.iter().map(|(name, n)| (name.clone(), number(n))).collect()
}

/// An answer without what legitimately depends on the way the records came in.
pub fn without_sources(mut overview: Value) -> Value {
    overview["sources"] = json!(null);
    overview
}
