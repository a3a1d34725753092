//! Properties that hold for any input.

use crate::collected::{Collected, audit, read};
use ingest::scrub;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Real and typical files, to be damaged.
fn seeds() -> Vec<Vec<u8>> {
    let sample = |name: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name);
        std::fs::read(path).expect("a sample file")
    };
    vec![
        sample("cli-microsoft365/userRegistrationDetails-v1.0.json"),
        sample("m365-assess/03-MFA-Report.csv"),
        sample("microsoft-graph-docs/v1.0-directoryAudits-list.json"),
        sample("otrf-security-datasets/AADAuditEvents.json"),
        sample("logzio/sample_logs.json"),
        sample("panther-analysis/signin.ndjson"),
        sample("microsoft-graph-docs/beta-signIns-list.json"),
        sample("keyroll/portal-sign-ins-es.csv"),
        sample("keyroll/portal-auth-details.csv"),
        sample("keyroll/mfa-server-activity.csv"),
        b"\"UserPrincipalName\",\"MFA Status\",\"MFA Methods\"\r\n\"a@x.se\",\"Enforced\",\"System.Object[]\"\r\n"
            .to_vec(),
    ]
}

/// A phone number as people write it, with its digits.
fn phone() -> impl Strategy<Value = (String, String)> {
    let separator = prop::sample::select(vec!["", " ", "-", ".", " - ", "\u{a0}"]);
    // At most the 15 digits that E.164 allows.
    let groups =
        prop::collection::vec("[0-9]{2,4}", 2..3).boxed().prop_union(prop::collection::vec("[0-9]{3}", 3..4).boxed());
    ("[1-9][0-9]{0,2}", prop::sample::select(vec!["", " ", "-"]), any::<bool>(), "[0-9]{3}", separator, groups)
        .prop_map(|(country, gap, parens, area, separator, groups)| {
            let area_text = if parens { format!("({area})") } else { area.clone() };
            let gap = if parens && gap.is_empty() { " " } else { gap };
            let digits = format!("{country}{area}{}", groups.concat());
            (format!("+{country}{gap}{area_text}{separator}{}", groups.join(separator)), digits)
        })
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn audit_with(value: &Value) -> String {
    let record = json!({"id": "1", "activityDateTime": "2026-01-01T00:00:00Z", "activityDisplayName": "Update user", "x": value});
    let read = Collected::of(record.to_string());
    audit(&read.records[0]).body.clone()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
    }

    #[test]
    fn anything_that_looks_like_json_is_read_or_refused(text in "[\\[\\]{}\",:a-z0-9\\\\ \n]{0,120}") {
        let _ = read(&text);
    }

    #[test]
    fn damaged_files_are_read_or_refused(
        which in 0..11_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = seeds().swap_remove(which);
        for (at, byte) in &changes {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        let _ = read(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        let (collected, result) = read(&bytes);
        for rejection in collected.rejected {
            prop_assert!(rejection.excerpt.chars().count() <= 500);
            prop_assert!(!rejection.reason.is_empty());
        }
        if let Err(refusal) = result {
            prop_assert!(!refusal.to_string().is_empty());
        }
    }

    #[test]
    fn every_spelling_of_an_instant_is_the_same_instant(
        millis in -62_135_510_400_000_i64..253_402_100_000_000,
        offset in -14 * 60..14 * 60_i64,
        finer in 0..10_000_u32,
    ) {
        let at = domain::instant::Instant::from_millis(millis);
        let utc = at.to_string();
        let local = domain::instant::Instant::from_millis(millis + offset * 60_000).to_string();
        let zone = format!("{}{:02}:{:02}", if offset < 0 { '-' } else { '+' }, offset.abs() / 60, offset.abs() % 60);
        let (date, time) = utc.trim_end_matches('Z').split_once('T').expect("a time");
        let [year, month, day] = [&date[0..4], &date[5..7], &date[8..10]];
        let (hour, rest) = (time[0..2].parse::<u32>().expect("digits"), &time[2..]);
        let (twelve, half) = ((hour + 11) % 12 + 1, if hour < 12 { "AM" } else { "PM" });
        let mut spellings = vec![
            utc.clone(),
            format!("{date}T{time}{finer:04}Z"),
            format!("{date} {time}"),
            format!("{}{zone}", local.trim_end_matches('Z')),
            format!("{year}/{month}/{day} {time}"),
        ];
        if day > "12" {
            spellings.push(format!("{}/{day}/{year}, {twelve}{rest} {half}", month.trim_start_matches('0')));
            spellings.push(format!("{day}/{month}/{year} {time}"));
        }
        for spelling in spellings {
            let line = json!({"id": "1", "activityDisplayName": "A", "activityDateTime": spelling});
            let read = Collected::of(line.to_string());
            prop_assert_eq!(read.records.len(), 1, "{}: {:?}", spelling, read.rejected);
            prop_assert_eq!(audit(&read.records[0]).at, at, "{}", spelling);
        }
    }

    #[test]
    fn phone_numbers_keep_their_last_two_digits(
        (number, digits) in phone(),
        before in "(|[a-z ]{0,12}[ (:,])",
        after in "(|[ ),;][a-z ,.]{0,12})",
    ) {
        let text = format!("{before}{number}{after}");
        let scrubbed = scrub(&text).into_owned();
        prop_assert_eq!(digits_of(&scrubbed), &digits[digits.len() - 2..], "{} -> {}", text, scrubbed);
        prop_assert_eq!(scrubbed.chars().count(), text.chars().count());
        prop_assert_eq!(scrub(&scrubbed), scrubbed.as_str(), "scrubbing twice changes nothing");
        // Wherever in a record the text stands, as text, as JSON text, or escaped as .NET does.
        let nested = json!([{"PhoneNumber": number}]).to_string();
        let escaped = nested.replace('+', "\\u002B");
        for value in [json!(text), json!({"key": "any", "value": text}), json!(nested), json!(escaped),
            json!([{"displayName": "StrongAuthenticationUserDetails", "oldValue": escaped, "newValue": nested}])] {
            let body = audit_with(&value);
            prop_assert!(!body.contains(&number), "{}", body);
        }
    }

    #[test]
    fn what_is_no_phone_number_stays(
        guid in "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        time in "20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\\.[0-9]{7}\\+0[0-9]:00",
        address in "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}",
        code in "[0-9]{5,7}",
        version in "[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{4,5}\\.[0-9]{1,4}",
    ) {
        for text in [&guid, &time, &address, &code, &version] {
            prop_assert_eq!(scrub(text), text.as_str());
            let body = audit_with(&json!({"additionalDetails": [{"key": "x", "value": text}]}));
            prop_assert!(body.contains(text.as_str()), "{}", body);
        }
    }
}
