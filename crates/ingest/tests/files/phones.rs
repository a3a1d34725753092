//! Phone numbers planted everywhere: none comes out.

use serde_json::{Value, json};

use crate::collected::{Collected, read};
use crate::sign_in_shapes::a_sign_in;

const NUMBER: &str = "+46 70 987 65 43";
const LOCAL: &str = "070-987 65 43";
/// What would be left of either if it were not masked.
const LEFT: [&str; 4] = ["987", "65 43", "9876543", "0987"];

fn holds_none(read: &Collected, what: &str) {
    let all = format!("{read:?}");
    for left in LEFT {
        assert!(!all.contains(left), "{what}: {left} in {all}");
    }
}

/// Every text of a record, one after the other, replaced by a number.
fn planted(record: &Value) -> Vec<Value> {
    fn texts(value: &Value, path: &str, found: &mut Vec<String>) {
        match value {
            Value::String(_) => found.push(path.to_owned()),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(n, item)| texts(item, &format!("{path}/{n}"), found))
            }
            Value::Object(members) => {
                members.iter().for_each(|(name, member)| texts(member, &format!("{path}/{name}"), found))
            }
            _ => {}
        }
    }
    let mut paths = Vec::new();
    texts(record, "", &mut paths);
    let plant = |path: &String| {
        let mut planted = record.clone();
        *planted.pointer_mut(path).expect("a text") = json!(NUMBER);
        planted
    };
    paths.iter().map(plant).collect()
}

#[test]
fn a_number_in_any_text_of_a_sign_in() {
    let envelope = |properties: Value| {
        json!({"time": "2026-02-03T08:02:00Z", "category": "SignInLogs", "operationName": "x",
        "callerIpAddress": "198.51.100.1", "identity": "Kim", "properties": properties})
    };
    for record in planted(&a_sign_in()) {
        let as_text = |write: fn(&Value) -> String| {
            let mut row = record.clone();
            for (_, nested) in row.as_object_mut().expect("an object").iter_mut() {
                if nested.is_object() || nested.is_array() {
                    *nested = json!(write(nested));
                }
            }
            row.to_string()
        };
        for file in [
            record.to_string(),
            envelope(record.clone()).to_string(),
            envelope(json!(record.to_string())).to_string(),
            as_text(Value::to_string),
            as_text(|nested| format!("{nested:#}")),
            // As .NET writes it.
            as_text(|nested| nested.to_string().replace('+', "\\u002B")),
        ] {
            let (read, _) = read(&file);
            assert_eq!(read.records.len() + read.rejected.len() + read.skipped.values().sum::<usize>(), 1, "{file}");
            holds_none(&read, &file);
        }
    }
}

#[test]
fn a_local_number_where_numbers_are_expected() {
    let mut record = a_sign_in();
    record["mfaDetail"]["authDetail"] = json!(LOCAL);
    record["authenticationDetails"][1]["authenticationMethodDetail"] = json!(LOCAL);
    let mut row = record.clone();
    row["mfaDetail"] = json!(record["mfaDetail"].to_string());
    row["authenticationDetails"] = json!(format!("{:#}", record["authenticationDetails"]));
    for file in [record.to_string(), row.to_string()] {
        let read = Collected::of(&file);
        assert_eq!(read.records.len(), 1);
        holds_none(&read, &file);
        assert!(format!("{read:?}").contains("XXX-XXX XX 43"));
    }
}

#[test]
fn a_number_in_any_cell_of_a_table() {
    let folder = format!("{}/testdata/keyroll", env!("CARGO_MANIFEST_DIR"));
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        let mut lines = text.lines();
        let header = lines.next().expect("a header");
        let delimiter = if header.contains(';') { ';' } else { ',' };
        let n = header.matches(delimiter).count() + 1;
        for planted in 0..n {
            let cells = (0..n).map(|column| if column == planted { NUMBER } else { "2020-03-02" });
            let row = cells.collect::<Vec<_>>().join(&delimiter.to_string());
            let (read, _) = read(format!("{header}\n{row}\n"));
            holds_none(&read, &format!("{} column {planted}", path.display()));
        }
    }
}

#[test]
fn a_local_number_in_columns_of_phones() {
    for (columns, cells) in [
        (
            "Timestamp,Username,Overall Result,Primary Call Phone Number,Backup Call Phone Number",
            format!("2020-03-02,kim,x,{LOCAL},{LOCAL}"),
        ),
        (
            "Timestamp,Username,Overall Result,Primary Call Country Code,Primary Call Phone Number",
            format!("2020-03-02,kim,x,+46,{LOCAL}"),
        ),
        ("Block Timestamp,Username,Phone Number,Phone Number Formatted", format!("2020-03-02,kim,{LOCAL},{LOCAL}")),
        ("Bypass Timestamp,Username,Phone Number", format!("never,kim,{LOCAL}")),
        ("Date (UTC),Request ID,Username,Multifactor authentication auth detail", format!("never,r,kim,{LOCAL}")),
        (
            "Date (UTC);ID de requête;Nom d'utilisateur;Exigence d’authentification;Détail d’authentification multifacteur",
            format!("2020-03-02;r;kim;;{LOCAL}"),
        ),
        (
            "Datum (UTC);Begäran-ID;Autentiseringsmetod;Information om autentiseringsmetod;Lyckades",
            format!("2020-03-02;r;SMS;{LOCAL};"),
        ),
    ] {
        let (read, result) = read(format!("{columns}\n{cells}\n"));
        assert_eq!((result, read.records.len() + read.rejected.len()), (Ok(()), 1), "{columns}");
        holds_none(&read, columns);
    }
}

#[test]
fn rows_that_cannot_be_read_are_masked_too() {
    for (columns, row) in [
        ("Timestamp,Username,Overall Result,Primary Call Phone Number", format!("2020-03-02T07:15:01Z,kim,{LOCAL}")),
        ("Date (UTC),Request ID,Username,MFA auth detail", format!("2020-03-02,r,kim,{LOCAL},more")),
    ] {
        let read = Collected::of(format!("{columns}\n{row}\n"));
        assert_eq!(read.rejected.len(), 1);
        holds_none(&read, columns);
        assert!(read.rejected[0].excerpt.starts_with("2020-03-02"), "{}", read.rejected[0].excerpt);
    }
    let line = json!({"id": "1", "pancakes": {"authDetail": LOCAL, "authenticationMethodDetail": LOCAL}});
    for file in [format!("{line}\n"), format!("{{}}\n{}\n", line.to_string().trim_end_matches('}'))] {
        let read = Collected::of(&file);
        assert!(!read.rejected.is_empty());
        holds_none(&read, &file);
    }
}
