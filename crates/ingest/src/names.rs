//! Names of properties and columns, whatever the casing, spacing and spelling of their exporter: letters and digits
//! count, case, spaces, hyphens, apostrophes and underscores do not.

/// What of a name counts, in lower case.
pub(crate) fn bare(name: &str) -> String {
    bare_chars(name).collect()
}

pub(crate) fn same_name(left: &str, right: &str) -> bool {
    // Nearly all names: bytes are compared without a look at Unicode's tables.
    if left.is_ascii() && right.is_ascii() {
        return bare_bytes(left).eq(bare_bytes(right));
    }
    bare_chars(left).eq(bare_chars(right))
}

fn bare_chars(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

fn bare_bytes(name: &str) -> impl Iterator<Item = u8> + '_ {
    name.bytes().map(|byte| BARE[byte as usize]).filter(|byte| *byte != 0)
}

/// A byte in lower case; 0 where it does not count.
const BARE: [u8; 256] = {
    let (mut table, mut byte) = ([0; 256], 0_u8);
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            table[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    table
};

/// The name as Log Analytics spells it: `userId` as `UserId`.
pub(crate) fn capitalised<'a>(name: &str, room: &'a mut [u8; 64]) -> Option<&'a str> {
    let room = room.get_mut(..name.len())?;
    room.copy_from_slice(name.as_bytes());
    room.first_mut()?.make_ascii_uppercase();
    std::str::from_utf8(room).ok()
}

/// Which names an object may have: one bit for each of its names, so that a name it lacks is told without comparing it
/// with all of them. A record of sixty properties is asked for as many that it lacks.
#[derive(Clone, Copy)]
pub(crate) struct Sketch([u64; 8]);

impl Sketch {
    /// Of an object so small that comparing is quicker.
    pub(crate) const ALL: Self = Self([u64::MAX; 8]);
    const NONE: Self = Self([0; 8]);

    pub(crate) fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        names.fold(Self::NONE, |mut sketch, name| {
            let (word, bit) = Self::place(name);
            sketch.0[word] |= bit;
            sketch
        })
    }

    /// False: no name of the object is this one in any spelling.
    pub(crate) fn may_have(&self, name: &str) -> bool {
        let (word, bit) = Self::place(name);
        self.0[word] & bit != 0
    }

    fn place(name: &str) -> (usize, u64) {
        let step = |hash: u32, c: u32| hash.rotate_left(5) ^ c;
        let hash = if name.is_ascii() {
            bare_bytes(name).fold(0, |hash, byte| step(hash, u32::from(byte)))
        } else {
            bare_chars(name).fold(0, |hash, c| step(hash, u32::from(c)))
        };
        let mixed = hash.wrapping_mul(0x9e37_79b1) >> 16;
        ((mixed >> 6) as usize & 7, 1 << (mixed & 63))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_name_are_one() {
        for (left, right) in [
            ("userPrincipalName", "User Principal Name"),
            ("callerIpAddress", "calleripaddress"),
            ("Exigence d’authentification", "exigence d'authentification"),
            ("RiskEventTypes_V2", "riskEventTypes_v2"),
        ] {
            assert!(same_name(left, right), "{left}");
            assert_eq!(bare(left), bare(right));
            assert!(Sketch::of([left].into_iter()).may_have(right), "{left}");
        }
        assert!(!same_name("id", "ids") && !same_name("Begäran-ID", "Begaran-ID"));
    }

    #[test]
    fn a_sketch_tells_most_absent_names() {
        let names: Vec<String> = (0..60).map(|n| format!("property{n}")).collect();
        let sketch = Sketch::of(names.iter().map(String::as_str));
        assert!(names.iter().all(|name| sketch.may_have(name)));
        let mistaken = (0..1_000).filter(|n| sketch.may_have(&format!("otherName{n}"))).count();
        assert!(mistaken < 250, "{mistaken}");
        assert!(Sketch::ALL.may_have("anything"));
    }
}
