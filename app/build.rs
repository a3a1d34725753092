//! Turns `locales/*.json` into checked code. Server only: no sentence reaches the browser's WebAssembly.

use std::error::Error;

#[cfg(feature = "ssr")]
fn main() -> Result<(), Box<dyn Error>> {
    use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};

    println!("cargo::rerun-if-changed=build.rs");
    let out = std::path::PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let options = ParseOptions::new().interpolate_display(true);
    let sentences = TranslationsInfos::parse(Config::new("en")?.add_locale("sv")?.parse_options(options))?;
    sentences.emit_diagnostics();
    sentences.rerun_if_locales_changed();
    sentences.generate_i18n_module(out.join("i18n"))?;
    Ok(())
}

#[cfg(not(feature = "ssr"))]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
