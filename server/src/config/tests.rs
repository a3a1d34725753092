use super::*;
use domain::method::AuthMethod;

fn load(file: Option<&str>, env: &[(&str, &str)]) -> Result<Settings, String> {
    let path = file.map(|text| {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), text).expect("written");
        file.into_temp_path()
    });
    let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Settings::load(path.as_deref(), env).map_err(|error| error.to_string())
}

#[test]
fn nothing_given_is_the_defaults() {
    let settings = load(None, &[("PATH", "/bin"), ("KEYROLL_CONFIG", "elsewhere"), ("KEYROLL_LOG", "info")]);
    assert_eq!(settings, Ok(Settings::default()));
    assert_eq!(Settings::default().http.listen.to_string(), "127.0.0.1:3000");
}

#[test]
fn the_environment_beats_the_file() {
    let file = "events_source = \"audit\"\n[http]\nlisten = \"127.0.0.1:4000\"\n[sessions]\nidle_minutes = 5\n";
    let settings = load(
        Some(file),
        &[("KEYROLL_HTTP_LISTEN", "127.0.0.1:5000"), ("KEYROLL_HTTP_PUBLIC_URL", "https://k.example.org")],
    )
    .expect("fits");
    assert_eq!(settings.http.listen.to_string(), "127.0.0.1:5000");
    assert_eq!(settings.http.public_url.as_deref(), Some("https://k.example.org"));
    assert_eq!(settings.sessions, Sessions { idle_minutes: 5, absolute_hours: 8 });
    assert_eq!(settings.events_source, EventsSourceSetting::Audit);
}

#[test]
fn what_one_may_read_is_a_number_and_never_none() {
    assert_eq!(Settings::default().reads.per_minute.get(), 3_000);
    let more = load(None, &[("KEYROLL_READS_PER_MINUTE", "60000")]).expect("fits");
    assert_eq!(more.reads.per_minute.get(), 60_000);
    for wrong in [load(Some("[reads]\nper_minute = 0\n"), &[]), load(None, &[("KEYROLL_READS_PER_MINUTE", "0")])] {
        let sentence = wrong.expect_err("refused");
        assert!(sentence.contains("per_minute") && sentence.contains("nonzero"), "{sentence}");
    }
}

#[test]
fn another_computers_postgres_proves_who_it_is_unless_told() {
    assert_eq!(Settings::default().store_options().postgres_tls, store::PostgresTls::Verified);
    let told = load(Some("[database]\nallow_unverified_tls = true\n"), &[]).expect("fits");
    assert_eq!(told.store_options().postgres_tls, store::PostgresTls::AsAsked);
    assert_eq!(load(None, &[("KEYROLL_DATABASE_ALLOW_UNVERIFIED_TLS", "true")]), Ok(told));
}

#[test]
fn the_reset_policy_is_read_from_both() {
    let file = "[sspr_policy]\nmethods_required = 2\nmethods = [\"sms\", \"email\"]\nscope = \"everyone\"\n";
    let expected = SsprPolicySettings {
        methods_required: 2,
        methods: vec![AuthMethod::Sms, AuthMethod::Email],
        scope: Scope::Everyone,
    };
    assert_eq!(load(Some(file), &[]).expect("fits").sspr_policy, Some(expected.clone()));
    let env = [
        ("KEYROLL_SSPR_POLICY_METHODS_REQUIRED", "2"),
        ("KEYROLL_SSPR_POLICY_METHODS", "sms, email"),
        ("KEYROLL_SSPR_POLICY_SCOPE", "everyone"),
    ];
    assert_eq!(load(None, &env).expect("fits").sspr_policy, Some(expected));
}

#[test]
fn trusted_proxies_are_addresses_and_networks() {
    let file = "[http]\ntrusted_proxies = [\"10.0.0.0/8\", \"2001:db8::1\"]\n";
    let from_env = load(None, &[("KEYROLL_HTTP_TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::1")]).expect("fits");
    assert_eq!(load(Some(file), &[]), Ok(from_env.clone()));
    let proxies = from_env.http.trusted_proxies;
    for (address, expected) in
        [("10.255.0.1", true), ("::ffff:10.0.0.1", true), ("2001:db8::1", true), ("11.0.0.1", false), ("::1", false)]
    {
        assert_eq!(proxies.contains(address.parse().expect("an address")), expected, "{address}");
    }
}

#[test]
fn wrong_keys_and_values_are_named() {
    for (file, env, needle) in [
        (Some("[http]\nlisen = \"x\"\n"), None, "lisen"),
        (Some("[htp]\nlisten = \"x\"\n"), None, "htp"),
        (Some("[http]\nlisten = \"here\"\n"), None, "http.listen"),
        (Some("[sessions]\nidle_minutes = \"soon\"\n"), None, "sessions.idle_minutes"),
        (Some("[http"), None, "line"),
        (Some("[http]\ntrusted_proxies = [\"proxy.test\"]\n"), None, "proxy.test"),
        (None, Some(("KEYROLL_HTTP_TRUSTED_PROXIES", "10.0.0.0/33")), "10.0.0.0/33"),
        (None, Some(("KEYROLL_COLOUR", "red")), "colour"),
        (None, Some(("KEYROLL_EVENTS_SOURCE", "rumour")), "rumour"),
    ] {
        let message = load(file, env.as_slice()).expect_err("refused");
        assert!(message.contains(needle), "{needle}: {message}");
    }
}

const PROVIDER: &str = "[oidc]\nissuer = \"https://login.example.org/contoso\"\nclient_id = \"keyroll\"\n";

fn provider(more: &str) -> OidcSettings {
    load(Some(&format!("{PROVIDER}{more}")), &[]).expect("fits").oidc.expect("it is there")
}

#[test]
fn the_identity_provider_is_read_from_both() {
    let more = "name = \"Contoso\"\nroles_claim = \"groups\"\n[oidc.roles]\nglobal-reader = [\"G.1\", \"g-2\"]\n";
    let settings = provider(more);
    assert_eq!((settings.button().as_str(), settings.roles_claim.as_deref()), ("Contoso", Some("groups")));
    assert_eq!(settings.roles[&domain::role::Role::GlobalReader], ["G.1", "g-2"], "as they are written");
    let env = [
        ("KEYROLL_OIDC_ISSUER", "https://login.example.org/contoso"),
        ("KEYROLL_OIDC_CLIENT_ID", "keyroll"),
        ("KEYROLL_OIDC_CLIENT_SECRET", "hunter2"),
    ];
    let from_env = load(None, &env).expect("fits");
    assert_eq!(from_env.oidc.as_ref(), Some(&provider("")));
    assert!(!format!("{from_env:?}").contains("hunter2"), "no setting");
    assert_eq!(provider("").button(), "login.example.org");
    assert!(load(Some(&format!("{PROVIDER}client_secret = \"x\"\n")), &[]).is_err(), "no secrets in the file");
}

#[test]
fn a_provider_that_is_not_safe_is_refused() {
    for (issuer, why) in [
        ("login.example.org", "no address"),
        ("http://login.example.org", "not https"),
        ("http://10.0.0.7", "not https"),
        ("ftp://127.0.0.1", "not https"),
        ("https://user:pass@login.example.org", "more than host and path"),
        ("https://login.example.org/?tenant=x", "more than host and path"),
        ("https://login.example.org/#x", "more than host and path"),
        ("https://login.microsoftonline.com/common/v2.0", "many tenants"),
        ("https://login.microsoftonline.com/organizations/v2.0", "many tenants"),
        ("https://login.microsoftonline.com/consumers/v2.0", "many tenants"),
    ] {
        let settings = OidcSettings { issuer: issuer.to_owned(), ..provider("") };
        let error = settings.open(None).err().unwrap_or_else(|| panic!("{issuer} was taken"));
        assert!(error.to_string().contains(why), "{issuer}: {error}");
    }
    for issuer in ["https://login.example.org", "http://127.0.0.1:9", "http://localhost:9/x", "http://[::1]:9"] {
        let settings = OidcSettings { issuer: issuer.to_owned(), ..provider("") };
        assert!(settings.open(Some("hunter2".to_owned())).is_ok(), "{issuer}");
    }
    let scopes = |scopes: &str| OidcSettings { scopes: Some(scopes.to_owned()), ..provider("") }.open(None);
    assert!(scopes("openid groups").is_ok() && scopes("profile openidx").is_err());
    let both = OidcSettings { client_secret_file: Some("/nowhere".into()), ..provider("") };
    assert!(both.open(Some("hunter2".to_owned())).is_err(), "two secrets");
    assert!(both.open(None).err().is_some_and(|error| error.to_string().contains("/nowhere")));
    assert!(provider("").open(Some(" ".to_owned())).is_err(), "an empty secret");
}
