//! Where a report goes: to stdout, or whole into a file.

use std::path::Path;

use anyhow::{Context, Result};
use inc_core::incident::Incident;
use inc_core::pdca::Pdca;
use inc_core::text::clean;
use inc_store::store::{Record, SETTINGS, TEMPLATES};

use crate::failure::{Failure, say};
use crate::session::Session;

/// Prints a report, or writes it to `output`.
///
/// # Errors
/// A stdout or a file that cannot be written.
pub fn hand_over(session: &Session, text: &str, output: Option<&Path>) -> Result<()> {
    let Some(file) = output else {
        return session.print(text);
    };
    refuse_records(session, file)?;
    write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
    say(&clean(&format!("written to {}", file.display())));
    Ok(())
}

/// A slip of the shell's completion must not put a report in the place of a record.
fn refuse_records(session: &Session, file: &Path) -> Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(folder) = folder.canonicalize() else { return Ok(()) };
    let place = file.canonicalize().unwrap_or_else(|_| folder.join(file.file_name().unwrap_or_default()));
    let Ok(inside) = place.strip_prefix(session.store()?.top()) else { return Ok(()) };
    let own = [Incident::FOLDER, Pdca::FOLDER, TEMPLATES, "policies", ".git", SETTINGS];
    match own.iter().find(|own| inside.starts_with(own)) {
        Some(own) => {
            Err(Failure::usage(format!("{} lies in {own}, which is not for reports", file.display())))
        }
        None => Ok(()),
    }
}

/// Writes the file whole or not at all; what is no regular file, such as a pipe, is written to as it is.
fn write(file: &Path, text: &str) -> Result<()> {
    // To replace a device or a pipe by a file would take it away from everybody else.
    let is_device = file.starts_with("/dev") || file.starts_with("/proc");
    let is_plain = match std::fs::metadata(file) {
        Ok(metadata) => metadata.is_file(),
        Err(_) => std::fs::symlink_metadata(file).is_err(),
    };
    if is_device || !is_plain {
        return Ok(std::fs::write(file, text)?);
    }
    let target = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".inc-report-").permissions(mode_of(&target));
    let mut temporary = builder.tempfile_in(folder)?;
    std::io::Write::write_all(&mut temporary, text.as_bytes())?;
    temporary.as_file().sync_all()?;
    temporary.persist(&target)?;
    Ok(())
}

/// The mode of the file as it is, else that of any new file.
fn mode_of(target: &Path) -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(target)
        .map_or_else(|_| std::fs::Permissions::from_mode(0o666), |metadata| metadata.permissions())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_keeps_its_mode() {
        use std::os::unix::fs::PermissionsExt;
        let folder = TempDir::new().unwrap();
        let (file, name) = (folder.path().join("report.md"), folder.path().join("name.md"));
        std::fs::write(&file, "old and longer").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&file, &name).unwrap();
        write(&name, "new").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
        assert!(std::fs::symlink_metadata(&name).unwrap().is_symlink());
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(write(&folder.path().join("none/x.md"), "x").is_err());
        assert!(write(folder.path(), "x").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "something was left over");
    }

    #[test]
    fn a_pipe_stays_a_pipe() {
        let folder = TempDir::new().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read_to_string(pipe).unwrap()
        });
        write(&pipe, "text").unwrap();
        assert_eq!(reader.join().unwrap(), "text");
        assert!(!std::fs::metadata(&pipe).unwrap().is_file());
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(folder.path().join("new.md"), &link).unwrap();
        write(&link, "through").unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}
