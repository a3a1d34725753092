//! The one writer: what waits when it is free is committed together.

use store::{ImportId, Operator, Push};
use tokio::sync::{mpsc, oneshot};

use super::PushError;
use crate::clock::Clock;
use crate::import::on_a_thread;
use crate::live::Live;

/// Pieces that may wait. There are never more than places for bodies, as each has one piece under way.
const WAITING: usize = 1_024;
/// Records of one transaction, and of those that wait behind it.
const TOGETHER: usize = 10_000;
/// Pieces that are committed one by one after a transaction has failed.
const ALONE: usize = 100;

type Answer = Result<ImportId, PushError>;

struct Piece {
    operator: Operator,
    push: Push,
    answer: oneshot::Sender<Answer>,
}

#[derive(Clone)]
pub struct Writer {
    pieces: mpsc::Sender<Piece>,
}

impl Writer {
    pub fn start(clock: Clock, live: Live) -> Self {
        let (pieces, receiver) = mpsc::channel(WAITING);
        tokio::spawn(write(receiver, clock, live));
        Self { pieces }
    }

    /// Waits until the piece is durable.
    pub async fn commit(&self, operator: Operator, push: Push) -> Answer {
        let (answer, outcome) = oneshot::channel();
        self.pieces.send(Piece { operator, push, answer }).await.map_err(|_| PushError::Lost)?;
        outcome.await.map_err(|_| PushError::Lost)?
    }
}

async fn write(mut waiting: mpsc::Receiver<Piece>, clock: Clock, live: Live) {
    // How many pieces are still to have a transaction each.
    let mut alone = 0_usize;
    while let Some(first) = waiting.recv().await {
        let mut records = first.push.records.len();
        let mut together = vec![first];
        while alone == 0
            && records < TOGETHER
            && let Ok(piece) = waiting.try_recv()
        {
            records += piece.push.records.len();
            together.push(piece);
        }
        alone = if commit(together, &clock).await { alone.saturating_sub(1) } else { ALONE };
        live.changed();
    }
}

/// One transaction for all. Where it fails nobody's records are stored, and whoever sends them again has one for himself
/// for a while: so nobody fails for ever for what another sends.
async fn commit(together: Vec<Piece>, clock: &Clock) -> bool {
    let Some(operator) = together.first().map(|piece| piece.operator.clone()) else { return true };
    let (pushes, answers): (Vec<_>, Vec<_>) = together.into_iter().map(|piece| (piece.push, piece.answer)).unzip();
    match store(&operator, pushes, clock).await {
        Ok(imports) => {
            for (answer, import) in answers.into_iter().zip(imports) {
                let _ = answer.send(Ok(import));
            }
            true
        }
        Err(error) => {
            tracing::error!(%error, bodies = answers.len(), "pushed records could not be stored");
            for answer in answers {
                let _ = answer.send(Err(PushError::NotStored));
            }
            false
        }
    }
}

/// On a thread of its own: a panic there is that transaction's, and not the end of all writing.
async fn store(operator: &Operator, pushes: Vec<Push>, clock: &Clock) -> Result<Vec<ImportId>, PushError> {
    let (operator, now) = (operator.clone(), clock.now());
    let storing = on_a_thread(move || async move { operator.push(pushes, now).await });
    Ok(storing.await.map_err(|_| PushError::Lost)??)
}

#[cfg(test)]
mod tests {
    use domain::instant::Instant;
    use domain::record::Rejection;
    use domain::viewer::TenantId;
    use store::{Options, Services};

    use super::*;

    async fn services(dir: &tempfile::TempDir) -> Services {
        let url = format!("sqlite:{}", dir.path().join("keyroll.db").display());
        Services::open(&url, Options::default()).await.expect("opens")
    }

    fn push(sender: &str) -> Push {
        let rejection = Rejection { line: Some(1), byte: None, reason: "No.".into(), excerpt: String::new() };
        Push { sender_key: sender.into(), sender_name: sender.into(), rejected: vec![rejection], ..Push::default() }
    }

    #[tokio::test]
    async fn what_waits_is_committed_together_and_each_has_the_import_of_its_sender() {
        let dir = tempfile::tempdir().expect("a directory");
        let services = services(&dir).await;
        let (reader, operator, _) = services.console(TenantId::ONLY);
        let writer = Writer::start(Clock::fixed(Instant::from_millis(0)), Live::new(services.clone()));
        // On one thread: all of them wait before the writer has its first turn.
        let senders = ["one", "two", "one", "two", "two"];
        let commits = senders.map(|sender| writer.commit(operator.clone(), push(sender)));
        let imports: Vec<i64> =
            futures::future::join_all(commits).await.into_iter().map(|answer| answer.expect("stored").0).collect();
        assert_eq!(imports, [1, 2, 1, 2, 2]);
        assert_eq!(services.change_number(TenantId::ONLY).await.expect("a number"), 1, "one transaction");
        let rejected: Vec<i64> =
            reader.imports().await.expect("imports").iter().map(|import| import.counts.rejected).collect();
        assert_eq!(rejected, [3, 2]);
    }

    #[tokio::test]
    async fn what_cannot_be_stored_is_said_to_everybody_who_waits() {
        let dir = tempfile::tempdir().expect("a directory");
        let services = services(&dir).await;
        let (_, operator, _) = services.console(TenantId::ONLY);
        let writer = Writer::start(Clock::fixed(Instant::from_millis(0)), Live::new(services));
        let url = format!("sqlite:{}", dir.path().join("keyroll.db").display());
        let mut other = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.expect("opens");
        let run = async |other: &mut sqlx::SqliteConnection, sql: &'static str| {
            sqlx::raw_sql(sql).execute(other).await.expect("SQL");
        };
        run(&mut other, "ALTER TABLE imports RENAME TO elsewhere").await;
        let commits = ["one", "two", "three"].map(|sender| writer.commit(operator.clone(), push(sender)));
        for answer in futures::future::join_all(commits).await {
            assert!(matches!(answer, Err(PushError::NotStored)));
        }
        run(&mut other, "ALTER TABLE elsewhere RENAME TO imports").await;
        assert!(writer.commit(operator.clone(), push("one")).await.is_ok(), "and it goes on");
    }
}
