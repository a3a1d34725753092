use domain::report::Usage;

use super::{Part, capitalised, simple_part};
use crate::language::{Ui, t};

/// What happened to sign-ins, in one sentence.
pub fn usage(ui: &Ui, usage: &Usage) -> String {
    challenged(ui, usage.challenged, usage.sign_ins.total)
}

fn challenged(ui: &Ui, challenged: i64, total: i64) -> String {
    if total == 0 {
        return t!(ui, usage.headline_none).to_owned();
    }
    if challenged == 0 {
        return t!(ui, usage.headline_nobody).to_owned();
    }
    if challenged == total {
        return t!(ui, usage.headline_all).to_owned();
    }
    match simple_part(challenged, total) {
        Part::AlmostAll => t!(ui, usage.headline_almost_all).to_owned(),
        Part::HardlyAny => t!(ui, usage.headline_hardly_any).to_owned(),
        Part::Some(part, whole) => {
            let words = |n: i64| ui.small_number(n).map_or_else(|| ui.number(n), str::to_owned);
            t!(ui, usage.headline_some, count = part, part = capitalised(&words(part)), whole = words(whole))
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::preferences::Language;

    use super::*;

    #[test]
    fn the_headline_says_how_many_were_challenged() {
        let ui = Ui::new("UTC");
        let said = |n, total| challenged(&ui, n, total);
        assert_eq!(said(0, 0), "No sign-ins in this period");
        assert_eq!(said(0, 9), "No sign-in was challenged with MFA");
        assert_eq!(said(250, 1000), "One in four sign-ins was challenged with MFA");
        assert_eq!(said(667, 1000), "Two in three sign-ins were challenged with MFA");
        assert_eq!(said(3, 1000), "Hardly any sign-in was challenged with MFA");
        assert_eq!(said(997, 1000), "Almost every sign-in was challenged with MFA");
        assert_eq!(said(9, 9), "Every sign-in was challenged with MFA");
        let swedish = challenged(&ui.in_language(Language::Swedish), 250, 1000);
        assert_eq!(swedish, "En av fyra inloggningar fick en MFA-fråga");
    }
}
