use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text as it is compared: lower case, contractions opened, apostrophes and accents dropped, hyphens as spaces, white
/// space single, no closing full stop.
pub(crate) fn normalise(text: &str) -> String {
    if text.is_ascii() {
        spell(text.len(), text.chars())
    } else {
        spell(text.len(), text.nfd().filter(|c| !is_combining_mark(*c)))
    }
}

fn spell(length: usize, chars: impl Iterator<Item = char>) -> String {
    let mut chars = chars.peekable();
    // A little more than the text, for contractions that are opened.
    let mut out = String::with_capacity(length + 8);
    while let Some(c) = chars.next() {
        match c {
            '\'' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' | '\u{b4}' | '`' => {
                if out.ends_with('n') && chars.next_if(|next| matches!(next, 't' | 'T')).is_some() {
                    open_negation(&mut out);
                }
            }
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => space(&mut out),
            c if c.is_whitespace() => space(&mut out),
            // French sets them apart.
            ';' | ',' | ':' => {
                out.truncate(out.trim_end_matches(' ').len());
                out.push(c);
            }
            'ß' | 'ẞ' => out.push_str("ss"),
            c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            c => out.extend(c.to_lowercase()),
        }
    }
    out.truncate(out.trim_end_matches([' ', '.']).len());
    out
}

fn space(out: &mut String) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

/// `didn` and what follows it becomes `did not`, `can` `cannot`, `won` `will not`.
fn open_negation(out: &mut String) {
    out.pop();
    let ends_with_word =
        |word: &str| out.strip_suffix(word).is_some_and(|before| before.is_empty() || before.ends_with(' '));
    if ends_with_word("ca") {
        out.push_str("nnot");
    } else if ends_with_word("wo") {
        out.truncate(out.len() - "wo".len());
        out.push_str("will not");
    } else {
        out.push_str(" not");
    }
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn spellings_of_one_text_meet() {
        for (text, normal) in [
            ("  Multi-Factor\u{a0}Authentication  ", "multi factor authentication"),
            ("User didn\u{2019}t respond.", "user did not respond"),
            ("USER DOESN'T; CAN'T , WON`T", "user does not; cannot, will not"),
            ("the user\u{2019}s phone", "the users phone"),
            ("refusée ; l\u{2019}utilisateur", "refusee; lutilisateur"),
            // The same letters as letter and accent.
            ("re\u{301}ussie", "reussie"),
            ("Schlüssel – außerhalb", "schlussel ausserhalb"),
            ("SCHLÜSSEL \u{2014} AUSSERHALB", "schlussel ausserhalb"),
            ("", ""),
            (" - . ", ""),
        ] {
            assert_eq!(normalise(text), normal, "{text}");
        }
    }
}
