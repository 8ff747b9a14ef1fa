//! Runs another program and says how it ended. Owns nothing else.

use std::process::Command;

/// Ok when it ended well, else what went wrong.
pub(crate) fn status(command: &mut Command) -> Result<(), String> {
    let shown = format!("{command:?}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{shown} ended with {status}")),
        Err(why) => Err(format!("{shown} could not start: {why}")),
    }
}
