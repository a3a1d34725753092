//! One person erased: what happened stays in every count, and nothing of them is anywhere.

use domain::method::AuthMethod;
use domain::mfa::{ActionKind, ActionRecord, ActivityRecord, MfaAction};
use domain::population::Population;
use domain::query::{Report, SignInFilters, Span, UsersQuery};
use domain::record::{
    Feature, Outcome, Record, RecordKind, Rejection, ReportEvent, UserFacts, UserObservation, UserRef,
};
use domain::report::ImportStatus;
use domain::sign_in::{AuthenticationStep, Component};
use domain::view::{ViewName, ViewPage};
use domain::viewer::TenantId;
use domain::window::Window;
use rstest::rstest;
use store::{Listed as _, NewImport, NewView, Options};

use crate::sign_ins::{DECLINED, DONE, list, records, sign_in};
use crate::support::{Engine, TestDb, at, audit, details, person};

const ID: &str = "7b0c1c52-1111-4222-8333-9a4f5e6d7c8b";
const UPN: &str = "Vera.Quist@contoso.com";
const OLD_UPN: &str = "vera.olsen@contoso.com";
const NAME: &str = "Vera Quist";
/// What must be nowhere afterwards, in lower case.
const TRACES: [&str; 7] = ["vera", "quist", "olsen", "7b0c1c52", "veras-laptop", "198.51.100.23", "+x xxxxxxxx64"];

fn vera() -> UserRef {
    UserRef { object_id: Some(ID.into()), user_name: Some(UPN.into()), display_name: Some(NAME.into()) }
}

fn by_name(name: &str) -> UserRef {
    UserRef { object_id: None, user_name: Some(name.into()), display_name: None }
}

/// Records of every kind, of Vera and of others, some of whose records name her.
fn story() -> Vec<Record> {
    let mut all = vec![
        Record::User(Box::new(UserObservation {
            kind: RecordKind::UserRegistrationDetails,
            user: UserRef { user_name: Some(OLD_UPN.into()), ..vera() },
            observed_at: Some(at(1)),
            facts: UserFacts {
                user_name: Some(OLD_UPN.into()),
                display_name: Some(NAME.into()),
                ..UserFacts::default()
            },
            digest: [1; 32],
        })),
        details(vera(), 5, true, &["mobilePhone"]),
        details(person("bob", "bob@contoso.com"), 5, true, &["fido2"]),
    ];
    for (n, user) in [vera(), by_name(UPN), person("bob", "bob@contoso.com")].into_iter().enumerate() {
        let mut own =
            audit(&format!("own-{n}"), 10, "User registered security info", "User registered Fido", None, user.clone());
        own.body = format!(
            r#"{{"targetResources":[{{"id":"{ID}","userPrincipalName":"{UPN}","displayName":"{NAME}"}}],"ip":"x"}}"#
        );
        all.push(Record::Audit(Box::new(own)));
        let mut sign_in = sign_in(&format!("s{n}"), "x", at(20).millis(), if n == 0 { DECLINED } else { DONE });
        sign_in.user = user.clone();
        sign_in.details.correlation_id = Some(format!("c{n}"));
        if n < 2 {
            sign_in.place.ip = Some("198.51.100.23".into());
            sign_in.details.device = Some("VERAS-LAPTOP".into());
            sign_in.details.mfa_detail = Some("+X XXXXXXXX64".into());
            let step = AuthenticationStep { detail: Some("+X XXXXXXXX64".into()), ..AuthenticationStep::default() };
            sign_in.details.steps = Some(vec![step]);
        }
        // A copy that loses.
        let copy = domain::sign_in::SignInRecord { digest: [0; 32], details: Default::default(), ..sign_in.clone() };
        all.extend(records([copy, sign_in]));
        let mut digest = [3; 32];
        digest[0] = u8::try_from(n).expect("small");
        all.push(Record::Event(Box::new(ReportEvent {
            kind: RecordKind::UserCredentialUsageDetails,
            feature: Feature::Reset,
            user: user.clone(),
            at: at(30),
            method: AuthMethod::Email,
            raw_method: None,
            outcome: Outcome::Success,
            reason: None,
            digest,
        })));
        all.push(Record::Activity(Box::new(ActivityRecord {
            at: at(40),
            user: user.clone(),
            method: AuthMethod::Sms,
            raw_method: None,
            mode: None,
            component: Component::ALL[1],
            authentication_type: None,
            application: None,
            phone: Some(if n < 2 { "+X XXXXXXXX64" } else { "+X XXXXXXXX99" }.into()),
            call_result: None,
            raw_result: None,
            authenticated: domain::answer::Answer::Yes,
            ip: Some(if n < 2 { "198.51.100.23" } else { "203.0.113.9" }.into()),
            digest,
        })));
        all.push(Record::Action(Box::new(ActionRecord {
            action: MfaAction {
                kind: ActionKind::Block,
                at: at(50),
                user,
                by: Some(if n == 2 { UPN } else { "root" }.into()),
                reason: Some(format!("asked by {NAME}")),
                seconds: None,
                is_blocked: None,
                completed_at: None,
                completion_reason: None,
                is_used: None,
            },
            digest,
        })));
    }
    // Vera helped Bob: his record names her.
    let mut helped =
        audit("helped", 60, "Reset password (by admin)", &format!("by {UPN}"), None, person("bob", "bob@contoso.com"));
    helped.body =
        format!(r#"{{"initiatedBy":{{"user":{{"id":"{}","userPrincipalName":"{UPN}"}}}}}}"#, ID.to_uppercase());
    all.push(Record::Audit(Box::new(helped)));
    all
}

fn rejection() -> Rejection {
    Rejection {
        line: Some(3),
        byte: None,
        reason: "no time".into(),
        excerpt: format!("{{\"upn\":\"{UPN}\",\"name\":\"{NAME}\"}}"),
    }
}

async fn import(db: &TestDb, file: u8) -> store::Applied {
    let operator = db.operator();
    let import = NewImport { file_name: format!("{file} of {UPN} all.json"), sha256: [file; 32], now: at(100) };
    let started = operator.begin_import(import).await.expect("the import begins");
    let applied = operator.apply(started.id, story(), at(0), at(100)).await.expect("stored");
    operator.reject(started.id, &[rejection()]).await.expect("set aside");
    let counts = domain::report::ImportCounts::default();
    operator.finish_import(started.id, ImportStatus::Done, None, &counts, at(100)).await.expect("the import ends");
    applied
}

/// Counts of what happened, and of distinct users.
async fn figures(db: &TestDb) -> Vec<String> {
    let window = Window { from: at(0), to: at(200) };
    let report = Report { span: Span::Window(window), population: Some(Population::Everyone), ..Report::new(at(300)) };
    let reader = db.reader();
    let usage = reader.usage(&report).await.expect("usage");
    let overview = reader.overview(&report).await.expect("overview");
    let (total, _) = list(&reader, report, SignInFilters::default()).await;
    vec![
        format!("{:?} {:?} {:?} {:?} {total}", usage.sign_ins, usage.required, usage.users.everybody, usage.passwords),
        format!("{:?} {:?}", overview.registrations, overview.resets),
        db.texts("SELECT CAST(COUNT(*) AS TEXT) FROM mfa_actions").await.concat(),
        db.texts("SELECT CAST(COUNT(*) AS TEXT) FROM mfa_activity").await.concat(),
        db.texts("SELECT CAST(COUNT(*) AS TEXT) FROM audit_records").await.concat(),
    ]
}

async fn assert_no_traces(db: &TestDb) {
    let bytes = db.every_byte().await;
    assert!(bytes.contains("bob@contoso.com"), "what is looked through has names");
    for trace in TRACES {
        let found = bytes.find(trace).map(|at| bytes[at.saturating_sub(80)..].chars().take(200).collect::<String>());
        assert_eq!(found, None, "{trace}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn nothing_of_a_person_is_left_and_nothing_brings_them_back(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    import(&db, 1).await;
    let views = db.services.views(&domain::viewer::Viewer {
        tenant: TenantId::ONLY,
        name: "root".into(),
        role: domain::role::Role::GlobalAdministrator,
        person_id: None,
    });
    let view = NewView {
        name: ViewName::new("Hers").expect("a name"),
        page: ViewPage::ALL[0],
        query: format!("user={}", UPN.replace('@', "%40")),
        is_shared: true,
        now: at(100),
    };
    views.save(view).await.expect("saved");
    let before = figures(&db).await;
    let bytes = db.every_byte().await;
    for trace in TRACES {
        assert!(
            bytes.contains(trace) || trace.contains("laptop") || trace.starts_with('+'),
            "{trace} is there to be erased"
        );
    }

    let eraser = db.services.console_eraser(TenantId::ONLY);
    assert!(eraser.begin("nobody@contoso.com", "root", [7; 32], at(101)).await.expect("an answer").is_none());
    let erasing = eraser.begin(&UPN.to_uppercase(), "root", [7; 32], at(101)).await.expect("an answer").expect("Vera");
    // The first parts, then it breaks off, and another goes on.
    let operator = db.operator();
    let mut broken_off = erasing.clone();
    for _ in 0..2 {
        assert!(operator.erase_some(&mut broken_off, at(102)).await.expect("a part"));
        db.assert_recounted().await;
    }
    for erasing in operator.begun_erasures().await.expect("those that were begun") {
        operator.erase(erasing, at(103)).await.expect("erased");
    }
    assert!(operator.begun_erasures().await.expect("an answer").is_empty());
    db.assert_recounted().await;
    assert_no_traces(&db).await;
    assert_eq!(figures(&db).await, before);

    // Everything comes again, also with copies that win.
    let again = import(&db, 2).await;
    assert_eq!((again.accepted, again.replaced, again.erased), (0, 0, 2));
    let mut later = story();
    for record in &mut later {
        if let Record::SignIn(sign_in) = record {
            sign_in.log_at = Some(at(500));
            sign_in.digest[31] = 9;
        }
        if let Record::Audit(audit) = record {
            audit.log_at = Some(at(500));
        }
    }
    later.extend(records(
        [sign_in("new", "x", at(21).millis(), DONE)]
            .map(|record| domain::sign_in::SignInRecord { user: vera(), ..record }),
    ));
    db.import_file(later, 3, at(110)).await;
    db.assert_recounted().await;
    assert_no_traces(&db).await;
    let texts = db.texts("SELECT id FROM user_states ORDER BY id").await;
    assert!(texts.contains(&erasing.outward_id()), "seen only in events, under an id that says nothing: {texts:?}");
    let filters = SignInFilters { user: vec![erasing.outward_id()], ..SignInFilters::default() };
    let window = Window { from: at(0), to: at(200) };
    let report = Report { span: Span::Window(window), ..Report::new(at(300)) };
    let (total, items) = list(&db.reader(), report.clone(), filters).await;
    assert_eq!(total, 3, "hers, and the new one");
    assert!(items.iter().all(|item| item.user_name.is_none() && item.display_name.is_none()));
    let users = UsersQuery::parse("population=everyone", at(300)).expect("a query");
    let users = users.page(&db.reader()).await.expect("a page");
    assert_eq!(users.items.iter().map(|user| user.id.as_str()).collect::<Vec<_>>(), ["bob"]);
}
