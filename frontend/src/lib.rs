//! The wasm entry: hydrates the islands, nothing else.

// Unnamed, the islands' exports would be dropped from the module.
pub use app::islands;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's hydration script.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
