use domain::role::Role;
use domain::viewer::{TenantId, Viewer};

use crate::{Admin, Forbidden, Identity, Operator, Reader, SettingsReader, StoreError};

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

/// Settings that change what figures mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    pub sspr_policy: Option<SsprPolicy>,
    pub events_source: EventsSource,
}

/// The way to everything stored. Cheap to clone.
#[derive(Clone)]
pub struct Services {}

impl Services {
    /// Opens `sqlite:PATH` (created if need be) or `postgres://…`, and brings its schema up to date.
    pub async fn open(url: &str, options: Options) -> Result<Self, StoreError> {
        let _ = (url, options);
        unimplemented!()
    }

    /// Fails if the database does not answer.
    pub async fn ping(&self) -> Result<(), StoreError> {
        unimplemented!()
    }

    /// No records, imports or people yet: fit for a demo or a first run.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        unimplemented!()
    }

    /// Marks the database as a demo's; only an empty one can become it.
    pub async fn mark_demo(&self) -> Result<(), StoreError> {
        unimplemented!()
    }

    pub async fn is_demo(&self) -> Result<bool, StoreError> {
        unimplemented!()
    }

    /// Reports, lists and exports: every role.
    #[must_use]
    pub fn read(&self, viewer: &Viewer) -> Reader {
        let _ = viewer;
        unimplemented!()
    }

    /// Imports: Security Administrator and Global Administrator.
    pub fn operate(&self, viewer: &Viewer) -> Result<Operator, Forbidden> {
        require(viewer, Role::may_operate)?;
        unimplemented!()
    }

    /// Looking at people and tokens: Global Reader and Global Administrator.
    pub fn settings(&self, viewer: &Viewer) -> Result<SettingsReader, Forbidden> {
        require(viewer, Role::may_read_settings)?;
        unimplemented!()
    }

    /// Changing people and tokens: Global Administrator.
    pub fn admin(&self, viewer: &Viewer) -> Result<Admin, Forbidden> {
        require(viewer, Role::may_administer)?;
        unimplemented!()
    }

    /// The console's rights: whoever can run the program on the database may do everything.
    #[must_use]
    pub fn console(&self, tenant: TenantId) -> (Reader, Operator, Admin) {
        let _ = tenant;
        unimplemented!()
    }

    /// Passwords, sessions and tokens: for the layers that find out who the viewer is.
    #[must_use]
    pub fn identity(&self) -> Identity {
        unimplemented!()
    }
}

fn require(viewer: &Viewer, right: fn(Role) -> bool) -> Result<(), Forbidden> {
    if right(viewer.role) {
        return Ok(());
    }
    Err(Forbidden { needs: Role::ALL.iter().copied().filter(|role| right(*role)).collect() })
}
