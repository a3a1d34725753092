//! Turns `locales/*.json` into checked code. Server only: no sentence reaches the browser's WebAssembly.

use std::error::Error;
use std::path::PathBuf;

use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_SSR").is_none() {
        return Ok(());
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let options = ParseOptions::new().interpolate_display(true);
    let sentences = TranslationsInfos::parse(Config::new("en")?.parse_options(options))?;
    sentences.emit_diagnostics();
    sentences.rerun_if_locales_changed();
    sentences.generate_i18n_module(out.join("i18n"))?;
    Ok(())
}
