//! The people of the generated organisation.

use domain::instant::DAY_MS;
use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::Settings;
use super::methods::{self, Set};
use super::names;
use super::text::{Guid, quoted};

pub const DOMAIN: &str = "fabrikam.example";
/// Where guests are at home.
pub const PARTNER: &str = "partner.example";
/// What stands after a guest's mailbox in the user name they have here.
pub const GUEST_MARK: &str = "_partner.example#EXT#";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Employee,
    Guest,
    /// Nobody told the directory export: the log alone knows the name.
    SeenOnly,
}

/// Whether the reset policy reaches somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResetScope {
    Never,
    Always,
    /// From the day the policy was widened.
    FromRollOut,
}

#[derive(Debug)]
pub struct Person {
    pub id: Guid,
    pub user_name: String,
    /// Display name as a JSON string.
    pub name_json: String,
    pub standing: Standing,
    pub department: usize,
    pub country: usize,
    pub is_admin: bool,
    pub is_enabled: bool,
    pub is_deleted: bool,
    /// Without the licence that the registration report needs.
    pub is_unlicensed: bool,
    /// Joined after the directory was exported, at this instant.
    pub joined_at: Option<i64>,
    pub created_at: i64,
    pub scope: ResetScope,
    /// Methods at the beginning.
    pub methods: Set,
}

impl Person {
    pub fn is_in_directory(&self) -> bool {
        self.standing != Standing::SeenOnly && self.joined_at.is_none()
    }

    /// Whether the registration report can have a row about the person.
    pub fn is_reported(&self) -> bool {
        self.standing != Standing::SeenOnly && !self.is_deleted && !self.is_unlicensed
    }

    /// Whether the person does anything.
    pub fn is_active(&self) -> bool {
        self.is_enabled && !self.is_deleted
    }
}

pub fn organisation(settings: &Settings, rng: &mut ChaCha8Rng) -> Vec<Person> {
    (0..settings.users).map(|number| person(number, settings, rng)).collect()
}

fn person(number: u32, settings: &Settings, rng: &mut ChaCha8Rng) -> Person {
    // The first person always is an administrator, so that somebody can act on others.
    let roll = if number == 0 { 500 } else { rng.random_range(0..1000u32) };
    let standing = match roll {
        0..60 => Standing::Guest,
        60..68 => Standing::SeenOnly,
        _ => Standing::Employee,
    };
    let (display_name, mailbox) = name(rng);
    let user_name = if standing == Standing::Guest {
        format!("{mailbox}{number}{GUEST_MARK}@{DOMAIN}")
    } else {
        format!("{mailbox}{number}@{DOMAIN}")
    };
    let department = department(rng);
    let country = names::COUNTRIES.len() * rng.random_range(0..1000usize) * rng.random_range(0..1000usize) / 1_000_000;
    let is_employee = standing == Standing::Employee;
    let is_admin =
        number == 0 || is_employee && rng.random_ratio(if department == names::IT_DEPARTMENT { 25 } else { 1 }, 100);
    let is_enabled = is_admin || !rng.random_ratio(28, 1000);
    let is_deleted = !is_admin && standing != Standing::SeenOnly && rng.random_ratio(6, 1000);
    let days = i64::from(settings.days);
    let joined_at = (is_employee && !is_admin && is_enabled && !is_deleted && rng.random_ratio(35, 1000))
        .then(|| settings.start().millis() + rng.random_range(0..days * DAY_MS));
    let created_at =
        joined_at.unwrap_or_else(|| settings.start().millis() - rng.random_range(DAY_MS..3_000 * DAY_MS)) / 1000 * 1000;
    Person {
        id: Guid::random(rng),
        user_name,
        name_json: quoted(&display_name),
        standing,
        department,
        country,
        is_admin,
        is_enabled,
        is_deleted,
        is_unlicensed: !is_admin && rng.random_ratio(22, 1000),
        joined_at,
        created_at,
        scope: scope(standing, department, rng),
        methods: if joined_at.is_some() { 0 } else { first_methods(standing, department, is_admin, rng) },
    }
}

fn name(rng: &mut ChaCha8Rng) -> (String, String) {
    if rng.random_ratio(3, 100) {
        let (display_name, mailbox) = names::OTHER_SCRIPTS[rng.random_range(0..names::OTHER_SCRIPTS.len())];
        return (display_name.to_owned(), mailbox.to_owned());
    }
    let given = names::GIVEN[rng.random_range(0..names::GIVEN.len())];
    let family = names::FAMILY[rng.random_range(0..names::FAMILY.len())];
    (format!("{given} {family}"), format!("{}.{}", names::mailbox(given), names::mailbox(family)))
}

fn department(rng: &mut ChaCha8Rng) -> usize {
    let mut roll = rng.random_range(0..100);
    names::DEPARTMENTS
        .iter()
        .position(|(_, share)| {
            let here = roll < *share;
            roll = roll.saturating_sub(*share);
            here
        })
        .unwrap_or(0)
}

fn scope(standing: Standing, department: usize, rng: &mut ChaCha8Rng) -> ResetScope {
    match standing {
        Standing::Guest | Standing::SeenOnly => ResetScope::Never,
        // Manufacturing was let in when the policy was widened; a few people are never in the group.
        Standing::Employee if department == 4 => ResetScope::FromRollOut,
        Standing::Employee if rng.random_ratio(7, 100) => ResetScope::Never,
        Standing::Employee => ResetScope::Always,
    }
}

fn first_methods(standing: Standing, department: usize, is_admin: bool, rng: &mut ChaCha8Rng) -> Set {
    use methods::{
        CODE, EMAIL, FIDO2, HARDWARE, MOBILE_PHONE, NOVEL, OFFICE_PHONE, PASSKEY, PASSWORDLESS, PUSH,
        SECURITY_QUESTIONS, WINDOWS_HELLO, of,
    };
    if is_admin {
        return if rng.random_ratio(1, 2) { of(&[PUSH, CODE, FIDO2, EMAIL]) } else { of(&[PUSH, CODE, MOBILE_PHONE]) };
    }
    if department == names::SMS_ONLY_DEPARTMENT && standing == Standing::Employee {
        return if rng.random_ratio(3, 4) { of(&[MOBILE_PHONE, EMAIL]) } else { of(&[MOBILE_PHONE]) };
    }
    let mut set = match rng.random_range(0..100u32) {
        0..13 => 0,
        13..30 => of(&[PUSH, CODE, MOBILE_PHONE]),
        30..45 => of(&[PUSH, CODE]),
        45..56 => of(&[MOBILE_PHONE]),
        56..66 => of(&[MOBILE_PHONE, EMAIL]),
        66..73 => of(&[EMAIL]),
        73..81 => of(&[EMAIL, SECURITY_QUESTIONS]),
        81..88 => of(&[PUSH, CODE, WINDOWS_HELLO]),
        88..92 => of(&[MOBILE_PHONE, OFFICE_PHONE]),
        92..95 => of(&[PUSH, CODE, PASSWORDLESS]),
        95..97 => of(&[PUSH, PASSKEY]),
        97..99 => of(&[FIDO2, EMAIL]),
        _ => of(&[HARDWARE, EMAIL]),
    };
    if rng.random_ratio(4, 1000) {
        set |= of(&[NOVEL]);
    }
    set
}
