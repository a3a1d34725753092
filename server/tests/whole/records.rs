//! Records of every kind, as files: sign-ins, audit records of blocks and the like, on-premises activity.

use domain::instant::DAY_MS;
use domain::method::MethodSet;
use domain::record::{PerUserMfa, Record, RecordKind, UserFacts, UserObservation, UserRef, UserType};
use domain::viewer::TenantId;
use server::auth::secret;
use server::import::progress::Progress;
use server::import::{FileReport, ImportSettings, Input, import_file};

use crate::house::{House, now};

/// Three sign-ins of beta Graph, all of the day before [`crate::house::NOW`]: Ada's was challenged by Conditional Access
/// and satisfied by SMS; Bo declined his, and the third, of the same correlation, asked for nothing.
pub const SIGN_INS: &str = include_str!("records/signIns.json");
/// A block of Bo's, a bypass of Ada's, and a fraud alert of Bo's that blocked him.
pub const AUDITS: &str = include_str!("records/directoryAudits.json");
/// Two calls through MFA Server: Ada's went well, Bo's line was busy.
pub const ACTIVITY: &str = include_str!("records/mfaActivity.csv");

/// Ada's sign-in.
pub const SIGN_IN: &str = "b01b1726-0147-425e-a7f7-21f252050400";
/// What only the records of sign-ins and activity have, and a Reports Reader never gets.
pub const RESTRICTED: &[&str] =
    &["203.0.113.", "Sundsvall", "Second factor everywhere", "6551c58c-e5da-4036-a6ea-c2c3fad264f1", "SignInFrequency"];

impl House {
    /// Two users, an event, three sign-ins, three acts of admins and users, two authentications on premises.
    pub async fn add_all_records(&self) {
        self.add_records().await;
        for (name, text) in
            [("signIns.json", SIGN_INS), ("directoryAudits.json", AUDITS), ("mfaActivity.csv", ACTIVITY)]
        {
            let report = self.import(name, text).await;
            assert_eq!((report.counts.rejected, &report.refusal), (0, &None), "{name}: {:?}", report.rejections);
            assert!(report.counts.accepted > 1, "{name}: {:?}", report.counts);
        }
    }

    /// Imports a file of this text.
    pub async fn import(&self, name: &str, text: &str) -> FileReport {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join(name);
        std::fs::write(&path, text).expect("a file");
        let (_, operator, _) = self.services.console(TenantId::ONLY);
        let input = Input { path, name: name.to_owned() };
        import_file(&operator, &self.clock, &input, ImportSettings::default(), &Progress::hidden())
            .await
            .expect("the import ends")
    }
}

/// A user as the lists of the PowerShell commands know one.
pub fn listed_user(
    user_name: &str,
    account_enabled: bool,
    mfa_registered: Option<bool>,
    methods: Option<&[&str]>,
    per_user_mfa: Option<PerUserMfa>,
) -> Record {
    Record::User(Box::new(UserObservation {
        kind: RecordKind::UserRegistrationDetails,
        user: UserRef { user_name: Some(user_name.to_owned()), ..UserRef::default() },
        observed_at: Some(now().plus_millis(-DAY_MS)),
        digest: secret::digest(user_name),
        facts: UserFacts {
            user_name: Some(user_name.to_owned()),
            user_type: Some(UserType::Member),
            account_enabled: Some(account_enabled),
            mfa_registered,
            methods: methods.map(|names| MethodSet::from_names(names.iter().copied())),
            per_user_mfa,
            ..UserFacts::default()
        },
    }))
}
