//! Parameters and rows: BIGINT, TEXT and bytes only, checked before the client library sees them.

use std::error::Error as StdError;
use std::sync::Arc;

use kernel::{Error, Result};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Column, Statement};

use crate::{Cell, Query, Row, Value};

/// A statement prepared on one connection, with the names of its columns.
#[derive(Clone)]
pub(super) struct Prepared {
    pub(super) statement: Statement,
    columns: Arc<[String]>,
}

impl Prepared {
    /// Refuses a result or a parameter that SQLite would type otherwise, whether or not there are rows.
    pub(super) fn new(query: &Query, statement: Statement) -> Result<Self> {
        if let Some(at) = statement.params().iter().position(|ty| !ours(ty)) {
            let (name, ty) = (query.name(), &statement.params()[at]);
            return Err(Error::internal(format!("query {name}: ${} is of type {ty}; CAST it", at + 1)));
        }
        statement.columns().iter().try_for_each(|column| check_column(query, column))?;
        let columns = statement.columns().iter().map(|column| column.name().to_owned()).collect();
        Ok(Prepared { statement, columns })
    }

    /// Refuses parameters of another type or number than the statement has.
    pub(super) fn check(&self, query: &Query, params: &[Value<'_>]) -> Result<()> {
        let types = self.statement.params();
        if types.len() != params.len() {
            let (name, wanted, given) = (query.name(), types.len(), params.len());
            return Err(Error::internal(format!("query {name} has {wanted} parameters; {given} were given")));
        }
        let wrong = types.iter().zip(params).position(|(ty, value)| !fits(ty, value));
        wrong.map_or(Ok(()), |at| Err(mismatch(query, at, &types[at], &params[at])))
    }

    /// The row in our types.
    pub(super) fn row(&self, query: &Query, row: &tokio_postgres::Row) -> Result<Row> {
        let cells = row.columns().iter().enumerate().map(|(at, column)| {
            cell(row, at, column.type_()).map_err(|error| {
                Error::internal(format!(
                    "query {}: column {} cannot be read: {error}",
                    query.name(),
                    column.name()
                ))
            })
        });
        Ok(Row::new(query.name(), Arc::clone(&self.columns), cells.collect::<Result<_>>()?))
    }
}

fn check_column(query: &Query, column: &Column) -> Result<()> {
    if ours(column.type_()) {
        return Ok(());
    }
    let (query, column, ty) = (query.name(), column.name(), column.type_());
    Err(Error::internal(format!("query {query}: column {column} is of type {ty}; CAST it")))
}

fn ours(ty: &Type) -> bool {
    matches!(*ty, Type::INT8 | Type::TEXT | Type::BYTEA)
}

fn fits(ty: &Type, value: &Value<'_>) -> bool {
    match value {
        Value::Null => true,
        Value::Int(_) => *ty == Type::INT8,
        Value::Text(_) | Value::Date(_) => *ty == Type::TEXT,
        Value::Bytes(_) => *ty == Type::BYTEA,
    }
}

#[track_caller]
fn mismatch(query: &Query, at: usize, ty: &Type, value: &Value<'_>) -> Error {
    let given = match value {
        Value::Null => "NULL",
        Value::Int(_) => "BIGINT",
        Value::Text(_) | Value::Date(_) => "TEXT",
        Value::Bytes(_) => "bytes",
    };
    Error::internal(format!(
        "query {}: ${} is of type {ty} and was given {given}; CAST it",
        query.name(),
        at + 1
    ))
}

fn cell(row: &tokio_postgres::Row, at: usize, ty: &Type) -> Result<Cell, tokio_postgres::Error> {
    let cell = match *ty {
        Type::INT8 => row.try_get::<_, Option<i64>>(at)?.map(Cell::Int),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at)?.map(Cell::Bytes),
        _ => row.try_get::<_, Option<String>>(at)?.map(Cell::Text),
    };
    Ok(cell.unwrap_or(Cell::Null))
}

/// A parameter that was checked already.
#[derive(Debug)]
pub(super) struct Param<'a>(pub(super) Value<'a>);

impl ToSql for Param<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(n) => n.to_sql(ty, out),
            Value::Text(text) => text.to_sql(ty, out),
            Value::Bytes(bytes) => bytes.to_sql(ty, out),
            Value::Date(date) => date.to_string().to_sql(ty, out),
        }
    }

    fn accepts(_ty: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A parameter that is kept until its statement was sent.
#[derive(Debug)]
pub(super) struct Kept(Cell);

impl From<&Value<'_>> for Kept {
    fn from(value: &Value<'_>) -> Self {
        Kept(match *value {
            Value::Null => Cell::Null,
            Value::Int(n) => Cell::Int(n),
            Value::Text(text) => Cell::Text(text.to_owned()),
            Value::Bytes(bytes) => Cell::Bytes(bytes.to_owned()),
            Value::Date(date) => Cell::Text(date.to_string()),
        })
    }
}

impl ToSql for Kept {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match &self.0 {
            Cell::Null => Ok(IsNull::Yes),
            Cell::Int(n) => n.to_sql(ty, out),
            Cell::Text(text) => text.to_sql(ty, out),
            Cell::Bytes(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(_ty: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
