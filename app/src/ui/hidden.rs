use leptos::prelude::*;

use crate::address::Address;

/// What a form keeps of an address and does not show.
pub fn fields(id: &'static str, address: &Address) -> impl IntoView + use<> {
    let fields = address
        .pairs()
        .iter()
        .map(|(name, value)| view! { <input type="hidden" name=name.clone() value=value.clone() /> })
        .collect_view();
    view! {
        <div hidden id=id data-swap="">
            {fields}
        </div>
    }
}
