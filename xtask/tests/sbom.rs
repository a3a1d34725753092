//! `cargo xtask sbom` against the lock file, and against what is known to be in the program and what is not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn made() -> (Value, String) {
    let file = std::env::temp_dir().join(format!("keyroll-sbom-{}.json", std::process::id()));
    let made = Command::new(env!("CARGO_BIN_EXE_xtask")).args(["sbom", "--output"]).arg(&file).status();
    assert!(made.expect("xtask runs").success());
    let text = std::fs::read_to_string(&file).expect("written");
    std::fs::remove_file(&file).expect("removed");
    (serde_json::from_str(&text).expect("JSON"), text)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} of {value}"))
}

#[test]
fn the_list_is_that_of_the_lock_file() {
    let (list, written) = made();
    assert_eq!((text(&list, "bomFormat"), text(&list, "specVersion")), ("CycloneDX", "1.6"));
    let components = list["components"].as_array().expect("components");
    let lock =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock")).expect("a lock file");
    let mut names = BTreeMap::<&str, usize>::new();
    for component in components {
        let (name, version) = (text(component, "name"), text(component, "version"));
        *names.entry(name).or_default() += 1;
        let locked = format!("name = \"{name}\"\nversion = \"{version}\"\n");
        let entry = lock.split("[[package]]").find(|package| package.contains(&locked));
        let entry = entry.unwrap_or_else(|| panic!("{name} {version} is not in the lock file"));
        let is_ours = text(component, "bom-ref").starts_with("keyroll/");
        assert_ne!(is_ours, entry.contains("checksum = "), "{name}");
        if !is_ours {
            assert!(entry.contains(text(&component["hashes"][0], "content")), "{name}");
            assert_eq!(text(component, "purl"), format!("pkg:cargo/{name}@{version}"));
        }
        let license = text(&component["licenses"][0], "expression");
        assert!(!license.is_empty() && !license.contains('/'), "{name}: {license}");
    }
    for shipped in [
        "axum",
        "leptos",
        "sqlx-core",
        "libsqlite3-sys",
        "rustls",
        "ring",
        "argon2",
        "wasm-bindgen",
        "web-sys",
        "store",
    ] {
        assert!(names.contains_key(shipped), "{shipped} is in the program");
    }
    for other in ["insta", "proptest", "calamine", "rcgen", "graph_server", "xtask", "cargo_metadata", "cc"] {
        assert!(!names.contains_key(other), "{other} is not in the program");
    }
    // Each arrow leads from a component to a component, and everything is needed by something.
    let references: BTreeSet<&str> = components.iter().map(|component| text(component, "bom-ref")).collect();
    assert_eq!(references.len(), components.len(), "each once");
    let mut needed = BTreeSet::new();
    for dependency in list["dependencies"].as_array().expect("dependencies") {
        let from = text(dependency, "ref");
        assert!(from == "keyroll" || references.contains(from), "{from}");
        needed.extend(dependency["dependsOn"].as_array().expect("a list").iter().filter_map(Value::as_str));
    }
    assert_eq!(needed, references);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").display().to_string();
    assert!(!written.contains(&folder), "nothing of this computer");
    println!("{} components", components.len());
}
