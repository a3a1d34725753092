use domain::report::SelfCheck;
use leptos::prelude::*;
use store::StoreError;

use crate::language::{Ui, t};

/// The foot of every page: what the last self-check came to. Nothing before there has been one.
pub fn checked(ui: &Ui, check: Result<Option<SelfCheck>, StoreError>) -> AnyView {
    let text = match check {
        Ok(None) => return ().into_any(),
        Ok(Some(check)) => sentence(ui, &check),
        Err(_) => t!(ui, checked.unknown).to_owned(),
    };
    view! { <footer class="checked small quiet">{text}</footer> }.into_any()
}

fn sentence(ui: &Ui, check: &SelfCheck) -> String {
    let at = ui.time(check.at);
    match check.differences {
        0 => t!(ui, checked.sound, at = at),
        1 => t!(ui, checked.one, at = at),
        n => t!(ui, checked.many, at = at, n = ui.number(n)),
    }
}

#[cfg(test)]
mod tests {
    use domain::preferences::Language;

    use super::*;

    #[test]
    fn the_foot_says_how_many_in_both_languages() {
        let at = "2026-11-20T12:00:00Z".parse().expect("an instant");
        let said = |language, differences| {
            sentence(&Ui::new("UTC").in_language(language), &SelfCheck { at, hours: 24, differences })
        };
        assert!(said(Language::English, 0).ends_with("12:00: no differences"), "{}", said(Language::English, 0));
        assert!(said(Language::English, 1).contains(": 1 difference."), "{}", said(Language::English, 1));
        assert!(said(Language::Swedish, 2).contains(": 2 avvikelser."), "{}", said(Language::Swedish, 2));
    }
}
