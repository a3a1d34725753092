//! An identity provider: honest, unless a test twists what it says.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::instant::HOUR_MS;
use graph_server::InProcess;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair,
    RsaPublicKeyComponents,
};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::{Value, json};
use server::auth::oidc::{Oidc, RelyingParty, RoleRules, SCOPES};
use server::clock::Clock;
use sha2::{Digest as _, Sha256};
use url::Url;

pub const CLIENT_ID: &str = "keyroll";
pub const CLIENT_SECRET: &str = "the client's secret";
/// One tenant of Microsoft Entra's, and how its issuer is written.
pub const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
pub const ENTRA: &str = "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0";
pub const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";
pub const REPORTS_READER: &str = "4a5d8f65-41da-4de4-8968-e035b65339cf";

/// Changes a document before it is sent.
pub type Change = Box<dyn Fn(&mut Value) + Send + Sync>;
/// Makes the token instead.
pub type Forge = Box<dyn Fn(&Provider, Value, Value) -> String + Send + Sync>;

/// What the provider does that no honest one does.
#[derive(Default)]
pub struct Twist {
    pub claims: Option<Change>,
    pub head: Option<Change>,
    pub forge: Option<Forge>,
    pub document: Option<Change>,
    pub keys: Option<Change>,
    /// What a path is answered with.
    pub answers: HashMap<&'static str, (StatusCode, &'static str)>,
    /// A code is good for more than once, and with any verifier.
    pub is_careless: bool,
}

#[derive(Clone)]
pub struct Provider(Arc<Inner>);

struct Inner {
    issuer: String,
    clock: Mutex<Clock>,
    key: EcdsaKeyPair,
    twist: Mutex<Twist>,
    /// What each code is for.
    codes: Mutex<HashMap<String, Asked>>,
    /// Of the person who signs in.
    person: Mutex<Value>,
    refresh_tokens: Mutex<Vec<String>>,
    token_requests: Mutex<Vec<HashMap<String, String>>>,
}

/// What a browser was sent to the provider with.
#[derive(Clone, Debug)]
pub struct Asked {
    pub parameters: HashMap<String, String>,
}

impl Provider {
    pub fn new(issuer: &str) -> Self {
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).expect("random");
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &SystemRandom::new());
        Self(Arc::new(Inner {
            issuer: issuer.to_owned(),
            clock: Mutex::default(),
            key: key.expect("a key"),
            twist: Mutex::default(),
            codes: Mutex::default(),
            person: Mutex::new(json!({
                "sub": "pairwise-ada",
                "oid": "11111111-0000-4000-8000-000000000001",
                "tid": TENANT,
                "name": "Ada Lovelace",
                "preferred_username": "ada@contoso.com",
                "email": "ada@contoso.com",
                "sid": "session-1",
                "wids": [REPORTS_READER],
            })),
            refresh_tokens: Mutex::default(),
            token_requests: Mutex::default(),
        }))
    }

    /// The way that Keyroll has to it.
    pub fn oidc(&self, rules: RoleRules) -> Oidc {
        let party = RelyingParty {
            issuer: self.0.issuer.clone(),
            client_id: CLIENT_ID.to_owned(),
            credential: Some(graph::Credential::Secret(CLIENT_SECRET.into())),
            scopes: SCOPES.to_owned(),
            rules,
        };
        Oidc::new(party, Arc::new(InProcess(self.router())))
    }

    pub fn tell_time_by(&self, clock: &Clock) {
        *self.0.clock.lock().expect("a lock") = clock.clone();
    }

    pub fn twist(&self, twist: Twist) {
        *self.0.twist.lock().expect("a lock") = twist;
    }

    /// Who signs in from here on: changes claims of theirs.
    pub fn person(&self, changes: Value) {
        let mut person = self.0.person.lock().expect("a lock");
        for (name, value) in changes.as_object().expect("an object") {
            if value.is_null() {
                person.as_object_mut().expect("an object").remove(name);
            } else {
                person[name] = value.clone();
            }
        }
    }

    /// How often tokens were asked for in this way.
    pub fn asked(&self, grant_type: &str) -> usize {
        let requests = self.0.token_requests.lock().expect("a lock");
        requests.iter().filter(|form| form.get("grant_type").is_some_and(|given| given == grant_type)).count()
    }

    /// What it has handed out to ask again with.
    pub fn refresh_tokens(&self) -> Vec<String> {
        self.0.refresh_tokens.lock().expect("a lock").clone()
    }

    /// No token that was handed out is good any more.
    pub fn forget_refresh_tokens(&self) {
        self.0.refresh_tokens.lock().expect("a lock").clear();
    }

    /// The browser is here and the person signs in: the parameters that it is sent back with.
    pub fn authorize(&self, url: &str) -> Vec<(String, String)> {
        let url = Url::parse(url).expect("an address");
        let parameters: HashMap<_, _> = url.query_pairs().into_owned().collect();
        let code = format!("code-{}", uuid::Uuid::new_v4().simple());
        let state = parameters["state"].clone();
        self.0.codes.lock().expect("a lock").insert(code.clone(), Asked { parameters });
        vec![("code".to_owned(), code), ("state".to_owned(), state), ("iss".to_owned(), self.0.issuer.clone())]
    }

    /// The claims that every token of its has.
    pub fn common_claims(&self) -> Value {
        let now = self.0.clock.lock().expect("a lock").now().millis() / 1000;
        json!({ "iss": self.0.issuer, "aud": CLIENT_ID, "iat": now, "nbf": now, "exp": now + HOUR_MS / 1000 })
    }

    pub fn head() -> Value {
        json!({ "alg": "ES256", "typ": "JWT", "kid": "key-1" })
    }

    /// A token with the provider's signature.
    pub fn sign(&self, head: &Value, claims: &Value) -> String {
        self.sign_text(&head.to_string(), &claims.to_string())
    }

    pub fn sign_text(&self, head: &str, claims: &str) -> String {
        let signed = signed_part(head, claims);
        let signature = self.0.key.sign(&SystemRandom::new(), signed.as_bytes()).expect("signed");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// The public key as bytes.
    pub fn public_key(&self) -> &[u8] {
        self.0.key.public_key().as_ref()
    }

    fn keys(&self) -> Value {
        let point = self.public_key();
        let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..]));
        json!({ "keys": [{ "kty": "EC", "crv": "P-256", "use": "sig", "kid": "key-1", "x": x, "y": y }] })
    }

    fn document(&self) -> Value {
        let base = self.0.issuer.trim_end_matches('/');
        json!({
            "issuer": self.0.issuer,
            "authorization_endpoint": format!("{base}/authorize"),
            "token_endpoint": format!("{base}/token"),
            "jwks_uri": format!("{base}/keys"),
            "authorization_response_iss_parameter_supported": true,
        })
    }

    fn router(&self) -> Router {
        let base = Url::parse(&self.0.issuer).expect("an address").path().trim_end_matches('/').to_owned();
        let at = |path: &str| format!("{base}/{path}");
        Router::new()
            .route(&at(".well-known/openid-configuration"), get(tell_document))
            .route(&at("keys"), get(tell_keys))
            .route(&at("token"), post(tell_tokens))
            .with_state(self.clone())
    }

    /// What a twist has a path answer.
    fn answer(&self, path: &str) -> Option<Response> {
        let twist = self.0.twist.lock().expect("a lock");
        twist.answers.get(path).map(|(status, body)| (*status, *body).into_response())
    }

    fn id_token(&self, nonce: Option<&String>, is_anew: bool) -> String {
        let mut claims = self.common_claims();
        if is_anew {
            claims["auth_time"] = claims["iat"].clone();
        }
        let person = self.0.person.lock().expect("a lock").clone();
        for (name, value) in person.as_object().expect("an object") {
            claims[name] = value.clone();
        }
        if let Some(nonce) = nonce {
            claims["nonce"] = json!(nonce);
        }
        let mut head = Self::head();
        let twist = self.0.twist.lock().expect("a lock");
        if let Some(change) = &twist.claims {
            change(&mut claims);
        }
        if let Some(change) = &twist.head {
            change(&mut head);
        }
        match &twist.forge {
            Some(forge) => forge(self, head, claims),
            None => self.sign(&head, &claims),
        }
    }
}

async fn tell_document(State(provider): State<Provider>) -> Response {
    if let Some(answer) = provider.answer("document") {
        return answer;
    }
    let mut document = provider.document();
    if let Some(change) = &provider.0.twist.lock().expect("a lock").document {
        change(&mut document);
    }
    Json(document).into_response()
}

async fn tell_keys(State(provider): State<Provider>) -> Response {
    if let Some(answer) = provider.answer("keys") {
        return answer;
    }
    let mut keys = provider.keys();
    if let Some(change) = &provider.0.twist.lock().expect("a lock").keys {
        change(&mut keys);
    }
    Json(keys).into_response()
}

async fn tell_tokens(State(provider): State<Provider>, Form(form): Form<HashMap<String, String>>) -> Response {
    provider.0.token_requests.lock().expect("a lock").push(form.clone());
    if let Some(answer) = provider.answer("token") {
        return answer;
    }
    let refused = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    if field("client_id") != CLIENT_ID || field("client_secret") != CLIENT_SECRET {
        return refused("invalid_client");
    }
    // Whom it is to ask anew, of them it says when that was.
    let mut is_anew = false;
    let nonce = match field("grant_type") {
        "authorization_code" => {
            let mut codes = provider.0.codes.lock().expect("a lock");
            let is_careless = provider.0.twist.lock().expect("a lock").is_careless;
            let asked = if is_careless { codes.get(field("code")).cloned() } else { codes.remove(field("code")) };
            let Some(asked) = asked else { return refused("invalid_grant") };
            let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")));
            let is_asker = asked.parameters["code_challenge"] == challenge
                && asked.parameters["redirect_uri"] == field("redirect_uri");
            if !is_asker && !is_careless {
                return refused("invalid_grant");
            }
            is_anew = asked.parameters.contains_key("max_age");
            Some(asked.parameters["nonce"].clone())
        }
        "refresh_token" => {
            // Good for once, as careful providers have it.
            let mut known = provider.0.refresh_tokens.lock().expect("a lock");
            let Some(at) = known.iter().position(|known| known == field("refresh_token")) else {
                return refused("invalid_grant");
            };
            known.remove(at);
            None
        }
        _ => return refused("unsupported_grant_type"),
    };
    let refresh = format!("refresh-{}", uuid::Uuid::new_v4().simple());
    provider.0.refresh_tokens.lock().expect("a lock").push(refresh.clone());
    let id_token = provider.id_token(nonce.as_ref(), is_anew);
    Json(json!({ "token_type": "Bearer", "id_token": id_token, "refresh_token": refresh })).into_response()
}

pub fn signed_part(head: &str, claims: &str) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(head), URL_SAFE_NO_PAD.encode(claims))
}

/// A provider's RSA key, made for these tests.
pub struct Rsa(RsaKeyPair);

impl Rsa {
    pub fn of_tests() -> Self {
        let der = PrivatePkcs8KeyDer::from_pem_slice(include_bytes!("rsa.pem")).expect("PEM");
        Self(RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).expect("a key"))
    }

    pub fn public(&self, kid: &str) -> Value {
        let public = RsaPublicKeyComponents::<Vec<u8>>::from(self.0.public());
        let (n, e) = (URL_SAFE_NO_PAD.encode(public.n), URL_SAFE_NO_PAD.encode(public.e));
        json!({ "kty": "RSA", "use": "sig", "kid": kid, "n": n, "e": e })
    }

    /// `alg` is RS256 or PS256.
    pub fn sign(&self, head: &Value, claims: &Value) -> String {
        let signed = signed_part(&head.to_string(), &claims.to_string());
        let mut signature = vec![0; self.0.public().modulus_len()];
        let random = SystemRandom::new();
        let made = match head["alg"].as_str() {
            Some("PS256") => self.0.sign(&RSA_PSS_SHA256, &random, signed.as_bytes(), &mut signature),
            _ => self.0.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature),
        };
        made.expect("signed");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}
