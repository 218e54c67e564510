//! The rules that hold for every closure, whichever engine runs it.
//!
//! After a failed statement PostgreSQL refuses the rest of the (sub)transaction and SQLite does not. Here the
//! stricter of the two holds on both: a closure that goes on after a failed statement fails.

use kernel::{Error, Result};

use crate::conn::Conn;
use crate::stats::{Counters, add, count};
use crate::{Engine, Query, Row, Value};

/// A connection as one closure sees it.
pub(crate) struct Checked<'a> {
    inner: &'a mut dyn Conn,
    counters: &'a Counters,
    failed: Option<String>,
}

impl<'a> Checked<'a> {
    pub(crate) fn new(inner: &'a mut dyn Conn, counters: &'a Counters) -> Self {
        Checked { inner, counters, failed: None }
    }

    /// What failed, for a closure that says it succeeded.
    pub(crate) fn failed(self) -> Option<String> {
        self.failed
    }

    fn guard<T>(&mut self, query: &'static Query, run: impl FnOnce(&mut dyn Conn) -> Result<T>) -> Result<T> {
        if let Some(failed) = &self.failed {
            return Err(Error::internal(format!("query {} ran after {failed}", query.name())));
        }
        count(&self.counters.statements);
        let result = run(self.inner);
        add(&self.counters.steps, self.inner.take_steps());
        if let Err(error) = &result {
            self.failed = Some(format!("query {} had failed: {}", query.name(), error.operator_detail()));
        }
        result
    }
}

impl Conn for Checked<'_> {
    fn engine(&self) -> Engine {
        self.inner.engine()
    }

    fn query(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<Vec<Row>> {
        self.guard(query, |conn| without_nul(query, params).and_then(|()| conn.query(query, params)))
    }

    fn execute(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<u64> {
        self.guard(query, |conn| without_nul(query, params).and_then(|()| conn.execute(query, params)))
    }

    fn send(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<()> {
        self.guard(query, |conn| without_nul(query, params).and_then(|()| conn.send(query, params)))
    }

    fn settle(&mut self) -> Result<()> {
        self.inner.settle()
    }

    fn prepare(&mut self, query: &'static Query) -> Result<()> {
        self.guard(query, |conn| conn.prepare(query))
    }

    fn explain(&mut self, query: &'static Query) -> Result<String> {
        self.guard(query, |conn| conn.explain(query))
    }
}

/// PostgreSQL's TEXT cannot hold U+0000, so neither may ours on SQLite.
fn without_nul(query: &'static Query, params: &[Value<'_>]) -> Result<()> {
    let nul = |value: &Value<'_>| matches!(value, Value::Text(text) if text.contains('\0'));
    match params.iter().position(nul) {
        None => Ok(()),
        Some(at) => {
            let detail = format!("query {}: ${} holds U+0000", query.name(), at + 1);
            Err(Error::invalid("not_text", "The text holds a character that cannot be stored (U+0000).")
                .detail(detail))
        }
    }
}
