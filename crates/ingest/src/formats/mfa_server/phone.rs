//! The phone that was called, masked. Country code, number and extension have columns of their own.

use crate::fields::Fields;

/// The first number that is there: that of the primary call, the row's only one, that of the backup call.
pub(super) fn of(fields: Fields<'_>) -> Option<String> {
    ["Primary Call ", "", "Backup Call "].iter().find_map(|which| {
        let number = fields.text(&[
            &format!("{which}Phone Number"),
            &format!("{which}Phone Number Formatted"),
            &format!("{which}Phone Number (Formatted)"),
        ])?;
        let country = fields.text(&[&format!("{which}Country Code")]);
        Some(masked(country.as_deref(), &number))
    })
}

/// Each digit but the last two of the whole becomes `X`. The number itself was masked with the record already.
fn masked(country: Option<&str>, number: &str) -> String {
    let whole = match country.map(|code| code.trim().trim_start_matches('+')) {
        Some(code) if !code.is_empty() && !number.starts_with('+') => format!("+{code} {number}"),
        _ => number.to_owned(),
    };
    let digits = whole.bytes().filter(u8::is_ascii_digit).count();
    let mut left = digits.saturating_sub(2);
    let mask = |c: char| {
        if c.is_ascii_digit() && left > 0 {
            left -= 1;
            return 'X';
        }
        c
    };
    whole.chars().map(mask).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_number_are_masked_as_one() {
        for (country, number, masked_as) in [
            (Some("46"), "XXXXXXX67", "+XX XXXXXXX67"),
            (Some("+1"), "(425) 555-0164", "+X (XXX) XXX-XX64"),
            (Some("46"), "+XX XXXXXXX67", "+XX XXXXXXX67"),
            (None, "555-0164", "XXX-XX64"),
            (Some(" "), "XX64", "XX64"),
        ] {
            assert_eq!(masked(country, number), masked_as);
        }
    }
}
