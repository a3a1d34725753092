use leptos::prelude::*;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["window", "navigator", "clipboard"], js_name = writeText, catch)]
    async fn write_text(text: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(thread_local_v2, js_namespace = ["window", "location"], js_name = origin)]
    static ORIGIN: String;
}

/// A button that copies the page's lasting address, pinned to the instant it shows: the link with the id `lasting`,
/// because a list changes it while the island stays. Invisible until the island is alive: without JavaScript the
/// address bar serves as well.
#[island]
pub fn CopyLink(
    label: String,
    /// Said, and shown in place of the label, after copying.
    done: String,
    /// Shown where the browser refuses.
    failed: String,
) -> impl IntoView {
    let is_alive = RwSignal::new(false);
    let said = RwSignal::new(String::new());
    Effect::new(move |_| is_alive.set(true));
    let copy = move |_| {
        let link = document().get_element_by_id("lasting");
        let address = link.and_then(|link| link.get_attribute("href")).unwrap_or_default();
        let text = ORIGIN.with(|origin| format!("{origin}{address}"));
        let (done, failed) = (done.clone(), failed.clone());
        leptos::task::spawn_local(async move {
            let is_copied = write_text(&text).await.is_ok();
            said.set(if is_copied { done } else { failed });
        });
    };
    view! {
        <span class="copy-link" hidden=move || !is_alive.get()>
            <button type="button" class="pill" on:click=copy>
                {label}
            </button>
            <span class="small quiet" role="status">
                {move || said.get()}
            </span>
        </span>
    }
}
