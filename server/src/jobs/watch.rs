//! The watched folder: files that appear in it are imported when they are complete, and moved out of the way.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use domain::report::ImportDoor;
use store::Operator;

use crate::clock::Clock;
use crate::import::progress::Progress;
use crate::import::{FileReport, ImportError, ImportSettings, Input, begin, on_a_thread};

/// Between two looks at the folder.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Where files go that were read, also if some of their records were set aside.
const DONE: &str = "done";
/// Where files go that were refused as a whole.
const FAILED: &str = "failed";
/// How programs call files that they are still writing.
const UNFINISHED: &[&str] = &["tmp", "temp", "part", "partial", "filepart", "crdownload", "download", "swp"];

/// What tells whether a file has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    bytes: u64,
    modified: Option<SystemTime>,
}

pub struct Watch {
    folder: PathBuf,
    operator: Operator,
    clock: Clock,
    /// Files that lay there at the last look.
    seen: BTreeMap<PathBuf, State>,
    /// Files that were imported, but could not be moved.
    stuck: BTreeMap<PathBuf, State>,
}

impl Watch {
    /// # Errors
    /// There is no such folder, or nothing can be moved inside it.
    pub fn new(folder: PathBuf, operator: Operator, clock: Clock) -> io::Result<Self> {
        std::fs::read_dir(&folder)?;
        for place in [DONE, FAILED] {
            std::fs::create_dir_all(folder.join(place))?;
        }
        Ok(Self { folder, operator, clock, seen: BTreeMap::new(), stuck: BTreeMap::new() })
    }

    /// Looks at the folder for ever.
    pub async fn run(self) {
        let mut watch = self;
        let mut looks = tokio::time::interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            let looking = on_a_thread(move || async move {
                let outcome = watch.look().await;
                (watch, outcome)
            });
            let Ok((returned, outcome)) = looking.await else {
                tracing::error!("the watched folder is watched no more: its thread ended unexpectedly");
                return;
            };
            watch = returned;
            if let Err(error) = outcome {
                tracing::error!(%error, folder = %watch.folder.display(), "the watched folder");
            }
        }
    }

    /// Imports the files that are as they were at the last look; others may still be written.
    ///
    /// # Errors
    /// The folder cannot be read, or the store does not answer: files stay where they are, for the next look.
    pub async fn look(&mut self) -> Result<Vec<FileReport>, ImportError> {
        let folder = self.folder.clone();
        let found = files_in(&self.folder).map_err(|error| ImportError::File { path: folder, error })?;
        let complete: Vec<(PathBuf, State)> = found
            .iter()
            .filter(|(path, state)| self.seen.get(*path) == Some(state) && self.stuck.get(*path) != Some(state))
            .map(|(path, state)| (path.clone(), *state))
            .collect();
        self.stuck.retain(|path, _| found.contains_key(path));
        self.seen = found;
        let mut reports = Vec::new();
        for (path, state) in complete {
            let report = match self.import(&path).await {
                Ok(report) => report,
                // Somebody has taken it away, or may not show it to us.
                Err(ImportError::File { path, error }) => {
                    tracing::warn!(%error, path = %path.display(), "a file of the watched folder cannot be read");
                    continue;
                }
                Err(error) => return Err(error),
            };
            if let Err(error) = self.put_away(&path, &report) {
                tracing::warn!(%error, path = %path.display(), "an imported file stays where it is");
                self.stuck.insert(path, state);
            }
            reports.push(report);
        }
        Ok(reports)
    }

    async fn import(&self, path: &Path) -> Result<FileReport, ImportError> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let input = Input { path: path.to_owned(), name };
        let begun = begin(&self.operator, &self.clock, ImportDoor::Folder, input, ImportSettings::default()).await?;
        begun.run(&self.operator, &self.clock, &Progress::hidden()).await
    }

    /// Under its own name, or, where there is a file of that name, behind the number of its import.
    fn put_away(&self, path: &Path, report: &FileReport) -> io::Result<()> {
        let place = self.folder.join(if report.refusal.is_some() { FAILED } else { DONE });
        let name = path.file_name().unwrap_or_default();
        let mut to = place.join(name);
        if to.exists() {
            let mut numbered = std::ffi::OsString::from(format!("{}-", report.import.0));
            numbered.push(name);
            to = place.join(numbered);
        }
        std::fs::rename(path, to)
    }
}

/// Files directly in the folder, without hidden and unfinished ones.
fn files_in(folder: &Path) -> io::Result<BTreeMap<PathBuf, State>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        // The entry's own kind: a link may lead anywhere.
        let Ok(metadata) = entry.metadata() else { continue };
        let path = entry.path();
        if metadata.is_file() && !is_unfinished(&path) {
            files.insert(path, State { bytes: metadata.len(), modified: metadata.modified().ok() });
        }
    }
    Ok(files)
}

fn is_unfinished(path: &Path) -> bool {
    let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '~']));
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    is_hidden || extension.is_some_and(|extension| UNFINISHED.contains(&extension.as_str()))
}
