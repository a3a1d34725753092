//! Rows of SQLite come from a thread of their own. Whoever waits for thousands of them would be woken for each, and
//! waking costs more than a row does.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::future::poll_fn;

/// So often whoever waits is woken by a row; then rows are many, and it is looked what has come by the [`LOT`].
const WOKEN: usize = 16;
/// As short as tokio's timer is.
const LOT: Duration = Duration::from_millis(1);

/// Awaits many rows in lots, few of them at once.
pub async fn in_lots<F: Future>(rows: F) -> F::Output {
    let mut rows = pin!(rows);
    let mut looked = 0;
    let few = poll_fn(|context| match rows.as_mut().poll(context) {
        Poll::Ready(all) => Poll::Ready(Some(all)),
        Poll::Pending => {
            looked += 1;
            if looked > WOKEN { Poll::Ready(None) } else { Poll::Pending }
        }
    });
    if let Some(all) = few.await {
        return all;
    }
    loop {
        tokio::time::sleep(LOT).await;
        if let Poll::Ready(all) = rows.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return all;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use futures::StreamExt as _;
    use futures::channel::mpsc as channel;

    use super::*;

    /// Rows that another thread sends one by one, each after the one before was taken in.
    #[tokio::test]
    async fn all_rows_come_and_in_their_order() {
        for many in [0, 1, WOKEN, 5_000] {
            let (mut send, rows) = channel::channel::<usize>(10);
            let (go, wait) = mpsc::channel::<()>();
            let sender = std::thread::spawn(move || {
                wait.recv().expect("to go");
                for n in 0..many {
                    futures::executor::block_on(futures::SinkExt::send(&mut send, n)).expect("somebody waits");
                }
            });
            go.send(()).expect("the thread waits");
            let all: Vec<usize> = in_lots(rows.collect()).await;
            assert_eq!(all, (0..many).collect::<Vec<_>>());
            sender.join().expect("it ends");
        }
    }
}
