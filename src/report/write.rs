//! Files that are whole or not there at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, IntoInnerError, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

/// A file could not be written; what was there before is still there.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}: {source}", path.display())]
pub struct WriteError {
    /// The file.
    pub path: PathBuf,
    /// The system's reason.
    pub source: io::Error,
}

impl From<WriteError> for io::Error {
    fn from(error: WriteError) -> Self {
        Self::new(error.source.kind(), error)
    }
}

impl From<io::Error> for WriteError {
    /// Of an error of a [`Whole`], which names the file.
    fn from(error: io::Error) -> Self {
        error.downcast().unwrap_or_else(|source| Self { path: PathBuf::new(), source })
    }
}

/// A file that is being written, to be whole or not at all; its errors name it.
///
/// The bytes go to a temporary file in the same folder, which is renamed when it is complete: a reader sees the old
/// file or the new one, and an interrupted run leaves no half of one. Dropped before, it is removed.
#[derive(Debug)]
pub struct Whole {
    path: PathBuf,
    file: BufWriter<File>,
    temporary: TempPath,
}

impl Whole {
    /// Begins the file `path`, and creates the folders above it.
    ///
    /// # Errors
    /// When the folder or the file cannot be created.
    pub fn new(path: &Path) -> Result<Self, WriteError> {
        let path = path.to_owned();
        match temporary(&path) {
            Ok((file, temporary)) => Ok(Self { path, file: BufWriter::new(file), temporary }),
            Err(source) => Err(WriteError { path, source }),
        }
    }

    /// What was written until now, from its beginning.
    ///
    /// # Errors
    /// When the last bytes cannot be written.
    pub fn read(&mut self) -> Result<File, WriteError> {
        let opened = self.file.flush().and_then(|()| File::open(&self.temporary));
        Ok(self.named(opened)?)
    }

    /// Ends the file; from then on it is there.
    ///
    /// # Errors
    /// When it cannot be written or renamed.
    pub fn finish(self) -> Result<(), WriteError> {
        let Self { path, file, temporary } = self;
        let written = file.into_inner().map_err(IntoInnerError::into_error).and_then(|file| file.sync_all());
        let kept = written.and_then(|()| Ok(temporary.persist(&path)?));
        kept.map_err(|source| WriteError { path, source })
    }

    /// The error of this file for a reason.
    pub(super) fn failed(&self, source: io::Error) -> WriteError {
        WriteError { path: self.path.clone(), source }
    }

    fn named<T>(&self, done: io::Result<T>) -> io::Result<T> {
        done.map_err(|source| self.failed(source).into())
    }
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes);
        self.named(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.file.flush();
        self.named(flushed)
    }
}

/// Writes `bytes` as the file `path`, whole or not at all, and creates the folders above it.
///
/// # Errors
/// When the folder cannot be created or the file not written; the temporary file is removed.
pub fn whole(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let mut file = Whole::new(path)?;
    file.write_all(bytes)?;
    file.finish()
}

fn temporary(path: &Path) -> io::Result<(File, TempPath)> {
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it names no file"))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    if !folder.as_os_str().is_empty() {
        fs::create_dir_all(folder)?;
    }
    // Renaming would put a file in the place of a device or a pipe.
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "something that is no file has this name"));
    }
    let mut builder = tempfile::Builder::new();
    let prefix = format!(".{}.", name.to_string_lossy());
    builder.prefix(&prefix).suffix(".tmp");
    // As any file that is created, and not for its owner only.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    Ok(builder.tempfile_in(folder).map_err(system_error)?.into_parts())
}

/// The system's error without the name of the temporary file, which says nothing to anybody.
fn system_error(error: io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|wrapped| wrapped.source()?.downcast_ref::<io::Error>()?.raw_os_error());
    inner.map_or(error, io::Error::from_raw_os_error)
}
