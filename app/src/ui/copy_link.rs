use leptos::prelude::*;

use crate::islands::copy_link::CopyLink;
use crate::language::{Ui, t};

/// The button that copies the page's address, and the address.
pub fn copy_link(ui: &Ui, address: String) -> impl IntoView + use<> {
    view! {
        <a hidden id="lasting" rel="bookmark" href=address data-swap=""></a>
        <CopyLink
            label=t!(ui, copy.label).to_owned()
            done=t!(ui, copy.done).to_owned()
            failed=t!(ui, copy.failed).to_owned()
        />
    }
}
