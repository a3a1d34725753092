//! Authenticator apps: codes of six digits that are good for half a minute (RFC 6238).

use app::pages::{AppSetUp, QrCode};
use domain::instant::Instant;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use qrcode::{Color, EcLevel};
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use secrecy::{ExposeSecret as _, SecretString};
use totp_rs::{Algorithm, Builder, Secret, Totp};

/// 160 bits, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
const DIGITS: u8 = 6;
const PERIOD_SECONDS: u64 = 30;
/// Clocks of phones may be a period early or late.
const SKEW: u16 = 1;
/// Letters of a secret that are typed at a time.
const GROUP: usize = 4;

/// A new secret in base32.
///
/// # Errors
/// The operating system has no random numbers to give.
pub fn new_secret() -> Result<SecretString, rand::rand_core::OsError> {
    let mut bytes = [0_u8; SECRET_BYTES];
    OsRng.try_fill_bytes(&mut bytes)?;
    Ok(Secret::new_stack(bytes).to_base32().into())
}

/// The period that a code is of, if it is right: this one or a neighbour. Whoever asks sees to it that no period is good
/// twice. Spaces in a code are how people type it.
#[must_use]
pub fn period_of(secret: &SecretString, code: &str, now: Instant) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).take(usize::from(DIGITS) + 1).collect();
    let seconds = u64::try_from(now.millis() / 1000).ok()?;
    let period = app(secret)?.check(&code, seconds)?;
    i64::try_from(period).ok()
}

fn app(secret: &SecretString) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret.expose_secret()).ok()?;
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_step_duration(PERIOD_SECONDS)
        .with_skew(SKEW)
        .with_secret(secret)
        .build()
        .ok()
}

/// What a person needs to set their app up. `issuer` and `user_name` are what the app lists it under.
#[must_use]
pub fn set_up(secret: &SecretString, issuer: &str, user_name: &str) -> AppSetUp {
    let secret = secret.expose_secret();
    let part = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let (issuer, user_name) = (part(issuer), part(user_name));
    let uri = format!(
        "otpauth://totp/{issuer}:{user_name}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={PERIOD_SECONDS}"
    );
    let letters: Vec<_> = secret.chars().collect();
    let groups: Vec<String> = letters.chunks(GROUP).map(|group| group.iter().collect()).collect();
    AppSetUp { secret: groups.join(" "), qr: drawn(&uri), uri }
}

/// One path of squares; `None` for more text than fits.
fn drawn(text: &str) -> Option<QrCode> {
    let code = qrcode::QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let side = code.width();
    let mut path = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            path.push_str(&format!("M{} {}h1v1h-1z", at % side, at / side));
        }
    }
    Some(QrCode { side, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vectors of RFC 6238, in their last six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = Secret::new_stack(*b"12345678901234567890").to_base32().into();
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            let now = Instant::from_millis(seconds * 1000);
            assert_eq!(period_of(&secret, code, now), Some(seconds / 30), "{seconds}");
            let typed = format!(" {} {} ", &code[..3], &code[3..]);
            assert_eq!(period_of(&secret, &typed, now), Some(seconds / 30), "as it is typed");
            for late in [30_000, -30_000] {
                assert_eq!(period_of(&secret, code, now.plus_millis(late)), Some(seconds / 30), "a period off");
            }
            for late in [60_000, -60_000] {
                assert_ne!(period_of(&secret, code, now.plus_millis(late)), Some(seconds / 30), "two periods off");
            }
        }
        for wrong in ["", "28708", "2870820", "+87082", "28708x", "٢٨٧٠٨٢"] {
            assert_eq!(period_of(&secret, wrong, Instant::from_millis(59_000)), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_photographed_is_what_is_typed() {
        let secret = new_secret().expect("random numbers");
        let shown = set_up(&secret, "Åkerö & Co", "ada@contoso.com");
        assert_eq!(shown.secret.replace(' ', ""), secret.expose_secret());
        assert_eq!(secret.expose_secret().len(), 32);
        let name = "otpauth://totp/%C3%85ker%C3%B6%20%26%20Co:ada%40contoso%2Ecom?secret=";
        assert!(shown.uri.starts_with(name), "{}", shown.uri);
        let qr = shown.qr.expect("it fits");
        assert!(qr.side > 20 && qr.path.starts_with("M0 0h1v1h-1z"));
    }
}
