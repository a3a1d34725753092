//! Does one piece of Keyroll's work a number of times, for `cargo xtask instructions` to count what it takes.
//!
//! Everything is made from a seed and told the time, so that two runs execute the same instructions.

use std::ops::ControlFlow;
use std::path::Path;

use anyhow::Context as _;
use app::pages::SiteSettings;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use clap::{Parser, ValueEnum};
use domain::instant::Instant;
use domain::preferences::Language;
use domain::query::Report;
use domain::record::{Record, Rejection};
use domain::viewer::TenantId;
use ingest::{Hints, Sink};
use server::clock::Clock;
use server::config::Settings;
use server::generate::{self, Faults};
use server::import::progress::Progress;
use server::import::{ImportSettings, Input, import_file};
use server::router::router;
use server::state::AppState;
use store::{NewImport, Options, Services};
use tempfile::TempDir;
use tower::ServiceExt as _;

#[derive(Parser)]
struct Arguments {
    work: Work,
    /// How often; the difference between two numbers is free of what comes before and after.
    times: usize,
}

#[derive(Clone, Copy, ValueEnum)]
enum Work {
    /// Reads an audit log and registration details.
    Parse,
    /// Stores 150 audit records, with every figure they change.
    RollUp,
    /// Asks for the overview of 30 days.
    OverviewQuery,
    /// Answers `GET /overview` as a whole page.
    OverviewPage,
}

/// Records of one batch of [`Work::RollUp`].
const BATCH: usize = 150;
const END: &str = "2026-11-20T12:00:00Z";
const FILES: [&str; 3] = ["users.jsonl", "userRegistrationDetails.jsonl", "auditLogs.jsonl"];

fn main() -> anyhow::Result<()> {
    let Arguments { work, times } = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let house = House::new()?;
    match work {
        Work::Parse => house.parse(times),
        Work::RollUp => runtime.block_on(house.roll_up(times)),
        Work::OverviewQuery => runtime.block_on(house.overview_query(times)),
        Work::OverviewPage => runtime.block_on(house.overview_page(times)),
    }
}

/// A generated organisation and a database of its own.
struct House {
    folder: TempDir,
    end: Instant,
}

/// Keeps what is read.
#[derive(Default)]
struct Kept(Vec<Record>);

impl Sink for Kept {
    fn record(&mut self, record: Record) -> ControlFlow<()> {
        self.0.push(record);
        ControlFlow::Continue(())
    }
    fn skipped(&mut self, _kind: &str) {}
    fn rejected(&mut self, _rejection: Rejection) {}
}

impl House {
    fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let end = END.parse()?;
        let settings =
            generate::Settings { users: 300, sign_ins: 0, days: 60, seed: 1, end, faults: Faults::default() };
        generate::write_files(&settings, folder.path())?;
        Ok(Self { folder, end })
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    async fn services(&self) -> anyhow::Result<Services> {
        let url = format!("sqlite:{}", self.path("keyroll.db").display());
        Ok(Services::open(&url, Options::default()).await?)
    }

    fn read(&self, name: &str) -> anyhow::Result<Vec<Record>> {
        let bytes = std::fs::read(self.path(name))?;
        let mut kept = Kept::default();
        ingest::read_file(bytes.as_slice(), &Hints::default(), &mut kept)
            .map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
        Ok(kept.0)
    }

    fn parse(&self, times: usize) -> anyhow::Result<()> {
        for _ in 0..times {
            self.read("auditLogs.jsonl")?;
            self.read("userRegistrationDetails.jsonl")?;
        }
        Ok(())
    }

    async fn roll_up(&self, times: usize) -> anyhow::Result<()> {
        let (_, operator, _) = self.services().await?.console(TenantId::ONLY);
        let import = NewImport { file_name: "auditLogs.jsonl".to_owned(), sha256: [0; 32], now: self.end };
        let started = operator.begin_import(import).await?;
        let mut records = self.read("auditLogs.jsonl")?;
        anyhow::ensure!(records.len() >= times * BATCH, "the audit log has {} records only", records.len());
        for _ in 0..times {
            let batch = records.drain(..BATCH).collect();
            operator.apply(started.id, batch, self.end, self.end).await?;
        }
        Ok(())
    }

    /// Everything imported, as a demo: its sessions need nobody's password.
    async fn filled(&self) -> anyhow::Result<Services> {
        let services = self.services().await?;
        services.mark_demo().await?;
        let (_, operator, _) = services.console(TenantId::ONLY);
        for name in FILES {
            let input = Input { path: Path::new(&self.path(name)).to_owned(), name: name.to_owned() };
            let settings = ImportSettings { observed_at: Some(self.end.plus_millis(-50_000_000)), date_order: None };
            import_file(&operator, &Clock::fixed(self.end), &input, settings, &Progress::hidden()).await?;
        }
        Ok(services)
    }

    async fn overview_query(&self, times: usize) -> anyhow::Result<()> {
        let (reader, _, _) = self.filled().await?.console(TenantId::ONLY);
        for _ in 0..times {
            reader.overview(&Report::new(self.end)).await?;
        }
        Ok(())
    }

    async fn overview_page(&self, times: usize) -> anyhow::Result<()> {
        let services = self.filled().await?;
        let site = SiteSettings {
            organisation: "Fabrikam".to_owned(),
            time_zone: "UTC".to_owned(),
            language: Language::English,
            is_demo: true,
            stale_after: Settings::default().stale_after,
            provider: None,
        };
        let public_url = "http://127.0.0.1:3000".parse().map_err(|error| anyhow::anyhow!("{error}"))?;
        let sessions = Settings::default().sessions;
        let router = router(AppState::new(services, Clock::fixed(self.end), site, public_url, sessions));
        let cookie = demo_cookie(&router).await?;
        for _ in 0..times {
            let request = Request::get("/overview").header(header::COOKIE, &cookie).body(Body::empty())?;
            let answer = router.clone().oneshot(request).await?;
            anyhow::ensure!(answer.status() == StatusCode::OK, "/overview answered {}", answer.status());
            to_bytes(answer.into_body(), usize::MAX).await?;
        }
        Ok(())
    }
}

async fn demo_cookie(router: &Router) -> anyhow::Result<String> {
    let request = Request::post("/sign-in/demo")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header(header::ORIGIN, "http://127.0.0.1:3000")
        .body(Body::from("role=global-administrator"))?;
    let answer = router.clone().oneshot(request).await?;
    let status = answer.status();
    let cookie = answer.headers().get(header::SET_COOKIE).with_context(|| format!("the demo answered {status}"))?;
    Ok(cookie.to_str()?.split(';').next().unwrap_or_default().to_owned())
}
