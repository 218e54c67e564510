//! A connection on which statements may be under way while others are sent.
//!
//! Most of what a statement costs here is the way to the server and back. One whose answer nobody needs is sent, and its
//! answer taken with the next one that is asked: the server runs them in the order in which they were sent.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, Error, Row, Socket, Statement};

use super::values::Kept;
use crate::Query;

/// How many rows a statement touched.
type Answer = Pin<Box<dyn Future<Output = Result<u64, Error>> + Send>>;

/// One connection. It is made, used and dropped on a thread outside any runtime.
pub(crate) struct Link {
    /// What was sent and not answered yet, the oldest first.
    sent: VecDeque<(Sent, Answer)>,
    client: Arc<Client>,
    /// Dropped after the client, which makes the connection end.
    carrier: Carrier,
}

/// Takes bytes to the server and back while somebody waits, and only then.
struct Carrier {
    runtime: Runtime,
    connection: JoinHandle<()>,
}

/// What was sent without waiting for it.
#[derive(Clone, Copy)]
pub(super) enum Sent {
    /// A statement of a closure.
    Query(&'static Query),
    /// One of the transaction's own, such as BEGIN.
    Control,
}

/// What went wrong: with the statement that was asked, or with one that was sent before it.
pub(super) struct Failed {
    pub(super) sent: Option<Sent>,
    pub(super) error: Error,
}

impl Link {
    /// Connects. The outer error is the machine's, which has no runtime to give.
    pub(super) fn connect<T>(config: &Config, tls: T) -> std::io::Result<Result<Self, Error>>
    where
        T: MakeTlsConnect<Socket>,
        T::Stream: Send + 'static,
    {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(runtime.block_on(config.connect(tls)).map(|(client, connection)| {
            let connection = runtime.spawn(async {
                // Whoever waits hears that the connection is closed; why, is known here only.
                if let Err(error) = connection.await {
                    tracing::info!(%error, "postgres.connection_lost");
                }
            });
            let (sent, client) = (VecDeque::new(), Arc::new(client));
            Link { sent, client, carrier: Carrier { runtime, connection } }
        }))
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// What statements are asked through, by [`Link::ask`].
    pub(super) fn client(&self) -> Arc<Client> {
        Arc::clone(&self.client)
    }

    /// Sends a statement and waits for nothing.
    pub(super) fn send(&mut self, query: &'static Query, statement: Statement, params: Vec<Kept>) {
        let client = self.client();
        let answer = async move { client.execute_raw(&statement, params).await };
        self.put_on_the_way(Sent::Query(query), Box::pin(answer));
    }

    /// Sends a script of the transaction's own and waits for nothing.
    pub(super) fn send_control(&mut self, sql: &'static str) {
        let client = self.client();
        let answer = async move { client.batch_execute(sql).await.map(|()| 0) };
        self.put_on_the_way(Sent::Control, Box::pin(answer));
    }

    /// A first look puts a statement onto the way; its bytes leave when next somebody waits.
    fn put_on_the_way(&mut self, sent: Sent, mut answer: Answer) {
        let looked = answer.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let answer = match looked {
            Poll::Pending => answer,
            Poll::Ready(answered) => Box::pin(std::future::ready(answered)),
        };
        self.sent.push_back((sent, answer));
    }

    /// Lets the bytes of what was sent leave, for when nobody waits for a while.
    pub(super) fn flush(&mut self) {
        self.carrier.runtime.block_on(tokio::task::yield_now());
    }

    /// Waits for `asked`, and for everything that was sent before it. What fails first is what failed: everything behind it fails
    /// because of it.
    pub(super) fn ask<T>(&mut self, asked: impl Future<Output = Result<T, Error>>) -> Result<T, Failed> {
        let before = std::mem::take(&mut self.sent);
        self.carrier.runtime.block_on(async {
            let mut asked = pin!(asked);
            // Onto the way before the others are waited for.
            let early = poll_fn(|cx| Poll::Ready(asked.as_mut().poll(cx))).await;
            answers(before).await.map_err(|(sent, error)| Failed { sent: Some(sent), error })?;
            let answered = match early {
                Poll::Ready(answered) => answered,
                Poll::Pending => asked.await,
            };
            answered.map_err(|error| Failed { sent: None, error })
        })
    }

    /// Waits for everything that was sent.
    pub(super) fn settle(&mut self) -> Result<(), (Sent, Error)> {
        if self.sent.is_empty() {
            return Ok(());
        }
        let sent = std::mem::take(&mut self.sent);
        self.carrier.runtime.block_on(answers(sent))
    }

    /// Forgets what was sent: whatever becomes of it, it is undone.
    pub(super) fn forget_sent(&mut self) {
        self.sent.clear();
    }

    /// Runs a script in one round trip.
    pub(crate) fn batch_execute(&mut self, sql: &str) -> Result<(), Error> {
        let client = self.client();
        self.ask(client.batch_execute(sql)).map_err(|failed| failed.error)
    }

    /// All rows of a statement without parameters that is prepared for this once.
    pub(crate) fn query(&mut self, sql: &str) -> Result<Vec<Row>, Error> {
        let client = self.client();
        self.ask(client.query(sql, &[])).map_err(|failed| failed.error)
    }

    /// The one row of such a statement.
    pub(crate) fn query_one(&mut self, sql: &str) -> Result<Row, Error> {
        let client = self.client();
        self.ask(client.query_one(sql, &[])).map_err(|failed| failed.error)
    }

    /// Writes rows by `COPY … FROM STDIN (FORMAT binary)`; returns how many were written.
    pub(crate) fn copy_in<'r, R>(&mut self, sql: &str, types: &[Type], rows: R) -> Result<u64, Error>
    where
        R: Iterator<Item = Vec<&'r (dyn ToSql + Sync)>>,
    {
        let client = self.client();
        let copying = async {
            let mut writer = pin!(BinaryCopyInWriter::new(client.copy_in(sql).await?, types));
            for row in rows {
                writer.as_mut().write(&row).await?;
            }
            writer.finish().await
        };
        self.ask(copying).map_err(|failed| failed.error)
    }
}

impl Drop for Carrier {
    /// Lets the connection say goodbye, so that the server doesn't have to find out.
    fn drop(&mut self) {
        let _ = self.runtime.block_on(&mut self.connection);
    }
}

/// Waits for answers in their order, until one is an error.
async fn answers(sent: VecDeque<(Sent, Answer)>) -> Result<(), (Sent, Error)> {
    for (sent, answer) in sent {
        answer.await.map_err(|error| (sent, error))?;
    }
    Ok(())
}
