//! Refusals of callers whom nobody knows: so that asking without a right cannot fill the log, one address gets so many
//! entries a minute, and one more that counts the rest. So does whoever is known and has asked for too much.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};

use domain::access::{Access, AccessAction, AccessOutcome, ActorKind};
use domain::instant::{Instant, MINUTE_MS};
use domain::role::Role;

/// Refusals that one address, or whoever asks for too much, has entries of their own for within a minute.
pub const ENTRIES_PER_CALLER: i64 = 60;
/// The status of whoever does.
const TOO_MANY: u16 = 429;
/// Those of all addresses together.
pub const ENTRIES: i64 = 600;

/// Whom refusals are counted of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Caller {
    Everywhere,
    Address(String),
    Known(ActorKind, Option<i64>, Option<Role>),
}

#[derive(Debug, Clone)]
struct Minute {
    since: Instant,
    /// Those without an entry: of which there is the last.
    more: Option<(i64, Access)>,
    entries: i64,
}

/// The refusals of the running minute.
#[derive(Debug, Default)]
pub struct Floods(HashMap<Caller, Minute>);

impl Floods {
    /// Whether any refusals wait for the entry that counts them.
    pub fn any_wait(&self) -> bool {
        self.0.values().any(|minute| minute.more.is_some())
    }

    /// Whether the entry is counted with others instead of written down by itself.
    pub fn takes(&mut self, entry: &Access) -> bool {
        let is_refused = entry.outcome == AccessOutcome::Refused;
        let callers = match (entry.actor.kind, entry.status) {
            (ActorKind::Nobody, _) if is_refused => {
                vec![(Caller::Address(network(&entry.address)), ENTRIES_PER_CALLER), (Caller::Everywhere, ENTRIES)]
            }
            (kind, Some(TOO_MANY)) if is_refused => {
                vec![(Caller::Known(kind, entry.actor.id, entry.actor.role), ENTRIES_PER_CALLER)]
            }
            _ => return false,
        };
        for (caller, most) in callers {
            let minute = self.0.entry(caller).or_insert(Minute { since: entry.at, more: None, entries: 0 });
            if minute.entries >= most {
                let before = minute.more.take().map_or(0, |(n, _)| n);
                minute.more = Some((before + 1, entry.clone()));
                return true;
            }
            minute.entries += 1;
        }
        false
    }

    /// The entries that count what had none in minutes that are over by then.
    pub fn over(&mut self, now: Instant) -> Vec<Access> {
        let is_over = |minute: &Minute| now >= minute.since.plus_millis(MINUTE_MS);
        let over = self.0.extract_if(|_, minute| is_over(minute));
        over.filter_map(|(caller, minute)| counted(&caller, minute)).collect()
    }

    /// The same of the running minute.
    pub fn all(&mut self) -> Vec<Access> {
        self.0.drain().filter_map(|(caller, minute)| counted(&caller, minute)).collect()
    }
}

fn counted(caller: &Caller, minute: Minute) -> Option<Access> {
    let (more, last) = minute.more?;
    Some(Access {
        at: last.at,
        actor: last.actor,
        action: AccessAction::Flood,
        outcome: AccessOutcome::Refused,
        status: None,
        route: String::new(),
        target: format!("{}/{}", minute.since, last.at),
        salt: [0; 16],
        rows: Some(more),
        request_id: String::new(),
        address: match caller {
            Caller::Everywhere => String::new(),
            Caller::Known(..) => last.address,
            Caller::Address(network) => network.clone(),
        },
    })
}

/// An address; of IPv6 its network, in which whoever has one address has them all.
fn network(address: &str) -> String {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use domain::access::Actor;

    use super::*;

    fn refused(address: &str, at: i64) -> Access {
        Access {
            at: Instant::from_millis(at),
            actor: Actor::nobody(),
            action: AccessAction::Other,
            outcome: AccessOutcome::Refused,
            status: Some(401),
            route: "/api/v1/users".to_owned(),
            target: "/api/v1/users".to_owned(),
            salt: [1; 16],
            rows: None,
            request_id: "r".to_owned(),
            address: address.to_owned(),
        }
    }

    #[test]
    fn what_has_no_entry_is_counted_once_its_minute_is_over() {
        let mut floods = Floods::default();
        let own = (0..100).filter(|n| !floods.takes(&refused("192.0.2.1", *n))).count();
        assert_eq!(own, 60);
        assert!(!floods.takes(&refused("192.0.2.2", 50)), "another address has entries of its own");
        assert!(floods.any_wait());
        assert_eq!(floods.over(Instant::from_millis(59_999)), Vec::new());
        let over = floods.over(Instant::from_millis(60_000));
        let [flood] = &over[..] else { panic!("one entry, not {over:?}") };
        assert_eq!((flood.rows, flood.address.as_str(), flood.action), (Some(40), "192.0.2.1", AccessAction::Flood));
        assert_eq!(flood.target, "1970-01-01T00:00:00.000Z/1970-01-01T00:00:00.099Z");
        assert!(!floods.takes(&refused("192.0.2.1", 60_000)), "another minute begins");
    }

    #[test]
    fn a_network_of_ipv6_is_one_caller() {
        let mut floods = Floods::default();
        let own = (0..100).filter(|n| !floods.takes(&refused(&format!("2001:db8::{n:x}"), 0))).count();
        assert_eq!(own, 60);
        assert_eq!(floods.all()[0].address, "2001:db8::/64");
    }

    #[test]
    fn many_addresses_are_counted_together() {
        let mut floods = Floods::default();
        let own = (0..1_000).filter(|n| !floods.takes(&refused(&format!("198.51.{}.{}", n / 250, n % 250), 0))).count();
        assert_eq!(own, 600);
        let all = floods.all();
        assert_eq!(all.iter().map(|flood| (flood.rows, flood.address.as_str())).collect::<Vec<_>>(), [(Some(400), "")]);
    }

    #[test]
    fn whoever_asks_for_too_much_is_counted_too() {
        let mut floods = Floods::default();
        let asks = |id| Access {
            actor: Actor { kind: ActorKind::Token, id: Some(id), ..Actor::console() },
            status: Some(429),
            ..refused("192.0.2.1", 0)
        };
        assert_eq!((0..100).filter(|_| !floods.takes(&asks(1))).count(), 60);
        assert!(!floods.takes(&asks(2)), "another has entries of its own");
        let all = floods.all();
        let [flood] = &all[..] else { panic!("one entry, not {all:?}") };
        assert_eq!((flood.rows, flood.actor.id, flood.address.as_str()), (Some(40), Some(1), "192.0.2.1"));
    }

    #[test]
    fn whoever_is_known_always_has_an_entry() {
        let mut floods = Floods::default();
        let known = Access { actor: Actor::console(), ..refused("192.0.2.1", 0) };
        let allowed = Access { outcome: AccessOutcome::Allowed, ..refused("192.0.2.1", 0) };
        assert!((0..1_000).all(|_| !floods.takes(&known) && !floods.takes(&allowed)));
    }
}
