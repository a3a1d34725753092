use super::AuthMethod;

/// Methods by the names that only sign-ins have, and by those of localised exports (Microsoft's own words where its
/// documentation has them). The key is as [`AuthMethod::from_name`] makes it.
pub(super) fn method_named(key: &str) -> Option<AuthMethod> {
    Some(match key {
        // The sign-in log does not tell a notification from a code of the same app; it means the notification.
        "authenticatorapp"
        | "microsoftauthenticator"
        | "pushnotification"
        | "phoneappnotificationwithnumbermatching" => AuthMethod::AppNotification,
        "appverificationcode" | "authenticatorappverificationcode" => AuthMethod::AppCode,
        "smssignin" => AuthMethod::Sms,
        "voice" | "voicecall" => AuthMethod::PhoneCall,
        "fido2securitykeys" | "securitykey" | "passkey(fido2)" => AuthMethod::Fido2,
        "passkey" | "passkey(devicebound)" | "passkey(microsoftauthenticator)" => AuthMethod::PasskeyDeviceBound,
        "passkey(synced)" | "syncedpasskey" => AuthMethod::PasskeySynced,
        "x.509certificate" | "x.509certificate,multifactor" | "x.509certificate,singlefactor" => {
            AuthMethod::Certificate
        }
        "phonesignin" | "passwordlessphonesignin" | "microsoftauthenticator(phonesignin)" => {
            AuthMethod::AuthenticatorPasswordless
        }
        "platformcredentialformacos" | "platformcredential(macos)" => AuthMethod::PlatformCredential,
        "externalauthenticationmethod" | "externalmfa" => AuthMethod::External,
        "qrcode(pin)" | "qrcode+pin" => AuthMethod::QrCode,
        "cloudonlypassword" | "passwordhashsync" | "passthroughauthentication" | "phs" | "pta" => AuthMethod::Password,
        "satisfiedbytoken" | "satisfiedbyclaiminthetoken" => AuthMethod::PreviouslySatisfied,
        _ => return localised(key),
    })
}

/// The six methods of the article on MFA reporting, password and an earlier proof; Swedish, French, German, Spanish.
fn localised(key: &str) -> Option<AuthMethod> {
    Some(match key {
        "textmeddelande" | "messagetexte" | "textnachricht" | "mensajedetexto" => AuthMethod::Sms,
        "meddelandenviamobilapp"
        | "meddelandeviamobilapp"
        | "aviseringviamobilapp"
        | "aviseringimobilapp"
        | "notificationsurlapplicationmobile"
        | "notificationdapplicationmobile"
        | "notificationdelapplicationmobile"
        | "benachrichtigungübereinemobileapp"
        | "benachrichtigungübermobileapp"
        | "benachrichtigungdurchmobileapp"
        | "notificaciónenaplicaciónmóvil"
        | "notificacióndeaplicaciónmóvil"
        | "notificacióndelaaplicaciónmóvil" => AuthMethod::AppNotification,
        "verifieringskodfrånmobilapp"
        | "verifieringskodförmobilapp"
        | "codedevérificationdelapplicationmobile"
        | "codedevérificationdapplicationmobile"
        | "prüfcodeindermobilenapp"
        | "prüfcodedermobilenapp"
        | "verifizierungscodedermobilenapp"
        | "códigodeverificacióndelaaplicaciónmóvil"
        | "códigodeverificacióndeaplicaciónmóvil" => AuthMethod::AppCode,
        "telefonsamtal(autentiseringstelefon)"
        | "appeltéléphonique(téléphonedauthentification)"
        | "telefonanruf(telefonnummerfürauthentifizierung)"
        | "telefonanruf(authentifizierungstelefon)"
        | "llamadadeteléfono(teléfonodeautenticación)"
        | "llamadatelefónica(teléfonodeautenticación)" => AuthMethod::PhoneCall,
        "telefonsamtal(kontorstelefon)"
        | "appeltéléphonique(téléphonedubureau)"
        | "appeltéléphonique(téléphoneprofessionnel)"
        | "telefonanruf(geschäftlichetelefonnummer)"
        | "telefonanruf(bürotelefon)"
        | "llamadadeteléfono(teléfonoprofesional)"
        | "llamadadeteléfono(teléfonodelaoficina)"
        | "llamadatelefónica(teléfonodelaoficina)" => AuthMethod::OfficeCall,
        "telefonsamtal(alternativautentiseringstelefon)"
        | "appeltéléphonique(téléphonedauthentificationalternatif)"
        | "appeltéléphonique(autretéléphonedauthentification)"
        | "telefonanruf(alternativetelefonnummerfürauthentifizierung)"
        | "telefonanruf(alternativesauthentifizierungstelefon)"
        | "llamadadeteléfono(teléfonodeautenticaciónalternativo)"
        | "llamadatelefónica(teléfonodeautenticaciónalternativo)" => AuthMethod::AlternateCall,
        "lösenord" | "motdepasse" | "kennwort" | "contraseña" => AuthMethod::Password,
        "tidigareuppfyllt" | "précédemmentsatisfait" | "zuvorerfüllt" | "satisfechoanteriormente" => {
            AuthMethod::PreviouslySatisfied
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::method::{AuthMethod, Vocabulary};

    #[test]
    fn names_of_sign_ins_are_known() {
        for (name, method) in [
            ("Password", AuthMethod::Password),
            ("CloudOnlyPassword", AuthMethod::Password),
            ("SMS", AuthMethod::Sms),
            ("Text message", AuthMethod::Sms),
            ("Voice", AuthMethod::PhoneCall),
            ("Authenticator App", AuthMethod::AppNotification),
            ("Mobile app notification", AuthMethod::AppNotification),
            ("PhoneAppNotification", AuthMethod::AppNotification),
            ("App Verification code", AuthMethod::AppCode),
            ("Mobile app verification code", AuthMethod::AppCode),
            ("Software OATH token", AuthMethod::SoftwareOath),
            ("OATH verification code", AuthMethod::OathCode),
            ("Satisfied by token", AuthMethod::PreviouslySatisfied),
            ("Previously satisfied", AuthMethod::PreviouslySatisfied),
            ("Phone call (Authentication phone)", AuthMethod::PhoneCall),
            ("Phone call (Office phone)", AuthMethod::OfficeCall),
            ("Phone call (Alternate authentication phone)", AuthMethod::AlternateCall),
            ("FIDO2 security key", AuthMethod::Fido2),
            ("Passkey (device-bound)", AuthMethod::PasskeyDeviceBound),
            ("Passkey (Microsoft Authenticator)", AuthMethod::PasskeyDeviceBound),
            ("Passkey (synced)", AuthMethod::PasskeySynced),
            ("Windows Hello for Business", AuthMethod::WindowsHello),
            ("X.509 Certificate", AuthMethod::Certificate),
            ("Temporary Access Pass", AuthMethod::TemporaryAccessPass),
            ("Phone sign-in", AuthMethod::AuthenticatorPasswordless),
            ("carrier pigeon", AuthMethod::Unknown),
        ] {
            assert_eq!(AuthMethod::from_name(name, Vocabulary::Used), method, "{name}");
        }
    }

    /// As Microsoft's documentation has them; the Swedish ones are those of seed 003.
    #[test]
    fn localised_names_are_known() {
        for (names, method) in [
            (["Textmeddelande", "SMS", "Textnachricht", "mensaje de texto"], AuthMethod::Sms),
            (
                [
                    "Meddelanden via mobilapp",
                    "Notification sur l\u{2019}application mobile",
                    "Benachrichtigung über eine mobile App",
                    "Notificación en aplicación móvil",
                ],
                AuthMethod::AppNotification,
            ),
            (
                [
                    "Telefonsamtal (autentiseringstelefon)",
                    "Appel téléphonique (téléphone d\u{2019}authentification)",
                    "Telefonanruf (Telefonnummer für Authentifizierung)",
                    "Llamada de teléfono (teléfono de autenticación)",
                ],
                AuthMethod::PhoneCall,
            ),
            (
                [
                    "Verifieringskod från mobilapp",
                    "Code de vérification de l'application mobile",
                    "Prüfcode in der mobilen App",
                    "Código de verificación de la aplicación móvil",
                ],
                AuthMethod::AppCode,
            ),
            (
                [
                    "Telefonsamtal (kontorstelefon)",
                    "Appel téléphonique (téléphone du bureau)",
                    "Telefonanruf (Geschäftliche Telefonnummer)",
                    "Llamada de teléfono (teléfono profesional)",
                ],
                AuthMethod::OfficeCall,
            ),
            (
                [
                    "Telefonsamtal (alternativ autentiseringstelefon)",
                    "Appel téléphonique (téléphone d\u{2019}authentification alternatif)",
                    "Telefonanruf (alternative Telefonnummer für Authentifizierung)",
                    "Llamada de teléfono (teléfono de autenticación alternativo)",
                ],
                AuthMethod::AlternateCall,
            ),
        ] {
            for name in names {
                assert_eq!(AuthMethod::from_name(name, Vocabulary::Used), method, "{name}");
                assert_eq!(AuthMethod::from_name(&name.to_uppercase(), Vocabulary::Used), method, "{name}");
            }
        }
    }
}
