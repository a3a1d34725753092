//! How many sign-ins a bucket has of each application and class, as bytes.
//!
//! Of each application: the distance from the number before, how many classes it has, and of each of these the distance
//! from the class before and the number of sign-ins. All are variable-length integers, and most take one byte.

use std::collections::BTreeMap;

use integer_encoding::VarInt as _;

use crate::StoreError;

/// Sign-ins by application and class.
pub type Counts = BTreeMap<(i64, i64), i64>;

/// Packs what is not zero.
pub fn pack_counts(counts: &Counts) -> Result<Vec<u8>, StoreError> {
    let mut by_app: BTreeMap<i64, Vec<(i64, i64)>> = BTreeMap::new();
    for ((app_no, class_id), n) in counts.iter().filter(|(_, n)| **n != 0) {
        by_app.entry(*app_no).or_default().push((*class_id, *n));
    }
    let mut bytes = Vec::with_capacity(4 * counts.len());
    let mut last_app = 0;
    for (app_no, classes) in by_app {
        push(&mut bytes, app_no - last_app)?;
        push(&mut bytes, i64::try_from(classes.len()).unwrap_or(i64::MAX))?;
        last_app = app_no;
        let mut last_class = 0;
        for (class_id, n) in classes {
            push(&mut bytes, class_id - last_class)?;
            push(&mut bytes, n)?;
            last_class = class_id;
        }
    }
    Ok(bytes)
}

/// Calls `each` with application, class and number of sign-ins, in their order.
pub fn unpack_counts(bytes: &[u8], mut each: impl FnMut(i64, i64, i64)) -> Result<(), StoreError> {
    let mut left = bytes;
    let mut app_no = 0;
    while !left.is_empty() {
        app_no = further(app_no, pull(&mut left)?)?;
        let mut class_id = 0;
        for _ in 0..pull(&mut left)? {
            class_id = further(class_id, pull(&mut left)?)?;
            each(app_no, class_id, pull(&mut left)?);
        }
    }
    Ok(())
}

/// Numbers, their distances and counts are never negative.
fn push(bytes: &mut Vec<u8>, n: i64) -> Result<(), StoreError> {
    let n = u64::try_from(n).map_err(|_| broken(&format!("{n} stands for a number of sign-ins")))?;
    bytes.extend(n.encode_var_vec());
    Ok(())
}

fn pull(left: &mut &[u8]) -> Result<i64, StoreError> {
    let (n, len) = u64::decode_var(left).ok_or_else(|| broken("the bytes end within a number"))?;
    *left = &left[len..];
    i64::try_from(n).map_err(|_| broken(&format!("{n} is too large")))
}

fn further(from: i64, distance: i64) -> Result<i64, StoreError> {
    from.checked_add(distance).ok_or_else(|| broken("a number is too large"))
}

fn broken(what: &str) -> StoreError {
    StoreError::Inconsistent { table: "sign_in_counts", what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn counts_are_the_same_again(
            counts in prop::collection::btree_map((0i64..1 << 40, 1i64..1 << 40), 0i64..1 << 50, 0..60)
        ) {
            let bytes = pack_counts(&counts).expect("packed");
            let mut again = Counts::new();
            unpack_counts(&bytes, |app_no, class_id, n| {
                again.insert((app_no, class_id), n);
            }).expect("unpacked");
            prop_assert_eq!(again, counts.into_iter().filter(|(_, n)| *n != 0).collect::<Counts>());
        }

        #[test]
        fn broken_bytes_are_an_error(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = unpack_counts(&bytes, |_, _, _| ());
        }
    }

    #[test]
    fn less_than_none_is_an_error() {
        assert!(pack_counts(&Counts::from([((0, 1), -1)])).is_err());
        assert!(unpack_counts(&[1, 2, 1], |_, _, _| ()).is_err());
    }

    #[test]
    fn what_is_larger_than_any_number_is_an_error() {
        let largest = u64::try_from(i64::MAX).expect("positive").encode_var_vec();
        let bytes = [&largest[..], &[0], &largest[..], &[0]].concat();
        assert!(unpack_counts(&bytes, |_, _, _| ()).is_err());
    }
}
