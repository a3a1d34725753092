use async_recursion::async_recursion as boxed;
use domain::preferences::Language;
use domain::role::Role;
use domain::viewer::{Sender, TenantId, Viewer};

use crate::db::{Db, PostgresTls, args};
use crate::error::unless_full;
use crate::reading::KnownClasses;
use crate::{
    AccessLog, Admin, Checker, Eraser, Exporter, Exports, Forbidden, Identity, Operator, OwnFactors, OwnSessions,
    Reader, SealedSecrets, SettingsReader, StoreError, Views,
};

/// Which of two sources of the same act counts (`spec/derivation.md` §4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EventsSource {
    /// Report events count until the earliest audit-derived event of their feature.
    #[default]
    Auto,
    Audit,
    Report,
}

/// The organisation's reset policy: used where a report says which methods a user has, but not what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SsprPolicy {
    pub methods_required: u32,
    pub methods: Vec<domain::method::AuthMethod>,
    pub scope: SsprScope,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SsprScope {
    Nobody,
    /// Every user except guests.
    Everyone,
    /// A group whose members Keyroll does not know: enabled stays unknown.
    Group,
}

/// Settings that change what figures mean, and how the database is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    pub sspr_policy: Option<SsprPolicy>,
    pub events_source: EventsSource,
    /// Whose order names have in lists.
    pub language: Language,
    pub postgres_tls: PostgresTls,
}

/// What is stored of users' states and how: another number derives every state again when a database is opened.
pub(crate) const DERIVATION: u32 = 6;

/// The way to everything stored. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    pub(crate) db: Db,
    options: Options,
    known_classes: KnownClasses,
}

impl Services {
    /// Opens `sqlite:PATH` (created if need be) or `postgres://…`, and brings its schema up to date.
    ///
    /// Where the states were derived by other rules, with another reset policy or language, they are derived again.
    #[boxed(?Send)]
    pub async fn open(url: &str, options: Options) -> Result<Self, StoreError> {
        let services =
            Self { db: Db::open(url, options.postgres_tls).await?, options, known_classes: KnownClasses::default() };
        services.rederive_if_need_be().await?;
        // What is not tidied up is left for whoever opens the database next.
        unless_full(crate::importing::mark_interrupted(&services.db, TenantId::ONLY.0).await)?;
        unless_full(crate::importing::make_deferred(&services.db).await)?;
        Ok(services)
    }

    async fn rederive_if_need_be(&self) -> Result<(), StoreError> {
        let tenant = TenantId::ONLY.0;
        let wanted = format!("{DERIVATION} {:?} {}", self.options.sspr_policy, self.options.language);
        let stored: Option<(String,)> =
            self.db.row("SELECT derived_with FROM tenants WHERE tenant_id = $1", args![tenant]).await?;
        let stored = stored.map(|(text,)| text).unwrap_or_default();
        if stored == wanted || (stored.is_empty() && self.is_empty().await?) {
            if stored != wanted {
                self.note_derived_with(tenant, wanted).await?;
            }
            return Ok(());
        }
        tracing::info!("another version, reset policy or language than last time: deriving every user's state again");
        crate::importing::derive_audits_again(&self.db, TenantId::ONLY, &self.options).await?;
        crate::importing::rederive(&self.db, tenant, &self.options).await?;
        self.note_derived_with(tenant, wanted).await
    }

    async fn note_derived_with(&self, tenant: i64, policy: String) -> Result<(), StoreError> {
        self.db.run("UPDATE tenants SET derived_with = $2 WHERE tenant_id = $1", args![tenant, policy]).await?;
        Ok(())
    }

    /// Fails if the database does not answer.
    #[boxed]
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.db.row::<(i64,)>("SELECT tenant_id FROM tenants WHERE tenant_id = $1", args![TenantId::ONLY.0]).await?;
        Ok(())
    }

    /// How often what pages show has changed: another number than before says that it has, by whichever process.
    #[boxed]
    pub async fn change_number(&self, tenant: TenantId) -> Result<i64, StoreError> {
        crate::importing::change_number(&self.db.newest(), tenant).await
    }

    /// No records, imports or people yet: fit for a demo or a first run.
    #[boxed]
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        for table in ["imports", "people", "users"] {
            let any: Option<(i64,)> = self
                .db
                .row(&format!("SELECT tenant_id FROM {table} WHERE tenant_id = $1 LIMIT 1"), args![TenantId::ONLY.0])
                .await?;
            if any.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Marks the database as a demo's; only an empty one can become it.
    #[boxed]
    pub async fn mark_demo(&self) -> Result<(), StoreError> {
        if !self.is_empty().await? {
            return Err(StoreError::Exists { what: "real data in the database", name: "demo".to_owned() });
        }
        self.db.run("UPDATE tenants SET is_demo = 1 WHERE tenant_id = $1", args![TenantId::ONLY.0]).await?;
        Ok(())
    }

    #[boxed]
    pub async fn is_demo(&self) -> Result<bool, StoreError> {
        let row: Option<(i64,)> =
            self.db.row("SELECT is_demo FROM tenants WHERE tenant_id = $1", args![TenantId::ONLY.0]).await?;
        Ok(row.is_some_and(|(is_demo,)| is_demo == 1))
    }

    /// Reports, lists and exports: every role.
    #[must_use]
    pub fn read(&self, viewer: &Viewer) -> Reader {
        let mut reader = self.reader(viewer.tenant, viewer.role.may_see_conditional_access());
        reader.sees_settings = viewer.role.may_read_settings();
        reader
    }

    fn reader(&self, tenant: TenantId, sees_conditional_access: bool) -> Reader {
        Reader {
            db: self.db.newest(),
            tenant,
            events_source: self.options.events_source,
            sees_conditional_access,
            sees_settings: true,
            known_classes: self.known_classes.clone(),
        }
    }

    /// Saved views: every role, each its own and the shared ones.
    #[must_use]
    pub fn views(&self, viewer: &Viewer) -> Views {
        Views::of(self.db.clone(), viewer)
    }

    /// A person's own sessions: every role. `None` for tokens and demo sessions, which are nobody's.
    #[must_use]
    pub fn own_sessions(&self, viewer: &Viewer) -> Option<OwnSessions> {
        OwnSessions::of(self.db.clone(), viewer)
    }

    /// What a person is proven with beside a password: every role. `None` for tokens and demo sessions.
    #[must_use]
    pub fn own_factors(&self, viewer: &Viewer) -> Option<OwnFactors> {
        OwnFactors::of(self.db.clone(), viewer)
    }

    /// Lists as files, written in the background: every role, each its own.
    #[must_use]
    pub fn exports(&self, viewer: &Viewer) -> Exports {
        Exports::of(self.db.clone(), viewer)
    }

    /// Writing these files: the program's own.
    #[must_use]
    pub fn exporter(&self, tenant: TenantId) -> Exporter {
        Exporter { db: self.db.clone(), tenant }
    }

    /// Imports: Security Administrator and Global Administrator.
    pub fn operate(&self, viewer: &Viewer) -> Result<Operator, Forbidden> {
        require(viewer, Role::may_operate)?;
        Ok(self.operator(viewer.tenant))
    }

    /// Records from a token that may send some, and nothing else.
    #[must_use]
    pub fn receive(&self, sender: &Sender) -> Operator {
        self.operator(sender.tenant)
    }

    fn operator(&self, tenant: TenantId) -> Operator {
        Operator { db: self.db.clone(), tenant, options: self.options.clone() }
    }

    /// Looking at people and tokens: Global Reader and Global Administrator.
    pub fn settings(&self, viewer: &Viewer) -> Result<SettingsReader, Forbidden> {
        require(viewer, Role::may_read_settings)?;
        Ok(SettingsReader { db: self.db.clone(), tenant: viewer.tenant })
    }

    /// Changing people and tokens: Global Administrator.
    pub fn admin(&self, viewer: &Viewer) -> Result<Admin, Forbidden> {
        require(viewer, Role::may_administer)?;
        Ok(Admin { db: self.db.clone(), tenant: viewer.tenant })
    }

    /// Looking at settings, for the console.
    #[must_use]
    pub fn console_settings(&self, tenant: TenantId) -> SettingsReader {
        SettingsReader { db: self.db.clone(), tenant }
    }

    /// Erasing people: Global Administrator.
    pub fn erase(&self, viewer: &Viewer) -> Result<Eraser, Forbidden> {
        require(viewer, Role::may_administer)?;
        Ok(Eraser { operator: self.operator(viewer.tenant) })
    }

    /// The same for the console.
    #[must_use]
    pub fn console_eraser(&self, tenant: TenantId) -> Eraser {
        Eraser { operator: self.operator(tenant) }
    }

    /// The console's rights: whoever can run the program on the database may do everything.
    #[must_use]
    pub fn console(&self, tenant: TenantId) -> (Reader, Operator, Admin) {
        (self.reader(tenant, true), self.operator(tenant), Admin { db: self.db.clone(), tenant })
    }

    /// Writing down who did what: whoever serves requests or commands.
    #[must_use]
    pub fn access_log(&self, tenant: TenantId) -> AccessLog {
        AccessLog { db: self.db.clone(), tenant }
    }

    /// Secrets under the installation's key: whoever serves with it, and the console, which changes it.
    #[must_use]
    pub fn sealed_secrets(&self, tenant: TenantId) -> SealedSecrets {
        SealedSecrets { db: self.db.clone(), tenant }
    }

    /// Recounting figures: the console's and the program's own.
    #[must_use]
    pub fn checker(&self, tenant: TenantId) -> Checker {
        Checker { db: self.db.clone(), tenant, options: self.options.clone() }
    }

    /// Passwords, sessions and tokens: for the layers that find out who the viewer is.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity { db: self.db.clone(), tenant: TenantId::ONLY }
    }
}

fn require(viewer: &Viewer, right: fn(Role) -> bool) -> Result<(), Forbidden> {
    if right(viewer.role) { Ok(()) } else { Err(forbidden(right)) }
}

/// Which roles would be allowed.
pub(crate) fn forbidden(right: fn(Role) -> bool) -> Forbidden {
    Forbidden { needs: Role::ALL.iter().copied().filter(|role| right(*role)).collect() }
}
