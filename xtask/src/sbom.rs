//! `cargo xtask sbom`: what the shipped program is made of, as CycloneDX 1.6.
//!
//! cargo says it, with the features that the program is built with: normal dependencies of the server, and those of the
//! browser's part that is inside of it; not what only builds, expands macros or tests. The lock file adds each crate's
//! checksum. The same lock file gives the same bytes: there is no time and no random number in it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::build::WASM;
use crate::command::{cargo, output, root};

/// Of crates that are not ours.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";
/// Between what cargo prints of a crate.
const BAR: char = '\t';

/// A crate, as it is named in the list.
type Reference = String;

#[derive(Default)]
struct Crate {
    name: String,
    version: String,
    license: String,
    repository: String,
    needs: BTreeSet<Reference>,
}

/// Writes the list.
pub fn sbom(to: &Path) -> anyhow::Result<()> {
    let mut crates = BTreeMap::new();
    tree(&["--package", "server"], &mut crates)?;
    tree(&["--package", "frontend", "--target", WASM], &mut crates)?;
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let text = serde_json::to_string_pretty(&document(&crates, &checksums(&lock)))?;
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(to, text + "\n").with_context(|| format!("cannot write {}", to.display()))?;
    println!("{} components: {}", crates.len(), to.display());
    Ok(())
}

/// What cargo says of a package's dependencies, each line with its depth.
fn tree(of: &[&str], crates: &mut BTreeMap<Reference, Crate>) -> anyhow::Result<()> {
    let format = format!("{BAR}{{p}}{BAR}{{l}}{BAR}{{r}}{BAR}");
    let fixed = ["tree", "--locked", "--edges", "normal,no-proc-macro", "--prefix", "depth", "--format", &format];
    let text = output(cargo().args(fixed).args(of))?;
    let mut above: Vec<Reference> = Vec::new();
    for line in text.lines() {
        let parts: Vec<&str> = line.split(BAR).collect();
        let [depth, package, license, repository, ..] = parts[..] else { continue };
        let depth: usize = depth.parse().with_context(|| format!("cargo printed `{line}`"))?;
        let mut words = package.split(' ');
        let (name, version) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let version = version.trim_start_matches('v');
        let is_ours = package.contains(" (/") || package.contains(":\\");
        let reference = if is_ours { format!("keyroll/{name}") } else { format!("pkg:cargo/{name}@{version}") };
        above.truncate(depth);
        if let Some(needs) = above.last().and_then(|parent| crates.get_mut(parent)) {
            needs.needs.insert(reference.clone());
        }
        above.push(reference.clone());
        let known = crates.entry(reference).or_default();
        known.name = name.to_owned();
        known.version = version.to_owned();
        // As it was written before there were expressions.
        known.license = license.replace('/', " OR ");
        known.repository = repository.to_owned();
    }
    Ok(())
}

/// From name and version to what the registry's copy was when it was locked.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let packages = lock.split("[[package]]").filter(|package| package.contains(REGISTRY));
    let value = |package: &str, key: &str| {
        let line = package.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "))?;
        Some(line.trim_matches('"').to_owned())
    };
    let one =
        |package: &str| Some(((value(package, "name")?, value(package, "version")?), value(package, "checksum")?));
    packages.filter_map(one).collect()
}

fn document(crates: &BTreeMap<Reference, Crate>, checksums: &BTreeMap<(String, String), String>) -> Value {
    let component = |(reference, one): (&Reference, &Crate)| {
        let mut component = json!({
            "type": "library",
            "bom-ref": reference,
            "name": one.name,
            "version": one.version,
            "licenses": [{ "expression": one.license }],
        });
        if let Some(checksum) = checksums.get(&(one.name.clone(), one.version.clone())) {
            component["purl"] = json!(reference);
            component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
        }
        if !one.repository.is_empty() {
            component["externalReferences"] = json!([{ "type": "vcs", "url": one.repository }]);
        }
        component
    };
    let dependency = |(reference, one): (&Reference, &Crate)| json!({ "ref": reference, "dependsOn": one.needs });
    let roots = ["keyroll/server", "keyroll/frontend"];
    let mut dependencies = vec![json!({ "ref": "keyroll", "dependsOn": roots })];
    dependencies.extend(crates.iter().map(dependency));
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "keyroll",
                "name": "keyroll",
                "version": env!("CARGO_PKG_VERSION"),
                "licenses": [{ "expression": env!("CARGO_PKG_LICENSE") }],
            },
        },
        "components": crates.iter().map(component).collect::<Vec<_>>(),
        "dependencies": dependencies,
    })
}
