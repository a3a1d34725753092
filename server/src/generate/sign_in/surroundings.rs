//! What a sign-in is to, with and from: applications, devices, places.

use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::super::names::COUNTRIES;
use super::super::people::Person;
use super::super::text::push_number;

/// An application and the resource behind it, as JSON members, and its share of the sign-ins.
#[derive(Debug)]
pub struct App {
    pub app: &'static str,
    pub resource: &'static str,
    share: u32,
}

macro_rules! app {
    ($share:literal, $name:literal, $id:literal, $resource:literal) => {
        App {
            app: concat!(r#""appId":""#, $id, r#"","appDisplayName":""#, $name, '"'),
            resource: concat!(r#""resourceDisplayName":""#, $resource, '"'),
            share: $share,
        }
    };
}
macro_rules! graph_app {
    ($share:literal, $name:literal, $id:literal) => {
        app!($share, $name, $id, "Microsoft Graph")
    };
}
macro_rules! own_app {
    ($share:literal, $name:literal, $id:literal) => {
        app!($share, $name, $id, $name)
    };
}

/// Few are used much, many seldom.
pub static APPS: [App; 24] = [
    app!(230, "Microsoft Teams", "1fec8e78-bce4-4aaf-ab1b-5451cc387264", "Microsoft Teams Services"),
    own_app!(180, "Office 365 Exchange Online", "00000002-0000-0ff1-ce00-000000000000"),
    own_app!(140, "Office 365 SharePoint Online", "00000003-0000-0ff1-ce00-000000000000"),
    graph_app!(90, "Microsoft Office", "d3590ed6-52b3-4102-aeff-aad2292ab01c"),
    graph_app!(70, "OneDrive SyncEngine", "ab9b8c07-8f02-4f72-87fa-80105867a763"),
    own_app!(55, "OfficeHome", "4765445b-32c6-49b0-83e6-1d93765276ca"),
    graph_app!(45, "Microsoft Authentication Broker", "29d9ed98-a469-4536-ade2-f981bc1d605e"),
    own_app!(40, "Salesforce", "481732f5-fe5b-48c0-8445-d238ab230658"),
    app!(30, "Azure Portal", "c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "Windows Azure Service Management API"),
    own_app!(25, "ServiceNow", "6f5c1c0e-2f6b-4c4f-9a51-0d0d2b8b6a11"),
    own_app!(20, "SAP Concur", "8e2b6a30-95f1-4d3e-8b0f-5d2c4f1e7a22"),
    own_app!(15, "Workday", "1b7d9c42-6e5a-4f83-a1d0-9c3e5b7f2a33"),
    own_app!(12, "Løn & Tid", "2c8e0d53-7f6b-4a94-b2e1-0d4f6c8a3b44"),
    app!(10, "Azure CLI", "04b07795-8ddb-461a-bbee-02f9e1bf7b46", "Windows Azure Service Management API"),
    own_app!(9, "Zscaler Private Access", "3d9f1e64-806c-4ba5-83f2-1e507d9b4c55"),
    own_app!(7, "GitHub Enterprise Cloud", "4ea02f75-917d-4cb6-94a3-2f618eac5d66"),
    own_app!(5, "経費精算", "5fb13086-a28e-4dc7-a5b4-30729fbd6e77"),
    own_app!(4, "Atlassian Cloud", "60c24197-b39f-4ed8-b6c5-4183a0ce7f88"),
    own_app!(3, "Docusign", "71d352a8-c4a0-4fe9-87d6-5294b1df8099"),
    own_app!(3, "Urlaub + Abwesenheit", "82e463b9-d5b1-40fa-98e7-63a5c2e091aa"),
    own_app!(2, "Adobe Creative Cloud", "93f574ca-e6c2-410b-a9f8-74b6d3f1a2bb"),
    own_app!(2, "Lieferantenportal (Test)", "a40685db-f7d3-421c-ba09-85c7e402b3cc"),
    own_app!(2, "Meeting room displays", "b51796ec-08e4-432d-8b1a-96d8f513c4dd"),
    own_app!(1, "Graph Explorer", "de8bc8b5-d9f9-48b1-a8ad-b748da725064"),
];

/// An application by its share.
pub fn app(rng: &mut ChaCha8Rng) -> u8 {
    const SHARES: u32 = {
        let mut sum = 0;
        let mut i = 0;
        while i < APPS.len() {
            sum += APPS[i].share;
            i += 1;
        }
        sum
    };
    let mut roll = rng.random_range(0..SHARES);
    for (number, app) in (0u8..).zip(&APPS) {
        if roll < app.share {
            return number;
        }
        roll -= app.share;
    }
    0
}

/// `deviceDetail` and `clientAppUsed`, as JSON members.
macro_rules! device {
    ($client:literal, $system:literal, $browser:literal, $compliant:literal, $trust:literal) => {
        concat!(
            r#""clientAppUsed":""#,
            $client,
            r#"","deviceDetail":{"operatingSystem":""#,
            $system,
            r#"","browser":""#,
            $browser,
            r#"","isCompliant":"#,
            $compliant,
            r#","trustType":""#,
            $trust,
            r#""}"#
        )
    };
}

pub static DEVICES: [&str; 12] = [
    device!("Browser", "Windows 11", "Edge 140.0.3485", "true", "Microsoft Entra joined"),
    device!("Mobile Apps and Desktop clients", "Windows 11", "Rich Client 4.73.0.0", "true", "Microsoft Entra joined"),
    device!("Browser", "Windows 10", "Chrome 139.0.0", "true", "Microsoft Entra hybrid joined"),
    device!("Browser", "MacOs", "Safari 18.6", "false", ""),
    device!("Browser", "Windows 11", "Firefox 142.0", "false", ""),
    device!("Browser", "Linux", "Firefox 128.0", "false", ""),
    device!("Mobile Apps and Desktop clients", "Ios 18.6", "Mobile Safari", "true", "Microsoft Entra registered"),
    device!(
        "Mobile Apps and Desktop clients",
        "Android 16",
        "Chrome Mobile 139.0",
        "true",
        "Microsoft Entra registered"
    ),
    device!("Browser", "Ios 18.5", "Mobile Safari 18.5", "false", ""),
    device!("IMAP4", "", "", "false", ""),
    device!("Exchange ActiveSync", "Android 9", "", "false", ""),
    device!("Authenticated SMTP", "", "Python Requests 2.32", "false", ""),
];
const DESKTOPS: u64 = 6;
const PHONES: u64 = 3;
const OLD: u32 = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    Office,
    Home,
    /// The telephone's own network.
    OnTheWay,
    /// A country that is not the person's.
    Abroad,
}

/// Where from and with what somebody signs in this time.
pub fn place_and_device(user: &Person, is_interactive: bool, rng: &mut ChaCha8Rng) -> (Where, u8) {
    let bits = user.id.bits();
    let desktop = (bits % DESKTOPS) as u8;
    let phone = (DESKTOPS + bits / 7 % PHONES) as u8;
    match rng.random_range(0..100u32) {
        0..46 => (Where::Office, desktop),
        46..74 => (Where::Home, desktop),
        74..82 => (Where::Home, phone),
        82..98 => (Where::OnTheWay, phone),
        _ if is_interactive => (Where::Abroad, desktop),
        _ => (Where::OnTheWay, phone),
    }
}

/// A program that knows passwords only.
pub fn old_device(rng: &mut ChaCha8Rng) -> u8 {
    (DEVICES.len() as u32 - 1 - rng.random_range(0..OLD)) as u8
}

/// Two more cities of each country, with their states.
const HOMES: [[(&str, &str); 2]; COUNTRIES.len()] = [
    [("Stockholm", "Stockholms län"), ("Umeå", "Västerbottens län")],
    [("Köln", "Nordrhein-Westfalen"), ("Leipzig", "Sachsen")],
    [("Portland", "Oregon"), ("Austin", "Texas")],
    [("London", "England"), ("Cardiff", "Wales")],
    [("Warszawa", "Mazowieckie"), ("Łódź", "Łódzkie")],
    [("Lyon", "Auvergne-Rhône-Alpes"), ("Nîmes", "Occitanie")],
    [("Recife", "Pernambuco"), ("Florianópolis", "Santa Catarina")],
    [("Bengaluru", "Karnataka"), ("Chennai", "Tamil Nadu")],
    [("Tokyo", "Tokyo"), ("Sapporo", "Hokkaido")],
    [("Ankara", "Ankara"), ("Muğla", "Muğla")],
    [("Abuja", "Federal Capital Territory"), ("Kano", "Kano")],
    [("Bouaké", "Vallée du Bandama"), ("Yamoussoukro", "Yamoussoukro")],
];

/// The place's country: an index of [`COUNTRIES`].
pub fn country(user: &Person, place: Where) -> usize {
    match place {
        Where::Abroad => (user.country + 1 + (user.id.bits() / 13 % 7) as usize) % COUNTRIES.len(),
        _ => user.country,
    }
}

/// City and state, as the log has them.
pub fn city(user: &Person, place: Where) -> (&'static str, &'static str) {
    let country = country(user, place);
    match place {
        Where::Office | Where::Abroad => (COUNTRIES[country].2, ""),
        Where::Home => HOMES[country][(user.id.bits() / 5 % 2) as usize],
        Where::OnTheWay => HOMES[country][0],
    }
}

/// An address of the ranges that stand for others: one of an office, somebody's own, a telephone's.
pub fn push_address(out: &mut String, user: &Person, place: Where) {
    let bits = user.id.bits();
    match place {
        Where::Office => {
            out.push_str("203.0.113.");
            push_number(out, (user.country * 20) as u64 + bits % 6);
        }
        Where::Home => {
            out.push_str("198.18.");
            push_number(out, bits / 3 % 256);
            out.push('.');
            push_number(out, bits / 1_000 % 254 + 1);
        }
        Where::OnTheWay => {
            out.push_str("2001:db8:");
            push_number(out, 1 + user.country as u64);
            out.push(':');
            push_number(out, bits / 11 % 9_999);
            out.push_str("::");
            push_number(out, 1 + bits / 1_700 % 9);
        }
        Where::Abroad => {
            out.push_str("192.0.2.");
            push_number(out, 1 + bits / 17 % 254);
        }
    }
}
