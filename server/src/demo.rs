//! The demo: a generated organisation in a database of its own, never beside real data.

use anyhow::{Context as _, bail};
use domain::instant::Instant;
use domain::viewer::TenantId;
use store::Services;

use crate::clock::Clock;
use crate::generate;
use crate::import::progress::Progress;
use crate::import::{ImportSettings, Input, import_file};

/// The organisation's name in the demo.
pub const ORGANISATION: &str = "Fabrikam";

/// The file of the generator whose records carry no time: they are as of the beginning of its window.
const TIMELESS: &str = "users.jsonl";

/// What `serve` may do with the database.
///
/// # Errors
/// Demo and real data would meet, or the store does not answer.
pub async fn check(services: &Services, is_demo_asked_for: bool) -> anyhow::Result<()> {
    let is_demo = services.is_demo().await?;
    if is_demo_asked_for && !is_demo && !services.is_empty().await? {
        bail!(
            "this database holds data that is no demo's; the demo is never shown beside real data. \
             Give it a database of its own: DATABASE_URL=sqlite:demo.db keyroll serve --demo"
        );
    }
    if !is_demo_asked_for {
        refuse_real_data(services).await?;
    }
    Ok(())
}

/// # Errors
/// The database is a demo's: nothing real belongs into it.
pub async fn refuse_real_data(services: &Services) -> anyhow::Result<()> {
    if services.is_demo().await? {
        bail!(
            "this database is a demo's, whose sign-in page lets everybody in; it takes no real data. \
             Set DATABASE_URL to another one, such as sqlite:keyroll.db"
        );
    }
    Ok(())
}

/// Fills an empty database with a generated organisation that ends now; a filled one stays as it is.
///
/// # Errors
/// The generator has no disk to write to, or the store does not answer.
pub async fn fill(
    services: &Services,
    clock: &Clock,
    settings: impl Fn(Instant) -> generate::Settings,
) -> anyhow::Result<()> {
    let (reader, operator, _) = services.console(TenantId::ONLY);
    if !services.is_demo().await? {
        services.mark_demo().await?;
    }
    if reader.imports().await?.iter().filter(|import| import.finished_at.is_some()).count() >= generate::FILES.len() {
        return Ok(());
    }
    let settings = settings(clock.now());
    let dir = tempfile::tempdir().context("the demo has nowhere to write its files")?;
    let (path, for_generator) = (dir.path().to_owned(), settings.clone());
    tokio::task::spawn_blocking(move || generate::write_files(&for_generator, &path)).await??;
    for name in generate::FILES {
        let input = Input { path: dir.path().join(name), name: name.to_owned() };
        let observed_at = (name == TIMELESS).then(|| settings.start());
        let import = ImportSettings { observed_at, date_order: None };
        import_file(&operator, clock, &input, import, &Progress::hidden()).await?;
    }
    Ok(())
}
