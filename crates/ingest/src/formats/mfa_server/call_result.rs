//! Call results by code or label, as `spec/call_results.csv` has them.

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::mfa::CallResult;

use crate::names::bare;

const TABLE: &str = include_str!("../call_results.csv");

static NAMES: LazyLock<HashMap<String, CallResult>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    let mut without_prefix: HashMap<String, Option<CallResult>> = HashMap::new();
    for (code, label, result) in rows() {
        names.insert(bare(code), result);
        names.insert(bare(label), result);
        let rest = code.strip_prefix("SUCCESS_").or_else(|| code.strip_prefix("FAILED_"));
        if let Some(rest) = rest {
            // Of two codes that differ in their prefix only, neither is meant.
            without_prefix.entry(bare(rest)).and_modify(|known| *known = None).or_insert(Some(result));
        }
    }
    for (name, result) in without_prefix {
        if let Some(result) = result {
            names.entry(name).or_insert(result);
        }
    }
    names
});

fn rows() -> impl Iterator<Item = (&'static str, &'static str, CallResult)> {
    TABLE.lines().skip(1).filter_map(|line| {
        let (code, label) = line.split_once(',')?;
        Some((code, label, code.parse().ok()?))
    })
}

/// The result that a text names; of a list the last that is known.
pub(super) fn named(text: &str) -> Option<CallResult> {
    let one = |text: &str| NAMES.get(&bare(text)).copied();
    one(text).or_else(|| text.rsplit([',', ';', '|', '\n']).find_map(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_and_label_is_known() {
        let known: Vec<CallResult> = rows().map(|(_, _, result)| result).collect();
        assert_eq!(known, CallResult::ALL);
        for (code, label, result) in rows() {
            assert_eq!(named(code), Some(result));
            assert_eq!(named(&code.to_lowercase()), Some(result));
            assert_eq!(named(&label.to_uppercase()), Some(result), "{label}");
        }
        assert_eq!(named("no_pin"), Some(CallResult::SuccessNoPin));
        assert_eq!(named("PHONE_APP_DENIED"), Some(CallResult::FailedPhoneAppDenied));
        assert_eq!(named("SUCCESS_SMS_SENT; SUCCESS_SMS_AUTHENTICATED"), Some(CallResult::SuccessSmsAuthenticated));
        assert_eq!((named(""), named("SUCCESS_"), named("Phone went to voicemail")), (None, None, None));
    }
}
