//! The arrows between the rooms (`ARCHITECTURE.md`): a dependency that is not drawn there fails this test.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{Metadata, MetadataCommand, Package};

/// From a room to the rooms it may know.
const ARROWS: [(&str, &[&str]); 12] = [
    ("domain", &[]),
    ("store", &["domain"]),
    ("ingest", &["domain"]),
    ("charts", &["domain"]),
    ("app", &["charts", "domain", "store"]),
    ("frontend", &["app"]),
    // Its tests ask the made-up Graph, which no program knows.
    ("graph", &["domain", "graph_server"]),
    ("graph_server", &["domain", "graph"]),
    ("server", &["app", "charts", "domain", "graph", "graph_server", "ingest", "odata", "store"]),
    ("workloads", &["app", "domain", "ingest", "server", "store"]),
    ("odata", &[]),
    ("xtask", &[]),
];

fn metadata() -> Metadata {
    MetadataCommand::new().no_deps().other_options(["--locked".to_owned()]).exec().expect("cargo metadata works here")
}

fn package<'a>(metadata: &'a Metadata, name: &str) -> &'a Package {
    metadata.packages.iter().find(|package| package.name.as_str() == name).expect("the room exists")
}

#[test]
fn nobody_knows_more_rooms_than_drawn() {
    let metadata = metadata();
    let rooms: BTreeSet<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    let drawn: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    assert_eq!(rooms, drawn.keys().copied().collect(), "a room without its arrows");
    for room in &metadata.packages {
        // Tests count too: a dev-dependency is an arrow.
        let known = room.dependencies.iter().map(|dependency| dependency.name.as_str());
        for other in known.filter(|name| rooms.contains(name)) {
            assert!(drawn[room.name.as_str()].contains(&other), "{} must not know {other}", room.name);
        }
    }
}

#[test]
fn the_browser_gets_neither_sql_nor_charts() {
    let metadata = metadata();
    let app = package(&metadata, "app");
    for room in ["store", "charts"] {
        let dependency = app.dependencies.iter().find(|dependency| dependency.name == room).expect("app knows it");
        assert!(dependency.optional, "{room} is for the server's half of app");
        let key = format!("dep:{room}");
        let by: Vec<&String> = app.features.iter().filter(|(_, on)| on.contains(&key)).map(|(name, _)| name).collect();
        assert_eq!(by, ["ssr"], "only `ssr` brings {room} in");
    }
    let frontend = package(&metadata, "frontend");
    let half = frontend.dependencies.iter().find(|dependency| dependency.name == "app").expect("frontend knows app");
    assert_eq!(half.features, ["hydrate"]);
}

#[test]
fn unsafe_code_is_forbidden_in_every_room() {
    let metadata = metadata();
    let text = |path: &str| std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert!(text(&format!("{}/Cargo.toml", metadata.workspace_root)).contains("unsafe_code = \"forbid\""));
    for room in &metadata.packages {
        assert!(text(room.manifest_path.as_str()).contains("[lints]\nworkspace = true"), "{}", room.name);
    }
}
