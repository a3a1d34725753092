use super::AuthenticationStep;
use super::requirement::Requirement;
use super::text::{MfaText, Text};
use super::texts::Texts;

/// What the texts and steps of a sign-in say together.
pub(super) struct Reading<'a> {
    /// The last step of the second factor.
    pub(super) last_step: Option<&'a AuthenticationStep>,
    /// There are steps, and none is of a second factor or leaves it open.
    pub(super) is_all_primary: bool,
    /// The text that decides, and how it came.
    pub(super) text: Option<(MfaText, &'a str)>,
    /// `status.additionalDetails` is about the second factor.
    pub(super) is_in_details: bool,
}

impl<'a> Reading<'a> {
    pub(super) fn of(additional_details: Option<&'a str>, steps: &'a [AuthenticationStep]) -> Self {
        // Numbers order steps only where every step has one; a clock never does.
        let is_numbered = steps.iter().all(|step| step.sequence.is_some());
        let texts = Texts::get();
        let mut last = Latest::default();
        let mut terminal = Latest::default();
        let mut open = Latest::default();
        let mut is_all_primary = !steps.is_empty();
        for step in steps {
            let place = if is_numbered { step.sequence } else { None };
            let requirement = Requirement::of(step.requirement.as_deref());
            let raw = step.result.as_deref().map(str::trim).filter(|text| !text.is_empty());
            let said = raw.map(|raw| texts.meaning(raw));
            let text = match said {
                Some(Text::Mfa(text)) => Some(text),
                // Of a language or an age that is not known: kept, not passed over.
                Some(Text::Other) if requirement == Requirement::MultiFactor => Some(MfaText::unclassified(None)),
                Some(Text::FirstFactor | Text::Other) | None => None,
            };
            if text.is_none() && requirement != Requirement::MultiFactor {
                // Older records leave the requirement empty; "Correct password" says it too.
                let is_primary = match requirement {
                    Requirement::Primary => true,
                    Requirement::Unclear => said == Some(Text::FirstFactor),
                    Requirement::SingleFactor | Requirement::MultiFactor => false,
                };
                is_all_primary &= is_primary;
                continue;
            }
            is_all_primary = false;
            last.offer(place, step);
            if let Some(text) = text.zip(raw) {
                if text.0.is_terminal() { terminal.offer(place, text) } else { open.offer(place, text) }
            }
        }
        let raw = additional_details.map(str::trim);
        let detail = raw.and_then(|raw| match texts.meaning(raw) {
            Text::Mfa(text) => Some((text, raw)),
            Text::FirstFactor | Text::Other => None,
        });
        let terminal = terminal.value.or(detail.filter(|(text, _)| text.is_terminal()));
        Self {
            last_step: last.value,
            is_all_primary,
            text: terminal.or(open.value).or(detail),
            is_in_details: detail.is_some(),
        }
    }
}

/// The latest of what it was offered: the greatest place, of equals the last offered.
struct Latest<T> {
    place: Option<i64>,
    value: Option<T>,
}

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self { place: None, value: None }
    }
}

impl<T> Latest<T> {
    fn offer(&mut self, place: Option<i64>, value: T) {
        if self.value.is_none() || place >= self.place {
            *self = Self { place, value: Some(value) };
        }
    }
}
