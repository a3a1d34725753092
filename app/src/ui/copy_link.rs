use leptos::prelude::*;

use crate::islands::copy_link::CopyLink;
use crate::language::{Ui, t};

/// The button that copies the page's address.
pub fn copy_link(ui: &Ui, address: String) -> impl IntoView + use<> {
    view! {
        <CopyLink
            address=address
            label=t!(ui, copy.label).to_owned()
            done=t!(ui, copy.done).to_owned()
            failed=t!(ui, copy.failed).to_owned()
        />
    }
}
