//! The file of a task on its way to a browser: read part by part while it is sent, so that its size takes no memory.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Bytes, HttpBody};
use db::Db;
use hyper::body::{Frame, SizeHint};
use jobs::tasks::{self, TaskId};
use kernel::{Error, Result};

type Reading = Pin<Box<dyn Future<Output = Result<Vec<u8>>> + Send>>;

/// A body that reads the next part when the last one is on its way.
pub(crate) struct FileBody {
    db: Db,
    task: TaskId,
    bytes: u64,
    parts: i64,
    next: i64,
    reading: Option<Reading>,
}

impl FileBody {
    /// The file of `task`, of so many bytes in so many parts.
    pub(crate) fn new(db: Db, task: TaskId, bytes: i64, parts: i64) -> Self {
        FileBody { db, task, bytes: bytes.unsigned_abs(), parts, next: 0, reading: None }
    }

    fn read(&self) -> Reading {
        let (db, task, part) = (self.db.clone(), self.task.clone(), self.next);
        Box::pin(async move {
            let gone = || Error::internal("a file that was removed while it was sent");
            db.read("staff.task_part", move |r| tasks::part(r, &task, part)?.ok_or_else(gone)).await
        })
    }
}

impl HttpBody for FileBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>>>> {
        if self.next >= self.parts {
            return Poll::Ready(None);
        }
        let mut reading = match self.reading.take() {
            Some(reading) => reading,
            None => self.read(),
        };
        match reading.as_mut().poll(context) {
            Poll::Pending => {
                self.reading = Some(reading);
                Poll::Pending
            }
            Poll::Ready(part) => {
                self.next += 1;
                Poll::Ready(Some(part.map(|part| Frame::data(Bytes::from(part)))))
            }
        }
    }

    /// Known before, so that whoever gets less than that knows that it is not the whole file.
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes)
    }
}
