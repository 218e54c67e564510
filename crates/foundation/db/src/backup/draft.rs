//! A file in the making: under another name beside its place, until it is whole and on disk.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use kernel::Result;

use super::fault;

/// The draft of a file. It goes when it is dropped before it is published.
pub(super) struct Draft {
    path: PathBuf,
    place: PathBuf,
    /// Says that somebody is at it: a draft that a killed process left behind is locked by nobody.
    lock: File,
    published: bool,
}

impl Draft {
    /// Refuses a place that is taken. What an earlier process has left of a draft is thrown away.
    pub(super) fn beside(place: &Path) -> Result<Draft> {
        refuse_taken(place)?;
        let mut name = place.as_os_str().to_owned();
        name.push(".partial");
        let path = PathBuf::from(name);
        let mut options = OpenOptions::new();
        // Customers' data will be in it: nobody else may read it.
        options.write(true).create(true).truncate(false).mode(0o600);
        let lock = options.open(&path).map_err(|error| fault::io("write", &path, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let words = format!("Another backup to {} is under way.", place.display());
                return Err(fault::refused("backup_under_way", words));
            }
            Err(TryLockError::Error(error)) => return Err(fault::io("lock", &path, &error)),
        }
        let draft = Draft { path, place: place.to_owned(), lock, published: false };
        draft.remove_companions();
        draft.lock.set_len(0).map_err(|error| fault::io("write", &draft.path, &error))?;
        Ok(draft)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Presses the file to the disk and gives it its name, which must still be free.
    pub(super) fn publish(mut self) -> Result<()> {
        self.remove_companions();
        let failed = |error: std::io::Error| fault::io("write", &self.place, &error);
        self.lock.sync_all().map_err(failed)?;
        match std::fs::hard_link(&self.path, &self.place) {
            Ok(()) => {
                std::fs::remove_file(&self.path).map_err(failed)?;
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(taken(&self.place)),
            // A file system without links: the moment between looking and renaming is the best there is.
            Err(_) => {
                refuse_taken(&self.place)?;
                std::fs::rename(&self.path, &self.place).map_err(failed)?;
            }
        }
        self.published = true;
        sync_folder(&self.place)
    }

    /// What SQLite keeps beside a file while it writes it, and leaves there when the disk is full or it is killed. The
    /// connections to the draft are closed.
    fn remove_companions(&self) {
        for ending in ["-journal", "-wal", "-shm"] {
            let mut name = self.path.as_os_str().to_owned();
            name.push(ending);
            // Mostly there is none.
            let _ = std::fs::remove_file(name);
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.published {
            self.remove_companions();
            // What can't be removed is thrown away by the next backup to the same place.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn refuse_taken(place: &Path) -> Result<()> {
    match std::fs::symlink_metadata(place) {
        Ok(_) => Err(taken(place)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(fault::io("look at", place, &error)),
    }
}

#[track_caller]
fn taken(place: &Path) -> kernel::Error {
    let words =
        format!("{} is there already. A backup never writes over a file: name another.", place.display());
    fault::refused("backup_exists", words)
}

/// The name is durable only with its folder.
fn sync_folder(place: &Path) -> Result<()> {
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|error| fault::io("write", folder, &error))
}
