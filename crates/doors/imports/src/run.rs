//! The way of a file: its encoding, a survey, then row by row into the database in small writes.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use db::Db;
use kernel::{Error, Kind, Result, Timestamp};

use crate::faults::{ErrorFile, Fault};
use crate::groups::{Group, Groups, Repeat, Survey, survey};
use crate::shape::{Done, Maker, Prepared, Setting, Shape};
use crate::table::Header;
use crate::{table, words};

/// How many things one write takes, and how many rows of the file: a write stays within a thousand rows.
const MOST_PER_WRITE: usize = 25;
const MOST_ROWS_PER_WRITE: u64 = 200;

/// How far an import is, and at the end what it came to. Rows are rows of the file, without its header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Rows the file has.
    pub rows: u64,
    /// Rows dealt with so far.
    pub done: u64,
    /// Things (orders, answers, products) that are new.
    pub added: u64,
    /// Things that changed what was stored.
    pub changed: u64,
    /// Things that were known already.
    pub known: u64,
    /// Rows that stand in the file twice and were passed over.
    pub doubled_rows: u64,
    /// Things that were not taken.
    pub refused: u64,
    /// Rows that were not taken.
    pub refused_rows: u64,
    /// Columns that nobody reads.
    pub ignored_columns: Vec<String>,
}

/// Imports a file. `progress` hears of every write. What can't be taken goes to `errors`, everything else goes on; an
/// error means that the file was not begun, or that the import stopped: what it took in by then stays, and running it
/// again takes nothing twice.
pub async fn import(
    db: &Db,
    path: &Path,
    maker: Maker,
    setting: &Setting,
    errors: &mut ErrorFile,
    progress: &mut dyn FnMut(&Count),
) -> Result<Count> {
    table::check_encoding(path)?;
    let dialect = table::sniff(path)?;
    let shape = maker(&dialect, setting)?;
    let survey = survey(path, &dialect, shape.key(), shape.most_rows())?;
    let groups = Groups::new(table::rows(path, &dialect)?, shape.key(), shape.most_rows());
    let count =
        Count { rows: survey.rows, ignored_columns: shape.header().ignored().to_vec(), ..Count::default() };
    let mut import = Import { db, path, shape: &*shape, survey, groups, errors, count };
    import.all(progress).await?;
    Ok(import.count)
}

struct Import<'a> {
    db: &'a Db,
    path: &'a Path,
    shape: &'a dyn Shape,
    survey: Survey,
    groups: Groups<'a, BufReader<File>>,
    errors: &'a mut ErrorFile,
    count: Count,
}

/// Something to take in, with the rows it was made of.
struct Ready {
    prepared: Prepared,
    group: Group,
}

impl Import<'_> {
    async fn all(&mut self, progress: &mut dyn FnMut(&Count)) -> Result<()> {
        progress(&self.count);
        loop {
            let (batch, more) = self.next_batch()?;
            self.take(batch).await?;
            self.errors.flush()?;
            progress(&self.count);
            if !more {
                return Ok(());
            }
        }
    }

    /// What the next write takes in, and whether there is more behind it. What can't be taken is written down.
    fn next_batch(&mut self) -> Result<(Vec<Ready>, bool)> {
        let now = self.db.now();
        let mut batch: Vec<Ready> = Vec::new();
        let mut rows = 0;
        while batch.len() < MOST_PER_WRITE && rows < MOST_ROWS_PER_WRITE {
            let group = self.groups.next_group().map_err(|error| words::unreadable(self.path, &error))?;
            let Some(group) = group else { return Ok((batch, false)) };
            rows += group.count;
            if let Some(prepared) = self.read(&group, now)? {
                batch.push(Ready { prepared, group });
            }
        }
        Ok((batch, true))
    }

    fn read(&mut self, group: &Group, now: Timestamp) -> Result<Option<Prepared>> {
        let faults = match self.survey.repeat(group.line()) {
            Some(Repeat::Doubled(first)) => return self.pass_over(group, first).map(|()| None),
            Some(Repeat::Split(other)) => vec![self.torn(group.line(), other)],
            None => group.flaws(self.shape.header(), self.shape.key()),
        };
        if !faults.is_empty() {
            return self.refuse(group, &faults).map(|()| None);
        }
        match self.shape.read(&group.rows, now) {
            Ok(prepared) => Ok(Some(prepared)),
            Err(faults) => self.refuse(group, &faults).map(|()| None),
        }
    }

    fn pass_over(&mut self, group: &Group, first: u64) -> Result<()> {
        self.count.done += group.count;
        self.count.doubled_rows += group.count;
        let detail = format!("The same stands on line {first} already. That one counts; nothing is lost.");
        self.errors.write(&[Fault::of_row(group.line(), "doubled_row", detail)], &group.rows)
    }

    fn refuse(&mut self, group: &Group, faults: &[Fault]) -> Result<()> {
        self.count.done += group.count;
        self.count.refused += 1;
        self.count.refused_rows += group.count;
        self.errors.write(faults, &group.rows)
    }

    /// One write for all; when one of them is refused, one write for each, so that only that one is left out.
    async fn take(&mut self, batch: Vec<Ready>) -> Result<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let all: Vec<Prepared> = batch.iter().map(|ready| ready.prepared.clone()).collect();
        match self.write(all).await {
            Ok(done) => {
                for (ready, done) in batch.iter().zip(done) {
                    self.taken(&ready.group, done);
                }
            }
            Err(error) if is_its_own_fault(&error) => {
                for ready in batch {
                    self.take_alone(ready).await?;
                }
            }
            Err(error) => return Err(self.stopped(error)),
        }
        Ok(())
    }

    async fn take_alone(&mut self, ready: Ready) -> Result<()> {
        match self.write(vec![ready.prepared]).await {
            Ok(done) => {
                done.into_iter().for_each(|done| self.taken(&ready.group, done));
                Ok(())
            }
            Err(error) if is_its_own_fault(&error) => {
                let faults = faults_of(&error, &ready.group, self.shape.header());
                self.refuse(&ready.group, &faults)
            }
            Err(error) => Err(self.stopped(error)),
        }
    }

    async fn write(&self, all: Vec<Prepared>) -> Result<Vec<Done>> {
        self.db.write("imports.take", move |w| all.iter().map(|one| one.take(w)).collect()).await
    }

    fn taken(&mut self, group: &Group, done: Done) {
        self.count.done += group.count;
        match done {
            Done::Added => self.count.added += 1,
            Done::Changed => self.count.changed += 1,
            Done::Known => self.count.known += 1,
        }
    }

    /// Rows that belong together, in two places.
    fn torn(&self, line: u64, other: u64) -> Fault {
        let names: Vec<&str> =
            self.shape.key().iter().map(|place| self.shape.header().name(*place)).collect();
        let names = names.join(" and ");
        let detail = format!(
            "Other rows of the same {names} begin on line {other}. Such rows stand together: sort the file by \
             {names}. Nothing of them was taken."
        );
        Fault::of_row(line, "rows_not_together", detail)
    }

    /// Says how far it came. The kind and the words of what happened stay.
    #[track_caller]
    fn stopped(&self, error: Error) -> Error {
        let words = format!(
            "{} Stopped after {} of {} rows. Run the same command again: what was taken in is not taken twice.",
            error.words(),
            self.count.done,
            self.count.rows
        );
        Error::new(error.kind(), "stopped", words).detail(error.operator_detail().to_owned())
    }
}

/// Whether it is about what was to be taken, and not about the database.
fn is_its_own_fault(error: &Error) -> bool {
    match error.kind() {
        Kind::Invalid | Kind::Unreadable | Kind::TooLarge | Kind::Conflict => true,
        Kind::Unauthorized
        | Kind::Forbidden
        | Kind::NotFound
        | Kind::TooMany
        | Kind::Unavailable
        | Kind::OutcomeUnknown
        | Kind::Internal => false,
    }
}

/// The faults of something that was refused when it was to be written, under the file's own names of the columns.
/// Their pointers are `/COLUMN`, of the first row, or `/ROW/COLUMN`, where the first row is 0.
fn faults_of(error: &Error, group: &Group, header: &Header) -> Vec<Fault> {
    if error.fields().is_empty() {
        return vec![Fault::of_row(group.line(), error.code(), error.words())];
    }
    let fault = |field: &kernel::FieldError| {
        let pointer = field.pointer.trim_start_matches('/');
        let (line, column) = in_row(pointer, group).unwrap_or((group.line(), pointer));
        Fault {
            line,
            column: header.shown(column).to_owned(),
            code: field.code,
            detail: field.detail.clone(),
        }
    };
    error.fields().iter().map(fault).collect()
}

/// The line and the column of `ROW/COLUMN`.
fn in_row<'a>(pointer: &'a str, group: &Group) -> Option<(u64, &'a str)> {
    let (place, column) = pointer.split_once('/')?;
    let row = group.rows.get(place.parse::<usize>().ok()?)?;
    Some((row.line, column))
}
