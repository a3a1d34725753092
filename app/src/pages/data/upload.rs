use leptos::prelude::*;

use crate::islands::upload::Upload;
use crate::language::t;
use crate::pages::Asked;
use crate::ui::section::section;

/// The form that takes files, for those who may send some.
pub fn card(asked: &Asked) -> Option<AnyView> {
    let ui = &asked.ui;
    if !asked.viewer.role.may_operate() {
        return None;
    }
    let title = t!(ui, data.upload_title);
    if asked.context.settings.is_demo {
        return Some(section(title, t!(ui, data.upload_demo).to_owned(), ().into_any()));
    }
    let card = view! {
        <section class="card">
            <div class="card-head">
                <h2>{title}</h2>
            </div>
            <p class="card-text">{t!(ui, data.upload)}</p>
            <form class="upload" method="post" action="/data" enctype="multipart/form-data" data-upload="">
                <label class="field">
                    <span>{t!(ui, data.upload_files)}</span>
                    <input type="file" name="files" multiple required />
                </label>
                <button class="pill primary" type="submit">
                    {t!(ui, data.upload_button)}
                </button>
            </form>
            <Upload
                uploading=t!(ui, data.uploading).to_owned()
                received=t!(ui, data.upload_received).to_owned()
                failed=t!(ui, data.upload_failed).to_owned()
            />
        </section>
    };
    Some(card.into_any())
}
